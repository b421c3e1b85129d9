//! Configuration: region, credentials, endpoint.

pub use aws_credential_types::Credentials;
pub use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
pub use aws_types::SdkConfig;
pub use aws_types::region::Region;

pub use crate::runtime::config::{BehaviorVersion, Builder, Config};
pub use crate::runtime::http::{BoxFuture, HttpClient, ReqwestClient, SharedHttpClient};

/// Loads the configuration from the environment.
///
/// - region: `AWS_REGION`, `AWS_DEFAULT_REGION`
/// - credentials: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`
/// - endpoint URL: `AWS_ENDPOINT_URL_<SERVICE>`, such as `AWS_ENDPOINT_URL_CLOUDTRAIL`, then
///   `AWS_ENDPOINT_URL`, unless
///   `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` is `true`
/// - `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT`: `true` or `false`
///
/// What is missing is reported by the first call.
#[expect(
    clippy::unused_async,
    reason = "profiles and metadata services will be read here"
)]
pub async fn load() -> Config {
    Config::from_env(&crate::generated::service::SERVICE, &|name| {
        std::env::var(name).ok()
    })
}
