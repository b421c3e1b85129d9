//! What a call tells to `tracing`: enough to follow it, nothing at INFO, and no secret.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::time::SystemTime;

use cloudtrail_sdk::Client;
use cloudtrail_sdk::config::retry::RetryConfig;
use cloudtrail_sdk::error::DisplayErrorContext;
use cloudtrail_sdk::test_util::FakeTime;
use cloudtrail_sdk::types::{LookupAttribute, LookupAttributeKey};
use tests::protocol::{IDENTITY, Reply, SESSION_TOKEN};
use tests::server::LoopbackServer;
use tests::trace::Captured;
use tracing::Level;

mod support;

fn client(server: &LoopbackServer) -> Client {
    let config = support::config(&server.url())
        .retry_config(RetryConfig::standard())
        .clock(FakeTime::new(SystemTime::now()));
    Client::from_conf(config.build())
}

#[tokio::test]
async fn a_call_can_be_followed() {
    let server = LoopbackServer::start().unwrap();
    server.reply(Reply::raw(503, "text/plain", "busy"));
    let captured = Captured::start();
    client(&server).list_trails().send().await.unwrap();
    let trace = captured.finish();
    let own: Vec<_> = trace
        .lines()
        .filter(|line| line.contains("CloudTrail.ListTrails"))
        .collect();
    let text = own.join("\n");
    for step in [
        "CloudTrail.ListTrails{rpc.system=\"aws-api\" rpc.service=\"CloudTrail\" rpc.method=\"ListTrails\"}",
        ":endpoint: ",
        ":attempt{number=1}:identity: ",
        ":attempt{number=1}:transmit: ",
        ":attempt{number=2}:transmit: ",
        "endpoint resolved",
        "credentials loaded",
        "status=503",
        "retrying",
        "delay=50ms",
        "status=200",
        "request_id=\"00000000-0000-4000-8000-000000000001\"",
    ] {
        assert!(text.contains(step), "{step} is not in\n{text}");
    }
    for span in ["signing", "decode"] {
        assert!(captured_spans(&trace, span), "{span} is not in\n{trace}");
    }
}

/// Whether a span of this name was entered.
fn captured_spans(trace: &str, name: &str) -> bool {
    trace
        .lines()
        .any(|line| line.contains(&format!(":{name}")) && line.contains("CloudTrail.ListTrails"))
}

#[tokio::test]
async fn nothing_is_told_at_info() {
    let server = LoopbackServer::start().unwrap();
    server.reply(Reply::raw(503, "text/plain", "busy"));
    server.reply(Reply::Reset);
    server.reply(Reply::error("TrailNotFoundException", "none"));
    let captured = Captured::start();
    let client = client(&server);
    client.get_trail().name("trail").send().await.unwrap_err();
    client.get_trail().send().await.unwrap_err();
    client.list_trails().send().await.unwrap();
    let loudest = captured.loudest();
    assert!(
        loudest.is_none_or(|level| level >= Level::DEBUG),
        "{loudest:?}"
    );
}

#[tokio::test]
async fn no_secret_is_told() {
    let server = LoopbackServer::start().unwrap();
    let captured = Captured::start();
    let client = client(&server);
    let attribute = LookupAttribute::builder()
        .attribute_key(LookupAttributeKey::Username)
        .attribute_value("root")
        .build()
        .unwrap();
    let call = client.lookup_events().lookup_attributes(attribute);
    let call = call.customize().mutate_request(|request| {
        request
            .headers_mut()
            .insert("x-own", "secret-of-the-program");
    });
    let output = call.send().await.unwrap();
    server.reply(Reply::error("InvalidTimeRangeException", "no"));
    let error = client.lookup_events().send().await.unwrap_err();
    let signatures: Vec<_> = server
        .received()
        .iter()
        .map(|request| {
            let authorization = request.header("authorization").unwrap();
            authorization
                .rsplit_once("Signature=")
                .unwrap()
                .1
                .to_owned()
        })
        .collect();
    let trace = captured.finish()
        + &format!(
            "{client:?} {error:?} {error} {}",
            DisplayErrorContext(&error)
        );
    assert!(trace.contains("CloudTrail.LookupEvents"), "{trace}");
    let secrets = [
        IDENTITY.secret_access_key.to_owned(),
        SESSION_TOKEN.to_owned(),
        "secret-of-the-program".to_owned(),
        // The start of any authorization header.
        "Credential=".to_owned(),
        // Bodies are the user's business.
        output.events()[0].event_id().unwrap().to_owned(),
    ];
    for secret in secrets.iter().chain(&signatures) {
        assert!(!trace.contains(secret.as_str()), "{secret} is in\n{trace}");
    }
}
