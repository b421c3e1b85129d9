//! Failed attempts, and what is made of them.

use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::retries::classifiers::RetryClassifierPriority;
use aws_smithy_types::retry::ErrorKind;

use crate::runtime::service::metadata::RetryReason;

/// How an attempt failed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AttemptFailure<'a> {
    /// The service answered with an error.
    Service {
        response: &'a HttpResponse,
        code: Option<&'a str>,
    },
    /// No whole response came; the kind says why that is worth a retry, if it is.
    Dispatch(Option<ErrorKind>),
    /// The time for an attempt ran out.
    Timeout,
}

/// Why a failed attempt is worth a retry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verdict {
    pub(crate) reason: RetryReason,
    /// When the service wants the request repeated.
    pub(crate) retry_after: Option<Duration>,
    /// That of smithy's classifier with this rule: a program's classifiers can have a higher one.
    pub(crate) priority: RetryClassifierPriority,
}

/// The header in which a service says when it wants a request repeated that it did not serve.
pub(crate) const RETRY_AFTER: &str = "x-amz-retry-after";

/// What [`RETRY_AFTER`] says; one that holds no number of milliseconds counts for nothing.
pub(crate) fn retry_after(header: &str) -> Option<Duration> {
    header.parse().ok().map(Duration::from_millis)
}
