//! A clock of which a program has set parts, by smithy's traits.

use std::time::{Duration, SystemTime};

use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep};
use aws_smithy_async::time::SharedTimeSource;

use crate::runtime::base::boxed::BoxFuture;
use crate::runtime::base::time::{Clock, SharedClock};

/// A clock with another time of day, another way to wait, or both.
pub(crate) struct ComposedClock {
    base: SharedClock,
    /// With the time of day when this was made.
    time_source: Option<(SharedTimeSource, SystemTime)>,
    sleep_impl: Option<SharedAsyncSleep>,
}

impl ComposedClock {
    pub(crate) fn new(
        base: SharedClock,
        time_source: Option<SharedTimeSource>,
        sleep_impl: Option<SharedAsyncSleep>,
    ) -> Self {
        let started = |time: SharedTimeSource| {
            let start = time.now();
            (time, start)
        };
        Self {
            base,
            time_source: time_source.map(started),
            sleep_impl,
        }
    }
}

impl Clock for ComposedClock {
    fn now(&self) -> SystemTime {
        match &self.time_source {
            Some((time, _)) => time.now(),
            None => self.base.now(),
        }
    }

    /// Waits that are not real pass no real time.
    fn elapsed(&self) -> Duration {
        match (&self.time_source, &self.sleep_impl) {
            (Some((time, start)), Some(_)) => time.now().duration_since(*start).unwrap_or_default(),
            _ => self.base.elapsed(),
        }
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        match &self.sleep_impl {
            Some(sleep) => Box::pin(sleep.sleep(duration)),
            None => self.base.sleep(duration),
        }
    }

    fn jitter(&self) -> f64 {
        self.base.jitter()
    }
}
