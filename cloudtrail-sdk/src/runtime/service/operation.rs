//! Operations.

use std::fmt::Debug;

use aws_smithy_runtime_api::client::result::CreateUnhandledError;
use tracing::Span;

use crate::runtime::error::metadata::ProvideErrorMetadata;
use crate::runtime::error::modeled::FromErrorResponse;
use crate::runtime::service::endpoint::Params;
use crate::runtime::wire::codec::{Decode, EncodeMembers};

/// An operation, implemented by its input: for functions that take any operation's builder.
///
/// The trait is sealed: only the inputs of this crate implement it, since what it requires has no
/// public name.
pub trait Operation: EncodeMembers + Debug + Send + Sync + 'static {
    /// The name in the model and on the wire.
    const NAME: &'static str;

    /// What a success returns.
    type Output: Decode + SetRequestId + Debug + Send + Sync + 'static;

    /// What the service can answer instead.
    type Error: std::error::Error
        + ProvideErrorMetadata
        + CreateUnhandledError
        + FromErrorResponse
        + Send
        + Sync
        + 'static;

    /// The codes of the errors that the model lists for it.
    const ERRORS: &'static [&'static str] = &[];

    /// Whether requests are signed; some operations serve callers who have no credentials yet.
    const SIGNED: bool = true;

    /// Whether the service takes requests in gzip.
    const COMPRESSED: bool = false;

    /// The operation to ask for the endpoint, where the service demands that.
    const ENDPOINT_OPERATION: Option<&'static str> = None;

    /// The span of a call, for traces.
    #[doc(hidden)]
    fn span() -> Span;

    /// Fills the idempotency tokens that were not set.
    #[doc(hidden)]
    fn fill_idempotency_tokens(&mut self) {}

    /// Sets the parameters of the endpoint rules that the operation knows.
    #[doc(hidden)]
    fn endpoint_params(&self, _: &mut Params) {}

    /// What goes before the host of the endpoint, be it one that the user has named.
    #[doc(hidden)]
    fn host_prefix(&self) -> String {
        String::new()
    }
}

/// What is known of an operation without its type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OperationMetadata {
    pub(crate) name: &'static str,
    pub(crate) errors: &'static [&'static str],
    pub(crate) signed: bool,
    pub(crate) compressed: bool,
    pub(crate) endpoint_operation: Option<&'static str>,
}

impl OperationMetadata {
    pub(crate) fn of<I: Operation>() -> Self {
        Self {
            name: I::NAME,
            errors: I::ERRORS,
            signed: I::SIGNED,
            compressed: I::COMPRESSED,
            endpoint_operation: I::ENDPOINT_OPERATION,
        }
    }
}

/// An output that keeps the ID of the request it came from.
pub trait SetRequestId {
    /// Keeps the ID.
    fn set_request_id(&mut self, id: Option<&str>);
}

/// A new idempotency token: a random UUID.
#[allow(dead_code, reason = "for services that take idempotency tokens")]
pub(crate) fn idempotency_token() -> String {
    uuid::Uuid::new_v4().to_string()
}
