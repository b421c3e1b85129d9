//! Whatever a source of credentials answers, a call has an output or an error of one line.
//!
//! An input is a byte for the source, one for the status of the answer, and the answer.

#![no_main]

use std::sync::LazyLock;

use bytes::Bytes;
use fuzz::chain::{Root, call, check, load};
use fuzz::{Answering, http_response};
use http::{HeaderMap, HeaderValue, Response, StatusCode, Uri};
use libfuzzer_sys::{Corpus, fuzz_target};
use tokio::runtime::{Builder, Runtime};

static ROOT: LazyLock<Root> = LazyLock::new(|| {
    let root = Root::create();
    root.write("/token", b"a.token");
    let answer = root.path().join("answer");
    let process = format!(
        "[profile process]\ncredential_process = cat {}\n",
        answer.display()
    );
    root.write(
        "/home/.aws/config",
        (CONFIG.to_owned() + &process).as_bytes(),
    );
    root
});

/// For what waits for a program.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut runtime = Builder::new_current_thread();
    runtime
        .enable_all()
        .build()
        .expect("a runtime can be started")
});

const CONFIG: &str = "\
[profile sso]
sso_session = company
sso_account_id = 123456789012
sso_role_name = audit
[sso-session company]
sso_region = us-east-1
sso_start_url = https://company
[profile login]
login_session = arn:aws:iam::123456789012:user/me
[profile role]
aws_access_key_id = AKID
aws_secret_access_key = secret
role_arn = arn:aws:iam::123456789012:role/audit
source_profile = role
";

/// Named by the SHA-1 of `company`, as the AWS CLI does.
const SSO_FILE: &str = "/home/.aws/sso/cache/71b21161ffa1e6516bcc072aaf5ef38cbe85b511.json";
/// Named by the SHA-256 of the session.
const LOGIN_FILE: &str = "/home/.aws/login/cache/\
    286187707741fc2ccb93cf9e56dbd0ee0a16208feed5fbc8ae1baa86d44c283f.json";

const LOGGED_IN: &[u8] = br#"{"accessToken":"token","expiresAt":"2080-01-01T00:00:00Z"}"#;
const TO_BE_REFRESHED: &[u8] = br#"{"accessToken":"token","expiresAt":"2020-01-01T00:00:00Z",
    "clientId":"id","clientSecret":"secret","refreshToken":"refresh",
    "registrationExpiresAt":"2080-01-01T00:00:00Z"}"#;

fuzz_target!(|data: &[u8]| -> Corpus {
    let [source, status, answer @ ..] = data else {
        return Corpus::Reject;
    };
    let container = (
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "http://127.0.0.1/here",
    );
    let instance = ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1");
    let token = ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token");
    let role = ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/audit");
    let profile = |name| ("AWS_PROFILE", name);
    // Starting a program takes as long as a hundred others.
    let source = if source % 128 == 127 { 8 } else { source % 8 };
    let mut variables = vec![("HOME", "/home"), ("AWS_REGION", "us-east-1")];
    match source {
        0 => variables.push(container),
        1 => variables.push(instance),
        2 => variables.extend([token, role]),
        3 => variables.push(profile("role")),
        4 => {
            ROOT.write(SSO_FILE, answer);
            variables.push(profile("sso"));
        }
        5 => {
            ROOT.write(SSO_FILE, LOGGED_IN);
            variables.push(profile("sso"));
        }
        6 => {
            ROOT.write(SSO_FILE, TO_BE_REFRESHED);
            variables.push(profile("sso"));
        }
        7 => {
            ROOT.write(LOGIN_FILE, answer);
            variables.push(profile("login"));
        }
        _ => {
            ROOT.write("/answer", answer);
            variables.push(profile("process"));
        }
    }
    let answer = respond(*status, answer);
    let transport = Answering(move |url: &Uri| match url.path() {
        "/latest/api/token" => session_token(),
        "/latest/meta-data/iam/security-credentials/" => ok("role"),
        _ if url.host() == Some("cloudtrail.us-east-1.amazonaws.com") => ok("{}"),
        _ => answer.clone(),
    });
    check(RUNTIME.block_on(async { call(load(&ROOT, &variables, transport).await).await }));
    Corpus::Keep
});

/// Half of the answers are successes.
fn respond(status: u8, body: &[u8]) -> Response<Bytes> {
    let status = match status.checked_sub(128) {
        None => StatusCode::OK,
        Some(more) => StatusCode::from_u16(400 + u16::from(more)).expect("it has three digits"),
    };
    http_response(status, HeaderMap::new(), Bytes::copy_from_slice(body))
}

fn ok(body: &'static str) -> Response<Bytes> {
    http_response(StatusCode::OK, HeaderMap::new(), body)
}

fn session_token() -> Response<Bytes> {
    let mut headers = HeaderMap::new();
    let seconds = HeaderValue::from_static("21600");
    headers.insert("x-aws-ec2-metadata-token-ttl-seconds", seconds);
    http_response(StatusCode::OK, headers, "token")
}
