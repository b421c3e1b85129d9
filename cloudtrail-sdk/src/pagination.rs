//! Page after page of an operation's output.

pub use crate::runtime::paginator::{ItemPaginator, PaginationStream, Paginator};
