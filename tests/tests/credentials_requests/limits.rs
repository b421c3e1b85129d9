//! What takes too long.

use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use cloudtrail_sdk::Client;
use cloudtrail_sdk::config::{BoxFuture, Clock, Loader, Transport};
use cloudtrail_sdk::error::DisplayErrorContext;
use cloudtrail_sdk::test_util::FakeTime;
use http::Request;

use super::{
    Answer, CONTAINER, OF_CONTAINER, ROLE, config_file, credentials, load, response, session_token,
};

#[tokio::test]
async fn a_load_that_takes_too_long_names_the_provider() {
    let process = config_file("[default]\ncredential_process = exec sleep 60");
    let client = |loader: Loader| async {
        Client::from_conf(loader.clock(FakeTime::default()).load().await)
    };
    let error = client(load(process.path(), &[]))
        .await
        .list_trails()
        .send()
        .await;
    let text = error.unwrap_err().to_string();
    assert_eq!(
        text,
        "ListTrails: no credentials could be loaded: no answer within 300s by the provider \
         `profile`; `config::IdentityCache::lazy().load_timeout(…)` sets another limit"
    );
}

/// Only the limit of a whole load runs out.
struct LoadLimit(FakeTime);

impl Clock for LoadLimit {
    fn now(&self) -> SystemTime {
        self.0.now()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        if duration > Duration::from_secs(20) {
            self.0.sleep(duration)
        } else {
            Box::pin(std::future::pending())
        }
    }
}

/// Instance metadata that answers the first load, and then nothing any more.
#[derive(Clone)]
struct Falters(Arc<Mutex<usize>>);

impl Transport for Falters {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Answer> {
        let mut count = self.0.lock().unwrap();
        *count += 1;
        let answer = match (*count, request.method().as_str(), request.uri().path()) {
            (1..=3, "PUT", _) => session_token(200),
            (1..=3, _, path) if path.ends_with('/') => response(200, "role"),
            (1..=3, ..) => response(200, OF_CONTAINER),
            _ if request.uri().host() == Some("service") => response(200, "{}"),
            _ => return Box::pin(std::future::pending()),
        };
        Box::pin(std::future::ready(Ok(answer)))
    }
}

#[tokio::test]
async fn the_last_credentials_of_an_instance_bridge_a_load_that_takes_too_long() {
    let time = FakeTime::default();
    let loader = load(
        Path::new("/nowhere"),
        &[("AWS_ENDPOINT_URL", "http://service")],
    );
    let config = loader
        .transport(Falters(Arc::default()))
        .clock(LoadLimit(time.clone()))
        .load()
        .await;
    let client = Client::from_conf(config);
    client.list_trails().send().await.unwrap();
    // To when they have expired.
    time.advance(Duration::from_secs(11 * 365 * 24 * 60 * 60));
    client.list_trails().send().await.unwrap();
}

/// Nobody ever answers.
struct Silent;

impl Transport for Silent {
    fn call(&self, _: Request<Bytes>) -> BoxFuture<'_, Answer> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn each_kind_of_service_has_a_limit_of_its_own() {
    let role = config_file(ROLE);
    let nowhere = Path::new("/nowhere");
    for (root, variables, seconds) in [
        (role.path(), &[][..], 10),
        (nowhere, &[CONTAINER], 7),
        (nowhere, &[], 1),
    ] {
        let time = FakeTime::default();
        let config = load(root, variables)
            .transport(Silent)
            .clock(time.clone())
            .load()
            .await;
        let error = credentials(&config).await.unwrap_err();
        assert_eq!(time.sleeps()[0], Duration::from_secs(seconds));
        let text = DisplayErrorContext(error).to_string();
        let why = format!("timed out: no answer within {seconds}s");
        assert!(text.contains(&why), "{text}");
    }
}

/// Instance metadata that answers everything but the first request.
#[derive(Clone, Default)]
struct LosesTheFirst(Arc<Mutex<usize>>);

impl Transport for LosesTheFirst {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Answer> {
        let mut count = self.0.lock().unwrap();
        *count += 1;
        let answer = match (*count, request.method().as_str(), request.uri().path()) {
            (1, ..) => return Box::pin(std::future::pending()),
            (_, "PUT", _) => session_token(200),
            (_, _, path) if path.ends_with('/') => response(200, "role"),
            _ => response(200, OF_CONTAINER),
        };
        Box::pin(std::future::ready(Ok(answer)))
    }
}

#[tokio::test]
async fn a_load_that_is_set_aside_while_it_gets_a_session_token_holds_up_no_other() {
    let config = load(Path::new("/nowhere"), &[])
        .transport(LosesTheFirst::default())
        .clock(LoadLimit(FakeTime::default()))
        .load()
        .await;
    let mut first = pin!(credentials(&config));
    let mut context = Context::from_waker(Waker::noop());
    assert!(first.as_mut().poll(&mut context).is_pending());
    let second = tokio::time::timeout(Duration::from_secs(10), credentials(&config)).await;
    assert_eq!(second.unwrap().unwrap().access_key_id(), "ASIATASK");
}
