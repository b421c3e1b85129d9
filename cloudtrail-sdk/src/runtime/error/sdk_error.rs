//! What can go wrong with a call, and everything that is known about it.

use std::error::Error;
use std::fmt;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{self, CreateUnhandledError};
use aws_smithy_types::error::metadata;
use aws_smithy_types::retry::ErrorKind;
use aws_types::request_id::RequestId;

use super::build::BuildError;
use super::call_info::CallInfo;
use super::construction::ConstructionError;
use super::metadata::{ErrorMetadata, ProvideErrorMetadata};
use crate::runtime::base::boxed::BoxError;
use crate::runtime::wire::http::ConnectorError;

/// Why a call has no output.
///
/// [`Display`](fmt::Display) tells all that matters on one line: the operation, the error's code
/// and message, the HTTP status, the request ID, and a hint where one is known. Control characters
/// are escaped and long messages are cut;
/// [`message`](ProvideErrorMetadata::message) and [`raw_response`](Self::raw_response) have what the
/// service sent.
///
/// [`source`](Error::source) is what lies behind that line, so that reports which print every
/// source, such as those of anyhow and eyre, tell nothing twice. The error itself is what
/// [`as_service_error`](Self::as_service_error) and [`into_source`](Self::into_source) return.
///
/// What each variant holds stands behind a pointer, so that a `Result` of a call stays small.
#[non_exhaustive]
pub enum SdkError<E, R = HttpResponse> {
    /// The request could not be made; nothing was sent.
    ConstructionFailure(ConstructionFailure),
    /// The time that was set for the call ran out.
    TimeoutError(TimeoutError),
    /// The request was sent, or was about to be, and no whole response came.
    DispatchFailure(DispatchFailure),
    /// A response came that is not one of this service.
    ResponseError(ResponseError<R>),
    /// The service answered with an error.
    ServiceError(ServiceError<E, R>),
}

macro_rules! failure {
    ($(#[$doc:meta])* $name:ident, $source:ty) => {
        $(#[$doc])*
        pub struct $name {
            inner: Box<(CallInfo, $source)>,
        }

        impl $name {
            pub(crate) fn new(call: CallInfo, source: impl Into<$source>) -> Self {
                Self {
                    inner: Box::new((call, source.into())),
                }
            }

            /// Which call failed, and after how much effort.
            pub fn call(&self) -> &CallInfo {
                &self.inner.0
            }

            fn text(&self) -> String {
                self.call().text(format_args!("{}", self.inner.1))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("call", &self.inner.0)
                    .field("source", &self.inner.1)
                    .finish()
            }
        }
    };
}

failure!(
    /// See [`SdkError::ConstructionFailure`].
    ConstructionFailure,
    ConstructionError
);
failure!(
    /// See [`SdkError::TimeoutError`].
    TimeoutError,
    BoxError
);
failure!(
    /// See [`SdkError::DispatchFailure`].
    DispatchFailure,
    ConnectorError
);

impl ConstructionFailure {
    /// What was wrong with the configuration or the input.
    pub fn error(&self) -> &ConstructionError {
        &self.inner.1
    }
}

impl DispatchFailure {
    /// Whether the network failed.
    pub fn is_io(&self) -> bool {
        self.inner.1.is_io()
    }

    /// Whether the time for connecting or reading ran out.
    pub fn is_timeout(&self) -> bool {
        self.inner.1.is_timeout()
    }

    /// Whether the request was one that cannot be sent.
    pub fn is_user(&self) -> bool {
        self.inner.1.is_user()
    }

    /// Whether it was none of the above.
    pub fn is_other(&self) -> bool {
        self.inner.1.is_other()
    }

    /// What kind of error it is, if it is none of the first three and the transport has named one.
    pub fn as_other(&self) -> Option<ErrorKind> {
        self.inner.1.as_other()
    }

    /// What the transport said.
    pub fn as_connector_error(&self) -> Option<&ConnectorError> {
        Some(&self.inner.1)
    }
}

/// See [`SdkError::ResponseError`].
pub struct ResponseError<R> {
    inner: Box<(CallInfo, BoxError, R)>,
}

impl<R> ResponseError<R> {
    pub(crate) fn new(call: CallInfo, source: impl Into<BoxError>, raw: R) -> Self {
        Self {
            inner: Box::new((call, source.into(), raw)),
        }
    }

    /// Which call failed, and after how much effort.
    pub fn call(&self) -> &CallInfo {
        &self.inner.0
    }

    /// The response as it came.
    pub fn raw(&self) -> &R {
        &self.inner.2
    }

    /// The response as it came.
    pub fn into_raw(self) -> R {
        self.inner.2
    }

    fn text(&self) -> String {
        let why = &self.inner.1;
        self.call().text(format_args!("unexpected response: {why}"))
    }
}

/// Without the response, which can hold what a user would not want in a log.
impl<R: fmt::Debug> fmt::Debug for ResponseError<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseError")
            .field("call", &self.inner.0)
            .field("source", &self.inner.1)
            .finish_non_exhaustive()
    }
}

/// See [`SdkError::ServiceError`].
pub struct ServiceError<E, R> {
    inner: Box<(CallInfo, E, R)>,
}

impl<E, R> ServiceError<E, R> {
    pub(crate) fn new(call: CallInfo, source: E, raw: R) -> Self {
        Self {
            inner: Box::new((call, source, raw)),
        }
    }

    /// Which call failed, and after how much effort.
    pub fn call(&self) -> &CallInfo {
        &self.inner.0
    }

    /// The error.
    pub fn err(&self) -> &E {
        &self.inner.1
    }

    /// The error.
    pub fn into_err(self) -> E {
        self.inner.1
    }

    /// The response as it came.
    pub fn raw(&self) -> &R {
        &self.inner.2
    }

    /// The response as it came.
    pub fn into_raw(self) -> R {
        self.inner.2
    }
}

/// Without the response, which can hold what a user would not want in a log.
impl<E: fmt::Debug, R: fmt::Debug> fmt::Debug for ServiceError<E, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceError")
            .field("call", &self.inner.0)
            .field("source", &self.inner.1)
            .finish_non_exhaustive()
    }
}

impl<E, R> SdkError<E, R> {
    /// A [`SdkError::ConstructionFailure`], for fakes in tests.
    pub fn construction_failure(source: impl Into<BoxError>) -> Self {
        let source: BoxError = source.into();
        Self::ConstructionFailure(ConstructionFailure::new(CallInfo::default(), source))
    }

    /// A [`SdkError::TimeoutError`], for fakes in tests.
    pub fn timeout_error(source: impl Into<BoxError>) -> Self {
        Self::TimeoutError(TimeoutError::new(CallInfo::default(), source))
    }

    /// A [`SdkError::DispatchFailure`], for fakes in tests.
    pub fn dispatch_failure(source: ConnectorError) -> Self {
        Self::DispatchFailure(DispatchFailure::new(CallInfo::default(), source))
    }

    /// A [`SdkError::ResponseError`], for fakes in tests.
    pub fn response_error(source: impl Into<BoxError>, raw: R) -> Self {
        Self::ResponseError(ResponseError::new(CallInfo::default(), source, raw))
    }

    /// A [`SdkError::ServiceError`], for fakes in tests.
    pub fn service_error(source: E, raw: R) -> Self {
        Self::ServiceError(ServiceError::new(CallInfo::default(), source, raw))
    }

    /// Which call failed, and after how much effort.
    pub fn call(&self) -> &CallInfo {
        match self {
            Self::ConstructionFailure(failure) => failure.call(),
            Self::TimeoutError(failure) => failure.call(),
            Self::DispatchFailure(failure) => failure.call(),
            Self::ResponseError(failure) => failure.call(),
            Self::ServiceError(failure) => failure.call(),
        }
    }

    /// The service's error, if it is one.
    pub fn as_service_error(&self) -> Option<&E> {
        match self {
            Self::ServiceError(failure) => Some(failure.err()),
            _ => None,
        }
    }

    /// The service's error; any other failure becomes its variant `Unhandled`.
    pub fn into_service_error(self) -> E
    where
        E: Error + Send + Sync + CreateUnhandledError + 'static,
        R: fmt::Debug + Send + Sync + 'static,
    {
        match self {
            Self::ServiceError(failure) => failure.into_err(),
            other => E::create_unhandled_error(other.into(), None),
        }
    }

    /// The response, if one came.
    pub fn raw_response(&self) -> Option<&R> {
        match self {
            Self::ResponseError(failure) => Some(failure.raw()),
            Self::ServiceError(failure) => Some(failure.raw()),
            _ => None,
        }
    }

    /// The error behind the failure.
    pub fn into_source(self) -> Result<BoxError, Self>
    where
        E: Error + Send + Sync + 'static,
    {
        match self {
            Self::ConstructionFailure(failure) => Ok(failure.inner.1.into()),
            Self::TimeoutError(failure) => Ok(failure.inner.1),
            Self::DispatchFailure(failure) => Ok(failure.inner.1.into()),
            Self::ResponseError(failure) => Ok(failure.inner.1),
            Self::ServiceError(failure) => Ok(failure.into_err().into()),
        }
    }

    /// Converts the service's error, and leaves any other failure as it is.
    pub fn map_service_error<E2>(self, map: impl FnOnce(E) -> E2) -> SdkError<E2, R> {
        match self {
            Self::ConstructionFailure(failure) => SdkError::ConstructionFailure(failure),
            Self::TimeoutError(failure) => SdkError::TimeoutError(failure),
            Self::DispatchFailure(failure) => SdkError::DispatchFailure(failure),
            Self::ResponseError(failure) => SdkError::ResponseError(failure),
            Self::ServiceError(failure) => {
                let (call, source, raw) = *failure.inner;
                SdkError::ServiceError(ServiceError::new(call, map(source), raw))
            }
        }
    }
}

impl<E: fmt::Debug, R: fmt::Debug> fmt::Debug for SdkError<E, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ConstructionFailure(failure) => failure.fmt(f),
            Self::TimeoutError(failure) => failure.fmt(f),
            Self::DispatchFailure(failure) => failure.fmt(f),
            Self::ResponseError(failure) => failure.fmt(f),
            Self::ServiceError(failure) => failure.fmt(f),
        }
    }
}

impl<E: fmt::Display, R> fmt::Display for SdkError<E, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let call = self.call();
        match self {
            Self::ConstructionFailure(failure) => {
                call.fmt_failure(f, format_args!("{}", failure.inner.1))
            }
            Self::TimeoutError(failure) => call.fmt_failure(f, format_args!("{}", failure.inner.1)),
            Self::DispatchFailure(failure) => {
                call.fmt_failure(f, format_args!("{}", failure.inner.1))
            }
            Self::ResponseError(failure) => {
                call.fmt_failure(f, format_args!("unexpected response: {}", failure.inner.1))
            }
            Self::ServiceError(failure) => call.fmt_failure(f, format_args!("{}", failure.err())),
        }
    }
}

impl<E: Error + 'static, R: fmt::Debug> Error for SdkError<E, R> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::ConstructionFailure(failure) => failure.inner.1.source(),
            Self::TimeoutError(failure) => failure.inner.1.source(),
            // A transport's error is told with its causes.
            Self::DispatchFailure(_) => None,
            Self::ResponseError(failure) => failure.inner.1.source(),
            Self::ServiceError(failure) => failure.err().source(),
        }
    }
}

impl<E: ProvideErrorMetadata, R> ProvideErrorMetadata for SdkError<E, R> {
    fn meta(&self) -> &ErrorMetadata {
        self.as_service_error()
            .map_or(&ErrorMetadata::EMPTY, ProvideErrorMetadata::meta)
    }
}

/// The error as all official AWS crates have it, for helpers that programs share between them. What
/// this crate's error tells beyond that goes into its source as text.
impl<E, R> From<SdkError<E, R>> for result::SdkError<E, R> {
    fn from(error: SdkError<E, R>) -> Self {
        match error {
            SdkError::ConstructionFailure(failure) => Self::construction_failure(failure.text()),
            SdkError::TimeoutError(failure) => Self::timeout_error(failure.text()),
            SdkError::DispatchFailure(failure) => {
                let text = failure.text().into();
                Self::dispatch_failure(if failure.is_timeout() {
                    result::ConnectorError::timeout(text)
                } else if failure.is_io() {
                    result::ConnectorError::io(text)
                } else if failure.is_user() {
                    result::ConnectorError::user(text)
                } else {
                    result::ConnectorError::other(text, failure.as_other())
                })
            }
            SdkError::ResponseError(failure) => {
                let text = failure.text();
                Self::response_error(text, failure.into_raw())
            }
            SdkError::ServiceError(failure) => {
                let (_, error, raw) = *failure.inner;
                Self::service_error(error, raw)
            }
        }
    }
}

impl<E, R> From<BuildError> for SdkError<E, R> {
    fn from(error: BuildError) -> Self {
        Self::construction_failure(error)
    }
}

impl<E, R> RequestId for SdkError<E, R> {
    fn request_id(&self) -> Option<&str> {
        self.call().request_id.as_deref()
    }
}

impl<E: ProvideErrorMetadata, R> metadata::ProvideErrorMetadata for SdkError<E, R> {
    fn meta(&self) -> &metadata::ErrorMetadata {
        ProvideErrorMetadata::meta(self).common()
    }
}
