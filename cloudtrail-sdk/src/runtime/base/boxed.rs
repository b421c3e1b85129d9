//! Errors and futures of any type, behind pointers.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;

/// Any error.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// A future that is behind a pointer and can move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
