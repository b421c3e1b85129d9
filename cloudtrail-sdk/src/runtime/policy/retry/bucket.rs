//! The tokens that retries cost, so that a client does not add to the load of a service in trouble.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

use crate::runtime::service::metadata::RetryReason;

/// How many tokens a bucket starts with, and can have at the most, unless it is set.
const CAPACITY: u32 = 500;
/// More tokens than retries could ever cost.
const MAX_CAPACITY: u32 = 4_000_000;
/// The level counts thousandths, since rewards can be parts of tokens.
const TOKEN: u32 = 1000;

/// The tokens that retries are paid with. Clones are one bucket.
#[derive(Clone, Debug)]
pub struct TokenBucket(Arc<Bucket>);

#[derive(Debug)]
struct Bucket {
    /// In thousandths.
    level: AtomicU32,
    /// In thousandths.
    capacity: u32,
    /// When tokens were last added for the time that had passed, in seconds since 1970.
    filled_at: AtomicU32,
    settings: TokenBucketBuilder,
}

impl TokenBucket {
    /// A bucket with so many tokens, which never has more.
    pub fn new(initial_quota: usize) -> Self {
        Self::builder().capacity(initial_quota).build()
    }

    /// A bucket from which retries cost nothing.
    pub fn unlimited() -> Self {
        Self::builder()
            .retry_cost(0)
            .throttling_retry_cost(0)
            .timeout_retry_cost(0)
            .build()
    }

    /// Starts a bucket.
    pub fn builder() -> TokenBucketBuilder {
        TokenBucketBuilder::default()
    }

    /// Whether all tokens are there.
    pub fn is_full(&self) -> bool {
        self.0.level.load(Ordering::Relaxed) == self.0.capacity
    }

    /// Whether no token is there.
    pub fn is_empty(&self) -> bool {
        self.level() == 0
    }

    /// What a retry costs, if it was set.
    pub(super) fn cost(&self, reason: RetryReason) -> Option<u32> {
        let settings = &self.0.settings;
        match reason {
            RetryReason::Transient => settings.timeout_retry_cost,
            RetryReason::Throttling => settings.throttling_retry_cost,
            RetryReason::Modeled => settings.retry_cost,
        }
    }

    /// Takes so many tokens, or none if there are fewer.
    pub(super) fn take(&self, count: u32) -> Option<Tokens> {
        let thousandths = count.saturating_mul(TOKEN);
        self.0
            .level
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |level| {
                level.checked_sub(thousandths)
            })
            .ok()?;
        Some(Tokens {
            bucket: self.clone(),
            count,
        })
    }

    /// Puts so many tokens in.
    pub(super) fn give(&self, count: u32) {
        self.add(count.saturating_mul(TOKEN));
    }

    /// Puts the reward of a success in, if there is one.
    pub(super) fn reward(&self) {
        let reward = self.0.settings.success_reward;
        if reward > 0.0 {
            self.add(thousandths(reward));
        }
    }

    /// Puts in what comes with time, if anything does.
    pub(super) fn refill(&self, now: SystemTime) {
        let rate = self.0.settings.refill_rate;
        if rate > 0.0 {
            let now = now.duration_since(SystemTime::UNIX_EPOCH);
            let now = now.map_or(0, |now| u32::try_from(now.as_secs()).unwrap_or(u32::MAX));
            let before = self.0.filled_at.fetch_max(now, Ordering::Relaxed);
            self.add(thousandths(rate * now.saturating_sub(before) as f32));
        }
    }

    fn add(&self, thousandths: u32) {
        let Bucket {
            level, capacity, ..
        } = &*self.0;
        let _ = level.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |level| {
            Some(level.saturating_add(thousandths).min(*capacity))
        });
    }

    pub(super) fn level(&self) -> u32 {
        self.0.level.load(Ordering::Relaxed) / TOKEN
    }
}

/// Of 500 tokens.
impl Default for TokenBucket {
    fn default() -> Self {
        Self::builder().build()
    }
}

/// The cast turns what is too large into the largest, and what is no number into 0.
fn thousandths(tokens: f32) -> u32 {
    (tokens * TOKEN as f32) as u32
}

/// Builds a [`TokenBucket`].
#[derive(Clone, Debug, Default)]
pub struct TokenBucketBuilder {
    capacity: Option<u32>,
    retry_cost: Option<u32>,
    throttling_retry_cost: Option<u32>,
    timeout_retry_cost: Option<u32>,
    success_reward: f32,
    refill_rate: f32,
}

impl TokenBucketBuilder {
    /// Starts a bucket.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how many tokens there are at the start and at the most, up to 4,000,000; 500 if it is not
    /// set.
    pub fn capacity(mut self, capacity: usize) -> Self {
        let capacity = u32::try_from(capacity).unwrap_or(MAX_CAPACITY);
        self.capacity = Some(capacity.min(MAX_CAPACITY));
        self
    }

    /// Sets what a retry costs after an error that the model calls retryable; by
    /// [`RetryVersion`](super::RetryVersion) if it is not set.
    pub fn retry_cost(mut self, cost: u32) -> Self {
        self.retry_cost = Some(cost);
        self
    }

    /// Sets what a retry costs after throttling.
    pub fn throttling_retry_cost(mut self, cost: u32) -> Self {
        self.throttling_retry_cost = Some(cost);
        self
    }

    /// Sets what a retry costs after timeouts and other failures that pass.
    pub fn timeout_retry_cost(mut self, cost: u32) -> Self {
        self.timeout_retry_cost = Some(cost);
        self
    }

    /// Sets how many tokens a success adds besides those that its last retry took.
    pub fn success_reward(mut self, tokens: f32) -> Self {
        self.success_reward = tokens;
        self
    }

    /// Sets how many tokens a second adds; none if it is not set.
    pub fn refill_rate(mut self, tokens: f32) -> Self {
        self.refill_rate = if tokens.is_finite() { tokens } else { 0.0 };
        self
    }

    /// The bucket, full.
    pub fn build(self) -> TokenBucket {
        let capacity = self.capacity.unwrap_or(CAPACITY) * TOKEN;
        TokenBucket(Arc::new(Bucket {
            level: AtomicU32::new(capacity),
            capacity,
            filled_at: AtomicU32::new(0),
            settings: self,
        }))
    }
}

/// Tokens that a retry has taken. They go back when this is dropped, so that neither a success nor
/// a call that nobody waits for any more costs anything.
#[derive(Debug)]
pub(crate) struct Tokens {
    bucket: TokenBucket,
    count: u32,
}

impl Tokens {
    /// Gives them up for good: the retry has failed.
    pub(crate) fn spend(mut self) {
        self.count = 0;
    }
}

impl Drop for Tokens {
    fn drop(&mut self) {
        self.bucket.give(self.count);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_is_not_there_is_not_taken() {
        let bucket = TokenBucket::default();
        for _ in 0..35 {
            bucket.take(14).unwrap().spend();
        }
        assert_eq!(bucket.level(), 10);
        assert!(bucket.take(14).is_none());
        assert!(bucket.take(11).is_none());
        assert_eq!(bucket.level(), 10);
        let tokens = bucket.take(5).unwrap();
        assert_eq!(bucket.level(), 5);
        drop(tokens);
        assert_eq!(bucket.level(), 10);
        bucket.take(10).unwrap().spend();
        assert_eq!(bucket.level(), 0);
        bucket.give(3);
        assert_eq!(bucket.level(), 3);
    }

    #[test]
    fn it_never_holds_more_than_at_the_start() {
        let bucket = TokenBucket::default();
        bucket.give(1);
        assert_eq!(bucket.level(), CAPACITY);
        assert!(bucket.is_full());
        bucket.take(5).unwrap().spend();
        assert!(!bucket.is_full());
        bucket.give(14);
        assert_eq!(bucket.level(), CAPACITY);
    }

    #[test]
    fn what_was_set_counts() {
        let bucket = TokenBucket::builder()
            .capacity(20)
            .retry_cost(1)
            .throttling_retry_cost(2)
            .timeout_retry_cost(3)
            .build();
        let costs = [
            RetryReason::Modeled,
            RetryReason::Throttling,
            RetryReason::Transient,
        ]
        .map(|reason| bucket.cost(reason));
        assert_eq!(costs, [Some(1), Some(2), Some(3)]);
        assert_eq!(bucket.level(), 20);
        bucket.take(20).unwrap().spend();
        assert!(bucket.is_empty());

        assert_eq!(TokenBucket::new(7).cost(RetryReason::Modeled), None);
        assert_eq!(TokenBucket::new(usize::MAX).level(), MAX_CAPACITY);
        assert_eq!(
            TokenBucket::unlimited().cost(RetryReason::Transient),
            Some(0)
        );
    }

    #[test]
    fn successes_and_time_add_tokens() {
        let bucket = TokenBucket::builder()
            .success_reward(0.5)
            .refill_rate(0.25)
            .build();
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        bucket.refill(at(1_000_000));
        bucket.take(500).unwrap().spend();
        bucket.reward();
        assert!(bucket.is_empty());
        bucket.reward();
        assert_eq!(bucket.level(), 1);
        bucket.refill(at(1_000_003));
        assert_eq!(bucket.level(), 1);
        bucket.refill(at(1_000_004));
        assert_eq!(bucket.level(), 2);
        // A clock that goes back adds nothing, and nothing twice.
        bucket.refill(at(0));
        bucket.refill(at(1_000_004));
        assert_eq!(bucket.level(), 2);
        bucket.refill(at(u64::from(u32::MAX) * 2));
        assert!(bucket.is_full());

        let odd = TokenBucket::builder()
            .success_reward(f32::NAN)
            .refill_rate(f32::INFINITY)
            .build();
        odd.take(500).unwrap().spend();
        odd.reward();
        odd.refill(at(1));
        assert!(odd.is_empty());
    }
}
