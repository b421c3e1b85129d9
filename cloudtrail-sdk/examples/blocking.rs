//! Calls from a program that is not async: `cargo run --example blocking --features blocking`.

use cloudtrail_sdk::{Client, Error, config};

fn main() {
    if let Err(error) = run() {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

fn run() -> Result<(), Error> {
    let client = Client::from_conf(config::load_blocking());
    for trail in client
        .list_trails()
        .into_paginator()
        .items()
        .send_blocking()
    {
        let trail = trail?;
        let arn = trail.trail_arn().unwrap_or_default();
        let status = client.get_trail_status().name(arn).send_blocking()?;
        println!("{arn} logs: {}", status.is_logging().unwrap_or_default());
    }
    let events = client
        .lookup_events()
        .into_paginator()
        .page_size(10)
        .items();
    for event in events.send_blocking().take(10) {
        println!("{}", event?.event_name().unwrap_or_default());
    }
    Ok(())
}
