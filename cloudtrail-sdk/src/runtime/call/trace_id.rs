//! Recursion detection: a call from within AWS Lambda carries the trace of the invocation, so that
//! AWS can stop functions that invoke themselves without end.

use std::fmt::Write;

use http::{HeaderName, HeaderValue};

use crate::runtime::base::environment::Environment;

pub(crate) const X_AMZN_TRACE_ID: HeaderName = HeaderName::from_static("x-amzn-trace-id");

/// The trace of this invocation, if this is Lambda. It changes from invocation to invocation, so
/// every call asks anew.
pub(crate) fn trace_id(environment: &Environment) -> Option<HeaderValue> {
    environment.raw_var("AWS_LAMBDA_FUNCTION_NAME")?;
    let trace_id = environment.raw_var("_X_AMZN_TRACE_ID")?;
    HeaderValue::from_str(&percent_encode(&trace_id)).ok()
}

/// Encodes the bytes that a header cannot hold: control characters and all beyond ASCII.
fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte == b' ' || byte.is_ascii_graphic() {
            encoded.push(byte.into());
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    const FUNCTION_NAME: (&str, &str) = ("AWS_LAMBDA_FUNCTION_NAME", "function");

    fn trace_id_in(variables: &[(&str, &str)]) -> Option<String> {
        let value = trace_id(&Environment::of(variables.iter().copied()))?;
        Some(value.to_str().unwrap().to_owned())
    }

    #[test]
    fn it_takes_both_variables() {
        let trace = ("_X_AMZN_TRACE_ID", "Root=1-5759e988;Parent=5399;Sampled=1");
        assert_eq!(trace_id_in(&[]), None);
        assert_eq!(trace_id_in(&[FUNCTION_NAME]), None);
        assert_eq!(trace_id_in(&[trace]), None);
        assert_eq!(
            trace_id_in(&[FUNCTION_NAME, trace]).as_deref(),
            Some(trace.1)
        );
    }

    #[test]
    fn any_text_is_a_valid_header() {
        let any: String = ('\0'..='\u{ff}').chain(['\u{1F980}']).collect();
        let value = trace_id_in(&[FUNCTION_NAME, ("_X_AMZN_TRACE_ID", &any)]).unwrap();
        assert!(value.starts_with("%00%01"), "{value}");
        assert!(value.contains("%1F !\"#$%&'()"), "{value}");
        assert!(value.contains("|}~%7F%C2%80"), "{value}");
        assert!(value.ends_with("%C3%BF%F0%9F%A6%80"), "{value}");
    }
}
