//! What a service answers instead of an output.

use std::time::Duration;

use compiled_snapshots::config::retry::RetryConfig;
use compiled_snapshots::error::{ErrorMetadata, ProvideErrorMetadata};
use compiled_snapshots::fixtures::errors::operation::invoke::InvokeError;
use compiled_snapshots::fixtures::errors::types::error::{ManyMembers, MessageOnly};
use compiled_snapshots::fixtures::errors::{Client, Error};
use compiled_snapshots::fixtures::overlays;

use http::StatusCode;

use crate::fake::Fake;

async fn error(body: &'static str) -> Error {
    let call = Client::from_conf(Fake::failing(body).config()).invoke();
    call.send().await.unwrap_err().into_service_error()
}

#[tokio::test]
async fn an_error_has_its_members() {
    let error = error(
        r#"{"__type": "ManyMembers", "message": "m", "code": 5, "part": {"name": "n"}, "a": "b", "new": 1}"#,
    )
    .await;
    let InvokeError::ManyMembers(rich) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(error.to_string(), "ManyMembers: m");
    assert_eq!(rich.message(), Some("m"));
    assert_eq!(rich.code(), 5);
    assert_eq!(rich.left(), 3);
    assert_eq!(rich.part().unwrap().name(), Some("n"));
    assert_eq!(rich.a(), Some("b"));
    assert_eq!(ProvideErrorMetadata::code(rich), Some("ManyMembers"));
}

#[tokio::test]
async fn an_error_has_a_message_whatever_its_shape_says() {
    let no_members = error(r#"{"__type": "com.example#NoMembers", "message": "why"}"#).await;
    assert!(no_members.is_no_members());
    assert_eq!(no_members.to_string(), "NoMembers: why");
    let plain = error(r#"{"__type": "MessageOnly", "Message": "why"}"#).await;
    assert!(plain.is_message_only());
    assert_eq!(plain.message(), Some("why"));
}

#[tokio::test]
async fn an_error_of_the_service_is_known_to_every_operation() {
    let fake = Fake::failing(r#"{"__type": "ManyMembers"}"#);
    let call = Client::from_conf(fake.config()).invoke_without_errors();
    assert!(
        call.send()
            .await
            .unwrap_err()
            .into_service_error()
            .is_many_members()
    );
    assert!(error(r#"{"__type": "OfService"}"#).await.is_of_service());
}

#[tokio::test]
async fn members_do_not_hide_what_errors_have() {
    let odd = error(
        r#"{"__type": "ReservedNames", "message": "m", "source": "s", "meta": "t", "request_id": "r"}"#,
    )
    .await;
    assert_eq!(odd.meta().code(), Some("ReservedNames"));
    let Error::ReservedNames(odd) = odd else {
        panic!("{odd:?}");
    };
    assert_eq!(odd.message(), Some("m"));
    assert_eq!(odd.source_value(), Some("s"));
    assert_eq!(odd.meta_value(), Some("t"));
    assert_eq!(odd.request_id_value(), Some("r"));
}

#[tokio::test]
async fn an_error_that_the_model_does_not_have_keeps_its_code() {
    let error = error(r#"{"__type": "New", "message": "m"}"#).await;
    assert!(matches!(error, Error::Unhandled(_)));
    assert_eq!(error.code(), Some("New"));
    assert_eq!(error.to_string(), "New: m");
}

#[test]
fn errors_can_be_made_by_tests() {
    let meta = ErrorMetadata::builder().code("MessageOnly").build();
    let plain = MessageOnly::builder().message("m").meta(meta).build();
    assert_eq!(plain.to_string(), "MessageOnly: m");
    assert_eq!(plain.meta().code(), Some("MessageOnly"));
    let error = ManyMembers::builder().message("m").build().unwrap_err();
    assert_eq!(error.missing_members(), ["code"]);
    assert_eq!(ManyMembers::builder().code(1).build().unwrap().left(), 3);
}

#[tokio::test]
async fn an_overlay_can_give_an_error_its_message() {
    let fake = Fake::failing(r#"{"__type": "NoMessageException", "message": "m"}"#);
    let call = overlays::Client::from_conf(fake.config()).invoke();
    let overlays::Error::NoMessageException(error) =
        call.send().await.unwrap_err().into_service_error()
    else {
        panic!("expected the modeled error");
    };
    assert_eq!(error.message(), Some("m"));
}

/// How often a call is tried whose every attempt is answered with this error.
async fn attempts(status: StatusCode, body: &'static str) -> u32 {
    let at_once = RetryConfig::standard().with_initial_backoff(Duration::from_nanos(1));
    let config = Fake::refusing(status, [body; 3]).retrying_config(at_once);
    let call = Client::from_conf(config).invoke();
    call.send().await.unwrap_err().call().attempts()
}

#[tokio::test]
async fn an_error_is_retried_where_the_model_says_so() {
    let bad = StatusCode::BAD_REQUEST;
    assert_eq!(attempts(bad, r#"{"__type": "ManyMembers"}"#).await, 3);
    assert_eq!(attempts(bad, r#"{"__type": "Throttled"}"#).await, 3);
    assert_eq!(attempts(bad, r#"{"__type": "MessageOnly"}"#).await, 1);
}

#[tokio::test]
async fn too_many_requests_is_throttling_unless_the_code_is_the_operations_own() {
    let many = StatusCode::TOO_MANY_REQUESTS;
    assert_eq!(attempts(many, r#"{"__type": "MessageOnly"}"#).await, 1);
    assert_eq!(attempts(many, r#"{"__type": "OfService"}"#).await, 1);
    assert_eq!(attempts(many, r#"{"__type": "Unknown"}"#).await, 3);
    assert_eq!(attempts(many, "{}").await, 3);
}
