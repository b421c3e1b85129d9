//! Programs that are tested without the service: recorded answers, and requests that are looked at.

use aws_sdk_cloudtrail::config::{
    BehaviorVersion, Credentials, HttpClient, Region, SharedHttpClient,
};
use aws_sdk_cloudtrail::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cloudtrail::types::LookupAttributeKey;
use aws_sdk_cloudtrail::{Client, Config};
use aws_smithy_http_client::test_util::{
    ReplayEvent, StaticReplayClient, capture_request, infallible_client_fn,
};
use aws_smithy_types::body::SdkBody;

const URL: &str = "https://cloudtrail.us-east-1.amazonaws.com/";

fn client(http_client: impl HttpClient + 'static) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("AKID", "secret", None, None, "test"))
        .http_client(http_client)
        .build();
    Client::from_conf(config)
}

fn event(request: &'static str, status: u16, response: &'static str) -> ReplayEvent {
    let request = http::Request::post(URL).body(SdkBody::from(request));
    let response = http::Response::builder()
        .status(status)
        .header("x-amzn-requestid", "id-1")
        .body(SdkBody::from(response));
    ReplayEvent::new(request.unwrap(), response.unwrap())
}

#[tokio::test]
async fn answers_are_replayed_and_requests_checked() {
    let http_client = StaticReplayClient::new(vec![
        event("{}", 200, r#"{"trailList":[{"Name":"audit"}]}"#),
        event(
            r#"{"Name":"audit"}"#,
            400,
            r#"{"__type":"TrailNotFoundException","Message":"no trail"}"#,
        ),
    ]);
    let client = client(http_client.clone());
    let output = client.describe_trails().send().await.unwrap();
    assert_eq!(output.trail_list()[0].name(), Some("audit"));
    let error = client
        .get_trail_status()
        .name("audit")
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("TrailNotFoundException"));
    let raw = error.raw_response().unwrap();
    assert_eq!(raw.status().as_u16(), 400);
    assert_eq!(raw.headers().get("x-amzn-requestid"), Some("id-1"));
    assert!(raw.body().bytes().unwrap().ends_with(b"}"));
    http_client.assert_requests_match(&[]);
    let targets: Vec<_> = http_client
        .actual_requests()
        .map(|request| request.headers().get("x-amz-target").unwrap())
        .collect();
    assert_eq!(targets.len(), 2);
    assert!(targets[1].ends_with(".GetTrailStatus"), "{targets:?}");
}

#[tokio::test]
async fn a_request_is_captured() {
    let (http_client, request) = capture_request(None);
    let result = client(http_client)
        .lookup_events()
        .lookup_attributes(
            aws_sdk_cloudtrail::types::LookupAttribute::builder()
                .attribute_key(LookupAttributeKey::EventName)
                .attribute_value("ConsoleLogin")
                .build()
                .unwrap(),
        )
        .send()
        .await;
    assert!(result.is_ok(), "{result:?}");
    let request = request.expect_request();
    assert_eq!((request.method(), request.uri()), ("POST", URL));
    let body = std::str::from_utf8(request.body().bytes().unwrap()).unwrap();
    assert!(body.contains("ConsoleLogin"), "{body}");
    assert!(request.headers().contains_key("authorization"));
}

#[tokio::test]
async fn a_function_answers() {
    let http_client: SharedHttpClient = infallible_client_fn(|request| {
        let target = request.headers()["x-amz-target"].to_str().unwrap();
        let status = if target.ends_with("ListTrails") {
            200
        } else {
            403
        };
        http::Response::builder().status(status).body("{}").unwrap()
    });
    let client = client(http_client);
    assert!(client.config().http_client().is_some());
    assert!(client.list_trails().send().await.is_ok());
    let error = client.describe_trails().send().await.unwrap_err();
    assert!(matches!(error, SdkError::ServiceError(_)), "{error:?}");
}
