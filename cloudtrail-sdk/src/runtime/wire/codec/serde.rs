//! Shapes in every format of serde, by the feature `serde`.
//!
//! What the codec writes and reads JSON with serves other self-describing formats as well: the
//! code behind serde's traits of a shape stands here once.

use std::borrow::Cow;
use std::fmt;
use std::hash::Hash;
use std::marker::PhantomData;

use aws_smithy_types::date_time::Format;
use aws_smithy_types::{Blob, DateTime};
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde::ser::{Error as _, SerializeMap, Serializer};
use serde::{Deserialize, Serialize};

use super::decode::{Decode, decode};
use super::encode::{Encode, EncodeMembers, Formattable, MemberSink, Node, ToNode};
use super::map::Map;
use super::member::Member;
use super::timestamp::{Formatted, epoch_seconds};
use super::writer::JsonWriter;

/// Writes a value.
pub fn serialize<S: Serializer>(value: &dyn Encode, serializer: S) -> Result<S::Ok, S::Error> {
    Erased(value).serialize(serializer)
}

/// Reads a value. What the codec takes for none, `null`, is none here.
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut value = None::<T>;
    read(&mut value, deserializer)?;
    value.ok_or_else(|| D::Error::invalid_type(Unexpected::Unit, &"a value"))
}

fn read<'de, D: Deserializer<'de>>(
    target: &mut dyn Decode,
    deserializer: D,
) -> Result<(), D::Error> {
    let mut json = JsonWriter::default();
    Transcode::after("", &mut json).deserialize(deserializer)?;
    decode(&json.into_bytes(), target).map_err(|error| D::Error::custom(error.without_position()))
}

/// Writes a value of any format as JSON, which the codec reads.
struct Transcode<'a> {
    separator: &'static str,
    out: &'a mut JsonWriter,
}

impl<'a> Transcode<'a> {
    /// A value that stands behind this separator.
    fn after(separator: &'static str, out: &'a mut JsonWriter) -> Self {
        Self { separator, out }
    }
}

impl<'de> DeserializeSeed<'de> for Transcode<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.out.raw(self.separator);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Transcode<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON can hold")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.out.raw("null");
        Ok(())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        self.out.raw("null");
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        value.encode(self.out);
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        value.encode(self.out);
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.out.raw(&value.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        value.encode(self.out);
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.out.string(value);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        self.out.raw("[");
        let mut separator = "";
        while access
            .next_element_seed(Transcode::after(separator, self.out))?
            .is_some()
        {
            separator = ",";
        }
        self.out.raw("]");
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        self.out.raw("{");
        let mut separator = "";
        while let Some(name) = access.next_key::<Cow<'_, str>>()? {
            self.out.raw(separator);
            self.out.string(&name);
            access.next_value_seed(Transcode::after(":", self.out))?;
            separator = ",";
        }
        self.out.raw("}");
        Ok(())
    }
}

struct Erased<'a>(&'a dyn Encode);

impl Serialize for Erased<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.to_node() {
            Node::Null => serializer.serialize_none(),
            Node::Bool(value) => serializer.serialize_bool(value),
            Node::Integer(value) => serializer.serialize_i64(value),
            Node::Float(value) => serializer.serialize_f32(value),
            Node::Double(value) => serializer.serialize_f64(value),
            Node::String(text) => serializer.serialize_str(&text),
            Node::List(items) => serializer.collect_seq(items.into_iter().map(Erased)),
            Node::Map(entries) => {
                serializer.collect_map(entries.into_iter().map(|(key, value)| (key, Erased(value))))
            }
            Node::Structure(structure) => serialize_members(structure, serializer),
            Node::Document(value) => value.serialize(serializer),
        }
    }
}

/// Writes a structure as a map: formats that write structures as sequences could not tell which
/// members were left out.
fn serialize_members<S: Serializer>(
    structure: &dyn EncodeMembers,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut count = Count(0);
    structure.members(&mut count);
    let mut members = Members {
        map: serializer.serialize_map(Some(count.0))?,
        written: Ok(()),
    };
    structure.members(&mut members);
    members.written?;
    members.map.end()
}

/// Counts the members that have a value, which some formats want to know first.
struct Count(usize);

impl MemberSink for Count {
    fn member(&mut self, _: Member<'_>, value: &dyn Encode) {
        self.0 += usize::from(value.is_set());
    }

    fn unknown_variant(&mut self) {}
}

struct Members<M: SerializeMap> {
    map: M,
    written: Result<(), M::Error>,
}

impl<M: SerializeMap> MemberSink for Members<M> {
    fn member(&mut self, member: Member<'_>, value: &dyn Encode) {
        if self.written.is_ok() && value.is_set() {
            self.written = self.map.serialize_entry(member.name(), &Erased(value));
        }
    }

    fn unknown_variant(&mut self) {
        self.written = Err(M::Error::custom(
            "a union holds a variant that is not known, which cannot be written",
        ));
    }
}

impl<T: EncodeMembers> ToNode for T {
    fn to_node(&self) -> Node<'_> {
        Node::Structure(self)
    }
}

impl<T: Encode> ToNode for Option<T> {
    fn to_node(&self) -> Node<'_> {
        self.as_ref().map_or(Node::Null, T::to_node)
    }
}

impl<T: Encode> ToNode for Vec<T> {
    fn to_node(&self) -> Node<'_> {
        Node::List(self.iter().map(|item| item as &dyn Encode).collect())
    }
}

impl<K: AsRef<str>, V: Encode> ToNode for Map<K, V> {
    fn to_node(&self) -> Node<'_> {
        let entries = self.iter();
        Node::Map(
            entries
                .map(|(key, value)| (key.as_ref(), value as &dyn Encode))
                .collect(),
        )
    }
}

impl ToNode for String {
    fn to_node(&self) -> Node<'_> {
        Node::String(self.into())
    }
}

impl ToNode for bool {
    fn to_node(&self) -> Node<'_> {
        Node::Bool(*self)
    }
}

macro_rules! integers {
    ($($integer:ty),+) => {$(
        impl ToNode for $integer {
            fn to_node(&self) -> Node<'_> {
                Node::Integer((*self).into())
            }
        }
    )+};
}

integers!(i8, i16, i32, i64);

/// What is no number goes by its name, as on the wire: JSON has no such number.
macro_rules! floats {
    ($($float:ty => $node:ident),+) => {$(
        impl ToNode for $float {
            fn to_node(&self) -> Node<'_> {
                if self.is_finite() {
                    Node::$node(*self)
                } else if self.is_nan() {
                    Node::String("NaN".into())
                } else {
                    Node::String(if *self > 0.0 { "Infinity" } else { "-Infinity" }.into())
                }
            }
        }
    )+};
}

floats!(f32 => Float, f64 => Double);

impl ToNode for Blob {
    fn to_node(&self) -> Node<'_> {
        Node::String(aws_smithy_types::base64::encode(self).into())
    }
}

impl ToNode for DateTime {
    fn to_node(&self) -> Node<'_> {
        Node::String(rfc_3339(*self).into())
    }
}

/// The timestamp with all its nanoseconds, of which [`DateTime::fmt`] cuts the last three digits.
pub(crate) fn rfc_3339(timestamp: DateTime) -> String {
    let Ok(text) = DateTime::from_secs(timestamp.secs()).fmt(Format::DateTime) else {
        // Only a year that RFC 3339 does not have; seconds are read all the same.
        return epoch_seconds(timestamp);
    };
    match timestamp.subsec_nanos() {
        0 => text,
        nanos => {
            let fraction = format!("{nanos:09}");
            let (whole, fraction) = (text.trim_end_matches('Z'), fraction.trim_end_matches('0'));
            format!("{whole}.{fraction}Z")
        }
    }
}

/// The format of the wire is the wire's alone.
impl<T: Formattable> ToNode for Formatted<'_, T> {
    fn to_node(&self) -> Node<'_> {
        self.value.to_node()
    }
}

impl ToNode for serde_json::Value {
    fn to_node(&self) -> Node<'_> {
        Node::Document(self)
    }
}

impl<K: Serialize, V: Serialize> Serialize for Map<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

impl<'de, K, V> Deserialize<'de> for Map<K, V>
where
    K: Deserialize<'de> + Eq + Hash,
    V: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

struct Entries<K, V>(PhantomData<(K, V)>);

impl<'de, K, V> Visitor<'de> for Entries<K, V>
where
    K: Deserialize<'de> + Eq + Hash,
    V: Deserialize<'de>,
{
    type Value = Map<K, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(entries.into_iter().collect())
    }
}
