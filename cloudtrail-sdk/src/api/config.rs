//! Configuration: region, credentials, endpoint, retries, timeouts.

use std::fmt::Debug;

use aws_types::service_config::ServiceConfigKey;

pub use aws_credential_types::Credentials;
pub use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
pub use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep, Sleep};
pub use aws_smithy_async::time::{SharedTimeSource, TimeSource};
pub use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
pub use aws_smithy_runtime_api::client::http::{HttpClient, SharedHttpClient};
pub use aws_smithy_runtime_api::client::interceptors::{Intercept, SharedInterceptor};
pub use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
pub use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
pub use aws_smithy_types::config_bag::{ConfigBag, FrozenLayer, Layer};
pub use aws_types::SdkConfig;
pub use aws_types::app_name::AppName;
pub use aws_types::region::Region;
pub use aws_types::sdk_ua_metadata::FrameworkMetadata;

pub use crate::runtime::base::boxed::BoxFuture;
pub use crate::runtime::base::environment::Environment;
pub use crate::runtime::base::time::{Clock, SharedClock};
pub use crate::runtime::configuration::config::{Builder, Config};
#[cfg(feature = "default-credentials")]
pub use crate::runtime::configuration::credentials::AssumeRole;
pub use crate::runtime::configuration::invocation_id::{
    InvocationId, InvocationIdGenerator, SharedInvocationIdGenerator,
};
pub use crate::runtime::configuration::load::Loader;
pub use crate::runtime::policy::identity::{IdentityCache, LazyCacheBuilder, SharedIdentityCache};
pub use crate::runtime::wire::http::{
    ReqwestClient, ReqwestClientBuilder, SharedTransport, Transport,
};

use self::endpoint::{DefaultResolver, ResolveEndpoint, SharedEndpointResolver};
use crate::generated::partitions::PARTITIONS;
use crate::generated::service::SERVICE;

pub mod endpoint;

/// How requests are authenticated, where a program decides that.
pub mod auth {
    pub use crate::runtime::fluent::smithy::auth::{
        BuildError, DefaultAuthSchemeResolver, Params, ParamsBuilder, ResolveAuthScheme,
    };
}

/// Requests and responses, as programs see them.
pub mod http {
    pub use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
}

/// What the hooks of interceptors are given.
pub mod interceptors {
    pub use aws_smithy_runtime_api::client::interceptors::context::{
        AfterDeserializationInterceptorContextRef, BeforeDeserializationInterceptorContextMut,
        BeforeDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextMut,
        BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
        BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextMut,
        FinalizerInterceptorContextRef, InterceptorContext,
    };
}

/// How failed attempts are repeated.
pub mod retry {
    pub use aws_smithy_runtime_api::client::retries::ShouldAttempt;
    pub use aws_smithy_runtime_api::client::retries::classifiers::{
        ClassifyRetry, RetryAction, RetryClassifierPriority, RetryReason, SharedRetryClassifier,
    };
    pub use aws_smithy_types::retry::{ReconnectMode, RetryConfig, RetryConfigBuilder, RetryMode};

    pub use crate::runtime::policy::retry::{
        ClientRateLimiter, RetryPartition, RetryPartitionBuilder, RetryVersion, TokenBucket,
        TokenBucketBuilder,
    };
}

/// How much time calls get.
pub mod timeout {
    pub use aws_smithy_types::timeout::{TimeoutConfig, TimeoutConfigBuilder};
}

impl Config {
    /// Takes over what applications on `aws-config` have loaded: region, credentials provider,
    /// endpoint URL, FIPS, dual-stack, HTTP client, retries, timeouts, and what goes into the user
    /// agent; a time source and a way to wait if they are the program's own.
    ///
    /// `aws-config` always sets a time source, a way to wait and an identity cache. Smithy's
    /// `SystemTimeSource` and `TokioSleep`, recognized by their `Debug`, mean what clients here do
    /// anyway, and are passed over. So is any identity cache, since the client keeps its credentials
    /// itself; [`Builder::identity_cache`] sets how.
    pub fn new(config: &SdkConfig) -> Self {
        Builder::from(config).build()
    }

    /// The name of the service in signatures.
    pub fn signing_name(&self) -> &'static str {
        SERVICE.signing_name
    }

    /// What decides where requests go: the resolver that was set, or the rules of the service.
    pub fn endpoint_resolver(&self) -> SharedEndpointResolver {
        let rules = || DefaultResolver::new().into_shared_resolver();
        self.endpoint_resolver.clone().unwrap_or_else(rules)
    }
}

impl From<&SdkConfig> for Config {
    fn from(config: &SdkConfig) -> Self {
        Self::new(config)
    }
}

impl From<&SdkConfig> for Builder {
    fn from(config: &SdkConfig) -> Self {
        let mut builder = Self::new()
            .region(config.region().cloned())
            .disable_clock_skew_correction(config.disable_clock_skew_correction());
        builder
            .set_credentials_provider(config.credentials_provider())
            .set_endpoint_url(endpoint_url(config))
            .set_use_fips(config.use_fips())
            .set_use_dual_stack(config.use_dual_stack())
            .set_http_client(config.http_client())
            .set_time_source(own(
                config.time_source(),
                "SharedTimeSource",
                "SystemTimeSource",
            ))
            .set_sleep_impl(own(config.sleep_impl(), "SharedAsyncSleep", "TokioSleep"))
            .set_retry_config(config.retry_config().cloned())
            .set_timeout_config(config.timeout_config().cloned())
            .set_app_name(config.app_name().cloned())
            .set_stalled_stream_protection(config.stalled_stream_protection());
        if let Some(preference) = config.auth_scheme_preference() {
            builder.set_auth_scheme_preference(Some(preference.clone()));
        }
        for metadata in config.framework_metadata() {
            builder.push_framework_metadata(metadata.clone());
        }
        builder
    }
}

/// What a program has set itself: it has another `Debug` than the default, which can be wrapped more
/// than once.
fn own<T: Debug>(set: Option<T>, wrapper: &str, default: &str) -> Option<T> {
    let wrapper = format!("{wrapper}(");
    set.filter(|set| {
        format!("{set:?}")
            .replace(&wrapper, "")
            .trim_end_matches(')')
            != default
    })
}

/// The URL that was set in code, else the service's own of environment and profile, else any.
fn endpoint_url(config: &SdkConfig) -> Option<String> {
    let any = config.endpoint_url().map(str::to_owned);
    if config.get_origin("endpoint_url").is_client_config() {
        return any;
    }
    let key = ServiceConfigKey::builder()
        .service_id(SERVICE.sdk_id)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .ok()?;
    let services = config.service_config();
    services
        .and_then(|services| services.load_config(key))
        .or(any)
}

/// Loads the configuration that AWS tools share: from environment variables, then from the profile,
/// then from the container or the EC2 instance that the program runs in.
///
/// | | variable | property of the profile | default |
/// |---|---|---|---|
/// | profile | `AWS_PROFILE` | | `default` |
/// | configuration file | `AWS_CONFIG_FILE` | | `~/.aws/config` |
/// | credentials file | `AWS_SHARED_CREDENTIALS_FILE` | | `~/.aws/credentials` |
/// | region | `AWS_REGION`, `AWS_DEFAULT_REGION` | `region` | that of the EC2 instance |
/// | endpoint URL | `AWS_ENDPOINT_URL_{SERVICE}`, `AWS_ENDPOINT_URL` | `endpoint_url` of the service in the section that `services` names, `endpoint_url` | by the region |
/// | ignore these endpoint URLs | `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` | `ignore_configured_endpoint_urls` | `false` |
/// | FIPS endpoints | `AWS_USE_FIPS_ENDPOINT` | `use_fips_endpoint` | `false` |
/// | dual-stack endpoints | `AWS_USE_DUALSTACK_ENDPOINT` | `use_dualstack_endpoint` | `false` |
/// | retry mode: `standard`, `adaptive` | `AWS_RETRY_MODE` | `retry_mode` | `standard` |
/// | attempts, the first included | `AWS_MAX_ATTEMPTS` | `max_attempts` | 3 |
/// | retry rules of 2026 | `AWS_NEW_RETRIES_2026` | | `true` |
/// | keep to this machine's clock | `AWS_DISABLE_CLOCK_SKEW_CORRECTION` | `disable_clock_skew_correction` | `false` |
/// | certificate authorities to trust instead of the platform's, a PEM file | `AWS_CA_BUNDLE` | `ca_bundle` | the platform's |
/// | application's name | `AWS_SDK_UA_APP_ID` | `sdk_ua_app_id` | none |
/// | credentials | `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_ACCOUNT_ID` | by the default chain | |
///
/// The home folder is `HOME`; on Windows, else `USERPROFILE`, else `HOMEDRIVE` and `HOMEPATH`.
/// `{SERVICE}` is the service's name in capitals with `_` for blanks; in a `services` section it is
/// in small letters. Time limits are set by code alone.
///
/// Credentials that are not in environment variables are looked for by the default chain, which is
/// behind the crate's feature `default-credentials`, on by default. So is the region of the EC2
/// instance. The chain reads the profile files again each time that it loads credentials, so that
/// keys can be rotated while the program runs; the settings stay what they were.
///
/// A profile without a region has that of its `source_profile`. A profile that [`profile_name`] names
/// comes before credentials in environment variables.
///
/// Variables and properties that are blank count as not set. `disable_clock_skew_correction` and
/// `AWS_NEW_RETRIES_2026` are ignored if they are neither `true` nor `false`, and so is an
/// application's name that no header can hold: both are warned about. The same goes for files that are
/// missing where a variable names them.
///
/// # Errors
///
/// Loading does not fail. These are reported by the first call, before anything is sent: an unknown
/// retry mode, a number of attempts that is none, certificate authorities that cannot be read, a
/// switch of endpoints that is neither `true` nor `false`, a `services` section that does not exist,
/// and a profile that the program names and that does not exist.
///
/// A line of the profile files that is malformed is a warning, unless credentials or region come from
/// its section, or it seems to set an endpoint: then it is an error. So is `AWS_PROFILE` with a profile
/// that does not exist, if credentials or region have to come from it, and credentials that are set
/// by half.
///
/// [`profile_name`]: Loader::profile_name
pub async fn load() -> Config {
    loader().load().await
}

/// Loads the configuration as [`load`] does, without `async`; with the feature `blocking`.
#[cfg(feature = "blocking")]
pub fn load_blocking() -> Config {
    loader().load_blocking()
}

/// Loads the configuration as [`load`] does, but what is set in code comes first:
/// `loader().profile_name("audit").region(Region::new("eu-central-1")).load().await`.
pub fn loader() -> Loader {
    Loader::new(&SERVICE, &PARTITIONS)
}
