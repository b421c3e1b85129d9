//! Types of members that are not the service's own.

pub use aws_smithy_types::date_time::Format as DateTimeFormat;
pub use aws_smithy_types::{Blob, DateTime};

pub use crate::runtime::wire::codec::Map;

/// The iterators of a [`Map`].
pub mod map {
    pub use crate::runtime::wire::codec::{IntoIter, Iter};
}

/// A value that the model leaves open: any JSON.
pub use serde_json::Value as Document;
