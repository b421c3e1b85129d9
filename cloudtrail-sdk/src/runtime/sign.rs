//! Signature Version 4 in the headers of a request.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use std::fmt::{self, Write};
use std::sync::{PoisonError, RwLock};
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue, Request, Uri};
use ring::digest::{SHA256, digest};
use ring::hmac::{self, HMAC_SHA256, Key};

use super::error::BoxError;

const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");

/// What credentials consist of: the names that [`check_keys`] takes.
pub(crate) const KEY_NAMES: [&str; 3] = [
    "the access key ID",
    "the secret access key",
    "the session token",
];

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

/// What a signature is valid for.
pub(crate) struct Scope {
    pub(crate) region: String,
    pub(crate) service: String,
}

/// The key of the last signature. Deriving it takes longer than all else in a signature, and it is
/// the same for a day.
#[derive(Default)]
pub(crate) struct SigningKeys(RwLock<Option<SigningKey>>);

struct SigningKey {
    secret: String,
    date: String,
    region: String,
    service: String,
    key: Key,
}

impl SigningKeys {
    fn get(&self, credentials: &Credentials, date: &str, scope: &Scope) -> Key {
        let secret = credentials.secret_access_key();
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*known
            && known.date == date
            && known.secret == secret
            && known.region == scope.region
            && known.service == scope.service
        {
            return known.key.clone();
        }
        drop(known);
        let mut key = keyed(format!("AWS4{secret}").as_bytes());
        for part in [date, &scope.region, &scope.service, "aws4_request"] {
            key = keyed(hmac::sign(&key, part.as_bytes()).as_ref());
        }
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *known = Some(SigningKey {
            secret: secret.to_owned(),
            date: date.to_owned(),
            region: scope.region.clone(),
            service: scope.service.clone(),
            key: key.clone(),
        });
        key
    }
}

fn keyed(key: &[u8]) -> Key {
    Key::new(HMAC_SHA256, key)
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeys").finish_non_exhaustive()
    }
}

/// Signs every header that the request has by now, but for those that proxies change. The URL has
/// no query.
pub(crate) fn sign_request(
    request: &mut Request<Bytes>,
    credentials: &Credentials,
    scope: &Scope,
    time: SystemTime,
    keys: &SigningKeys,
) -> Result<(), BoxError> {
    check_keys(credentials, KEY_NAMES)
        .map_err(|why| format!("{why}; check what the credentials provider gives"))?;
    let time = amz_date(time)?;
    let headers = request.headers_mut();
    headers.insert(X_AMZ_DATE, HeaderValue::from_str(&time)?);
    let token = credentials.session_token();
    if let Some(token) = token.filter(|token| !token.is_empty()) {
        headers.insert(X_AMZ_SECURITY_TOKEN, sensitive(token)?);
    }
    let (canonical, signed_headers) = canonical_request(request);

    let date = &time[..8];
    let Scope { region, service } = scope;
    let scope_text = format!("{date}/{region}/{service}/aws4_request");
    let hash = hex_digest(canonical.as_bytes());
    let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope_text}\n{hash}");
    let key = keys.get(credentials, date, scope);
    let signature = hex(hmac::sign(&key, to_sign.as_bytes()).as_ref());

    let id = credentials.access_key_id();
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={id}/{scope_text}, SignedHeaders={signed_headers}, \
         Signature={signature}"
    );
    request
        .headers_mut()
        .insert(AUTHORIZATION, sensitive(&authorization)?);
    Ok(())
}

/// Checks that a request can hold the credentials: they are often copied, with a line break or with
/// invisible characters. The names are those of its parts, as in [`KEY_NAMES`].
pub(crate) fn check_keys(credentials: &Credentials, names: [&str; 3]) -> Result<(), String> {
    let token = credentials.session_token().unwrap_or_default();
    let in_header = |text: &str| text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    // The secret is not sent.
    let without_controls = |text: &str| !text.contains(char::is_control);
    let can_be_sent = [
        in_header(credentials.access_key_id()),
        without_controls(credentials.secret_access_key()),
        in_header(token),
    ];
    for (name, can_be_sent) in names.into_iter().zip(can_be_sent) {
        if !can_be_sent {
            return Err(format!(
                "{name} holds a line break or another character that cannot be sent"
            ));
        }
    }
    Ok(())
}

fn sensitive(text: &str) -> Result<HeaderValue, BoxError> {
    let mut value = HeaderValue::from_str(text)?;
    value.set_sensitive(true);
    Ok(value)
}

/// `20261122T120000Z`.
pub(super) fn amz_date(time: SystemTime) -> Result<String, BoxError> {
    let seconds = DateTime::from_secs(DateTime::from(time).secs());
    let mut date = seconds.fmt(Format::DateTime)?;
    date.retain(|c| c != '-' && c != ':');
    Ok(date)
}

/// What is signed of a request, and the names of the headers in it.
fn canonical_request(request: &Request<Bytes>) -> (String, String) {
    let host = host(request.uri());
    let mut headers: Vec<(&str, &str)> = request
        .headers()
        .iter()
        .filter(|(name, _)| !UNSIGNED.contains(&name.as_str()) && *name != http::header::HOST)
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
        .collect();
    headers.push(("host", host));
    // Stable, so that values of one header keep their order.
    headers.sort_by_key(|(name, _)| *name);

    let mut canonical = format!("{}\n", request.method());
    push_path(&mut canonical, request.uri().path());
    canonical.push_str("\n\n");
    let mut names = String::new();
    let mut last = "";
    for (name, value) in headers {
        if name == last {
            canonical.pop();
            canonical.push(',');
        } else {
            if !names.is_empty() {
                names.push(';');
            }
            names.push_str(name);
            canonical.push_str(name);
            canonical.push(':');
        }
        push_value(&mut canonical, value);
        canonical.push('\n');
        last = name;
    }
    canonical.push('\n');
    canonical.push_str(&names);
    canonical.push('\n');
    canonical.push_str(&hex_digest(request.body()));
    (canonical, names)
}

/// The host as the `host` header has it: without a port that goes without saying.
fn host(uri: &Uri) -> &str {
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    match (uri.scheme_str(), uri.port_u16()) {
        (Some("http"), Some(80)) | (Some("https"), Some(443)) => uri.host().unwrap_or(authority),
        _ => authority,
    }
}

/// A path as it stands in a URL, encoded once more.
fn push_path(text: &mut String, path: &str) {
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            text.push(byte.into());
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
}

/// A header's value without blanks around it, and with one blank where there are several.
fn push_value(text: &mut String, value: &str) {
    let mut words = value.split(' ').filter(|word| !word.is_empty());
    text.push_str(words.next().unwrap_or_default());
    for word in words {
        text.push(' ');
        text.push_str(word);
    }
}

fn hex_digest(text: &[u8]) -> String {
    hex(digest(&SHA256, text).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |index: u8| char::from(DIGITS[usize::from(index)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    fn signed(secret: &str, region: &str, keys: &SigningKeys) -> String {
        let mut request = Request::new(Bytes::from_static(b"{}"));
        *request.uri_mut() = Uri::from_static("https://example.com/");
        let credentials = Credentials::new("AKID", secret, None, None, "test");
        let scope = Scope {
            region: region.to_owned(),
            service: "service".to_owned(),
        };
        let time = UNIX_EPOCH + Duration::from_secs(1_767_225_600);
        sign_request(&mut request, &credentials, &scope, time, keys).unwrap();
        let authorization = request.headers()[AUTHORIZATION].to_str().unwrap();
        authorization.rsplit_once('=').unwrap().1.to_owned()
    }

    #[test]
    fn an_empty_token_is_none() {
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = Uri::from_static("https://example.com/");
        let credentials = Credentials::new("AKID", "secret", Some(String::new()), None, "test");
        let scope = Scope {
            region: "x".to_owned(),
            service: "service".to_owned(),
        };
        let keys = SigningKeys::default();
        sign_request(&mut request, &credentials, &scope, UNIX_EPOCH, &keys).unwrap();
        assert!(!request.headers().contains_key(X_AMZ_SECURITY_TOKEN));
    }

    #[test]
    fn a_key_serves_its_identity_and_region_alone() {
        let shared = SigningKeys::default();
        for (secret, region) in [("a", "x"), ("a", "x"), ("b", "x"), ("a", "y"), ("a", "x")] {
            let alone = signed(secret, region, &SigningKeys::default());
            assert_eq!(signed(secret, region, &shared), alone);
        }
        assert_ne!(signed("a", "x", &shared), signed("b", "x", &shared));
        assert_ne!(signed("a", "x", &shared), signed("a", "y", &shared));
    }

    #[test]
    fn a_key_that_cannot_be_sent_is_named() {
        let sign = |id: &str, secret: &str, token: Option<&str>| {
            let token = token.map(str::to_owned);
            let credentials = Credentials::new(id, secret, token, None, "test");
            let mut request = Request::new(Bytes::new());
            let scope = Scope {
                region: String::new(),
                service: String::new(),
            };
            let (time, keys) = (UNIX_EPOCH, SigningKeys::default());
            sign_request(&mut request, &credentials, &scope, time, &keys)
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
    fn the_port_that_goes_without_saying_is_left_out() {
        for (uri, expected) in [
            ("https://example.com/", "example.com"),
            ("https://example.com:443/", "example.com"),
            ("http://example.com:443/", "example.com:443"),
            ("http://127.0.0.1:80/", "127.0.0.1"),
            ("http://[::1]:80/", "[::1]"),
            ("http://[::1]:8080/", "[::1]:8080"),
        ] {
            assert_eq!(host(&Uri::from_static(uri)), expected);
        }
    }

    #[test]
    fn a_path_is_encoded_once_more() {
        let mut text = String::new();
        push_path(&mut text, "/a%20b/c_d~.-/e+f/");
        assert_eq!(text, "/a%2520b/c_d~.-/e%2Bf/");
    }

    #[test]
    fn times_are_written_to_the_second() {
        let time = UNIX_EPOCH + Duration::new(1_767_225_599, 999_999_999);
        assert_eq!(amz_date(time).unwrap(), "20251231T235959Z");
    }
}
