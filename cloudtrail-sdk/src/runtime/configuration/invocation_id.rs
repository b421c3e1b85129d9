//! The IDs by which services recognize the attempts of one call.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::runtime::base::boxed::BoxError;

/// Makes the IDs of calls, for tests that look at requests.
pub trait InvocationIdGenerator: fmt::Debug + Send + Sync {
    /// The ID of the next call, for the header `amz-sdk-invocation-id`. With `None` the header is left
    /// out, and an error fails the call.
    fn generate(&self) -> Result<Option<InvocationId>, BoxError>;
}

/// The ID of a call. One that no header can hold fails the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvocationId(String);

impl InvocationId {
    /// An ID from its text.
    pub fn new(invocation_id: String) -> Self {
        Self(invocation_id)
    }
}

impl Deref for InvocationId {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// An [`InvocationIdGenerator`] that many clients can share.
#[derive(Clone, Debug)]
pub struct SharedInvocationIdGenerator(Arc<dyn InvocationIdGenerator>);

impl SharedInvocationIdGenerator {
    /// Wraps a generator.
    pub fn new(generator: impl InvocationIdGenerator + 'static) -> Self {
        Self(Arc::new(generator))
    }
}

impl InvocationIdGenerator for SharedInvocationIdGenerator {
    fn generate(&self) -> Result<Option<InvocationId>, BoxError> {
        self.0.generate()
    }
}
