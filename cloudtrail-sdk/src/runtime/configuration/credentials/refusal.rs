//! What a service says when it gives no credentials.

use std::fmt;

use bytes::Bytes;
use http::{Response, StatusCode};

use super::document::Document;
use super::xml;
use crate::runtime::base::untrusted::Untrusted;
use crate::runtime::error::response::error_metadata;

/// An answer that is not a success, shown as `403 Forbidden: AccessDenied: no such role`. Whatever
/// is not told is left out.
pub(super) struct Refusal {
    status: StatusCode,
    /// The code by which services tell failures apart.
    pub(super) code: Option<String>,
    /// The code of OAuth, which says more.
    oauth: Option<String>,
    message: Option<String>,
}

impl Refusal {
    /// Reads JSON, XML or text: whoever stands in the way of a service answers in its own form.
    pub(super) fn of(response: &Response<Bytes>) -> Self {
        let status = response.status();
        let metadata = error_metadata(response, &[]);
        let of_metadata = |text: Option<&str>| text.map(str::to_owned);
        if let Ok(document) = Document::parse(response.body()) {
            // Services that also speak AWS Query have both in an object of their own.
            let document = document.object("Error").unwrap_or(document);
            let member = |name| document.text(name).map(str::to_owned);
            return Self {
                status,
                code: of_metadata(metadata.code()).or_else(|| member("Code")),
                oauth: member("error"),
                message: member("error_description")
                    .or_else(|| of_metadata(metadata.message()))
                    .or_else(|| member("Message")),
            };
        }
        let element = |name| xml::text(response.body(), name);
        match (element("Code"), element("Message")) {
            (None, None) => Self {
                status,
                code: of_metadata(metadata.code()),
                oauth: None,
                message: of_metadata(metadata.message()),
            },
            (code, message) => Self {
                status,
                code,
                oauth: None,
                message,
            },
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        let code = self.oauth.as_ref().or(self.code.as_ref());
        for text in [code, self.message.as_ref()].into_iter().flatten() {
            write!(f, ": {}", Untrusted(text))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;
    use crate::runtime::wire::http::response;

    fn refusal(headers: &[(&'static str, &'static str)], body: &str) -> Refusal {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        Refusal::of(&response(StatusCode::FORBIDDEN, map, body.to_owned()))
    }

    #[test]
    fn code_and_message_are_found_in_all_forms() {
        for (body, shown) in [
            ("", "403 Forbidden"),
            ("{}", "403 Forbidden"),
            (
                r#"{"code":"Denied","message":"not you"}"#,
                "403 Forbidden: Denied: not you",
            ),
            (
                r#"{"Code":"Denied","Message":"not you"}"#,
                "403 Forbidden: Denied: not you",
            ),
            (r#"{"Code":"Denied"}"#, "403 Forbidden: Denied"),
            (r#"{"MESSAGE":"not you"}"#, "403 Forbidden: not you"),
            (
                r#"{"__type":"com.amazonaws#DeniedException","message":"not you"}"#,
                "403 Forbidden: DeniedException: not you",
            ),
            (
                r#"{"Error":{"Code":"Denied","Message":"not you","Type":"Sender"}}"#,
                "403 Forbidden: Denied: not you",
            ),
            (
                r#"{"error":"invalid_grant","error_description":"not you","message":null}"#,
                "403 Forbidden: invalid_grant: not you",
            ),
            (
                "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>\
                 <Type>Sender</Type><Code>Denied</Code><Message>not &lt;you&gt;</Message></Error>\
                 </ErrorResponse>",
                "403 Forbidden: Denied: not <you>",
            ),
            (
                "<Error><Code>Denied</Code></Error>",
                "403 Forbidden: Denied",
            ),
            (
                "<Error><Message>not you</Message></Error>",
                "403 Forbidden: not you",
            ),
            ("Host not in list\n", "403 Forbidden: Host not in list"),
            (
                "<html><p>blocked</p>",
                "403 Forbidden: <html><p>blocked</p>",
            ),
        ] {
            assert_eq!(refusal(&[], body).to_string(), shown, "{body}");
        }
    }

    #[test]
    fn a_code_in_a_header_counts_and_the_one_of_oauth_is_shown() {
        let body = r#"{"error":"TOKEN_EXPIRED","message":"log in"}"#;
        let refusal = refusal(
            &[("x-amzn-errortype", "AccessDeniedException:http://x")],
            body,
        );
        assert_eq!(refusal.code.as_deref(), Some("AccessDeniedException"));
        assert_eq!(refusal.to_string(), "403 Forbidden: TOKEN_EXPIRED: log in");
    }

    #[test]
    fn it_is_one_line_of_bounded_length() {
        let body = format!(
            "<E><Code>\x1b[31m</Code><Message>a\r\nb{}</Message></E>",
            "c".repeat(5000)
        );
        let shown = refusal(&[], &body).to_string();
        assert!(
            shown.starts_with(r"403 Forbidden: \u{1b}[31m: a\r\nbccc"),
            "{shown}"
        );
        assert!(shown.ends_with("c…") && shown.len() < 1100, "{shown}");
    }
}
