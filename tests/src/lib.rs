//! A loopback server that behaves as the service model says, for tests of the SDK over real sockets.
//!
//! It interprets `models/` at run time and shares no code with the generator, the generated crate or its runtime.

use std::path::PathBuf;
use std::sync::LazyLock;

use constraints::Constraints;
use model::Model;

pub mod constraints;
pub mod demo;
pub mod faults;
mod http_response;
pub mod model;
pub mod protocol;
pub mod python;
pub mod server;
mod sigv4;
mod sts;
pub mod trace;
pub mod values;

pub use http_response::http_response;

/// The model of CloudTrail.
pub static MODEL: LazyLock<Model> = LazyLock::new(|| Model::read(&model_folder()));

/// Where the model is, looked up when a program runs: checkouts that share a `CARGO_TARGET_DIR` share
/// the programs, too.
fn model_folder() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let start = package.unwrap_or_else(|| std::env::current_dir().expect("there is a folder"));
    start
        .ancestors()
        .map(|folder| folder.join("models/cloudtrail"))
        .find(|folder| folder.is_dir())
        .unwrap_or_else(|| {
            let start = start.display();
            panic!("no folder above {start} has models/cloudtrail; run this by cargo in a checkout")
        })
}

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
