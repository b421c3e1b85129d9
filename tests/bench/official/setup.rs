//! What the official SDK is told by other names than this project's.

use aws_config::BehaviorVersion;
use sdk::Client;

/// A client of the default configuration.
pub async fn default_client() -> Client {
    Client::new(&aws_config::load_defaults(BehaviorVersion::latest()).await)
}
