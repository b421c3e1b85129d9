//! JSON to shapes.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::hash::Hash;

use aws_smithy_types::{Blob, DateTime};
use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use super::Map;
use super::timestamp::{parse_epoch_seconds, parse_text};

/// A value that can stand in a response.
pub trait FromValue {
    /// The value of a member that the response does not have: absent, or zero where the shape
    /// leaves no choice. Never a value that a service could have meant.
    fn unset() -> Self
    where
        Self: Sized;

    /// Takes what the response has.
    fn decode(&mut self, value: Value<'_, '_>) -> Decoded;

    /// Whether to be given the JSON text of the value, as [`Value::Text`].
    fn from_text() -> bool
    where
        Self: Sized,
    {
        false
    }

    /// [`FromValue::from_text`], asked of a value.
    fn wants_text(&self) -> bool {
        false
    }

    /// Whether `null` is a value in a list, as in sparse lists, and not an item to drop.
    fn nullable() -> bool
    where
        Self: Sized,
    {
        false
    }
}

/// A structure that can stand in a response. A union is one with the one member that it holds.
pub trait FromMembers {
    /// The structure with no member set; see [`FromValue::unset`].
    fn unset() -> Self
    where
        Self: Sized;

    /// Takes the member of this name on the wire, or skips one that is not known.
    fn member(&mut self, name: &str, value: &mut MemberValue<'_, '_>) -> Decoded;

    /// Whether this is a union, which must have one member.
    fn is_union(&self) -> bool {
        false
    }
}

/// Whether a value could be read.
pub type Decoded = Result<(), DecodeError>;

/// One value of a JSON text.
pub enum Value<'a, 'de> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer that an `i64` holds.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// A string without its escapes.
    String(&'a str),
    /// The value as it stands in the text.
    Text(&'a str),
    /// An array whose items have not been read.
    List(&'a mut dyn Items),
    /// An object whose members have not been read.
    Object(&'a mut dyn Members<'de>),
}

/// The items of an array, read one by one.
pub trait Items {
    /// Reads the next item into `slot`; `false` after the last.
    fn next(&mut self, slot: &mut dyn FromValue) -> Result<bool, DecodeError>;
}

/// The members of an object, read one by one.
pub trait Members<'de> {
    /// The name of the next member.
    fn next_name(&mut self) -> Result<Option<Cow<'de, str>>, DecodeError>;

    /// Reads the value of the member whose name was read last.
    fn value(&mut self, name: &str, slot: &mut dyn FromValue) -> Decoded;

    /// Passes over the value of the member whose name was read last.
    fn skip(&mut self) -> Decoded;
}

/// The value of a member that was just named.
pub struct MemberValue<'a, 'de> {
    name: &'a str,
    members: &'a mut dyn Members<'de>,
    /// How many variants of a union have been read.
    variants: usize,
}

impl MemberValue<'_, '_> {
    /// Reads the value into a field.
    pub fn read(&mut self, field: &mut dyn FromValue) -> Decoded {
        self.members.value(self.name, field)
    }

    /// Passes over the value.
    pub fn skip(&mut self) -> Decoded {
        self.members.skip()
    }

    /// Reads the value of a union's variant; `null` is none.
    pub fn variant<T: FromValue, U>(&mut self, union: &mut U, variant: fn(T) -> U) -> Decoded {
        let mut value = None;
        self.read(&mut value)?;
        if let Some(value) = value {
            *union = variant(value);
            self.variants += 1;
        }
        Ok(())
    }

    /// Passes over a variant that is not known. `__type` is none, nor is `null`.
    pub fn unknown_variant(&mut self) -> Decoded {
        let mut value = None::<serde_json::Value>;
        self.read(&mut value)?;
        if value.is_some() && self.name != "__type" {
            self.variants += 1;
        }
        Ok(())
    }
}

/// A response that is not what the model says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError(String);

impl DecodeError {
    /// An error with this message; where it happened is added on the way out.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for DecodeError {}

/// Reads a whole body. An empty one counts as `{}`.
pub fn decode(body: &[u8], output: &mut dyn FromValue) -> Decoded {
    if body.is_empty() {
        return Ok(());
    }
    // Checked here once, so that serde_json need not check each string.
    let text = std::str::from_utf8(body)
        .map_err(|error| DecodeError(format!("body is not UTF-8: {error}")))?;
    let trace = Trace::default();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let slot = Slot {
        target: output,
        trace: &trace,
    };
    slot.deserialize(&mut deserializer)
        .and_then(|()| deserializer.end())
        .map_err(|error| DecodeError(trace.into_message().unwrap_or_else(|| error.to_string())))
}

/// Where an error happened, kept aside since serde's errors cannot carry it, and what is read.
#[derive(Default)]
pub(super) struct Trace {
    failure: RefCell<Option<Failure>>,
    /// Whether the format may be another than serde_json's text.
    any_format: bool,
}

struct Failure {
    message: String,
    /// Innermost first.
    path: Vec<String>,
}

impl Trace {
    #[cfg(feature = "serde")]
    pub(super) fn of_any_format() -> Self {
        Self {
            any_format: true,
            ..Self::default()
        }
    }

    /// Notes that an error passed through a member or item.
    fn add(&self, error: &dyn fmt::Display, segment: String) -> DecodeError {
        let mut failure = self.failure.borrow_mut();
        let failure = failure.get_or_insert_with(|| Failure {
            message: error.to_string(),
            path: Vec::new(),
        });
        failure.path.push(segment);
        DecodeError(String::new())
    }

    /// The error and its place, unless it concerns the whole.
    pub(super) fn into_message(self) -> Option<String> {
        let Failure { message, path } = self.failure.into_inner()?;
        let path: String = path.into_iter().rev().collect();
        Some(format!("`{}`: {message}", path.trim_start_matches('.')))
    }
}

/// Lets serde read a value into a trait object.
pub(super) struct Slot<'a> {
    pub(super) target: &'a mut dyn FromValue,
    pub(super) trace: &'a Trace,
}

impl<'de> DeserializeSeed<'de> for Slot<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.target.wants_text() && self.trace.any_format {
            let value = serde_json::Value::deserialize(deserializer)?;
            self.give(Value::Text(&value.to_string()))
        } else if self.target.wants_text() {
            let text = <&RawValue>::deserialize(deserializer)?;
            self.give(Value::Text(text.get()))
        } else {
            deserializer.deserialize_any(self)
        }
    }
}

impl Slot<'_> {
    fn give<E: serde::de::Error>(self, value: Value<'_, '_>) -> Result<(), E> {
        self.target.decode(value).map_err(E::custom)
    }
}

impl<'de> Visitor<'de> for Slot<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        self.give(Value::Null)
    }

    #[cfg(feature = "serde")]
    fn visit_none<E: serde::de::Error>(self) -> Result<(), E> {
        self.give(Value::Null)
    }

    #[cfg(feature = "serde")]
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<(), E> {
        self.give(Value::Bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<(), E> {
        self.give(Value::Integer(value))
    }

    #[allow(clippy::cast_precision_loss, reason = "the integer shapes end at i64")]
    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<(), E> {
        self.give(match i64::try_from(value) {
            Ok(value) => Value::Integer(value),
            Err(_) => Value::Float(value as f64),
        })
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
        self.give(Value::Float(value))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<(), E> {
        self.give(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let mut items = SeqItems {
            access,
            index: 0,
            trace: self.trace,
        };
        self.target
            .decode(Value::List(&mut items))
            .map_err(A::Error::custom)?;
        // A target that stopped early must not leave the rest of the array behind.
        while items.access.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let mut members = MapMembers {
            access,
            trace: self.trace,
        };
        self.target
            .decode(Value::Object(&mut members))
            .map_err(A::Error::custom)?;
        while members
            .access
            .next_entry::<IgnoredAny, IgnoredAny>()?
            .is_some()
        {}
        Ok(())
    }
}

struct SeqItems<'t, A> {
    access: A,
    index: usize,
    trace: &'t Trace,
}

impl<'de, A: SeqAccess<'de>> Items for SeqItems<'_, A> {
    fn next(&mut self, slot: &mut dyn FromValue) -> Result<bool, DecodeError> {
        let slot = Slot {
            target: slot,
            trace: self.trace,
        };
        let read = self
            .access
            .next_element_seed(slot)
            .map_err(|error| self.trace.add(&error, format!("[{}]", self.index)))?;
        self.index += 1;
        Ok(read.is_some())
    }
}

struct MapMembers<'t, A> {
    access: A,
    trace: &'t Trace,
}

impl<'de, A: MapAccess<'de>> Members<'de> for MapMembers<'_, A> {
    fn next_name(&mut self) -> Result<Option<Cow<'de, str>>, DecodeError> {
        self.access
            .next_key_seed(Name)
            .map_err(|error| DecodeError(error.to_string()))
    }

    fn value(&mut self, name: &str, slot: &mut dyn FromValue) -> Decoded {
        let slot = Slot {
            target: slot,
            trace: self.trace,
        };
        self.access
            .next_value_seed(slot)
            .map_err(|error| self.trace.add(&error, format!(".{name}")))
    }

    fn skip(&mut self) -> Decoded {
        self.access
            .next_value::<IgnoredAny>()
            .map(|_| ())
            .map_err(|error| DecodeError(error.to_string()))
    }
}

/// Reads a member's name, borrowed from the text unless it has escapes.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

impl Value<'_, '_> {
    /// Takes a string; `null` leaves things as they are.
    pub fn map_string(self, take: impl FnOnce(&str)) -> Decoded {
        match self {
            Self::String(text) => take(text),
            Self::Null => {}
            other => return Err(other.mismatch("a string")),
        }
        Ok(())
    }

    fn mismatch(&self, expected: &str) -> DecodeError {
        let found = match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Integer(_) | Self::Float(_) => "a number",
            Self::String(_) => "a string",
            Self::Text(text) => text,
            Self::List(_) => "an array",
            Self::Object(_) => "an object",
        };
        DecodeError(format!("expected {expected}, found {found}"))
    }
}

impl<T: FromMembers> FromValue for T {
    fn unset() -> Self {
        <T as FromMembers>::unset()
    }

    fn decode(&mut self, value: Value<'_, '_>) -> Decoded {
        decode_members(self, value)
    }
}

fn decode_members(structure: &mut dyn FromMembers, value: Value<'_, '_>) -> Decoded {
    let members = match value {
        Value::Object(members) => members,
        Value::Null => return Ok(()),
        other => return Err(other.mismatch("an object")),
    };
    let mut variants = 0;
    while let Some(name) = members.next_name()? {
        let mut value = MemberValue {
            name: &name,
            members: &mut *members,
            variants,
        };
        structure.member(&name, &mut value)?;
        variants = value.variants;
    }
    if structure.is_union() && variants != 1 {
        return Err(DecodeError(format!(
            "expected a union of one member, found {variants}"
        )));
    }
    Ok(())
}

/// Recursive structures and unions stand behind a `Box`.
impl<T: FromMembers> FromMembers for Box<T> {
    fn unset() -> Self {
        Self::new(<T as FromMembers>::unset())
    }

    fn member(&mut self, name: &str, value: &mut MemberValue<'_, '_>) -> Decoded {
        T::member(self, name, value)
    }

    fn is_union(&self) -> bool {
        T::is_union(self)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn unset() -> Self {
        None
    }

    fn decode(&mut self, value: Value<'_, '_>) -> Decoded {
        *self = match value {
            Value::Null | Value::Text("null") => None,
            value => {
                let mut inner = T::unset();
                inner.decode(value)?;
                Some(inner)
            }
        };
        Ok(())
    }

    fn from_text() -> bool {
        T::from_text()
    }

    fn wants_text(&self) -> bool {
        T::from_text()
    }

    fn nullable() -> bool {
        true
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    fn unset() -> Self {
        Self::new()
    }

    fn decode(&mut self, value: Value<'_, '_>) -> Decoded {
        let items = match value {
            Value::List(items) => items,
            Value::Null => return Ok(()),
            other => return Err(other.mismatch("an array")),
        };
        if T::nullable() {
            loop {
                let mut item = T::unset();
                if !items.next(&mut item)? {
                    return Ok(());
                }
                self.push(item);
            }
        }
        loop {
            let mut item = None::<T>;
            if !items.next(&mut item)? {
                return Ok(());
            }
            self.extend(item);
        }
    }
}

impl<K: for<'a> From<&'a str> + Eq + Hash, V: FromValue> FromValue for Map<K, V> {
    fn unset() -> Self {
        Self::new()
    }

    fn decode(&mut self, value: Value<'_, '_>) -> Decoded {
        let members = match value {
            Value::Object(members) => members,
            Value::Null => return Ok(()),
            other => return Err(other.mismatch("an object")),
        };
        let mut entries = Vec::new();
        while let Some(name) = members.next_name()? {
            if V::nullable() {
                let mut value = V::unset();
                members.value(&name, &mut value)?;
                entries.push((K::from(&*name), value));
            } else {
                let mut value = None::<V>;
                members.value(&name, &mut value)?;
                entries.extend(value.map(|value| (K::from(&*name), value)));
            }
        }
        *self = entries.into_iter().collect();
        Ok(())
    }
}

impl FromValue for String {
    fn unset() -> Self {
        Self::new()
    }

    fn decode(&mut self, value: Value<'_, '_>) -> Decoded {
        value.map_string(|text| text.clone_into(self))
    }
}

impl FromValue for bool {
    fn unset() -> Self {
        false
    }

    fn decode(&mut self, value: Value<'_, '_>) -> Decoded {
        match value {
            Value::Bool(value) => *self = value,
            Value::Null => {}
            other => return Err(other.mismatch("a boolean")),
        }
        Ok(())
    }
}

macro_rules! decode_integers {
    ($($integer:ty),+) => {$(
        impl FromValue for $integer {
            fn unset() -> Self {
                0
            }

            fn decode(&mut self, value: Value<'_, '_>) -> Decoded {
                let expected = concat!("an integer that fits ", stringify!($integer));
                let integer = match value {
                    Value::Integer(value) => value,
                    // Services written in languages with one kind of number send `3.0`.
                    #[allow(clippy::cast_possible_truncation, reason = "checked: whole and below 2^53")]
                    Value::Float(value) if value.fract() == 0.0 && value.abs() < 9.0e15 => value as i64,
                    Value::Null => return Ok(()),
                    other => return Err(other.mismatch(expected)),
                };
                *self = <$integer>::try_from(integer)
                    .map_err(|_| DecodeError(format!("expected {expected}, found {integer}")))?;
                Ok(())
            }
        }
    )+};
}

decode_integers!(i8, i16, i32, i64);

fn decode_float(value: Value<'_, '_>) -> Result<Option<f64>, DecodeError> {
    match value {
        #[allow(clippy::cast_precision_loss, reason = "a float cannot hold more")]
        Value::Integer(value) => Ok(Some(value as f64)),
        Value::Float(value) => Ok(Some(value)),
        Value::String("NaN") => Ok(Some(f64::NAN)),
        Value::String("Infinity") => Ok(Some(f64::INFINITY)),
        Value::String("-Infinity") => Ok(Some(f64::NEG_INFINITY)),
        Value::Null => Ok(None),
        other => Err(other.mismatch("a number")),
    }
}

impl FromValue for f64 {
    fn unset() -> Self {
        0.0
    }

    fn decode(&mut self, value: Value<'_, '_>) -> Decoded {
        *self = decode_float(value)?.unwrap_or(*self);
        Ok(())
    }
}

impl FromValue for f32 {
    fn unset() -> Self {
        0.0
    }

    #[allow(
        clippy::cast_possible_truncation,
        reason = "the shape is a single-precision float"
    )]
    fn decode(&mut self, value: Value<'_, '_>) -> Decoded {
        *self = decode_float(value)?.map_or(*self, |value| value as f32);
        Ok(())
    }
}

impl FromValue for Blob {
    fn unset() -> Self {
        Self::new(Vec::new())
    }

    fn decode(&mut self, value: Value<'_, '_>) -> Decoded {
        match value {
            Value::String(text) => {
                *self = aws_smithy_types::base64::decode(text)
                    .map(Self::new)
                    .map_err(|error| DecodeError(format!("expected base64: {error}")))?;
                Ok(())
            }
            Value::Null => Ok(()),
            other => Err(other.mismatch("base64 in a string")),
        }
    }
}

impl FromValue for DateTime {
    fn unset() -> Self {
        Self::from_secs(0)
    }

    fn from_text() -> bool {
        true
    }

    fn wants_text(&self) -> bool {
        true
    }

    fn decode(&mut self, value: Value<'_, '_>) -> Decoded {
        let expected = "a timestamp";
        let Value::Text(text) = value else {
            return Err(value.mismatch(expected));
        };
        if text == "null" {
            return Ok(());
        }
        let parsed = if text.starts_with('"') {
            serde_json::from_str::<Cow<'_, str>>(text)
                .ok()
                .and_then(|text| parse_text(&text))
        } else {
            parse_epoch_seconds(text)
        };
        *self = parsed.ok_or_else(|| value.mismatch(expected))?;
        Ok(())
    }
}

impl FromValue for serde_json::Value {
    fn unset() -> Self {
        Self::Null
    }

    fn from_text() -> bool {
        true
    }

    fn wants_text(&self) -> bool {
        true
    }

    fn decode(&mut self, value: Value<'_, '_>) -> Decoded {
        let Value::Text(text) = value else {
            return Err(value.mismatch("a document"));
        };
        *self = serde_json::from_str(text).map_err(|error| DecodeError(error.to_string()))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq)]
    struct Outer {
        name: Option<String>,
        count: Option<i32>,
        at: Option<DateTime>,
        inner: Option<Box<Outer>>,
        list: Option<Vec<Outer>>,
        sparse: Option<Vec<Option<String>>>,
        map: Option<Map<String, DateTime>>,
        choice: Option<Choice>,
        document: Option<serde_json::Value>,
        blob: Option<Blob>,
        ratio: Option<f64>,
    }

    impl FromMembers for Outer {
        fn unset() -> Self {
            Self::default()
        }

        fn member(&mut self, name: &str, value: &mut MemberValue<'_, '_>) -> Decoded {
            match name {
                "name" => value.read(&mut self.name),
                "count" => value.read(&mut self.count),
                "at" => value.read(&mut self.at),
                "inner" => value.read(&mut self.inner),
                "list" => value.read(&mut self.list),
                "sparse" => value.read(&mut self.sparse),
                "map" => value.read(&mut self.map),
                "choice" => value.read(&mut self.choice),
                "document" => value.read(&mut self.document),
                "blob" => value.read(&mut self.blob),
                "ratio" => value.read(&mut self.ratio),
                _ => value.skip(),
            }
        }
    }

    #[derive(Debug, PartialEq)]
    enum Choice {
        Text(String),
        Unknown,
    }

    impl FromMembers for Choice {
        fn unset() -> Self {
            Self::Unknown
        }

        fn member(&mut self, name: &str, value: &mut MemberValue<'_, '_>) -> Decoded {
            match name {
                "text" => value.variant(self, Self::Text),
                _ => value.unknown_variant(),
            }
        }

        fn is_union(&self) -> bool {
            true
        }
    }

    fn read(body: &str) -> Result<Outer, String> {
        let mut outer = Outer::default();
        decode(body.as_bytes(), &mut outer).map_err(|error| error.to_string())?;
        Ok(outer)
    }

    #[test]
    fn absent_null_and_unknown_members_leave_nothing() {
        for body in [
            "",
            "{}",
            " {} ",
            "null",
            r#"{"name":null,"list":null,"at":null}"#,
            r#"{"new":[{"a":1}]}"#,
        ] {
            assert_eq!(read(body), Ok(Outer::default()), "{body}");
        }
    }

    #[test]
    fn values_are_read() {
        let outer = read(
            r#"{"n\u0061me":"\ud83d\ude00","count":3.0,"at":1.000000001,"inner":{"inner":{"count":-1}},
                "list":[{"count":1},null,{"count":2}],"sparse":["a",null],"map":{"b":2,"a":1},
                "document":{"x":[1,null]},"blob":"aGk=","ratio":"-Infinity"}"#,
        )
        .unwrap();
        assert_eq!(outer.name.as_deref(), Some("\u{1f600}"));
        assert_eq!(outer.count, Some(3));
        assert_eq!(outer.at.unwrap().as_nanos(), 1_000_000_001);
        assert_eq!(outer.inner.unwrap().inner.unwrap().count, Some(-1));
        assert_eq!(outer.list.unwrap().len(), 2);
        assert_eq!(outer.sparse, Some(vec![Some("a".to_owned()), None]));
        let keys: Vec<String> = outer.map.unwrap().into_keys().collect();
        assert_eq!(keys, ["b", "a"]);
        assert_eq!(outer.document, Some(serde_json::json!({"x": [1, null]})));
        assert_eq!(outer.blob.unwrap().as_ref(), b"hi");
        assert_eq!(outer.ratio, Some(f64::NEG_INFINITY));
    }

    #[test]
    fn timestamps_are_read_in_every_format() {
        let at = |text: &str| read(&format!("{{\"at\":{text}}}")).unwrap().at.unwrap();
        for text in [
            "1398796238.52",
            r#""2014-04-29T18:30:38.52Z""#,
            r#""2014-04-29T20:30:38.52+02:00""#,
            r#""Tue, 29 Apr 2014 18:30:38.52 GMT""#,
            r#""1398796238.52""#,
        ] {
            assert_eq!(at(text).as_nanos(), 1_398_796_238_520_000_000, "{text}");
        }
    }

    #[test]
    fn a_union_has_one_member() {
        let choice = |body: &str| read(&format!("{{\"choice\":{body}}}")).map(|outer| outer.choice);
        assert_eq!(
            choice(r#"{"text":"a"}"#),
            Ok(Some(Choice::Text("a".to_owned())))
        );
        assert_eq!(
            choice(r#"{"__type":"x","text":"a","other":null}"#),
            choice(r#"{"text":"a"}"#)
        );
        assert_eq!(choice(r#"{"new":1}"#), Ok(Some(Choice::Unknown)));
        for body in [
            "{}",
            r#"{"text":"a","new":1}"#,
            r#"{"text":"a","text":"b"}"#,
            r#"{"text":null}"#,
        ] {
            let error = choice(body).unwrap_err();
            assert!(
                error.starts_with("`choice`: expected a union of one member"),
                "{error}"
            );
        }
    }

    #[test]
    fn errors_say_where() {
        for (body, expected) in [
            (
                r#"{"count":"x"}"#,
                "`count`: expected an integer that fits i32, found a string at line 1 column 12",
            ),
            (
                r#"{"count":2147483648}"#,
                "`count`: expected an integer that fits i32, found 2147483648 at line 1 column 19",
            ),
            (
                r#"{"list":[{},{"inner":{"at":"x"}}]}"#,
                "`list[1].inner.at`: expected a timestamp, found \"x\"",
            ),
            (
                r#"{"map":{"k":true}}"#,
                "`map.k`: expected a timestamp, found true",
            ),
            (
                r#"{"name":"a"} x"#,
                "trailing characters at line 1 column 14",
            ),
            (
                r#"{"name":"a""#,
                "EOF while parsing an object at line 1 column 11",
            ),
            ("<html>", "expected value at line 1 column 1"),
            (
                "[]",
                "expected an object, found an array at line 1 column 2",
            ),
        ] {
            assert_eq!(read(body).unwrap_err(), expected, "{body}");
        }
        let mut outer = Outer::default();
        let error = decode(b"{\"name\":\"\xff\"}", &mut outer).unwrap_err();
        assert!(
            error.to_string().starts_with("body is not UTF-8"),
            "{error}"
        );
    }

    #[test]
    fn depth_is_bounded() {
        let deep = |start: &str, end: &str| start.repeat(1 << 16) + &end.repeat(1 << 16);
        for body in [
            deep(r#"{"inner":"#, "}"),
            deep(r#"{"list":["#, "]}"),
            format!(r#"{{"document":{}}}"#, deep("[", "]")),
        ] {
            let error = read(&body).unwrap_err();
            assert!(error.contains("recursion limit exceeded"), "{error}");
        }
        // What is skipped is skipped without recursion; the body ends before it does.
        let skipped = r#"{"new":"#.to_owned() + &"[".repeat(1 << 20);
        assert!(read(&skipped).unwrap_err().starts_with("EOF"));
    }
}
