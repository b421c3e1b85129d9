//! Creates a trail, reads it back, looks at what was recorded, and deletes it.
//!
//! Runs against AWS with the credentials and the Region of the environment, or against any server
//! that `AWS_ENDPOINT_URL_CLOUDTRAIL` names. A trail needs an S3 bucket that CloudTrail may write
//! to; name yours in `TRAIL_BUCKET`. Without one, nothing is created.

use cloudtrail_sdk::primitives::DateTime;
use cloudtrail_sdk::types::{LookupAttribute, LookupAttributeKey, Tag};
use cloudtrail_sdk::{Client, config};

const TRAIL: &str = "quickstart-trail";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if let Err(error) = run().await {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_conf(config::load().await);

    if let Ok(bucket) = std::env::var("TRAIL_BUCKET") {
        let trail = client
            .create_trail()
            .name(TRAIL)
            .s3_bucket_name(bucket)
            .is_multi_region_trail(true)
            .tags_list(Tag::builder().key("made-by").value("quickstart").build()?)
            .send()
            .await?;
        println!("created {}", trail.trail_arn().unwrap_or_default());
        client.start_logging().name(TRAIL).send().await?;
    }

    println!("trails:");
    for trail in client.describe_trails().send().await?.trail_list() {
        println!(
            "  {} → s3://{}",
            trail.name().unwrap_or_default(),
            trail.s3_bucket_name().unwrap_or_default(),
        );
    }

    println!("the last events of CloudTrail itself:");
    let source = LookupAttribute::builder()
        .attribute_key(LookupAttributeKey::EventSource)
        .attribute_value("cloudtrail.amazonaws.com")
        .build()?;
    let mut events = client
        .lookup_events()
        .lookup_attributes(source)
        .end_time(DateTime::from(std::time::SystemTime::now()))
        .into_paginator()
        .page_size(5)
        .items()
        .send();
    for _ in 0..5 {
        let Some(event) = events.try_next().await? else {
            break;
        };
        println!(
            "  {} by {}",
            event.event_name().unwrap_or_default(),
            event.username().unwrap_or("nobody"),
        );
    }

    if std::env::var_os("TRAIL_BUCKET").is_some() {
        client.delete_trail().name(TRAIL).send().await?;
        println!("deleted {TRAIL}");
    }

    match client.get_trail().name("no-such-trail").send().await {
        Ok(_) => println!("there is a trail called no-such-trail"),
        Err(error) => println!("an error looks like this: {error}"),
    }
    Ok(())
}
