//! What fakes exchange with clients besides HTTP: inputs, outputs and errors as they are.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

/// The input of an operation, among the extensions of its request.
#[derive(Clone)]
pub(crate) struct TypedInput {
    operation: &'static str,
    input: Arc<dyn Any + Send + Sync>,
}

impl TypedInput {
    pub(super) fn new<I: Send + Sync + 'static>(operation: &'static str, input: I) -> Self {
        Self {
            operation,
            input: Arc::new(input),
        }
    }

    /// The operation, by its name in the model.
    pub(crate) fn operation(&self) -> &'static str {
        self.operation
    }

    /// The input, if it is an `I`.
    pub(crate) fn get<I: 'static>(&self) -> Option<&I> {
        self.input.downcast_ref()
    }
}

/// The output or error that a fake answers with, in the place of a body. It need not be [`Clone`], so
/// clones share it, and it can be taken once.
#[derive(Clone, Default)]
pub(super) struct TypedAnswer(Arc<Mutex<Option<Box<dyn Any + Send>>>>);

impl TypedAnswer {
    pub(super) fn new<T: Send + 'static>(answer: T) -> Self {
        Self(Arc::new(Mutex::new(Some(Box::new(answer)))))
    }

    /// The answer, if there is one and it is a `T`.
    pub(super) fn take<T: 'static>(&self) -> Option<T> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take_if(|answer| answer.is::<T>())
            .and_then(|answer| answer.downcast().ok())
            .map(|answer| *answer)
    }
}
