//! What goes over the wire, and what becomes of answers that are not as they should be.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use cloudtrail_sdk::config::Credentials;
use cloudtrail_sdk::error::{ProvideErrorMetadata, SdkError};
use cloudtrail_sdk::operation::RequestId;
use cloudtrail_sdk::operation::list_trails::{ListTrailsError, ListTrailsOutput};
use cloudtrail_sdk::operation::lookup_events::LookupEventsOutput;
use cloudtrail_sdk::primitives::DateTime;
use cloudtrail_sdk::types::EventCategory;
use cloudtrail_sdk::{Client, Error};
use serde_json::json;
use tests::protocol::{IDENTITY, JSON_1_1, Reply, SESSION_TOKEN};
use tests::server::LoopbackServer;

mod support;

/// What ListTrails makes of `reply`.
async fn list_trails(reply: Reply) -> Result<ListTrailsOutput, SdkError<ListTrailsError>> {
    let server = LoopbackServer::start().unwrap();
    server.reply(reply);
    let result = support::client(&server.url()).list_trails().send().await;
    assert_eq!(server.only_received().refusals, []);
    result
}

/// What LookupEvents makes of a response with `body`.
async fn lookup_events(body: &'static str) -> LookupEventsOutput {
    let server = LoopbackServer::start().unwrap();
    server.reply(Reply::raw(200, JSON_1_1, body));
    support::client(&server.url())
        .lookup_events()
        .send()
        .await
        .unwrap()
}

// Requests.

#[tokio::test]
async fn a_request_carries_the_headers_of_the_protocol_and_signs_them() {
    let server = LoopbackServer::start().unwrap();
    support::client(&server.url())
        .list_trails()
        .send()
        .await
        .unwrap();
    let request = server.only_received();
    assert_eq!(request.refusals, []);
    assert_eq!(
        request.header("x-amz-target"),
        Some("CloudTrail_20131101.ListTrails")
    );
    assert_eq!(request.header("content-type"), Some(JSON_1_1));
    assert_eq!(request.header("content-length"), Some("2"));
    assert_eq!(request.body, "{}");
    assert_eq!(request.header("x-amz-security-token"), Some(SESSION_TOKEN));
    assert_eq!(request.header("amz-sdk-request"), Some("attempt=1; max=1"));
    assert_eq!(
        request.header("amz-sdk-invocation-id").map(str::len),
        Some(36)
    );
    let user_agent = request.header("user-agent").unwrap();
    assert!(
        user_agent.contains(" ua/2.1 api/cloudtrail/"),
        "{user_agent}"
    );
    assert_eq!(request.header("x-amz-user-agent"), Some(user_agent));
    assert_eq!(
        request.signed_headers(),
        [
            "content-length",
            "content-type",
            "host",
            "x-amz-date",
            "x-amz-security-token",
            "x-amz-target",
            "x-amz-user-agent",
        ],
    );
}

#[tokio::test]
async fn without_a_session_token_none_is_sent() {
    let server = LoopbackServer::start().unwrap();
    let (id, secret) = (IDENTITY.access_key_id, IDENTITY.secret_access_key);
    let config = support::config(&server.url())
        .credentials_provider(Credentials::new(id, secret, None, None, "test"))
        .build();
    Client::from_conf(config)
        .list_trails()
        .send()
        .await
        .unwrap();
    let request = server.only_received();
    assert_eq!(request.refusals, []);
    assert_eq!(request.header("x-amz-security-token"), None);
}

#[tokio::test]
async fn a_wrong_secret_is_told_by_the_service() {
    let server = LoopbackServer::start().unwrap();
    let config = support::config(&server.url())
        .credentials_provider(Credentials::new(
            IDENTITY.access_key_id,
            "wrong",
            None,
            None,
            "test",
        ))
        .build();
    let error = Client::from_conf(config)
        .list_trails()
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("InvalidSignatureException"));
}

#[tokio::test]
async fn the_path_of_the_endpoint_url_is_kept_and_signed() {
    for (suffix, path) in [("/", "/"), ("/base", "/base/"), ("/base/", "/base/")] {
        let server = LoopbackServer::start().unwrap();
        let config = support::config(&(server.url() + suffix)).build();
        let _ = Client::from_conf(config).list_trails().send().await;
        let request = server.only_received();
        assert_eq!(request.uri.path(), path);
        // The server refuses other paths, but nothing else.
        let codes: Vec<_> = request
            .refusals
            .iter()
            .map(|refusal| refusal.code)
            .collect();
        assert_eq!(
            codes,
            if path == "/" {
                vec![]
            } else {
                vec!["UnknownOperationException"]
            }
        );
    }
}

#[tokio::test]
async fn times_are_sent_as_they_are() {
    for (time, wire) in [
        (DateTime::from_secs(1_600_000_000), "1600000000"),
        (
            DateTime::from_secs_and_nanos(1_600_000_000, 123_456_000),
            "1600000000.123456",
        ),
        (
            DateTime::from_secs_and_nanos(1_600_000_000, 1),
            "1600000000.000000001",
        ),
        (DateTime::from_secs_and_nanos(-2, 500_000_000), "-1.5"),
    ] {
        let server = LoopbackServer::start().unwrap();
        support::client(&server.url())
            .lookup_events()
            .start_time(time)
            .send()
            .await
            .unwrap();
        assert_eq!(
            server.only_received().body,
            format!("{{\"StartTime\":{wire}}}")
        );
    }
}

#[tokio::test]
async fn an_enum_value_of_a_later_year_can_be_sent() {
    let server = LoopbackServer::start().unwrap();
    let category = EventCategory::from("later");
    let _ = support::client(&server.url())
        .lookup_events()
        .event_category(category)
        .send()
        .await;
    assert_eq!(
        server.only_received().json(),
        json!({ "EventCategory": "later" })
    );
}

#[tokio::test]
async fn a_client_serves_many_calls_at_a_time() {
    let server = LoopbackServer::start().unwrap();
    let client = support::client(&server.url());
    let calls: Vec<_> = (0..20)
        .map(|index| {
            let call = client.get_trail().name(format!("trail-{index}"));
            tokio::spawn(call.send())
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let requests = server.received();
    let mut names: Vec<_> = requests
        .iter()
        .map(|request| request.json()["Name"].to_string())
        .collect();
    names.sort();
    names.dedup();
    assert_eq!((names.len(), server.refusals()), (20, vec![]));
}

// Answers that are right.

#[tokio::test]
async fn any_2xx_is_a_success_and_an_empty_body_is_an_empty_output() {
    for status in [200, 201, 204] {
        let output = list_trails(Reply::raw(status, JSON_1_1, "")).await.unwrap();
        assert_eq!(
            (output.trails(), output.next_token()),
            (&[][..], None),
            "{status}"
        );
    }
}

#[tokio::test]
async fn a_success_keeps_its_request_id() {
    let server = LoopbackServer::start().unwrap();
    let output = support::client(&server.url())
        .list_trails()
        .send()
        .await
        .unwrap();
    assert_eq!(
        output.request_id(),
        Some(server.only_received().request_id.as_str())
    );
}

#[tokio::test]
async fn null_members_are_absent_and_null_elements_are_dropped() {
    let output = lookup_events(
        r#"{ "NextToken": null, "Events": [null, { "EventId": "a", "EventName": null, "Resources": [null] }] }"#,
    )
    .await;
    assert_eq!(output.next_token(), None);
    let [event] = output.events() else {
        panic!("{output:?}")
    };
    assert_eq!((event.event_id(), event.event_name()), (Some("a"), None));
    assert!(event.resources().is_empty());
}

#[tokio::test]
async fn unknown_members_are_skipped() {
    let output = lookup_events(
        r#"{ "New": { "EventId": [1, {}] }, "Events": [{ "New": "x", "EventId": "a", "Newer": [] }], "eventId": 1 }"#,
    )
    .await;
    assert_eq!(output.events()[0].event_id(), Some("a"));
}

#[tokio::test]
async fn times_arrive_as_they_are() {
    for (wire, (seconds, nanos)) in [
        ("1600000000", (1_600_000_000, 0)),
        ("1600000000.0", (1_600_000_000, 0)),
        ("1600000000.123456789", (1_600_000_000, 123_456_789)),
        ("1.6E9", (1_600_000_000, 0)),
        ("-1.5", (-2, 500_000_000)),
        ("1.123456789e-2147483648", (0, 0)),
        ("1e-99999999999", (0, 0)),
        ("0e2147483648", (0, 0)),
    ] {
        let body = format!("{{\"Events\":[{{\"EventTime\":{wire}}}]}}");
        let output = lookup_events(body.leak()).await;
        let expected = DateTime::from_secs_and_nanos(seconds, nanos);
        assert_eq!(output.events()[0].event_time(), Some(&expected), "{wire}");
    }
}

#[tokio::test]
async fn a_time_has_digits() {
    for wire in [
        r#""""#,
        r#"" ""#,
        r#""-""#,
        r#"".""#,
        r#""1.""#,
        r#"".5""#,
        r#""e5""#,
        r#""1 ""#,
        "1e2147483647",
        "1e99999999999",
        "[]",
        "true",
    ] {
        let body = format!("{{\"Events\":[{{\"EventTime\":{wire}}}]}}");
        let server = LoopbackServer::start().unwrap();
        server.reply(Reply::raw(200, JSON_1_1, body.clone()));
        let call = support::client(&server.url()).lookup_events();
        let error = call.send().await.unwrap_err();
        let error = error.to_string();
        let start =
            "LookupEvents: unexpected response: `Events[0].EventTime`: expected a timestamp";
        assert!(error.starts_with(start), "{wire}: {error}");
        // The same in every format of serde, where it has such a number.
        if wire.starts_with("1e") {
            continue;
        }
        let error = serde_json::from_str::<LookupEventsOutput>(&body).unwrap_err();
        let start = "`Events[0].EventTime`: expected a timestamp";
        assert!(error.to_string().starts_with(start), "{wire}: {error}");
    }
}

#[tokio::test]
async fn of_a_member_that_comes_twice_the_last_counts() {
    let server = LoopbackServer::start().unwrap();
    let configurations = async |members: &str| {
        let body = format!("{{\"AggregationConfigurations\":[{{{members}}}]}}");
        server.reply(Reply::raw(200, JSON_1_1, body));
        let call = support::client(&server.url()).get_event_configuration();
        let output = call.trail_name("trail").send().await.unwrap();
        output.aggregation_configurations.unwrap()
    };
    for (members, templates) in [
        (r#""Templates":["A"],"Templates":["B"]"#, &["B"][..]),
        (r#""Templates":["A","B"],"Templates":[]"#, &[]),
        (r#""Templates":["A"],"Templates":null"#, &[]),
        (r#""Templates":null,"Templates":["B"]"#, &["B"]),
    ] {
        let configurations = configurations(members).await;
        let found = configurations[0].templates().iter();
        let found: Vec<_> = found.map(|template| template.as_str()).collect();
        assert_eq!(found, templates, "{members}");
    }
    let category = r#""EventCategory":"Data","EventCategory":null"#;
    let configuration = &configurations(category).await[0];
    assert_eq!(configuration.event_category().as_str(), "");

    let body = r#"{"SearchResults":[{"Name":"a","Name":null,"Relevance":0.5,"Relevance":null}],
        "NextToken":"a","NextToken":"b"}"#;
    server.reply(Reply::raw(200, JSON_1_1, body));
    let call = support::client(&server.url()).search_sample_queries();
    let output = call.search_phrase("events").send().await.unwrap();
    assert_eq!(output.next_token(), Some("b"));
    let [result] = output.search_results() else {
        panic!("{output:?}")
    };
    assert_eq!((result.name(), result.relevance()), (None, 0.0));
}

#[tokio::test]
async fn an_enum_value_of_a_later_year_arrives() {
    let server = LoopbackServer::start().unwrap();
    server.reply(Reply::Output(
        json!({ "QueryId": "a", "QueryStatus": "LATER" }),
    ));
    let id = "00000000-0000-4000-8000-000000000000";
    let output = support::client(&server.url())
        .cancel_query()
        .query_id(id)
        .send()
        .await
        .unwrap();
    assert_eq!(output.query_status().as_str(), "LATER");
}

// Answers that are not.

#[tokio::test]
async fn an_error_that_the_model_does_not_know_keeps_what_the_service_said() {
    let body = r#"{ "__type": "BrandNewException", "Message": "a reason", "Detail": 1 }"#;
    let error = list_trails(Reply::raw(400, JSON_1_1, body))
        .await
        .unwrap_err();
    assert_eq!(
        (error.code(), error.message()),
        (Some("BrandNewException"), Some("a reason"))
    );
    let raw = error.raw_response().unwrap();
    assert_eq!(raw.body().bytes(), Some(body.as_bytes()));
    let text = error.to_string();
    for part in [
        "ListTrails",
        "BrandNewException",
        "a reason",
        "HTTP 400",
        "request id 00000000-",
    ] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
    assert!(matches!(error.into_service_error(), Error::Unhandled(_)));
}

#[tokio::test]
async fn an_error_prints_what_there_is_to_know() {
    let error = list_trails(Reply::error("ThrottlingException", "Rate exceeded"))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "ListTrails: ThrottlingException: Rate exceeded \
         (throttled, HTTP 429, request id 00000000-0000-4000-8000-000000000000); \
         hint: an account may make 2 `LookupEvents` calls a second in a Region, 10 of most reads, \
         1 of most others",
    );
}

#[tokio::test]
async fn an_html_error_is_kept() {
    let html = "<html><body>Bad Gateway</body></html>";
    let error = list_trails(Reply::raw(502, "text/html", html))
        .await
        .unwrap_err();
    let response = error.raw_response().unwrap();
    assert_eq!(
        (response.status().as_u16(), response.body().bytes()),
        (502, Some(html.as_bytes()))
    );
    assert!(error.to_string().contains("HTTP 502"), "{error}");
}

#[tokio::test]
async fn a_success_that_is_no_json_is_a_response_error() {
    for body in [
        "<html>",
        "{",
        "[]",
        "\"text\"",
        "{} trailing",
        "{\"Trails\":{}}",
        "{\"NextToken\":1}",
        "\u{feff}{}",
    ] {
        let error = list_trails(Reply::raw(200, JSON_1_1, body))
            .await
            .unwrap_err();
        let SdkError::ResponseError(error) = &error else {
            panic!("{body}: {error:?}")
        };
        assert_eq!(error.raw().body().bytes(), Some(body.as_bytes()));
    }
}

#[tokio::test]
async fn a_success_that_is_no_utf_8_is_a_response_error() {
    let body: &[u8] = b"{\"NextToken\":\"\xff\"}";
    let error = list_trails(Reply::raw(200, JSON_1_1, body))
        .await
        .unwrap_err();
    assert!(matches!(error, SdkError::ResponseError(_)), "{error:?}");
}

/// The transport asks for no compression and does not undo any.
#[tokio::test]
async fn a_compressed_answer_is_an_error() {
    for status in [200, 400] {
        let error = list_trails(Reply::Raw {
            status,
            headers: vec![("content-encoding", "gzip".to_owned())],
            body: (&b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"[..]).into(),
        })
        .await
        .unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("compressed (content-encoding: gzip)"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn nesting_without_end_is_an_error_and_no_overflow() {
    let body = "{\"New\":".repeat(100_000);
    let error = list_trails(Reply::raw(200, JSON_1_1, body))
        .await
        .unwrap_err();
    assert!(matches!(error, SdkError::ResponseError(_)), "{error:?}");
}

#[tokio::test]
async fn a_truncated_answer_is_a_failure_of_the_network() {
    let body = "{\"Trails\":[]}".into();
    let error = list_trails(Reply::Truncated { body }).await.unwrap_err();
    assert!(
        matches!(&error, SdkError::DispatchFailure(failure) if failure.is_io()),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_reset_is_a_failure_of_the_network() {
    let error = list_trails(Reply::Reset).await.unwrap_err();
    assert!(
        matches!(&error, SdkError::DispatchFailure(failure) if failure.is_io()),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_failure_of_the_network() {
    let server = LoopbackServer::start().unwrap();
    let client = support::client(&server.url());
    drop(server);
    let error = client.list_trails().send().await.unwrap_err();
    assert!(
        matches!(&error, SdkError::DispatchFailure(failure) if failure.is_io()),
        "{error:?}"
    );
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = LoopbackServer::start().unwrap();
    for status in [301, 302, 303, 307, 308] {
        let headers = vec![("location", elsewhere.url())];
        let error = list_trails(Reply::Raw {
            status,
            headers,
            body: "".into(),
        })
        .await
        .unwrap_err();
        let text = error.to_string();
        assert!(text.contains(&elsewhere.url()), "{text}");
        assert_eq!(
            error
                .raw_response()
                .map(|response| response.status().as_u16()),
            Some(status)
        );
    }
    assert_eq!(elsewhere.received().len(), 0);
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_by_the_service() {
    let server = LoopbackServer::start().unwrap();
    server.set_clock(time::Duration::hours(1));
    let error = support::client(&server.url())
        .list_trails()
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("RequestTimeTooSkewed"));
}

// Secrets.

#[tokio::test]
async fn debug_output_shows_no_secret() {
    let server = LoopbackServer::start().unwrap();
    let secret = "a-value-that-must-not-show";
    let token = Some(secret.to_owned());
    let config = support::config(&server.url())
        .credentials_provider(Credentials::new(
            IDENTITY.access_key_id,
            secret,
            token,
            None,
            "test",
        ))
        .build();
    drop(server);
    let client = Client::from_conf(config.clone());
    let error = client.list_trails().send().await.unwrap_err();
    for text in [
        format!("{config:?}"),
        format!("{client:?}"),
        format!("{error:?}"),
        format!("{error}"),
    ] {
        assert!(!text.contains(secret), "{text}");
    }
}
