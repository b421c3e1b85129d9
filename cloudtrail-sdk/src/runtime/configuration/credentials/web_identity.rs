//! A role for who holds a token of an OpenID Connect provider, as pods of EKS do.

use std::path::Path;

use aws_credential_types::credential_feature::AwsCredentialFeature as Origin;
use aws_credential_types::provider::error::CredentialsError;

use super::context::{Context, Loaded, from};
use super::failure::{Failure, invalid};
use super::sts;

const TOKEN_FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
const ROLE_ARN: &str = "AWS_ROLE_ARN";
const SESSION_NAME: &str = "AWS_ROLE_SESSION_NAME";

/// What to assume, and by which token.
pub(super) struct WebIdentity<'a> {
    pub(super) role_arn: &'a str,
    pub(super) token_file: &'a str,
    pub(super) session_name: Option<&'a str>,
}

/// By environment variables.
pub(super) async fn load(context: &Context) -> Loaded {
    let token_file = context
        .environment
        .var(TOKEN_FILE)
        .ok_or_else(|| CredentialsError::not_loaded(format!("{TOKEN_FILE} is not set")))?;
    let role_arn = context.environment.var(ROLE_ARN).ok_or_else(|| {
        invalid(format!(
            "{TOKEN_FILE} is set, but {ROLE_ARN} is not; set it"
        ))
    })?;
    let session_name = context.environment.var(SESSION_NAME);
    let identity = WebIdentity {
        role_arn: &role_arn,
        token_file: &token_file,
        session_name: session_name.as_deref(),
    };
    assume(context, &identity, "web-identity-token").await
}

/// `default_name` begins the session's name if none is set.
pub(super) async fn assume(
    context: &Context,
    identity: &WebIdentity<'_>,
    default_name: &str,
) -> Loaded {
    let path = identity.token_file;
    let token = context.environment.read(Path::new(path)).map_err(|error| {
        CredentialsError::provider_error(Failure::new(
            format_args!("the web identity token `{path}` cannot be read"),
            error,
        ))
    })?;
    let token = String::from_utf8(token)
        .map_err(|_| invalid(format!("the web identity token `{path}` is not text")))?;
    let session_name = sts::session_name(context, identity.session_name, default_name);
    let loaded =
        sts::assume_role_with_web_identity(context, identity.role_arn, &session_name, token.trim());
    from(loaded.await, &[Origin::CredentialsStsAssumeRoleWebId])
}
