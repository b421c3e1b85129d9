//! The proxies that requests go through.

use std::fmt;

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{ClientBuilder, Url};

use super::ConnectorError;

/// The proxies to use.
#[derive(Clone)]
pub(super) enum Proxies {
    Environment,
    None,
    Url(String),
}

/// Which request goes through which proxy. reqwest decides the same by the same code, but does not
/// tell.
pub(super) struct Routes {
    matcher: Option<Matcher>,
    from_environment: bool,
}

/// The proxy that a request went through, without user and password.
pub(super) struct Proxy {
    uri: Uri,
    from_environment: bool,
}

impl Proxies {
    pub(super) fn set_up(
        &self,
        builder: ClientBuilder,
    ) -> Result<(ClientBuilder, Routes), ConnectorError> {
        let (builder, matcher) = match self {
            Self::Environment => (builder, Some(Matcher::from_system())),
            Self::None => (builder.no_proxy(), None),
            Self::Url(url) => {
                let url = proxy_url(url)?;
                let proxy = reqwest::Proxy::all(url.clone());
                let proxy = proxy.map_err(|error| bad_proxy(&error.to_string()))?;
                let matcher = Matcher::builder().all(String::from(url)).build();
                (builder.proxy(proxy), Some(matcher))
            }
        };
        let routes = Routes {
            matcher,
            from_environment: matches!(self, Self::Environment),
        };
        Ok((builder, routes))
    }
}

impl Routes {
    /// Those of a client that was set up elsewhere are not known.
    pub(super) fn unknown() -> Self {
        Self {
            matcher: None,
            from_environment: false,
        }
    }

    pub(super) fn proxy(&self, uri: &Uri) -> Option<Proxy> {
        Some(Proxy {
            uri: self.matcher.as_ref()?.intercept(uri)?.uri().clone(),
            from_environment: self.from_environment,
        })
    }
}

impl Proxy {
    pub(super) fn is_socks(&self) -> bool {
        self.uri
            .scheme_str()
            .is_some_and(|scheme| scheme.starts_with("socks"))
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.uri.scheme_str().unwrap_or_default();
        let host = self.uri.host().unwrap_or_default();
        write!(f, "the proxy {scheme}://{host}")?;
        // What is no port can be a part of a password.
        if let Some(port) = self.uri.port_u16() {
            write!(f, ":{port}")?;
        }
        match self.from_environment {
            true => f.write_str(" of the environment"),
            false => Ok(()),
        }
    }
}

/// A URL without a scheme is an `http://` one, as in the environment.
fn proxy_url(text: &str) -> Result<Url, ConnectorError> {
    let url = match text.contains("://") {
        true => Url::parse(text),
        false => Url::parse(&format!("http://{text}")),
    };
    let url = url.map_err(|error| bad_proxy(&error.to_string()))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        _ => Err(bad_proxy("it must begin with `http://` or `https://`")),
    }
}

/// The URL itself can hold a password.
fn bad_proxy(why: &str) -> ConnectorError {
    ConnectorError::other(format!("the proxy's URL is invalid: {why}").into(), None)
}
