//! What a service answers instead of an output.

use std::time::Duration;

use compiled_snapshots::config::retry::RetryConfig;
use compiled_snapshots::error::{ErrorMetadata, ProvideErrorMetadata};
use compiled_snapshots::fixtures::errors::operation::go::GoError;
use compiled_snapshots::fixtures::errors::types::error::{Plain, Rich};
use compiled_snapshots::fixtures::errors::{Client, Error};
use compiled_snapshots::fixtures::overlay;

use http::StatusCode;

use crate::fake::Fake;

async fn error(body: &'static str) -> Error {
    let call = Client::from_conf(Fake::failing(body).config()).go();
    call.send().await.unwrap_err().into_service_error()
}

#[tokio::test]
async fn an_error_has_its_members() {
    let error = error(
        r#"{"__type": "Rich", "message": "m", "code": 5, "part": {"name": "n"}, "a": "b", "new": 1}"#,
    )
    .await;
    let GoError::Rich(rich) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(error.to_string(), "Rich: m");
    assert_eq!(rich.message(), Some("m"));
    assert_eq!(rich.code(), 5);
    assert_eq!(rich.left(), 3);
    assert_eq!(rich.part().unwrap().name(), Some("n"));
    assert_eq!(rich.a(), Some("b"));
    assert_eq!(ProvideErrorMetadata::code(rich), Some("Rich"));
}

#[tokio::test]
async fn an_error_has_a_message_whatever_its_shape_says() {
    let bare = error(r#"{"__type": "aa#Bare", "message": "why"}"#).await;
    assert!(bare.is_bare());
    assert_eq!(bare.to_string(), "Bare: why");
    let plain = error(r#"{"__type": "Plain", "Message": "why"}"#).await;
    assert!(plain.is_plain());
    assert_eq!(plain.message(), Some("why"));
}

#[tokio::test]
async fn an_error_of_the_service_is_known_to_every_operation() {
    let fake = Fake::failing(r#"{"__type": "Rich"}"#);
    let call = Client::from_conf(fake.config()).ho();
    assert!(
        call.send()
            .await
            .unwrap_err()
            .into_service_error()
            .is_rich()
    );
    assert!(error(r#"{"__type": "Everywhere"}"#).await.is_everywhere());
}

#[tokio::test]
async fn members_do_not_hide_what_errors_have() {
    let odd = error(
        r#"{"__type": "Odd", "message": "m", "source": "s", "meta": "t", "request_id": "r"}"#,
    )
    .await;
    assert_eq!(odd.meta().code(), Some("Odd"));
    let Error::Odd(odd) = odd else {
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
    let meta = ErrorMetadata::builder().code("Plain").build();
    let plain = Plain::builder().message("m").meta(meta).build();
    assert_eq!(plain.to_string(), "Plain: m");
    assert_eq!(plain.meta().code(), Some("Plain"));
    let error = Rich::builder().message("m").build().unwrap_err();
    assert_eq!(error.missing_members(), ["code"]);
    assert_eq!(Rich::builder().code(1).build().unwrap().left(), 3);
}

#[tokio::test]
async fn an_overlay_can_give_an_error_its_message() {
    let fake = Fake::failing(r#"{"__type": "Ex", "message": "m"}"#);
    let call = overlay::Client::from_conf(fake.config()).go();
    let overlay::Error::Ex(error) = call.send().await.unwrap_err().into_service_error() else {
        panic!("expected the modeled error");
    };
    assert_eq!(error.message(), Some("m"));
}

/// How often a call is tried whose every attempt is answered with this error.
async fn attempts(status: StatusCode, body: &'static str) -> u32 {
    let at_once = RetryConfig::standard().with_initial_backoff(Duration::from_nanos(1));
    let config = Fake::refusing(status, [body; 3]).retrying_config(at_once);
    let call = Client::from_conf(config).go();
    call.send().await.unwrap_err().call().attempts()
}

#[tokio::test]
async fn an_error_is_retried_where_the_model_says_so() {
    let bad = StatusCode::BAD_REQUEST;
    assert_eq!(attempts(bad, r#"{"__type": "Rich"}"#).await, 3);
    assert_eq!(attempts(bad, r#"{"__type": "Busy"}"#).await, 3);
    assert_eq!(attempts(bad, r#"{"__type": "Plain"}"#).await, 1);
}

#[tokio::test]
async fn too_many_requests_is_throttling_unless_the_code_is_the_operations_own() {
    let many = StatusCode::TOO_MANY_REQUESTS;
    assert_eq!(attempts(many, r#"{"__type": "Plain"}"#).await, 1);
    assert_eq!(attempts(many, r#"{"__type": "Everywhere"}"#).await, 1);
    assert_eq!(attempts(many, r#"{"__type": "Unknown"}"#).await, 3);
    assert_eq!(attempts(many, "{}").await, 3);
}
