//! What a response says of an error, whatever the error.

use std::error::Error;
use std::fmt;

use aws_smithy_types::error::metadata;
use aws_types::request_id::RequestId;

use crate::runtime::base::untrusted::Untrusted;

/// The code, message and request ID of a service's error, and what helps against it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorMetadata {
    /// None if nothing is known. Behind a pointer, so that errors stay small.
    known: Option<Box<Known>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Known {
    /// Code and message, in the type that helpers for several AWS crates ask for.
    common: metadata::ErrorMetadata,
    request_id: Option<String>,
    hint: Option<&'static str>,
}

impl ErrorMetadata {
    pub(super) const EMPTY: Self = Self { known: None };

    pub(crate) fn new(
        code: Option<&str>,
        message: Option<String>,
        request_id: Option<&str>,
        hint: Option<&'static str>,
    ) -> Self {
        let mut common = metadata::ErrorMetadata::builder();
        if let Some(code) = code {
            common = common.code(code);
        }
        if let Some(message) = message {
            common = common.message(message);
        }
        let known = Known {
            common: common.build(),
            request_id: request_id.map(str::to_owned),
            hint,
        };
        Self {
            known: (known != Known::default()).then(|| Box::new(known)),
        }
    }

    /// Starts building metadata, for fakes in tests.
    pub fn builder() -> ErrorMetadataBuilder {
        ErrorMetadataBuilder::default()
    }

    /// The error's code, such as `ThrottlingException`.
    pub fn code(&self) -> Option<&str> {
        self.common().code()
    }

    /// What the service said.
    pub fn message(&self) -> Option<&str> {
        self.common().message()
    }

    pub(super) fn default_code(&mut self, code: &str) {
        if self.code().is_none() {
            let message = self.message().map(str::to_owned);
            *self = Self::new(Some(code), message, self.request_id(), self.hint());
        }
    }

    /// Code and message alone.
    pub(crate) fn common(&self) -> &metadata::ErrorMetadata {
        match &self.known {
            Some(known) => &known.common,
            None => &metadata::EMPTY_ERROR_METADATA,
        }
    }

    /// What mostly helps against this error, in a sentence; not every error has one.
    ///
    /// The service does not say this; [`SdkError`](super::sdk_error::SdkError) prints it at the end.
    pub fn hint(&self) -> Option<&'static str> {
        self.known.as_ref()?.hint
    }
}

impl RequestId for ErrorMetadata {
    fn request_id(&self) -> Option<&str> {
        self.known.as_ref()?.request_id.as_deref()
    }
}

impl fmt::Display for ErrorMetadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_error(
            f,
            self.code().unwrap_or("error without a code"),
            self.message(),
        )
    }
}

/// Prints code and message of a service's error.
pub(crate) fn fmt_error(
    f: &mut fmt::Formatter<'_>,
    code: &str,
    message: Option<&str>,
) -> fmt::Result {
    write!(f, "{}", Untrusted(code))?;
    match message {
        Some(message) => write!(f, ": {}", Untrusted(message)),
        None => Ok(()),
    }
}

impl Error for ErrorMetadata {}

/// Builds an [`ErrorMetadata`].
#[derive(Clone, Debug, Default)]
pub struct ErrorMetadataBuilder {
    code: Option<String>,
    message: Option<String>,
    request_id: Option<String>,
    hint: Option<&'static str>,
}

impl ErrorMetadataBuilder {
    /// Sets the code.
    #[must_use]
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Sets the message.
    #[must_use]
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Sets the request ID.
    #[must_use]
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// Sets what helps against the error.
    #[must_use]
    pub fn hint(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// The metadata.
    pub fn build(self) -> ErrorMetadata {
        let (code, request_id) = (self.code.as_deref(), self.request_id.as_deref());
        ErrorMetadata::new(code, self.message, request_id, self.hint)
    }
}

/// Errors that know their code and message.
pub trait ProvideErrorMetadata {
    /// All that is known.
    fn meta(&self) -> &ErrorMetadata;

    /// The error's code, such as `ThrottlingException`.
    fn code(&self) -> Option<&str> {
        self.meta().code()
    }

    /// What the service said.
    fn message(&self) -> Option<&str> {
        self.meta().message()
    }
}

impl ProvideErrorMetadata for ErrorMetadata {
    fn meta(&self) -> &ErrorMetadata {
        self
    }
}

/// Lets helpers that are written for several AWS crates ask an error for its code and message.
macro_rules! common_metadata {
    ($type:ty) => {
        impl aws_smithy_types::error::metadata::ProvideErrorMetadata for $type {
            fn meta(&self) -> &aws_smithy_types::error::ErrorMetadata {
                $crate::runtime::error::metadata::ProvideErrorMetadata::meta(self).common()
            }
        }
    };
}

pub(crate) use common_metadata;

common_metadata!(ErrorMetadata);
