//! A JSON object that keeps the order of its keys.
//!
//! The order of a structure's members carries meaning: it is the order in which people read the
//! documentation and the generated code. `serde_json::Map` sorts its keys unless its
//! `preserve_order` feature is on, and Cargo would then turn that on for the SDK too whenever the
//! workspace is built as a whole, so that the tests would run against another `serde_json` than
//! the one people get.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

/// A JSON object in the order of the document.
///
/// Reading it says where an error is: the message of an error inside a value starts with its key.
/// A key that occurs twice is an error.
#[derive(Debug)]
pub struct Ordered<V>(Vec<(String, V)>);

impl<V> Ordered<V> {
    /// The value of `key`, by linear search: these objects are the members of one shape.
    pub fn get(&self, key: &str) -> Option<&V> {
        self.iter().find_map(|(k, v)| (k == key).then_some(v))
    }

    /// The value of `key`, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        let mut entries = self.0.iter_mut();
        entries.find_map(|(k, v)| (k == key).then_some(v))
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &V)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

// Not derived, because that would ask for `V: Default`.
impl<V> Default for Ordered<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V> FromIterator<(String, V)> for Ordered<V> {
    fn from_iter<I: IntoIterator<Item = (String, V)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

impl<V: Serialize> Serialize for Ordered<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Ordered<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OrderedVisitor(PhantomData))
    }
}

struct OrderedVisitor<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for OrderedVisitor<V> {
    type Value = Ordered<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        let mut seen = std::collections::HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            if !seen.insert(key.clone()) {
                return Err(A::Error::custom(format_args!("`{key}` occurs twice")));
            }
            let value = map
                .next_value()
                .map_err(|error| A::Error::custom(format_args!("`{key}`: {error}")))?;
            entries.push((key, value));
        }
        Ok(Ordered(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_order_of_the_document() {
        let text = r#"{"b":1,"a":2,"c":3}"#;
        let object: Ordered<u8> = serde_json::from_str(text).expect("an object");
        assert_eq!(serde_json::to_string(&object).expect("numbers"), text);
    }

    #[test]
    fn an_error_names_the_path_to_it() {
        let error = serde_json::from_str::<Ordered<Ordered<u8>>>(r#"{"a": {"b": "x"}}"#)
            .expect_err("a string is no number")
            .to_string();
        assert!(
            error.starts_with("`a`: `b`: invalid type: string"),
            "{error}"
        );
    }

    #[test]
    fn a_key_twice_is_an_error() {
        let error = serde_json::from_str::<Ordered<u8>>(r#"{"a": 1, "a": 2}"#)
            .expect_err("a key twice")
            .to_string();
        assert!(error.starts_with("`a` occurs twice"), "{error}");
    }
}
