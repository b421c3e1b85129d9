//! Timestamps on the wire.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::writer::JsonWriter;

/// The formats of Smithy's `timestampFormat` trait that AWS JSON does not use by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(
    dead_code,
    reason = "for services that send timestamps in other formats"
)]
pub enum TimestampFormat {
    /// RFC 3339 in UTC, such as `1985-04-12T23:20:50.52Z`.
    DateTime,
    /// IMF-fixdate of RFC 7231, such as `Tue, 29 Apr 2014 18:30:38 GMT`.
    HttpDate,
}

/// A timestamp, or a collection of them, to be written in a format of its own.
#[derive(Debug)]
#[allow(
    dead_code,
    reason = "for services that send timestamps in other formats"
)]
pub struct Formatted<'a, T> {
    pub(super) value: &'a T,
    pub(super) format: TimestampFormat,
}

#[allow(
    dead_code,
    reason = "for services that send timestamps in other formats"
)]
impl<'a, T> Formatted<'a, T> {
    /// `value` as [`TimestampFormat::DateTime`].
    pub fn date_time(value: &'a T) -> Self {
        Self {
            value,
            format: TimestampFormat::DateTime,
        }
    }

    /// `value` as [`TimestampFormat::HttpDate`].
    pub fn http_date(value: &'a T) -> Self {
        Self {
            value,
            format: TimestampFormat::HttpDate,
        }
    }
}

#[allow(
    dead_code,
    reason = "for services that send timestamps in other formats"
)]
impl TimestampFormat {
    pub(super) fn write(self, timestamp: DateTime, out: &mut JsonWriter) {
        let format = match self {
            Self::DateTime => Format::DateTime,
            Self::HttpDate => Format::HttpDate,
        };
        match timestamp.fmt(format) {
            Ok(text) => out.string(&text),
            // Only years that these formats cannot express; the number says it all the same.
            Err(_) => out.raw(&epoch_seconds(timestamp)),
        }
    }
}

/// Seconds since 1970 as a JSON number, with the fraction it needs and no more.
pub(super) fn epoch_seconds(timestamp: DateTime) -> String {
    const NANOS_PER_SECOND: i128 = 1_000_000_000;
    let nanos = timestamp.as_nanos();
    let sign = if nanos < 0 { "-" } else { "" };
    let seconds = nanos.unsigned_abs() / NANOS_PER_SECOND.unsigned_abs();
    let fraction = nanos.unsigned_abs() % NANOS_PER_SECOND.unsigned_abs();
    if fraction == 0 {
        format!("{sign}{seconds}")
    } else {
        let fraction = format!("{fraction:09}");
        format!("{sign}{seconds}.{}", fraction.trim_end_matches('0'))
    }
}

/// Reads a JSON number of seconds since 1970, digit by digit: an `f64` would lose the nanoseconds.
/// The number can come in a string, so nothing has checked its form yet.
pub(super) fn parse_epoch_seconds(text: &str) -> Option<DateTime> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
        None => (text, 0),
    };
    let (negative, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, mantissa),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (digits, ""),
    };
    if whole.is_empty() {
        return None;
    }
    // The value is WHOLE FRACTION × 10^shift nanoseconds.
    let shift = exponent
        .saturating_add(9)
        .saturating_sub(i64::try_from(fraction.len()).ok()?);
    // What lies beyond nanoseconds is cut off.
    let cut = usize::try_from(shift.min(0).unsigned_abs()).unwrap_or(usize::MAX);
    let kept = (whole.len() + fraction.len()).saturating_sub(cut);
    let mut nanos: i128 = 0;
    for (index, digit) in whole.bytes().chain(fraction.bytes()).enumerate() {
        if !digit.is_ascii_digit() {
            return None;
        }
        if index < kept {
            nanos = nanos
                .checked_mul(10)?
                .checked_add(i128::from(digit - b'0'))?;
        }
    }
    // Zero stays zero, whatever its exponent.
    if shift > 0 && nanos != 0 {
        nanos = nanos.checked_mul(10i128.checked_pow(u32::try_from(shift).ok()?)?)?;
    }
    DateTime::from_nanos(if negative { -nanos } else { nanos }).ok()
}

fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // What does not fit moves every digit out of sight, as does the greatest that fits.
    let exponent = digits.parse().unwrap_or(i64::MAX);
    Some(if text.starts_with('-') {
        -exponent
    } else {
        exponent
    })
}

/// Reads any of the textual formats, with nothing around it.
pub(crate) fn parse_text(text: &str) -> Option<DateTime> {
    // Of the readers below, some pass over blanks.
    if text.trim() != text {
        return None;
    }
    DateTime::from_str(text, Format::DateTimeWithOffset)
        .or_else(|_| DateTime::from_str(text, Format::HttpDate))
        .ok()
        .or_else(|| parse_epoch_seconds(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::wire::codec::{EncodeMembers, Member, MemberSink, encode};

    #[test]
    fn epoch_seconds_survive_to_the_nanosecond() {
        for text in [
            "0",
            "1",
            "-1",
            "1.5",
            "-0.5",
            "0.123456",
            "1719520832.123456789",
            "-1719520832.000000001",
            "1515531081.1234",
        ] {
            let timestamp = parse_epoch_seconds(text).unwrap();
            let body = encode(&OneTimestamp(timestamp));
            assert_eq!(
                String::from_utf8(body).unwrap(),
                format!("{{\"at\":{text}}}")
            );
        }
    }

    #[test]
    fn exponents_and_extra_digits_are_read() {
        let nanos = |text| parse_epoch_seconds(text).map(|timestamp| timestamp.as_nanos());
        assert_eq!(nanos("1.5151490419E9"), Some(1_515_149_041_900_000_000));
        assert_eq!(nanos("15e-1"), Some(1_500_000_000));
        assert_eq!(nanos("1.0000000019"), Some(1_000_000_001));
        assert_eq!(nanos("1e-30"), Some(0));
        assert_eq!(nanos("1e400"), None);
        assert_eq!(nanos("99999999999999999999999999999999"), None);
        assert_eq!(nanos("abc"), None);
    }

    #[test]
    fn no_exponent_and_no_number_of_digits_overflows() {
        let nanos = |text: &str| parse_epoch_seconds(text).map(|timestamp| timestamp.as_nanos());
        for exponent in [
            "-2147483648",
            "-2147483649",
            "-9223372036854775807",
            "-9223372036854775808",
            "-99999999999999999999999999",
        ] {
            for mantissa in ["1", "-1", "1.123456789", "0.000000001", "-0.0"] {
                let text = format!("{mantissa}e{exponent}");
                assert_eq!(nanos(&text), Some(0), "{text}");
            }
        }
        for exponent in [
            "2147483647",
            "+2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "99999999999999999999999999",
        ] {
            for mantissa in ["1", "-1", "1.123456789", "0.000000001"] {
                assert_eq!(nanos(&format!("{mantissa}e{exponent}")), None);
            }
            assert_eq!(nanos(&format!("0e{exponent}")), Some(0));
            assert_eq!(nanos(&format!("-0.00E{exponent}")), Some(0));
        }
        let zeros = "0".repeat(10_000);
        assert_eq!(nanos(&format!("1{zeros}")), None);
        assert_eq!(nanos(&format!("-1{zeros}")), None);
        assert_eq!(nanos(&format!("1{zeros}e-10000")), Some(1_000_000_000));
        assert_eq!(nanos(&format!("-0.{zeros}15e10001")), Some(-1_500_000_000));
        assert_eq!(nanos(&format!("1.{zeros}1")), Some(1_000_000_000));
        assert_eq!(nanos("9223372036854775807.9999999999"), {
            Some(9_223_372_036_854_775_807_999_999_999)
        });
        assert_eq!(nanos("9223372036854775808"), None);
        assert_eq!(nanos("-9223372036854775808"), {
            Some(-9_223_372_036_854_775_808_000_000_000)
        });
        assert_eq!(nanos("-9223372036854775808.1"), None);
    }

    #[test]
    fn a_number_has_digits_and_nothing_around_it() {
        for text in [
            "",
            " ",
            "-",
            "+",
            ".",
            "-.",
            "1.",
            ".5",
            "-.5",
            "e",
            "e5",
            "1e",
            "1e+",
            "1e-",
            ".e1",
            "1.e1",
            "1e1.5",
            "1e1e1",
            "1.5.5",
            "--1",
            "+1",
            "1-",
            "1_0",
            "0x1",
            "1e-30x",
            "1.0000000000x",
            "NaN",
            "Infinity",
            " 1",
            "1 ",
            "1\n",
            "\u{a0}1",
            "١",
            " 2014-04-29T18:30:38Z",
            "2014-04-29T18:30:38Z ",
            "2014-04-29",
            "2014-04-29 18:30:38Z",
            " Tue, 29 Apr 2014 18:30:38 GMT",
            "Tue, 29 Apr 2014 18:30:38 GMT\n",
            "Tue, 29 Apr 2014 18:30:38. GMT",
            "Tue, 29 Apr 2014 18:30:38",
            "2014-13-29T18:30:38Z",
            "2014-04-29T18:30:38",
            "0000-00-00T00:00:00Z",
        ] {
            assert_eq!(parse_text(text), None, "{text:?}");
        }
    }

    /// Each text with each byte left out, doubled, or replaced.
    #[test]
    fn no_text_makes_it_panic() {
        let mut read = 0;
        for text in [
            "1719520832.123456789e-3",
            "2014-04-29T18:30:38.52+02:00",
            "9999-12-31T23:59:60.999999999Z",
            "0000-01-01T00:00:00.1-23:59",
            "Tue, 29 Apr 2014 18:30:38.52 GMT",
            "Fri, 31 Dec 9999 23:59:60 GMT",
        ] {
            for at in 0..text.len() {
                let (before, after) = (&text[..at], &text[at + 1..]);
                for new in [
                    "", "00", "9", "0", "-", "+", ".", " ", ":", "Z", "e9", "T", "é",
                ] {
                    read += usize::from(parse_text(&format!("{before}{new}{after}")).is_some());
                }
            }
        }
        assert!(read > 200, "{read}");
    }

    struct OneTimestamp(DateTime);

    impl EncodeMembers for OneTimestamp {
        fn members(&self, sink: &mut dyn MemberSink) {
            sink.member(Member::new("at"), &self.0);
        }
    }
}
