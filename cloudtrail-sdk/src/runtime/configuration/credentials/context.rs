//! What all providers share.

use std::fmt;
use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature as Origin;
use aws_credential_types::provider::error::CredentialsError;
use aws_types::region::Region;

use super::failure::invalid;
use crate::runtime::base::environment::Environment;
use crate::runtime::base::keys::{KEY_NAMES, check_keys};
use crate::runtime::base::time::SharedClock;
use crate::runtime::configuration::profile::ProfileFiles;
use crate::runtime::configuration::settings::Settings;
use crate::runtime::policy::clock_skew::ClockSkew;
use crate::runtime::policy::retry::Retries;
use crate::runtime::service::endpoint::partition::Partitions;
use crate::runtime::wire::http::SharedTransport;

/// What all providers share.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) environment: Environment,
    /// As they were when the configuration was loaded.
    pub(crate) profiles: Arc<ProfileFiles>,
    /// Whether code has said so, or the opposite.
    pub(crate) ignore_configured_endpoint_urls: Option<bool>,
    pub(crate) transport: SharedTransport,
    /// For the metadata of instances and containers: no proxy may see their secrets, or answer in
    /// their place.
    pub(crate) metadata_transport: SharedTransport,
    /// How requests to AWS services are retried, and what is left for that.
    pub(crate) retries: Retries,
    /// What is known of the services' clock; none if signatures keep to this machine's.
    pub(crate) clock_skew: Option<Arc<ClockSkew>>,
    pub(crate) time: SharedClock,
    /// Where AWS services are called, unless a profile says otherwise.
    pub(crate) region: Option<Region>,
    pub(crate) use_fips: bool,
    pub(crate) use_dual_stack: bool,
    /// The DNS suffixes of the services that are called.
    pub(crate) partitions: &'static Partitions,
}

impl Context {
    /// Variables and properties of the selected profile.
    pub(super) fn settings(&self) -> Settings<'_> {
        Settings::new(&self.environment, &self.profiles)
    }
}

/// What providers return.
pub(super) type Loaded = Result<Credentials, CredentialsError>;

/// Notes where credentials come from, besides what is noted already; the user agent tells it.
pub(super) fn from(loaded: Loaded, origins: &[Origin]) -> Loaded {
    let mut credentials = loaded?;
    credentials
        .get_property_mut_or_default::<Vec<Origin>>()
        .extend_from_slice(origins);
    Ok(credentials)
}

/// Checks that requests can be signed with the credentials; `source` is who gave them.
pub(super) fn checked(loaded: Loaded, source: impl fmt::Display) -> Loaded {
    let credentials = loaded?;
    match check_keys(&credentials, KEY_NAMES) {
        Ok(()) => Ok(credentials),
        Err(why) => Err(invalid(format!("what {source} gave: {why}"))),
    }
}
