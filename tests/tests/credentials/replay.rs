//! A transport that expects the requests of a recording and gives its answers.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use cloudtrail_sdk::config::{BoxFuture, Transport};
use cloudtrail_sdk::error::ConnectorError;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, Uri};
use serde_json::Value;
use tests::http_response;

const INSTANCE_METADATA: &str = "169.254.169.254";

/// Headers that carry a secret: one that is sent must be recorded, and the reverse.
const SECRET_HEADERS: [&str; 6] = [
    "authorization",
    "dpop",
    "x-amz-security-token",
    "x-amz-sso_bearer_token",
    "x-aws-ec2-metadata-token",
    "x-aws-ec2-metadata-token-ttl-seconds",
];
/// Headers that must be sent if they are recorded.
const OTHER_HEADERS: [&str; 2] = ["accept", "content-type"];

/// One request and its answer.
pub struct Exchange {
    method: String,
    uri: Uri,
    headers: Vec<(String, String)>,
    body: String,
    answer: Response<Bytes>,
}

#[derive(Clone)]
pub struct Replay {
    exchanges: Arc<Vec<Exchange>>,
    /// Whether values are compared that the official SDK's recordings do not have right.
    exact: bool,
    /// Whether a look at the metadata of an instance finds nobody, rather than being wrong.
    off_instance: bool,
    progress: Arc<Mutex<Progress>>,
}

#[derive(Default)]
struct Progress {
    next: usize,
    problems: Vec<String>,
}

impl Replay {
    /// `metadata_disabled`: nobody may ask for the metadata of an instance.
    pub fn new(exchanges: Vec<Exchange>, exact: bool, metadata_disabled: bool) -> Self {
        let on_instance = exchanges
            .iter()
            .any(|exchange| exchange.uri.host() == Some(INSTANCE_METADATA));
        Self {
            exchanges: exchanges.into(),
            exact,
            off_instance: !on_instance && !metadata_disabled,
            progress: Arc::default(),
        }
    }

    /// The secrets that were recorded in requests.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        let headers = self.exchanges.iter().flat_map(|exchange| &exchange.headers);
        headers
            .filter(|(name, _)| name.contains("token") && !name.ends_with("seconds"))
            .map(|(_, value)| value.as_str())
    }

    /// What was wrong, and what was not asked for.
    pub fn problems(&self) -> Vec<String> {
        let progress = self.progress.lock().unwrap();
        let missing = self
            .exchanges
            .iter()
            .skip(progress.next)
            .map(|exchange| format!("not sent: {} {}", exchange.method, exchange.uri));
        progress.problems.iter().cloned().chain(missing).collect()
    }

    fn answer(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, ConnectorError> {
        let mut progress = self.progress.lock().unwrap();
        if self.off_instance && request.uri().host() == Some(INSTANCE_METADATA) {
            return Err(ConnectorError::io("no route to host".into()));
        }
        // A recorded answer that asks for a retry stands for those to the retries.
        let repeated = self
            .exchanges
            .last()
            .filter(|last| last.answer.status().is_server_error());
        let Some(expected) = self.exchanges.get(progress.next).or(repeated) else {
            let problem = format!("sent too much: {} {}", request.method(), request.uri());
            progress.problems.push(problem);
            return Err(ConnectorError::other(
                "nothing is recorded for it".into(),
                None,
            ));
        };
        progress.next = (progress.next + 1).min(self.exchanges.len());
        for problem in self.differences(expected, request) {
            progress
                .problems
                .push(format!("{} {}: {problem}", request.method(), request.uri()));
        }
        Ok(expected.answer.clone())
    }

    fn differences(&self, expected: &Exchange, request: &Request<Bytes>) -> Vec<String> {
        let mut problems = Vec::new();
        if request.method().as_str() != expected.method || !same_uri(request.uri(), &expected.uri) {
            let target = format!("{} {}", expected.method, expected.uri);
            problems.push(format!("expected {target}"));
            return problems;
        }
        let sent = |name: &str| {
            let value = request.headers().get(name)?;
            Some(value.to_str().unwrap_or("?"))
        };
        let recorded = |name: &str| {
            let mut headers = expected.headers.iter();
            headers
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.as_str())
        };
        for name in SECRET_HEADERS {
            match (sent(name), recorded(name)) {
                (None, None) => {}
                (Some(sent), Some(recorded)) if self.same_secret(name, sent, recorded) => {}
                // The official SDK's recordings leave out the tokens of containers.
                (Some(sent), None) if !self.exact && !sent.starts_with("AWS4") => {}
                (Some(_), None) => problems.push(format!("the header {name} must not be sent")),
                (None, Some(_)) => problems.push(format!("the header {name} is missing")),
                (Some(sent), Some(recorded)) => {
                    problems.push(format!("{name} is `{sent}`, expected `{recorded}`"));
                }
            }
        }
        for name in OTHER_HEADERS {
            if recorded(name).is_some() && recorded(name) != sent(name) {
                let (sent, recorded) = (sent(name), recorded(name));
                problems.push(format!("{name} is {sent:?}, expected {recorded:?}"));
            }
        }
        let body = String::from_utf8_lossy(request.body());
        let is_form = recorded("content-type") == Some("application/x-www-form-urlencoded");
        let same_body = match (is_form, self.exact) {
            (true, exact) => parameters(&body, exact) == parameters(&expected.body, exact),
            (false, _) if expected.body.is_empty() => body.is_empty(),
            (false, _) => {
                let json = |text: &str| serde_json::from_str::<Value>(text).ok();
                json(&body) == json(&expected.body)
            }
        };
        if !same_body {
            problems.push(format!(
                "the body is `{body}`, expected `{}`",
                expected.body
            ));
        }
        problems
    }

    fn same_secret(&self, name: &str, sent: &str, recorded: &str) -> bool {
        match (name, self.exact) {
            // It has the time and a number that is used once.
            ("dpop", _) => sent.split('.').count() == 3,
            ("authorization" | "x-amz-security-token", false) => true,
            ("authorization", true) => who_signed(sent) == who_signed(recorded),
            _ => sent == recorded,
        }
    }
}

impl Transport for Replay {
    fn call(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
        Box::pin(async move { self.answer(&request) })
    }
}

/// The part of a signature that tells the key, the day, the region and the service; all of an
/// authorization that is no signature.
fn who_signed(authorization: &str) -> &str {
    authorization
        .split_once(", SignedHeaders")
        .map_or(authorization, |(who, _)| who)
}

fn same_uri(a: &Uri, b: &Uri) -> bool {
    (a.scheme(), a.authority(), a.path()) == (b.scheme(), b.authority(), b.path())
        && parameters(a.query().unwrap_or_default(), true)
            == parameters(b.query().unwrap_or_default(), true)
}

/// The parameters of a form; of those that are not compared exactly, only the names.
fn parameters(form: &str, exact: bool) -> BTreeSet<&str> {
    let of_protocol = |pair: &str| pair.starts_with("Action=") || pair.starts_with("Version=");
    form.split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if !exact && !of_protocol(pair) => name,
            _ => pair,
        })
        .collect()
}

/// Reads a recording: a list of events, several for each request.
pub fn exchanges(recording: &Value) -> Result<Vec<Exchange>, String> {
    let mut exchanges = Vec::<(u64, Exchange)>::new();
    for event in recording["events"].as_array().into_iter().flatten() {
        let connection = event["connection_id"].as_u64().ok_or("no connection_id")?;
        let action = &event["action"];
        if let Some(request) = action.pointer("/Request/request") {
            let text = |name: &str| request[name].as_str().unwrap_or_default();
            let uri = text("uri");
            exchanges.push((
                connection,
                Exchange {
                    method: text("method").to_owned(),
                    uri: uri.parse().map_err(|error| format!("{uri}: {error}"))?,
                    headers: headers(&request["headers"]),
                    body: String::new(),
                    answer: http_response(StatusCode::OK, HeaderMap::new(), Bytes::new()),
                },
            ));
            continue;
        }
        let Some((_, exchange)) = exchanges.iter_mut().rfind(|(id, _)| *id == connection) else {
            return Err(format!("connection {connection} has no request"));
        };
        if let Some(response) = action.pointer("/Response/response/Ok") {
            let status = response["status"].as_u64().unwrap_or_default();
            let status = u16::try_from(status).map_err(|error| error.to_string())?;
            let headers = headers(&response["headers"])
                .into_iter()
                .map(|(name, value)| {
                    let value = HeaderValue::from_str(&value).unwrap();
                    (HeaderName::try_from(name).unwrap(), value)
                });
            exchange.answer = http_response(
                StatusCode::from_u16(status).map_err(|error| error.to_string())?,
                headers.collect(),
                Bytes::new(),
            );
        } else if let Some(data) = action.pointer("/Data/data/Utf8").and_then(Value::as_str) {
            if action["Data"]["direction"] == "Request" {
                exchange.body.push_str(data);
            } else {
                exchange.answer = http_response(
                    exchange.answer.status(),
                    exchange.answer.headers().clone(),
                    [exchange.answer.body(), data.as_bytes()].concat(),
                );
            }
        }
    }
    Ok(exchanges
        .into_iter()
        .map(|(_, exchange)| exchange)
        .collect())
}

/// The first value of each header, with its name in lower case.
fn headers(value: &Value) -> Vec<(String, String)> {
    let headers = value.as_object().into_iter().flatten();
    headers
        .filter_map(|(name, values)| {
            let value = values.get(0)?.as_str()?;
            Some((name.to_ascii_lowercase(), value.to_owned()))
        })
        .collect()
}
