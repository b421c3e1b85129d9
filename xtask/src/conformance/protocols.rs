//! The awsJson suites: each case a call through the whole client.
//!
//! botocore writes values as its users pass them: timestamps as seconds whatever the model's
//! format, blobs as text. [`Shapes`] turns them into what AWS JSON has on the wire.

mod shapes;

use anyhow::{Context, Result};
use codegen::Source;
use serde_json::{Map, Value, json};

use self::shapes::Shapes;
use super::harness::{Harness, Parts};
use super::json::same;
use super::report::{Outcome, Report, Suite};
use super::{Sources, read_json};
use crate::model::convert::to_smithy;

/// The suites, and the files that each one has in `tests/unit/protocols`.
const SUITES: [(&str, &[&str]); 4] = [
    (
        "awsJson requests",
        &[
            "input/json.json",
            "input/json_1_0.json",
            "input/json_1_0-query-compatible.json",
        ],
    ),
    (
        "awsJson responses",
        &[
            "output/json.json",
            "output/json_1_0.json",
            "output/json_1_0-query-compatible.json",
        ],
    ),
    ("older awsJson requests", &["legacy/input/json.json"]),
    ("older awsJson responses", &["legacy/output/json.json"]),
];

/// What the suites expect for an idempotency token that the client makes.
const MADE_TOKEN: &str = "00000000-0000-4000-8000-000000000000";

/// The endpoint of cases that name none.
const ENDPOINT: &str = "https://example.com";

/// A case, and the service that was generated for it.
pub struct Case {
    suite: &'static str,
    id: String,
    service: Service,
    /// The case as the suite has it.
    json: Value,
}

enum Service {
    Module {
        name: String,
        shapes: Shapes,
        endpoint: String,
    },
    /// The generator refused the model.
    Refused(String),
    /// No client for AWS JSON could run it.
    Impossible(&'static str),
}

/// Reads the cases and generates their services.
pub fn prepare(sources: &Sources, parts: &mut Parts) -> Result<Vec<Case>> {
    let folder = sources.botocore.join("tests/unit/protocols");
    let mut cases = Vec::new();
    for (suite, files) in SUITES {
        for file in files {
            let descriptions = read_json(&folder.join(file))?;
            let descriptions = descriptions
                .as_array()
                .with_context(|| format!("{file} holds no array"))?;
            for (index, description) in descriptions.iter().enumerate() {
                let stem = file.trim_end_matches(".json").replace(['/', '-'], "_");
                let name = format!("{stem}_{index}");
                cases.extend(
                    cases_of(suite, &name, description, parts)
                        .with_context(|| format!("{file}, description {index}"))?,
                );
            }
        }
    }
    Ok(cases)
}

/// The cases of one description. Each way in which they describe the operation gets a service.
fn cases_of(
    suite: &'static str,
    name: &str,
    description: &Value,
    parts: &mut Parts,
) -> Result<Vec<Case>> {
    let listed = description["cases"].as_array().context("no cases")?;
    let mut operations: Vec<&Value> = Vec::new();
    let mut cases = Vec::new();
    for (index, case) in listed.iter().enumerate() {
        let known = operations.iter().position(|known| **known == case["given"]);
        let number = known.unwrap_or(operations.len());
        let service_name = format!("{name}_{number}");
        let shapes = Shapes::new(description, listed, &case["given"])?;
        let service = if shapes.has_event_streams() {
            Service::Impossible("the response is an event stream, not JSON")
        } else {
            let generated = match known {
                Some(_) => Ok(()),
                None => generate(&service_name, description, &shapes, parts),
            };
            match generated {
                Ok(()) => Service::Module {
                    name: service_name,
                    shapes,
                    endpoint: description["clientEndpoint"]
                        .as_str()
                        .unwrap_or(ENDPOINT)
                        .to_owned(),
                },
                Err(error) => Service::Refused(format!("{error:#}")),
            }
        };
        // A refused service is refused again for each of its cases.
        if known.is_none() && matches!(service, Service::Module { .. }) {
            operations.push(&case["given"]);
        }
        let title = description["description"].as_str().unwrap_or(name);
        cases.push(Case {
            suite,
            id: case["id"]
                .as_str()
                .map_or_else(|| format!("{title} [{index}]"), str::to_owned),
            service,
            json: case.clone(),
        });
    }
    Ok(cases)
}

fn generate(name: &str, description: &Value, shapes: &Shapes, parts: &mut Parts) -> Result<()> {
    let conversion = to_smithy(&service_2(description, shapes)?.to_string(), None, None)?;
    let mut model = conversion.model;
    for (id, shape) in &mut model.shapes {
        let shape_name = id.rsplit('#').next().unwrap_or(id);
        if shapes.is_sparse(shape_name) {
            shape
                .traits
                .insert("smithy.api#sparse".to_owned(), json!({}));
        }
    }
    let source = Source {
        name: name.to_owned(),
        text: serde_json::to_string(&model)?,
    };
    parts.add_service(name, source)
}

/// The description as a `service-2.json`, which says more of the service than a suite does.
fn service_2(description: &Value, shapes: &Shapes) -> Result<Value> {
    let mut metadata = json!({
        "apiVersion": "2018-01-01",
        "endpointPrefix": "example",
        "jsonVersion": "1.1",
        "serviceFullName": "Example",
        "serviceId": "Example",
        "signatureVersion": "v4",
        "targetPrefix": "Example",
    });
    overwrite(&mut metadata, &description["metadata"]);
    let operation = shapes.operation();
    let name = operation["name"]
        .as_str()
        .context("an operation without name")?;
    Ok(json!({
        "metadata": metadata,
        "operations": { name: operation },
        "shapes": shapes.json(),
    }))
}

fn overwrite(base: &mut Value, values: &Value) {
    if let (Some(base), Some(values)) = (base.as_object_mut(), values.as_object()) {
        base.extend(values.clone());
    }
}

pub fn run(cases: &[Case], harness: &mut Harness, report: &mut Report) -> Result<()> {
    for (name, _) in SUITES {
        let mut suite = Suite::new(name);
        for case in cases.iter().filter(|case| case.suite == name) {
            let outcome = match &case.service {
                Service::Impossible(reason) => Outcome::Skipped((*reason).to_owned()),
                Service::Refused(error) => Outcome::Failed(error.clone()),
                Service::Module {
                    name,
                    shapes,
                    endpoint,
                } => call(harness, name, shapes, endpoint, &case.json)
                    .with_context(|| case.id.clone())?,
            };
            suite.record(&case.id, outcome);
        }
        report.add(suite);
    }
    Ok(())
}

fn call(
    harness: &mut Harness,
    service: &str,
    shapes: &Shapes,
    endpoint: &str,
    case: &Value,
) -> Result<Outcome> {
    let response = &case["response"];
    let headers: Vec<Value> = response["headers"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| json!([name, value]))
        .collect();
    let answer = harness.ask(&json!({
        "do": "call",
        "service": service,
        "operation": shapes.operation()["name"],
        "input": shapes.input(&case["params"])?.to_string(),
        "endpoint_url": endpoint,
        "response": {
            "status": response["status_code"].as_u64().unwrap_or(200),
            "headers": headers,
            "body": response["body"].as_str().unwrap_or_default(),
        },
    }))?;
    let answer = match answer {
        Ok(answer) => answer,
        Err(failure) => return Ok(Outcome::Failed(failure)),
    };
    let differences = match case.get("serialized") {
        Some(expected) => compare_request(expected, &answer["request"])?,
        None => compare_outcome(shapes, case, &answer["outcome"])?,
    };
    Ok(if differences.is_empty() {
        Outcome::Passed
    } else {
        Outcome::Failed(differences.join("\n"))
    })
}

fn compare_request(expected: &Value, found: &Value) -> Result<Vec<String>> {
    let mut differences = Vec::new();
    let mut check = |what: &str, expected: &Value, found: &Value| {
        if expected != found {
            differences.push(format!("{what}: expected {expected}, found {found}"));
        }
    };
    let uri = found["uri"].as_str().context("nothing was sent")?;
    let (_, rest) = uri.split_once("://").context("a URI without scheme")?;
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    check(
        "method",
        expected.get("method").unwrap_or(&json!("POST")),
        &found["method"],
    );
    check("path", &expected["uri"], &json!(path));
    if let Some(expected) = expected["host"].as_str() {
        // One case has the path of the endpoint there too.
        let expected = expected.split('/').next().unwrap_or(expected);
        check("host", &json!(expected), &json!(host));
    }
    let header = |name: &str| -> Value {
        let mut headers = found["headers"].as_array().into_iter().flatten();
        let found = headers.find(|pair| {
            let known = pair[0].as_str();
            known.is_some_and(|known| known.eq_ignore_ascii_case(name))
        });
        found.map_or(Value::Null, |pair| pair[1].clone())
    };
    for (name, value) in expected["headers"].as_object().into_iter().flatten() {
        check(name, &smithy_target(name, value), &header(name));
    }
    for name in expected["requireHeaders"].as_array().into_iter().flatten() {
        let name = name.as_str().context("a header's name is text")?;
        check(name, &json!(true), &json!(!header(name).is_null()));
    }
    for name in expected["forbidHeaders"].as_array().into_iter().flatten() {
        let name = name.as_str().context("a header's name is text")?;
        check(name, &Value::Null, &header(name));
    }
    if let Some(body) = expected["body"].as_str() {
        let expected: Value = serde_json::from_str(body)?;
        let found: Value = serde_json::from_str(found["body"].as_str().context("no body")?)?;
        if !same(&expected, &with_known_token(&found, &expected)) {
            differences.push(format!("body: expected {expected}\nbody: found    {found}"));
        }
    }
    Ok(differences)
}

/// The target as Smithy's SDKs send it: of botocore's dotted prefix the last segment. Services
/// take both.
fn smithy_target(header: &str, value: &Value) -> Value {
    let target = value
        .as_str()
        .filter(|_| header.eq_ignore_ascii_case("x-amz-target"));
    let shortened = target.and_then(|target| {
        let (prefix, operation) = target.rsplit_once('.')?;
        let (_, last) = prefix.rsplit_once('.')?;
        Some(json!(format!("{last}.{operation}")))
    });
    shortened.unwrap_or_else(|| value.clone())
}

/// Replaces random UUIDs where the suite has the one that it makes the generator of UUIDs return.
fn with_known_token(found: &Value, expected: &Value) -> Value {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => found
            .iter()
            .map(|(key, found)| {
                let expected = expected.get(key).unwrap_or(&Value::Null);
                (key.clone(), with_known_token(found, expected))
            })
            .collect::<Map<_, _>>()
            .into(),
        (Value::String(found), Value::String(expected))
            if expected == MADE_TOKEN && is_random_uuid(found) =>
        {
            json!(MADE_TOKEN)
        }
        _ => found.clone(),
    }
}

fn is_random_uuid(text: &str) -> bool {
    let pattern = "xxxxxxxx-xxxx-4xxx-vxxx-xxxxxxxxxxxx";
    text.len() == pattern.len()
        && text
            .chars()
            .zip(pattern.chars())
            .all(|(c, expected)| match expected {
                'x' => c.is_ascii_hexdigit(),
                'v' => matches!(c, '8' | '9' | 'a' | 'b'),
                other => c == other,
            })
}

fn compare_outcome(shapes: &Shapes, case: &Value, found: &Value) -> Result<Vec<String>> {
    let parse = |json: &Value| -> Result<Value> {
        Ok(serde_json::from_str(json.as_str().unwrap_or("{}"))?)
    };
    let mut differences = Vec::new();
    let mut check = |what: &str, expected: Value, found: Value| {
        if !same(&expected, &found) {
            differences.push(format!(
                "{what}: expected {expected}\n{what}: found    {found}"
            ));
        }
    };
    let Some(expected) = case.get("error") else {
        if found.get("error").is_some() {
            return Ok(vec![format!("expected an output, found {found}")]);
        }
        check(
            "output",
            shapes.output(&case["result"])?,
            parse(&found["output"])?,
        );
        return Ok(differences);
    };
    let Some(error) = found.get("error") else {
        return Ok(vec![format!("expected an error, found {found}")]);
    };
    let code = &case["errorCode"];
    check("code", code.clone(), error["code"].clone());
    check(
        "message",
        case["errorMessage"].clone(),
        error["message"].clone(),
    );
    let expected = shapes.error(code.as_str().unwrap_or_default(), expected)?;
    let mut members = parse(&error["members"])?;
    // As in the official SDK, every error has a message, its shape or not; it was compared above.
    if expected.get("message").is_none()
        && let Some(members) = members.as_object_mut()
    {
        members.remove("message");
    }
    check("members", expected, members);
    Ok(differences)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_random_uuids_stand_for_the_made_token() {
        let expected = json!({ "Token": MADE_TOKEN });
        let replaced = |token: &str| with_known_token(&json!({ "Token": token }), &expected);
        assert_eq!(replaced("0b3ff8bb-a0f4-4a3c-9c53-1b1ab7a6e1ff"), expected);
        for token in ["", "0b3ff8bb-a0f4-1a3c-9c53-1b1ab7a6e1ff", "abc123"] {
            assert_ne!(replaced(token), expected);
        }
    }

    #[test]
    fn a_dotted_target_is_cut_to_its_last_segment() {
        let target = |value: &str| smithy_target("X-Amz-Target", &json!(value));
        assert_eq!(target("com.amazonaws.foo.Op"), json!("foo.Op"));
        assert_eq!(target("foo.Op"), json!("foo.Op"));
        assert_eq!(smithy_target("Host", &json!("a.b.c")), json!("a.b.c"));
    }

    #[test]
    fn every_difference_of_a_request_is_told() {
        let expected = json!({
            "method": "POST", "uri": "/", "host": "foo.example.com", "body": "{\"a\":1}",
            "headers": {"X-Amz-Target": "A.B"},
            "requireHeaders": ["Content-Length"], "forbidHeaders": ["X-Extra"],
        });
        let found = json!({
            "method": "GET", "uri": "https://example.com/x", "body": "{}",
            "headers": [["x-extra", "1"]],
        });
        let differences = compare_request(&expected, &found).expect("a request to compare");
        assert_eq!(differences.len(), 7, "{differences:#?}");
    }
}
