//! Calls another endpoint than that of the Region: the one that `EXAMPLE_ENDPOINT_URL` names, such
//! as that of a VPC endpoint, a proxy or a server for tests; without it, the Region's FIPS endpoint.
//!
//! Code comes first; without any, `AWS_ENDPOINT_URL_CLOUDTRAIL` and the profile's `endpoint_url`
//! say the same.

use cloudtrail_sdk::{Client, config};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if let Err(error) = run().await {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

async fn run() -> Result<(), cloudtrail_sdk::Error> {
    let loader = match std::env::var("EXAMPLE_ENDPOINT_URL") {
        Ok(url) => config::loader().endpoint_url(url),
        Err(_) => config::loader()
            .use_fips(true)
            .ignore_configured_endpoint_urls(true),
    };
    let config = loader.load().await;
    let endpoint = config
        .endpoint_url()
        .unwrap_or("the FIPS endpoint")
        .to_owned();
    let trails = Client::from_conf(config).list_trails().send().await?;
    println!("{endpoint} knows {} trails", trails.trails().len());
    Ok(())
}
