//! Shapes to JSON.

use aws_smithy_types::{Blob, DateTime};

use super::decode::{DecodeMembers, Decoded, MemberValue};
use super::map::Map;
use super::member::{Constraints, Member};
use super::timestamp::{Formatted, TimestampFormat, epoch_seconds};
use super::violations::Violations;
use super::writer::JsonWriter;

/// A value that can stand in a request.
pub trait Encode: ToNode {
    /// Writes the value.
    fn encode(&self, out: &mut JsonWriter);

    /// Reports what about the value the model does not allow.
    fn check(&self, constraints: &Constraints<'_>, at: &mut Violations);

    /// Whether there is a value; a member without one is left out.
    fn is_set(&self) -> bool {
        true
    }
}

/// What every value is without the feature `serde`.
#[cfg(not(feature = "serde"))]
pub trait ToNode {}

#[cfg(not(feature = "serde"))]
impl<T: ?Sized> ToNode for T {}

/// One value for a format: what it is, its parts not yet looked at.
#[cfg(feature = "serde")]
pub enum Node<'a> {
    /// No value.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Any integer.
    Integer(i64),
    /// A single-precision float.
    Float(f32),
    /// A double-precision float.
    Double(f64),
    /// A string.
    String(std::borrow::Cow<'a, str>),
    /// The items of a list.
    List(Vec<&'a dyn Encode>),
    /// The entries of a map.
    Map(Vec<(&'a str, &'a dyn Encode)>),
    /// A structure or union.
    Structure(&'a dyn EncodeMembers),
    /// Any JSON.
    Document(&'a serde_json::Value),
}

/// A value that every format can hold.
#[cfg(feature = "serde")]
pub trait ToNode {
    /// The value as a format sees it.
    fn to_node(&self) -> Node<'_>;
}

/// A structure that can stand in a request: its members with their values. A union is one with
/// the one member that it holds.
pub trait EncodeMembers {
    /// Hands every member to the sink, in the order of the model.
    fn members(&self, sink: &mut dyn MemberSink);
}

/// What receives the members of a structure: the JSON writer, or the validation.
pub trait MemberSink {
    /// One member and its value.
    fn member(&mut self, member: Member<'_>, value: &dyn Encode);

    /// A union's variant that the model does not have.
    fn unknown_variant(&mut self);
}

/// The JSON of a request's body.
pub fn encode(input: &dyn EncodeMembers) -> Vec<u8> {
    let mut out = JsonWriter::with_capacity(128);
    write_members(input, &mut out);
    out.into_bytes()
}

/// Writes a structure as an object.
fn write_members(structure: &dyn EncodeMembers, out: &mut JsonWriter) {
    let mut object = ObjectWriter::start(out);
    structure.members(&mut object);
    object.end();
}

fn write_items(items: &mut dyn Iterator<Item = &dyn Encode>, out: &mut JsonWriter) {
    out.raw("[");
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.raw(",");
        }
        item.encode(out);
    }
    out.raw("]");
}

struct ObjectWriter<'a> {
    out: &'a mut JsonWriter,
    empty: bool,
}

impl<'a> ObjectWriter<'a> {
    fn start(out: &'a mut JsonWriter) -> Self {
        out.raw("{");
        Self { out, empty: true }
    }

    fn entry(&mut self, name: &str, value: &dyn Encode) {
        if !self.empty {
            self.out.raw(",");
        }
        self.empty = false;
        self.out.string(name);
        self.out.raw(":");
        value.encode(self.out);
    }

    fn end(self) {
        self.out.raw("}");
    }
}

impl MemberSink for ObjectWriter<'_> {
    fn member(&mut self, member: Member<'_>, value: &dyn Encode) {
        if value.is_set() {
            self.entry(member.name(), value);
        }
    }

    fn unknown_variant(&mut self) {
        debug_assert!(false, "validation lets no unknown variant through");
    }
}

/// The value of a union's variant that has none, `{}`.
#[derive(Debug)]
pub struct Unit;

impl EncodeMembers for Unit {
    fn members(&self, _: &mut dyn MemberSink) {}
}

impl DecodeMembers for Unit {
    fn unset() -> Self {
        Self
    }

    fn member(&mut self, _: &str, value: &mut MemberValue<'_, '_>) -> Decoded {
        value.skip()
    }
}

impl<T: EncodeMembers> Encode for T {
    fn encode(&self, out: &mut JsonWriter) {
        write_members(self, out);
    }

    fn check(&self, _: &Constraints<'_>, at: &mut Violations) {
        self.members(at);
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, out: &mut JsonWriter) {
        match self {
            Some(value) => value.encode(out),
            None => out.raw("null"),
        }
    }

    fn check(&self, constraints: &Constraints<'_>, at: &mut Violations) {
        if let Some(value) = self {
            value.check(constraints, at);
        }
    }

    fn is_set(&self) -> bool {
        self.is_some()
    }
}

/// Recursive structures and unions stand behind a `Box`.
impl<T: EncodeMembers> EncodeMembers for Box<T> {
    fn members(&self, sink: &mut dyn MemberSink) {
        T::members(self, sink);
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, out: &mut JsonWriter) {
        write_items(&mut self.iter().map(|item| item as &dyn Encode), out);
    }

    fn check(&self, constraints: &Constraints<'_>, at: &mut Violations) {
        at.length(constraints, self.len(), ["item", "items"]);
        for (index, item) in self.iter().enumerate() {
            at.within(format_args!("[{index}]"), |at| {
                item.check(constraints.of_items(), at);
            });
        }
    }
}

impl<K: AsRef<str>, V: Encode> Encode for Map<K, V> {
    fn encode(&self, out: &mut JsonWriter) {
        let mut object = ObjectWriter::start(out);
        for (key, value) in self {
            object.entry(key.as_ref(), value);
        }
        object.end();
    }

    fn check(&self, constraints: &Constraints<'_>, at: &mut Violations) {
        at.length(constraints, self.len(), ["entry", "entries"]);
        for (key, value) in self {
            let key = key.as_ref();
            at.within(format_args!("[{key:?}]"), |at| {
                if let Some(keys) = constraints.keys {
                    at.text_length(keys, key);
                }
                value.check(constraints.of_items(), at);
            });
        }
    }
}

impl Encode for String {
    fn encode(&self, out: &mut JsonWriter) {
        out.string(self);
    }

    fn check(&self, constraints: &Constraints<'_>, at: &mut Violations) {
        at.text_length(constraints, self);
    }
}

impl Encode for bool {
    fn encode(&self, out: &mut JsonWriter) {
        out.raw(if *self { "true" } else { "false" });
    }

    fn check(&self, _: &Constraints<'_>, _: &mut Violations) {}
}

macro_rules! encode_numbers {
    ($($integer:ty),+; $($float:ty),+) => {
        $(impl Encode for $integer {
            fn encode(&self, out: &mut JsonWriter) {
                out.serialize(self);
            }

            #[allow(clippy::cast_precision_loss, reason = "bounds beyond 2^53 are of no service")]
            fn check(&self, constraints: &Constraints<'_>, at: &mut Violations) {
                at.range(constraints, *self as f64);
            }
        })+
        $(impl Encode for $float {
            fn encode(&self, out: &mut JsonWriter) {
                out.float(f64::from(*self), |out| out.serialize(self));
            }

            fn check(&self, constraints: &Constraints<'_>, at: &mut Violations) {
                at.range(constraints, f64::from(*self));
            }
        })+
    };
}

encode_numbers!(i8, i16, i32, i64; f32, f64);

impl Encode for Blob {
    fn encode(&self, out: &mut JsonWriter) {
        out.string(&aws_smithy_types::base64::encode(self));
    }

    fn check(&self, constraints: &Constraints<'_>, at: &mut Violations) {
        at.length(constraints, self.as_ref().len(), ["byte", "bytes"]);
    }
}

impl Encode for DateTime {
    fn encode(&self, out: &mut JsonWriter) {
        out.raw(&epoch_seconds(*self));
    }

    fn check(&self, _: &Constraints<'_>, _: &mut Violations) {}
}

impl Encode for serde_json::Value {
    fn encode(&self, out: &mut JsonWriter) {
        out.serialize(self);
    }

    fn check(&self, _: &Constraints<'_>, _: &mut Violations) {}
}

impl<T: Formattable> Encode for Formatted<'_, T> {
    fn encode(&self, out: &mut JsonWriter) {
        self.value.encode_as(self.format, out);
    }

    fn check(&self, constraints: &Constraints<'_>, at: &mut Violations) {
        self.value.check(constraints, at);
    }

    fn is_set(&self) -> bool {
        self.value.is_set()
    }
}

/// A timestamp, or a collection of them, that can be written in any format.
#[allow(
    dead_code,
    reason = "for services that send timestamps in other formats"
)]
pub trait Formattable: Encode {
    /// Writes the value with its timestamps in this format.
    fn encode_as(&self, format: TimestampFormat, out: &mut JsonWriter);
}

impl Formattable for DateTime {
    fn encode_as(&self, format: TimestampFormat, out: &mut JsonWriter) {
        format.write(*self, out);
    }
}

impl<T: Formattable> Formattable for Option<T> {
    fn encode_as(&self, format: TimestampFormat, out: &mut JsonWriter) {
        match self {
            Some(value) => value.encode_as(format, out),
            None => out.raw("null"),
        }
    }
}

impl<T: Formattable> Formattable for Vec<T> {
    fn encode_as(&self, format: TimestampFormat, out: &mut JsonWriter) {
        let items: Vec<Formatted<'_, T>> = self
            .iter()
            .map(|value| Formatted { value, format })
            .collect();
        write_items(&mut items.iter().map(|item| item as &dyn Encode), out);
    }
}

impl<K: AsRef<str>, V: Formattable> Formattable for Map<K, V> {
    fn encode_as(&self, format: TimestampFormat, out: &mut JsonWriter) {
        let mut object = ObjectWriter::start(out);
        for (key, value) in self {
            object.entry(key.as_ref(), &Formatted { value, format });
        }
        object.end();
    }
}
