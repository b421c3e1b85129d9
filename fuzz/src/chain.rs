//! A world for the default credentials chain: files, variables, a transport and a clock.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use cloudtrail_sdk::config::{self, BoxFuture, Clock, Environment, Transport};
use cloudtrail_sdk::error::SdkError;
use cloudtrail_sdk::operation::list_trails::ListTrailsError;
use cloudtrail_sdk::{Client, Config};

/// A folder that stands for the file system, one for each process.
pub struct Root(PathBuf);

impl Root {
    pub fn create() -> Self {
        let root = std::env::temp_dir().join(format!("fuzz-chain-{}", std::process::id()));
        fs::create_dir_all(&root).expect("the folder for temporary files can be written");
        Self(root)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes the file that the SDK knows by this path.
    pub fn write(&self, path: &str, content: &[u8]) {
        let file = self.0.join(path.trim_start_matches('/'));
        fs::create_dir_all(file.parent().expect("it is below the root")).expect("as above");
        fs::write(file, content).expect("as above");
    }
}

/// Waits are over at once, and time stands still.
#[derive(Debug)]
struct NoWaits;

impl Clock for NoWaits {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600)
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }

    fn jitter(&self) -> f64 {
        1.0
    }
}

/// Loads the configuration of this world.
pub async fn load(
    root: &Root,
    variables: &[(&str, &str)],
    transport: impl Transport + 'static,
) -> Config {
    config::loader()
        .environment(Environment::of(variables.iter().copied()).with_root(root.path()))
        .transport(transport)
        .clock(NoWaits)
        .load()
        .await
}

/// Makes a call with a configuration.
pub async fn call(config: Config) -> Result<(), SdkError<ListTrailsError>> {
    Client::from_conf(config).list_trails().send().await?;
    Ok(())
}

/// An error is told on one line, whatever is in the files and answers that it is about.
pub fn check<T>(result: Result<T, SdkError<ListTrailsError>>) {
    if let Err(error) = result {
        let text = error.to_string();
        assert!(
            !text.chars().any(char::is_control),
            "more than a line: {text:?}"
        );
        assert!(!format!("{error:?}").is_empty());
    }
}
