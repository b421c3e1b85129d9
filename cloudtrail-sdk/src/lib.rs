//! A light, complete client for AWS CloudTrail.
//!
//! ```no_run
//! use cloudtrail_sdk::{Client, config};
//!
//! # async fn example() -> Result<(), cloudtrail_sdk::Error> {
//! let client = Client::from_conf(config::load().await);
//! let trails = client.describe_trails().send().await?;
//! for trail in trails.trail_list() {
//!     println!("{}", trail.name().unwrap_or_default());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The names are those of `aws-sdk-cloudtrail`; a program written for that crate changes the
//! crate's name and compiles.

#![deny(missing_docs)]

#[rustfmt::skip]
mod generated;
#[allow(
    dead_code,
    unreachable_pub,
    reason = "serves any AWS JSON service; this one does not use all of it"
)]
mod runtime;

pub mod config;
pub mod error;
pub mod pagination;
pub mod primitives;

pub use self::config::Config;
pub use self::generated::{Client, Error, operation, types};

/// The client and what belongs to it.
pub mod client {
    pub use crate::generated::Client;
}

/// What this crate is.
pub mod meta {
    /// The version of the crate.
    pub static PKG_VERSION: &str = env!("CARGO_PKG_VERSION");
}
