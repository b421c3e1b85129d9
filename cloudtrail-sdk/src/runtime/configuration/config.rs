//! Configuration of a client: what can be set, and what is set.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep};
use aws_smithy_async::time::{SharedTimeSource, TimeSource};
use aws_smithy_runtime_api::client::auth::{
    AuthSchemePreference, SharedAuthScheme, SharedAuthSchemeOptionResolver,
};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::endpoint::SharedEndpointResolver;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::interceptors::SharedInterceptor;
use aws_smithy_runtime_api::client::retries::classifiers::SharedRetryClassifier;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::app_name::AppName;
use aws_types::region::Region;
use aws_types::sdk_ua_metadata::FrameworkMetadata;
use bytes::Bytes;

use crate::runtime::base::boxed::BoxFuture;
use crate::runtime::base::composed_clock::ComposedClock;
use crate::runtime::base::environment::Environment;
use crate::runtime::base::time::{Clock, SharedClock, finite};
use crate::runtime::configuration::invocation_id::SharedInvocationIdGenerator;
use crate::runtime::error::construction::ConstructionError;
use crate::runtime::policy::identity::{Provider, SharedIdentityCache};
use crate::runtime::policy::retry::{RetryPartition, RetryVersion};
use crate::runtime::service::endpoint_url::EndpointUrl;
use crate::runtime::wire::http::{
    CONNECT_TIMEOUT, Mutation, READ_TIMEOUT, SharedTransport, Transport, TransportSettings,
};

/// How a client reaches the service, and as whom.
///
/// A configuration says nothing until it is used: what is missing or wrong in it is reported by the
/// first call, before anything is sent.
#[derive(Clone, Debug, Default)]
pub struct Config {
    pub(crate) region: Option<Region>,
    /// Where a region was looked for while the configuration was loaded, if none was found.
    pub(crate) region_places: Vec<String>,
    pub(crate) credentials_provider: Option<Provider>,
    pub(crate) identity_cache: Option<SharedIdentityCache>,
    pub(crate) endpoint_url: Option<EndpointUrl>,
    pub(crate) use_fips: Option<bool>,
    pub(crate) use_dual_stack: Option<bool>,
    pub(crate) sender: Option<Sender>,
    /// Made while the configuration was loaded; the client uses it if it still has these settings.
    pub(crate) default_transport: Option<(TransportSettings, SharedTransport)>,
    pub(crate) ca_bundle: Option<Bytes>,
    pub(crate) retry_config: Option<RetryConfig>,
    pub(crate) retry_version: Option<RetryVersion>,
    pub(crate) retry_classifiers: Vec<SharedRetryClassifier>,
    pub(crate) interceptors: Vec<SharedInterceptor>,
    /// What makes calls with interceptors or classifiers, in a type of a higher floor. It is set with
    /// the first of them, so that programs which have none do not link it.
    pub(crate) intercepted: Option<&'static (dyn Any + Send + Sync)>,
    pub(crate) mutations: Vec<Mutation>,
    pub(crate) timeout_config: Option<TimeoutConfig>,
    pub(crate) app_name: Option<AppName>,
    pub(crate) framework_metadata: Vec<FrameworkMetadata>,
    pub(crate) disable_clock_skew_correction: Option<bool>,
    pub(crate) clock: Option<SharedClock>,
    pub(crate) time_source: Option<SharedTimeSource>,
    pub(crate) sleep_impl: Option<SharedAsyncSleep>,
    pub(crate) environment: Option<Environment>,
    pub(crate) check_limits: Option<bool>,
    pub(crate) endpoint_resolver: Option<SharedEndpointResolver>,
    pub(crate) allow_no_auth: bool,
    pub(crate) auth: Option<Auth>,
    pub(crate) auth_scheme_preference: Option<AuthSchemePreference>,
    pub(crate) stalled_stream_protection: Option<StalledStreamProtectionConfig>,
    pub(crate) retry_partition: Option<RetryPartition>,
    pub(crate) invocation_id_generator: Option<SharedInvocationIdGenerator>,
    /// What is wrong with the sources that the configuration was loaded from.
    pub(crate) problem: Option<Arc<str>>,
}

/// What sends requests.
#[derive(Clone, Debug)]
pub(crate) enum Sender {
    Transport(SharedTransport),
    /// Smithy's client, and what makes a transport of it, by the configuration.
    HttpClient(
        SharedHttpClient,
        fn(&SharedHttpClient, &Config) -> SharedTransport,
    ),
}

/// How requests are authenticated, where a program has something to say of that.
#[derive(Clone, Debug)]
pub(crate) struct Auth {
    pub(crate) schemes: Vec<SharedAuthScheme>,
    pub(crate) resolver: Option<SharedAuthSchemeOptionResolver>,
    /// What chooses the scheme of an attempt at an operation. It is set with the first of the others,
    /// so that programs which have none do not link it.
    pub(crate) choose: for<'a> fn(
        &'a Config,
        &'a SharedClock,
        &'static str,
    ) -> BoxFuture<'a, Result<Authentication, ConstructionError>>,
}

/// How a request is authenticated.
pub(crate) enum Authentication {
    /// By SigV4, with the client's credentials.
    Default,
    /// Not at all.
    None,
    /// By the signer of a scheme that a program has made.
    Scheme(Mutation),
}

impl Auth {
    fn overridden_by(&self, other: Self) -> Self {
        Self {
            schemes: [&*self.schemes, &*other.schemes].concat(),
            resolver: other.resolver.or_else(|| self.resolver.clone()),
            choose: self.choose,
        }
    }
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

    /// The region that requests go to.
    pub fn region(&self) -> Option<&Region> {
        self.region.as_ref()
    }

    /// Who gives the credentials.
    pub fn credentials_provider(&self) -> Option<SharedCredentialsProvider> {
        let provider = self.credentials_provider.as_ref();
        provider.map(|provider| provider.shared.clone())
    }

    /// How the client keeps its credentials, if that was set.
    pub fn identity_cache(&self) -> Option<SharedIdentityCache> {
        self.identity_cache.clone()
    }

    /// The URL that requests go to instead of the one that the region implies.
    pub fn endpoint_url(&self) -> Option<&str> {
        self.endpoint_url.as_ref().map(|url| &*url.0)
    }

    /// The transport, if one was given.
    pub fn transport(&self) -> Option<SharedTransport> {
        match &self.sender {
            Some(Sender::Transport(transport)) => Some(transport.clone()),
            _ => None,
        }
    }

    /// The HTTP client, if one was given.
    pub fn http_client(&self) -> Option<SharedHttpClient> {
        match &self.sender {
            Some(Sender::HttpClient(client, _)) => Some(client.clone()),
            _ => None,
        }
    }

    /// How failed attempts are repeated, if that was set.
    pub fn retry_config(&self) -> Option<&RetryConfig> {
        self.retry_config.as_ref()
    }

    /// How much time calls get, if that was set.
    pub fn timeout_config(&self) -> Option<&TimeoutConfig> {
        self.timeout_config.as_ref()
    }

    /// The name by which the application calls itself in the user agent.
    pub fn app_name(&self) -> Option<&AppName> {
        self.app_name.as_ref()
    }

    /// The libraries and frameworks that the user agent names.
    pub fn framework_metadata(&self) -> Vec<&FrameworkMetadata> {
        self.framework_metadata.iter().collect()
    }

    /// Whether signatures keep to this machine's clock, if that was set.
    pub fn disable_clock_skew_correction(&self) -> Option<bool> {
        self.disable_clock_skew_correction
    }

    /// The clock, if one was given.
    pub fn clock(&self) -> Option<SharedClock> {
        self.clock.clone()
    }

    /// The time of day, if a source of it was given.
    pub fn time_source(&self) -> Option<SharedTimeSource> {
        self.time_source.clone()
    }

    /// The way to wait, if one was given.
    pub fn sleep_impl(&self) -> Option<SharedAsyncSleep> {
        self.sleep_impl.clone()
    }

    /// The clock that was given, or else the system's, with what was given of its parts.
    pub(crate) fn resolved_clock(&self) -> SharedClock {
        let clock = self.clock.clone().unwrap_or_default();
        match (self.time_source(), self.sleep_impl()) {
            (None, None) => clock,
            (time_source, sleep_impl) => {
                SharedClock::new(ComposedClock::new(clock, time_source, sleep_impl))
            }
        }
    }

    /// The time limits that were set, and the default ones; without those that no call could reach.
    pub(crate) fn timeouts(&self) -> TimeoutConfig {
        let mut timeouts = self
            .timeout_config
            .clone()
            .unwrap_or_else(|| TimeoutConfig::builder().build());
        // This leaves a limit alone that was switched off.
        timeouts.take_defaults_from(
            &TimeoutConfig::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .read_timeout(READ_TIMEOUT)
                .build(),
        );
        let finite = |limit: Option<Duration>| limit.and_then(finite);
        let mut reachable = TimeoutConfig::builder();
        reachable
            .set_connect_timeout(finite(timeouts.connect_timeout()))
            .set_read_timeout(finite(timeouts.read_timeout()))
            .set_operation_timeout(finite(timeouts.operation_timeout()))
            .set_operation_attempt_timeout(finite(timeouts.operation_attempt_timeout()));
        reachable.build()
    }

    /// What the default transport has to be like.
    pub(crate) fn transport_settings(&self) -> TransportSettings {
        let timeouts = self.timeouts();
        TransportSettings {
            connect_timeout: timeouts.connect_timeout(),
            read_timeout: timeouts.read_timeout(),
            ca_bundle: self.ca_bundle.clone(),
        }
    }

    /// What was given to send requests, or else the default transport.
    pub(crate) fn resolved_transport(&self) -> SharedTransport {
        match &self.sender {
            Some(Sender::Transport(transport)) => return transport.clone(),
            Some(Sender::HttpClient(client, transport)) => return transport(client, self),
            None => {}
        }
        let settings = self.transport_settings();
        match &self.default_transport {
            Some((known, client)) if *known == settings => client.clone(),
            _ => SharedTransport::with_settings(&settings),
        }
    }

    /// This configuration with whatever `other` has set.
    pub(crate) fn overridden_by(&self, other: Self) -> Self {
        // A whole clock replaces the parts, too.
        let parts = match other.clock {
            Some(_) => (None, None),
            None => (self.time_source(), self.sleep_impl()),
        };
        Self {
            region: other.region.or_else(|| self.region.clone()),
            region_places: self.region_places.clone(),
            credentials_provider: other
                .credentials_provider
                .or_else(|| self.credentials_provider.clone()),
            identity_cache: other.identity_cache.or_else(|| self.identity_cache.clone()),
            endpoint_url: other.endpoint_url.or_else(|| self.endpoint_url.clone()),
            use_fips: other.use_fips.or(self.use_fips),
            use_dual_stack: other.use_dual_stack.or(self.use_dual_stack),
            sender: other.sender.or_else(|| self.sender.clone()),
            default_transport: self.default_transport.clone(),
            ca_bundle: self.ca_bundle.clone(),
            retry_config: other.retry_config.or_else(|| self.retry_config.clone()),
            retry_version: other.retry_version.or(self.retry_version),
            retry_classifiers: [&*self.retry_classifiers, &*other.retry_classifiers].concat(),
            // Those of a call come after those of the client, which the call keeps apart.
            interceptors: self.interceptors.clone(),
            intercepted: other.intercepted.or(self.intercepted),
            mutations: [&*self.mutations, &*other.mutations].concat(),
            timeout_config: match (other.timeout_config, &self.timeout_config) {
                (Some(mut timeouts), Some(defaults)) => {
                    timeouts.take_defaults_from(defaults);
                    Some(timeouts)
                }
                (timeouts, defaults) => timeouts.or_else(|| defaults.clone()),
            },
            app_name: other.app_name.or_else(|| self.app_name.clone()),
            framework_metadata: [&*self.framework_metadata, &*other.framework_metadata].concat(),
            disable_clock_skew_correction: other
                .disable_clock_skew_correction
                .or(self.disable_clock_skew_correction),
            clock: other.clock.or_else(|| self.clock.clone()),
            time_source: other.time_source.or(parts.0),
            sleep_impl: other.sleep_impl.or(parts.1),
            environment: other.environment.or_else(|| self.environment.clone()),
            check_limits: other.check_limits.or(self.check_limits),
            endpoint_resolver: other
                .endpoint_resolver
                .or_else(|| self.endpoint_resolver.clone()),
            allow_no_auth: other.allow_no_auth || self.allow_no_auth,
            auth: match (&self.auth, other.auth) {
                (Some(auth), Some(other)) => Some(auth.overridden_by(other)),
                (auth, other) => other.or_else(|| auth.clone()),
            },
            auth_scheme_preference: other
                .auth_scheme_preference
                .or_else(|| self.auth_scheme_preference.clone()),
            stalled_stream_protection: other
                .stalled_stream_protection
                .or_else(|| self.stalled_stream_protection.clone()),
            retry_partition: other
                .retry_partition
                .or_else(|| self.retry_partition.clone()),
            invocation_id_generator: other
                .invocation_id_generator
                .or_else(|| self.invocation_id_generator.clone()),
            problem: other.problem.or_else(|| self.problem.clone()),
        }
    }
}

/// Builds a [`Config`].
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Builder {
    pub(crate) config: Config,
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

    /// Sets who gives the credentials: a provider, or
    /// [`Credentials`](aws_credential_types::Credentials) as they are.
    pub fn credentials_provider(mut self, provider: impl ProvideCredentials + 'static) -> Self {
        let provider = SharedCredentialsProvider::new(provider);
        self.config.credentials_provider = Some(Provider::new(provider));
        self
    }

    /// Sets or clears who gives the credentials.
    pub fn set_credentials_provider(
        &mut self,
        provider: Option<SharedCredentialsProvider>,
    ) -> &mut Self {
        self.config.credentials_provider = provider.map(Provider::new);
        self
    }

    /// Sets how the client keeps its credentials, such as
    /// `IdentityCache::lazy().load_timeout(Duration::from_secs(5)).build()`.
    pub fn identity_cache(mut self, identity_cache: SharedIdentityCache) -> Self {
        self.config.identity_cache = Some(identity_cache);
        self
    }

    /// Sets or clears how the client keeps its credentials.
    pub fn set_identity_cache(
        &mut self,
        identity_cache: impl Into<Option<SharedIdentityCache>>,
    ) -> &mut Self {
        self.config.identity_cache = identity_cache.into();
        self
    }

    /// Sets the URL that requests go to, instead of the one that the region implies.
    pub fn endpoint_url(mut self, url: impl Into<String>) -> Self {
        self.config.endpoint_url = Some(EndpointUrl(url.into()));
        self
    }

    /// Sets or clears the endpoint URL.
    pub fn set_endpoint_url(&mut self, url: Option<String>) -> &mut Self {
        self.config.endpoint_url = url.map(EndpointUrl);
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

    /// Sets the transport, in the place of an HTTP client that was set before. It has time limits of
    /// its own for connecting and reading.
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.set_transport(Some(SharedTransport::new(transport)));
        self
    }

    /// Sets or clears the transport.
    pub fn set_transport(&mut self, transport: Option<SharedTransport>) -> &mut Self {
        match transport {
            Some(transport) => self.config.sender = Some(Sender::Transport(transport)),
            None if self.config.http_client().is_none() => self.config.sender = None,
            None => {}
        }
        self
    }

    /// Sets how failed attempts are repeated; 3 attempts in the standard mode if it is not set.
    ///
    /// `RetryConfig::disabled()` repeats nothing, `RetryConfig::adaptive()` also slows the client
    /// down while the service throttles it.
    pub fn retry_config(mut self, retry_config: RetryConfig) -> Self {
        self.config.retry_config = Some(retry_config);
        self
    }

    /// Sets or clears how failed attempts are repeated.
    pub fn set_retry_config(&mut self, retry_config: Option<RetryConfig>) -> &mut Self {
        self.config.retry_config = retry_config;
        self
    }

    /// Sets the version of AWS's rules of retrying; [`RetryVersion::V2_1`] if it is not set.
    pub fn retry_version(mut self, version: RetryVersion) -> Self {
        self.config.retry_version = Some(version);
        self
    }

    /// Sets how much time calls get. Connecting gets 3.1 s if nothing else is set, and the server may
    /// be silent for 60 s: before its response begins, counted from the attempt, and between any two
    /// parts of the response. Attempts and operations have no limit by default. A `disable_…` method
    /// of `TimeoutConfig`'s builder takes a limit away.
    ///
    /// The connect and read timeouts are for what sends the requests: a
    /// [`transport`](Self::transport) that was given has its own, and an
    /// [`http_client`](Self::http_client) decides what they mean to it.
    pub fn timeout_config(mut self, timeout_config: TimeoutConfig) -> Self {
        self.config.timeout_config = Some(timeout_config);
        self
    }

    /// Sets or clears how much time calls get.
    pub fn set_timeout_config(&mut self, timeout_config: Option<TimeoutConfig>) -> &mut Self {
        self.config.timeout_config = timeout_config;
        self
    }

    /// Sets the name by which the application calls itself in the user agent.
    pub fn app_name(mut self, app_name: AppName) -> Self {
        self.config.app_name = Some(app_name);
        self
    }

    /// Sets or clears the application's name.
    pub fn set_app_name(&mut self, app_name: Option<AppName>) -> &mut Self {
        self.config.app_name = app_name;
        self
    }

    /// Adds a library or framework to the user agent.
    pub fn framework_metadata(mut self, metadata: FrameworkMetadata) -> Self {
        self.push_framework_metadata(metadata);
        self
    }

    /// Adds a library or framework to the user agent.
    pub fn push_framework_metadata(&mut self, metadata: FrameworkMetadata) -> &mut Self {
        self.config.framework_metadata.push(metadata);
        self
    }

    /// Whether signatures keep to this machine's clock, even if the service's clock shows another
    /// time; not set counts as no.
    pub fn disable_clock_skew_correction(mut self, disable: impl Into<Option<bool>>) -> Self {
        self.config.disable_clock_skew_correction = disable.into();
        self
    }

    /// Sets or clears whether signatures keep to this machine's clock.
    pub fn set_disable_clock_skew_correction(&mut self, disable: Option<bool>) -> &mut Self {
        self.config.disable_clock_skew_correction = disable;
        self
    }

    /// Sets the clock and the way to wait, for tests, in the place of a
    /// [`time_source`](Self::time_source) and a [`sleep_impl`](Self::sleep_impl) that were set before.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.set_clock(Some(SharedClock::new(clock)));
        self
    }

    /// Sets or clears the clock and the way to wait.
    pub fn set_clock(&mut self, clock: Option<SharedClock>) -> &mut Self {
        self.config.clock = clock;
        self.config.time_source = None;
        self.config.sleep_impl = None;
        self
    }

    /// Sets where the time of day comes from.
    pub fn time_source(mut self, time_source: impl TimeSource + 'static) -> Self {
        self.set_time_source(Some(SharedTimeSource::new(time_source)));
        self
    }

    /// Sets or clears where the time of day comes from.
    pub fn set_time_source(&mut self, time_source: Option<SharedTimeSource>) -> &mut Self {
        self.config.time_source = time_source;
        self
    }

    /// Sets the way to wait, for retries and time limits.
    pub fn sleep_impl(mut self, sleep_impl: impl AsyncSleep + 'static) -> Self {
        self.set_sleep_impl(Some(SharedAsyncSleep::new(sleep_impl)));
        self
    }

    /// Sets or clears the way to wait.
    pub fn set_sleep_impl(&mut self, sleep_impl: Option<SharedAsyncSleep>) -> &mut Self {
        self.config.sleep_impl = sleep_impl;
        self
    }

    /// Sets where environment variables that matter to single calls are read from, for tests.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.config.environment = Some(environment);
        self
    }

    /// Whether inputs are checked against the lengths and ranges of the model before they are
    /// sent; not set counts as yes. Services relax such limits before the model tells. Missing
    /// required members are reported in any case.
    pub fn check_limits(mut self, yes: bool) -> Self {
        self.config.check_limits = Some(yes);
        self
    }

    /// Accepted for programs written for the official SDK; there is one behavior.
    pub fn behavior_version(self, _: BehaviorVersion) -> Self {
        self
    }

    /// Accepted for programs written for the official SDK; there is one behavior.
    pub fn set_behavior_version(&mut self, _: Option<BehaviorVersion>) -> &mut Self {
        self
    }

    /// Accepted for programs written for the official SDK; there is one behavior.
    pub fn behavior_version_latest(self) -> Self {
        self
    }

    /// Accepted for programs written for the official SDK; no body is a stream here.
    pub fn stalled_stream_protection(mut self, config: StalledStreamProtectionConfig) -> Self {
        self.set_stalled_stream_protection(Some(config));
        self
    }

    /// Accepted for programs written for the official SDK; no body is a stream here.
    pub fn set_stalled_stream_protection(
        &mut self,
        config: Option<StalledStreamProtectionConfig>,
    ) -> &mut Self {
        self.config.stalled_stream_protection = config;
        self
    }

    /// The configuration.
    pub fn build(self) -> Config {
        self.config
    }
}
