//! JSON to shapes.

use std::borrow::Cow;
use std::fmt;
use std::hash::Hash;

use aws_smithy_types::{Blob, DateTime};

use super::decode_error::DecodeError;
use super::json::{Kind, Reader};
use super::map::Map;
use super::timestamp::{parse_epoch_seconds, parse_text};
use crate::runtime::base::untrusted::Untrusted;

/// A value that can stand in a response.
pub trait Decode {
    /// The value of a member that the response does not have: absent, or zero where the shape
    /// leaves no choice. Never a value that a service could have meant.
    fn unset() -> Self
    where
        Self: Sized;

    /// Reads the next value in the place of this one; `null` unsets it. So of a member that comes
    /// twice, the last value counts. A structure must be unset before.
    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded;

    /// The next value; none if it is `null`, which only sparse lists and maps have a place for.
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, DecodeError>
    where
        Self: Sized,
    {
        if reader.null()? {
            return Ok(None);
        }
        let mut value = Self::unset();
        value.decode(reader)?;
        Ok(Some(value))
    }
}

/// A structure that can stand in a response. A union is one with the one member that it holds.
pub trait DecodeMembers {
    /// The structure with no member set; see [`Decode::unset`].
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

/// The value of a member that was just named.
pub struct MemberValue<'a, 'de> {
    name: &'a Cow<'de, str>,
    reader: &'a mut Reader<'de>,
    variants: &'a mut Variants<'de>,
}

/// What has been read of a union.
#[derive(Default)]
struct Variants<'de> {
    /// The variant that it holds.
    held: Option<Cow<'de, str>>,
    /// How many others there are.
    others: usize,
}

impl MemberValue<'_, '_> {
    /// Reads the value into a field.
    pub fn read(&mut self, field: &mut dyn Decode) -> Decoded {
        field.decode(self.reader)
    }

    /// Reads the value into a field that has a default, which `null` stands for.
    pub fn read_or<T: Decode>(&mut self, field: &mut T, default: fn() -> T) -> Decoded {
        if self.reader.null()? {
            *field = default();
            return Ok(());
        }
        self.read(field)
    }

    /// Passes over the value.
    pub fn skip(&mut self) -> Decoded {
        self.reader.skip()
    }

    /// Reads the value of a union's variant; `null` is none.
    pub fn variant<T: Decode, U: DecodeMembers>(
        &mut self,
        union: &mut U,
        variant: fn(T) -> U,
    ) -> Decoded {
        let mut value = None;
        self.read(&mut value)?;
        match value {
            Some(value) => {
                *union = variant(value);
                self.hold();
            }
            None if self.is_held() => {
                *union = U::unset();
                self.variants.held = None;
            }
            None => {}
        }
        Ok(())
    }

    /// Passes over a variant that is not known. `__type` is none, nor is `null`.
    pub fn unknown_variant(&mut self) -> Decoded {
        if self.reader.null()? {
            if self.is_held() {
                self.variants.held = None;
            }
            return Ok(());
        }
        self.skip()?;
        if self.name != "__type" {
            self.hold();
        }
        Ok(())
    }

    /// Whether the variant of this name is the one that was read last.
    fn is_held(&self) -> bool {
        self.variants.held.as_ref() == Some(self.name)
    }

    fn hold(&mut self) {
        if !self.is_held() && self.variants.held.replace(self.name.clone()).is_some() {
            self.variants.others += 1;
        }
    }
}

/// Reads a whole body. An empty one counts as `{}`.
pub fn decode(body: &[u8], output: &mut dyn Decode) -> Decoded {
    if body.is_empty() {
        return Ok(());
    }
    let text = std::str::from_utf8(body)
        .map_err(|error| DecodeError::new(format!("body is not UTF-8: {error}")))?;
    let mut reader = Reader::new(text);
    output.decode(&mut reader)?;
    reader.end()
}

impl<T: DecodeMembers> Decode for T {
    fn unset() -> Self {
        <T as DecodeMembers>::unset()
    }

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        decode_members(self, reader)
    }
}

fn decode_members(structure: &mut dyn DecodeMembers, reader: &mut Reader<'_>) -> Decoded {
    let start = reader.position();
    if !reader.object()? {
        return Ok(());
    }
    let mut variants = Variants::default();
    while let Some(name) = reader.next_name()? {
        let mut value = MemberValue {
            name: &name,
            reader: &mut *reader,
            variants: &mut variants,
        };
        structure
            .member(&name, &mut value)
            .map_err(|error| error.within(format!(".{name}")))?;
    }
    if structure.is_union() {
        let found = usize::from(variants.held.is_some()) + variants.others;
        if found != 1 {
            let message = format_args!("expected a union of one member, found {found}");
            return Err(reader.error_at(start, &message));
        }
    }
    Ok(())
}

/// Recursive structures and unions stand behind a `Box`.
impl<T: DecodeMembers> DecodeMembers for Box<T> {
    fn unset() -> Self {
        Self::new(<T as DecodeMembers>::unset())
    }

    fn member(&mut self, name: &str, value: &mut MemberValue<'_, '_>) -> Decoded {
        T::member(self, name, value)
    }

    fn is_union(&self) -> bool {
        T::is_union(self)
    }
}

impl<T: Decode> Decode for Option<T> {
    fn unset() -> Self {
        None
    }

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        *self = T::read(reader)?;
        Ok(())
    }

    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, DecodeError> {
        T::read(reader).map(Some)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn unset() -> Self {
        Self::new()
    }

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        *self = Self::new();
        if !reader.list()? {
            return Ok(());
        }
        let mut index = 0;
        while reader.next_item()? {
            if index == 0 {
                self.reserve_exact(reader.expected_length());
            }
            let item = T::read(reader).map_err(|error| error.within(format!("[{index}]")))?;
            if let Some(item) = item {
                self.push(item);
            }
            index += 1;
        }
        reader.had_length(index);
        Ok(())
    }
}

impl<K: for<'a> From<&'a str> + Eq + Hash, V: Decode> Decode for Map<K, V> {
    fn unset() -> Self {
        Self::new()
    }

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        *self = Self::new();
        if !reader.object()? {
            return Ok(());
        }
        // The keys that were `null`, each with how many entries came before it.
        let mut nulls = Vec::new();
        while let Some(name) = reader.next_name()? {
            let value = V::read(reader).map_err(|error| error.within(format!(".{name}")))?;
            let key = K::from(&*name);
            match value {
                Some(value) => self.push(key, value),
                None => nulls.push((key, self.len())),
            }
        }
        self.remove_nulls(nulls);
        self.remove_duplicates();
        Ok(())
    }
}

impl Decode for String {
    fn unset() -> Self {
        Self::new()
    }

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        *self = Self::read(reader)?.unwrap_or_default();
        Ok(())
    }

    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, DecodeError> {
        Ok(reader.string()?.map(str::to_owned))
    }
}

impl Decode for bool {
    fn unset() -> Self {
        false
    }

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        *self = reader.boolean()?.unwrap_or_default();
        Ok(())
    }
}

/// Reads an integer; services written in languages with one kind of number send `3.0`.
fn decode_integer(reader: &mut Reader<'_>, expected: &str) -> Result<Option<i64>, DecodeError> {
    let start = reader.position();
    let Some(number) = reader.number(expected)? else {
        return Ok(None);
    };
    let integer = number.parse().ok().or_else(|| {
        let float: f64 = number.parse().ok()?;
        #[allow(
            clippy::cast_possible_truncation,
            reason = "checked: whole and below 2^53"
        )]
        (float.fract() == 0.0 && float.abs() < 9.0e15).then_some(float as i64)
    });
    match integer {
        Some(integer) => Ok(Some(integer)),
        None => Err(reader.error_at(start, &format_args!("expected {expected}, found {number}"))),
    }
}

macro_rules! decode_integers {
    ($($integer:ty),+) => {$(
        impl Decode for $integer {
            fn unset() -> Self {
                0
            }

            fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
                let expected = concat!("an integer that fits ", stringify!($integer));
                let start = reader.position();
                let integer = decode_integer(reader, expected)?.unwrap_or_default();
                *self = <$integer>::try_from(integer).map_err(|_| {
                    let message = format_args!("expected {expected}, found {integer}");
                    reader.error_at(start, &message)
                })?;
                Ok(())
            }
        }
    )+};
}

decode_integers!(i8, i16, i32, i64);

fn decode_float(reader: &mut Reader<'_>) -> Result<Option<f64>, DecodeError> {
    let start = reader.position();
    if reader.kind()? == Kind::String {
        return match reader.string()? {
            Some("NaN") => Ok(Some(f64::NAN)),
            Some("Infinity") => Ok(Some(f64::INFINITY)),
            Some("-Infinity") => Ok(Some(f64::NEG_INFINITY)),
            _ => Err(reader.error_at(start, &"expected a number, found a string")),
        };
    }
    let Some(number) = reader.number("a number")? else {
        return Ok(None);
    };
    let float = number.parse().ok().filter(|float: &f64| float.is_finite());
    match float {
        Some(float) => Ok(Some(float)),
        None => Err(reader.error_at(start, &"number out of range")),
    }
}

impl Decode for f64 {
    fn unset() -> Self {
        0.0
    }

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        *self = decode_float(reader)?.unwrap_or_default();
        Ok(())
    }
}

impl Decode for f32 {
    fn unset() -> Self {
        0.0
    }

    #[allow(
        clippy::cast_possible_truncation,
        reason = "the shape is a single-precision float"
    )]
    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        let start = reader.position();
        let float = decode_float(reader)?.unwrap_or_default();
        *self = float as Self;
        if self.is_infinite() && float.is_finite() {
            return Err(reader.error_at(start, &"number out of range"));
        }
        Ok(())
    }
}

impl Decode for Blob {
    fn unset() -> Self {
        Self::new(Vec::new())
    }

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        let start = reader.position();
        let text = reader.string()?.unwrap_or_default();
        match aws_smithy_types::base64::decode(text) {
            Ok(bytes) => *self = Self::new(bytes),
            Err(error) => {
                return Err(reader.error_at(start, &format_args!("expected base64: {error}")));
            }
        }
        Ok(())
    }
}

impl Decode for DateTime {
    fn unset() -> Self {
        Self::from_secs(0)
    }

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        let start = reader.position();
        let found = match reader.kind()? {
            Kind::Number => {
                let number = reader.number("a timestamp")?.unwrap_or_default();
                match parse_epoch_seconds(number) {
                    Some(timestamp) => {
                        *self = timestamp;
                        return Ok(());
                    }
                    None => number.to_owned(),
                }
            }
            Kind::String => {
                let text = reader.string()?.unwrap_or_default();
                match parse_text(text) {
                    Some(timestamp) => {
                        *self = timestamp;
                        return Ok(());
                    }
                    None => format!("{text:?}"),
                }
            }
            Kind::Null => {
                *self = Decode::unset();
                return reader.skip();
            }
            _ => return Err(reader.mismatch("a timestamp")),
        };
        let message = format_args!("expected a timestamp, found {found}");
        Err(reader.error_at(start, &message))
    }
}

impl Decode for serde_json::Value {
    fn unset() -> Self {
        Self::Null
    }

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        let start = reader.position();
        let text = reader.text()?;
        *self = serde_json::from_str(text).map_err(|error| {
            // It tells a place in this text alone, and nobody has that.
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            reader.error_at(start, &message)
        })?;
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

    impl DecodeMembers for Outer {
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

    impl DecodeMembers for Choice {
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
            r#"{"new":1,"newer":1}"#,
            r#"{"text":null}"#,
            r#"{"text":"a","text":null}"#,
            r#"{"new":1,"new":null}"#,
        ] {
            let error = choice(body).unwrap_err();
            assert!(
                error.starts_with("`choice`: expected a union of one member"),
                "{error}"
            );
        }
    }

    #[test]
    fn of_a_variant_that_comes_twice_the_last_counts() {
        let choice = |body: &str| read(&format!("{{\"choice\":{body}}}")).map(|outer| outer.choice);
        let text = |text: &str| Ok(Some(Choice::Text(text.to_owned())));
        assert_eq!(choice(r#"{"text":"a","text":"b"}"#), text("b"));
        assert_eq!(choice(r#"{"text":"a","text":null,"text":"b"}"#), text("b"));
        assert_eq!(choice(r#"{"new":1,"new":null,"text":"b"}"#), text("b"));
        assert_eq!(
            choice(r#"{"text":"a","text":null,"new":1}"#),
            Ok(Some(Choice::Unknown))
        );
        assert_eq!(
            choice(r#"{"new":1,"new":2,"__type":"x"}"#),
            Ok(Some(Choice::Unknown))
        );
        // The union as a whole is a member like any other.
        let outer = read(r#"{"choice":{"text":"a"},"choice":{"new":1}}"#).unwrap();
        assert_eq!(outer.choice, Some(Choice::Unknown));
    }

    /// A structure of values that are always there.
    #[derive(Debug, PartialEq)]
    struct Required {
        text: String,
        flag: bool,
        integer: i32,
        float: f32,
        double: f64,
        at: DateTime,
        blob: Blob,
        list: Vec<String>,
        sparse: Vec<Option<String>>,
        map: Map<String, String>,
        holes: Map<String, Option<String>>,
        document: serde_json::Value,
        with_default: i32,
    }

    impl DecodeMembers for Required {
        fn unset() -> Self {
            Self {
                text: String::unset(),
                flag: bool::unset(),
                integer: i32::unset(),
                float: f32::unset(),
                double: f64::unset(),
                at: Decode::unset(),
                blob: Decode::unset(),
                list: Vec::unset(),
                sparse: Vec::unset(),
                map: Map::unset(),
                holes: Map::unset(),
                document: Decode::unset(),
                with_default: 7,
            }
        }

        fn member(&mut self, name: &str, value: &mut MemberValue<'_, '_>) -> Decoded {
            match name {
                "text" => value.read(&mut self.text),
                "flag" => value.read(&mut self.flag),
                "integer" => value.read(&mut self.integer),
                "float" => value.read(&mut self.float),
                "double" => value.read(&mut self.double),
                "at" => value.read(&mut self.at),
                "blob" => value.read(&mut self.blob),
                "list" => value.read(&mut self.list),
                "sparse" => value.read(&mut self.sparse),
                "map" => value.read(&mut self.map),
                "holes" => value.read(&mut self.holes),
                "document" => value.read(&mut self.document),
                "with_default" => value.read_or(&mut self.with_default, || 7),
                _ => value.skip(),
            }
        }
    }

    fn required(body: &str) -> Required {
        let mut required = <Required as DecodeMembers>::unset();
        decode(body.as_bytes(), &mut required).unwrap();
        required
    }

    /// A value of each kind, and another one.
    const VALUES: [(&str, &str, &str); 13] = [
        ("text", r#""a""#, r#""b\n""#),
        ("flag", "true", "false"),
        ("integer", "1", "-2"),
        ("float", "1.5", r#""-Infinity""#),
        ("double", "1e3", "0"),
        ("at", "1.5", r#""2014-04-29T18:30:38Z""#),
        ("blob", r#""aGk=""#, r#""""#),
        ("list", r#"["a","b"]"#, r#"["c"]"#),
        ("sparse", r#"["a",null]"#, "[null]"),
        ("map", r#"{"a":"1","b":"2"}"#, r#"{"b":"3"}"#),
        ("holes", r#"{"a":"1","b":null}"#, r#"{"a":null}"#),
        ("document", r#"{"a":1}"#, "[2]"),
        ("with_default", "8", "9"),
    ];

    #[test]
    fn of_a_member_that_comes_twice_the_last_value_counts() {
        for (name, first, second) in VALUES {
            let once = |value: &str| required(&format!("{{\"{name}\":{value}}}"));
            let twice = |first: &str, second: &str| {
                required(&format!(
                    "{{\"{name}\":{first},\"new\":0,\"{name}\":{second}}}"
                ))
            };
            assert_ne!(once(first), once(second), "{name}");
            assert_eq!(twice(first, second), once(second), "{name}");
            assert_eq!(twice(second, first), once(first), "{name}");
            assert_eq!(twice(first, "null"), required("{}"), "{name}");
            assert_eq!(twice("null", first), once(first), "{name}");
            assert_eq!(once("null"), required("{}"), "{name}");
        }
        for (name, first, second) in [
            ("name", r#""a""#, r#""b""#),
            ("count", "1", "2"),
            ("at", "1", "2"),
            ("inner", r#"{"name":"a","list":[{}]}"#, r#"{"count":1}"#),
            ("list", r#"[{"count":1},{}]"#, r#"[{"name":"a"}]"#),
            ("sparse", r#"["a"]"#, "[null]"),
            ("map", r#"{"a":1}"#, r#"{"b":2}"#),
            ("document", "[1]", "{}"),
            ("blob", r#""aGk=""#, r#""""#),
            ("ratio", "1", "2"),
        ] {
            let member = |value: &str| format!("\"{name}\":{value}");
            let (first, second) = (member(first), member(second));
            let twice = read(&format!("{{{first},{second}}}"));
            assert_eq!(twice, read(&format!("{{{second}}}")), "{name}");
            let cleared = read(&format!("{{{first},{}}}", member("null")));
            assert_eq!(cleared, Ok(Outer::default()), "{name}");
        }
    }

    #[test]
    fn of_a_key_that_comes_twice_the_last_value_counts() {
        let map = |body: &str| required(&format!("{{\"map\":{body}}}")).map;
        assert_eq!(map(r#"{"a":"1","a":"2"}"#), map(r#"{"a":"2"}"#));
        assert_eq!(map(r#"{"a":"1","a":null}"#), map("{}"));
        assert_eq!(map(r#"{"a":null,"a":"1"}"#), map(r#"{"a":"1"}"#));
        assert_eq!(
            map(r#"{"a":"1","a":null,"b":"2","a":null,"a":"3","b":null,"c":"4"}"#),
            map(r#"{"a":"3","c":"4"}"#)
        );
        let many: String = (0..100).map(|n| format!("\"k{n}\":\"v\",")).collect();
        let nulls: String = (1..100).map(|n| format!(",\"k{n}\":null")).collect();
        assert_eq!(
            map(&format!("{{{many}\"k0\":\"w\"{nulls}}}")),
            map(r#"{"k0":"w"}"#)
        );
        let holes = |body: &str| required(&format!("{{\"holes\":{body}}}")).holes;
        assert_eq!(holes(r#"{"a":"1","a":null}"#).get("a"), Some(&None));
    }

    #[test]
    fn numbers_that_a_float_cannot_hold_are_errors() {
        let read = |body: &str| {
            let mut required = <Required as DecodeMembers>::unset();
            decode(body.as_bytes(), &mut required).map_err(|error| error.to_string())
        };
        for name in ["float", "double"] {
            assert_eq!(
                read(&format!("{{\"{name}\":-1e999}}")).unwrap_err(),
                format!(
                    "`{name}`: number out of range at line 1 column {}",
                    name.len() + 5
                )
            );
        }
        assert_eq!(
            read(r#"{"float":1e39}"#).unwrap_err(),
            "`float`: number out of range at line 1 column 10"
        );
        assert_eq!(required(r#"{"float":3.4e38}"#).float, 3.4e38);
    }

    #[test]
    fn what_the_peer_sent_stays_on_the_line_and_is_cut() {
        let error = read("{\"inner\":{\"map\":{\"a\\nb\\u001b[31m\":true}}}").unwrap_err();
        assert_eq!(
            error,
            r"`inner.map.a\nb\u{1b}[31m`: expected a timestamp, found a boolean at line 1 column 35"
        );
        let long = "9".repeat(1 << 20);
        for body in [
            format!("{{\"at\":{long}}}"),
            format!("{{\"at\":\"\\n{long}\"}}"),
            format!("{{\"count\":{long}}}"),
            format!("{{\"map\":{{\"{long}\":\"\"}}}}"),
        ] {
            let error = read(&body).unwrap_err();
            assert!(error.contains("99…"), "{error}");
            assert!(error.len() < 1_200, "{error}");
            assert_eq!(error.lines().count(), 1);
        }
    }

    #[test]
    fn errors_say_where() {
        for (body, expected) in [
            (
                r#"{"count":"x"}"#,
                "`count`: expected an integer that fits i32, found a string at line 1 column 10",
            ),
            (
                r#"{"count":2147483648}"#,
                "`count`: expected an integer that fits i32, found 2147483648 at line 1 column 10",
            ),
            (
                r#"{"list":[{},{"inner":{"at":"x"}}]}"#,
                "`list[1].inner.at`: expected a timestamp, found \"x\" at line 1 column 28",
            ),
            (
                r#"{"map":{"k":true}}"#,
                "`map.k`: expected a timestamp, found a boolean at line 1 column 13",
            ),
            (
                r#"{"name":"a"} x"#,
                "trailing characters at line 1 column 14",
            ),
            (
                r#"{"name":"a""#,
                "the text ends where `,` or `}` should be at line 1 column 12",
            ),
            ("<html>", "expected a value at line 1 column 1"),
            (
                "[]",
                "expected an object, found an array at line 1 column 1",
            ),
            (
                r#"{"document":[1e999]}"#,
                "`document`: number out of range at line 1 column 13",
            ),
            (
                r#"{"at":""}"#,
                "`at`: expected a timestamp, found \"\" at line 1 column 7",
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
            assert!(
                error.contains("more than 128 levels")
                    || error.contains("recursion limit exceeded"),
                "{error}"
            );
            assert_eq!(error.matches(" at line ").count(), 1, "{error}");
        }
        // What is skipped is skipped without recursion; the body ends before it does.
        let skipped = r#"{"new":"#.to_owned() + &"[".repeat(1 << 20);
        let error = read(&skipped).unwrap_err();
        assert!(error.contains("the text ends"), "{error}");
    }
}
