//! Which failures AWS's rules call worth a retry.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::retry::ErrorKind;

use super::{Attempt, AttemptFailure, RetryAction};
use crate::runtime::service::metadata::RetryReason;
use crate::runtime::service::metadata::ServiceMetadata;
use crate::runtime::service::operation::OperationMetadata;

const THROTTLING_CODES: [&str; 14] = [
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
];

const TRANSIENT_CODES: [&str; 2] = ["RequestTimeout", "RequestTimeoutException"];

const TRANSIENT_STATUSES: [u16; 4] = [500, 502, 503, 504];

/// Whether the rules take an answer for a wish to be called less.
pub(crate) fn is_throttling(
    response: &HttpResponse,
    code: Option<&str>,
    service: &ServiceMetadata,
    operation: OperationMetadata,
) -> bool {
    let attempt = Attempt {
        operation: operation.name,
        number: 1,
        failure: AttemptFailure::Service { response, code },
    };
    classify(&attempt, service, operation) == RetryAction::throttling_error()
}

/// Why the rules call an error with this code worth a retry, whatever its status.
pub(crate) fn reason_of_code(code: &str) -> Option<RetryReason> {
    if THROTTLING_CODES.contains(&code) {
        return Some(RetryReason::Throttling);
    }
    TRANSIENT_CODES
        .contains(&code)
        .then_some(RetryReason::Transient)
}

/// What the rules say of a failed attempt.
pub(crate) fn classify(
    attempt: &Attempt<'_>,
    service: &ServiceMetadata,
    operation: OperationMetadata,
) -> RetryAction {
    let (response, code) = match attempt.failure {
        AttemptFailure::Timeout => return RetryAction::transient_error(),
        AttemptFailure::Dispatch(error) if error.is_timeout() || error.is_io() => {
            return RetryAction::transient_error();
        }
        AttemptFailure::Dispatch(error) => {
            return match error.as_other() {
                Some(ErrorKind::ThrottlingError) => RetryAction::throttling_error(),
                Some(_) => RetryAction::transient_error(),
                None => RetryAction::NoActionIndicated,
            };
        }
        AttemptFailure::Service { response, code } => (response, code),
    };
    if let Some(code) = code {
        if let Some(reason) = reason_of_code(code) {
            return RetryAction::RetryIndicated(reason);
        }
        let modeled = service.retryable_errors.iter();
        if let Some((_, reason)) = modeled.copied().find(|(known, _)| *known == code) {
            return RetryAction::RetryIndicated(reason);
        }
    }
    let status = response.status().as_u16();
    if TRANSIENT_STATUSES.contains(&status) {
        return RetryAction::transient_error();
    }
    // A gateway that throttles knows no codes. A code that the operation lists is a decision of the
    // service, which the model would call retryable if it were.
    if status == 429 && !code.is_some_and(|code| operation.errors.contains(&code)) {
        return RetryAction::RetryIndicated(RetryReason::Throttling);
    }
    RetryAction::NoActionIndicated
}
