//! Page after page of an operation's output.

#[cfg(feature = "blocking")]
pub use crate::runtime::api::blocking::PaginationIter;
pub use crate::runtime::api::paginator::{ItemPaginator, PaginationStream, Paginator};
