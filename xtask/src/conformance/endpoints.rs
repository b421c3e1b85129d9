//! Endpoint suites through compiled rules.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use codegen::Source;
use serde_json::{Value, json};

use super::harness::{Harness, Parts};
use super::json::same;
use super::report::{Outcome, Report, Suite};
use super::{Sources, read, read_json};

/// Rules, and the cases that they have to pass.
pub struct RuleSet {
    suite: &'static str,
    /// What the suite calls it.
    name: String,
    module: String,
    parameters: Value,
    cases: Vec<Value>,
    /// Why the generator refused the rules.
    refused: Option<String>,
}

const CLOUDTRAIL: &str = "CloudTrail endpoints";
const SERVICES: &str = "endpoints of AWS JSON services";
const RULES_ENGINE: &str = "rules engine";

pub fn prepare(sources: &Sources, parts: &mut Parts) -> Result<Vec<RuleSet>> {
    let mut sets = Vec::new();
    for (name, rules) in json_services(&sources.botocore)? {
        let cases = sources
            .botocore
            .join("tests/functional/endpoint-rules")
            .join(&name)
            .join("endpoint-tests-1.json");
        let suite = if name == "cloudtrail" {
            CLOUDTRAIL
        } else {
            SERVICES
        };
        sets.push(rule_set(suite, &name, &rules, &cases, parts)?);
    }
    let folder = sources.botocore.join("tests/unit/data/endpoints");
    for name in names_in(&folder.join("test-cases"))? {
        let rules = folder.join("valid-rules").join(&name);
        let cases = folder.join("test-cases").join(&name);
        let name = name.trim_end_matches(".json");
        sets.push(rule_set(RULES_ENGINE, name, &rules, &cases, parts)?);
    }
    Ok(sets)
}

/// The newest rules of every service that speaks AWS JSON, by botocore's name of it.
fn json_services(botocore: &Path) -> Result<Vec<(String, PathBuf)>> {
    let data = botocore.join("botocore/data");
    let mut services = Vec::new();
    for name in names_in(&data)? {
        let folder = data.join(&name);
        if !folder.is_dir() {
            continue;
        }
        let versions = names_in(&folder)?;
        let versions = versions.iter().rev().map(|version| folder.join(version));
        let Some(newest) = versions
            .into_iter()
            .find(|path| path.join("service-2.json").exists())
        else {
            continue;
        };
        let metadata = read_json(&newest.join("service-2.json"))?["metadata"].take();
        let rules = newest.join("endpoint-rule-set-1.json");
        let protocols = metadata["protocols"].as_array();
        let speaks_json = metadata["protocol"] == "json"
            || protocols.is_some_and(|protocols| protocols.contains(&json!("json")));
        if speaks_json && rules.exists() {
            services.push((name, rules));
        }
    }
    Ok(services)
}

fn names_in(folder: &Path) -> Result<Vec<String>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut names = entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

fn rule_set(
    suite: &'static str,
    name: &str,
    rules: &Path,
    cases: &Path,
    parts: &mut Parts,
) -> Result<RuleSet> {
    let prefix = if suite == RULES_ENGINE {
        "engine"
    } else {
        "service"
    };
    let module = format!("{prefix}_{}", name.replace('-', "_"));
    let source = Source {
        name: rules.display().to_string(),
        text: read(rules)?,
    };
    let refused = parts.add_rules(&module, &source).err();
    let mut cases = read_json(cases)?;
    let cases = cases["testCases"].as_array_mut().map(std::mem::take);
    Ok(RuleSet {
        suite,
        name: name.to_owned(),
        module,
        parameters: serde_json::from_str::<Value>(&source.text)?["parameters"].take(),
        cases: cases.with_context(|| format!("{name} has no cases"))?,
        refused: refused.map(|error| format!("{error:#}")),
    })
}

pub fn run(sets: &[RuleSet], harness: &mut Harness, report: &mut Report) -> Result<()> {
    for name in [CLOUDTRAIL, SERVICES, RULES_ENGINE] {
        let mut suite = Suite::new(name);
        for set in sets.iter().filter(|set| set.suite == name) {
            for (index, case) in set.cases.iter().enumerate() {
                let outcome = match &set.refused {
                    Some(error) => Outcome::Failed(error.clone()),
                    None => resolve(harness, set, case)?,
                };
                let title = case["documentation"].as_str().unwrap_or_default();
                suite.record(&format!("{} [{index}] {title}", set.name), outcome);
            }
        }
        report.add(suite);
    }
    Ok(())
}

fn resolve(harness: &mut Harness, set: &RuleSet, case: &Value) -> Result<Outcome> {
    let params = case["params"].as_object().cloned().unwrap_or_default();
    let parameters: Vec<Value> = params
        .iter()
        .map(|(name, value)| {
            json!({ "name": name, "builtIn": set.parameters[name]["builtIn"], "value": value })
        })
        .collect();
    let answer = harness.ask(&json!({
        "do": "resolve",
        "rules": set.module,
        "parameters": parameters,
    }))?;
    let found = match answer {
        Ok(found) => said(found),
        Err(failure) => return Ok(Outcome::Failed(failure)),
    };
    let expected = said(case["expect"].clone());
    Ok(if same(&expected, &found) {
        Outcome::Passed
    } else {
        Outcome::Failed(format!(
            "with     {}\nexpected {expected}\nfound    {found}",
            Value::Object(params)
        ))
    })
}

/// An expectation without what says nothing: empty headers and properties, flags that are off.
fn said(mut expectation: Value) -> Value {
    let nothing = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    let Some(endpoint) = expectation
        .get_mut("endpoint")
        .and_then(Value::as_object_mut)
    else {
        return expectation;
    };
    let schemes = endpoint
        .get_mut("properties")
        .and_then(|properties| properties.get_mut("authSchemes"))
        .and_then(Value::as_array_mut);
    for scheme in schemes
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        scheme.retain(|_, value| !nothing(value));
    }
    endpoint.retain(|_, value| !nothing(value));
    expectation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_left_out() {
        let scheme = json!({"name": "sigv4", "disableDoubleEncoding": false, "signingName": null});
        let expectation = json!({"endpoint": {
            "url": "https://a", "headers": {}, "properties": {"authSchemes": [scheme], "flag": false},
        }});
        assert_eq!(
            said(expectation),
            json!({"endpoint": {
                "url": "https://a",
                "properties": {"authSchemes": [{"name": "sigv4"}], "flag": false},
            }})
        );
    }
}
