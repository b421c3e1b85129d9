//! The example of an operation: what the trait `examples` says or else what is required.

mod fit;

use std::collections::{BTreeMap, BTreeSet};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use self::fit::Check;
use super::{Lowering, instant, names};
use crate::error::{Error, Result};
use crate::ir::{
    Constraints, EnumVariant, Example, Expression, Member, Pagination, Presence, SetterCall,
    Structure, Type, TypeDefinition,
};
use crate::model::Shape;

/// How deep values are nested that are made up.
const MAX_DEPTH: usize = 8;
const INSTANT: &str = "2026-01-01T00:00:00Z";

/// An entry of the trait.
#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    input: Map<String, Value>,
    #[serde(default)]
    output: Map<String, Value>,
    error: Option<Value>,
}

/// The example of an operation, if the crate has a name: the first of the trait's that fits, or one
/// that is made up. Those that do not fit become warnings.
pub(super) fn lower(
    lowering: &Lowering<'_>,
    operation: &Shape,
    input: &Structure,
    output: &Structure,
    pagination: Option<&Pagination>,
    warnings: &mut Vec<Error>,
) -> Result<Option<Example>> {
    let Some(crate_name) = lowering.crate_name else {
        return Ok(None);
    };
    let given = given(lowering, operation, input, output, warnings);
    let (values, reads) = match &given {
        Some(example) => {
            let is_read = |member: &&Member| example.output.contains_key(&member.name);
            (
                example.input.clone(),
                output.members.iter().filter(is_read).collect(),
            )
        }
        None => {
            let Some(Value::Object(values)) = lowering.required(input, 0)? else {
                return Ok(None);
            };
            let is_token = |member: &Member| {
                pagination.is_some_and(|pages| {
                    pages
                        .output_token
                        .iter()
                        .any(|step| step.field == member.field)
                })
            };
            let shown = |member: &&Member| !member.sensitive && !is_token(member);
            (
                values,
                output.members.iter().find(shown).into_iter().collect(),
            )
        }
    };
    let reads: Vec<&Member> = reads;
    let mut lines = Lines {
        lowering,
        imports: BTreeMap::new(),
    };
    Ok(Some(Example {
        crate_name: crate_name.to_owned(),
        setters: lines.setters(input, &values)?,
        imports: lines.imports,
        reads: reads.iter().map(|member| member.field.clone()).collect(),
    }))
}

/// The first example of the trait that succeeds and fits.
fn given(
    lowering: &Lowering<'_>,
    operation: &Shape,
    input: &Structure,
    output: &Structure,
    warnings: &mut Vec<Error>,
) -> Option<Given> {
    let examples = operation.traits.raw("smithy.api#examples")?;
    let Some(examples) = examples.as_array() else {
        warnings.push(Error::new(
            "left out the trait `smithy.api#examples`, which is no list",
        ));
        return None;
    };
    examples.iter().enumerate().find_map(|(index, example)| {
        let read = Given::deserialize(example).map_err(|error| Error::new(error.to_string()));
        let fitting = read.and_then(|example| {
            // What it shows is how the call fails.
            if example.error.is_some() {
                return Ok(None);
            }
            let check = |is_request| Check {
                lowering,
                is_request,
            };
            check(true).structure("input", input, &example.input)?;
            check(false).structure("output", output, &example.output)?;
            Ok(Some(example))
        });
        fitting.unwrap_or_else(|problem| {
            let name = match example.get("title").and_then(Value::as_str) {
                Some(title) => format!("`{}`", title.escape_debug()),
                None => (index + 1).to_string(),
            };
            warnings.push(Error::new(format!("left out example {name}: {problem}")));
            None
        })
    })
}

/// Makes values, and notes what they need.
struct Lines<'a> {
    lowering: &'a Lowering<'a>,
    imports: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Lines<'_> {
    fn import(&mut self, module: &'static str, name: &str) -> String {
        let names = self.imports.entry(module).or_default();
        names.insert(name.to_owned());
        name.to_owned()
    }

    /// The calls that set these members: one for each item or entry of a collection.
    fn setters(
        &mut self,
        structure: &Structure,
        given: &Map<String, Value>,
    ) -> Result<Vec<SetterCall>> {
        let mut calls = Vec::new();
        let members = structure.members.iter();
        for (member, value) in members.filter_map(|member| Some((member, given.get(&member.name)?)))
        {
            let mut call = |arguments| {
                calls.push(SetterCall {
                    setter: member.field.clone(),
                    arguments,
                });
            };
            match (&member.ty, value) {
                (Type::List { item, sparse }, Value::Array(items)) => {
                    for value in items {
                        call(vec![self.item(item, *sparse, value, Expression::Text)?]);
                    }
                }
                (Type::Map { key, value, sparse }, Value::Object(entries)) => {
                    for (name, entry) in entries {
                        let name = self.value(key, &json!(name), Expression::Text)?;
                        call(vec![
                            name,
                            self.item(value, *sparse, entry, Expression::Text)?,
                        ]);
                    }
                }
                (Type::Boxed(inner), value) => {
                    call(vec![self.value(inner, value, Expression::Text)?]);
                }
                (ty, value) => call(vec![self.value(ty, value, Expression::Text)?]),
            }
        }
        Ok(calls)
    }

    fn item(
        &mut self,
        ty: &Type,
        sparse: bool,
        value: &Value,
        text: fn(String) -> Expression,
    ) -> Result<Expression> {
        if !sparse {
            return self.value(ty, value, text);
        }
        Ok(Expression::Option(match value {
            Value::Null => None,
            value => Some(Box::new(self.value(ty, value, Expression::OwnedText)?)),
        }))
    }

    /// The value of a type; `text` is what a string becomes.
    fn value(
        &mut self,
        ty: &Type,
        value: &Value,
        text: fn(String) -> Expression,
    ) -> Result<Expression> {
        let owned = Expression::OwnedText;
        Ok(match (ty, value) {
            (Type::Boolean, Value::Bool(value)) => Expression::Boolean(*value),
            (Type::Byte | Type::Short | Type::Integer | Type::Long, Value::Number(number)) => {
                let number = number.as_i64().ok_or_else(|| mismatch(value))?;
                Expression::Integer(number)
            }
            (Type::Float | Type::Double, Value::Number(number)) => {
                Expression::Float(number.as_f64().ok_or_else(|| mismatch(value))?)
            }
            (Type::String, Value::String(value)) => text(value.clone()),
            (Type::Blob, Value::String(value)) => Expression::Call(
                self.import("primitives", "Blob"),
                "new",
                vec![Expression::Text(value.clone())],
                false,
            ),
            (Type::Timestamp(_), Value::String(text)) => {
                let format = match DateTime::from_str(text, Format::DateTime) {
                    Ok(_) => "DateTime",
                    Err(_) => "DateTimeWithOffset",
                };
                let type_of_format = self.import("primitives", "DateTimeFormat");
                let arguments = vec![
                    Expression::Text(text.clone()),
                    Expression::Variant(type_of_format, format.to_owned(), None),
                ];
                let name = self.import("primitives", "DateTime");
                Expression::Call(name, "from_str", arguments, true)
            }
            (Type::Timestamp(_), value) => {
                let (seconds, nanos) = instant::read(value).ok_or_else(|| mismatch(value))?;
                let name = self.import("primitives", "DateTime");
                let seconds = Expression::Integer(seconds);
                match nanos {
                    0 => Expression::Call(name, "from_secs", vec![seconds], false),
                    nanos => {
                        let arguments = vec![seconds, Expression::Integer(nanos.into())];
                        Expression::Call(name, "from_secs_and_nanos", arguments, false)
                    }
                }
            }
            (Type::Document, value) => Expression::Parsed(value.to_string()),
            (Type::StringEnum(name) | Type::IntegerEnum(name), value) => {
                let name = self.import("types", name);
                let variant = match self.lowering.type_named(&name)? {
                    TypeDefinition::StringEnum(def) => named(def.variants, value),
                    TypeDefinition::IntegerEnum(def) => named(def.variants, value),
                    _ => None,
                };
                Expression::Variant(name, variant.ok_or_else(|| mismatch(value))?, None)
            }
            (Type::Structure(name), Value::Object(given)) => {
                let name = self.import("types", name);
                let TypeDefinition::Structure(structure) = self.lowering.type_named(&name)? else {
                    return Err(mismatch(value));
                };
                let can_fail = structure
                    .members
                    .iter()
                    .any(|member| matches!(member.presence, Presence::Required));
                Expression::Builder(name, self.setters(&structure, given)?, can_fail)
            }
            (Type::Union(name), Value::Object(given)) => {
                let name = self.import("types", name);
                let TypeDefinition::Union(def) = self.lowering.type_named(&name)? else {
                    return Err(mismatch(value));
                };
                let chosen = given.iter().next().and_then(|(member, value)| {
                    let mut variants = def.variants.into_iter();
                    Some((variants.find(|variant| variant.name == *member)?, value))
                });
                let (variant, value) = chosen.ok_or_else(|| mismatch(value))?;
                let value = match &variant.ty {
                    Some(ty) => Some(Box::new(self.value(ty, value, owned)?)),
                    None => None,
                };
                Expression::Variant(name, variant.variant, value)
            }
            (Type::Boxed(inner), value) => {
                Expression::Boxed(Box::new(self.value(inner, value, owned)?))
            }
            (Type::List { item, sparse }, Value::Array(items)) => {
                let items = items.iter();
                let items = items.map(|value| self.item(item, *sparse, value, owned));
                Expression::List(items.collect::<Result<_>>()?)
            }
            (Type::Map { key, value, sparse }, Value::Object(entries)) => {
                let entries = entries.iter().map(|(name, entry)| {
                    Ok((
                        self.value(key, &json!(name), owned)?,
                        self.item(value, *sparse, entry, owned)?,
                    ))
                });
                Expression::Map(entries.collect::<Result<_>>()?)
            }
            (_, value) => return Err(mismatch(value)),
        })
    }
}

impl Lowering<'_> {
    /// The required members with values that are made up; `None` if they would never end.
    fn required(&self, structure: &Structure, depth: usize) -> Result<Option<Value>> {
        let mut values = Map::new();
        for member in structure
            .members
            .iter()
            .filter(|member| member.must_be_set())
        {
            let made = self.made_up(&member.name, &member.ty, &member.constraints, depth + 1)?;
            let Some(value) = made else {
                return Ok(None);
            };
            values.insert(member.name.clone(), value);
        }
        Ok(Some(Value::Object(values)))
    }

    fn made_up(
        &self,
        name: &str,
        ty: &Type,
        constraints: &Constraints,
        depth: usize,
    ) -> Result<Option<Value>> {
        if depth > MAX_DEPTH {
            return Ok(None);
        }
        let none = Constraints::default();
        let part = |part: &Option<Box<Constraints>>| part.as_deref().unwrap_or(&none).clone();
        let least = constraints.range.and_then(|range| range.min);
        Ok(Some(match ty {
            Type::Boolean => json!(true),
            Type::Byte | Type::Short | Type::Integer | Type::Long => {
                json!(least.unwrap_or(1.0) as i64)
            }
            Type::Float | Type::Double => json!(least.unwrap_or(1.0)),
            Type::String => json!(text(name, constraints)),
            Type::Blob => json!("data"),
            Type::Timestamp(_) => json!(INSTANT),
            Type::Document => json!({}),
            Type::Boxed(inner) => return self.made_up(name, inner, constraints, depth),
            Type::List { item, .. } => {
                let item = self.made_up(name, item, &part(&constraints.items), depth + 1)?;
                return Ok(item.map(|item| json!([item])));
            }
            Type::Map { key, value, .. } => {
                let key = self.made_up("key", key, &part(&constraints.keys), depth + 1)?;
                let value = self.made_up("value", value, &part(&constraints.items), depth + 1)?;
                let (Some(Value::String(key)), Some(value)) = (key, value) else {
                    return Ok(None);
                };
                json!({ key: value })
            }
            Type::StringEnum(name)
            | Type::IntegerEnum(name)
            | Type::Structure(name)
            | Type::Union(name) => match self.type_named(name)? {
                TypeDefinition::Structure(structure) => return self.required(&structure, depth),
                TypeDefinition::StringEnum(def) => {
                    let mut variants = def.variants.into_iter();
                    let current = variants.find(|variant| variant.deprecated.is_none());
                    return Ok(current.map(|variant| json!(variant.value)));
                }
                TypeDefinition::IntegerEnum(def) => {
                    let mut variants = def.variants.into_iter();
                    return Ok(variants.next().map(|variant| json!(variant.value)));
                }
                TypeDefinition::Union(def) => {
                    let Some(variant) = def.variants.into_iter().next() else {
                        return Ok(None);
                    };
                    let value = match &variant.ty {
                        Some(ty) => {
                            self.made_up(&variant.name, ty, &variant.constraints, depth + 1)?
                        }
                        None => Some(json!({})),
                    };
                    return Ok(value.map(|value| json!({ variant.name: value })));
                }
            },
        }))
    }
}

/// A text that tells what it stands for, as long as it has to be.
fn text(name: &str, constraints: &Constraints) -> String {
    let bounds = constraints.length;
    let least = bounds.and_then(|length| length.min).unwrap_or(0) as usize;
    let most = bounds.and_then(|length| length.max);
    let most = most.map_or(usize::MAX, |most| most as usize);
    let text = names::placeholder(name);
    let repeats = least.div_ceil(text.len().max(1)).max(1);
    text.repeat(repeats)
        .chars()
        .take(least.max(text.len()).min(most))
        .collect()
}

/// The variant of an enum for a value.
fn named<V>(variants: Vec<EnumVariant<V>>, value: &Value) -> Option<String>
where
    Value: PartialEq<V>,
{
    let mut variants = variants.into_iter();
    Some(variants.find(|known| *value == known.value)?.variant)
}

fn mismatch(value: &Value) -> Error {
    Error::new(format!("`{value}` does not fit the member's type"))
}
