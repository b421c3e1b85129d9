//! Credentials of a container: a task of ECS, or a pod of EKS.

use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use aws_credential_types::credential_feature::AwsCredentialFeature as Origin;
use aws_credential_types::provider::error::CredentialsError;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderValue, Request, Uri};

use super::context::{Context, Loaded, from};
use super::document::Document;
use super::endpoint::join;
use super::exchange::{Outcome, ask_metadata, metadata_attempts, transient};
use super::failure::{Failure, failed, invalid};
use super::refusal::Refusal;
use crate::runtime::base::untrusted::Untrusted;
use crate::runtime::service::metadata::RetryReason;

const PROVIDER: &str = "EcsContainer";
const ATTEMPTS: u32 = 3;
/// For connecting and reading: 2 s and 5 s, which the transport has in one.
const LIMIT: Duration = Duration::from_secs(7);

const RELATIVE_URI: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const FULL_URI: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

const ECS_HOST: &str = "http://169.254.170.2";
/// Of ECS, and of EKS.
const METADATA_ADDRESSES: [&str; 3] = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23"];

pub(super) async fn load(context: &Context) -> Loaded {
    let mut request = Request::new(Bytes::new());
    *request.uri_mut() = uri(context)?;
    let headers = request.headers_mut();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    if let Some(token) = authorization(context)? {
        headers.insert(AUTHORIZATION, token);
    }
    let mut attempts = metadata_attempts(context, ATTEMPTS);
    loop {
        let outcome = ask_metadata(context, request.clone(), LIMIT).await;
        let worth = transient(&outcome);
        let credentials = read(outcome);
        // An answer that cannot be read may have been cut off.
        let garbled = matches!(credentials, Err(CredentialsError::Unhandled(_)));
        if !attempts
            .another(worth.or(garbled.then_some(RetryReason::Transient)), None)
            .await
        {
            return from(credentials, &[Origin::CredentialsHttp]);
        }
    }
}

fn read(outcome: Outcome) -> Loaded {
    const WHAT: &str = "the container's credentials cannot be fetched";
    let response = outcome.map_err(|error| failed(format!("{WHAT}: {error}")))?;
    if !response.status().is_success() {
        let refusal = Refusal::of(&response);
        return Err(failed(format!("{WHAT}: the service answered {refusal}")));
    }
    let garbled = |why| {
        CredentialsError::unhandled(format!(
            "the answer with the container's credentials: {why}"
        ))
    };
    let document = Document::parse(response.body()).map_err(garbled)?;
    match document.text("Code") {
        None | Some("Success") => document.credentials(PROVIDER).map_err(garbled),
        Some(code) => Err(failed(format!(
            "the container has no credentials: {}: {}",
            Untrusted(code),
            Untrusted(document.text("Message").unwrap_or_default())
        ))),
    }
}

fn uri(context: &Context) -> Result<Uri, CredentialsError> {
    if let Some(path) = context.environment.var(RELATIVE_URI) {
        return Some(path)
            .filter(|path| path.starts_with('/'))
            .and_then(|path| join(ECS_HOST, &path))
            .ok_or_else(|| {
                invalid(format!(
                    "{RELATIVE_URI} must be a path that starts with `/`"
                ))
            });
    }
    let full = context.environment.var(FULL_URI).ok_or_else(|| {
        CredentialsError::not_loaded(format!("neither {RELATIVE_URI} nor {FULL_URI} is set"))
    })?;
    join(&full, "").filter(is_trusted).ok_or_else(|| {
        invalid(format!(
            "{FULL_URI} must be a URL of https, or of http on this host or at one of {}: anyone \
             else could hand out credentials",
            METADATA_ADDRESSES.join(", ")
        ))
    })
}

/// Names are not looked up: what they stand for can change until the request is sent.
fn is_trusted(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default();
    // The root of all names can be told.
    let host = host.strip_suffix('.').unwrap_or(host);
    if uri.scheme_str() == Some("https") || host.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let address = host.trim_start_matches('[').trim_end_matches(']');
    address.parse().is_ok_and(|address: IpAddr| {
        address.is_loopback()
            || METADATA_ADDRESSES
                .iter()
                .any(|known| known.parse() == Ok(address))
    })
}

/// The token that the service asks for, if it does. The file comes first; it is read anew each
/// time, since EKS replaces it.
fn authorization(context: &Context) -> Result<Option<HeaderValue>, CredentialsError> {
    let environment = &context.environment;
    let (token, source) = match environment.var(TOKEN_FILE) {
        Some(path) => {
            let token = environment.read(Path::new(&path)).map_err(|error| {
                CredentialsError::provider_error(Failure::new(
                    format_args!("{TOKEN_FILE}: `{path}` cannot be read"),
                    error,
                ))
            })?;
            (token, TOKEN_FILE)
        }
        None => match environment.var(TOKEN) {
            Some(token) => (token.into_bytes(), TOKEN),
            None => return Ok(None),
        },
    };
    let mut value = HeaderValue::from_bytes(token.trim_ascii_end()).map_err(|_| {
        invalid(format!(
            "the token of {source} cannot stand in a header: it has line breaks or control \
             characters"
        ))
    })?;
    value.set_sensitive(true);
    Ok(Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_taken_from_trusted_hosts_alone() {
        for (uri, trusted) in [
            ("https://anything.example/x", true),
            ("http://localhost:8080/x", true),
            ("http://LOCALHOST/x", true),
            ("HTTP://LocalHost.:8080/x", true),
            ("HTTPS://Anything.Example/x", true),
            ("http://169.254.170.2./x", true),
            ("http://[FD00:EC2::23]/x", true),
            ("http://localhost../x", false),
            ("http://.localhost/x", false),
            ("http://x.LOCALHOST/x", false),
            ("http://LOCALHOST@example.com/x", false),
            ("http://127.0.0.2/x", true),
            ("http://[::1]:80/x", true),
            ("http://169.254.170.2/x", true),
            ("http://169.254.170.23/x", true),
            ("http://[fd00:ec2::23]/x", true),
            ("http://[fd00:0ec2:0::0:23]/x", true),
            ("http://169.254.170.3/x", false),
            ("http://[fd00:ec2::24]/x", false),
            ("http://localhost.example/x", false),
            ("http://127.0.0.1.example/x", false),
            ("http://127.0.0.1@example.com/x", false),
            ("http://10.0.0.1/x", false),
        ] {
            assert_eq!(is_trusted(&uri.parse().unwrap()), trusted, "{uri}");
        }
    }
}
