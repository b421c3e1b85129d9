//! What is wrong with a log file or with a record in it.

use std::error::Error;
use std::fmt;
use std::io;

use super::window::Failure;
use crate::runtime::base::untrusted::Untrusted;

/// What is wrong with a log file, or with a record in it, and where.
#[derive(Debug)]
pub struct LogFileError {
    kind: LogFileErrorKind,
    index: Option<usize>,
    path: String,
    line: u64,
    column: u64,
    message: String,
    source: Option<io::Error>,
}

/// The kind of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogFileErrorKind {
    /// A record is no JSON, or not in the form of a record. The next records come.
    InvalidRecord,
    /// A document has no key of CloudTrail's. The next documents come.
    NotCloudTrail,
    /// A record is too large, and the next records come; or the file is, and nothing more comes.
    TooLarge,
    /// The file ends in the middle.
    Truncated,
    /// The input cannot be read, or unpacked. Nothing more comes.
    Input,
}

impl LogFileError {
    pub(super) fn of_record(
        kind: LogFileErrorKind,
        index: usize,
        path: String,
        line: u64,
        column: u64,
        message: String,
    ) -> Self {
        Self {
            kind,
            index: Some(index),
            path,
            line,
            column,
            message,
            source: None,
        }
    }

    pub(super) fn of_file(failure: Failure, line: u64, column: u64) -> Self {
        let (kind, message, source) = match failure {
            Failure::Input(error) => {
                let message = "the file cannot be read any further".to_owned();
                (LogFileErrorKind::Input, message, Some(error))
            }
            Failure::TooLarge(limit) => {
                let message = format!("the file has more than {limit} bytes, unpacked");
                (LogFileErrorKind::TooLarge, message, None)
            }
            Failure::Truncated => {
                let message = "the file ends in the middle".to_owned();
                (LogFileErrorKind::Truncated, message, None)
            }
        };
        Self {
            kind,
            index: None,
            path: String::new(),
            line,
            column,
            message,
            source,
        }
    }

    /// The kind.
    pub fn kind(&self) -> LogFileErrorKind {
        self.kind
    }

    /// The index of the record, from zero. `None` if it is the file that cannot be read.
    pub fn index(&self) -> Option<usize> {
        self.index
    }

    /// The path to what is wrong, such as `Records[3].userIdentity.arn`. It is empty where a record or
    /// the file as a whole is meant.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The line, from one, in the unpacked file.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The byte in the line, from one.
    pub fn column(&self) -> u64 {
        self.column
    }
}

impl fmt::Display for LogFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}, ", Untrusted(&self.path))?;
        }
        write!(
            f,
            "line {}, column {}: {}",
            self.line,
            self.column,
            Untrusted(&self.message)
        )
    }
}

impl Error for LogFileError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|error| error as _)
    }
}
