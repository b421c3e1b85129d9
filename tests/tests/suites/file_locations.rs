//! Where the profile files are, and which profile is meant: `file-location-tests.json` of the crate
//! aws-runtime.

use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::runtime::environment::Environment;
use crate::runtime::profile::ProfileFiles;
use crate::runtime::profile::location::{File, Platform};

pub(crate) fn trials(aws_runtime: &Path) -> Vec<Trial> {
    let suite = crate::read_json(&aws_runtime.join("test-data/file-location-tests.json"));
    let cases = suite["tests"].as_array().map_or(&[][..], Vec::as_slice);
    crate::trials("file location", cases, 9, check)
}

fn check(case: &Value) -> Result<(), Failed> {
    let platform = match case["platform"].as_str() {
        Some("linux") => Platform::Unix,
        Some("windows") => Platform::Windows,
        _ => return Err(format!("there is no platform {}", case["platform"]).into()),
    };
    let environment = Environment::of(crate::strings(&case["environment"]));
    for (file, expected) in [
        (File::Config, "configLocation"),
        (File::Credentials, "credentialsLocation"),
    ] {
        let expected = case[expected].as_str().map(PathBuf::from);
        assert!(
            expected.is_some(),
            "the case does not say where {file:?} is"
        );
        assert_eq!(file.locate(&environment, platform), expected);
    }
    if let Some(profile) = case["profile"].as_str() {
        // None of the files is in this folder.
        let nowhere = tempfile::tempdir()?;
        let files = ProfileFiles::load(&environment.with_root(nowhere.path()), None);
        assert_eq!(files.selected_name(), profile);
    }
    Ok(())
}
