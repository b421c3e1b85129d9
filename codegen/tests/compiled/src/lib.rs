//! The clients that are generated from the fixtures, a module each, in one SDK.

#![deny(missing_docs, warnings)]

// `build.rs` writes the modules.
include!(concat!(env!("OUT_DIR"), "/modules.rs"));

// The SDK is that of one service, whose examples are doctests.
use self::fixtures::examples as generated;
