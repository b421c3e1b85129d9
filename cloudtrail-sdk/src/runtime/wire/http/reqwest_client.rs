//! The transport on [`reqwest`].

mod smithy;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode, Uri};
use reqwest::Url;

use super::failure::Failure;
use super::proxy::{Proxies, Routes};
use super::response::response as whole;
use super::tls::{Tls, TlsRoots};
use super::{ConnectorError, SharedTransport, Transport};
use crate::runtime::base::boxed::BoxFuture;
use crate::runtime::base::per_process::PerProcess;
use crate::runtime::base::per_runtime::PerRuntime;
use crate::runtime::base::time::finite;

/// How long connecting may take when nothing else is said, as in the official SDK.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_millis(3100);
/// How long the server may be silent when nothing else is said, as in botocore.
pub(crate) const READ_TIMEOUT: Duration = Duration::from_secs(60);
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(90);
/// How long a connection is silent before the operating system asks whether the server is still there,
/// how long it waits for the answer, and how often it asks.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
const KEEP_ALIVE_PROBES: u32 = 3;

const FORKED: &str = "this process was forked from the one that made this `reqwest::Client`, whose \
                      connections no thread serves here: make another client in this process";

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
/// - It belongs to the async runtime of the call that opened it, which alone uses it, and ends with
///   that runtime. So a client in a `static` serves tests that have a runtime each.
/// - A process that was forked leaves the connections of its parent alone and makes its own.
///
/// The operating system asks by TCP keep-alive, after 15 s of silence, whether the server is still
/// there.
#[derive(Clone)]
pub struct ReqwestClient(Arc<Shared>);

/// What clones share.
struct Shared {
    /// How to make pools; none if the user has made the one that there is.
    builder: Option<ReqwestClientBuilder>,
    /// Threads, connections and locks are of one process.
    local: PerProcess<Local>,
}

/// What a process has.
struct Local {
    pools: Pools,
    last_url: Mutex<Option<(Uri, Url)>>,
}

enum Pools {
    /// One that the user has made, for all runtimes.
    Given(Arc<Pool>),
    /// A connection is served by the runtime that opened it: on another one, it could end or stand
    /// still with that runtime under a call.
    Own {
        tls: Tls,
        pools: PerRuntime<Arc<Pool>>,
    },
}

struct Pool {
    client: reqwest::Client,
    routes: Routes,
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

    /// Starts building a client with a connection pool of its own: 3.1 s for connecting, 60 s for
    /// reading, idle connections kept for 90 s, the platform's certificate authorities, and proxies
    /// from the environment.
    pub fn builder() -> ReqwestClientBuilder {
        ReqwestClientBuilder {
            connect_timeout: Some(CONNECT_TIMEOUT),
            read_timeout: Some(READ_TIMEOUT),
            pool_idle_timeout: POOL_IDLE_TIMEOUT,
            pool_max_idle_per_host: usize::MAX,
            proxies: Proxies::Environment,
            roots: TlsRoots::Platform,
        }
    }

    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ConnectorError> {
        let local = self.0.local()?;
        let exchange = self.0.exchange(local, request.uri())?;
        let failed = |error| exchange.failed(error);
        let request = local.convert(request).map_err(failed)?;
        let mut response = exchange.execute(request).await?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let body = read_body(response).await.map_err(failed)?;
        Ok(whole(status, headers, body))
    }
}

impl Shared {
    fn builder(&self) -> Result<&ReqwestClientBuilder, ConnectorError> {
        let builder = self.builder.as_ref();
        builder.ok_or_else(|| ConnectorError::other(FORKED.into(), None))
    }

    fn limit(&self, of: impl Fn(&ReqwestClientBuilder) -> Option<Duration>) -> Option<Duration> {
        self.builder.as_ref().and_then(of)
    }

    fn local(&self) -> Result<&Local, ConnectorError> {
        self.local.get_or_try_make(|| {
            Ok(Local::new(Pools::Own {
                tls: Tls::new(&self.builder()?.roots)?,
                pools: PerRuntime::new(),
            }))
        })
    }

    /// The way of a request to this URI.
    fn exchange(&self, local: &Local, uri: &Uri) -> Result<Exchange<'_>, ConnectorError> {
        Ok(Exchange {
            shared: self,
            pool: self.pool(local)?,
            uri: uri.clone(),
        })
    }

    /// The pool of the runtime in which this is called.
    fn pool(&self, local: &Local) -> Result<Arc<Pool>, ConnectorError> {
        match &local.pools {
            Pools::Given(pool) => Ok(Arc::clone(pool)),
            Pools::Own { tls, pools } => {
                pools.get_or_try_make(|| self.builder()?.build_pool(tls).map(Arc::new))
            }
        }
    }
}

/// The way of one request.
struct Exchange<'a> {
    shared: &'a Shared,
    pool: Arc<Pool>,
    uri: Uri,
}

impl Exchange<'_> {
    /// Sends the request; the response's body is still to come.
    async fn execute(
        &self,
        request: reqwest::Request,
    ) -> Result<reqwest::Response, ConnectorError> {
        let response = self.pool.client.execute(request).await;
        let response = response.map_err(|error| self.failed(error))?;
        // Where there is no tunnel, a proxy refuses by a response.
        if response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED
            && self.pool.routes.proxy(&self.uri).is_some()
        {
            return Err(self.failure().unauthorized(response.url()));
        }
        Ok(response)
    }

    fn failed(&self, error: reqwest::Error) -> ConnectorError {
        self.failure().error(error)
    }

    fn failure(&self) -> Failure {
        Failure {
            connect_timeout: self.shared.limit(|builder| builder.connect_timeout),
            read_timeout: self.shared.limit(|builder| builder.read_timeout),
            proxy: self.pool.routes.proxy(&self.uri),
        }
    }
}

impl Local {
    fn new(pools: Pools) -> Self {
        Self {
            pools,
            last_url: Mutex::default(),
        }
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
/// redirect carries a signature to another host, and retries are counted by the SDK. In a process that
/// was forked after this, calls fail: make another client there. Its connections are shared by all
/// async runtimes, so a call fails if the runtime that opened its connection shuts down.
impl From<reqwest::Client> for ReqwestClient {
    fn from(client: reqwest::Client) -> Self {
        let pool = Pool {
            client,
            routes: Routes::unknown(),
        };
        Self(Arc::new(Shared {
            builder: None,
            local: Local::new(Pools::Given(Arc::new(pool))).into(),
        }))
    }
}

impl Transport for ReqwestClient {
    fn call(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
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

impl ReqwestClientBuilder {
    /// How long connecting may take, with the look-up of the name and TLS; 3.1 s if it is not set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = finite(timeout);
        self
    }

    /// Lets connecting take as long as the operating system allows.
    pub fn no_connect_timeout(mut self) -> Self {
        self.connect_timeout = None;
        self
    }

    /// How long the server may be silent; 60 s if it is not set. Until the response begins, this is
    /// counted from the call, with connecting and sending; after that between any two parts of the
    /// response, so that a long response may take longer as a whole.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = finite(timeout);
        self
    }

    /// Lets the server be silent for as long as it keeps the connection.
    pub fn no_read_timeout(mut self) -> Self {
        self.read_timeout = None;
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
    /// case) name in the environment of the process. The proxy's URL begins with `http://` or
    /// `https://`; SOCKS is not supported.
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
        let client = self.clone().build_lazily();
        client.0.pool(client.0.local()?)?;
        Ok(client)
    }

    fn build_lazily(self) -> ReqwestClient {
        ReqwestClient(Arc::new(Shared {
            builder: Some(self),
            local: PerProcess::new(),
        }))
    }

    fn build_pool(&self, tls: &Tls) -> Result<Pool, ConnectorError> {
        let other = |error: reqwest::Error| ConnectorError::other(error.into(), None);
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
            .tcp_keepalive(KEEP_ALIVE)
            .tcp_keepalive_interval(KEEP_ALIVE)
            .tcp_keepalive_retries(KEEP_ALIVE_PROBES)
            .pool_idle_timeout(finite(self.pool_idle_timeout))
            .pool_max_idle_per_host(self.pool_max_idle_per_host);
        if let Some(timeout) = self.connect_timeout {
            builder = builder.connect_timeout(timeout);
        }
        if let Some(timeout) = self.read_timeout {
            builder = builder.read_timeout(timeout);
        }
        let (builder, routes) = self.proxies.set_up(builder)?;
        let client = tls.set_up(builder).build().map_err(other)?;
        Ok(Pool { client, routes })
    }

    /// A transport that is built by its first call, whose error is that of [`build`](Self::build).
    pub fn build_on_first_use(self) -> SharedTransport {
        SharedTransport::new(self.build_lazily())
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
