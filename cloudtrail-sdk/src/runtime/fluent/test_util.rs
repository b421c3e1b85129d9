//! Fakes for tests: of operations, of time, and of the network.

mod defaults;
mod fakes;
mod lock;
mod recording;
mod time;

use crate::runtime::call::client::Handle;

pub use self::fakes::{Answer, Fakes, Rule, When};
pub use self::recording::{Recorder, Replayer};
pub use self::time::FakeTime;

/// How many retry tokens a client has left, of 500.
pub fn retry_tokens(client: &impl AsRef<Handle>) -> u32 {
    client.as_ref().retry_tokens()
}
