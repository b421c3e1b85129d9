//! Loading a configuration: what code says, then environment variables, then the profile.

use std::future::ready;
#[cfg(feature = "default-credentials")]
use std::sync::Arc;

use aws_credential_types::credential_fn::provide_credentials_fn;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_async::rt::sleep::AsyncSleep;
use aws_smithy_async::time::TimeSource;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::app_name::AppName;
use aws_types::region::Region;

use crate::runtime::base::environment::Environment;
use crate::runtime::base::time::Clock;
use crate::runtime::configuration::config::{Builder, Config};
#[cfg(feature = "default-credentials")]
use crate::runtime::configuration::credentials::{
    Assume, AssumeRole, Context, DefaultChain, assumed, region_from_imds,
};
use crate::runtime::configuration::profile::ProfileFiles;
use crate::runtime::configuration::settings::Settings;
#[cfg(feature = "default-credentials")]
use crate::runtime::policy::identity::Asking;
use crate::runtime::policy::identity::{Provider, SharedIdentityCache};
#[cfg(feature = "default-credentials")]
use crate::runtime::policy::retry::Retries;
use crate::runtime::service::endpoint::partition::Partitions;
use crate::runtime::service::endpoint_url::EndpointUrl;
use crate::runtime::service::metadata::ServiceMetadata;
#[cfg(feature = "default-credentials")]
use crate::runtime::wire::http::SharedTransport;
use crate::runtime::wire::http::Transport;

/// Loads a [`Config`]. What is set here comes before anything that is found elsewhere.
#[derive(Clone, Debug)]
#[must_use = "nothing is loaded until `load` is awaited"]
pub struct Loader {
    service: &'static ServiceMetadata,
    #[cfg_attr(
        not(feature = "default-credentials"),
        allow(dead_code, reason = "only the default chain uses it")
    )]
    partitions: &'static Partitions,
    profile_name: Option<String>,
    ignore_configured_endpoint_urls: Option<bool>,
    #[cfg(feature = "default-credentials")]
    roles: Vec<AssumeRole>,
    /// Set with the first role, so that programs which assume none do not link it.
    #[cfg(feature = "default-credentials")]
    assume: Option<Assume>,
    code: Builder,
}

impl Loader {
    pub(crate) fn new(service: &'static ServiceMetadata, partitions: &'static Partitions) -> Self {
        Self {
            service,
            partitions,
            profile_name: None,
            ignore_configured_endpoint_urls: None,
            #[cfg(feature = "default-credentials")]
            roles: Vec::new(),
            #[cfg(feature = "default-credentials")]
            assume: None,
            code: Builder::new(),
        }
    }

    pub(crate) fn set(mut self, set: impl FnOnce(Builder) -> Builder) -> Self {
        self.code = set(self.code);
        self
    }

    /// Sets the profile to read, instead of the one that `AWS_PROFILE` names. It has to exist.
    ///
    /// Its credentials come before those in environment variables, which then are not used, as with
    /// `--profile` of the AWS CLI. A profile without credentials leaves them to the container or the
    /// EC2 instance. The region and other settings in environment variables still come first.
    ///
    /// A profile's credentials need the crate's feature `default-credentials`.
    pub fn profile_name(mut self, name: impl Into<String>) -> Self {
        self.profile_name = Some(name.into());
        self
    }

    /// Sets the region that requests go to.
    pub fn region(self, region: impl Into<Option<Region>>) -> Self {
        self.set(|code| code.region(region))
    }

    /// Sets the URL that requests go to, instead of the one that the region implies.
    pub fn endpoint_url(self, url: impl Into<String>) -> Self {
        self.set(|code| code.endpoint_url(url))
    }

    /// Whether endpoint URLs in environment variables and profiles are passed over, those of the
    /// services that credentials come from as well; one that is set by
    /// [`endpoint_url`](Self::endpoint_url) is not.
    pub fn ignore_configured_endpoint_urls(mut self, yes: bool) -> Self {
        self.ignore_configured_endpoint_urls = Some(yes);
        self
    }

    /// Sets who gives the credentials: a provider, or `Credentials` as they are.
    pub fn credentials_provider(self, provider: impl ProvideCredentials + 'static) -> Self {
        self.set(|code| code.credentials_provider(provider))
    }

    /// Makes calls as a role. It is assumed with the credentials that the configuration would have
    /// otherwise: those of [`credentials_provider`](Self::credentials_provider), or else of the
    /// default chain. A role that is added to another one is assumed with that one's credentials.
    ///
    /// STS is called in the Region of the configuration, with its retries and transport, or at
    /// `AWS_ENDPOINT_URL_STS`. Each client assumes the role when it makes its first call, and again
    /// before the session ends; an error names the role, and what failed.
    ///
    /// [`Config::credentials_provider`] of what is loaded is the provider of the role, for the
    /// configurations of other clients.
    #[cfg(feature = "default-credentials")]
    pub fn assume_role(mut self, role: AssumeRole) -> Self {
        self.roles.push(role);
        self.assume = Some(assumed);
        self
    }

    /// Sets how the client keeps its credentials.
    pub fn identity_cache(self, identity_cache: SharedIdentityCache) -> Self {
        self.set(|code| code.identity_cache(identity_cache))
    }

    /// Sets the transport, of the client and of whatever gives it credentials.
    pub fn transport(self, transport: impl Transport + 'static) -> Self {
        self.set(|code| code.transport(transport))
    }

    /// Sets how failed attempts are repeated, wholly: no other source is asked about that.
    pub fn retry_config(self, retry_config: RetryConfig) -> Self {
        self.set(|code| code.retry_config(retry_config))
    }

    /// Sets how much time calls get; nothing but code does.
    pub fn timeout_config(self, timeout_config: TimeoutConfig) -> Self {
        self.set(|code| code.timeout_config(timeout_config))
    }

    /// Sets the name by which the application calls itself in the user agent.
    pub fn app_name(self, app_name: AppName) -> Self {
        self.set(|code| code.app_name(app_name))
    }

    /// Whether to use the endpoints that comply with FIPS 140.
    pub fn use_fips(self, yes: bool) -> Self {
        self.set(|code| code.use_fips(yes))
    }

    /// Whether to use the endpoints that speak IPv4 and IPv6.
    pub fn use_dual_stack(self, yes: bool) -> Self {
        self.set(|code| code.use_dual_stack(yes))
    }

    /// Sets where environment variables and files are read from, instead of this process.
    pub fn environment(self, environment: Environment) -> Self {
        self.set(|code| code.environment(environment))
    }

    /// Sets the clock and the way to wait, for tests.
    pub fn clock(self, time: impl Clock + 'static) -> Self {
        self.set(|code| code.clock(time))
    }

    /// Sets where the time of day comes from.
    pub fn time_source(self, time_source: impl TimeSource + 'static) -> Self {
        self.set(|code| code.time_source(time_source))
    }

    /// Sets the way to wait, for retries and time limits.
    pub fn sleep_impl(self, sleep_impl: impl AsyncSleep + 'static) -> Self {
        self.set(|code| code.sleep_impl(sleep_impl))
    }

    /// Loads the configuration.
    ///
    /// This does not fail. What is missing or wrong is reported by the first call that is made with
    /// the configuration.
    pub async fn load(self) -> Config {
        let environment = self.code.config.environment.clone().unwrap_or_default();
        let profiles = ProfileFiles::load(&environment, self.profile_name.as_deref());
        profiles.warn();
        let config = self.resolve(&environment, &profiles);
        #[cfg(feature = "default-credentials")]
        let config = self
            .add_default_providers(config, environment, profiles)
            .await;
        config
    }

    /// What code, environment variables and the profile say.
    fn resolve(&self, environment: &Environment, profiles: &ProfileFiles) -> Config {
        let mut config = self.code.clone().build();
        let settings = Settings::new(environment, profiles);
        let mut problems = Vec::new();

        if profiles.is_named_in_code() && profiles.selected().is_none() {
            problems.push(profiles.no_profile());
        }
        config.region = config.region.or_else(|| settings.region());
        if config.region.is_none() {
            config.region_places = settings.region_places();
        }
        if config.use_fips.is_none() {
            let yes = settings.endpoint_flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");
            config.use_fips = noted(yes, &mut problems);
        }
        if config.use_dual_stack.is_none() {
            let (variable, property) = ("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");
            let yes = settings.endpoint_flag(variable, property);
            config.use_dual_stack = noted(yes, &mut problems);
        }
        config.disable_clock_skew_correction = settings.flag(
            "AWS_DISABLE_CLOCK_SKEW_CORRECTION",
            "disable_clock_skew_correction",
        );
        if config.endpoint_url.is_none() {
            let ignore = self.ignore_configured_endpoint_urls;
            let url = settings.endpoint_url(self.service.sdk_id, ignore);
            config.endpoint_url = noted(url, &mut problems).map(EndpointUrl);
        }
        config.app_name = config.app_name.or_else(|| settings.app_name());
        config.retry_version = settings.retry_version();
        if config.retry_config.is_none() {
            config.retry_config = noted(settings.retry_config(), &mut problems);
        }
        config.ca_bundle = noted(settings.ca_bundle(), &mut problems);
        if config.credentials_provider.is_none() && !profiles.is_named_in_code() {
            config.credentials_provider = credentials_provider(environment).map(Provider::new);
        }
        if !problems.is_empty() {
            config.problem = Some(problems.join("; ").into());
        }
        config
    }

    /// Adds what is still missing: the region from IMDS, credentials from the default chain, and
    /// those of the roles to assume.
    #[cfg(feature = "default-credentials")]
    async fn add_default_providers(
        self,
        mut config: Config,
        environment: Environment,
        profiles: ProfileFiles,
    ) -> Config {
        let transport = config.resolved_transport();
        if config.sender.is_none() {
            config.default_transport = Some((config.transport_settings(), transport.clone()));
        }
        let metadata_transport = match &config.sender {
            Some(_) => transport.clone(),
            None => SharedTransport::without_proxy(&config.transport_settings()),
        };
        let time = config.resolved_clock();
        let keeps_clock = config.disable_clock_skew_correction.unwrap_or_default();
        let mut context = Context {
            environment,
            profiles: Arc::new(profiles),
            ignore_configured_endpoint_urls: self.ignore_configured_endpoint_urls,
            transport,
            metadata_transport,
            retries: Retries::new(config.retry_config.as_ref(), config.retry_version, &time),
            clock_skew: (!keeps_clock).then(Arc::default),
            time,
            region: config.region.clone(),
            use_fips: config.use_fips.unwrap_or_default(),
            use_dual_stack: config.use_dual_stack.unwrap_or_default(),
            partitions: self.partitions,
        };
        // Files that should have it and cannot be read must not mean another region.
        if config.region.is_none() && context.profiles.region().is_ok() {
            match region_from_imds(&context).await {
                None => {}
                Some(Ok(region)) => config.region = Some(region),
                Some(Err(why)) => config
                    .region_places
                    .push(format!("instance metadata ({why})")),
            }
            context.region = config.region.clone();
        }
        let asking = Asking::default();
        let base = config.credentials_provider.take().unwrap_or_else(|| {
            let chain = DefaultChain::new(context.clone(), asking.clone());
            Provider::of_chain(SharedCredentialsProvider::new(chain), asking.clone())
        });
        let cache = config.identity_cache.clone().unwrap_or_default();
        config.credentials_provider = Some(match self.assume {
            Some(assume) => assume(&context, base, self.roles, &cache, &asking),
            None => base,
        });
        config
    }
}

/// What was found; the problem is put to the others.
fn noted<T>(found: Result<Option<T>, String>, problems: &mut Vec<String>) -> Option<T> {
    found
        .map_err(|problem| problems.push(problem))
        .ok()
        .flatten()
}

/// Who gives the credentials in environment variables, if there are any.
fn credentials_provider(environment: &Environment) -> Option<SharedCredentialsProvider> {
    match environment.credentials() {
        Ok(credentials) => Some(SharedCredentialsProvider::new(credentials)),
        Err(CredentialsError::CredentialsNotLoaded(_)) => None,
        // Half of them is an error, but not before they are needed.
        Err(_) => {
            let environment = environment.clone();
            Some(SharedCredentialsProvider::new(provide_credentials_fn(
                move || ready(environment.credentials()),
            )))
        }
    }
}

#[cfg(test)]
mod tests;
