//! The stream of what a paginator requests.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use aws_smithy_async::future::pagination_stream as smithy;
use futures_core::Stream;

/// Pages, or items, that are requested as they are asked for.
///
/// It is a [`Stream`], so it takes the combinators of the crates `futures` and `tokio-stream`. For
/// functions that take the stream of official crates there is `into()`.
///
/// A call of `next` that is dropped leaves its request to the next call. With the stream, a request
/// under way is dropped.
#[must_use = "nothing is sent before `.next().await`"]
pub struct PaginationStream<T>(Box<dyn Source<T> + Send>);

/// What the stream takes from.
pub(super) trait Source<T> {
    /// The next one, or `None` after the last.
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<T>>;
}

impl<T> PaginationStream<T> {
    pub(super) fn new(source: impl Source<T> + Send + 'static) -> Self {
        Self(Box::new(source))
    }

    /// The next one, or `None` after the last.
    pub async fn next(&mut self) -> Option<T> {
        poll_fn(|context| self.poll_next(context)).await
    }

    /// The next one, for code that polls.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<T>> {
        self.0.poll_next(context)
    }

    /// All that are left: `.collect::<Vec<_>>()`, or `.collect::<Result<Vec<_>, _>>()`.
    pub async fn collect<C: FromIterator<T>>(mut self) -> C {
        let mut all = Vec::new();
        while let Some(one) = self.next().await {
            all.push(one);
        }
        all.into_iter().collect()
    }

    /// Accepted for programs written for the official SDK; this is a [`Stream`] already.
    pub fn into_stream_03x(self) -> Self {
        self
    }
}

impl<T, E> PaginationStream<Result<T, E>> {
    /// The next one, or `None` after the last, or the error that ends the stream.
    pub async fn try_next(&mut self) -> Result<Option<T>, E> {
        self.next().await.transpose()
    }

    /// All that are left, or the error that ends the stream.
    pub async fn try_collect(self) -> Result<Vec<T>, E> {
        self.collect().await
    }
}

impl<T> Stream for PaginationStream<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        self.0.poll_next(context)
    }
}

impl<T: Send + 'static> From<PaginationStream<T>> for smithy::PaginationStream<T> {
    fn from(mut stream: PaginationStream<T>) -> Self {
        Self::new(smithy::fn_stream::FnStream::new(|sender| {
            Box::pin(async move {
                while let Some(one) = stream.next().await {
                    if sender.send(one).await.is_err() {
                        break;
                    }
                }
            })
        }))
    }
}

impl<T> fmt::Debug for PaginationStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PaginationStream")
    }
}
