//! Exchanges with a service, kept in a file to be repeated without it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::{fs, io};

use aws_smithy_types::base64;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::lock::lock;
use crate::runtime::base::boxed::BoxFuture;
use crate::runtime::base::causes::innermost;
use crate::runtime::wire::http::{ConnectorError, Transport, response};

const X_AMZ_TARGET: &str = "x-amz-target";

/// Headers that have one of these in their name hold, or may hold, a secret.
const SECRET_HEADERS: [&str; 7] = [
    "authorization",
    "cookie",
    "credential",
    "password",
    "secret",
    "signature",
    "token",
];

/// A request, and what came of it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exchange {
    request: RecordedRequest,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<RecordedResponse>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<RecordedError>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordedRequest {
    method: String,
    uri: String,
    headers: BTreeMap<String, String>,
    body: Body,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordedResponse {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Body,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordedError {
    kind: ErrorKind,
    message: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ErrorKind {
    Timeout,
    Io,
    User,
    Other,
}

/// A body, as readable as it can be.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Body {
    /// JSON with all digits of its numbers.
    Json(Box<RawValue>),
    Text(String),
    Base64(String),
}

impl Body {
    fn of(bytes: &[u8]) -> Self {
        if let Ok(json) = serde_json::from_slice(bytes) {
            return Self::Json(json);
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Base64(base64::encode(bytes)),
        }
    }

    fn bytes(&self) -> Result<Bytes, String> {
        match self {
            Self::Json(json) => Ok(json.get().to_owned().into()),
            Self::Text(text) => Ok(text.clone().into()),
            Self::Base64(text) => base64::decode(text)
                .map(Bytes::from)
                .map_err(|error| format!("a recorded body is no base64: {error}")),
        }
    }
}

impl RecordedRequest {
    fn of(request: &Request<Bytes>) -> Self {
        Self {
            method: request.method().to_string(),
            uri: request.uri().to_string(),
            headers: readable(request.headers()),
            body: Body::of(request.body()),
        }
    }
}

impl RecordedResponse {
    fn of(response: &Response<Bytes>) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: readable(response.headers()),
            body: Body::of(response.body()),
        }
    }

    fn response(&self) -> Result<Response<Bytes>, String> {
        let status = StatusCode::from_u16(self.status)
            .map_err(|error| format!("recorded status {}: {error}", self.status))?;
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let invalid = |error: http::Error| format!("recorded header `{name}`: {error}");
            headers.insert(
                HeaderName::try_from(name).map_err(|error| invalid(error.into()))?,
                HeaderValue::try_from(value).map_err(|error| invalid(error.into()))?,
            );
        }
        Ok(response(status, headers, self.body.bytes()?))
    }
}

impl RecordedError {
    fn of(error: &ConnectorError) -> Self {
        Self {
            kind: match error {
                _ if error.is_timeout() => ErrorKind::Timeout,
                _ if error.is_io() => ErrorKind::Io,
                _ if error.is_user() => ErrorKind::User,
                _ => ErrorKind::Other,
            },
            message: innermost(error).to_string(),
        }
    }

    fn error(&self) -> ConnectorError {
        let source = self.message.as_str().into();
        match self.kind {
            ErrorKind::Timeout => ConnectorError::timeout(source),
            ErrorKind::Io => ConnectorError::io(source),
            ErrorKind::User => ConnectorError::user(source),
            ErrorKind::Other => ConnectorError::other(source, None),
        }
    }
}

/// The headers that can be written: text, and no secret. Values of one header are joined by commas.
fn readable(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut readable = BTreeMap::<String, String>::new();
    for (name, value) in headers {
        let name = name.as_str();
        let secret =
            value.is_sensitive() || SECRET_HEADERS.iter().any(|secret| name.contains(secret));
        let Some(value) = value.to_str().ok().filter(|_| !secret) else {
            continue;
        };
        readable
            .entry(name.to_owned())
            .and_modify(|values| {
                values.push_str(", ");
                values.push_str(value);
            })
            .or_insert_with(|| value.to_owned());
    }
    readable
}

/// A transport that keeps what passes through it, for a [`Replayer`].
///
/// Headers with secrets, such as `authorization` and `x-amz-security-token`, are never kept; bodies are
/// kept as they are. Requests other than those of AWS JSON operations pass through and are not kept:
/// they fetch credentials, mostly. Clones share what is kept.
#[derive(Clone)]
pub struct Recorder {
    inner: Arc<dyn Transport>,
    exchanges: Arc<Mutex<Vec<Exchange>>>,
}

impl Recorder {
    /// Keeps what passes through to this transport.
    pub fn new(inner: impl Transport + 'static) -> Self {
        Self {
            inner: Arc::new(inner),
            exchanges: Arc::default(),
        }
    }

    /// What was kept so far, as JSON: an array of objects with `request` and `response`, or `error`
    /// where no response came.
    pub fn to_json(&self) -> String {
        let exchanges = lock(&self.exchanges);
        // Strings, numbers and JSON texts that were checked can always be written.
        serde_json::to_string_pretty(&*exchanges).unwrap_or_default()
    }

    /// Writes [`to_json`](Self::to_json) to a file, in the place of what it held.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        fs::write(path, self.to_json())
    }
}

impl Transport for Recorder {
    fn call(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
        if !request.headers().contains_key(X_AMZ_TARGET) {
            return self.inner.call(request);
        }
        Box::pin(async move {
            let recorded = RecordedRequest::of(&request);
            let result = self.inner.call(request).await;
            lock(&self.exchanges).push(Exchange {
                request: recorded,
                response: result.as_ref().ok().map(RecordedResponse::of),
                error: result.as_ref().err().map(RecordedError::of),
            });
            result
        })
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder")
            .field("exchanges", &lock(&self.exchanges).len())
            .finish_non_exhaustive()
    }
}

/// A transport that repeats what a [`Recorder`] kept, in the same order.
///
/// A request must have the recorded `x-amz-target` and body, JSON being compared as JSON. Otherwise it
/// fails, is not retried, and the error tells the difference. Clones share how far it has come.
#[derive(Clone)]
pub struct Replayer(Arc<Mutex<Replay>>);

struct Replay {
    exchanges: Vec<Exchange>,
    /// How many of them are done.
    done: usize,
    /// What was wrong with requests.
    mismatches: Vec<String>,
}

impl Replayer {
    /// Repeats what [`Recorder::to_json`] has written.
    ///
    /// # Errors
    ///
    /// If it is not what a recorder writes; the error names line and column.
    pub fn from_json(json: &str) -> io::Result<Self> {
        Ok(Self(Arc::new(Mutex::new(Replay {
            exchanges: serde_json::from_str(json)?,
            done: 0,
            mismatches: Vec::new(),
        }))))
    }

    /// Repeats what [`Recorder::save`] has written.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or is not what a recorder writes.
    pub fn load(path: impl AsRef<Path>) -> io::Result<Self> {
        Self::from_json(&fs::read_to_string(path)?)
    }

    /// Checks that everything was requested as recorded.
    ///
    /// # Panics
    ///
    /// If a request was not the recorded one, or recorded ones did not come.
    #[track_caller]
    pub fn assert_done(&self) {
        let replay = lock(&self.0);
        assert!(
            replay.mismatches.is_empty(),
            "not as recorded: {}",
            replay.mismatches.join("; ")
        );
        let missing: Vec<_> = replay.exchanges[replay.done..]
            .iter()
            .map(|exchange| target(&exchange.request))
            .collect();
        assert!(
            missing.is_empty(),
            "recorded and not requested: {}",
            missing.join(", ")
        );
    }
}

impl Replay {
    fn answer(&mut self, request: &Request<Bytes>) -> Result<Response<Bytes>, ConnectorError> {
        let sent = RecordedRequest::of(request);
        let outcome = match self.exchanges.get(self.done) {
            None => Err(format!("{} comes after the end", target(&sent))),
            Some(exchange) => difference(&exchange.request, &sent).map(|()| exchange),
        };
        let number = self.done + 1;
        let exchange = outcome.map_err(|difference| {
            let message = format!("request {number}: {difference}");
            self.mismatches.push(message.clone());
            ConnectorError::user(message.into())
        })?;
        self.done = number;
        match exchange {
            Exchange {
                response: Some(response),
                ..
            } => response
                .response()
                .map_err(|error| ConnectorError::user(error.into())),
            Exchange {
                error: Some(error), ..
            } => Err(error.error()),
            _ => Err(ConnectorError::user(
                format!("exchange {number} has neither `response` nor `error`").into(),
            )),
        }
    }
}

impl Transport for Replayer {
    fn call(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
        Box::pin(async move { lock(&self.0).answer(&request) })
    }
}

impl fmt::Debug for Replayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let replay = lock(&self.0);
        f.debug_struct("Replayer")
            .field("exchanges", &replay.exchanges.len())
            .field("done", &replay.done)
            .finish_non_exhaustive()
    }
}

fn target(request: &RecordedRequest) -> &str {
    let target = request.headers.get(X_AMZ_TARGET);
    target.map_or("a request without an operation", String::as_str)
}

/// Tells how a request differs from the one that was recorded, if it does.
fn difference(recorded: &RecordedRequest, sent: &RecordedRequest) -> Result<(), String> {
    if target(recorded) != target(sent) {
        return Err(format!(
            "recorded is {}, sent was {}",
            target(recorded),
            target(sent)
        ));
    }
    let operation = target(sent);
    let (recorded, sent) = match (&recorded.body, &sent.body) {
        (Body::Json(recorded), Body::Json(sent)) => {
            let parse = |json: &RawValue| serde_json::from_str(json.get()).unwrap_or(Value::Null);
            return json_difference(String::new(), &parse(recorded), &parse(sent))
                .map_err(|difference| format!("{operation}: {difference}"));
        }
        (recorded, sent) => (recorded.bytes()?, sent.bytes()?),
    };
    if recorded == sent {
        return Ok(());
    }
    Err(format!(
        "{operation}: the recorded body is {recorded:?}, the sent one {sent:?}"
    ))
}

/// The first value that differs, with its path such as `Events[2].Name`.
fn json_difference(path: String, recorded: &Value, sent: &Value) -> Result<(), String> {
    match (recorded, sent) {
        (Value::Object(recorded), Value::Object(sent)) => {
            let mut names: Vec<_> = recorded.keys().chain(sent.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                let dot = if path.is_empty() { "" } else { "." };
                let path = format!("{path}{dot}{name}");
                match (recorded.get(name), sent.get(name)) {
                    (Some(recorded), Some(sent)) => json_difference(path, recorded, sent)?,
                    (Some(recorded), None) => {
                        return Err(format!(
                            "`{path}` is recorded as {recorded}, and was not sent"
                        ));
                    }
                    (None, sent) => {
                        let sent = sent.unwrap_or(&Value::Null);
                        return Err(format!("`{path}` was sent as {sent}, and is not recorded"));
                    }
                }
            }
            Ok(())
        }
        (Value::Array(recorded), Value::Array(sent)) if recorded.len() == sent.len() => recorded
            .iter()
            .zip(sent)
            .enumerate()
            .try_for_each(|(index, (recorded, sent))| {
                json_difference(format!("{path}[{index}]"), recorded, sent)
            }),
        _ if recorded == sent => Ok(()),
        _ => Err(format!(
            "`{path}` is recorded as {recorded}, and was sent as {sent}"
        )),
    }
}
