//! The transport: one request out, one whole response in.

mod failure;
mod proxy;
mod request;
mod reqwest_client;
mod tls;
#[cfg(feature = "test-util")]
mod typed;

use std::error::Error;
use std::fmt::{self, Write as _};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};

use super::error::{BoxError, DisplayErrorContext};
use super::untrusted::OneLine;

pub use self::request::{Headers, HttpRequest};
pub(super) use self::reqwest_client::{CONNECT_TIMEOUT, READ_TIMEOUT};
pub use self::reqwest_client::{ReqwestClient, ReqwestClientBuilder};

#[cfg(feature = "test-util")]
use self::typed::TypedAnswer;
#[cfg(feature = "test-util")]
pub(super) use self::typed::TypedInput;

/// A future that is behind a pointer and can move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends requests.
///
/// An implementation must not follow redirects and must not retry: both are the caller's to decide,
/// and a followed redirect would carry a signature to another host.
pub trait HttpClient: Send + Sync {
    /// Sends the request and reads the response to its end.
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<HttpResponse, ConnectorError>>;
}

/// An [`HttpClient`] that many clients can share, be they of one service or of several: clones have
/// one pool of connections.
///
/// The default is [`ReqwestClient::builder`] as it is, set up by its first call. So making a client
/// cannot fail; what is wrong with TLS on this machine is the error of the first call.
#[derive(Clone)]
pub struct SharedHttpClient(Arc<dyn HttpClient>);

impl SharedHttpClient {
    /// Wraps a transport.
    pub fn new(client: impl HttpClient + 'static) -> Self {
        Self(Arc::new(client))
    }

    /// The default transport.
    pub(super) fn with_settings(settings: &TransportSettings) -> Self {
        Self::builder(settings).build_on_first_use()
    }

    /// The default transport, without the proxies that the environment names.
    #[cfg(feature = "default-credentials")]
    pub(super) fn without_proxy(settings: &TransportSettings) -> Self {
        Self::builder(settings).no_proxy().build_on_first_use()
    }

    fn builder(settings: &TransportSettings) -> ReqwestClientBuilder {
        let mut builder = ReqwestClient::builder()
            .no_connect_timeout()
            .no_read_timeout();
        if let Some(timeout) = settings.connect_timeout {
            builder = builder.connect_timeout(timeout);
        }
        if let Some(timeout) = settings.read_timeout {
            builder = builder.read_timeout(timeout);
        }
        if let Some(pem) = &settings.ca_bundle {
            builder = builder.ca_bundle_pem(pem.to_vec());
        }
        builder
    }
}

/// What a configuration says of the default transport.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TransportSettings {
    pub(super) connect_timeout: Option<Duration>,
    pub(super) read_timeout: Option<Duration>,
    /// Certificate authorities to trust instead of the platform's, in PEM.
    pub(super) ca_bundle: Option<Bytes>,
}

impl Default for SharedHttpClient {
    fn default() -> Self {
        ReqwestClient::builder().build_on_first_use()
    }
}

impl HttpClient for SharedHttpClient {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<HttpResponse, ConnectorError>> {
        self.0.call(request)
    }
}

impl fmt::Debug for SharedHttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedHttpClient")
    }
}

/// A response as it came: status, headers and the whole body.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpResponse {
    status: StatusCode,
    headers: Headers,
    body: Bytes,
    #[cfg(feature = "test-util")]
    answer: TypedAnswer,
}

impl HttpResponse {
    /// A response of these parts.
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: headers.into(),
            body: body.into(),
            #[cfg(feature = "test-util")]
            answer: TypedAnswer::default(),
        }
    }

    /// A response of these parts, with what a fake answers in the place of a body.
    #[cfg(feature = "test-util")]
    pub(super) fn with_answer<T: Send + 'static>(
        status: StatusCode,
        headers: HeaderMap,
        answer: T,
    ) -> Self {
        Self {
            answer: TypedAnswer::new(answer),
            ..Self::new(status, headers, Bytes::new())
        }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The first value of a header, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)
    }

    /// The body.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The ID that the service gave the request; AWS Support asks for it.
    pub fn request_id(&self) -> Option<&str> {
        ["x-amzn-requestid", "x-amz-request-id"]
            .into_iter()
            .find_map(|name| self.header(name).filter(|id| !id.trim().is_empty()))
    }
}

/// The body can hold what a user would not want in a log; only its length is shown.
impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("request_id", &self.request_id())
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What a fake answered in the place of a body, if it is a `T`; it can be taken once.
#[cfg(feature = "test-util")]
pub(super) fn take_answer<T: 'static>(response: &HttpResponse) -> Option<T> {
    response.answer.take()
}

/// Without fakes, answers are bodies.
#[cfg(not(feature = "test-util"))]
pub(super) fn take_answer<T>(_: &HttpResponse) -> Option<T> {
    None
}

/// Lets the input of an operation travel with its request, for fakes to look at.
#[cfg(feature = "test-util")]
pub(super) fn carry_input<I: Send + Sync + 'static>(
    request: &mut Request<Bytes>,
    operation: &'static str,
    input: I,
) {
    let input = TypedInput::new(operation, input);
    request.extensions_mut().insert(input);
}

/// Without fakes, nobody looks at inputs.
#[cfg(not(feature = "test-util"))]
pub(super) fn carry_input<I>(_: &mut Request<Bytes>, _operation: &'static str, _input: I) {}

/// A request that got no whole response.
#[derive(Debug)]
pub struct ConnectorError {
    kind: ConnectorErrorKind,
    source: BoxError,
    /// The whole message, if it tells more than the source.
    text: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ConnectorErrorKind {
    Timeout,
    Io,
    User,
    /// The server's certificate is not trusted; the next attempt would find the same.
    Certificate,
    Other,
}

impl fmt::Display for ConnectorErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Timeout => "timed out",
            Self::Io => "network error",
            Self::User => "the request cannot be sent",
            Self::Certificate => "the server's TLS certificate is not accepted",
            Self::Other => "error of the HTTP client",
        })
    }
}

impl ConnectorError {
    fn new(kind: ConnectorErrorKind, source: BoxError) -> Self {
        Self {
            kind,
            source,
            text: None,
        }
    }

    fn told(kind: ConnectorErrorKind, source: BoxError, text: String) -> Self {
        Self {
            kind,
            source,
            text: Some(text),
        }
    }

    /// The time for connecting or reading ran out.
    pub fn timeout(source: BoxError) -> Self {
        Self::new(ConnectorErrorKind::Timeout, source)
    }

    /// The connection could not be made, broke, or ended before the response did.
    pub fn io(source: BoxError) -> Self {
        Self::new(ConnectorErrorKind::Io, source)
    }

    /// The request itself is not one that can be sent.
    pub fn user(source: BoxError) -> Self {
        Self::new(ConnectorErrorKind::User, source)
    }

    /// Anything else, such as a failure to set TLS up. It is not retried.
    pub fn other(source: BoxError) -> Self {
        Self::new(ConnectorErrorKind::Other, source)
    }

    /// Whether time ran out.
    pub fn is_timeout(&self) -> bool {
        self.kind == ConnectorErrorKind::Timeout
    }

    /// Whether the network failed.
    pub fn is_io(&self) -> bool {
        self.kind == ConnectorErrorKind::Io
    }

    /// Whether the request was at fault.
    pub fn is_user(&self) -> bool {
        self.kind == ConnectorErrorKind::User
    }

    /// Whether it was none of the above.
    pub fn is_other(&self) -> bool {
        !(self.is_timeout() || self.is_io() || self.is_user())
    }
}

/// One line: what kind of failure, its cause, the server, and what helps where that is known.
impl fmt::Display for ConnectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut f = OneLine(f);
        match &self.text {
            Some(text) => f.write_str(text),
            None => write!(f, "{}: {}", self.kind, DisplayErrorContext(&*self.source)),
        }
    }
}

impl Error for ConnectorError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}

/// The last cause, which names what happened, such as "connection refused".
pub(super) fn innermost<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause
}
