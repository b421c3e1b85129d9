//! Creates a trail that records changes and every write to S3, starts it, and deletes it.
//!
//! `TRAIL_BUCKET` names a bucket that CloudTrail may write to; without it nothing is created. With
//! `KEEP_TRAIL` the trail stays.

use cloudtrail_sdk::error::BuildError;
use cloudtrail_sdk::types::{AdvancedEventSelector, AdvancedFieldSelector, Tag};
use cloudtrail_sdk::{Client, Error, config};

const TRAIL: &str = "example-trail";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if let Err(error) = run().await {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let Ok(bucket) = std::env::var("TRAIL_BUCKET") else {
        println!("name a bucket in TRAIL_BUCKET to create {TRAIL}");
        return Ok(());
    };
    let client = Client::from_conf(config::load().await);
    let created = client
        .create_trail()
        .name(TRAIL)
        .s3_bucket_name(bucket)
        .is_multi_region_trail(true)
        .enable_log_file_validation(true)
        .tags_list(Tag::builder().key("made-by").value("example").build()?)
        .send()
        .await?;
    let arn = created.trail_arn().unwrap_or(TRAIL);
    println!("created {arn}");

    let selectors = [
        selector(
            "changes",
            &[("eventCategory", "Management"), ("readOnly", "false")],
        )?,
        selector(
            "writes to S3",
            &[
                ("eventCategory", "Data"),
                ("resources.type", "AWS::S3::Object"),
                ("readOnly", "false"),
            ],
        )?,
    ];
    // The trail is deleted even if it cannot be started.
    let started = start(&client, arn, selectors.into()).await;
    if std::env::var_os("KEEP_TRAIL").is_none() {
        client.delete_trail().name(arn).send().await?;
        println!("deleted {TRAIL}");
    }
    Ok(started?)
}

async fn start(
    client: &Client,
    trail: &str,
    selectors: Vec<AdvancedEventSelector>,
) -> Result<(), Error> {
    let output = client
        .put_event_selectors()
        .trail_name(trail)
        .set_advanced_event_selectors(Some(selectors))
        .send()
        .await?;
    for selector in output.advanced_event_selectors() {
        println!("records {}", selector.name().unwrap_or("what has no name"));
    }
    client.start_logging().name(trail).send().await?;
    let status = client.get_trail_status().name(trail).send().await?;
    println!("logging: {}", status.is_logging().unwrap_or_default());
    Ok(())
}

/// Events whose fields have these values.
fn selector(name: &str, fields: &[(&str, &str)]) -> Result<AdvancedEventSelector, BuildError> {
    let fields = fields.iter().map(|(field, value)| {
        AdvancedFieldSelector::builder()
            .field(*field)
            .equals(*value)
            .build()
    });
    AdvancedEventSelector::builder()
        .name(name)
        .set_field_selectors(Some(fields.collect::<Result<_, _>>()?))
        .build()
}
