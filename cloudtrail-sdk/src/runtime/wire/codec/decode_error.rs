//! Why a response cannot be read.

use std::fmt;

use crate::runtime::base::untrusted::Untrusted;

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

    pub(super) fn within(mut self, segment: String) -> Self {
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
            write!(f, "`{}`: ", Untrusted(path.trim_start_matches('.')))?;
        }
        write!(f, "{}", Untrusted(message))?;
        match position {
            Some((line, column)) => write!(f, " at line {line} column {column}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for DecodeError {}
