//! Why a request got no whole response.

use std::error::Error;
use std::fmt::{self, Write as _};

use aws_smithy_runtime_api::client::result;
use aws_smithy_types::retry::ErrorKind;

use crate::runtime::base::boxed::BoxError;
use crate::runtime::base::causes::DisplayErrorContext;
use crate::runtime::base::untrusted::OneLine;

/// A request that got no whole response.
#[derive(Debug)]
pub struct ConnectorError {
    kind: ConnectorErrorKind,
    source: BoxError,
    /// The whole message, if it tells more than the source.
    text: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ConnectorErrorKind {
    Timeout,
    Io,
    User,
    /// The server's certificate is not trusted; the next attempt would find the same.
    Certificate,
    /// Anything else, which the transport may say more of.
    Other(Option<ErrorKind>),
}

impl fmt::Display for ConnectorErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Timeout => "timed out",
            Self::Io => "network error",
            Self::User => "the request cannot be sent",
            Self::Certificate => "the server's TLS certificate is not accepted",
            Self::Other(_) => "error of the HTTP client",
        })
    }
}

impl ConnectorError {
    pub(super) fn new(kind: ConnectorErrorKind, source: BoxError) -> Self {
        Self {
            kind,
            source,
            text: None,
        }
    }

    pub(super) fn told(kind: ConnectorErrorKind, source: BoxError, text: String) -> Self {
        Self {
            kind,
            source,
            text: Some(text),
        }
    }

    /// The time for connecting or reading ran out.
    pub fn timeout(source: BoxError) -> Self {
        Self::new(ConnectorErrorKind::Timeout, source)
    }

    /// The connection could not be made, broke, or ended before the response did.
    pub fn io(source: BoxError) -> Self {
        Self::new(ConnectorErrorKind::Io, source)
    }

    /// The request itself is not one that can be sent.
    pub fn user(source: BoxError) -> Self {
        Self::new(ConnectorErrorKind::User, source)
    }

    /// Anything else, such as a failure to set TLS up. It is retried only if it has a kind.
    pub fn other(source: BoxError, kind: Option<ErrorKind>) -> Self {
        Self::new(ConnectorErrorKind::Other(kind), source)
    }

    /// An interceptor failed; the message has all causes.
    pub(crate) fn interceptor(source: BoxError) -> Self {
        let text = DisplayErrorContext(&*source).to_string();
        Self::told(ConnectorErrorKind::Other(None), source, text)
    }

    /// Whether time ran out.
    pub fn is_timeout(&self) -> bool {
        self.kind == ConnectorErrorKind::Timeout
    }

    /// Whether no connection was made, so that the server has seen nothing; as far as is known.
    #[cfg(feature = "default-credentials")]
    pub(crate) fn is_connect(&self) -> bool {
        let error = self.source.downcast_ref::<reqwest::Error>();
        error.is_some_and(reqwest::Error::is_connect)
    }

    /// Whether the network failed.
    pub fn is_io(&self) -> bool {
        self.kind == ConnectorErrorKind::Io
    }

    /// Whether the request was at fault.
    pub fn is_user(&self) -> bool {
        self.kind == ConnectorErrorKind::User
    }

    /// Whether it was none of the above.
    pub fn is_other(&self) -> bool {
        !(self.is_timeout() || self.is_io() || self.is_user())
    }

    /// The kind that was given to [`other`](Self::other).
    pub fn as_other(&self) -> Option<ErrorKind> {
        match self.kind {
            ConnectorErrorKind::Other(kind) => kind,
            _ => None,
        }
    }

    /// Why the next attempt may do better, if it may.
    pub(crate) fn retryable(&self) -> Option<ErrorKind> {
        match self.kind {
            ConnectorErrorKind::Timeout | ConnectorErrorKind::Io => Some(ErrorKind::TransientError),
            _ => self.as_other(),
        }
    }

    /// The cause.
    pub fn into_source(self) -> BoxError {
        self.source
    }
}

/// One line: what kind of failure, its cause, the server, and what helps where that is known.
impl fmt::Display for ConnectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut f = OneLine(f);
        match &self.text {
            Some(text) => f.write_str(text),
            None => write!(f, "{}: {}", self.kind, DisplayErrorContext(&*self.source)),
        }
    }
}

impl Error for ConnectorError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}

/// The error as all AWS crates have it, with this one behind it.
impl From<ConnectorError> for result::ConnectorError {
    fn from(error: ConnectorError) -> Self {
        let kind = error.as_other();
        if error.is_timeout() {
            Self::timeout(error.into())
        } else if error.is_io() {
            Self::io(error.into())
        } else if error.is_user() {
            Self::user(error.into())
        } else {
            Self::other(error.into(), kind)
        }
    }
}

/// The error that lies behind one as all AWS crates have it, or else one of its kind.
impl From<result::ConnectorError> for ConnectorError {
    fn from(error: result::ConnectorError) -> Self {
        let (timeout, io, user) = (error.is_timeout(), error.is_io(), error.is_user());
        let kind = error.as_other();
        match error.into_source().downcast() {
            Ok(own) => *own,
            Err(source) if timeout => Self::timeout(source),
            Err(source) if io => Self::io(source),
            Err(source) if user => Self::user(source),
            Err(source) => Self::other(source, kind),
        }
    }
}
