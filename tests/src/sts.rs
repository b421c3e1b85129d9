//! As much of STS as the examples need: whoever the server knows may assume any role.

use hyper::header::CONTENT_TYPE;
use hyper::http::request::Parts;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::protocol::{IDENTITY, SESSION_TOKEN};
use crate::sigv4::{self, Identity};

const CALLER: Identity<'_> = Identity {
    service: "sts",
    ..IDENTITY
};

/// Status and body of the answer, if the request is one in AWS Query, which STS alone speaks here.
pub(crate) fn answer(request: &Parts, body: &[u8], now: OffsetDateTime) -> Option<(u16, String)> {
    if request.headers.get(CONTENT_TYPE)? != "application/x-www-form-urlencoded" {
        return None;
    }
    if let Err(refusal) = sigv4::verify(request, body, &CALLER, now) {
        return Some((403, error(refusal.code, &refusal.message)));
    }
    if !body.starts_with(b"Action=AssumeRole&") {
        return Some((400, error("InvalidAction", "there is only AssumeRole")));
    }
    let expiration = (now + Duration::HOUR)
        .format(&Rfc3339)
        .expect("a date of this time can be formatted");
    let Identity {
        access_key_id,
        secret_access_key,
        ..
    } = IDENTITY;
    let credentials = format!(
        "<AssumeRoleResponse><AssumeRoleResult><Credentials>\
         <AccessKeyId>{access_key_id}</AccessKeyId>\
         <SecretAccessKey>{secret_access_key}</SecretAccessKey>\
         <SessionToken>{SESSION_TOKEN}</SessionToken><Expiration>{expiration}</Expiration>\
         </Credentials></AssumeRoleResult></AssumeRoleResponse>"
    );
    Some((200, credentials))
}

fn error(code: &str, message: &str) -> String {
    format!(
        "<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error>\
         </ErrorResponse>"
    )
}
