//! The loopback server.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::thread::JoinHandle;
use std::{fmt, io};

use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Bytes, Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Duration, OffsetDateTime};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use crate::protocol::{
    JSON_1_1, Received, Refusal, Reply, error_response, http_status, modeled_output,
};
use crate::sts;

/// The largest request body that is read.
const MAX_BODY: usize = 1 << 20;

/// The form of the `date` header.
const HTTP_DATE: &[BorrowedFormatItem<'_>] = format_description!(
    "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
);

/// A server on a free loopback port; it stops when it is dropped.
///
/// It refuses what the model or the protocol forbids, answers the rest as scripted, and remembers both.
pub struct LoopbackServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    /// Dropping it stops the server.
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl LoopbackServer {
    /// Starts a server that answers with outputs made from the model.
    pub fn start() -> io::Result<Self> {
        Self::start_with(|_| Reply::Modeled)
    }

    /// Starts a server that answers valid requests by `answer`, unless another reply is scripted.
    pub fn start_with(
        answer: impl Fn(&Received) -> Reply + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            answer: Box::new(answer),
            state: Mutex::default(),
            connections: Connections::default(),
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel::<Infallible>();
        let thread = std::thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                // Dropping the runtime then drops the listener and every connection.
                runtime.block_on(async {
                    tokio::spawn(accept(listener, shared));
                    let _ = stopped.await;
                });
            }
        });
        Ok(Self {
            address,
            shared,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Scripts the answer to the next valid request that has none scripted yet.
    pub fn reply(&self, reply: Reply) {
        self.shared.state().replies.push_back(reply);
    }

    /// Sets the server's clock off by `offset`.
    pub fn set_clock(&self, offset: Duration) {
        self.shared.state().clock_offset = offset;
    }

    /// Every request so far.
    pub fn received(&self) -> Vec<Received> {
        self.shared.state().received.clone()
    }

    /// Keeps no more requests: what runs for long would fill the memory.
    pub fn forget_requests(&self) {
        self.shared.state().forgets = true;
    }

    /// How many connections are open.
    pub fn open_connections(&self) -> usize {
        self.shared.connections.open.load(Ordering::SeqCst)
    }

    /// How many connections were open at the same time at the most.
    pub fn most_connections(&self) -> usize {
        self.shared.connections.most.load(Ordering::SeqCst)
    }

    /// The only request so far.
    #[track_caller]
    pub fn only_received(&self) -> Received {
        let mut received = self.received();
        assert_eq!(received.len(), 1, "requests: {received:?}");
        received.remove(0)
    }

    /// Why requests were refused so far.
    pub fn refusals(&self) -> Vec<Refusal> {
        self.received()
            .into_iter()
            .flat_map(|received| received.refusals)
            .collect()
    }
}

impl Drop for LoopbackServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been printed; the clients have seen their connections close.
            let _ = thread.join();
        }
    }
}

/// What the handle and the connections share.
struct Shared {
    answer: Box<dyn Fn(&Received) -> Reply + Send + Sync>,
    state: Mutex<State>,
    connections: Connections,
}

#[derive(Default)]
struct State {
    replies: VecDeque<Reply>,
    received: Vec<Received>,
    /// How many requests came, forgotten ones included.
    count: usize,
    forgets: bool,
    clock_offset: Duration,
}

#[derive(Default)]
struct Connections {
    open: AtomicUsize,
    most: AtomicUsize,
}

/// A connection that counts as open until this is dropped.
struct OpenConnection<'a>(&'a Connections);

impl Connections {
    fn open(&self) -> OpenConnection<'_> {
        let open = self.open.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(open, Ordering::SeqCst);
        OpenConnection(self)
    }
}

impl Drop for OpenConnection<'_> {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

impl State {
    /// Counts a request, and says how many came before it.
    fn count(&mut self) -> usize {
        self.count += 1;
        self.count - 1
    }

    fn keep(&mut self, received: &Received) {
        if !self.forgets {
            self.received.push(received.clone());
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc() + self.state().clock_offset
    }

    async fn serve(&self, request: Request<Incoming>) -> Result<Response<Payload>, NoAnswer> {
        let (parts, body) = request.into_parts();
        let body = Limited::new(body, MAX_BODY)
            .collect()
            .await
            .map_err(|_| NoAnswer)?
            .to_bytes();

        let request_id = format!("00000000-0000-4000-8000-{:012}", self.state().count());
        let of_sts = sts::answer(&parts, &body, self.now());
        let received = Received::new(parts, body, request_id, self.now());
        if let Some((status, body)) = of_sts {
            let headers = [("content-type", "text/xml".to_owned())];
            return Ok(self.response(&received, status, &headers, body.into()));
        }
        self.state().keep(&received);

        let mut reply = match received.refusals.first() {
            Some(refusal) => return Ok(self.refuse(&received, refusal)),
            None => self
                .state()
                .replies
                .pop_front()
                .unwrap_or_else(|| (self.answer)(&received)),
        };
        while let Reply::After(delay, then) = reply {
            tokio::time::sleep(delay).await;
            reply = *then;
        }
        self.render(&received, reply)
    }

    fn refuse(&self, received: &Received, refusal: &Refusal) -> Response<Payload> {
        let messages: Vec<_> = received
            .refusals
            .iter()
            .map(|refusal| refusal.message.as_str())
            .collect();
        let body = serde_json::json!({ "__type": refusal.code, "Message": messages.join("; ") });
        self.response(
            received,
            400,
            &[("content-type", JSON_1_1.to_owned())],
            body.to_string().into(),
        )
    }

    fn render(&self, received: &Received, reply: Reply) -> Result<Response<Payload>, NoAnswer> {
        let json = || ("content-type", JSON_1_1.to_owned());
        Ok(match reply {
            Reply::Modeled => {
                let operation = received
                    .operation()
                    .expect("a valid request names an operation");
                self.response(
                    received,
                    200,
                    &[json()],
                    modeled_output(operation).to_string().into(),
                )
            }
            Reply::Output(output) => {
                self.response(received, 200, &[json()], output.to_string().into())
            }
            Reply::Error {
                shape,
                message,
                form,
            } => {
                let (mut headers, body) = error_response(shape, &message, form);
                headers.push(json());
                self.response(
                    received,
                    http_status(shape),
                    &headers,
                    body.to_string().into(),
                )
            }
            Reply::Raw {
                status,
                headers,
                body,
            } => self.response(received, status, &headers, body),
            Reply::Truncated { body } => {
                let mut response = self.response(received, 200, &[json()], body);
                let promised = response.body().data.as_ref().map_or(0, Bytes::len) + 100;
                response
                    .headers_mut()
                    .insert("content-length", promised.into());
                response
            }
            Reply::Reset => return Err(NoAnswer),
            Reply::After(..) => unreachable!("delays are served before"),
        })
    }

    fn response(
        &self,
        received: &Received,
        status: u16,
        headers: &[(&str, String)],
        body: Bytes,
    ) -> Response<Payload> {
        let date = self
            .now()
            .format(HTTP_DATE)
            .expect("a date of this time can be formatted");
        let mut response = Response::builder()
            .status(status)
            .header("x-amzn-requestid", &received.request_id)
            .header("date", date)
            .header("content-length", body.len());
        for (name, value) in headers {
            response = response.header(*name, value);
        }
        response
            .body(Payload::new(body))
            .expect("scripted headers are valid")
    }
}

/// The connection is reset instead of an answer.
#[derive(Debug)]
struct NoAnswer;

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no answer")
    }
}

impl Error for NoAnswer {}

/// Serves connections until the listener fails or the task is dropped.
async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let listener =
        tokio::net::TcpListener::from_std(listener).expect("the listener does not block");
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve_connection(stream, Arc::clone(&shared)));
    }
}

async fn serve_connection(mut stream: TcpStream, shared: Arc<Shared>) {
    let _open = shared.connections.open();
    let service = service_fn(|request| shared.serve(request));
    let result = http1::Builder::new()
        .serve_connection(TokioIo::new(&mut stream), service)
        .await;
    if result.is_err_and(|error| error.source().is_some_and(|cause| cause.is::<NoAnswer>())) {
        // Closing the socket now sends a reset. Where that cannot be arranged, closing must do.
        let _ = stream.set_zero_linger();
    }
}

/// A response body. `content-length` is always set by hand, so that it can lie.
struct Payload {
    data: Option<Bytes>,
    /// Whether the data had time to leave before the end.
    flushed: bool,
}

impl Payload {
    fn new(data: Bytes) -> Self {
        Self {
            data: Some(data).filter(|data| !data.is_empty()),
            flushed: false,
        }
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(data) = self.data.take() {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        if !std::mem::replace(&mut self.flushed, true) {
            // hyper drops what it has buffered when a body ends early; it flushes while it waits for one.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(None)
    }
}
