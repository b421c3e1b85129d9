//! Shape IDs: `namespace#Name` and `namespace#Name$member`.

use std::fmt;

use serde::{Deserialize, Deserializer};

use crate::error::{Error, Result};

/// The ID of a shape or of a member.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShapeId {
    namespace: String,
    name: String,
    member: Option<String>,
}

impl ShapeId {
    /// Reads `namespace#Name` or `namespace#Name$member`.
    pub fn parse(text: &str) -> Result<Self> {
        let invalid = || {
            Error::new(format!(
                "`{text}` is no shape ID: expected `namespace#Name`"
            ))
        };
        let (namespace, rest) = text.split_once('#').ok_or_else(invalid)?;
        let (name, member) = match rest.split_once('$') {
            Some((name, member)) => (name, Some(member)),
            None => (rest, None),
        };
        let identifiers = namespace.split('.').chain([name]).chain(member);
        if !identifiers.into_iter().all(is_identifier) {
            return Err(invalid());
        }
        Ok(Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            member: member.map(str::to_owned),
        })
    }

    /// The part before the `#`.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The name of the shape.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The ID of a member of this shape.
    #[must_use]
    pub fn with_member(&self, member: &str) -> Self {
        Self {
            member: Some(member.to_owned()),
            ..self.clone()
        }
    }

    /// The ID of the shape and the name of the member, if this is the ID of one.
    pub fn split_member(&self) -> (Self, Option<&str>) {
        let shape = Self {
            member: None,
            ..self.clone()
        };
        (shape, self.member.as_deref())
    }
}

fn is_identifier(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

impl fmt::Display for ShapeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.namespace, self.name)?;
        match &self.member {
            Some(member) => write!(f, "${member}"),
            None => Ok(()),
        }
    }
}

impl<'de> Deserialize<'de> for ShapeId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints_ids() {
        for text in ["smithy.api#String", "a#B", "com.example.v1#Foo_1$bar"] {
            let id = ShapeId::parse(text).unwrap();
            assert_eq!(id.to_string(), text);
        }
        for text in ["", "Foo", "a#", "#B", "a..b#C", "a#B$", "a#1B", "a b#C"] {
            assert!(ShapeId::parse(text).is_err(), "{text}");
        }
    }
}
