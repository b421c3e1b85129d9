//! Reads `models/`: Smithy JSON AST with the overlay applied.
//!
//! This reader shares no code with `codegen`, so a mistake there cannot hide itself here. The build script
//! compiles this file too. A model that `codegen` would refuse makes it panic.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde_json::{Map, Value};

/// The files of `models/cloudtrail/`, in the order in which they are merged.
const FILES: [&str; 2] = ["service.json", "overlay.json"];

/// The shape of operations without input or output, and of enum values.
const UNIT: &str = "smithy.api#Unit";

/// An assembled model.
pub struct Model {
    /// Every shape by its absolute ID.
    shapes: BTreeMap<String, Value>,
}

impl Model {
    /// Reads the CloudTrail model from `directory` (`models/cloudtrail`).
    pub fn read(directory: &Path) -> Self {
        Self::assemble(FILES.map(|name| {
            let path = directory.join(name);
            let text = std::fs::read_to_string(&path)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            serde_json::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        }))
    }

    /// Merges files into one model; later files may `apply` traits and members to the shapes of earlier ones.
    pub fn assemble(files: impl IntoIterator<Item = Value>) -> Self {
        let mut shapes =
            BTreeMap::from([(UNIT.to_owned(), serde_json::json!({ "type": "structure" }))]);
        for mut file in files {
            for (id, definition) in std::mem::take(object_mut(&mut file, "shapes")) {
                if definition["type"] == "apply" {
                    apply(&mut shapes, &id, definition);
                } else {
                    shapes.insert(id, definition);
                }
            }
        }
        Self { shapes }
    }

    /// The one service of the model.
    pub fn service(&self) -> Shape<'_> {
        let mut services = self.shapes().filter(|shape| shape.kind() == "service");
        let service = services.next().expect("the model has no service");
        assert!(services.next().is_none(), "the model has several services");
        service
    }

    /// The operations of the service, in the order of their names.
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let mut operations: Vec<_> = self
            .service()
            .targets("operations")
            .map(Operation)
            .collect();
        operations.sort_by_key(Operation::name);
        operations
    }

    /// The operation called `name`.
    pub fn operation(&self, name: &str) -> Option<Operation<'_>> {
        self.service()
            .targets("operations")
            .map(Operation)
            .find(|operation| operation.name() == name)
    }

    /// Every error structure, in the order of their names.
    pub fn errors(&self) -> Vec<Shape<'_>> {
        self.shapes()
            .filter(|shape| shape.trait_value("error").is_some())
            .collect()
    }

    /// Every shape, in the order of their IDs.
    pub fn shapes(&self) -> impl Iterator<Item = Shape<'_>> {
        self.shapes.iter().map(|(id, definition)| Shape {
            model: self,
            id,
            definition,
        })
    }

    /// The shape called `name`, whatever its namespace.
    pub fn named(&self, name: &str) -> Shape<'_> {
        self.shapes()
            .find(|shape| shape.name() == name)
            .unwrap_or_else(|| panic!("the model has no shape {name}"))
    }

    fn shape(&self, id: &str) -> Shape<'_> {
        let (id, definition) = self
            .shapes
            .get_key_value(id)
            .unwrap_or_else(|| panic!("the model has no shape {id}"));
        Shape {
            model: self,
            id,
            definition,
        }
    }

    fn member<'m>(&'m self, name: &'m str, definition: &'m Value) -> Member<'m> {
        Member {
            name,
            target: self.target(definition),
            definition,
        }
    }

    fn target<'m>(&'m self, reference: &'m Value) -> Shape<'m> {
        self.shape(
            reference["target"]
                .as_str()
                .unwrap_or_else(|| panic!("{reference} has no target")),
        )
    }
}

/// Adds what an `apply` statement says to a shape, or to a member (`namespace#Shape$member`).
///
/// Smithy's own statement brings traits; this repository's may bring `members` as well.
fn apply(shapes: &mut BTreeMap<String, Value>, id: &str, mut statement: Value) {
    let (shape, member) = id
        .split_once('$')
        .map_or((id, None), |(shape, member)| (shape, Some(member)));
    let shape = shapes
        .get_mut(shape)
        .unwrap_or_else(|| panic!("apply {id}: no such shape"));
    let target = match member {
        None => shape,
        Some(name) => shape
            .get_mut("members")
            .and_then(|members| members.get_mut(name))
            .unwrap_or_else(|| panic!("apply {id}: no such member")),
    };
    for key in ["traits", "members"] {
        let added = std::mem::take(object_mut(&mut statement, key));
        object_mut(target, key).extend(added);
    }
}

/// The object under `key`, made if it is absent.
fn object_mut<'v>(value: &'v mut Value, key: &str) -> &'v mut Map<String, Value> {
    let slot = &mut value[key];
    if slot.is_null() {
        *slot = Value::Object(Map::new());
    }
    slot.as_object_mut()
        .unwrap_or_else(|| panic!("`{key}` is no object"))
}

/// A shape of the model.
#[derive(Clone, Copy)]
pub struct Shape<'m> {
    model: &'m Model,
    id: &'m str,
    definition: &'m Value,
}

impl<'m> Shape<'m> {
    /// The name without its namespace.
    pub fn name(self) -> &'m str {
        self.id.rsplit_once('#').map_or(self.id, |(_, name)| name)
    }

    /// `namespace#Name`.
    pub fn id(self) -> &'m str {
        self.id
    }

    /// The Smithy type: `structure`, `list`, `string`, `enum`…
    pub fn kind(self) -> &'m str {
        self.definition["type"]
            .as_str()
            .unwrap_or_else(|| panic!("{} has no type", self.id))
    }

    /// A trait of `smithy.api`.
    pub fn trait_value(self, name: &str) -> Option<&'m Value> {
        trait_value(self.definition, name)
    }

    /// The members of a structure, a union or an enum, in the order of their names.
    pub fn members(self) -> impl Iterator<Item = Member<'m>> {
        self.definition["members"]
            .as_object()
            .into_iter()
            .flatten()
            .map(move |(name, definition)| self.model.member(name, definition))
    }

    /// The member called `name`.
    pub fn find_member(self, name: &str) -> Option<Member<'m>> {
        self.members().find(|member| member.name == name)
    }

    /// The elements of a list (`member`), or the keys or values of a map (`key`, `value`).
    pub fn inner(self, name: &'static str) -> Member<'m> {
        self.model.member(name, &self.definition[name])
    }

    /// The values of an enum.
    pub fn enum_values(self) -> Vec<&'m str> {
        self.members()
            .map(|member| match trait_value(member.definition, "enumValue") {
                Some(value) => value.as_str().expect("an enum value is a string"),
                None => member.name,
            })
            .collect()
    }

    /// The shapes that a list of references names.
    fn targets(self, key: &str) -> impl Iterator<Item = Shape<'m>> {
        self.definition[key]
            .as_array()
            .into_iter()
            .flatten()
            .map(move |node| self.model.target(node))
    }
}

/// A member of a structure, a list or a map.
#[derive(Clone, Copy)]
pub struct Member<'m> {
    pub name: &'m str,
    pub target: Shape<'m>,
    definition: &'m Value,
}

impl<'m> Member<'m> {
    /// Whether the member must be present.
    pub fn is_required(self) -> bool {
        trait_value(self.definition, "required").is_some()
    }

    /// A constraint (`length`, `range`, `pattern`): the member's own, else its target's.
    pub fn constraint(self, name: &str) -> Option<&'m Value> {
        trait_value(self.definition, name).or_else(|| self.target.trait_value(name))
    }

    /// The value that the member has when it is absent, if that is not "none".
    pub fn default(self) -> Option<&'m Value> {
        trait_value(self.definition, "default").filter(|value| !value.is_null())
    }
}

fn trait_value<'m>(definition: &'m Value, name: &str) -> Option<&'m Value> {
    definition.get("traits")?.get(format!("smithy.api#{name}"))
}

/// An operation of the service.
#[derive(Clone, Copy)]
pub struct Operation<'m>(Shape<'m>);

impl fmt::Debug for Operation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl<'m> Operation<'m> {
    pub fn name(&self) -> &'m str {
        self.0.name()
    }

    pub fn input(&self) -> Shape<'m> {
        self.structure("input")
    }

    pub fn output(&self) -> Shape<'m> {
        self.structure("output")
    }

    /// The errors that the operation lists, and those that its service lists for all.
    pub fn errors(&self) -> Vec<Shape<'m>> {
        self.0
            .targets("errors")
            .chain(self.0.model.service().targets("errors"))
            .collect()
    }

    /// How the operation pages, if it does.
    pub fn paginated(&self) -> Option<&'m Value> {
        self.0.trait_value("paginated")
    }

    fn structure(&self, key: &str) -> Shape<'m> {
        match self.0.definition.get(key) {
            Some(reference) => self.0.model.target(reference),
            None => self.0.model.shape(UNIT),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_overlay_adds_traits_to_shapes_and_members_and_members_to_structures() {
        let model = Model::assemble([
            json!({ "shapes": {
                "a#Text": { "type": "string" },
                "a#Thing": { "type": "structure", "members": { "Name": { "target": "a#Text" } } },
            } }),
            json!({ "shapes": {
                "a#Text": { "type": "apply", "traits": { "smithy.api#length": { "max": 3 } } },
                "a#Thing$Name": { "type": "apply", "traits": { "smithy.api#required": {} } },
                "a#Thing": { "type": "apply", "members": { "Message": { "target": "a#Text" } } },
            } }),
        ]);
        let thing = model.named("Thing");
        let name = thing.find_member("Name").unwrap();
        assert!(name.is_required());
        assert_eq!(name.constraint("length"), Some(&json!({ "max": 3 })));
        assert!(!thing.find_member("Message").unwrap().is_required());
    }

    #[test]
    #[should_panic(expected = "apply a#Absent: no such shape")]
    fn an_overlay_for_an_absent_shape_is_refused() {
        Model::assemble([json!({ "shapes": { "a#Absent": { "type": "apply" } } })]);
    }
}
