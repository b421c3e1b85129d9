//! What the fuzz targets share.

pub mod chain;
pub mod json;
pub mod operations;

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use cloudtrail_sdk::Config;
use cloudtrail_sdk::config::retry::RetryConfig;
use cloudtrail_sdk::config::{BoxFuture, Builder, Credentials, Transport};
use cloudtrail_sdk::error::ConnectorError;
use http::{HeaderMap, Request, Response, StatusCode, Uri};

/// A response of these parts.
pub fn http_response(
    status: StatusCode,
    headers: HeaderMap,
    body: impl Into<Bytes>,
) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// A transport that answers a request at once, with what the function makes of its URL.
pub struct Answering<F>(pub F);

impl<F> Transport for Answering<F>
where
    F: Fn(&Uri) -> Response<Bytes> + Send + Sync,
{
    fn call(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
        let response = (self.0)(request.uri());
        Box::pin(async { Ok(response) })
    }
}

/// A configuration that sends everything through this transport, once: a retry would wait.
pub fn config(transport: impl Transport + 'static) -> Builder {
    Config::builder()
        .credentials_provider(Credentials::new("AKID", "secret", None, None, "fuzz"))
        .transport(transport)
        .retry_config(RetryConfig::disabled())
}

/// Runs a call to its end; with an [`Answering`] nothing in it has to wait.
pub fn run<T>(call: impl Future<Output = T>) -> T {
    match pin!(call).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("a call waits although its transport does not"),
    }
}
