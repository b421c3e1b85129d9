//! A program that is tested without the service: a trait around the client, and a fake of it.

use std::sync::Mutex;

use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::error::{ErrorMetadata, ProvideErrorMetadata, SdkError};
use aws_sdk_cloudtrail::operation::create_trail::{CreateTrailError, CreateTrailOutput};
use aws_sdk_cloudtrail::operation::get_trail::GetTrailError;
use aws_sdk_cloudtrail::operation::lookup_events::{LookupEventsError, LookupEventsOutput};
use aws_sdk_cloudtrail::primitives::DateTime;
use aws_sdk_cloudtrail::types::error::{TrailAlreadyExistsException, TrailNotFoundException};
use aws_sdk_cloudtrail::types::{Event, Resource};

trait Trails {
    async fn create(&self, name: &str) -> Result<CreateTrailOutput, CreateTrailError>;
    async fn events(
        &self,
        token: Option<String>,
    ) -> Result<LookupEventsOutput, SdkError<LookupEventsError, ()>>;
}

struct Real(Client);

impl Trails for Real {
    async fn create(&self, name: &str) -> Result<CreateTrailOutput, CreateTrailError> {
        let request = self.0.create_trail().name(name).s3_bucket_name("logs");
        request.send().await.map_err(SdkError::into_service_error)
    }

    async fn events(
        &self,
        token: Option<String>,
    ) -> Result<LookupEventsOutput, SdkError<LookupEventsError, ()>> {
        let request = self.0.lookup_events().set_next_token(token);
        let result = request.send().await;
        result.map_err(|error| SdkError::service_error(error.into_service_error(), ()))
    }
}

#[derive(Default)]
struct Fake(Mutex<Vec<String>>);

impl Trails for Fake {
    async fn create(&self, name: &str) -> Result<CreateTrailOutput, CreateTrailError> {
        let mut trails = self.0.lock().unwrap();
        if name.is_empty() {
            return Err(CreateTrailError::unhandled("the name is empty"));
        }
        if trails.len() == 2 {
            let throttled = ErrorMetadata::builder()
                .code("ThrottlingException")
                .message("Rate exceeded")
                .build();
            return Err(CreateTrailError::generic(throttled));
        }
        if trails.contains(&name.to_owned()) {
            let error = TrailAlreadyExistsException::builder()
                .message(format!("{name} exists"))
                .build();
            return Err(CreateTrailError::TrailAlreadyExistsException(error));
        }
        trails.push(name.to_owned());
        Ok(CreateTrailOutput::builder().name(name).build())
    }

    async fn events(
        &self,
        token: Option<String>,
    ) -> Result<LookupEventsOutput, SdkError<LookupEventsError, ()>> {
        let event = |name: &str| {
            Event::builder()
                .event_name(name)
                .event_time(DateTime::from_secs(1_767_225_600))
                .resources(Resource::builder().resource_name("audit").build())
                .build()
        };
        match token.as_deref() {
            None => Ok(LookupEventsOutput::builder()
                .events(event("CreateTrail"))
                .next_token("2")
                .build()),
            Some("2") => Ok(LookupEventsOutput::builder()
                .set_events(Some(vec![event("StartLogging")]))
                .build()),
            Some(_) => Err(SdkError::timeout_error("too slow")),
        }
    }
}

/// The program: whether the trail was new.
async fn ensure(trails: &impl Trails, name: &str) -> Result<bool, String> {
    match trails.create(name).await {
        Ok(_) => Ok(true),
        Err(error) if error.is_trail_already_exists_exception() => Ok(false),
        Err(error) => Err(error.code().unwrap_or("no code").to_owned()),
    }
}

/// The program: the names of all events.
async fn names(trails: &impl Trails) -> Vec<String> {
    let (mut names, mut token) = (Vec::new(), None);
    loop {
        let page = trails.events(token).await.unwrap();
        let events = page.events().iter();
        names.extend(events.filter_map(|event| event.event_name().map(str::to_owned)));
        token = page.next_token;
        if token.is_none() {
            return names;
        }
    }
}

#[tokio::test]
async fn with_the_service() {
    let server = crate::account();
    let trails = Real(crate::client(&server));
    assert_eq!(ensure(&trails, "audit").await, Ok(true));
    assert_eq!(ensure(&trails, "audit").await, Ok(false));
    assert_eq!(names(&trails).await[0], "CreateTrail");
}

#[tokio::test]
async fn with_a_fake() {
    let trails = Fake::default();
    assert_eq!(ensure(&trails, "audit").await, Ok(true));
    assert_eq!(ensure(&trails, "audit").await, Ok(false));
    assert_eq!(ensure(&trails, "").await, Err("no code".to_owned()));
    assert_eq!(ensure(&trails, "other").await, Ok(true));
    let throttled = ensure(&trails, "third").await;
    assert_eq!(throttled, Err("ThrottlingException".to_owned()));
    assert_eq!(names(&trails).await, ["CreateTrail", "StartLogging"]);
    let error = trails.events(Some("9".to_owned())).await.unwrap_err();
    assert!(matches!(error, SdkError::TimeoutError(_)));
}

#[test]
fn errors_by_hand() {
    let not_found = TrailNotFoundException::builder()
        .message("no such trail")
        .build();
    assert_eq!(not_found.message(), Some("no such trail"));
    let error = GetTrailError::TrailNotFoundException(not_found);
    assert!(error.is_trail_not_found_exception());
    let error: SdkError<GetTrailError, ()> = SdkError::service_error(error, ());
    assert!(error.as_service_error().is_some());
    let error: SdkError<GetTrailError, ()> = SdkError::construction_failure("no name");
    assert!(matches!(error, SdkError::ConstructionFailure(_)));
}
