//! The difference between the service's clock and this machine's, which signatures make up for.
//!
//! A call starts with the skew that the client has learned so far, and goes on with what its own
//! answers tell; other calls of the same client may learn something else in the meantime.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use http::header::{AGE, DATE};

use super::http::HttpResponse;

/// Services accept signatures that are up to five minutes off; an error at less skew than this has
/// another cause.
const THRESHOLD: Duration = Duration::from_secs(4 * 60);

/// An answer that took longer tells too little about when the service wrote its date.
const MAX_ROUND_TRIP: Duration = Duration::from_secs(15 * 60);

/// The codes with which services refuse a signature whose time is wrong, among other causes.
const CODES: [&str; 5] = [
    "AccessDeniedException",
    "AuthFailure",
    "InvalidSignatureException",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
];

/// How far the service's clock is ahead of this machine's; negative where it is behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Skew {
    milliseconds: i64,
}

impl Skew {
    /// The skew that a response tells, if it can be trusted: it was sent by the service itself, at
    /// about the middle between `sent` and `received` on this machine's clock.
    pub(super) fn measure(
        sent: SystemTime,
        received: SystemTime,
        response: &HttpResponse,
    ) -> Option<Self> {
        // With an age it comes from a cache, and so does its date.
        if response.headers().contains_key(AGE) {
            return None;
        }
        // A clock that was set back meanwhile makes this negative.
        let round_trip = received.duration_since(sent).unwrap_or_default();
        if round_trip > MAX_ROUND_TRIP {
            return None;
        }
        let date = DateTime::from_str(response.header(DATE.as_str())?, Format::HttpDate).ok()?;
        let service = SystemTime::try_from(date).ok()?;
        let here = sent.checked_add(round_trip / 2)?;
        let milliseconds = match service.duration_since(here) {
            Ok(ahead) => i64::try_from(ahead.as_millis()).ok()?,
            Err(behind) => -i64::try_from(behind.duration().as_millis()).ok()?,
        };
        Some(Self { milliseconds })
    }

    /// What the service's clock shows at this machine's `time`; `time` where that cannot be told.
    pub(super) fn apply(self, time: SystemTime) -> SystemTime {
        let amount = self.amount();
        if self.milliseconds < 0 {
            time.checked_sub(amount)
        } else {
            time.checked_add(amount)
        }
        .unwrap_or(time)
    }

    /// Whether it explains an error with this code, so that another attempt is worth while.
    pub(super) fn explains(self, code: &str) -> bool {
        self.amount() > THRESHOLD && CODES.contains(&code)
    }

    fn amount(self) -> Duration {
        Duration::from_millis(self.milliseconds.unsigned_abs())
    }
}

/// What a client knows of the skew, for its calls to start with.
#[derive(Debug, Default)]
pub(super) struct ClockSkew(AtomicI64);

impl ClockSkew {
    /// The skew that was learned last; none at first.
    pub(super) fn get(&self) -> Skew {
        Skew {
            milliseconds: self.0.load(Ordering::Relaxed),
        }
    }

    /// Remembers a skew for the calls that start from now on.
    pub(super) fn set(&self, skew: Skew) {
        self.0.store(skew.milliseconds, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, StatusCode};

    use super::*;

    /// 2026-01-01T00:00:00Z.
    const SENT: Duration = Duration::from_secs(1_767_225_600);

    /// What is measured from a response with these headers alone, that came so many milliseconds
    /// after the request was sent.
    fn measured(headers: &[(&'static str, &'static str)], after: i64) -> Option<i64> {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                let name = http::HeaderName::from_static(name);
                (name, HeaderValue::from_static(value))
            })
            .collect();
        let sent = SystemTime::UNIX_EPOCH + SENT;
        let skew = Skew {
            milliseconds: after,
        };
        let response = HttpResponse::new(StatusCode::OK, headers, "");
        Skew::measure(sent, skew.apply(sent), &response).map(|skew| skew.milliseconds)
    }

    #[test]
    fn it_is_measured_from_the_middle_of_the_round_trip() {
        let ahead = [("date", "Thu, 01 Jan 2026 00:05:01 GMT")];
        assert_eq!(measured(&ahead, 2_000), Some(300_000));
        assert_eq!(measured(&ahead, 2_001), Some(299_999));
        let behind = [("date", "Wed, 31 Dec 2025 23:55:00 GMT")];
        assert_eq!(measured(&behind, 2_000), Some(-301_000));
        assert_eq!(measured(&behind, -5_000), Some(-300_000));
    }

    #[test]
    fn what_cannot_be_trusted_is_not_measured() {
        let date = ("date", "Thu, 01 Jan 2026 00:05:01 GMT");
        assert_eq!(measured(&[], 0), None);
        assert_eq!(measured(&[date, ("age", "1")], 0), None);
        assert_eq!(measured(&[date], 900_000), Some(-149_000));
        assert_eq!(measured(&[date], 900_001), None);
        for invalid in [
            "",
            "now",
            "2026-01-01T00:00:00Z",
            "Thu, 99 Jan 2026 00:05:01 GMT",
        ] {
            assert_eq!(measured(&[("date", invalid)], 0), None, "{invalid}");
        }
    }

    #[test]
    fn it_is_applied_as_far_as_the_clock_goes() {
        let time = SystemTime::UNIX_EPOCH + SENT;
        for milliseconds in [-1_500, 0, 1_500] {
            let applied = Skew { milliseconds }.apply(time);
            let moved = SENT.as_millis() as i64 + milliseconds;
            let expected = SystemTime::UNIX_EPOCH + Duration::from_millis(moved as u64);
            assert_eq!(applied, expected);
        }
        for milliseconds in [i64::MIN, i64::MAX] {
            // It must not panic, whatever the platform's clock can show.
            let _ = Skew { milliseconds }.apply(time);
        }
    }

    #[test]
    fn it_explains_errors_by_code_and_amount() {
        for (code, milliseconds, expected) in [
            ("RequestTimeTooSkewed", 240_001, true),
            ("RequestTimeTooSkewed", -240_001, true),
            ("RequestTimeTooSkewed", 240_000, false),
            ("RequestTimeTooSkewed", 0, false),
            ("AccessDeniedException", 300_000, true),
            ("AuthFailure", 300_000, true),
            ("InvalidSignatureException", 300_000, true),
            ("SignatureDoesNotMatch", 300_000, true),
            ("ThrottlingException", 300_000, false),
        ] {
            assert_eq!(
                Skew { milliseconds }.explains(code),
                expected,
                "{code} {milliseconds}"
            );
        }
    }

    #[test]
    fn a_client_remembers_the_last_skew() {
        let skew = ClockSkew::default();
        assert_eq!(skew.get(), Skew::default());
        let learned = Skew { milliseconds: -42 };
        skew.set(learned);
        assert_eq!(skew.get(), learned);
    }
}
