//! serde's traits on the generated types, by the feature `serde`.

use std::fmt::Debug;

use compiled_snapshots::error::ProvideErrorMetadata;
use compiled_snapshots::fixtures::{
    constraints, defaults, documents, errors, hostile_names, int_enums, lists, maps, recursion,
    sensitive, structures, timestamps, unions,
};
use compiled_snapshots::primitives::{DateTime, Map};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// What is read from `json` is written as `json`, and read from text as well.
#[track_caller]
fn round_trip<T: Serialize + DeserializeOwned + Debug + PartialEq>(json: Value) -> T {
    let value: T = serde_json::from_value(json.clone()).unwrap();
    let text = serde_json::to_string(&value).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), json);
    assert_eq!(serde_json::from_str::<T>(&text).unwrap(), value);
    value
}

#[test]
fn structures_go_both_ways() {
    use structures::operation::invoke::{InvokeInput, InvokeOutput};

    let input = round_trip::<InvokeInput>(json!({
        "name": "n", "flag": false, "byte": -128, "short": -32768, "int": 1, "long": i64::MIN,
        "float": 0.1, "double": "-Infinity", "part": {
            "id": "i", "size": 2, "kind": "new", "at": "1970-01-01T00:00:00Z", "raw": "AP8=",
            "map": {"k": "v"},
        },
    }));
    assert_eq!(input.byte, Some(i8::MIN));
    assert_eq!(input.float, Some(0.1));
    assert_eq!(input.part.unwrap().raw.as_ref(), [0, 255]);

    let output: InvokeOutput = serde_json::from_str("{}").unwrap();
    assert_eq!((output.name.as_str(), output.double), ("", 0.0));
}

#[test]
fn collections_keep_order_and_holes() {
    let list = json!({"dense": ["b", "a"], "sparse": ["x", null], "deep": [["y"], []]});
    round_trip::<lists::operation::invoke::InvokeInput>(list.clone());
    round_trip::<lists::operation::invoke::InvokeOutput>(list);

    let map = json!({
        "dense": {"b": "", "a": ""}, "sparse": {"x": 1, "y": null}, "byKind": {"new": 1},
        "deep": {"z": {"k": "v"}},
    });
    let input = round_trip::<maps::operation::invoke::InvokeInput>(map.clone());
    round_trip::<maps::operation::invoke::InvokeOutput>(map);
    assert_eq!(input.sparse.unwrap().get("y"), Some(&None));

    let text = r#"{"dense":{"b":"","a":""}}"#;
    let input: maps::operation::invoke::InvokeInput = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&input).unwrap(), text);
    let map: Map<String, String> = serde_json::from_str(r#"{"b":"","a":""}"#).unwrap();
    assert_eq!(serde_json::to_string(&map).unwrap(), r#"{"b":"","a":""}"#);
}

#[test]
fn unions_are_objects_of_one_member() {
    use unions::types::Pick;

    for json in [
        json!({"text": "t"}),
        json!({"nothing": {}}),
        json!({"list": [{"next": {"number": 2}}, {"part": {"a": "b"}}]}),
        json!({"at": "1970-01-01T00:00:00.000000001Z"}),
    ] {
        round_trip::<Pick>(json);
    }
    // One that only requests have, and one that only responses have.
    round_trip::<constraints::types::Pick>(json!({"name": "n"}));
    round_trip::<recursion::operation::invoke::InvokeOutput>(
        json!({"left": {"right": {"left": {}}}}),
    );

    let unknown: Pick = serde_json::from_value(json!({"new": [1]})).unwrap();
    assert!(unknown.is_unknown());
    let error = serde_json::to_string(&Pick::List(vec![unknown])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a union holds a variant that is not known, which cannot be written"
    );
    let error = serde_json::from_value::<Pick>(json!({"list": [{}]})).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`list[0]`: expected a union of one member, found 0"
    );
}

#[test]
fn timestamps_are_rfc_3339_whatever_the_wire_says() {
    use timestamps::operation::invoke::{InvokeInput, InvokeOutput};

    round_trip::<InvokeInput>(json!({
        "plain": "1985-04-12T23:20:50.123456789Z", "date": "0001-01-01T00:00:00Z",
        "http": "9999-12-31T23:59:59.5Z", "https": ["1970-01-01T00:00:00Z", null],
        "byName": {"a": "1969-12-31T23:59:59.999Z"}, "deep": {"b": ["1970-01-01T00:00:00Z"]},
        // No year of RFC 3339.
        "own": "-62135596801.5", "epoch": "253402300800",
    }));
    for at in [
        json!(1.5),
        json!(1.5e0),
        json!("1970-01-01T01:00:01.5+01:00"),
        json!("Thu, 01 Jan 1970 00:00:01.5 GMT"),
    ] {
        let output: InvokeOutput = serde_json::from_value(json!({"date": at, "plain": 2})).unwrap();
        assert_eq!(output.date, DateTime::from_secs_f64(1.5));
        assert_eq!(output.plain, Some(DateTime::from_secs(2)));
    }
    let output: InvokeOutput = serde_json::from_str(r#"{"plain": 1719520832.123456}"#).unwrap();
    assert_eq!(output.plain.unwrap().subsec_nanos(), 123_456_000);
}

#[test]
fn documents_and_integers_go_as_they_are() {
    use documents::operation::invoke::{InvokeInput, InvokeOutput};

    let any = json!({"any": {"b": [1.5, null, u64::MAX], "a": "1970-01-01"}, "list": [true, {}]});
    round_trip::<InvokeInput>(any.clone());
    round_trip::<InvokeOutput>(any);
    assert_eq!(
        serde_json::to_value(int_enums::types::Level::from(7)).unwrap(),
        json!(7)
    );
    let level = round_trip::<int_enums::types::Level>(json!(-1));
    assert_eq!(level, int_enums::types::Level::Low);
}

/// The text is not the one that was given, so no place in it is told.
#[test]
fn an_error_in_a_document_says_the_path_alone() {
    let deep = (0..200).fold(json!(0), |deep, _| json!([deep]));
    let error =
        serde_json::from_value::<documents::operation::invoke::InvokeInput>(json!({"any": deep}));
    assert_eq!(
        error.unwrap_err().to_string(),
        "`any`: recursion limit exceeded"
    );
}

#[test]
fn defaults_stand_for_what_is_absent() {
    let part: defaults::types::Defaults = serde_json::from_str("{}").unwrap();
    assert!(part.flag);
    assert_eq!((part.long, part.text.as_str()), (4_000_000_000, "a \"b\""));
    assert_eq!(part.name, "");
    let again = serde_json::from_value(serde_json::to_value(&part).unwrap()).unwrap();
    assert_eq!(part, again);
}

#[test]
fn sensitive_values_are_written() {
    let input =
        json!({"user": "u", "codes": ["c"], "secret": {"key": "k"}, "choice": {"code": "w"}});
    round_trip::<sensitive::operation::invoke::InvokeInput>(input);
}

#[test]
fn names_that_are_no_identifiers_go_as_on_the_wire() {
    let input =
        json!({"type": "a", "Self": "b", "_x": "c", "x": "d", "foo_bar": "e", "FooBar": "f"});
    round_trip::<hostile_names::operation::get::GetInput>(input);
}

#[test]
fn errors_go_with_their_members_and_without_what_the_response_said() {
    use errors::types::error::{ManyMembers, MessageOnly, ReservedNames};

    let plain = MessageOnly::builder().message("m").build();
    assert_eq!(round_trip::<MessageOnly>(json!({"Message": "m"})), plain);
    assert_eq!(plain.code(), Some("MessageOnly"));
    let rich = round_trip::<ManyMembers>(
        json!({"message": "m", "code": 1, "left": 3, "part": {"name": "n"}}),
    );
    assert_eq!(rich.part.unwrap().name.as_deref(), Some("n"));
    round_trip::<ReservedNames>(json!({"source": "s", "meta": "t", "request_id": "r"}));
}

#[test]
fn null_is_no_value_where_one_must_be() {
    let error = serde_json::from_str::<unions::types::Part>("null").unwrap_err();
    assert_eq!(error.to_string(), "invalid type: null, expected a value");
    let part: Option<unions::types::Part> = serde_json::from_str("null").unwrap();
    assert_eq!(part, None);
}
