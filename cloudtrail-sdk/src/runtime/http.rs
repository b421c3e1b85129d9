//! The transport: one request out, one whole response in.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};

use super::error::BoxError;

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

/// An [`HttpClient`] that many clients can share.
#[derive(Clone)]
pub struct SharedHttpClient(Arc<dyn HttpClient>);

impl SharedHttpClient {
    /// Wraps a transport.
    pub fn new(client: impl HttpClient + 'static) -> Self {
        Self(Arc::new(client))
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
    headers: HeaderMap,
    body: Bytes,
}

impl HttpResponse {
    /// A response of these parts.
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers,
            body: body.into(),
        }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The first value of a header, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The ID that the service gave the request; AWS Support asks for it.
    pub fn request_id(&self) -> Option<&str> {
        ["x-amzn-requestid", "x-amz-request-id"]
            .into_iter()
            .find_map(|name| self.header(name))
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

/// A request that got no whole response.
#[derive(Debug)]
pub struct ConnectorError {
    kind: ConnectorErrorKind,
    source: BoxError,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ConnectorErrorKind {
    Timeout,
    Io,
    User,
    Other,
}

impl ConnectorError {
    /// The time for connecting or reading ran out.
    pub fn timeout(source: BoxError) -> Self {
        Self {
            kind: ConnectorErrorKind::Timeout,
            source,
        }
    }

    /// The connection could not be made, broke, or ended before the response did.
    pub fn io(source: BoxError) -> Self {
        Self {
            kind: ConnectorErrorKind::Io,
            source,
        }
    }

    /// The request itself is not one that can be sent.
    pub fn user(source: BoxError) -> Self {
        Self {
            kind: ConnectorErrorKind::User,
            source,
        }
    }

    /// Anything else.
    pub fn other(source: BoxError) -> Self {
        Self {
            kind: ConnectorErrorKind::Other,
            source,
        }
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
        self.kind == ConnectorErrorKind::Other
    }
}

impl fmt::Display for ConnectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            ConnectorErrorKind::Timeout => "timed out",
            ConnectorErrorKind::Io => "network error",
            ConnectorErrorKind::User => "the request cannot be sent",
            ConnectorErrorKind::Other => "error of the HTTP client",
        })?;
        // The innermost cause names what happened, such as "connection refused".
        let mut cause: &dyn Error = &*self.source;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        write!(f, ": {cause}")
    }
}

impl Error for ConnectorError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}

/// How long connecting may take when nothing else is said, as in the official SDK.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(3100);
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(90);

/// The transport on [`reqwest`].
#[derive(Clone, Debug)]
pub struct ReqwestClient(reqwest::Client);

impl ReqwestClient {
    /// A client with a connection pool of its own, TLS by the crate's features, and proxies from
    /// the environment.
    pub fn new() -> Result<Self, ConnectorError> {
        let builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(POOL_IDLE_TIMEOUT)
            .tcp_nodelay(true);
        tls(builder)?
            .build()
            .map(Self)
            .map_err(|error| ConnectorError::other(error.into()))
    }
}

/// TLS by rustls and *ring*, trusting what the platform trusts.
#[cfg(all(
    feature = "rustls",
    not(feature = "rustls-aws-lc"),
    not(feature = "native-tls")
))]
fn tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, ConnectorError> {
    use rustls_platform_verifier::BuilderVerifierExt;

    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(|error| ConnectorError::other(error.into()))?
        .with_no_client_auth();
    Ok(builder.tls_backend_preconfigured(config))
}

#[cfg(feature = "rustls-aws-lc")]
fn tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, ConnectorError> {
    Ok(builder.tls_backend_rustls())
}

#[cfg(all(feature = "native-tls", not(feature = "rustls-aws-lc")))]
fn tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, ConnectorError> {
    Ok(builder.tls_backend_native())
}

/// Without a TLS feature only `http://` endpoints can be reached.
#[cfg(not(any(feature = "rustls", feature = "rustls-aws-lc", feature = "native-tls")))]
fn tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, ConnectorError> {
    Ok(builder)
}

impl HttpClient for ReqwestClient {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<HttpResponse, ConnectorError>> {
        Box::pin(async move {
            let request = reqwest::Request::try_from(request).map_err(classify)?;
            let mut response = self.0.execute(request).await.map_err(classify)?;
            let status = response.status();
            let headers = std::mem::take(response.headers_mut());
            let body = response.bytes().await.map_err(classify)?;
            Ok(HttpResponse::new(status, headers, body))
        })
    }
}

fn classify(error: reqwest::Error) -> ConnectorError {
    if error.is_timeout() {
        ConnectorError::timeout(error.into())
    } else if error.is_builder() {
        ConnectorError::user(error.into())
    } else {
        ConnectorError::io(error.into())
    }
}
