//! serde's traits on every input, output, structure, enum and error, by the SDK's feature `serde`.

use std::fmt::Debug;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use cloudtrail_sdk::operation::describe_query::DescribeQueryOutput;
use cloudtrail_sdk::operation::get_query_results::GetQueryResultsOutput;
use cloudtrail_sdk::operation::lookup_events::LookupEventsOutput;
use cloudtrail_sdk::primitives::{Blob, Map};
use cloudtrail_sdk::types::error::TrailNotFoundException;
use cloudtrail_sdk::types::{Event, EventCategory, LookupAttribute, PublicKey, Tag, Trail};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tests::model::Shape;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{CONSTRAINTS, SEEDS, Values, assert_same};

/// A shape with every member filled is written as on the wire but for its timestamps, and read from
/// what was written, from the wire's own form, and from either with members that nobody knows.
pub fn check<T>(shape: Shape<'static>, make: fn(&Value) -> T)
where
    T: Serialize + DeserializeOwned + Debug + PartialEq,
{
    for seed in SEEDS {
        let wire = Values::new(&CONSTRAINTS, seed).structure(shape);
        let made = make(&wire);
        let expected = with_rfc_3339(shape, &wire);

        let text = serde_json::to_string(&made).unwrap();
        assert_same(&serde_json::from_str(&text).unwrap(), &expected);
        assert_same(&serde_json::to_value(&made).unwrap(), &expected);

        let with_more = with_unknown_members(shape, &wire).to_string();
        for text in [text, wire.to_string(), with_more] {
            assert_eq!(serde_json::from_str::<T>(&text).unwrap(), made);
        }
        for value in [expected, wire] {
            assert_eq!(serde_json::from_value::<T>(value).unwrap(), made);
        }
        let text = toml::to_string(&made).unwrap();
        assert_eq!(toml::from_str::<T>(&text).unwrap(), made);
    }

    // Every member is `null`, in turn, and absent.
    let full = Values::new(&CONSTRAINTS, 0).structure(shape);
    for member in shape.members() {
        let (mut null, mut absent) = (full.clone(), full.clone());
        null[member.name] = Value::Null;
        absent.as_object_mut().unwrap().remove(member.name);
        let null: T = serde_json::from_value(null).unwrap();
        assert_eq!(serde_json::from_value::<T>(absent.clone()).unwrap(), null);
        let written = serde_json::to_value(&null).unwrap();
        assert!(!written[member.name].is_null() || written.get(member.name).is_none());
        if written.get(member.name).is_none() {
            assert_same(&written, &with_rfc_3339(shape, &absent));
        }
    }
}

/// Every value of an enum, and one that it does not know, goes as its string.
pub fn check_enum<E>(values: &[&str])
where
    E: for<'a> From<&'a str> + Serialize + DeserializeOwned + Debug + PartialEq,
{
    for value in values.iter().copied().chain(["of a later year"]) {
        let text = json!(value).to_string();
        assert_eq!(serde_json::to_string(&E::from(value)).unwrap(), text);
        assert_eq!(serde_json::from_str::<E>(&text).unwrap(), E::from(value));
    }
}

/// An error goes with its message, and knows its code again.
pub fn check_error<E>(error: &E, message: &str)
where
    E: Serialize + DeserializeOwned + Debug + PartialEq,
{
    let value = serde_json::to_value(error).unwrap();
    assert_eq!(value, json!({"Message": message}));
    assert_eq!(&serde_json::from_value::<E>(value).unwrap(), error);
}

/// The value with the timestamps that the wire has as numbers in the form of RFC 3339.
fn with_rfc_3339(shape: Shape<'_>, value: &Value) -> Value {
    let each = |part: &'static str, value: &Value| with_rfc_3339(shape.inner(part).target, value);
    match (shape.kind(), value) {
        ("timestamp", value) => {
            let millis = (value.as_f64().unwrap() * 1e3) as i128;
            let at = OffsetDateTime::from_unix_timestamp_nanos(millis * 1_000_000).unwrap();
            json!(at.format(&Rfc3339).unwrap())
        }
        ("structure", Value::Object(members)) => members
            .iter()
            .map(|(name, value)| {
                let member = shape.find_member(name).unwrap();
                (name.clone(), with_rfc_3339(member.target, value))
            })
            .collect(),
        ("list", Value::Array(items)) => items.iter().map(|item| each("member", item)).collect(),
        ("map", Value::Object(entries)) => entries
            .iter()
            .map(|(key, value)| (key.clone(), each("value", value)))
            .collect(),
        _ => value.clone(),
    }
}

/// The value with a member that the model does not have in every structure.
fn with_unknown_members(shape: Shape<'_>, value: &Value) -> Value {
    let each =
        |part: &'static str, value: &Value| with_unknown_members(shape.inner(part).target, value);
    match (shape.kind(), value) {
        ("structure", Value::Object(members)) => members
            .iter()
            .map(|(name, value)| {
                let member = shape.find_member(name).unwrap();
                (name.clone(), with_unknown_members(member.target, value))
            })
            .chain([(
                "OfALaterYear".to_owned(),
                json!({"a": [1, null, {"b": "c"}]}),
            )])
            .collect(),
        ("list", Value::Array(items)) => items.iter().map(|item| each("member", item)).collect(),
        ("map", Value::Object(entries)) => entries
            .iter()
            .map(|(key, value)| (key.clone(), each("value", value)))
            .collect(),
        _ => value.clone(),
    }
}

#[test]
fn names_are_those_of_the_wire_and_what_is_absent_is_left_out() {
    let trail = Trail::builder()
        .name("t")
        .s3_bucket_name("b")
        .sns_topic_arn("a")
        .build();
    assert_eq!(
        serde_json::to_string(&trail).unwrap(),
        r#"{"Name":"t","S3BucketName":"b","SnsTopicARN":"a"}"#
    );
}

#[test]
fn the_request_id_is_not_written() {
    let output: LookupEventsOutput = serde_json::from_str(r#"{"_request_id":"x"}"#).unwrap();
    assert_eq!(output, LookupEventsOutput::builder().build());
    assert_eq!(serde_json::to_string(&output).unwrap(), "{}");
}

#[test]
fn timestamps_are_read_from_text_and_numbers() {
    let read = |time: Value| {
        let event: Event = serde_json::from_value(json!({ "EventTime": time })).unwrap();
        event.event_time.unwrap().as_nanos()
    };
    for (time, nanos) in [
        (
            json!("2024-06-27T20:40:32.123456789Z"),
            1_719_520_832_123_456_789,
        ),
        (
            json!("2024-06-27T22:40:32.5+02:00"),
            1_719_520_832_500_000_000,
        ),
        (json!(1_719_520_832), 1_719_520_832_000_000_000),
        (json!(1_719_520_832.123), 1_719_520_832_123_000_000),
        (json!(-0.5), -500_000_000),
    ] {
        assert_eq!(read(time.clone()), nanos, "{time}");
    }
    let nanos = "2024-06-27T20:40:32.123456789Z";
    let event: Event = serde_json::from_value(json!({ "EventTime": nanos })).unwrap();
    assert_eq!(serde_json::to_value(&event).unwrap()["EventTime"], nanos);
}

#[test]
fn blobs_are_base64() {
    let key = PublicKey::builder().value(Blob::new([0, 255])).build();
    let value = serde_json::to_value(&key).unwrap();
    assert_eq!(value, json!({"Value": BASE64.encode([0, 255])}));
    assert_eq!(serde_json::from_value::<PublicKey>(value).unwrap(), key);
}

#[test]
fn maps_keep_their_order() {
    let text = r#"{"QueryResultRows":[[{"b":"1"},{"a":"2"}],[{"z":"","y":""}]]}"#;
    let output: GetQueryResultsOutput = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&output).unwrap(), text);
    let row: &Map<String, String> = &output.query_result_rows()[1][0];
    let text = serde_json::to_string(row).unwrap();
    assert_eq!(text, r#"{"z":"","y":""}"#);
    assert_eq!(
        &serde_json::from_str::<Map<String, String>>(&text).unwrap(),
        row
    );
}

#[test]
fn a_missing_required_member_is_read_as_zero() {
    let tag: Tag = serde_json::from_str("{}").unwrap();
    assert_eq!(tag.key, "");
    let attribute: LookupAttribute = serde_json::from_str("{}").unwrap();
    assert_eq!(attribute.attribute_key.as_str(), "");
}

#[test]
fn types_stand_inside_the_types_of_a_program() {
    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Report {
        account: String,
        #[serde(flatten)]
        trail: Trail,
        event: Option<Event>,
        category: Saved,
    }
    /// serde reads what is untagged into a form of its own first.
    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    #[serde(untagged)]
    enum Saved {
        Number(i32),
        Category(EventCategory),
        Event(Box<Event>),
    }
    let event = json!({"EventId": "e", "EventTime": "2024-06-27T20:40:32Z", "Resources": []});
    for category in [json!("insight"), event.clone()] {
        let value = json!({
            "account": "1", "Name": "t", "IsMultiRegionTrail": true, "event": event,
            "category": category,
        });
        let report: Report = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(report.trail.name(), Some("t"));
        assert_eq!(serde_json::to_value(&report).unwrap(), value);
    }
}

#[test]
fn errors_say_where() {
    let error = |text: &str| {
        serde_json::from_str::<LookupEventsOutput>(text)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        error("{\"Events\": [{},\n {\"EventTime\": \"soon\"}]}"),
        "`Events[1].EventTime`: expected a timestamp, found \"soon\""
    );
    assert_eq!(
        error("{\"Events\": [{},\n {\"EventName\": 1}]}"),
        "`Events[1].EventName`: expected a string, found 1"
    );
    assert_eq!(
        error("{\"Events\": 1}"),
        "`Events`: expected an array, found 1"
    );
    assert_eq!(
        error("{\"Events\": 1"),
        "EOF while parsing an object at line 1 column 12"
    );
    assert_eq!(error("[]"), "expected an object, found an array");
    assert_eq!(error("null"), "invalid type: null, expected a value");

    let error = toml::from_str::<LookupEventsOutput>("Events = [{ EventId = 1 }]").unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`Events[0].EventId`: expected a string, found 1"),
        "{error}"
    );
    let error = serde_json::from_str::<DescribeQueryOutput>(
        r#"{"QueryStatistics": {"CreationTime": true}}"#,
    );
    assert_eq!(
        error.unwrap_err().to_string(),
        "`QueryStatistics.CreationTime`: expected a timestamp, found a boolean"
    );
}

#[test]
fn an_error_is_read_by_either_name_of_its_message() {
    for name in ["Message", "message"] {
        let error: TrailNotFoundException =
            serde_json::from_value(json!({ name: "m", "__type": "x" })).unwrap();
        assert_eq!(error.to_string(), "TrailNotFoundException: m");
    }
}
