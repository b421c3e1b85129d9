//! Tells what happens in the account, as `tail -f` does, for `TAIL_SECONDS` (a minute if not set).
//!
//! Events arrive some minutes after they happened, and not in order; so each look goes back a
//! quarter of an hour, and what was seen before is left out.

use std::collections::HashSet;
use std::time::{Duration, Instant, SystemTime};

use cloudtrail_sdk::primitives::DateTime;
use cloudtrail_sdk::types::Event;
use cloudtrail_sdk::{Client, config};

const LOOK_BACK: Duration = Duration::from_secs(15 * 60);
/// The service allows two requests a second for the whole account.
const PAUSE: Duration = Duration::from_secs(5);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if let Err(error) = run().await {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let seconds = match std::env::var("TAIL_SECONDS") {
        Ok(seconds) => seconds.parse()?,
        Err(_) => 60,
    };
    let client = Client::from_conf(config::load().await);
    let start = Instant::now();
    let mut seen = HashSet::new();
    loop {
        for event in fresh(&client, &mut seen).await? {
            println!(
                "{} {} {} by {}",
                event
                    .event_time()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                event.event_source().unwrap_or_default(),
                event.event_name().unwrap_or_default(),
                event.username().unwrap_or("nobody"),
            );
        }
        if start.elapsed() + PAUSE > Duration::from_secs(seconds) {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The events that were not seen yet, oldest first.
async fn fresh(
    client: &Client,
    seen: &mut HashSet<String>,
) -> Result<Vec<Event>, cloudtrail_sdk::Error> {
    // Every page has to be asked for with the same times.
    let now = SystemTime::now();
    let mut events = client
        .lookup_events()
        .start_time(DateTime::from(now - LOOK_BACK))
        .end_time(DateTime::from(now))
        .into_paginator()
        .items()
        .send();
    let mut fresh = Vec::new();
    while let Some(event) = events.try_next().await? {
        if seen.insert(event.event_id().unwrap_or_default().to_owned()) {
            fresh.push(event);
        }
    }
    fresh.reverse();
    Ok(fresh)
}
