//! Environment variables and files, which tests can replace.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fmt, fs, io};

use aws_credential_types::Credentials;
use aws_credential_types::attributes::AccountId;
use aws_credential_types::credential_feature::AwsCredentialFeature;
use aws_credential_types::provider::error::CredentialsError;

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

    /// Credentials in variables.
    pub(crate) fn credentials(&self) -> Result<Credentials, CredentialsError> {
        let access_key_id = self
            .var("AWS_ACCESS_KEY_ID")
            .ok_or_else(|| CredentialsError::not_loaded("AWS_ACCESS_KEY_ID is not set"))?;
        // The official SDK also reads the second, older name.
        let secret_access_key = self
            .var("AWS_SECRET_ACCESS_KEY")
            .or_else(|| self.var("SECRET_ACCESS_KEY"))
            .ok_or_else(|| {
                CredentialsError::not_loaded(
                    "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not",
                )
            })?;
        let mut builder = Credentials::builder()
            .access_key_id(access_key_id)
            .secret_access_key(secret_access_key)
            .provider_name("EnvironmentVariable");
        builder.set_session_token(self.var("AWS_SESSION_TOKEN"));
        builder.set_account_id(self.var("AWS_ACCOUNT_ID").map(AccountId::from));
        let mut credentials = builder.build();
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
