//! What is reported before anything is sent.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::fmt::Debug;

use cloudtrail_sdk::config::{Builder, Region};
use cloudtrail_sdk::error::{ConstructionError, ProvideErrorMetadata, SdkError};
use cloudtrail_sdk::types::{AdvancedEventSelector, AdvancedFieldSelector, ImportSource, Tag};
use cloudtrail_sdk::{Client, Config};
use tests::server::LoopbackServer;

mod support;

/// Why a request could not be made; `server` must not have seen any.
#[track_caller]
fn construction_error<'e, E: Debug>(
    server: &LoopbackServer,
    error: &'e SdkError<E>,
) -> &'e ConstructionError {
    assert_eq!(server.received().len(), 0);
    match error {
        SdkError::ConstructionFailure(failure) => failure.error(),
        error => panic!("{error:?}"),
    }
}

/// The paths of the members for which an input was not sent.
#[track_caller]
fn violating_paths<E: Debug>(server: &LoopbackServer, error: &SdkError<E>) -> Vec<String> {
    match construction_error(server, error) {
        ConstructionError::InvalidInput(violations) => violations
            .iter()
            .map(|violation| violation.split('`').nth(1).unwrap().to_owned())
            .collect(),
        error => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn missing_members_are_reported_all_at_once() {
    let server = LoopbackServer::start().unwrap();
    let error = support::client(&server.url())
        .create_trail()
        .send()
        .await
        .unwrap_err();
    assert_eq!(violating_paths(&server, &error), ["Name", "S3BucketName"]);
    let text = error.to_string();
    assert!(
        text.contains("CreateTrail") && text.contains("Name") && text.contains("S3BucketName"),
        "{text}"
    );
}

#[tokio::test]
async fn a_missing_member_is_reported_with_its_path() {
    let server = LoopbackServer::start().unwrap();
    let import = support::client(&server.url())
        .start_import()
        .import_source(ImportSource::builder().build());
    let error = import.send().await.unwrap_err();
    assert_eq!(violating_paths(&server, &error), ["ImportSource.S3"]);
}

#[tokio::test]
async fn lengths_ranges_and_missing_members_are_reported_together() {
    let select = |values: &[&str]| {
        let field = AdvancedFieldSelector::builder()
            .field("eventCategory")
            .set_equals(Some(
                values.iter().map(|value| (*value).to_owned()).collect(),
            ))
            .build()
            .unwrap();
        AdvancedEventSelector::builder()
            .field_selectors(field)
            .build()
            .unwrap()
    };
    let server = LoopbackServer::start().unwrap();
    let error = support::client(&server.url())
        .create_event_data_store()
        .advanced_event_selectors(select(&["Management"]))
        .advanced_event_selectors(select(&["Data", ""]))
        .retention_period(6)
        .tags_list(Tag::builder().key("k".repeat(129)).build().unwrap())
        .send()
        .await
        .unwrap_err();
    let mut paths = violating_paths(&server, &error);
    paths.sort();
    assert_eq!(
        paths,
        [
            "AdvancedEventSelectors[1].FieldSelectors[0].Equals[1]",
            "Name",
            "RetentionPeriod",
            "TagsList[0].Key"
        ],
    );
}

#[tokio::test]
async fn each_violation_says_what_is_allowed() {
    let server = LoopbackServer::start().unwrap();
    let client = support::client(&server.url());
    let error = client.cancel_query().query_id("1").send().await;
    assert_eq!(
        error.unwrap_err().to_string(),
        "CancelQuery: invalid input: `QueryId` has 1 character, but must have exactly 36"
    );
    let call = client.create_event_data_store().name("ab");
    assert_eq!(
        call.retention_period(6)
            .send()
            .await
            .unwrap_err()
            .to_string(),
        "CreateEventDataStore: invalid input: `Name` has 2 characters, but must have between 3 and \
         128; `RetentionPeriod` is 6, but must be between 7 and 3653"
    );
}

#[tokio::test]
async fn lengths_count_code_points() {
    let add_tag = async |length: usize| {
        let server = LoopbackServer::start().unwrap();
        let tag = Tag::builder()
            .key("\u{1F980}".repeat(length))
            .build()
            .unwrap();
        let result = support::client(&server.url())
            .add_tags()
            .resource_id("trail")
            .tags_list(tag)
            .send()
            .await;
        (server, result)
    };
    let (server, result) = add_tag(128).await;
    result.unwrap();
    assert_eq!(server.only_received().refusals, []);
    let (server, result) = add_tag(129).await;
    assert_eq!(
        violating_paths(&server, &result.unwrap_err()),
        ["TagsList[0].Key"]
    );
}

#[tokio::test]
async fn limits_can_be_left_to_the_service_but_not_missing_members() {
    let server = LoopbackServer::start().unwrap();
    let client = Client::from_conf(support::config(&server.url()).check_limits(false).build());
    let call = || client.create_event_data_store().retention_period(6);
    let error = call().send().await.unwrap_err();
    assert_eq!(violating_paths(&server, &error), ["Name"]);
    let error = call().name("ab").send().await.unwrap_err();
    assert_eq!(
        (error.code(), server.refusals().len()),
        (Some("ValidationException"), 2)
    );
}

#[test]
fn a_structure_without_a_required_member_cannot_be_built() {
    let error = Tag::builder().value("v").build().unwrap_err();
    assert!(error.to_string().contains("key"), "{error}");
}

/// Changes the configuration that would work and calls an operation; nothing must be sent.
async fn misconfigured(change: impl FnOnce(&mut Builder)) -> String {
    let server = LoopbackServer::start().unwrap();
    let mut config = support::config(&server.url());
    change(&mut config);
    let error = Client::from_conf(config.build())
        .list_trails()
        .send()
        .await
        .unwrap_err();
    format!("{:?}", construction_error(&server, &error))
}

#[tokio::test]
async fn each_mistake_of_the_configuration_is_its_own_error() {
    let no_region = misconfigured(|config| {
        config.set_region(None);
    })
    .await;
    assert_eq!(no_region, "MissingRegion([])");
    for region in [
        "",
        "us east 1",
        "us-east-1/",
        "-us",
        "a.example.com:80",
        &"a".repeat(64),
    ] {
        let invalid = misconfigured(|config| {
            config.set_region(Some(Region::new(region.to_owned())));
        })
        .await;
        assert_eq!(invalid, format!("InvalidRegion({region:?})"));
    }
    let no_credentials = misconfigured(|config| {
        config.set_credentials_provider(None);
    })
    .await;
    assert_eq!(no_credentials, "MissingCredentials");
    for url in ["", "example", "ftp://example.com", "http://", "http://a b/"] {
        let invalid = misconfigured(|config| {
            config.set_endpoint_url(Some(url.to_owned()));
        })
        .await;
        assert!(
            invalid.starts_with(&format!("InvalidEndpointUrl({url:?}")),
            "{invalid}"
        );
    }
}

#[tokio::test]
async fn an_empty_configuration_says_what_to_set() {
    let error = Client::from_conf(Config::builder().build())
        .list_trails()
        .send()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("AWS_REGION"), "{error}");
}
