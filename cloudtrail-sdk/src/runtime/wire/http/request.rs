//! Requests: whole, as transports take them, and as the functions of programs see them.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::Request;

#[cfg(feature = "test-util")]
use super::typed::TypedInput;
use crate::runtime::base::boxed::BoxError;

/// A change that a program makes to a request, be it the signature. The conversions are in the
/// function, so that programs which change no requests do not link them.
#[derive(Clone)]
pub(crate) struct Mutation(Arc<Mutate>);

type Mutate = dyn Fn(Request<Bytes>) -> Result<Request<Bytes>, BoxError> + Send + Sync;

impl Mutation {
    pub(crate) fn new(
        map: impl Fn(HttpRequest) -> Result<HttpRequest, BoxError> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(move |request| mapped(request, &map)))
    }
}

impl fmt::Debug for Mutation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mutation")
    }
}

const INVALID_HEADER: &str = "a header is invalid: HTTP does not allow its name or its value";
const STREAM: &str = "the request was given a body that is not in memory, which cannot be signed";

/// The request that a program makes of one by several changes.
pub(crate) fn mutated(
    request: Request<Bytes>,
    mutations: &[Mutation],
) -> Result<Request<Bytes>, BoxError> {
    let mut mutations = mutations.iter();
    mutations.try_fold(request, |request, mutation| (mutation.0)(request))
}

/// The request that a program's function makes of one.
fn mapped(
    request: Request<Bytes>,
    map: &dyn Fn(HttpRequest) -> Result<HttpRequest, BoxError>,
) -> Result<Request<Bytes>, BoxError> {
    // A program that clones the request clones no extensions.
    let extensions = request.extensions().clone();
    let request = into_smithy_request(request)?;
    let mut request = from_smithy_request(guarded(|| map(request))?)?;
    request.extensions_mut().extend(extensions);
    Ok(request)
}

/// The request as programs see it.
pub(crate) fn into_smithy_request(request: Request<Bytes>) -> Result<HttpRequest, BoxError> {
    Ok(HttpRequest::try_from(request.map(SdkBody::from))?)
}

/// The request that a program has left behind.
pub(crate) fn from_smithy_request(request: HttpRequest) -> Result<Request<Bytes>, BoxError> {
    let body = request.body().bytes().ok_or(STREAM)?;
    let body = Bytes::copy_from_slice(body);
    Ok(request.try_into_http1x()?.map(|_| body))
}

/// Calls a program's function. Smithy's headers panic where the rest of it has errors; these panics
/// are errors here.
pub(crate) fn guarded<T>(function: impl FnOnce() -> Result<T, BoxError>) -> Result<T, BoxError> {
    match catch_unwind(AssertUnwindSafe(function)) {
        Ok(result) => result,
        Err(panic) if is_about_headers(&*panic) => Err(INVALID_HEADER.into()),
        Err(panic) => resume_unwind(panic),
    }
}

/// Whether it is a panic of smithy's `Headers::insert` or `append`.
fn is_about_headers(panic: &(dyn std::any::Any + Send)) -> bool {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.is_some_and(|text| {
        ["HttpError", "HeaderName", "HeaderValue"]
            .iter()
            .any(|of| text.contains(of))
    })
}

/// Lets the input of an operation travel with its request, for fakes to look at.
#[cfg(feature = "test-util")]
pub(crate) fn carry_input<I: Send + Sync + 'static>(
    request: &mut Request<Bytes>,
    operation: &'static str,
    input: I,
) {
    let input = TypedInput::new(operation, input);
    request.extensions_mut().insert(input);
}

/// Without fakes, nobody looks at inputs.
#[cfg(not(feature = "test-util"))]
pub(crate) fn carry_input<I>(_: &mut Request<Bytes>, _operation: &'static str, _input: I) {}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn mutated(
        mutation: impl Fn(&mut HttpRequest) + Send + Sync + 'static,
    ) -> Result<Request<Bytes>, String> {
        let mutation = Mutation::new(move |mut request| {
            mutation(&mut request);
            Ok(request)
        });
        super::mutated(Request::new(Bytes::from("body")), &[mutation])
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_header_that_is_not_allowed_fails_the_call_without_telling_its_value() {
        let mutations: [fn(&mut HttpRequest); 8] = [
            |request| {
                request.headers_mut().insert("x run", "secret");
            },
            |request| {
                request.headers_mut().insert("x-run", "secret\n");
            },
            |request| {
                request.headers_mut().insert("", "secret");
            },
            |request| {
                request.headers_mut().insert("X RUN", "secret");
            },
            |request| {
                request.headers_mut().insert("x-run", "secret\n".to_owned());
            },
            |request| {
                request.headers_mut().append("x run".to_owned(), "secret");
            },
            |request| {
                request.headers_mut().append("x-run", "secret\n");
            },
            |request| {
                let value = HeaderValue::from_bytes(b"secret\xff").unwrap();
                request.headers_mut().insert("x-run", value);
            },
        ];
        for mutation in mutations {
            assert_eq!(mutated(mutation).unwrap_err(), INVALID_HEADER);
        }
    }

    #[test]
    #[should_panic(expected = "the program's own")]
    fn a_panic_of_the_program_is_its_own() {
        let _ = mutated(|_| panic!("the program's own"));
    }

    #[test]
    fn extensions_survive_a_clone() {
        let mut request = Request::new(Bytes::new());
        request.extensions_mut().insert("the input");
        let clone = Mutation::new(|request| Ok(request.try_clone().ok_or("no clone")?));
        let request = super::mutated(request, &[clone]).unwrap();
        assert_eq!(request.extensions().get(), Some(&"the input"));
    }

    #[test]
    fn what_a_program_changes_is_sent() {
        let request = mutated(|request| {
            request.headers_mut().insert("X-Run", "7");
            request.set_uri("http://other.example.com/x").unwrap();
            request.set_method("PUT").unwrap();
            *request.body_mut() = SdkBody::from("another body");
        })
        .unwrap();
        assert_eq!(request.headers()["x-run"], "7");
        assert_eq!(request.uri(), "http://other.example.com/x");
        assert_eq!(request.method(), "PUT");
        assert_eq!(request.body(), "another body");
    }
}
