//! The crate's errors in the signatures and error types of a program.

use std::fmt;

use aws_sdk_cloudtrail::config::http::HttpResponse;
use aws_sdk_cloudtrail::error::{BoxError, ErrorMetadata, ProvideErrorMetadata, SdkError};
use aws_sdk_cloudtrail::operation::RequestId;
use aws_sdk_cloudtrail::operation::create_trail::CreateTrailError;
use aws_sdk_cloudtrail::operation::delete_trail::{DeleteTrailError, DeleteTrailOutput};
use aws_sdk_cloudtrail::operation::get_trail::GetTrailError;
use aws_sdk_cloudtrail::types::Trail;
use aws_sdk_cloudtrail::{Client, Error};

#[derive(Debug)]
enum AuditError {
    Create(SdkError<CreateTrailError>),
    Read(Box<SdkError<GetTrailError, HttpResponse>>),
    NoBucket,
}

impl fmt::Display for AuditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create(error) => write!(f, "cannot create the trail: {}", summary(error)),
            Self::Read(error) => write!(f, "cannot read the trail: {}", summary(&**error)),
            Self::NoBucket => f.write_str("the trail has no bucket"),
        }
    }
}

impl std::error::Error for AuditError {}

/// How a program logs any error of the service.
fn summary<E: ProvideErrorMetadata + RequestId>(error: &E) -> String {
    format!(
        "{} ({}), request {}",
        error.code().unwrap_or("no code"),
        error.message().unwrap_or("no message"),
        error.request_id().map_or("unknown", |_| "known"),
    )
}

async fn bucket(client: &Client, trail: &str) -> Result<String, AuditError> {
    let output = client
        .get_trail()
        .name(trail)
        .send()
        .await
        .map_err(|error| AuditError::Read(Box::new(error)))?;
    let trail: Trail = output.trail.ok_or(AuditError::NoBucket)?;
    trail.s3_bucket_name.ok_or(AuditError::NoBucket)
}

async fn create(client: &Client, trail: &str) -> Result<(), AuditError> {
    let request = client.create_trail().name(trail).s3_bucket_name("logs");
    request.send().await.map_err(AuditError::Create)?;
    Ok(())
}

async fn delete(
    client: &Client,
    trail: &str,
) -> Result<DeleteTrailOutput, SdkError<DeleteTrailError, HttpResponse>> {
    client.delete_trail().name(trail).send().await
}

/// `?` into the crate's one error.
async fn cycle(client: &Client) -> Result<(), Error> {
    client
        .create_trail()
        .name("cycle")
        .s3_bucket_name("logs")
        .send()
        .await?;
    client.get_trail().name("cycle").send().await?;
    client.delete_trail().name("cycle").send().await?;
    Ok(())
}

/// `?` into any error.
async fn boxed(client: &Client) -> Result<(), BoxError> {
    client.start_logging().name("absent").send().await?;
    Ok(())
}

#[tokio::test]
async fn errors_of_a_program() {
    let server = crate::account();
    let client = crate::client(&server);
    cycle(&client).await.unwrap();
    create(&client, "audit").await.unwrap();
    assert_eq!(bucket(&client, "audit").await.unwrap(), "logs");

    let error = create(&client, "audit").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot create the trail: TrailAlreadyExistsException (Trail \"audit\" already exists), \
         request known"
    );
    let error = bucket(&client, "other").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot read the trail: TrailNotFoundException (Unknown trail: \"other\"), request known"
    );
    assert!(boxed(&client).await.is_err());

    let error = delete(&client, "other").await.unwrap_err();
    let error: SdkError<String> = error.map_service_error(|error| error.to_string());
    assert!(matches!(error, SdkError::ServiceError(_)));
    let status = error
        .raw_response()
        .map(|response| response.status().as_u16());
    assert_eq!(status, Some(404));

    fn is_error<T: std::error::Error + Send + Sync + 'static>() {}
    is_error::<SdkError<CreateTrailError>>();
    is_error::<CreateTrailError>();
    is_error::<Error>();
    let metadata: ErrorMetadata = ErrorMetadata::builder().code("C").message("m").build();
    assert_eq!(
        (metadata.code(), metadata.message()),
        (Some("C"), Some("m"))
    );
}
