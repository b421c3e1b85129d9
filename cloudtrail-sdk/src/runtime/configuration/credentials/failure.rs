//! The errors of the providers.

use std::error::Error;
use std::fmt;

use aws_credential_types::provider::error::CredentialsError;

use crate::runtime::base::boxed::BoxError;

/// What could not be done, and its cause.
#[derive(Debug)]
pub(super) struct Failure {
    text: String,
    cause: BoxError,
}

impl Failure {
    /// `what` says what was attempted; the cause is put behind it.
    pub(super) fn new(what: impl fmt::Display, cause: impl Into<BoxError>) -> Self {
        let cause = cause.into();
        let why = match cause.downcast_ref::<CredentialsError>() {
            Some(error) => reason(error),
            None => cause.to_string(),
        };
        Self {
            text: format!("{what}: {why}"),
            cause,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.cause)
    }
}

/// What an error says: a [`CredentialsError`] names only its kind, its source has the facts.
pub(super) fn reason(error: &CredentialsError) -> String {
    match error.source() {
        Some(source) => source.to_string(),
        None => error.to_string(),
    }
}

/// The setup is wrong, and no retry will help.
pub(super) fn invalid(what: impl Into<String>) -> CredentialsError {
    CredentialsError::invalid_configuration(what.into())
}

/// A provider that is configured did not give credentials.
pub(super) fn failed(what: impl Into<String>) -> CredentialsError {
    CredentialsError::provider_error(what.into())
}
