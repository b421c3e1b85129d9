//! Many calls at a time on one client, against a server whose answers fail now and then.
//!
//! Every call has a name of its own, which its answer repeats, and what goes wrong with it follows
//! from that name: what must become of it is known beforehand.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::collections::{HashMap, HashSet};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

use cloudtrail_sdk::Client;
use cloudtrail_sdk::config::retry::RetryConfig;
use cloudtrail_sdk::config::{BoxFuture, Clock};
use cloudtrail_sdk::error::{ProvideErrorMetadata, SdkError};
use serde_json::json;
use tests::faults::{Fault, Faults, attempt_of, call_of};
use tests::server::LoopbackServer;
use tokio::task::JoinSet;

mod support;

const FAULTS: Faults = Faults {
    seed: 20,
    percent: 20,
};

/// A debug build on a busy machine takes a few seconds.
const LIMIT: Duration = Duration::from_secs(60);

/// How many attempts a call gets.
const MAX_ATTEMPTS: u32 = 3;

/// How many retry tokens a client has at first, and what a retry costs.
const TOKENS: u32 = 500;
const RETRY_COST: u32 = 14;

#[tokio::test]
async fn two_thousand_calls_at_a_time_get_their_own_answers() {
    // Both ends of as many connections are files of this process.
    rlimit::increase_nofile_limit(5_000).unwrap();
    let names: Vec<_> = (0..2_000).map(|number| format!("call-{number}")).collect();
    let report = in_time(run(&names, names.len())).await;

    assert!(report.retried > 0, "{report:?}");
    assert!(report.out_of_tokens > 0, "{report:?}");
}

#[tokio::test]
async fn a_few_calls_at_a_time_are_retried_as_often_as_they_may() {
    let names: Vec<_> = (0..1_000).map(|number| format!("call-{number}")).collect();
    let report = in_time(run(&names, 20)).await;

    assert!(report.retried > 0, "{report:?}");
    assert_eq!(report.out_of_tokens, 0, "{report:?}");
}

#[tokio::test]
async fn calls_that_all_fail_have_the_tokens_of_the_client_between_them() {
    const CALLS: usize = 500;
    const RETRIES: u32 = TOKENS / RETRY_COST;

    let server = LoopbackServer::start_with(|_| Fault::InternalFailure.spoil(json!({}))).unwrap();
    let client = client(&server);
    let calls: JoinSet<_> = (0..CALLS)
        .map(|number| call(client.clone(), format!("call-{number}")))
        .collect();
    let done = in_time(calls.join_all()).await;

    let attempts: u32 = done.iter().filter_map(|done| done.attempts).sum();
    assert_eq!(attempts, CALLS as u32 + RETRIES);
    assert_eq!(server.received().len(), CALLS + RETRIES as usize);
}

#[tokio::test]
async fn dropped_calls_leave_nothing_behind() {
    let server = LoopbackServer::start_with(|request| FAULTS.answer(request)).unwrap();
    let client = client(&server);
    in_time(async {
        let mut calls = JoinSet::new();
        for polls in 0..40 {
            for number in 0..5 {
                let call = call(client.clone(), format!("dropped-{polls}-{number}"));
                calls.spawn(drop_after(polls, call));
            }
        }
        let dropped = calls.join_all().await;
        let over: usize = dropped.iter().flatten().count();
        assert!((1..dropped.len()).contains(&over), "{over}");

        for number in 0..50 {
            let name = format!("call-{number}");
            let done = call(client.clone(), name.clone()).await;
            let attempts = server
                .received()
                .iter()
                .filter(|request| call_of(request) == name)
                .count();
            let last = FAULTS.of(&name, attempts as u32);
            assert_eq!(done.outcome, Outcome::expected(last, &name));
        }
        drop(client);
        assert_all_closed(&server).await;
    })
    .await;
    assert_eq!(server.refusals(), []);
}

/// What became of the calls of a run that failed at first.
#[derive(Debug, Default)]
struct Report {
    /// Those that were retried.
    retried: usize,
    /// Those that would have been retried, or retried once more, had there been tokens.
    out_of_tokens: usize,
}

/// Makes the calls, so many at a time, and checks each against what the server has sent.
async fn run(names: &[String], at_a_time: usize) -> Report {
    let server = LoopbackServer::start_with(|request| FAULTS.answer(request)).unwrap();
    let client = client(&server);
    let mut done = Vec::new();
    let mut calls = JoinSet::new();
    for name in names {
        if calls.len() == at_a_time {
            done.push(calls.join_next().await.unwrap().unwrap());
        }
        calls.spawn(call(client.clone(), name.clone()));
    }
    done.extend(calls.join_all().await);
    drop(client);
    assert_all_closed(&server).await;
    // A call that finds no free connection has one made, and takes another that becomes free in the
    // meantime: there can be two for a call.
    let most = server.most_connections();
    assert!(most <= 2 * at_a_time, "{most} for {at_a_time} calls");
    assert_eq!(server.refusals(), []);

    let mut sent: HashMap<String, Vec<(u32, String)>> = HashMap::new();
    for request in server.received() {
        let invocation = request.header("amz-sdk-invocation-id").unwrap().to_owned();
        let attempts = sent.entry(call_of(&request)).or_default();
        attempts.push((attempt_of(&request), invocation));
    }
    assert_eq!((done.len(), sent.len()), (names.len(), names.len()));
    let mut report = Report::default();
    let mut invocations = HashSet::new();
    for done in done {
        let attempts = sent.remove(&done.name).unwrap();
        let invocation = attempts[0].1.clone();
        for (index, attempt) in attempts.iter().enumerate() {
            assert_eq!(*attempt, (index as u32 + 1, invocation.clone()), "{done:?}");
        }
        assert!(invocations.insert(invocation), "an invocation ID twice");
        report.check(&done, attempts.len() as u32);
    }
    report
}

impl Report {
    /// Checks what became of a call, whose requests the server has counted.
    fn check(&mut self, done: &Done, attempts: u32) {
        assert!((1..=MAX_ATTEMPTS).contains(&attempts), "{done:?}");
        assert!(
            done.attempts.is_none_or(|told| told == attempts),
            "{done:?}"
        );
        let last = FAULTS.of(&done.name, attempts);
        assert_eq!(done.outcome, Outcome::expected(last, &done.name));

        let has_failed = last.is_some_and(Fault::is_retried);
        for number in 1..attempts {
            let cause = FAULTS.of(&done.name, number);
            assert!(cause.is_some_and(Fault::is_retried), "{done:?}: {cause:?}");
        }
        self.retried += usize::from(attempts > 1);
        self.out_of_tokens += usize::from(attempts < MAX_ATTEMPTS && has_failed);
    }
}

/// A call that is over.
#[derive(Debug)]
struct Done {
    name: String,
    outcome: Outcome,
    /// How many attempts there were, as the error tells.
    attempts: Option<u32>,
}

#[derive(Debug, PartialEq)]
enum Outcome {
    /// The output of the call with this name.
    Output(String),
    Service {
        status: u16,
        code: Option<String>,
    },
    Dispatch,
    Response,
    Other,
}

impl Outcome {
    /// What must become of the call `name` if its last answer has this fault.
    fn expected(fault: Option<Fault>, name: &str) -> Self {
        let service = |status, code: Option<&str>| Self::Service {
            status,
            code: code.map(str::to_owned),
        };
        match fault {
            None | Some(Fault::Delay) => Self::Output(name.to_owned()),
            Some(Fault::Reset | Fault::Truncated) => Self::Dispatch,
            Some(Fault::InternalFailure) => service(500, Some("InternalFailure")),
            Some(Fault::Unavailable) => service(503, None),
            Some(Fault::Throttling) => service(400, Some("ThrottlingException")),
            Some(Fault::Garbage) => Self::Response,
        }
    }

    fn of_error<E: ProvideErrorMetadata>(error: &SdkError<E>) -> Self {
        match error {
            SdkError::ServiceError(failure) => Self::Service {
                status: failure.raw().status().as_u16(),
                code: failure.err().code().map(str::to_owned),
            },
            SdkError::DispatchFailure(_) => Self::Dispatch,
            SdkError::ResponseError(_) => Self::Response,
            _ => Self::Other,
        }
    }
}

/// Makes the call of this name: half of them look up events, the others get a trail.
async fn call(client: Client, name: String) -> Done {
    let (outcome, attempts) = if name.ends_with(['1', '3', '5', '7', '9']) {
        match client.lookup_events().next_token(&name).send().await {
            Ok(output) => {
                let events = output.events();
                assert_eq!(events.len(), 10);
                let names = events.iter().map(|event| event.event_id());
                assert!(names.eq([output.next_token(); 10]), "{output:?}");
                (Outcome::Output(output.next_token.unwrap()), None)
            }
            Err(error) => (Outcome::of_error(&error), Some(error.call().attempts())),
        }
    } else {
        match client.get_trail().name(&name).send().await {
            Ok(output) => {
                let name = output.trail().unwrap().name().unwrap();
                (Outcome::Output(name.to_owned()), None)
            }
            Err(error) => (Outcome::of_error(&error), Some(error.call().attempts())),
        }
    };
    Done {
        name,
        outcome,
        attempts,
    }
}

fn client(server: &LoopbackServer) -> Client {
    let config = support::config(&server.url())
        .retry_config(RetryConfig::standard())
        .clock(Hasty(Instant::now()));
    Client::from_conf(config.build())
}

/// The system's clock, with waits a hundredth as long.
struct Hasty(Instant);

impl Clock for Hasty {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration / 100))
    }
}

async fn in_time<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(LIMIT, future)
        .await
        .expect("time is up")
}

/// Waits until the server has no connection.
async fn assert_all_closed(server: &LoopbackServer) {
    while server.open_connections() > 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Polls a future so many times, each when it asks for it, and drops it; its output, if it was
/// ready by then.
async fn drop_after<T>(polls: usize, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}
