//! Credentials and region of an EC2 instance, from the Instance Metadata Service, version 2.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature as Origin;
use aws_credential_types::provider::error::CredentialsError;
use aws_types::region::Region;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, Uri};

use super::context::{Context, Loaded, from};
use super::document::{Document, lasts};
use super::endpoint::join;
use super::exchange::{Outcome, ask_metadata, metadata_attempts};
use super::failure::{failed, invalid, reason};
use crate::runtime::base::time::Clock;
use crate::runtime::base::untrusted::Untrusted;
use crate::runtime::configuration::settings::Setting;
use crate::runtime::service::endpoint::functions::is_valid_host_label;
use crate::runtime::service::metadata::RetryReason;
use crate::runtime::wire::http::{ConnectorError, text};

const PROVIDER: &str = "IMDSv2";
const ATTEMPTS: u32 = 4;
/// For connecting and reading together. The service is a hop away, and where there is none each
/// start of a program waits that long.
const LIMIT: Duration = Duration::from_secs(1);

const IPV4: &str = "http://169.254.169.254";
const IPV6: &str = "http://[fd00:ec2::254]";

const TOKEN_PATH: &str = "/latest/api/token";
const REGION_PATH: &str = "/latest/meta-data/placement/region";
const ROLES_PATH: &str = "/latest/meta-data/iam/security-credentials/";
const TOKEN_TTL: HeaderValue = HeaderValue::from_static("21600");
const TOKEN_TTL_HEADER: &str = "x-aws-ec2-metadata-token-ttl-seconds";
const TOKEN_HEADER: &str = "x-aws-ec2-metadata-token";
/// A session token is replaced when it has less than this left.
const TOKEN_BUFFER: Duration = Duration::from_secs(120);

const NO_ROLE: &str = "the EC2 instance has no IAM role";

/// Expired credentials stay in use for this long, and up to the jitter more.
const EXTENSION: Duration = Duration::from_secs(10 * 60);
const EXTENSION_JITTER: Duration = Duration::from_secs(5 * 60);

/// The client of the service, as a provider of credentials.
pub(super) struct Imds {
    context: Context,
    /// Locked for no longer than it is looked at: loads that need a new one at the same time get one
    /// each, and none waits for another one that may not be polled.
    token: Mutex<Option<SessionToken>>,
    last_good: Mutex<Option<Credentials>>,
}

struct SessionToken {
    value: HeaderValue,
    expiry: SystemTime,
}

/// Why the service gave no text.
enum Unanswered {
    /// Nothing that could be the service is there.
    Absent(ConnectorError),
    /// The request could not be sent, or the connection broke after a session token had come.
    Broken(ConnectorError),
    /// No session token was given.
    NoToken(StatusCode),
    Status(StatusCode),
    /// Configuration or answer cannot be understood.
    Other(CredentialsError),
}

impl Imds {
    pub(super) fn new(context: Context) -> Self {
        Self {
            context,
            token: Mutex::new(None),
            last_good: Mutex::new(None),
        }
    }

    /// The credentials of the instance's role; those that were loaded last if the service fails.
    pub(super) async fn load(&self) -> Loaded {
        let credentials = match self.fetch().await {
            Ok(credentials) => credentials,
            Err(error) => match self.last_good() {
                Some(credentials) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "instance metadata failed, the last credentials stay in use"
                    );
                    credentials
                }
                None => return Err(error),
            },
        };
        let credentials = self.extended(credentials);
        *lock(&self.last_good) = Some(credentials.clone());
        Ok(credentials)
    }

    pub(super) fn last_good(&self) -> Option<Credentials> {
        lock(&self.last_good).clone()
    }

    /// The instance's region, or why it is not known; none if the service is not to be asked.
    pub(super) async fn region(&self) -> Option<Result<Region, String>> {
        if self.is_disabled() {
            return None;
        }
        let region = match self.get(REGION_PATH).await {
            Ok(region) => region,
            Err(Unanswered::Absent(error)) => {
                return Some(Err(format!("not on an EC2 instance: {error}")));
            }
            Err(error) => return Some(Err(reason(&error.into_credentials_error()))),
        };
        let region = region.trim();
        Some(match is_valid_host_label(region, false) {
            true => Ok(Region::new(region.to_owned())),
            false => Err(format!("`{}` is not a region", Untrusted(region))),
        })
    }

    fn is_disabled(&self) -> bool {
        self.context
            .environment
            .var("AWS_EC2_METADATA_DISABLED")
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    async fn fetch(&self) -> Loaded {
        if self.is_disabled() {
            return Err(CredentialsError::not_loaded(
                "AWS_EC2_METADATA_DISABLED turns it off",
            ));
        }
        let role = self.get(ROLES_PATH).await.map_err(|error| match error {
            Unanswered::Absent(error) => CredentialsError::not_loaded(format!(
                "not on an EC2 instance, or in a container out of reach of the hop limit in the \
                 instance's metadata options: {error}"
            )),
            Unanswered::Status(StatusCode::NOT_FOUND) => CredentialsError::not_loaded(NO_ROLE),
            error => error.into_credentials_error(),
        })?;
        // One role can be attached; what follows in further lines is not for us.
        let role = role.trim().lines().next().unwrap_or_default();
        if role.is_empty() {
            return Err(CredentialsError::not_loaded(NO_ROLE));
        }
        let answer = self
            .get(&format!("{ROLES_PATH}{role}"))
            .await
            .map_err(Unanswered::into_credentials_error)?;
        let role = Untrusted(role);
        let broken = |why| {
            failed(format!(
                "the instance metadata of the role `{role}` is bad: {why}"
            ))
        };
        let document = Document::parse(answer.as_bytes()).map_err(broken)?;
        match document.text("Code") {
            None | Some("Success") => {
                let credentials = document.credentials(PROVIDER).map_err(broken);
                from(credentials, &[Origin::CredentialsImds])
            }
            Some("AssumeRoleUnauthorizedAccess") => Err(invalid(format!(
                "EC2 may not assume the instance's role `{role}`; let its trust policy name \
                 ec2.amazonaws.com"
            ))),
            Some(code) => Err(failed(format!(
                "the instance metadata has no credentials of the role `{role}`: {}: {}",
                Untrusted(code),
                Untrusted(document.text("Message").unwrap_or_default())
            ))),
        }
    }

    /// When the service cannot renew credentials it hands out expired ones, and AWS asks that they
    /// stay in use: services accept them for longer than they say.
    fn extended(&self, mut credentials: Credentials) -> Credentials {
        let now = self.context.time.now();
        if credentials.expiry().is_some_and(|expiry| expiry <= now) {
            let extension = EXTENSION + EXTENSION_JITTER.mul_f64(self.context.time.jitter());
            tracing::warn!(
                seconds = extension.as_secs(),
                "the instance's credentials have expired and are not renewed; they stay in use"
            );
            *credentials.expiry_mut() = now.checked_add(extension);
        }
        credentials
    }

    /// Reads a text.
    async fn get(&self, path: &str) -> Result<String, Unanswered> {
        let uri = self.uri(path)?;
        let mut attempts = metadata_attempts(&self.context, ATTEMPTS);
        loop {
            let token = self.session_token().await?;
            let request = request(Method::GET, &uri, TOKEN_HEADER, token);
            let outcome = ask_metadata(&self.context, request, LIMIT).await;
            let is_unauthorized = matches!(
                &outcome, Ok(response) if response.status() == StatusCode::UNAUTHORIZED
            );
            if is_unauthorized {
                // The session token was forgotten there before it expired.
                *lock(&self.token) = None;
            }
            let worth = is_unauthorized
                .then_some(RetryReason::Transient)
                .or_else(|| server_error(&outcome));
            if attempts.another(worth, None).await {
                continue;
            }
            let response = outcome.map_err(Unanswered::Broken)?;
            if !response.status().is_success() {
                return Err(Unanswered::Status(response.status()));
            }
            return String::from_utf8(response.body().to_vec())
                .map_err(|_| Unanswered::Other(failed("the instance metadata is not text")));
        }
    }

    /// The token that each request has to bear, fetched anew shortly before it expires.
    async fn session_token(&self) -> Result<HeaderValue, Unanswered> {
        if let Some(token) = &*lock(&self.token)
            && lasts(token.expiry, self.context.time.now(), TOKEN_BUFFER)
        {
            return Ok(token.value.clone());
        }
        let uri = self.uri(TOKEN_PATH)?;
        let mut attempts = metadata_attempts(&self.context, ATTEMPTS);
        let response = loop {
            let request = request(Method::PUT, &uri, TOKEN_TTL_HEADER, TOKEN_TTL);
            let outcome = ask_metadata(&self.context, request, LIMIT).await;
            if !attempts.another(server_error(&outcome), None).await {
                break outcome.map_err(Unanswered::without_token)?;
            }
        };
        if !response.status().is_success() {
            return Err(Unanswered::NoToken(response.status()));
        }
        let ttl = text(response.headers(), TOKEN_TTL_HEADER)
            .and_then(|seconds| seconds.parse().ok())
            .map(Duration::from_secs);
        let expiry = ttl.and_then(|ttl| self.context.time.now().checked_add(ttl));
        let value = HeaderValue::from_bytes(response.body());
        let (Some(expiry), Ok(mut value)) = (expiry, value) else {
            return Err(Unanswered::Other(failed(
                "the instance metadata service gave no valid session token",
            )));
        };
        value.set_sensitive(true);
        *lock(&self.token) = Some(SessionToken {
            value: value.clone(),
            expiry,
        });
        Ok(value)
    }

    fn uri(&self, path: &str) -> Result<Uri, Unanswered> {
        let settings = self.context.settings();
        let endpoint = settings.get(
            "AWS_EC2_METADATA_SERVICE_ENDPOINT",
            "ec2_metadata_service_endpoint",
        );
        let mode = settings.get(
            "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
            "ec2_metadata_service_endpoint_mode",
        );
        let base = match (&endpoint, &mode) {
            (Some(endpoint), _) => endpoint.value.as_str(),
            (None, None) => IPV4,
            (None, Some(mode)) if mode.value.eq_ignore_ascii_case("ipv4") => IPV4,
            (None, Some(mode)) if mode.value.eq_ignore_ascii_case("ipv6") => IPV6,
            (None, Some(Setting { value, origin })) => {
                let value = Untrusted(value);
                return Err(Unanswered::Other(invalid(format!(
                    "{origin} is `{value}`; it must be IPv4 or IPv6"
                ))));
            }
        };
        join(base, path).ok_or_else(|| {
            Unanswered::Other(invalid(match endpoint {
                Some(Setting { value, origin }) if join(&value, "/").is_none() => {
                    format!("{origin} is no URL of http or https")
                }
                _ => "the role name of the instance metadata makes no valid URL".to_owned(),
            }))
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn request(method: Method, uri: &Uri, header: &'static str, value: HeaderValue) -> Request<Bytes> {
    let mut request = Request::new(Bytes::new());
    *request.method_mut() = method;
    *request.uri_mut() = uri.clone();
    request.headers_mut().insert(header, value);
    request
}

/// Failures of the network are not worth a retry: off EC2 they would hold up every program.
fn server_error(outcome: &Outcome) -> Option<RetryReason> {
    let response = outcome.as_ref().ok()?;
    response
        .status()
        .is_server_error()
        .then_some(RetryReason::Transient)
}

impl Unanswered {
    fn without_token(error: ConnectorError) -> Self {
        if error.is_io() || error.is_timeout() {
            Self::Absent(error)
        } else {
            Self::Broken(error)
        }
    }

    fn into_credentials_error(self) -> CredentialsError {
        const WHAT: &str = "the instance metadata cannot be read";
        match self {
            Self::Absent(error) | Self::Broken(error) => failed(format!("{WHAT}: {error}")),
            Self::NoToken(status @ (StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED)) => {
                CredentialsError::not_loaded(format!(
                    "what answers at its address is not the instance metadata service of EC2, or \
                     has no IMDSv2: it answered {status} to the request for a session token"
                ))
            }
            Self::NoToken(StatusCode::FORBIDDEN) | Self::Status(StatusCode::FORBIDDEN) => {
                failed(format!(
                    "{WHAT}: the service answered 403 Forbidden: it is turned off in the \
                     instance's metadata options, or a firewall keeps this process from it; turn \
                     it on, or leave it out with AWS_EC2_METADATA_DISABLED=true"
                ))
            }
            Self::NoToken(status) => failed(format!(
                "{WHAT}: the service answered {status} to the request for a session token"
            )),
            Self::Status(status) => failed(format!("{WHAT}: the service answered {status}")),
            Self::Other(error) => error,
        }
    }
}
