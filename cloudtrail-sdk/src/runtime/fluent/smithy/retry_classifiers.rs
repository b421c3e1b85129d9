//! What the retry classifiers of a program make of an attempt.

use std::time::Duration;

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryReason, SharedRetryClassifier,
};
use aws_smithy_types::retry::ErrorKind;

use crate::runtime::policy::retry::{Verdict, reason_of_kind};
use crate::runtime::service::metadata;

/// What the rules and the classifiers make of an attempt: why it is worth a retry, and when.
pub(super) fn classify(
    classifiers: &[SharedRetryClassifier],
    by_rules: Option<Verdict>,
    context: &InterceptorContext,
) -> Option<(metadata::RetryReason, Option<Duration>)> {
    let Some(by_rules) = by_rules else {
        let action = ask(classifiers.iter(), RetryAction::NoActionIndicated, context);
        return decision(&action);
    };
    let (before, after): (Vec<_>, Vec<_>) = classifiers
        .iter()
        .partition(|classifier| classifier.priority() < by_rules.priority);
    let before = ask(before.into_iter(), RetryAction::NoActionIndicated, context);
    if before == RetryAction::RetryForbidden {
        return None;
    }
    let rules = RetryAction::RetryIndicated(RetryReason::RetryableError {
        kind: kind_of(by_rules.reason),
        retry_after: by_rules.retry_after,
    });
    decision(&ask(after.into_iter(), rules, context))
}

/// Asks classifiers in the order of their priorities.
fn ask<'c>(
    classifiers: impl Iterator<Item = &'c SharedRetryClassifier>,
    mut action: RetryAction,
    context: &InterceptorContext,
) -> RetryAction {
    let mut classifiers: Vec<_> = classifiers.collect();
    classifiers.sort_by_key(|classifier| classifier.priority());
    for classifier in classifiers {
        match classifier.classify_retry_v2(context, &action) {
            RetryAction::NoActionIndicated => {}
            RetryAction::RetryForbidden => return RetryAction::RetryForbidden,
            decided => action = decided,
        }
    }
    action
}

fn decision(action: &RetryAction) -> Option<(metadata::RetryReason, Option<Duration>)> {
    match action {
        RetryAction::RetryIndicated(RetryReason::RetryableError { kind, retry_after }) => {
            Some((reason_of_kind(*kind), *retry_after))
        }
        _ => None,
    }
}

fn kind_of(reason: metadata::RetryReason) -> ErrorKind {
    match reason {
        metadata::RetryReason::Transient => ErrorKind::TransientError,
        metadata::RetryReason::Throttling => ErrorKind::ThrottlingError,
        metadata::RetryReason::Modeled => ErrorKind::ServerError,
    }
}
