//! Which failures AWS's rules call worth a retry.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::retries::classifiers::RetryClassifierPriority;
use aws_smithy_types::retry::ErrorKind;

use super::verdict::{AttemptFailure, RETRY_AFTER, Verdict, retry_after};
use crate::runtime::service::metadata::{RetryReason, ServiceMetadata};
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
    let failure = AttemptFailure::Service { response, code };
    classify(failure, service, operation)
        .is_some_and(|verdict| verdict.reason == RetryReason::Throttling)
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

/// Why the rules call a kind of error worth a retry.
pub(crate) fn reason_of_kind(kind: ErrorKind) -> RetryReason {
    match kind {
        ErrorKind::ThrottlingError => RetryReason::Throttling,
        ErrorKind::TransientError => RetryReason::Transient,
        _ => RetryReason::Modeled,
    }
}

/// What the rules say of a failed attempt.
pub(crate) fn classify(
    failure: AttemptFailure<'_>,
    service: &ServiceMetadata,
    operation: OperationMetadata,
) -> Option<Verdict> {
    let (response, code) = match failure {
        AttemptFailure::Timeout => return Some(without_response(RetryReason::Transient)),
        AttemptFailure::Dispatch(kind) => return kind.map(reason_of_kind).map(without_response),
        AttemptFailure::Service { response, code } => (response, code),
    };
    let modeled = RetryClassifierPriority::modeled_as_retryable_classifier();
    let verdict = |reason, priority| Some(with_response(response, reason, priority));
    if let Some(code) = code {
        if let Some(reason) = reason_of_code(code) {
            return verdict(reason, RetryClassifierPriority::run_before(modeled));
        }
        let retryable = service.retryable_errors.iter();
        if let Some((_, reason)) = retryable.copied().find(|(known, _)| *known == code) {
            return verdict(reason, modeled);
        }
    }
    let by_status = RetryClassifierPriority::http_status_code_classifier();
    let status = response.status().as_u16();
    if TRANSIENT_STATUSES.contains(&status) {
        return verdict(RetryReason::Transient, by_status);
    }
    // A gateway that throttles knows no codes. A code that the operation lists is a decision of the
    // service, which the model would call retryable if it were.
    if status == 429 && !code.is_some_and(|code| operation.errors.contains(&code)) {
        return verdict(RetryReason::Throttling, by_status);
    }
    None
}

/// What is made of a refusal that the clocks explain.
pub(crate) fn classify_skewed(response: &HttpResponse) -> Verdict {
    let by_status = RetryClassifierPriority::http_status_code_classifier();
    let priority = RetryClassifierPriority::run_after(by_status);
    with_response(response, RetryReason::Transient, priority)
}

fn with_response(
    response: &HttpResponse,
    reason: RetryReason,
    priority: RetryClassifierPriority,
) -> Verdict {
    Verdict {
        reason,
        retry_after: response.headers().get(RETRY_AFTER).and_then(retry_after),
        priority,
    }
}

fn without_response(reason: RetryReason) -> Verdict {
    Verdict {
        reason,
        retry_after: None,
        priority: RetryClassifierPriority::transient_error_classifier(),
    }
}
