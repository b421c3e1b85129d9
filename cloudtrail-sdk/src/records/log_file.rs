//! Log files: records from bytes.

mod error;
mod scan;
mod window;

use std::io::Read;

use serde::de::{DeserializeSeed, IgnoredAny};
use serde_json::Deserializer;

pub use self::error::{LogFileError, LogFileErrorKind};
use self::scan::{Document, Skip, classify, error_offset, path_to};
use self::window::{Failure, Window};
use super::Record;
use super::member::Members;

/// How many bytes a file can have, unpacked, if nothing else is set.
const MAX_UNPACKED_SIZE: u64 = 256 << 20;

/// The records of a log file, in the order of the file, which is not that of time.
///
/// The input is packed by gzip or not, and has one of these forms:
///
/// - `{"Records":[…]}`, as CloudTrail delivers it, with whatever other keys;
/// - an array of records;
/// - records one after the other, as in NDJSON, and a single record;
/// - in place of a record, an event of Amazon EventBridge, which has the record in `detail`.
///
/// Digest files and empty files have no records; [`kind`](Self::kind) says what it is.
///
/// A record that cannot be read is an error in its place, and the others come all the same. When the
/// input itself cannot be read any further, that is the last item.
///
/// The file is read piece by piece: memory holds some records at a time, however large the file is.
/// Members of gzip after the first count as more of the file. An unpacked file can have 256 MB if
/// nothing else is set, a record 16 MiB.
#[derive(Debug)]
pub struct LogFile<R> {
    window: Window<R>,
    place: Place,
    /// What is to be passed over before the next record.
    pass: Option<Pass>,
    kind: Option<LogFileKind>,
    /// How many records came so far, those that could not be read included.
    index: usize,
    /// What `kind` read ahead.
    ahead: Option<Box<Option<Result<Record, LogFileError>>>>,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogFileKind {
    /// It has records, or a place for them.
    Records,
    /// A digest file, with hashes of log files.
    Digest,
    /// It has nothing.
    Empty,
    /// It cannot be read, or is nothing of CloudTrail's. The first record is an error that says why.
    Unknown,
}

/// Where reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before, between or after documents.
    Documents,
    /// In an array of records.
    Array { in_file: bool },
    /// At the end.
    End,
}

/// What is passed over without being read.
#[derive(Debug)]
enum Pass {
    /// The rest of a value.
    Value(Skip),
    /// A document that cannot be read; the next begins a line.
    Document,
}

impl<R: Read> LogFile<R> {
    /// The records of this input.
    pub fn new(input: R) -> Self {
        Self {
            window: Window::new(input, MAX_UNPACKED_SIZE),
            place: Place::Documents,
            pass: None,
            kind: None,
            index: 0,
            ahead: None,
        }
    }

    /// Sets how many bytes the file can have, unpacked.
    pub fn max_unpacked_size(mut self, bytes: u64) -> Self {
        self.window.limit = bytes;
        self
    }

    /// What the file is. This reads to the first record, or to the end if there is none.
    pub fn kind(&mut self) -> LogFileKind {
        if self.kind.is_none() && self.ahead.is_none() {
            self.ahead = Some(Box::new(self.advance()));
        }
        self.kind.unwrap_or(match self.ahead.as_deref() {
            Some(None) => LogFileKind::Empty,
            _ => LogFileKind::Unknown,
        })
    }

    fn advance(&mut self) -> Option<Result<Record, LogFileError>> {
        match self.try_advance() {
            Ok(next) => next,
            Err(failure) => {
                self.place = Place::End;
                let (line, column) = self.window.position(0);
                Some(Err(LogFileError::of_file(failure, line, column)))
            }
        }
    }

    fn try_advance(&mut self) -> Result<Option<Result<Record, LogFileError>>, Failure> {
        loop {
            match self.pass.take() {
                Some(Pass::Value(skip)) => self.skip(skip)?,
                Some(Pass::Document) => self.skip_document()?,
                None => {}
            }
            if self.place == Place::End {
                return Ok(None);
            }
            let next = match (self.peek()?, self.place) {
                (Some(b'{'), Place::Documents) => self.document()?,
                (Some(b'['), Place::Documents) => {
                    self.found(LogFileKind::Records);
                    self.window.skip(1);
                    self.place = Place::Array { in_file: false };
                    None
                }
                (Some(b']'), Place::Array { in_file }) => {
                    self.window.skip(1);
                    self.place = Place::Documents;
                    self.pass = in_file.then(|| Pass::Value(Skip::rest_of_object()));
                    None
                }
                (Some(b'{'), Place::Array { in_file: false }) => {
                    // An object without a member of records is a record as well: what is there is
                    // what counts.
                    let offset = self.detail()?.unwrap_or(0);
                    Some(self.record(offset)?)
                }
                (Some(_), _) => Some(self.record(0)?),
                (None, Place::Array { .. }) => return Err(Failure::Truncated),
                (None, _) => {
                    self.place = Place::End;
                    None
                }
            };
            if next.is_some() {
                return Ok(next);
            }
        }
    }

    /// The document that begins here: its first record, if that is known already.
    fn document(&mut self) -> Result<Option<Result<Record, LogFileError>>, Failure> {
        let document = loop {
            match classify(self.window.rest()) {
                Some(document) => break document,
                None if !self.window.can_grow() => break Document::Record,
                None => self.window.fill()?,
            }
        };
        match document {
            Document::Record => return self.record(0).map(Some),
            Document::Envelope { detail } => return self.record(detail).map(Some),
            Document::Records { first } => {
                self.found(LogFileKind::Records);
                self.window.skip(first);
                self.place = Place::Array { in_file: true };
            }
            Document::NoRecords { end } => {
                self.found(LogFileKind::Records);
                self.window.skip(end);
            }
            Document::Digest => {
                self.found(LogFileKind::Digest);
                self.window.skip(1);
                self.pass = Some(Pass::Value(Skip::rest_of_object()));
            }
            Document::Other { end } => {
                let message = "this is no record, and has none: no key is one of CloudTrail's";
                let kind = LogFileErrorKind::NotCloudTrail;
                let error = self.error(0, 0, kind, message.to_owned());
                self.window.skip(end);
                return Ok(Some(Err(error)));
            }
        }
        Ok(None)
    }

    /// Where the record is in an item of an array, if it is in an event of EventBridge.
    fn detail(&mut self) -> Result<Option<usize>, Failure> {
        loop {
            match classify(self.window.rest()) {
                Some(Document::Envelope { detail }) => return Ok(Some(detail)),
                Some(_) => return Ok(None),
                None if !self.window.can_grow() => return Ok(None),
                None => self.window.fill()?,
            }
        }
    }

    /// The record that begins at this offset of the item that begins here.
    fn record(&mut self, offset: usize) -> Result<Result<Record, LogFileError>, Failure> {
        loop {
            let text = &self.window.rest()[offset..];
            let mut deserializer = Deserializer::from_str(text);
            let mut record = Record::default();
            let error = match Members(&mut record).deserialize(&mut deserializer) {
                Ok(()) => {
                    let length = deserializer.into_iter::<IgnoredAny>().byte_offset();
                    record.set_raw(&text[..length]);
                    return Ok(self.found_record(offset, length).map(|()| record));
                }
                Err(error) => error,
            };
            if error.is_eof() && self.window.can_grow() {
                self.window.fill()?;
                continue;
            }
            let (kind, message) = if !error.is_eof() {
                let position = format!(" at line {} column {}", error.line(), error.column());
                let message = error.to_string();
                let message = message.strip_suffix(&position).unwrap_or(&message);
                (LogFileErrorKind::InvalidRecord, message.to_owned())
            } else if self.window.is_ended() {
                self.place = Place::End;
                (
                    LogFileErrorKind::Truncated,
                    "the record has no end".to_owned(),
                )
            } else {
                let message = "the record has more than 16 MiB";
                (LogFileErrorKind::TooLarge, message.to_owned())
            };
            let at = error_offset(text, error.line(), error.column());
            let error = self.error(offset, at, kind, message);
            self.pass_over_item();
            return Ok(Err(error));
        }
    }

    /// Goes on behind a record.
    fn found_record(&mut self, offset: usize, length: usize) -> Result<(), LogFileError> {
        self.found(LogFileKind::Records);
        if let Some(at) = self.window.damage(offset + length) {
            let kind = LogFileErrorKind::InvalidRecord;
            let at = at.saturating_sub(offset);
            let error = self.error(offset, at, kind, "the text is not UTF-8".to_owned());
            self.pass_over_item();
            return Err(error);
        }
        self.index += 1;
        self.window.skip(offset + length);
        if offset > 0 {
            self.pass = Some(Pass::Value(Skip::rest_of_object()));
        }
        Ok(())
    }

    /// The error of the item that begins here, at an offset of its record.
    fn error(
        &self,
        record: usize,
        at: usize,
        kind: LogFileErrorKind,
        message: String,
    ) -> LogFileError {
        let mut path = match self.place {
            Place::Array { in_file: true } => format!("Records[{}]", self.index),
            Place::Array { in_file: false } => format!("[{}]", self.index),
            Place::Documents | Place::End => String::new(),
        };
        if record > 0 {
            path.push_str(if path.is_empty() { "detail" } else { ".detail" });
        }
        path_to(&mut path, &self.window.rest()[record..], at);
        let (line, column) = self.window.position(record + at);
        LogFileError::of_record(kind, self.index, path, line, column, message)
    }

    /// Leaves out the item that begins here.
    fn pass_over_item(&mut self) {
        self.index += 1;
        match self.place {
            Place::Documents => self.pass = Some(Pass::Document),
            Place::Array { .. } => {
                // What closes nothing is left out by itself.
                if self.window.rest().starts_with('}') {
                    self.window.skip(1);
                }
                self.pass = Some(Pass::Value(Skip::value()));
            }
            Place::End => {}
        }
    }

    fn found(&mut self, kind: LogFileKind) {
        self.kind.get_or_insert(kind);
    }

    /// The next byte that is neither blank nor a comma.
    fn peek(&mut self) -> Result<Option<u8>, Failure> {
        const BYTE_ORDER_MARK: char = '\u{feff}';
        loop {
            let rest = self.window.rest();
            let blank =
                |char: char| char.is_ascii_whitespace() || matches!(char, ',' | BYTE_ORDER_MARK);
            let text = rest.trim_start_matches(blank);
            let (next, blanks) = (text.bytes().next(), rest.len() - text.len());
            self.window.skip(blanks);
            if next.is_some() || self.window.is_ended() {
                return Ok(next);
            }
            self.window.fill()?;
        }
    }

    fn skip(&mut self, mut skip: Skip) -> Result<(), Failure> {
        loop {
            let rest = self.window.rest();
            if let Some(end) = skip.pass(rest.as_bytes()) {
                self.window.skip(end);
                return Ok(());
            }
            self.window.skip(rest.len());
            if self.window.is_ended() {
                return Err(Failure::Truncated);
            }
            self.window.fill()?;
        }
    }

    fn skip_document(&mut self) -> Result<(), Failure> {
        const NEXT: [&str; 2] = ["\n{", "\n["];
        loop {
            let rest = self.window.rest();
            if let Some(end) = NEXT.iter().filter_map(|next| rest.find(next)).min() {
                self.window.skip(end);
                return Ok(());
            }
            let line_break = usize::from(rest.ends_with('\n') && !self.window.is_ended());
            self.window.skip(rest.len() - line_break);
            if self.window.is_ended() {
                return Ok(());
            }
            self.window.fill()?;
        }
    }
}

impl<R: Read> Iterator for LogFile<R> {
    type Item = Result<Record, LogFileError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.ahead.take() {
            Some(ahead) => *ahead,
            None => self.advance(),
        }
    }
}
