//! Verifies AWS Signature Version 4 from the bytes that arrived.

use hmac::{Hmac, KeyInit, Mac};
use hyper::header::HeaderMap;
use hyper::http::request::Parts;
use sha2::{Digest, Sha256};
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

use crate::protocol::Refusal;

/// The only algorithm there is.
const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// How far the client's clock may be off.
const MAX_SKEW: Duration = Duration::minutes(5);

/// The form of `x-amz-date`.
const AMZ_DATE: &[BorrowedFormatItem<'_>] =
    format_description!("[year][month][day]T[hour][minute][second]Z");

/// Whose requests are accepted.
pub struct Identity<'a> {
    pub access_key_id: &'a str,
    pub secret_access_key: &'a str,
    pub region: &'a str,
    pub service: &'a str,
}

/// Refuses a request whose signature is not the one that `identity` makes, or that was made at another time than `now`.
pub fn verify(
    request: &Parts,
    body: &[u8],
    identity: &Identity<'_>,
    now: OffsetDateTime,
) -> Result<(), Refusal> {
    let authorization = Authorization::of(&request.headers)?;
    let amz_date = single(&request.headers, "x-amz-date")?;
    let signed_at = PrimitiveDateTime::parse(amz_date, AMZ_DATE)
        .map_err(|error| {
            refuse(
                "IncompleteSignatureException",
                format!("x-amz-date {amz_date}: {error}"),
            )
        })?
        .assume_utc();

    let date = &amz_date[..8];
    let scope = format!(
        "{date}/{}/{}/aws4_request",
        identity.region, identity.service
    );
    if authorization.credential != format!("{}/{scope}", identity.access_key_id) {
        return Err(refuse(
            "UnrecognizedClientException",
            format!(
                "the credential is {}, not {}/{scope}",
                authorization.credential, identity.access_key_id
            ),
        ));
    }
    if (now - signed_at).abs() > MAX_SKEW {
        return Err(refuse(
            "RequestTimeTooSkewed",
            format!("signed at {signed_at}, it is {now}"),
        ));
    }

    let canonical = canonical_request(request, &authorization.signed_headers, body)?;
    let expected = signature(
        identity,
        date,
        &format!(
            "{ALGORITHM}\n{amz_date}\n{scope}\n{}",
            sha256(canonical.as_bytes())
        ),
    );
    if authorization.signature != expected {
        return Err(refuse(
            "InvalidSignatureException",
            format!(
                "the signature is {}, not {expected}, which is that of\n{canonical}",
                authorization.signature
            ),
        ));
    }
    Ok(())
}

/// The parts of the `authorization` header.
pub struct Authorization<'r> {
    credential: &'r str,
    pub signed_headers: Vec<&'r str>,
    signature: &'r str,
}

impl<'r> Authorization<'r> {
    /// Reads the header; refuses a request without one.
    pub fn of(headers: &'r HeaderMap) -> Result<Self, Refusal> {
        let text = single(headers, "authorization")?;
        Self::parse(text).ok_or_else(|| {
            refuse(
                "IncompleteSignatureException",
                format!("authorization cannot be read: {text}"),
            )
        })
    }

    fn parse(text: &'r str) -> Option<Self> {
        let (credential, rest) = text
            .strip_prefix(ALGORITHM)?
            .strip_prefix(" Credential=")?
            .split_once(", SignedHeaders=")?;
        let (signed_headers, signature) = rest.split_once(", Signature=")?;
        Some(Self {
            credential,
            signed_headers: signed_headers.split(';').collect(),
            signature,
        })
    }
}

/// The request in the form that is signed.
fn canonical_request(
    request: &Parts,
    signed_headers: &[&str],
    body: &[u8],
) -> Result<String, Refusal> {
    if !signed_headers.is_sorted() {
        return Err(refuse(
            "IncompleteSignatureException",
            "the signed headers are not sorted".to_owned(),
        ));
    }
    let mut query: Vec<_> = request.uri.query().unwrap_or_default().split('&').collect();
    query.sort_unstable();
    let mut headers = String::new();
    for name in signed_headers {
        let values: Vec<_> = request
            .headers
            .get_all(*name)
            .iter()
            .map(|value| {
                String::from_utf8_lossy(value.as_bytes())
                    .split_ascii_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect();
        if values.is_empty() {
            return Err(refuse(
                "InvalidSignatureException",
                format!("{name} is signed and was not sent"),
            ));
        }
        headers.push_str(&format!("{name}:{}\n", values.join(",")));
    }
    Ok([
        request.method.as_str(),
        request.uri.path(),
        &query.join("&"),
        &headers,
        &signed_headers.join(";"),
        &sha256(body),
    ]
    .join("\n"))
}

/// Signs `text` with the key that `identity` has on `date` (`20261122`).
fn signature(identity: &Identity<'_>, date: &str, text: &str) -> String {
    let mut key = format!("AWS4{}", identity.secret_access_key).into_bytes();
    for part in [date, identity.region, identity.service, "aws4_request"] {
        key = hmac(&key, part);
    }
    hex(&hmac(&key, text))
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The value of a header that must be there once.
fn single<'r>(headers: &'r HeaderMap, name: &str) -> Result<&'r str, Refusal> {
    let mut values = headers.get_all(name).iter();
    match (values.next().map(|value| value.to_str()), values.next()) {
        (Some(Ok(value)), None) => Ok(value),
        (None, _) => Err(refuse(
            "MissingAuthenticationTokenException",
            format!("no {name} header"),
        )),
        _ => Err(refuse(
            "IncompleteSignatureException",
            format!("the {name} header must be text, once"),
        )),
    }
}

fn refuse(code: &'static str, message: String) -> Refusal {
    Refusal { code, message }
}

#[cfg(test)]
mod tests {
    use hyper::Request;
    use time::macros::datetime;

    use super::*;

    /// The identity and the time of AWS's published test suite for Signature Version 4.
    const PUBLISHED: Identity<'_> = Identity {
        access_key_id: "AKIDEXAMPLE",
        secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        region: "us-east-1",
        service: "service",
    };
    const PUBLISHED_AT: OffsetDateTime = datetime!(2015-08-30 12:36:00 UTC);

    /// A request of the published suite.
    struct Published {
        method: &'static str,
        uri: &'static str,
        headers: &'static [(&'static str, &'static str)],
        body: &'static str,
        signed_headers: &'static str,
        signature: &'static str,
    }

    impl Published {
        fn verify(&self, now: OffsetDateTime) -> Result<(), Refusal> {
            let credential = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";
            let mut request = Request::builder()
                .method(self.method)
                .uri(self.uri)
                .header("Host", "example.amazonaws.com")
                .header("X-Amz-Date", "20150830T123600Z")
                .header(
                    "Authorization",
                    format!(
                        "{ALGORITHM} Credential={credential}, SignedHeaders={}, Signature={}",
                        self.signed_headers, self.signature
                    ),
                );
            for (name, value) in self.headers {
                request = request.header(*name, *value);
            }
            let (parts, ()) = request.body(()).unwrap().into_parts();
            verify(&parts, self.body.as_bytes(), &PUBLISHED, now)
        }
    }

    const POST_FORM: Published = Published {
        method: "POST",
        uri: "/",
        headers: &[("Content-Type", "application/x-www-form-urlencoded")],
        body: "Param1=value1",
        signed_headers: "content-type;host;x-amz-date",
        signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    };

    #[test]
    fn published_signatures_are_accepted() {
        let vectors = [
            POST_FORM,
            // post-vanilla
            Published {
                headers: &[],
                body: "",
                signed_headers: "host;x-amz-date",
                signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
                ..POST_FORM
            },
            // get-vanilla-query-order-value
            Published {
                method: "GET",
                uri: "/?Param1=value2&Param1=value1",
                headers: &[],
                body: "",
                signed_headers: "host;x-amz-date",
                signature: "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694",
            },
            // get-header-value-order
            Published {
                method: "GET",
                headers: &[
                    ("My-Header1", "value4"),
                    ("My-Header1", "value1"),
                    ("My-Header1", "value3"),
                    ("My-Header1", "value2"),
                ],
                body: "",
                signed_headers: "host;my-header1;x-amz-date",
                signature: "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
                ..POST_FORM
            },
            // get-header-value-trim
            Published {
                method: "GET",
                headers: &[("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")],
                body: "",
                signed_headers: "host;my-header1;my-header2;x-amz-date",
                signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
                ..POST_FORM
            },
        ];
        for vector in vectors {
            assert_eq!(
                vector.verify(PUBLISHED_AT),
                Ok(()),
                "{}",
                vector.signed_headers
            );
        }
    }

    #[track_caller]
    fn assert_refused(vector: &Published, now: OffsetDateTime, code: &str) {
        assert_eq!(vector.verify(now).unwrap_err().code, code);
    }

    #[test]
    fn a_changed_request_is_refused() {
        assert_refused(
            &Published {
                body: "Param1=value2",
                ..POST_FORM
            },
            PUBLISHED_AT,
            "InvalidSignatureException",
        );
        assert_refused(
            &Published {
                uri: "/other",
                ..POST_FORM
            },
            PUBLISHED_AT,
            "InvalidSignatureException",
        );
        assert_refused(
            &Published {
                headers: &[],
                ..POST_FORM
            },
            PUBLISHED_AT,
            "InvalidSignatureException",
        );
        let headers = &[("Content-Type", "text/plain")];
        assert_refused(
            &Published {
                headers,
                ..POST_FORM
            },
            PUBLISHED_AT,
            "InvalidSignatureException",
        );
        let signed_headers = "host;content-type;x-amz-date";
        assert_refused(
            &Published {
                signed_headers,
                ..POST_FORM
            },
            PUBLISHED_AT,
            "IncompleteSignatureException",
        );
    }

    #[test]
    fn a_clock_may_be_off_by_five_minutes() {
        for sign in [-1, 1] {
            let off = Duration::minutes(5 * sign);
            assert_eq!(POST_FORM.verify(PUBLISHED_AT + off), Ok(()));
            assert_refused(
                &POST_FORM,
                PUBLISHED_AT + off + Duration::seconds(sign),
                "RequestTimeTooSkewed",
            );
        }
    }

    #[test]
    fn a_request_without_a_signature_is_refused() {
        let (parts, ()) = Request::new(()).into_parts();
        let refusal = verify(&parts, b"", &PUBLISHED, PUBLISHED_AT).unwrap_err();
        assert_eq!(refusal.code, "MissingAuthenticationTokenException");
    }
}
