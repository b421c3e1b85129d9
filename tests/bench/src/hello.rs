//! The smallest program: default configuration, one call, one line of output.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), sdk::Error> {
    let client = setup::default_client().await;
    let trails = client.describe_trails().send().await?;
    for trail in trails.trail_list() {
        println!("{}", trail.name().unwrap_or_default());
    }
    Ok(())
}
