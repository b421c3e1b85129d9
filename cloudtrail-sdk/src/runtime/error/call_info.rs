//! Which call failed, and after how much effort.

use std::error::Error;
use std::fmt::{self, Write as _};
use std::time::Duration;

use http::StatusCode;

use crate::runtime::base::untrusted::{OneLine, Untrusted};

/// Which call failed, after how much effort, and what the response's head said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallInfo {
    operation: &'static str,
    attempts: u32,
    elapsed: Duration,
    status: Option<StatusCode>,
    pub(super) request_id: Option<String>,
    throttled: bool,
    hint: Option<&'static str>,
    out_of_tokens: bool,
}

const OUT_OF_TOKENS: &str = "retrying is off: the client's retry tokens are used up, and come back \
    as calls succeed";

impl CallInfo {
    pub(crate) fn new(operation: &'static str, attempts: u32, elapsed: Duration) -> Self {
        Self {
            operation,
            attempts,
            elapsed,
            ..Self::default()
        }
    }

    /// Adds what the response says.
    pub(crate) fn answered(mut self, status: StatusCode, request_id: Option<&str>) -> Self {
        self.status = Some(status);
        self.request_id = request_id.map(str::to_owned);
        self
    }

    /// Adds what is known of the service's error.
    pub(crate) fn refused(mut self, throttled: bool, hint: Option<&'static str>) -> Self {
        self.throttled = throttled;
        self.advise(hint)
    }

    /// Adds what helps.
    pub(crate) fn advise(mut self, hint: Option<&'static str>) -> Self {
        self.hint = hint;
        self
    }

    /// Adds that there were no tokens for another attempt.
    pub(crate) fn out_of_tokens(mut self) -> Self {
        self.out_of_tokens = true;
        self
    }

    /// Prints why the call failed, and around that what is known of the call, on one line.
    pub(super) fn fmt_failure(
        &self,
        f: &mut fmt::Formatter<'_>,
        why: fmt::Arguments<'_>,
    ) -> fmt::Result {
        let mut f = OneLine(f);
        if !self.operation.is_empty() {
            write!(f, "{}: ", self.operation)?;
        }
        write!(f, "{why}{self}")?;
        match self.hint {
            Some(hint) => write!(f, "; hint: {hint}"),
            None => Ok(()),
        }
    }

    /// What [`fmt_failure`](Self::fmt_failure) prints.
    pub(super) fn text(&self, why: fmt::Arguments<'_>) -> String {
        fmt::from_fn(|f| self.fmt_failure(f, why)).to_string()
    }

    /// The operation, by its name in the model.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// How many requests were sent; an attempt that failed before that, such as for want of
    /// credentials, does not count.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// How long the call took until it failed.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The HTTP status of the response, if one came.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// Whether the service wants to be called less, by the rules of retrying.
    pub fn is_throttled(&self) -> bool {
        self.throttled
    }
}

/// ` (throttled, HTTP 400, request id …, 3 attempts in 154ms, retrying is off: …)`, without what is
/// not known or goes without saying.
impl fmt::Display for CallInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let throttled = self.throttled.then(|| "throttled".to_owned());
        let status = self
            .status
            .map(|status| format!("HTTP {}", status.as_u16()));
        let request_id = self.request_id.as_ref();
        let request_id = request_id.map(|id| format!("request id {}", Untrusted(id)));
        let effort = (self.attempts > 1).then(|| {
            let nanos = self.elapsed.subsec_millis() * 1_000_000;
            let elapsed = Duration::new(self.elapsed.as_secs(), nanos);
            format!("{} attempts in {elapsed:?}", self.attempts)
        });
        let retrying = self.out_of_tokens.then(|| OUT_OF_TOKENS.to_owned());
        let known: Vec<_> = [throttled, status, request_id, effort, retrying]
            .into_iter()
            .flatten()
            .collect();
        match known.is_empty() {
            true => Ok(()),
            false => write!(f, " ({})", known.join(", ")),
        }
    }
}

/// A time limit that ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeLimit {
    limited: &'static str,
    duration: Duration,
}

impl TimeLimit {
    pub(crate) fn operation(duration: Duration) -> Self {
        Self {
            limited: "operation",
            duration,
        }
    }

    pub(crate) fn attempt(duration: Duration) -> Self {
        Self {
            limited: "attempt",
            duration,
        }
    }

    /// How much time there was.
    pub fn duration(&self) -> Duration {
        self.duration
    }
}

impl fmt::Display for TimeLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { limited, duration } = self;
        write!(
            f,
            "timed out: the {limited} was not over within {duration:?}"
        )
    }
}

impl Error for TimeLimit {}
