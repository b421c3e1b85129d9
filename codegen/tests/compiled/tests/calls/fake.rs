//! A transport that answers from a list.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use compiled_snapshots::config::retry::RetryConfig;
use compiled_snapshots::config::{BoxFuture, Config, Credentials, Region, Transport};
use compiled_snapshots::error::ConnectorError;
use http::{Request, Response, StatusCode};
use serde_json::Value;

/// A service that gives the answers it was told to give and keeps the requests it got.
#[derive(Clone)]
pub struct Fake {
    status: StatusCode,
    answers: Arc<Mutex<VecDeque<&'static str>>>,
    requests: Arc<Mutex<Vec<Request<Bytes>>>>,
}

impl Fake {
    /// Answers each request with success and the next of these bodies.
    pub fn answering<const N: usize>(bodies: [&'static str; N]) -> Self {
        Self {
            status: StatusCode::OK,
            answers: Arc::new(Mutex::new(bodies.into())),
            requests: Arc::default(),
        }
    }

    /// Answers the one request with a failure.
    pub fn failing(body: &'static str) -> Self {
        Self::refusing(StatusCode::BAD_REQUEST, [body])
    }

    /// Answers each request with a failure and the next of these bodies.
    pub fn refusing<const N: usize>(status: StatusCode, bodies: [&'static str; N]) -> Self {
        Self {
            status,
            ..Self::answering(bodies)
        }
    }

    /// The configuration of a client that calls this service once.
    pub fn config(&self) -> Config {
        self.retrying_config(RetryConfig::disabled())
    }

    /// The configuration of a client that calls this service until it is answered.
    pub fn retrying_config(&self, retries: RetryConfig) -> Config {
        Config::builder()
            .region(Region::new("eu-west-1"))
            .credentials_provider(Credentials::new("AKID", "secret", None, None, "test"))
            .transport(self.clone())
            .retry_config(retries)
            .build()
    }

    /// The bodies of the requests.
    pub fn bodies(&self) -> Vec<Value> {
        let requests = self.requests.lock().unwrap();
        requests
            .iter()
            .map(|request| serde_json::from_slice(request.body()).unwrap())
            .collect()
    }

    /// The places that the requests went to.
    pub fn uris(&self) -> Vec<String> {
        let requests = self.requests.lock().unwrap();
        requests
            .iter()
            .map(|request| request.uri().to_string())
            .collect()
    }

    /// The one request.
    pub fn request(&self) -> Request<Bytes> {
        let mut requests = self.requests.lock().unwrap();
        assert_eq!(requests.len(), 1);
        requests.remove(0)
    }

    /// The body of the one request.
    pub fn body(&self) -> Value {
        serde_json::from_slice(self.request().body()).unwrap()
    }
}

impl Transport for Fake {
    fn call(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
        self.requests.lock().unwrap().push(request);
        let body = self.answers.lock().unwrap().pop_front();
        let mut response = Response::new(body.unwrap().into());
        *response.status_mut() = self.status;
        Box::pin(async { Ok(response) })
    }
}
