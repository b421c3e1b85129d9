//! A program as people write it against `aws-sdk-cloudtrail`; only the crate's name is another.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use aws_sdk_cloudtrail::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_cloudtrail::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_cloudtrail::operation::RequestId;
use aws_sdk_cloudtrail::operation::create_trail::{CreateTrailError, CreateTrailOutput};
use aws_sdk_cloudtrail::operation::get_query_results::GetQueryResultsOutput;
use aws_sdk_cloudtrail::primitives::{DateTime, DateTimeFormat};
use aws_sdk_cloudtrail::types::error::TrailNotFoundException;
use aws_sdk_cloudtrail::types::{
    DataResource, Event, EventSelector, LookupAttribute, LookupAttributeKey, QueryStatus,
    ReadWriteType, Tag, Trail,
};
use aws_sdk_cloudtrail::{Client, Config, Error};
use cloudtrail_sdk as aws_sdk_cloudtrail;
use serde_json::json;
use tests::demo::Account;
use tests::protocol::Reply;
use tests::server::LoopbackServer;

use std::sync::Mutex;

fn client(url: &str) -> Client {
    let credentials = Credentials::new(
        "AKID",
        "loopback-secret",
        Some("loopback-token".to_string()),
        None,
        "test",
    );
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(credentials)
        .endpoint_url(url)
        .build();
    Client::from_conf(config)
}

/// A server with a small account behind it.
fn account() -> LoopbackServer {
    let account = Mutex::new(Account::new());
    LoopbackServer::start_with(move |request| account.lock().unwrap().answer(request)).unwrap()
}

async fn create_trail(
    client: &Client,
    name: &str,
) -> Result<CreateTrailOutput, SdkError<CreateTrailError>> {
    client
        .create_trail()
        .name(name)
        .s3_bucket_name("logs")
        .is_multi_region_trail(true)
        .enable_log_file_validation(true)
        .tags_list(
            Tag::builder()
                .key("team")
                .value("audit")
                .build()
                .expect("a key is set"),
        )
        .send()
        .await
}

#[tokio::test]
async fn trails() -> Result<(), Error> {
    let server = account();
    let client = client(&server.url());
    let created = create_trail(&client, "audit").await?;
    assert_eq!(created.name(), Some("audit"));
    assert_eq!(created.log_file_validation_enabled(), Some(true));
    assert!(created.request_id().is_some());
    let arn = created.trail_arn().unwrap_or_default();

    client.start_logging().name(arn).send().await?;
    let status = client.get_trail_status().name(arn).send().await?;
    assert_eq!(status.is_logging, Some(true));

    let selector = EventSelector::builder()
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
        .event_selectors(selector)
        .send()
        .await?;

    let described = client
        .describe_trails()
        .trail_name_list("audit")
        .send()
        .await?;
    for trail in described.trail_list() {
        assert_eq!(trail.home_region(), Some("us-east-1"));
    }
    let trails: Vec<Trail> = described.trail_list.unwrap_or_default();
    assert_eq!(trails.len(), 1);

    let mut names = Vec::new();
    let mut pages = client.list_trails().into_paginator().send();
    while let Some(page) = pages.next().await {
        names.extend(
            page?
                .trails()
                .iter()
                .filter_map(|trail| trail.name().map(str::to_string)),
        );
    }
    assert_eq!(names, ["audit"]);
    client.delete_trail().name("audit").send().await?;
    Ok(())
}

#[tokio::test]
async fn errors() {
    let server = account();
    let client = client(&server.url());
    create_trail(&client, "audit").await.unwrap();
    match create_trail(&client, "audit").await {
        Err(SdkError::ServiceError(context)) => {
            assert_eq!(context.raw().status().as_u16(), 400);
            assert!(context.err().is_trail_already_exists_exception());
            match context.into_err() {
                CreateTrailError::TrailAlreadyExistsException(error) => {
                    assert_eq!(error.message(), Some("Trail \"audit\" already exists"));
                }
                error => panic!("{error}"),
            }
        }
        result => panic!("{result:?}"),
    }

    let error = client.get_trail().name("other").send().await.unwrap_err();
    assert_eq!(error.code(), Some("TrailNotFoundException"));
    assert!(
        DisplayErrorContext(&error)
            .to_string()
            .contains("Unknown trail")
    );
    let error = error.into_service_error();
    assert!(error.is_trail_not_found_exception());
    assert_eq!(error.meta().message(), Some("Unknown trail: \"other\""));

    let error: Error = client
        .delete_trail()
        .name("other")
        .send()
        .await
        .unwrap_err()
        .into();
    let not_found: Option<TrailNotFoundException> = match error {
        Error::TrailNotFoundException(inner) => Some(inner),
        _ => None,
    };
    assert!(not_found.is_some());
}

#[tokio::test]
async fn events() -> Result<(), Error> {
    let server = account();
    let client = client(&server.url());
    let attribute = LookupAttribute::builder()
        .attribute_key(LookupAttributeKey::EventSource)
        .attribute_value("s3.amazonaws.com")
        .build()
        .expect("key and value are set");
    let start =
        DateTime::from_str("2026-01-01T00:00:00Z", DateTimeFormat::DateTime).expect("a valid time");
    let found = client
        .lookup_events()
        .lookup_attributes(attribute)
        .start_time(start)
        .send()
        .await?;
    assert_eq!(
        found.events().first().and_then(Event::event_name),
        Some("CreateBucket")
    );

    let mut events = client
        .lookup_events()
        .into_paginator()
        .page_size(2)
        .items()
        .send();
    let mut names = Vec::new();
    while let Some(event) = events.next().await {
        let event = event?;
        assert!(
            event
                .event_time()
                .is_some_and(|time| time.secs() > start.secs())
        );
        for resource in event.resources() {
            assert!(
                resource
                    .resource_type()
                    .is_some_and(|kind| kind.starts_with("AWS::"))
            );
        }
        names.push(event.event_name.unwrap_or_default());
    }
    assert_eq!(names, ["ConsoleLogin", "RunInstances", "CreateBucket"]);

    let items = client.lookup_events().into_paginator().items().send();
    let events = items.collect::<Result<Vec<_>, _>>().await?;
    let pages = client
        .lookup_events()
        .into_paginator()
        .send()
        .try_collect()
        .await?;
    assert_eq!(events, pages[0].events());
    Ok(())
}

#[tokio::test]
async fn query_results() {
    let server = LoopbackServer::start().unwrap();
    server.reply(Reply::Output(json!({
        "QueryStatus": "FINISHED",
        "QueryStatistics": { "ResultsCount": 2, "TotalResultsCount": 2, "BytesScanned": 5_000_000_000_u64 },
        "QueryResultRows": [
            [{ "eventName": "PutObject" }, { "calls": "3" }],
            [{ "eventName": "GetObject" }, { "calls": "1" }],
        ],
    })));
    let output: GetQueryResultsOutput = client(&server.url())
        .get_query_results()
        .query_id("00000000-0000-4000-8000-000000000000")
        .max_query_results(1000)
        .send()
        .await
        .unwrap();
    assert_eq!(output.query_status(), Some(&QueryStatus::Finished));
    assert_eq!(
        output
            .query_statistics()
            .and_then(|statistics| statistics.bytes_scanned()),
        Some(5_000_000_000)
    );
    let mut cells = Vec::new();
    for row in output.query_result_rows() {
        for column in row {
            for (name, value) in column {
                cells.push(format!("{name}={value}"));
            }
        }
    }
    assert_eq!(
        cells,
        [
            "eventName=PutObject",
            "calls=3",
            "eventName=GetObject",
            "calls=1"
        ]
    );
    assert_eq!(
        output.query_result_rows()[0][1]
            .get("calls")
            .map(String::as_str),
        Some("3")
    );
}
