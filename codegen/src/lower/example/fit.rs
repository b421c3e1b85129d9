//! Whether the values of an example fit the model: no example shows a call that would be refused.

use std::fmt::Display;

use serde_json::{Map, Value};

use super::super::{Lowering, instant};
use crate::error::{Error, Result};
use crate::ir::{Bounds, Constraints, Presence, Structure, Type, TypeDefinition};

/// How many characters of a value an error shows.
const MAX_SHOWN: usize = 60;

/// Checks values against the model.
pub(super) struct Check<'a> {
    pub(super) lowering: &'a Lowering<'a>,
    /// Whether required members and limits count, which no response is refused for.
    pub(super) is_request: bool,
}

impl Check<'_> {
    /// Checks the members of a structure; `path` says where it stands.
    pub(super) fn structure(
        &self,
        path: &str,
        structure: &Structure,
        given: &Map<String, Value>,
    ) -> Result<()> {
        let has = |name: &String| structure.members.iter().any(|member| member.name == *name);
        if let Some(name) = given.keys().find(|name| !has(name)) {
            return Err(Error::new(format!("{path} has no member `{name}`")));
        }
        for member in &structure.members {
            let path = format!("{path}.{}", member.name);
            match given.get(&member.name) {
                Some(value) => self.value(&path, &member.ty, &member.constraints, value)?,
                None if matches!(member.presence, Presence::Default(_)) => {}
                None if self.is_request && member.must_be_set() => {
                    return Err(Error::new(format!("{path} is required, and missing")));
                }
                None => {}
            }
        }
        Ok(())
    }

    fn value(&self, path: &str, ty: &Type, constraints: &Constraints, value: &Value) -> Result<()> {
        let mismatch = |expected: &str| {
            let shown = shown(value);
            Err(Error::new(format!("{path}: `{shown}` is not {expected}")))
        };
        match (ty, value) {
            (Type::Boxed(inner), _) => return self.value(path, inner, constraints, value),
            (Type::Boolean, Value::Bool(_)) | (Type::Document, _) => {}
            (Type::Boolean, _) => return mismatch("a boolean"),
            (Type::Byte, _) if !is_within(value, i8::MIN, i8::MAX) => {
                return mismatch("an 8-bit integer");
            }
            (Type::Short, _) if !is_within(value, i16::MIN, i16::MAX) => {
                return mismatch("a 16-bit integer");
            }
            (Type::Integer, _) if !is_within(value, i32::MIN, i32::MAX) => {
                return mismatch("a 32-bit integer");
            }
            (Type::Long, _) if !value.is_i64() => return mismatch("a 64-bit integer"),
            (Type::Float, _) if !value.as_f64().is_some_and(|it| (it as f32).is_finite()) => {
                return mismatch("a 32-bit number");
            }
            (Type::Double, _) if !value.is_number() => return mismatch("a number"),
            (Type::Byte | Type::Short | Type::Integer | Type::Long, _)
            | (Type::Float | Type::Double, _) => {
                let number = value.as_f64().unwrap_or_default();
                self.range(path, constraints.range, number)?;
            }
            (Type::String, Value::String(text)) => {
                self.length(path, constraints.length, text.chars().count())?;
            }
            (Type::Blob, Value::String(text)) => {
                self.length(path, constraints.length, text.len())?;
            }
            (Type::String | Type::Blob, _) => return mismatch("a string"),
            (Type::Timestamp(_), _) if instant::read(value).is_some() => {}
            (Type::Timestamp(_), _) => {
                return mismatch(
                    "a timestamp: seconds as a number, or a date-time such as `2026-01-01T00:00:00Z`",
                );
            }
            (Type::StringEnum(name) | Type::IntegerEnum(name), _) => {
                let is_known = match self.lowering.type_named(name)? {
                    TypeDefinition::StringEnum(def) => {
                        def.variants.iter().any(|known| *value == known.value)
                    }
                    TypeDefinition::IntegerEnum(def) => {
                        def.variants.iter().any(|known| *value == known.value)
                    }
                    _ => false,
                };
                if !is_known {
                    return mismatch(&format!("a value of the enum `{name}`"));
                }
            }
            (Type::Structure(name), Value::Object(given)) => {
                self.structure(path, &self.lowering.structure_named(name)?, given)?;
            }
            (Type::Structure(_), _) => return mismatch("an object"),
            (Type::Union(name), _) => {
                let chosen = value.as_object().filter(|given| given.len() == 1);
                let Some((member, value)) = chosen.and_then(|given| given.iter().next()) else {
                    return mismatch(&format!("an object with one member of the union `{name}`"));
                };
                self.variant(path, name, member, value)?;
            }
            (Type::List { item, sparse }, Value::Array(items)) => {
                self.length(path, constraints.length, items.len())?;
                for (index, value) in items.iter().enumerate() {
                    let path = format!("{path}[{index}]");
                    self.item(&path, item, *sparse, &constraints.items, value)?;
                }
            }
            (Type::List { .. }, _) => return mismatch("a list"),
            (
                Type::Map {
                    key,
                    value: item,
                    sparse,
                },
                Value::Object(entries),
            ) => {
                self.length(path, constraints.length, entries.len())?;
                for (name, value) in entries {
                    let path = format!("{path}[{name:?}]");
                    let none = Constraints::default();
                    let of_keys = constraints.keys.as_deref().unwrap_or(&none);
                    self.value(&path, key, of_keys, &Value::from(name.as_str()))?;
                    self.item(&path, item, *sparse, &constraints.items, value)?;
                }
            }
            (Type::Map { .. }, _) => return mismatch("an object"),
        }
        Ok(())
    }

    fn item(
        &self,
        path: &str,
        ty: &Type,
        sparse: bool,
        constraints: &Option<Box<Constraints>>,
        value: &Value,
    ) -> Result<()> {
        if sparse && value.is_null() {
            return Ok(());
        }
        let none = Constraints::default();
        self.value(path, ty, constraints.as_deref().unwrap_or(&none), value)
    }

    fn variant(&self, path: &str, union: &str, member: &str, value: &Value) -> Result<()> {
        let TypeDefinition::Union(def) = self.lowering.type_named(union)? else {
            return Err(Error::new(format!("`{union}` is no union")));
        };
        let mut variants = def.variants.iter();
        let Some(variant) = variants.find(|variant| variant.name == member) else {
            return Err(Error::new(format!("{path} has no member `{member}`")));
        };
        let path = format!("{path}.{member}");
        match &variant.ty {
            Some(ty) => self.value(&path, ty, &variant.constraints, value),
            None if value.as_object().is_some_and(Map::is_empty) => Ok(()),
            None => {
                let shown = shown(value);
                Err(Error::new(format!("{path}: `{shown}` is not `{{}}`")))
            }
        }
    }

    fn length(&self, path: &str, bounds: Option<Bounds<u64>>, length: usize) -> Result<()> {
        self.bounds(bounds, length as u64).map_err(|bound| {
            Error::new(format!("{path} has a length of {length}, which is {bound}"))
        })
    }

    fn range(&self, path: &str, bounds: Option<Bounds<f64>>, number: f64) -> Result<()> {
        self.bounds(bounds, number)
            .map_err(|bound| Error::new(format!("{path} is {number}, which is {bound}")))
    }

    /// Says which bound a number passes.
    fn bounds<T: Copy + Display + PartialOrd>(
        &self,
        bounds: Option<Bounds<T>>,
        number: T,
    ) -> Result<(), String> {
        let Some(Bounds { min, max }) = bounds.filter(|_| self.is_request) else {
            return Ok(());
        };
        if let Some(min) = min.filter(|min| number < *min) {
            return Err(format!("less than {min}"));
        }
        match max.filter(|max| number > *max) {
            Some(max) => Err(format!("more than {max}")),
            None => Ok(()),
        }
    }
}

fn is_within(value: &Value, min: impl Into<i64>, max: impl Into<i64>) -> bool {
    let allowed = min.into()..=max.into();
    value.as_i64().is_some_and(|value| allowed.contains(&value))
}

/// The start of a value, on one line.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
