//! What reqwest's errors mean, and what is told of them.

use std::error::Error;
use std::io;
use std::time::Duration;

use reqwest::Url;

use super::connector_error::{ConnectorError, ConnectorErrorKind};
use super::proxy::Proxy;
use super::tls;
use crate::runtime::base::boxed::BoxError;
use crate::runtime::base::causes::innermost;
use crate::runtime::base::untrusted::Untrusted;

/// What a client knows of a request that got no response.
pub(super) struct Failure {
    pub(super) connect_timeout: Option<Duration>,
    pub(super) read_timeout: Option<Duration>,
    /// The proxy that the request was to go through.
    pub(super) proxy: Option<Proxy>,
}

/// What is told besides the kind of failure and the server.
struct Told {
    cause: String,
    /// What to do about it.
    hint: Option<&'static str>,
}

const CA_BUNDLE: &str = "a private certificate authority can be named by AWS_CA_BUNDLE or \
                         `ReqwestClient::builder().ca_bundle_pem(…)`";
const NO_TLS: &str = "the server may not speak TLS there: is `http://` meant?";
const NO_HTTP: &str = "what came is not HTTP; if the server speaks TLS, the URL must begin with \
                       `https://`";
const NO_SOCKS: &str = "SOCKS proxies are not supported, only `http://` and `https://` ones";
const UNAUTHORIZED: &str = "the proxy demands a user and a password (HTTP 407)";
const UNAUTHORIZED_HINT: &str =
    "give them in the proxy's URL, as in `http://user:password@host:3128`";
const RUNTIME_GONE: &str = "the async runtime that the connection belonged to has shut down";

impl Failure {
    /// The error for one of reqwest.
    pub(super) fn error(&self, error: reqwest::Error) -> ConnectorError {
        let (kind, told) = self.told(&error);
        let text = self.text(kind, &told, error.url());
        ConnectorError::told(kind, error.into(), text)
    }

    /// The error for the answer of a proxy that does not pass the request on.
    pub(super) fn unauthorized(&self, url: &Url) -> ConnectorError {
        let kind = ConnectorErrorKind::Other(None);
        let text = self.text(kind, &unauthorized(), Some(url));
        ConnectorError::told(kind, BoxError::from(UNAUTHORIZED), text)
    }

    fn told(&self, error: &reqwest::Error) -> (ConnectorErrorKind, Told) {
        // rustls puts this before what has no kind of its own.
        let cause = innermost(error)
            .to_string()
            .replace("unexpected error: ", "");
        let told = |hint| Told {
            cause: Untrusted(&cause).to_string(),
            hint,
        };
        let https = error.url().is_some_and(|url| url.scheme() == "https");
        if error.is_timeout() {
            let limit = self.limit(error);
            (
                ConnectorErrorKind::Timeout,
                limit.unwrap_or_else(|| told(None)),
            )
        } else if error.is_builder() {
            (ConnectorErrorKind::User, told(None))
        } else if error.is_connect() && https && !tls::SUPPORTED {
            let cause = tls::UNSUPPORTED.to_owned();
            (ConnectorErrorKind::User, Told { cause, hint: None })
        } else if error.is_connect() && self.proxy.as_ref().is_some_and(Proxy::is_socks) {
            (ConnectorErrorKind::Other(None), told(Some(NO_SOCKS)))
        } else if error.is_connect() && is_about_certificate(&cause) {
            (ConnectorErrorKind::Certificate, told(Some(CA_BUNDLE)))
        } else if error.is_connect() && cause == "tunnel error: proxy authorization required" {
            (ConnectorErrorKind::Other(None), unauthorized())
        } else {
            // Connections that were refused, reset or closed, responses that ended early, DNS.
            let told = if error.is_connect() && cause == "tunnel error: unsuccessful" {
                let cause = "the proxy does not connect to the server".to_owned();
                Told { cause, hint: None }
            } else if error.is_connect() && https && is_about_tls(&cause) {
                told(Some(NO_TLS))
            } else {
                match find::<hyper::Error>(error) {
                    // Bodies and upgrades, which could be the user's fault too, there are none.
                    Some(error) if error.is_user() => Told {
                        cause: RUNTIME_GONE.to_owned(),
                        hint: None,
                    },
                    Some(error) if is_no_http(error) && !https => told(Some(NO_HTTP)),
                    _ => told(None),
                }
            };
            (ConnectorErrorKind::Io, told)
        }
    }

    /// The limit that ran out, unless it is one of the operating system.
    fn limit(&self, error: &reqwest::Error) -> Option<Told> {
        let io = innermost(error).downcast_ref::<io::Error>();
        if io.is_some_and(|error| error.raw_os_error().is_some()) {
            return None;
        }
        let (cause, hint) = match error.is_connect() {
            true => (
                format!("no connection was made within {:?}", self.connect_timeout?),
                "`connect_timeout` sets this limit",
            ),
            false => (
                format!("the server was silent for {:?}", self.read_timeout?),
                "`read_timeout` sets this limit",
            ),
        };
        Some(Told {
            cause,
            hint: Some(hint),
        })
    }

    /// One line: what kind of failure, its cause, the way that the request took, and what to do.
    fn text(&self, kind: ConnectorErrorKind, told: &Told, url: Option<&Url>) -> String {
        let server = url.filter(|url| url.has_host());
        let server = server.map(|url| url.origin().ascii_serialization());
        let proxy = self.proxy.as_ref().map(|proxy| format!("through {proxy}"));
        let way: Vec<_> = [server, proxy].into_iter().flatten().collect();
        let way = match way.is_empty() {
            true => String::new(),
            false => format!(" ({})", way.join(", ")),
        };
        let hint = told.hint.map_or(String::new(), |hint| format!("; {hint}"));
        format!("{kind}: {}{way}{hint}", told.cause)
    }
}

fn unauthorized() -> Told {
    Told {
        cause: UNAUTHORIZED.to_owned(),
        hint: Some(UNAUTHORIZED_HINT),
    }
}

/// The TLS libraries share no error type, but each of them names the certificate.
fn is_about_certificate(cause: &str) -> bool {
    cause.contains("certificate")
}

/// What rustls and OpenSSL say of a server that answers the handshake by something else, or hangs up.
fn is_about_tls(cause: &str) -> bool {
    [
        "received corrupt message",
        "tls handshake eof",
        "wrong version number",
        "packet length too long",
        "unexpected EOF",
    ]
    .iter()
    .any(|text| cause.contains(text))
}

/// Whether what came does not even begin as HTTP; hyper has no test for its version.
fn is_no_http(error: &hyper::Error) -> bool {
    error.is_parse_status() || error.to_string().contains("invalid HTTP version")
}

fn find<E: Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        cause = error.source();
    }
    None
}
