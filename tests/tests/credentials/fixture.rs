//! A fixture: what is set up, and what is expected.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{fs, io};

use aws_credential_types::provider::error::CredentialsError;
use cloudtrail_sdk::Config;
use cloudtrail_sdk::config::{
    BoxFuture, Clock, Credentials, Environment, ProvideCredentials, loader,
};
use serde_json::Value;

use super::replay::{Replay, exchanges};
use super::traces::Traces;

/// Before all that is recorded of the official SDK expires.
const DEFAULT_NOW: u64 = 1_230_000_000;

pub struct Fixture {
    path: PathBuf,
    exact: bool,
    environment: BTreeMap<String, String>,
    recording: Value,
    /// `now`: the time in seconds; `loads`: how often credentials are asked for; `result`,
    /// `region`, `files`: what is expected; `secrets`: what must not be shown.
    test_case: Value,
}

impl Fixture {
    pub fn read(path: &Path, exact: bool) -> Result<Self, String> {
        let json = |name: &str| -> Result<Value, String> {
            let file = path.join(name);
            let content =
                fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            serde_json::from_slice(&content).map_err(|error| format!("{}: {error}", file.display()))
        };
        let environment = json("env.json")?;
        let variables = environment.as_object().ok_or("env.json: no object")?;
        Ok(Self {
            path: path.to_owned(),
            exact,
            environment: variables
                .iter()
                .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
                .collect(),
            recording: json("http-traffic.json")?,
            test_case: json("test-case.json")?,
        })
    }

    /// What the fixture is about.
    pub fn docs(&self) -> &str {
        self.test_case["docs"].as_str().unwrap_or_default()
    }

    /// Loads the credentials and returns what is not as expected.
    pub fn run(&self) -> Result<Vec<String>, String> {
        let root = tempfile::tempdir().map_err(|error| error.to_string())?;
        copy(&self.path.join("fs"), root.path()).map_err(|error| format!("fs: {error}"))?;
        let metadata_disabled = self
            .environment
            .get("AWS_EC2_METADATA_DISABLED")
            .is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let replay = Replay::new(exchanges(&self.recording)?, self.exact, metadata_disabled);
        let traces = Traces::default();
        let (config, result) =
            tracing::subscriber::with_default(traces.clone(), || self.load(root.path(), &replay))?;

        let mut problems = replay.problems();
        problems.extend(self.wrong_result(&result));
        problems.extend(self.wrong_region(&config));
        problems.extend(self.wrong_files(root.path()));
        let shown = [
            format!("{config:?} {:?}", config.credentials_provider()),
            match &result {
                Ok(credentials) => format!("{credentials:?}"),
                Err(error) => format!("{error:?} {}", chain(error)),
            },
            traces.text(),
        ]
        .join("\n");
        let leaks = self
            .secrets(&replay)
            .into_iter()
            .filter(|secret| shown.contains(secret));
        problems.extend(leaks.map(|secret| format!("the secret `{secret}` is shown:\n{shown}")));
        Ok(problems)
    }

    fn load(
        &self,
        root: &Path,
        replay: &Replay,
    ) -> Result<(Config, Result<Credentials, CredentialsError>), String> {
        let now = self.test_case["now"].as_u64().unwrap_or(DEFAULT_NOW);
        let loads = self.test_case["loads"].as_u64().unwrap_or(1);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        runtime.block_on(async {
            let variables = self.environment.clone();
            let config = loader()
                .environment(Environment::of(variables).with_root(root))
                .transport(replay.clone())
                .clock(StoppedClock(UNIX_EPOCH + Duration::from_secs(now)))
                .load()
                .await;
            let provider = config
                .credentials_provider()
                .ok_or("the configuration has no credentials provider")?;
            let mut result = provider.provide_credentials().await;
            for _ in 1..loads {
                result = provider.provide_credentials().await;
            }
            Ok((config, result))
        })
    }

    fn wrong_result(&self, result: &Result<Credentials, CredentialsError>) -> Option<String> {
        let expected = &self.test_case["result"];
        let actual = match result {
            Ok(credentials) => values(credentials),
            Err(error) => Value::from(chain(error)),
        };
        let is_right = if let Some(credentials) = expected.get("Ok") {
            actual == without_nulls(credentials)
        } else if let Some(words) = expected.get("ErrorContains").and_then(Value::as_str) {
            result.as_ref().is_err_and(|error| is_meant(words, error))
        } else {
            let text = actual.as_str().unwrap_or_default();
            let words = expected["Err"]["contains"].as_array();
            let mut words = words.into_iter().flatten().filter_map(Value::as_str);
            result
                .as_ref()
                .is_err_and(|error| kind(error) == expected["Err"]["kind"])
                && words.all(|words| text.contains(words))
        };
        let outcome = match result {
            Ok(_) => "credentials",
            Err(error) => kind(error),
        };
        (!is_right).then(|| format!("the result is {outcome} {actual}, expected {expected}"))
    }

    fn wrong_region(&self, config: &Config) -> Option<String> {
        let expected = self.test_case.get("region")?.as_str();
        let actual = config.region().map(AsRef::as_ref);
        (actual != expected).then(|| format!("the region is {actual:?}, expected {expected:?}"))
    }

    /// Files that must have been written: their JSON, and that nobody else can read them.
    fn wrong_files(&self, root: &Path) -> Vec<String> {
        let files = self.test_case["files"].as_object().into_iter().flatten();
        files
            .filter_map(|(name, expected)| {
                let path = root.join(name);
                let content = fs::read(&path).unwrap_or_default();
                let actual: Value = serde_json::from_slice(&content).unwrap_or_default();
                if actual != *expected {
                    return Some(format!("{name} is {actual}, expected {expected}"));
                }
                let siblings = fs::read_dir(path.parent()?).ok()?.count();
                if siblings != 1 {
                    return Some(format!("{name} has files left beside it"));
                }
                others_can_read(&path).then(|| format!("{name} can be read by others"))
            })
            .collect()
    }

    fn secrets(&self, replay: &Replay) -> Vec<String> {
        let listed = self.test_case["secrets"].as_array().into_iter().flatten();
        let listed = listed.filter_map(Value::as_str);
        let credentials = &self.test_case["result"]["Ok"];
        let of_result = ["secret_access_key", "session_token"]
            .into_iter()
            .filter_map(|name| credentials[name].as_str());
        listed
            .chain(of_result)
            .chain(replay.secrets())
            // Shorter ones stand in words that are not secret.
            .filter(|secret| secret.len() > 4)
            .map(str::to_owned)
            .collect()
    }
}

/// A clock that stands still, and on which waiting takes no time.
struct StoppedClock(SystemTime);

impl Clock for StoppedClock {
    fn now(&self) -> SystemTime {
        self.0
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }

    fn jitter(&self) -> f64 {
        0.5
    }
}

/// Whether an error is of the kind that the official SDK tells in these words.
fn is_meant(words: &str, error: &CredentialsError) -> bool {
    let mut errors = causes(error);
    let text = chain(error);
    let failed = kind(error) == "ProviderError";
    match words {
        "the credential provider was not enabled" | "provider was not enabled" => {
            errors.any(|error| {
                let error = error.downcast_ref::<CredentialsError>();
                error.is_some_and(|error| kind(error) == "NotLoaded")
            })
        }
        words if words.ends_with("No such file or directory (os error 2)") => {
            failed
                && errors.any(|error| {
                    let error = error.downcast_ref::<io::Error>();
                    error.is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
                })
        }
        "an error occurred while loading credentials" => failed,
        "request forbidden: IMDS is disabled" => failed && text.contains("403"),
        "InvalidIdentityTokenException: No OpenIDConnect provider found in your account" => {
            failed
                && text.contains("InvalidIdentityToken")
                && text.contains("No OpenIDConnect provider found in your account")
        }
        "`web_identity_token_file` was specified but `role_arn` was missing" => {
            kind(error) == "InvalidConfiguration"
                && text.contains("web_identity_token_file")
                && text.contains("role_arn")
        }
        _ => false,
    }
}

fn kind(error: &CredentialsError) -> &'static str {
    match error {
        CredentialsError::CredentialsNotLoaded(_) => "NotLoaded",
        CredentialsError::ProviderTimedOut(_) => "TimedOut",
        CredentialsError::InvalidConfiguration(_) => "InvalidConfiguration",
        CredentialsError::ProviderError(_) => "ProviderError",
        _ => "Unhandled",
    }
}

/// An error and its causes.
fn causes(error: &CredentialsError) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let first: &(dyn Error + 'static) = error;
    std::iter::successors(Some(first), |&error| error.source())
}

/// What an error and its causes say.
fn chain(error: &CredentialsError) -> String {
    causes(error)
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

/// Credentials in the form of a test case.
fn values(credentials: &Credentials) -> Value {
    let expiry = credentials.expiry().map(|expiry| {
        let since = expiry.duration_since(UNIX_EPOCH);
        since.unwrap_or_default().as_secs()
    });
    without_nulls(&serde_json::json!({
        "access_key_id": credentials.access_key_id(),
        "secret_access_key": credentials.secret_access_key(),
        "session_token": credentials.session_token(),
        "account_id": credentials.account_id().map(|id| id.as_str()),
        "expiry": expiry,
    }))
}

fn without_nulls(value: &Value) -> Value {
    let members = value.as_object().into_iter().flatten();
    members
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.exists() {
        return Ok(());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn others_can_read(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    fs::metadata(path).is_ok_and(|metadata| metadata.mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_can_read(_: &Path) -> bool {
    false
}
