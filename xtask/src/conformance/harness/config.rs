//! What generated code and the runtime expect of a crate's configuration.

pub use aws_types::SdkConfig;

pub use crate::runtime::config::Config;
