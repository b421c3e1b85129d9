//! Every length and range of the model, and every required member, from both sides of the line.

use cloudtrail_sdk::error::ConstructionError;
use tests::model::{Member, Shape};

use super::*;

/// Sends an input over and over, each time with one value at a limit, or just beyond one, or missing.
pub async fn check(operation: &str, send: Send) {
    let operation = MODEL.operation(operation).unwrap();
    let (input, _) = values(operation, 0);
    let server = LoopbackServer::start().unwrap();
    let client = support::client(&server.url());
    for Place {
        pointer,
        path,
        member,
    } in places(operation.input(), &input)
    {
        let with = |value: Value| {
            let mut changed = input.clone();
            *changed.pointer_mut(&pointer).unwrap() = value;
            changed
        };
        let (allowed, refused) = around_limits(member, input.pointer(&pointer).unwrap());
        // Padding a text can break its pattern, which only the service checks.
        for input in allowed
            .into_iter()
            .map(with)
            .filter(|input| is_valid(operation, input))
        {
            send(&client, &input).await.unwrap();
            assert_same(&server.received().pop().unwrap().json(), &input);
        }
        let mut refused: Vec<_> = refused.into_iter().map(with).collect();
        refused.extend(without(&input, &pointer, member));
        for input in refused {
            let sent = server.received().len();
            let error = send(&client, &input).await.unwrap_err();
            let violations = violations(&error);
            assert_eq!(violations.len(), 1, "{path}: {violations:?}");
            assert!(
                violations[0].starts_with(&format!("`{path}` ")),
                "{path}: {violations:?}"
            );
            assert_eq!(server.received().len(), sent, "{path}");
        }
    }
}

/// A value somewhere inside an input.
struct Place<'m> {
    /// Where it is, as a JSON pointer.
    pointer: String,
    /// Where it is, as violations say it.
    path: String,
    member: Member<'m>,
}

/// Every value inside `value`, a structure `shape`, that has a member's constraints.
fn places<'m>(shape: Shape<'m>, value: &Value) -> Vec<Place<'m>> {
    let mut found = Vec::new();
    in_structure(shape, value, "", "", &mut found);
    found
}

fn in_structure<'m>(
    shape: Shape<'m>,
    value: &Value,
    pointer: &str,
    path: &str,
    found: &mut Vec<Place<'m>>,
) {
    for member in shape.members() {
        if let Some(value) = value.get(member.name) {
            let dot = if path.is_empty() { "" } else { "." };
            let (pointer, path) = (
                format!("{pointer}/{}", member.name),
                format!("{path}{dot}{}", member.name),
            );
            in_member(member, value, pointer, path, found);
        }
    }
}

fn in_member<'m>(
    member: Member<'m>,
    value: &Value,
    pointer: String,
    path: String,
    found: &mut Vec<Place<'m>>,
) {
    match member.target.kind() {
        "structure" => in_structure(member.target, value, &pointer, &path, found),
        "list" => {
            let element = member.target.inner("member");
            for (index, item) in value.as_array().unwrap().iter().enumerate() {
                in_member(
                    element,
                    item,
                    format!("{pointer}/{index}"),
                    format!("{path}[{index}]"),
                    found,
                );
            }
        }
        "map" => {
            let element = member.target.inner("value");
            for (key, item) in value.as_object().unwrap() {
                let escaped = key.replace('~', "~0").replace('/', "~1");
                in_member(
                    element,
                    item,
                    format!("{pointer}/{escaped}"),
                    format!("{path}[{key:?}]"),
                    found,
                );
            }
        }
        _ => {}
    }
    found.push(Place {
        pointer,
        path,
        member,
    });
}

/// Values that the constraints of `member` allow, but only just, and values that they do not quite allow.
fn around_limits(member: Member<'_>, value: &Value) -> (Vec<Value>, Vec<Value>) {
    let (constraint, smallest) = match value {
        Value::String(_) => ("length", 0),
        // A builder that is given no element leaves the list or the map away.
        Value::Array(_) | Value::Object(_) => ("length", 1),
        _ => ("range", i64::MIN),
    };
    let Some(bounds) = member.constraint(constraint) else {
        return (vec![], vec![]);
    };
    let (min, max) = (bounds["min"].as_i64(), bounds["max"].as_i64());
    let of_sizes = |sizes: [Option<i64>; 2]| {
        let sizes = sizes.into_iter().flatten().filter(|size| *size >= smallest);
        sizes.filter_map(|size| resize(value, size)).collect()
    };
    (
        of_sizes([min, max]),
        of_sizes([min.map(|min| min - 1), max.map(|max| max + 1)]),
    )
}

/// `value` with another length, or another number; `None` where that cannot be made.
fn resize(value: &Value, size: i64) -> Option<Value> {
    let length = usize::try_from(size).unwrap_or_default();
    match value {
        Value::String(text) => Some(json!(
            text.chars()
                .chain(std::iter::repeat('0'))
                .take(length)
                .collect::<String>()
        )),
        Value::Array(items) => Some(items.iter().cycle().take(length).cloned().collect()),
        Value::Object(_) => None,
        _ => Some(json!(size)),
    }
}

fn is_valid(operation: Operation<'_>, input: &Value) -> bool {
    CONSTRAINTS.violations(operation.input(), input).is_empty()
}

/// `input` without a required member, where builders let that happen.
fn without(input: &Value, pointer: &str, member: Member<'_>) -> Option<Value> {
    let (parent, name) = pointer.rsplit_once('/')?;
    if !member.is_required() || !(parent.is_empty() || member.target.kind() == "structure") {
        return None;
    }
    let mut changed = input.clone();
    changed.pointer_mut(parent)?.as_object_mut()?.remove(name);
    Some(changed)
}

fn violations(error: &SdkError<Error>) -> &[String] {
    match error {
        SdkError::ConstructionFailure(failure) => match failure.error() {
            ConstructionError::InvalidInput(violations) => violations,
            error => panic!("{error:?}"),
        },
        error => panic!("{error:?}"),
    }
}
