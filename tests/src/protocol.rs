//! The service's side of awsJson1_1: what a request must look like, and what answers look like.

use std::time::Duration;

use hyper::body::Bytes;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use hyper::http::request::Parts;
use hyper::{Method, Uri};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::model::Operation;
use crate::sigv4::{self, Authorization, Identity};
use crate::values::Values;
use crate::{CONSTRAINTS, MODEL};

/// Whose requests the server accepts, and from where.
pub const IDENTITY: Identity<'_> = Identity {
    access_key_id: "AKID",
    secret_access_key: "loopback-secret",
    region: "us-east-1",
    service: "cloudtrail",
};

/// The session token that may come with [`IDENTITY`].
pub const SESSION_TOKEN: &str = "loopback-token";

pub const JSON_1_1: &str = "application/x-amz-json-1.1";

/// The headers that must be signed, where they are sent.
const SIGNED: [&str; 5] = [
    "host",
    "x-amz-date",
    "x-amz-target",
    "content-type",
    "x-amz-security-token",
];

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The error code that the client gets.
    pub code: &'static str,
    pub message: String,
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// The request ID that the answer carries.
    pub request_id: String,
    /// Everything that is wrong with the request.
    pub refusals: Vec<Refusal>,
    operation: Option<Operation<'static>>,
}

impl Received {
    /// Takes a request in, and looks for everything that is wrong with it.
    pub(crate) fn new(
        request: Parts,
        body: Bytes,
        request_id: String,
        now: OffsetDateTime,
    ) -> Self {
        let operation = operation(&request.headers);
        let refusals = refusals(&request, &body, operation, now);
        let Parts {
            method,
            uri,
            headers,
            ..
        } = request;
        Self {
            method,
            uri,
            headers,
            body,
            request_id,
            refusals,
            operation,
        }
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The operation that `x-amz-target` names, if it names one.
    pub fn operation(&self) -> Option<Operation<'static>> {
        self.operation
    }

    /// The names of the headers that the signature covers.
    pub fn signed_headers(&self) -> Vec<&str> {
        Authorization::of(&self.headers)
            .map_or_else(|_| Vec::new(), |authorization| authorization.signed_headers)
    }

    /// The body, which must be JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {:?}", self.body))
    }
}

fn operation(headers: &HeaderMap) -> Option<Operation<'static>> {
    let (service, name) = headers
        .get("x-amz-target")?
        .to_str()
        .ok()?
        .split_once('.')?;
    MODEL
        .operation(name)
        .filter(|_| service == MODEL.service().name())
}

/// Everything that is wrong with a request that arrived at `now`.
fn refusals(
    request: &Parts,
    body: &[u8],
    operation: Option<Operation<'_>>,
    now: OffsetDateTime,
) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut demand = |holds: bool, code: &'static str, message: String| {
        if !holds {
            refusals.push(Refusal { code, message });
        }
    };

    let line = format!("{} {}", request.method, request.uri);
    demand(
        line == "POST /",
        "UnknownOperationException",
        format!("{line} is not POST /"),
    );
    let header = |name: &str| {
        request
            .headers
            .get(name)
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
    };
    for (name, expected) in [
        (CONTENT_TYPE, JSON_1_1),
        (CONTENT_LENGTH, &body.len().to_string()),
    ] {
        let actual = header(name.as_str());
        let message = format!("{name} is {actual:?}, not {expected}");
        demand(
            actual.as_deref() == Some(expected),
            "SerializationException",
            message,
        );
    }
    let token = header("x-amz-security-token");
    let message = format!("the session token is {token:?}");
    demand(
        token.is_none_or(|token| token == SESSION_TOKEN),
        "UnrecognizedClientException",
        message,
    );
    if let Ok(authorization) = Authorization::of(&request.headers) {
        for name in SIGNED {
            let is_signed = authorization.signed_headers.contains(&name);
            let message = format!("{name} is not signed");
            demand(
                is_signed || header(name).is_none(),
                "InvalidSignatureException",
                message,
            );
        }
    }
    refusals.extend(sigv4::verify(request, body, &IDENTITY, now).err());
    refusals.extend(body_refusals(operation, body));
    refusals
}

fn body_refusals(operation: Option<Operation<'_>>, body: &[u8]) -> Vec<Refusal> {
    let refuse = |code, message| Refusal { code, message };
    let Some(operation) = operation else {
        return vec![refuse(
            "UnknownOperationException",
            "x-amz-target names no operation".to_owned(),
        )];
    };
    match serde_json::from_slice(body) {
        Ok(input) => CONSTRAINTS
            .violations(operation.input(), &input)
            .into_iter()
            .map(|message| refuse("ValidationException", message))
            .collect(),
        Err(error) => vec![refuse(
            "SerializationException",
            format!("the body is no JSON: {error}"),
        )],
    }
}

/// How the server answers a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// The output that the model describes, every member filled.
    Modeled,
    /// This output.
    Output(Value),
    /// An error of the model, with the HTTP status that the model gives it.
    Error {
        shape: &'static str,
        message: String,
        form: ErrorForm,
    },
    /// Any response.
    Raw {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: Bytes,
    },
    /// A response whose `content-length` promises more bytes than `body`; then the connection is closed.
    Truncated { body: Bytes },
    /// The connection is reset.
    Reset,
    /// Another reply, late.
    After(Duration, Box<Self>),
}

impl Reply {
    /// An error of the model.
    pub fn error(shape: &'static str, message: impl Into<String>) -> Self {
        Self::Error {
            shape,
            message: message.into(),
            form: ErrorForm::Type,
        }
    }

    /// A response of a content type.
    pub fn raw(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        let headers = vec![("content-type", content_type.to_owned())];
        Self::Raw {
            status,
            headers,
            body: body.into(),
        }
    }
}

/// Where an error response carries the error's code and message. All of these are in use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ErrorForm {
    /// Header `x-amzn-errortype` with a URI after the code; `message`.
    Header,
    /// `__type`; `Message`.
    Type,
    /// `__type` with the namespace before the code; `message`.
    TypeWithNamespace,
    /// `__type` with namespace and URI; `errorMessage`.
    TypeWithNamespaceAndUri,
    /// `code`; `message`.
    Code,
}

impl ErrorForm {
    pub const ALL: [Self; 5] = [
        Self::Header,
        Self::Type,
        Self::TypeWithNamespace,
        Self::TypeWithNamespaceAndUri,
        Self::Code,
    ];
}

/// The response of a modeled error: HTTP status, headers, body.
pub(crate) fn error_response(
    code: &str,
    message: &str,
    form: ErrorForm,
) -> (Vec<(&'static str, String)>, Value) {
    const URI: &str = "http://internal.amazon.com/coral/com.amazonaws.cloudtrail/";
    match form {
        ErrorForm::Header => (
            vec![("x-amzn-errortype", format!("{code}:{URI}"))],
            json!({ "message": message }),
        ),
        ErrorForm::Type => (vec![], json!({ "__type": code, "Message": message })),
        ErrorForm::TypeWithNamespace => (
            vec![],
            json!({ "__type": format!("com.amazonaws.cloudtrail#{code}"), "message": message }),
        ),
        ErrorForm::TypeWithNamespaceAndUri => (
            vec![],
            json!({ "__type": format!("com.amazonaws.cloudtrail#{code}:{URI}"), "errorMessage": message }),
        ),
        ErrorForm::Code => (vec![], json!({ "code": code, "message": message })),
    }
}

/// The HTTP status that the model gives to an error.
pub fn http_status(shape: &str) -> u16 {
    let error = MODEL.named(shape);
    let status = error.trait_value("httpError").and_then(Value::as_u64);
    let fault = error
        .trait_value("error")
        .unwrap_or_else(|| panic!("{shape} is no error"));
    status.map_or(if fault == "server" { 500 } else { 400 }, |status| {
        status as u16
    })
}

/// A value of `operation`'s output with every member filled.
pub fn modeled_output(operation: Operation<'static>) -> Value {
    Values::new(&CONSTRAINTS, 0).structure(operation.output())
}
