//! The signature of a request as the suite gives it.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request};
use serde_json::{Value, json};

use crate::runtime::policy::sign::{Scope, sign_request};
use crate::{Failure, pairs, text};

/// Signs; answers with the headers that the request then has.
pub fn sign(request: &Value) -> Result<Value, Failure> {
    let mut signed = Request::new(Bytes::from(text(request, "body")?.to_owned()));
    *signed.method_mut() = text(request, "method")?.parse()?;
    *signed.uri_mut() = text(request, "uri")?.parse()?;
    for (name, value) in pairs(&request["headers"])? {
        signed
            .headers_mut()
            .append(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
    }
    let credentials = Credentials::new(
        text(request, "access_key")?,
        text(request, "secret_key")?,
        request["session_token"].as_str().map(str::to_owned),
        None,
        "suite",
    );
    let scope = Scope {
        region: Some(text(request, "region")?.to_owned()),
        service: text(request, "service")?.to_owned(),
    };
    let seconds = request["time"].as_u64().ok_or("no time")?;
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    sign_request(&mut signed, &credentials, &scope, time)?;
    let headers = signed
        .headers()
        .iter()
        .map(|(name, value)| Ok(json!([name.as_str(), value.to_str()?])))
        .collect::<Result<Vec<_>, Failure>>()?;
    Ok(json!({ "headers": headers }))
}
