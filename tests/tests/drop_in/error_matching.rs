//! Telling errors apart.

use aws_sdk_cloudtrail::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_cloudtrail::operation::RequestId;
use aws_sdk_cloudtrail::operation::create_trail::{CreateTrailError, CreateTrailOutput};
use aws_sdk_cloudtrail::operation::get_trail::GetTrailError;
use aws_sdk_cloudtrail::types::error::TrailNotFoundException;
use aws_sdk_cloudtrail::{Client, Error};
use tests::protocol::Reply;

async fn create(
    client: &Client,
    name: &str,
) -> Result<CreateTrailOutput, SdkError<CreateTrailError>> {
    let request = client.create_trail().name(name).s3_bucket_name("logs");
    request.send().await
}

/// Creates the trail unless it exists, and says which.
async fn ensure(client: &Client, name: &str) -> Result<bool, SdkError<CreateTrailError>> {
    match create(client, name).await {
        Ok(_) => Ok(true),
        Err(SdkError::ServiceError(context))
            if context.err().is_trail_already_exists_exception() =>
        {
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

async fn exists(client: &Client, name: &str) -> Result<bool, GetTrailError> {
    match client.get_trail().name(name).send().await {
        Ok(_) => Ok(true),
        Err(error) => match error.into_service_error() {
            GetTrailError::TrailNotFoundException(_) => Ok(false),
            other => Err(other),
        },
    }
}

#[tokio::test]
async fn what_is_there_already() {
    let server = crate::account();
    let client = crate::client(&server);
    assert!(!exists(&client, "audit").await.unwrap());
    assert!(ensure(&client, "audit").await.unwrap());
    assert!(!ensure(&client, "audit").await.unwrap());
    assert!(exists(&client, "audit").await.unwrap());

    match create(&client, "audit").await {
        Err(SdkError::ServiceError(context)) => {
            assert_eq!(context.raw().status().as_u16(), 400);
            match context.into_err() {
                CreateTrailError::TrailAlreadyExistsException(error) => {
                    assert_eq!(error.message(), Some("Trail \"audit\" already exists"));
                }
                error => panic!("{error:?}"),
            }
        }
        result => panic!("{result:?}"),
    }
}

#[tokio::test]
async fn what_is_not_there() {
    let server = crate::account();
    let client = crate::client(&server);
    let error = client.get_trail().name("other").send().await.unwrap_err();
    assert_eq!(error.code(), Some("TrailNotFoundException"));
    assert_eq!(error.message(), Some("Unknown trail: \"other\""));
    assert!(error.request_id().is_some_and(|id| !id.is_empty()));
    assert!(
        error
            .as_service_error()
            .is_some_and(|error| error.is_trail_not_found_exception())
    );
    let text = DisplayErrorContext(&error).to_string();
    assert!(text.contains("Unknown trail"), "{text}");
    let error = error.into_service_error();
    assert_eq!(error.meta().code(), Some("TrailNotFoundException"));

    let error = client.delete_trail().name("other").send().await;
    let error: Error = error.unwrap_err().into();
    let inner: TrailNotFoundException = match error {
        Error::TrailNotFoundException(inner) => inner,
        other => panic!("{other:?}"),
    };
    assert!(inner.to_string().contains("Unknown trail"));
    assert!(inner.meta().request_id().is_some());
}

#[tokio::test]
async fn what_the_model_does_not_know() {
    let server = crate::server();
    server.reply(Reply::raw(
        400,
        "application/x-amz-json-1.1",
        r#"{"__type":"BrandNewException","message":"surprise"}"#,
    ));
    let client = crate::client(&server);
    let error = client.list_trails().send().await.unwrap_err();
    let error = error.into_service_error();
    let known =
        error.is_operation_not_permitted_exception() || error.is_unsupported_operation_exception();
    assert!(!known);
    assert_eq!(error.code(), Some("BrandNewException"));
    assert_eq!(error.message(), Some("surprise"));
}

#[tokio::test]
async fn nobody_answers() {
    let server = crate::server();
    let client = crate::client(&server);
    let url = server.url();
    drop(server);
    let error = client
        .list_trails()
        .customize()
        .config_override(
            aws_sdk_cloudtrail::config::Builder::new()
                .endpoint_url(url)
                .retry_config(aws_sdk_cloudtrail::config::retry::RetryConfig::disabled()),
        )
        .send()
        .await
        .unwrap_err();
    assert!(error.as_service_error().is_none());
    assert!(error.raw_response().is_none());
    match &error {
        SdkError::DispatchFailure(failure) => {
            assert!(failure.is_io());
            assert!(failure.as_connector_error().is_some());
        }
        SdkError::TimeoutError(_) | SdkError::ResponseError(_) => panic!("{error:?}"),
        other => panic!("{other:?}"),
    }
    assert!(error.into_source().is_ok());
}
