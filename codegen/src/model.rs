//! The Smithy JSON AST as it is read: shapes, members and traits, nothing resolved yet.
//!
//! <https://smithy.io/2.0/spec/json-ast.html>

mod assemble;
mod load;
mod shape_id;
mod traits;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

pub use self::assemble::assemble;
pub use self::load::{Document, load, load_json};
pub use self::shape_id::ShapeId;
pub use self::traits::Traits;
use crate::error::Error;

/// A whole model: every shape by its ID, with mixins flattened and traits applied.
#[derive(Debug, Default)]
pub struct Model {
    shapes: BTreeMap<ShapeId, Shape>,
    /// The file that each shape is defined in, and each member that an overlay adds.
    files: BTreeMap<ShapeId, String>,
}

impl Model {
    /// The shape of this ID.
    pub fn get(&self, id: &ShapeId) -> Option<&Shape> {
        self.shapes.get(id)
    }

    /// Every shape, in the order of the IDs.
    pub fn iter(&self) -> impl Iterator<Item = (&ShapeId, &Shape)> {
        self.shapes.iter()
    }

    /// Names the file in which the shape stands that an error is about.
    pub fn locate(&self, error: Error) -> Error {
        let file = error
            .subject()
            .and_then(|subject| ShapeId::parse(subject).ok())
            .and_then(|id| self.files.get(&id).or(self.files.get(&id.split_member().0)));
        match file {
            Some(file) => error.file(file),
            None => error,
        }
    }
}

/// One shape. Which fields are filled depends on [`Shape::kind`].
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shape {
    /// What kind of shape this is.
    #[serde(rename = "type")]
    pub kind: ShapeType,
    /// The traits of the shape.
    #[serde(default)]
    pub traits: Traits,
    /// Members of structures, unions and enums, in the order of the model.
    #[serde(default)]
    pub members: Entries<Member>,
    /// The member of a list.
    pub member: Option<Member>,
    /// The key of a map.
    pub key: Option<Member>,
    /// The value of a map.
    pub value: Option<Member>,
    /// The input of an operation.
    pub input: Option<Reference>,
    /// The output of an operation.
    pub output: Option<Reference>,
    /// The errors of an operation or a service.
    #[serde(default)]
    pub errors: Vec<Reference>,
    /// The version of a service.
    pub version: Option<String>,
    /// The operations of a service or a resource.
    #[serde(default)]
    pub operations: Vec<Reference>,
    /// The operations of a resource that are bound to the collection.
    #[serde(default)]
    pub collection_operations: Vec<Reference>,
    /// The resources of a service or a resource.
    #[serde(default)]
    pub resources: Vec<Reference>,
    /// Lifecycle operations of a resource.
    pub put: Option<Reference>,
    /// See [`Shape::put`].
    pub create: Option<Reference>,
    /// See [`Shape::put`].
    pub read: Option<Reference>,
    /// See [`Shape::put`].
    pub update: Option<Reference>,
    /// See [`Shape::put`].
    pub delete: Option<Reference>,
    /// See [`Shape::put`].
    pub list: Option<Reference>,
    /// The mixins that this shape takes members and traits from.
    #[serde(default)]
    pub mixins: Vec<Reference>,
}

/// The kinds of shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are Smithy's")]
pub enum ShapeType {
    Blob,
    Boolean,
    String,
    Enum,
    Timestamp,
    Byte,
    Short,
    Integer,
    IntEnum,
    Long,
    Float,
    Double,
    BigInteger,
    BigDecimal,
    Document,
    List,
    /// A list of Smithy 1.0 whose items are unique; the wire does not differ.
    Set,
    Map,
    Structure,
    Union,
    Service,
    Operation,
    Resource,
    /// Not a shape: traits (and, in an overlay, members) for a shape that stands elsewhere.
    Apply,
}

/// A member: what it targets and its own traits.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Member {
    /// The shape of the member's value.
    pub target: ShapeId,
    /// The traits of the member, which go before those of the target.
    #[serde(default)]
    pub traits: Traits,
}

/// A reference to a shape.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Reference {
    /// The shape that is meant.
    pub target: ShapeId,
}

/// A JSON object whose order counts and in which no key may stand twice.
#[derive(Clone, Debug, PartialEq)]
pub struct Entries<T>(Vec<(String, T)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Entries<T> {
    /// The entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The entry of this name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.iter()
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        self.0
            .iter_mut()
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The value of a trait that takes none, `{}`.
pub fn annotation() -> Value {
    Value::Object(serde_json::Map::new())
}
