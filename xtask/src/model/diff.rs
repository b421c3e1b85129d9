//! Two models of one service as a list of API changes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use codegen::model::{Entries, Member, Model, Shape, ShapeId, ShapeType, Traits};
use serde_json::Value;

/// Sentences about what changed, by what it means to the people who use the API.
#[derive(Debug, Default, PartialEq)]
pub struct Changes {
    /// Programs that were right may fail, or no longer compile.
    pub breaking: Vec<String>,
    /// Something new is possible.
    pub additions: Vec<String>,
    pub other: Vec<String>,
}

impl Changes {
    pub fn is_empty(&self) -> bool {
        self.breaking.is_empty() && self.additions.is_empty() && self.other.is_empty()
    }

    pub fn extend(&mut self, more: Self) {
        self.breaking.extend(more.breaking);
        self.additions.extend(more.additions);
        self.other.extend(more.other);
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups = [
            ("Breaking changes", &self.breaking),
            ("Additions", &self.additions),
            ("Other changes", &self.other),
        ];
        let groups: Vec<_> = groups
            .into_iter()
            .filter(|(_, changes)| !changes.is_empty())
            .map(|(title, changes)| {
                format!(
                    "{title} ({})\n  - {}",
                    changes.len(),
                    changes.join("\n  - ")
                )
            })
            .collect();
        f.write_str(&groups.join("\n\n"))
    }
}

/// What changes for the users of an API when its model goes from `old` to `new`.
pub fn models(old: &Model, new: &Model) -> Changes {
    let mut comparison = Comparison {
        old,
        new,
        sent: shapes_sent(new),
        changes: Changes::default(),
    };
    // Operations come first: they are what most other changes belong to.
    for is_operation in [true, false] {
        comparison.shapes(|shape| (shape.kind == ShapeType::Operation) == is_operation);
    }
    comparison.changes
}

struct Comparison<'a> {
    old: &'a Model,
    new: &'a Model,
    /// The shapes that clients send, as opposed to those that they only receive.
    sent: BTreeSet<&'a ShapeId>,
    changes: Changes,
}

impl<'a> Comparison<'a> {
    fn shapes(&mut self, choose: impl Fn(&Shape) -> bool) {
        let (old, new) = (self.old, self.new);
        for (id, old) in old.iter().filter(|(_, shape)| choose(shape)) {
            match new.get(id) {
                Some(new) => self.shape(id, old, new),
                None if has_name_in_rust(old) => {
                    self.breaking(format!("{} {} removed", noun(old.kind), id.name()));
                }
                None => {}
            }
        }
        for (id, shape) in new.iter().filter(|(_, shape)| choose(shape)) {
            if old.get(id).is_none() && has_name_in_rust(shape) {
                self.addition(format!("{} {} added", noun(shape.kind), id.name()));
            }
        }
    }

    fn shape(&mut self, id: &ShapeId, old: &Shape, new: &Shape) {
        let name = id.name();
        if old.kind != new.kind {
            let (was, is) = (noun(old.kind), noun(new.kind));
            self.breaking(format!("{name}: type was {was}, is {is}"));
            return;
        }
        if old.version != new.version {
            self.other(format!(
                "{name}: version {} became {}",
                old.version.as_deref().unwrap_or("none"),
                new.version.as_deref().unwrap_or("none")
            ));
        }
        for (role, old, new) in [
            ("input", &old.input, &new.input),
            ("output", &old.output, &new.output),
        ] {
            if let (Some(old), Some(new)) = (old, new)
                && old != new
            {
                let (was, is) = (old.target.name(), new.target.name());
                self.breaking(format!("{name}: its {role} was {was}, is {is}"));
            }
        }
        for error in &old.errors {
            if !new.errors.contains(error) {
                self.breaking(format!("{name}: error {} removed", error.target.name()));
            }
        }
        for error in &new.errors {
            if !old.errors.contains(error) {
                self.addition(format!("{name}: error {} added", error.target.name()));
            }
        }
        for (role, old, new) in [
            ("member", &old.member, &new.member),
            ("key", &old.key, &new.key),
            ("value", &old.value, &new.value),
        ] {
            if let (Some(old), Some(new)) = (old, new) {
                self.member(&format!("{name}${role}"), old, new);
            }
        }
        self.members(id, old.kind, &old.members, &new.members);
        self.traits(name, &old.traits, &new.traits);
    }

    fn members(
        &mut self,
        id: &ShapeId,
        kind: ShapeType,
        old: &Entries<Member>,
        new: &Entries<Member>,
    ) {
        let name = id.name();
        let what = match kind {
            ShapeType::Enum => "value",
            _ => "member",
        };
        for (member, old) in old.iter() {
            match new.get(member) {
                Some(new) => self.member(&format!("{name}${member}"), old, new),
                None => self.breaking(format!("{name}: {what} {member} removed")),
            }
        }
        for (member, new) in new.iter().filter(|(member, _)| old.get(member).is_none()) {
            if new.traits.has("smithy.api#required") && self.sent.contains(id) {
                self.breaking(format!("{name}: required member {member} added"));
            } else {
                self.addition(format!("{name}: {what} {member} added"));
            }
        }
    }

    fn member(&mut self, name: &str, old: &Member, new: &Member) {
        if old.target != new.target {
            let was = describe(self.old, &old.target, 0);
            let is = describe(self.new, &new.target, 0);
            if was == is {
                self.other(format!(
                    "{name}: still {is}, now by the name {} instead of {}",
                    new.target.name(),
                    old.target.name()
                ));
            } else {
                self.breaking(format!("{name}: type was {was}, is {is}"));
            }
        }
        self.traits(name, &old.traits, &new.traits);
    }

    fn traits(&mut self, name: &str, old: &Traits, new: &Traits) {
        let ids: BTreeSet<&str> = old.ids().chain(new.ids()).collect();
        for id in ids {
            let (was, is) = (old.raw(id), new.raw(id));
            if was != is {
                self.trait_changed(name, id, was, is);
            }
        }
    }

    fn trait_changed(&mut self, name: &str, id: &str, was: Option<&Value>, is: Option<&Value>) {
        let short = id.rsplit('#').next().unwrap_or(id);
        let change = match (was, is) {
            (Some(was), Some(is)) => format!("{name}: {short} was {was}, is {is}"),
            (Some(was), None) if is_marker(was) => format!("{name}: no longer {short}"),
            (None, Some(is)) if is_marker(is) => format!("{name}: now {short}"),
            (Some(was), None) => format!("{name}: {short} {was} removed"),
            (None, Some(is)) => format!("{name}: {short} {is} added"),
            (None, None) => return,
        };
        match id {
            "smithy.api#length" | "smithy.api#range" => match bounds_changed(was, is) {
                Bounds::Loosened => self.addition(change + " (loosened)"),
                Bounds::Tightened => self.breaking(change + " (tightened)"),
            },
            "smithy.api#pattern" => match (was, is) {
                (_, None) => self.addition(change + " (loosened)"),
                (None, _) => self.breaking(change + " (tightened)"),
                // Which of two patterns is the narrower one is for people to judge.
                _ => self.other(change),
            },
            // Whether a member must be there is part of its Rust type.
            "smithy.api#required"
            | "smithy.api#default"
            | "smithy.api#enumValue"
            | "smithy.api#timestampFormat"
            | "smithy.api#jsonName" => self.breaking(change),
            "smithy.api#paginated" => match was {
                None => self.addition(change),
                Some(_) => self.breaking(change),
            },
            // Too long to print.
            "smithy.rules#endpointRuleSet" => {
                self.other(format!("{name}: the endpoint rules changed"))
            }
            _ => self.other(change),
        }
    }

    fn breaking(&mut self, change: String) {
        self.changes.breaking.push(change);
    }

    fn addition(&mut self, change: String) {
        self.changes.additions.push(change);
    }

    fn other(&mut self, change: String) {
        self.changes.other.push(change);
    }
}

/// What changes when `partitions.json` goes from `old` to `new`.
pub fn partitions(old: &Value, new: &Value) -> Changes {
    let mut changes = Changes::default();
    let (old, new) = (partitions_by_id(old), partitions_by_id(new));
    for (id, old) in &old {
        let Some(new) = new.get(id) else {
            changes.breaking.push(format!("partition {id} removed"));
            continue;
        };
        let (was, is) = (region_names(old), region_names(new));
        for region in was.difference(&is) {
            changes
                .breaking
                .push(format!("partition {id}: region {region} removed"));
        }
        for region in is.difference(&was) {
            changes
                .additions
                .push(format!("partition {id}: region {region} added"));
        }
        let facts = |partition: &Value| {
            let mut facts = partition["outputs"]
                .as_object()
                .cloned()
                .unwrap_or_default();
            facts.insert("regionRegex".into(), partition["regionRegex"].clone());
            facts
        };
        let (was, is) = (facts(old), facts(new));
        let keys: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
        for key in keys {
            let (was, is) = (was.get(key), is.get(key));
            if was != is {
                let [was, is] = [was, is].map(|value| value.unwrap_or(&Value::Null));
                changes
                    .other
                    .push(format!("partition {id}: {key} was {was}, is {is}"));
            }
        }
    }
    for id in new.keys().filter(|id| !old.contains_key(*id)) {
        changes.additions.push(format!("partition {id} added"));
    }
    changes
}

fn partitions_by_id(file: &Value) -> BTreeMap<&str, &Value> {
    let partitions = file["partitions"].as_array().into_iter().flatten();
    partitions
        .map(|partition| (partition["id"].as_str().unwrap_or_default(), partition))
        .collect()
}

fn region_names(partition: &Value) -> BTreeSet<&str> {
    let regions = partition["regions"].as_object().into_iter().flatten();
    regions.map(|(name, _)| name.as_str()).collect()
}

/// Whether programs can name the shape. The others show where they are used, as members.
fn has_name_in_rust(shape: &Shape) -> bool {
    matches!(
        shape.kind,
        ShapeType::Service
            | ShapeType::Operation
            | ShapeType::Structure
            | ShapeType::Union
            | ShapeType::Enum
    )
}

/// The shapes that are reachable from the inputs of operations.
fn shapes_sent(model: &Model) -> BTreeSet<&ShapeId> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&ShapeId> = model
        .iter()
        .filter_map(|(_, shape)| shape.input.as_ref())
        .map(|input| &input.target)
        .collect();
    while let Some(id) = open.pop() {
        if let Some(shape) = model.get(id)
            && found.insert(id)
        {
            let members = shape.members.iter().map(|(_, member)| member);
            let members = members
                .chain(&shape.member)
                .chain(&shape.key)
                .chain(&shape.value);
            open.extend(members.map(|member| &member.target));
        }
    }
    found
}

/// What a target means to a Rust program: lists and maps by what is in them, other aggregates by
/// name, simple types by kind.
fn describe(model: &Model, target: &ShapeId, depth: usize) -> String {
    let Some(shape) = model.get(target) else {
        return target.name().to_owned();
    };
    let inner = |member: &Option<Member>| {
        member.as_ref().map_or_else(String::new, |member| {
            describe(model, &member.target, depth + 1)
        })
    };
    match shape.kind {
        // A list may hold itself; no API nests types any deeper than this without a name.
        ShapeType::List if depth < 8 => format!("list of {}", inner(&shape.member)),
        ShapeType::Map if depth < 8 => {
            format!("map of {} to {}", inner(&shape.key), inner(&shape.value))
        }
        ShapeType::Structure
        | ShapeType::Union
        | ShapeType::Enum
        | ShapeType::List
        | ShapeType::Map => format!("{} {}", noun(shape.kind), target.name()),
        simple => noun(simple),
    }
}

fn noun(kind: ShapeType) -> String {
    format!("{kind:?}").to_lowercase()
}

enum Bounds {
    Loosened,
    Tightened,
}

/// A range that moves is tightened, too: values that were allowed no longer are.
fn bounds_changed(was: Option<&Value>, is: Option<&Value>) -> Bounds {
    let bound = |of: Option<&Value>, name: &str, none: f64| {
        of.and_then(|bounds| bounds[name].as_f64()).unwrap_or(none)
    };
    let min = |of| bound(of, "min", f64::NEG_INFINITY);
    let max = |of| bound(of, "max", f64::INFINITY);
    if min(is) > min(was) || max(is) < max(was) {
        Bounds::Tightened
    } else {
        Bounds::Loosened
    }
}

/// Whether a trait value says nothing but that the trait is there.
fn is_marker(value: &Value) -> bool {
    value.as_object().is_some_and(serde_json::Map::is_empty)
}

#[cfg(test)]
mod tests;
