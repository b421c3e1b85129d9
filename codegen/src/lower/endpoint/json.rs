//! A JSON value that knows where it stands, so that every error can say where it is.

use serde_json::Value;

use crate::error::{Error, Result};

/// A value and its path from the root of its document, such as `rules[1].conditions[0].argv[0]`.
#[derive(Clone)]
pub(in crate::lower) struct Node<'a> {
    value: &'a Value,
    path: String,
}

impl<'a> Node<'a> {
    pub(in crate::lower) fn root(value: &'a Value) -> Self {
        Self {
            value,
            path: String::new(),
        }
    }

    /// An error at this place.
    pub(in crate::lower) fn error(&self, message: impl Into<String>) -> Error {
        if self.path.is_empty() {
            Error::new(message)
        } else {
            Error::at(&self.path, message)
        }
    }

    /// The member of that name; a `null` counts as absent.
    pub(in crate::lower) fn get(&self, key: &str) -> Option<Node<'a>> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(self.member(key, value))
    }

    pub(in crate::lower) fn require(&self, key: &str) -> Result<Node<'a>> {
        self.members()?;
        self.get(key)
            .ok_or_else(|| self.error(format!("`{key}` is missing")))
    }

    /// The members of an object, by name.
    pub(in crate::lower) fn members(&self) -> Result<Vec<(&'a str, Node<'a>)>> {
        let Value::Object(object) = self.value else {
            return Err(self.expected("an object"));
        };
        let mut members: Vec<_> = object
            .iter()
            .map(|(key, value)| (key.as_str(), self.member(key, value)))
            .collect();
        // serde_json keeps the order of the file if any crate in the build asks for it.
        members.sort_by_key(|(key, _)| *key);
        Ok(members)
    }

    pub(in crate::lower) fn elements(&self) -> Result<Vec<Node<'a>>> {
        let Value::Array(elements) = self.value else {
            return Err(self.expected("an array"));
        };
        let elements = elements.iter().enumerate().map(|(index, value)| Node {
            value,
            path: format!("{}[{index}]", self.path),
        });
        Ok(elements.collect())
    }

    pub(in crate::lower) fn string(&self) -> Result<&'a str> {
        self.value.as_str().ok_or_else(|| self.expected("a string"))
    }

    pub(in crate::lower) fn boolean(&self) -> Result<bool> {
        self.value
            .as_bool()
            .ok_or_else(|| self.expected("a boolean"))
    }

    /// The value itself, for what depends on its kind.
    pub(in crate::lower) fn value(&self) -> &'a Value {
        self.value
    }

    /// Refuses members other than these: what is not understood must not be ignored.
    pub(in crate::lower) fn allow(&self, keys: &[&str]) -> Result<()> {
        match self
            .members()?
            .into_iter()
            .find(|(key, _)| !keys.contains(key))
        {
            Some((key, _)) => Err(self.error(format!("unknown member `{key}`"))),
            None => Ok(()),
        }
    }

    pub(in crate::lower) fn expected(&self, what: &str) -> Error {
        let found = match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        self.error(format!("expected {what}, found {found}"))
    }

    fn member(&self, key: &str, value: &'a Value) -> Node<'a> {
        let path = if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        };
        Node { value, path }
    }
}
