//! Helpers that a program shares between the crates of several AWS services.

use aws_sdk_cloudtrail::config::BehaviorVersion;
use aws_sdk_cloudtrail::config::retry::RetryConfig;
use aws_sdk_cloudtrail::operation::get_trail::GetTrailError;
use aws_sdk_cloudtrail::{Client, Error};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::SdkConfig;

/// An error of any service, for the log.
fn summary(error: &impl ProvideErrorMetadata) -> String {
    let code = error.code().unwrap_or("no code");
    format!("{code}: {}", error.message().unwrap_or("no message"))
}

/// What became of a call to any service.
fn describe<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    match error {
        SdkError::ServiceError(service) => format!("refused: {}", summary(service.err())),
        SdkError::DispatchFailure(failure) if failure.is_io() => "no network".to_owned(),
        _ => "failed".to_owned(),
    }
}

#[tokio::test]
async fn an_error_tells_its_code_to_a_helper_of_all_services() {
    let server = crate::account();
    let client = Client::new(&crate::loaded(&server));
    let error = client.get_trail().name("missing").send().await.unwrap_err();
    assert!(
        summary(&error).starts_with("TrailNotFoundException: "),
        "{}",
        summary(&error)
    );
    let error: GetTrailError = error.into_service_error();
    assert!(summary(&error).starts_with("TrailNotFoundException: "));
    #[allow(clippy::useless_conversion, reason = "elsewhere it is another type")]
    let error = Error::from(error);
    assert!(summary(&error).starts_with("TrailNotFoundException: "));
}

#[tokio::test]
async fn an_error_becomes_that_of_all_services() {
    let server = crate::account();
    let client = Client::new(&crate::loaded(&server));
    let error = client.get_trail().name("missing").send().await.unwrap_err();
    let text = describe(&error.into());
    assert!(
        text.starts_with("refused: TrailNotFoundException: "),
        "{text}"
    );

    let nobody = crate::loaded(&server)
        .into_builder()
        .endpoint_url("http://127.0.0.1:1")
        .retry_config(RetryConfig::disabled())
        .build();
    let call = Client::new(&nobody).list_trails().send().await;
    assert_eq!(describe(&call.unwrap_err().into()), "no network");
}

#[test]
fn a_behavior_version_is_the_one_of_the_shared_configuration() {
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .build();
    let version: Option<BehaviorVersion> = config.behavior_version();
    aws_sdk_cloudtrail::Config::builder()
        .behavior_version(version.unwrap())
        .build();
}
