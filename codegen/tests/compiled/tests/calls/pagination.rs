//! Page after page.

use compiled_snapshots::error::BoxError;
use compiled_snapshots::fixtures::{overlays, pagination};
use serde_json::json;

use crate::fake::Fake;

#[tokio::test]
async fn tokens_and_items_can_be_nested() -> Result<(), BoxError> {
    let fake = Fake::answering([
        r#"{"page": {"next": "2", "items": [{"name": "a"}, {"name": "b"}]}}"#,
        r#"{"page": {"next": "3"}}"#,
        r#"{"page": {"items": [{"name": "c"}]}}"#,
    ]);
    let client = pagination::Client::from_conf(fake.config());
    let pages = client.list_items().into_paginator().page_size(2);
    let items: Vec<_> = pages.items().send().try_collect().await?;
    let names: Vec<&str> = items.iter().map(|item| item.name()).collect();
    assert_eq!(names, ["a", "b", "c"]);
    assert_eq!(
        fake.bodies(),
        [
            json!({"size": 2}),
            json!({"size": 2, "token": "2"}),
            json!({"size": 2, "token": "3"})
        ]
    );
    Ok(())
}

#[tokio::test]
async fn items_can_be_a_map() -> Result<(), BoxError> {
    let fake = Fake::answering([
        r#"{"next": "2", "map": {"a": 1, "b": 2}}"#,
        r#"{"next": "", "map": {"a": 3}}"#,
    ]);
    let pages = pagination::Client::from_conf(fake.config())
        .list_counts()
        .size(9);
    let entries: Vec<(String, i32)> = pages.into_paginator().items().send().try_collect().await?;
    let expected = [("a", 1), ("b", 2), ("a", 3)];
    assert_eq!(
        entries,
        expected.map(|(key, value)| (key.to_owned(), value))
    );
    assert_eq!(fake.bodies()[1], json!({"next": "2", "size": 9}));
    Ok(())
}

#[tokio::test]
async fn a_token_can_be_a_map_and_items_need_not_be() -> Result<(), BoxError> {
    let fake = Fake::answering([r#"{"next": {"k": 1}}"#, r#"{"next": {}}"#]);
    let pages = pagination::Client::from_conf(fake.config()).list_by_map_token();
    let pages: Vec<_> = pages.into_paginator().send().try_collect().await?;
    assert_eq!(pages.len(), 2);
    assert_eq!(fake.bodies(), [json!({}), json!({"next": {"k": 1}})]);
    Ok(())
}

#[tokio::test]
async fn an_overlay_can_say_how_to_paginate() -> Result<(), BoxError> {
    let fake = Fake::answering([r#"{"token": "2", "items": ["a"]}"#, r#"{"items": ["b"]}"#]);
    let pages = overlays::Client::from_conf(fake.config()).invoke();
    let items: Vec<String> = pages.into_paginator().items().send().try_collect().await?;
    assert_eq!(items, ["a", "b"]);
    Ok(())
}
