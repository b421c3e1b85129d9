//! What a response says: why a call failed, or that the service did not write it.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, LOCATION};
use http::{Response, Uri};

use crate::runtime::base::untrusted::without_user_info;
use crate::runtime::error::metadata::ErrorMetadata;
use crate::runtime::wire::codec::{
    Decode, DecodeError, DecodeMembers, Decoded, Kind, MemberValue, Reader, decode,
};
use crate::runtime::wire::http::request_id;

/// Helps against bodies that are compressed, which no request asks for.
const COMPRESSED: &str = "something between here and the service compresses responses, such as a \
    proxy or a gateway; let it pass them on as they are";

/// Helps against redirects.
const REDIRECTED: &str = "redirects are not followed, since a signature is for one host; check the \
    endpoint URL";

/// Helps against bodies that are not the service's.
const FOREIGN: &str = "something else than the service has answered, such as a proxy or a sign-in \
    page; check the endpoint URL and the proxy";

/// Reads the output of an operation from a success. The error may have something that helps.
pub(crate) fn read_output(
    response: &Response<Bytes>,
    output: &mut dyn Decode,
) -> Result<(), (DecodeError, Option<&'static str>)> {
    if let Some(encoding) = content_encoding(response) {
        return Err((DecodeError::new(compressed(encoding)), Some(COMPRESSED)));
    }
    decode(response.body(), output).map_err(|error| match foreign(response, &error) {
        Some(error) => (error, Some(FOREIGN)),
        None => (error, None),
    })
}

/// How the body is compressed, if it is.
fn content_encoding(response: &Response<Bytes>) -> Option<&str> {
    texts(response.headers(), CONTENT_ENCODING.as_str())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .find(|encoding| !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity"))
}

/// The values of a header that are text.
fn texts<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).into_iter();
    values.filter_map(|value| value.to_str().ok())
}

/// The first value of a header, be it text or not.
fn header(response: &Response<Bytes>, name: HeaderName) -> Option<Cow<'_, str>> {
    let value = response.headers().get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()))
}

/// A place without the password that can stand in it.
fn shown(location: &str) -> Cow<'_, str> {
    let has_user = |uri: Uri| uri.authority().is_some_and(|at| at.as_str().contains('@'));
    match location.parse().map(has_user) {
        Ok(false) => location.into(),
        _ => without_user_info(location),
    }
}

fn compressed(encoding: &str) -> String {
    format!("the body is compressed (content-encoding: {encoding}), which was not asked for")
}

/// The error for a body that something else has sent. One that may be the service's is not shown.
fn foreign(response: &Response<Bytes>, error: &DecodeError) -> Option<DecodeError> {
    let content_type = header(response, CONTENT_TYPE);
    let is_object = response.body().trim_ascii_start().starts_with(b"{");
    let what = match &content_type {
        _ if !is_object => "the body is not a JSON object".to_owned(),
        Some(content_type) if !content_type.to_ascii_lowercase().contains("json") => {
            error.to_string()
        }
        _ => return None,
    };
    Some(DecodeError::new(format!("{what} {}", start(response))))
}

/// The kind of content of a body, and its start.
pub(crate) fn start(response: &Response<Bytes>) -> String {
    let content_type = header(response, CONTENT_TYPE);
    let content_type = content_type.as_deref().unwrap_or("none");
    match start_of_text(response.body()) {
        Some(start) => format!("(content-type: {content_type}): {start}"),
        None => format!("(content-type: {content_type}), and blank"),
    }
}

/// What a body says of an error.
#[derive(Default)]
struct ErrorBody {
    error: ErrorMembers,
    /// What stands in `Output`, where services answer that know no such operation.
    output: Output,
}

/// The members that tell what went wrong, by all the names that they have.
///
/// <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization>
#[derive(Default)]
struct ErrorMembers {
    code: Text,
    type_: Text,
    message: Text,
    capital_message: Text,
    error_message: Text,
}

/// Text where there is text; anything else is as good as absent.
#[derive(Default)]
struct Text(Option<String>);

/// Members where there is an object; anything else is as good as absent.
#[derive(Default)]
struct Output(ErrorMembers);

impl Decode for Text {
    fn unset() -> Self {
        Self::default()
    }

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        self.0 = match reader.kind()? {
            Kind::String => reader.string()?.map(str::to_owned),
            _ => {
                reader.skip()?;
                None
            }
        };
        Ok(())
    }
}

impl Decode for Output {
    fn unset() -> Self {
        Self::default()
    }

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        *self = Self::default();
        match reader.kind()? {
            Kind::Object => self.0.decode(reader),
            _ => reader.skip(),
        }
    }
}

impl DecodeMembers for ErrorMembers {
    fn unset() -> Self {
        Self::default()
    }

    fn member(&mut self, name: &str, value: &mut MemberValue<'_, '_>) -> Decoded {
        match name {
            "code" => value.read(&mut self.code),
            "__type" => value.read(&mut self.type_),
            "message" => value.read(&mut self.message),
            "Message" => value.read(&mut self.capital_message),
            "errorMessage" => value.read(&mut self.error_message),
            _ => value.skip(),
        }
    }
}

impl DecodeMembers for ErrorBody {
    fn unset() -> Self {
        Self::default()
    }

    fn member(&mut self, name: &str, value: &mut MemberValue<'_, '_>) -> Decoded {
        match name {
            "Output" => value.read(&mut self.output),
            _ => self.error.member(name, value),
        }
    }
}

impl ErrorMembers {
    fn code(&self) -> Option<&str> {
        [&self.code, &self.type_]
            .into_iter()
            .find_map(|text| shape_name(text.0.as_deref()?))
    }

    fn message(&self) -> Option<&str> {
        [&self.message, &self.capital_message, &self.error_message]
            .into_iter()
            .filter_map(|text| text.0.as_deref())
            .find(|message| !message.trim().is_empty())
    }
}

impl ErrorBody {
    fn code(&self) -> Option<&str> {
        self.error.code().or_else(|| self.output.0.code())
    }

    fn message(&self) -> Option<&str> {
        self.error.message().or_else(|| self.output.0.message())
    }
}

/// Code, message and request ID of a response that is not a success, and what helps.
///
/// The code is looked for in the header `x-amzn-query-error`, which only services have that once
/// spoke AWS Query, in the header `x-amzn-errortype`, and in the body's `code` and `__type`.
/// A body that is not JSON, such as a proxy's, has neither; the start of its text is the message.
pub(crate) fn error_metadata(
    response: &Response<Bytes>,
    hints: &[(&'static str, &'static str)],
) -> ErrorMetadata {
    let encoding = content_encoding(response);
    let mut body = ErrorBody::default();
    let is_json = encoding.is_none() && decode(response.body(), &mut body).is_ok();
    if !is_json {
        body = ErrorBody::default();
    }
    let headers = response.headers();
    let code = texts(headers, "x-amzn-query-error")
        .filter_map(|error| error.split(';').next())
        .chain(texts(headers, "x-amzn-errortype"))
        .find_map(shape_name)
        .or_else(|| body.code());
    let mut hint = hints
        .iter()
        .find_map(|(of, hint)| (code == Some(of)).then_some(*hint));
    let message = if let Some(encoding) = encoding {
        hint = hint.or(Some(COMPRESSED));
        Some(compressed(encoding))
    } else if code.is_none() && response.status().is_redirection() {
        hint = Some(REDIRECTED);
        Some(
            match header(response, LOCATION).filter(|location| !location.trim().is_empty()) {
                Some(location) => format!("a redirect to {}", shown(&location)),
                None => "a redirect that does not say where to".to_owned(),
            },
        )
    } else if is_json {
        body.message().map(str::to_owned)
    } else {
        start_of_text(response.body())
    };
    ErrorMetadata::new(code, message, request_id(headers), hint)
}

/// How much of a body that is not JSON becomes the message.
const MESSAGE_CHARS: usize = 300;

/// The start of a text, its white space collapsed.
fn start_of_text(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let (mut start, mut length) = (String::new(), 0);
    let mut after_space = false;
    for char in text.chars() {
        if char.is_whitespace() {
            after_space = length > 0;
            continue;
        }
        if length + usize::from(after_space) >= MESSAGE_CHARS {
            start.push('…');
            break;
        }
        if std::mem::take(&mut after_space) {
            start.push(' ');
            length += 1;
        }
        start.push(char);
        length += 1;
    }
    (length > 0).then_some(start)
}

/// `aws.protocols#FooError:http://…` means `FooError`; what is left can be nothing.
fn shape_name(code: &str) -> Option<&str> {
    let code = code.split(':').next().unwrap_or(code);
    let name = code.split_once('#').map_or(code, |(_, name)| name).trim();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use aws_types::request_id::RequestId;
    use http::{HeaderValue, StatusCode};

    use super::*;
    use crate::runtime::wire::codec::Unit;
    use crate::runtime::wire::http::response as whole;

    fn response(
        status: u16,
        headers: &[(&'static str, &str)],
        body: impl Into<Vec<u8>>,
    ) -> Response<Bytes> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            map.append(HeaderName::from_static(name), value);
        }
        whole(StatusCode::from_u16(status).unwrap(), map, body.into())
    }

    fn metadata_of(response: &Response<Bytes>) -> ErrorMetadata {
        error_metadata(response, &[("Slow", "wait"), ("Gone", "look elsewhere")])
    }

    fn metadata(headers: &[(&'static str, &str)], body: &str) -> ErrorMetadata {
        metadata_of(&response(400, headers, body))
    }

    #[test]
    fn the_hint_is_that_of_the_code() {
        let hint = |body| metadata(&[], body).hint();
        assert_eq!(hint(r#"{"__type":"a.b#Gone"}"#), Some("look elsewhere"));
        assert_eq!(hint(r#"{"__type":"Goner"}"#), None);
        assert_eq!(hint("{}"), None);
    }

    #[test]
    fn the_code_is_found_in_all_its_forms() {
        for code in [
            "FooError",
            " FooError ",
            "FooError:http://internal.example.com/coral/com.example/",
            "aws.protocoltests.restjson#FooError",
            "aws.protocoltests.restjson#FooError:http://internal.example.com/coral/",
        ] {
            assert_eq!(
                metadata(&[("x-amzn-errortype", code)], "").code(),
                Some("FooError")
            );
            let body = format!(r#"{{"__type":"{code}","Message":"why"}}"#);
            assert_eq!(metadata(&[], &body).code(), Some("FooError"));
            assert_eq!(metadata(&[], &body).message(), Some("why"));
        }
        assert_eq!(
            metadata(&[], r#"{"__type":"B","code":"A"}"#).code(),
            Some("A")
        );
        assert_eq!(
            metadata(&[("x-amzn-errortype", "C")], r#"{"code":"A"}"#).code(),
            Some("C")
        );
        let query = [
            ("x-amzn-query-error", "Q;Sender"),
            ("x-amzn-errortype", "C"),
        ];
        assert_eq!(metadata(&query, "").code(), Some("Q"));
    }

    #[test]
    fn what_holds_no_code_is_passed_over() {
        for nothing in ["", " ", ":", "#", "aws#", " : ", "aws# :x", ":Foo", "#:"] {
            let query = format!("{nothing};Sender");
            let headers = [
                ("x-amzn-query-error", query.as_str()),
                ("x-amzn-query-error", nothing),
                ("x-amzn-errortype", nothing),
                ("x-amzn-errortype", nothing),
            ];
            let found = |body: &str| metadata(&headers, body).code().map(str::to_owned);
            assert_eq!(
                found(r#"{"code":"A","__type":"B"}"#).as_deref(),
                Some("A"),
                "{nothing:?}"
            );
            let body = format!(r#"{{"code":"{nothing}","__type":"a#B:x"}}"#);
            assert_eq!(found(&body).as_deref(), Some("B"), "{nothing:?}");
            assert_eq!(found(""), None, "{nothing:?}");
            let last = [("x-amzn-errortype", nothing), ("x-amzn-errortype", "C")];
            assert_eq!(metadata(&last, "{}").code(), Some("C"), "{nothing:?}");
        }
        for body in [
            r#"{"code":5,"__type":"B"}"#,
            r#"{"code":null,"__type":"B"}"#,
            r#"{"code":["A"],"__type":"B"}"#,
            r#"{"code":"A","code":null,"__type":"B"}"#,
            r#"{"code":"A","code":5,"__type":"A","__type":"B"}"#,
        ] {
            assert_eq!(metadata(&[], body).code(), Some("B"), "{body}");
        }
    }

    #[test]
    fn the_message_is_the_first_that_says_something() {
        for (body, message) in [
            (
                r#"{"message":"a","Message":"b","errorMessage":"c"}"#,
                Some("a"),
            ),
            (
                r#"{"errorMessage":"c","Message":"b","message":"a"}"#,
                Some("a"),
            ),
            (r#"{"errorMessage":"c","Message":"b"}"#, Some("b")),
            (r#"{"errorMessage":"c"}"#, Some("c")),
            (r#"{"Message":"Unknown","message":null}"#, Some("Unknown")),
            (r#"{"message":null,"Message":"Unknown"}"#, Some("Unknown")),
            (
                r#"{"message":5,"Message":{},"errorMessage":"c"}"#,
                Some("c"),
            ),
            (
                r#"{"message":"","Message":" \n","errorMessage":"c"}"#,
                Some("c"),
            ),
            (r#"{"message":"a","message":"b"}"#, Some("b")),
            (r#"{"message":"a","message":null}"#, None),
            (r#"{"message":"a","Message":"b","message":[]}"#, Some("b")),
            (r#"{"message":"a","Message":null,"message":"b"}"#, Some("b")),
            (r#"{"message":""}"#, None),
            (r#"{"MESSAGE":"a"}"#, None),
            ("{}", None),
            ("", None),
        ] {
            assert_eq!(metadata(&[], body).message(), message, "{body}");
        }
    }

    #[test]
    fn an_error_can_stand_in_output() {
        let body = r#"{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}"#;
        let found = metadata(&[], body);
        assert_eq!(found.code(), Some("UnknownOperationException"));
        assert_eq!(found.message(), None);
        for (body, code, message) in [
            (
                r#"{"Output":{"__type":"A","message":"why"}}"#,
                Some("A"),
                Some("why"),
            ),
            (
                r#"{"Output":{"__type":"A","message":"a"},"__type":"B","Message":"b"}"#,
                Some("B"),
                Some("b"),
            ),
            (
                r#"{"__type":":","Output":{"__type":"A"},"message":"b"}"#,
                Some("A"),
                Some("b"),
            ),
            (r#"{"Output":"A","__type":"B"}"#, Some("B"), None),
            (r#"{"Output":null}"#, None, None),
            (r#"{"Output":{"__type":"A"},"Output":{}}"#, None, None),
            (r#"{"Output":{"Output":{"__type":"A"}}}"#, None, None),
        ] {
            let found = metadata(&[], body);
            assert_eq!((found.code(), found.message()), (code, message), "{body}");
        }
    }

    #[test]
    fn a_body_that_is_not_json_has_no_code() {
        let found = metadata(&[("x-amzn-requestid", "id-1")], "<html>502</html>");
        assert_eq!(found.code(), None);
        assert_eq!(found.message(), Some("<html>502</html>"));
        assert_eq!(found.request_id(), Some("id-1"));
        // What was read before it broke does not count.
        let body = r#"{"__type":"A","message":"m""#;
        assert_eq!(metadata(&[], body).code(), None);
        assert_eq!(metadata(&[], body).message(), Some(body));
    }

    #[test]
    fn the_start_of_a_text_is_one_line() {
        let start = |body: &[u8]| start_of_text(body);
        assert_eq!(start(b""), None);
        assert_eq!(start(b" \r\n\t"), None);
        assert_eq!(
            start(b"\r\n<html>\n  <body>\tBad\r\nGateway </body>\n\n").as_deref(),
            Some("<html> <body> Bad Gateway </body>")
        );
        // Not UTF-8, which says something all the same.
        assert_eq!(
            start(b"caf\xe9 closed").as_deref(),
            Some("caf\u{fffd} closed")
        );
        let longest = "é".repeat(MESSAGE_CHARS);
        assert_eq!(start(longest.as_bytes()).as_deref(), Some(longest.as_str()));
        for more in ["é", " é"] {
            let cut = start(format!("{longest}{more}").as_bytes());
            assert_eq!(cut, Some(format!("{longest}…")));
        }
        assert_eq!(start(format!("{longest} \n").as_bytes()), Some(longest));
    }

    #[test]
    fn a_compressed_error_says_so_and_keeps_what_the_headers_say() {
        for (headers, encoding) in [
            (&[("content-encoding", "gzip")][..], "gzip"),
            (&[("content-encoding", "BR")], "BR"),
            (&[("content-encoding", "identity, x-gzip")], "x-gzip"),
            (
                &[("content-encoding", " "), ("content-encoding", "deflate")],
                "deflate",
            ),
        ] {
            // Somebody may also only say that it is compressed.
            for body in [
                &b"\x1f\x8b\x08\x00"[..],
                br#"{"__type":"A","message":"m"}"#,
                b"",
            ] {
                let found = metadata_of(&response(400, headers, body));
                let message = format!(
                    "the body is compressed (content-encoding: {encoding}), which was not asked for"
                );
                assert_eq!(found.message(), Some(message.as_str()));
                assert_eq!(found.code(), None);
                assert_eq!(found.hint(), Some(COMPRESSED));
                let (error, hint) =
                    read_output(&response(200, headers, body), &mut Option::<Unit>::None)
                        .unwrap_err();
                assert_eq!(error.to_string(), message);
                assert_eq!(hint, Some(COMPRESSED));
            }
            let code = [headers, &[("x-amzn-errortype", "Slow")]].concat();
            let found = metadata_of(&response(400, &code, "\x1f"));
            assert_eq!((found.code(), found.hint()), (Some("Slow"), Some("wait")));
        }
        for encoding in ["identity", "IDENTITY", "", " , identity"] {
            let headers = [("content-encoding", encoding)];
            let found = metadata(&headers, r#"{"__type":"A","message":"m"}"#);
            assert_eq!((found.code(), found.message()), (Some("A"), Some("m")));
            let read = read_output(&response(200, &headers, "{}"), &mut Option::<Unit>::None);
            assert_eq!(read, Ok(()));
        }
    }

    #[test]
    fn an_empty_request_id_does_not_hide_a_good_one() {
        for (first, second, id) in [
            ("", "second", Some("second")),
            (" ", "", None),
            ("first", "second", Some("first")),
        ] {
            let ids = [("x-amzn-requestid", first), ("x-amz-request-id", second)];
            assert_eq!(request_id(response(400, &ids, "").headers()), id);
        }
    }

    #[test]
    fn a_redirect_says_where_to() {
        for status in [301, 302, 303, 307, 308] {
            for body in ["", "{}", "<html>Found</html>"] {
                let location = [("location", "https://example.com/x?y=z")];
                let found = metadata_of(&response(status, &location, body));
                assert_eq!(
                    found.message(),
                    Some("a redirect to https://example.com/x?y=z")
                );
                assert_eq!(found.hint(), Some(REDIRECTED));
            }
        }
        let found = metadata_of(&response(302, &[("location", "/日本")], ""));
        assert_eq!(found.message(), Some("a redirect to /日本"));
        for (location, shown) in [
            ("https://user:hunter2@host/x", "https://***@host/x"),
            ("user:hunter2@host", "***@host"),
            ("https://host/user@x", "https://host/user@x"),
        ] {
            let found = metadata_of(&response(302, &[("location", location)], ""));
            assert_eq!(found.message(), Some(&*format!("a redirect to {shown}")));
        }
        let found = metadata_of(&response(302, &[("location", " ")], ""));
        assert_eq!(
            found.message(),
            Some("a redirect that does not say where to")
        );
        let found = metadata_of(&response(304, &[], ""));
        assert_eq!(
            found.message(),
            Some("a redirect that does not say where to")
        );
        // An error of the service, whatever its status.
        let body = r#"{"__type":"A","message":"m"}"#;
        let found = metadata_of(&response(302, &[("location", "/")], body));
        assert_eq!((found.code(), found.message()), (Some("A"), Some("m")));
        assert_eq!(found.hint(), None);
    }

    #[test]
    fn a_success_that_is_not_the_services_is_shown() {
        let read = |content_type: &[(&'static str, &str)], body: &[u8]| {
            let response = response(200, content_type, body);
            let (error, hint) = read_output(&response, &mut Option::<Unit>::None).unwrap_err();
            (error.to_string(), hint)
        };
        let html = [("content-type", "text/html; charset=utf-8")];
        let json = [("content-type", "application/x-amz-json-1.1")];
        let accents = [("content-type", "text/é")];
        for (content_type, body, shown) in [
            (
                &html[..],
                &b"<html>\n<title>Sign in</title>"[..],
                "(content-type: text/html; charset=utf-8): <html> <title>Sign in</title>",
            ),
            (
                &html,
                b"[1]",
                "(content-type: text/html; charset=utf-8): [1]",
            ),
            (
                &html,
                b" ",
                "(content-type: text/html; charset=utf-8), and blank",
            ),
            (&accents, b"caf\xe9", "(content-type: text/é): caf\u{fffd}"),
            (
                &json,
                b"not found",
                "(content-type: application/x-amz-json-1.1): not found",
            ),
            (
                &json,
                b"\x1b[31m",
                r"(content-type: application/x-amz-json-1.1): \u{1b}[31m",
            ),
            (
                &[],
                b"upstream timeout",
                "(content-type: none): upstream timeout",
            ),
        ] {
            let expected = format!("the body is not a JSON object {shown}");
            assert_eq!(read(content_type, body), (expected, Some(FOREIGN)));
        }
        let error = "expected a name at line 1 column 3";
        assert_eq!(
            read(&html, b"{ try again"),
            (
                format!("{error} (content-type: text/html; charset=utf-8): {{ try again"),
                Some(FOREIGN)
            )
        );
        // What may be the service's is not shown.
        for content_type in [&json[..], &[], &[("content-type", "Application/JSON")]] {
            assert_eq!(read(content_type, b" { secret"), {
                ("expected a name at line 1 column 4".to_owned(), None)
            });
        }
    }
}
