//! Which failures are retried, how often, after how long, and what that costs. Time is injected: no
//! test waits.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::time::{Duration, SystemTime};

use cloudtrail_sdk::config::retry::{Attempt, RetryAction, RetryConfig, RetryVersion};
use cloudtrail_sdk::config::timeout::TimeoutConfig;
use cloudtrail_sdk::config::{Builder, Config, TimeSource};
use cloudtrail_sdk::error::SdkError;
use cloudtrail_sdk::operation::list_trails::{ListTrailsError, ListTrailsOutput};
use cloudtrail_sdk::test_util::{FakeTime, retry_tokens};
use cloudtrail_sdk::{Client, Error};
use serde_json::json;
use tests::protocol::{JSON_1_1, Received, Reply};
use tests::server::LoopbackServer;

mod support;

/// A client that retries, its server, and its clock.
struct Fixture {
    server: LoopbackServer,
    client: Client,
    time: FakeTime,
}

impl Fixture {
    fn new(configure: impl FnOnce(Builder) -> Builder) -> Self {
        Self::with_server(LoopbackServer::start().unwrap(), configure)
    }

    fn with_server(server: LoopbackServer, configure: impl FnOnce(Builder) -> Builder) -> Self {
        let time = FakeTime::new(SystemTime::now());
        let config = support::config(&server.url())
            .retry_config(RetryConfig::standard())
            .time_source(time.clone());
        let client = Client::from_conf(configure(config).build());
        Self {
            server,
            client,
            time,
        }
    }

    async fn list_trails(&self) -> Result<ListTrailsOutput, SdkError<ListTrailsError>> {
        self.client.list_trails().send().await
    }

    /// The delays in milliseconds.
    fn delays(&self) -> Vec<u128> {
        self.time.sleeps().iter().map(Duration::as_millis).collect()
    }
}

fn status(status: u16) -> Reply {
    Reply::raw(status, "text/plain", "")
}

fn code(status: u16, code: &str) -> Reply {
    Reply::raw(status, JSON_1_1, json!({ "__type": code }).to_string())
}

fn retry_after(mut reply: Reply, millis: &str) -> Reply {
    if let Reply::Raw { headers, .. } = &mut reply {
        headers.push(("x-amz-retry-after", millis.to_owned()));
    }
    reply
}

/// What the rules make of a failure: attempts, delays in milliseconds with a jitter of 1, and the
/// tokens that are left of 500 when the call has failed.
struct Row {
    name: &'static str,
    version: RetryVersion,
    failure: fn() -> Reply,
    attempts: u32,
    delays: &'static [u128],
    tokens: u32,
}

#[tokio::test]
async fn the_rules() {
    use RetryVersion::{V2_0, V2_1};

    let throttling = || code(400, "ThrottlingException");
    let rows = [
        Row {
            name: "a transient status, 2.1: base 50 ms, 14 tokens a retry",
            version: V2_1,
            failure: || status(503),
            attempts: 3,
            delays: &[50, 100],
            tokens: 472,
        },
        Row {
            name: "a transient status, 2.0: base 1 s, 10 tokens a retry",
            version: V2_0,
            failure: || status(503),
            attempts: 3,
            delays: &[1000, 2000],
            tokens: 480,
        },
        Row {
            name: "throttling, 2.1: base 1 s, 5 tokens a retry",
            version: V2_1,
            failure: throttling,
            attempts: 3,
            delays: &[1000, 2000],
            tokens: 490,
        },
        Row {
            name: "throttling, 2.0: the same",
            version: V2_0,
            failure: throttling,
            attempts: 3,
            delays: &[1000, 2000],
            tokens: 490,
        },
        Row {
            name: "a reset, 2.1",
            version: V2_1,
            failure: || Reply::Reset,
            attempts: 3,
            delays: &[50, 100],
            tokens: 472,
        },
        Row {
            name: "a reset, 2.0",
            version: V2_0,
            failure: || Reply::Reset,
            attempts: 3,
            delays: &[1000, 2000],
            tokens: 480,
        },
        Row {
            name: "a body that ends early",
            version: V2_1,
            failure: || Reply::Truncated {
                body: "{\"Trails\":[".into(),
            },
            attempts: 3,
            delays: &[50, 100],
            tokens: 472,
        },
        Row {
            name: "JSON that does not parse is not retried, and the service is well: 1 token, if any is missing",
            version: V2_1,
            failure: || Reply::raw(200, JSON_1_1, "{"),
            attempts: 1,
            delays: &[],
            tokens: 500,
        },
        Row {
            name: "a redirect is not retried",
            version: V2_1,
            failure: || status(302),
            attempts: 1,
            delays: &[],
            tokens: 500,
        },
        Row {
            name: "an error of the caller is not retried",
            version: V2_1,
            failure: || code(400, "ValidationException"),
            attempts: 1,
            delays: &[],
            tokens: 500,
        },
        Row {
            name: "x-amz-retry-after alone makes nothing retryable",
            version: V2_1,
            failure: || retry_after(code(400, "ValidationException"), "100"),
            attempts: 1,
            delays: &[],
            tokens: 500,
        },
        Row {
            name: "x-amz-retry-after below the delay, 2.1",
            version: V2_1,
            failure: || retry_after(status(500), "20"),
            attempts: 3,
            delays: &[50, 100],
            tokens: 472,
        },
        Row {
            name: "x-amz-retry-after, 2.1",
            version: V2_1,
            failure: || retry_after(status(500), "1500"),
            attempts: 3,
            delays: &[1500, 1500],
            tokens: 472,
        },
        Row {
            name: "x-amz-retry-after beyond the delay and 5 s, 2.1",
            version: V2_1,
            failure: || retry_after(status(500), "60000"),
            attempts: 3,
            delays: &[5050, 5100],
            tokens: 472,
        },
        Row {
            name: "x-amz-retry-after replaces the delay, 2.0",
            version: V2_0,
            failure: || retry_after(status(500), "20"),
            attempts: 3,
            delays: &[20, 20],
            tokens: 480,
        },
        Row {
            name: "x-amz-retry-after is at most 20 s, 2.0",
            version: V2_0,
            failure: || retry_after(status(500), "60000"),
            attempts: 3,
            delays: &[20_000, 20_000],
            tokens: 480,
        },
        Row {
            name: "x-amz-retry-after of a throttled request, 2.1",
            version: V2_1,
            failure: || retry_after(code(400, "SlowDown"), "1500"),
            attempts: 3,
            delays: &[1500, 2000],
            tokens: 490,
        },
        Row {
            name: "an invalid x-amz-retry-after is ignored",
            version: V2_1,
            failure: || retry_after(status(500), "soon"),
            attempts: 3,
            delays: &[50, 100],
            tokens: 472,
        },
        Row {
            name: "a negative x-amz-retry-after is ignored",
            version: V2_1,
            failure: || retry_after(status(500), "-1"),
            attempts: 3,
            delays: &[50, 100],
            tokens: 472,
        },
    ];
    for row in rows {
        let fixture = Fixture::new(|config| config.retry_version(row.version));
        for _ in 0..row.attempts {
            fixture.server.reply((row.failure)());
        }
        let error = fixture.list_trails().await.unwrap_err();
        let name = row.name;
        assert_eq!(error.call().attempts(), row.attempts, "{name}: {error}");
        let received = fixture.server.received().len();
        assert_eq!(received, row.attempts as usize, "{name}");
        assert_eq!(fixture.delays(), row.delays, "{name}");
        assert_eq!(retry_tokens(&fixture.client), row.tokens, "{name}");
    }
}

/// What becomes of a failure that is followed by a success: attempts, the first delay, and the
/// tokens that the retry has taken and not given back.
async fn one_failure(failure: Reply) -> (usize, Vec<u128>) {
    let fixture = Fixture::new(|config| config);
    fixture.server.reply(failure);
    let _ = fixture.list_trails().await;
    assert_eq!(retry_tokens(&fixture.client), 500);
    (fixture.server.received().len(), fixture.delays())
}

#[tokio::test]
async fn every_code_of_throttling_waits_long() {
    for name in [
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottledException",
        "TooManyRequestsException",
        "ProvisionedThroughputExceededException",
        "TransactionInProgressException",
        "RequestLimitExceeded",
        "BandwidthLimitExceeded",
        "LimitExceededException",
        "RequestThrottled",
        "SlowDown",
        "PriorRequestNotComplete",
        "EC2ThrottledException",
    ] {
        for status in [400, 403, 429, 503] {
            let outcome = one_failure(code(status, name)).await;
            assert_eq!(outcome, (2, vec![1000]), "{status} {name}");
        }
    }
}

#[tokio::test]
async fn every_transient_code_and_status_is_retried_soon() {
    for name in ["RequestTimeout", "RequestTimeoutException"] {
        let outcome = one_failure(code(400, name)).await;
        assert_eq!(outcome, (2, vec![50]), "{name}");
    }
    for number in [500, 502, 503, 504] {
        let bare = one_failure(status(number)).await;
        assert_eq!(bare, (2, vec![50]), "{number}");
        let with_code = one_failure(code(number, "InternalFailure")).await;
        assert_eq!(with_code, (2, vec![50]), "{number}");
    }
}

#[tokio::test]
async fn other_statuses_are_not_retried() {
    for number in [301, 307, 400, 401, 403, 404, 408, 409, 413, 501, 505, 599] {
        assert_eq!(one_failure(status(number)).await, (1, vec![]), "{number}");
    }
}

#[tokio::test]
async fn a_429_is_throttling_unless_the_operation_has_the_code() {
    assert_eq!(one_failure(status(429)).await, (2, vec![1000]));
    let unknown = code(429, "GatewayException");
    assert_eq!(one_failure(unknown).await, (2, vec![1000]));
    // ListTrails does not have this error.
    let of_another_operation = code(429, "TrailNotFoundException");
    assert_eq!(one_failure(of_another_operation).await, (2, vec![1000]));
    let of_the_operation = code(429, "OperationNotPermittedException");
    assert_eq!(one_failure(of_the_operation).await, (1, vec![]));
}

#[tokio::test]
async fn nobody_there_is_retried() {
    let server = LoopbackServer::start().unwrap();
    let url = server.url();
    drop(server);
    let time = FakeTime::new(SystemTime::now());
    let config = support::config(&url)
        .retry_config(RetryConfig::standard())
        .time_source(time.clone())
        .build();
    let error = Client::from_conf(config)
        .list_trails()
        .send()
        .await
        .unwrap_err();
    assert!(matches!(&error, SdkError::DispatchFailure(failure) if failure.is_io()));
    assert_eq!(error.call().attempts(), 3);
    assert_eq!(error.call().elapsed(), Duration::from_millis(150));
}

#[tokio::test]
async fn delays_double_up_to_20_s_and_vary() {
    let retries = RetryConfig::standard().with_max_attempts(8);
    for (jitter, delays) in [
        (1.0, [1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]),
        (0.5, [500, 1000, 2000, 4000, 8000, 10_000, 10_000]),
        (0.0, [0; 7]),
    ] {
        let fixture = Fixture::new(|config| config.retry_config(retries.clone()));
        fixture.time.set_jitter(jitter);
        for _ in 0..8 {
            fixture.server.reply(code(400, "ThrottlingException"));
        }
        fixture.list_trails().await.unwrap_err();
        assert_eq!(fixture.delays(), delays);
    }
}

#[tokio::test]
async fn a_first_delay_that_was_set_counts_for_all_errors() {
    let retries = RetryConfig::standard()
        .with_initial_backoff(Duration::from_millis(10))
        .with_max_backoff(Duration::from_millis(15));
    for failure in [status(500), code(400, "ThrottlingException")] {
        let fixture = Fixture::new(|config| config.retry_config(retries.clone()));
        fixture.server.reply(failure.clone());
        fixture.server.reply(failure);
        fixture.list_trails().await.unwrap();
        assert_eq!(fixture.delays(), [10, 15]);
    }
}

#[tokio::test]
async fn a_success_gives_back_what_the_last_retry_took() {
    for (version, one, two) in [
        (RetryVersion::V2_1, 500, 486),
        (RetryVersion::V2_0, 500, 490),
    ] {
        let fixture = Fixture::new(|config| config.retry_version(version));
        fixture.server.reply(status(500));
        fixture.list_trails().await.unwrap();
        assert_eq!(retry_tokens(&fixture.client), one);
        fixture.server.reply(status(500));
        fixture.server.reply(status(500));
        fixture.list_trails().await.unwrap();
        assert_eq!(retry_tokens(&fixture.client), two);
        // A success at once gives 1, and a clone of the client has the same tokens.
        fixture.client.clone().list_trails().send().await.unwrap();
        assert_eq!(retry_tokens(&fixture.client), two + 1);
    }
}

#[tokio::test]
async fn without_tokens_nothing_is_retried() {
    let fixture = Fixture::with_server(
        LoopbackServer::start_with(|_| status(500)).unwrap(),
        |config| config.retry_config(RetryConfig::standard().with_max_attempts(100)),
    );
    let error = fixture.list_trails().await.unwrap_err();
    assert_eq!(error.call().attempts(), 36);
    assert_eq!(retry_tokens(&fixture.client), 10);
    let error = fixture.list_trails().await.unwrap_err();
    assert_eq!(error.call().attempts(), 1);
    assert_eq!(retry_tokens(&fixture.client), 10);
    // A throttled request costs less.
    fixture.server.reply(code(400, "ThrottlingException"));
    let error = fixture.list_trails().await.unwrap_err();
    assert_eq!(error.call().attempts(), 2);
    assert_eq!(retry_tokens(&fixture.client), 5);
}

#[tokio::test]
async fn attempts_are_configured() {
    for (retries, attempts) in [
        (RetryConfig::disabled(), 1),
        (RetryConfig::standard(), 3),
        (RetryConfig::adaptive(), 3),
        (RetryConfig::standard().with_max_attempts(5), 5),
    ] {
        let server = LoopbackServer::start_with(|_| status(500)).unwrap();
        let fixture = Fixture::with_server(server, |config| config.retry_config(retries));
        let error = fixture.list_trails().await.unwrap_err();
        assert_eq!(error.call().attempts(), attempts);
    }
    let none = RetryConfig::standard().with_max_attempts(0);
    let error = Fixture::new(|config| config.retry_config(none))
        .list_trails()
        .await
        .unwrap_err();
    assert!(matches!(error, SdkError::ConstructionFailure(_)), "{error}");
}

fn header(request: &Received, name: &str) -> String {
    request.header(name).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn attempts_are_told_to_the_service() {
    let unlimited = TimeoutConfig::builder().disable_read_timeout().build();
    for (limits, until) in [(Some(unlimited), false), (None, true)] {
        let fixture = Fixture::new(|mut config| {
            config.set_timeout_config(limits);
            config
        });
        fixture.server.reply(status(500));
        fixture.server.reply(status(500));
        fixture.list_trails().await.unwrap();
        let received = fixture.server.received();
        let ids: Vec<_> = received
            .iter()
            .map(|request| header(request, "amz-sdk-invocation-id"))
            .collect();
        assert_eq!(ids[0].len(), 36);
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        for (index, request) in received.iter().enumerate() {
            assert_eq!(request.refusals, []);
            let told = header(request, "amz-sdk-request");
            let attempt = format!("attempt={}; max=3", index + 1);
            match told.strip_suffix(&attempt).unwrap() {
                "" => assert!(index == 0 || !until, "{told}"),
                ttl => {
                    assert!(index > 0 && until, "{told}");
                    // ttl=20261122T120000Z
                    assert_eq!(ttl.len(), "ttl=YYYYMMDDTHHMMSSZ; ".len(), "{told}");
                    assert!(ttl.starts_with("ttl=2") && ttl.ends_with("Z; "), "{told}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_classifier_can_ask_for_retries_and_forbid_them() {
    let asks = |attempt: &Attempt<'_>| match attempt.error_code() {
        Some("TrailNotFoundException") => RetryAction::transient_error(),
        _ => RetryAction::NoActionIndicated,
    };
    let fixture = Fixture::new(|config| config.retry_classifier(asks));
    fixture.server.reply(code(404, "TrailNotFoundException"));
    fixture.server.reply(status(500));
    fixture.list_trails().await.unwrap();
    assert_eq!(fixture.server.received().len(), 3);

    let forbids = |attempt: &Attempt<'_>| match attempt.response() {
        Some(response) if response.status() == 500 => RetryAction::RetryForbidden,
        _ => RetryAction::NoActionIndicated,
    };
    // Whatever the others say.
    for classifiers in [[true, false], [false, true]] {
        let fixture = Fixture::new(|config| {
            classifiers
                .into_iter()
                .fold(config, |config, forbid| match forbid {
                    true => config.retry_classifier(forbids),
                    false => {
                        config.retry_classifier(|_: &Attempt<'_>| RetryAction::throttling_error())
                    }
                })
        });
        fixture.server.reply(status(500));
        fixture.list_trails().await.unwrap_err();
        assert_eq!(fixture.server.received().len(), 1);
    }
}

#[tokio::test]
async fn adaptive_mode_slows_down_after_the_first_throttling() {
    let retries = RetryConfig::adaptive();
    let fixture = Fixture::new(|config| config.retry_config(retries));
    for _ in 0..20 {
        fixture.list_trails().await.unwrap();
        fixture.time.advance(Duration::from_millis(100));
    }
    assert_eq!(fixture.delays(), []);
    fixture.server.reply(code(400, "ThrottlingException"));
    fixture.list_trails().await.unwrap();
    let delays = fixture.delays();
    assert_eq!(delays[0], 1000, "{delays:?}");
    // 10 requests a second were too many; the next do not come at once any more.
    let before = fixture.time.elapsed();
    for _ in 0..20 {
        fixture.list_trails().await.unwrap();
    }
    let taken = fixture.time.elapsed() - before;
    assert!(taken > Duration::from_secs(1), "{taken:?}");
    // The rate grows again: the same number of requests takes less time later.
    for _ in 0..200 {
        fixture.list_trails().await.unwrap();
    }
    let before = fixture.time.elapsed();
    for _ in 0..20 {
        fixture.list_trails().await.unwrap();
    }
    let later = fixture.time.elapsed() - before;
    assert!(later < taken, "{later:?} {taken:?}");
}

#[tokio::test]
async fn time_for_an_attempt_runs_out_again_and_again() {
    let second = Duration::from_secs(1);
    let limits = TimeoutConfig::builder()
        .operation_attempt_timeout(second)
        .build();
    let fixture = Fixture::new(|config| config.timeout_config(limits));
    // This clock is over with any wait at once, so no answer comes in time.
    let error = fixture.list_trails().await.unwrap_err();
    assert!(matches!(error, SdkError::TimeoutError(_)), "{error}");
    assert_eq!(error.call().attempts(), 3);
    // The limit of each attempt, and the delays between.
    assert_eq!(fixture.delays(), [1000, 50, 1000, 100, 1000]);
    assert_eq!(error.call().elapsed(), Duration::from_millis(3150));
    assert_eq!(
        error.to_string(),
        "ListTrails: timed out: the attempt was not over within 1s (3 attempts in 3.15s)"
    );
}

#[tokio::test]
async fn time_for_the_operation_runs_out_once() {
    let limits = TimeoutConfig::builder()
        .operation_timeout(Duration::from_secs(1))
        .build();
    let fixture = Fixture::new(|config| config.timeout_config(limits));
    let error = fixture.list_trails().await.unwrap_err();
    assert!(matches!(error, SdkError::TimeoutError(_)), "{error}");
    assert_eq!(error.call().attempts(), 1);
    assert_eq!(retry_tokens(&fixture.client), 500);
}

#[tokio::test]
async fn one_call_can_have_other_rules() {
    let fixture = Fixture::new(|config| config);
    fixture.server.reply(status(500));
    let error = fixture
        .client
        .list_trails()
        .customize()
        .config_override(Config::builder().retry_config(RetryConfig::disabled()))
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.call().attempts(), 1);
    // The tokens are the client's.
    let patient = RetryConfig::standard().with_max_attempts(5);
    for _ in 0..5 {
        fixture.server.reply(status(500));
    }
    let error = fixture
        .client
        .list_trails()
        .customize()
        .config_override(Config::builder().retry_config(patient))
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.call().attempts(), 5);
    assert_eq!(retry_tokens(&fixture.client), 500 - 4 * 14);
}

#[tokio::test]
async fn an_error_after_retries_is_the_last_one() {
    let fixture = Fixture::new(|config| config);
    fixture.server.reply(status(503));
    fixture.server.reply(Reply::Reset);
    fixture
        .server
        .reply(Reply::error("OperationNotPermittedException", "no"));
    let error = fixture.list_trails().await.unwrap_err();
    assert_eq!(error.call().attempts(), 3);
    assert!(matches!(
        error.into_service_error(),
        Error::OperationNotPermittedException(_)
    ));
}
