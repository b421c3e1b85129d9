//! A role in IAM Identity Center, for who has logged in with `aws sso login`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode};
use ring::digest::SHA1_FOR_LEGACY_USE_ONLY;
use serde_json::json;

use super::cache_file::{CacheFile, home};
use super::context::{Context, Loaded};
use super::document::{Document, lasts};
use super::endpoint::{Service, url};
use super::exchange::{Repeat, call_service, exchange_token, form, post_json};
use super::failure::{failed, reason};
use super::refusal::Refusal;
use crate::runtime::base::time::Clock;

const PROVIDER: &str = "SSO";
const LOG_IN: &str = "aws sso login";
const BEARER_TOKEN: &str = "x-amz-sso_bearer_token";
/// A token is refreshed when it has less than this left.
const REFRESH_BUFFER: Duration = Duration::from_secs(5 * 60);

/// A role, and where to log in for it.
pub(super) struct Sso<'a> {
    /// The `[sso-session]` whose login is used; without, the start URL stands for it, and the login
    /// cannot be refreshed.
    pub(super) session: Option<&'a str>,
    pub(super) start_url: &'a str,
    pub(super) region: &'a str,
    pub(super) account_id: &'a str,
    pub(super) role_name: &'a str,
}

pub(super) async fn load(context: &Context, sso: &Sso<'_>) -> Loaded {
    let token = token(context, sso).await?;
    let query = form(&[("account_id", sso.account_id), ("role_name", sso.role_name)]);
    let path = format!("/federation/credentials?{query}");
    let mut bearer = HeaderValue::from_str(&token)
        .map_err(|_| failed(format!("the SSO token cannot be sent; run `{LOG_IN}`")))?;
    bearer.set_sensitive(true);
    let mut request = Request::new(Bytes::new());
    *request.uri_mut() = url(context, Service::SsoPortal, sso.region, &path)?;
    request.headers_mut().insert(BEARER_TOKEN, bearer);

    let what = format!(
        "IAM Identity Center gives no credentials of the role `{}` in the account {}",
        sso.role_name, sso.account_id
    );
    let response = call_service(context, request, None, Repeat::Any)
        .await
        .map_err(|error| failed(format!("{what}: {error}")))?;
    if response.status() == StatusCode::UNAUTHORIZED {
        return Err(failed(format!(
            "{what}: the login is no longer valid; run `{LOG_IN}`"
        )));
    }
    if !response.status().is_success() {
        let refusal = Refusal::of(&response);
        return Err(failed(format!("{what}: the service answered {refusal}")));
    }
    Document::parse(response.body())
        .and_then(|answer| read(&answer, sso))
        .map_err(|why| failed(format!("{what}: the answer: {why}")))
}

fn read(answer: &Document, sso: &Sso<'_>) -> Result<Credentials, String> {
    let role = answer
        .object("roleCredentials")
        .ok_or("`roleCredentials` is missing in it")?;
    // In milliseconds.
    let expiry = role
        .integer("expiration")
        .and_then(|time| u64::try_from(time).ok())
        .and_then(|time| UNIX_EPOCH.checked_add(Duration::from_millis(time)))
        .ok_or("`expiration` is missing or invalid in it")?;
    let mut builder = Credentials::builder()
        .access_key_id(role.required_text("accessKeyId")?)
        .secret_access_key(role.required_text("secretAccessKey")?)
        .account_id(sso.account_id)
        .expiry(expiry)
        .provider_name(PROVIDER);
    builder.set_session_token(role.text("sessionToken").map(str::to_owned));
    Ok(builder.build())
}

/// The token of the login, refreshed if that is due and possible.
async fn token(context: &Context, sso: &Sso<'_>) -> Result<String, CredentialsError> {
    let folder = home(&context.environment)?.join(".aws/sso/cache");
    let file = CacheFile::new(
        &context.environment,
        &folder,
        &SHA1_FOR_LEGACY_USE_ONLY,
        sso.session.unwrap_or(sso.start_url),
    );
    let mut login = file.read(LOG_IN)?;
    let now = context.time.now();
    let expiry = login
        .required_time("expiresAt")
        .map_err(|why| file.bad(&why))?;
    let mut refused = None;
    if sso.session.is_some() && !lasts(expiry, now, REFRESH_BUFFER) {
        match refresh(context, sso, &mut login, now).await {
            Ok(()) => file.write(&login),
            Err(why) => {
                tracing::debug!(why, "cannot refresh the SSO token");
                refused = Some(why);
            }
        }
    }
    let expiry = login
        .required_time("expiresAt")
        .map_err(|why| file.bad(&why))?;
    if expiry <= now {
        return Err(failed(format!(
            "the login at {} has expired{}; run `{LOG_IN}`",
            sso.start_url,
            refused.map_or_else(String::new, |why| format!(" and is not refreshed: {why}")),
        )));
    }
    let token = login.required_text("accessToken");
    token.map(str::to_owned).map_err(|why| file.bad(&why))
}

/// Exchanges the refresh token for new tokens, and puts them into `login`.
async fn refresh(
    context: &Context,
    sso: &Sso<'_>,
    login: &mut Document,
    now: SystemTime,
) -> Result<(), String> {
    if login.required_time("registrationExpiresAt")? <= now {
        return Err("the registration of the client has expired".to_owned());
    }
    let body = json!({
        "clientId": login.required_text("clientId")?,
        "clientSecret": login.required_text("clientSecret")?,
        "grantType": "refresh_token",
        "refreshToken": login.required_text("refreshToken")?,
    });
    let uri = url(context, Service::SsoOidc, sso.region, "/token").map_err(|e| reason(&e))?;
    let answer = exchange_token(context, post_json(uri, &body), None).await?;
    let expiry = answer.expires_at(now)?;
    login.set("accessToken", answer.required_text("accessToken")?);
    login.set("expiresAt", expiry);
    if let Some(token) = answer.text("refreshToken") {
        login.set("refreshToken", token);
    }
    Ok(())
}
