//! Requests: builders of nested structures, setters that take options, getters.

use aws_sdk_cloudtrail::error::BuildError;
use aws_sdk_cloudtrail::operation::create_event_data_store::CreateEventDataStoreInput;
use aws_sdk_cloudtrail::operation::create_trail::builders::{
    CreateTrailFluentBuilder, CreateTrailInputBuilder,
};
use aws_sdk_cloudtrail::operation::put_event_selectors::PutEventSelectorsInput;
use aws_sdk_cloudtrail::types::builders::TagBuilder;
use aws_sdk_cloudtrail::types::{
    AdvancedEventSelector, AdvancedFieldSelector, BillingMode, Destination, DestinationType,
    InsightSelector, InsightType, RefreshSchedule, RefreshScheduleFrequency,
    RefreshScheduleFrequencyUnit, RequestWidget, Tag,
};
use aws_sdk_cloudtrail::{Client, Error};
use serde_json::json;

fn tag(key: &str, value: Option<&str>) -> Result<Tag, BuildError> {
    let builder: TagBuilder = Tag::builder().key(key);
    builder.set_value(value.map(Into::into)).build()
}

fn data_events_of(kind: &str) -> AdvancedEventSelector {
    let equals = |field: &str, value: &str| {
        AdvancedFieldSelector::builder()
            .field(field)
            .equals(value)
            .build()
            .expect("a field is set")
    };
    AdvancedEventSelector::builder()
        .name(format!("events of {kind}"))
        .field_selectors(equals("eventCategory", "Data"))
        .field_selectors(equals("resources.type", kind))
        .field_selectors(
            AdvancedFieldSelector::builder()
                .field("resources.ARN")
                .set_not_starts_with(Some(vec!["arn:aws:s3:::logs/".into()]))
                .build()
                .unwrap(),
        )
        .build()
        .unwrap()
}

fn create(client: &Client, name: &str, key: Option<String>) -> CreateTrailFluentBuilder {
    client
        .create_trail()
        .name(name)
        .s3_bucket_name("logs")
        .set_kms_key_id(key)
        .set_s3_key_prefix(None)
        .set_tags_list(Some(vec![
            tag("team", Some("audit")).unwrap(),
            tag("temporary", None).unwrap(),
        ]))
        .tags_list(Tag::builder().key("one more").build().unwrap())
}

#[tokio::test]
async fn what_is_set_is_sent() -> Result<(), Error> {
    let server = crate::server();
    let client = crate::client(&server);
    let request = create(&client, "audit", Some("alias/trails".to_string()));
    assert_eq!(request.get_name().as_deref(), Some("audit"));
    assert_eq!(request.get_tags_list().as_ref().map(Vec::len), Some(3));
    assert!(request.get_s3_key_prefix().is_none());
    assert!(request.as_input().get_kms_key_id().is_some());
    request.send().await?;

    client
        .put_event_selectors()
        .trail_name("audit")
        .advanced_event_selectors(data_events_of("AWS::S3::Object"))
        .send()
        .await?;

    client
        .put_insight_selectors()
        .trail_name("audit")
        .insight_selectors(
            InsightSelector::builder()
                .insight_type(InsightType::ApiCallRateInsight)
                .build(),
        )
        .send()
        .await?;

    client
        .create_dashboard()
        .name("changes")
        .refresh_schedule(
            RefreshSchedule::builder()
                .frequency(
                    RefreshScheduleFrequency::builder()
                        .unit(RefreshScheduleFrequencyUnit::Hours)
                        .value(6)
                        .build(),
                )
                .build(),
        )
        .widgets(
            RequestWidget::builder()
                .query_statement("SELECT eventName FROM x")
                .query_parameters("$StartTime$")
                .view_properties("Width", "100")
                .build()
                .unwrap(),
        )
        .send()
        .await?;

    client
        .create_channel()
        .name("partner")
        .source("Custom")
        .destinations(
            Destination::builder()
                .r#type(DestinationType::EventDataStore)
                .location("arn:aws:cloudtrail:us-east-1:123456789012:eventdatastore/x")
                .build()
                .unwrap(),
        )
        .send()
        .await?;

    let sent: Vec<_> = server
        .received()
        .iter()
        .map(|request| request.json())
        .collect();
    assert_eq!(
        sent[0],
        json!({
            "Name": "audit", "S3BucketName": "logs", "KmsKeyId": "alias/trails",
            "TagsList": [
                { "Key": "team", "Value": "audit" }, { "Key": "temporary" }, { "Key": "one more" },
            ],
        })
    );
    let fields = &sent[1]["AdvancedEventSelectors"][0]["FieldSelectors"];
    assert_eq!(fields[2]["NotStartsWith"], json!(["arn:aws:s3:::logs/"]));
    assert_eq!(
        sent[2]["InsightSelectors"],
        json!([{ "InsightType": "ApiCallRateInsight" }])
    );
    assert_eq!(
        sent[3]["RefreshSchedule"]["Frequency"],
        json!({ "Unit": "HOURS", "Value": 6 })
    );
    assert_eq!(
        sent[3]["Widgets"][0]["ViewProperties"],
        json!({ "Width": "100" })
    );
    assert_eq!(sent[4]["Destinations"][0]["Type"], "EVENT_DATA_STORE");
    assert!(server.refusals().is_empty());
    Ok(())
}

#[tokio::test]
async fn inputs_without_a_client() -> Result<(), Error> {
    let server = crate::server();
    let client = crate::client(&server);
    let builder: CreateTrailInputBuilder = CreateTrailInputBuilder::default();
    builder
        .name("audit")
        .s3_bucket_name("logs")
        .send_with(&client)
        .await?;
    assert_eq!(server.only_received().json()["Name"], "audit");

    let input = CreateEventDataStoreInput::builder()
        .name("events")
        .billing_mode(BillingMode::ExtendableRetentionPricing)
        .retention_period(366)
        .build()
        .unwrap();
    assert_eq!(input.name(), Some("events"));
    assert_eq!(input.retention_period(), Some(366));
    assert_eq!(
        input.billing_mode(),
        Some(&BillingMode::ExtendableRetentionPricing)
    );
    assert!(input.advanced_event_selectors().is_empty());
    let input: PutEventSelectorsInput = PutEventSelectorsInput::builder().build().unwrap();
    assert_eq!(input, input.clone());
    Ok(())
}

#[test]
fn what_is_missing_is_told() {
    let error = Tag::builder().value("v").build().unwrap_err();
    assert!(error.to_string().contains("key"), "{error}");
    let error: Box<dyn std::error::Error + Send + Sync> = error.into();
    assert!(!error.to_string().is_empty());
}
