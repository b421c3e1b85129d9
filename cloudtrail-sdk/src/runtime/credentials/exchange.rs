//! How providers talk HTTP: limits and retries.

use std::time::Duration;

use aws_smithy_types::retry::RetryConfig;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, Uri};
use serde_json::Value;

use super::Context;
use super::document::Document;
use crate::runtime::config::Config;
use crate::runtime::endpoint::functions::uri_encode;
use crate::runtime::http::{ConnectorError, HttpClient, HttpResponse};
use crate::runtime::response::error_metadata;
use crate::runtime::retry::{Retries, RetryReason};
use crate::runtime::time::{SharedTimeSource, TimeSource, timeout};

pub(super) type Outcome = Result<HttpResponse, ConnectorError>;

/// How often AWS services are asked, and how long one attempt may take.
const SERVICE_ATTEMPTS: u32 = 3;
const SERVICE_LIMIT: Duration = Duration::from_secs(10);

/// The codes by which services throttle.
const THROTTLING_CODES: [&str; 6] = [
    "RequestLimitExceeded",
    "SlowDownException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsError",
    "TooManyRequestsException",
];

/// Sends a request once. `limit` is for connecting and reading together.
pub(super) async fn send_once(
    context: &Context,
    request: Request<Bytes>,
    limit: Duration,
) -> Outcome {
    tracing::trace!(method = %request.method(), host = request.uri().host(), "request");
    let mut response = context.http_client.call(request);
    timeout(&context.time, limit, response.as_mut())
        .await
        .unwrap_or_else(|_| {
            let text = format!("no answer within {limit:?}");
            Err(ConnectorError::timeout(text.into()))
        })
}

/// Sends a request to an AWS service, again if the failure passes. `code_of` finds the code of an
/// answer that is not a success.
pub(super) async fn call_service(
    context: &Context,
    request: Request<Bytes>,
    code_of: impl Fn(&HttpResponse) -> Option<String>,
) -> Outcome {
    let mut attempts = Attempts::new(context, SERVICE_ATTEMPTS);
    loop {
        let outcome = send_once(context, request.clone(), SERVICE_LIMIT).await;
        let worth = transient(&outcome).or_else(|| {
            let response = outcome.as_ref().ok()?;
            if response.status().is_success() {
                return None;
            }
            match code_of(response)?.as_str() {
                // The identity provider did not answer STS.
                "IDPCommunicationError" => Some(RetryReason::Transient),
                code => THROTTLING_CODES
                    .contains(&code)
                    .then_some(RetryReason::Throttling),
            }
        });
        if !attempts.another(worth).await {
            return outcome;
        }
    }
}

/// Whether the failure passes, as far as the network and the status tell.
pub(super) fn transient(outcome: &Outcome) -> Option<RetryReason> {
    match outcome {
        Ok(response) if response.status().is_server_error() => Some(RetryReason::Transient),
        Ok(response) if response.status().as_u16() == 429 => Some(RetryReason::Throttling),
        Ok(_) => None,
        Err(error) => (error.is_io() || error.is_timeout()).then_some(RetryReason::Transient),
    }
}

/// The attempts of one exchange.
pub(super) struct Attempts {
    time: SharedTimeSource,
    retries: Retries,
    made: u32,
}

impl Attempts {
    pub(super) fn new(context: &Context, max: u32) -> Self {
        let config = Config {
            retry_config: Some(RetryConfig::standard().with_max_attempts(max)),
            ..Config::default()
        };
        Self {
            time: context.time.clone(),
            retries: Retries::new(&config, &context.time),
            made: 0,
        }
    }

    /// Told how an attempt went, waits for the next one; false if there is none.
    pub(super) async fn another(&mut self, worth: Option<RetryReason>) -> bool {
        self.made += 1;
        let Some(reason) = worth else {
            return false;
        };
        let Some(retry) = self.retries.retry(reason, self.made, None, &self.time) else {
            return false;
        };
        self.time.sleep(retry.delay).await;
        true
    }
}

/// A request with a JSON body.
pub(super) fn post_json(uri: Uri, body: &Value) -> Request<Bytes> {
    let mut request = Request::new(Bytes::from(body.to_string()));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = uri;
    request
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    request
}

/// Sends a request for a token of OAuth. The error is what was wrong, in words.
pub(super) async fn exchange_token(
    context: &Context,
    request: Request<Bytes>,
) -> Result<Document, String> {
    let response = call_service(context, request, json_code)
        .await
        .map_err(|error| error.to_string())?;
    if !response.status().is_success() {
        return Err(json_refusal(&response));
    }
    Document::parse(response.body()).map_err(|why| format!("the answer: {why}"))
}

/// The code of an error of a service that speaks JSON.
pub(super) fn json_code(response: &HttpResponse) -> Option<String> {
    error_metadata(response, &[]).code().map(str::to_owned)
}

/// What such a service says of its refusal: in its own words, or in those of OAuth.
pub(super) fn json_refusal(response: &HttpResponse) -> String {
    let metadata = error_metadata(response, &[]);
    let document = Document::parse(response.body()).ok();
    let of_oauth = |name| document.as_ref().and_then(|document| document.text(name));
    let code = of_oauth("error").or(metadata.code());
    let message = of_oauth("error_description").or(metadata.message());
    format!(
        "the service answered {}: {}: {}",
        response.status(),
        code.unwrap_or("no code"),
        message.unwrap_or("no message")
    )
}

/// Pairs as `application/x-www-form-urlencoded`, for bodies and queries.
pub(super) fn form(pairs: &[(&str, &str)]) -> String {
    let encoded: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", uri_encode(value)))
        .collect();
    encoded.join("&")
}
