//! Responses, for transports of tests to answer with.

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};

/// A response of these parts.
pub fn http_response(
    status: StatusCode,
    headers: HeaderMap,
    body: impl Into<Bytes>,
) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
