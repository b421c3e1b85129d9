//! The attempts of one exchange, and what they cost.

use std::time::Duration;

use tracing::debug;

use super::bucket::Tokens;
use super::{Retries, Retry};
use crate::runtime::base::time::Clock;
use crate::runtime::service::metadata::RetryReason;

/// The attempts of one exchange.
pub(crate) struct Attempts<'a> {
    time: &'a dyn Clock,
    retries: Retries,
    /// How many there have been.
    pub(crate) made: u32,
    /// What the last retry has cost; given back when this is dropped.
    tokens: Option<Tokens>,
    /// Whether the last failure would have been followed by a retry, had there been tokens for it.
    pub(crate) out_of_tokens: bool,
}

impl<'a> Attempts<'a> {
    pub(crate) fn new(time: &'a dyn Clock, retries: Retries) -> Self {
        Self {
            time,
            retries,
            made: 0,
            tokens: None,
            out_of_tokens: false,
        }
    }

    /// Waits until a request may be sent, which adaptive retries ask for.
    pub(crate) async fn wait_for_turn(&self) {
        self.retries.wait_for_turn(self.time).await;
    }

    /// Takes note that an attempt succeeded.
    pub(crate) fn succeed(&mut self) {
        self.retries.observe(None, self.time);
        self.retries.succeed(self.tokens.take());
    }

    /// Takes note of how an attempt failed; with a reason for a retry, pays for it and returns the
    /// delay before it, unless there is no attempt or no token left.
    pub(crate) fn next(
        &mut self,
        reason: Option<RetryReason>,
        retry_after: Option<Duration>,
    ) -> Option<Duration> {
        self.made += 1;
        self.retries.observe(reason, self.time);
        // The last retry, if this was one, has failed: its tokens are gone.
        if let Some(tokens) = self.tokens.take() {
            tokens.spend();
        }
        let reason = reason?;
        let retry = self
            .retries
            .retry(reason, self.made, retry_after, self.time);
        let Some(Retry { delay, tokens }) = retry else {
            self.out_of_tokens = self.made < self.retries.max_attempts;
            return None;
        };
        debug!(attempt = self.made, ?reason, ?delay, "retrying");
        self.tokens = Some(tokens);
        Some(delay)
    }

    /// As [`next`](Self::next), and waits for the next attempt; false if there is none.
    pub(crate) async fn another(
        &mut self,
        reason: Option<RetryReason>,
        retry_after: Option<Duration>,
    ) -> bool {
        let Some(delay) = self.next(reason, retry_after) else {
            return false;
        };
        self.time.sleep(delay).await;
        true
    }
}
