//! Unions.

use compiled_snapshots::fixtures::unions::Client;
use compiled_snapshots::fixtures::unions::types::{Part, Pick};
use compiled_snapshots::primitives::DateTime;
use serde_json::{Value, json};

use crate::fake::Fake;

async fn sent(pick: Pick) -> Value {
    let fake = Fake::answering(["{}"]);
    let call = Client::from_conf(fake.config()).invoke();
    call.pick(pick).send().await.unwrap();
    fake.body()["pick"].clone()
}

async fn received(pick: &'static str) -> Pick {
    let fake = Fake::answering([pick]);
    let call = Client::from_conf(fake.config()).invoke();
    call.pick(Pick::Nothing).send().await.unwrap().pick.unwrap()
}

#[tokio::test]
async fn every_variant_goes_over_the_wire() {
    let part = Part::builder().a("b").build();
    let nested = Pick::List(vec![Pick::Nothing, Pick::Number(2)]);
    for (pick, json) in [
        (Pick::Text("t".to_owned()), json!({"text": "t"})),
        (Pick::Number(1), json!({"number": 1})),
        (Pick::Nothing, json!({"nothing": {}})),
        (Pick::Part(part), json!({"part": {"a": "b"}})),
        (nested, json!({"list": [{"nothing": {}}, {"number": 2}]})),
        (
            Pick::Next(Box::new(Pick::Nothing)),
            json!({"next": {"nothing": {}}}),
        ),
        (
            Pick::At(DateTime::from_secs(0)),
            json!({"at": "1970-01-01T00:00:00Z"}),
        ),
    ] {
        assert_eq!(sent(pick.clone()).await, json);
        let body = json!({"pick": json}).to_string().leak();
        assert_eq!(received(body).await, pick);
    }
}

#[tokio::test]
async fn variants_are_asked_for() {
    let pick = received(r#"{"pick": {"next": {"number": 1}}}"#).await;
    assert!(pick.is_next());
    let next = pick.as_next().unwrap();
    assert_eq!(next.as_number(), Ok(&1));
    assert_eq!(next.as_text(), Err(next));
}

#[tokio::test]
async fn an_unknown_variant_is_received_but_not_sent() {
    let pick = received(r#"{"pick": {"new": {"a": [1]}}}"#).await;
    assert!(pick.is_unknown());

    let fake = Fake::answering([]);
    let call = Client::from_conf(fake.config()).invoke();
    let error = call
        .pick(Pick::Next(Box::new(pick)))
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "Invoke: invalid input: `pick.next` is a variant of a union that is not known and cannot be sent"
    );
    assert_eq!(fake.bodies().len(), 0);
}
