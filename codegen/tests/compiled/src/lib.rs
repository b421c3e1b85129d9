//! The clients that are generated from the fixtures, a module each, on the SDK's runtime.

#![deny(missing_docs, warnings)]

#[path = "../../../../cloudtrail-sdk/src"]
#[allow(unexpected_cfgs, reason = "only the SDK has its features")]
mod sdk {
    #[allow(
        dead_code,
        unexpected_cfgs,
        unreachable_pub,
        reason = "the fixtures do not use all of it, and only the SDK has its features"
    )]
    pub(crate) mod runtime;

    pub mod config;
    pub mod error;
    pub mod pagination;
    pub mod primitives;
}

#[doc(hidden)]
pub use self::fixtures::examples::{Client, types};
use self::sdk::runtime;
pub use self::sdk::{config, error, pagination, primitives};
// The configuration is read from the environment for one service; any will do.
use self::fixtures::bare as generated;

/// The generated clients, by the names of the fixtures.
pub mod fixtures {
    macro_rules! fixture {
        ($name:ident, $root:literal) => {
            #[doc = concat!("Generated from `fixtures/", stringify!($name), ".json`.")]
            #[path = $root]
            pub mod $name;
        };
    }

    include!(concat!(env!("OUT_DIR"), "/fixtures.rs"));
}
