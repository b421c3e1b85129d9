//! Where requests come from.

use std::net::IpAddr;

/// Where a request came from: what a record has in `sourceIPAddress`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source<'a> {
    /// An address.
    Address(IpAddr),
    /// A service that called for somebody, such as `cloudformation.amazonaws.com`.
    Service(&'a str),
    /// Something inside of AWS: `AWS Internal`.
    AwsInternal,
    /// Anything else.
    Other(&'a str),
}

impl<'a> From<&'a str> for Source<'a> {
    fn from(text: &'a str) -> Self {
        /// Ends of the names of services, in the partitions that there are.
        const SERVICES: [&str; 3] = [".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu"];
        if let Ok(address) = text.parse() {
            Self::Address(address)
        } else if text == "AWS Internal" {
            Self::AwsInternal
        } else if SERVICES.iter().any(|end| text.ends_with(end)) {
            Self::Service(text)
        } else {
            Self::Other(text)
        }
    }
}
