//! Many files to one model: merged, upgraded to Smithy 2.0, overlays applied, mixins flattened.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Document, Member, Model, Shape, ShapeId, ShapeType};
use crate::error::{Error, Result};

/// Merges the files of a model and lays the overlays over them.
///
/// Model files merge as in Smithy: a shape may stand in two files only if both agree, `apply` adds
/// traits and must not contradict. An overlay holds `apply` statements alone; it goes over what
/// the model says, and every one of them must find its shape. Beyond Smithy, an `apply` of an
/// overlay can have `members`, which are added to a structure.
pub fn assemble(documents: Vec<Document>, overlays: Vec<Document>) -> Result<Model> {
    let mut model = merge(&documents)?;
    let mut late = Vec::new();
    for document in &documents {
        late.extend(apply(&mut model, document, Conflict::IsError)?);
    }
    for document in &overlays {
        if let Some((name, _)) = definitions(document).next() {
            return Err(Error::at(
                name,
                "an overlay may hold `apply` statements only; define the shape in a model file",
            )
            .file(&document.file));
        }
        late.extend(apply(&mut model, document, Conflict::Replaces)?);
    }
    for (name, member) in prelude() {
        model.shapes.insert(name, member);
    }
    flatten_mixins(&mut model.shapes).map_err(|error| model.locate(error))?;
    for statement in late {
        statement.apply(&mut model, Conflict::Replaces)?;
    }
    Ok(model)
}

fn definitions(document: &Document) -> impl Iterator<Item = (&str, &Shape)> {
    document
        .shapes
        .iter()
        .filter(|(_, shape)| shape.kind != ShapeType::Apply)
}

fn merge(documents: &[Document]) -> Result<Model> {
    let mut shapes = BTreeMap::<ShapeId, Shape>::new();
    let mut files = BTreeMap::<ShapeId, String>::new();
    let mut version_1 = BTreeSet::new();
    for document in documents {
        for (name, shape) in definitions(document) {
            let id = ShapeId::parse(name).map_err(|error| error.file(&document.file))?;
            if let Some(first) = files.get(&id) {
                if shapes.get(&id) != Some(shape) {
                    return Err(Error::at(
                        id,
                        format!("defined differently in {first}; both definitions must agree"),
                    )
                    .file(&document.file));
                }
                continue;
            }
            if document.version_1 {
                version_1.insert(id.clone());
            }
            files.insert(id.clone(), document.file.clone());
            shapes.insert(id, shape.clone());
        }
    }
    upgrade(&mut shapes, &version_1);
    Ok(Model { shapes, files })
}

/// Gives Smithy 1.0's unboxed numbers and booleans the default that Smithy 2.0 writes out.
fn upgrade(shapes: &mut BTreeMap<ShapeId, Shape>, version_1: &BTreeSet<ShapeId>) {
    let zero_of = |member: &Member, shapes: &BTreeMap<ShapeId, Shape>| {
        let prelude = member.target.namespace() == "smithy.api";
        let (kind, boxed) = match shapes.get(&member.target) {
            Some(target) => (target.kind, target.traits.has("smithy.api#box")),
            None if prelude && member.target.name() == "PrimitiveBoolean" => {
                (ShapeType::Boolean, false)
            }
            None if prelude && member.target.name().starts_with("Primitive") => {
                (ShapeType::Integer, false)
            }
            None => return None,
        };
        if boxed || member.traits.has("smithy.api#box") {
            return None;
        }
        match kind {
            ShapeType::Boolean => Some(json!(false)),
            ShapeType::Byte
            | ShapeType::Short
            | ShapeType::Integer
            | ShapeType::Long
            | ShapeType::Float
            | ShapeType::Double => Some(json!(0)),
            _ => None,
        }
    };
    for id in version_1 {
        let Some(mut shape) = shapes.remove(id) else {
            continue;
        };
        if shape.kind == ShapeType::Structure {
            for (_, member) in &mut shape.members.0 {
                if let Some(zero) = zero_of(member, shapes) {
                    member.traits.insert("smithy.api#default", zero);
                }
            }
        }
        shapes.insert(id.clone(), shape);
    }
}

#[derive(Clone, Copy)]
enum Conflict {
    IsError,
    Replaces,
}

/// One `apply`, and the file that it stands in.
struct Statement<'a> {
    file: &'a str,
    name: &'a str,
    content: &'a Shape,
}

/// Applies the statements of a file, and returns those that have to wait: what they apply to are
/// members that mixins give.
fn apply<'a>(
    model: &mut Model,
    document: &'a Document,
    conflict: Conflict,
) -> Result<Vec<Statement<'a>>> {
    let mut late = Vec::new();
    for (name, content) in document.shapes.iter() {
        if content.kind != ShapeType::Apply {
            continue;
        }
        let statement = Statement {
            file: &document.file,
            name,
            content,
        };
        if is_mixed_in(model, name) {
            late.push(statement);
        } else {
            statement.apply(model, conflict)?;
        }
    }
    Ok(late)
}

/// Whether a name is that of a member which only a mixin of its shape can have.
fn is_mixed_in(model: &Model, name: &str) -> bool {
    ShapeId::parse(name).is_ok_and(|id| match id.split_member() {
        (id, Some(member)) => model
            .get(&id)
            .is_some_and(|shape| !shape.mixins.is_empty() && shape.members.get(member).is_none()),
        _ => false,
    })
}

impl Statement<'_> {
    fn apply(&self, model: &mut Model, conflict: Conflict) -> Result<()> {
        self.apply_unlocated(model, conflict)
            .map_err(|error| error.shape(self.name).file(self.file))
    }

    fn apply_unlocated(&self, model: &mut Model, conflict: Conflict) -> Result<()> {
        let nothing = || Error::new("applies to nothing: the model has no such shape or member");
        let id = ShapeId::parse(self.name)?;
        let (id, member) = id.split_member();
        let shape = model.shapes.get_mut(&id).ok_or_else(nothing)?;

        for (name, member) in self.content.members.iter() {
            if !matches!(conflict, Conflict::Replaces) || shape.kind != ShapeType::Structure {
                return Err(Error::new(
                    "only an overlay can add members, and only to a structure",
                ));
            }
            match shape.members.get_mut(name) {
                None => {
                    shape.members.0.push((name.to_owned(), member.clone()));
                    model
                        .files
                        .insert(id.with_member(name), self.file.to_owned());
                }
                Some(existing) if existing.target == member.target => {
                    existing.traits.extend(&member.traits);
                }
                Some(existing) => {
                    return Err(Error::new(format!(
                        "member `{name}` targets `{}` in the model and `{}` in the overlay",
                        existing.target, member.target
                    )));
                }
            }
        }

        let traits = match member {
            None => &mut shape.traits,
            Some(name) => &mut shape.member_mut(name).ok_or_else(nothing)?.traits,
        };
        for (id, value) in self.content.traits.iter() {
            if matches!(conflict, Conflict::IsError)
                && traits.raw(id).is_some_and(|old| old != value)
            {
                return Err(Error::new(format!(
                    "trait `{id}` is applied twice with different values"
                )));
            }
            traits.insert(id, value.clone());
        }
        Ok(())
    }
}

impl Shape {
    /// The member of this name, whatever kind of shape it is.
    fn member_mut(&mut self, name: &str) -> Option<&mut Member> {
        match (name, &mut self.member, &mut self.key, &mut self.value) {
            ("member", Some(member), ..) => Some(member),
            ("key", _, Some(key), _) => Some(key),
            ("value", _, _, Some(value)) => Some(value),
            _ => self.members.get_mut(name),
        }
    }
}

/// Copies members and traits of mixins into the shapes that use them.
fn flatten_mixins(shapes: &mut BTreeMap<ShapeId, Shape>) -> Result<()> {
    let users: Vec<ShapeId> = shapes
        .iter()
        .filter(|(_, shape)| !shape.mixins.is_empty())
        .map(|(id, _)| id.clone())
        .collect();
    for id in users {
        flatten(shapes, &id, &mut Vec::new())?;
    }
    Ok(())
}

fn flatten(
    shapes: &mut BTreeMap<ShapeId, Shape>,
    id: &ShapeId,
    open: &mut Vec<ShapeId>,
) -> Result<()> {
    if open.contains(id) {
        return Err(Error::at(id, "is a mixin of itself"));
    }
    let Some(mut shape) = shapes.get(id).cloned() else {
        return Err(Error::at(
            open.last().unwrap_or(id),
            format!("has the mixin `{id}`, which does not exist"),
        ));
    };
    open.push(id.clone());
    let mut members = Vec::new();
    for mixin in std::mem::take(&mut shape.mixins) {
        flatten(shapes, &mixin.target, open)?;
        let Some(mixin) = shapes.get(&mixin.target) else {
            continue;
        };
        let local: Vec<String> = mixin
            .traits
            .raw("smithy.api#mixin")
            .and_then(|value| value.get("localTraits"))
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|id| id.as_str().map(str::to_owned))
            .collect();
        for (trait_id, value) in mixin.traits.iter() {
            let inherited =
                trait_id != "smithy.api#mixin" && !local.iter().any(|id| id == trait_id);
            if inherited && !shape.traits.has(trait_id) {
                shape.traits.insert(trait_id, value.clone());
            }
        }
        members.extend(mixin.members.0.iter().cloned());
    }
    for (name, member) in std::mem::take(&mut shape.members.0) {
        match members.iter_mut().find(|(mixed_in, _)| *mixed_in == name) {
            Some((_, mixed_in)) => {
                mixed_in.traits.extend(&member.traits);
            }
            None => members.push((name, member)),
        }
    }
    shape.members.0 = members;
    shapes.insert(id.clone(), shape);
    open.pop();
    Ok(())
}

/// The simple shapes of the namespace `smithy.api` that every model can target.
fn prelude() -> impl Iterator<Item = (ShapeId, Shape)> {
    let simple = [
        ("String", "string"),
        ("Blob", "blob"),
        ("Boolean", "boolean"),
        ("Byte", "byte"),
        ("Short", "short"),
        ("Integer", "integer"),
        ("Long", "long"),
        ("Float", "float"),
        ("Double", "double"),
        ("BigInteger", "bigInteger"),
        ("BigDecimal", "bigDecimal"),
        ("Timestamp", "timestamp"),
        ("Document", "document"),
        ("PrimitiveBoolean", "boolean"),
        ("PrimitiveByte", "byte"),
        ("PrimitiveShort", "short"),
        ("PrimitiveInteger", "integer"),
        ("PrimitiveLong", "long"),
        ("PrimitiveFloat", "float"),
        ("PrimitiveDouble", "double"),
        ("Unit", "structure"),
    ];
    simple.into_iter().filter_map(|(name, kind)| {
        let id = ShapeId::parse(&format!("smithy.api#{name}")).ok()?;
        Some((id, serde_json::from_value(json!({ "type": kind })).ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::super::load;
    use super::*;

    fn document(file: &str, shapes: Value) -> Document {
        load(
            file,
            &json!({"smithy": "2.0", "shapes": shapes}).to_string(),
        )
        .unwrap()
    }

    fn error_of(documents: Vec<Document>, overlays: Vec<Document>) -> String {
        assemble(documents, overlays).unwrap_err().to_string()
    }

    #[test]
    fn the_same_shape_twice_must_agree() {
        let first = || document("a.json", json!({"a#B": {"type": "string"}}));
        let same = document("b.json", json!({"a#B": {"type": "string"}}));
        assert!(assemble(vec![first(), same], vec![]).is_ok());
        let other = document("b.json", json!({"a#B": {"type": "blob"}}));
        assert_eq!(
            error_of(vec![first(), other], vec![]),
            "b.json: a#B: defined differently in a.json; both definitions must agree"
        );
    }

    #[test]
    fn an_overlay_replaces_traits_and_adds_members() {
        let model = document(
            "a.json",
            json!({"a#S": {"type": "structure", "members": {
                "x": {"target": "smithy.api#String", "traits": {"smithy.api#documentation": "old"}}
            }}}),
        );
        let overlay = document(
            "o.json",
            json!({
                "a#S": {"type": "apply", "members": {"y": {"target": "smithy.api#String"}}},
                "a#S$x": {"type": "apply", "traits": {"smithy.api#documentation": "new"}}
            }),
        );
        let model = assemble(vec![model], vec![overlay]).unwrap();
        let shape = model.get(&ShapeId::parse("a#S").unwrap()).unwrap();
        let names: Vec<_> = shape.members.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["x", "y"]);
        let docs = shape
            .members
            .get("x")
            .unwrap()
            .traits
            .raw("smithy.api#documentation");
        assert_eq!(docs, Some(&json!("new")));
    }

    #[test]
    fn an_overlay_entry_must_apply_to_something() {
        for name in ["a#Gone", "a#S$gone"] {
            let model = document("a.json", json!({"a#S": {"type": "structure"}}));
            let overlay = document("o.json", json!({name: {"type": "apply", "traits": {}}}));
            assert_eq!(
                error_of(vec![model], vec![overlay]),
                format!(
                    "o.json: {name}: applies to nothing: the model has no such shape or member"
                )
            );
        }
    }

    #[test]
    fn mixins_give_their_members_first() {
        let model = document(
            "a.json",
            json!({
                "a#M": {"type": "structure", "traits": {"smithy.api#mixin": {}},
                        "members": {"x": {"target": "smithy.api#String"}}},
                "a#S": {"type": "structure", "mixins": [{"target": "a#M"}],
                        "members": {"y": {"target": "smithy.api#String"}}}
            }),
        );
        let model = assemble(vec![model], vec![]).unwrap();
        let shape = model.get(&ShapeId::parse("a#S").unwrap()).unwrap();
        let names: Vec<_> = shape.members.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["x", "y"]);
        assert!(!shape.traits.has("smithy.api#mixin"));
    }

    #[test]
    fn smithy_1_numbers_have_a_default_unless_boxed() {
        let text = json!({"smithy": "1.0", "shapes": {
            "a#S": {"type": "structure", "members": {
                "count": {"target": "smithy.api#PrimitiveInteger"},
                "boxed": {"target": "smithy.api#Integer"},
                "flag": {"target": "a#Flag"}
            }},
            "a#Flag": {"type": "boolean"}
        }});
        let model = assemble(vec![load("a.json", &text.to_string()).unwrap()], vec![]).unwrap();
        let shape = model.get(&ShapeId::parse("a#S").unwrap()).unwrap();
        let default = |name| {
            shape
                .members
                .get(name)
                .unwrap()
                .traits
                .raw("smithy.api#default")
        };
        assert_eq!(default("count"), Some(&json!(0)));
        assert_eq!(default("boxed"), None);
        assert_eq!(default("flag"), Some(&json!(false)));
    }
}
