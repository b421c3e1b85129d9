//! A client whose configuration is all in code, and changes for single calls.

use std::time::Duration;

use aws_sdk_cloudtrail::config::http::HttpRequest;
use aws_sdk_cloudtrail::config::retry::{RetryConfig, RetryMode};
use aws_sdk_cloudtrail::config::timeout::{TimeoutConfig, TimeoutConfigBuilder};
use aws_sdk_cloudtrail::config::{
    AppName, BehaviorVersion, Builder, Credentials, ProvideCredentials, Region,
    SharedCredentialsProvider, StalledStreamProtectionConfig,
};
use aws_sdk_cloudtrail::error::SdkError;
use aws_sdk_cloudtrail::{Client, Config, Error};
use tests::protocol::Reply;

const JSON: &str = "application/x-amz-json-1.1";

/// Gets its credentials from somewhere, as people's own providers do.
#[derive(Debug)]
struct Vault;

impl ProvideCredentials for Vault {
    fn provide_credentials<'a>(
        &'a self,
    ) -> aws_credential_types::provider::future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let credentials: Credentials = crate::credentials();
        aws_credential_types::provider::future::ProvideCredentials::ready(Ok(credentials))
    }
}

fn timeouts() -> TimeoutConfigBuilder {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .read_timeout(Duration::from_secs(20))
        .operation_attempt_timeout(Duration::from_secs(20))
        .operation_timeout(Duration::from_secs(60))
}

fn everything(url: &str) -> Builder {
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(Vault))
        .endpoint_url(url)
        .http_client(crate::http_client())
        .retry_config(
            RetryConfig::standard()
                .with_max_attempts(3)
                .with_initial_backoff(Duration::from_millis(1))
                .with_max_backoff(Duration::from_millis(2)),
        )
        .timeout_config(timeouts().build())
        .app_name(AppName::new("auditor").expect("a valid name"))
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .use_fips(false)
        .use_dual_stack(false)
}

#[tokio::test]
async fn all_in_code() -> Result<(), Error> {
    let server = crate::server();
    let client = Client::from_conf(everything(&server.url()).build());
    let retries = client.config().retry_config().expect("it is set");
    assert_eq!(retries.max_attempts(), 3);
    assert_eq!(retries.mode(), RetryMode::Standard);
    let region = client.config().region().expect("it is set");
    assert_eq!(region.to_string(), "us-east-1");

    server.reply(Reply::raw(503, "text/html", "<h1>Service Unavailable</h1>"));
    server.reply(Reply::raw(400, JSON, r#"{"__type":"ThrottlingException"}"#));
    client.list_trails().send().await?;
    let received = server.received();
    assert_eq!(received.len(), 3);
    let user_agent = received[0].header("user-agent").unwrap_or_default();
    assert!(user_agent.contains("app/auditor"), "{user_agent}");
    Ok(())
}

#[tokio::test]
async fn by_setters_that_take_options() -> Result<(), Error> {
    let server = crate::server();
    let mut builder = Builder::new();
    builder
        .set_behavior_version(Some(BehaviorVersion::latest()))
        .set_region(Some(Region::from_static("us-east-1")))
        .set_credentials_provider(Some(SharedCredentialsProvider::new(crate::credentials())))
        .set_endpoint_url(Some(server.url()))
        .set_http_client(Some(crate::http_client()))
        .set_retry_config(Some(RetryConfig::disabled()))
        .set_timeout_config(Some(TimeoutConfig::disabled()))
        .set_app_name(None)
        .set_use_fips(None)
        .set_use_dual_stack(None);
    let client = Client::from_conf(builder.build());
    server.reply(Reply::raw(500, JSON, "{}"));
    assert!(client.list_trails().send().await.is_err());
    assert!(client.list_trails().send().await.is_ok());
    Ok(())
}

#[tokio::test]
async fn changes_for_one_call() -> Result<(), Error> {
    let server = crate::server();
    let client = Client::from_conf(everything("http://127.0.0.1:9").build());
    client
        .list_trails()
        .customize()
        .config_override(Config::builder().endpoint_url(server.url()))
        .mutate_request(|request| {
            request.headers_mut().insert("x-audit", "yes");
            request.headers_mut().append("x-audit-run", "7".to_string());
            request.headers_mut().remove("x-absent");
            assert_eq!(request.headers().get("x-audit"), Some("yes"));
        })
        .map_request(|request: HttpRequest| {
            assert!(request.headers().contains_key("x-audit"));
            Ok::<_, std::fmt::Error>(request)
        })
        .send()
        .await?;
    let received = server.only_received();
    assert_eq!(received.header("x-audit"), Some("yes"));
    assert_eq!(received.header("x-audit-run"), Some("7"));
    assert!(received.signed_headers().contains(&"x-audit"));

    let error = client
        .list_trails()
        .customize()
        .map_request(|_| Err(std::io::Error::other("not today")))
        .send()
        .await
        .unwrap_err();
    assert!(error.as_service_error().is_none());
    assert_eq!(server.received().len(), 1);
    Ok(())
}

#[tokio::test]
async fn limits_of_time() {
    let server = crate::server();
    let late = Box::new(Reply::Modeled);
    server.reply(Reply::After(Duration::from_secs(30), late));
    let config = everything(&server.url())
        .timeout_config(
            timeouts()
                .operation_timeout(Duration::from_millis(50))
                .build(),
        )
        .build();
    let error = Client::from_conf(config).list_trails().send().await;
    assert!(matches!(error, Err(SdkError::TimeoutError(_))), "{error:?}");
}
