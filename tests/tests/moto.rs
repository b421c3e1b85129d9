//! A trail's whole life against moto, a server that nobody here wrote.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use cloudtrail_sdk::error::ProvideErrorMetadata;
use cloudtrail_sdk::types::{
    DataResource, EventSelector, InsightSelector, InsightType, ReadWriteType, Tag,
};
use cloudtrail_sdk::{Client, Error};
use tests::python::{self, Server};

mod support;

const MOTO: &str = "moto[server]==5.2.5";
const BUCKET: &str = "trail-logs";
const NAME: &str = "whole-life";

fn start_moto() -> Server {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("moto");
    let programs = python::install(MOTO, &directory).unwrap();
    Server::start(Command::new(programs.join("moto_server")).args(["-H", "127.0.0.1", "-p", "0"]))
        .unwrap()
}

/// Makes the bucket that a trail needs; moto takes the request without a signature.
fn create_bucket(moto: &Server) {
    let authority = moto.url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(authority).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    write!(stream, "PUT /{BUCKET} HTTP/1.1\r\nhost: {authority}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build().unwrap()
}

#[tokio::test]
async fn a_trail_lives_from_creation_to_deletion() {
    let moto = start_moto();
    create_bucket(&moto);
    let client = support::client(moto.url());

    a_trail_needs_a_bucket(&client).await;
    let arn = create(&client).await;
    describe(&client, &arn).await;
    log(&client).await;
    select_events(&client, &arn).await;
    select_insights(&client, &arn).await;
    tag_and_untag(&client, &arn).await;
    update(&client, &arn).await;
    delete(&client, &arn).await;
    an_operation_that_moto_lacks_keeps_its_html(&client).await;
}

async fn a_trail_needs_a_bucket(client: &Client) {
    let create = client
        .create_trail()
        .name(NAME)
        .s3_bucket_name("no-such-bucket");
    let error = create.send().await.unwrap_err();
    assert_eq!(error.code(), Some("S3BucketDoesNotExistException"));
    assert!(
        error
            .into_service_error()
            .is_s3_bucket_does_not_exist_exception()
    );
}

async fn create(client: &Client) -> String {
    let created = client
        .create_trail()
        .name(NAME)
        .s3_bucket_name(BUCKET)
        .s3_key_prefix("prefix")
        .is_multi_region_trail(true)
        .enable_log_file_validation(true)
        .tags_list(tag("team", "audit"))
        .send()
        .await
        .unwrap();
    assert_eq!(
        (created.name(), created.s3_bucket_name()),
        (Some(NAME), Some(BUCKET))
    );
    assert_eq!(
        (created.s3_key_prefix(), created.sns_topic_arn()),
        (Some("prefix"), None)
    );
    assert_eq!(
        (
            created.is_multi_region_trail(),
            created.log_file_validation_enabled()
        ),
        (Some(true), Some(true))
    );
    let arn = created.trail_arn().unwrap();
    assert!(arn.ends_with(&format!(":trail/{NAME}")), "{arn}");
    arn.to_owned()
}

async fn describe(client: &Client, arn: &str) {
    let described = client.describe_trails().send().await.unwrap();
    let [trail] = described.trail_list() else {
        panic!("{described:?}")
    };
    assert_eq!((trail.name(), trail.trail_arn()), (Some(NAME), Some(arn)));
    assert_eq!(
        (trail.home_region(), trail.kms_key_id()),
        (Some("us-east-1"), None)
    );

    let got = client.get_trail().name(NAME).send().await.unwrap();
    let trail = got.trail().unwrap();
    assert_eq!((trail.name(), trail.trail_arn()), (Some(NAME), Some(arn)));

    let listed = client
        .list_trails()
        .into_paginator()
        .items()
        .send()
        .try_collect()
        .await
        .unwrap();
    let [info] = &listed[..] else {
        panic!("{listed:?}")
    };
    assert_eq!(
        (info.name(), info.trail_arn(), info.home_region()),
        (Some(NAME), Some(arn), Some("us-east-1"))
    );
}

async fn log(client: &Client) {
    let status = async || client.get_trail_status().name(NAME).send().await.unwrap();
    let before = status().await;
    assert_eq!(
        (before.is_logging(), before.start_logging_time()),
        (Some(false), None)
    );

    client.start_logging().name(NAME).send().await.unwrap();
    let during = status().await;
    assert_eq!(
        (during.is_logging(), during.stop_logging_time()),
        (Some(true), None)
    );
    assert!(during.start_logging_time().is_some());

    client.stop_logging().name(NAME).send().await.unwrap();
    let after = status().await;
    assert_eq!(after.is_logging(), Some(false));
    assert!(after.stop_logging_time() >= during.start_logging_time());
}

async fn select_events(client: &Client, arn: &str) {
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
    let put = client
        .put_event_selectors()
        .trail_name(NAME)
        .event_selectors(selector.clone());
    assert_eq!(
        put.send().await.unwrap().event_selectors(),
        std::slice::from_ref(&selector)
    );

    let got = client
        .get_event_selectors()
        .trail_name(NAME)
        .send()
        .await
        .unwrap();
    assert_eq!(
        (got.trail_arn(), got.event_selectors()),
        (Some(arn), &[selector][..])
    );
    assert!(got.advanced_event_selectors().is_empty());
}

async fn select_insights(client: &Client, arn: &str) {
    let selector = InsightSelector::builder()
        .insight_type(InsightType::ApiCallRateInsight)
        .build();
    let put = client
        .put_insight_selectors()
        .trail_name(NAME)
        .insight_selectors(selector.clone());
    assert_eq!(
        put.send().await.unwrap().insight_selectors(),
        std::slice::from_ref(&selector)
    );

    let got = client
        .get_insight_selectors()
        .trail_name(NAME)
        .send()
        .await
        .unwrap();
    assert_eq!(
        (got.trail_arn(), got.insight_selectors()),
        (Some(arn), &[selector][..])
    );
}

async fn tag_and_untag(client: &Client, arn: &str) {
    let tags = async || {
        let listed = client
            .list_tags()
            .resource_id_list(arn)
            .send()
            .await
            .unwrap();
        let [resource] = listed.resource_tag_list() else {
            panic!("{listed:?}")
        };
        assert_eq!(resource.resource_id(), Some(arn));
        resource.tags_list().to_vec()
    };
    assert_eq!(tags().await, [tag("team", "audit")]);
    client
        .add_tags()
        .resource_id(arn)
        .tags_list(tag("stage", "test \u{fc}"))
        .send()
        .await
        .unwrap();
    assert_eq!(
        tags().await,
        [tag("team", "audit"), tag("stage", "test \u{fc}")]
    );
    client
        .remove_tags()
        .resource_id(arn)
        .tags_list(tag("team", "audit"))
        .send()
        .await
        .unwrap();
    assert_eq!(tags().await, [tag("stage", "test \u{fc}")]);
}

async fn update(client: &Client, arn: &str) {
    let update = client
        .update_trail()
        .name(NAME)
        .s3_key_prefix("other")
        .is_multi_region_trail(false);
    let updated = update.send().await.unwrap();
    assert_eq!(
        (updated.trail_arn(), updated.s3_key_prefix()),
        (Some(arn), Some("other"))
    );
    let got = client.get_trail().name(NAME).send().await.unwrap();
    let trail = got.trail().unwrap();
    assert_eq!(
        (trail.s3_key_prefix(), trail.is_multi_region_trail()),
        (Some("other"), Some(false))
    );
}

async fn delete(client: &Client, arn: &str) {
    client.delete_trail().name(NAME).send().await.unwrap();
    let error = client
        .get_trail_status()
        .name(arn)
        .send()
        .await
        .unwrap_err();
    let Error::TrailNotFoundException(error) = error.into_service_error() else {
        panic!("another error")
    };
    assert!(
        error.message().is_some_and(|message| message.contains(arn)),
        "{error}"
    );
    assert!(
        client
            .describe_trails()
            .send()
            .await
            .unwrap()
            .trail_list()
            .is_empty()
    );
}

async fn an_operation_that_moto_lacks_keeps_its_html(client: &Client) {
    let error = client.list_channels().send().await.unwrap_err();
    let response = error.raw_response().unwrap();
    assert_eq!(response.status().as_u16(), 500);
    assert!(
        response
            .body()
            .bytes()
            .unwrap()
            .starts_with(b"<!doctype html>"),
        "{error}"
    );
}
