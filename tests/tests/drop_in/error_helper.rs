//! One error type for a program that calls three AWS services, made by one helper.

use std::error::Error as StdError;

use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::config::retry::RetryConfig;
use aws_sdk_cloudtrail::error::{BuildError, ConnectorError, ErrorMetadata};
use aws_sdk_cloudtrail::operation::get_trail::GetTrailError;
use aws_sdk_cloudtrail::operation::start_logging::StartLoggingError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{CreateUnhandledError, ServiceError};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::metadata::{self, ProvideErrorMetadata};
use aws_smithy_types::retry::{ErrorKind, ProvideErrorKind};
use aws_types::request_id::RequestId;
use thiserror::Error;

/// What the program uses of the crates of two more services, declared as there. The crates
/// themselves take minutes to build.
macro_rules! other_crate {
    ($name:ident, $error:ident) => {
        mod $name {
            use aws_smithy_types::error::metadata::{ErrorMetadata, ProvideErrorMetadata};

            pub mod error {
                use aws_smithy_runtime_api::client::{orchestrator, result};

                pub type SdkError<E, R = orchestrator::HttpResponse> = result::SdkError<E, R>;
            }

            #[derive(Debug, thiserror::Error)]
            #[error("{0}")]
            pub struct $error(ErrorMetadata);

            impl $error {
                pub fn generic(meta: ErrorMetadata) -> Self {
                    Self(meta)
                }
            }

            impl ProvideErrorMetadata for $error {
                fn meta(&self) -> &ErrorMetadata {
                    &self.0
                }
            }
        }
    };
}

other_crate! { aws_sdk_s3, GetObjectError }
other_crate! { aws_sdk_sqs, SendMessageError }

#[derive(Debug, Error)]
enum AuditError {
    #[error("{service}: {code} (HTTP {status}, request {request_id})")]
    Refused {
        service: &'static str,
        code: String,
        status: u16,
        request_id: String,
        source: Box<dyn StdError + Send + Sync>,
    },
    #[error("{0} cannot be reached")]
    Unreachable(&'static str),
    #[error("{0} did not answer in time")]
    TimedOut(&'static str),
    #[error("{0} failed")]
    Other(&'static str, #[source] Box<dyn StdError + Send + Sync>),
}

/// What the program makes of an error of any service.
fn failed<E>(service: &'static str, error: aws_sdk_s3::error::SdkError<E>) -> AuditError
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    use aws_sdk_s3::error::SdkError;

    let request_id = error.request_id().unwrap_or("unknown").to_owned();
    match error {
        SdkError::ServiceError(refusal) => AuditError::Refused {
            service,
            code: refusal.err().code().unwrap_or("no code").to_owned(),
            status: refusal.raw().status().as_u16(),
            request_id,
            source: refusal.into_err().into(),
        },
        SdkError::TimeoutError(_) => AuditError::TimedOut(service),
        SdkError::DispatchFailure(failure) if failure.is_io() => AuditError::Unreachable(service),
        other => AuditError::Other(service, other.into()),
    }
}

async fn bucket(client: &Client, trail: &str) -> Result<String, AuditError> {
    let call = client.get_trail().name(trail).send().await;
    let trail = call.map_err(|error| failed("CloudTrail", error.into()))?;
    Ok(trail
        .trail
        .and_then(|trail| trail.s3_bucket_name)
        .unwrap_or_default())
}

/// A refusal as the crates of the other services return it.
fn refusal<E>(error: E) -> aws_sdk_sqs::error::SdkError<E> {
    let mut response = HttpResponse::new(403.try_into().unwrap(), SdkBody::empty());
    response.headers_mut().insert("x-amzn-requestid", "id-3");
    let refused = ServiceError::builder().source(error).raw(response);
    aws_sdk_sqs::error::SdkError::ServiceError(refused.build())
}

#[tokio::test]
async fn one_helper_serves_three_services() {
    let server = crate::account();
    let client = crate::client(&server);
    client
        .create_trail()
        .name("audit")
        .s3_bucket_name("logs")
        .send()
        .await
        .unwrap();
    assert_eq!(bucket(&client, "audit").await.unwrap(), "logs");

    let error = bucket(&client, "other").await.unwrap_err();
    let line = error.to_string();
    let start = "CloudTrail: TrailNotFoundException (HTTP 404, request ";
    assert!(line.starts_with(start), "{line}");
    assert!(!line.contains("unknown"), "{line}");
    assert!(error.source().unwrap().is::<GetTrailError>());

    let denied = || {
        metadata::ErrorMetadata::builder()
            .code("AccessDenied")
            .build()
    };
    let s3 = refusal(aws_sdk_s3::GetObjectError::generic(denied()));
    let sqs = refusal(aws_sdk_sqs::SendMessageError::generic(denied()));
    for (error, service) in [(failed("S3", s3), "S3"), (failed("SQS", sqs), "SQS")] {
        assert_eq!(
            error.to_string(),
            format!("{service}: AccessDenied (HTTP 403, request id-3)")
        );
    }

    let nobody = crate::loaded(&server)
        .into_builder()
        .endpoint_url("http://127.0.0.1:1")
        .retry_config(RetryConfig::disabled())
        .build();
    let error = bucket(&Client::new(&nobody), "audit").await.unwrap_err();
    assert_eq!(error.to_string(), "CloudTrail cannot be reached");
}

type SdkError<E> = aws_sdk_cloudtrail::error::SdkError<E>;

/// Errors that a program's own mocks return, through the same helper.
#[test]
fn errors_made_by_hand() {
    let timeout: SdkError<GetTrailError> = SdkError::timeout_error("too slow");
    let error = failed("CloudTrail", timeout.into());
    assert_eq!(error.to_string(), "CloudTrail did not answer in time");

    let missing = BuildError::missing_field("name", "it is required");
    assert!(missing.to_string().contains("name"), "{missing}");
    for error in [
        missing,
        BuildError::invalid_field("name", "too long"),
        BuildError::other("no name"),
    ] {
        let error: SdkError<GetTrailError> = error.into();
        assert!(matches!(&error, SdkError::ConstructionFailure(_)));
        let error = failed("CloudTrail", error.into());
        assert!(matches!(error, AuditError::Other("CloudTrail", _)));
    }

    let throttled = ConnectorError::other("busy".into(), Some(ErrorKind::ThrottlingError));
    assert!(throttled.is_other() && !throttled.is_io());
    let error: SdkError<GetTrailError> = SdkError::dispatch_failure(throttled);
    let SdkError::DispatchFailure(failure) = &error else {
        panic!("{error:?}");
    };
    assert!(failure.is_other() && !failure.is_timeout() && !failure.is_user());
    assert_eq!(failure.as_other(), Some(ErrorKind::ThrottlingError));
    let io = ConnectorError::io("closed".into());
    assert_eq!(io.as_other(), None);
    assert_eq!(io.into_source().to_string(), "closed");
}

/// An error as code that is generic over the services makes it.
fn unhandled<E: CreateUnhandledError>(code: &str) -> E {
    let meta = metadata::ErrorMetadata::builder().code(code).build();
    E::create_unhandled_error("the mock has no trail".into(), Some(meta))
}

#[test]
fn errors_made_for_any_operation() {
    let error: GetTrailError = unhandled("Odd");
    assert_eq!(ProvideErrorMetadata::code(&error), Some("Odd"));
    let error: StartLoggingError = unhandled("Odd");
    assert_eq!(ProvideErrorKind::code(&error), Some("Odd"));
    assert_eq!(error.retryable_error_kind(), None);

    let meta = ErrorMetadata::builder()
        .code("ThrottlingException")
        .custom("aws_request_id", "id-4")
        .custom("zone", "a")
        .build();
    assert_eq!(meta.extra("zone"), Some("a"));
    assert_eq!(meta.extra("region"), None);
    assert_eq!(meta.request_id(), Some("id-4"));
    let error = GetTrailError::generic(meta);
    assert_eq!(error.request_id(), Some("id-4"));
    assert_eq!(error.meta().extra("zone"), Some("a"));
    assert_eq!(ProvideErrorKind::code(&error), Some("ThrottlingException"));
}
