//! What generated code and the runtime expect of a crate's configuration.

pub use aws_types::SdkConfig;

pub use crate::runtime::configuration::config::Config;

/// No suite has a configuration of `aws-config`.
impl From<&SdkConfig> for Config {
    fn from(_: &SdkConfig) -> Self {
        Self::builder().build()
    }
}
