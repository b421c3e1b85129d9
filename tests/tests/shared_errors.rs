//! Errors outside of their call: after `?`, as those of all AWS crates, and made by hand.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::error::Error as StdError;
use std::io;

use aws_smithy_runtime_api::client::result;
use aws_smithy_types::retry::ErrorKind;
use aws_types::request_id::RequestId;
use bytes::Bytes;
use cloudtrail_sdk::config::http::HttpResponse;
use cloudtrail_sdk::config::retry::RetryConfig;
use cloudtrail_sdk::error::{
    BuildError, ConnectorError, ConstructionFailure, DispatchFailure, DisplayErrorContext,
    ErrorMetadata, ProvideErrorMetadata, ResponseError, SdkError, ServiceError, TimeoutError,
};
use cloudtrail_sdk::operation::get_trail::{GetTrailError, GetTrailInput};
use cloudtrail_sdk::test_util::{Answer, Fakes};
use cloudtrail_sdk::types::error::TrailNotFoundException;
use cloudtrail_sdk::{Client, Config, Error};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use tests::http_response;

type GetTrailSdkError = SdkError<GetTrailError>;

fn response(status: u16, headers: &[(&'static str, &[u8])], body: &'static str) -> Response<Bytes> {
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| {
            let value = HeaderValue::from_bytes(value).unwrap();
            (HeaderName::from_static(name), value)
        })
        .collect();
    http_response(StatusCode::from_u16(status).unwrap(), headers, body)
}

/// The error of a call that is answered like this, once.
async fn error_of(answer: Answer<GetTrailInput>) -> GetTrailSdkError {
    let fakes = Fakes::new();
    fakes.when::<GetTrailInput>().sequence([answer]);
    let config = fakes.config().retry_config(RetryConfig::disabled());
    let client = Client::from_conf(config.build());
    client.get_trail().name("a-b").send().await.unwrap_err()
}

/// An error of each variant, as calls return them.
async fn errors() -> Vec<GetTrailSdkError> {
    let id: (_, &[u8]) = ("x-amzn-requestid", b"id-1");
    let wrong_region = r#"{"__type":"InvalidHomeRegionException","Message":"Wrong\nRegion."}"#;
    let nothing_configured = Client::from_conf(Config::builder().build());
    vec![
        error_of(Answer::response(response(400, &[id], wrong_region))).await,
        error_of(Answer::response(response(
            429,
            &[id],
            r#"{"__type":"New"}"#,
        )))
        .await,
        error_of(Answer::response(response(500, &[id], ""))).await,
        error_of(Answer::response(response(200, &[id], "no JSON"))).await,
        error_of(Answer::dispatch(ConnectorError::timeout("too slow".into()))).await,
        error_of(Answer::dispatch(ConnectorError::io(
            io::Error::other("closed").into(),
        )))
        .await,
        nothing_configured.get_trail().send().await.unwrap_err(),
    ]
}

/// What `?` makes of an error in a function that returns `cloudtrail_sdk::Error`.
#[tokio::test]
async fn after_the_question_mark_an_error_prints_what_it_printed() {
    for error in errors().await {
        let (line, call) = (error.to_string(), error.call().clone());
        let request_id = error.request_id().map(str::to_owned);
        let code = error.meta().code().map(str::to_owned);
        let error = Error::from(error);
        assert_eq!(error.to_string(), line);
        assert_eq!(error.call(), Some(&call));
        assert_eq!(error.call().unwrap().operation(), "GetTrail");
        assert_eq!(error.request_id(), request_id.as_deref());
        assert_eq!(error.code(), code.as_deref());
        // A report that prints every source prints this line, and nothing else.
        assert_eq!(DisplayErrorContext(&error).to_string(), line);
        let error = anyhow::Error::from(error).context("starting");
        assert_eq!(format!("{error:#}"), format!("starting: {line}"));
        let long = format!("{error:?}");
        let long = long.split("\n\nStack backtrace").next().unwrap();
        assert_eq!(long, format!("starting\n\nCaused by:\n    {line}"));
    }
}

#[tokio::test]
async fn without_its_call_an_error_prints_what_the_service_said() {
    let error = errors().await.swap_remove(0).into_service_error();
    assert_eq!(
        error.to_string(),
        r"InvalidHomeRegionException: Wrong\nRegion."
    );
    assert_eq!(error.call(), None);
    assert!(Error::unhandled("mine").call().is_none());
}

/// A test compares the error with the one that its fake answered.
#[tokio::test]
async fn after_the_question_mark_an_error_is_equal_to_itself() {
    let gone = || TrailNotFoundException::builder().message("gone").build();
    let answer = Answer::error(GetTrailError::TrailNotFoundException(gone()));
    match Error::from(error_of(answer).await) {
        Error::TrailNotFoundException(error) => assert_eq!(error, gone()),
        error => panic!("{error}"),
    }
}

/// Of an error that a program made, the sources that it has not printed follow it.
#[test]
fn after_the_question_mark_an_error_keeps_its_sources() {
    let cause = anyhow::anyhow!("inner").context("outer");
    let error = GetTrailError::unhandled(Box::<dyn StdError + Send + Sync>::from(cause));
    let error: SdkError<_, ()> = SdkError::service_error(error, ());
    let error = anyhow::Error::from(Error::from(error));
    assert_eq!(format!("{error:#}"), "outer: inner");
}

#[test]
fn errors_are_small() {
    assert_eq!(size_of::<GetTrailSdkError>(), 2 * size_of::<usize>());
    assert!(size_of::<Error>() <= 5 * size_of::<usize>());
}

type Common<E, R = HttpResponse> = result::SdkError<E, R>;

/// What a helper for several AWS crates reads of an error.
#[tokio::test]
async fn the_common_error_has_status_and_request_id() {
    for error in errors().await {
        let line = error.to_string();
        let request_id = error.request_id().map(str::to_owned);
        let status = error.call().status().map(|status| status.as_u16());
        let is_refusal = error.as_service_error().is_some();
        let common: Common<GetTrailError> = error.into();
        let raw = common.raw_response();
        assert_eq!(raw.map(|raw| raw.status().as_u16()), status, "{line}");
        assert_eq!(common.request_id(), request_id.as_deref(), "{line}");
        // Reports have the whole line, unless the source is the service's error as it is.
        let report = DisplayErrorContext(&common).to_string();
        assert_eq!(report.contains(&line), !is_refusal, "{report}");
        let source = common.into_source().unwrap();
        assert_eq!(source.is::<GetTrailError>(), is_refusal);
    }
}

#[tokio::test]
async fn the_common_error_has_headers_and_body() {
    let headers: &[(_, &[u8])] = &[
        ("x-text", b"a"),
        ("x-text", b"b"),
        ("x-latin", b"caf\xe9"),
        ("x-tab", b"a\tb"),
    ];
    let error = error_of(Answer::response(response(418, headers, "body"))).await;
    let Common::ServiceError(failure) = Common::from(error) else {
        panic!("another variant");
    };
    let raw = failure.raw();
    assert_eq!(raw.status().as_u16(), 418);
    assert_eq!(
        raw.headers().get_all("x-text").collect::<Vec<_>>(),
        ["a", "b"]
    );
    assert_eq!(raw.headers().get_bytes("x-latin"), Some(&b"caf\xe9"[..]));
    assert_eq!(raw.headers().get("x-tab"), Some("a\tb"));
    assert_eq!(raw.body().bytes(), Some(&b"body"[..]));
}

/// Mocks have smithy's response, or none.
#[test]
fn the_common_error_keeps_a_response_that_is_common() {
    let error = SdkError::<GetTrailError, ()>::response_error("why", ());
    let common: Common<GetTrailError, ()> = error.into();
    assert!(matches!(common, Common::ResponseError(_)));

    let raw = HttpResponse::new(404.try_into().unwrap(), "body".into());
    let error = SdkError::<GetTrailError, _>::response_error("why", raw);
    let common: Common<GetTrailError> = error.into();
    assert_eq!(
        common.raw_response().unwrap().body().bytes(),
        Some(&b"body"[..])
    );
}

#[test]
fn the_common_error_keeps_the_kind() {
    let kind = Some(ErrorKind::ServerError);
    let made: [(fn(_) -> ConnectorError, _); 5] = [
        (ConnectorError::timeout, None),
        (ConnectorError::io, None),
        (ConnectorError::user, None),
        (|why| ConnectorError::other(why, None), None),
        (
            |why| ConnectorError::other(why, Some(ErrorKind::ServerError)),
            kind,
        ),
    ];
    for (index, (make, kind)) in made.into_iter().enumerate() {
        let error = GetTrailSdkError::dispatch_failure(make("why".into()));
        let Common::DispatchFailure(failure) = Common::from(error) else {
            panic!("another variant");
        };
        let kinds = [
            failure.is_timeout(),
            failure.is_io(),
            failure.is_user(),
            failure.is_other(),
        ];
        let expected = [0, 1, 2, 3].map(|kind| kind == index.min(3));
        assert_eq!(kinds, expected);
        assert_eq!(failure.as_other(), kind);
    }
}

#[tokio::test]
async fn a_named_kind_of_a_transports_error_is_retried() {
    for (kind, attempts) in [
        (None, 1),
        (Some(ErrorKind::TransientError), 3),
        (Some(ErrorKind::ThrottlingError), 3),
    ] {
        let fakes = Fakes::new();
        fakes
            .when::<GetTrailInput>()
            .answer(move |_| Answer::dispatch(ConnectorError::other("busy".into(), kind)));
        let client = Client::from_conf(fakes.config().build());
        let call = client.get_trail().name("a-b").send().await;
        let error = call.unwrap_err();
        assert_eq!(error.call().attempts(), attempts, "{kind:?}");
    }
}

/// Failures that were built are those that the functions of `SdkError` make.
#[test]
fn failures_are_built() {
    type Failure = SdkError<GetTrailError, u16>;
    let refused = || GetTrailError::generic(ErrorMetadata::builder().code("C").build());
    let io = || ConnectorError::io("closed".into());
    for (built, made) in [
        (
            Failure::ConstructionFailure(ConstructionFailure::builder().source("why").build()),
            Failure::construction_failure("why"),
        ),
        (
            Failure::TimeoutError(TimeoutError::builder().source("why").build()),
            Failure::timeout_error("why"),
        ),
        (
            Failure::DispatchFailure(DispatchFailure::builder().source(io()).build()),
            Failure::dispatch_failure(io()),
        ),
        (
            Failure::ResponseError(ResponseError::builder().source("why").raw(7).build()),
            Failure::response_error("why", 7),
        ),
        (
            Failure::ServiceError(ServiceError::builder().source(refused()).raw(7).build()),
            Failure::service_error(refused(), 7),
        ),
    ] {
        assert_eq!(built.to_string(), made.to_string());
        assert_eq!(built.raw_response(), made.raw_response());
        assert_eq!(format!("{built:?}"), format!("{made:?}"));
    }
    let mut builder = ServiceError::<GetTrailError, u16>::builder();
    builder.set_source(Some(refused())).set_raw(Some(7));
    assert_eq!(*builder.build().raw(), 7);
}

#[test]
#[should_panic(expected = "source")]
fn a_failure_without_its_source_cannot_be_built() {
    TimeoutError::builder().build();
}

#[test]
#[should_panic(expected = "raw")]
fn a_refusal_without_its_response_cannot_be_built() {
    let error = GetTrailError::unhandled("why");
    ServiceError::<GetTrailError, u16>::builder()
        .source(error)
        .build();
}

#[test]
fn a_program_makes_errors_of_builders() {
    let cause = || anyhow::anyhow!("inner").context("outer");
    for (error, line, report) in [
        (
            BuildError::missing_field("name", "it is required"),
            "name",
            "it is required",
        ),
        (
            BuildError::invalid_field("name", "too long"),
            "name",
            "too long",
        ),
        (
            BuildError::other(Box::<dyn StdError + Send + Sync>::from(cause())),
            "outer",
            "outer: inner",
        ),
    ] {
        assert!(error.to_string().contains(line), "{error}");
        let error = GetTrailSdkError::from(error);
        assert!(matches!(error, SdkError::ConstructionFailure(_)));
        let text = format!("{:#}", anyhow::Error::from(error));
        assert_eq!(text.matches(report).count(), 1, "{text}");
    }
    let missing = BuildError::missing_field("name", "it is required");
    assert_eq!(missing.missing_members(), ["name"]);
}

#[test]
fn metadata_has_extras() {
    let meta = ErrorMetadata::builder()
        .code("C")
        .request_id("id-1")
        .custom("zone", "a")
        .hint("look elsewhere")
        .build();
    assert_eq!(meta.extra("zone"), Some("a"));
    assert_eq!(meta.extra("aws_request_id"), Some("id-1"));
    assert_eq!(meta.extra("code"), None);
    let changed = meta.clone().into_builder().message("m").build();
    assert_ne!(changed, meta);
    assert_eq!(changed.to_string(), "C: m");
    assert_eq!(changed.extra("zone"), Some("a"));
    assert_eq!(changed.request_id(), Some("id-1"));
    assert_eq!(changed.hint(), Some("look elsewhere"));
}
