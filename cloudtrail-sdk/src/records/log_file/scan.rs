//! Looking over JSON without reading it.

use std::fmt::Write;

/// What an object at the beginning of a document is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Document {
    /// A log file whose records begin at this offset.
    Records { first: usize },
    /// A log file without an array of records, up to this offset.
    NoRecords { end: usize },
    /// A record.
    Record,
    /// An event of EventBridge with the record at this offset.
    Envelope { detail: usize },
    /// A digest file.
    Digest,
    /// None of these, up to this offset.
    Other { end: usize },
}

/// Looks what the object is that the text begins with. `None` if it goes on past the text.
pub(super) fn classify(text: &str) -> Option<Document> {
    let bytes = text.as_bytes();
    let mut has_records = false;
    let mut at = 1;
    loop {
        at = next_byte(bytes, at, b",")?;
        if bytes[at] == b'}' {
            let end = at + 1;
            return Some(if has_records {
                Document::NoRecords { end }
            } else {
                Document::Other { end }
            });
        }
        if bytes[at] != b'"' {
            // No JSON; reading it as a record says where.
            return Some(Document::Record);
        }
        let end = string_end(bytes, at)?;
        let key = &text[at + 1..end - 1];
        let value = next_byte(bytes, end, b":")?;
        match (key, bytes[value]) {
            ("Records", b'[') => return Some(Document::Records { first: value + 1 }),
            ("Records", _) => has_records = true,
            ("detail", b'{') => return Some(Document::Envelope { detail: value }),
            _ if key.starts_with("digest") => return Some(Document::Digest),
            _ if is_records_own(key) => return Some(Document::Record),
            _ => {}
        }
        let length = Skip::value().pass(&bytes[value..])?;
        if length == 0 {
            return Some(Document::Record);
        }
        at = value + length;
    }
}

/// Whether records have this key and what else there is has not.
fn is_records_own(key: &str) -> bool {
    key.starts_with("event")
        || matches!(
            key,
            "userIdentity"
                | "awsRegion"
                | "sourceIPAddress"
                | "userAgent"
                | "errorCode"
                | "errorMessage"
                | "requestParameters"
                | "responseElements"
                | "additionalEventData"
                | "requestID"
                | "readOnly"
                | "managementEvent"
                | "recipientAccountId"
                | "sharedEventID"
                | "vpcEndpointId"
                | "serviceEventDetails"
                | "tlsDetails"
                | "insightDetails"
                | "insightSource"
        )
}

/// The next byte that is neither blank nor this separator.
fn next_byte(bytes: &[u8], from: usize, separator: &[u8; 1]) -> Option<usize> {
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == separator[0];
    let blanks = bytes[from..].iter().position(|byte| !is_blank(byte))?;
    Some(from + blanks)
}

/// The index behind the string that begins here.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// Passes over JSON by its brackets and strings, whether or not it is right otherwise.
#[derive(Debug)]
pub(super) struct Skip {
    depth: usize,
    ends_closed: bool,
    in_string: bool,
    is_escaped: bool,
}

impl Skip {
    /// Passes over a value, up to the comma or the bracket behind it.
    pub(super) fn value() -> Self {
        Self {
            depth: 0,
            ends_closed: false,
            in_string: false,
            is_escaped: false,
        }
    }

    /// Passes over the rest of an object, with the bracket that closes it.
    pub(super) fn rest_of_object() -> Self {
        Self {
            depth: 1,
            ends_closed: true,
            ..Self::value()
        }
    }

    /// Where it ends in these bytes, or `None` if it goes on in the next.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> Option<usize> {
        for (index, byte) in bytes.iter().enumerate() {
            if self.in_string {
                match byte {
                    _ if self.is_escaped => self.is_escaped = false,
                    b'\\' => self.is_escaped = true,
                    // Strings have no line breaks: this one lacks its end.
                    b'"' | b'\n' => self.in_string = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth == 0 => return Some(index),
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 && self.ends_closed {
                        return Some(index + 1);
                    }
                }
                b',' if self.depth == 0 => return Some(index),
                _ => {}
            }
        }
        None
    }
}

/// The offset of serde_json's line and column.
pub(super) fn error_offset(text: &str, line: usize, column: usize) -> usize {
    let breaks = text.match_indices('\n').map(|(index, _)| index + 1);
    let start = match line.checked_sub(2) {
        Some(nth) => breaks.into_iter().nth(nth).unwrap_or(0),
        None => 0,
    };
    (start + column).min(text.len())
}

/// Appends the path of what is at an offset of the text: `.userIdentity.type`, `.resources[2]`.
pub(super) fn path_to(path: &mut String, text: &str, offset: usize) {
    enum Step<'a> {
        Key(&'a str),
        Index(usize),
    }

    let bytes = text.as_bytes();
    let mut steps = Vec::new();
    let mut at = 0;
    let mut is_key = false;
    // Whether an array has begun and none of its items has.
    let mut is_open = false;
    while at < offset.min(bytes.len()) {
        is_open = bytes[at] == b'[' || is_open && bytes[at].is_ascii_whitespace();
        match bytes[at] {
            b'{' => {
                steps.push(Step::Key(""));
                is_key = true;
            }
            b'[' => steps.push(Step::Index(0)),
            b'}' | b']' => {
                steps.pop();
                is_key = false;
            }
            b':' => is_key = false,
            b',' => match steps.last_mut() {
                Some(Step::Index(index)) => *index += 1,
                _ => is_key = true,
            },
            b'"' => {
                let Some(end) = string_end(bytes, at) else {
                    break;
                };
                if let (true, Some(Step::Key(key))) = (is_key, steps.last_mut()) {
                    *key = &text[at + 1..end - 1];
                }
                at = end - 1;
            }
            _ => {}
        }
        at += 1;
    }
    // A bracket that comes next is the first item.
    if is_open && bytes.get(at) != Some(&b'[') {
        steps.pop();
    }
    for step in steps {
        match step {
            Step::Key("") => {}
            Step::Key(key) if path.is_empty() => path.push_str(key),
            Step::Key(key) => {
                path.push('.');
                path.push_str(key);
            }
            // Writing to a string cannot fail.
            Step::Index(index) => drop(write!(path, "[{index}]")),
        }
    }
}
