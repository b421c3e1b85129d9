//! Models of other kinds: Smithy 1.0, mixins, several files, traits of others.

use compiled_snapshots::fixtures::{
    apply_statements, documentation, ignored_traits, mixins, smithy_1,
};
use serde_json::json;

use crate::fake::Fake;

#[tokio::test]
async fn unboxed_numbers_of_smithy_1_are_never_absent() {
    use smithy_1::types::Kind;

    let fake = Fake::answering([r#"{"tags": ["a"], "kind": "b-c"}"#]);
    let call = smithy_1::Client::from_conf(fake.config()).invoke();
    let output = call.count(0).kind(Kind::Aa).send().await.unwrap();
    assert_eq!(fake.body(), json!({"count": 0, "kind": "a"}));
    assert_eq!(output.count(), 0);
    assert!(!output.flag());
    assert_eq!(output.number(), 0);
    assert_eq!(output.ratio(), 0.0);
    assert_eq!(
        (output.maybe(), output.boxed(), output.own()),
        (None, None, None)
    );
    assert_eq!(output.tags(), ["a"]);
    assert_eq!(output.kind(), Some(&Kind::BC));
}

#[tokio::test]
async fn mixins_give_members_and_traits() {
    use mixins::types::Kind;

    let fake = Fake::answering([r#"{"kind": "a"}"#]);
    let client = mixins::Client::from_conf(fake.config());
    let error = client.invoke().send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Invoke: invalid input: `id` is required and missing"
    );
    let call = client.invoke().own("o").deep("d").size(1).id("i");
    let output = call.send().await.unwrap();
    assert_eq!(
        fake.request().body(),
        r#"{"id":"i","size":1,"deep":"d","own":"o"}"#
    );
    assert_eq!(output.kind(), Some(&Kind::Aa));
    assert_eq!(Kind::values(), ["a", "b"]);
}

#[tokio::test]
async fn statements_apply_across_files() {
    let client = apply_statements::Client::from_conf(Fake::answering([]).config());
    let error = client.invoke().send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Invoke: invalid input: `id` is required and missing"
    );
    let error = client.invoke().id("0123456789").send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Invoke: invalid input: `id` has 10 characters, but must have between 1 and 9"
    );
}

#[tokio::test]
async fn traits_that_do_not_matter_change_nothing() {
    let fake = Fake::answering(["{}"]);
    let call = ignored_traits::Client::from_conf(fake.config()).invoke();
    call.id("b").send().await.unwrap();
    assert_eq!(fake.body(), json!({"id": "b"}));
}

#[tokio::test]
async fn prose_changes_nothing() {
    let fake = Fake::answering([r#"{"named": "n", "other": {"x": "y"}}"#]);
    let call = documentation::Client::from_conf(fake.config()).invoke();
    let output = call.name("n").send().await.unwrap();
    assert_eq!(output.named(), Some("n"));
    assert_eq!(output.other().unwrap().x(), Some("y"));
}
