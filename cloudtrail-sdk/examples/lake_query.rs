//! Asks CloudTrail Lake which calls are made most.
//!
//! A query costs money by what it scans, so that none is run unless `LAKE_STORE` has the ID of an
//! event data store, which is the end of its ARN. Without it, the stores are listed.

use std::time::Duration;

use cloudtrail_sdk::types::QueryStatus;
use cloudtrail_sdk::{Client, config};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if let Err(error) = run().await {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_conf(config::load().await);
    let Ok(store) = std::env::var("LAKE_STORE") else {
        println!("name an event data store in LAKE_STORE; there are:");
        let mut stores = client
            .list_event_data_stores()
            .into_paginator()
            .items()
            .send();
        while let Some(store) = stores.try_next().await? {
            println!("  {}", store.event_data_store_arn().unwrap_or_default());
        }
        return Ok(());
    };
    let statement = format!(
        "SELECT eventName, COUNT(*) AS calls FROM {store} GROUP BY eventName ORDER BY calls DESC LIMIT 10"
    );
    let query = client
        .start_query()
        .query_statement(statement)
        .send()
        .await?;
    let id = query.query_id().unwrap_or_default();

    let mut pause = Duration::from_secs(1);
    loop {
        let query = client.describe_query().query_id(id).send().await?;
        match query.query_status() {
            Some(QueryStatus::Queued | QueryStatus::Running) => tokio::time::sleep(pause).await,
            Some(QueryStatus::Finished) => break,
            status => {
                let reason = query.error_message().unwrap_or("no reason is given");
                return Err(format!("the query ended as {status:?}: {reason}").into());
            }
        }
        pause = (pause * 2).min(Duration::from_secs(10));
    }

    let mut pages = client
        .get_query_results()
        .query_id(id)
        .into_paginator()
        .send();
    while let Some(page) = pages.try_next().await? {
        for row in page.query_result_rows() {
            // A column is a map of one entry.
            let columns = row.iter().flatten();
            let columns: Vec<_> = columns
                .map(|(name, value)| format!("{name}: {value}"))
                .collect();
            println!("{}", columns.join(", "));
        }
    }
    Ok(())
}
