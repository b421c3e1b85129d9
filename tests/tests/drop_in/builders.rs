//! A program whose requests are builders, which a mock compares.

use std::collections::VecDeque;
use std::fmt::Debug;
use std::sync::Mutex;

use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::error::SdkError;
use aws_sdk_cloudtrail::operation::create_trail::builders::CreateTrailInputBuilder;
use aws_sdk_cloudtrail::operation::create_trail::{
    CreateTrailError, CreateTrailInput, CreateTrailOutput,
};
use aws_sdk_cloudtrail::operation::get_trail::builders::GetTrailInputBuilder;
use aws_sdk_cloudtrail::operation::get_trail::{
    GetTrail, GetTrailError, GetTrailInput, GetTrailOutput,
};
use aws_sdk_cloudtrail::types::error::TrailNotFoundException;
use aws_sdk_cloudtrail::types::{Tag, Trail};

trait CloudTrail {
    async fn get(&self, request: GetTrailInputBuilder) -> Result<GetTrailOutput, GetTrailError>;
    async fn create(
        &self,
        request: CreateTrailInputBuilder,
    ) -> Result<CreateTrailOutput, CreateTrailError>;
}

impl CloudTrail for Client {
    async fn get(&self, request: GetTrailInputBuilder) -> Result<GetTrailOutput, GetTrailError> {
        let result = request.send_with(self).await;
        result.map_err(SdkError::into_service_error)
    }

    async fn create(
        &self,
        request: CreateTrailInputBuilder,
    ) -> Result<CreateTrailOutput, CreateTrailError> {
        let result = request.send_with(self).await;
        result.map_err(SdkError::into_service_error)
    }
}

/// What a mock expects, in order, and what it returns.
struct Expectations<B, R>(Mutex<VecDeque<(B, R)>>);

impl<B: Debug + PartialEq, R> Expectations<B, R> {
    fn new(expected: impl IntoIterator<Item = (B, R)>) -> Self {
        Self(Mutex::new(expected.into_iter().collect()))
    }

    fn call(&self, request: B) -> R {
        let expected = self.0.lock().unwrap().pop_front();
        let (expected, answer) = expected.expect("no more calls were expected");
        assert_eq!(request, expected);
        answer
    }
}

struct MockCloudTrail {
    get: Expectations<GetTrailInputBuilder, Result<GetTrailOutput, GetTrailError>>,
    create: Expectations<CreateTrailInputBuilder, Result<CreateTrailOutput, CreateTrailError>>,
}

impl CloudTrail for MockCloudTrail {
    async fn get(&self, request: GetTrailInputBuilder) -> Result<GetTrailOutput, GetTrailError> {
        self.get.call(request)
    }

    async fn create(
        &self,
        request: CreateTrailInputBuilder,
    ) -> Result<CreateTrailOutput, CreateTrailError> {
        self.create.call(request)
    }
}

/// The program: makes the trail unless it is there, and returns its bucket.
async fn ensure(service: &impl CloudTrail, name: &str) -> Option<String> {
    match service.get(GetTrailInput::builder().name(name)).await {
        Ok(output) => return output.trail?.s3_bucket_name,
        Err(error) if error.is_trail_not_found_exception() => {}
        Err(error) => panic!("{error}"),
    }
    let request = CreateTrailInput::builder()
        .name(name)
        .s3_bucket_name("logs")
        .tags_list(Tag::builder().key("team").value("audit").build().ok()?);
    service.create(request).await.ok()?.s3_bucket_name
}

fn not_found() -> GetTrailError {
    GetTrailError::TrailNotFoundException(TrailNotFoundException::builder().build())
}

fn created() -> CreateTrailInputBuilder {
    let tag = Tag::builder().key("team").value("audit").build().unwrap();
    CreateTrailInput::builder()
        .set_tags_list(Some(vec![tag]))
        .set_s3_bucket_name(Some("logs".to_owned()))
        .name("audit")
}

#[tokio::test]
async fn with_a_mock() {
    let known = Trail::builder().s3_bucket_name("known").build();
    let mock = MockCloudTrail {
        get: Expectations::new([
            (GetTrailInput::builder().name("audit"), Err(not_found())),
            (
                GetTrailInput::builder().name("other"),
                Ok(GetTrailOutput::builder().trail(known).build()),
            ),
        ]),
        create: Expectations::new([(
            created(),
            Ok(CreateTrailOutput::builder().s3_bucket_name("new").build()),
        )]),
    };
    assert_eq!(ensure(&mock, "audit").await.as_deref(), Some("new"));
    assert_eq!(ensure(&mock, "other").await.as_deref(), Some("known"));
}

#[tokio::test]
async fn with_the_service() {
    let server = crate::account();
    let client = crate::client(&server);
    for _ in 0..2 {
        assert_eq!(ensure(&client, "audit").await.as_deref(), Some("logs"));
    }
    assert_eq!(server.received().len(), 3);
}

#[test]
fn builders_are_equal_by_what_was_set() {
    assert_eq!(created(), created());
    assert_ne!(created(), created().name("other"));
    assert_ne!(created(), created().set_tags_list(None));
}

#[tokio::test]
async fn a_request_can_be_taken_from_a_call() -> Result<(), Box<dyn std::error::Error>> {
    let server = crate::account();
    let client = crate::client(&server);
    let call = client.get_trail().name("audit");
    let builder: &GetTrailInputBuilder = call.as_input();
    assert_eq!(builder, &GetTrailInput::builder().name("audit"));
    assert_eq!(builder.get_name().as_deref(), Some("audit"));
    let input: GetTrailInput = call.as_input().clone().build()?;
    assert_eq!(input.name(), Some("audit"));

    let again = call.clone().name("other");
    assert_eq!(again.as_input().get_name().as_deref(), Some("other"));
    assert_eq!(call.get_name().as_deref(), Some("audit"));
    assert!(call.send().await.is_err());
    Ok(())
}

#[test]
fn operations_have_a_type() {
    assert_eq!(format!("{:?}", GetTrail::new()), "GetTrail");
}
