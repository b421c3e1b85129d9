//! A program's own time and waits, and how long credentials are kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use aws_sdk_cloudtrail::config::retry::RetryConfig;
use aws_sdk_cloudtrail::config::{
    BehaviorVersion, Builder, Credentials, IdentityCache, ProvideCredentials, Region,
};
use aws_sdk_cloudtrail::{Client, Config};
use aws_smithy_async::time::{SharedTimeSource, StaticTimeSource};
use aws_smithy_http_client::test_util::{capture_request, infallible_client_fn};
use aws_types::SdkConfig;

use crate::Waits;

/// 2026-01-01T00:00:00Z.
const NOW: u64 = 1_767_225_600;

impl Waits {
    /// Those between attempts; time limits wait for longer.
    fn of_retries(&self) -> usize {
        let waits = self.0.lock().unwrap();
        let short = waits.iter().filter(|wait| wait.as_millis() < 100);
        short.count()
    }
}

fn config() -> Builder {
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("AKID", "secret", None, None, "test"))
        .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(50)))
}

#[tokio::test]
async fn requests_are_signed_for_the_time_of_the_program() {
    let (http_client, request) = capture_request(None);
    let config = config()
        .http_client(http_client)
        .time_source(StaticTimeSource::from_secs(NOW));
    let client = Client::from_conf(config.build());
    assert!(client.config().time_source().is_some());
    client.list_trails().send().await.unwrap();
    let request = request.expect_request();
    let date = request.headers().get("x-amz-date");
    assert_eq!(date, Some("20260101T000000Z"));
}

#[tokio::test]
async fn retries_wait_as_the_program_says() {
    let waits = Waits::default();
    let config = config()
        .http_client(infallible_client_fn(|_| {
            http::Response::builder().status(500).body("{}").unwrap()
        }))
        .sleep_impl(waits.clone());
    let client = Client::from_conf(config.build());
    assert!(client.config().sleep_impl().is_some());
    assert!(client.list_trails().send().await.is_err());
    assert_eq!(waits.of_retries(), 2);
}

#[tokio::test]
async fn both_are_shared_by_the_configuration() {
    let waits = Waits::default();
    let (http_client, request) = capture_request(Some(
        http::Response::builder()
            .status(400)
            .body("{}".into())
            .unwrap(),
    ));
    let sdk_config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .time_source(SharedTimeSource::new(StaticTimeSource::from_secs(NOW)))
        .sleep_impl(waits)
        .http_client(http_client)
        .build();
    let config = Builder::from(&sdk_config)
        .credentials_provider(Credentials::new("AKID", "secret", None, None, "test"))
        .build();
    assert!(config.sleep_impl().is_some());
    let result = Client::from_conf(config).list_trails().send().await;
    assert!(result.is_err());
    let request = request.expect_request();
    let date = request.headers().get("x-amz-date");
    assert_eq!(date, Some("20260101T000000Z"));
}

/// Counts how often it is asked, for credentials that soon expire.
#[derive(Clone, Debug, Default)]
struct Counting(Arc<AtomicUsize>);

impl ProvideCredentials for Counting {
    fn provide_credentials<'a>(
        &'a self,
    ) -> aws_credential_types::provider::future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        self.0.fetch_add(1, Ordering::Relaxed);
        let expiry = SystemTime::now() + Duration::from_secs(300);
        let credentials = Credentials::new("AKID", "secret", None, Some(expiry), "test");
        aws_credential_types::provider::future::ProvideCredentials::ready(Ok(credentials))
    }
}

#[tokio::test]
async fn credentials_are_kept_as_the_program_says() {
    let lazy = || IdentityCache::lazy().load_timeout(Duration::from_secs(5));
    for (cache, loads) in [
        (lazy().build(), 1),
        (lazy().buffer_time(Duration::from_secs(3600)).build(), 2),
        (IdentityCache::no_cache(), 2),
    ] {
        let provider = Counting::default();
        let config = config()
            .credentials_provider(provider.clone())
            .identity_cache(cache)
            .http_client(infallible_client_fn(|_| http::Response::new("{}")));
        let client = Client::from_conf(config.build());
        for _ in 0..2 {
            client.list_trails().send().await.unwrap();
        }
        assert_eq!(provider.0.load(Ordering::Relaxed), loads);
    }
}
