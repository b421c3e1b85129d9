//! Fakes for tests: of operations, of time, and of the network.

mod fakes;
mod recording;
mod time;

use super::client::Handle;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use self::fakes::{Answer, Fakes, Rule, When};
pub use self::recording::{Recorder, Replayer};
pub use self::time::FakeTime;

/// What a panic of a test has left is as good as any.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many retry tokens a client has left, of 500.
pub fn retry_tokens(client: &impl AsRef<Handle>) -> u32 {
    client.as_ref().retry_tokens()
}
