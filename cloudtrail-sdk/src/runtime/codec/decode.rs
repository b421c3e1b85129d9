//! JSON to shapes.

use std::fmt;
use std::hash::Hash;

use aws_smithy_types::{Blob, DateTime};

use super::Map;
use super::json::{Kind, Reader};
use super::timestamp::{parse_epoch_seconds, parse_text};

/// A value that can stand in a response.
pub trait FromValue {
    /// The value of a member that the response does not have: absent, or zero where the shape
    /// leaves no choice. Never a value that a service could have meant.
    fn unset() -> Self
    where
        Self: Sized;

    /// Reads the next value; `null` leaves things as they are.
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

/// The value of a member that was just named.
pub struct MemberValue<'a, 'de> {
    name: &'a str,
    reader: &'a mut Reader<'de>,
    /// How many variants of a union have been read.
    variants: usize,
}

impl MemberValue<'_, '_> {
    /// Reads the value into a field.
    pub fn read(&mut self, field: &mut dyn FromValue) -> Decoded {
        field.decode(self.reader)
    }

    /// Passes over the value.
    pub fn skip(&mut self) -> Decoded {
        self.reader.skip()
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
        if !self.reader.null()? {
            self.skip()?;
            self.variants += usize::from(self.name != "__type");
        }
        Ok(())
    }
}

/// A response that is not what the model says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError(Box<Failure>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Failure {
    message: String,
    /// The line and the column, both from 1.
    position: Option<(usize, usize)>,
    /// The names and indices that lead there, innermost first.
    path: Vec<String>,
}

impl DecodeError {
    /// An error with this message; where it happened is added on the way out.
    pub fn new(message: impl Into<String>) -> Self {
        Self(Box::new(Failure {
            message: message.into(),
            position: None,
            path: Vec::new(),
        }))
    }

    pub(super) fn at(line: usize, column: usize, message: String) -> Self {
        let mut error = Self::new(message);
        error.0.position = Some((line, column));
        error
    }

    /// The error for a text that its reader has never seen.
    #[cfg(feature = "serde")]
    pub(super) fn without_position(mut self) -> Self {
        self.0.position = None;
        self
    }

    fn within(mut self, segment: String) -> Self {
        self.0.path.push(segment);
        self
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failure {
            message,
            position,
            path,
        } = &*self.0;
        if !path.is_empty() {
            let path: String = path.iter().rev().map(String::as_str).collect();
            write!(f, "`{}`: ", path.trim_start_matches('.'))?;
        }
        f.write_str(message)?;
        match position {
            Some((line, column)) => write!(f, " at line {line} column {column}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for DecodeError {}

/// Reads a whole body. An empty one counts as `{}`.
pub fn decode(body: &[u8], output: &mut dyn FromValue) -> Decoded {
    if body.is_empty() {
        return Ok(());
    }
    let text = std::str::from_utf8(body)
        .map_err(|error| DecodeError::new(format!("body is not UTF-8: {error}")))?;
    let mut reader = Reader::new(text);
    output.decode(&mut reader)?;
    reader.end()
}

impl<T: FromMembers> FromValue for T {
    fn unset() -> Self {
        <T as FromMembers>::unset()
    }

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        decode_members(self, reader)
    }
}

fn decode_members(structure: &mut dyn FromMembers, reader: &mut Reader<'_>) -> Decoded {
    let start = reader.position();
    if !reader.object()? {
        return Ok(());
    }
    let mut variants = 0;
    while let Some(name) = reader.next_name()? {
        let mut value = MemberValue {
            name: &name,
            reader: &mut *reader,
            variants,
        };
        structure
            .member(&name, &mut value)
            .map_err(|error| error.within(format!(".{name}")))?;
        variants = value.variants;
    }
    if structure.is_union() && variants != 1 {
        let message = format_args!("expected a union of one member, found {variants}");
        return Err(reader.error_at(start, &message));
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

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        *self = T::read(reader)?;
        Ok(())
    }

    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, DecodeError> {
        T::read(reader).map(Some)
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    fn unset() -> Self {
        Self::new()
    }

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
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

impl<K: for<'a> From<&'a str> + Eq + Hash, V: FromValue> FromValue for Map<K, V> {
    fn unset() -> Self {
        Self::new()
    }

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        if !reader.object()? {
            return Ok(());
        }
        while let Some(name) = reader.next_name()? {
            let value = V::read(reader).map_err(|error| error.within(format!(".{name}")))?;
            if let Some(value) = value {
                self.push(K::from(&*name), value);
            }
        }
        self.remove_duplicates();
        Ok(())
    }
}

impl FromValue for String {
    fn unset() -> Self {
        Self::new()
    }

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        if let Some(text) = Self::read(reader)? {
            *self = text;
        }
        Ok(())
    }

    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, DecodeError> {
        Ok(reader.string()?.map(str::to_owned))
    }
}

impl FromValue for bool {
    fn unset() -> Self {
        false
    }

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        *self = reader.boolean()?.unwrap_or(*self);
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
        impl FromValue for $integer {
            fn unset() -> Self {
                0
            }

            fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
                let expected = concat!("an integer that fits ", stringify!($integer));
                let start = reader.position();
                if let Some(integer) = decode_integer(reader, expected)? {
                    *self = <$integer>::try_from(integer).map_err(|_| {
                        let message = format_args!("expected {expected}, found {integer}");
                        reader.error_at(start, &message)
                    })?;
                }
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

impl FromValue for f64 {
    fn unset() -> Self {
        0.0
    }

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        *self = decode_float(reader)?.unwrap_or(*self);
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
    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        *self = decode_float(reader)?.map_or(*self, |value| value as f32);
        Ok(())
    }
}

impl FromValue for Blob {
    fn unset() -> Self {
        Self::new(Vec::new())
    }

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        let start = reader.position();
        let Some(text) = reader.string()? else {
            return Ok(());
        };
        match aws_smithy_types::base64::decode(text) {
            Ok(bytes) => *self = Self::new(bytes),
            Err(error) => {
                return Err(reader.error_at(start, &format_args!("expected base64: {error}")));
            }
        }
        Ok(())
    }
}

impl FromValue for DateTime {
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
            Kind::Null => return reader.skip(),
            _ => return Err(reader.mismatch("a timestamp")),
        };
        let message = format_args!("expected a timestamp, found {found}");
        Err(reader.error_at(start, &message))
    }
}

impl FromValue for serde_json::Value {
    fn unset() -> Self {
        Self::Null
    }

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        let start = reader.position();
        let text = reader.text()?;
        *self = serde_json::from_str(text).map_err(|error| reader.error_at(start, &error))?;
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
        }
        // What is skipped is skipped without recursion; the body ends before it does.
        let skipped = r#"{"new":"#.to_owned() + &"[".repeat(1 << 20);
        let error = read(&skipped).unwrap_err();
        assert!(error.contains("the text ends"), "{error}");
    }
}
