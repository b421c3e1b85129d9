//! The tokens that retries cost, so that a client does not add to the load of a service in trouble.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// How many tokens a client starts with, and can have at the most.
const CAPACITY: u32 = 500;

#[derive(Clone, Debug)]
pub(super) struct TokenBucket(Arc<AtomicU32>);

impl TokenBucket {
    pub(super) fn full() -> Self {
        Self(Arc::new(AtomicU32::new(CAPACITY)))
    }

    /// Takes so many tokens, or none if there are fewer.
    pub(super) fn take(&self, count: u32) -> Option<Tokens> {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |level| {
                level.checked_sub(count)
            })
            .ok()?;
        Some(Tokens {
            bucket: self.clone(),
            count,
        })
    }

    /// Puts so many tokens in.
    pub(super) fn give(&self, count: u32) {
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |level| {
                Some(level.saturating_add(count).min(CAPACITY))
            });
    }

    pub(super) fn level(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
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
    use super::*;

    #[test]
    fn what_is_not_there_is_not_taken() {
        let bucket = TokenBucket::full();
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
        let bucket = TokenBucket::full();
        bucket.give(1);
        assert_eq!(bucket.level(), CAPACITY);
        bucket.take(5).unwrap().spend();
        bucket.give(14);
        assert_eq!(bucket.level(), CAPACITY);
    }
}
