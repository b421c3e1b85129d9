//! The chain: providers in order.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature as Origin;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_types::region::Region;

use super::context::{Context, Loaded, checked, from};
use super::failure::{failed, reason};
use super::imds::Imds;
use super::{container, profile, web_identity};
use crate::runtime::policy::identity::Asking;

/// The provider of the default credentials.
pub(crate) struct DefaultChain {
    context: Context,
    /// Kept for its session token and the last good credentials.
    imds: Imds,
    asking: Asking,
    /// The place in the chain of the provider that gave credentials last.
    served: Mutex<Option<usize>>,
}

/// The members of the chain.
#[derive(Clone, Copy)]
enum Provider {
    Environment,
    Profile,
    WebIdentity,
    Container,
    InstanceMetadata,
}

const CHAIN: [(Provider, &str); 5] = [
    (Provider::Environment, "environment"),
    (Provider::Profile, "profile"),
    (Provider::WebIdentity, "web identity"),
    (Provider::Container, "container"),
    (Provider::InstanceMetadata, "instance metadata"),
];

impl Provider {
    /// Whether it is configured by environment variables that a profile named in code comes before.
    fn is_of_environment(self) -> bool {
        matches!(self, Self::Environment | Self::WebIdentity)
    }
}

impl DefaultChain {
    pub(crate) fn new(context: Context, asking: Asking) -> Self {
        Self {
            imds: Imds::new(context.clone()),
            asking,
            served: Mutex::default(),
            context,
        }
    }

    fn served(&self) -> MutexGuard<'_, Option<usize>> {
        self.served.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn load(&self) -> Loaded {
        let named_in_code = self.context.profiles.is_named_in_code();
        let mut tried = Tried::default();
        let served = *self.served();
        for (place, (provider, name)) in CHAIN.into_iter().enumerate() {
            if named_in_code && provider.is_of_environment() {
                continue;
            }
            self.asking.set(name);
            match checked(
                self.ask(provider).await,
                format_args!("the provider `{name}`"),
            ) {
                Ok(credentials) => {
                    tracing::debug!(provider = name, "loaded credentials");
                    *self.served() = Some(place);
                    return Ok(credentials);
                }
                // A file that is being replaced must not mean another identity.
                Err(error @ CredentialsError::CredentialsNotLoaded(_)) if served == Some(place) => {
                    let why = reason(&error);
                    let error = failed(format!(
                        "the provider `{name}`, which gave credentials before, has none now: {why}"
                    ));
                    return Err(tried.before(error));
                }
                Err(error @ CredentialsError::CredentialsNotLoaded(_)) => {
                    let why = reason(&error);
                    tracing::debug!(provider = name, why, "no credentials here");
                    tried.0.push((name, why));
                }
                Err(error) => return Err(tried.before(error)),
            }
        }
        let profile = self.context.profiles.selected_name();
        let profile = named_in_code.then(|| profile.to_owned());
        Err(CredentialsError::not_loaded(NothingFound {
            tried,
            profile,
        }))
    }

    async fn ask(&self, provider: Provider) -> Loaded {
        match provider {
            Provider::Environment => self.context.environment.credentials(),
            Provider::Profile => profile::load(&self.context, &self.imds).await,
            Provider::WebIdentity => {
                let loaded = web_identity::load(&self.context).await;
                from(loaded, &[Origin::CredentialsEnvVarsStsWebIdToken])
            }
            Provider::Container => container::load(&self.context).await,
            Provider::InstanceMetadata => self.imds.load().await,
        }
    }
}

impl ProvideCredentials for DefaultChain {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.load())
    }

    /// What the instance metadata gave last: it may answer too late, and its credentials outlive
    /// their expiry.
    fn fallback_on_interrupt(&self) -> Option<Credentials> {
        self.imds.last_good()
    }
}

/// Profiles and credentials are secret; nothing is shown.
impl fmt::Debug for DefaultChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DefaultChain").finish_non_exhaustive()
    }
}

/// The providers that did not serve, and why.
#[derive(Debug, Default)]
struct Tried(Vec<(&'static str, String)>);

impl Tried {
    /// The error that ended the search, with what was tried before.
    fn before(self, error: CredentialsError) -> CredentialsError {
        if self.0.is_empty() {
            return error;
        }
        let kind = match error {
            CredentialsError::InvalidConfiguration(_) => CredentialsError::invalid_configuration,
            CredentialsError::ProviderError(_) => CredentialsError::provider_error,
            _ => CredentialsError::unhandled,
        };
        kind(Ended { error, tried: self })
    }
}

impl fmt::Display for Tried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, why)) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{name} ({why})")?;
        }
        Ok(())
    }
}

/// A provider that is configured has failed.
#[derive(Debug)]
struct Ended {
    error: CredentialsError,
    tried: Tried,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; tried before: {}", reason(&self.error), self.tried)
    }
}

impl std::error::Error for Ended {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()?.source()
    }
}

/// No provider is configured.
#[derive(Debug)]
struct NothingFound {
    tried: Tried,
    /// The profile that code has named.
    profile: Option<String>,
}

impl fmt::Display for NothingFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no credentials found; tried: {}", self.tried)?;
        match &self.profile {
            Some(name) => write!(f, "; give the profile `{name}` credentials"),
            None => f.write_str(
                "; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose a profile that has \
                 credentials with AWS_PROFILE",
            ),
        }
    }
}

impl std::error::Error for NothingFound {}

/// The region of the EC2 instance that this process runs on, or why it is not known; none if it is
/// not to be asked.
pub(crate) async fn region_from_imds(context: &Context) -> Option<Result<Region, String>> {
    Imds::new(context.clone()).region().await
}
