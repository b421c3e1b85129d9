//! How a client keeps its credentials: loaded once for all calls, and anew before they expire.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future;
use bytes::Bytes;
use cloudtrail_sdk::Client;
use cloudtrail_sdk::config::retry::RetryConfig;
use cloudtrail_sdk::config::timeout::TimeoutConfig;
use cloudtrail_sdk::config::{
    BoxFuture, Clock, Config, Credentials, IdentityCache, ProvideCredentials, Transport,
};
use cloudtrail_sdk::error::{ConnectorError, SdkError};
use cloudtrail_sdk::test_util::FakeTime;
use http::{HeaderMap, Request, Response, StatusCode};
use tests::http_response;
use tests::protocol::{IDENTITY, Reply};
use tests::server::LoopbackServer;
use tokio::sync::{Notify, Semaphore};

mod support;

/// Gives credentials of a lifetime, when it is let.
#[derive(Clone, Debug)]
struct Provider {
    time: FakeTime,
    lifetime: Option<Duration>,
    loads: Arc<AtomicUsize>,
    /// From this load on, they fail.
    fails_from: usize,
    /// A load takes a permit.
    permits: Arc<Semaphore>,
}

impl Provider {
    fn new(time: &FakeTime, lifetime: Option<Duration>) -> Self {
        Self {
            time: time.clone(),
            lifetime,
            loads: Arc::default(),
            fails_from: usize::MAX,
            permits: Arc::new(Semaphore::new(1000)),
        }
    }

    fn loads(&self) -> usize {
        self.loads.load(Ordering::Relaxed)
    }
}

impl ProvideCredentials for Provider {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let load = self.loads.fetch_add(1, Ordering::Relaxed) + 1;
            self.permits.acquire().await.unwrap().forget();
            if load >= self.fails_from {
                return Err(CredentialsError::provider_error("the vault is closed"));
            }
            let expiry = self.lifetime.map(|lifetime| self.time.now() + lifetime);
            Ok(credentials(expiry))
        })
    }
}

fn credentials(expiry: Option<SystemTime>) -> Credentials {
    let (id, secret) = (IDENTITY.access_key_id, IDENTITY.secret_access_key);
    Credentials::new(id, secret, None, expiry, "test")
}

fn client(server: &LoopbackServer, time: &FakeTime, provider: &Provider) -> Client {
    let config = support::config(&server.url())
        .credentials_provider(provider.clone())
        .clock(time.clone())
        .build();
    Client::from_conf(config)
}

/// Lets time pass, for the service as well: it would refuse the signatures otherwise.
fn pass(server: &LoopbackServer, time: &FakeTime, duration: Duration) {
    time.advance(duration);
    server.set_clock(time.elapsed().try_into().unwrap());
}

#[tokio::test]
async fn calls_at_the_same_time_load_once() {
    let server = LoopbackServer::start().unwrap();
    let time = FakeTime::new(SystemTime::now());
    let provider = Provider {
        permits: Arc::new(Semaphore::new(0)),
        ..Provider::new(&time, Some(Duration::from_secs(3600)))
    };
    // The clock of the test is not used here: time that is limited would be over at once.
    let config = support::config(&server.url()).credentials_provider(provider.clone());
    let client = Client::from_conf(config.build());
    let calls: Vec<_> = (0..50)
        .map(|_| tokio::spawn(client.list_trails().send()))
        .collect();
    while provider.loads() == 0 {
        tokio::task::yield_now().await;
    }
    provider.permits.add_permits(1);
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(provider.loads(), 1);
}

#[tokio::test]
async fn a_load_that_is_given_up_goes_on_with_the_next_waiter() {
    let server = LoopbackServer::start().unwrap();
    let time = FakeTime::new(SystemTime::now());
    let provider = Provider {
        permits: Arc::new(Semaphore::new(0)),
        ..Provider::new(&time, None)
    };
    let config = support::config(&server.url()).credentials_provider(provider.clone());
    let client = Client::from_conf(config.build());
    let first = tokio::spawn(client.list_trails().send());
    let second = tokio::spawn(client.list_trails().send());
    while provider.loads() == 0 {
        tokio::task::yield_now().await;
    }
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    provider.permits.add_permits(1);
    second.await.unwrap().unwrap();
    assert_eq!(provider.loads(), 1);
}

/// A stream of pages that nobody polls has its request under way all the same.
#[tokio::test]
async fn a_call_that_is_set_aside_holds_up_nobody() {
    let server = LoopbackServer::start().unwrap();
    let time = FakeTime::new(SystemTime::now());
    let provider = Provider {
        permits: Arc::new(Semaphore::new(0)),
        ..Provider::new(&time, None)
    };
    let config = support::config(&server.url()).credentials_provider(provider.clone());
    let client = Client::from_conf(config.build());
    let mut pages = client.list_trails().into_paginator().send();
    let mut context = Context::from_waker(Waker::noop());
    assert!(pages.poll_next(&mut context).is_pending());
    assert_eq!(provider.loads(), 1);

    let second = tokio::spawn(client.list_trails().send());
    let third = tokio::spawn(client.list_trails().send());
    tokio::task::yield_now().await;
    provider.permits.add_permits(1);
    for call in [second, third] {
        let result = tokio::time::timeout(Duration::from_secs(10), call).await;
        result.unwrap().unwrap().unwrap();
    }
    assert!(pages.next().await.unwrap().is_ok());
    assert_eq!(provider.loads(), 1);
}

/// A clock on which short waits are over at once and long ones never.
#[derive(Debug)]
struct ShortWaits(FakeTime);

impl Clock for ShortWaits {
    fn now(&self) -> SystemTime {
        self.0.now()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        match duration < Duration::from_secs(1) {
            true => self.0.sleep(duration),
            false => Box::pin(std::future::pending()),
        }
    }
}

#[tokio::test]
async fn a_provider_that_is_slower_than_an_attempt_gets_there() {
    let server = LoopbackServer::start().unwrap();
    let time = FakeTime::new(SystemTime::now());
    // Each attempt polls it once, and is out of time.
    let polls = Arc::new(AtomicUsize::new(0));
    let provider = SlowProvider(Arc::clone(&polls));
    let limits = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_millis(100));
    let config = support::config(&server.url())
        .credentials_provider(provider)
        .timeout_config(limits.build())
        .clock(ShortWaits(time));
    let client = Client::from_conf(config.build());
    for polled in [1, 2, 3] {
        let error = client.list_trails().send().await.unwrap_err();
        assert!(matches!(error, SdkError::TimeoutError(_)), "{error}");
        assert_eq!(polls.load(Ordering::Relaxed), polled);
    }
    let loose = TimeoutConfig::builder().disable_operation_attempt_timeout();
    let call = client.list_trails().customize();
    let call = call.config_override(Config::builder().timeout_config(loose.build()));
    call.send().await.unwrap();
    assert_eq!(polls.load(Ordering::Relaxed), 4);
}

/// Is ready at the fourth poll of one load.
#[derive(Debug)]
struct SlowProvider(Arc<AtomicUsize>);

impl ProvideCredentials for SlowProvider {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let mut of_this_load = 0;
        future::ProvideCredentials::new(poll_fn(move |_| {
            self.0.fetch_add(1, Ordering::Relaxed);
            of_this_load += 1;
            match of_this_load {
                4 => Poll::Ready(Ok(credentials(None))),
                _ => Poll::Pending,
            }
        }))
    }
}

#[test]
fn a_load_whose_runtime_is_gone_is_started_anew() {
    /// Its first load waits for a timer of tokio.
    #[derive(Debug, Default)]
    struct Timed(Arc<AtomicUsize>);

    impl ProvideCredentials for Timed {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            future::ProvideCredentials::new(async {
                if self.0.fetch_add(1, Ordering::Relaxed) == 0 {
                    tokio::time::sleep(Duration::from_secs(3600)).await;
                }
                Ok(credentials(None))
            })
        }
    }

    let runtime = || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().build().unwrap()
    };
    let of_server = runtime();
    let server = {
        let _entered = of_server.enter();
        LoopbackServer::start().unwrap()
    };
    let loads = Arc::new(AtomicUsize::new(0));
    let config = support::config(&server.url()).credentials_provider(Timed(Arc::clone(&loads)));
    let client = Client::from_conf(config.build());
    let short_lived = runtime();
    short_lived.block_on(async {
        let mut call = pin!(client.list_trails().send());
        let first_poll = poll_fn(|context| Poll::Ready(call.as_mut().poll(context)));
        assert!(first_poll.await.is_pending());
    });
    drop(short_lived);
    assert_eq!(loads.load(Ordering::Relaxed), 1);
    runtime().block_on(client.list_trails().send()).unwrap();
    assert_eq!(loads.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_load_that_nobody_waited_for_until_its_time_was_over_is_started_anew() {
    let server = LoopbackServer::start().unwrap();
    let time = FakeTime::new(SystemTime::now());
    for (minutes, loads) in [(4, 1), (5, 2)] {
        let provider = Provider {
            permits: Arc::new(Semaphore::new(0)),
            ..Provider::new(&time, None)
        };
        let config = support::config(&server.url())
            .credentials_provider(provider.clone())
            .clock(ShortWaits(time.clone()));
        let client = Client::from_conf(config.build());
        {
            let mut call = pin!(client.list_trails().send());
            let first_poll = poll_fn(|context| Poll::Ready(call.as_mut().poll(context)));
            assert!(first_poll.await.is_pending());
        }
        pass(&server, &time, Duration::from_secs(minutes * 60));
        provider.permits.add_permits(2);
        client.list_trails().send().await.unwrap();
        assert_eq!(provider.loads(), loads, "{minutes} minutes");
    }
}

#[tokio::test]
async fn a_provider_that_panics_is_asked_anew() {
    let server = LoopbackServer::start().unwrap();
    let time = FakeTime::new(SystemTime::now());
    let provider = Provider {
        permits: Arc::new(Semaphore::new(0)),
        ..Provider::new(&time, None)
    };
    // A load now panics when it takes its permit.
    provider.permits.close();
    let broken = support::config(&server.url()).credentials_provider(provider.clone());
    let client = Client::from_conf(broken.build());
    for loads in [1, 2] {
        let call = tokio::spawn(client.list_trails().send());
        assert!(call.await.unwrap_err().is_panic());
        assert_eq!(provider.loads(), loads);
    }
}

#[tokio::test]
async fn credentials_that_the_service_refuses_are_loaded_anew_by_the_next_call() {
    for (code, loads) in [
        ("ExpiredToken", 2),
        ("ExpiredTokenException", 2),
        ("InvalidClientTokenId", 2),
        ("TokenRefreshRequired", 2),
        ("UnrecognizedClientException", 2),
        ("AccessDeniedException", 1),
        ("SignatureDoesNotMatch", 1),
    ] {
        let server = LoopbackServer::start().unwrap();
        let time = FakeTime::new(SystemTime::now());
        let provider = Provider::new(&time, Some(Duration::from_secs(3600)));
        // Retries are on: a refused call is not repeated all the same.
        let config = support::config(&server.url())
            .credentials_provider(provider.clone())
            .retry_config(RetryConfig::standard())
            .clock(time.clone());
        let client = Client::from_conf(config.build());
        client.list_trails().send().await.unwrap();
        let body = format!(r#"{{"__type":"{code}"}}"#);
        server.reply(Reply::raw(400, "application/x-amz-json-1.1", body));
        let error = client.list_trails().send().await.unwrap_err();
        assert_eq!(error.call().attempts(), 1);
        assert_eq!(provider.loads(), 1, "{code}");
        client.list_trails().send().await.unwrap();
        assert_eq!(provider.loads(), loads, "{code}");
    }
}

#[tokio::test]
async fn what_was_loaded_since_is_not_dropped_for_what_was_refused() {
    let server = LoopbackServer::start().unwrap();
    let time = FakeTime::new(SystemTime::now());
    let provider = Provider::new(&time, Some(Duration::from_secs(60)));
    let client = client(&server, &time, &provider);
    client.list_trails().send().await.unwrap();
    // While the first credentials are refused, another call loads the second ones.
    let (arrived, answer) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let held = Held {
        arrived: Arc::clone(&arrived),
        answer: Arc::clone(&answer),
    };
    let call = client.list_trails().customize();
    let call = call.config_override(Config::builder().transport(held));
    let refused = tokio::spawn(call.send());
    arrived.notified().await;
    pass(&server, &time, Duration::from_secs(55));
    client.list_trails().send().await.unwrap();
    assert_eq!(provider.loads(), 2);
    answer.notify_one();
    let error = refused.await.unwrap().unwrap_err();
    assert!(error.to_string().contains("ExpiredToken"), "{error}");
    client.list_trails().send().await.unwrap();
    assert_eq!(provider.loads(), 2);
}

/// Answers that the token has expired, when it is told to.
struct Held {
    arrived: Arc<Notify>,
    answer: Arc<Notify>,
}

impl Transport for Held {
    fn call(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
        Box::pin(async {
            self.arrived.notify_one();
            self.answer.notified().await;
            let body = r#"{"__type":"ExpiredTokenException"}"#;
            Ok(http_response(
                StatusCode::BAD_REQUEST,
                HeaderMap::new(),
                body,
            ))
        })
    }
}

#[tokio::test]
async fn credentials_are_refreshed_shortly_before_they_expire() {
    let hour = Duration::from_secs(3600);
    for (jitter, early) in [(0.0, 5), (0.5, 7), (1.0, 10)] {
        let server = LoopbackServer::start().unwrap();
        let time = FakeTime::new(SystemTime::now());
        time.set_jitter(jitter);
        let provider = Provider::new(&time, Some(hour));
        let client = client(&server, &time, &provider);
        client.list_trails().send().await.unwrap();
        pass(&server, &time, hour - Duration::from_secs(early + 1));
        client.list_trails().send().await.unwrap();
        assert_eq!(provider.loads(), 1, "{jitter}");
        pass(&server, &time, Duration::from_secs(1));
        client.list_trails().send().await.unwrap();
        assert_eq!(provider.loads(), 2, "{jitter}");
    }
}

#[tokio::test]
async fn credentials_without_expiry_are_kept_for_15_minutes() {
    let server = LoopbackServer::start().unwrap();
    let time = FakeTime::new(SystemTime::now());
    let provider = Provider::new(&time, None);
    let client = client(&server, &time, &provider);
    client.list_trails().send().await.unwrap();
    pass(&server, &time, Duration::from_secs(15 * 60 - 1));
    client.list_trails().send().await.unwrap();
    assert_eq!(provider.loads(), 1);
    pass(&server, &time, Duration::from_secs(1));
    client.list_trails().send().await.unwrap();
    assert_eq!(provider.loads(), 2);
}

#[tokio::test]
async fn credentials_that_cannot_be_refreshed_are_used_until_they_expire() {
    let server = LoopbackServer::start().unwrap();
    let time = FakeTime::new(SystemTime::now());
    let provider = Provider {
        fails_from: 2,
        ..Provider::new(&time, Some(Duration::from_secs(60)))
    };
    let client = client(&server, &time, &provider);
    client.list_trails().send().await.unwrap();
    pass(&server, &time, Duration::from_secs(55));
    client.list_trails().send().await.unwrap();
    assert_eq!(provider.loads(), 2);
    pass(&server, &time, Duration::from_secs(5));
    let error = client.list_trails().send().await.unwrap_err();
    assert!(matches!(error, SdkError::ConstructionFailure(_)));
    assert!(error.to_string().contains("the vault is closed"), "{error}");
}

#[tokio::test]
async fn a_provider_gets_5_minutes_or_what_is_set() {
    for (cache, limit) in [
        (None, 300),
        (Some(IdentityCache::lazy().build()), 300),
        (
            Some(
                IdentityCache::lazy()
                    .load_timeout(Duration::from_secs(7))
                    .build(),
            ),
            7,
        ),
    ] {
        let server = LoopbackServer::start().unwrap();
        let time = FakeTime::new(SystemTime::now());
        let provider = Provider {
            permits: Arc::new(Semaphore::new(0)),
            ..Provider::new(&time, None)
        };
        let mut config = support::config(&server.url())
            .credentials_provider(provider.clone())
            .clock(time.clone());
        config.set_identity_cache(cache);
        let client = Client::from_conf(config.build());
        // This clock is over with any wait at once.
        let error = client.list_trails().send().await.unwrap_err();
        assert_eq!(time.sleeps(), [Duration::from_secs(limit)]);
        assert_eq!(
            error.to_string(),
            format!(
                "ListTrails: no credentials could be loaded: no answer within {limit}s; \
                 `config::IdentityCache::lazy().load_timeout(…)` sets another limit"
            )
        );
        assert_eq!(server.received().len(), 0);
        provider.permits.add_permits(1);
        pass(&server, &time, Duration::ZERO);
        client.list_trails().send().await.unwrap();
    }
}

#[tokio::test]
async fn one_call_can_have_another_limit_on_loading() {
    let server = LoopbackServer::start().unwrap();
    let time = FakeTime::new(SystemTime::now());
    let provider = Provider {
        permits: Arc::new(Semaphore::new(0)),
        ..Provider::new(&time, None)
    };
    let client = client(&server, &time, &provider);
    let second = IdentityCache::lazy().load_timeout(Duration::from_secs(1));
    let call = client.list_trails().customize();
    let call = call.config_override(Config::builder().identity_cache(second.build()));
    call.send().await.unwrap_err();
    assert_eq!(time.sleeps(), [Duration::from_secs(1)]);
}

#[tokio::test]
async fn one_call_can_have_other_credentials() {
    let server = LoopbackServer::start().unwrap();
    let time = FakeTime::new(SystemTime::now());
    let provider = Provider::new(&time, None);
    let client = client(&server, &time, &provider);
    client.list_trails().send().await.unwrap();
    let other = Credentials::new("AKIDOTHER", "secret", None, None, "test");
    let error = client
        .list_trails()
        .customize()
        .config_override(Config::builder().credentials_provider(other))
        .send()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("AKIDOTHER"), "{error}");
    client.list_trails().send().await.unwrap();
    assert_eq!(provider.loads(), 1);
}
