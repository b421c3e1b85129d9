//! A response, whole.

use std::fmt;

use aws_smithy_runtime_api::client::orchestrator;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::request::Headers;
#[cfg(feature = "test-util")]
use super::typed::TypedAnswer;

/// A response as it came: status, headers and the whole body.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpResponse {
    status: StatusCode,
    headers: Headers,
    body: Bytes,
    #[cfg(feature = "test-util")]
    answer: TypedAnswer,
}

impl HttpResponse {
    /// A response of these parts.
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: headers.into(),
            body: body.into(),
            #[cfg(feature = "test-util")]
            answer: TypedAnswer::default(),
        }
    }

    /// A response of these parts, with what a fake answers in the place of a body.
    #[cfg(feature = "test-util")]
    pub(crate) fn with_answer<T: Send + 'static>(
        status: StatusCode,
        headers: HeaderMap,
        answer: T,
    ) -> Self {
        Self {
            answer: TypedAnswer::new(answer),
            ..Self::new(status, headers, Bytes::new())
        }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The first value of a header, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)
    }

    /// The body.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The ID that the service gave the request; AWS Support asks for it.
    pub fn request_id(&self) -> Option<&str> {
        ["x-amzn-requestid", "x-amz-request-id"]
            .into_iter()
            .find_map(|name| self.header(name).filter(|id| !id.trim().is_empty()))
    }
}

/// The body can hold what a user would not want in a log; only its length is shown.
impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("request_id", &self.request_id())
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The response as all official AWS crates have it. Headers are UTF-8 there; what is not is
/// replaced.
impl From<HttpResponse> for orchestrator::HttpResponse {
    fn from(response: HttpResponse) -> Self {
        let status = response.status.as_u16().try_into();
        let status = status.expect("both types have the statuses 100 to 999");
        let mut common = Self::new(status, SdkBody::from(response.body));
        for (name, value) in response.headers.iter() {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            // A value that is refused all the same must not cost the whole error.
            let _ = common.headers_mut().try_append(name.to_string(), value);
        }
        common
    }
}

/// What a fake answered in the place of a body, if it is a `T`; it can be taken once.
#[cfg(feature = "test-util")]
pub(crate) fn take_answer<T: 'static>(response: &HttpResponse) -> Option<T> {
    response.answer.take()
}

/// Without fakes, answers are bodies.
#[cfg(not(feature = "test-util"))]
pub(crate) fn take_answer<T>(_: &HttpResponse) -> Option<T> {
    None
}
