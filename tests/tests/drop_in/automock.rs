//! A program that is tested with a mock which a library makes: calls are compared by their builders.

use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::config::http::HttpResponse;
use aws_sdk_cloudtrail::error::SdkError;
use aws_sdk_cloudtrail::operation::get_trail::builders::GetTrailInputBuilder;
use aws_sdk_cloudtrail::operation::get_trail::{GetTrailError, GetTrailOutput};
use aws_sdk_cloudtrail::operation::lookup_events::builders::LookupEventsInputBuilder;
use aws_sdk_cloudtrail::operation::lookup_events::{LookupEventsError, LookupEventsOutput};
use aws_sdk_cloudtrail::types::error::TrailNotFoundException;
use aws_sdk_cloudtrail::types::{Event, Trail};
use aws_smithy_types::body::SdkBody;
use mockall::automock;
use mockall::predicate::eq;

#[automock]
trait Trails {
    async fn get(
        &self,
        input: GetTrailInputBuilder,
    ) -> Result<GetTrailOutput, SdkError<GetTrailError, HttpResponse>>;

    async fn events(
        &self,
        input: LookupEventsInputBuilder,
    ) -> Result<LookupEventsOutput, SdkError<LookupEventsError, HttpResponse>>;
}

struct Real(Client);

impl Trails for Real {
    async fn get(
        &self,
        input: GetTrailInputBuilder,
    ) -> Result<GetTrailOutput, SdkError<GetTrailError, HttpResponse>> {
        input.send_with(&self.0).await
    }

    async fn events(
        &self,
        input: LookupEventsInputBuilder,
    ) -> Result<LookupEventsOutput, SdkError<LookupEventsError, HttpResponse>> {
        input.send_with(&self.0).await
    }
}

/// The program: the bucket of a trail, if there is such a trail.
async fn bucket(trails: &impl Trails, name: &str) -> Option<String> {
    let input = GetTrailInputBuilder::default().name(name);
    match trails.get(input).await {
        Ok(output) => output.trail?.s3_bucket_name,
        Err(error) => {
            assert!(error.into_service_error().is_trail_not_found_exception());
            None
        }
    }
}

/// The program: how many events there are.
async fn count(trails: &impl Trails) -> usize {
    let mut input = LookupEventsInputBuilder::default().max_results(1);
    let mut count = 0;
    loop {
        let page = trails.events(input.clone()).await.unwrap();
        count += page.events().len();
        match page.next_token {
            Some(token) => input = input.next_token(token),
            None => return count,
        }
    }
}

#[tokio::test]
async fn with_the_service() {
    let server = crate::account();
    let client = crate::client(&server);
    let trail = client.create_trail().name("audit").s3_bucket_name("logs");
    trail.send().await.unwrap();
    let trails = Real(client);
    assert_eq!(bucket(&trails, "audit").await.as_deref(), Some("logs"));
    assert_eq!(bucket(&trails, "none").await, None);
    assert!(count(&trails).await > 3);
}

#[tokio::test]
async fn with_a_mock() {
    let mut trails = MockTrails::new();
    trails
        .expect_get()
        .with(eq(GetTrailInputBuilder::default().name("audit")))
        .once()
        .returning(|_| {
            let trail = Trail::builder().s3_bucket_name("logs").build();
            Ok(GetTrailOutput::builder().trail(trail).build())
        });
    trails.expect_get().once().returning(|input| {
        let error = TrailNotFoundException::builder()
            .message(format!("no {:?}", input.get_name()))
            .build();
        let response = HttpResponse::new(400.try_into().unwrap(), SdkBody::from("{}"));
        let error = GetTrailError::TrailNotFoundException(error);
        Err(SdkError::service_error(error, response))
    });
    let page = LookupEventsInputBuilder::default().max_results(1);
    trails
        .expect_events()
        .with(eq(page.clone()))
        .once()
        .returning(|_| {
            Ok(LookupEventsOutput::builder()
                .events(Event::builder().build())
                .next_token("2")
                .build())
        });
    trails
        .expect_events()
        .with(eq(page.next_token("2")))
        .once()
        .returning(|_| {
            Ok(LookupEventsOutput::builder()
                .events(Event::builder().build())
                .build())
        });
    assert_eq!(bucket(&trails, "audit").await.as_deref(), Some("logs"));
    assert_eq!(bucket(&trails, "none").await, None);
    assert_eq!(count(&trails).await, 2);
}
