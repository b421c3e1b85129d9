//! The shapes of a case: what they say, and values as AWS JSON has them on the wire.

use std::cell::RefCell;
use std::collections::BTreeSet;

use anyhow::{Context, Result};
use aws_smithy_types::DateTime;
use aws_smithy_types::base64;
use aws_smithy_types::date_time::Format;
use serde_json::{Map, Value, json};

/// The shapes of one operation, in botocore's words.
pub struct Shapes {
    operation: Value,
    shapes: Map<String, Value>,
    /// Lists and maps whose values can be null. Upstream's models say so; botocore's do not, but
    /// the values of the cases do.
    sparse: RefCell<BTreeSet<String>>,
}

/// Which way a value goes. The codec reads timestamps of any format, and writes that of the model.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    /// What the harness reads into the input.
    Given,
    /// What the harness writes of an output.
    Expected,
}

impl Shapes {
    /// The shapes of `description`, and the operation that `given` describes; `cases` are those
    /// that share them.
    pub fn new(description: &Value, cases: &[Value], given: &Value) -> Result<Self> {
        let mut shapes = description["shapes"]
            .as_object()
            .cloned()
            .unwrap_or_default();
        for shape in shapes.values_mut() {
            // The models of services say so of documents too.
            if shape["document"] == true && shape["members"].is_null() {
                shape["members"] = json!({});
            }
            let kind = match shape["type"].as_str() {
                Some("character") => "string",
                // A slip of the suite, which goes on with `key` and `value`.
                Some("string") if shape.get("key").is_some() => "map",
                _ => continue,
            };
            shape["type"] = json!(kind);
        }
        // A case lists the one error that it is about, and another case of the same operation
        // another one. A client knows all of them.
        let errors = shapes
            .iter()
            .filter(|(_, shape)| shape["exception"] == true)
            .map(|(name, _)| json!({ "shape": name }))
            .collect();
        let mut operation = given.clone();
        operation["errors"] = Value::Array(errors);
        operation["http"] = json!({ "method": "POST", "requestUri": "/" });

        let this = Self {
            operation,
            shapes,
            sparse: RefCell::default(),
        };
        for case in cases.iter().filter(|case| case["given"] == *given) {
            this.input(&case["params"])?;
            this.output(&case["result"])?;
        }
        Ok(this)
    }

    pub fn operation(&self) -> &Value {
        &self.operation
    }

    pub fn json(&self) -> &Map<String, Value> {
        &self.shapes
    }

    pub fn is_sparse(&self, name: &str) -> bool {
        self.sparse.borrow().contains(name)
    }

    pub fn has_event_streams(&self) -> bool {
        self.shapes
            .values()
            .any(|shape| shape["eventstream"] == true)
    }

    /// An input in JSON.
    pub fn input(&self, params: &Value) -> Result<Value> {
        self.top(&self.operation["input"], params, Side::Given)
    }

    /// An output in JSON.
    pub fn output(&self, result: &Value) -> Result<Value> {
        self.top(&self.operation["output"], result, Side::Expected)
    }

    /// The members of the error that has this code.
    pub fn error(&self, code: &str, members: &Value) -> Result<Value> {
        let modeled = self.shapes.iter().find(|(name, shape)| {
            shape["exception"] == true && (*name == code || shape["error"]["code"] == code)
        });
        match modeled {
            Some((name, _)) => self.value(&json!({ "shape": name }), members, Side::Expected),
            None => Ok(members.clone()),
        }
    }

    fn top(&self, reference: &Value, value: &Value, side: Side) -> Result<Value> {
        if reference.is_null() || value.is_null() {
            return Ok(json!({}));
        }
        self.value(reference, value, side)
    }

    /// A value of the shape that a member, or another reference, names.
    fn value(&self, reference: &Value, value: &Value, side: Side) -> Result<Value> {
        let name = reference["shape"]
            .as_str()
            .context("a reference without shape")?;
        let shape = self
            .shapes
            .get(name)
            .with_context(|| format!("there is no shape `{name}`"))?;
        Ok(match (shape["type"].as_str().unwrap_or_default(), value) {
            ("structure", Value::Object(members)) if shape["document"] != true => members
                .iter()
                .map(|(key, value)| {
                    let member = &shape["members"][key];
                    let value = self
                        .value(member, value, side)
                        .with_context(|| format!("member `{key}` of `{name}`"))?;
                    Ok((key.clone(), value))
                })
                .collect::<Result<Map<_, _>>>()?
                .into(),
            ("list", Value::Array(items)) => {
                if items.contains(&Value::Null) {
                    self.sparse.borrow_mut().insert(name.to_owned());
                }
                let items = items.iter();
                items
                    .map(|item| self.value(&shape["member"], item, side))
                    .collect::<Result<Vec<_>>>()?
                    .into()
            }
            ("map", Value::Object(entries)) => {
                if entries.values().any(Value::is_null) {
                    self.sparse.borrow_mut().insert(name.to_owned());
                }
                entries
                    .iter()
                    .map(|(key, value)| {
                        Ok((key.clone(), self.value(&shape["value"], value, side)?))
                    })
                    .collect::<Result<Map<_, _>>>()?
                    .into()
            }
            ("blob", Value::String(text)) => json!(base64::encode(text)),
            ("timestamp", Value::Number(seconds)) if side == Side::Expected => {
                let format = [reference, shape]
                    .into_iter()
                    .find_map(|place| place["timestampFormat"].as_str());
                formatted(&seconds.to_string(), format)?
            }
            _ => value.clone(),
        })
    }
}

/// Seconds in the format that the model names in botocore's words.
fn formatted(seconds: &str, format: Option<&str>) -> Result<Value> {
    let format = match format {
        Some("iso8601") => Format::DateTime,
        Some("rfc822") => Format::HttpDate,
        _ => Format::EpochSeconds,
    };
    let time = DateTime::from_str(seconds, Format::EpochSeconds)?;
    let text = time.fmt(format)?;
    Ok(match format {
        Format::EpochSeconds => serde_json::from_str(&text)?,
        _ => json!(text),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_what_is_on_the_wire() {
        let description = json!({"shapes": {
            "In": {"type": "structure", "members": {
                "Blob": {"shape": "Blob"},
                "Times": {"shape": "Times"},
                "Custom": {"shape": "Time", "timestampFormat": "iso8601"},
            }},
            "Blob": {"type": "blob"},
            "Times": {"type": "list", "member": {"shape": "Time"}},
            "Time": {"type": "timestamp"},
        }});
        let given = json!({"name": "Op", "input": {"shape": "In"}, "output": {"shape": "In"}});
        let values = json!({"Blob": "hi!", "Times": [1.5, null], "Custom": 1_576_540_098});
        let cases = [json!({"given": given, "params": values})];
        let shapes = Shapes::new(&description, &cases, &given).expect("shapes");
        assert_eq!(
            shapes.input(&values).expect("an input"),
            json!({"Blob": "aGkh", "Times": [1.5, null], "Custom": 1_576_540_098})
        );
        assert_eq!(
            shapes.output(&values).expect("an output"),
            json!({"Blob": "aGkh", "Times": [1.5, null], "Custom": "2019-12-16T23:48:18Z"})
        );
        assert!(shapes.is_sparse("Times"));
        assert!(!shapes.is_sparse("In"));
    }
}
