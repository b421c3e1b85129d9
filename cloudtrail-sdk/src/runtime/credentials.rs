//! The default credentials: the first provider that is configured gives them.
//!
//! Environment variables, profile, web identity, container, instance metadata: in this order. A
//! provider that is not configured says [`CredentialsError::CredentialsNotLoaded`], and the next
//! one is asked. Any other failure ends the search: whoever set up a provider wants its identity
//! and not another one.
//!
//! Nothing is cached here but what a provider must keep between two loads; the client caches.

mod cache_file;
mod container;
mod document;
mod dpop;
mod endpoint;
mod exchange;
mod failure;
mod imds;
mod login;
mod process;
mod profile;
mod refusal;
mod sso;
mod sts;
mod web_identity;
mod xml;

use std::fmt;
use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature as Origin;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_types::region::Region;

use self::failure::reason;
use self::imds::Imds;
use super::clock_skew::ClockSkew;
use super::endpoint::partition::Partitions;
use super::environment::Environment;
use super::http::SharedHttpClient;
use super::identity::Asking;
use super::profile::{ProfileError, ProfileFiles};
use super::retry::Retries;
use super::settings::Settings;
use super::time::SharedTimeSource;

/// What all providers share.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) environment: Environment,
    pub(crate) profiles: Arc<Result<ProfileFiles, ProfileError>>,
    pub(crate) http_client: SharedHttpClient,
    /// For the metadata of instances and containers: no proxy may see their secrets, or answer in
    /// their place.
    pub(crate) metadata_client: SharedHttpClient,
    /// How requests to AWS services are retried, and what is left for that.
    pub(crate) retries: Retries,
    /// What is known of the services' clock; none if signatures keep to this machine's.
    pub(crate) clock_skew: Option<Arc<ClockSkew>>,
    pub(crate) time: SharedTimeSource,
    /// Where AWS services are called, unless a profile says otherwise.
    pub(crate) region: Option<Region>,
    pub(crate) use_fips: bool,
    pub(crate) use_dual_stack: bool,
    /// The DNS suffixes of the services that are called.
    pub(crate) partitions: &'static Partitions,
}

impl Context {
    /// Variables and properties of the selected profile; of none if the files cannot be read, which
    /// the profile provider reports.
    fn settings(&self) -> Settings<'_> {
        Settings::new(&self.environment, self.profiles.as_ref().as_ref().ok())
    }
}

/// What providers return.
type Loaded = Result<Credentials, CredentialsError>;

/// Notes where credentials come from, besides what is noted already; the user agent tells it.
fn from(loaded: Loaded, origins: &[Origin]) -> Loaded {
    let mut credentials = loaded?;
    credentials
        .get_property_mut_or_default::<Vec<Origin>>()
        .extend_from_slice(origins);
    Ok(credentials)
}

/// The provider of the default credentials.
pub(crate) struct DefaultChain {
    context: Context,
    /// Kept for its session token and the last good credentials.
    imds: Imds,
    asking: Asking,
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

impl DefaultChain {
    pub(crate) fn new(context: Context, asking: Asking) -> Self {
        Self {
            imds: Imds::new(context.clone()),
            asking,
            context,
        }
    }

    async fn load(&self) -> Loaded {
        let mut tried = Vec::new();
        for (provider, name) in CHAIN {
            self.asking.set(name);
            match self.ask(provider).await {
                Ok(credentials) => {
                    tracing::debug!(provider = name, "loaded credentials");
                    return Ok(credentials);
                }
                Err(error @ CredentialsError::CredentialsNotLoaded(_)) => {
                    let why = reason(&error);
                    tracing::debug!(provider = name, why, "no credentials here");
                    tried.push((name, why));
                }
                Err(error) => return Err(error),
            }
        }
        Err(CredentialsError::not_loaded(NothingFound { tried }))
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

/// The region of the EC2 instance that this process runs on, if it runs on one that tells.
pub(crate) async fn region_from_imds(context: &Context) -> Option<Region> {
    Imds::new(context.clone()).region().await
}

/// No provider is configured.
#[derive(Debug)]
struct NothingFound {
    /// Each provider, and why it did not serve.
    tried: Vec<(&'static str, String)>,
}

impl fmt::Display for NothingFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no credentials found; tried")?;
        for (index, (name, why)) in self.tried.iter().enumerate() {
            let separator = if index == 0 { ':' } else { ';' };
            write!(f, "{separator} {name} ({why})")?;
        }
        f.write_str(
            "; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose a profile that has \
             credentials with AWS_PROFILE",
        )
    }
}

impl std::error::Error for NothingFound {}
