//! Bodies that are large and nested without end are errors, soon and without recursion.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::time::{Duration, Instant};

use bytes::Bytes;
use cloudtrail_sdk::config::{BoxFuture, Credentials, Region, Transport};
use cloudtrail_sdk::error::{ConnectorError, ProvideErrorMetadata, SdkError};
use cloudtrail_sdk::operation::lookup_events::{LookupEventsError, LookupEventsOutput};
use cloudtrail_sdk::{Client, Config};
use http::{HeaderMap, Request, Response, StatusCode};
use tests::http_response;

const BODY_BYTES: usize = 64 << 20;

/// A debug build on a busy machine takes a few seconds; what is quadratic takes days.
const SOON: Duration = Duration::from_secs(60);

/// Answers every request the same; clones share the body.
struct Answer(Response<Bytes>);

impl Transport for Answer {
    fn call(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
        let response = self.0.clone();
        Box::pin(async { Ok(response) })
    }
}

/// What LookupEvents makes of a body that starts with `start` and goes on with `nesting`.
async fn lookup_events(
    status: StatusCode,
    start: &str,
    nesting: &str,
) -> Result<LookupEventsOutput, SdkError<LookupEventsError>> {
    let body = start.to_owned() + &nesting.repeat(BODY_BYTES / nesting.len());
    let response = http_response(status, HeaderMap::new(), body);
    let config = Config::builder()
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new(
            "AKID",
            "loopback-secret",
            None,
            None,
            "test",
        ))
        .transport(Answer(response))
        .build();
    let started = Instant::now();
    let result = Client::from_conf(config).lookup_events().send().await;
    assert!(
        started.elapsed() < SOON,
        "{start}{nesting}…: {:?}",
        started.elapsed()
    );
    result
}

#[tokio::test]
async fn an_output_that_nests_without_end_is_an_error() {
    for (start, nesting) in [
        ("", "["),
        ("", r#"{"a":"#),
        (r#"{"Events":"#, "["),
        (r#"{"Events":[{"EventTime":"#, "["),
        (r#"{"Events":[{"Resources":"#, r#"[{"a":"#),
    ] {
        let error = lookup_events(StatusCode::OK, start, nesting)
            .await
            .unwrap_err();
        assert!(
            matches!(error, SdkError::ResponseError(_)),
            "{start}{nesting}…: {error}"
        );
    }
}

#[tokio::test]
async fn a_body_that_repeats_itself_without_end_is_an_error() {
    for (start, again) in [
        (r#"{"Events":[{"EventTime":1"#, r#","EventTime":null"#),
        (r#"{"Events":[{"EventTime":1e"#, "9"),
        ("<html>", " \n"),
    ] {
        let error = lookup_events(StatusCode::OK, start, again)
            .await
            .unwrap_err();
        assert!(error.to_string().len() < 4_000, "{start}{again}…");
    }
}

#[tokio::test]
async fn an_error_that_nests_without_end_is_an_error_without_code() {
    for (start, nesting) in [
        ("", "["),
        ("", r#"{"a":"#),
        (r#"{"__type":"#, "["),
        (r#"{"message":"#, r#"{"message":"#),
        (r#"{"Output":"#, r#"{"Output":"#),
    ] {
        let error = lookup_events(StatusCode::BAD_REQUEST, start, nesting)
            .await
            .unwrap_err();
        assert!(
            matches!(&error, SdkError::ServiceError(error) if error.err().code().is_none()),
            "{start}{nesting}…: {error}"
        );
    }
}
