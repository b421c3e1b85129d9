//! The transport on [`reqwest`].

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Uri};
use reqwest::Url;

use super::tls::{self, TlsRoots};
use super::{BoxFuture, ConnectorError, HttpClient, HttpResponse, SharedHttpClient, innermost};

/// How long connecting may take when nothing else is said, as in the official SDK.
pub(in super::super) const CONNECT_TIMEOUT: Duration = Duration::from_millis(3100);
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(90);

/// How much memory is set aside for a body at the most before it comes: its length may be a lie.
const MAX_RESERVED: usize = 64 << 20;

/// The transport on [`reqwest`]. Clones share their connections.
///
/// It speaks HTTP/1.1. TLS is chosen by the features of this crate: `rustls` (the default),
/// `rustls-aws-lc` or `native-tls`.
///
/// What becomes of a connection:
///
/// - After a whole response, an error of the service included, it is kept for the next request.
/// - After a timeout, a broken or truncated response, or a call that was dropped, it is closed.
/// - If the server closed it while it was idle and no byte of a request was sent on it, the request
///   goes out on another one. That is the only repetition at this level. A connection that breaks
///   later is an error that [`ConnectorError::is_io`] tells, which clients retry.
#[derive(Clone)]
pub struct ReqwestClient {
    client: reqwest::Client,
    last_url: Arc<Mutex<Option<(Uri, Url)>>>,
}

impl ReqwestClient {
    /// A client with the defaults of [`ReqwestClient::builder`].
    ///
    /// # Errors
    ///
    /// If TLS cannot be set up.
    pub fn new() -> Result<Self, ConnectorError> {
        Self::builder().build()
    }

    /// Starts building a client with a connection pool of its own: 3.1 s for connecting, no limit for
    /// reading, idle connections kept for 90 s, the platform's certificate authorities, and proxies
    /// from the environment.
    pub fn builder() -> ReqwestClientBuilder {
        ReqwestClientBuilder {
            connect_timeout: Some(CONNECT_TIMEOUT),
            read_timeout: None,
            pool_idle_timeout: POOL_IDLE_TIMEOUT,
            pool_max_idle_per_host: usize::MAX,
            proxies: Proxies::Environment,
            roots: TlsRoots::Platform,
        }
    }

    async fn send(&self, request: Request<Bytes>) -> Result<HttpResponse, ConnectorError> {
        let request = self.convert(request).map_err(classify)?;
        let mut response = self.client.execute(request).await.map_err(classify)?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let body = read_body(response).await.map_err(classify)?;
        Ok(HttpResponse::new(status, headers, body))
    }

    /// The request as reqwest has it. Its URL is parsed only if it is another one than the last.
    fn convert(&self, request: Request<Bytes>) -> reqwest::Result<reqwest::Request> {
        let mut last = self.last_url.lock().unwrap_or_else(PoisonError::into_inner);
        let known = last.as_ref().filter(|(uri, _)| uri == request.uri());
        let Some((_, url)) = known else {
            let uri = request.uri().clone();
            let request = reqwest::Request::try_from(request)?;
            *last = Some((uri, request.url().clone()));
            return Ok(request);
        };
        let (parts, body) = request.into_parts();
        let mut request = reqwest::Request::new(parts.method, url.clone());
        *request.headers_mut() = parts.headers;
        *request.body_mut() = Some(body.into());
        Ok(request)
    }
}

/// Reads a body to its end. One whose length is told goes into one buffer, part by part, so that a
/// large one is in memory once.
async fn read_body(mut response: reqwest::Response) -> reqwest::Result<Bytes> {
    let Some(first) = next_part(&mut response).await? else {
        return Ok(Bytes::new());
    };
    let Some(second) = next_part(&mut response).await? else {
        return Ok(first);
    };
    let length = response.content_length().unwrap_or_default();
    let length = usize::try_from(length)
        .unwrap_or_default()
        .min(MAX_RESERVED);
    let mut body = Vec::with_capacity(length.max(first.len() + second.len()));
    body.extend_from_slice(&first);
    body.extend_from_slice(&second);
    drop((first, second));
    while let Some(part) = next_part(&mut response).await? {
        body.extend_from_slice(&part);
    }
    Ok(body.into())
}

async fn next_part(response: &mut reqwest::Response) -> reqwest::Result<Option<Bytes>> {
    let part = response.chunk().await;
    part.map_err(|error| error.with_url(response.url().clone()))
}

/// Takes a client that was set up elsewhere, with all its settings.
///
/// It must not follow redirects and must not retry: give its builder
/// `redirect(reqwest::redirect::Policy::none())` and `retry(reqwest::retry::never())`. A followed
/// redirect carries a signature to another host, and retries are counted by the SDK.
impl From<reqwest::Client> for ReqwestClient {
    fn from(client: reqwest::Client) -> Self {
        Self {
            client,
            last_url: Arc::default(),
        }
    }
}

impl HttpClient for ReqwestClient {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<HttpResponse, ConnectorError>> {
        Box::pin(self.send(request))
    }
}

/// What reqwest shows of a client can hold the password of a proxy.
impl fmt::Debug for ReqwestClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReqwestClient")
    }
}

/// Builds a [`ReqwestClient`].
#[derive(Clone)]
#[must_use]
pub struct ReqwestClientBuilder {
    connect_timeout: Option<Duration>,
    read_timeout: Option<Duration>,
    pool_idle_timeout: Duration,
    pool_max_idle_per_host: usize,
    proxies: Proxies,
    roots: TlsRoots,
}

#[derive(Clone)]
enum Proxies {
    Environment,
    None,
    Url(String),
}

impl ReqwestClientBuilder {
    /// How long connecting may take, TLS included; 3.1 s if it is not set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// Lets connecting take as long as the operating system allows.
    pub fn no_connect_timeout(mut self) -> Self {
        self.connect_timeout = None;
        self
    }

    /// How long the server may be silent: until the response begins, counted from the call, and then
    /// between any two of its parts. No limit if it is not set.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = Some(timeout);
        self
    }

    /// How long a connection that nobody uses is kept; 90 s if it is not set.
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.pool_idle_timeout = timeout;
        self
    }

    /// How many connections to a host are kept while nobody uses them; all if it is not set, and with
    /// 0 every request gets a connection of its own.
    pub fn pool_max_idle_per_host(mut self, connections: usize) -> Self {
        self.pool_max_idle_per_host = connections;
        self
    }

    /// Sends all requests through this proxy, such as `http://user:password@proxy:3128`. Without, the
    /// proxies are those that `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` (upper or lower
    /// case) name in the environment of the process.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxies = Proxies::Url(url.into());
        self
    }

    /// Uses no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.proxies = Proxies::None;
        self
    }

    /// Trusts these certificate authorities instead of the platform's: certificates in PEM, as in the
    /// file that `AWS_CA_BUNDLE` names elsewhere. Certificates in it that cannot be authorities are
    /// passed over.
    pub fn ca_bundle_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots = TlsRoots::Bundle(pem.into());
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// If TLS cannot be set up, the CA bundle holds no certificate, or the proxy's URL is none.
    pub fn build(&self) -> Result<ReqwestClient, ConnectorError> {
        let other = |error: reqwest::Error| ConnectorError::other(error.into());
        // Another crate of the program can enable features of reqwest; they must change nothing here.
        let mut builder = reqwest::Client::builder()
            .http1_only()
            .no_brotli()
            .no_deflate()
            .no_gzip()
            .no_zstd()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .tcp_nodelay(true)
            .pool_idle_timeout(self.pool_idle_timeout)
            .pool_max_idle_per_host(self.pool_max_idle_per_host);
        if let Some(timeout) = self.connect_timeout {
            builder = builder.connect_timeout(timeout);
        }
        if let Some(timeout) = self.read_timeout {
            builder = builder.read_timeout(timeout);
        }
        builder = match &self.proxies {
            Proxies::Environment => builder,
            Proxies::None => builder.no_proxy(),
            Proxies::Url(url) => builder.proxy(reqwest::Proxy::all(url).map_err(|error| {
                ConnectorError::other(format!("the proxy's URL is invalid: {error}").into())
            })?),
        };
        let client = tls::set_up(builder, &self.roots)?.build().map_err(other)?;
        Ok(client.into())
    }

    /// A transport that is built by its first call, whose error is that of [`build`](Self::build).
    pub fn build_on_first_use(self) -> SharedHttpClient {
        SharedHttpClient::new(LazyClient {
            builder: self,
            client: OnceLock::new(),
        })
    }
}

/// A proxy's URL can hold a password.
impl fmt::Debug for ReqwestClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestClientBuilder")
            .field("connect_timeout", &self.connect_timeout)
            .field("read_timeout", &self.read_timeout)
            .field("pool_idle_timeout", &self.pool_idle_timeout)
            .field("pool_max_idle_per_host", &self.pool_max_idle_per_host)
            .finish_non_exhaustive()
    }
}

struct LazyClient {
    builder: ReqwestClientBuilder,
    client: OnceLock<ReqwestClient>,
}

impl LazyClient {
    /// Calls at the same time may each build one; the first is kept.
    fn client(&self) -> Result<&ReqwestClient, ConnectorError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = self.builder.build()?;
        Ok(self.client.get_or_init(|| client))
    }
}

impl HttpClient for LazyClient {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<HttpResponse, ConnectorError>> {
        Box::pin(async { self.client()?.send(request).await })
    }
}

fn classify(error: reqwest::Error) -> ConnectorError {
    if error.is_timeout() {
        ConnectorError::timeout(error.into())
    } else if error.is_builder() {
        ConnectorError::user(error.into())
    } else if error.is_connect() && lacks_tls(&error) {
        ConnectorError::user(tls::UNSUPPORTED.into())
    } else if error.is_connect() && is_about_certificate(&error) {
        ConnectorError::certificate(error.into())
    } else {
        // Connections that were refused, reset or closed, responses that ended early, DNS.
        ConnectorError::io(error.into())
    }
}

fn lacks_tls(error: &reqwest::Error) -> bool {
    !tls::SUPPORTED && error.url().is_some_and(|url| url.scheme() == "https")
}

/// The TLS libraries share no error type, but each of them names the certificate.
fn is_about_certificate(error: &reqwest::Error) -> bool {
    innermost(error).to_string().contains("certificate")
}

#[cfg(all(
    test,
    not(any(feature = "rustls", feature = "rustls-aws-lc", feature = "native-tls"))
))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn https_without_tls_names_the_features() {
        let request = Request::get("https://localhost/")
            .body(Bytes::new())
            .unwrap();
        let error = ReqwestClient::new()
            .unwrap()
            .call(request)
            .await
            .unwrap_err();
        assert!(error.is_user());
        let text = error.to_string();
        assert!(
            text.contains("`rustls`") && text.contains("`native-tls`"),
            "{text}"
        );
    }

    #[test]
    fn a_ca_bundle_without_tls_names_the_features() {
        let error = ReqwestClient::builder()
            .ca_bundle_pem("")
            .build()
            .unwrap_err();
        assert!(error.is_other());
        assert!(error.to_string().contains("`rustls`"), "{error}");
    }
}
