//! A light, complete client for AWS CloudTrail.
//!
//! ```no_run
//! use cloudtrail_sdk::{Client, config};
//!
//! # async fn example() -> Result<(), cloudtrail_sdk::Error> {
//! let client = Client::from_conf(config::load().await);
//! let trails = client.describe_trails().send().await?;
//! for trail in trails.trail_list() {
//!     println!("{}", trail.name().unwrap_or_default());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The names are those of `aws-sdk-cloudtrail`; a program written for that crate changes the
//! crate's name and compiles.

#![deny(missing_docs)]

#[rustfmt::skip]
#[allow(deprecated, reason = "deprecated members are generated, set and read like others")]
mod generated;
#[allow(dead_code, unreachable_pub, reason = "serves any AWS JSON service; this one does not use all of it")]
mod runtime;

pub use self::config::Config;
pub use self::generated::{Client, Error, operation, types};

/// The client and what belongs to it.
pub mod client {
    pub use crate::generated::Client;
}

/// Configuration: region, credentials, endpoint.
pub mod config {
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
    /// - endpoint URL: `AWS_ENDPOINT_URL_CLOUDTRAIL`, `AWS_ENDPOINT_URL`, unless
    ///   `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` is `true`
    /// - `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT`: `true` or `false`
    ///
    /// What is missing is reported by the first call.
    #[expect(clippy::unused_async, reason = "profiles and metadata services will be read here")]
    pub async fn load() -> Config {
        Config::from_env(&crate::generated::service::SERVICE, &|name| {
            std::env::var(name).ok()
        })
    }
}

/// Why a call has no output.
pub mod error {
    pub use crate::runtime::error::{
        BoxError, BuildError, CallInfo, ConstructionError, ConstructionFailure,
        CreateUnhandledError, DispatchFailure, DisplayErrorContext, ErrorMetadata,
        ErrorMetadataBuilder, ProvideErrorMetadata, ResponseError, SdkError, ServiceError,
        TimeoutError, Unhandled, UnknownVariantError,
    };
    pub use crate::runtime::http::{ConnectorError, HttpResponse};
}

/// Types of members that are not the service's own.
pub mod primitives {
    pub use aws_smithy_types::date_time::Format as DateTimeFormat;
    pub use aws_smithy_types::{Blob, DateTime};

    pub use crate::runtime::codec::Map;

    /// A value that the model leaves open: any JSON.
    pub use serde_json::Value as Document;
}

/// Page after page of an operation's output.
pub mod pagination {
    pub use crate::runtime::paginator::{ItemPaginator, PaginationStream, Paginator};
}

/// What this crate is.
pub mod meta {
    /// The version of the crate.
    pub static PKG_VERSION: &str = env!("CARGO_PKG_VERSION");
}
