//! Suites that nobody here wrote, a test per case. `cargo xtask test` fetches them and says where
//! they are.

mod suites {
    pub(crate) mod clock_skew;
    pub(crate) mod recursion;
}

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

use self::suites::{clock_skew, recursion};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    if let Some(source) = folder("AWS_RUNTIME_SOURCE") {
        trials.extend(clock_skew::trials(&source));
        trials.extend(recursion::trials(&source));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The folder that a variable names; without it, its suites are not run.
fn folder(variable: &str) -> Option<PathBuf> {
    let folder = env::var_os(variable).map(PathBuf::from);
    if folder.is_none() {
        println!("{variable} is not set, so its suites are not run: `cargo xtask test` sets it");
    }
    folder
}

/// A file of a suite.
fn read_json(path: &Path) -> Value {
    let text = fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
    serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{} is malformed: {error}", path.display()))
}

/// A test for each of the cases, of which there are `count`. Names of cases are not unique, so each
/// gets a number.
fn trials(
    suite: &str,
    cases: &[Value],
    count: usize,
    check: fn(&Value) -> Result<(), Failed>,
) -> Vec<Trial> {
    assert_eq!(cases.len(), count, "{suite} has another number of cases");
    let numbered = (1..).zip(cases.iter().cloned());
    numbered
        .map(|(number, case)| {
            let name = case["name"].as_str().or(case["description"].as_str());
            let name = name.unwrap_or_default();
            let name = format!("{suite} {number:02}: {name}");
            Trial::test(name, move || check(&case))
        })
        .collect()
}

/// The strings of an object, by their names.
fn strings(object: &Value) -> impl Iterator<Item = (&str, &str)> {
    let members = object.as_object().into_iter().flatten();
    members.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
}
