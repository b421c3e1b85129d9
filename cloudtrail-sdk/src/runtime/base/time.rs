//! The clock, and how to wait.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

use crate::runtime::base::boxed::BoxFuture;

/// More than any process lasts, and little enough to be added to any time; tokio's timers end there.
const FOREVER: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

/// A limit, unless it is so long that it is none.
pub(crate) fn finite(limit: Duration) -> Option<Duration> {
    (limit < FOREVER).then_some(limit)
}

/// The clock of a client, and its way to wait.
///
/// The default is the system's clock and tokio's timer. Tests give another one, so that they need
/// not wait for retries.
pub trait Clock: Send + Sync {
    /// The time of day.
    fn now(&self) -> SystemTime;

    /// How much time has passed since some moment that stays the same; never goes backwards.
    fn elapsed(&self) -> Duration;

    /// Completes after this time.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// A number from 0 to 1 by which waits are multiplied, so that clients which failed together do
    /// not come back together; random if it is not implemented. Any other number counts as 1.
    fn jitter(&self) -> f64 {
        fastrand::f64()
    }
}

/// A [`Clock`] that many clients can share.
#[derive(Clone)]
pub struct SharedClock(Arc<dyn Clock>);

impl SharedClock {
    /// Wraps a clock.
    pub fn new(time: impl Clock + 'static) -> Self {
        Self(Arc::new(time))
    }
}

impl Default for SharedClock {
    fn default() -> Self {
        Self::new(SystemClock {
            start: Instant::now(),
        })
    }
}

impl Clock for SharedClock {
    fn now(&self) -> SystemTime {
        self.0.now()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.0.sleep(duration)
    }

    fn jitter(&self) -> f64 {
        let jitter = self.0.jitter();
        match (0.0..=1.0).contains(&jitter) {
            true => jitter,
            false => 1.0,
        }
    }
}

impl fmt::Debug for SharedClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedClock")
    }
}

/// The system's clock and tokio's timer.
struct SystemClock {
    start: Instant,
}

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// The time that was set for something ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Elapsed;

/// A clock that stands still, and by which every wait is over at once.
#[cfg(test)]
pub(crate) struct StillClock;

#[cfg(test)]
impl Clock for StillClock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(async {})
    }
}

/// Gives a future this much time. The timer starts when the future first waits.
///
/// The future is borrowed, since a future that holds another one has room for it twice.
pub(crate) async fn timeout<F: Future + ?Sized>(
    time: &dyn Clock,
    limit: Duration,
    mut future: Pin<&mut F>,
) -> Result<F::Output, Elapsed> {
    let mut timer = None;
    poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Ok(output));
        }
        let timer = timer.get_or_insert_with(|| time.sleep(limit));
        timer.as_mut().poll(context).map(|()| Err(Elapsed))
    })
    .await
}
