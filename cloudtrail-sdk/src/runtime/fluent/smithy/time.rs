//! The clock of a client, as smithy's components take it.

use std::fmt;
use std::future::poll_fn;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_smithy_async::rt::sleep::{AsyncSleep, Sleep};

use crate::runtime::base::time::{Clock, SharedClock};

/// The clock of a client.
pub(super) struct SmithyTime(pub(super) SharedClock);

impl aws_smithy_async::time::TimeSource for SmithyTime {
    fn now(&self) -> SystemTime {
        self.0.now()
    }
}

impl AsyncSleep for SmithyTime {
    fn sleep(&self, duration: Duration) -> Sleep {
        // Smithy wants a future that threads can share; a lock that nobody ever takes makes it one.
        let mut sleep = Mutex::new(self.0.sleep(duration));
        Sleep::new(poll_fn(move |context| {
            let sleep = sleep.get_mut().unwrap_or_else(PoisonError::into_inner);
            sleep.as_mut().poll(context)
        }))
    }
}

impl fmt::Debug for SmithyTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmithyTime")
    }
}
