//! Retries: which failed attempts are repeated, how often, and after how long.
//!
//! AWS's rules have versions; [`RetryVersion`] names them.

mod attempts;
mod bucket;
mod classify;
mod partition;
mod rate_limiter;
mod verdict;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_types::retry::{RetryConfig, RetryMode};
use tracing::debug;

pub(crate) use self::attempts::Attempts;
use self::bucket::Tokens;
pub use self::bucket::{TokenBucket, TokenBucketBuilder};
pub use self::partition::{ClientRateLimiter, RetryPartition, RetryPartitionBuilder};
use self::rate_limiter::RateLimiter;
pub(crate) use self::verdict::{AttemptFailure, Verdict};
#[cfg(feature = "default-credentials")]
pub(crate) use self::verdict::{RETRY_AFTER, retry_after};
use crate::runtime::base::time::Clock;
use crate::runtime::service::metadata::RetryReason;

#[cfg(feature = "default-credentials")]
pub(crate) use self::classify::reason_of_code;
pub(crate) use self::classify::{classify, classify_skewed, is_throttling, reason_of_kind};

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

/// How a client retries, and what it has left for that.
#[derive(Clone, Debug)]
pub(crate) struct Retries {
    pub(crate) max_attempts: u32,
    version: RetryVersion,
    initial_backoff: Duration,
    max_backoff: Duration,
    bucket: TokenBucket,
    /// In adaptive mode.
    rate_limiter: Option<Arc<Mutex<RateLimiter>>>,
}

/// A retry that has been paid for.
#[derive(Debug)]
pub(crate) struct Retry {
    pub(crate) delay: Duration,
    pub(crate) tokens: Tokens,
}

impl Retries {
    pub(crate) fn new(
        retry_config: Option<&RetryConfig>,
        version: Option<RetryVersion>,
        time: &dyn Clock,
    ) -> Self {
        let default = RetryConfig::standard();
        let retry_config = retry_config.unwrap_or(&default);
        let adaptive = retry_config.mode() == RetryMode::Adaptive;
        Self {
            max_attempts: retry_config.max_attempts(),
            version: version.unwrap_or_default(),
            initial_backoff: retry_config.initial_backoff(),
            max_backoff: retry_config.max_backoff(),
            bucket: TokenBucket::default(),
            rate_limiter: adaptive.then(|| Arc::new(Mutex::new(RateLimiter::new(time.elapsed())))),
        }
    }

    /// The same tokens, and the same rate if both are adaptive, by other rules.
    pub(crate) fn with_rules(
        &self,
        retry_config: Option<&RetryConfig>,
        version: Option<RetryVersion>,
        time: &dyn Clock,
    ) -> Self {
        let other = Self::new(retry_config, version, time);
        Self {
            bucket: self.bucket.clone(),
            rate_limiter: match (&self.rate_limiter, other.rate_limiter) {
                (Some(limiter), Some(_)) => Some(Arc::clone(limiter)),
                (_, limiter) => limiter,
            },
            ..other
        }
    }

    /// With the tokens of this partition, if there is one.
    pub(crate) fn in_partition(self, partition: Option<&RetryPartition>) -> Self {
        match partition {
            Some(partition) => Self {
                bucket: partition.token_bucket.clone(),
                ..self
            },
            None => self,
        }
    }

    /// Waits until a request may be sent; in adaptive mode that can take a while.
    pub(crate) async fn wait_for_turn(&self, time: &dyn Clock) {
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

    fn time_to_turn(&self, time: &dyn Clock) -> Option<Duration> {
        let limiter = self.rate_limiter.as_ref()?;
        let mut limiter = limiter.lock().unwrap_or_else(PoisonError::into_inner);
        limiter.acquire(time.elapsed())
    }

    /// Takes note of how an attempt ended.
    pub(crate) fn observe(&self, reason: Option<RetryReason>, time: &dyn Clock) {
        if let Some(limiter) = &self.rate_limiter {
            let mut limiter = limiter.lock().unwrap_or_else(PoisonError::into_inner);
            let throttled = reason == Some(RetryReason::Throttling);
            limiter.update(time.elapsed(), throttled);
        }
    }

    /// Pays for a retry, unless there is no attempt or no token left.
    pub(crate) fn retry(
        &self,
        reason: RetryReason,
        attempts: u32,
        retry_after: Option<Duration>,
        time: &dyn Clock,
    ) -> Option<Retry> {
        if attempts >= self.max_attempts {
            debug!(attempts, "no attempt left");
            return None;
        }
        self.bucket.refill(time.now());
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
    pub(crate) fn succeed(&self, last: Option<Tokens>) {
        if last.is_none() {
            self.bucket.give(1);
        }
        self.bucket.reward();
    }

    /// How many tokens are left.
    pub(crate) fn tokens(&self) -> u32 {
        self.bucket.level()
    }

    fn cost(&self, reason: RetryReason) -> u32 {
        if let Some(cost) = self.bucket.cost(reason) {
            return cost;
        }
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
            (RetryVersion::V2_1, RetryReason::Transient | RetryReason::Modeled) => {
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
