//! Signature Version 4 in the headers of a request, by aws-sigv4.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use std::ops::RangeInclusive;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use bytes::Bytes;
use http::{HeaderValue, Request};
use tracing::dispatcher::{Dispatch, with_default};

use crate::runtime::base::boxed::BoxError;
use crate::runtime::base::keys::{KEY_NAMES, check_keys};

/// Headers that are set or changed on the way to the service.
const UNSIGNED: [&str; 11] = [
    "authorization",
    "baggage",
    "connection",
    "expect",
    "te",
    "traceparent",
    "tracestate",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
];

/// The times that a date of four digits for the year can hold, in seconds since 1970.
const DATES: RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;

/// What a signature is valid for.
#[derive(Clone)]
pub(crate) struct Scope {
    /// None is an error when it comes to signing; who does not sign needs none.
    pub(crate) region: Option<String>,
    pub(crate) service: String,
}

/// Signs every header that the request has by now, but for those that proxies change. A URL without
/// a host is an error.
pub(crate) fn sign_request(
    request: &mut Request<Bytes>,
    credentials: &Credentials,
    scope: &Scope,
    time: SystemTime,
) -> Result<(), BoxError> {
    check_keys(credentials, KEY_NAMES)
        .map_err(|why| format!("{why}; check what the credentials provider gives"))?;
    // aws-sigv4 panics at a time that the header cannot hold, and at a URL without a host.
    if !DATES.contains(&DateTime::from(time).secs()) {
        return Err("the time is before the year 0 or after the year 9999".into());
    }
    if request.uri().host().is_none() {
        return Err("the URL of the request has no host".into());
    }
    let region = scope.region.as_deref().ok_or("no Region to sign for")?;
    let identity = without_empty_token(credentials).into();
    let mut settings = SigningSettings::default();
    settings.excluded_headers = None;
    let params = SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(&scope.service)
        .time(time)
        .settings(settings)
        .build()?
        .into();
    let headers = request
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), value))
        .filter(|(name, _)| !UNSIGNED.contains(name))
        .filter_map(|(name, value)| Some((name, value.to_str().ok()?)));
    let signable = SignableRequest::new(
        request.method().as_str(),
        request.uri().to_string(),
        headers,
        SignableBody::Bytes(request.body()),
    )?;
    // aws-sigv4 traces every header, and those of a program can be secrets.
    let signed = with_default(&Dispatch::none(), || sign(signable, &params))?;
    let (instructions, _) = signed.into_parts();
    for header in instructions.into_parts().0 {
        let mut value = HeaderValue::from_str(header.value())?;
        value.set_sensitive(header.name() != "x-amz-date");
        request.headers_mut().insert(header.name(), value);
    }
    Ok(())
}

/// The credentials, whose token is none if it is empty.
fn without_empty_token(credentials: &Credentials) -> Credentials {
    if credentials.session_token() != Some("") {
        return credentials.clone();
    }
    let (id, secret) = (credentials.access_key_id(), credentials.secret_access_key());
    Credentials::new(id, secret, None, credentials.expiry(), "static")
}

/// `20261122T120000Z`.
pub(crate) fn amz_date(time: SystemTime) -> Result<String, BoxError> {
    let seconds = DateTime::from_secs(DateTime::from(time).secs());
    let mut date = seconds.fmt(Format::DateTime)?;
    date.retain(|c| c != '-' && c != ':');
    Ok(date)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use http::header::AUTHORIZATION;

    use super::*;

    fn request(uri: &'static str) -> Request<Bytes> {
        let mut request = Request::new(Bytes::from_static(b"{}"));
        *request.uri_mut() = http::Uri::from_static(uri);
        request
    }

    fn sign_with(
        request: &mut Request<Bytes>,
        id: &str,
        secret: &str,
        token: Option<&str>,
    ) -> Result<(), BoxError> {
        let credentials = Credentials::new(id, secret, token.map(str::to_owned), None, "test");
        let scope = Scope {
            region: Some("x".to_owned()),
            service: "service".to_owned(),
        };
        let time = UNIX_EPOCH + Duration::from_secs(1_767_225_600);
        sign_request(request, &credentials, &scope, time)
    }

    fn authorization(request: &Request<Bytes>) -> &str {
        request.headers()[AUTHORIZATION].to_str().unwrap()
    }

    #[test]
    fn an_empty_token_is_none() {
        let (mut empty, mut none) = (
            request("https://example.com/"),
            request("https://example.com/"),
        );
        sign_with(&mut empty, "AKID", "secret", Some("")).unwrap();
        sign_with(&mut none, "AKID", "secret", None).unwrap();
        assert!(!empty.headers().contains_key("x-amz-security-token"));
        assert_eq!(authorization(&empty), authorization(&none));
    }

    #[test]
    fn headers_that_proxies_change_are_not_signed() {
        let mut request = request("https://example.com/");
        for name in UNSIGNED.iter().chain(&["x-amz-target"]) {
            request
                .headers_mut()
                .insert(*name, HeaderValue::from_static("x"));
        }
        sign_with(&mut request, "AKID", "secret", Some("token")).unwrap();
        let expected = "SignedHeaders=host;x-amz-date;x-amz-security-token;x-amz-target,";
        let found = authorization(&request);
        assert!(found.contains(expected), "{found}");
    }

    #[test]
    fn a_host_header_is_signed_as_it_is_sent() {
        let mut own = request("https://example.com/");
        let mut other = request("https://example.com/");
        let host = HeaderValue::from_static("other.example");
        other.headers_mut().insert("host", host);
        for request in [&mut own, &mut other] {
            sign_with(request, "AKID", "secret", None).unwrap();
        }
        assert_ne!(authorization(&own), authorization(&other));
        assert_eq!(other.headers()["host"], "other.example");
    }

    #[test]
    fn a_url_without_a_host_is_an_error() {
        let error = sign_with(&mut request("/x"), "AKID", "secret", None).unwrap_err();
        assert_eq!(error.to_string(), "the URL of the request has no host");
    }

    #[test]
    fn what_proves_the_identity_is_sensitive() {
        let mut request = request("https://example.com/");
        sign_with(&mut request, "AKID", "secret", Some("token")).unwrap();
        for (name, sensitive) in [
            ("authorization", true),
            ("x-amz-security-token", true),
            ("x-amz-date", false),
        ] {
            assert_eq!(request.headers()[name].is_sensitive(), sensitive, "{name}");
        }
    }

    #[test]
    fn a_time_that_no_header_can_hold_is_an_error() {
        let credentials = Credentials::new("AKID", "secret", None, None, "test");
        let scope = Scope {
            region: Some("x".to_owned()),
            service: "service".to_owned(),
        };
        // The last second of the year 9999, and the one after it.
        for (seconds, is_ok) in [(253_402_300_799, true), (253_402_300_800, false)] {
            let mut request = request("https://example.com/");
            let time = UNIX_EPOCH + Duration::from_secs(seconds);
            let signed = sign_request(&mut request, &credentials, &scope, time);
            assert_eq!(signed.is_ok(), is_ok, "{signed:?}");
            assert_eq!(request.headers().is_empty(), !is_ok);
        }
    }

    #[test]
    fn a_key_that_cannot_be_sent_is_named() {
        let sign = |id: &str, secret: &str, token: Option<&str>| {
            sign_with(&mut request("https://example.com/"), id, secret, token)
        };
        for (id, secret, token, name) in [
            ("a\nb", "c", None, "the access key ID"),
            ("\u{e4}", "c", None, "the access key ID"),
            ("a", "b\r\n", None, "the secret access key"),
            ("a", "b", Some("c\n"), "the session token"),
            ("a", "b", Some("\u{feff}c"), "the session token"),
        ] {
            let error = sign(id, secret, token).unwrap_err().to_string();
            let expected = format!(
                "{name} holds a line break or another character that cannot be sent; check what \
                 the credentials provider gives"
            );
            assert_eq!(error, expected);
        }
        // The secret is not sent.
        sign("a", "\u{e4}", Some("b")).unwrap();
    }

    #[test]
    fn times_are_written_to_the_second() {
        let time = UNIX_EPOCH + Duration::new(1_767_225_599, 999_999_999);
        assert_eq!(amz_date(time).unwrap(), "20251231T235959Z");
    }
}
