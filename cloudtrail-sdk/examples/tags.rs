//! Lists the tags of all trails. The trail that `TAG_TRAIL` names gets one more for a moment.

use cloudtrail_sdk::types::Tag;
use cloudtrail_sdk::{Client, Error, config};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if let Err(error) = run().await {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_conf(config::load().await);
    let mut trails = client.list_trails().into_paginator().items().send();
    let mut count = 0;
    while let Some(trail) = trails.try_next().await? {
        print_tags(&client, trail.trail_arn().unwrap_or_default()).await?;
        count += 1;
    }
    println!("{count} trails");

    if let Ok(name) = std::env::var("TAG_TRAIL") {
        let trail = client.get_trail().name(name).send().await?.trail;
        let arn = trail.and_then(|trail| trail.trail_arn).unwrap_or_default();
        let tag = Tag::builder()
            .key("example")
            .value("for a moment")
            .build()?;
        let add = client.add_tags().resource_id(&arn).tags_list(tag.clone());
        add.send().await?;
        let printed = print_tags(&client, &arn).await;
        let remove = client.remove_tags().resource_id(&arn).tags_list(tag);
        remove.send().await?;
        printed?;
    }
    Ok(())
}

async fn print_tags(client: &Client, arn: &str) -> Result<(), Error> {
    let resources = client.list_tags().resource_id_list(arn).into_paginator();
    let mut resources = resources.items().send();
    while let Some(resource) = resources.try_next().await? {
        println!("{}", resource.resource_id().unwrap_or_default());
        for tag in resource.tags_list() {
            println!("  {} = {}", tag.key(), tag.value().unwrap_or_default());
        }
    }
    Ok(())
}
