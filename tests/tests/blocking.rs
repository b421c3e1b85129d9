//! Calls without `async`, from threads of all kinds.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod support;

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use cloudtrail_sdk::config::retry::RetryConfig;
use cloudtrail_sdk::config::timeout::TimeoutConfig;
use cloudtrail_sdk::config::{self, Config, Environment};
use cloudtrail_sdk::error::{ConstructionError, SdkError};
use cloudtrail_sdk::operation::lookup_events::LookupEventsOutput;
use cloudtrail_sdk::types::Event;
use cloudtrail_sdk::{Client, Error};
use serde_json::json;
use support::client;
use tests::protocol::Reply;
use tests::server::LoopbackServer;

/// A server that answers by pages of one event.
fn pages(names: &'static [&'static str]) -> LoopbackServer {
    LoopbackServer::start_with(|request| {
        let token = request.json()["NextToken"].as_str().map(str::to_owned);
        let page: usize = token.map_or(0, |token| token.parse().unwrap());
        let mut output = json!({ "Events": [{ "EventName": names[page] }] });
        if page + 1 < names.len() {
            output["NextToken"] = json!((page + 1).to_string());
        }
        Reply::Output(output)
    })
    .unwrap()
}

fn name(event: Event) -> String {
    event.event_name.unwrap_or_default()
}

/// Whether the call was refused, with words that help, and nothing sent.
fn is_refused<T, E: std::fmt::Display>(result: Result<T, SdkError<E>>) -> bool {
    let Err(error) = result else { return false };
    let text = error.to_string();
    assert!(text.contains("spawn_blocking"), "{text}");
    matches!(error, SdkError::ConstructionFailure(failure)
        if matches!(failure.error(), ConstructionError::CannotBlock)
            && failure.call().attempts() == 0)
}

#[test]
fn a_plain_thread_gets_outputs_and_errors() -> Result<(), Error> {
    let server = LoopbackServer::start().unwrap();
    let client = client(&server.url());
    server.reply(Reply::Output(json!({ "Trails": [{ "Name": "audit" }] })));
    let trails = client.list_trails().send_blocking()?;
    assert_eq!(trails.trails()[0].name(), Some("audit"));

    server.reply(Reply::error("TrailNotFoundException", "Unknown trail"));
    let error = client
        .get_trail()
        .name("other")
        .send_blocking()
        .unwrap_err();
    assert!(error.into_service_error().is_trail_not_found_exception());

    let error = client.get_trail().send_blocking().unwrap_err();
    assert!(matches!(error, SdkError::ConstructionFailure(_)), "{error}");

    client
        .list_trails()
        .customize()
        .mutate_request(|request| {
            request.headers_mut().insert("x-run", "7");
        })
        .send_blocking()?;
    assert_eq!(server.received()[2].header("x-run"), Some("7"));
    Ok(())
}

#[test]
fn pages_and_items_are_iterators() -> Result<(), Error> {
    let server = pages(&["A", "B", "C"]);
    let client = client(&server.url());
    let items = client.lookup_events().into_paginator().items();
    let names: Vec<String> = items
        .send_blocking()
        .map(|event| event.map(name))
        .collect::<Result<_, _>>()?;
    assert_eq!(names, ["A", "B", "C"]);

    let pages = client.lookup_events().into_paginator().send_blocking();
    let pages: Vec<LookupEventsOutput> = pages.collect::<Result<_, _>>()?;
    assert_eq!(pages.len(), 3);
    assert_eq!(server.received().len(), 6);

    let mut some = client
        .lookup_events()
        .into_paginator()
        .send_blocking()
        .take(2);
    assert!(some.all(|page| page.is_ok()));
    assert_eq!(server.received().len(), 8);
    Ok(())
}

#[test]
fn an_error_ends_the_iterator() {
    let server = LoopbackServer::start().unwrap();
    server.reply(Reply::Output(json!({ "Events": [{}], "NextToken": "2" })));
    server.reply(Reply::error("OperationNotPermittedException", "no"));
    let client = client(&server.url());
    let mut items = client
        .lookup_events()
        .into_paginator()
        .items()
        .send_blocking();
    assert!(items.next().unwrap().is_ok());
    assert!(items.next().unwrap().is_err());
    assert!(items.next().is_none());
    assert!(items.next().is_none());
}

/// An answer takes so long that the other threads ask meanwhile.
#[test]
fn calls_of_many_threads_run_beside_each_other() {
    const THREADS: usize = 16;
    let server = LoopbackServer::start_with(|_| {
        Reply::After(Duration::from_millis(200), Reply::Modeled.into())
    })
    .unwrap();
    let client = client(&server.url());
    let start = Barrier::new(THREADS);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                start.wait();
                client.list_trails().send_blocking().unwrap();
            });
        }
    });
    assert_eq!(server.received().len(), THREADS);
    let beside = server.most_connections();
    assert!(beside > 1, "{beside} at a time");
}

#[test]
fn limits_of_time_and_retries_work() {
    let server = LoopbackServer::start().unwrap();
    server.reply(Reply::raw(503, "text/html", ""));
    let config = support::config(&server.url())
        .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)));
    let client = Client::from_conf(config.build());
    client.list_trails().send_blocking().unwrap();
    assert_eq!(server.received().len(), 2);

    let late = Box::new(Reply::Modeled);
    server.reply(Reply::After(Duration::from_secs(30), late));
    let limit = TimeoutConfig::builder().operation_timeout(Duration::from_millis(20));
    let error = client
        .list_trails()
        .customize()
        .config_override(Config::builder().timeout_config(limit.build()))
        .send_blocking()
        .unwrap_err();
    assert!(matches!(error, SdkError::TimeoutError(_)), "{error}");
}

#[test]
fn a_configuration_is_loaded() {
    let server = LoopbackServer::start().unwrap();
    let url = server.url();
    let environment = Environment::of([
        ("AWS_ACCESS_KEY_ID", "AKID"),
        ("AWS_SECRET_ACCESS_KEY", "loopback-secret"),
        ("AWS_SESSION_TOKEN", "loopback-token"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ENDPOINT_URL_CLOUDTRAIL", &*url),
    ]);
    let config = config::loader().environment(environment).load_blocking();
    Client::from_conf(config)
        .list_trails()
        .send_blocking()
        .unwrap();
    assert_eq!(server.received().len(), 1);
}

/// What must be refused on a thread that runs async code, and must not panic there.
async fn refused() {
    let server = LoopbackServer::start().unwrap();
    let client = client(&server.url());
    assert!(is_refused(client.list_trails().send_blocking()));
    assert!(is_refused(client.list_trails().customize().send_blocking()));
    let mut pages = client.list_trails().into_paginator().send_blocking();
    assert!(is_refused(pages.next().unwrap()));
    assert!(pages.next().is_none());
    let config = config::load_blocking();
    let error = Client::from_conf(config).list_trails().send().await;
    let text = error.unwrap_err().to_string();
    assert!(text.contains("spawn_blocking"), "{text}");
    assert!(server.received().is_empty());

    // The refusal has done no harm.
    client.list_trails().send().await.unwrap();
}

#[tokio::test(flavor = "current_thread")]
async fn a_runtime_of_one_thread_refuses() {
    refused().await;
    tokio::spawn(refused()).await.unwrap();
    let local = tokio::task::LocalSet::new();
    local.run_until(refused()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_runtime_of_many_threads_refuses() {
    refused().await;
    tokio::spawn(refused()).await.unwrap();
}

/// tokio does not count the steps of such code, so the thread is held up, as by any blocking call;
/// nothing panics and nothing waits for itself.
#[tokio::test(flavor = "current_thread")]
async fn code_without_a_budget_is_held_up() {
    let server = LoopbackServer::start().unwrap();
    let client = client(&server.url());
    let call = async { client.list_trails().send_blocking() };
    tokio::task::unconstrained(call).await.unwrap();
}

#[tokio::test(flavor = "current_thread")]
async fn threads_that_may_block_may_call() {
    let server = LoopbackServer::start().unwrap();
    let client = client(&server.url());
    client.list_trails().send().await.unwrap();
    let calls = (0..4).map(|_| {
        let client = client.clone();
        tokio::task::spawn_blocking(move || {
            client.list_trails().send_blocking().unwrap();
            thread::current().id()
        })
    });
    let mut threads = BTreeSet::new();
    for call in calls.collect::<Vec<_>>() {
        threads.insert(format!("{:?}", call.await.unwrap()));
    }
    assert!(!threads.contains(&format!("{:?}", thread::current().id())));
    assert_eq!(server.received().len(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn block_in_place_may_call() {
    let server = LoopbackServer::start().unwrap();
    let client = client(&server.url());
    tokio::task::block_in_place(|| client.list_trails().send_blocking()).unwrap();
    client.list_trails().send().await.unwrap();
}

/// A client that a runtime has used, whose connections have ended with it, goes on elsewhere.
#[test]
fn a_client_outlives_the_runtime_that_used_it() {
    let server = LoopbackServer::start().unwrap();
    let client = client(&server.url());
    for _ in 0..3 {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(client.list_trails().send()).unwrap();
        drop(runtime);
        client.list_trails().send_blocking().unwrap();
    }
    assert_eq!(server.received().len(), 6);
}
