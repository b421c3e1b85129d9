//! Names that mean something else in Rust, and names that are two in the model and one in Rust.

use compiled_snapshots::error::BoxError;
use compiled_snapshots::fixtures::hostile_names::types::{HostileEnum, HostileUnion, StringShape};
use compiled_snapshots::fixtures::hostile_names::{Client, Error};
use serde_json::{Value, json};

use crate::fake::Fake;

/// Every member of the structure `HostileMembers`, each with a value of its own.
const WORDS: &str = r#"{
    "type": "1", "match": "2", "async": "3", "self": "4", "Self": "5", "crate": "6", "super": "7",
    "_x": "8", "_1st": "9", "fooBar": "10", "foo_bar": "11", "FooBar": "12", "x": "13",
    "set_x": "14", "get_x": "15", "set_y": "16", "y": "17", "inner": "18", "build": "19",
    "builder": "20", "send": "21", "client": "22", "meta": "23", "source": "24", "message": "25",
    "_request_id": "26", "new": "27", "default": "28", "clone": "29", "eq": "30", "fmt": "31",
    "len": 32, "add": "33", "not": "34", "deref": "35", "as_ref": "36", "borrow": "37",
    "from_str": "38", "next": "39", "as_input": "40", "into_paginator": "41", "name": "42",
    "value": "43", "sink": "44", "input": "45", "member": "46",
    "own": {}, "fault": {}, "nested": {"self": "47"},
    "all": {"Result": {}, "Option": {"a": "b"}, "String": "a", "Box": 1, "None": {"a": {}},
        "Debug": "a", "Self": {}, "Foo": {"id": "i", "builder": {}, "parts": {}}, "SAME": {}},
    "values": ["Unknown", "unknown", "self", "Self", "crate", "Err", "Ok", "None", "String", "",
        "*", "2fa", "a-b", "a_b", "A_B", "new"],
    "choices": [{"unknown": "a"}, {"Self": "b"}, {"crate": {}}, {"Ok": "c"}, {"Err": {}},
        {"Some": {}}, {"none": {"a": {}}}, {"String": "a"}, {"Vec": {}}, {"send": {}},
        {"fooBar": "d"}, {"foo_bar": {}}, {"Value": "e"}]
}"#;

#[tokio::test]
async fn every_name_is_itself_on_the_wire() -> Result<(), BoxError> {
    let fake = Fake::answering([format!(r#"{{"nested": {WORDS}}}"#).leak(), "{}"]);
    let client = Client::from_conf(fake.config());
    let words = client.get().self_("s").send().await?.nested.unwrap();
    assert_eq!(words.self_(), Some("4"));
    assert_eq!(words.self_2(), Some("5"));
    assert_eq!(words.foo_bar_3(), Some("12"));
    assert_eq!(words.request_id_value(), Some("26"));
    assert_eq!(words.values()[0], HostileEnum::UnknownValue);
    assert_eq!(words.values()[15], HostileEnum::Unknown("new".to_owned()));
    assert_eq!(words.choices()[0].as_unknown_value(), Ok(&"a".to_owned()));
    assert!(!words.choices()[0].is_unknown());
    assert_eq!(words.choices()[7], HostileUnion::String(StringShape::Aa));

    client.get().nested(words).send().await?;
    let expected: Value = serde_json::from_str(WORDS)?;
    assert_eq!(
        fake.bodies(),
        [json!({"self": "s"}), json!({"nested": expected})]
    );
    Ok(())
}

#[tokio::test]
async fn operations_do_not_hide_what_the_client_has() -> Result<(), BoxError> {
    let fake = Fake::answering(["{}"; 7]);
    let client = Client::from_conf(fake.config()).clone();
    assert!(client.config().region().is_some());
    client.config_operation().send().await?;
    client.client().send().await?;
    client.new_operation().send().await?;
    client.from_conf_operation().send().await?;
    client.clone_operation().send().await?;
    client.self_().send().await?;
    client.r#move().send().await?;
    assert_eq!(fake.bodies().len(), 7);
    Ok(())
}

#[tokio::test]
async fn operations_do_not_hide_what_the_runtime_has() -> Result<(), BoxError> {
    use compiled_snapshots::error::BuildError;
    use compiled_snapshots::fixtures::hostile_names::operation::build::BuildOutput;

    let missing: BuildError = BuildOutput::builder().build().unwrap_err();
    assert_eq!(missing.missing_members(), ["shapes"]);

    let fake = Fake::answering([r#"{"type": ["a"], "Self": "t"}"#, r#"{"type": ["b"]}"#]);
    let pages = Client::from_conf(fake.config()).item().into_paginator();
    let items: Vec<StringShape> = pages.items().send().try_collect().await?;
    assert_eq!(items, [StringShape::Aa, StringShape::from("b")]);
    Ok(())
}

#[tokio::test]
async fn errors_keep_their_names_on_the_wire() {
    let error = async |body| {
        let call = Client::from_conf(Fake::failing(body).config()).get();
        call.send().await.unwrap_err().into_service_error()
    };
    assert!(error(r#"{"__type": "Error"}"#).await.is_error_shape());
    assert!(
        error(r#"{"__type": "Unhandled"}"#)
            .await
            .is_unhandled_shape()
    );
    assert!(
        error(r#"{"__type": "ModeledError"}"#)
            .await
            .is_modeled_error()
    );
    let fault = error(
        r#"{"__type": "Fault", "source": "1", "meta": "2", "message": "3", "Message": "4", "inner": "5"}"#,
    )
    .await;
    assert_eq!(fault.to_string(), "Fault: 3");
    let Error::Fault(fault) = fault else {
        panic!("{fault:?}");
    };
    assert_eq!(fault.source_value(), Some("1"));
    assert_eq!(fault.meta_value(), Some("2"));
    assert_eq!(fault.message(), Some("3"));
    assert_eq!(fault.message_2(), Some("4"));
    assert_eq!(fault.inner(), Some("5"));
}
