//! What the fuzz targets share.

pub mod chain;
pub mod json;
pub mod operations;

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use cloudtrail_sdk::Config;
use cloudtrail_sdk::config::retry::RetryConfig;
use cloudtrail_sdk::config::{BoxFuture, Builder, Credentials, HttpClient};
use cloudtrail_sdk::error::{ConnectorError, HttpResponse};
use http::{Request, Uri};

/// A transport that answers a request at once, with what the function makes of its URL.
pub struct Transport<F>(pub F);

impl<F> HttpClient for Transport<F>
where
    F: Fn(&Uri) -> HttpResponse + Send + Sync,
{
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<HttpResponse, ConnectorError>> {
        let response = (self.0)(request.uri());
        Box::pin(async { Ok(response) })
    }
}

/// A configuration that sends everything through this transport, once: a retry would wait.
pub fn config(transport: impl HttpClient + 'static) -> Builder {
    Config::builder()
        .credentials_provider(Credentials::new("AKID", "secret", None, None, "fuzz"))
        .http_client(transport)
        .retry_config(RetryConfig::disabled())
}

/// Runs a call to its end; with a [`Transport`] nothing in it has to wait.
pub fn run<T>(call: impl Future<Output = T>) -> T {
    match pin!(call).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("a call waits although its transport does not"),
    }
}
