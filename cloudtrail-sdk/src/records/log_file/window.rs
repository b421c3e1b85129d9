//! The part of a file that is in memory.

use std::fmt;
use std::io::{self, Chain, Cursor, ErrorKind, Read};
use std::str;

use flate2::read::MultiGzDecoder;

/// How many bytes are read at a time, or more where a record needs more.
const CHUNK: usize = 128 << 10;
/// How many bytes are kept for a record, which is about what a record can have. CloudTrail's events
/// have 1 MB at most.
const MAX_RECORD_SIZE: usize = 16 << 20;

const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Why nothing more can be read.
#[derive(Debug)]
pub(super) enum Failure {
    Input(io::Error),
    /// The file has more bytes than this, unpacked.
    TooLarge(u64),
    /// The file ends within an array or an object.
    Truncated,
}

/// The part of a file that is in memory, as text.
pub(super) struct Window<R> {
    input: Input<R>,
    /// How many bytes may be read, unpacked.
    pub(super) limit: u64,
    unpacked: u64,
    /// The bytes that were read last.
    chunk: Vec<u8>,
    /// How many of them, moved to the front, begin a character whose rest is still to be read.
    begun: usize,
    text: String,
    /// Where what has not been looked at yet begins.
    at: usize,
    is_ended: bool,
    /// What comes after the text instead of an end.
    failure: Option<Failure>,
    /// Line breaks before the text, and bytes since the last of them.
    lines: u64,
    column: u64,
    /// Where the text has a replacement character for bytes that are not UTF-8.
    damages: Vec<usize>,
}

impl<R> fmt::Debug for Window<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Window")
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl<R: Read> Window<R> {
    pub(super) fn new(input: R, limit: u64) -> Self {
        Self {
            input: Input::Closed(Some(input)),
            limit,
            unpacked: 0,
            chunk: Vec::new(),
            begun: 0,
            text: String::new(),
            at: 0,
            is_ended: false,
            failure: None,
            lines: 0,
            column: 0,
            damages: Vec::new(),
        }
    }

    /// What has not been looked at yet.
    pub(super) fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    pub(super) fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Whether the rest goes to the end of the file.
    pub(super) fn is_ended(&self) -> bool {
        self.is_ended && self.failure.is_none()
    }

    /// Whether the rest may be read on as one record.
    pub(super) fn can_grow(&self) -> bool {
        !self.is_ended() && self.rest().len() < MAX_RECORD_SIZE
    }

    /// Reads more: as much as the rest has, so that looking at it again and again costs little.
    pub(super) fn fill(&mut self) -> Result<(), Failure> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        self.forget();
        let room = MAX_RECORD_SIZE.saturating_sub(self.text.len());
        let wanted = self.text.len().min(room).max(CHUNK);
        if self.chunk.len() < wanted {
            self.chunk.resize(wanted, 0);
        }
        let mut end = self.begun;
        while end < wanted && !self.is_ended {
            match self.input.read(&mut self.chunk[end..wanted]) {
                Ok(0) => self.is_ended = true,
                Ok(bytes) => end += bytes,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => self.fail(Failure::Input(error)),
            }
        }
        let left = self.limit.saturating_sub(self.unpacked);
        let bytes = end - self.begun;
        if bytes as u64 > left {
            end = self.begun + left as usize;
            self.fail(Failure::TooLarge(self.limit));
        }
        self.unpacked += (end - self.begun) as u64;
        self.take(end);
        Ok(())
    }

    /// What was read so far still counts.
    fn fail(&mut self, failure: Failure) {
        self.failure = Some(failure);
        self.is_ended = true;
    }

    /// Appends the bytes up to here to the text.
    fn take(&mut self, end: usize) {
        let mut bytes = &self.chunk[..end];
        self.begun = 0;
        loop {
            let error = match str::from_utf8(bytes) {
                Ok(text) => {
                    self.text.push_str(text);
                    return;
                }
                Err(error) => error,
            };
            let (valid, invalid) = bytes.split_at(error.valid_up_to());
            self.text.push_str(&String::from_utf8_lossy(valid));
            if error.error_len().is_none() && !self.is_ended {
                self.begun = invalid.len();
                self.chunk.copy_within(end - self.begun..end, 0);
                return;
            }
            self.damages.push(self.text.len());
            self.text.push(char::REPLACEMENT_CHARACTER);
            bytes = &invalid[error.error_len().unwrap_or(invalid.len())..];
        }
    }

    /// Drops what has been looked at.
    fn forget(&mut self) {
        (self.lines, self.column) = self.place(self.at);
        self.text.drain(..self.at);
        self.damages.retain_mut(|damage| {
            let is_ahead = *damage >= self.at;
            *damage = damage.saturating_sub(self.at);
            is_ahead
        });
        self.at = 0;
    }

    /// Line breaks before an index of the text, and bytes since the last of them.
    fn place(&self, index: usize) -> (u64, u64) {
        let before = &self.text.as_bytes()[..index];
        // A count of one byte for a few bytes at a time lets the compiler count many at once.
        let pieces = before.chunks(usize::from(u8::MAX));
        let breaks: u64 = pieces.map(|piece| u64::from(line_breaks(piece))).sum();
        if breaks == 0 {
            return (self.lines, self.column + index as u64);
        }
        let last_line = before.rsplit(|byte| *byte == b'\n').next();
        let column = last_line.map_or(0, <[u8]>::len);
        (self.lines + breaks, column as u64)
    }

    /// Line and column, from one, at an offset of the rest.
    pub(super) fn position(&self, offset: usize) -> (u64, u64) {
        let (lines, column) = self.place(self.at + offset);
        (lines + 1, column + 1)
    }

    /// Where the rest has bytes that are not UTF-8, before this offset.
    pub(super) fn damage(&self, end: usize) -> Option<usize> {
        let mut damages = self
            .damages
            .iter()
            .filter_map(|damage| damage.checked_sub(self.at));
        damages.find(|damage| *damage < end)
    }
}

/// How many line breaks there are in at most 255 bytes.
fn line_breaks(bytes: &[u8]) -> u8 {
    bytes.iter().map(|byte| u8::from(*byte == b'\n')).sum()
}

/// The bytes of a file, unpacked.
enum Input<R> {
    /// Nothing is read yet, so that it is not known whether it is packed.
    Closed(Option<R>),
    Plain(Whole<R>),
    Gzip(Box<MultiGzDecoder<Whole<R>>>),
}

/// The input, with the bytes that were read to see what it is.
type Whole<R> = Chain<Cursor<Vec<u8>>, R>;

impl<R: Read> Read for Input<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(input) => input.read(buffer),
            Self::Gzip(input) => input.read(buffer),
            Self::Closed(input) => {
                let Some(mut input) = input.take() else {
                    return Ok(0);
                };
                let mut head = Vec::with_capacity(GZIP.len());
                input
                    .by_ref()
                    .take(GZIP.len() as u64)
                    .read_to_end(&mut head)?;
                let is_packed = head == GZIP;
                let whole = Cursor::new(head).chain(input);
                *self = if is_packed {
                    Self::Gzip(Box::new(MultiGzDecoder::new(whole)))
                } else {
                    Self::Plain(whole)
                };
                self.read(buffer)
            }
        }
    }
}
