//! Credentials in environment variables.

use aws_credential_types::Credentials;
use aws_credential_types::attributes::AccountId;
use aws_credential_types::provider::error::CredentialsError;

use super::Loaded;
use crate::runtime::environment::Environment;

const PROVIDER: &str = "EnvironmentVariable";

pub(super) fn load(environment: &Environment) -> Loaded {
    let access_key_id = environment
        .var("AWS_ACCESS_KEY_ID")
        .ok_or_else(|| CredentialsError::not_loaded("AWS_ACCESS_KEY_ID is not set"))?;
    // The official SDK also reads the second, older name.
    let secret_access_key = environment
        .var("AWS_SECRET_ACCESS_KEY")
        .or_else(|| environment.var("SECRET_ACCESS_KEY"))
        .ok_or_else(|| {
            CredentialsError::not_loaded(
                "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not",
            )
        })?;
    let mut builder = Credentials::builder()
        .access_key_id(access_key_id)
        .secret_access_key(secret_access_key)
        .provider_name(PROVIDER);
    builder.set_session_token(environment.var("AWS_SESSION_TOKEN"));
    builder.set_account_id(environment.var("AWS_ACCOUNT_ID").map(AccountId::from));
    Ok(builder.build())
}
