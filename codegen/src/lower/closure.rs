//! Which shapes a service uses, and in which direction.

use std::collections::{BTreeMap, BTreeSet};

use crate::Directions;
use crate::error::{Error, Result};
use crate::model::{Member, Model, Shape, ShapeId, ShapeType};

/// The shapes that the operations reach.
#[derive(Debug, Default)]
pub(super) struct Closure {
    /// Shapes that stand in requests.
    encoded: BTreeSet<ShapeId>,
    /// Shapes that stand in responses.
    decoded: BTreeSet<ShapeId>,
    /// Structures that are the input or output of an operation and nothing else.
    roots: BTreeSet<ShapeId>,
    /// Structures and unions, each with those it contains without a list or map between.
    contains: BTreeMap<ShapeId, BTreeSet<ShapeId>>,
    /// Maps, each with what its values are.
    values: BTreeMap<ShapeId, ShapeId>,
    /// Shapes with a type of their own: structures, unions, enums.
    definitions: BTreeSet<ShapeId>,
}

/// Whether a shape gets a Rust type of its own.
fn is_definition(shape: &Shape) -> bool {
    match shape.kind {
        ShapeType::Structure | ShapeType::Union | ShapeType::Enum | ShapeType::IntEnum => true,
        ShapeType::String => shape.traits.has("smithy.api#enum"),
        _ => false,
    }
}

/// The members of a shape with their names, whatever kind it is. Those of enums target nothing.
pub(super) fn members(shape: &Shape) -> impl Iterator<Item = (&str, &Member)> {
    let is_enum = matches!(shape.kind, ShapeType::Enum | ShapeType::IntEnum);
    let named = shape.members.iter().filter(move |_| !is_enum);
    let parts = [
        ("member", &shape.member),
        ("key", &shape.key),
        ("value", &shape.value),
    ];
    named.chain(
        parts
            .into_iter()
            .filter_map(|(name, member)| Some((name, member.as_ref()?))),
    )
}

impl Closure {
    pub(super) fn of(
        model: &Model,
        operations: &BTreeMap<ShapeId, &Shape>,
        directions: Directions,
    ) -> Result<Self> {
        let mut this = Self::default();
        let mut nested = BTreeSet::new();
        for (id, operation) in operations {
            for root in operation.input.iter().chain(&operation.output) {
                this.roots.insert(root.target.clone());
            }
            if let Some(input) = &operation.input {
                walk(model, id, &input.target, &mut this.encoded, &mut nested)?;
            }
            for output in operation.output.iter().chain(&operation.errors) {
                walk(model, id, &output.target, &mut this.decoded, &mut nested)?;
            }
        }
        for (id, shape) in model
            .iter()
            .filter(|(_, shape)| shape.kind == ShapeType::Service)
        {
            for error in &shape.errors {
                walk(model, id, &error.target, &mut this.decoded, &mut nested)?;
            }
        }
        if directions == Directions::Both {
            this.encoded.append(&mut this.decoded);
            this.decoded.clone_from(&this.encoded);
        }
        for id in this.encoded.iter().chain(&this.decoded) {
            let Some(shape) = model.get(id) else { continue };
            if holds_itself(model, id) {
                return Err(Error::at(
                    id,
                    "contains itself with no structure or union between",
                ));
            }
            if matches!(shape.kind, ShapeType::Structure | ShapeType::Union) {
                let contained = members(shape)
                    .map(|(_, member)| member.target.clone())
                    .collect();
                this.contains.insert(id.clone(), contained);
            }
            if let Some(value) = &shape.value {
                this.values.insert(id.clone(), value.target.clone());
            }
            let only_root = this.roots.contains(id) && !nested.contains(id);
            let is_prelude = id.namespace() == "smithy.api";
            if is_definition(shape) && !only_root && !is_prelude {
                this.definitions.insert(id.clone());
            }
        }
        Ok(this)
    }

    /// Every shape that is used.
    pub(super) fn shapes(&self) -> BTreeSet<&ShapeId> {
        self.encoded.iter().chain(&self.decoded).collect()
    }

    /// Every shape that gets a Rust type outside of operations.
    pub(super) fn definitions(&self) -> impl Iterator<Item = &ShapeId> {
        self.definitions.iter()
    }

    pub(super) fn is_encoded(&self, id: &ShapeId) -> bool {
        self.encoded.contains(id)
    }

    pub(super) fn is_decoded(&self, id: &ShapeId) -> bool {
        self.decoded.contains(id)
    }

    /// Whether a value of `inner` can contain one of `outer` without a list or map between.
    pub(super) fn contains(&self, inner: &ShapeId, outer: &ShapeId) -> bool {
        self.leads_to(inner, outer, false)
    }

    /// Whether a value of `inner` can contain one of `outer` without a list between. A map has room
    /// for an entry in itself.
    pub(super) fn contains_by_maps(&self, inner: &ShapeId, outer: &ShapeId) -> bool {
        self.leads_to(inner, outer, true)
    }

    fn leads_to(&self, inner: &ShapeId, outer: &ShapeId, by_maps: bool) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![inner];
        while let Some(id) = open.pop() {
            if id == outer {
                return true;
            }
            if seen.insert(id) {
                open.extend(self.contains.get(id).into_iter().flatten());
                open.extend(self.values.get(id).filter(|_| by_maps));
            }
        }
        false
    }
}

/// Whether a list or map holds itself, by way of nothing but lists and maps.
fn holds_itself(model: &Model, id: &ShapeId) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![id];
    while let Some(shape) = open.pop().and_then(|id| model.get(id)) {
        for part in [&shape.member, &shape.key, &shape.value]
            .into_iter()
            .flatten()
        {
            if part.target == *id {
                return true;
            }
            if seen.insert(&part.target) {
                open.push(&part.target);
            }
        }
    }
    false
}

/// Adds everything that `target` reaches to `found`; what is reached by a member is `nested`.
fn walk(
    model: &Model,
    operation: &ShapeId,
    target: &ShapeId,
    found: &mut BTreeSet<ShapeId>,
    nested: &mut BTreeSet<ShapeId>,
) -> Result<()> {
    let mut open = vec![(operation.clone(), target.clone())];
    while let Some((from, id)) = open.pop() {
        let shape = model
            .get(&id)
            .ok_or_else(|| Error::at(&from, format!("targets `{id}`, which does not exist")))?;
        if !found.insert(id.clone()) {
            continue;
        }
        for (name, member) in members(shape) {
            nested.insert(member.target.clone());
            open.push((id.with_member(name), member.target.clone()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_of_itself_is_refused() {
        let text = json!({"smithy": "2.0", "shapes": {
            "a#Outer": {"type": "list", "member": {"target": "a#Map"}},
            "a#Map": {
                "type": "map",
                "key": {"target": "smithy.api#String"},
                "value": {"target": "a#Inner"}
            },
            "a#Inner": {"type": "list", "member": {"target": "a#Map"}},
            "a#Tree": {"type": "structure", "members": {"nodes": {"target": "a#Trees"}}},
            "a#Trees": {"type": "list", "member": {"target": "a#Tree"}}
        }});
        let document = crate::model::load("m.json", &text.to_string()).unwrap();
        let model = crate::model::assemble(vec![document], Vec::new()).unwrap();
        for (name, allowed) in [
            ("a#Inner", false),
            ("a#Map", false),
            ("a#Outer", true),
            ("a#Trees", true),
        ] {
            let id = ShapeId::parse(name).unwrap();
            assert_eq!(!holds_itself(&model, &id), allowed, "{name}");
        }
    }
}
