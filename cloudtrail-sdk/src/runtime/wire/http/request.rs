//! A request as the functions of users see it that change it.

use std::fmt;
use std::ops::{Deref, DerefMut};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri};

#[cfg(feature = "test-util")]
use super::typed::TypedInput;
use crate::runtime::base::boxed::BoxError;

/// A request before it is signed.
pub struct HttpRequest {
    /// Without its headers.
    request: Request<Bytes>,
    headers: Headers,
}

impl HttpRequest {
    /// The method.
    pub fn method(&self) -> &Method {
        self.request.method()
    }

    /// The URI.
    pub fn uri(&self) -> &Uri {
        self.request.uri()
    }

    /// The URI, to change it.
    pub fn uri_mut(&mut self) -> &mut Uri {
        self.request.uri_mut()
    }

    /// The headers.
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The headers, to change them.
    pub fn headers_mut(&mut self) -> &mut Headers {
        &mut self.headers
    }

    /// The body.
    pub fn body(&self) -> &Bytes {
        self.request.body()
    }

    /// The body, to change it.
    pub fn body_mut(&mut self) -> &mut Bytes {
        self.request.body_mut()
    }

    /// The request, unless it was given a header that none can be.
    pub(crate) fn into_http(mut self) -> Result<Request<Bytes>, BoxError> {
        if let Some(name) = self.headers.invalid {
            let error = format!(
                "the header {name:?} is invalid: HTTP does not allow its name or its value"
            );
            return Err(error.into());
        }
        *self.request.headers_mut() = self.headers.map;
        Ok(self.request)
    }
}

/// Headers and body can hold what a user would not want in a log.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest")
            .field("method", self.method())
            .field("uri", self.uri())
            .field("body_length", &self.body().len())
            .finish_non_exhaustive()
    }
}

impl From<Request<Bytes>> for HttpRequest {
    fn from(mut request: Request<Bytes>) -> Self {
        let headers = std::mem::take(request.headers_mut()).into();
        Self { request, headers }
    }
}

/// Headers, read and written as text. What else can be done with them, [`HeaderMap`] does.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers {
    map: HeaderMap,
    /// The name of a header that could not be set; it fails the call.
    invalid: Option<String>,
}

impl Headers {
    /// The first value of a header, if it is text.
    pub fn get(&self, name: impl AsRef<str>) -> Option<&str> {
        self.map.get(name.as_ref())?.to_str().ok()
    }

    /// The values of a header that are text.
    pub fn get_all(&self, name: impl AsRef<str>) -> impl Iterator<Item = &str> {
        let values = self.map.get_all(name.as_ref()).into_iter();
        values.filter_map(|value| value.to_str().ok())
    }

    /// Sets a header and returns the value that it had. One that HTTP does not allow fails the call.
    pub fn insert<V>(&mut self, name: impl AsRef<str>, value: V) -> Option<String>
    where
        V: TryInto<HeaderValue>,
    {
        let (name, value) = self.valid(name.as_ref(), value)?;
        text(self.map.insert(name, value)?)
    }

    /// Adds a value to a header. One that HTTP does not allow fails the call.
    pub fn append<V: TryInto<HeaderValue>>(&mut self, name: impl AsRef<str>, value: V) {
        if let Some((name, value)) = self.valid(name.as_ref(), value) {
            self.map.append(name, value);
        }
    }

    /// Removes a header and returns the value that it had.
    pub fn remove(&mut self, name: impl AsRef<str>) -> Option<String> {
        text(self.map.remove(name.as_ref())?)
    }

    fn valid<V>(&mut self, name: &str, value: V) -> Option<(HeaderName, HeaderValue)>
    where
        V: TryInto<HeaderValue>,
    {
        match (HeaderName::try_from(name), value.try_into()) {
            (Ok(name), Ok(value)) => Some((name, value)),
            _ => {
                self.invalid = Some(name.to_owned());
                None
            }
        }
    }
}

fn text(value: HeaderValue) -> Option<String> {
    value.to_str().ok().map(str::to_owned)
}

/// The names alone.
impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.map.keys()).finish()
    }
}

impl From<HeaderMap> for Headers {
    fn from(map: HeaderMap) -> Self {
        Self { map, invalid: None }
    }
}

impl Deref for Headers {
    type Target = HeaderMap;

    fn deref(&self) -> &HeaderMap {
        &self.map
    }
}

impl DerefMut for Headers {
    fn deref_mut(&mut self) -> &mut HeaderMap {
        &mut self.map
    }
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
    use super::*;

    #[test]
    fn a_header_is_text() {
        let mut headers = Headers::default();
        assert_eq!(headers.insert("x-run", "7"), None);
        assert_eq!(headers.insert("X-Run", String::from("8")), Some("7".into()));
        headers.append("x-run", HeaderValue::from(9));
        assert_eq!(headers.get("X-RUN"), Some("8"));
        assert_eq!(headers.get_all("x-run").collect::<Vec<_>>(), ["8", "9"]);
        assert_eq!(headers.remove("x-run").as_deref(), Some("8"));
        assert_eq!(headers.get("not a name"), None);
        assert_eq!(headers.remove("not a name"), None);
        assert!(headers.is_empty());
    }

    #[test]
    fn a_header_that_is_not_allowed_fails_the_call_without_telling_its_value() {
        for (name, value) in [("x run", "secret"), ("x-run", "secret\n"), ("", "secret")] {
            let mut request = HttpRequest::from(Request::new(Bytes::new()));
            request.headers_mut().insert("x-fine", "yes");
            assert_eq!(request.headers_mut().insert(name, value), None);
            let error = request.into_http().unwrap_err().to_string();
            assert!(error.contains(&format!("{name:?}")), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn debug_tells_no_values() {
        let mut request = HttpRequest::from(Request::new(Bytes::from("secret")));
        request.headers_mut().insert("x-token", "secret");
        assert!(!format!("{request:?} {:?}", request.headers()).contains("secret"));
    }
}
