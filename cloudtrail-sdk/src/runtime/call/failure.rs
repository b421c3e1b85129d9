//! How far a call has come, and why it goes no further.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use tracing::debug;

use crate::runtime::base::time::{Clock, Elapsed, timeout};
use crate::runtime::error::call_info::{CallInfo, TimeLimit};
use crate::runtime::error::construction::ConstructionError;
use crate::runtime::error::metadata::ErrorMetadata;
use crate::runtime::policy::retry::AttemptFailure;
use crate::runtime::wire::http::ConnectorError;

/// Why an exchange did not end in a success, before the operation's error type comes in.
pub(crate) enum Failure {
    Construction(ConstructionError),
    Timeout(TimeLimit),
    Dispatch(ConnectorError),
    Service(Box<(HttpResponse, ErrorMetadata)>),
}

impl Failure {
    /// The failure as the rules of retrying see it; what was never sent is not their business.
    pub(super) fn of_attempt(&self) -> Option<AttemptFailure<'_>> {
        match self {
            Self::Construction(_) => None,
            Self::Timeout(_) => Some(AttemptFailure::Timeout),
            Self::Dispatch(error) => Some(AttemptFailure::Dispatch(error.retryable())),
            Self::Service(service) => Some(AttemptFailure::Service {
                response: &service.0,
                code: service.1.code(),
            }),
        }
    }
}

impl From<ConstructionError> for Failure {
    fn from(error: ConstructionError) -> Self {
        Self::Construction(error)
    }
}

impl From<ConnectorError> for Failure {
    fn from(error: ConnectorError) -> Self {
        Self::Dispatch(error)
    }
}

impl From<TimeLimit> for Failure {
    fn from(limit: TimeLimit) -> Self {
        Self::Timeout(limit)
    }
}

/// Gives a future this much time, if any is set.
pub(crate) async fn within<T, E: From<TimeLimit>>(
    time: &dyn Clock,
    limit: Option<TimeLimit>,
    future: Pin<&mut (dyn Future<Output = Result<T, E>> + Send)>,
) -> Result<T, E> {
    let Some(limit) = limit else {
        return future.await;
    };
    match timeout(time, limit.duration(), future).await {
        Ok(result) => result,
        Err(Elapsed) => {
            debug!(%limit, "time ran out");
            Err(limit.into())
        }
    }
}

/// How far a call has come.
pub(crate) struct Progress<'a> {
    operation: &'static str,
    /// How many requests were sent.
    pub(super) requests: u32,
    /// Whether the last failure would have been followed by a retry, had there been tokens for it.
    pub(crate) out_of_tokens: bool,
    time: &'a dyn Clock,
    started: Duration,
}

impl<'a> Progress<'a> {
    pub(crate) fn start(operation: &'static str, time: &'a dyn Clock) -> Self {
        Self {
            operation,
            requests: 0,
            out_of_tokens: false,
            time,
            started: time.elapsed(),
        }
    }

    pub(crate) fn info(&self) -> CallInfo {
        let elapsed = self.time.elapsed().saturating_sub(self.started);
        let call = CallInfo::new(self.operation, self.requests, elapsed);
        match self.out_of_tokens {
            true => call.out_of_tokens(),
            false => call,
        }
    }
}
