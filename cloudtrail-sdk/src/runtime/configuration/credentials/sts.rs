//! The Security Token Service: roles. It speaks AWS Query: a form out, XML in.

use std::borrow::Cow;
use std::fmt;
use std::time::UNIX_EPOCH;

use aws_credential_types::Credentials;
use aws_credential_types::attributes::AccountId;
use aws_credential_types::provider::error::CredentialsError;
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Method, Request};

use super::context::{Context, Loaded};
use super::document::{bad_time, parse_time};
use super::endpoint::{Service, url};
use super::exchange::{Repeat, Sign, call_service, form};
use super::failure::{failed, invalid};
use super::refusal::Refusal;
use super::xml;
use crate::runtime::base::time::Clock;
use crate::runtime::base::untrusted::Untrusted;
use crate::runtime::error::response::start;
use crate::runtime::policy::sign::{Scope, sign_request};
use crate::runtime::service::endpoint::functions::parse_arn;

const VERSION: &str = "2011-06-15";
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

/// A role to assume.
#[derive(Default)]
pub(super) struct Role<'a> {
    pub(super) arn: &'a str,
    pub(super) session_name: Option<&'a str>,
    pub(super) external_id: Option<&'a str>,
    /// As it is sent; STS decides itself if none is set.
    pub(super) duration_seconds: Option<&'a str>,
    pub(super) policy: Option<&'a str>,
    pub(super) policy_arns: &'a [String],
    pub(super) tags: &'a [(String, String)],
    pub(super) transitive_tag_keys: &'a [String],
    pub(super) source_identity: Option<&'a str>,
    pub(super) mfa: Option<Mfa<'a>>,
}

/// A multi-factor authentication device, and the code that it shows.
pub(super) struct Mfa<'a> {
    pub(super) serial: &'a str,
    pub(super) code: &'a str,
}

/// STS has refused a request.
#[derive(Debug)]
pub(super) struct Refused {
    text: String,
    pub(super) code: Option<String>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Refused {}

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

/// How errors begin.
pub(super) fn cannot_assume(role_arn: &str) -> String {
    format!("the role `{role_arn}` cannot be assumed")
}

/// Assumes a role with the credentials of someone who may. `default_name` begins the session's name
/// if none is set.
pub(super) async fn assume_role(
    context: &Context,
    source: &Credentials,
    role: &Role<'_>,
    default_name: &str,
) -> Loaded {
    let session_name = session_name(context, role.session_name, default_name);
    let mut parameters = vec![
        ("Action", "AssumeRole"),
        ("Version", VERSION),
        ("RoleArn", role.arn),
        ("RoleSessionName", &session_name),
    ];
    parameters.extend(role.external_id.map(|id| ("ExternalId", id)));
    parameters.extend(role.duration_seconds.map(|time| ("DurationSeconds", time)));
    parameters.extend(role.policy.map(|policy| ("Policy", policy)));
    let source_identity = role.source_identity;
    parameters.extend(source_identity.map(|identity| ("SourceIdentity", identity)));
    if let Some(Mfa { serial, code }) = role.mfa {
        parameters.extend([("SerialNumber", serial), ("TokenCode", code)]);
    }
    let members = members(role);
    parameters.extend(members.iter().map(|(name, value)| (&**name, *value)));
    call(
        context,
        role.arn,
        &parameters,
        Some(source),
        "AssumeRoleProvider",
    )
    .await
}

/// The parameters that are lists, as AWS Query writes them.
fn members<'a>(role: &Role<'a>) -> Vec<(String, &'a str)> {
    let arns = (1..).zip(role.policy_arns);
    let arns = arns.map(|(number, arn)| (format!("PolicyArns.member.{number}.arn"), &**arn));
    let tags = (1..).zip(role.tags).flat_map(|(number, (key, value))| {
        let name = |part| format!("Tags.member.{number}.{part}");
        [(name("Key"), &**key), (name("Value"), &**value)]
    });
    let keys = (1..).zip(role.transitive_tag_keys);
    let keys = keys.map(|(number, key)| (format!("TransitiveTagKeys.member.{number}"), &**key));
    arns.chain(tags).chain(keys).collect()
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
    let what = cannot_assume(role_arn);
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
    let scope = Scope {
        region: Some(region.to_owned()),
        service: "sts".to_owned(),
    };
    let sign = signer.map(|credentials| {
        move |request: &mut Request<Bytes>, now| sign_request(request, credentials, &scope, now)
    });
    let sign = sign.as_ref().map(|sign| sign as Sign<'_>);
    // A code of a multi-factor authentication device serves once.
    let repeat = match parameters.iter().any(|(name, _)| *name == "TokenCode") {
        true => Repeat::Unheard,
        false => Repeat::Any,
    };
    let response = call_service(context, request, sign, repeat)
        .await
        .map_err(|error| failed(format!("{what}: {error}")))?;
    if !response.status().is_success() {
        let refusal = Refusal::of(&response);
        return Err(CredentialsError::provider_error(Refused {
            text: format!("{what}: STS answered {refusal}"),
            code: refusal.code,
        }));
    }
    read(response.body(), provider).map_err(|why| {
        let text = String::from_utf8_lossy(response.body());
        // What may hold credentials is not shown.
        failed(
            match ["AssumeRole", "Key", "Token"]
                .iter()
                .any(|of_sts| text.contains(of_sts))
            {
                true => format!("{what}: the answer of STS: {why}"),
                false => format!(
                    "{what}: the answer is not one of STS {}",
                    Untrusted(&start(&response))
                ),
            },
        )
    })
}

/// The credentials in an answer.
fn read(answer: &[u8], provider: &'static str) -> Result<Credentials, String> {
    let required =
        |name| xml::text(answer, name).ok_or_else(|| format!("`{name}` is missing in it"));
    let expiration = required("Expiration")?;
    let mut builder = Credentials::builder()
        .access_key_id(required("AccessKeyId")?)
        .secret_access_key(required("SecretAccessKey")?)
        .session_token(required("SessionToken")?)
        .expiry(parse_time(&expiration).ok_or_else(|| bad_time("Expiration"))?)
        .provider_name(provider);
    // The ARN of the assumed role: the role itself can be in another account's hands.
    let arn = xml::text(answer, "Arn");
    let account = arn.as_deref().and_then(parse_arn).map(|arn| arn.account_id);
    builder.set_account_id(account.map(AccountId::from));
    Ok(builder.build())
}
