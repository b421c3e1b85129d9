//! Retries: which failed attempts are repeated, how often, and after how long.
//!
//! AWS's rules have versions; [`RetryVersion`] names them.

mod bucket;
mod classify;
mod rate_limiter;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_types::retry::{RetryConfig, RetryMode};
use tracing::debug;

use self::bucket::TokenBucket;
pub(super) use self::bucket::Tokens;
use self::rate_limiter::RateLimiter;
use super::config::Config;
use super::http::{ConnectorError, HttpResponse};
use super::time::TimeSource;

#[cfg(feature = "default-credentials")]
pub(super) use self::classify::reason_of_code;
pub(super) use self::classify::{classify, is_throttling};

/// What `RetryConfig` has as the first delay when nothing was set.
const DEFAULT_INITIAL_BACKOFF: Duration = Duration::from_secs(1);

/// How far beyond the computed delay a service can ask to wait, under 2.1.
const RETRY_AFTER_SPAN: Duration = Duration::from_secs(5);

/// A version of AWS's rules of retrying.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryVersion {
    /// The rules until 2025: first delays of up to 1 s; a retry costs 5 of the client's 500 tokens,
    /// 10 after transient errors.
    V2_0,
    /// The rules since 2026: first delays of up to 50 ms, up to 1 s after throttling; a retry costs 14
    /// tokens, 5 after throttling.
    #[default]
    V2_1,
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
    Modelled,
}

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
    pub(super) operation: &'static str,
    pub(super) number: u32,
    pub(super) failure: AttemptFailure<'a>,
}

/// How an attempt failed.
#[derive(Clone, Copy, Debug)]
pub(super) enum AttemptFailure<'a> {
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

/// When a service wants a request repeated that it did not serve; a header that holds no number of
/// milliseconds counts for nothing.
pub(super) fn retry_after(response: &HttpResponse) -> Option<Duration> {
    let millis = response.header("x-amz-retry-after")?.parse().ok()?;
    Some(Duration::from_millis(millis))
}

/// How a client retries, and what it has left for that.
#[derive(Clone, Debug)]
pub(super) struct Retries {
    pub(super) max_attempts: u32,
    version: RetryVersion,
    initial_backoff: Duration,
    max_backoff: Duration,
    bucket: TokenBucket,
    /// In adaptive mode.
    rate_limiter: Option<Arc<Mutex<RateLimiter>>>,
}

/// A retry that has been paid for.
#[derive(Debug)]
pub(super) struct Retry {
    pub(super) delay: Duration,
    pub(super) tokens: Tokens,
}

impl Retries {
    pub(super) fn new(config: &Config, time: &dyn TimeSource) -> Self {
        let default = RetryConfig::standard();
        let retry_config = config.retry_config.as_ref().unwrap_or(&default);
        let adaptive = retry_config.mode() == RetryMode::Adaptive;
        Self {
            max_attempts: retry_config.max_attempts(),
            version: config.retry_version.unwrap_or_default(),
            initial_backoff: retry_config.initial_backoff(),
            max_backoff: retry_config.max_backoff(),
            bucket: TokenBucket::full(),
            rate_limiter: adaptive.then(|| Arc::new(Mutex::new(RateLimiter::new(time.elapsed())))),
        }
    }

    /// The same tokens, and the same rate if both are adaptive, by other rules.
    pub(super) fn with_rules_of(&self, config: &Config, time: &dyn TimeSource) -> Self {
        let other = Self::new(config, time);
        Self {
            bucket: self.bucket.clone(),
            rate_limiter: match (&self.rate_limiter, other.rate_limiter) {
                (Some(limiter), Some(_)) => Some(Arc::clone(limiter)),
                (_, limiter) => limiter,
            },
            ..other
        }
    }

    /// Waits until a request may be sent; in adaptive mode that can take a while.
    pub(super) async fn wait_for_turn(&self, time: &dyn TimeSource) {
        while let Some(wait) = self.time_to_turn(time) {
            debug!(?wait, "slowed down by adaptive retries");
            let before = time.elapsed();
            time.sleep(wait).await;
            // A clock that stands still would make this endless.
            if time.elapsed() <= before {
                return;
            }
        }
    }

    fn time_to_turn(&self, time: &dyn TimeSource) -> Option<Duration> {
        let limiter = self.rate_limiter.as_ref()?;
        let mut limiter = limiter.lock().unwrap_or_else(PoisonError::into_inner);
        limiter.acquire(time.elapsed())
    }

    /// Takes note of how an attempt ended.
    pub(super) fn observe(&self, action: RetryAction, time: &dyn TimeSource) {
        if let Some(limiter) = &self.rate_limiter {
            let mut limiter = limiter.lock().unwrap_or_else(PoisonError::into_inner);
            let throttled = action == RetryAction::RetryIndicated(RetryReason::Throttling);
            limiter.update(time.elapsed(), throttled);
        }
    }

    /// Pays for a retry, unless there is no attempt or no token left.
    pub(super) fn retry(
        &self,
        reason: RetryReason,
        attempts: u32,
        retry_after: Option<Duration>,
        time: &dyn TimeSource,
    ) -> Option<Retry> {
        if attempts >= self.max_attempts {
            debug!(attempts, "no attempt left");
            return None;
        }
        let Some(tokens) = self.bucket.take(self.cost(reason)) else {
            debug!(attempts, tokens = self.tokens(), "no retry tokens left");
            return None;
        };
        Some(Retry {
            delay: self.delay(reason, attempts, retry_after, time.jitter()),
            tokens,
        })
    }

    /// Rewards a success, which gives back what the last retry of the call took, if there was one.
    pub(super) fn succeed(&self, last: Option<Tokens>) {
        if last.is_none() {
            self.bucket.give(1);
        }
    }

    /// How many tokens are left.
    pub(super) fn tokens(&self) -> u32 {
        self.bucket.level()
    }

    fn cost(&self, reason: RetryReason) -> u32 {
        match (self.version, reason) {
            (RetryVersion::V2_0, RetryReason::Transient) => 10,
            (RetryVersion::V2_0, _) | (RetryVersion::V2_1, RetryReason::Throttling) => 5,
            (RetryVersion::V2_1, _) => 14,
        }
    }

    /// The delay after the attempt with the number `attempts`.
    fn delay(
        &self,
        reason: RetryReason,
        attempts: u32,
        retry_after: Option<Duration>,
        jitter: f64,
    ) -> Duration {
        let base = match (self.version, reason) {
            _ if self.initial_backoff != DEFAULT_INITIAL_BACKOFF => self.initial_backoff,
            (RetryVersion::V2_1, RetryReason::Transient | RetryReason::Modelled) => {
                Duration::from_millis(50)
            }
            _ => DEFAULT_INITIAL_BACKOFF,
        };
        let doubled = 2_u32.saturating_pow(attempts.saturating_sub(1));
        let longest = base.saturating_mul(doubled).min(self.max_backoff);
        // The longest duration, as a float, is too long for a duration.
        let delay = Duration::try_from_secs_f64(longest.as_secs_f64() * jitter).unwrap_or(longest);
        match (retry_after, self.version) {
            (None, _) => delay,
            (Some(asked), RetryVersion::V2_0) => asked.min(self.max_backoff),
            (Some(asked), RetryVersion::V2_1) => {
                asked.clamp(delay, delay.saturating_add(RETRY_AFTER_SPAN))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_of_a_classifier_is_its_name() {
        let classifier = SharedRetryClassifier::new(|_: &Attempt<'_>| RetryAction::default());
        assert_eq!(format!("{classifier:?}"), "SharedRetryClassifier");
    }
}
