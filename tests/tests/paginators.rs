//! How paginators begin, go on and end.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::future::{poll_fn, ready};

use aws_smithy_async::future::pagination_stream as smithy;
use cloudtrail_sdk::client::{Builder, Handle, Operation};
use cloudtrail_sdk::error::{ProvideErrorMetadata, SdkError};
use cloudtrail_sdk::operation::lookup_events::LookupEventsError;
use cloudtrail_sdk::pagination::{Items, PaginationStream, Paginator};
use cloudtrail_sdk::primitives::{Map, map};
use cloudtrail_sdk::types::Event;
use futures::{FutureExt, StreamExt, TryStreamExt};
use serde_json::{Value, json};
use tests::protocol::Reply;
use tests::server::LoopbackServer;

mod support;

type EventStream = PaginationStream<Result<Event, SdkError<LookupEventsError>>>;

/// A page of LookupEvents with events of these IDs.
fn page(ids: &[&str], token: Option<&str>) -> Reply {
    let events: Vec<_> = ids.iter().map(|id| json!({ "EventId": id })).collect();
    Reply::Output(json!({ "Events": events, "NextToken": token }))
}

/// A server that answers with `replies`, and after them with errors.
fn serve(replies: impl IntoIterator<Item = Reply>) -> LoopbackServer {
    let server =
        LoopbackServer::start_with(|_| Reply::error("InvalidNextTokenException", "no more"))
            .unwrap();
    replies.into_iter().for_each(|reply| server.reply(reply));
    server
}

/// The tokens of the requests so far.
fn tokens(server: &LoopbackServer) -> Vec<Value> {
    server
        .received()
        .iter()
        .map(|request| request.json()["NextToken"].clone())
        .collect()
}

fn ids(events: &[Event]) -> Vec<&str> {
    events.iter().filter_map(Event::event_id).collect()
}

#[tokio::test]
async fn pages_end_with_one_that_has_no_token() {
    let server = serve([
        page(&["a", "b"], Some("1")),
        page(&[], Some("2")),
        page(&["c"], None),
    ]);
    let mut pages = support::client(&server.url())
        .lookup_events()
        .into_paginator()
        .send();
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await {
        sizes.push(page.unwrap().events().len());
    }
    assert_eq!(sizes, [2, 0, 1]);
    assert!(pages.next().await.is_none());
    assert_eq!(tokens(&server), [json!(null), json!("1"), json!("2")]);
}

#[tokio::test]
async fn items_go_on_over_empty_pages() {
    let server = serve([
        page(&[], Some("1")),
        page(&["a", "b"], Some("2")),
        page(&[], None),
    ]);
    let items = support::client(&server.url())
        .lookup_events()
        .into_paginator()
        .items()
        .send();
    let events = items.try_collect().await.unwrap();
    assert_eq!(ids(&events), ["a", "b"]);
}

#[tokio::test]
async fn an_empty_token_ends_the_pages() {
    let server = serve([page(&["a"], Some(""))]);
    let items = support::client(&server.url())
        .lookup_events()
        .into_paginator()
        .items()
        .send();
    let events = items.try_collect().await.unwrap();
    assert_eq!((ids(&events), server.received().len()), (vec!["a"], 1));
}

#[tokio::test]
async fn a_token_that_comes_twice_ends_the_pages() {
    let server = serve([page(&["a"], Some("1")), page(&["b"], Some("1"))]);
    let items = support::client(&server.url())
        .lookup_events()
        .into_paginator()
        .items()
        .send();
    let events = items.try_collect().await.unwrap();
    assert_eq!(
        (ids(&events), tokens(&server)),
        (vec!["a", "b"], vec![json!(null), json!("1")])
    );
}

#[tokio::test]
async fn a_token_that_comes_twice_may_be_followed() {
    let server = serve([
        page(&["a"], Some("1")),
        page(&["b"], Some("1")),
        page(&["c"], None),
    ]);
    let paginator = support::client(&server.url())
        .lookup_events()
        .into_paginator()
        .stop_on_duplicate_token(false);
    let events = paginator.items().send().try_collect().await.unwrap();
    assert_eq!(ids(&events), ["a", "b", "c"]);
}

#[tokio::test]
async fn an_error_ends_the_pages() {
    let server = serve([page(&["a"], Some("1"))]);
    let mut items = support::client(&server.url())
        .lookup_events()
        .into_paginator()
        .items()
        .send();
    assert_eq!(items.next().await.unwrap().unwrap().event_id(), Some("a"));
    let error: SdkError<LookupEventsError> = items.next().await.unwrap().unwrap_err();
    assert_eq!(error.code(), Some("InvalidNextTokenException"));
    assert!(items.next().await.is_none());
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn everything_can_be_collected_until_the_first_error() {
    let collect = async |server: &LoopbackServer| {
        let items = support::client(&server.url())
            .lookup_events()
            .into_paginator()
            .items()
            .send();
        items.collect::<Result<Vec<_>, _>>().await
    };
    let events = collect(&serve([page(&["a"], Some("1")), page(&["b"], None)]))
        .await
        .unwrap();
    assert_eq!(ids(&events), ["a", "b"]);
    let error = collect(&serve([page(&["a"], Some("1"))]))
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("InvalidNextTokenException"));
}

#[tokio::test]
async fn every_page_has_the_size_that_was_asked_for() {
    let server = serve([page(&["a"], Some("1")), page(&["b"], None)]);
    let paginator = support::client(&server.url())
        .lookup_events()
        .max_results(50)
        .into_paginator()
        .page_size(2);
    paginator.send().try_collect().await.unwrap();
    let sizes: Vec<_> = server
        .received()
        .iter()
        .map(|request| request.json()["MaxResults"].clone())
        .collect();
    assert_eq!(sizes, [json!(2), json!(2)]);
}

#[tokio::test]
async fn nothing_is_sent_before_a_page_is_asked_for() {
    let server = serve([page(&["a"], Some("1")), page(&["b"], None)]);
    let mut items = support::client(&server.url())
        .lookup_events()
        .into_paginator()
        .items()
        .send();
    assert_eq!(server.received().len(), 0);
    items.next().await.unwrap().unwrap();
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn an_invalid_input_ends_the_pages_before_anything_is_sent() {
    let server = serve([]);
    let mut pages = support::client(&server.url())
        .lookup_events()
        .into_paginator()
        .page_size(0)
        .send();
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(
        matches!(error, SdkError::ConstructionFailure(_)),
        "{error:?}"
    );
    assert!(pages.next().await.is_none());
    assert_eq!(server.received().len(), 0);
}

fn items(server: &LoopbackServer) -> EventStream {
    let client = support::client(&server.url());
    client.lookup_events().into_paginator().items().send()
}

#[tokio::test]
async fn a_stream_takes_the_combinators_of_streams() {
    let three = || {
        serve([
            page(&["a", "b"], Some("1")),
            page(&[], Some("2")),
            page(&["c"], None),
        ])
    };
    let server = three();
    let mut found: Vec<String> = items(&server)
        .map(|event| async { Ok::<_, SdkError<LookupEventsError>>(event?.event_id.unwrap()) })
        .buffer_unordered(2)
        .try_collect()
        .await
        .unwrap();
    found.sort();
    assert_eq!(found, ["a", "b", "c"]);

    let server = three();
    let taken =
        items(&server).take_while(|event| ready(event.as_ref().unwrap().event_id() != Some("b")));
    assert_eq!(taken.count().await, 1);
    assert_eq!(server.received().len(), 1);

    let mut seen = 0;
    let server = serve([page(&["a"], Some("1"))]);
    let each = items(&server).try_for_each(|_| {
        seen += 1;
        ready(Ok(()))
    });
    let error = each.await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidNextTokenException"));
    assert_eq!(seen, 1);
}

#[tokio::test]
async fn a_wait_that_is_dropped_loses_no_page() {
    let server = serve([page(&["a"], Some("1")), page(&["b"], None)]);
    let mut items = items(&server);
    assert!(items.next().now_or_never().is_none());
    assert!(items.next().now_or_never().is_none());
    let events = items.try_collect().await.unwrap();
    assert_eq!(ids(&events), ["a", "b"]);
    assert_eq!(tokens(&server), [json!(null), json!("1")]);
}

#[tokio::test]
async fn a_stream_that_is_dropped_requests_no_more() {
    let server = serve([page(&["a", "b"], Some("1"))]);
    let mut items = items(&server);
    items.next().await.unwrap().unwrap();
    drop(items);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_stream_ends_once() {
    let server = serve([page(&["a"], None)]);
    let mut items = items(&server);
    assert!(items.try_next().await.unwrap().is_some());
    for _ in 0..2 {
        assert!(poll_fn(|context| items.poll_next(context)).await.is_none());
    }
}

#[tokio::test]
async fn functions_for_official_crates_take_a_stream() {
    async fn count<T, E>(stream: smithy::PaginationStream<Result<T, E>>) -> Result<usize, E> {
        Ok(stream.try_collect().await?.len())
    }

    let server = serve([page(&["a"], Some("1")), page(&["b"], None)]);
    assert_eq!(count(items(&server).into()).await.unwrap(), 2);
    let error = count(items(&serve([])).into()).await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidNextTokenException"));

    let server = serve([page(&["a"], Some("1")), page(&["b"], None)]);
    let mut stream: smithy::PaginationStream<_> = items(&server).into();
    stream.next().await.unwrap().unwrap();
    drop(stream);
    assert_eq!(server.received().len(), 1);
}

#[test]
fn streams_move_between_threads() {
    fn check<T: Send + Unpin>() {}
    check::<EventStream>();
}

/// What a program can write for any operation with items.
async fn all_items<I: Items>(pages: Paginator<I>) -> Result<Vec<I::Item>, SdkError<I::Error>> {
    pages.items().send().try_collect().await
}

/// The entries of a map, by the name of their iterator.
fn first<'a>(mut entries: map::Iter<'a, String, i32>) -> Option<(&'a String, &'a i32)> {
    entries.next()
}

#[tokio::test]
async fn generic_code_can_name_the_traits_of_operations() {
    let server = serve([page(&["a", "b"], Some("2")), page(&["c"], None)]);
    let pages = support::client(&server.url())
        .lookup_events()
        .into_paginator();
    assert_eq!(ids(&all_items(pages).await.unwrap()), ["a", "b", "c"]);

    fn name_of<I: Operation>(_: &Builder<I, Handle>) -> &'static str {
        I::NAME
    }
    let call = support::client(&server.url()).start_logging();
    assert_eq!(name_of(&call), "StartLogging");

    let map: Map<String, i32> = [("a".to_owned(), 1)].into_iter().collect();
    assert_eq!(first(map.iter()), Some((&"a".to_owned(), &1)));
}
