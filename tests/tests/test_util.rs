//! What the crate has for tests of programs that use it.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use cloudtrail_sdk::config::retry::RetryConfig;
use cloudtrail_sdk::config::timeout::TimeoutConfig;
use cloudtrail_sdk::config::{BoxFuture, Clock, SharedTransport, Transport};
use cloudtrail_sdk::error::{
    ConnectorError, DisplayErrorContext, ErrorMetadata, ProvideErrorMetadata, SdkError,
};
use cloudtrail_sdk::operation::RequestId;
use cloudtrail_sdk::operation::describe_trails::{DescribeTrailsInput, DescribeTrailsOutput};
use cloudtrail_sdk::operation::list_trails::{ListTrailsInput, ListTrailsOutput};
use cloudtrail_sdk::operation::lookup_events::{LookupEventsInput, LookupEventsOutput};
use cloudtrail_sdk::operation::start_logging::{
    StartLoggingError, StartLoggingInput, StartLoggingOutput,
};
use cloudtrail_sdk::test_util::{Answer, FakeTime, Fakes, Recorder, Replayer};
use cloudtrail_sdk::types::Event;
use cloudtrail_sdk::types::error::{ThrottlingException, TrailNotFoundException};
use cloudtrail_sdk::{Client, Error};
use http::{HeaderMap, Request, Response, StatusCode};
use serde_json::{Value, json};
use tests::http_response;
use tests::protocol::{IDENTITY, Reply, SESSION_TOKEN};
use tests::server::LoopbackServer;

mod support;

fn client(fakes: &Fakes) -> Client {
    Client::from_conf(fakes.config().build())
}

fn page(token: &str) -> ListTrailsOutput {
    ListTrailsOutput::builder().next_token(token).build()
}

fn throttled() -> StartLoggingError {
    let error = ThrottlingException::builder().message("slower").build();
    Error::ThrottlingException(error)
}

#[tokio::test]
async fn the_first_rule_that_matches_answers() {
    let fakes = Fakes::new();
    let five = fakes
        .when::<LookupEventsInput>()
        .with(|input| input.max_results() == Some(5))
        .with(|input| input.next_token().is_none())
        .output(|| {
            let event = Event::builder().event_id("1").build();
            LookupEventsOutput::builder().events(event).build()
        });
    let any = fakes
        .when::<LookupEventsInput>()
        .output(|| LookupEventsOutput::builder().build());
    let trails = fakes
        .when::<DescribeTrailsInput>()
        .output(|| DescribeTrailsOutput::builder().build());
    let client = client(&fakes);

    let found = client.lookup_events().max_results(5).send().await.unwrap();
    assert_eq!(found.events()[0].event_id(), Some("1"));
    let more = client.lookup_events().max_results(5).next_token("a");
    assert!(more.send().await.unwrap().events().is_empty());
    client.lookup_events().send().await.unwrap();
    client.describe_trails().send().await.unwrap();
    assert_eq!((five.calls(), any.calls(), trails.calls()), (1, 2, 1));
    assert_eq!(
        fakes.requests(),
        [
            "LookupEvents",
            "LookupEvents",
            "LookupEvents",
            "DescribeTrails"
        ]
    );
}

#[tokio::test]
async fn an_answer_can_be_made_of_the_input() {
    let fakes = Fakes::new();
    fakes
        .when::<ListTrailsInput>()
        .answer(|input| match input.next_token() {
            None => Answer::output(page("2")),
            Some(_) => Answer::output(ListTrailsOutput::builder().build()),
        });
    let mut pages = client(&fakes).list_trails().into_paginator().send();
    assert_eq!(pages.next().await.unwrap().unwrap().next_token(), Some("2"));
    assert_eq!(pages.next().await.unwrap().unwrap().next_token(), None);
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn an_error_arrives_as_it_was_given() {
    let fakes = Fakes::new();
    fakes.when::<StartLoggingInput>().error(|| {
        let meta = ErrorMetadata::builder()
            .code("TrailNotFoundException")
            .request_id("id-1");
        let error = TrailNotFoundException::builder()
            .message("no such trail")
            .meta(meta.build());
        Error::TrailNotFoundException(error.build())
    });
    let error = client(&fakes).start_logging().name("trail").send().await;
    let error = error.unwrap_err();
    assert_eq!(error.code(), Some("TrailNotFoundException"));
    assert_eq!(error.call().status(), Some(StatusCode::BAD_REQUEST));
    assert_eq!(error.call().attempts(), 1);
    let Error::TrailNotFoundException(error) = error.into_service_error() else {
        panic!("another error");
    };
    assert_eq!(error.message(), Some("no such trail"));
    assert_eq!(error.meta().code(), Some("TrailNotFoundException"));
}

#[test]
fn errors_that_are_built_have_the_code_of_the_model_unless_they_are_given_one() {
    assert_eq!(throttled().code(), Some("ThrottlingException"));
    let meta = ErrorMetadata::builder().code("Other").build();
    let error = ThrottlingException::builder().meta(meta).build();
    assert_eq!(error.code(), Some("Other"));
}

#[tokio::test]
async fn answers_of_the_wire_are_read_as_those_of_the_service() {
    let body = json!({ "__type": "TrailNotFoundException", "Message": "none" }).to_string();
    let mut headers = HeaderMap::new();
    headers.insert("x-amzn-requestid", "id-1".parse().unwrap());
    let fakes = Fakes::new();
    fakes.when::<StartLoggingInput>().sequence([
        Answer::http(400, body),
        Answer::response(http_response(StatusCode::OK, headers, "{}")),
        Answer::http(200, "no JSON"),
        Answer::http(1000, ""),
        Answer::dispatch(ConnectorError::other("broken".into(), None)),
    ]);
    let client = client(&fakes);
    let call = || client.start_logging().name("trail").send();

    let error = call().await.unwrap_err().into_service_error();
    assert!(error.is_trail_not_found_exception(), "{error}");
    let output = call().await.unwrap();
    assert_eq!(output.request_id(), Some("id-1"));
    assert!(matches!(call().await, Err(SdkError::ResponseError(_))));
    let error = call().await.unwrap_err();
    assert!(
        error.to_string().contains("1000 is no HTTP status"),
        "{error}"
    );
    assert!(matches!(call().await, Err(SdkError::DispatchFailure(failure)) if failure.is_other()));
}

#[tokio::test]
async fn after_a_sequence_later_rules_answer() {
    let fakes = Fakes::new();
    let first = fakes
        .when::<ListTrailsInput>()
        .sequence([Answer::output(page("1")), Answer::output(page("2"))]);
    let then = fakes.when::<ListTrailsInput>().output(|| page("3"));
    let client = client(&fakes);
    for token in ["1", "2", "3", "3"] {
        let output = client.list_trails().send().await.unwrap();
        assert_eq!(output.next_token(), Some(token));
    }
    assert_eq!((first.calls(), then.calls()), (2, 2));
}

#[tokio::test]
async fn a_request_that_no_rule_matches_names_the_operation_and_the_rules() {
    let fakes = Fakes::new();
    let client = client(&fakes);
    let error = client.list_trails().send().await.unwrap_err();
    let text = DisplayErrorContext(&error).to_string();
    assert!(
        text.contains("no fake answers this ListTrails; there are no rules"),
        "{text}"
    );

    fakes
        .when::<ListTrailsInput>()
        .sequence([Answer::output(page("1"))]);
    fakes
        .when::<StartLoggingInput>()
        .output(|| StartLoggingOutput::builder().build());
    client.list_trails().send().await.unwrap();
    let error = client.list_trails().send().await.unwrap_err();
    let rules = "the rules are: 1. ListTrails (has answered once), \
                 2. StartLogging (has not answered yet)";
    assert!(error.to_string().contains(rules), "{error}");
    assert_eq!(error.call().attempts(), 1, "it is not retried");
    assert_eq!(fakes.requests(), ["ListTrails"; 3]);
    for _ in 0..2 {
        client.start_logging().name("trail").send().await.unwrap();
    }
    let rules = "1. ListTrails (has answered once), 2. StartLogging (has answered 2 times)";
    assert!(format!("{fakes:?}").contains(rules), "{fakes:?}");
}

#[tokio::test]
async fn other_requests_have_no_answer() {
    let request = Request::get("http://169.254.170.2/")
        .body(Bytes::new())
        .unwrap();
    let error = Fakes::new().call(request).await.unwrap_err();
    assert!(error.is_user());
    assert!(
        error.to_string().contains("http://169.254.170.2/"),
        "{error}"
    );
}

#[tokio::test]
async fn inputs_are_checked_before_fakes_are_asked() {
    let fakes = Fakes::new();
    let rule = fakes
        .when::<StartLoggingInput>()
        .output(|| StartLoggingOutput::builder().build());
    let error = client(&fakes).start_logging().send().await.unwrap_err();
    assert!(matches!(error, SdkError::ConstructionFailure(_)), "{error}");
    assert_eq!(rule.calls(), 0);
}

#[tokio::test]
async fn conditions_can_use_the_fakes() {
    let fakes = Fakes::new();
    fakes
        .when::<ListTrailsInput>()
        .with({
            let fakes = fakes.clone();
            move |_| fakes.requests().len() == 1
        })
        .output(|| page("first"));
    let client = client(&fakes);
    assert!(client.list_trails().send().await.is_ok());
    assert!(client.list_trails().send().await.is_err());
}

#[tokio::test]
async fn no_answer_waits_until_the_call_is_dropped() {
    let fakes = Fakes::new();
    let rule = fakes
        .when::<ListTrailsInput>()
        .sequence([Answer::pending()]);
    let call = client(&fakes).list_trails().send();
    let result = tokio::time::timeout(Duration::from_millis(5), call).await;
    assert!(result.is_err());
    assert_eq!(rule.calls(), 1);
}

#[tokio::test]
async fn failures_are_retried_without_waiting() {
    let fakes = Fakes::new();
    let rule = fakes.when::<StartLoggingInput>().sequence([
        Answer::http(503, ""),
        Answer::error(throttled()),
        Answer::output(StartLoggingOutput::builder().build()),
    ]);
    client(&fakes)
        .start_logging()
        .name("trail")
        .send()
        .await
        .unwrap();
    assert_eq!(rule.calls(), 3);
    // 50 ms for the first retry; 1 s, doubled, for the second one, which follows a throttling.
    assert_eq!(
        fakes.time().sleeps(),
        [Duration::from_millis(50), Duration::from_secs(2)]
    );
}

#[tokio::test]
async fn network_errors_are_retried_until_the_attempts_are_used_up() {
    let fakes = Fakes::new();
    fakes
        .when::<ListTrailsInput>()
        .answer(|_| Answer::dispatch(ConnectorError::io("reset".into())));
    let error = client(&fakes).list_trails().send().await.unwrap_err();
    assert_eq!(error.call().attempts(), 3);
    assert_eq!(fakes.requests(), ["ListTrails"; 3]);
}

#[tokio::test]
async fn a_time_limit_runs_out_as_soon_as_there_is_no_answer() {
    let fakes = Fakes::new();
    let rule = fakes
        .when::<ListTrailsInput>()
        .sequence([Answer::pending(), Answer::output(page("2"))]);
    let limit = Duration::from_secs(60);
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(limit);
    let config = fakes.config().timeout_config(timeouts.build());
    let client = Client::from_conf(config.build());
    let output = client.list_trails().send().await.unwrap();
    assert_eq!(output.next_token(), Some("2"));
    assert_eq!(rule.calls(), 2);
    assert_eq!(fakes.time().sleeps(), [limit, Duration::from_millis(50)]);
}

#[tokio::test]
async fn fake_time_passes_when_it_is_told_to() {
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(100);
    let time = FakeTime::new(start);
    assert_eq!((time.now(), time.elapsed()), (start, Duration::ZERO));
    time.advance(Duration::from_secs(5));
    let sleep = time.sleep(Duration::from_secs(60));
    assert_eq!(
        time.elapsed(),
        Duration::from_secs(5),
        "a wait starts when it is awaited"
    );
    sleep.await;
    time.clone().sleep(Duration::from_millis(1)).await;
    assert_eq!(time.now(), start + Duration::from_millis(65_001));
    assert_eq!(time.elapsed(), Duration::from_millis(65_001));
    assert_eq!(
        time.sleeps(),
        [Duration::from_secs(60), Duration::from_millis(1)]
    );
    assert_eq!(time.jitter(), 1.0);
    time.set_jitter(0.25);
    assert_eq!(time.jitter(), 0.25);

    time.advance(Duration::MAX);
    assert_eq!((time.elapsed(), time.now()), (Duration::MAX, start));
}

/// A recording of three calls: an output, an error, and a broken connection.
async fn recorded() -> Recorder {
    let server = LoopbackServer::start_with(|_| Reply::Reset).unwrap();
    server.reply(Reply::Output(json!({
        "Events": [{ "EventId": "1", "EventTime": 1_767_225_600.5 }],
        "NextToken": "2",
    })));
    server.reply(Reply::error("TrailNotFoundException", "no such trail"));
    let recorder = Recorder::new(SharedTransport::default());
    let client = recorded_client(&server.url(), recorder.clone());
    calls(&client).await;
    assert!(server.refusals().is_empty(), "{:?}", server.refusals());
    recorder
}

fn recorded_client(url: &str, transport: impl Transport + 'static) -> Client {
    let config = support::config(url)
        .retry_config(RetryConfig::disabled())
        .transport(transport);
    Client::from_conf(config.build())
}

/// The three calls, with what must come of them.
async fn calls(client: &Client) {
    let page = client.lookup_events().max_results(5).send().await.unwrap();
    assert_eq!(page.events()[0].event_id(), Some("1"));
    assert_eq!(
        page.events()[0].event_time().unwrap().as_secs_f64(),
        1_767_225_600.5
    );
    assert_eq!(page.next_token(), Some("2"));
    let error = client
        .start_logging()
        .name("trail")
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("TrailNotFoundException"));
    let error = client.list_trails().send().await.unwrap_err();
    assert!(matches!(error, SdkError::DispatchFailure(failure) if failure.is_io()));
}

#[tokio::test]
async fn what_was_recorded_can_be_replayed() {
    let recorder = recorded().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.json");
    recorder.save(&path).unwrap();
    let replayer = Replayer::load(&path).unwrap();
    calls(&recorded_client("http://127.0.0.1:1", replayer.clone())).await;
    replayer.assert_done();
}

#[tokio::test]
async fn a_recording_is_readable_and_has_no_secret() {
    let json = recorded().await.to_json();
    let exchanges: Value = serde_json::from_str(&json).unwrap();
    let request = &exchanges[0]["request"];
    assert_eq!(request["method"], "POST");
    assert_eq!(request["body"]["json"], json!({ "MaxResults": 5 }));
    assert_eq!(
        request["headers"]["x-amz-target"],
        "CloudTrail_20131101.LookupEvents"
    );
    assert_eq!(exchanges[0]["response"]["status"], 200);
    assert_eq!(exchanges[1]["response"]["status"], 404);
    assert_eq!(exchanges[2]["error"]["kind"], "io");
    for exchange in exchanges.as_array().unwrap() {
        let headers = exchange["request"]["headers"].as_object().unwrap();
        assert!(!headers.contains_key("authorization"));
        assert!(!headers.contains_key("x-amz-security-token"));
    }
    let token = format!("\"{SESSION_TOKEN}\"");
    for secret in [IDENTITY.access_key_id, &token, "Signature", "security"] {
        assert!(!json.contains(secret), "{secret} in {json}");
    }
}

/// Answers every request with this body, and headers that hold secrets.
struct Echo(Bytes);

impl Transport for Echo {
    fn call(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
        let mut headers = HeaderMap::new();
        headers.append("x-twice", "a".parse().unwrap());
        headers.append("x-twice", "b".parse().unwrap());
        headers.append("set-cookie", "hidden".parse().unwrap());
        let mut sensitive: http::HeaderValue = "hidden".parse().unwrap();
        sensitive.set_sensitive(true);
        headers.append("x-other", sensitive);
        let response = http_response(StatusCode::OK, headers, self.0.clone());
        Box::pin(async { Ok(response) })
    }
}

#[tokio::test]
async fn any_body_survives_a_recording() {
    for (body, kind) in [
        (&br#"{"a":1767225600.123456789, "b":[]}"#[..], "json"),
        (b"<html>", "text"),
        (b"", "text"),
        (b"\xff\x00", "base64"),
    ] {
        let body = Bytes::from_static(body);
        let request = Request::post("http://localhost/")
            .header("x-amz-target", "Service.Operation")
            .header("x-amz-sso_bearer_token", "hidden")
            .body(body.clone())
            .unwrap();
        let recorder = Recorder::new(Echo(body.clone()));
        recorder.call(request.clone()).await.unwrap();
        let json = recorder.to_json();
        assert!(json.contains(kind), "{json}");
        assert!(!json.contains("hidden"), "{json}");
        let replayer = Replayer::from_json(&json).unwrap();
        let response = replayer.call(request).await.unwrap();
        assert_eq!(response.body(), &body);
        assert_eq!(response.headers()["x-twice"], "a, b");
    }
}

#[tokio::test]
async fn requests_for_credentials_are_not_recorded() {
    let recorder = Recorder::new(Echo(Bytes::from_static(b"SecretAccessKey")));
    let request = Request::get("http://169.254.169.254/latest/").body(Bytes::new());
    let response = recorder.call(request.unwrap()).await.unwrap();
    assert_eq!(response.body(), "SecretAccessKey");
    assert_eq!(recorder.to_json(), "[]");
}

#[tokio::test]
async fn a_replayer_tells_how_a_request_differs() {
    let json = recorded().await.to_json();
    let replaying = || {
        let replayer = Replayer::from_json(&json).unwrap();
        (
            recorded_client("http://127.0.0.1:1", replayer.clone()),
            replayer,
        )
    };

    let (client, replayer) = replaying();
    let error = client
        .lookup_events()
        .max_results(6)
        .send()
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains(
            "request 1: CloudTrail_20131101.LookupEvents: `MaxResults` is recorded as 5, and was sent as 6"
        ),
        "{error}"
    );
    assert_eq!(error.call().attempts(), 1);
    let error = client.lookup_events().max_results(5).next_token("a").send();
    let error = error.await.unwrap_err().to_string();
    assert!(
        error.contains("`NextToken` was sent as \"a\", and is not recorded"),
        "{error}"
    );
    let error = client.lookup_events().send().await.unwrap_err().to_string();
    assert!(
        error.contains("`MaxResults` is recorded as 5, and was not sent"),
        "{error}"
    );
    let error = client.list_trails().send().await.unwrap_err().to_string();
    assert!(
        error.contains(
            "recorded is CloudTrail_20131101.LookupEvents, sent was CloudTrail_20131101.ListTrails"
        ),
        "{error}"
    );
    let message = panic_message(move || replayer.assert_done());
    let start = "not as recorded: request 1: CloudTrail_20131101.LookupEvents: `MaxResults` is recorded as 5";
    assert!(message.starts_with(start), "{message}");

    let (_, replayer) = replaying();
    let message = panic_message(move || replayer.assert_done());
    assert!(
        message.ends_with(
            "recorded and not requested: CloudTrail_20131101.LookupEvents, \
             CloudTrail_20131101.StartLogging, CloudTrail_20131101.ListTrails"
        ),
        "{message}"
    );

    let (client, _) = replaying();
    calls(&client).await;
    let error = client.list_trails().send().await.unwrap_err().to_string();
    assert!(
        error.contains("request 4: CloudTrail_20131101.ListTrails comes after the end"),
        "{error}"
    );
}

fn panic_message(f: impl FnOnce() + Send + 'static) -> String {
    let panic = std::thread::spawn(f).join().unwrap_err();
    *panic.downcast::<String>().unwrap()
}

#[tokio::test]
async fn a_recording_that_was_spoilt_is_an_error() {
    for spoilt in ["", "{}", "[{}]", r#"[{"request":1}]"#] {
        let error = Replayer::from_json(spoilt).unwrap_err();
        assert!(error.to_string().contains("line 1"), "{error}");
    }
    let request = || {
        Request::post("http://localhost/")
            .header("x-amz-target", "Service.Operation")
            .body(Bytes::new())
            .unwrap()
    };
    let recorder = Recorder::new(Echo(Bytes::from_static(b"\xff")));
    recorder.call(request()).await.unwrap();
    let json = recorder.to_json();
    for (right, wrong, why) in [
        ("200", "20", "recorded status 20"),
        ("x-twice", "x twice", "recorded header `x twice`"),
        ("/w==", "?", "a recorded body is no base64"),
        ("\"response\"", "\"answer\"", "unknown field `answer`"),
    ] {
        let error = match Replayer::from_json(&json.replace(right, wrong)) {
            Ok(replayer) => replayer.call(request()).await.unwrap_err().to_string(),
            Err(error) => error.to_string(),
        };
        assert!(error.contains(why), "{error}");
    }
    assert!(Replayer::load("/does/not/exist").is_err());
}
