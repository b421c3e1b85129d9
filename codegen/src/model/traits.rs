//! The traits of a shape or member, by ID.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Error, Result};

/// Traits by shape ID; the values are kept as JSON until someone asks for them.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Traits(BTreeMap<String, Value>);

impl Traits {
    /// Whether the trait is there.
    pub fn has(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    /// The trait's value, read as a `T`.
    pub fn get<T: DeserializeOwned>(&self, id: &str) -> Result<Option<T>> {
        self.raw(id)
            .map(|value| {
                T::deserialize(value)
                    .map_err(|error| Error::new(format!("trait `{id}` cannot be read: {error}")))
            })
            .transpose()
    }

    /// The trait's value as it stands.
    pub fn raw(&self, id: &str) -> Option<&Value> {
        self.0.get(id)
    }

    /// The IDs of the traits.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Adds or replaces a trait.
    pub fn insert(&mut self, id: impl Into<String>, value: Value) {
        self.0.insert(id.into(), value);
    }

    /// Adds other traits, or replaces these by them.
    pub(super) fn extend(&mut self, others: &Self) {
        self.0.extend(others.0.clone());
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(id, value)| (id.as_str(), value))
    }
}
