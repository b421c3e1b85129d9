//! Times of records: `2013-11-02T01:06:28Z`, and in older documents `20131102T010628Z`.

use crate::primitives::DateTime;
use crate::runtime::wire::codec::parse_text;

/// Reads a time. The two forms of CloudTrail are read here, since a scan reads millions of them;
/// other forms, with fractions or offsets, by the codec.
pub(super) fn parse(text: &str) -> Option<DateTime> {
    in_cloudtrails_form(text.as_bytes()).or_else(|| parse_text(text))
}

fn in_cloudtrails_form(text: &[u8]) -> Option<DateTime> {
    let [year, month, day, hour, minute, second] = match text {
        [
            y @ ..,
            b'-',
            m1,
            m2,
            b'-',
            d1,
            d2,
            b'T',
            h1,
            h2,
            b':',
            n1,
            n2,
            b':',
            s1,
            s2,
            b'Z',
        ]
        | [y @ .., m1, m2, d1, d2, b'T', h1, h2, n1, n2, s1, s2, b'Z']
            if y.len() == 4 =>
        {
            [
                number(y)?,
                number(&[*m1, *m2])?,
                number(&[*d1, *d2])?,
                number(&[*h1, *h2])?,
                number(&[*n1, *n2])?,
                number(&[*s1, *s2])?,
            ]
        }
        _ => return None,
    };
    let is_real = (1..=12).contains(&month)
        && (1..=days(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    is_real.then(|| {
        let days = days_since_1970(year, month, day);
        DateTime::from_secs(((days * 24 + hour) * 60 + minute) * 60 + second)
    })
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |number, digit| {
        digit
            .is_ascii_digit()
            .then(|| number * 10 + i64::from(digit - b'0'))
    })
}

/// How many days a month has.
fn days(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days in the Gregorian calendar. Years begin in March here, so that leap days come last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    /// From the first of March of the year 0.
    const UNTIL_1970: i64 = 719_468;
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (153 * month + 2) / 5 + day - 1 - UNTIL_1970
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read_as_the_codec_reads_the_dashed_one() {
        for year in [
            0, 1, 4, 100, 400, 1899, 1969, 1970, 2000, 2023, 2024, 2100, 9999,
        ] {
            for month in 1..=12 {
                for day in [1, 28, days(year, month)] {
                    let dashed = format!("{year:04}-{month:02}-{day:02}T23:59:58Z");
                    let time = parse_text(&dashed).unwrap();
                    assert_eq!(
                        in_cloudtrails_form(dashed.as_bytes()),
                        Some(time),
                        "{dashed}"
                    );
                    let short = dashed.replace(['-', ':'], "");
                    assert_eq!(in_cloudtrails_form(short.as_bytes()), Some(time), "{short}");
                }
            }
        }
    }

    #[test]
    fn other_forms_are_read() {
        let time = DateTime::from_secs(1_383_354_388);
        assert_eq!(parse("2013-11-02T03:06:28+02:00"), Some(time));
        assert_eq!(
            parse("2013-11-02T01:06:28.25Z"),
            Some(DateTime::from_millis(1_383_354_388_250))
        );
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "Z",
            "2013-11-02",
            "2013-13-02T01:06:28Z",
            "2013-02-29T01:06:28Z",
            "2013-11-00T01:06:28Z",
            "2013-11-02T24:06:28Z",
            "2013-11-02T01:60:28Z",
            "2013-11-02T01:06:61Z",
            "20131102T0106Z",
            "2013-1102T010628Z",
            "+013-11-02T01:06:28Z",
            "２013-11-02T01:06:28Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
