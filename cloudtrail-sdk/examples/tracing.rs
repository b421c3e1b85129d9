//! Shows what happens inside a call. `RUST_LOG=cloudtrail_sdk=debug` tells the steps,
//! `RUST_LOG=trace` also those of the connection.

use cloudtrail_sdk::{Client, config};
use tracing_subscriber::EnvFilter;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if let Err(error) = run().await {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

async fn run() -> Result<(), cloudtrail_sdk::Error> {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::from_default_env())
        .init();
    let client = Client::from_conf(config::load().await);
    let events = client.lookup_events().max_results(1).send().await?;
    println!("{} events", events.events().len());
    Ok(())
}
