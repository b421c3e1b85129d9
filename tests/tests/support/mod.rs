//! What several of the test programs need.

#![allow(dead_code, reason = "not every program needs all of it")]

use cloudtrail_sdk::config::retry::RetryConfig;
use cloudtrail_sdk::config::{BehaviorVersion, Builder, Credentials, Region};
use cloudtrail_sdk::{Client, Config};
use tests::protocol::{IDENTITY, SESSION_TOKEN};

/// A client of the loopback server at `url`.
pub fn client(url: &str) -> Client {
    Client::from_conf(config(url).build())
}

/// The configuration of [`client`], with a session token and without retries: a test scripts every
/// answer.
pub fn config(url: &str) -> Builder {
    let token = Some(SESSION_TOKEN.to_owned());
    let credentials = Credentials::new(
        IDENTITY.access_key_id,
        IDENTITY.secret_access_key,
        token,
        None,
        "test",
    );
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(IDENTITY.region))
        .credentials_provider(credentials)
        .endpoint_url(url)
        .retry_config(RetryConfig::disabled())
}
