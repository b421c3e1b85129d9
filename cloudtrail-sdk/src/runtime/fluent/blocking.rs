//! Calls from programs that are not async: `….send_blocking()`.
//!
//! Connections and timers belong to a runtime of one thread, which the first call of a process starts
//! and which lasts as long as the process. The call itself runs on the caller's thread, so that calls
//! of many threads run beside each other.

use std::fmt;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use tokio::runtime::{Builder as RuntimeBuilder, Handle as RuntimeHandle, Runtime};
use tokio::task::coop::consume_budget;

use crate::runtime::base::per_process::PerProcess;
use crate::runtime::call::client::Handle;
use crate::runtime::configuration::config::Config;
use crate::runtime::configuration::load::Loader;
use crate::runtime::error::call_info::CallInfo;
use crate::runtime::error::construction::ConstructionError;
use crate::runtime::error::sdk_error::{ConstructionFailure, SdkError};
use crate::runtime::fluent::builder::{Builder, CustomizableOperation};
use crate::runtime::fluent::pagination_stream::PaginationStream;
use crate::runtime::fluent::paginator::{ItemPaginator, Paginator};
use crate::runtime::service::operation::Operation;
use crate::runtime::service::pagination::{Items, Paginated};

/// More steps than tokio lets a task make before it has to yield, which are 128.
const STEPS: usize = 1024;

/// The runtime of all blocking calls.
static RUNTIME: PerProcess<Background> = PerProcess::new();

impl<I: Operation> Builder<I, Handle> {
    /// Checks the input, sends it, and reads the output; waits for it without `async`.
    ///
    /// On a thread that runs async code this is a [`SdkError::ConstructionFailure`], since it would
    /// hold up everything else there. `tokio::task::spawn_blocking` has threads where it may wait.
    pub fn send_blocking(self) -> Result<I::Output, SdkError<I::Error>> {
        block_on(self.send()).unwrap_or_else(|error| Err(not_sent(I::NAME, error)))
    }
}

impl<I: Operation> CustomizableOperation<I> {
    /// Checks the input, sends it, and reads the output; waits for it as
    /// [`Builder::send_blocking`] does.
    pub fn send_blocking(self) -> Result<I::Output, SdkError<I::Error>> {
        block_on(self.send()).unwrap_or_else(|error| Err(not_sent(I::NAME, error)))
    }
}

impl<I: Paginated> Paginator<I> {
    /// The pages. Each is requested when it is asked for, as by [`Builder::send_blocking`].
    pub fn send_blocking(self) -> PaginationIter<Result<I::Output, SdkError<I::Error>>> {
        PaginationIter::new(I::NAME, self.send())
    }
}

impl<I: Items> ItemPaginator<I> {
    /// The items. A page is requested when the items of the one before are used up, as by
    /// [`Builder::send_blocking`].
    pub fn send_blocking(self) -> PaginationIter<Result<I::Item, SdkError<I::Error>>> {
        PaginationIter::new(I::NAME, self.send())
    }
}

impl Loader {
    /// Loads the configuration as [`load`](Self::load) does, without `async`.
    ///
    /// On a thread that runs async code nothing is loaded, and the first call says so.
    pub fn load_blocking(self) -> Config {
        block_on(self.load()).unwrap_or_else(|error| Config {
            problem: Some(error.to_string().into()),
            ..Config::default()
        })
    }
}

/// Pages, or items, that are requested as they are asked for. It ends after the first error.
#[must_use = "nothing is sent before `.next()`"]
pub struct PaginationIter<T> {
    operation: &'static str,
    /// `None` after the end.
    stream: Option<PaginationStream<T>>,
}

impl<T> PaginationIter<T> {
    fn new(operation: &'static str, stream: PaginationStream<T>) -> Self {
        Self {
            operation,
            stream: Some(stream),
        }
    }
}

impl<T: Send, E: Send> Iterator for PaginationIter<Result<T, SdkError<E>>> {
    type Item = Result<T, SdkError<E>>;

    fn next(&mut self) -> Option<Self::Item> {
        let stream = self.stream.as_mut()?;
        let next = block_on(stream.next())
            .unwrap_or_else(|error| Some(Err(not_sent(self.operation, error))));
        if !matches!(next, Some(Ok(_))) {
            self.stream = None;
        }
        next
    }
}

impl<T: Send, E: Send> std::iter::FusedIterator for PaginationIter<Result<T, SdkError<E>>> {}

impl<T> fmt::Debug for PaginationIter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PaginationIter")
    }
}

fn not_sent<E>(operation: &'static str, error: ConstructionError) -> SdkError<E> {
    let call = CallInfo::new(operation, 0, Duration::ZERO);
    SdkError::ConstructionFailure(ConstructionFailure::new(call, error))
}

/// Runs a future on this thread to its end, unless the thread has async code to run.
fn block_on<T>(future: impl Future<Output = T>) -> Result<T, ConstructionError> {
    if !may_block() {
        return Err(ConstructionError::CannotBlock);
    }
    let runtime = runtime().map_err(|error| {
        ConstructionError::Other(
            format!("cannot start a runtime for blocking calls: {error}").into(),
        )
    })?;
    // Not `Handle::block_on`, which panics on threads that run async code.
    let _entered = runtime.enter();
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return Ok(output),
            Poll::Pending => thread::park(),
        }
    }
}

fn runtime() -> io::Result<&'static RuntimeHandle> {
    let background = RUNTIME.get_or_try_make(|| {
        let runtime = RuntimeBuilder::new_multi_thread()
            .worker_threads(1)
            .thread_name("aws-blocking-calls")
            .enable_all()
            .build()?;
        Ok::<_, io::Error>(Background {
            handle: runtime.handle().clone(),
            runtime: Some(runtime),
        })
    })?;
    Ok(&background.handle)
}

/// A runtime that is not waited for when it is dropped: another thread was quicker to start one.
struct Background {
    handle: RuntimeHandle,
    runtime: Option<Runtime>,
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Whether the thread may wait. Async code gets a budget of steps from tokio; threads that may wait,
/// those of `spawn_blocking` and `block_in_place` included, have none that could run out.
fn may_block() -> bool {
    if RuntimeHandle::try_current().is_err() {
        return true;
    }
    let mut context = Context::from_waker(Waker::noop());
    (0..STEPS).all(|_| pin!(consume_budget()).poll(&mut context).is_ready())
}

/// Wakes a thread.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
