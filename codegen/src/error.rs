//! What can be wrong with a model, said with the place it stands at.

use std::fmt;

/// A model that cannot be turned into Rust.
///
/// Displays as `FILE: SHAPE: what is wrong`, with the parts that are known. Line and column of a
/// syntax error are part of `FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    file: Option<String>,
    shape: Option<String>,
    message: String,
    of_operation: bool,
}

/// The result of every step of the pipeline.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error whose place is not known yet; the callers that know it add it.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            file: None,
            shape: None,
            message: message.into(),
            of_operation: false,
        }
    }

    /// An error about one shape or member, by its ID.
    pub fn at(shape: impl fmt::Display, message: impl Into<String>) -> Self {
        Self::new(message).shape(shape)
    }

    /// Says what the problem stands in the way of.
    #[must_use]
    pub fn needed_by(mut self, what: impl fmt::Display) -> Self {
        self.message = format!("{} ({what} needs it)", self.message);
        self
    }

    /// Names the file, unless a more precise place was named before.
    #[must_use]
    pub fn file(mut self, file: impl fmt::Display) -> Self {
        self.file.get_or_insert_with(|| file.to_string());
        self
    }

    /// Names the shape or member, unless a more precise one was named before.
    #[must_use]
    pub fn shape(mut self, shape: impl fmt::Display) -> Self {
        self.shape.get_or_insert_with(|| shape.to_string());
        self
    }

    /// Notes that an operation cannot be generated.
    #[must_use]
    pub(crate) fn of_operation(mut self) -> Self {
        self.of_operation = true;
        self
    }

    /// Whether it is an operation that cannot be generated, so that
    /// [`Options::skip_unsupported`](crate::Options::skip_unsupported) would leave it out.
    pub fn can_be_skipped(&self) -> bool {
        self.of_operation
    }

    /// The shape or member that the error is about.
    pub(crate) fn subject(&self) -> Option<&str> {
        self.shape.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in [&self.file, &self.shape].into_iter().flatten() {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
