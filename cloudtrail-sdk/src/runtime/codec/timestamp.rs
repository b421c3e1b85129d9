//! Timestamps on the wire.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::JsonWriter;

/// The formats of Smithy's `timestampFormat` trait that AWS JSON does not use by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampFormat {
    /// RFC 3339 in UTC, such as `1985-04-12T23:20:50.52Z`.
    DateTime,
    /// IMF-fixdate of RFC 7231, such as `Tue, 29 Apr 2014 18:30:38 GMT`.
    HttpDate,
}

/// A timestamp, or a collection of them, to be written in a format of its own.
#[derive(Debug)]
pub struct Formatted<'a, T> {
    pub(super) value: &'a T,
    pub(super) format: TimestampFormat,
}

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
pub(super) fn parse_epoch_seconds(text: &str) -> Option<DateTime> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (negative, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, mantissa),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    // The value is WHOLE FRACTION × 10^(exponent - len(fraction)) seconds.
    let shift = 9i32
        .checked_add(exponent)?
        .checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let mut nanos: i128 = 0;
    let all = whole.bytes().chain(fraction.bytes());
    // What lies beyond nanoseconds is cut off.
    let kept = (whole.len() + fraction.len()).saturating_sub(usize::try_from(-shift).unwrap_or(0));
    for digit in all.take(kept) {
        if !digit.is_ascii_digit() {
            return None;
        }
        nanos = nanos
            .checked_mul(10)?
            .checked_add(i128::from(digit - b'0'))?;
    }
    if shift > 0 {
        nanos = nanos.checked_mul(10i128.checked_pow(shift.unsigned_abs())?)?;
    }
    DateTime::from_nanos(if negative { -nanos } else { nanos }).ok()
}

/// Reads any of the textual formats.
pub(super) fn parse_text(text: &str) -> Option<DateTime> {
    DateTime::from_str(text, Format::DateTimeWithOffset)
        .or_else(|_| DateTime::from_str(text, Format::HttpDate))
        .ok()
        .or_else(|| parse_epoch_seconds(text))
}

#[cfg(test)]
mod tests {
    use super::super::{Member, MemberSink, Structure, encode};
    use super::*;

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

    struct OneTimestamp(DateTime);

    impl Structure for OneTimestamp {
        fn members(&self, sink: &mut dyn MemberSink) {
            sink.member(Member::new("at"), &self.0);
        }
    }
}
