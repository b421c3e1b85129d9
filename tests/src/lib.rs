//! A loopback server that behaves as the service model says, for tests of the SDK over real sockets.
//!
//! It interprets `models/` at run time and shares no code with the generator, the generated crate or its runtime.

use std::path::Path;
use std::sync::LazyLock;

use constraints::Constraints;
use model::Model;

pub mod constraints;
pub mod demo;
pub mod faults;
pub mod model;
pub mod protocol;
pub mod python;
pub mod server;
mod sigv4;
pub mod trace;
pub mod values;

/// The model of CloudTrail.
pub static MODEL: LazyLock<Model> = LazyLock::new(|| {
    Model::read(Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../models/cloudtrail"
    )))
});

/// The constraints of [`MODEL`].
pub static CONSTRAINTS: LazyLock<Constraints> = LazyLock::new(|| Constraints::of(&MODEL));

/// The Rust of the documents, compiled as documentation tests.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../../README.md")]
    struct Readme;

    #[doc = include_str!("../../cloudtrail-sdk/README.md")]
    struct CrateReadme;

    #[doc = include_str!("../../cloudtrail-sdk/MIGRATING.md")]
    struct Migrating;
}
