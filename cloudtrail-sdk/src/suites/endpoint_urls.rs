//! Endpoint URLs from all sources: `configured_endpoint_urls/profile-tests.json` of botocore.

use std::fmt::Write;
use std::fs;

use serde_json::{Value, json};
use tokio::runtime::Builder;

use super::{Outcome, equal, folder, read_json, run, strings};
use crate::runtime::base::environment::Environment;
use crate::runtime::configuration::load::Loader;
use crate::runtime::service::endpoint::Endpoint;
use crate::runtime::service::metadata::ServiceMetadata;
use crate::runtime::service::test_service::PARTITIONS;

/// What the services of the cases have when nothing is configured is not ours to know.
const fn service(sdk_id: &'static str) -> ServiceMetadata {
    ServiceMetadata {
        sdk_id,
        signing_name: "",
        target_prefix: "",
        content_type: "application/x-amz-json-1.1",
        query_compatible: false,
        retryable_errors: &[],
        hints: &[],
        resolve_endpoint: |_| Ok(Endpoint::new("https://unused")),
    }
}

static S3: ServiceMetadata = service("S3");
static DYNAMODB: ServiceMetadata = service("DynamoDB");

#[test]
fn endpoint_urls_come_from_all_sources() {
    let Some(botocore) = folder("BOTOCORE_SOURCE") else {
        return;
    };
    let path = "tests/functional/configured_endpoint_urls/profile-tests.json";
    let file = read_json(&botocore.join(path));
    let suites = file["testSuites"].as_array().map_or(&[][..], Vec::as_slice);
    let cases: Vec<Value> = suites
        .iter()
        .flat_map(|suite| {
            let cases = suite["endpointUrlTests"].as_array().into_iter().flatten();
            cases.map(|case| resolved(suite, case))
        })
        .collect();
    run(&cases, 39, check);
}

/// A case with what its names stand for in the suite.
fn resolved(suite: &Value, case: &Value) -> Value {
    let named = |table: &str, key: &str| {
        let entry = case[key].as_str().and_then(|name| suite[table].get(name));
        assert!(entry.is_some(), "there is no {} in {table}", case[key]);
        entry.cloned()
    };
    json!({
        "name": case["name"],
        "service": case["service"],
        "output": case["output"],
        "code": named("client_configs", "client_config"),
        "environment": named("environments", "environment"),
        "profile": case["profile"],
        "config_file": config_file(suite),
    })
}

/// All of the suite's profiles and services as a configuration file.
fn config_file(suite: &Value) -> String {
    let mut text = String::new();
    for (kind, table) in [("profile", "profiles"), ("services", "services")] {
        for (name, section) in suite[table].as_object().into_iter().flatten() {
            let _ = writeln!(text, "[{kind} {name}]");
            for (property, value) in section.as_object().into_iter().flatten() {
                let _ = writeln!(text, "{property} = {}", value.as_str().unwrap_or_default());
                for (name, value) in strings(value) {
                    let _ = writeln!(text, "  {name} = {value}");
                }
            }
        }
    }
    text
}

fn check(case: &Value) -> Outcome {
    let text = |value: &Value| value.as_str().map(str::to_owned).ok_or("not a text");
    let folder = tempfile::tempdir()?;
    let config_file = folder.path().join("config");
    fs::write(&config_file, text(&case["config_file"])?)?;
    let config_file = config_file.to_string_lossy();
    let variables = strings(&case["environment"]).chain([
        ("AWS_CONFIG_FILE", &*config_file),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ]);

    let name = text(&case["service"])?;
    let service = match name.as_str() {
        "s3" => &S3,
        "dynamodb" => &DYNAMODB,
        _ => return Err(format!("there is no service {name}").into()),
    };
    let mut loader = Loader::new(service, &PARTITIONS)
        .environment(Environment::of(variables))
        .profile_name(text(&case["profile"])?);
    if let Some(url) = case["code"]["endpoint_url"].as_str() {
        loader = loader.endpoint_url(url);
    }
    if let Some(ignore) = case["code"]["ignore_configured_endpoint_urls"].as_bool() {
        loader = loader.ignore_configured_endpoint_urls(ignore);
    }
    let config = Builder::new_current_thread()
        .build()?
        .block_on(loader.load());

    let region = config.region().ok_or("no region was loaded")?;
    let by_region = format!("https://{name}.{region}.amazonaws.com");
    let url = config.endpoint_url().unwrap_or(&by_region);
    equal(url, &*text(&case["output"]["endpointUrl"])?)
}
