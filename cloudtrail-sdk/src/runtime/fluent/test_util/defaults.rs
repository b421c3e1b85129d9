//! What the official SDK has for tests of programs.

use std::time::{Duration, Instant, SystemTime};

use aws_credential_types::Credentials;
use aws_types::region::Region;

use crate::runtime::base::boxed::BoxFuture;
use crate::runtime::base::time::{Clock, SharedClock};
use crate::runtime::configuration::config::Builder;

/// The time of day that every signature is made at.
const NOW: Duration = Duration::from_secs(1_234_567_890);

impl Builder {
    /// Sets credentials that are none, and a clock whose time of day stands still, so that the same
    /// request has the same signature; with the feature `test-util`.
    ///
    /// Timeouts and waits before retries take their time; with `Fakes::config` they do not.
    pub fn with_test_defaults(mut self) -> Self {
        self.apply_test_defaults();
        self
    }

    /// Sets what [`with_test_defaults`](Self::with_test_defaults) sets.
    pub fn apply_test_defaults(&mut self) -> &mut Self {
        let time = SharedClock::new(StaticTimeSource(Instant::now()));
        self.config.clock = Some(time);
        *self = std::mem::take(self).credentials_provider(Credentials::for_tests());
        self
    }

    /// Sets what [`with_test_defaults`](Self::with_test_defaults) sets, and the region `us-east-1` if
    /// there is none.
    pub fn with_test_defaults_v2(mut self) -> Self {
        self.apply_test_defaults_v2();
        self
    }

    /// Sets what [`with_test_defaults_v2`](Self::with_test_defaults_v2) sets.
    pub fn apply_test_defaults_v2(&mut self) -> &mut Self {
        self.apply_test_defaults();
        let region = &mut self.config.region;
        region.get_or_insert_with(|| Region::from_static("us-east-1"));
        self
    }
}

/// A clock whose time of day stands still; what waits for it waits as long as it says.
struct StaticTimeSource(Instant);

impl Clock for StaticTimeSource {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + NOW
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}
