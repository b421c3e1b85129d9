//! A failed attempt, and what is made of it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use crate::runtime::service::metadata::RetryReason;
use crate::runtime::wire::http::ConnectorError;

/// What a classifier makes of a failed attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAction {
    /// No opinion.
    #[default]
    NoActionIndicated,
    /// Repeat it, if attempts and tokens are left.
    RetryIndicated(RetryReason),
    /// Do not repeat it, whatever others say.
    RetryForbidden,
}

impl RetryAction {
    /// Repeat it: the failure passes.
    pub fn transient_error() -> Self {
        Self::RetryIndicated(RetryReason::Transient)
    }

    /// Repeat it: the service wants to be called less.
    pub fn throttling_error() -> Self {
        Self::RetryIndicated(RetryReason::Throttling)
    }
}

/// An attempt that failed.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    pub(crate) operation: &'static str,
    pub(crate) number: u32,
    pub(crate) failure: AttemptFailure<'a>,
}

/// How an attempt failed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AttemptFailure<'a> {
    /// The service answered with an error.
    Service {
        response: &'a HttpResponse,
        code: Option<&'a str>,
    },
    /// No whole response came.
    Dispatch(&'a ConnectorError),
    /// The time for an attempt ran out.
    Timeout,
}

impl<'a> Attempt<'a> {
    /// The operation, by its name in the model.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// How many attempts there have been, this one included.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The response, if one came.
    pub fn response(&self) -> Option<&'a HttpResponse> {
        match self.failure {
            AttemptFailure::Service { response, .. } => Some(response),
            _ => None,
        }
    }

    /// The code of the service's error.
    pub fn error_code(&self) -> Option<&'a str> {
        match self.failure {
            AttemptFailure::Service { code, .. } => code,
            _ => None,
        }
    }

    /// What the transport said, if no whole response came.
    pub fn connector_error(&self) -> Option<&'a ConnectorError> {
        match self.failure {
            AttemptFailure::Dispatch(error) => Some(error),
            _ => None,
        }
    }

    /// Whether the time for an attempt ran out.
    pub fn is_timeout(&self) -> bool {
        matches!(self.failure, AttemptFailure::Timeout)
    }
}

/// Decides which failed attempts are worth repeating, besides those that AWS's rules name.
pub trait ClassifyRetry: Send + Sync {
    /// What to do about a failed attempt.
    fn classify_retry(&self, attempt: &Attempt<'_>) -> RetryAction;
}

impl<F: Fn(&Attempt<'_>) -> RetryAction + Send + Sync> ClassifyRetry for F {
    fn classify_retry(&self, attempt: &Attempt<'_>) -> RetryAction {
        self(attempt)
    }
}

/// A [`ClassifyRetry`] that many clients can share.
#[derive(Clone)]
pub struct SharedRetryClassifier(Arc<dyn ClassifyRetry>);

impl SharedRetryClassifier {
    /// Wraps a classifier.
    pub fn new(classifier: impl ClassifyRetry + 'static) -> Self {
        Self(Arc::new(classifier))
    }
}

impl ClassifyRetry for SharedRetryClassifier {
    fn classify_retry(&self, attempt: &Attempt<'_>) -> RetryAction {
        self.0.classify_retry(attempt)
    }
}

impl fmt::Debug for SharedRetryClassifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedRetryClassifier")
    }
}

/// The header in which a service says when it wants a request repeated that it did not serve.
pub(crate) const RETRY_AFTER: &str = "x-amz-retry-after";

/// What [`RETRY_AFTER`] says; one that holds no number of milliseconds counts for nothing.
pub(crate) fn retry_after(header: &str) -> Option<Duration> {
    header.parse().ok().map(Duration::from_millis)
}
