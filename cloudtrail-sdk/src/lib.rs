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
//! crate's name and compiles. `MIGRATING.md` lists the few names that are others.
//!
//! # Without async
//!
//! With the feature `blocking` a program that is not async makes the same calls. It needs no
//! runtime; what the calls need of one is started by the first and kept.
//!
//! ```no_run
//! # #[cfg(feature = "blocking")]
//! fn main() {
//!     if let Err(error) = run() {
//!         eprintln!("{error}");
//!         std::process::exit(1);
//!     }
//! }
//!
//! # #[cfg(feature = "blocking")]
//! fn run() -> Result<(), cloudtrail_sdk::Error> {
//!     use cloudtrail_sdk::{Client, config};
//!
//!     let client = Client::from_conf(config::load_blocking());
//!     for trail in client.list_trails().into_paginator().items().send_blocking() {
//!         println!("{}", trail?.name().unwrap_or_default());
//!     }
//!     let status = client.get_trail_status().name("audit").send_blocking()?;
//!     println!("logging: {}", status.is_logging().unwrap_or_default());
//!     Ok(())
//! }
//! # #[cfg(not(feature = "blocking"))]
//! # fn main() {}
//! ```
//!
//! | called from | |
//! |---|---|
//! | a thread of the program's own | works; calls of many threads run beside each other |
//! | `spawn_blocking`, `block_in_place` | works |
//! | async code | a `ConstructionFailure`, since the call would hold up the thread |
//!
//! Code in `tokio::task::unconstrained` cannot be told from a thread that may wait; there a call
//! does hold up the thread.
//!
//! # Tests
//!
//! With the feature `test-util` there is the module `test_util`. Its `Fakes` answer a client in the
//! types of the operations, and waits between retries take no time:
//!
//! ```
//! # #[cfg(feature = "test-util")]
//! # async fn example() -> Result<(), cloudtrail_sdk::Error> {
//! use cloudtrail_sdk::Client;
//! use cloudtrail_sdk::operation::lookup_events::{LookupEventsInput, LookupEventsOutput};
//! use cloudtrail_sdk::test_util::{Answer, Fakes};
//!
//! let fakes = Fakes::new();
//! let rule = fakes
//!     .when::<LookupEventsInput>()
//!     .with(|input| input.max_results() == Some(5))
//!     .sequence([
//!         Answer::http(503, ""),
//!         Answer::output(LookupEventsOutput::builder().next_token("2").build()),
//!     ]);
//! let client = Client::from_conf(fakes.config().build());
//!
//! let page = client.lookup_events().max_results(5).send().await?;
//! assert_eq!(page.next_token(), Some("2"));
//! assert_eq!(rule.calls(), 2);
//! assert_eq!(fakes.requests(), ["LookupEvents", "LookupEvents"]);
//! assert_eq!(fakes.time().sleeps().len(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! A `Recorder` keeps what passes between a client and the service, without secrets; a `Replayer`
//! repeats it without the service, and tells where a request differs:
//!
//! ```
//! # #[cfg(feature = "test-util")]
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use cloudtrail_sdk::Client;
//! use cloudtrail_sdk::config::{self, ReqwestClient};
//! use cloudtrail_sdk::test_util::{Fakes, Recorder, Replayer};
//!
//! let recorder = Recorder::new(ReqwestClient::new()?);
//! let config = config::load().await.to_builder().transport(recorder.clone());
//! Client::from_conf(config.build()).list_trails().send().await?;
//! recorder.save("tests/list_trails.json")?;
//!
//! let replayer = Replayer::load("tests/list_trails.json")?;
//! let config = Fakes::new().config().transport(replayer.clone());
//! Client::from_conf(config.build()).list_trails().send().await?;
//! replayer.assert_done();
//! # Ok(())
//! # }
//! ```
//!
//! `FakeTime` is a clock for clients, and for code that is given one:
//!
//! ```
//! # #[cfg(feature = "test-util")] {
//! use std::time::{Duration, SystemTime};
//!
//! use cloudtrail_sdk::config::{Config, Clock};
//! use cloudtrail_sdk::test_util::FakeTime;
//!
//! let time = FakeTime::new(SystemTime::UNIX_EPOCH);
//! let config = Config::builder().clock(time.clone());
//! time.advance(Duration::from_secs(60));
//! assert_eq!(time.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(60));
//! # }
//! ```
//!
//! # serde
//!
//! With the feature `serde`, every input, output, structure, enum and error structure is
//! `Serialize` and `Deserialize`, by the names of the wire:
//!
//! ```
//! # #[cfg(feature = "serde")]
//! # fn example() -> Result<(), serde_json::Error> {
//! use cloudtrail_sdk::types::Event;
//!
//! let text = r#"{"EventId":"e","EventTime":"2024-06-27T20:40:32Z"}"#;
//! let event: Event = serde_json::from_str(text)?;
//! assert_eq!(event.event_id(), Some("e"));
//! assert_eq!(serde_json::to_string(&event)?, text);
//! # Ok(())
//! # }
//! # #[cfg(feature = "serde")]
//! # example().unwrap();
//! ```
//!
//! - Timestamps are written as RFC 3339, and read from that or from seconds since 1970. Blobs are
//!   base64.
//! - What is `None` is left out. On reading, `null` is as good as absent, members that are not
//!   known are skipped, and a required member that is missing is empty or zero, as in answers of
//!   the service.
//! - Unknown values of enums survive. An unknown variant of a union is read, but not written.
//! - The ID of the request is not written, nor is what an error's response said besides its
//!   members.
//! - Sensitive members are written like others: only `Debug` hides them.
//! - Formats must describe themselves, as JSON, TOML and YAML do; bincode does not.

#![deny(missing_docs)]

mod api;
#[rustfmt::skip]
mod generated;
#[cfg(feature = "records")]
pub mod records;
mod runtime;
#[cfg(test)]
mod suites;

pub use self::api::*;
