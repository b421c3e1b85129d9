//! Settings that few programs have, and the defaults of tests.

use std::time::Duration;

use aws_sdk_cloudtrail::config::retry::{RetryConfig, RetryPartition, TokenBucket};
use aws_sdk_cloudtrail::config::{BehaviorVersion, Builder, Region, StalledStreamProtectionConfig};
use aws_sdk_cloudtrail::{Client, Config};
use aws_smithy_runtime_api::client::auth::AuthSchemeId;
use tests::protocol::Reply;
use tests::server::LoopbackServer;

const JSON: &str = "application/x-amz-json-1.1";

fn config(server: &LoopbackServer) -> Builder {
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(server.url())
        .http_client(crate::http_client())
        .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)))
}

#[tokio::test]
async fn streams_and_schemes() {
    let server = crate::server();
    let protection = StalledStreamProtectionConfig::enabled()
        .upload_enabled(false)
        .grace_period(Duration::from_secs(10))
        .build();
    assert!(protection.download_enabled());
    assert_eq!(protection.grace_period(), Duration::from_secs(10));
    let config = config(&server)
        .credentials_provider(crate::credentials())
        .stalled_stream_protection(protection)
        .auth_scheme_preference([AuthSchemeId::from("sigv4a"), AuthSchemeId::from("sigv4")]);
    let client = Client::from_conf(config.build());
    client.list_trails().send().await.unwrap();
    assert!(server.only_received().header("authorization").is_some());
}

#[tokio::test]
async fn without_credentials() {
    let server = crate::server();
    let config = config(&server).retry_config(RetryConfig::disabled());
    let client = Client::from_conf(config.clone().build());
    assert!(client.list_trails().send().await.is_err());
    assert!(server.received().is_empty());

    let client = Client::from_conf(config.allow_no_auth().build());
    // The server wants a signature.
    assert!(client.list_trails().send().await.is_err());
    let received = server.only_received();
    assert_eq!(received.header("authorization"), None);
    assert_eq!(received.operation().unwrap().name(), "ListTrails");
}

#[tokio::test]
async fn signed_as_soon_as_there_are_credentials() {
    let server = crate::server();
    let config = config(&server)
        .allow_no_auth()
        .credentials_provider(crate::credentials());
    let client = Client::from_conf(config.build());
    client.list_trails().send().await.unwrap();
    assert!(server.only_received().header("authorization").is_some());
}

#[tokio::test]
async fn clients_that_share_their_retry_tokens() {
    let server = crate::server();
    let tokens = || {
        TokenBucket::builder()
            .capacity(30)
            .timeout_retry_cost(10)
            .throttling_retry_cost(25)
            .build()
    };
    let shared = RetryPartition::custom("audit")
        .token_bucket(tokens())
        .build();
    let other = RetryPartition::custom("other")
        .token_bucket(tokens())
        .build();
    let unlimited = RetryPartition::custom("unlimited")
        .token_bucket(TokenBucket::unlimited())
        .build();
    assert_eq!(shared.to_string(), "audit");

    let later = Reply::raw(503, JSON, "{}");
    let throttled = Reply::raw(400, JSON, r#"{"__type":"ThrottlingException"}"#);
    for (partition, reply, failures, sent) in [
        (&shared, &later, 3, 3),
        // What the calls before have taken is missing.
        (&shared, &throttled, 1, 1),
        (&other, &throttled, 1, 2),
        (&unlimited, &throttled, 2, 3),
    ] {
        let config = config(&server)
            .credentials_provider(crate::credentials())
            .retry_partition(partition.clone());
        let client = Client::from_conf(config.build());
        assert_eq!(client.config().retry_partition(), Some(partition));
        for _ in 0..failures {
            server.reply(reply.clone());
        }
        let before = server.received().len();
        let result = client.list_trails().send().await;
        assert_eq!(server.received().len() - before, sent);
        assert_eq!(result.is_ok(), sent > failures, "{result:?}");
    }
}

#[tokio::test]
async fn test_defaults() {
    let server = crate::server();
    let config = Config::builder()
        .with_test_defaults_v2()
        .endpoint_url(server.url())
        .http_client(crate::http_client())
        .retry_config(RetryConfig::disabled())
        .build();
    assert_eq!(config.region(), Some(&Region::new("us-east-1")));
    let client = Client::from_conf(config);
    // The server takes neither the credentials nor the time.
    assert!(client.list_trails().send().await.is_err());
    let received = server.only_received();
    assert_eq!(received.header("x-amz-date"), Some("20090213T233130Z"));
    let authorization = received.header("authorization").unwrap();
    let scope = "Credential=ANOTREAL/20090213/us-east-1/cloudtrail/aws4_request";
    assert!(authorization.contains(scope), "{authorization}");
}

#[test]
fn test_defaults_leave_the_region_that_is_set() {
    let mut builder = Config::builder().with_test_defaults();
    assert_eq!(builder.clone().build().region(), None);
    builder.set_region(Some(Region::new("eu-west-1")));
    builder.apply_test_defaults().apply_test_defaults_v2();
    assert_eq!(builder.build().region(), Some(&Region::new("eu-west-1")));
}
