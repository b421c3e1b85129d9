//! The Security Token Service: roles. It speaks AWS Query: a form out, XML in.

use std::borrow::Cow;
use std::time::UNIX_EPOCH;

use aws_credential_types::Credentials;
use aws_credential_types::attributes::AccountId;
use aws_credential_types::provider::error::CredentialsError;
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Method, Request};
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;

use super::document::parse_time;
use super::endpoint::{Service, url};
use super::exchange::{call_service, form};
use super::failure::{Failure, failed, invalid};
use super::{Context, Loaded};
use crate::runtime::endpoint::functions::parse_arn;
use crate::runtime::http::HttpResponse;
use crate::runtime::sign::{Scope, SigningKeys, sign_request};
use crate::runtime::time::TimeSource;

const VERSION: &str = "2011-06-15";
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

/// A role to assume.
pub(super) struct Role<'a> {
    pub(super) arn: &'a str,
    pub(super) session_name: Option<&'a str>,
    pub(super) external_id: Option<&'a str>,
    /// As it is sent; STS decides itself if none is set.
    pub(super) duration_seconds: Option<&'a str>,
}

/// The name of a session: the one that is set, else one that tells its time apart.
pub(super) fn session_name<'a>(
    context: &Context,
    set: Option<&'a str>,
    default_name: &str,
) -> Cow<'a, str> {
    set.map_or_else(
        || {
            let now = context.time.now().duration_since(UNIX_EPOCH);
            format!("{default_name}-{}", now.unwrap_or_default().as_millis()).into()
        },
        Cow::Borrowed,
    )
}

/// Assumes a role with the credentials of someone who may.
pub(super) async fn assume_role(
    context: &Context,
    source: &Credentials,
    role: &Role<'_>,
) -> Loaded {
    let session_name = session_name(context, role.session_name, "assume-role-from-profile");
    let mut parameters = vec![
        ("Action", "AssumeRole"),
        ("Version", VERSION),
        ("RoleArn", role.arn),
        ("RoleSessionName", &session_name),
    ];
    parameters.extend(role.external_id.map(|id| ("ExternalId", id)));
    parameters.extend(role.duration_seconds.map(|time| ("DurationSeconds", time)));
    call(
        context,
        role.arn,
        &parameters,
        Some(source),
        "AssumeRoleProvider",
    )
    .await
}

/// Assumes a role with a token of an identity provider. The request is not signed.
pub(super) async fn assume_role_with_web_identity(
    context: &Context,
    role_arn: &str,
    session_name: &str,
    token: &str,
) -> Loaded {
    let parameters = [
        ("Action", "AssumeRoleWithWebIdentity"),
        ("Version", VERSION),
        ("RoleArn", role_arn),
        ("RoleSessionName", session_name),
        ("WebIdentityToken", token),
    ];
    call(context, role_arn, &parameters, None, "WebIdentityToken").await
}

async fn call(
    context: &Context,
    role_arn: &str,
    parameters: &[(&str, &str)],
    signer: Option<&Credentials>,
    provider: &'static str,
) -> Loaded {
    let what = format!("the role `{role_arn}` cannot be assumed");
    let region = context
        .region
        .as_ref()
        .ok_or_else(|| invalid(format!("{what}: STS needs a region; set AWS_REGION")))?
        .as_ref();
    let mut request = Request::new(Bytes::from(form(parameters)));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = url(context, Service::Sts, region, "/")?;
    let length = HeaderValue::from(request.body().len());
    request.headers_mut().insert(CONTENT_LENGTH, length);
    request.headers_mut().insert(CONTENT_TYPE, FORM);
    if let Some(credentials) = signer {
        let scope = Scope {
            region: region.to_owned(),
            service: "sts".to_owned(),
        };
        // Each role has its own credentials, whose key no other request needs.
        let keys = SigningKeys::default();
        sign_request(&mut request, credentials, &scope, context.time.now(), &keys)
            .map_err(|error| CredentialsError::provider_error(Failure::new(&what, error)))?;
    }
    let response = call_service(context, request, |response| text(response, "Code"))
        .await
        .map_err(|error| CredentialsError::provider_error(Failure::new(&what, error)))?;
    if !response.status().is_success() {
        return Err(failed(format!(
            "{what}: STS answered {}: {}: {}",
            response.status(),
            text(&response, "Code").as_deref().unwrap_or("no code"),
            text(&response, "Message")
                .as_deref()
                .unwrap_or("no message"),
        )));
    }
    read(&response, provider).map_err(|name| {
        failed(format!(
            "{what}: `{name}` is missing or invalid in the answer of STS"
        ))
    })
}

/// The credentials in an answer, or the name of the element that is missing or invalid.
fn read(response: &HttpResponse, provider: &'static str) -> Result<Credentials, &'static str> {
    let required = |name| text(response, name).ok_or(name);
    let expiration = required("Expiration")?;
    let mut builder = Credentials::builder()
        .access_key_id(required("AccessKeyId")?)
        .secret_access_key(required("SecretAccessKey")?)
        .session_token(required("SessionToken")?)
        .expiry(parse_time(&expiration).ok_or("Expiration")?)
        .provider_name(provider);
    // The ARN of the assumed role: the role itself can be in another account's hands.
    let arn = text(response, "Arn");
    let account = arn.as_deref().and_then(parse_arn).map(|arn| arn.account_id);
    builder.set_account_id(account.map(AccountId::from));
    Ok(builder.build())
}

/// The text of the first element with this name.
fn text(response: &HttpResponse, name: &str) -> Option<String> {
    let mut reader = Reader::from_str(std::str::from_utf8(response.body()).ok()?);
    loop {
        match reader.read_event().ok()? {
            Event::Eof => return None,
            Event::Start(start) if start.local_name().as_ref() == name => {
                let raw = reader.read_text(start.name()).ok()?;
                return unescape(&raw).ok().map(Cow::into_owned);
            }
            _ => {}
        }
    }
}
