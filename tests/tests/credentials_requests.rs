//! How the default credentials ask services, with a transport that a test scripts.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

#[path = "credentials_requests/clock.rs"]
mod clock;
#[path = "credentials_requests/limits.rs"]
mod limits;
#[path = "credentials_requests/processes.rs"]
mod processes;
#[path = "credentials_requests/refusals.rs"]
mod refusals;
#[path = "credentials_requests/retries.rs"]
mod retries;
#[path = "credentials_requests/roles.rs"]
mod roles;
#[path = "credentials_requests/times.rs"]
mod times;

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use aws_credential_types::provider::error::CredentialsError;
use bytes::Bytes;
use cloudtrail_sdk::config::{
    BoxFuture, Config, Credentials, Environment, Loader, ProvideCredentials, Transport, loader,
};
use cloudtrail_sdk::error::ConnectorError;
use cloudtrail_sdk::test_util::FakeTime;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use serde_json::json;
use tests::http_response;

const ROLE: &str = "[default]
role_arn = arn:aws:iam::123456789012:role/B
source_profile = base

[profile base]
aws_access_key_id = AKIABASE
aws_secret_access_key = base-secret
";

const ASSUMED: &str = "<AssumeRoleResponse><AssumeRoleResult><Credentials>
    <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>role-secret</SecretAccessKey>
    <SessionToken>role-token</SessionToken><Expiration>2036-01-01T00:00:00Z</Expiration>
    </Credentials></AssumeRoleResult></AssumeRoleResponse>";

const OF_CONTAINER: &str = r#"{"AccessKeyId":"ASIATASK","SecretAccessKey":"task-secret",
    "Token":"task-token","Expiration":"2036-01-01T00:00:00Z"}"#;

const CONTAINER: (&str, &str) = (
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "http://localhost/credentials",
);

type Answer = Result<Response<Bytes>, ConnectorError>;

type Answering = dyn Fn(usize, &Request<Bytes>) -> Answer + Send + Sync;

/// A transport that answers as a test says, and keeps what was sent.
#[derive(Clone)]
struct Service {
    answer: Arc<Answering>,
    sent: Arc<Mutex<Vec<Request<Bytes>>>>,
}

impl Service {
    /// `answer` gets the number of the request, from 1.
    fn new(answer: impl Fn(usize, &Request<Bytes>) -> Answer + Send + Sync + 'static) -> Self {
        Self {
            answer: Arc::new(answer),
            sent: Arc::default(),
        }
    }

    /// Answers the first requests with a status, and all others well.
    fn failing(failures: usize, status: u16, body: &'static str) -> Self {
        Self::new(move |number, _| {
            Ok(if number <= failures {
                response(status, "")
            } else {
                response(200, body)
            })
        })
    }

    fn count(&self) -> usize {
        self.sent.lock().unwrap().len()
    }

    /// A header of all requests.
    fn header(&self, name: &str) -> Vec<String> {
        let sent = self.sent.lock().unwrap();
        let header =
            |request: &Request<Bytes>| request.headers()[name].to_str().unwrap().to_owned();
        sent.iter().map(header).collect()
    }
}

impl Transport for Service {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Answer> {
        let mut sent = self.sent.lock().unwrap();
        let answer = (self.answer)(sent.len() + 1, &request);
        sent.push(request);
        Box::pin(std::future::ready(answer))
    }
}

fn response(status: u16, body: impl Into<Bytes>) -> Response<Bytes> {
    http_response(
        StatusCode::from_u16(status).unwrap(),
        HeaderMap::new(),
        body,
    )
}

/// A folder with these files, which stands for `/`.
fn root(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    root
}

fn config_file(content: &str) -> tempfile::TempDir {
    root(&[("home/.aws/config", content)])
}

/// A loader in an environment of its own.
fn load(root: &Path, variables: &[(&str, &str)]) -> Loader {
    let mut all = vec![("HOME", "/home"), ("AWS_REGION", "us-east-1")];
    all.extend_from_slice(variables);
    loader().environment(Environment::of(all).with_root(root))
}

async fn credentials(config: &Config) -> Result<Credentials, CredentialsError> {
    let provider = config.credentials_provider().unwrap();
    provider.provide_credentials().await
}

/// What is wrong, in the words that a user sees behind "no credentials could be loaded", without what
/// the providers before said.
async fn refused(service: &Service, root: &Path, variables: &[(&str, &str)]) -> String {
    let config = load(root, variables)
        .transport(service.clone())
        .clock(FakeTime::default())
        .load()
        .await;
    let error = credentials(&config).await.unwrap_err();
    let text = std::error::Error::source(&error).unwrap().to_string();
    let (of_this_one, _) = text.split_once("; tried before: ").unwrap_or((&text, ""));
    of_this_one.to_owned()
}

/// Everything with which somebody logs in for `sso`, a role by IAM Identity Center.
fn sso(expires_at: &str) -> tempfile::TempDir {
    let config = "[default]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Reader

[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.awsapps.com/start
";
    let login = json!({
        "accessToken": "access-token",
        "expiresAt": expires_at,
        "clientId": "client",
        "clientSecret": "client-secret",
        "registrationExpiresAt": "2036-01-01 00:00:00 UTC",
        "refreshToken": "refresh-token",
    });
    let cache = "home/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
    root(&[("home/.aws/config", config), (cache, &login.to_string())])
}

const OF_SSO: &str = r#"{"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"s",
    "sessionToken":"t","expiration":2082758400000}}"#;

fn session_token(status: u16) -> Response<Bytes> {
    let mut headers = HeaderMap::new();
    let ttl = HeaderValue::from_static("21600");
    headers.insert("x-aws-ec2-metadata-token-ttl-seconds", ttl);
    http_response(StatusCode::from_u16(status).unwrap(), headers, "token")
}
