//! When a request carries the trace of a Lambda invocation: `recursion-detection.json` of the crate
//! aws-runtime.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use cloudtrail_sdk::config::{BoxFuture, Credentials, Environment, Region, Transport};
use cloudtrail_sdk::error::ConnectorError;
use cloudtrail_sdk::{Client, Config};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use libtest_mimic::Trial;
use serde_json::Value;
use tests::http_response;

const TRACE_ID: &str = "x-amzn-trace-id";

pub(crate) fn trials(aws_runtime: &Path) -> Vec<Trial> {
    let cases = crate::read_json(&aws_runtime.join("test-data/recursion-detection.json"));
    let cases = cases.as_array().map_or(&[][..], Vec::as_slice);
    crate::trials("recursion detection", cases, 5, |case| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()?;
        runtime.block_on(check(case));
        Ok(())
    })
}

async fn check(case: &Value) {
    let service = Service::default();
    let config = Config::builder()
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("AKID", "secret", None, None, "test"))
        .environment(Environment::of(crate::strings(&case["env"])))
        .transport(service.clone())
        .build();
    let before = headers(&case["requestHeadersBefore"]);
    Client::from_conf(config)
        .list_trails()
        .customize()
        .mutate_request(move |request| {
            for (name, value) in &before {
                request.headers_mut().insert(name.clone(), value.clone());
            }
        })
        .send()
        .await
        .expect("a success");

    let sent = service.0.lock().unwrap_or_else(PoisonError::into_inner);
    let expected = headers(&case["requestHeadersAfter"]);
    assert_eq!(
        sent.get_all(TRACE_ID).iter().collect::<Vec<_>>(),
        expected.get_all(TRACE_ID).iter().collect::<Vec<_>>()
    );
}

/// Headers that are written as `Name: value`.
fn headers(lines: &Value) -> HeaderMap {
    let lines = lines.as_array().into_iter().flatten();
    lines
        .map(|line| {
            let line = line.as_str().and_then(|line| line.split_once(": "));
            let (name, value) = line.expect("a header");
            let name: HeaderName = name.parse().expect("the name of a header");
            let value: HeaderValue = value.parse().expect("the value of a header");
            (name, value)
        })
        .collect()
}

/// Remembers the headers of the last request.
#[derive(Clone, Default)]
struct Service(Arc<Mutex<HeaderMap>>);

impl Transport for Service {
    fn call(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = request.headers().clone();
        let response = http_response(StatusCode::OK, HeaderMap::new(), "{}");
        Box::pin(async { Ok(response) })
    }
}
