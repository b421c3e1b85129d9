//! Responses: whole, as transports return them, and as programs see them.

use std::pin::pin;
use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

use super::connector_error::ConnectorError;
#[cfg(feature = "test-util")]
use super::typed::TypedAnswer;
use crate::runtime::base::boxed::BoxError;
use crate::runtime::base::time::{Clock, Elapsed, timeout};

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

/// Reads a body to its end, unless it is in memory. Between any two parts of it, the server may be
/// silent for this long.
pub(crate) async fn into_memory(
    response: &mut HttpResponse,
    time: &dyn Clock,
    read_timeout: Option<Duration>,
) -> Result<(), ConnectorError> {
    if response.body().bytes().is_some() {
        return Ok(());
    }
    let mut body = ByteStream::new(response.take_body());
    let mut whole = BytesMut::new();
    loop {
        let part = pin!(body.next());
        let part = match read_timeout {
            None => part.await,
            Some(limit) => timeout(time, limit, part).await.map_err(|Elapsed| {
                ConnectorError::timeout(format!("the server was silent for {limit:?}").into())
            })?,
        };
        match part {
            Some(part) => {
                whole.extend_from_slice(&part.map_err(|error| ConnectorError::io(error.into()))?);
            }
            None => break,
        }
    }
    *response.body_mut() = SdkBody::from(whole.freeze());
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
    use std::convert::Infallible;
    use std::future::Future;
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use hyper::body::{Body, Frame};

    use super::*;
    use crate::runtime::base::time::StillClock;

    /// A body of one part, after which the server is silent.
    struct Stalls(Option<Bytes>);

    impl Body for Stalls {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            match self.0.take() {
                Some(part) => Poll::Ready(Some(Ok(Frame::data(part)))),
                None => Poll::Pending,
            }
        }
    }

    #[test]
    fn a_body_that_stalls_is_a_timeout() {
        for (limit, is_timeout) in [(Some(Duration::from_secs(1)), true), (None, false)] {
            let body = SdkBody::from_body_1_x(Stalls(Some(Bytes::from_static(b"{"))));
            let mut response = HttpResponse::new(200.try_into().unwrap(), body);
            let reading = pin!(into_memory(&mut response, &StillClock, limit));
            match reading.poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(read) => assert!(is_timeout && read.unwrap_err().is_timeout()),
                Poll::Pending => assert!(!is_timeout),
            }
        }
    }

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
