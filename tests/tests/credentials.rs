//! The default credentials, replayed: one trial per fixture, through the public API.
//!
//! A fixture is a folder: `env.json` has the environment variables, `fs/` the files, with its top
//! as `/`, `http-traffic.json` the requests that are expected and their answers, `test-case.json`
//! what comes of it. `CREDENTIAL_FIXTURES` names folders of fixtures, separated by `:`; those of the
//! official SDK's repository are meant. The fixtures of this project always run, and are compared
//! more strictly: what was recorded of the official SDK does not agree with itself in every value.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

#[path = "credentials/fixture.rs"]
mod fixture;
#[path = "credentials/replay.rs"]
mod replay;
#[path = "credentials/traces.rs"]
mod traces;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

use self::fixture::Fixture;

const VARIABLE: &str = "CREDENTIAL_FIXTURES";

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    // cargo runs tests in the folder of their package.
    let own = Path::new("fixtures/credentials");
    let mut trials = trials(own, "own", true);
    match std::env::var(VARIABLE) {
        Ok(folders) => {
            for folder in folders.split(':').filter(|folder| !folder.is_empty()) {
                trials.extend(self::trials(Path::new(folder), "official", false));
            }
        }
        Err(_) => eprintln!("{VARIABLE} is not set: only this project's fixtures run"),
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A trial for each fixture in a folder. A folder without any is a trial that fails.
fn trials(folder: &Path, kind: &'static str, exact: bool) -> Vec<Trial> {
    let mut fixtures: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("test-case.json").is_file())
        .collect();
    fixtures.sort();
    if fixtures.is_empty() {
        let message = format!("there are no fixtures in {}", folder.display());
        return vec![Trial::test(format!("{kind}::{}", folder.display()), || {
            Err(Failed::from(message))
        })];
    }
    fixtures
        .into_iter()
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            Trial::test(format!("{kind}::{name}"), move || run(&path, exact))
        })
        .collect()
}

fn run(path: &Path, exact: bool) -> Result<(), Failed> {
    let fixture = Fixture::read(path, exact)?;
    let problems = fixture.run()?;
    if problems.is_empty() {
        return Ok(());
    }
    Err(Failed::from(format!(
        "{}\n  - {}",
        fixture.docs(),
        problems.join("\n  - ")
    )))
}
