//! The syntax of the profile files: `profile-parser-tests.json` of the crate aws-runtime.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use super::{Outcome, equal, folder, read_json, run};
use crate::runtime::base::environment::Environment;
use crate::runtime::configuration::profile::{ProfileFiles, Section};

#[test]
fn profile_files_are_parsed() {
    let Some(aws_runtime) = folder("AWS_RUNTIME_SOURCE") else {
        return;
    };
    let suite = read_json(&aws_runtime.join("test-data/profile-parser-tests.json"));
    let cases = suite["tests"].as_array().map_or(&[][..], Vec::as_slice);
    run(cases, 65, check);
}

/// Reads the case's files from a home folder.
fn check(case: &Value) -> Outcome {
    let root = tempfile::tempdir()?;
    let folder = root.path().join("home/.aws");
    fs::create_dir_all(&folder)?;
    for (input, name) in [("configFile", "config"), ("credentialsFile", "credentials")] {
        if let Some(content) = case["input"][input].as_str() {
            fs::write(folder.join(name), content)?;
        }
    }
    let environment = Environment::of([("HOME", "/home")]).with_root(root.path());
    let files = ProfileFiles::load(&environment, None);
    let output = &case["output"];
    match (&*files.malformed, output["errorContaining"].as_str()) {
        ([error], Some(text)) if error.contains(text) => Ok(()),
        ([], None) => {
            let found = json!({
                "profiles": to_json(&files.profiles),
                "sso_sessions": to_json(&files.sso_sessions),
            });
            let config = &output["config"];
            let expected = json!({
                "profiles": config["profiles"],
                "sso_sessions": config.get("sso_sessions").unwrap_or(&json!({})),
            });
            equal(found, expected)
        }
        _ => Err(format!("expected {output}, found {files:?}").into()),
    }
}

fn to_json(sections: &BTreeMap<String, Section>) -> Value {
    sections
        .iter()
        .map(|(name, section)| (name.clone(), json!(section.properties)))
        .collect()
}
