//! For tests of programs that use this crate; with the feature `test-util`.
//!
//! | | what it stands for |
//! |---|---|
//! | [`Fakes`] | the service: answers in the types of the operations, below retries and signatures |
//! | [`FakeTime`] | the clock: waits are over at once and are remembered |
//! | [`Recorder`], [`Replayer`] | the network: exchanges with the real service, kept and repeated |
//! | [`Environment::of`] | environment variables, and the files below a folder |
//!
//! The front page of this crate has examples.

pub use crate::runtime::base::environment::Environment;
pub use crate::runtime::fluent::test_util::{
    Answer, FakeTime, Fakes, Recorder, Replayer, Rule, When, retry_tokens,
};
