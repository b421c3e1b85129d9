//! The errors of a service.

use std::error::Error;
use std::fmt::{self, Write as _};

use super::call_info::CallInfo;
use super::metadata::{ErrorMetadata, ProvideErrorMetadata, common_metadata};
use crate::runtime::base::boxed::BoxError;
use crate::runtime::base::untrusted::OneLine;
use crate::runtime::wire::codec::{DecodeMembers, decode};
#[cfg(feature = "serde")]
use crate::runtime::wire::codec::{Decoded, EncodeMembers, Member, MemberSink, MemberValue};

/// What the enum of a service's errors holds.
pub trait ModeledError: Error {
    /// All that is known; [`ProvideErrorMetadata`] without what would be compiled for each error.
    fn metadata(&self) -> &ErrorMetadata;

    /// All that is known, to add to it.
    fn metadata_mut(&mut self) -> &mut ErrorMetadata;

    /// Whether [`Display`](fmt::Display) prints the call as well.
    fn shows_call(&self) -> bool {
        false
    }
}

/// Keeps the call in an error that leaves its `SdkError`. One that a program has put into another
/// `SdkError`, which knows of no call, keeps the call that it has.
pub(crate) fn keep_call(error: &mut dyn ModeledError, call: CallInfo) {
    if error.metadata().call().is_none() || call != CallInfo::default() {
        error.metadata_mut().set_call(call);
    }
}

/// Prints an error as its `SdkError` did, if it has left one.
pub(crate) fn fmt_modeled(error: &dyn ModeledError, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match error.metadata().call() {
        Some(call) if !error.shows_call() => call.fmt_failure(f, format_args!("{error}")),
        _ => fmt::Display::fmt(error, f),
    }
}

/// An error structure whose only member is its message.
pub trait MessageError: ErrorStructure + Default {
    /// The code that it has on the wire.
    const CODE: &'static str;
}

/// Builds an error structure, for fakes in tests.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ErrorBuilder<T> {
    pub(crate) inner: T,
}

impl<T: MessageError> ErrorBuilder<T> {
    /// Sets what the service says.
    #[must_use]
    pub fn message(self, message: impl Into<String>) -> Self {
        self.set_message(Some(message.into()))
    }

    /// Sets or clears what the service says.
    #[must_use]
    pub fn set_message(mut self, message: Option<String>) -> Self {
        *self.inner.parts().0 = message;
        self
    }

    /// Sets code and request ID.
    #[must_use]
    pub fn meta(mut self, meta: ErrorMetadata) -> Self {
        *self.inner.parts().1 = meta;
        self
    }

    /// The error. Its code is that of the model unless [`meta`](Self::meta) has set one.
    pub fn build(mut self) -> T {
        self.inner.parts().1.default_code(T::CODE);
        self.inner
    }
}

/// An error that the model does not have, or a failure that is not the service's.
pub struct Unhandled {
    source: BoxError,
    meta: ErrorMetadata,
    /// Whether the source is an `SdkError`, which shows its call.
    shows_call: bool,
}

impl Unhandled {
    pub(crate) fn new(source: BoxError, meta: ErrorMetadata) -> Self {
        Self {
            source,
            meta,
            shows_call: false,
        }
    }

    /// A failure of a call that is not the service's.
    pub(crate) fn failure(sdk_error: BoxError, call: CallInfo) -> Self {
        let mut meta = ErrorMetadata::default();
        meta.set_call(call);
        Self {
            source: sdk_error,
            meta,
            shows_call: true,
        }
    }
}

impl ModeledError for Unhandled {
    fn metadata(&self) -> &ErrorMetadata {
        &self.meta
    }

    fn metadata_mut(&mut self) -> &mut ErrorMetadata {
        &mut self.meta
    }

    fn shows_call(&self) -> bool {
        self.shows_call
    }
}

impl ProvideErrorMetadata for Unhandled {
    fn meta(&self) -> &ErrorMetadata {
        &self.meta
    }
}

common_metadata!(Unhandled);

impl fmt::Debug for Unhandled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unhandled")
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Unhandled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(OneLine(f), "{}", self.source)
    }
}

impl Error for Unhandled {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.source()
    }
}

/// A service's errors: which one a response is.
pub trait FromErrorResponse {
    /// The error whose code this is, with its members read from the body.
    fn from_error_response(meta: ErrorMetadata, body: &[u8]) -> Self;
}

/// An error structure, which keeps what the response said besides its members.
pub trait ErrorStructure: DecodeMembers {
    /// Its message, and what the response said.
    fn parts(&mut self) -> (&mut Option<String>, &mut ErrorMetadata);
}

/// Reads an error structure from a response's body. A body that cannot be read gives an error
/// without members: its code is known, and that is what counts.
pub(crate) fn read_error<T: ErrorStructure>(meta: ErrorMetadata, body: &[u8]) -> T {
    let mut error = <T as DecodeMembers>::unset();
    if decode(body, &mut error).is_err() {
        error = <T as DecodeMembers>::unset();
    }
    keep_metadata(&mut error, meta);
    error
}

/// The message is the metadata's, which has all the names that it can have in a body.
fn keep_metadata(error: &mut dyn ErrorStructure, meta: ErrorMetadata) {
    let (message, metadata) = error.parts();
    let own = message.take().filter(|own| !own.trim().is_empty());
    *message = meta.message().map(str::to_owned).or(own);
    *metadata = meta;
}

/// The one member of most errors, by its name on the wire.
#[cfg(feature = "serde")]
pub struct Message<'a>(pub &'static str, pub &'a Option<String>);

#[cfg(feature = "serde")]
impl EncodeMembers for Message<'_> {
    fn members(&self, sink: &mut dyn MemberSink) {
        sink.member(Member::new(self.0), self.1);
    }
}

/// Such an error is read into its builder, which knows its code.
#[cfg(feature = "serde")]
impl<T: MessageError> DecodeMembers for ErrorBuilder<T> {
    fn unset() -> Self {
        Self::default()
    }

    fn member(&mut self, name: &str, value: &mut MemberValue<'_, '_>) -> Decoded {
        match name {
            "message" | "Message" => value.read(self.inner.parts().0),
            _ => value.skip(),
        }
    }
}
