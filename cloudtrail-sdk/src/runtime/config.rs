//! Configuration of a client: from code, from the environment, or from an `SdkConfig`.

use std::fmt;

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_types::SdkConfig;
use aws_types::region::Region;

use super::ServiceMetadata;
use super::http::{HttpClient, SharedHttpClient};

/// How a client reaches the service, and as whom.
///
/// A configuration says nothing until it is used: what is missing or wrong in it is reported by the
/// first call, before anything is sent.
#[derive(Clone, Debug, Default)]
pub struct Config {
    pub(super) region: Option<Region>,
    pub(super) credentials_provider: Option<SharedCredentialsProvider>,
    pub(super) endpoint_url: Option<String>,
    pub(super) use_fips: Option<bool>,
    pub(super) use_dual_stack: Option<bool>,
    pub(super) http_client: Option<SharedHttpClient>,
    pub(super) check_limits: Option<bool>,
}

impl Config {
    /// Starts an empty configuration. Nothing is read from the environment.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The configuration as a builder, to change some of it.
    pub fn to_builder(&self) -> Builder {
        Builder {
            config: self.clone(),
        }
    }

    /// Takes over what applications on `aws-config` have loaded: region, credentials provider,
    /// endpoint URL, FIPS and dual-stack.
    pub fn new(config: &SdkConfig) -> Self {
        Builder::from(config).build()
    }

    /// The region that requests go to.
    pub fn region(&self) -> Option<&Region> {
        self.region.as_ref()
    }

    /// Who gives the credentials.
    pub fn credentials_provider(&self) -> Option<SharedCredentialsProvider> {
        self.credentials_provider.clone()
    }

    /// The URL that requests go to instead of the one that the region implies.
    pub fn endpoint_url(&self) -> Option<&str> {
        self.endpoint_url.as_deref()
    }

    /// The transport, if one was given.
    pub fn http_client(&self) -> Option<SharedHttpClient> {
        self.http_client.clone()
    }

    /// Reads the environment.
    ///
    /// - region: `AWS_REGION`, `AWS_DEFAULT_REGION`
    /// - credentials: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`
    /// - endpoint URL: `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`, unless
    ///   `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` is `true`
    /// - `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT`: `true` or `false` in any case
    ///
    /// A variable that is blank counts as not set.
    pub(crate) fn from_env(
        service: &ServiceMetadata,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let get = |name: &str| env(name).filter(|value| !value.trim().is_empty());
        let flag = |name: &str| match get(name)?.trim().to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        };
        let own_url = format!(
            "AWS_ENDPOINT_URL_{}",
            service.sdk_id.to_uppercase().replace(' ', "_")
        );
        let ignore_urls = flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") == Some(true);
        let credentials = match (get("AWS_ACCESS_KEY_ID"), get("AWS_SECRET_ACCESS_KEY")) {
            (Some(id), Some(secret)) => Some(SharedCredentialsProvider::new(Credentials::new(
                id,
                secret,
                get("AWS_SESSION_TOKEN"),
                None,
                "environment",
            ))),
            _ => None,
        };
        Self {
            region: get("AWS_REGION")
                .or_else(|| get("AWS_DEFAULT_REGION"))
                .map(Region::new),
            credentials_provider: credentials,
            endpoint_url: get(&own_url)
                .or_else(|| get("AWS_ENDPOINT_URL"))
                .filter(|_| !ignore_urls),
            use_fips: flag("AWS_USE_FIPS_ENDPOINT"),
            use_dual_stack: flag("AWS_USE_DUALSTACK_ENDPOINT"),
            ..Self::default()
        }
    }
}

impl From<&SdkConfig> for Config {
    fn from(config: &SdkConfig) -> Self {
        Self::new(config)
    }
}

/// Builds a [`Config`].
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Builder {
    config: Config,
}

impl Builder {
    /// Starts an empty configuration.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the region that requests go to.
    pub fn region(mut self, region: impl Into<Option<Region>>) -> Self {
        self.config.region = region.into();
        self
    }

    /// Sets or clears the region.
    pub fn set_region(&mut self, region: Option<Region>) -> &mut Self {
        self.config.region = region;
        self
    }

    /// Sets who gives the credentials: a provider, or [`Credentials`] as they are.
    pub fn credentials_provider(mut self, provider: impl ProvideCredentials + 'static) -> Self {
        self.config.credentials_provider = Some(SharedCredentialsProvider::new(provider));
        self
    }

    /// Sets or clears who gives the credentials.
    pub fn set_credentials_provider(
        &mut self,
        provider: Option<SharedCredentialsProvider>,
    ) -> &mut Self {
        self.config.credentials_provider = provider;
        self
    }

    /// Sets the URL that requests go to, instead of the one that the region implies.
    pub fn endpoint_url(mut self, url: impl Into<String>) -> Self {
        self.config.endpoint_url = Some(url.into());
        self
    }

    /// Sets or clears the endpoint URL.
    pub fn set_endpoint_url(&mut self, url: Option<String>) -> &mut Self {
        self.config.endpoint_url = url;
        self
    }

    /// Whether to use the endpoints that comply with FIPS 140; not set counts as no.
    pub fn use_fips(mut self, yes: impl Into<bool>) -> Self {
        self.config.use_fips = Some(yes.into());
        self
    }

    /// Sets or clears whether to use FIPS endpoints.
    pub fn set_use_fips(&mut self, yes: Option<bool>) -> &mut Self {
        self.config.use_fips = yes;
        self
    }

    /// Whether to use the endpoints that speak IPv4 and IPv6; not set counts as no.
    pub fn use_dual_stack(mut self, yes: impl Into<bool>) -> Self {
        self.config.use_dual_stack = Some(yes.into());
        self
    }

    /// Sets or clears whether to use dual-stack endpoints.
    pub fn set_use_dual_stack(&mut self, yes: Option<bool>) -> &mut Self {
        self.config.use_dual_stack = yes;
        self
    }

    /// Sets the transport.
    pub fn http_client(mut self, client: impl HttpClient + 'static) -> Self {
        self.config.http_client = Some(SharedHttpClient::new(client));
        self
    }

    /// Sets or clears the transport.
    pub fn set_http_client(&mut self, client: Option<SharedHttpClient>) -> &mut Self {
        self.config.http_client = client;
        self
    }

    /// Whether inputs are checked against the lengths and ranges of the model before they are
    /// sent; not set counts as yes. Services relax such limits before the model tells. Missing
    /// required members are reported in any case.
    pub fn check_limits(mut self, yes: bool) -> Self {
        self.config.check_limits = Some(yes);
        self
    }

    /// Accepted for programs written for the official SDK; there is one behaviour.
    pub fn behavior_version(self, _: BehaviorVersion) -> Self {
        self
    }

    /// Accepted for programs written for the official SDK; there is one behaviour.
    pub fn set_behavior_version(&mut self, _: Option<BehaviorVersion>) -> &mut Self {
        self
    }

    /// Accepted for programs written for the official SDK; there is one behaviour.
    pub fn behavior_version_latest(self) -> Self {
        self
    }

    /// The configuration.
    pub fn build(self) -> Config {
        self.config
    }
}

impl From<&SdkConfig> for Builder {
    fn from(config: &SdkConfig) -> Self {
        Self {
            config: Config {
                region: config.region().cloned(),
                credentials_provider: config.credentials_provider(),
                endpoint_url: config.endpoint_url().map(str::to_owned),
                use_fips: config.use_fips(),
                use_dual_stack: config.use_dual_stack(),
                ..Config::default()
            },
        }
    }
}

/// The official SDK's switch between its own past behaviours. This crate has one behaviour, and
/// takes the value so that programs written for that SDK compile.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BehaviorVersion(&'static str);

macro_rules! behavior_versions {
    ($($name:ident = $version:literal),+ $(,)?) => {
        impl BehaviorVersion {
            $(
                #[doc = concat!("The behaviour of ", $version, ".")]
                pub fn $name() -> Self {
                    Self($version)
                }
            )+
        }
    };
}

behavior_versions!(
    latest = "2026-01-12",
    v2026_01_12 = "2026-01-12",
    v2025_08_07 = "2025-08-07",
    v2025_01_17 = "2025-01-17",
    v2024_03_28 = "2024-03-28",
    v2023_11_09 = "2023-11-09",
);

impl fmt::Debug for BehaviorVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BehaviorVersion({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static SERVICE: ServiceMetadata = ServiceMetadata {
        sdk_id: "Some Service",
        signing_name: "some",
        target_prefix: "Some_20200101",
        content_type: "application/x-amz-json-1.1",
        query_compatible: false,
        resolve_endpoint: |_| Err(super::super::endpoint::EndpointError::new("not used")),
    };

    fn from_env(variables: &[(&str, &str)]) -> Config {
        Config::from_env(&SERVICE, &|name| {
            variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn an_empty_environment_configures_nothing() {
        let config = from_env(&[("AWS_REGION", " "), ("AWS_ACCESS_KEY_ID", "AKID")]);
        assert!(config.region().is_none());
        assert!(config.credentials_provider().is_none());
        assert!(config.endpoint_url().is_none());
    }

    #[test]
    fn the_region_has_two_names() {
        let both = [("AWS_DEFAULT_REGION", "b"), ("AWS_REGION", "a")];
        assert_eq!(from_env(&both).region().unwrap().as_ref(), "a");
        assert_eq!(from_env(&both[..1]).region().unwrap().as_ref(), "b");
    }

    #[test]
    fn the_endpoint_url_of_the_service_goes_first() {
        let urls = [
            ("AWS_ENDPOINT_URL", "http://any"),
            ("AWS_ENDPOINT_URL_SOME_SERVICE", "http://own"),
            ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "TRUE"),
        ];
        assert_eq!(from_env(&urls[..1]).endpoint_url(), Some("http://any"));
        assert_eq!(from_env(&urls[..2]).endpoint_url(), Some("http://own"));
        assert_eq!(from_env(&urls).endpoint_url(), None);
    }

    #[test]
    fn flags_are_true_or_false_in_any_case() {
        let flags = from_env(&[
            ("AWS_USE_FIPS_ENDPOINT", "True"),
            ("AWS_USE_DUALSTACK_ENDPOINT", "1"),
        ]);
        assert_eq!(flags.use_fips, Some(true));
        assert_eq!(flags.use_dual_stack, None);
    }
}
