//! What a service says of a failure.

use super::codec::{Decoded, FromMembers, FromValue, Kind, MemberValue, Reader, decode};
use super::error::ErrorMetadata;
use super::http::HttpResponse;

/// The members of an error's body that tell what went wrong.
///
/// <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization>
#[derive(Default)]
struct ErrorBody {
    code: Option<Lenient>,
    type_: Option<Lenient>,
    message: Option<Lenient>,
}

/// Text where there is text; anything else is as good as absent.
#[derive(Default)]
struct Lenient(Option<String>);

impl FromValue for Lenient {
    fn unset() -> Self {
        Self::default()
    }

    fn decode(&mut self, reader: &mut Reader<'_>) -> Decoded {
        if reader.kind()? != Kind::String {
            return reader.skip();
        }
        self.0 = reader.string()?.map(str::to_owned);
        Ok(())
    }
}

impl Lenient {
    fn text(this: Option<Self>) -> Option<String> {
        this.and_then(|this| this.0)
    }
}

impl FromMembers for ErrorBody {
    fn unset() -> Self {
        Self::default()
    }

    fn member(&mut self, name: &str, value: &mut MemberValue<'_, '_>) -> Decoded {
        match name {
            "code" => value.read(&mut self.code),
            "__type" => value.read(&mut self.type_),
            "message" | "Message" | "errorMessage" => value.read(&mut self.message),
            _ => value.skip(),
        }
    }
}

/// Code, message and request ID of a response that is not a success, and the hint for its code.
///
/// The code is looked for in the header `x-amzn-query-error`, which only services have that once
/// spoke AWS Query, in the header `x-amzn-errortype`, and in the body's `code` and `__type`.
/// A body that is not JSON, such as a proxy's, has neither; the start of its text is the message.
pub(super) fn error_metadata(
    response: &HttpResponse,
    hints: &[(&'static str, &'static str)],
) -> ErrorMetadata {
    let mut body = ErrorBody::default();
    if decode(response.body(), &mut body).is_err() {
        body = ErrorBody {
            message: Some(Lenient(start_of_text(response.body()))),
            ..ErrorBody::default()
        };
    }
    let code = response
        .header("x-amzn-query-error")
        .and_then(|error| error.split(';').next())
        .or_else(|| response.header("x-amzn-errortype"))
        .map(str::to_owned)
        .or_else(|| Lenient::text(body.code))
        .or_else(|| Lenient::text(body.type_));
    let code = code
        .as_deref()
        .map(shape_name)
        .filter(|code| !code.is_empty());
    let hint = hints.iter().find(|(of, _)| code == Some(*of));
    ErrorMetadata::new(
        code,
        Lenient::text(body.message),
        response.request_id(),
        hint.map(|(_, hint)| *hint),
    )
}

/// How much of a body that is not JSON becomes the message.
const MESSAGE_CHARS: usize = 300;

fn start_of_text(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?.trim();
    match text.char_indices().nth(MESSAGE_CHARS) {
        Some((end, _)) => Some(format!("{}…", &text[..end])),
        None => Some(text.to_owned()),
    }
    .filter(|text| !text.is_empty())
}

/// `aws.protocols#FooError:http://…` means `FooError`.
fn shape_name(code: &str) -> &str {
    let code = code.split(':').next().unwrap_or(code);
    code.split_once('#').map_or(code, |(_, name)| name).trim()
}

#[cfg(test)]
mod tests {
    use aws_types::request_id::RequestId;
    use http::{HeaderMap, StatusCode};

    use super::*;

    fn metadata(headers: &[(&'static str, &'static str)], body: &'static str) -> ErrorMetadata {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        let response = HttpResponse::new(StatusCode::BAD_REQUEST, map, body);
        error_metadata(&response, &[("Slow", "wait"), ("Gone", "look elsewhere")])
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
            "FooError:http://internal.example.com/coral/com.example/",
            "aws.protocoltests.restjson#FooError",
            "aws.protocoltests.restjson#FooError:http://internal.example.com/coral/",
        ] {
            assert_eq!(
                metadata(&[("x-amzn-errortype", code)], "").code(),
                Some("FooError")
            );
            let body = format!(r#"{{"__type":"{code}","Message":"why"}}"#).leak();
            assert_eq!(metadata(&[], body).code(), Some("FooError"));
            assert_eq!(metadata(&[], body).message(), Some("why"));
        }
        assert_eq!(
            metadata(&[], r#"{"code":"A","__type":"B"}"#).code(),
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
    fn a_body_that_is_not_json_has_no_code() {
        let found = metadata(&[("x-amzn-requestid", "id-1")], "<html>502</html>");
        assert_eq!(found.code(), None);
        assert_eq!(found.message(), Some("<html>502</html>"));
        assert_eq!(found.request_id(), Some("id-1"));
        assert_eq!(
            metadata(&[], r#"{"code": 5, "message": null}"#).code(),
            None
        );
    }
}
