//! Everything that a client of an AWS JSON service needs besides its shapes and operations.
//!
//! Nothing here knows a service: what differs between services comes in as one [`ServiceMetadata`]
//! and as the trait impls of the generated code.

#[cfg(feature = "blocking")]
pub(crate) mod blocking;
pub(crate) mod client;
pub(crate) mod clock_skew;
pub(crate) mod codec;
mod compress;
pub(crate) mod config;
#[cfg(feature = "default-credentials")]
mod credentials;
mod discovery;
pub(crate) mod endpoint;
mod endpoint_url;
pub(crate) mod environment;
pub(crate) mod error;
pub(crate) mod http;
pub(crate) mod identity;
pub(crate) mod load;
pub(crate) mod macros;
pub(crate) mod operation;
pub(crate) mod paginator;
mod per_process;
pub(crate) mod profile;
pub(crate) mod response;
pub(crate) mod retry;
mod settings;
pub(crate) mod sign;
#[cfg(test)]
pub(crate) mod test_service;
#[cfg(feature = "test-util")]
pub(crate) mod test_util;
pub(crate) mod time;
mod trace_id;
pub(crate) mod untrusted;
mod user_agent;

/// The facts about a service that the runtime works with.
#[derive(Debug)]
pub struct ServiceMetadata {
    /// The `sdkId`: the service's name in traces and environment variables, such as `CloudTrail`.
    pub sdk_id: &'static str,
    /// The name in the credential scope of signatures.
    pub signing_name: &'static str,
    /// The name of the service shape, which stands before the operation in `X-Amz-Target`.
    pub target_prefix: &'static str,
    /// The content type of requests; it tells the version of AWS JSON.
    pub content_type: &'static str,
    /// Whether the service once spoke AWS Query, and is asked to tell the error codes of that time.
    pub query_compatible: bool,
    /// The codes of the errors that the model calls retryable, and what it says of them.
    pub retryable_errors: &'static [(&'static str, retry::RetryReason)],
    /// What helps against errors, by their codes.
    pub hints: &'static [(&'static str, &'static str)],
    /// The endpoint rules of the service.
    pub resolve_endpoint:
        fn(&endpoint::Params) -> Result<endpoint::Endpoint, endpoint::EndpointError>,
}
