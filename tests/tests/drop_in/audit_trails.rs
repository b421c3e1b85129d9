//! Looks at every trail of an account: does it log, what, and is it protected?

use aws_sdk_cloudtrail::operation::get_event_selectors::GetEventSelectorsOutput;
use aws_sdk_cloudtrail::types::{
    AdvancedEventSelector, AdvancedFieldSelector, DataResource, EventSelector, ReadWriteType, Tag,
    Trail, TrailInfo,
};
use aws_sdk_cloudtrail::{Client, Error};
use serde_json::json;
use tests::protocol::Reply;

#[derive(Debug, PartialEq)]
struct Finding {
    trail: String,
    problem: String,
}

async fn audit(client: &Client) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    let mut trails = client.list_trails().into_paginator().items().send();
    while let Some(info) = trails.next().await {
        let info: TrailInfo = info?;
        let Some(arn) = info.trail_arn() else {
            continue;
        };
        let output = client.get_trail().name(arn).send().await?;
        let trail: &Trail = output.trail().expect("the service returns the trail");
        let mut find = |problem: &str| {
            findings.push(Finding {
                trail: trail.name().unwrap_or("?").to_owned(),
                problem: problem.to_owned(),
            });
        };
        if !trail.is_multi_region_trail().unwrap_or(false) {
            find("covers one Region only");
        }
        if trail.log_file_validation_enabled() != Some(true) {
            find("writes no digests");
        }
        if trail.kms_key_id.is_none() {
            find("is not encrypted with a key of ours");
        }
        let status = client.get_trail_status().name(arn).send().await?;
        if status.is_logging() == Some(false) {
            find("does not log");
        }
        let selectors = client.get_event_selectors().trail_name(arn).send().await?;
        if !logs_writes(&selectors) {
            find("misses changes");
        }
    }
    Ok(findings)
}

fn logs_writes(selectors: &GetEventSelectorsOutput) -> bool {
    let basic = selectors.event_selectors().iter().any(|selector| {
        selector.include_management_events() == Some(true)
            && matches!(
                selector.read_write_type(),
                Some(ReadWriteType::All | ReadWriteType::WriteOnly)
            )
    });
    let is_management = |field: &AdvancedFieldSelector| {
        field.field() == "eventCategory" && field.equals().contains(&"Management".to_string())
    };
    basic
        || selectors
            .advanced_event_selectors()
            .iter()
            .any(|selector| selector.field_selectors().iter().any(is_management))
}

#[tokio::test]
async fn audits_all_trails() -> Result<(), Error> {
    let server = crate::account();
    let client = crate::client(&server);
    for (name, is_multi_region) in [("audit", true), ("old", false)] {
        let created = client
            .create_trail()
            .name(name)
            .s3_bucket_name("logs")
            .is_multi_region_trail(is_multi_region)
            .enable_log_file_validation(is_multi_region)
            .set_kms_key_id(is_multi_region.then(|| "alias/trails".to_owned()))
            .tags_list(Tag::builder().key("team").value("audit").build().unwrap())
            .send()
            .await?;
        assert_eq!(created.name(), Some(name));
    }
    client.start_logging().name("audit").send().await?;

    let writes = EventSelector::builder()
        .read_write_type(ReadWriteType::WriteOnly)
        .include_management_events(true)
        .data_resources(
            DataResource::builder()
                .r#type("AWS::S3::Object")
                .values("arn:aws:s3")
                .build(),
        )
        .build();
    client
        .put_event_selectors()
        .trail_name("audit")
        .event_selectors(writes)
        .send()
        .await?;

    let findings = audit(&client).await?;
    let old = |problem: &str| Finding {
        trail: "old".to_owned(),
        problem: problem.to_owned(),
    };
    assert_eq!(
        findings,
        [
            old("covers one Region only"),
            old("writes no digests"),
            old("is not encrypted with a key of ours"),
            old("does not log"),
        ]
    );
    Ok(())
}

#[tokio::test]
async fn reads_selectors_of_both_kinds() -> Result<(), Error> {
    let server = crate::server();
    let client = crate::client(&server);
    server.reply(Reply::Output(json!({
        "TrailARN": "arn:aws:cloudtrail:us-east-1:123456789012:trail/audit",
        "EventSelectors": [{ "ReadWriteType": "ReadOnly", "IncludeManagementEvents": true }],
    })));
    server.reply(Reply::Output(json!({
        "AdvancedEventSelectors": [{
            "Name": "changes",
            "FieldSelectors": [{ "Field": "eventCategory", "Equals": ["Management"] }],
        }],
    })));
    let basic = client
        .get_event_selectors()
        .trail_name("audit")
        .send()
        .await?;
    assert!(!logs_writes(&basic));
    let advanced = client
        .get_event_selectors()
        .trail_name("audit")
        .send()
        .await?;
    assert!(logs_writes(&advanced));
    let first: Option<&AdvancedEventSelector> = advanced.advanced_event_selectors().first();
    assert_eq!(first.and_then(|selector| selector.name()), Some("changes"));
    Ok(())
}
