//! Programs as people write them against `aws-sdk-cloudtrail`, each in a file of its own. The name
//! of the crate is changed here, and nothing else anywhere.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]
#![allow(
    unused_imports,
    reason = "extension traits, whose methods are methods of this crate's types"
)]

extern crate cloudtrail_sdk as aws_sdk_cloudtrail;

mod audit_trails;
mod auth;
mod automock;
mod builders;
mod classifiers;
mod configuration;
mod corporate_network;
mod endpoint_resolver;
mod enums;
mod error_helper;
mod error_matching;
mod error_types;
mod hooks;
mod http_client;
mod interceptors;
mod lake_query;
mod mocks;
mod paging;
mod replay;
mod requests;
mod sdk_config;
mod settings;
mod shared_helpers;
mod streams;
mod tail_events;
mod time;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::config::{
    AsyncSleep, BehaviorVersion, Config, Credentials, Region, SharedCredentialsProvider,
    SharedHttpClient, Sleep,
};
use aws_types::SdkConfig;
use tests::demo::Account;
use tests::server::LoopbackServer;

/// A server with a small account behind it.
fn account() -> LoopbackServer {
    let account = Mutex::new(Account::new());
    LoopbackServer::start_with(move |request| account.lock().unwrap().answer(request)).unwrap()
}

/// A server that answers as scripted.
fn server() -> LoopbackServer {
    LoopbackServer::start().unwrap()
}

/// What the account takes.
fn credentials() -> Credentials {
    let token = Some("loopback-token".to_string());
    Credentials::new("AKID", "loopback-secret", token, None, "test")
}

/// The HTTP client, where a program gives one.
fn http_client() -> SharedHttpClient {
    SharedHttpClient::new(cloudtrail_sdk::config::ReqwestClient::new().unwrap())
}

/// The client, where how it is made is not what the program is about.
fn client(server: &LoopbackServer) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(credentials())
        .endpoint_url(server.url())
        .http_client(http_client())
        .build();
    Client::from_conf(config)
}

/// What `aws_config::load_defaults` would have loaded.
fn loaded(server: &LoopbackServer) -> SdkConfig {
    SdkConfig::builder()
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials()))
        .endpoint_url(server.url())
        .build()
}

/// What a library takes that knows the type by another crate.
fn seconds(time: &aws_smithy_types::DateTime) -> i64 {
    time.secs()
}

/// Waits are over at once, and are remembered.
#[derive(Clone, Debug, Default)]
struct Waits(Arc<Mutex<Vec<Duration>>>);

impl AsyncSleep for Waits {
    fn sleep(&self, duration: Duration) -> Sleep {
        self.0.lock().unwrap().push(duration);
        Sleep::new(std::future::ready(()))
    }
}
