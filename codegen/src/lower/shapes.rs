//! Structures, unions, enums and their members.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::names::Scope;
use super::{Lowering, docs, get, instant, is_error, supported};
use crate::Directions;
use crate::error::{Error, Result};
use crate::ir::{
    Bounds, Constraints, Deprecated, Enum, EnumVariant, ErrorStructure, Literal, Member, Presence,
    Retryable, Structure, TimestampFormat, Type, TypeDefinition, Union, UnionVariant,
};
use crate::model::{self, Shape, ShapeId, ShapeType, Traits};

/// The part that a structure plays.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Role {
    /// The input of an operation; every field is an `Option`.
    Input,
    Output,
    Nested,
    Error,
}

/// The `deprecated` trait.
pub(super) fn deprecated(traits: &Traits) -> Result<Option<Deprecated>> {
    #[derive(Deserialize)]
    struct Trait {
        message: Option<String>,
    }
    Ok(traits
        .get::<Trait>("smithy.api#deprecated")?
        .map(|Trait { message }| Deprecated { note: message }))
}

impl Lowering<'_> {
    /// The input or output of an operation, which may have none.
    pub(super) fn operation_structure(
        &self,
        id: Option<&ShapeId>,
        name: &str,
        module: &str,
        role: Role,
    ) -> Result<Structure> {
        let unit = ShapeId::parse("smithy.api#Unit")?;
        let id = id.unwrap_or(&unit);
        let shape = get(self.model, id)?;
        if shape.kind != ShapeType::Structure {
            return Err(Error::new(format!("`{id}` is not a structure")));
        }
        let mut structure = self.structure(id, shape, name, role)?;
        if *id == unit {
            structure.docs = vec!["Empty; the model has no shape for it.".to_owned()];
        }
        module.clone_into(&mut structure.module);
        let both = self.directions == Directions::Both;
        structure.encode = both || role == Role::Input;
        structure.decode = both || role == Role::Output;
        Ok(structure)
    }

    /// Every type that stands in `types`.
    pub(super) fn types(&self) -> Result<Vec<TypeDefinition>> {
        let mut modules = Scope::modules();
        self.type_names
            .iter()
            .map(|(id, name)| {
                let mut definition = self.definition(id, name).map_err(|error| error.shape(id))?;
                let module = match &mut definition {
                    TypeDefinition::Structure(structure) => &mut structure.module,
                    TypeDefinition::Union(union) => &mut union.module,
                    TypeDefinition::StringEnum(def) => &mut def.module,
                    TypeDefinition::IntegerEnum(def) => &mut def.module,
                };
                *module = modules.module(name);
                Ok(definition)
            })
            .collect()
    }

    /// The structure of this Rust name.
    pub(super) fn structure_named(&self, name: &str) -> Result<Structure> {
        match self.type_named(name)? {
            TypeDefinition::Structure(structure) => Ok(structure),
            _ => Err(Error::new(format!("`{name}` is no structure"))),
        }
    }

    /// The type of this Rust name.
    pub(super) fn type_named(&self, name: &str) -> Result<TypeDefinition> {
        let (id, _) = self
            .type_names
            .iter()
            .find(|(_, given)| *given == name)
            .ok_or_else(|| Error::new(format!("no type is called `{name}`")))?;
        self.definition(id, name)
    }

    /// Every error of the service.
    pub(super) fn errors(&self) -> Result<Vec<ErrorStructure>> {
        let mut methods = Scope::default();
        // The names of the shapes go first; a code of AWS Query that two errors share means the first.
        let mut taken: BTreeSet<String> = self
            .error_names
            .keys()
            .map(|id| id.name().to_owned())
            .collect();
        self.error_names
            .iter()
            .map(|(id, name)| {
                let shape = get(self.model, id)?;
                let structure = self.structure(id, shape, name, Role::Error)?;
                let query_code = query_code(shape)?.filter(|code| taken.insert(code.clone()));
                Ok(ErrorStructure {
                    codes: [id.name().to_owned()]
                        .into_iter()
                        .chain(query_code)
                        .collect(),
                    is_method: format!("is_{}", methods.method_suffix(name)),
                    retryable: retryable(&shape.traits)?,
                    hint: shape.traits.get(supported::HINT)?,
                    structure,
                })
            })
            .collect()
    }

    fn definition(&self, id: &ShapeId, name: &str) -> Result<TypeDefinition> {
        let shape = get(self.model, id)?;
        Ok(match shape.kind {
            ShapeType::Structure => {
                TypeDefinition::Structure(self.structure(id, shape, name, Role::Nested)?)
            }
            ShapeType::Union => TypeDefinition::Union(self.union(id, shape, name)?),
            ShapeType::IntEnum => {
                TypeDefinition::IntegerEnum(lower_enum(id, shape, name, |value| {
                    value
                        .as_i64()
                        .and_then(|value| i32::try_from(value).ok())
                        .ok_or_else(|| {
                            Error::new("the value of an intEnum must be a 32-bit integer")
                        })
                })?)
            }
            _ => TypeDefinition::StringEnum(lower_enum(id, shape, name, |value| {
                value
                    .as_str()
                    .map(str::to_owned)
                    .ok_or_else(|| Error::new("the value of an enum must be a string"))
            })?),
        })
    }

    fn structure(&self, id: &ShapeId, shape: &Shape, name: &str, role: Role) -> Result<Structure> {
        let mut scope = match role {
            Role::Error => Scope::error_members(),
            _ => Scope::members(),
        };
        let mut members: Vec<Member> = shape
            .members
            .iter()
            .map(|(member_name, member)| {
                let at = id.with_member(member_name);
                self.member(id, member_name, member, role, &mut scope)
                    .map_err(|error| error.shape(at))
            })
            .collect::<Result<_>>()?;
        if role == Role::Error && !members.iter().any(|member| member.field == "message") {
            members.push(message_member(&mut scope));
        }
        Ok(Structure {
            name: name.to_owned(),
            module: String::new(),
            docs: docs::lines(&shape.traits)?
                .unwrap_or_else(|| vec![format!("The shape `{}` of the model.", id.name())]),
            deprecated: deprecated(&shape.traits)?,
            encode: self.closure.is_encoded(id),
            decode: self.closure.is_decoded(id),
            members,
        })
    }

    fn member(
        &self,
        owner: &ShapeId,
        name: &str,
        member: &model::Member,
        role: Role,
        scope: &mut Scope,
    ) -> Result<Member> {
        let target = get(self.model, &member.target)?;
        let ty = self.member_type(owner, member)?;
        let names = scope.field(name);
        let is_message = role == Role::Error && names.field == "message";
        if is_message && ty != Type::String {
            return Err(Error::new("the message of an error must be a string"));
        }
        let is_required = member.traits.has("smithy.api#required");
        let aggregate = matches!(target.kind, ShapeType::Structure | ShapeType::Union);
        let optional = role == Role::Input
            || aggregate
            || member.traits.has("smithy.api#clientOptional")
            || is_message;
        let presence = match default_of(member, target) {
            _ if optional => Presence::Optional,
            Some(default) => Presence::Default(literal(&ty, default)?),
            None if is_required => Presence::Required,
            None => Presence::Optional,
        };
        let constraints = self.constraints(member)?;
        let mut docs = docs::lines(&member.traits)?
            .or(docs::lines(&target.traits)?
                .filter(|_| !self.type_names.contains_key(&member.target)))
            .unwrap_or_else(|| vec![format!("The member `{name}` of the model.")]);
        if self.closure.is_encoded(owner)
            && let Some(facts) = docs::facts(is_required, &ty, &constraints)
        {
            docs.extend([String::new(), facts]);
        }
        Ok(Member {
            name: name.to_owned(),
            field: names.field,
            setter: names.setter,
            getter: names.getter,
            docs,
            deprecated: deprecated(&member.traits)?,
            ty,
            presence,
            required: is_required,
            constraints,
            sensitive: member.traits.has("smithy.api#sensitive")
                || self.is_sensitive(owner)
                || self.is_sensitive(&member.target),
            idempotency_token: role == Role::Input
                && member.traits.has("smithy.api#idempotencyToken"),
        })
    }

    /// Whether a shape, or what a collection of it holds, must not be shown. A structure hides those
    /// of its members that must not be shown itself.
    fn is_sensitive(&self, id: &ShapeId) -> bool {
        self.model.get(id).is_some_and(|shape| {
            shape.traits.has("smithy.api#sensitive")
                || [&shape.member, &shape.key, &shape.value]
                    .into_iter()
                    .flatten()
                    .any(|member| self.is_sensitive(&member.target))
        })
    }

    /// The type of a structure's or union's member, with a `Box` where it would contain itself.
    fn member_type(&self, owner: &ShapeId, member: &model::Member) -> Result<Type> {
        let ty = self.value_type(member)?;
        Ok(match ty {
            Type::Structure(_) | Type::Union(_) if self.closure.contains(&member.target, owner) => {
                Type::Boxed(Box::new(ty))
            }
            ty => self.with_boxed_values(owner, &member.target, ty),
        })
    }

    /// A map with its values behind a `Box`, if they can contain the map's owner.
    fn with_boxed_values(&self, owner: &ShapeId, target: &ShapeId, ty: Type) -> Type {
        let target = self
            .model
            .get(target)
            .and_then(|shape| shape.value.as_ref());
        match (ty, target.map(|value| &value.target)) {
            (Type::Map { key, value, sparse }, Some(target)) => {
                let value = match *value {
                    Type::Structure(_) | Type::Union(_)
                        if self.closure.contains_by_maps(target, owner) =>
                    {
                        Type::Boxed(value)
                    }
                    value => self.with_boxed_values(owner, target, value),
                };
                Type::Map {
                    key,
                    value: Box::new(value),
                    sparse,
                }
            }
            (ty, _) => ty,
        }
    }

    fn value_type(&self, member: &model::Member) -> Result<Type> {
        let id = &member.target;
        let shape = get(self.model, id)?;
        let name = || {
            self.type_names
                .get(id)
                .cloned()
                .ok_or_else(|| Error::new(format!("`{id}` cannot be the target of a member")))
        };
        let part = |part: &Option<model::Member>, what: &str| {
            let member = part
                .as_ref()
                .ok_or_else(|| Error::at(id, format!("has no {what}")))?;
            self.value_type(member).map(Box::new)
        };
        let sparse = shape.traits.has("smithy.api#sparse");
        Ok(match shape.kind {
            ShapeType::Boolean => Type::Boolean,
            ShapeType::Byte => Type::Byte,
            ShapeType::Short => Type::Short,
            ShapeType::Integer => Type::Integer,
            ShapeType::Long => Type::Long,
            ShapeType::Float => Type::Float,
            ShapeType::Double => Type::Double,
            ShapeType::Blob => Type::Blob,
            ShapeType::Document => Type::Document,
            ShapeType::String if self.type_names.contains_key(id) => Type::StringEnum(name()?),
            ShapeType::String => Type::String,
            ShapeType::Enum => Type::StringEnum(name()?),
            ShapeType::IntEnum => Type::IntegerEnum(name()?),
            ShapeType::Timestamp => Type::Timestamp(timestamp_format(member, shape)?),
            ShapeType::Structure if is_error(shape) => {
                return Err(Error::new(format!(
                    "targets the error `{id}`; an error cannot be nested"
                )));
            }
            ShapeType::Structure => Type::Structure(name()?),
            ShapeType::Union => Type::Union(name()?),
            ShapeType::List | ShapeType::Set => Type::List {
                item: part(&shape.member, "member")?,
                sparse,
            },
            ShapeType::Map => Type::Map {
                key: part(&shape.key, "key")?,
                value: part(&shape.value, "value")?,
                sparse,
            },
            kind => {
                return Err(Error::new(format!(
                    "targets `{id}`; the generator has no Rust type for shapes of type {kind:?}"
                )));
            }
        })
    }

    /// The constraints of a member: its own before its target's.
    fn constraints(&self, member: &model::Member) -> Result<Constraints> {
        let target = get(self.model, &member.target)?;
        let of_part = |part: &Option<model::Member>| -> Result<Option<Box<Constraints>>> {
            let constraints = match part {
                Some(part) => self.constraints(part)?,
                None => Constraints::default(),
            };
            Ok(Some(Box::new(constraints)).filter(|constraints| !constraints.is_empty()))
        };
        let items = match of_part(&target.member)? {
            Some(items) => Some(items),
            None => of_part(&target.value)?,
        };
        let keys = of_part(&target.key)?;
        Ok(Constraints {
            length: bounds(member, target, "smithy.api#length")?,
            range: bounds(member, target, "smithy.api#range")?,
            items,
            keys,
        })
    }

    fn union(&self, id: &ShapeId, shape: &Shape, name: &str) -> Result<Union> {
        let mut variants = Scope::variants();
        let mut methods = Scope::variant_methods();
        let variants = shape
            .members
            .iter()
            .map(|(member_name, member)| {
                let unit = member.target.to_string() == "smithy.api#Unit";
                let ty = match unit {
                    true => None,
                    false => Some(
                        self.member_type(id, member)
                            .map_err(|error| error.shape(id.with_member(member_name)))?,
                    ),
                };
                let suffix = methods.method_suffix(member_name);
                Ok(UnionVariant {
                    name: member_name.to_owned(),
                    variant: variants.type_name(member_name),
                    as_method: format!("as_{suffix}"),
                    is_method: format!("is_{suffix}"),
                    docs: docs::lines(&member.traits)?.unwrap_or_else(|| {
                        vec![format!("The member `{member_name}` of the model.")]
                    }),
                    constraints: match unit {
                        true => Constraints::default(),
                        false => self.constraints(member)?,
                    },
                    ty,
                })
            })
            .collect::<Result<_>>()?;
        Ok(Union {
            name: name.to_owned(),
            module: String::new(),
            docs: docs::lines(&shape.traits)?
                .unwrap_or_else(|| vec![format!("The shape `{}` of the model.", id.name())]),
            deprecated: deprecated(&shape.traits)?,
            variants,
            encode: self.closure.is_encoded(id),
            decode: self.closure.is_decoded(id),
            sensitive: shape.traits.has("smithy.api#sensitive")
                || shape.members.iter().any(|(_, member)| {
                    member.traits.has("smithy.api#sensitive") || self.is_sensitive(&member.target)
                }),
        })
    }
}

/// The code that the error had when the service spoke AWS Query.
fn query_code(shape: &Shape) -> Result<Option<String>> {
    #[derive(Deserialize)]
    struct QueryError {
        code: String,
    }
    let query: Option<QueryError> = shape.traits.get("aws.protocols#awsQueryError")?;
    Ok(query.map(|query| query.code))
}

/// What the model says of retrying after the error.
fn retryable(traits: &Traits) -> Result<Option<Retryable>> {
    #[derive(Deserialize)]
    struct RetryableTrait {
        #[serde(default)]
        throttling: bool,
    }
    let retryable: Option<RetryableTrait> = traits.get("smithy.api#retryable")?;
    Ok(retryable.map(|retryable| match retryable.throttling {
        true => Retryable::Throttling,
        false => Retryable::Modeled,
    }))
}

fn lower_enum<V>(
    id: &ShapeId,
    shape: &Shape,
    name: &str,
    read: impl Fn(&Value) -> Result<V>,
) -> Result<Enum<V>> {
    /// An entry of the trait `enum` of Smithy 1.0.
    #[derive(Deserialize)]
    struct Definition {
        value: Value,
        name: Option<String>,
        documentation: Option<String>,
        #[serde(default)]
        deprecated: bool,
    }

    let mut scope = Scope::variants();
    let mut variant = |name: &str, value: &Value, traits: &Traits| -> Result<EnumVariant<V>> {
        Ok(EnumVariant {
            variant: scope.type_name(name),
            value: read(value)?,
            docs: docs::lines(traits)?.unwrap_or_else(|| {
                vec![format!("The value `{}`.", value.as_str().unwrap_or(name))]
            }),
            deprecated: deprecated(traits)?,
        })
    };
    let mut variants = Vec::new();
    for (member_name, member) in shape.members.iter() {
        let value = match member.traits.raw("smithy.api#enumValue") {
            Some(value) => value.clone(),
            None => Value::String(member_name.to_owned()),
        };
        variants.push(
            variant(member_name, &value, &member.traits)
                .map_err(|error| error.shape(id.with_member(member_name)))?,
        );
    }
    for definition in shape
        .traits
        .get::<Vec<Definition>>("smithy.api#enum")?
        .unwrap_or_default()
    {
        let mut traits = Traits::default();
        if let Some(text) = definition.documentation {
            traits.insert("smithy.api#documentation", Value::String(text));
        }
        if definition.deprecated {
            traits.insert("smithy.api#deprecated", model::annotation());
        }
        let name = definition
            .name
            .or_else(|| definition.value.as_str().map(str::to_owned))
            .unwrap_or_default();
        variants.push(variant(&name, &definition.value, &traits)?);
    }
    Ok(Enum {
        name: name.to_owned(),
        module: String::new(),
        docs: docs::lines(&shape.traits)?
            .unwrap_or_else(|| vec![format!("The shape `{}` of the model.", id.name())]),
        deprecated: deprecated(&shape.traits)?,
        variants,
        sensitive: shape.traits.has("smithy.api#sensitive"),
    })
}

/// The member that every error has, whether its shape says so or not.
fn message_member(scope: &mut Scope) -> Member {
    let names = scope.field("message");
    Member {
        name: "message".to_owned(),
        field: names.field,
        setter: names.setter,
        getter: names.getter,
        docs: vec!["What the service said.".to_owned()],
        deprecated: None,
        ty: Type::String,
        presence: Presence::Optional,
        required: false,
        constraints: Constraints::default(),
        sensitive: false,
        idempotency_token: false,
    }
}

/// The default of a member, its own or its target's; `null` takes the target's away.
fn default_of<'a>(member: &'a model::Member, target: &'a Shape) -> Option<&'a Value> {
    member
        .traits
        .raw("smithy.api#default")
        .or_else(|| target.traits.raw("smithy.api#default"))
        .filter(|value| !value.is_null())
}

fn literal(ty: &Type, value: &Value) -> Result<Literal> {
    let literal = match (ty, value) {
        (Type::Document, value) => Some(Literal::Document(value.to_string())),
        (Type::Boolean, Value::Bool(value)) => Some(Literal::Boolean(*value)),
        (Type::Byte, value) => integer::<i8>(value),
        (Type::Short, value) => integer::<i16>(value),
        (Type::Integer | Type::IntegerEnum(_), value) => integer::<i32>(value),
        (Type::Long, value) => integer::<i64>(value),
        (Type::Float, value) => float(value, f32::MAX.into()),
        (Type::Double, value) => float(value, f64::MAX),
        (Type::Timestamp(_), value) => {
            instant::read(value).map(|(seconds, nanos)| Literal::Timestamp(seconds, nanos))
        }
        (Type::String | Type::Blob, Value::String(text)) if text.is_empty() => Some(Literal::Empty),
        (Type::String | Type::StringEnum(_), Value::String(text)) => {
            Some(Literal::String(text.clone()))
        }
        (Type::Blob, Value::String(text)) => BASE64.decode(text).ok().map(Literal::Blob),
        (Type::List { .. }, Value::Array(items)) if items.is_empty() => Some(Literal::Empty),
        (Type::Map { .. }, Value::Object(entries)) if entries.is_empty() => Some(Literal::Empty),
        _ => None,
    };
    literal.ok_or_else(|| Error::new(format!("default `{value}` does not fit the member's type")))
}

fn integer<T: TryFrom<i64>>(value: &Value) -> Option<Literal> {
    let value = value.as_i64()?;
    T::try_from(value)
        .is_ok()
        .then_some(Literal::Integer(value))
}

fn float(value: &Value, max: f64) -> Option<Literal> {
    let value = value.as_f64()?;
    (value.abs() <= max).then_some(Literal::Float(value))
}

fn timestamp_format(member: &model::Member, target: &Shape) -> Result<TimestampFormat> {
    let id = "smithy.api#timestampFormat";
    let format: Option<String> = match member.traits.get(id)? {
        Some(format) => Some(format),
        None => target.traits.get(id)?,
    };
    match format.as_deref() {
        None | Some("epoch-seconds") => Ok(TimestampFormat::EpochSeconds),
        Some("date-time") => Ok(TimestampFormat::DateTime),
        Some("http-date") => Ok(TimestampFormat::HttpDate),
        Some(other) => Err(Error::new(format!(
            "timestamp format `{other}` is not supported"
        ))),
    }
}

fn bounds<T: DeserializeOwned>(
    member: &model::Member,
    target: &Shape,
    id: &str,
) -> Result<Option<Bounds<T>>> {
    #[derive(Deserialize)]
    struct Trait<T> {
        min: Option<T>,
        max: Option<T>,
    }
    let bounds: Option<Trait<T>> = match member.traits.get(id)? {
        Some(bounds) => Some(bounds),
        None => target.traits.get(id)?,
    };
    Ok(bounds.map(|Trait { min, max }| Bounds { min, max }))
}
