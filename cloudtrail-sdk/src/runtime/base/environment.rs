//! Environment variables and files, which tests can replace.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fmt, fs, io};

use aws_credential_types::Credentials;
use aws_credential_types::attributes::AccountId;
use aws_credential_types::credential_feature::AwsCredentialFeature;
use aws_credential_types::provider::error::CredentialsError;

use crate::runtime::base::keys::check_keys;

const ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET: &str = "AWS_SECRET_ACCESS_KEY";
const TOKEN: &str = "AWS_SESSION_TOKEN";

/// Where configuration is read from: environment variables and files.
///
/// The default is the environment of this process and its file system.
#[derive(Clone, Default)]
pub struct Environment {
    /// The variables; without, those of the process.
    variables: Option<Arc<BTreeMap<String, String>>>,
    /// The folder that `/` stands for; without, the file system's own root.
    root: Option<Arc<Path>>,
}

impl Environment {
    /// The environment of this process, and its file system.
    pub fn process() -> Self {
        Self::default()
    }

    /// An environment of these variables alone.
    pub fn of<K: Into<String>, V: Into<String>>(
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let variables = variables
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        Self {
            variables: Some(Arc::new(variables)),
            root: None,
        }
    }

    /// Looks for files under this folder: `/home/me/.aws/config` is `{root}/home/me/.aws/config`.
    #[must_use]
    pub fn with_root(mut self, root: impl Into<PathBuf>) -> Self {
        self.root = Some(root.into().into());
        self
    }

    /// A variable as it is.
    pub(crate) fn raw_var(&self, name: &str) -> Option<String> {
        match &self.variables {
            Some(variables) => variables.get(name).cloned(),
            None => std::env::var(name).ok(),
        }
    }

    /// A variable, trimmed; one that is blank counts as not set.
    pub(crate) fn var(&self, name: &str) -> Option<String> {
        self.raw_var(name)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    }

    /// Credentials in variables. Half of them is an error.
    pub(crate) fn credentials(&self) -> Result<Credentials, CredentialsError> {
        let id = self.var(ID);
        // The official SDK also reads the second, older name.
        let older = || self.var("SECRET_ACCESS_KEY").filter(|_| id.is_some());
        let secret = self.var(SECRET).or_else(older);
        let token = self.var(TOKEN);
        let half = |set, missing| {
            let text = format!("{set} is set, but {missing} is not; set both or neither");
            Err(CredentialsError::invalid_configuration(text))
        };
        let (id, secret) = match (id, secret) {
            (Some(id), Some(secret)) => (id, secret),
            (Some(_), None) => return half(ID, SECRET),
            (None, Some(_)) => return half(SECRET, ID),
            (None, None) if token.is_some() => return half(TOKEN, ID),
            (None, None) => return Err(CredentialsError::not_loaded(format!("{ID} is not set"))),
        };
        let mut builder = Credentials::builder()
            .access_key_id(id)
            .secret_access_key(secret)
            .provider_name("EnvironmentVariable");
        builder.set_session_token(token);
        builder.set_account_id(self.var("AWS_ACCOUNT_ID").map(AccountId::from));
        let mut credentials = builder.build();
        check_keys(&credentials, [ID, SECRET, TOKEN])
            .map_err(CredentialsError::invalid_configuration)?;
        credentials
            .get_property_mut_or_default::<Vec<AwsCredentialFeature>>()
            .push(AwsCredentialFeature::CredentialsEnvVars);
        Ok(credentials)
    }

    /// The content of a file.
    pub(crate) fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(self.path(path))
    }

    /// Where a file lies that configuration calls `path`.
    pub(crate) fn path(&self, path: &Path) -> PathBuf {
        match &self.root {
            Some(root) => root.join(path.strip_prefix("/").unwrap_or(path)),
            None => path.to_owned(),
        }
    }
}

/// The variables can hold secrets; they are not shown.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("root", &self.root)
            .finish_non_exhaustive()
    }
}
