//! Where the profile files are, and which profile is meant: `file-location-tests.json` of the crate
//! aws-runtime.

use std::path::PathBuf;

use serde_json::Value;

use super::{Outcome, equal, folder, read_json, run, strings};
use crate::runtime::base::environment::Environment;
use crate::runtime::configuration::profile::ProfileFiles;
use crate::runtime::configuration::profile::location::{File, Platform};

#[test]
fn profile_files_are_found() {
    let Some(aws_runtime) = folder("AWS_RUNTIME_SOURCE") else {
        return;
    };
    let suite = read_json(&aws_runtime.join("test-data/file-location-tests.json"));
    let cases = suite["tests"].as_array().map_or(&[][..], Vec::as_slice);
    run(cases, 9, check);
}

fn check(case: &Value) -> Outcome {
    let platform = match case["platform"].as_str() {
        Some("linux") => Platform::Unix,
        Some("windows") => Platform::Windows,
        _ => return Err(format!("there is no platform {}", case["platform"]).into()),
    };
    let environment = Environment::of(strings(&case["environment"]));
    for (file, expected) in [
        (File::Config, "configLocation"),
        (File::Credentials, "credentialsLocation"),
    ] {
        let expected = case[expected].as_str().map(PathBuf::from);
        if expected.is_none() {
            return Err(format!("the case does not say where {file:?} is").into());
        }
        equal(file.locate(&environment, platform), expected)?;
    }
    if let Some(profile) = case["profile"].as_str() {
        // None of the files is in this folder.
        let nowhere = tempfile::tempdir()?;
        let files = ProfileFiles::load(&environment.with_root(nowhere.path()), None);
        equal(files.selected_name(), profile)?;
    }
    Ok(())
}
