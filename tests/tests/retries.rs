//! Which failures are retried, how often, after how long, and what that costs. Time is injected: no
//! test waits.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::{Duration, SystemTime};

use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future;
use aws_smithy_runtime_api::client::orchestrator::OrchestratorError;
use aws_smithy_types::retry::ErrorKind;
use bytes::Bytes;
use cloudtrail_sdk::config::interceptors::InterceptorContext;
use cloudtrail_sdk::config::retry::{
    ClassifyRetry, RetryAction, RetryClassifierPriority, RetryConfig, RetryVersion,
};
use cloudtrail_sdk::config::timeout::TimeoutConfig;
use cloudtrail_sdk::config::{
    BoxFuture, Builder, Clock, Config, Credentials, ProvideCredentials, Transport,
};
use cloudtrail_sdk::error::{ConnectorError, ProvideErrorMetadata, SdkError};
use cloudtrail_sdk::operation::list_trails::{ListTrailsError, ListTrailsInput, ListTrailsOutput};
use cloudtrail_sdk::test_util::{Answer, FakeTime, Fakes, retry_tokens};
use cloudtrail_sdk::{Client, Error};
use http::{HeaderMap, Request, Response, StatusCode};
use serde_json::json;
use tests::http_response;
use tests::protocol::{JSON_1_1, Received, Reply};
use tests::server::LoopbackServer;
use tests::trace::Captured;

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
            .clock(time.clone());
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
    config: fn() -> RetryConfig,
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
            config: RetryConfig::standard,
            failure: || status(503),
            attempts: 3,
            delays: &[50, 100],
            tokens: 472,
        },
        Row {
            name: "a transient status, 2.0: base 1 s, 10 tokens a retry",
            version: V2_0,
            config: RetryConfig::standard,
            failure: || status(503),
            attempts: 3,
            delays: &[1000, 2000],
            tokens: 480,
        },
        Row {
            name: "throttling, 2.1: base 1 s, 5 tokens a retry",
            version: V2_1,
            config: RetryConfig::standard,
            failure: throttling,
            attempts: 3,
            delays: &[1000, 2000],
            tokens: 490,
        },
        Row {
            name: "throttling, 2.0: the same",
            version: V2_0,
            config: RetryConfig::standard,
            failure: throttling,
            attempts: 3,
            delays: &[1000, 2000],
            tokens: 490,
        },
        Row {
            name: "a reset, 2.1",
            version: V2_1,
            config: RetryConfig::standard,
            failure: || Reply::Reset,
            attempts: 3,
            delays: &[50, 100],
            tokens: 472,
        },
        Row {
            name: "a reset, 2.0",
            version: V2_0,
            config: RetryConfig::standard,
            failure: || Reply::Reset,
            attempts: 3,
            delays: &[1000, 2000],
            tokens: 480,
        },
        Row {
            name: "a body that ends early",
            version: V2_1,
            config: RetryConfig::standard,
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
            config: RetryConfig::standard,
            failure: || Reply::raw(200, JSON_1_1, "{"),
            attempts: 1,
            delays: &[],
            tokens: 500,
        },
        Row {
            name: "a redirect is not retried",
            version: V2_1,
            config: RetryConfig::standard,
            failure: || status(302),
            attempts: 1,
            delays: &[],
            tokens: 500,
        },
        Row {
            name: "an error of the caller is not retried",
            version: V2_1,
            config: RetryConfig::standard,
            failure: || code(400, "ValidationException"),
            attempts: 1,
            delays: &[],
            tokens: 500,
        },
        Row {
            name: "x-amz-retry-after alone makes nothing retryable",
            version: V2_1,
            config: RetryConfig::standard,
            failure: || retry_after(code(400, "ValidationException"), "100"),
            attempts: 1,
            delays: &[],
            tokens: 500,
        },
        Row {
            name: "x-amz-retry-after below the delay, 2.1",
            version: V2_1,
            config: RetryConfig::standard,
            failure: || retry_after(status(500), "20"),
            attempts: 3,
            delays: &[50, 100],
            tokens: 472,
        },
        Row {
            name: "x-amz-retry-after, 2.1",
            version: V2_1,
            config: RetryConfig::standard,
            failure: || retry_after(status(500), "1500"),
            attempts: 3,
            delays: &[1500, 1500],
            tokens: 472,
        },
        Row {
            name: "x-amz-retry-after beyond the delay and 5 s, 2.1",
            version: V2_1,
            config: RetryConfig::standard,
            failure: || retry_after(status(500), "60000"),
            attempts: 3,
            delays: &[5050, 5100],
            tokens: 472,
        },
        Row {
            name: "x-amz-retry-after replaces the delay, 2.0",
            version: V2_0,
            config: RetryConfig::standard,
            failure: || retry_after(status(500), "20"),
            attempts: 3,
            delays: &[20, 20],
            tokens: 480,
        },
        Row {
            name: "x-amz-retry-after is at most 20 s, 2.0",
            version: V2_0,
            config: RetryConfig::standard,
            failure: || retry_after(status(500), "60000"),
            attempts: 3,
            delays: &[20_000, 20_000],
            tokens: 480,
        },
        Row {
            name: "x-amz-retry-after of a throttled request, 2.1",
            version: V2_1,
            config: RetryConfig::standard,
            failure: || retry_after(code(400, "SlowDown"), "1500"),
            attempts: 3,
            delays: &[1500, 2000],
            tokens: 490,
        },
        Row {
            name: "x-amz-retry-after of 0, 2.1: the delay all the same",
            version: V2_1,
            config: RetryConfig::standard,
            failure: || retry_after(status(500), "0"),
            attempts: 3,
            delays: &[50, 100],
            tokens: 472,
        },
        Row {
            name: "x-amz-retry-after of 0, 2.0: at once",
            version: V2_0,
            config: RetryConfig::standard,
            failure: || retry_after(status(500), "0"),
            attempts: 3,
            delays: &[0, 0],
            tokens: 480,
        },
        Row {
            name: "the largest x-amz-retry-after, 2.1",
            version: V2_1,
            config: RetryConfig::standard,
            failure: || retry_after(status(500), "18446744073709551615"),
            attempts: 3,
            delays: &[5050, 5100],
            tokens: 472,
        },
        Row {
            name: "the largest x-amz-retry-after, 2.0",
            version: V2_0,
            config: RetryConfig::standard,
            failure: || retry_after(status(500), "18446744073709551615"),
            attempts: 3,
            delays: &[20_000, 20_000],
            tokens: 480,
        },
        Row {
            name: "an x-amz-retry-after that is too large to read is ignored",
            version: V2_1,
            config: RetryConfig::standard,
            failure: || retry_after(status(500), "18446744073709551616"),
            attempts: 3,
            delays: &[50, 100],
            tokens: 472,
        },
        Row {
            name: "five attempts",
            version: V2_1,
            config: || RetryConfig::standard().with_max_attempts(5),
            failure: || status(500),
            attempts: 5,
            delays: &[50, 100, 200, 400],
            tokens: 444,
        },
        Row {
            name: "five attempts, 2.0",
            version: V2_0,
            config: || RetryConfig::standard().with_max_attempts(5),
            failure: || status(500),
            attempts: 5,
            delays: &[1000, 2000, 4000, 8000],
            tokens: 460,
        },
        Row {
            name: "a maximum back-off of 200 ms",
            version: V2_1,
            config: || {
                RetryConfig::standard()
                    .with_max_attempts(5)
                    .with_max_backoff(Duration::from_millis(200))
            },
            failure: || status(500),
            attempts: 5,
            delays: &[50, 100, 200, 200],
            tokens: 444,
        },
        Row {
            name: "a maximum back-off of 200 ms, throttling",
            version: V2_1,
            config: || RetryConfig::standard().with_max_backoff(Duration::from_millis(200)),
            failure: throttling,
            attempts: 3,
            delays: &[200, 200],
            tokens: 490,
        },
        Row {
            name: "a maximum back-off of 200 ms holds for x-amz-retry-after, 2.0",
            version: V2_0,
            config: || RetryConfig::standard().with_max_backoff(Duration::from_millis(200)),
            failure: || retry_after(status(500), "201"),
            attempts: 3,
            delays: &[200, 200],
            tokens: 480,
        },
        Row {
            name: "an invalid x-amz-retry-after is ignored",
            version: V2_1,
            config: RetryConfig::standard,
            failure: || retry_after(status(500), "soon"),
            attempts: 3,
            delays: &[50, 100],
            tokens: 472,
        },
        Row {
            name: "a negative x-amz-retry-after is ignored",
            version: V2_1,
            config: RetryConfig::standard,
            failure: || retry_after(status(500), "-1"),
            attempts: 3,
            delays: &[50, 100],
            tokens: 472,
        },
    ];
    for row in rows {
        let fixture = Fixture::new(|config| {
            config
                .retry_version(row.version)
                .retry_config((row.config)())
        });
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
        .clock(time.clone())
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

const OUT_OF_TOKENS: &str =
    "retrying is off: the client's retry tokens are used up, and come back as calls succeed";

#[tokio::test]
async fn an_error_says_that_there_were_no_tokens_for_a_retry() {
    let patient = RetryConfig::standard().with_max_attempts(36);
    let fixture = Fixture::with_server(
        LoopbackServer::start_with(|_| status(500)).unwrap(),
        |config| config.retry_config(patient),
    );
    let one_call = |retries| {
        let changes = Config::builder().retry_config(retries);
        let call = fixture.client.list_trails().customize();
        async { call.config_override(changes).send().await.unwrap_err() }
    };
    // It ends with the attempts, though there are no tokens left either.
    let error = fixture.list_trails().await.unwrap_err();
    assert_eq!(error.call().attempts(), 36);
    assert!(!error.to_string().contains("retrying"), "{error}");
    assert_eq!(retry_tokens(&fixture.client), 10);

    let captured = Captured::start();
    let error = fixture.list_trails().await.unwrap_err();
    let trace = captured.finish();
    assert_eq!(error.call().attempts(), 1);
    let expected =
        format!("(HTTP 500, request id 00000000-0000-4000-8000-000000000036, {OUT_OF_TOKENS})");
    assert!(error.to_string().ends_with(&expected), "{error}");
    assert!(trace.contains("no retry tokens left"), "{trace}");
    assert!(trace.contains("tokens=10"), "{trace}");

    // A throttled request costs less; its retry fails, and there is not enough for another.
    fixture.server.reply(code(400, "ThrottlingException"));
    let error = fixture.list_trails().await.unwrap_err();
    let expected = format!(", 2 attempts in 1s, {OUT_OF_TOKENS})");
    assert!(error.to_string().ends_with(&expected), "{error}");

    // Other kinds of failures say so, too.
    fixture.server.reply(Reply::Reset);
    let error = fixture.list_trails().await.unwrap_err();
    assert!(matches!(error, SdkError::DispatchFailure(_)), "{error}");
    assert!(
        error.to_string().ends_with(&format!(" ({OUT_OF_TOKENS})")),
        "{error}"
    );
    let limits = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(1));
    let changes = Config::builder().timeout_config(limits.build());
    let call = fixture.client.list_trails().customize();
    let error = call.config_override(changes).send().await.unwrap_err();
    assert!(matches!(error, SdkError::TimeoutError(_)), "{error}");
    assert!(
        error.to_string().ends_with(&format!(" ({OUT_OF_TOKENS})")),
        "{error}"
    );

    // Nothing of that where there would have been no retry anyway.
    let error = one_call(RetryConfig::disabled()).await;
    assert!(!error.to_string().contains("retrying"), "{error}");
    fixture.server.reply(code(400, "ValidationException"));
    let error = one_call(RetryConfig::standard()).await;
    assert!(!error.to_string().contains("retrying"), "{error}");
}

#[tokio::test]
async fn successes_bring_retries_back() {
    let patient = RetryConfig::standard().with_max_attempts(100);
    let fixture = Fixture::with_server(
        LoopbackServer::start_with(|_| status(500)).unwrap(),
        |config| config.retry_config(patient),
    );
    fixture.list_trails().await.unwrap_err();
    assert_eq!(retry_tokens(&fixture.client), 10);
    for tokens in 11..=13 {
        fixture.server.reply(Reply::Modeled);
        fixture.list_trails().await.unwrap();
        assert_eq!(retry_tokens(&fixture.client), tokens);
        let error = fixture.list_trails().await.unwrap_err();
        assert_eq!(error.call().attempts(), 1);
        assert_eq!(retry_tokens(&fixture.client), tokens);
    }
    fixture.server.reply(Reply::Modeled);
    fixture.list_trails().await.unwrap();
    // A retry is affordable again; it succeeds, and gives back what it took.
    fixture.server.reply(status(500));
    fixture.server.reply(Reply::Modeled);
    fixture.list_trails().await.unwrap();
    assert_eq!(retry_tokens(&fixture.client), 14);
    // One that fails takes them for good.
    let error = fixture.list_trails().await.unwrap_err();
    assert_eq!(error.call().attempts(), 2);
    assert_eq!(retry_tokens(&fixture.client), 0);
}

#[test]
fn threads_share_the_tokens_of_a_client() {
    const CALLS: usize = 30;
    let fakes = Fakes::new();
    fakes
        .when::<ListTrailsInput>()
        .answer(|_| Answer::http(500, ""));
    let client = Client::from_conf(fakes.config().build());
    let start = Barrier::new(2);
    let calls = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        start.wait();
        let attempts = (0..CALLS).map(|_| {
            let error = runtime.block_on(client.list_trails().send()).unwrap_err();
            error.call().attempts()
        });
        attempts.sum::<u32>()
    };
    let attempts = thread::scope(|scope| {
        let threads = [scope.spawn(calls), scope.spawn(calls)];
        threads
            .map(|thread| thread.join().unwrap())
            .iter()
            .sum::<u32>()
    });
    // 35 retries of 14 tokens are in 500, whoever makes them.
    assert_eq!(attempts, 2 * CALLS as u32 + 35);
    assert_eq!(fakes.requests().len(), attempts as usize);
    assert_eq!(retry_tokens(&client), 10);
}

/// Credentials that are there for so many requests.
#[derive(Debug)]
struct Running(AtomicU32);

impl ProvideCredentials for Running {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let left = self.0.load(Ordering::Relaxed);
        future::ProvideCredentials::ready(match left {
            0 => Err(CredentialsError::provider_error("the vault is closed")),
            _ => {
                self.0.store(left - 1, Ordering::Relaxed);
                // They have expired, so that each attempt asks for its own.
                let expiry = Some(SystemTime::UNIX_EPOCH);
                Ok(Credentials::new("AKID", "secret", None, expiry, "test"))
            }
        })
    }
}

/// Credentials that never come.
#[derive(Debug)]
struct Never;

impl ProvideCredentials for Never {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(std::future::pending())
    }
}

/// A clock on which a second is over at once, and anything longer never.
struct Impatient;

impl Impatient {
    const LONGEST: Duration = Duration::from_secs(1);
}

impl Clock for Impatient {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        match duration <= Self::LONGEST {
            true => Box::pin(async {}),
            false => Box::pin(std::future::pending()),
        }
    }
}

#[tokio::test]
async fn requests_that_were_not_sent_are_no_attempts() {
    for sent in [0, 1, 2] {
        let fakes = Fakes::new();
        fakes
            .when::<ListTrailsInput>()
            .answer(|_| Answer::http(503, ""));
        let config = fakes
            .config()
            .credentials_provider(Running(AtomicU32::new(sent)));
        let client = Client::from_conf(config.build());
        let error = client.list_trails().send().await.unwrap_err();
        assert!(error.to_string().contains("the vault is closed"), "{error}");
        assert_eq!(error.call().attempts(), sent);
        assert_eq!(fakes.requests().len(), sent as usize);
    }

    let limits = TimeoutConfig::builder().operation_attempt_timeout(Impatient::LONGEST);
    let config = Fakes::new()
        .config()
        .credentials_provider(Never)
        .clock(Impatient)
        .timeout_config(limits.build());
    let client = Client::from_conf(config.build());
    let error = client.list_trails().send().await.unwrap_err();
    assert!(matches!(error, SdkError::TimeoutError(_)), "{error}");
    assert_eq!(error.call().attempts(), 0);
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

/// A classifier that is a function.
struct Classifier<F>(F);

impl<F> fmt::Debug for Classifier<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Classifier")
    }
}

impl<F: Fn(&InterceptorContext) -> RetryAction + Send + Sync> ClassifyRetry for Classifier<F> {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        (self.0)(context)
    }

    fn name(&self) -> &'static str {
        "Classifier"
    }
}

/// The code of the service's error.
fn error_code(context: &InterceptorContext) -> Option<String> {
    let error = context.output_or_error()?.err()?.as_operation_error()?;
    let error = error.downcast_ref::<Error>()?;
    error.code().map(str::to_owned)
}

#[tokio::test]
async fn a_classifier_can_ask_for_retries_and_forbid_them() {
    let asks = Classifier(
        |context: &InterceptorContext| match error_code(context).as_deref() {
            Some("TrailNotFoundException") => RetryAction::transient_error(),
            _ => RetryAction::NoActionIndicated,
        },
    );
    let fixture = Fixture::new(|config| config.retry_classifier(asks));
    fixture.server.reply(code(404, "TrailNotFoundException"));
    fixture.server.reply(status(500));
    fixture.list_trails().await.unwrap();
    assert_eq!(fixture.server.received().len(), 3);

    let forbids = |context: &InterceptorContext| match context.response() {
        Some(response) if response.status().as_u16() == 500 => RetryAction::RetryForbidden,
        _ => RetryAction::NoActionIndicated,
    };
    let throttled = |_: &InterceptorContext| RetryAction::throttling_error();
    // Whatever the others say.
    for classifiers in [[true, false], [false, true]] {
        let fixture = Fixture::new(|config| {
            classifiers
                .into_iter()
                .fold(config, |config, forbid| match forbid {
                    true => config.retry_classifier(Classifier(forbids)),
                    false => config.retry_classifier(Classifier(throttled)),
                })
        });
        fixture.server.reply(status(500));
        fixture.list_trails().await.unwrap_err();
        assert_eq!(fixture.server.received().len(), 1);
    }
}

#[tokio::test]
async fn an_error_that_a_classifier_calls_the_server_s_costs_as_much_as_others() {
    for (version, delays, tokens) in [
        (RetryVersion::V2_0, [1000, 2000], 490),
        (RetryVersion::V2_1, [50, 100], 472),
    ] {
        let server_error = Classifier(|_: &InterceptorContext| RetryAction::server_error());
        let fixture = Fixture::new(|config| {
            let config = config.retry_version(version);
            config.retry_classifier(server_error)
        });
        for _ in 0..3 {
            fixture.server.reply(code(400, "ValidationException"));
        }
        fixture.list_trails().await.unwrap_err();
        assert_eq!(fixture.delays(), delays);
        assert_eq!(retry_tokens(&fixture.client), tokens);
    }
}

/// Asks for retries after a delay, at some priority.
#[derive(Debug)]
struct Delays(RetryClassifierPriority);

impl ClassifyRetry for Delays {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let kind = ErrorKind::TransientError;
        match context.response() {
            Some(response) if response.status().is_success() => RetryAction::NoActionIndicated,
            _ => RetryAction::retryable_error_with_explicit_delay(kind, Duration::from_secs(3)),
        }
    }

    fn name(&self) -> &'static str {
        "Delays"
    }

    fn priority(&self) -> RetryClassifierPriority {
        self.0
    }
}

#[tokio::test]
async fn of_rules_and_classifiers_the_highest_priority_decides() {
    let last = RetryClassifierPriority::transient_error_classifier();
    for (priority, reply, delay) in [
        // The rule of the status is asked before classifiers, that of the code after them.
        (RetryClassifierPriority::default(), status(500), 3000),
        (
            RetryClassifierPriority::default(),
            code(400, "ThrottlingException"),
            1000,
        ),
        (last, code(400, "ThrottlingException"), 3000),
    ] {
        let fixture = Fixture::new(|config| config.retry_classifier(Delays(priority)));
        fixture.server.reply(reply);
        fixture.list_trails().await.unwrap();
        assert_eq!(fixture.delays(), [delay], "{priority:?}");
    }
}

#[tokio::test]
async fn of_what_the_transport_says_timeouts_and_broken_connections_are_retried() {
    for (error, attempts) in [
        (ConnectorError::io as fn(_) -> _, 3),
        (ConnectorError::timeout, 3),
        (ConnectorError::user, 1),
        (|why| ConnectorError::other(why, None), 1),
    ] {
        let fakes = Fakes::new();
        fakes
            .when::<ListTrailsInput>()
            .answer(move |_| Answer::dispatch(error("broken".into())));
        let client = Client::from_conf(fakes.config().build());
        let failure = client.list_trails().send().await.unwrap_err();
        assert_eq!(failure.call().attempts(), attempts, "{failure}");
        let mut delays = fakes.time().sleeps();
        delays.dedup();
        let expected: Vec<_> = [50, 100].map(Duration::from_millis).into();
        assert_eq!(delays, expected[..attempts as usize - 1], "{failure}");
    }
}

#[tokio::test]
async fn any_time_that_passes_can_be_told() {
    let fakes = Fakes::new();
    let time = fakes.time();
    fakes.when::<ListTrailsInput>().answer(move |_| {
        time.advance(Duration::MAX);
        Answer::http(503, "")
    });
    let client = Client::from_conf(fakes.config().build());
    let error = client.list_trails().send().await.unwrap_err();
    assert_eq!(error.call().elapsed(), Duration::MAX);
    let told = "(HTTP 503, 3 attempts in 18446744073709551615.999s)";
    assert!(error.to_string().ends_with(told), "{error}");
}

#[tokio::test]
async fn a_classifier_sees_what_became_of_each_attempt() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let note = {
        let seen = Arc::clone(&seen);
        Classifier(move |context: &InterceptorContext| {
            let error = context.output_or_error().and_then(Result::err);
            let response = context.response();
            seen.lock().unwrap().push((
                response.map(|response| response.status().as_u16()),
                error_code(context),
                error
                    .and_then(OrchestratorError::as_connector_error)
                    .map(|error| error.is_io()),
                error.is_some_and(OrchestratorError::is_timeout_error),
            ));
            RetryAction::NoActionIndicated
        })
    };
    let fakes = Fakes::new();
    fakes.when::<ListTrailsInput>().sequence([
        Answer::http(500, json!({ "__type": "InternalFailure" }).to_string()),
        Answer::dispatch(ConnectorError::io("reset by peer".into())),
        Answer::pending(),
        Answer::http(503, ""),
        Answer::output(ListTrailsOutput::builder().build()),
    ]);
    let limits = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(1));
    let config = fakes
        .config()
        .retry_config(RetryConfig::standard().with_max_attempts(5))
        .timeout_config(limits.build())
        .retry_classifier(note);
    let client = Client::from_conf(config.build());
    client.list_trails().send().await.unwrap();
    let failure = Some("InternalFailure".to_owned());
    assert_eq!(
        *seen.lock().unwrap(),
        [
            (Some(500), failure, None, false),
            (None, None, Some(true), false),
            (None, None, None, true),
            (Some(503), None, None, false),
            (Some(200), None, None, false),
        ]
    );
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

/// Whether the next call has to wait, made with these retries if they are others.
async fn is_slowed_down(fixture: &Fixture, retries: Option<RetryConfig>) -> bool {
    let waits = fixture.delays().len();
    let call = fixture.client.list_trails().customize();
    match retries {
        Some(retries) => call.config_override(Config::builder().retry_config(retries)),
        None => call,
    }
    .send()
    .await
    .unwrap();
    fixture.delays().len() > waits
}

#[tokio::test]
async fn a_call_with_other_rules_has_the_rate_of_the_client_if_both_are_adaptive() {
    let fixture = Fixture::new(|config| config.retry_config(RetryConfig::adaptive()));
    fixture.server.reply(code(400, "ThrottlingException"));
    fixture.list_trails().await.unwrap();
    let patient = RetryConfig::adaptive().with_max_attempts(5);
    assert!(is_slowed_down(&fixture, None).await);
    assert!(is_slowed_down(&fixture, Some(patient)).await);
    assert!(!is_slowed_down(&fixture, Some(RetryConfig::standard())).await);

    let fixture = Fixture::new(|config| config);
    fixture.server.reply(code(400, "ThrottlingException"));
    fixture.list_trails().await.unwrap();
    assert!(!is_slowed_down(&fixture, Some(RetryConfig::adaptive())).await);
    assert!(!is_slowed_down(&fixture, None).await);
}

#[tokio::test]
async fn adaptive_mode_waits_as_long_as_the_rate_says() {
    let fakes = Fakes::new();
    let throttled = json!({ "__type": "ThrottlingException" }).to_string();
    fakes
        .when::<ListTrailsInput>()
        .sequence([Answer::http(400, throttled)]);
    fakes
        .when::<ListTrailsInput>()
        .output(|| ListTrailsOutput::builder().build());
    let config = fakes.config().retry_config(RetryConfig::adaptive());
    let client = Client::from_conf(config.build());
    for _ in 0..3 {
        client.list_trails().send().await.unwrap();
    }
    let waits = fakes.time().sleeps();
    let millis: Vec<_> = waits.iter().map(Duration::as_millis).collect();
    // The delay; what half a token lacks at half a token a second; a token at 1.6 a second; one at
    // 3.52.
    assert_eq!(millis, [1000, 1000, 625, 284], "{waits:?}");
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

/// A time source that shows and gives whatever it likes.
struct Odd {
    now: SystemTime,
    elapsed: Mutex<std::vec::IntoIter<Duration>>,
    jitter: f64,
    sleeps: Arc<Mutex<Vec<Duration>>>,
}

impl Clock for Odd {
    fn now(&self) -> SystemTime {
        self.now
    }

    /// In the end it stands still.
    fn elapsed(&self) -> Duration {
        self.elapsed.lock().unwrap().next().unwrap_or_default()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.sleeps.lock().unwrap().push(duration);
        Box::pin(async {})
    }

    fn jitter(&self) -> f64 {
        self.jitter
    }
}

/// Makes a call that is throttled until its attempts are used up; the delays.
async fn throttled_call(time: Odd, configure: impl FnOnce(Builder) -> Builder) -> Vec<Duration> {
    let sleeps = Arc::clone(&time.sleeps);
    let fakes = Fakes::new();
    fakes.when::<ListTrailsInput>().answer(|_| {
        let body = json!({ "__type": "ThrottlingException" }).to_string();
        Answer::http(400, body)
    });
    let config = configure(fakes.config()).clock(time).build();
    let error = Client::from_conf(config).list_trails().send().await;
    assert_eq!(error.unwrap_err().call().attempts(), 3);
    std::mem::take(&mut *sleeps.lock().unwrap())
}

fn odd() -> Odd {
    Odd {
        now: SystemTime::now(),
        elapsed: Mutex::default(),
        jitter: 1.0,
        sleeps: Arc::default(),
    }
}

#[tokio::test]
async fn any_jitter_makes_a_delay() {
    let [one, two] = [1, 2].map(Duration::from_secs);
    for (jitter, delays) in [
        (0.5, [one / 2, two / 2]),
        (0.0, [Duration::ZERO; 2]),
        (-0.0, [Duration::ZERO; 2]),
        (-1.0, [one, two]),
        (1.5, [one, two]),
        (f64::MAX, [one, two]),
        (f64::INFINITY, [one, two]),
        (f64::NEG_INFINITY, [one, two]),
        (f64::NAN, [one, two]),
    ] {
        let time = Odd { jitter, ..odd() };
        assert_eq!(
            throttled_call(time, |config| config).await,
            delays,
            "{jitter}"
        );
    }
}

#[tokio::test]
async fn a_delay_of_any_length_is_waited_for() {
    for (version, initial) in [
        (RetryVersion::V2_0, Duration::MAX),
        (RetryVersion::V2_1, Duration::MAX),
        (RetryVersion::V2_1, Duration::MAX / 2),
    ] {
        let retries = RetryConfig::standard()
            .with_initial_backoff(initial)
            .with_max_backoff(Duration::MAX);
        let delays = throttled_call(odd(), |config| {
            config.retry_version(version).retry_config(retries)
        })
        .await;
        // As a float, half of the longest duration is rounded up by some nanoseconds.
        assert!(
            delays[0] >= initial && delays[0] - initial < Duration::from_secs(1),
            "{delays:?}"
        );
        assert_eq!(delays[1], initial.saturating_mul(2));
    }
}

#[tokio::test]
async fn adaptive_mode_copes_with_odd_clocks() {
    let day = Duration::from_secs(86_400);
    let clocks = [
        // One that stands still would never bring a turn.
        vec![],
        vec![Duration::MAX; 100],
        // One that goes backwards.
        (0..100).map(|number| day * (200 - number)).collect(),
        vec![
            Duration::MAX,
            Duration::ZERO,
            Duration::MAX,
            day,
            Duration::ZERO,
            day,
        ],
    ];
    for clock in clocks {
        let time = Odd {
            elapsed: Mutex::new(clock.into_iter()),
            ..odd()
        };
        let adaptive = RetryConfig::adaptive();
        let delays = throttled_call(time, |config| config.retry_config(adaptive)).await;
        // Never longer than a request needs at half a request a second.
        assert!(delays.len() >= 2, "{delays:?}");
        assert!(
            delays.iter().all(|delay| *delay <= Duration::from_secs(2)),
            "{delays:?}"
        );
    }
}

#[tokio::test]
async fn a_call_with_a_clock_of_its_own_does_not_hold_up_adaptive_mode() {
    let retries = RetryConfig::adaptive();
    let fixture = Fixture::new(|config| config.retry_config(retries));
    fixture.time.advance(Duration::from_secs(100_000));
    fixture.server.reply(code(400, "ThrottlingException"));
    fixture.list_trails().await.unwrap();
    // This clock has just begun.
    let time = FakeTime::new(SystemTime::now());
    let changes = Config::builder().clock(time.clone());
    let call = fixture.client.list_trails().customize();
    call.config_override(changes).send().await.unwrap();
    assert!(
        time.elapsed() <= Duration::from_secs(2),
        "{:?}",
        time.sleeps()
    );
}

#[tokio::test]
async fn a_read_timeout_of_any_length_makes_no_date_that_cannot_be() {
    for (limit, told) in [
        (
            Duration::from_secs(3600),
            "ttl=20260101T010000Z; attempt=2; max=3",
        ),
        (Duration::from_secs(300_000_000_000), "attempt=2; max=3"),
        (Duration::MAX - Duration::from_secs(1), "attempt=2; max=3"),
    ] {
        let limits = TimeoutConfig::builder().read_timeout(limit).build();
        let time = FakeTime::default();
        time.set_jitter(0.0);
        let transport = Told::default();
        let fakes = Fakes::new();
        let config = fakes
            .config()
            .timeout_config(limits)
            .clock(time)
            .transport(transport.clone());
        Client::from_conf(config.build())
            .list_trails()
            .send()
            .await
            .unwrap_err();
        let all = transport.0.lock().unwrap().clone();
        assert_eq!(all[..2], ["attempt=1; max=3", told]);
    }
}

/// A service that is always busy, and keeps what it is told of attempts.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Transport for Told {
    fn call(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
        let info = request.headers()["amz-sdk-request"].to_str().unwrap();
        self.0.lock().unwrap().push(info.to_owned());
        let busy = http_response(StatusCode::SERVICE_UNAVAILABLE, HeaderMap::new(), "");
        Box::pin(async { Ok(busy) })
    }
}
