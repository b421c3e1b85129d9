//! Lists and maps.

use compiled_snapshots::fixtures::{lists, maps};
use serde_json::json;

use crate::fake::Fake;

#[tokio::test]
async fn a_sparse_list_keeps_null() {
    let fake = Fake::answering([r#"{"sparse": ["a", null], "holes": [null, {"name": "b"}]}"#]);
    let call = lists::Client::from_conf(fake.config())
        .invoke()
        .sparse(Some("a".to_owned()))
        .sparse(None);
    let output = call.send().await.unwrap();
    assert_eq!(fake.body(), json!({"sparse": ["a", null]}));
    assert_eq!(output.sparse(), [Some("a".to_owned()), None]);
    let [None, Some(part)] = output.holes() else {
        panic!("{:?}", output.holes());
    };
    assert_eq!(part.name(), Some("b"));
}

#[tokio::test]
async fn a_dense_list_drops_null() {
    use lists::types::Kind;

    let fake = Fake::answering([r#"{
        "dense": ["a", null, "b"],
        "numbers": [null, 1],
        "parts": [{}, null],
        "deep": [["a"], null, [null]],
        "kinds": ["a", null, "new"]
    }"#]);
    let call = lists::Client::from_conf(fake.config()).invoke();
    let call = call.dense("x").dense("y").deep(vec!["z".to_owned()]);
    let output = call.send().await.unwrap();
    assert_eq!(fake.body(), json!({"dense": ["x", "y"], "deep": [["z"]]}));
    assert_eq!(output.dense(), ["a", "b"]);
    assert_eq!(output.numbers(), [1]);
    assert_eq!(output.parts().len(), 1);
    assert_eq!(output.deep(), [vec!["a".to_owned()], vec![]]);
    assert_eq!(output.kinds(), [Kind::Aa, Kind::Unknown("new".to_owned())]);
    assert!(output.sparse().is_empty());
}

#[tokio::test]
async fn maps_go_over_the_wire_in_order() {
    use maps::types::Kind;

    let fake = Fake::answering([r#"{
        "dense": {"b": "1", "x": null, "a": "2"},
        "sparse": {"a": null, "b": 1},
        "byKind": {"b": 1, "new": 2},
        "parts": {"p": {"name": "q"}},
        "deepest": {"a": {"a": {"b": {"c": {"d": "e"}}}}}
    }"#]);
    let call = maps::Client::from_conf(fake.config())
        .invoke()
        .dense("y", "1")
        .dense("x", "2")
        .sparse("s", None)
        .by_kind(Kind::Bb, 1)
        .by_kind(Kind::Unknown("new".to_owned()), 2)
        .deep("d", [("e".to_owned(), "f".to_owned())]);
    let output = call.send().await.unwrap();
    assert_eq!(
        fake.request().body(),
        r#"{"dense":{"y":"1","x":"2"},"sparse":{"s":null},"byKind":{"b":1,"new":2},"deep":{"d":{"e":"f"}}}"#
    );
    let dense: Vec<_> = output.dense.into_iter().collect();
    assert_eq!(
        dense,
        [("b", "1"), ("a", "2")].map(|(k, v)| (k.to_owned(), v.to_owned()))
    );
    let sparse = output.sparse.unwrap();
    assert_eq!(sparse.get("a"), Some(&None));
    assert_eq!(sparse.get("b"), Some(&Some(1)));
    let by_kind = output.by_kind.unwrap();
    assert_eq!(by_kind.get(&Kind::Bb), Some(&1));
    assert_eq!(by_kind.get(&Kind::from("new")), Some(&2));
    assert_eq!(output.parts.unwrap().get("p").unwrap().name(), Some("q"));
    let deepest = output.deepest.unwrap();
    let values = deepest.get("a").unwrap().get(&Kind::Aa).unwrap();
    assert_eq!(
        values.get("b").unwrap().get("c").unwrap().get("d").unwrap(),
        "e"
    );
}
