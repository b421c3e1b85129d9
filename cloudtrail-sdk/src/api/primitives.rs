//! Types of members that are not the service's own.

pub use aws_smithy_types::date_time::Format as DateTimeFormat;
pub use aws_smithy_types::{Blob, DateTime};

pub use crate::runtime::wire::codec::Map;

/// A value that the model leaves open: any JSON.
pub use serde_json::Value as Document;
