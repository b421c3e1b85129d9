//! Which clients share the tokens of their retries.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use super::bucket::TokenBucket;

/// The buckets of the partitions that go by their names.
static NAMED: Mutex<BTreeMap<Cow<'static, str>, TokenBucket>> = Mutex::new(BTreeMap::new());

/// Clients with the same partition pay for their retries from the same tokens. A client without one
/// shares its tokens with its clones alone.
#[derive(Clone, Debug)]
pub struct RetryPartition {
    name: Cow<'static, str>,
    custom: bool,
    pub(super) token_bucket: TokenBucket,
}

impl RetryPartition {
    /// The partition of this name, which is one in the whole process.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        let name = name.into();
        let mut named = NAMED.lock().unwrap_or_else(PoisonError::into_inner);
        let token_bucket = named.entry(name.clone()).or_default().clone();
        Self {
            name,
            custom: false,
            token_bucket,
        }
    }

    /// Starts a partition that only its clones belong to, whatever its name is.
    pub fn custom(name: impl Into<Cow<'static, str>>) -> RetryPartitionBuilder {
        RetryPartitionBuilder {
            name: name.into(),
            token_bucket: TokenBucket::default(),
        }
    }
}

/// By name and kind.
impl PartialEq for RetryPartition {
    fn eq(&self, other: &Self) -> bool {
        (self.custom, &self.name) == (other.custom, &other.name)
    }
}

impl Eq for RetryPartition {}

impl Hash for RetryPartition {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.custom, &self.name).hash(state);
    }
}

impl fmt::Display for RetryPartition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Builds a [`RetryPartition`].
#[derive(Debug)]
pub struct RetryPartitionBuilder {
    name: Cow<'static, str>,
    token_bucket: TokenBucket,
}

impl RetryPartitionBuilder {
    /// Sets the tokens; 500 if they are not set.
    pub fn token_bucket(mut self, token_bucket: TokenBucket) -> Self {
        self.token_bucket = token_bucket;
        self
    }

    /// Accepted for programs written for the official SDK: in adaptive mode each client, with its
    /// clones, finds a rate of its own.
    pub fn client_rate_limiter(self, _: ClientRateLimiter) -> Self {
        self
    }

    /// The partition.
    pub fn build(self) -> RetryPartition {
        RetryPartition {
            name: self.name,
            custom: true,
            token_bucket: self.token_bucket,
        }
    }
}

/// The rate of adaptive mode, as programs for the official SDK give it to a partition; see
/// [`RetryPartitionBuilder::client_rate_limiter`].
#[derive(Clone, Debug, Default)]
pub struct ClientRateLimiter(());

impl ClientRateLimiter {
    /// Accepts the time, in seconds since 1970.
    pub fn new(_: f64) -> Self {
        Self::default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn partitions_of_one_name_share_their_tokens_unless_they_are_custom() {
        let [first, second] = [(); 2].map(|()| RetryPartition::new("shared-in-a-test"));
        first.token_bucket.take(100).unwrap().spend();
        assert_eq!(second.token_bucket.level(), 400);

        let custom = RetryPartition::custom("shared-in-a-test").build();
        assert_eq!(custom.token_bucket.level(), 500);
        custom.clone().token_bucket.take(1).unwrap().spend();
        assert_eq!(custom.token_bucket.level(), 499);

        let other = RetryPartition::new("other-in-a-test");
        assert_eq!(first, second);
        assert_ne!(first, custom);
        assert_ne!(first, other);
        assert_eq!(HashSet::from([first, second, custom, other]).len(), 3);
    }
}
