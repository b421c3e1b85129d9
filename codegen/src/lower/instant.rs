//! A point in time that a model gives: seconds since 1970, or a date and a time.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde_json::Value;

/// The seconds since 1970 and the nanoseconds on top, if the value is a point in time.
pub(super) fn read(value: &Value) -> Option<(i64, u32)> {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(seconds) => Some((seconds, 0)),
            None => from_digits(&number.as_f64()?.to_string()),
        },
        Value::String(text) => {
            let time = DateTime::from_str(text, Format::DateTimeWithOffset).ok()?;
            Some((time.secs(), time.subsec_nanos()))
        }
        _ => None,
    }
}

/// Reads a number by its digits: arithmetic on floats would add some. Rust prints a float without
/// an exponent.
fn from_digits(text: &str) -> Option<(i64, u32)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let seconds: i64 = whole.parse().ok()?;
    let nanos: u32 = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    match text.starts_with('-') && nanos > 0 {
        true => Some((seconds.checked_sub(1)?, 1_000_000_000 - nanos)),
        false => Some((seconds, nanos)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_keep_their_fractions() {
        for (number, expected) in [
            (json!(0), Some((0, 0))),
            (json!(1_722_470_399.999), Some((1_722_470_399, 999_000_000))),
            (json!(1_722_470_399.0), Some((1_722_470_399, 0))),
            (json!(1.7e9), Some((1_700_000_000, 0))),
            (
                json!(1_722_470_399.123_456),
                Some((1_722_470_399, 123_456_000)),
            ),
            (json!(0.000_000_001), Some((0, 1))),
            (json!(1e-10), Some((0, 0))),
            (json!(-0.5), Some((-1, 500_000_000))),
            (json!(-1.25), Some((-2, 750_000_000))),
            (json!(i64::MIN), Some((i64::MIN, 0))),
            (json!(u64::MAX), None),
            (json!(1e300), None),
            (json!(-1e300), None),
        ] {
            assert_eq!(read(&number), expected, "{number}");
        }
    }

    #[test]
    fn texts_are_dates_with_times() {
        for (text, expected) in [
            (
                "2024-07-31T23:59:59.999Z",
                Some((1_722_470_399, 999_000_000)),
            ),
            ("2024-07-31T23:59:59Z", Some((1_722_470_399, 0))),
            (
                "2024-08-01T01:59:59.5+02:00",
                Some((1_722_470_399, 500_000_000)),
            ),
            ("2024-07-31", None),
            ("2024-02-30T00:00:00Z", None),
            ("yesterday", None),
            ("1722470399", None),
            ("", None),
        ] {
            assert_eq!(read(&json!(text)), expected, "{text}");
        }
    }

    #[test]
    fn nothing_else_is_a_point_in_time() {
        for value in [json!(null), json!(true), json!([0]), json!({})] {
            assert_eq!(read(&value), None, "{value}");
        }
    }
}
