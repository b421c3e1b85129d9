//! JSON texts, read value by value.
//!
//! Strings are what services send most of, and those of CloudTrail hold JSON in turn: a quotation
//! mark every few characters, each behind a backslash. So strings are looked through eight bytes at
//! a time and unescaped on the way.

use std::borrow::Cow;
use std::fmt;

use super::decode_error::DecodeError;

/// How deep values may be nested that are read; what is skipped may be deeper.
const MAX_DEPTH: u8 = 128;

/// What is set aside for items that may not come.
const MAX_EXPECTED: usize = 64;

/// More than one step of unescaping reads or writes: seven bytes as they are, and an escape.
const UNESCAPED_AT_ONCE: usize = 16;

/// What kind of value comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Null,
    Boolean,
    Number,
    String,
    List,
    Object,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::List => "an array",
            Self::Object => "an object",
        })
    }
}

/// Reads a JSON text (RFC 8259) from its start to its end.
///
/// Where a value of one kind is asked for, `null` is taken for none, and any other kind is an error.
#[derive(Debug)]
pub struct Reader<'de> {
    text: &'de str,
    at: usize,
    depth: u8,
    /// Whether the list or object that was entered last is still before its first item or member.
    at_start: bool,
    /// The string that was unescaped last, and more.
    unescaped: Vec<u8>,
    /// How many items the last list had.
    last_length: usize,
}

impl<'de> Reader<'de> {
    pub(super) fn new(text: &'de str) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
            at_start: false,
            unescaped: Vec::new(),
            last_length: 0,
        }
    }

    /// The kind of the next value, which is not passed over.
    pub fn kind(&mut self) -> Result<Kind, DecodeError> {
        match self.next_byte() {
            Some(b'"') => Ok(Kind::String),
            Some(b'{') => Ok(Kind::Object),
            Some(b'[') => Ok(Kind::List),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            Some(b't' | b'f') => Ok(Kind::Boolean),
            Some(b'n') => Ok(Kind::Null),
            _ => Err(self.unexpected("a value")),
        }
    }

    /// Passes over a `null`, if that is what comes next.
    pub fn null(&mut self) -> Result<bool, DecodeError> {
        if self.next_byte() == Some(b'n') {
            self.literal("null")?;
            return Ok(true);
        }
        Ok(false)
    }

    /// Reads a boolean.
    pub fn boolean(&mut self) -> Result<Option<bool>, DecodeError> {
        match self.kind()? {
            Kind::Boolean if self.byte() == Some(b't') => self.literal("true").map(|()| Some(true)),
            Kind::Boolean => self.literal("false").map(|()| Some(false)),
            other => self.none(other, "a boolean"),
        }
    }

    /// Reads a number, as it stands in the text.
    pub fn number(&mut self, expected: &str) -> Result<Option<&'de str>, DecodeError> {
        match self.kind()? {
            Kind::Number => self.scan_number().map(Some),
            other => self.none(other, expected),
        }
    }

    /// Reads a string.
    pub fn string(&mut self) -> Result<Option<&str>, DecodeError> {
        if self.next_byte() != Some(b'"') {
            let kind = self.kind()?;
            return self.none(kind, "a string");
        }
        match self.plain_string()? {
            Some(text) => Ok(Some(text)),
            None => self.escaped_string().map(Some),
        }
    }

    /// Reads any value, as it stands in the text.
    pub fn text(&mut self) -> Result<&'de str, DecodeError> {
        self.kind()?;
        let start = self.at;
        self.skip()?;
        Ok(&self.text[start..self.at])
    }

    /// Enters a list; [`next_item`](Self::next_item) tells whether it has items.
    pub fn list(&mut self) -> Result<bool, DecodeError> {
        self.enter(b'[', "an array")
    }

    /// Whether the list has another item, which is the next value.
    pub fn next_item(&mut self) -> Result<bool, DecodeError> {
        self.goes_on(b']')
    }

    /// How many items the list may have that was entered: as many as the last one, since the rows of
    /// a table are all alike.
    pub(super) fn expected_length(&self) -> usize {
        self.last_length.min(MAX_EXPECTED)
    }

    /// Takes note of how many items a list had.
    pub(super) fn had_length(&mut self, length: usize) {
        self.last_length = length;
    }

    /// Enters an object; [`next_name`](Self::next_name) tells whether it has members.
    pub fn object(&mut self) -> Result<bool, DecodeError> {
        self.enter(b'{', "an object")
    }

    /// The name of the object's next member, whose value comes next; `None` after the last.
    pub fn next_name(&mut self) -> Result<Option<Cow<'de, str>>, DecodeError> {
        if !self.goes_on(b'}')? {
            return Ok(None);
        }
        if self.next_byte() != Some(b'"') {
            return Err(self.unexpected("a name"));
        }
        let name = match self.plain_string()? {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(self.escaped_string()?.to_owned()),
        };
        self.colon()?;
        Ok(Some(name))
    }

    /// Passes over any value, however deep: it takes no stack.
    pub fn skip(&mut self) -> Result<(), DecodeError> {
        // What closes the lists and objects that are open.
        let mut open = Vec::new();
        loop {
            match self.kind()? {
                Kind::Null => self.literal("null")?,
                Kind::Boolean => drop(self.boolean()?),
                Kind::Number => drop(self.scan_number()?),
                Kind::String => self.skip_string()?,
                kind @ (Kind::List | Kind::Object) => {
                    self.at += 1;
                    let close = if kind == Kind::List { b']' } else { b'}' };
                    if self.next_byte() != Some(close) {
                        open.push(close);
                        self.skip_name(close)?;
                        continue;
                    }
                    self.at += 1;
                }
            }
            loop {
                let Some(&close) = open.last() else {
                    return Ok(());
                };
                match self.next_byte() {
                    Some(b',') => {
                        self.at += 1;
                        self.skip_name(close)?;
                        break;
                    }
                    Some(byte) if byte == close => {
                        self.at += 1;
                        open.pop();
                    }
                    _ => return Err(self.unexpected_in(close)),
                }
            }
        }
    }

    /// Makes sure that nothing follows.
    pub(super) fn end(mut self) -> Result<(), DecodeError> {
        match self.next_byte() {
            None => Ok(()),
            Some(_) => Err(self.error(&"trailing characters")),
        }
    }

    /// An error about the next value.
    pub fn mismatch(&mut self, expected: &str) -> DecodeError {
        let at = self.at;
        match self.kind() {
            // A number tells more than that it is one.
            Ok(Kind::Number) => match self.scan_number() {
                Ok(number) => {
                    self.error_at(at, &format_args!("expected {expected}, found {number}"))
                }
                Err(error) => error,
            },
            Ok(kind) => self.error(&format_args!("expected {expected}, found {kind}")),
            Err(error) => error,
        }
    }

    /// An error about the text before this point.
    pub(super) fn error(&self, message: &dyn fmt::Display) -> DecodeError {
        self.error_at(self.at, message)
    }

    pub(super) fn position(&mut self) -> usize {
        self.next_byte();
        self.at
    }

    pub(super) fn error_at(&self, at: usize, message: &dyn fmt::Display) -> DecodeError {
        let before = &self.text.as_bytes()[..at];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        let column = 1 + before
            .iter()
            .rev()
            .take_while(|byte| **byte != b'\n')
            .count();
        DecodeError::at(line, column, message.to_string())
    }

    fn none<T>(&mut self, kind: Kind, expected: &str) -> Result<Option<T>, DecodeError> {
        match kind {
            Kind::Null => self.literal("null").map(|()| None),
            _ => Err(self.mismatch(expected)),
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no white space.
    #[inline]
    fn next_byte(&mut self) -> Option<u8> {
        loop {
            match self.byte() {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.at += 1,
                other => return other,
            }
        }
    }

    fn unexpected(&self, expected: &str) -> DecodeError {
        match self.byte() {
            None => self.error(&format_args!("the text ends where {expected} should be")),
            Some(_) => self.error(&format_args!("expected {expected}")),
        }
    }

    fn unexpected_in(&self, close: u8) -> DecodeError {
        self.unexpected(match close {
            b']' => "`,` or `]`",
            _ => "`,` or `}`",
        })
    }

    fn literal(&mut self, literal: &str) -> Result<(), DecodeError> {
        let rest = &self.text.as_bytes()[self.at..];
        if !rest.starts_with(literal.as_bytes()) {
            return Err(self.unexpected("a value"));
        }
        self.at += literal.len();
        Ok(())
    }

    fn enter(&mut self, open: u8, expected: &str) -> Result<bool, DecodeError> {
        if self.next_byte() != Some(open) {
            return match self.null()? {
                true => Ok(false),
                false => Err(self.mismatch(expected)),
            };
        }
        if self.depth == MAX_DEPTH {
            return Err(self.error(&format_args!("more than {MAX_DEPTH} levels")));
        }
        self.at += 1;
        self.depth += 1;
        self.at_start = true;
        Ok(true)
    }

    #[inline]
    fn goes_on(&mut self, close: u8) -> Result<bool, DecodeError> {
        let at_start = std::mem::take(&mut self.at_start);
        match self.next_byte() {
            Some(byte) if byte == close => {
                self.at += 1;
                self.depth -= 1;
                Ok(false)
            }
            Some(_) if at_start => Ok(true),
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            _ => Err(self.unexpected_in(close)),
        }
    }

    #[inline]
    fn colon(&mut self) -> Result<(), DecodeError> {
        if self.next_byte() != Some(b':') {
            return Err(self.unexpected("`:`"));
        }
        self.at += 1;
        Ok(())
    }

    /// Passes over the name of a member, if it is an object that `close` will close.
    fn skip_name(&mut self, close: u8) -> Result<(), DecodeError> {
        if close == b']' {
            return Ok(());
        }
        if self.next_byte() != Some(b'"') {
            return Err(self.unexpected("a name"));
        }
        self.skip_string()?;
        self.colon()
    }

    fn scan_number(&mut self) -> Result<&'de str, DecodeError> {
        let start = self.at;
        if self.byte() == Some(b'-') {
            self.at += 1;
        }
        if self.byte() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.byte() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(&self.text[start..self.at])
    }

    fn digits(&mut self) -> Result<(), DecodeError> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.byte() {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.unexpected("a digit"));
        }
        Ok(())
    }

    /// Reads a string that has no escapes, from its quotation mark on. If it has one, stays where it is.
    fn plain_string(&mut self) -> Result<Option<&'de str>, DecodeError> {
        let start = self.at + 1;
        let end = self.end_of_run(start);
        match self.text.as_bytes().get(end) {
            Some(b'"') => {
                self.at = end + 1;
                Ok(Some(&self.text[start..end]))
            }
            Some(b'\\') => Ok(None),
            _ => Err(self.no_character(end)),
        }
    }

    /// Where the characters from `start` on end that stand for themselves.
    fn end_of_run(&self, start: usize) -> usize {
        let (chunks, rest) = self.text.as_bytes()[start..].as_chunks();
        for (index, chunk) in chunks.iter().enumerate() {
            let special = special_bytes(u64::from_le_bytes(*chunk));
            if special != 0 {
                return start + 8 * index + first_marked(special);
            }
        }
        let is_plain = |byte: &&u8| **byte >= b' ' && **byte != b'"' && **byte != b'\\';
        start + 8 * chunks.len() + rest.iter().take_while(is_plain).count()
    }

    /// Reads a string from its quotation mark on.
    fn escaped_string(&mut self) -> Result<&str, DecodeError> {
        let mut out = std::mem::take(&mut self.unescaped);
        let length = self.unescape(&mut out);
        self.unescaped = out;
        // Cut out of UTF-8 between characters, so it is UTF-8.
        std::str::from_utf8(&self.unescaped[..length?]).map_err(|error| self.error(&error))
    }

    /// Writes a string into a buffer, which grows as it must; returns how many bytes that were.
    fn unescape(&mut self, out: &mut Vec<u8>) -> Result<usize, DecodeError> {
        let bytes = self.text.as_bytes();
        let (mut at, mut length) = (self.at + 1, 0);
        loop {
            let Some(space) = out[length..].first_chunk_mut::<UNESCAPED_AT_ONCE>() else {
                out.resize(2 * length + 512, 0);
                continue;
            };
            let Some(chunk) = bytes[at..].first_chunk::<UNESCAPED_AT_ONCE>() else {
                self.at = at;
                break self.unescape_end(out, length);
            };
            *space = *chunk;
            let word = u64::from_le_bytes([
                chunk[0], chunk[1], chunk[2], chunk[3], chunk[4], chunk[5], chunk[6], chunk[7],
            ]);
            let special = special_bytes(word);
            if special == 0 {
                (at, length) = (at + 8, length + 8);
                continue;
            }
            let plain = first_marked(special) & 7;
            let meant = match chunk[plain] {
                b'\\' => ESCAPES[usize::from(chunk[plain + 1])],
                _ => 0,
            };
            (at, length) = (at + plain, length + plain);
            if meant != 0 {
                space[plain] = meant;
                (at, length) = (at + 2, length + 1);
                continue;
            }
            self.at = at;
            match self.character()? {
                Some(character) => length += character.encode_utf8(&mut out[length..]).len(),
                None => break Ok(length),
            }
            at = self.at;
        }
    }

    /// Writes what is left of a string near the end of the text.
    fn unescape_end(&mut self, out: &mut Vec<u8>, length: usize) -> Result<usize, DecodeError> {
        out.truncate(length);
        loop {
            match self.byte() {
                Some(byte) if byte >= b' ' && byte != b'"' && byte != b'\\' => {
                    out.push(byte);
                    self.at += 1;
                }
                _ => match self.character()? {
                    Some(character) => {
                        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                    }
                    None => return Ok(out.len()),
                },
            }
        }
    }

    /// Reads an escape, or the end of the string, which is `None`.
    fn character(&mut self) -> Result<Option<char>, DecodeError> {
        match self.byte() {
            Some(b'"') => {
                self.at += 1;
                Ok(None)
            }
            Some(b'\\') => self.escape().map(Some),
            _ => Err(self.no_character(self.at)),
        }
    }

    /// Reads an escape from its backslash on.
    fn escape(&mut self) -> Result<char, DecodeError> {
        let letter = self.text.as_bytes().get(self.at + 1).copied();
        if letter == Some(b'u') {
            return self.unicode_escape();
        }
        match ESCAPES[usize::from(letter.unwrap_or_default())] {
            0 => Err(self.error(&"invalid escape")),
            meant => {
                self.at += 2;
                Ok(meant.into())
            }
        }
    }

    /// Reads `\uXXXX`, or two of them that make one character.
    fn unicode_escape(&mut self) -> Result<char, DecodeError> {
        let start = self.at;
        let unit = self.code_unit()?;
        let low = match unit {
            0xd800..0xdc00 => Some(self.code_unit()?),
            _ => None,
        };
        char::decode_utf16([unit].into_iter().chain(low))
            .next()
            .and_then(Result::ok)
            .ok_or_else(|| self.error_at(start, &"lone surrogate in an escape"))
    }

    fn code_unit(&mut self) -> Result<u16, DecodeError> {
        let escape = self.text.as_bytes()[self.at..].first_chunk::<6>();
        let Some([b'\\', b'u', digits @ ..]) = escape else {
            return Err(self.error(&"incomplete escape"));
        };
        let mut unit = 0;
        for digit in digits {
            let digit = char::from(*digit).to_digit(16);
            let digit = digit.ok_or_else(|| self.error(&"invalid escape"))?;
            unit = unit << 4 | digit as u16;
        }
        self.at += 6;
        Ok(unit)
    }

    fn skip_string(&mut self) -> Result<(), DecodeError> {
        if self.plain_string()?.is_none() {
            self.escaped_string()?;
        }
        Ok(())
    }

    fn no_character(&self, at: usize) -> DecodeError {
        match self.text.as_bytes().get(at) {
            None => self.error_at(at, &"the text ends within a string"),
            Some(_) => self.error_at(at, &"control character in a string"),
        }
    }
}

/// Marks, in the top bit of each byte of eight, what ends a run of characters that stand for themselves:
/// `"`, `\` and control characters. Only the lowest mark is sure to be right.
fn special_bytes(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 0xff;
    const TOP_BITS: u64 = ONES << 7;
    // A byte that is less than another wraps around when that is taken off, which sets its top bit.
    let backslash = word ^ (ONES * b'\\' as u64);
    let is_backslash = backslash.wrapping_sub(ONES) & !backslash;
    // This swaps the quotation mark with the blank, the first that is no control character.
    let swapped = word ^ (ONES * (b'"' ^ b' ') as u64);
    let is_quote_or_control = swapped.wrapping_sub(ONES * (b' ' + 1) as u64) & !swapped;
    (is_backslash | is_quote_or_control) & TOP_BITS
}

/// What stands for what behind a backslash; 0 for what may not stand there, and for `u`.
const ESCAPES: [u8; 256] = {
    let mut escapes = [0; 256];
    escapes[b'"' as usize] = b'"';
    escapes[b'\\' as usize] = b'\\';
    escapes[b'/' as usize] = b'/';
    escapes[b'b' as usize] = 0x08;
    escapes[b'f' as usize] = 0x0c;
    escapes[b'n' as usize] = b'\n';
    escapes[b'r' as usize] = b'\r';
    escapes[b't' as usize] = b'\t';
    escapes
};

fn first_marked(special: u64) -> usize {
    special.trailing_zeros() as usize / 8
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// Reads a text part by part.
    fn value(reader: &mut Reader<'_>) -> Result<Value, DecodeError> {
        Ok(match reader.kind()? {
            Kind::Null => reader.null().map(|_| Value::Null)?,
            Kind::Boolean => reader.boolean()?.into(),
            Kind::Number => {
                let number = reader.number("a number")?.unwrap();
                serde_json::from_str(number).map_err(|error| reader.error(&error))?
            }
            Kind::String => reader.string()?.into(),
            Kind::List => {
                let mut items = Vec::new();
                reader.list()?;
                while reader.next_item()? {
                    items.push(value(reader)?);
                }
                items.into()
            }
            Kind::Object => {
                let mut members = serde_json::Map::new();
                reader.object()?;
                while let Some(name) = reader.next_name()? {
                    members.insert(name.into_owned(), value(reader)?);
                }
                members.into()
            }
        })
    }

    fn read(text: &str) -> Result<Value, String> {
        let mut reader = Reader::new(text);
        let value = value(&mut reader).and_then(|value| reader.end().map(|()| value));
        value.map_err(|error| error.to_string())
    }

    fn skip(text: &str) -> Result<(), DecodeError> {
        let mut reader = Reader::new(text);
        reader.skip()?;
        reader.end()
    }

    /// Reading and skipping take what serde_json takes, and nothing else.
    #[track_caller]
    fn check(text: &str) {
        let expected = serde_json::from_str::<Value>(text);
        let read = read(text);
        match &expected {
            Ok(expected) => assert_eq!(read.as_ref(), Ok(expected), "{text:?}"),
            Err(error) => assert!(read.is_err(), "{text:?}: {read:?} in spite of {error}"),
        }
        // serde_json stops at a number that it cannot hold; what is skipped can have one.
        if !expected.is_err_and(|error| error.to_string().contains("out of range")) {
            assert_eq!(skip(text).is_ok(), read.is_ok(), "{text:?}");
        }
    }

    const TEXTS: [&str; 12] = [
        r#" {"a" : [1, -2.5e+3,0, true,false ,null],"b":{}, "c":[ ] } "#,
        r#"{"Events":[{"CloudTrailEvent":"{\"a\":\"b\\\\c\",\"d\":[\"e\"]}"},{"x":"\u00e9\ud83d\ude00é😀"}]}"#,
        "\"abcdefgh\\\"ijklmnop\\nqr\u{7f}\u{80}\u{10ffff}\\/\"",
        r#"["\b\f\n\r\t\"\\\/","","a","ab","abc","abcdefg","abcdefgh","abcdefghi"]"#,
        "[0,-0,10,1.0,0.1,1e5,1E-5,1.5e+05,123456789012345678901234567890]",
        "\t\r\n [[[[[]]]],{\"a\":{\"b\":{}}}]",
        r#"{"a":1,"a":2}"#,
        r#""\u0000\uD800\uDC00\uFFFF""#,
        "null",
        "true",
        "-1",
        r#"{"":""}"#,
    ];

    #[test]
    fn what_is_json_is_read() {
        for text in TEXTS {
            assert!(read(text).is_ok(), "{text}");
            check(text);
        }
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in [
            "",
            " ",
            "nul",
            "nulls",
            "tru",
            "True",
            "-",
            "01",
            "-01",
            "1.",
            ".5",
            "1e",
            "1e+",
            "+1",
            "--1",
            "0x1",
            "NaN",
            "[",
            "]",
            "[1",
            "[1,",
            "[1,]",
            "[,1]",
            "[1 2]",
            "{",
            "{}}",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,",
            "{\"a\":1,}",
            "{a:1}",
            "{1:1}",
            "{\"a\" 1}",
            "{\"a\":1 \"b\":2}",
            "{,}",
            "[}",
            "{]",
            "\"",
            "\"a",
            "\"\\",
            "\"\\\"",
            "\"\\x\"",
            "\"\\u\"",
            "\"\\u12\"",
            "\"\\u12g4\"",
            "\"\\ud800\"",
            "\"\\ud800\\n\"",
            "\"\\ud800\\u0041\"",
            "\"\\udc00\"",
            "\"\\u+123\"",
            "\"a\nb\"",
            "\"abcdefghijk\u{1}\"",
            "\"\\na\u{0}bcdefghijk\"",
            "'a'",
            "1 2",
            "[] []",
            "\u{feff}1",
            "/**/1",
            "\u{a0}1",
        ] {
            assert!(read(text).is_err(), "{text:?}");
            check(text);
        }
    }

    /// Each text with each byte left out, doubled, or replaced by each of those that mean something.
    #[test]
    fn broken_texts_are_taken_as_serde_json_takes_them() {
        let replacements = br#""\/{}[]:,-+.eE019untrf x"#;
        let mut checked = 0;
        for text in TEXTS {
            for at in 0..text.len() {
                let (before, after) = (&text.as_bytes()[..at], &text.as_bytes()[at + 1..]);
                let byte = text.as_bytes()[at];
                let mut variants = vec![
                    [before, after].concat(),
                    [before, &[byte, byte], after].concat(),
                ];
                variants.extend(
                    replacements
                        .iter()
                        .map(|new| [before, &[*new], after].concat()),
                );
                for variant in variants {
                    if let Ok(text) = std::str::from_utf8(&variant) {
                        check(text);
                        checked += 1;
                    }
                }
            }
        }
        assert!(checked > 9_000, "{checked}");
    }

    #[test]
    fn a_string_ends_wherever_it_ends() {
        for length in 0..40 {
            for escape in 0..=length {
                let (before, after) = ("a".repeat(escape), "ü".repeat(length - escape));
                check(&format!("\"{before}{after}\""));
                check(&format!("[\"{before}\\\"{after}\",\"\"]"));
                check(&format!("\"{before}\\u00fc{after}"));
            }
        }
    }

    #[test]
    fn depth_is_bounded_where_values_are_read() {
        let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
        check(&nested(127));
        assert!(read(&nested(128)).is_ok());
        let error = read(&nested(129)).unwrap_err();
        assert_eq!(error, "more than 128 levels at line 1 column 129");
        assert_eq!(skip(&nested(1 << 20)), Ok(()));
    }

    #[test]
    fn errors_tell_line_and_column() {
        for (text, expected) in [
            ("<html>", "expected a value at line 1 column 1"),
            ("{\n \"a\": tru }", "expected a value at line 2 column 7"),
            (
                "[1,\n2",
                "the text ends where `,` or `]` should be at line 2 column 2",
            ),
            ("\"a", "the text ends within a string at line 1 column 3"),
            ("[\"\\q\"]", "invalid escape at line 1 column 3"),
        ] {
            assert_eq!(read(text).unwrap_err(), expected);
        }
    }
}
