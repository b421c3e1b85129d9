//! Says how often calls are tried again and how long they may take, for a client and for one call.

use std::time::Duration;

use cloudtrail_sdk::config::Config;
use cloudtrail_sdk::config::interceptors::InterceptorContext;
use cloudtrail_sdk::config::retry::{ClassifyRetry, RetryAction, RetryConfig};
use cloudtrail_sdk::config::timeout::TimeoutConfig;
use cloudtrail_sdk::{Client, Error, config};

/// Another change of the trail is under way for a moment; the rules would not try again.
#[derive(Debug)]
struct Conflicts;

impl ClassifyRetry for Conflicts {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let error = context.output_or_error().and_then(Result::err);
        let error = error.and_then(|error| error.as_operation_error()?.downcast_ref());
        match error {
            Some(Error::ConflictException(_)) => RetryAction::transient_error(),
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "Conflicts"
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
    let config = config::loader()
        // Adaptive: the client also slows down while the service throttles it.
        .retry_config(RetryConfig::adaptive().with_max_attempts(5))
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(Duration::from_secs(2))
                .operation_attempt_timeout(Duration::from_secs(10))
                .operation_timeout(Duration::from_secs(30))
                .build(),
        )
        .load()
        .await;
    let client = Client::from_conf(config.to_builder().retry_classifier(Conflicts).build());
    let trails = client.list_trails().send().await?;
    println!("a patient call sees {} trails", trails.trails().len());

    let impatient = TimeoutConfig::builder().operation_timeout(Duration::from_nanos(1));
    let result = client
        .list_trails()
        .customize()
        .config_override(Config::builder().timeout_config(impatient.build()))
        .send()
        .await;
    match result {
        Ok(_) => println!("an impatient call was quick enough"),
        Err(error) => println!(
            "an impatient call ends so: {error}; attempts: {}, time: {:?}",
            error.call().attempts(),
            error.call().elapsed(),
        ),
    }
    Ok(())
}
