//! The URLs that requests are sent to.

use std::fmt;
use std::sync::{PoisonError, RwLock};

use http::Uri;

use crate::runtime::base::untrusted::without_user_info;
use crate::runtime::error::construction::ConstructionError;
use crate::runtime::service::endpoint::functions::is_valid_host_label;

/// Parses the URLs that a client sends requests to, which is one and the same as a rule.
#[derive(Debug, Default)]
pub(crate) struct EndpointUrls {
    last: RwLock<Option<(String, Uri)>>,
}

impl EndpointUrls {
    pub(crate) fn parse(&self, url: &str) -> Result<Uri, ConstructionError> {
        let last = self.last.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, uri)) = &*last
            && known == url
        {
            return Ok(uri.clone());
        }
        drop(last);
        let uri = parse_endpoint_url(url)?;
        let mut last = self.last.write().unwrap_or_else(PoisonError::into_inner);
        *last = Some((url.to_owned(), uri.clone()));
        Ok(uri)
    }
}

/// A URL to send requests to: `http` or `https`, a host, and a path that ends with `/`.
///
/// It is read as [`Uri`], which is signed, and as [`reqwest::Url`], which is connected to and checks
/// hosts more strictly (`xn--a` is no name, `1.2.3.4.5` no address).
fn parse_endpoint_url(url: &str) -> Result<Uri, ConstructionError> {
    let invalid = |why: &str| {
        ConstructionError::InvalidEndpointUrl(without_user_info(url).into_owned(), why.into())
    };
    let parsed: Uri = url
        .parse()
        .map_err(|error: http::uri::InvalidUri| invalid(&error.to_string()))?;
    if !matches!(parsed.scheme_str(), Some("http" | "https")) {
        return Err(invalid("it must start with http:// or https://"));
    }
    reqwest::Url::parse(url).map_err(|error| invalid(&error.to_string()))?;
    if parsed
        .authority()
        .is_some_and(|authority| authority.as_str().contains('@'))
    {
        return Err(invalid("it must not have a user name or a password"));
    }
    if parsed.query().is_some() {
        return Err(invalid("it must not have a query"));
    }
    if parsed.path().ends_with('/') {
        return Ok(parsed);
    }
    format!("{}/", url.trim_end_matches('/'))
        .parse()
        .map_err(|error: http::uri::InvalidUri| invalid(&error.to_string()))
}

/// A URL as somebody has set it.
#[derive(Clone)]
pub(crate) struct EndpointUrl(pub(crate) String);

impl fmt::Debug for EndpointUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&without_user_info(&self.0), f)
    }
}

/// Puts a prefix before the host of a URL.
pub(crate) fn prefix_host(url: &str, prefix: &str) -> Result<String, ConstructionError> {
    let (scheme, rest) = url
        .split_once("://")
        .ok_or_else(|| ConstructionError::NoEndpoint(format!("`{url}` has no host")))?;
    let host = rest.split(['/', ':']).next().unwrap_or(rest);
    if !is_valid_host_label(&format!("{prefix}{host}"), true) {
        return Err(ConstructionError::NoEndpoint(format!(
            "`{prefix}`, made from the input, cannot stand before the host `{host}`"
        )));
    }
    Ok(format!("{scheme}://{prefix}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown() {
        for (url, shown) in [
            ("http://user:hunter2@host/x", "\"http://***@host/x\""),
            ("http://host/x", "\"http://host/x\""),
        ] {
            assert_eq!(format!("{:?}", EndpointUrl(url.to_owned())), shown);
        }
    }

    #[test]
    fn a_password_in_an_endpoint_url_is_not_shown() {
        for url in [
            "http://user:secret@x",
            "user:secret@x",
            "http://a:secret@b:secret@x",
        ] {
            let error = parse_endpoint_url(url).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn regions_are_host_labels() {
        for valid in [
            "us-east-1",
            "a",
            "us-gov-west-1",
            "eu-isoe-west-1",
            "local.host",
        ] {
            assert!(is_valid_host_label(valid, true), "{valid}");
        }
        let long = "a".repeat(64);
        for invalid in [
            "",
            "-a",
            "a-",
            "us_east_1",
            "a/b",
            "a@b",
            "a..b",
            "ü",
            &long,
        ] {
            assert!(!is_valid_host_label(invalid, true), "{invalid}");
        }
    }

    #[test]
    fn endpoint_urls_end_with_a_slash() {
        for (url, uri) in [
            ("http://localhost:4566", "http://localhost:4566/"),
            ("https://example.com/base", "https://example.com/base/"),
            ("https://example.com/base/", "https://example.com/base/"),
        ] {
            assert_eq!(parse_endpoint_url(url).unwrap().to_string(), uri);
        }
        for invalid in [
            "",
            "localhost",
            "ftp://x",
            "http://",
            "http://a b",
            "http://x/?q=1",
            "//x",
            "http://user:password@x",
            "http://xn--a",
            "http://1.2.3.4.5",
            "http://x:65536",
        ] {
            assert!(
                matches!(
                    parse_endpoint_url(invalid),
                    Err(ConstructionError::InvalidEndpointUrl(..))
                ),
                "{invalid}"
            );
        }
    }
}
