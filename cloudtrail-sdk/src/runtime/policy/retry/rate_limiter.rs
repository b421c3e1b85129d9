//! Adaptive mode: a rate of sending that falls when the service throttles, and grows again after
//! that along a cubic curve (as in TCP CUBIC, RFC 9438).

use std::time::Duration;

/// The smallest rate, in requests per second.
const MIN_FILL_RATE: f64 = 0.5;
/// The smallest capacity, in tokens.
const MIN_CAPACITY: f64 = 1.0;
/// The weight of the newest measurement.
const SMOOTHING: f64 = 0.8;
/// What remains of the rate after throttling.
const BETA: f64 = 0.7;
/// How steeply the rate grows again.
const SCALE: f64 = 0.4;
/// The rate is measured over so many seconds.
const MEASURED_SPAN: f64 = 0.5;

/// A token bucket, filled at a rate that follows the service. All times are seconds.
#[derive(Debug)]
pub(super) struct RateLimiter {
    /// Whether requests wait for tokens; since the first throttling.
    enabled: bool,
    fill_rate: f64,
    capacity: f64,
    tokens: f64,
    filled_at: Option<f64>,
    /// Requests per second, smoothed.
    measured_rate: f64,
    /// The end of the last span that was measured.
    measured_at: f64,
    requests_since: f64,
    /// The rate when the service throttled last.
    max_rate: f64,
    throttled_at: f64,
}

impl RateLimiter {
    pub(super) fn new(now: Duration) -> Self {
        let now = now.as_secs_f64();
        Self {
            enabled: false,
            fill_rate: 0.0,
            capacity: 0.0,
            tokens: 0.0,
            filled_at: None,
            measured_rate: 0.0,
            measured_at: now.floor(),
            requests_since: 0.0,
            max_rate: 0.0,
            throttled_at: now,
        }
    }

    /// Takes a token, or tells how long to wait before asking again.
    pub(super) fn acquire(&mut self, now: Duration) -> Option<Duration> {
        if !self.enabled {
            return None;
        }
        self.fill(now.as_secs_f64());
        let missing = 1.0 - self.tokens;
        let wait = Duration::from_secs_f64(missing.max(0.0) / self.fill_rate);
        // What is missing can be too little for a clock to measure.
        if !wait.is_zero() {
            return Some(wait);
        }
        self.tokens = (self.tokens - 1.0).max(0.0);
        None
    }

    /// Follows the service: an attempt has ended, throttled or not.
    pub(super) fn update(&mut self, now: Duration, throttled: bool) {
        let now = now.as_secs_f64();
        self.measure(now);
        let rate = if throttled {
            self.max_rate = if self.enabled {
                self.measured_rate.min(self.fill_rate)
            } else {
                self.measured_rate
            };
            self.throttled_at = now;
            self.enabled = true;
            self.max_rate * BETA
        } else {
            self.rate_at(now)
        };
        let rate = rate.min(2.0 * self.measured_rate);
        self.fill(now);
        self.fill_rate = rate.max(MIN_FILL_RATE);
        self.capacity = rate.max(MIN_CAPACITY);
        self.tokens = self.tokens.min(self.capacity);
    }

    fn fill(&mut self, now: f64) {
        if let Some(filled_at) = self.filled_at {
            // Calls can have clocks of their own, which began at other times.
            let added = (now - filled_at).max(0.0) * self.fill_rate;
            self.tokens = (self.tokens + added).min(self.capacity);
        }
        self.filled_at = Some(now);
    }

    fn measure(&mut self, now: f64) {
        let span_start = (now / MEASURED_SPAN).floor() * MEASURED_SPAN;
        self.requests_since += 1.0;
        if span_start > self.measured_at {
            let rate = self.requests_since / (span_start - self.measured_at);
            self.measured_rate = rate * SMOOTHING + self.measured_rate * (1.0 - SMOOTHING);
            self.requests_since = 0.0;
            self.measured_at = span_start;
        }
    }

    /// Where the curve has come to that leads back to the rate of the last throttling and beyond.
    fn rate_at(&self, now: f64) -> f64 {
        let since = now - self.throttled_at - self.time_window();
        SCALE * since.powi(3) + self.max_rate
    }

    /// How long the curve takes back to the rate at which the service throttled.
    fn time_window(&self) -> f64 {
        (self.max_rate * (1.0 - BETA) / SCALE).cbrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A limiter that was throttled at 10 requests a second, at second 5.
    fn throttled() -> RateLimiter {
        RateLimiter {
            max_rate: 10.0,
            throttled_at: 5.0,
            ..RateLimiter::new(Duration::ZERO)
        }
    }

    /// The values that AWS's SDKs are tested with.
    #[test]
    fn the_rate_grows_along_the_curve() {
        for (second, rate) in [
            (5.0, 7.0),
            (6.0, 9.648_936_009_66),
            (7.0, 10.000_030_849_917),
            (8.0, 10.453_284_520_772),
            (9.0, 13.408_697_022_224),
            (10.0, 21.266_268_354_273),
            (11.0, 36.425_998_516_920),
        ] {
            let difference = (throttled().rate_at(second) - rate).abs();
            assert!(difference < 1e-9, "{second}: off by {difference}");
        }
    }

    #[test]
    fn nothing_waits_before_the_first_throttling() {
        let mut limiter = RateLimiter::new(Duration::ZERO);
        for millis in 0..1000 {
            let now = Duration::from_millis(millis);
            assert_eq!(limiter.acquire(now), None);
            limiter.update(now, false);
        }
        limiter.update(Duration::from_secs(1), true);
        assert!(limiter.acquire(Duration::from_secs(1)).is_some());
    }

    #[test]
    fn a_wait_is_as_long_as_it_says() {
        let mut limiter = RateLimiter::new(Duration::ZERO);
        limiter.update(Duration::ZERO, true);
        // Half a request a second is the least.
        let wait = limiter.acquire(Duration::ZERO).unwrap();
        assert_eq!(wait, Duration::from_secs(2));
        assert!(limiter.acquire(wait / 2).is_some());
        assert_eq!(limiter.acquire(wait), None);
        assert!(limiter.acquire(wait).is_some());
    }

    /// The first rows are published, too.
    #[test]
    fn the_rate_follows_the_service() {
        let mut limiter = RateLimiter::new(Duration::ZERO);
        for (millis, throttled, measured, rate) in [
            (200, false, 0.0, 0.5),
            (400, false, 0.0, 0.5),
            (600, false, 4.8, 0.5),
            (800, false, 4.8, 0.5),
            (1000, false, 4.16, 0.5),
            (1200, false, 4.16, 0.6912),
            (1400, false, 4.16, 1.0976),
            (1600, false, 5.632, 1.6384),
            (1800, false, 5.632, 2.3328),
            (2000, true, 4.3264, 3.028_48),
            (2200, false, 4.3264, 3.486_639_173_470),
            (2400, false, 4.3264, 3.821_874_416_040),
            (2600, false, 5.665_28, 4.053_385_727_710),
            (2800, false, 5.665_28, 4.200_373_108_479),
            (3000, false, 4.333_056, 4.282_036_558_349),
            (3200, true, 4.333_056, 2.997_425_590_844),
            (3400, false, 4.333_056, 3.452_226_394_386),
            // Not more than twice what was measured.
            (104_400, false, 0.890_373_576_238, 1.780_747_152_475),
        ] {
            limiter.update(Duration::from_millis(millis), throttled);
            for (is, expected) in [(limiter.measured_rate, measured), (limiter.fill_rate, rate)] {
                assert!(
                    (is - expected).abs() < 1e-9,
                    "{millis} ms: {is}, not {expected}"
                );
            }
        }
    }

    /// A limiter with four tokens a second, and four at the most.
    fn four() -> RateLimiter {
        RateLimiter {
            enabled: true,
            fill_rate: 4.0,
            capacity: 4.0,
            tokens: 4.0,
            filled_at: Some(0.0),
            measured_rate: 4.0,
            ..RateLimiter::new(Duration::ZERO)
        }
    }

    #[test]
    fn tokens_come_at_the_rate_and_up_to_the_capacity() {
        let mut limiter = four();
        for second in [0, 1, 100] {
            let now = Duration::from_secs(second);
            for _ in 0..4 {
                assert_eq!(limiter.acquire(now), None);
            }
            assert_eq!(limiter.acquire(now), Some(Duration::from_millis(250)));
        }
    }

    #[test]
    fn tokens_are_lost_with_the_capacity() {
        let mut limiter = four();
        limiter.update(Duration::ZERO, true);
        assert_eq!(limiter.acquire(Duration::ZERO), None);
        assert_eq!(limiter.acquire(Duration::ZERO), None);
        // Of 2.8 tokens, 0.8 are left.
        let wait = limiter.acquire(Duration::ZERO).unwrap().as_secs_f64();
        assert!((wait - 0.2 / 2.8).abs() < 1e-6, "{wait}");
    }

    #[test]
    fn a_clock_that_goes_backwards_takes_no_tokens() {
        let mut limiter = four();
        limiter.filled_at = Some(1e9);
        for _ in 0..4 {
            assert_eq!(limiter.acquire(Duration::ZERO), None);
        }
        let wait = Duration::from_millis(250);
        assert_eq!(limiter.acquire(Duration::ZERO), Some(wait));
        assert_eq!(limiter.acquire(wait), None);
        limiter.update(Duration::ZERO, true);
        assert_eq!(limiter.acquire(Duration::MAX), None);
        limiter.update(Duration::MAX, true);
        assert!(limiter.acquire(Duration::ZERO) <= Some(Duration::from_secs(2)));
    }

    #[test]
    fn throttling_takes_three_tenths() {
        let mut limiter = RateLimiter::new(Duration::ZERO);
        for number in 0..=100 {
            limiter.update(Duration::from_millis(number * 100), false);
        }
        let measured = limiter.measured_rate;
        assert!((measured - 10.0).abs() < 0.5, "{measured}");
        limiter.update(Duration::from_millis(10_100), true);
        assert!((limiter.fill_rate - measured * 0.7).abs() < 1e-9);
    }
}
