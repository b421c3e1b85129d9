//! A client of what `aws-config` has loaded, with some of it changed for this service.

use std::time::Duration;

use aws_sdk_cloudtrail::config::retry::RetryConfig;
use aws_sdk_cloudtrail::config::timeout::TimeoutConfig;
use aws_sdk_cloudtrail::config::{AppName, Builder, Region};
use aws_sdk_cloudtrail::{Client, Config, Error};

#[tokio::test]
async fn a_client_of_the_shared_configuration() -> Result<(), Error> {
    let server = crate::account();
    let sdk_config: aws_types::SdkConfig = crate::loaded(&server);
    let client = Client::new(&sdk_config);
    assert!(client.list_trails().send().await?.trails().is_empty());
    assert_eq!(client.config().region(), sdk_config.region());
    Ok(())
}

#[tokio::test]
async fn with_changes_for_this_service() -> Result<(), Error> {
    let server = crate::account();
    let sdk_config = crate::loaded(&server)
        .into_builder()
        .app_name(AppName::new("auditor").unwrap())
        .timeout_config(
            TimeoutConfig::builder()
                .operation_timeout(Duration::from_secs(30))
                .build(),
        )
        .build();
    let config = Builder::from(&sdk_config)
        .region(Region::from_static("us-east-1"))
        .retry_config(RetryConfig::standard().with_max_attempts(2))
        .build();
    let client = Client::from_conf(config);
    client.describe_trails().send().await?;
    let config: &Config = client.config();
    assert_eq!(config.app_name().map(AppName::as_ref), Some("auditor"));
    let attempts = config.retry_config().map(RetryConfig::max_attempts);
    assert_eq!(attempts, Some(2));
    let limit = config
        .timeout_config()
        .and_then(TimeoutConfig::operation_timeout);
    assert_eq!(limit, Some(Duration::from_secs(30)));
    let user_agent = server.only_received();
    let user_agent = user_agent.header("user-agent").unwrap_or_default();
    assert!(user_agent.contains("app/auditor"), "{user_agent}");
    Ok(())
}

#[tokio::test]
async fn a_client_per_region() -> Result<(), Error> {
    let server = crate::account();
    let sdk_config = crate::loaded(&server);
    for region in ["us-east-1", "eu-central-1"] {
        let config = Config::new(&sdk_config)
            .to_builder()
            .region(Region::new(region))
            .build();
        assert_eq!(config.region().map(AsRef::as_ref), Some(region));
        assert_eq!(config.signing_name(), "cloudtrail");
        let _client = Client::from_conf(config);
    }
    Ok(())
}
