//! What the clones of a client share.

use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::interceptors::SharedInterceptor;
use aws_smithy_types::timeout::TimeoutConfig;

use crate::runtime::base::environment::Environment;
use crate::runtime::base::time::SharedClock;
use crate::runtime::call::user_agent::UserAgent;
use crate::runtime::configuration::config::{Builder, Config};
use crate::runtime::policy::clock_skew::ClockSkew;
use crate::runtime::policy::identity::CredentialsCache;
use crate::runtime::policy::retry::Retries;
use crate::runtime::service::discovery::Discovered;
use crate::runtime::service::endpoint_url::EndpointUrls;
use crate::runtime::service::metadata::ServiceMetadata;
use crate::runtime::wire::http::{Mutation, SharedTransport};

/// What the clones of a client share.
#[derive(Clone, Debug)]
pub struct Handle(pub(crate) Arc<Shared>);

#[derive(Clone, Debug)]
pub(crate) struct Shared {
    pub(crate) config: Config,
    /// Interceptors of this call, which come after those of the configuration.
    pub(crate) call_interceptors: Vec<SharedInterceptor>,
    pub(crate) service: &'static ServiceMetadata,
    pub(super) environment: Environment,
    pub(super) user_agent: UserAgent,
    pub(crate) time: SharedClock,
    pub(crate) timeouts: TimeoutConfig,
    pub(super) transport: SharedTransport,
    pub(super) identity: Arc<CredentialsCache>,
    pub(super) endpoint_urls: Arc<EndpointUrls>,
    pub(crate) retries: Retries,
    pub(super) clock_skew: Arc<ClockSkew>,
    /// Where the service wants to be called, if it tells that by an operation.
    pub(super) discovered: Arc<Mutex<Option<Discovered>>>,
}

impl Handle {
    pub(crate) fn new(config: Config, service: &'static ServiceMetadata) -> Self {
        let environment = config.environment.clone().unwrap_or_default();
        let time = config.resolved_clock();
        Self(Arc::new(Shared {
            service,
            user_agent: UserAgent::new(service, &config, &environment),
            transport: config.resolved_transport(),
            identity: Arc::new(CredentialsCache::new(
                config.identity_cache().unwrap_or_default(),
            )),
            endpoint_urls: Arc::default(),
            retries: Retries::new(config.retry_config.as_ref(), config.retry_version, &time)
                .in_partition(config.retry_partition.as_ref()),
            clock_skew: Arc::default(),
            discovered: Arc::default(),
            call_interceptors: Vec::new(),
            timeouts: config.timeouts(),
            environment,
            time,
            config,
        }))
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    /// The same client with some of its configuration changed. What the change does not concern is
    /// shared: connections, credentials, retry tokens.
    pub(crate) fn overridden(&self, changes: Builder) -> Self {
        let changes = changes.config;
        let mut shared = Shared::clone(&self.0);
        shared.config = shared.config.overridden_by(changes.clone());
        let config = &shared.config;
        if changes.clock.is_some() || changes.time_source.is_some() || changes.sleep_impl.is_some()
        {
            shared.time = config.resolved_clock();
            // What was learned is about the other clock.
            shared.clock_skew = Arc::default();
        }
        shared.call_interceptors.extend(changes.interceptors);
        if let Some(environment) = changes.environment {
            shared.environment = environment;
        }
        shared.user_agent = UserAgent::new(shared.service, config, &shared.environment);
        shared.timeouts = config.timeouts();
        // Smithy's clients take time limits and clock from the configuration.
        if changes.sender.is_some()
            || config.http_client().is_some()
            || config.transport_settings() != self.0.config.transport_settings()
        {
            shared.transport = config.resolved_transport();
        }
        if changes.credentials_provider.is_some() || changes.identity_cache.is_some() {
            shared.identity = Arc::new(CredentialsCache::new(
                config.identity_cache().unwrap_or_default(),
            ));
        }
        if changes.retry_config.is_some() || changes.retry_version.is_some() {
            shared.retries = shared.retries.with_rules(
                config.retry_config.as_ref(),
                config.retry_version,
                &shared.time,
            );
        }
        if changes.retry_partition.is_some() {
            let retries = shared.retries.clone();
            shared.retries = retries.in_partition(config.retry_partition.as_ref());
        }
        if changes.region.is_some()
            || changes.use_fips.is_some()
            || changes.use_dual_stack.is_some()
        {
            shared.discovered = Arc::default();
        }
        Self(Arc::new(shared))
    }

    /// The same client with a change to every request, before it is signed.
    pub(crate) fn mutating(&self, mutation: Mutation) -> Self {
        let mut shared = Shared::clone(&self.0);
        shared.config.mutations.push(mutation);
        Self(Arc::new(shared))
    }

    /// How many retry tokens are left.
    #[cfg(feature = "test-util")]
    pub(crate) fn retry_tokens(&self) -> u32 {
        self.0.retries.tokens()
    }
}
