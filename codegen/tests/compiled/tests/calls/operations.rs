//! What belongs to an operation: its name, its endpoint, its idempotency tokens.

use compiled_snapshots::fixtures::{idempotency_tokens, resources, units_and_empty_structures};
use serde_json::json;

use crate::fake::Fake;

#[tokio::test]
async fn an_operation_needs_neither_input_nor_output() {
    let fake = Fake::answering(["", "{}", r#"{"new": 1}"#]);
    let client = units_and_empty_structures::Client::from_conf(fake.config());
    client.invoke().send().await.unwrap();
    client.send_empty().send().await.unwrap();
    client.receive_empty().send().await.unwrap();
    assert_eq!(fake.bodies(), [json!({}), json!({}), json!({})]);
}

#[tokio::test]
async fn operations_of_resources_are_those_of_the_service() {
    let fake = Fake::answering(["{}"]);
    let client = resources::Client::from_conf(fake.config());
    let _every_kind = (
        client.invoke(),
        client.create_parent(),
        client.get_parent(),
        client.list_parents(),
        client.archive_parent(),
        client.count_parents(),
        client.put_child(),
        client.update_child(),
    );
    client.delete_child().id("i").send().await.unwrap();
    let request = fake.request();
    assert_eq!(
        request.headers()["x-amz-target"],
        "ExampleService.DeleteChild"
    );
    assert_eq!(request.body(), r#"{"id":"i"}"#);
}

#[tokio::test]
async fn idempotency_tokens_are_filled_unless_set() {
    let fake = Fake::answering(["{}", "{}"]);
    let client = idempotency_tokens::Client::from_conf(fake.config());
    let part = idempotency_tokens::types::Part::builder().build();
    client.invoke().other("o").part(part).send().await.unwrap();
    client.invoke().token("t").send().await.unwrap();
    let [first, second] = &fake.bodies()[..] else {
        panic!("expected two requests");
    };
    let filled = |token: &serde_json::Value| token.as_str().unwrap().len() == 36;
    assert!(filled(&first["token"]), "{first}");
    assert_eq!(first["other"], "o");
    assert_eq!(first["part"], json!({}));
    assert_eq!(second["token"], "t");
    assert!(filled(&second["other"]), "{second}");
    assert_ne!(first["token"], second["other"]);
}
