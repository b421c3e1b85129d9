use serde_json::json;

use super::*;

fn model() -> Value {
    json!({
        "smithy": "2.0",
        "shapes": {
            "a#Zoo": { "type": "service", "version": "1", "operations": [{ "target": "a#Feed" }] },
            "a#Feed": {
                "type": "operation",
                "input": { "target": "a#FeedRequest" },
                "output": { "target": "a#FeedResponse" },
                "errors": [{ "target": "a#Bitten" }],
            },
            "a#FeedRequest": {
                "type": "structure",
                "members": {
                    "Animal": { "target": "a#Animal", "traits": { "smithy.api#required": {} } },
                    "Food": { "target": "a#Text" },
                },
            },
            "a#FeedResponse": {
                "type": "structure",
                "members": { "Count": { "target": "a#Count" } },
            },
            "a#Bitten": {
                "type": "structure",
                "members": {},
                "traits": { "smithy.api#error": "client" },
            },
            "a#Animal": {
                "type": "enum",
                "members": { "APE": {
                    "target": "smithy.api#Unit",
                    "traits": { "smithy.api#enumValue": "APE" },
                } },
            },
            "a#Text": {
                "type": "string",
                "traits": { "smithy.api#length": { "max": 9, "min": 1 } },
            },
            "a#Word": { "type": "string" },
            "a#Count": { "type": "integer" },
        },
    })
}

fn parse(model: Value) -> Model {
    let document = codegen::model::load("model.json", &model.to_string()).expect("a good model");
    codegen::model::assemble(vec![document], vec![]).expect("a good model")
}

/// What changes when `pointer` becomes `value`, or goes away if that is null.
fn change(pointer: &str, value: Value) -> Changes {
    let mut changed = model();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer to a key");
    let parent = changed
        .pointer_mut(parent)
        .expect("there is such an object");
    if value.is_null() {
        parent.as_object_mut().expect("an object").remove(key);
    } else {
        parent[key] = value;
    }
    models(&parse(model()), &parse(changed))
}

#[test]
fn a_model_does_not_differ_from_itself() {
    assert!(models(&parse(model()), &parse(model())).is_empty());
}

#[test]
fn breaking_changes() {
    for (pointer, value, expected) in [
        ("/shapes/a#Feed", Value::Null, "operation Feed removed"),
        (
            "/shapes/a#Feed/errors",
            json!([]),
            "Feed: error Bitten removed",
        ),
        (
            "/shapes/a#Feed/output/target",
            json!("a#Bitten"),
            "Feed: its output was FeedResponse, is Bitten",
        ),
        (
            "/shapes/a#FeedRequest/members/Food",
            Value::Null,
            "FeedRequest: member Food removed",
        ),
        (
            "/shapes/a#FeedRequest/members/Food/target",
            json!("a#Count"),
            "FeedRequest$Food: type was string, is integer",
        ),
        (
            "/shapes/a#FeedRequest/members/Animal/traits",
            json!({}),
            "FeedRequest$Animal: no longer required",
        ),
        (
            "/shapes/a#FeedRequest/members/Food/traits",
            json!({ "smithy.api#required": {} }),
            "FeedRequest$Food: now required",
        ),
        (
            "/shapes/a#FeedRequest/members/New",
            json!({ "target": "a#Text", "traits": { "smithy.api#required": {} } }),
            "FeedRequest: required member New added",
        ),
        (
            "/shapes/a#Animal/members/APE",
            Value::Null,
            "Animal: value APE removed",
        ),
        (
            "/shapes/a#Text/traits/smithy.api#length/max",
            json!(8),
            r#"Text: length was {"max":9,"min":1}, is {"max":8,"min":1} (tightened)"#,
        ),
        (
            "/shapes/a#Word/traits",
            json!({ "smithy.api#pattern": "^a$" }),
            r#"Word: pattern "^a$" added (tightened)"#,
        ),
        (
            "/shapes/a#Word/type",
            json!("blob"),
            "Word: type was string, is blob",
        ),
    ] {
        let changes = change(pointer, value);
        assert_eq!(changes.breaking, [expected], "{pointer}");
        assert!(
            changes.additions.is_empty() && changes.other.is_empty(),
            "{changes}"
        );
    }
}

#[test]
fn additions() {
    let feed = model()["shapes"]["a#Feed"].clone();
    let required = json!({ "target": "a#Count", "traits": { "smithy.api#required": {} } });
    let value = json!({ "target": "smithy.api#Unit", "traits": { "smithy.api#enumValue": "BEE" } });
    for (pointer, value, expected) in [
        ("/shapes/a#Groom", feed, "operation Groom added"),
        (
            "/shapes/a#FeedRequest/members/New",
            json!({ "target": "a#Text" }),
            "FeedRequest: member New added",
        ),
        (
            "/shapes/a#FeedResponse/members/New",
            required,
            "FeedResponse: member New added",
        ),
        (
            "/shapes/a#Animal/members/BEE",
            value,
            "Animal: value BEE added",
        ),
        (
            "/shapes/a#Text/traits/smithy.api#length/max",
            Value::Null,
            r#"Text: length was {"max":9,"min":1}, is {"min":1} (loosened)"#,
        ),
        (
            "/shapes/a#Feed/traits",
            json!({ "smithy.api#paginated": { "items": "A" } }),
            r#"Feed: paginated {"items":"A"} added"#,
        ),
    ] {
        let changes = change(pointer, value);
        assert_eq!(changes.additions, [expected], "{pointer}");
        assert!(
            changes.breaking.is_empty() && changes.other.is_empty(),
            "{changes}"
        );
    }
}

#[test]
fn other_changes() {
    for (pointer, value, expected) in [
        (
            "/shapes/a#Zoo/version",
            json!("2"),
            "Zoo: version 1 became 2",
        ),
        (
            "/shapes/a#Zoo/traits",
            json!({ "smithy.rules#endpointRuleSet": {} }),
            "Zoo: the endpoint rules changed",
        ),
        (
            "/shapes/a#Feed/traits",
            json!({ "smithy.api#deprecated": {} }),
            "Feed: now deprecated",
        ),
        (
            "/shapes/a#FeedRequest/members/Food/target",
            json!("a#Word"),
            "FeedRequest$Food: still string, now by the name Word instead of Text",
        ),
    ] {
        let changes = change(pointer, value);
        assert_eq!(changes.other, [expected], "{pointer}");
        assert!(
            changes.breaking.is_empty() && changes.additions.is_empty(),
            "{changes}"
        );
    }
}

#[test]
fn shapes_without_a_name_in_rust_show_by_their_use_alone() {
    assert!(change("/shapes/a#Word", Value::Null).is_empty());
}

#[test]
fn partitions_by_region_and_output() {
    let old = json!({ "partitions": [
        {
            "id": "aws",
            "regionRegex": "x",
            "regions": { "a": {}, "b": {} },
            "outputs": { "dnsSuffix": "s", "name": "aws" },
        },
        { "id": "old", "regionRegex": "x", "regions": {}, "outputs": {} },
    ] });
    let new = json!({ "partitions": [
        {
            "id": "aws",
            "regionRegex": "x",
            "regions": { "b": {}, "c": {} },
            "outputs": { "dnsSuffix": "t", "name": "aws" },
        },
        { "id": "new", "regionRegex": "x", "regions": {}, "outputs": {} },
    ] });
    assert_eq!(
        partitions(&old, &new),
        Changes {
            breaking: vec![
                "partition aws: region a removed".into(),
                "partition old removed".into()
            ],
            additions: vec![
                "partition aws: region c added".into(),
                "partition new added".into()
            ],
            other: vec![r#"partition aws: dnsSuffix was "s", is "t""#.into()],
        }
    );
}

#[test]
fn changes_print_by_group() {
    let changes = Changes {
        breaking: vec!["a".into()],
        additions: vec![],
        other: vec!["b".into(), "c".into()],
    };
    assert_eq!(
        changes.to_string(),
        "Breaking changes (1)\n  - a\n\nOther changes (2)\n  - b\n  - c"
    );
}
