//! Calls that are dropped half-way: whatever they were waiting for, the client goes on as before.
//!
//! Nothing here waits for anything real: all that a call waits for is ready at the second poll, so
//! the number of polls says how far it has come.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use aws_credential_types::provider::future;
use bytes::Bytes;
use cloudtrail_sdk::config::{
    BoxFuture, Clock, Credentials, ProvideCredentials, Region, Transport,
};
use cloudtrail_sdk::error::{ConnectorError, SdkError};
use cloudtrail_sdk::operation::list_trails::{ListTrailsError, ListTrailsOutput};
use cloudtrail_sdk::{Client, Config};
use http::{HeaderMap, Request, Response, StatusCode};
use tests::http_response;

/// More polls than any call needs.
const MANY: usize = 100;

const FAILURE: u16 = 500;
const THROTTLING: u16 = 429;
const SUCCESS: u16 = 200;

const TOKENS: u32 = 500;
const RETRY_COST: u32 = 14;
const THROTTLING_COST: u32 = 5;

#[test]
fn a_call_that_is_dropped_anywhere_gives_back_the_tokens_of_its_retry() {
    for outcomes in [
        [FAILURE, SUCCESS, SUCCESS],
        [FAILURE, FAILURE, SUCCESS],
        [FAILURE, FAILURE, FAILURE],
    ] {
        let world = World::answering(outcomes);
        let client = world.client();
        let polls = (0..MANY)
            .find(|polls| poll_times(*polls, list_trails_anew(&world, &client)).is_some())
            .expect("the call comes to an end");
        // Each attempt waits for credentials and for an answer, each retry for its delay.
        let attempts = outcomes.iter().position(|status| *status == SUCCESS);
        let attempts = attempts.map_or(outcomes.len(), |index| index + 1);
        assert_eq!(polls, 1 + 2 * attempts + (attempts - 1));

        let spent = RETRY_COST * world.failed_retries();
        assert_eq!(tokens_left(&world, &client), TOKENS - spent, "{outcomes:?}");
    }
}

#[test]
fn a_call_that_is_dropped_while_it_loads_credentials_leaves_the_load_to_the_next_one() {
    let world = World::answering([SUCCESS; 3]);
    let client = world.client();
    let mut context = Context::from_waker(Waker::noop());
    let waiting = list_trails(&client);
    {
        let mut loading = pin!(list_trails(&client));
        assert!(loading.as_mut().poll(&mut context).is_pending());
        assert_eq!(world.loads(), 1);
    }
    assert!(poll_times(MANY, waiting).unwrap().is_ok());
    assert_eq!(world.loads(), 1);
}

/// How many retry tokens the client has, to be found by retrying until it stops; of the last few it
/// cannot be told how many they are.
fn tokens_left(world: &World, client: &Client) -> u32 {
    let used = |status, cost| {
        world.answer([status; 3]);
        let mut used = 0;
        loop {
            let error = poll_times(MANY, list_trails(client)).unwrap().unwrap_err();
            match error.call().attempts() - 1 {
                0 => return used,
                retries => used += retries * cost,
            }
        }
    };
    let used = used(FAILURE, RETRY_COST) + used(THROTTLING, THROTTLING_COST);
    // What is spent is a multiple of `RETRY_COST`, so that the rest follows.
    let spent = (TOKENS - used) / RETRY_COST * RETRY_COST;
    assert!(TOKENS - used - spent < THROTTLING_COST, "{used}");
    TOKENS - spent
}

/// Loads credentials from the start, whatever the call before has left half-way.
async fn list_trails_anew(
    world: &World,
    client: &Client,
) -> Result<ListTrailsOutput, SdkError<ListTrailsError>> {
    let own = Config::builder().credentials_provider(world.clone());
    let call = client.list_trails().customize();
    call.config_override(own).send().await
}

async fn list_trails(client: &Client) -> Result<ListTrailsOutput, SdkError<ListTrailsError>> {
    client.list_trails().send().await
}

/// Polls a future so many times and drops it; its output, if it was ready by then.
fn poll_times<T>(times: usize, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    (0..times).find_map(|_| match future.as_mut().poll(&mut context) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    })
}

/// Is ready at the second poll.
async fn wait() {
    let mut waited = false;
    std::future::poll_fn(|_| match std::mem::replace(&mut waited, true) {
        true => Poll::Ready(()),
        false => Poll::Pending,
    })
    .await;
}

/// The service, the provider of credentials and the clock.
#[derive(Clone, Debug, Default)]
struct World(Arc<State>);

#[derive(Debug, Default)]
struct State {
    /// The status that each attempt gets.
    outcomes: Mutex<[u16; 3]>,
    failed_retries: AtomicU32,
    loads: AtomicU16,
}

impl World {
    fn answering(outcomes: [u16; 3]) -> Self {
        let world = Self::default();
        world.answer(outcomes);
        world
    }

    fn answer(&self, outcomes: [u16; 3]) {
        *self.0.outcomes.lock().unwrap() = outcomes;
    }

    fn client(&self) -> Client {
        let config = Config::builder()
            .region(Region::from_static("us-east-1"))
            .credentials_provider(self.clone())
            .transport(self.clone())
            .clock(self.clone());
        Client::from_conf(config.build())
    }

    /// How many retries have been answered with a failure.
    fn failed_retries(&self) -> u32 {
        self.0.failed_retries.load(Ordering::Relaxed)
    }

    /// How often credentials were asked for.
    fn loads(&self) -> u16 {
        self.0.loads.load(Ordering::Relaxed)
    }
}

impl Transport for World {
    fn call(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
        Box::pin(async move {
            wait().await;
            let info = request.headers()["amz-sdk-request"].to_str().unwrap();
            let (_, number) = info.split_once("attempt=").unwrap();
            let number: usize = number[..1].parse().unwrap();
            let status = self.0.outcomes.lock().unwrap()[number - 1];
            if number > 1 && status != SUCCESS {
                self.0.failed_retries.fetch_add(1, Ordering::Relaxed);
            }
            let status = StatusCode::from_u16(status).unwrap();
            Ok(http_response(status, HeaderMap::new(), "{}"))
        })
    }
}

impl ProvideCredentials for World {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            self.0.loads.fetch_add(1, Ordering::Relaxed);
            wait().await;
            // They expire so soon that every attempt loads its own.
            let expiry = self.now() + Duration::from_secs(1);
            Ok(Credentials::new(
                "AKID",
                "secret",
                None,
                Some(expiry),
                "test",
            ))
        })
    }
}

impl Clock for World {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600)
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    /// Delays of retries pass; time limits, which are longer, do not.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            wait().await;
            if duration > Duration::from_secs(10) {
                std::future::pending::<()>().await;
            }
        })
    }
}
