//! Suites that nobody here wrote, on how the runtime loads a configuration. `cargo xtask test` fetches them
//! and names their folders in environment variables.

mod endpoint_urls;
mod file_locations;
mod profile_parser;

use std::error::Error;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

/// What a case comes to.
type Outcome = Result<(), Box<dyn Error>>;

/// The folder that a variable names; without it, its suites are not run, which is said on standard
/// error, where libtest does not hide it.
fn folder(variable: &str) -> Option<PathBuf> {
    let folder = env::var_os(variable).map(PathBuf::from);
    if folder.is_none() {
        let _ = writeln!(
            io::stderr(),
            "{variable} is not set, so its suites are not run: `cargo xtask test` sets it"
        );
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

/// Checks all cases, of which there are `count`, and names every one that fails. Names of cases are
/// not unique, so each gets a number.
fn run(cases: &[Value], count: usize, check: fn(&Value) -> Outcome) {
    assert_eq!(cases.len(), count, "the suite has another number of cases");
    let failures: Vec<String> = (1..)
        .zip(cases)
        .filter_map(|(number, case)| {
            let why = check(case).err()?;
            let name = case["name"].as_str().or(case["description"].as_str());
            Some(format!("{number:02} {}: {why}", name.unwrap_or_default()))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// An error unless what was found is what the suite expects.
fn equal<T: PartialEq + std::fmt::Debug>(found: T, expected: T) -> Outcome {
    match found == expected {
        true => Ok(()),
        false => Err(format!("found {found:?}, expected {expected:?}").into()),
    }
}

/// The strings of an object, by their names.
fn strings(object: &Value) -> impl Iterator<Item = (&str, &str)> {
    let members = object.as_object().into_iter().flatten();
    members.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
}
