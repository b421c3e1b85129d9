//! What sends requests.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};

use super::connector_error::ConnectorError;
use crate::runtime::base::boxed::BoxFuture;

/// Sends requests: one method, whole bodies. Smithy's counterpart is
/// [`HttpClient`](aws_smithy_runtime_api::client::http::HttpClient), which all AWS crates take.
///
/// An implementation must not follow redirects and must not retry: both are the caller's to decide,
/// and a followed redirect would carry a signature to another host.
pub trait Transport: Send + Sync {
    /// Sends the request and reads the response to its end.
    fn call(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>>;
}

/// A [`Transport`] that many clients can share, be they of one service or of several: clones have
/// one pool of connections.
///
/// The default is [`ReqwestClient::builder`] as it is, set up by its first call. So making a client
/// cannot fail; what is wrong with TLS on this machine is the error of the first call.
///
/// [`ReqwestClient::builder`]: super::ReqwestClient::builder
#[derive(Clone)]
pub struct SharedTransport(Arc<dyn Transport>);

impl SharedTransport {
    /// Wraps a transport.
    pub fn new(transport: impl Transport + 'static) -> Self {
        Self(Arc::new(transport))
    }
}

impl Transport for SharedTransport {
    fn call(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
        self.0.call(request)
    }
}

impl fmt::Debug for SharedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedTransport")
    }
}
