//! One file: JSON text to AST, with errors that name file, line and column.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{Entries, Shape};
use crate::error::{Error, Result};

/// One file of a model.
#[derive(Debug)]
pub struct Document {
    /// What the file is called in errors.
    pub(super) file: String,
    /// Whether the file is of Smithy 1.0, where numbers have a default unless they are boxed.
    pub(super) version_1: bool,
    pub(super) shapes: Entries<Shape>,
}

/// Reads one file of a model. `file` is its name in errors.
pub fn load(file: &str, text: &str) -> Result<Document> {
    #[derive(Deserialize)]
    #[serde(expecting = "a Smithy model")]
    struct Ast {
        smithy: String,
        #[serde(default)]
        shapes: Entries<Shape>,
    }

    let ast: Ast = load_json(file, text)?;
    let version_1 = match ast.smithy.as_str() {
        "1" | "1.0" => true,
        "2" | "2.0" => false,
        other => {
            return Err(Error::new(format!(
                "Smithy version `{other}` is not supported; 1.0 and 2.0 are"
            ))
            .file(file));
        }
    };
    Ok(Document {
        file: file.to_owned(),
        version_1,
        shapes: ast.shapes,
    })
}

/// Reads JSON; an error names file, line and column.
pub fn load_json<'a, T: Deserialize<'a>>(file: &str, text: &'a str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| {
        let place = format!("{file}:{}:{}", error.line(), error.column());
        let message = error.to_string();
        let suffix = format!(" at line {} column {}", error.line(), error.column());
        Error::new(message.strip_suffix(&suffix).unwrap_or(&message)).file(place)
    })
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<T> {
            type Value = Entries<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::with_capacity(map.size_hint().unwrap_or(0));
                let mut names = std::collections::HashSet::new();
                while let Some((name, value)) = map.next_entry::<String, T>()? {
                    if !names.insert(name.clone()) {
                        return Err(A::Error::custom(format!("`{name}` is defined twice")));
                    }
                    entries.push((name, value));
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syntax_errors_name_file_line_and_column() {
        let error = load("m.json", "{\n  \"smithy\": \"2.0\",,\n}").unwrap_err();
        assert_eq!(error.to_string(), "m.json:2:19: key must be a string");
    }

    #[test]
    fn a_shape_defined_twice_in_a_file_is_refused() {
        let text = r#"{"smithy":"2.0","shapes":{"a#B":{"type":"string"},"a#B":{"type":"string"}}}"#;
        let error = load("m.json", text).unwrap_err();
        assert!(
            error.to_string().contains("`a#B` is defined twice"),
            "{error}"
        );
    }

    #[test]
    fn other_versions_are_refused() {
        let error = load("m.json", r#"{"smithy":"3.0"}"#).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("m.json: Smithy version `3.0`")
        );
    }
}
