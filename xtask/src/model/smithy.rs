//! The Smithy 2.0 JSON AST as it is written, as far as a botocore service needs it.
//!
//! `codegen::model` is the side that reads.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::ordered::Ordered;

/// Trait values by absolute trait ID.
pub type Traits = BTreeMap<String, Value>;

#[derive(Debug, Serialize)]
pub struct Model {
    pub smithy: String,
    /// By absolute shape ID, sorted so that a refresh shows as a small diff.
    pub shapes: BTreeMap<String, Shape>,
}

/// One shape. Which fields are set depends on its `type`.
#[derive(Debug, Default, Serialize)]
pub struct Shape {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<Member>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Member>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<Member>,
    /// Set, though perhaps empty, for structures, unions and enums.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<Ordered<Member>>,
    #[serde(skip_serializing_if = "Traits::is_empty")]
    pub traits: Traits,
}

#[derive(Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Reference {
    pub target: String,
}

#[derive(Debug, Serialize)]
pub struct Member {
    pub target: String,
    #[serde(skip_serializing_if = "Traits::is_empty")]
    pub traits: Traits,
}
