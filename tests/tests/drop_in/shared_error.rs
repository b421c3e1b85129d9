//! One error type and one helper for the errors of several AWS crates.
//!
//! The official crates differ in `E` only, and their `SdkError` is an alias of this form.

use std::fmt;

use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::operation::get_trail::GetTrailError;
use aws_sdk_cloudtrail::types::error::TrailNotFoundException;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{CreateUnhandledError, ServiceError};
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// What `aws_sdk_s3::error::SdkError` and `aws_sdk_sqs::error::SdkError` are.
type SdkError<E, R = HttpResponse> = aws_smithy_runtime_api::client::result::SdkError<E, R>;

#[derive(Debug)]
struct AuditError {
    step: &'static str,
    code: String,
    status: Option<u16>,
}

impl fmt::Display for AuditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {:?}", self.step, self.code, self.status)
    }
}

impl std::error::Error for AuditError {}

fn failed<E: ProvideErrorMetadata>(step: &'static str, error: SdkError<E>) -> AuditError {
    AuditError {
        step,
        code: error.code().unwrap_or("none").to_owned(),
        status: error.raw_response().map(|raw| raw.status().as_u16()),
    }
}

/// An error as the other crates generate it.
fn other_crate() -> SdkError<ErrorMetadata> {
    let status = 403.try_into().unwrap();
    let raw = HttpResponse::new(status, "{}".into());
    let source = ErrorMetadata::builder().code("AccessDenied").build();
    SdkError::ServiceError(ServiceError::builder().source(source).raw(raw).build())
}

fn unhandled<E: CreateUnhandledError>() -> E {
    let meta = ErrorMetadata::builder().code("Odd").build();
    E::create_unhandled_error("why".into(), Some(meta))
}

#[tokio::test]
async fn one_helper_takes_the_errors_of_all_crates() {
    let server = crate::account();
    let client: Client = crate::client(&server);
    let error = client.get_trail().name("absent").send().await.unwrap_err();
    let error = failed("trail", error.into());
    assert_eq!(error.to_string(), "trail: TrailNotFoundException Some(404)");
    let error = failed("bucket", other_crate());
    assert_eq!(error.to_string(), "bucket: AccessDenied Some(403)");
}

#[test]
fn errors_that_tests_make() {
    let error: GetTrailError = unhandled();
    assert_eq!(ProvideErrorMetadata::code(&error), Some("Odd"));
    let metadata = ErrorMetadata::builder().code("Odd").build();
    assert_eq!(GetTrailError::generic(metadata).meta().code(), Some("Odd"));

    let error = TrailNotFoundException::builder().message("gone").build();
    let error: aws_sdk_cloudtrail::error::SdkError<_, ()> =
        aws_sdk_cloudtrail::error::SdkError::service_error(
            GetTrailError::TrailNotFoundException(error),
            (),
        );
    assert!(error.into_service_error().is_trail_not_found_exception());
}
