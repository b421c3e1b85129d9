//! What this project's SDK is told by other names than the official one.

use sdk::{Client, config};

/// A client of the default configuration.
pub async fn default_client() -> Client {
    Client::from_conf(config::load().await)
}
