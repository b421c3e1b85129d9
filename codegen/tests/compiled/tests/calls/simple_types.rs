//! Enums, blobs, timestamps and documents.

use compiled_snapshots::fixtures::{blobs, documents, enums, int_enums, timestamps};
use compiled_snapshots::primitives::{Blob, DateTime};
use serde_json::json;

use crate::fake::Fake;

#[tokio::test]
async fn enums_keep_values_that_the_model_does_not_have() {
    use enums::types::{Kind, Size};

    let fake = Fake::answering([r#"{"kind": "new", "size": "t2.micro"}"#]);
    let call = enums::Client::from_conf(fake.config()).invoke();
    let call = call.kind(Kind::CD).size(Size::Unknown("x".to_owned()));
    let output = call.send().await.unwrap();
    assert_eq!(fake.body(), json!({"kind": "c d", "size": "x"}));
    assert_eq!(*output.kind(), Kind::Unknown("new".to_owned()));
    assert_eq!(output.kind().to_string(), "new");
    assert_eq!(output.size(), Some(&Size::T2Micro));
}

#[test]
fn enums_know_their_values() {
    use enums::types::{Kind, Size};

    assert_eq!(Kind::values(), ["a", "BB", "c d"]);
    assert_eq!(Size::values(), ["t2.micro", "b", "old"]);
    for value in Kind::values() {
        assert_eq!(Kind::try_parse(value).unwrap().as_str(), *value);
    }
    let error = Kind::try_parse("AA").unwrap_err();
    assert_eq!(error.to_string(), "`AA` is not a known value");
    assert_eq!("b".parse(), Ok(Size::Big));
}

#[tokio::test]
async fn integer_enums_keep_values_that_the_model_does_not_have() {
    use int_enums::types::Level;

    let fake = Fake::answering([r#"{"level": 7, "levels": [-1, null, 10]}"#, "{}"]);
    let client = int_enums::Client::from_conf(fake.config());
    let output = client.invoke().level(Level::Low).send().await.unwrap();
    assert_eq!(*output.level(), Level::Unknown(7));
    assert_eq!(output.levels(), [Level::Low, Level::High]);

    let output = client.invoke().level(Level::from(7)).send().await.unwrap();
    assert_eq!(*output.level(), Level::Unknown(0));
    assert_eq!(fake.bodies(), [json!({"level": -1}), json!({"level": 7})]);
}

#[tokio::test]
async fn blobs_are_base64() {
    let fake = Fake::answering([r#"{"data": "/wA=", "more": ["", "aGk="]}"#]);
    let call = blobs::Client::from_conf(fake.config()).invoke();
    let call = call.data(Blob::new([0, 255])).more(Blob::new("hi"));
    let output = call.send().await.unwrap();
    assert_eq!(fake.body(), json!({"data": "AP8=", "more": ["aGk="]}));
    assert_eq!(output.data(), Some(&Blob::new([255, 0])));
    assert_eq!(output.more(), [Blob::new(""), Blob::new("hi")]);
}

#[tokio::test]
async fn timestamps_have_the_format_of_their_member_or_target() {
    let at = DateTime::from_secs_and_nanos(1, 500_000_000);
    let fake = Fake::answering([r#"{
        "plain": 1.5,
        "date": "1970-01-01T00:00:01.5Z",
        "http": "Thu, 01 Jan 1970 00:00:01.5 GMT",
        "dates": ["1970-01-01T00:00:01.5Z"],
        "byName": {"k": "Thu, 01 Jan 1970 00:00:01.5 GMT"}
    }"#]);
    let call = timestamps::Client::from_conf(fake.config())
        .invoke()
        .plain(at)
        .epoch(at)
        .date(at)
        .http(at)
        .own(at)
        .dates(at)
        .https(Some(at))
        .https(None)
        .by_name("k", at)
        .deep("l", vec![at]);
    let output = call.send().await.unwrap();
    let (date, http) = ("1970-01-01T00:00:01.5Z", "Thu, 01 Jan 1970 00:00:01 GMT");
    assert_eq!(
        fake.body(),
        json!({
            "plain": 1.5,
            "epoch": 1.5,
            "date": date,
            "http": http,
            "own": date,
            "dates": [date],
            "https": [http, null],
            "byName": {"k": http},
            "deep": {"l": [date]}
        })
    );
    assert_eq!(output.plain(), Some(&at));
    assert_eq!(*output.date(), at);
    assert_eq!(output.http(), Some(&at));
    assert_eq!(output.dates(), [at]);
    assert_eq!(output.by_name().unwrap().get("k"), Some(&at));
}

#[tokio::test]
async fn documents_are_any_json() {
    let any = json!({"a": [1, null, {"b": 1.5}]});
    let fake = Fake::answering([
        r#"{"any": {"a": [1, null, {"b": 1.5}]}, "list": [1, "x"], "map": {"k": [true]}}"#,
    ]);
    let call = documents::Client::from_conf(fake.config()).invoke();
    let call = call.any(any.clone()).list(json!("x"));
    let output = call.send().await.unwrap();
    assert_eq!(*output.any(), any);
    assert_eq!(output.list(), [json!(1), json!("x")]);
    assert_eq!(output.map().unwrap().get("k"), Some(&json!([true])));

    let request = fake.request();
    let content_type = request.headers()["content-type"].to_str();
    assert_eq!(content_type.unwrap(), "application/x-amz-json-1.0");
    let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(body, json!({"any": any, "list": ["x"]}));
}
