//! Tests a program without AWS: `cargo run --example testing --features test-util`.
//!
//! The fakes stand below the client, so that checks of the input, retries and decoding are those of
//! the real thing, and waits take no time.

use cloudtrail_sdk::operation::get_trail_status::{GetTrailStatusInput, GetTrailStatusOutput};
use cloudtrail_sdk::test_util::{Answer, Fakes};
use cloudtrail_sdk::types::error::TrailNotFoundException;
use cloudtrail_sdk::{Client, Error};

/// The program: whether a trail is there and logs.
async fn is_logging(client: &Client, trail: &str) -> Result<bool, Error> {
    match client.get_trail_status().name(trail).send().await {
        Ok(status) => Ok(status.is_logging().unwrap_or(false)),
        Err(error) => match error.into_service_error() {
            error if error.is_trail_not_found_exception() => Ok(false),
            error => Err(error),
        },
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if let Err(error) = run().await {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

async fn run() -> Result<(), Error> {
    let fakes = Fakes::new();
    let client = Client::from_conf(fakes.config().build());

    let logging = GetTrailStatusOutput::builder().is_logging(true).build();
    let audit = fakes
        .when::<GetTrailStatusInput>()
        .with(|input| input.name() == Some("audit"))
        .sequence([Answer::http(503, ""), Answer::output(logging)]);
    fakes
        .when::<GetTrailStatusInput>()
        .with(|input| input.name() == Some("other"))
        .error(|| {
            let error = TrailNotFoundException::builder().message("no such trail");
            Error::TrailNotFoundException(error.build())
        });

    assert!(is_logging(&client, "audit").await?);
    assert_eq!(audit.calls(), 2, "one failure, one success");
    assert!(!is_logging(&client, "other").await?);
    println!("3 requests: {:?}", fakes.requests());
    println!("waits that took no time: {:?}", fakes.time().sleeps());
    Ok(())
}
