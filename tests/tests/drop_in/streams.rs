//! Pages as streams, with the combinators of `futures`.

use std::pin::pin;

use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::operation::lookup_events::builders::LookupEventsFluentBuilder;
use aws_sdk_cloudtrail::types::Event;
use aws_smithy_types_convert::stream::PaginationStreamExt;
use futures::stream::{self, StreamExt, TryStreamExt};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Newest first.
const NAMES: [&str; 3] = ["ConsoleLogin", "RunInstances", "CreateBucket"];

fn lookup(client: &Client) -> LookupEventsFluentBuilder {
    client.lookup_events().max_results(1)
}

/// Something that takes a call for each event.
async fn enrich(client: &Client, event: Event) -> Result<String, BoxError> {
    client.describe_trails().send().await?;
    Ok(event.event_name.ok_or("an event without a name")?)
}

#[tokio::test]
async fn events_are_worked_on_side_by_side() -> Result<(), BoxError> {
    let server = crate::account();
    let client = crate::client(&server);
    // What is called there is not among the events.
    let other = crate::server();
    let other = crate::client(&other);
    let mut enriched: Vec<String> = lookup(&client)
        .into_paginator()
        .items()
        .send()
        .into_stream_03x()
        .map(|event| async { enrich(&other, event?).await })
        .buffer_unordered(4)
        .try_collect()
        .await?;
    enriched.sort();
    let mut expected = NAMES;
    expected.sort_unstable();
    assert_eq!(enriched, expected);
    Ok(())
}

#[tokio::test]
async fn each_event_has_its_turn() -> Result<(), BoxError> {
    let server = crate::account();
    let client = crate::client(&server);
    let mut names = Vec::new();
    lookup(&client)
        .into_paginator()
        .items()
        .send()
        .into_stream_03x()
        .try_for_each(|event| {
            names.extend(event.event_name);
            std::future::ready(Ok(()))
        })
        .await?;
    assert_eq!(names, NAMES);
    Ok(())
}

#[tokio::test]
async fn pages_that_nobody_wants_are_not_requested() -> Result<(), BoxError> {
    let server = crate::account();
    let client = crate::client(&server);
    let pages = lookup(&client).into_paginator().send().into_stream_03x();
    let logins: Vec<_> = pages
        .map_ok(|page| page.events.unwrap_or_default())
        .try_take_while(|events| {
            let is_login = events
                .iter()
                .all(|event| event.event_name() == Some(NAMES[0]));
            std::future::ready(Ok(is_login))
        })
        .try_collect()
        .await?;
    assert_eq!(logins.len(), 1);
    assert_eq!(server.received().len(), 2);
    Ok(())
}

#[tokio::test]
async fn streams_made_by_hand() -> Result<(), BoxError> {
    let server = crate::account();
    let client = crate::client(&server);
    let mut items = lookup(&client).into_paginator().items().send();
    let polled = stream::poll_fn(|context| items.poll_next(context));
    let polled: Vec<Event> = polled.try_collect().await?;
    assert_eq!(polled.len(), NAMES.len());

    let pages = lookup(&client).into_paginator().send();
    let unfolded = stream::unfold(pages, |mut pages| async {
        let page = pages.next().await?;
        Some((page, pages))
    });
    let mut unfolded = pin!(unfolded);
    let mut count = 0;
    while let Some(page) = unfolded.try_next().await? {
        count += page.events().len();
    }
    assert_eq!(count, NAMES.len());
    Ok(())
}
