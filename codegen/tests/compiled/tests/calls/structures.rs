//! Members: required, optional, with defaults, recursive, constrained, deprecated.

use compiled_snapshots::fixtures::{constraints, defaults, deprecated, recursion, structures};
use compiled_snapshots::primitives::{Blob, DateTime};
use serde_json::json;

use crate::fake::Fake;

#[tokio::test]
async fn members_that_are_not_set_are_not_sent() {
    use structures::types::{Kind, Part};

    let fake = Fake::answering(["{}"]);
    let part = Part::builder()
        .id("i")
        .kind(Kind::Bb)
        .at(DateTime::from_secs(1))
        .raw(Blob::new("r"))
        .map("k", "v")
        .build()
        .unwrap();
    let call = structures::Client::from_conf(fake.config()).invoke();
    call.name("n").byte(-1).part(part).send().await.unwrap();
    assert_eq!(
        fake.body(),
        json!({
            "name": "n",
            "byte": -1,
            "part": {"id": "i", "kind": "b", "at": 1, "raw": "cg==", "map": {"k": "v"}}
        })
    );
}

#[tokio::test]
async fn required_members_that_are_missing_are_all_reported() {
    let fake = Fake::answering([]);
    let call = structures::Client::from_conf(fake.config()).invoke();
    let error = call.send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Invoke: invalid input: `name` is required and missing; `part` is required and missing"
    );
    assert_eq!(fake.bodies().len(), 0);

    let error = structures::types::Part::builder().size(1).build();
    assert_eq!(
        error.unwrap_err().missing_members(),
        ["id", "kind", "at", "raw", "map"]
    );
}

#[tokio::test]
async fn a_response_without_a_required_member_has_its_zero() {
    use structures::types::Kind;

    let fake = Fake::answering([r#"{"byte": 1, "part": {"kind": null}}"#]);
    let call = structures::Client::from_conf(fake.config()).invoke();
    let part = structures::types::Part::builder()
        .id("")
        .kind(Kind::Aa)
        .at(DateTime::from_secs(0))
        .raw(Blob::new(""))
        .set_map(Some([].into()))
        .build()
        .unwrap();
    let output = call.name("").part(part).send().await.unwrap();
    assert_eq!(output.name(), "");
    assert!(!output.flag());
    assert_eq!(output.count(), 0);
    assert_eq!(output.open(), None);
    assert_eq!(output.byte(), Some(1));
    let part = output.part().unwrap();
    assert_eq!(part.id(), "");
    assert_eq!(*part.kind(), Kind::Unknown(String::new()));
    assert_eq!(*part.at(), DateTime::from_secs(0));
    assert_eq!(*part.raw(), Blob::new(""));
    assert!(part.map().is_empty());
}

#[tokio::test]
async fn defaults_are_filled_in_and_sent() {
    use defaults::types::Defaults;

    let fake = Fake::answering(["{}"]);
    let part = Defaults::builder().name("n").double(1.5).build().unwrap();
    let call = defaults::Client::from_conf(fake.config()).invoke();
    let output = call.part(part).send().await.unwrap();
    assert_eq!(output.count(), 0);
    assert_eq!(
        fake.body(),
        json!({"part": {
            "flag": true,
            "byte": -1,
            "short": 2,
            "int": 3,
            "long": 4_000_000_000_u64,
            "float": 0.5,
            "double": 1.5,
            "text": "a \"b\"",
            "empty": "",
            "kind": "b",
            "level": 2,
            "list": [],
            "map": {},
            "none": "",
            "blob": "aGk=",
            "at": 7,
            "before": -0.25,
            "document": [],
            "own": 5,
            "name": "n"
        }})
    );
}

#[tokio::test]
async fn a_response_has_defaults_for_what_is_missing() {
    use defaults::types::{Defaults, Kind, Level};

    let fake = Fake::answering([r#"{"part": {"name": "n", "flag": false, "int": null}}"#]);
    let call = defaults::Client::from_conf(fake.config()).invoke();
    let part = call.send().await.unwrap().part.unwrap();
    assert!(!part.flag());
    assert_eq!(part.int(), 3);
    assert_eq!(*part.kind(), Kind::Bb);
    assert_eq!(*part.level(), Level::Hi);
    assert_eq!(part.null(), None);
    let built = Defaults::builder().name("n").flag(false).build().unwrap();
    assert_eq!(part, built);
}

#[tokio::test]
async fn null_stands_for_the_default_wherever_it_stands() {
    use defaults::types::Defaults;

    let fake = Fake::answering([r#"{"part": {
        "name": "n",
        "flag": false, "flag": null,
        "long": null,
        "text": "t", "text": null,
        "kind": "a", "kind": null,
        "level": null, "level": 7, "level": null,
        "list": ["x"], "list": null,
        "map": {"k": "v"}, "map": null,
        "blob": "", "blob": null,
        "at": 1, "at": null,
        "own": 6, "own": null
    }}"#]);
    let call = defaults::Client::from_conf(fake.config()).invoke();
    let part = call.send().await.unwrap().part.unwrap();
    assert_eq!(part, Defaults::builder().name("n").build().unwrap());
}

#[tokio::test]
async fn an_enum_that_is_null_is_no_value_of_the_model() {
    use structures::types::Kind;

    let fake =
        Fake::answering([r#"{"name": "a", "name": null, "part": {"kind": "b", "kind": null}}"#]);
    let call = structures::Client::from_conf(fake.config()).invoke();
    let part = structures::types::Part::builder()
        .id("")
        .kind(Kind::Aa)
        .at(DateTime::from_secs(0))
        .raw(Blob::new(""))
        .set_map(Some([].into()))
        .build()
        .unwrap();
    let output = call.name("").part(part).send().await.unwrap();
    assert_eq!(output.name(), "");
    assert_eq!(*output.part().unwrap().kind(), Kind::Unknown(String::new()));
}

#[tokio::test]
async fn structures_can_hold_themselves() {
    let body = r#"{
        "node": {
            "name": "a",
            "next": {"name": "b"},
            "children": [{"name": "c"}],
            "named": {"k": {"name": "d", "next": {"name": "e"}}}
        },
        "endless": {"again": {}},
        "left": {"right": {"left": {"right": {"end": "f"}}}}
    }"#;
    let fake = Fake::answering([body, "{}"]);
    let client = recursion::Client::from_conf(fake.config());
    let output = client.invoke().send().await.unwrap();
    assert!(output.endless.unwrap().again().is_some());
    let right = output.left.unwrap().right.unwrap();
    let right = right.as_left().unwrap().right().unwrap();
    assert_eq!(right.as_end(), Ok(&"f".to_owned()));

    let node = output.node.unwrap();
    assert_eq!(node.next().unwrap().name(), Some("b"));
    client.invoke().node(node).send().await.unwrap();
    let [_, sent] = &fake.bodies()[..] else {
        panic!("expected two requests");
    };
    let received: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(sent["node"], received["node"]);
}

#[tokio::test]
async fn constraints_are_checked_wherever_they_stand() {
    use constraints::types::Pick;

    let fake = Fake::answering([]);
    let call = constraints::Client::from_conf(fake.config())
        .invoke()
        .name("a")
        .count(0)
        .ratio(0.4)
        .set_names(Some(["ab", "abc", "abcde"].map(str::to_owned).into()))
        .data(Blob::new(""))
        .map("a", 4)
        .map("ab", 3)
        .pick(Pick::Short("ab".to_owned()));
    let error = call.send().await.unwrap_err();
    assert_eq!(
        error.to_string().split("; ").collect::<Vec<_>>(),
        [
            "Invoke: invalid input: `name` has 1 character, but must have between 2 and 4",
            "`count` is 0, but must be between 1 and 10",
            "`ratio` is 0.4, but must be at least 0.5",
            "`names` has 3 items, but must have at most 2",
            "`names[2]` has 5 characters, but must have between 2 and 4",
            "`data` has 0 bytes, but must have at least 1",
            "`map` has 2 entries, but must have at most 1",
            "`map[\"a\"]` has 1 character, but must have between 2 and 4",
            "`map[\"a\"]` is 4, but must be at most 3",
            "`pick.short` has 2 characters, but must have at most 1",
        ]
    );
}

#[tokio::test]
async fn what_is_deprecated_says_so_and_works() {
    let fake = Fake::answering([r#"{"old": 1, "pick": {"a": "b"}, "kind": "AA"}"#]);
    let client = deprecated::Client::from_conf(fake.config());
    #[expect(deprecated)]
    let output = client.invoke().old("o").send().await.unwrap();
    #[expect(deprecated)]
    let old = output.old();
    assert_eq!(old, 1);
    #[expect(deprecated)]
    let kind = deprecated::types::Kind::Aa;
    assert_eq!(output.kind(), Some(&kind));
    assert_eq!(output.pick().unwrap().as_a(), Ok(&"b".to_owned()));
    assert_eq!(fake.body(), json!({"old": "o"}));
}
