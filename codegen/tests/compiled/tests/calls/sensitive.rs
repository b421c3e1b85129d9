//! What must not be shown is not shown.

use std::fmt::Debug;

use compiled_snapshots::fixtures::sensitive::Client;
use compiled_snapshots::fixtures::sensitive::types::{Choice, Kind, PartlySecret, Secret};

use crate::fake::Fake;

fn assert_hides(value: &impl Debug) {
    let text = format!("{value:?}");
    assert!(!text.contains("SECRET"), "{text}");
    assert!(text.contains("redacted"), "{text}");
}

#[tokio::test]
async fn secrets_are_sent_and_received_but_not_shown() {
    let fake = Fake::answering([r#"{
        "user": "u",
        "code": "SECRET",
        "secret": {"key": "SECRET"},
        "open": {"id": "i", "code": "SECRET"},
        "byCode": {"k": "SECRET"}
    }"#]);
    let call = Client::from_conf(fake.config())
        .invoke()
        .user("u")
        .token("SECRET")
        .code("SECRET")
        .codes("SECRET")
        .secret(Secret::builder().key("SECRET").build())
        .choice(Choice::Word("SECRET".to_owned()))
        .kind(Kind::from("SECRET"));
    assert_hides(&call);
    assert_hides(call.as_input());
    assert!(format!("{:?}", call.as_input()).contains(r#"user: Some("u")"#));
    let output = call.send().await.unwrap();
    let sent = String::from_utf8(fake.request().body().to_vec()).unwrap();
    assert_eq!(sent.matches("SECRET").count(), 6);

    assert_hides(&output);
    assert_eq!(output.code(), "SECRET");
    assert_eq!(output.by_code().unwrap().get("k").unwrap(), "SECRET");
    let open = output.open().unwrap();
    assert_hides(open);
    assert!(format!("{open:?}").contains(r#"id: "i""#));
}

#[test]
fn every_type_hides_its_own_secrets() {
    assert_hides(&Secret::builder().key("SECRET").build());
    assert_hides(&Secret::builder().key("SECRET"));
    assert_hides(&PartlySecret::builder().id("i").code("SECRET"));
    assert_hides(&Choice::Word("SECRET".to_owned()));
    assert_hides(&Kind::from("SECRET"));
}
