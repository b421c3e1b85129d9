//! Reading and writing of members: everything that is lenient about records is here.
//!
//! - `null` is as good as absent.
//! - Text, booleans and numbers stand in for each other where one can be read as the other. Where
//!   text is not what is expected, empty text is as good as absent.
//! - Times come in both forms of RFC 3339's ancestor, ISO 8601: with dashes and without.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Unexpected, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::Number;

use super::{RawJson, time};
use crate::primitives::{DateTime, Map};
use crate::runtime::wire::codec::rfc_3339;

/// The value of a member.
pub(super) trait Member: Sized {
    /// The value, or none for `null`.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// A structure, by its members.
pub(super) trait Structure: Default {
    fn read_member<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        access: &mut A,
    ) -> Result<(), A::Error>;

    fn write_members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

/// Reads the value that comes next. `null` leaves the value of another spelling as it is.
pub(super) fn read_next<'de, T: Member, A: MapAccess<'de>>(
    field: &mut Option<T>,
    access: &mut A,
) -> Result<(), A::Error> {
    if let Read(Some(value)) = access.next_value()? {
        *field = Some(value);
    }
    Ok(())
}

/// Keeps the value of a key that no row has.
#[cold]
pub(super) fn keep<'de, A: MapAccess<'de>>(
    unknown: &mut Option<Map<String, RawJson>>,
    key: &str,
    access: &mut A,
) -> Result<(), A::Error> {
    let value = access.next_value()?;
    unknown
        .get_or_insert_default()
        .insert(key.to_owned(), value);
    Ok(())
}

/// Writes a member that is set.
pub(super) fn write_next<T: Member, M: SerializeMap>(
    map: &mut M,
    key: &str,
    field: &Option<T>,
) -> Result<(), M::Error> {
    match field {
        Some(value) => map.serialize_entry(key, &Write(value)),
        None => Ok(()),
    }
}

pub(super) fn read_structure<'de, T: Structure, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let mut value = T::default();
    Members(&mut value).deserialize(deserializer)?;
    Ok(value)
}

/// Reads the members of a structure to where it is: large ones are not to be moved about.
pub(super) struct Members<'a, T>(pub(super) &'a mut T);

impl<'de, T: Structure> DeserializeSeed<'de> for Members<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Structure> Visitor<'de> for Members<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = access.next_key()? {
            self.0.read_member(&key, &mut access)?;
        }
        Ok(())
    }
}

pub(super) fn write_structure<T: Structure, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    value.write_members(&mut map)?;
    map.end()
}

/// Makes a member readable by serde.
struct Read<T>(Option<T>);

impl<'de, T: Member> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self)
    }
}

/// Makes a member writable by serde.
struct Write<'a, T>(&'a T);

impl<T: Member> Serialize for Write<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

/// A key, without a copy where the input has it as it is.
struct Key<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = Cow<'de, str>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(text))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Cow::Owned(text.to_owned()))
            }
        }

        deserializer.deserialize_str(Text).map(Self)
    }
}

/// A value of JSON that is neither an object nor an array.
enum Scalar<'de> {
    Null,
    Bool(bool),
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    Text(Cow<'de, str>),
}

impl Scalar<'_> {
    fn unexpected(&self) -> Unexpected<'_> {
        match self {
            Self::Null => Unexpected::Unit,
            Self::Bool(value) => Unexpected::Bool(*value),
            Self::Signed(value) => Unexpected::Signed(*value),
            Self::Unsigned(value) => Unexpected::Unsigned(*value),
            Self::Float(value) => Unexpected::Float(*value),
            Self::Text(text) => Unexpected::Str(text),
        }
    }

    /// The value as text.
    fn into_text(self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Bool(value) => value.to_string(),
            Self::Signed(value) => value.to_string(),
            Self::Unsigned(value) => value.to_string(),
            Self::Float(value) => value.to_string(),
            Self::Text(text) => text.into_owned(),
        }
    }
}

/// Reads a scalar. `convert` has the type's own rules and hands back what they do not cover.
///
/// What is wrong is said from within the visitor, so that serde_json knows where it is.
struct ScalarVisitor<F> {
    expected: &'static str,
    convert: F,
}

impl<F> ScalarVisitor<F> {
    fn finish<'de, T, E: serde::de::Error>(self, scalar: Scalar<'de>) -> Result<Option<T>, E>
    where
        F: FnOnce(Scalar<'de>) -> Result<T, Scalar<'de>>,
    {
        match (self.convert)(scalar) {
            Ok(value) => Ok(Some(value)),
            Err(Scalar::Null) => Ok(None),
            Err(Scalar::Text(text)) if text.is_empty() => Ok(None),
            Err(other) => Err(E::invalid_value(other.unexpected(), &self.expected)),
        }
    }
}

impl<'de, T, F> Visitor<'de> for ScalarVisitor<F>
where
    F: FnOnce(Scalar<'de>) -> Result<T, Scalar<'de>>,
{
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
        self.finish(Scalar::Null)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Self::Value, E> {
        self.finish(Scalar::Bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Self::Value, E> {
        self.finish(Scalar::Signed(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Self::Value, E> {
        self.finish(Scalar::Unsigned(value))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Self::Value, E> {
        self.finish(Scalar::Float(value))
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        self.finish(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        self.finish(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    /// With serde_json's feature `arbitrary_precision`, which any crate can enable, numbers come so.
    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        let Ok(number) = Number::deserialize(MapAccessDeserializer::new(access)) else {
            return Err(A::Error::invalid_type(Unexpected::Map, &self.expected));
        };
        self.finish(match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(value), ..) => Scalar::Unsigned(value),
            (_, Some(value), _) => Scalar::Signed(value),
            (.., value) => Scalar::Float(value.unwrap_or_default()),
        })
    }
}

/// Reads a scalar by the rules of its type.
fn read_scalar<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    expected: &'static str,
    convert: impl FnOnce(&Scalar<'de>) -> Option<T>,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(ScalarVisitor {
        expected,
        convert: |scalar| convert(&scalar).ok_or(scalar),
    })
}

/// What text can be, and what stands in for it.
const TEXT: &str = "text, a number or a boolean";

impl Member for String {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(ScalarVisitor {
            expected: TEXT,
            convert: |scalar| match scalar {
                Scalar::Null => Err(scalar),
                scalar => Ok(scalar.into_text()),
            },
        })
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl Member for bool {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        read_scalar(deserializer, "a boolean", |scalar| match scalar {
            Scalar::Bool(value) => Some(*value),
            Scalar::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Scalar::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        })
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(*self)
    }
}

impl Member for f64 {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        read_scalar(deserializer, "a number", |scalar| match scalar {
            Scalar::Signed(value) => Some(*value as f64),
            Scalar::Unsigned(value) => Some(*value as f64),
            Scalar::Float(value) => Some(*value),
            Scalar::Text(text) => text.parse().ok().filter(|value: &f64| value.is_finite()),
            _ => None,
        })
    }

    /// Whole numbers are written without a fraction, as CloudTrail does.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const EXACT: f64 = (1_u64 << f64::MANTISSA_DIGITS) as f64;
        if self.fract() == 0.0 && self.abs() < EXACT {
            serializer.serialize_i64(*self as i64)
        } else {
            serializer.serialize_f64(*self)
        }
    }
}

impl Member for DateTime {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        read_scalar(deserializer, "a time in ISO 8601", |scalar| match scalar {
            Scalar::Text(text) => time::parse(text),
            Scalar::Signed(seconds) => Some(Self::from_secs(*seconds)),
            Scalar::Unsigned(seconds) => i64::try_from(*seconds).ok().map(Self::from_secs),
            _ => None,
        })
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&rfc_3339(*self))
    }
}

impl Member for RawJson {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Option::deserialize(deserializer)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}

impl<T: Member> Member for Box<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(T::read(deserializer)?.map(Self::new))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        T::write(self, serializer)
    }
}

/// Items that are `null` are left out.
impl<T: Member> Member for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let items: Option<Vec<Read<T>>> = Option::deserialize(deserializer)?;
        Ok(items.map(|items| items.into_iter().filter_map(|Read(item)| item).collect()))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Write))
    }
}

/// Entries whose value is `null` are left out.
impl<T: Member> Member for Map<String, T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let entries: Option<Map<String, Read<T>>> = Option::deserialize(deserializer)?;
        Ok(entries.map(|entries| {
            let entries = entries.into_iter();
            entries
                .filter_map(|(key, Read(value))| Some((key, value?)))
                .collect()
        }))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(key, value)| (key, Write(value))))
    }
}

/// Members whose value is an enum of text.
macro_rules! text_enums {
    ($($name:ty),*) => {$(
        impl $crate::records::member::Member for $name {
            fn read<'de, D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Option<Self>, D::Error> {
                $crate::records::member::read_text(deserializer, |text| Self::from(text))
            }

            fn write<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    )*};
}

pub(super) use text_enums;

/// Reads what text names, without a copy of the text.
pub(super) fn read_text<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    from: impl FnOnce(&str) -> T,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(ScalarVisitor {
        expected: TEXT,
        convert: |scalar| match scalar {
            Scalar::Null => Err(scalar),
            Scalar::Text(text) => Ok(from(&text)),
            other => Ok(from(&other.into_text())),
        },
    })
}
