//! How providers talk HTTP: limits, retries, and the clock of who is asked.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use aws_smithy_types::retry::RetryConfig;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, Response, Uri};
use serde_json::Value;

use super::context::Context;
use super::document::Document;
use super::refusal::Refusal;
use super::xml;
use crate::runtime::base::boxed::BoxError;
use crate::runtime::base::time::{Clock, SharedClock, timeout};
use crate::runtime::policy::clock_skew::ServiceClock;
use crate::runtime::policy::retry::{Attempts, RETRY_AFTER, Retries, reason_of_code, retry_after};
use crate::runtime::service::endpoint::functions::uri_encode;
use crate::runtime::service::metadata::RetryReason;
use crate::runtime::wire::http::{ConnectorError, SharedTransport, Transport, request_id, text};

pub(super) type Outcome = Result<Response<Bytes>, ConnectorError>;

/// Puts into a request what proves, at this time, who sends it.
pub(super) type Sign<'a> =
    &'a (dyn Fn(&mut Request<Bytes>, SystemTime) -> Result<(), BoxError> + Sync);

/// Which requests may be sent again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    Any,
    /// None that the service may have acted on: it holds a code that serves once.
    Unheard,
}

/// How long one attempt to ask an AWS service may take.
const SERVICE_LIMIT: Duration = Duration::from_secs(10);

/// Sends a request once. `limit` is for connecting and reading together.
async fn send_once(
    transport: &SharedTransport,
    time: &SharedClock,
    request: Request<Bytes>,
    limit: Duration,
) -> Outcome {
    tracing::trace!(method = %request.method(), host = request.uri().host(), "request");
    let mut response = transport.call(request);
    timeout(time, limit, response.as_mut())
        .await
        .unwrap_or_else(|_| {
            let text = format!("no answer within {limit:?}");
            Err(ConnectorError::timeout(text.into()))
        })
}

/// Sends a request to a metadata service once, and never through a proxy.
pub(super) async fn ask_metadata(
    context: &Context,
    request: Request<Bytes>,
    limit: Duration,
) -> Outcome {
    send_once(&context.metadata_transport, &context.time, request, limit).await
}

/// Sends a request to an AWS service, again if the failure passes, by the rules of any call.
pub(super) async fn call_service(
    context: &Context,
    request: Request<Bytes>,
    sign: Option<Sign<'_>>,
    repeat: Repeat,
) -> Result<Response<Bytes>, BoxError> {
    let Context {
        transport,
        time,
        clock_skew,
        ..
    } = context;
    let mut attempts = Attempts::new(time, context.retries.clone());
    let mut clock = ServiceClock::new(clock_skew.as_deref());
    loop {
        attempts.wait_for_turn().await;
        let mut request = request.clone();
        let skew = clock.start_attempt();
        let sent = time.now();
        if let Some(sign) = sign {
            sign(&mut request, skew.apply(sent))?;
        }
        let outcome = send_once(transport, time, request, SERVICE_LIMIT).await;
        if let Ok(response) = &outcome {
            clock.learn(sent, time.now(), &identified(response));
            if response.status().is_success() {
                attempts.succeed();
                return Ok(outcome?);
            }
        }
        // What is not signed does not say the time.
        let signed = sign.is_some();
        let explained = |code: &str| signed && clock.explains(code);
        let worth = worth(&outcome, explained)
            .filter(|reason| repeat == Repeat::Any || is_unheard(&outcome, *reason, explained));
        let headers = outcome.as_ref().ok().map(Response::headers);
        let retry_after = headers
            .and_then(|headers| text(headers, RETRY_AFTER))
            .and_then(retry_after);
        if !attempts.another(worth, retry_after).await {
            return Ok(outcome?);
        }
    }
}

/// An answer with its request ID in a header; STS puts it into the body as well.
fn identified(response: &Response<Bytes>) -> Cow<'_, Response<Bytes>> {
    let in_body = || HeaderValue::from_str(&xml::text(response.body(), "RequestId")?).ok();
    match request_id(response.headers()) {
        Some(_) => Cow::Borrowed(response),
        None => in_body().map_or(Cow::Borrowed(response), |id| {
            let mut response = response.clone();
            response.headers_mut().insert("x-amzn-requestid", id);
            Cow::Owned(response)
        }),
    }
}

/// Whether what an AWS service answered is worth another attempt; `is_explained` says of a code that
/// the signature was made for a wrong time.
fn worth(outcome: &Outcome, is_explained: impl Fn(&str) -> bool) -> Option<RetryReason> {
    transient(outcome).or_else(|| {
        let response = outcome.as_ref().ok()?;
        if response.status().is_success() {
            return None;
        }
        match Refusal::of(response).code?.as_str() {
            // The identity provider did not answer STS.
            "IDPCommunicationError" => Some(RetryReason::Transient),
            "SlowDownException" | "TooManyRequestsError" => Some(RetryReason::Throttling),
            code if is_explained(code) => Some(RetryReason::Transient),
            code => reason_of_code(code),
        }
    })
}

/// Whether a request that failed for this reason has surely had no effect: the service was not
/// reached, was asked too often, or refused the signature.
fn is_unheard(outcome: &Outcome, reason: RetryReason, is_explained: impl Fn(&str) -> bool) -> bool {
    match outcome {
        Err(error) => error.is_connect(),
        Ok(response) => {
            let code = Refusal::of(response).code;
            reason == RetryReason::Throttling || code.is_some_and(|code| is_explained(&code))
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

/// So many attempts, whatever is set for services: metadata is a hop away, and its services have
/// rules of their own.
pub(super) fn metadata_attempts(context: &Context, max: u32) -> Attempts<'_> {
    let retry_config = RetryConfig::standard().with_max_attempts(max);
    let retries = Retries::new(Some(&retry_config), None, &context.time);
    Attempts::new(&context.time, retries)
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
    sign: Option<Sign<'_>>,
) -> Result<Document, String> {
    let response = call_service(context, request, sign, Repeat::Any)
        .await
        .map_err(|error| error.to_string())?;
    if !response.status().is_success() {
        return Err(format!("the service answered {}", Refusal::of(&response)));
    }
    Document::parse(response.body()).map_err(|why| format!("the answer: {why}"))
}

/// Pairs as `application/x-www-form-urlencoded`, for bodies and queries.
pub(super) fn form(pairs: &[(&str, &str)]) -> String {
    let encoded: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", uri_encode(value)))
        .collect();
    encoded.join("&")
}
