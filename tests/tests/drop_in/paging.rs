//! Pages, in all the ways that people go through them.

use aws_sdk_cloudtrail::error::SdkError;
use aws_sdk_cloudtrail::operation::list_trails::builders::ListTrailsFluentBuilder;
use aws_sdk_cloudtrail::operation::list_trails::paginator::ListTrailsPaginator;
use aws_sdk_cloudtrail::operation::lookup_events::LookupEventsError;
use aws_sdk_cloudtrail::operation::lookup_events::LookupEventsOutput;
use aws_sdk_cloudtrail::types::Event;
use aws_sdk_cloudtrail::{Client, Error};
use serde_json::json;
use tests::protocol::Reply;

const NAMES: [&str; 3] = ["ConsoleLogin", "RunInstances", "CreateBucket"];

fn names(events: &[Event]) -> Vec<&str> {
    events
        .iter()
        .filter_map(|event| event.event_name())
        .collect()
}

#[tokio::test]
async fn items_one_by_one() -> Result<(), Box<dyn std::error::Error>> {
    let server = crate::account();
    let client = crate::client(&server);
    let mut found = Vec::new();
    let mut events = client
        .lookup_events()
        .into_paginator()
        .page_size(2)
        .items()
        .send();
    while let Some(event) = events.next().await {
        found.push(event?);
    }
    assert_eq!(names(&found), NAMES);
    assert_eq!(server.received().len(), 2);

    let mut events = client.lookup_events().into_paginator().items().send();
    let first = events.try_next().await?;
    assert_eq!(first.unwrap().event_name.as_deref(), Some(NAMES[0]));
    Ok(())
}

#[tokio::test]
async fn items_all_at_once() -> Result<(), SdkError<LookupEventsError>> {
    let server = crate::account();
    let client = crate::client(&server);
    let events = client.lookup_events().into_paginator().items().send();
    let collected = events.collect::<Result<Vec<_>, _>>().await?;
    let events = client.lookup_events().into_paginator().items().send();
    let tried: Vec<Event> = events.try_collect().await?;
    assert_eq!(names(&collected), NAMES);
    assert_eq!(names(&tried), NAMES);
    Ok(())
}

#[tokio::test]
async fn pages() -> Result<(), Error> {
    let server = crate::account();
    let client = crate::client(&server);
    let mut sizes = Vec::new();
    let mut pages = client.lookup_events().into_paginator().page_size(2).send();
    while let Some(page) = pages.next().await {
        let page: LookupEventsOutput = page?;
        sizes.push(page.events().len());
    }
    assert_eq!(sizes, [2, 1]);

    let pages = client.lookup_events().into_paginator().page_size(1).send();
    let pages: Vec<LookupEventsOutput> = pages.collect::<Result<_, _>>().await?;
    let names: Vec<_> = pages.iter().flat_map(|page| names(page.events())).collect();
    assert_eq!(names, NAMES);
    Ok(())
}

#[tokio::test]
async fn by_hand() -> Result<(), Error> {
    let server = crate::account();
    let client = crate::client(&server);
    let mut found = Vec::new();
    let mut next_token = None;
    loop {
        let page = client
            .lookup_events()
            .max_results(2)
            .set_next_token(next_token)
            .send()
            .await?;
        found.extend(page.events.unwrap_or_default());
        next_token = page.next_token;
        if next_token.is_none() {
            break;
        }
    }
    assert_eq!(names(&found), NAMES);
    Ok(())
}

#[tokio::test]
async fn the_first_error_ends_the_pages() {
    let server = crate::server();
    server.reply(Reply::Output(json!({ "Trails": [], "NextToken": "2" })));
    server.reply(Reply::error("OperationNotPermittedException", "no"));
    let client = crate::client(&server);
    let mut pages = paginator(&client).send();
    assert!(pages.next().await.unwrap().is_ok());
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(
        error
            .into_service_error()
            .is_operation_not_permitted_exception()
    );
    assert!(pages.next().await.is_none());
}

fn paginator(client: &Client) -> ListTrailsPaginator {
    let request: ListTrailsFluentBuilder = client.list_trails();
    request.into_paginator().stop_on_duplicate_token(false)
}
