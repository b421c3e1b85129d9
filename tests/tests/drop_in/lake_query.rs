//! Runs a query on CloudTrail Lake and reads its rows.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_cloudtrail::operation::get_query_results::GetQueryResultsOutput;
use aws_sdk_cloudtrail::types::QueryStatus;
use aws_sdk_cloudtrail::{Client, Error};
use serde_json::json;
use tests::protocol::Reply;

type Row = BTreeMap<String, String>;

async fn query(client: &Client, statement: &str) -> Result<Option<Vec<Row>>, Error> {
    let started = client
        .start_query()
        .query_statement(statement)
        .send()
        .await?;
    let id = started.query_id().unwrap_or_default();
    loop {
        let description = client.describe_query().query_id(id).send().await?;
        match description.query_status() {
            Some(QueryStatus::Queued | QueryStatus::Running) => {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            Some(QueryStatus::Finished) => break,
            _ => return Ok(None),
        }
    }
    let mut rows = Vec::new();
    let mut pages = client
        .get_query_results()
        .query_id(id)
        .max_query_results(1000)
        .into_paginator()
        .send();
    while let Some(page) = pages.next().await {
        let page: GetQueryResultsOutput = page?;
        for row in page.query_result_rows() {
            let mut columns = Row::new();
            for column in row {
                for (name, value) in column {
                    columns.insert(name.clone(), value.clone());
                }
            }
            rows.push(columns);
        }
        let statistics = page.query_statistics().expect("statistics");
        assert_eq!(statistics.bytes_scanned(), Some(5_000_000_000));
    }
    Ok(Some(rows))
}

const ID: &str = "00000000-0000-4000-8000-000000000000";

#[tokio::test]
async fn rows_of_all_pages() -> Result<(), Error> {
    let server = crate::server();
    server.reply(Reply::Output(json!({ "QueryId": ID })));
    for status in ["QUEUED", "RUNNING", "FINISHED"] {
        server.reply(Reply::Output(json!({ "QueryStatus": status })));
    }
    for (name, calls, token) in [("PutObject", "3", Some("page-2")), ("GetObject", "1", None)] {
        server.reply(Reply::Output(json!({
            "QueryStatus": "FINISHED",
            "QueryStatistics": { "ResultsCount": 1, "BytesScanned": 5_000_000_000_u64 },
            "QueryResultRows": [[{ "eventName": name }, { "calls": calls }]],
            "NextToken": token,
        })));
    }
    let rows = query(&crate::client(&server), "SELECT eventName FROM x")
        .await?
        .expect("the query ends well");
    let row = |name: &str, calls: &str| {
        Row::from([
            ("eventName".to_owned(), name.to_owned()),
            ("calls".to_owned(), calls.to_owned()),
        ])
    };
    assert_eq!(rows, [row("PutObject", "3"), row("GetObject", "1")]);
    Ok(())
}

#[tokio::test]
async fn a_query_that_fails() -> Result<(), Error> {
    let server = crate::server();
    server.reply(Reply::Output(json!({ "QueryId": ID })));
    server.reply(Reply::Output(
        json!({ "QueryStatus": "FAILED", "ErrorMessage": "no" }),
    ));
    assert_eq!(query(&crate::client(&server), "SELECT x").await?, None);
    Ok(())
}
