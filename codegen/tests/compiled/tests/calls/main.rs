//! Calls of the generated clients, answered by a fake transport.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]
#![deny(warnings)]

mod collections;
mod endpoints;
mod errors;
mod fake;
mod hostile;
mod models;
mod operations;
mod pagination;
mod sensitive;
mod serialization;
mod simple_types;
mod structures;
mod unions;
