//! How a client keeps its credentials: loaded once for all calls, and anew before they expire.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future;
use cloudtrail_sdk::Client;
use cloudtrail_sdk::config::{Config, Credentials, ProvideCredentials, TimeSource};
use cloudtrail_sdk::error::SdkError;
use cloudtrail_sdk::test_util::FakeTime;
use tests::protocol::IDENTITY;
use tests::server::LoopbackServer;
use tokio::sync::Semaphore;

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
            let (id, secret) = (IDENTITY.access_key_id, IDENTITY.secret_access_key);
            Ok(Credentials::new(id, secret, None, expiry, "test"))
        })
    }
}

fn client(server: &LoopbackServer, time: &FakeTime, provider: &Provider) -> Client {
    let config = support::config(&server.url())
        .credentials_provider(provider.clone())
        .time_source(time.clone())
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
async fn a_load_that_is_given_up_is_started_anew() {
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
    assert_eq!(provider.loads(), 2);
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
async fn a_provider_gets_22_seconds() {
    let server = LoopbackServer::start().unwrap();
    let time = FakeTime::new(SystemTime::now());
    let provider = Provider {
        permits: Arc::new(Semaphore::new(0)),
        ..Provider::new(&time, None)
    };
    let client = client(&server, &time, &provider);
    // This clock is over with any wait at once.
    let error = client.list_trails().send().await.unwrap_err();
    assert_eq!(time.sleeps(), [Duration::from_secs(22)]);
    assert_eq!(
        error.to_string(),
        "ListTrails: no credentials could be loaded: no answer within 22 s"
    );
    assert_eq!(server.received().len(), 0);
    provider.permits.add_permits(1);
    client.list_trails().send().await.unwrap();
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
