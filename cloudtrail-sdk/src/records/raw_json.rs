//! JSON that is kept as text until it is asked for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use crate::primitives::Document;

/// JSON as it came: a part of a record that CloudTrail leaves open to each service.
///
/// It is read by [`read`](Self::read) or [`as_value`](Self::as_value), each time anew, so that a
/// scan over records does not pay for what it does not look at. It is known to be JSON, however deep;
/// reading refuses what is nested more than 128 levels deep.
///
/// Two are equal if they hold the same value. It can be written to and read from JSON alone, not
/// other formats of serde.
#[derive(Clone)]
pub struct RawJson(Box<RawValue>);

impl RawJson {
    /// The JSON of any value.
    pub fn new<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        to_raw_value(value).map(Self)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// Reads it as a `T`, which can borrow from the text.
    pub fn read<'a, T: Deserialize<'a>>(&'a self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.as_str())
    }

    /// Reads it as any JSON.
    pub fn as_value(&self) -> Result<Document, serde_json::Error> {
        self.read()
    }
}

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
            || matches!((self.as_value(), other.as_value()), (Ok(one), Ok(two)) if one == two)
    }
}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text.
impl fmt::Display for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RawJson {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

impl From<Document> for RawJson {
    fn from(value: Document) -> Self {
        // Its keys are strings and its numbers are JSON, so writing it cannot fail.
        to_raw_value(&value).map_or_else(|_| Self(RawValue::NULL.to_owned()), Self)
    }
}

impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RawJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Deserialize::deserialize(deserializer).map(Self)
    }
}
