//! Time that passes when it is told to.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use super::lock::lock;
use crate::runtime::base::boxed::BoxFuture;
use crate::runtime::base::time::Clock;

/// A clock that stands still until something waits. Waits are over at once: the clock then shows the
/// time after them.
///
/// So a time limit runs out as soon as what it limits has to wait for anything: an attempt with a
/// timeout that is not answered at once has timed out. Clones share the clock.
#[derive(Clone, Debug)]
pub struct FakeTime(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    start: SystemTime,
    elapsed: Duration,
    sleeps: Vec<Duration>,
    jitter: f64,
}

impl FakeTime {
    /// A clock that shows this time.
    pub fn new(start: SystemTime) -> Self {
        Self(Arc::new(Mutex::new(State {
            start,
            elapsed: Duration::ZERO,
            sleeps: Vec::new(),
            jitter: 1.0,
        })))
    }

    /// Lets time pass, without a wait.
    pub fn advance(&self, duration: Duration) {
        self.state().advance(duration);
    }

    /// All waits so far, in order.
    pub fn sleeps(&self) -> Vec<Duration> {
        self.state().sleeps.clone()
    }

    /// Sets what waits before retries are multiplied by, from 0 to 1. It is 1 at first, so that these
    /// waits are the longest possible.
    pub fn set_jitter(&self, jitter: f64) {
        self.state().jitter = jitter;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0)
    }
}

impl State {
    fn advance(&mut self, duration: Duration) {
        self.elapsed = self.elapsed.saturating_add(duration);
    }
}

/// Midnight of 1 January 2026, UTC.
impl Default for FakeTime {
    fn default() -> Self {
        Self::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600))
    }
}

impl Clock for FakeTime {
    /// Stands still at the start if the time that has passed is more than a clock can show.
    fn now(&self) -> SystemTime {
        let state = self.state();
        state
            .start
            .checked_add(state.elapsed)
            .unwrap_or(state.start)
    }

    fn elapsed(&self) -> Duration {
        self.state().elapsed
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let time = self.clone();
        Box::pin(async move {
            let mut state = time.state();
            state.advance(duration);
            state.sleeps.push(duration);
        })
    }

    fn jitter(&self) -> f64 {
        self.state().jitter
    }
}
