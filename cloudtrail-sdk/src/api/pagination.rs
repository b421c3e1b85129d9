//! Page after page of an operation's output.

#[cfg(feature = "blocking")]
pub use crate::runtime::blocking::PaginationIter;
pub use crate::runtime::paginator::{ItemPaginator, PaginationStream, Paginator};
