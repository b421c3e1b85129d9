//! Page after page of an operation's output.

#[cfg(feature = "blocking")]
pub use crate::runtime::fluent::blocking::PaginationIter;
pub use crate::runtime::fluent::pagination_stream::PaginationStream;
pub use crate::runtime::fluent::paginator::{ItemPaginator, Paginator};
pub use crate::runtime::service::pagination::{Items, PageSize, PageToken, Paginated};
