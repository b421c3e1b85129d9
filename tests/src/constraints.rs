//! What the model demands of a value: types, required and unknown members, lengths, ranges, patterns, enum values.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use regex::Regex;
use serde_json::Value;

use crate::model::{Member, Model, Shape};

/// Checks values against the shapes of a model.
pub struct Constraints {
    /// Every pattern of the model, compiled.
    patterns: BTreeMap<String, Regex>,
}

impl Constraints {
    /// Compiles the patterns of `model`; one that cannot be compiled is a panic that names its shape.
    pub fn of(model: &Model) -> Self {
        let patterns = model
            .shapes()
            .flat_map(|shape| {
                let own = shape
                    .trait_value("pattern")
                    .map(|pattern| (shape.id(), pattern));
                own.into_iter().chain(
                    shape.members().filter_map(move |member| {
                        Some((shape.id(), member.constraint("pattern")?))
                    }),
                )
            })
            .map(|(id, pattern)| {
                let pattern = pattern.as_str().expect("a pattern is a string");
                let regex = Regex::new(&join_surrogates(pattern))
                    .unwrap_or_else(|error| panic!("the pattern of {id}: {error}"));
                (pattern.to_owned(), regex)
            })
            .collect();
        Self { patterns }
    }

    /// What is wrong with the structure `value`; empty if nothing is.
    pub fn violations(&self, shape: Shape<'_>, value: &Value) -> Vec<String> {
        let mut found = Vec::new();
        self.check_structure(shape, value, "", &mut found);
        found
    }

    /// Whether `text` is a value of the string `member`.
    pub fn accepts(&self, member: Member<'_>, text: &str) -> bool {
        let mut found = Vec::new();
        self.check_text(member, text, "", &mut found);
        found.is_empty()
    }

    fn check(&self, member: Member<'_>, value: &Value, path: &str, found: &mut Vec<String>) {
        let kind = member.target.kind();
        match (kind, value) {
            ("structure", Value::Object(_)) => {
                self.check_structure(member.target, value, path, found)
            }
            ("list", Value::Array(items)) => {
                check_bounds(member, "length", items.len(), path, found);
                let element = member.target.inner("member");
                for (index, item) in items.iter().enumerate() {
                    self.check(element, item, &format!("{path}[{index}]"), found);
                }
            }
            ("map", Value::Object(entries)) => {
                check_bounds(member, "length", entries.len(), path, found);
                let (key, value) = (member.target.inner("key"), member.target.inner("value"));
                for (name, item) in entries {
                    self.check_text(key, name, &format!("{path} key {name:?}"), found);
                    self.check(value, item, &format!("{path}[{name:?}]"), found);
                }
            }
            ("string" | "enum", Value::String(text)) => self.check_text(member, text, path, found),
            ("blob", Value::String(text)) => match BASE64.decode(text) {
                Ok(bytes) => check_bounds(member, "length", bytes.len(), path, found),
                Err(error) => found.push(format!("{path} is not base64: {error}")),
            },
            ("boolean", Value::Bool(_)) | ("float" | "double" | "timestamp", Value::Number(_)) => {}
            ("integer", Value::Number(number))
                if number.as_i64().is_some_and(|n| i32::try_from(n).is_ok()) =>
            {
                check_bounds(
                    member,
                    "range",
                    number.as_i64().unwrap_or_default(),
                    path,
                    found,
                );
            }
            ("long", Value::Number(number)) if number.is_i64() => {
                check_bounds(
                    member,
                    "range",
                    number.as_i64().unwrap_or_default(),
                    path,
                    found,
                );
            }
            _ => found.push(format!("{path} is no {kind}: {value}")),
        }
    }

    fn check_structure(
        &self,
        shape: Shape<'_>,
        value: &Value,
        path: &str,
        found: &mut Vec<String>,
    ) {
        let Some(entries) = value.as_object() else {
            found.push(format!("{path} is no structure: {value}"));
            return;
        };
        let join = |name: &str| {
            if path.is_empty() {
                name.to_owned()
            } else {
                format!("{path}.{name}")
            }
        };
        for member in shape.members().filter(|member| member.is_required()) {
            if !entries.contains_key(member.name) {
                found.push(format!("{} is required", join(member.name)));
            }
        }
        for (name, item) in entries {
            match shape.find_member(name) {
                Some(member) => self.check(member, item, &join(name), found),
                None => found.push(format!("{} is unknown", join(name))),
            }
        }
    }

    fn check_text(&self, member: Member<'_>, text: &str, path: &str, found: &mut Vec<String>) {
        check_bounds(member, "length", text.chars().count(), path, found);
        if let Some(pattern) = member.constraint("pattern").and_then(Value::as_str)
            && !self.patterns[pattern].is_match(text)
        {
            found.push(format!("{path} does not match {pattern}: {text:?}"));
        }
        if member.target.kind() == "enum" && !member.target.enum_values().contains(&text) {
            found.push(format!(
                "{path} is none of the values of {}: {text:?}",
                member.target.name()
            ));
        }
    }
}

/// Checks `size` against the `min` and `max` of a `length` or `range` trait.
fn check_bounds<N>(
    member: Member<'_>,
    constraint: &str,
    size: N,
    path: &str,
    found: &mut Vec<String>,
) where
    N: TryInto<i64>,
{
    let Some(bounds) = member.constraint(constraint) else {
        return;
    };
    let size = size.try_into().unwrap_or(i64::MAX);
    if bounds["min"].as_i64().is_some_and(|min| size < min)
        || bounds["max"].as_i64().is_some_and(|max| size > max)
    {
        found.push(format!(
            "{path} has the {constraint} {size}, which is not in {bounds}"
        ));
    }
}

/// Writes the UTF-16 surrogate pairs of a pattern (`\uD800\uDC00`) as the code points that they stand for.
///
/// The models are written for engines that work on UTF-16; `regex` works on code points.
fn join_surrogates(pattern: &str) -> String {
    let pair = Regex::new(r"\\u(D[89ABab][0-9A-Fa-f]{2})\\u(D[C-Fc-f][0-9A-Fa-f]{2})")
        .expect("a constant");
    pair.replace_all(pattern, |halves: &regex::Captures<'_>| {
        let half = |index: usize| {
            u16::from_str_radix(&halves[index], 16).expect("four hexadecimal digits")
        };
        let text = String::from_utf16(&[half(1), half(2)]).expect("a surrogate pair");
        text.chars()
            .map(|c| format!("\\u{{{:X}}}", u32::from(c)))
            .collect::<String>()
    })
    .into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn model() -> Model {
        Model::assemble([json!({ "shapes": {
            "a#Name": { "type": "string", "traits": {
                "smithy.api#length": { "max": 3, "min": 2 }, "smithy.api#pattern": "^[a-z\u{e4}]+$",
            } },
            "a#Any": { "type": "string", "traits": { "smithy.api#pattern": "^[\\u0020-\\uD7FF\\uD800\\uDC00-\\uDBFF\\uDFFF]*$" } },
            "a#Count": { "type": "integer", "traits": { "smithy.api#range": { "max": 5, "min": 1 } } },
            "a#Names": { "type": "list", "member": { "target": "a#Name" }, "traits": { "smithy.api#length": { "max": 2 } } },
            "a#Labels": { "type": "map", "key": { "target": "a#Name" }, "value": { "target": "a#Color" } },
            "a#Color": { "type": "enum", "members": { "RED": { "target": "smithy.api#Unit", "traits": { "smithy.api#enumValue": "red" } } } },
            "a#Bytes": { "type": "blob" },
            "a#Time": { "type": "timestamp" },
            "a#Inner": { "type": "structure", "members": { "Name": { "target": "a#Name", "traits": { "smithy.api#required": {} } } } },
            "a#Inners": { "type": "list", "member": { "target": "a#Inner" } },
            "a#Input": { "type": "structure", "members": {
                "Any": { "target": "a#Any" },
                "Count": { "target": "a#Count" },
                "Names": { "target": "a#Names" },
                "Labels": { "target": "a#Labels" },
                "Bytes": { "target": "a#Bytes" },
                "Time": { "target": "a#Time" },
                "Inners": { "target": "a#Inners" },
            } },
        } })])
    }

    #[track_caller]
    fn check(value: Value, expected: &[&str]) {
        let model = model();
        assert_eq!(
            Constraints::of(&model).violations(model.named("Input"), &value),
            expected
        );
    }

    #[test]
    fn a_valid_value_has_no_violations() {
        check(
            json!({
                "Any": "\u{1F980}", "Count": 5, "Names": ["ab", "\u{e4}\u{e4}\u{e4}"], "Labels": { "ab": "red" },
                "Bytes": "AP8=", "Time": 1.5, "Inners": [{ "Name": "abc" }],
            }),
            &[],
        );
    }

    #[test]
    fn every_violation_is_found_with_its_path() {
        check(
            json!({ "Inners": [{ "Name": "ab" }, {}] }),
            &["Inners[1].Name is required"],
        );
        check(
            json!({ "Inners": [{ "Name": "ab", "Nome": 1 }] }),
            &["Inners[0].Nome is unknown"],
        );
        check(json!({ "Count": "1" }), &["Count is no integer: \"1\""]);
        check(json!({ "Count": null }), &["Count is no integer: null"]);
        check(
            json!({ "Count": 3_000_000_000_u32 }),
            &["Count is no integer: 3000000000"],
        );
        check(
            json!({ "Count": 0 }),
            &["Count has the range 0, which is not in {\"max\":5,\"min\":1}"],
        );
        check(
            json!({ "Names": ["a"] }),
            &["Names[0] has the length 1, which is not in {\"max\":3,\"min\":2}"],
        );
        check(
            json!({ "Names": ["ab", "ab", "ab"] }),
            &["Names has the length 3, which is not in {\"max\":2}"],
        );
        check(
            json!({ "Names": ["AB"] }),
            &["Names[0] does not match ^[a-z\u{e4}]+$: \"AB\""],
        );
        check(
            json!({ "Labels": { "ab": "blue" } }),
            &["Labels[\"ab\"] is none of the values of Color: \"blue\""],
        );
        check(
            json!({ "Bytes": "%" }),
            &["Bytes is not base64: Invalid symbol 37, offset 0."],
        );
        check(
            json!({ "Time": "2026-01-01T00:00:00Z" }),
            &["Time is no timestamp: \"2026-01-01T00:00:00Z\""],
        );
        check(
            json!({ "Any": "\u{7}", "Count": 9 }),
            &[
                "Any does not match ^[\\u0020-\\uD7FF\\uD800\\uDC00-\\uDBFF\\uDFFF]*$: \"\\u{7}\"",
                "Count has the range 9, which is not in {\"max\":5,\"min\":1}",
            ],
        );
        check(json!([]), &[" is no structure: []"]);
    }
}
