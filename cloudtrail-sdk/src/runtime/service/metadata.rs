//! The facts about a service that the runtime works with.

use crate::runtime::service::endpoint::{Endpoint, EndpointError, Params};

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
    pub retryable_errors: &'static [(&'static str, RetryReason)],
    /// What helps against errors, by their codes.
    pub hints: &'static [(&'static str, &'static str)],
    /// The endpoint rules of the service.
    pub resolve_endpoint: fn(&Params) -> Result<Endpoint, EndpointError>,
}

/// Why an attempt is worth repeating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryReason {
    /// The network or the service failed in a way that passes.
    Transient,
    /// The service wants to be called less.
    Throttling,
    /// The model says that this error can be retried.
    Modeled,
}
