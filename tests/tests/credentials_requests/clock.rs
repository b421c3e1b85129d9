//! Requests are signed for the service's clock.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use bytes::Bytes;
use cloudtrail_sdk::config::Clock;
use cloudtrail_sdk::error::DisplayErrorContext;
use cloudtrail_sdk::test_util::FakeTime;
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde_json::Value;
use tests::http_response;
use time::OffsetDateTime;
use time::macros::format_description;

use super::{ASSUMED, ROLE, Service, config_file, credentials, load, refused, root};

const TWO_HOURS: Duration = Duration::from_secs(2 * 60 * 60);

/// A response of a service whose clock shows this time.
fn dated(status: u16, time: SystemTime, body: &'static str) -> Response<Bytes> {
    let format = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    let date = OffsetDateTime::from(time).format(format).unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("date", HeaderValue::from_str(&date).unwrap());
    headers.insert("x-amzn-requestid", HeaderValue::from_static("r"));
    http_response(StatusCode::from_u16(status).unwrap(), headers, body)
}

/// STS with a clock that is ahead, and that refuses what is signed at another time.
fn skewed_sts(time: &FakeTime) -> Service {
    let time = time.clone();
    Service::new(move |_, request| {
        let now = time.now() + TWO_HOURS;
        let signed = request.headers()["x-amz-date"].to_str().unwrap();
        Ok(if signed == amz_date(now) {
            dated(200, now, ASSUMED)
        } else {
            let body = "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code>\
                        <Message>Signature expired</Message></Error></ErrorResponse>";
            dated(403, now, body)
        })
    })
}

fn amz_date(time: SystemTime) -> String {
    let format = format_description!("[year][month][day]T[hour][minute][second]Z");
    OffsetDateTime::from(time).format(format).unwrap()
}

#[tokio::test]
async fn a_role_is_assumed_at_the_time_of_sts() {
    let time = FakeTime::default();
    time.set_jitter(0.0);
    let sts = skewed_sts(&time);
    let root = config_file(ROLE);
    let config = load(root.path(), &[])
        .transport(sts.clone())
        .clock(time.clone())
        .load()
        .await;
    let assumed = credentials(&config).await.unwrap();
    assert_eq!(assumed.access_key_id(), "ASIAROLE");
    let (here, there) = (amz_date(time.now()), amz_date(time.now() + TWO_HOURS));
    assert_eq!(sts.header("x-amz-date"), [&*here, &*there]);
    // What was learned counts for the next load.
    credentials(&config).await.unwrap();
    assert_eq!(sts.header("x-amz-date"), [&*here, &*there, &*there]);
}

#[tokio::test]
async fn the_request_id_can_stand_in_the_body() {
    let root = config_file(ROLE);
    for (id, sent) in [
        ("<RequestId>r</RequestId>", 2),
        ("<RequestId/>", 1),
        ("", 1),
    ] {
        let time = FakeTime::default();
        let there = time.now() + TWO_HOURS;
        let sts = Service::new(move |_, request| {
            let signed = request.headers()["x-amz-date"].to_str().unwrap();
            if signed == amz_date(there) {
                return Ok(dated(200, there, ASSUMED));
            }
            let code = "<Error><Code>SignatureDoesNotMatch</Code></Error>";
            let mut headers = HeaderMap::clone(dated(403, there, "").headers());
            headers.remove("x-amzn-requestid");
            let body = format!("<ErrorResponse>{code}{id}</ErrorResponse>");
            Ok(http_response(StatusCode::FORBIDDEN, headers, body))
        });
        let config = load(root.path(), &[])
            .transport(sts.clone())
            .clock(time)
            .load()
            .await;
        // This clock moves with each wait, by less than it matters.
        let _ = credentials(&config).await;
        assert_eq!(sts.count(), sent, "{id}");
    }
}

#[tokio::test]
async fn the_clock_of_sts_is_learned_without_retries_too() {
    let time = FakeTime::default();
    let sts = skewed_sts(&time);
    let root = config_file(ROLE);
    let config = load(root.path(), &[("AWS_MAX_ATTEMPTS", "1")])
        .transport(sts.clone())
        .clock(time)
        .load()
        .await;
    let error = credentials(&config).await.unwrap_err();
    let text = DisplayErrorContext(error).to_string();
    assert!(
        text.contains("STS answered 403 Forbidden: SignatureDoesNotMatch"),
        "{text}"
    );
    credentials(&config).await.unwrap();
    assert_eq!(sts.count(), 2);
}

#[tokio::test]
async fn a_role_that_is_denied_at_the_right_time_is_not_asked_for_again() {
    let time = FakeTime::default();
    let now = time.now() + TWO_HOURS;
    let denied = "<ErrorResponse><Error><Code>AuthFailure</Code></Error></ErrorResponse>";
    let sts = Service::new(move |_, _| Ok(dated(403, now, denied)));
    let root = config_file(ROLE);
    let config = load(root.path(), &[])
        .transport(sts.clone())
        .clock(time)
        .load()
        .await;
    // Once more with the right time, which the next load begins with.
    for sent in [2, 3] {
        credentials(&config).await.unwrap_err();
        assert_eq!(sts.count(), sent);
    }
}

#[tokio::test]
async fn an_answer_without_a_request_id_tells_no_time() {
    let time = FakeTime::default();
    let now = time.now() + TWO_HOURS;
    let gateway = Service::new(move |_, _| {
        let body = "<Error><Code>AuthFailure</Code></Error>";
        let response = dated(403, now, body);
        let mut headers = response.headers().clone();
        headers.remove("x-amzn-requestid");
        Ok(http_response(response.status(), headers, body))
    });
    let root = config_file(ROLE);
    refused(&gateway, root.path(), &[]).await;
    assert_eq!(gateway.count(), 1);
}

#[tokio::test]
async fn clock_skew_is_not_corrected_if_that_is_turned_off() {
    let time = FakeTime::default();
    let sts = skewed_sts(&time);
    let root = config_file(ROLE);
    let variables = [("AWS_DISABLE_CLOCK_SKEW_CORRECTION", "true")];
    let config = load(root.path(), &variables)
        .transport(sts.clone())
        .clock(time.clone())
        .load()
        .await;
    credentials(&config).await.unwrap_err();
    credentials(&config).await.unwrap_err();
    let here = amz_date(time.now());
    assert_eq!(sts.header("x-amz-date"), [&*here, &*here]);
}

#[tokio::test]
async fn a_request_that_tells_no_time_is_not_repeated_for_the_clock() {
    let time = FakeTime::default();
    let now = time.now() + TWO_HOURS;
    let denied = "<ErrorResponse><Error><Code>AuthFailure</Code></Error></ErrorResponse>";
    let sts = Service::new(move |_, _| Ok(dated(403, now, denied)));
    let root = root(&[("var/token", "t")]);
    let variables = [
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/token"),
        ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/B"),
    ];
    refused(&sts, root.path(), &variables).await;
    assert_eq!(sts.count(), 1);
}

#[tokio::test]
async fn a_login_proves_its_key_at_the_time_of_the_service() {
    let time = FakeTime::default();
    let clock = time.clone();
    let sign_in = Service::new(move |_, request| {
        let now = clock.now() + TWO_HOURS;
        let proof = request.headers()["dpop"].to_str().unwrap();
        let payload = proof.split('.').nth(1).unwrap();
        let payload = BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap();
        let payload: Value = serde_json::from_slice(&payload).unwrap();
        let seconds = now.duration_since(UNIX_EPOCH).unwrap().as_secs();
        Ok(if payload["iat"] == seconds {
            let body = r#"{"accessToken":{"accessKeyId":"ASIANEW","secretAccessKey":"s",
                "sessionToken":"t"},"expiresIn":900,"refreshToken":"r"}"#;
            dated(200, now, body)
        } else {
            let body = r#"{"__type":"AccessDeniedException","error":"INVALID_PROOF"}"#;
            dated(403, now, body)
        })
    });
    let fixture =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/credentials/login_refresh/fs");
    let cache = "home/.aws/login/cache/\
                 4b0ba8f99f075c0633e122fd73346ce203a3faf18ea0310eb2d29df1bab2e255.json";
    let read = |path: &str| fs::read_to_string(fixture.join(path)).unwrap();
    let root = root(&[
        ("home/.aws/config", &read("home/.aws/config")),
        (cache, &read(cache)),
    ]);
    let config = load(root.path(), &[])
        .transport(sign_in.clone())
        .clock(time)
        .load()
        .await;
    let loaded = credentials(&config).await.unwrap();
    assert_eq!(loaded.access_key_id(), "ASIANEW");
    assert_eq!(sign_in.count(), 2);
}
