//! What a response says of an error, whatever the error.

use std::error::Error;
use std::fmt;

use aws_smithy_types::error::metadata;
use aws_smithy_types::retry::{ErrorKind, ProvideErrorKind};
use aws_types::request_id::RequestId;

use super::call_info::CallInfo;
use crate::runtime::base::untrusted::Untrusted;

/// The extra in which official crates keep the request ID.
const AWS_REQUEST_ID: &str = "aws_request_id";

/// The code, message and request ID of a service's error, and what helps against it.
///
/// Two are equal if these are, whichever call failed.
#[derive(Clone, Debug, Default)]
pub struct ErrorMetadata {
    /// None if nothing is known. Behind a pointer, so that errors stay small.
    known: Option<Box<Known>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Known {
    /// Code, message and request ID, in the type that helpers for several AWS crates ask for.
    common: metadata::ErrorMetadata,
    hint: Option<&'static str>,
    /// The call that failed, once the error has left its `SdkError`.
    call: Option<CallInfo>,
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
        if let Some(id) = request_id {
            common = common.custom(AWS_REQUEST_ID, id);
        }
        Known {
            common: common.build(),
            hint,
            call: None,
        }
        .into()
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

    /// What was added to the error by this key.
    pub fn extra(&self, key: &'static str) -> Option<&str> {
        self.common().extra(key)
    }

    /// Turns the metadata back into a builder.
    pub fn into_builder(self) -> ErrorMetadataBuilder {
        ErrorMetadataBuilder {
            known: self.known.map(|known| *known).unwrap_or_default(),
        }
    }

    pub(super) fn default_code(&mut self, code: &str) {
        if self.code().is_none() {
            *self = std::mem::take(self).into_builder().code(code).build();
        }
    }

    /// Which call failed, and after how much effort; known to an error that `?` has made of an
    /// [`SdkError`](super::sdk_error::SdkError).
    pub fn call(&self) -> Option<&CallInfo> {
        self.known.as_ref()?.call.as_ref()
    }

    pub(super) fn set_call(&mut self, call: CallInfo) {
        self.known.get_or_insert_default().call = Some(call);
    }

    /// Code, message, request ID and extras alone.
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

impl PartialEq for ErrorMetadata {
    fn eq(&self, other: &Self) -> bool {
        self.common() == other.common() && self.hint() == other.hint()
    }
}

impl Eq for ErrorMetadata {}

impl ProvideErrorKind for ErrorMetadata {
    fn retryable_error_kind(&self) -> Option<ErrorKind> {
        None
    }

    fn code(&self) -> Option<&str> {
        self.code()
    }
}

impl RequestId for ErrorMetadata {
    fn request_id(&self) -> Option<&str> {
        let answered = self.common().request_id();
        answered.or_else(|| self.call()?.request_id.as_deref())
    }
}

impl From<Known> for ErrorMetadata {
    fn from(known: Known) -> Self {
        Self {
            known: (known != Known::default()).then(|| Box::new(known)),
        }
    }
}

impl From<metadata::ErrorMetadata> for ErrorMetadata {
    fn from(common: metadata::ErrorMetadata) -> Self {
        Known {
            common,
            ..Known::default()
        }
        .into()
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
    known: Known,
}

impl ErrorMetadataBuilder {
    /// Sets the code.
    #[must_use]
    pub fn code(self, code: impl Into<String>) -> Self {
        self.with(|common| common.code(code))
    }

    /// Sets the message.
    #[must_use]
    pub fn message(self, message: impl Into<String>) -> Self {
        self.with(|common| common.message(message))
    }

    /// Sets the request ID.
    #[must_use]
    pub fn request_id(self, id: impl Into<String>) -> Self {
        self.custom(AWS_REQUEST_ID, id)
    }

    /// Adds what [`ErrorMetadata::extra`] returns by this key.
    #[must_use]
    pub fn custom(self, key: &'static str, value: impl Into<String>) -> Self {
        self.with(|common| common.custom(key, value))
    }

    /// Sets what helps against the error.
    #[must_use]
    pub fn hint(mut self, hint: &'static str) -> Self {
        self.known.hint = Some(hint);
        self
    }

    /// The metadata.
    pub fn build(self) -> ErrorMetadata {
        self.known.into()
    }

    fn with(mut self, change: impl FnOnce(metadata::Builder) -> metadata::Builder) -> Self {
        self.known.common = change(self.known.common.into_builder()).build();
        self
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
