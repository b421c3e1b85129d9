//! The public modules of the SDK of any service.

pub mod config;
pub mod error;
pub mod pagination;
pub mod primitives;
#[cfg(feature = "test-util")]
pub mod test_util;

pub use self::config::Config;
pub use crate::generated::{Client, Error, operation, types};

/// The client and what belongs to it.
pub mod client {
    pub use crate::generated::Client;
    pub use crate::runtime::call::client::Handle;
    pub use crate::runtime::fluent::builder::{Builder, MaybeClient};
    pub use crate::runtime::service::operation::Operation;

    /// Changes that apply to one call, or to the calls of one paginator.
    pub mod customize {
        pub use crate::runtime::fluent::builder::CustomizableOperation;
        pub use crate::runtime::fluent::customize::{Calls, Customizable};
        pub use crate::runtime::fluent::paginator::CustomizablePaginator;
    }
}

/// What this crate is.
pub mod meta {
    /// The version of the crate.
    pub static PKG_VERSION: &str = env!("CARGO_PKG_VERSION");
}
