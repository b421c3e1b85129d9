//! Answers that fail now and then, by a rule that the server and the test can both work out.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use hyper::body::Bytes;
use serde_json::{Value, json};

use crate::protocol::{JSON_1_1, Received, Reply};

/// How late [`Fault::Delay`] is.
const DELAY: Duration = Duration::from_millis(5);

/// What goes wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The right answer comes late.
    Delay,
    /// The connection is reset.
    Reset,
    /// The connection ends before the body does.
    Truncated,
    /// HTTP 500 with an error of the service.
    InternalFailure,
    /// HTTP 503 from a gateway.
    Unavailable,
    /// HTTP 400 with a throttling error.
    Throttling,
    /// HTTP 200 with a body that is no JSON.
    Garbage,
}

impl Fault {
    pub const ALL: [Self; 7] = [
        Self::Delay,
        Self::Reset,
        Self::Truncated,
        Self::InternalFailure,
        Self::Unavailable,
        Self::Throttling,
        Self::Garbage,
    ];

    /// Whether the rules of retrying have a client try again.
    pub fn is_retried(self) -> bool {
        !matches!(self, Self::Delay | Self::Garbage)
    }

    /// The answer with the fault, where `output` is the right one.
    pub fn spoil(self, output: Value) -> Reply {
        match self {
            Self::Delay => Reply::After(DELAY, Reply::Output(output).into()),
            Self::Reset => Reply::Reset,
            Self::Truncated => Reply::Truncated {
                body: Bytes::from(output.to_string()),
            },
            Self::InternalFailure => Reply::raw(500, JSON_1_1, r#"{"__type":"InternalFailure"}"#),
            Self::Unavailable => Reply::raw(503, "text/html", "<h1>Service Unavailable</h1>"),
            Self::Throttling => Reply::raw(400, JSON_1_1, r#"{"__type":"ThrottlingException"}"#),
            Self::Garbage => Reply::raw(200, JSON_1_1, "\u{fffd}garbage"),
        }
    }
}

/// Which answers fail, and how.
///
/// A call is told from others by the name or the token in its input, which its right answer
/// repeats.
#[derive(Clone, Copy, Debug)]
pub struct Faults {
    pub seed: u64,
    /// How many of a hundred answers fail.
    pub percent: u64,
}

impl Faults {
    /// What goes wrong with the answer to this attempt of the call; attempts count from 1.
    pub fn of(self, call: &str, attempt: u32) -> Option<Fault> {
        let mut hasher = DefaultHasher::new();
        (self.seed, call, attempt).hash(&mut hasher);
        let number = hasher.finish();
        let kind = number / 100 % Fault::ALL.len() as u64;
        (number % 100 < self.percent).then(|| Fault::ALL[kind as usize])
    }

    /// Answers a request of GetTrail or LookupEvents.
    pub fn answer(self, request: &Received) -> Reply {
        let call = call_of(request);
        let output = if operation(request) == "GetTrail" {
            json!({ "Trail": { "Name": call, "S3BucketName": "bucket" } })
        } else {
            let event = json!({ "EventId": call, "EventName": "RunInstances", "EventTime": 1.5 });
            json!({ "Events": vec![event; 10], "NextToken": call })
        };
        match self.of(&call, attempt_of(request)) {
            Some(fault) => fault.spoil(output),
            None => Reply::Output(output),
        }
    }
}

/// Which call a request belongs to.
pub fn call_of(request: &Received) -> String {
    let input = request.json();
    let member = match operation(request) {
        "GetTrail" => "Name",
        "LookupEvents" => "NextToken",
        other => panic!("{other} names no call"),
    };
    input[member].as_str().expect("a string").to_owned()
}

/// Which attempt a request is.
pub fn attempt_of(request: &Received) -> u32 {
    request
        .header("amz-sdk-request")
        .and_then(|info| {
            info.split("; ")
                .find_map(|part| part.strip_prefix("attempt="))
        })
        .and_then(|number| number.parse().ok())
        .expect("the number of the attempt")
}

fn operation(request: &Received) -> &'static str {
    request
        .operation()
        .expect("a valid request names an operation")
        .name()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_answers_fail_as_are_asked_for_and_in_every_way() {
        let faults = Faults {
            seed: 1,
            percent: 20,
        };
        let found: Vec<_> = (0..10_000)
            .filter_map(|number| faults.of(&number.to_string(), 1))
            .collect();
        assert!((1_800..2_200).contains(&found.len()), "{}", found.len());
        for fault in Fault::ALL {
            let count = found.iter().filter(|found| **found == fault).count();
            assert!((200..400).contains(&count), "{fault:?}: {count}");
        }
    }

    #[test]
    fn another_attempt_and_another_seed_have_other_faults() {
        let faults = |seed, attempt| {
            let faults = Faults { seed, percent: 50 };
            let of = |number: u32| faults.of(&number.to_string(), attempt);
            (0..100).map(of).collect::<Vec<_>>()
        };
        assert_eq!(faults(1, 1), faults(1, 1));
        assert_ne!(faults(1, 1), faults(1, 2));
        assert_ne!(faults(1, 1), faults(2, 1));
    }
}
