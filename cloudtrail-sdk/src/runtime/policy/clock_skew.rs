//! The difference between the service's clock and this machine's, which signatures make up for.
//!
//! A call starts with the skew that the client has learned so far, and goes on with what its own
//! answers tell; other calls of the same client may learn something else in the meantime.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use bytes::Bytes;
use http::Response;
use http::header::{AGE, DATE};

use crate::runtime::wire::http::{request_id, text};

/// Services accept signatures that are up to five minutes off; a refusal of one that is off by less
/// than this has another cause.
const THRESHOLD: Duration = Duration::from_secs(4 * 60);

/// An answer that took longer tells too little about when the service wrote its date.
const MAX_ROUND_TRIP: Duration = Duration::from_secs(15 * 60);

/// How far after the epoch the year 10000 begins, for which nothing can be signed.
const YEAR_10000: Duration = Duration::from_secs(253_402_300_800);

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
pub(crate) struct Skew {
    milliseconds: i64,
}

impl Skew {
    /// The skew that a response tells, if it can be trusted: it was sent by the service itself, at
    /// about the middle between `sent` and `received` on this machine's clock.
    pub(crate) fn measure(
        sent: SystemTime,
        received: SystemTime,
        response: &Response<Bytes>,
    ) -> Option<Self> {
        // Without an ID it comes from something on the way to the service, whose clock is another.
        if request_id(response.headers()).is_none_or(str::is_empty) {
            return None;
        }
        // With an age it comes from a cache, and so does its date.
        if response.headers().contains_key(AGE) {
            return None;
        }
        let here = match received.duration_since(sent) {
            Ok(round_trip) if round_trip > MAX_ROUND_TRIP => return None,
            Ok(round_trip) => sent.checked_add(round_trip / 2)?,
            // The clock was set back meanwhile; what it shows now counts.
            Err(_) => received,
        };
        let date = text(response.headers(), DATE.as_str())?;
        let date = DateTime::from_str(date, Format::HttpDate).ok()?;
        let service = SystemTime::try_from(date).ok()?;
        let milliseconds = match service.duration_since(here) {
            Ok(ahead) => i64::try_from(ahead.as_millis()).ok()?,
            Err(behind) => -i64::try_from(behind.duration().as_millis()).ok()?,
        };
        Some(Self { milliseconds })
    }

    /// What the service's clock shows at this machine's `time`; `time` where that is nothing that
    /// can be signed for, so that there is an answer to learn from.
    pub(crate) fn apply(self, time: SystemTime) -> SystemTime {
        let amount = Duration::from_millis(self.milliseconds.unsigned_abs());
        let applied = if self.milliseconds < 0 {
            time.checked_sub(amount)
        } else {
            time.checked_add(amount)
        };
        applied
            .filter(|applied| {
                applied
                    .duration_since(SystemTime::UNIX_EPOCH)
                    .is_ok_and(|since| since < YEAR_10000)
            })
            .unwrap_or(time)
    }

    /// Whether it explains why a request that was signed for another skew was refused with this
    /// code.
    fn explains(self, code: &str, signed_for: Self) -> bool {
        let off = self.milliseconds.abs_diff(signed_for.milliseconds);
        Duration::from_millis(off) > THRESHOLD && CODES.contains(&code)
    }
}

/// What a client knows of the skew, for its calls to start with.
#[derive(Debug, Default)]
pub(crate) struct ClockSkew(AtomicI64);

impl ClockSkew {
    /// The skew that was learned last; none at first.
    fn get(&self) -> Skew {
        Skew {
            milliseconds: self.0.load(Ordering::Relaxed),
        }
    }

    /// Remembers a skew for the calls that start from now on.
    fn set(&self, skew: Skew) {
        self.0.store(skew.milliseconds, Ordering::Relaxed);
    }
}

/// The service's clock, as the attempts of one call see it.
#[derive(Debug)]
pub(crate) struct ServiceClock<'a> {
    /// What is known beyond this call; nothing where skew is not to be corrected.
    shared: Option<&'a ClockSkew>,
    /// What the answers to this call have told last.
    learned: Option<Skew>,
    /// What the last attempt was signed for.
    signed_for: Skew,
    /// What the answer to the last attempt told.
    measured: Option<Skew>,
}

impl<'a> ServiceClock<'a> {
    /// The clock for a new call; without `shared` it is this machine's.
    pub(crate) fn new(shared: Option<&'a ClockSkew>) -> Self {
        Self {
            shared,
            learned: None,
            signed_for: Skew::default(),
            measured: None,
        }
    }

    /// Starts an attempt: the skew to sign it for.
    pub(crate) fn start_attempt(&mut self) -> Skew {
        let known = self.shared.map(ClockSkew::get).unwrap_or_default();
        self.signed_for = self.learned.unwrap_or(known);
        self.measured = None;
        self.signed_for
    }

    /// Learns from the answer to an attempt, for this call and for those that start later.
    pub(crate) fn learn(
        &mut self,
        sent: SystemTime,
        received: SystemTime,
        answer: &Response<Bytes>,
    ) {
        let Some(shared) = self.shared else {
            return;
        };
        self.measured = Skew::measure(sent, received, answer);
        if let Some(measured) = self.measured {
            self.learned = Some(measured);
            shared.set(measured);
        }
    }

    /// Whether the last attempt was refused with this code because it was signed for a wrong time,
    /// so that another attempt is worth while.
    pub(crate) fn explains(&self, code: &str) -> bool {
        self.measured
            .is_some_and(|measured| measured.explains(code, self.signed_for))
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, StatusCode};

    use super::*;
    use crate::runtime::wire::http::response as whole;

    /// 2026-01-01T00:00:00Z.
    const SENT: Duration = Duration::from_secs(1_767_225_600);

    const ID: (&str, &str) = ("x-amzn-requestid", "id-1");

    fn response(headers: &[(&'static str, &'static str)]) -> Response<Bytes> {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                let name = http::HeaderName::from_static(name);
                (name, HeaderValue::from_static(value))
            })
            .collect();
        whole(StatusCode::OK, headers, "")
    }

    /// What is measured from a response with these headers alone, that came so many milliseconds
    /// after the request was sent.
    fn measured(headers: &[(&'static str, &'static str)], after: i64) -> Option<i64> {
        let sent = SystemTime::UNIX_EPOCH + SENT;
        let skew = Skew {
            milliseconds: after,
        };
        let response = response(headers);
        Skew::measure(sent, skew.apply(sent), &response).map(|skew| skew.milliseconds)
    }

    #[test]
    fn it_is_measured_from_the_middle_of_the_round_trip() {
        let ahead = [ID, ("date", "Thu, 01 Jan 2026 00:05:01 GMT")];
        assert_eq!(measured(&ahead, 2_000), Some(300_000));
        assert_eq!(measured(&ahead, 2_001), Some(299_999));
        let behind = [ID, ("date", "Wed, 31 Dec 2025 23:55:00 GMT")];
        assert_eq!(measured(&behind, 0), Some(-300_000));
        assert_eq!(measured(&behind, 2_000), Some(-301_000));
    }

    #[test]
    fn a_clock_that_was_set_back_counts_as_it_is_now() {
        let headers = [ID, ("date", "Thu, 01 Jan 2026 00:00:00 GMT")];
        assert_eq!(measured(&headers, -3_600_000), Some(3_600_000));
    }

    #[test]
    fn what_cannot_be_trusted_is_not_measured() {
        let date = ("date", "Thu, 01 Jan 2026 00:05:01 GMT");
        assert_eq!(measured(&[ID], 0), None);
        assert_eq!(measured(&[ID, date], 900_000), Some(-149_000));
        assert_eq!(measured(&[ID, date], 900_001), None);
        assert_eq!(measured(&[ID, date, ("age", "1")], 0), None);
        assert_eq!(measured(&[date], 0), None, "no request ID");
        assert_eq!(measured(&[("x-amzn-requestid", ""), date], 0), None);
        assert_eq!(
            measured(&[("x-amz-request-id", "id-1"), date], 0),
            Some(301_000)
        );
        for invalid in [
            "",
            "now",
            "2026-01-01T00:00:00Z",
            "Thu, 99 Jan 2026 00:05:01 GMT",
            "Thu, 01 Jan 2026 00:05:61 GMT",
            "Thu, 01 Jan 2026 00:05:01. GMT",
            "Thu, 01 Jan 12026 00:05:01 GMT",
        ] {
            assert_eq!(measured(&[ID, ("date", invalid)], 0), None, "{invalid}");
        }
    }

    #[test]
    fn it_is_applied() {
        let time = SystemTime::UNIX_EPOCH + SENT;
        for milliseconds in [-1_500, 0, 1_500] {
            let applied = Skew { milliseconds }.apply(time);
            let moved = SENT.as_millis() as i64 + milliseconds;
            let expected = SystemTime::UNIX_EPOCH + Duration::from_millis(moved as u64);
            assert_eq!(applied, expected);
        }
    }

    #[test]
    fn it_is_not_applied_where_nothing_can_be_signed() {
        let time = SystemTime::UNIX_EPOCH + SENT;
        let sent = SENT.as_millis() as i64;
        let last = YEAR_10000.as_millis() as i64 - sent - 1;
        for (milliseconds, applies) in [
            (i64::MIN, false),
            (-sent - 1, false),
            (-sent, true),
            (last, true),
            (last + 1, false),
            (i64::MAX, false),
        ] {
            let applied = Skew { milliseconds }.apply(time);
            assert_eq!(applied != time, applies, "{milliseconds}");
        }
        // Dates that can be read, and whose difference to now is no time to sign for.
        for date in [
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "Sat, 01 Jan 0000 00:00:00 GMT",
            "Thu, 01 Jan -999 00:00:00 GMT",
        ] {
            let milliseconds = measured(&[ID, ("date", date)], 0).unwrap();
            let later = time + Duration::from_secs(1);
            assert_eq!(Skew { milliseconds }.apply(later), later, "{date}");
        }
    }

    #[test]
    fn a_refusal_is_explained_by_its_code_and_by_how_far_the_signature_was_off() {
        for (code, signed_for, milliseconds, expected) in [
            ("RequestTimeTooSkewed", 0, 240_001, true),
            ("RequestTimeTooSkewed", 0, -240_001, true),
            ("RequestTimeTooSkewed", 0, 240_000, false),
            ("RequestTimeTooSkewed", 0, -240_000, false),
            ("RequestTimeTooSkewed", 0, 0, false),
            ("RequestTimeTooSkewed", 3_600_000, 0, true),
            ("RequestTimeTooSkewed", 3_600_000, 3_600_000, false),
            ("RequestTimeTooSkewed", 3_600_000, 3_840_000, false),
            ("RequestTimeTooSkewed", -120_001, 120_000, true),
            ("RequestTimeTooSkewed", -120_000, 120_000, false),
            ("RequestTimeTooSkewed", i64::MIN, i64::MAX, true),
            ("AccessDeniedException", 0, 300_000, true),
            ("AuthFailure", 0, 300_000, true),
            ("InvalidSignatureException", 0, 300_000, true),
            ("SignatureDoesNotMatch", 0, 300_000, true),
            ("ThrottlingException", 0, 300_000, false),
        ] {
            let signed_for = Skew {
                milliseconds: signed_for,
            };
            assert_eq!(
                Skew { milliseconds }.explains(code, signed_for),
                expected,
                "{code} {signed_for:?} {milliseconds}"
            );
        }
    }

    const CODE: &str = "SignatureDoesNotMatch";

    /// Makes an attempt that is answered at once; the skew that it was signed for.
    fn attempt(clock: &mut ServiceClock<'_>, headers: &[(&'static str, &'static str)]) -> i64 {
        let skew = clock.start_attempt();
        let sent = SystemTime::UNIX_EPOCH + SENT;
        clock.learn(sent, sent, &response(headers));
        skew.milliseconds
    }

    const WRONG: [(&str, &str); 2] = [ID, ("date", "Thu, 01 Jan 2026 01:00:00 GMT")];
    const RIGHT: [(&str, &str); 2] = [ID, ("date", "Thu, 01 Jan 2026 00:00:00 GMT")];

    #[test]
    fn a_wrong_correction_is_mended_by_the_answer_that_refuses_it() {
        let skew = ClockSkew::default();
        let mut clock = ServiceClock::new(Some(&skew));
        assert_eq!(attempt(&mut clock, &WRONG), 0);
        assert_eq!(attempt(&mut clock, &RIGHT), 3_600_000);
        assert!(clock.explains(CODE));
        assert_eq!(attempt(&mut clock, &RIGHT), 0);
        assert!(!clock.explains(CODE));
    }

    #[test]
    fn only_the_answer_to_the_last_attempt_explains_it() {
        let skew = ClockSkew::default();
        let mut clock = ServiceClock::new(Some(&skew));
        assert!(!clock.explains(CODE));
        attempt(&mut clock, &WRONG);
        assert!(clock.explains(CODE));
        assert_eq!(clock.start_attempt().milliseconds, 3_600_000);
        assert!(!clock.explains(CODE), "there is no answer yet");
        assert_eq!(attempt(&mut clock, &[]), 3_600_000);
        assert!(!clock.explains(CODE), "the answer tells nothing");
    }

    #[test]
    fn a_call_goes_on_with_its_own_skew_or_else_with_the_last_that_is_known() {
        let skew = ClockSkew::default();
        let mut one = ServiceClock::new(Some(&skew));
        let mut other = ServiceClock::new(Some(&skew));
        assert_eq!(attempt(&mut one, &[]), 0);
        assert_eq!(attempt(&mut other, &WRONG), 0);
        // It has no own, so that the other's counts.
        assert_eq!(attempt(&mut one, &RIGHT), 3_600_000);
        assert_eq!(attempt(&mut other, &WRONG), 3_600_000);
        assert_eq!(attempt(&mut one, &RIGHT), 0);
        assert_eq!(
            ServiceClock::new(Some(&skew)).start_attempt(),
            Skew::default()
        );
    }

    #[test]
    fn without_correction_nothing_is_learned() {
        let mut clock = ServiceClock::new(None);
        assert_eq!(attempt(&mut clock, &WRONG), 0);
        assert!(!clock.explains(CODE));
        assert_eq!(attempt(&mut clock, &WRONG), 0);
    }
}
