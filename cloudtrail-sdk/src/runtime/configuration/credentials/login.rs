//! The credentials of who has logged in with `aws login`.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::attributes::AccountId;
use bytes::Bytes;
use http::{HeaderValue, Request};
use ring::digest::SHA256;
use serde_json::json;

use super::cache_file::{CacheFile, home};
use super::context::{Context, Loaded};
use super::document::{Document, lasts};
use super::dpop;
use super::endpoint::{Service, url};
use super::exchange::{exchange_token, post_json};
use super::failure::{failed, reason};
use crate::runtime::base::time::Clock;

const PROVIDER: &str = "Login";
const LOG_IN: &str = "aws login";
/// Credentials are refreshed when they have less than this left.
const REFRESH_BUFFER: Duration = Duration::from_secs(5 * 60);

/// `session` is the ARN of who has logged in.
pub(super) async fn load(context: &Context, session: &str) -> Loaded {
    let environment = &context.environment;
    let folder = match environment.var("AWS_LOGIN_CACHE_DIRECTORY") {
        Some(folder) => PathBuf::from(folder),
        None => home(environment)?.join(".aws/login/cache"),
    };
    let file = CacheFile::new(environment, &folder, &SHA256, session.trim());
    let mut login = file.read(LOG_IN)?;
    for name in ["clientId", "refreshToken", "dpopKey"] {
        login.required_text(name).map_err(|why| file.bad(&why))?;
    }
    let mut credentials = read(&login).map_err(|why| file.bad(&why))?;
    let now = context.time.now();
    let lasts = |credentials: &Credentials, buffer| {
        credentials
            .expiry()
            .is_some_and(|expiry| lasts(expiry, now, buffer))
    };
    let mut refused = None;
    if !lasts(&credentials, REFRESH_BUFFER) {
        match refresh(context, &mut login, now).await {
            Ok(()) => {
                file.write(&login);
                credentials = read(&login).map_err(|why| file.bad(&why))?;
            }
            Err(why) => {
                tracing::debug!(why, "cannot refresh the login");
                refused = Some(why);
            }
        }
    }
    if lasts(&credentials, Duration::ZERO) {
        return Ok(credentials);
    }
    Err(failed(format!(
        "the login of `{session}` has expired{}; run `{LOG_IN}`",
        refused.map_or_else(String::new, |why| format!(" and is not refreshed: {why}")),
    )))
}

/// The credentials in the file.
fn read(login: &Document) -> Result<Credentials, String> {
    let token = login
        .object("accessToken")
        .ok_or("`accessToken` is missing in it")?;
    let mut builder = Credentials::builder()
        .access_key_id(token.required_text("accessKeyId")?)
        .secret_access_key(token.required_text("secretAccessKey")?)
        .session_token(token.required_text("sessionToken")?)
        .expiry(token.required_time("expiresAt")?)
        .provider_name(PROVIDER);
    builder.set_account_id(token.text("accountId").map(AccountId::from));
    Ok(builder.build())
}

/// Exchanges the refresh token for new credentials, and puts them into `login`.
async fn refresh(context: &Context, login: &mut Document, now: SystemTime) -> Result<(), String> {
    let region = context
        .region
        .as_ref()
        .ok_or("the sign-in service needs a region; set AWS_REGION")?;
    let uri = url(context, Service::SignIn, region.as_ref(), "/v1/token")
        .map_err(|error| reason(&error))?;
    let key = login.required_text("dpopKey")?;
    let address = uri.to_string();
    let sign = |request: &mut Request<Bytes>, now| {
        let proof = dpop::proof(key, &address, now)
            .map_err(|why| format!("`dpopKey` in the login: {why}"))?;
        let mut proof = HeaderValue::from_str(&proof)?;
        proof.set_sensitive(true);
        request.headers_mut().insert("dpop", proof);
        Ok(())
    };
    let body = json!({
        "clientId": login.required_text("clientId")?,
        "grantType": "refresh_token",
        "refreshToken": login.required_text("refreshToken")?,
    });
    let answer = exchange_token(context, post_json(uri, &body), Some(&sign)).await?;
    let new = answer
        .object("accessToken")
        .ok_or("`accessToken` is missing in the answer")?;
    // The account stays what it was.
    let mut token = login
        .object("accessToken")
        .ok_or("`accessToken` is missing in the login")?;
    for name in ["accessKeyId", "secretAccessKey", "sessionToken"] {
        token.set(name, new.required_text(name)?);
    }
    token.set("expiresAt", answer.expires_at(now)?);
    login.set("refreshToken", answer.required_text("refreshToken")?);
    login.set("accessToken", token);
    Ok(())
}
