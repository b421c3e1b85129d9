//! What can go wrong with a call, and everything that is known about it.

use std::error::Error;
use std::fmt::{self, Write as _};
use std::time::Duration;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::result;
use aws_smithy_types::error::metadata;
use aws_types::request_id::RequestId;
use http::StatusCode;

use super::http::{ConnectorError, HttpResponse};
use super::operation::ErrorStructure;
use super::untrusted::{OneLine, Untrusted};

/// Any error.
pub type BoxError = Box<dyn Error + Send + Sync>;

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

/// Which call failed, after how much effort, and what the response's head said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallInfo {
    operation: &'static str,
    attempts: u32,
    elapsed: Duration,
    status: Option<StatusCode>,
    request_id: Option<String>,
    throttled: bool,
    hint: Option<&'static str>,
    out_of_tokens: bool,
}

const OUT_OF_TOKENS: &str = "retrying is off: the client's retry tokens are used up, and come back \
    as calls succeed";

impl CallInfo {
    pub(super) fn new(operation: &'static str, attempts: u32, elapsed: Duration) -> Self {
        Self {
            operation,
            attempts,
            elapsed,
            ..Self::default()
        }
    }

    /// Adds what the response says.
    pub(super) fn answered_by(mut self, response: &HttpResponse) -> Self {
        self.status = Some(response.status());
        self.request_id = response.request_id().map(str::to_owned);
        self
    }

    /// Adds what is known of the service's error.
    pub(super) fn refused(mut self, throttled: bool, hint: Option<&'static str>) -> Self {
        self.throttled = throttled;
        self.advise(hint)
    }

    /// Adds what helps.
    pub(super) fn advise(mut self, hint: Option<&'static str>) -> Self {
        self.hint = hint;
        self
    }

    /// Adds that there were no tokens for another attempt.
    pub(super) fn out_of_tokens(mut self) -> Self {
        self.out_of_tokens = true;
        self
    }

    /// The operation, by its name in the model.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// How many requests were sent; an attempt that failed before that, such as for want of
    /// credentials, does not count.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// How long the call took until it failed.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The HTTP status of the response, if one came.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// Whether the service wants to be called less, by the rules of retrying.
    pub fn is_throttled(&self) -> bool {
        self.throttled
    }
}

/// ` (throttled, HTTP 400, request id …, 3 attempts in 154ms, retrying is off: …)`, without what is
/// not known or goes without saying.
impl fmt::Display for CallInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let throttled = self.throttled.then(|| "throttled".to_owned());
        let status = self
            .status
            .map(|status| format!("HTTP {}", status.as_u16()));
        let request_id = self.request_id.as_ref();
        let request_id = request_id.map(|id| format!("request id {}", Untrusted(id)));
        let effort = (self.attempts > 1).then(|| {
            let nanos = self.elapsed.subsec_millis() * 1_000_000;
            let elapsed = Duration::new(self.elapsed.as_secs(), nanos);
            format!("{} attempts in {elapsed:?}", self.attempts)
        });
        let retrying = self.out_of_tokens.then(|| OUT_OF_TOKENS.to_owned());
        let known: Vec<_> = [throttled, status, request_id, effort, retrying]
            .into_iter()
            .flatten()
            .collect();
        match known.is_empty() {
            true => Ok(()),
            false => write!(f, " ({})", known.join(", ")),
        }
    }
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

    /// What the transport said.
    pub fn as_connector_error(&self) -> Option<&ConnectorError> {
        Some(&self.inner.1)
    }
}

/// A time limit that ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeLimit {
    limited: &'static str,
    duration: Duration,
}

impl TimeLimit {
    pub(super) fn operation(duration: Duration) -> Self {
        Self {
            limited: "operation",
            duration,
        }
    }

    pub(super) fn attempt(duration: Duration) -> Self {
        Self {
            limited: "attempt",
            duration,
        }
    }

    /// How much time there was.
    pub fn duration(&self) -> Duration {
        self.duration
    }
}

impl fmt::Display for TimeLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { limited, duration } = self;
        write!(
            f,
            "timed out: the {limited} was not over within {duration:?}"
        )
    }
}

impl Error for TimeLimit {}

#[cfg(feature = "default-credentials")]
const MISSING_CREDENTIALS: &str = "no credentials are configured: load the configuration with \
    `config::load()`, which looks for them, or give `Config::builder().credentials_provider(…)` a \
    provider";
#[cfg(not(feature = "default-credentials"))]
const MISSING_CREDENTIALS: &str = "no credentials are configured: set AWS_ACCESS_KEY_ID and \
    AWS_SECRET_ACCESS_KEY, or give `Config::builder().credentials_provider(…)` a provider; \
    profiles and roles need the feature `default-credentials`";

/// Why a request could not be made.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConstructionError {
    /// What the configuration was loaded from is not as it must be.
    InvalidConfiguration(String),
    /// No region is configured; the places that were looked at, if any were.
    MissingRegion(Vec<String>),
    /// The region is not a name that can be part of a host name.
    InvalidRegion(String),
    /// The endpoint URL is not one that requests can be sent to: the URL, and why.
    InvalidEndpointUrl(String, BoxError),
    /// The endpoint rules have no endpoint for this configuration, such as FIPS with an endpoint
    /// URL.
    NoEndpoint(String),
    /// No credentials are configured.
    MissingCredentials,
    /// The credentials provider failed.
    Credentials(BoxError),
    /// The input breaks what the model demands; each violation with the path of its member.
    InvalidInput(Vec<String>),
    /// The HTTP client could not be set up.
    HttpClient(BoxError),
    /// The request could not be signed.
    Signing(BoxError),
    /// A blocking call was made on a thread that runs async code.
    #[cfg(feature = "blocking")]
    CannotBlock,
    /// Anything else.
    Other(BoxError),
}

impl fmt::Display for ConstructionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut f = OneLine(f);
        match self {
            Self::InvalidConfiguration(problem) => write!(f, "invalid configuration: {problem}"),
            Self::MissingRegion(places) => {
                f.write_str("no region is configured")?;
                if !places.is_empty() {
                    write!(f, "; looked at {}", places.join(", "))?;
                }
                f.write_str("; set AWS_REGION, or give `Config::builder().region(…)` one")
            }
            Self::InvalidRegion(region) => write!(
                f,
                "region `{}` is invalid: it may hold letters, digits and inner hyphens, such as `us-east-1`",
                Untrusted(region)
            ),
            Self::InvalidEndpointUrl(url, why) => {
                write!(f, "endpoint URL `{}` is invalid: {why}", Untrusted(url))
            }
            Self::NoEndpoint(message) => write!(f, "no endpoint: {message}"),
            Self::MissingCredentials => f.write_str(MISSING_CREDENTIALS),
            Self::Credentials(error) => {
                // The provider's error names only its kind; what lies behind it has the facts.
                let facts = match error.downcast_ref::<CredentialsError>() {
                    Some(error) => error.source(),
                    None => None,
                };
                let error = DisplayErrorContext(facts.unwrap_or(&**error));
                write!(f, "no credentials could be loaded: {error}")
            }
            Self::InvalidInput(violations) => {
                write!(f, "invalid input: {}", violations.join("; "))
            }
            Self::HttpClient(error) => write!(f, "the HTTP client could not be set up: {error}"),
            Self::Signing(error) => write!(f, "the request could not be signed: {error}"),
            #[cfg(feature = "blocking")]
            Self::CannotBlock => f.write_str(
                "this thread runs async code, which a blocking call would hold up: use `.await` with the \
                 method that is not blocking, or make the call in `tokio::task::spawn_blocking`",
            ),
            Self::Other(error) => write!(f, "{error}"),
        }
    }
}

/// Each error is told with its first cause, those of credentials with all of them.
impl Error for ConstructionError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::InvalidEndpointUrl(_, error)
            | Self::HttpClient(error)
            | Self::Signing(error)
            | Self::Other(error) => error.source(),
            _ => None,
        }
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
}

impl<R: fmt::Debug> fmt::Debug for ResponseError<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseError")
            .field("call", &self.inner.0)
            .field("source", &self.inner.1)
            .field("raw", &self.inner.2)
            .finish()
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

impl<E: fmt::Debug, R: fmt::Debug> fmt::Debug for ServiceError<E, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceError")
            .field("call", &self.inner.0)
            .field("source", &self.inner.1)
            .field("raw", &self.inner.2)
            .finish()
    }
}

/// An error that can stand for a failure which is not the service's.
pub trait CreateUnhandledError {
    /// Wraps the failure.
    fn create_unhandled_error(source: BoxError, meta: Option<ErrorMetadata>) -> Self;
}

impl<E, R> SdkError<E, R> {
    /// A [`SdkError::ConstructionFailure`], for fakes in tests.
    pub fn construction_failure(source: impl Into<BoxError>) -> Self {
        let source = ConstructionError::Other(source.into());
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
        let mut f = OneLine(f);
        let call = self.call();
        if !call.operation.is_empty() {
            write!(f, "{}: ", call.operation)?;
        }
        match self {
            Self::ConstructionFailure(failure) => write!(f, "{}", failure.inner.1),
            Self::TimeoutError(failure) => write!(f, "{}", failure.inner.1),
            Self::DispatchFailure(failure) => write!(f, "{}", failure.inner.1),
            Self::ResponseError(failure) => write!(f, "unexpected response: {}", failure.inner.1),
            Self::ServiceError(failure) => write!(f, "{}", failure.err()),
        }?;
        write!(f, "{call}")?;
        match call.hint {
            Some(hint) => write!(f, "; hint: {hint}"),
            None => Ok(()),
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
impl<E: Error, R> From<SdkError<E, R>> for result::SdkError<E, R> {
    fn from(error: SdkError<E, R>) -> Self {
        let text = error.to_string();
        match error {
            SdkError::ConstructionFailure(_) => Self::construction_failure(text),
            SdkError::TimeoutError(_) => Self::timeout_error(text),
            SdkError::DispatchFailure(failure) => Self::dispatch_failure(if failure.is_timeout() {
                result::ConnectorError::timeout(text.into())
            } else if failure.is_io() {
                result::ConnectorError::io(text.into())
            } else if failure.is_user() {
                result::ConnectorError::user(text.into())
            } else {
                result::ConnectorError::other(text.into(), None)
            }),
            SdkError::ResponseError(failure) => Self::response_error(text, failure.into_raw()),
            SdkError::ServiceError(failure) => {
                let (_, error, raw) = *failure.inner;
                Self::service_error(error, raw)
            }
        }
    }
}

impl<E, R> RequestId for SdkError<E, R> {
    fn request_id(&self) -> Option<&str> {
        self.call().request_id.as_deref()
    }
}

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
    const EMPTY: Self = Self { known: None };

    pub(super) fn new(
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

    fn default_code(&mut self, code: &str) {
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
    /// The service does not say this; [`SdkError`] prints it at the end.
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
                $crate::runtime::error::ProvideErrorMetadata::meta(self).common()
            }
        }
    };
}

pub(crate) use common_metadata;

common_metadata!(ErrorMetadata);
common_metadata!(Unhandled);

impl<E: ProvideErrorMetadata, R> metadata::ProvideErrorMetadata for SdkError<E, R> {
    fn meta(&self) -> &metadata::ErrorMetadata {
        ProvideErrorMetadata::meta(self).common()
    }
}

/// What the enum of a service's errors holds.
pub trait ModeledError: Error {
    /// All that is known; [`ProvideErrorMetadata`] without what would be compiled for each error.
    fn metadata(&self) -> &ErrorMetadata;
}

impl ModeledError for Unhandled {
    fn metadata(&self) -> &ErrorMetadata {
        &self.meta
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
    pub(super) inner: T,
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
}

impl Unhandled {
    pub(crate) fn new(source: BoxError, meta: ErrorMetadata) -> Self {
        Self { source, meta }
    }
}

impl ProvideErrorMetadata for Unhandled {
    fn meta(&self) -> &ErrorMetadata {
        &self.meta
    }
}

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

/// Prints an error with everything behind it, on one line: `outer: middle: inner`.
#[derive(Debug)]
pub struct DisplayErrorContext<E>(pub E);

impl<E: Error> fmt::Display for DisplayErrorContext<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut f = OneLine(f);
        let mut printed = self.0.to_string();
        f.write_str(&printed)?;
        let mut next = self.0.source();
        while let Some(error) = next {
            let text = error.to_string();
            // An error that already told what lies behind it need not tell it twice.
            if !printed.contains(&text) && !has_told(&printed, error) {
                write!(f, ": {text}")?;
                printed = text;
            }
            next = error.source();
        }
        Ok(())
    }
}

/// Whether a text has the facts of an error that only adds its kind to them.
fn has_told(text: &str, error: &(dyn Error + 'static)) -> bool {
    let facts = error.downcast_ref().and_then(CredentialsError::source);
    facts.is_some_and(|facts| text.contains(&facts.to_string()))
}

/// A structure that was built without members that it requires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildError {
    structure: &'static str,
    missing: Vec<&'static str>,
}

impl BuildError {
    pub(crate) fn missing(structure: &'static str, members: &[(&'static str, bool)]) -> Self {
        Self {
            structure,
            missing: members
                .iter()
                .filter_map(|(name, is_set)| (!is_set).then_some(name.trim_start_matches("r#")))
                .collect(),
        }
    }

    /// The members that are missing, all of them.
    pub fn missing_members(&self) -> &[&'static str] {
        &self.missing
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is missing required members: {}",
            self.structure,
            self.missing.join(", ")
        )
    }
}

impl Error for BuildError {}

/// A string that is not one of the values that an enum knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownVariantError {
    value: String,
}

impl UnknownVariantError {
    pub(crate) fn new(value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
        }
    }
}

impl fmt::Display for UnknownVariantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a known value", Untrusted(&self.value))
    }
}

impl Error for UnknownVariantError {}
