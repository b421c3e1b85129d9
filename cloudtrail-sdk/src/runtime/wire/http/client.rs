//! What sends requests.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::Request;

use super::connector_error::ConnectorError;
use super::response::HttpResponse;
use crate::runtime::base::boxed::BoxFuture;

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
///
/// [`ReqwestClient::builder`]: super::ReqwestClient::builder
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
