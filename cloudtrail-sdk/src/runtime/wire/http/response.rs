//! Responses: whole, as transports return them, and as programs see them.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

#[cfg(feature = "test-util")]
use super::typed::TypedAnswer;
use crate::runtime::base::boxed::BoxError;

/// A response of these parts.
pub(crate) fn response(
    status: StatusCode,
    headers: HeaderMap,
    body: impl Into<Bytes>,
) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// The first value of a header, if it is text.
pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The ID that the service gave the request; AWS Support asks for it.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    ["x-amzn-requestid", "x-amz-request-id"]
        .into_iter()
        .find_map(|name| text(headers, name).filter(|id| !id.trim().is_empty()))
}

/// The response as programs see it.
pub(crate) fn into_smithy(response: Response<Bytes>) -> HttpResponse {
    let (status, body) = (response.status(), response.body().clone());
    // Any header of `http` is one of smithy's; if that ever changes, the rest is still there.
    HttpResponse::try_from(response.map(SdkBody::from))
        .unwrap_or_else(|_| HttpResponse::new(status.into(), SdkBody::from(body)))
}

/// Reads a body to its end, unless it is in memory.
pub(crate) async fn into_memory(response: &mut HttpResponse) -> Result<(), BoxError> {
    if response.body().bytes().is_none() {
        let body = ByteStream::new(response.take_body()).collect().await?;
        *response.body_mut() = SdkBody::from(body.into_bytes());
    }
    Ok(())
}

/// The response that a program has seen, whose body is in memory. Smithy's own conversion refuses
/// responses that carry extensions of older versions of `http`.
pub(crate) fn from_smithy(seen: &HttpResponse) -> Result<Response<Bytes>, BoxError> {
    let mut headers = HeaderMap::new();
    for (name, value) in seen.headers().iter_bytes() {
        headers.append(HeaderName::try_from(name)?, HeaderValue::from_bytes(value)?);
    }
    let body = seen.body().bytes().unwrap_or_default();
    let status = StatusCode::from_u16(seen.status().into())?;
    #[cfg_attr(not(feature = "test-util"), allow(unused_mut))]
    let mut response = response(status, headers, Bytes::copy_from_slice(body));
    #[cfg(feature = "test-util")]
    if let Some(answer) = seen.extension::<TypedAnswer>() {
        response.extensions_mut().insert(answer.clone());
    }
    Ok(response)
}

/// A response of these parts, with what a fake answers in the place of a body.
#[cfg(feature = "test-util")]
pub(crate) fn with_answer<T: Send + 'static>(
    status: StatusCode,
    headers: HeaderMap,
    answer: T,
) -> Response<Bytes> {
    let mut response = response(status, headers, Bytes::new());
    response.extensions_mut().insert(TypedAnswer::new(answer));
    response
}

/// What a fake answered in the place of a body, if it is a `T`; it can be taken once.
#[cfg(feature = "test-util")]
pub(crate) fn take_answer<T: 'static>(response: &Response<Bytes>) -> Option<T> {
    response.extensions().get::<TypedAnswer>()?.take()
}

/// As [`take_answer`], of a response that programs see.
#[cfg(feature = "test-util")]
pub(crate) fn take_error<T: 'static>(response: &HttpResponse) -> Option<T> {
    response.extension::<TypedAnswer>()?.take()
}

/// Without fakes, answers are bodies.
#[cfg(not(feature = "test-util"))]
pub(crate) fn take_answer<T>(_: &Response<Bytes>) -> Option<T> {
    None
}

/// Without fakes, errors are bodies.
#[cfg(not(feature = "test-util"))]
pub(crate) fn take_error<T>(_: &HttpResponse) -> Option<T> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_that_is_no_text_hides_nothing() {
        let mut headers = HeaderMap::new();
        headers.insert("x-odd", HeaderValue::from_bytes(b"caf\xe9").unwrap());
        headers.insert("x-amzn-requestid", HeaderValue::from_static("id-1"));
        let response = into_smithy(response(StatusCode::BAD_GATEWAY, headers, "body"));
        assert_eq!(response.status().as_u16(), 502);
        assert_eq!(response.headers().get("x-amzn-requestid"), Some("id-1"));
        assert_eq!(response.headers().get_bytes("x-odd"), Some(&b"caf\xe9"[..]));
        assert_eq!(response.body().bytes(), Some(&b"body"[..]));
    }
}
