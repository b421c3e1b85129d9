//! Why a request could not be made.

use std::error::Error;
use std::fmt::{self, Write as _};

use aws_credential_types::provider::error::CredentialsError;

use crate::runtime::base::boxed::BoxError;
use crate::runtime::base::causes::DisplayErrorContext;
use crate::runtime::base::untrusted::{OneLine, Untrusted};

#[cfg(feature = "default-credentials")]
const MISSING_CREDENTIALS: &str = "no credentials are configured: load the configuration with \
    `config::load()`, which looks for them, or give `Config::builder().credentials_provider(…)` a \
    provider";
#[cfg(not(feature = "default-credentials"))]
const MISSING_CREDENTIALS: &str = "no credentials are configured: set AWS_ACCESS_KEY_ID and \
    AWS_SECRET_ACCESS_KEY, or give `Config::builder().credentials_provider(…)` a provider; \
    profiles and roles need the feature `default-credentials`";

/// Why a request could not be made.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConstructionError {
    /// What the configuration was loaded from is not as it must be.
    InvalidConfiguration(String),
    /// No region is configured; the places that were looked at, if any were.
    MissingRegion(Vec<String>),
    /// The region is not a name that can be part of a host name.
    InvalidRegion(String),
    /// The endpoint URL is not one that requests can be sent to: the URL, and why.
    InvalidEndpointUrl(String, BoxError),
    /// The endpoint rules have no endpoint for this configuration, such as FIPS with an endpoint
    /// URL.
    NoEndpoint(String),
    /// No credentials are configured.
    MissingCredentials,
    /// The credentials provider failed.
    Credentials(BoxError),
    /// The input breaks what the model demands; each violation with the path of its member.
    InvalidInput(Vec<String>),
    /// The HTTP client could not be set up.
    HttpClient(BoxError),
    /// The request could not be signed.
    Signing(BoxError),
    /// A blocking call was made on a thread that runs async code.
    #[cfg(feature = "blocking")]
    CannotBlock,
    /// Anything else.
    Other(BoxError),
}

impl From<BoxError> for ConstructionError {
    fn from(error: BoxError) -> Self {
        Self::Other(error)
    }
}

impl fmt::Display for ConstructionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut f = OneLine(f);
        match self {
            Self::InvalidConfiguration(problem) => write!(f, "invalid configuration: {problem}"),
            Self::MissingRegion(places) => {
                f.write_str("no region is configured")?;
                if !places.is_empty() {
                    write!(f, "; looked at {}", places.join(", "))?;
                }
                f.write_str("; set AWS_REGION, or give `Config::builder().region(…)` one")
            }
            Self::InvalidRegion(region) => write!(
                f,
                "region `{}` is invalid: it may hold letters, digits and inner hyphens, such as `us-east-1`",
                Untrusted(region)
            ),
            Self::InvalidEndpointUrl(url, why) => {
                write!(f, "endpoint URL `{}` is invalid: {why}", Untrusted(url))
            }
            Self::NoEndpoint(message) => write!(f, "no endpoint: {message}"),
            Self::MissingCredentials => f.write_str(MISSING_CREDENTIALS),
            Self::Credentials(error) => {
                // The provider's error names only its kind; what lies behind it has the facts.
                let facts = match error.downcast_ref::<CredentialsError>() {
                    Some(error) => error.source(),
                    None => None,
                };
                let error = DisplayErrorContext(facts.unwrap_or(&**error));
                write!(f, "no credentials could be loaded: {error}")
            }
            Self::InvalidInput(violations) => {
                write!(f, "invalid input: {}", violations.join("; "))
            }
            Self::HttpClient(error) => write!(f, "the HTTP client could not be set up: {error}"),
            Self::Signing(error) => write!(f, "the request could not be signed: {error}"),
            #[cfg(feature = "blocking")]
            Self::CannotBlock => f.write_str(
                "this thread runs async code, which a blocking call would hold up: use `.await` with the \
                 method that is not blocking, or make the call in `tokio::task::spawn_blocking`",
            ),
            Self::Other(error) => write!(f, "{error}"),
        }
    }
}

/// Each error is told with its first cause, those of credentials with all of them.
impl Error for ConstructionError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::InvalidEndpointUrl(_, error)
            | Self::HttpClient(error)
            | Self::Signing(error)
            | Self::Other(error) => error.source(),
            _ => None,
        }
    }
}
