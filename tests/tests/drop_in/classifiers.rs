//! What is retried, as programs decide it.

use std::error::Error as StdError;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aws_sdk_cloudtrail::config::interceptors::InterceptorContext;
use aws_sdk_cloudtrail::config::retry::{ClassifyRetry, RetryAction, RetryConfig};
use aws_sdk_cloudtrail::config::{BehaviorVersion, Builder, Credentials, Region};
use aws_sdk_cloudtrail::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cloudtrail::operation::get_trail::GetTrailError;
use aws_sdk_cloudtrail::{Client, Config};
use aws_smithy_http_client::test_util::infallible_client_fn;
use aws_smithy_runtime_api::client::orchestrator::OrchestratorError;
use aws_smithy_runtime_api::client::retries::classifiers::{
    RetryClassifierPriority, RetryReason, SharedRetryClassifier,
};
use aws_smithy_types::retry::ErrorKind;

use crate::Waits;

const NOT_FOUND: &str = r#"{"__type":"TrailNotFoundException"}"#;

/// A service that answers with an error, and how often it was asked.
struct Service {
    config: Builder,
    requests: Arc<AtomicU32>,
}

impl Service {
    fn new(status: u16, body: &'static str) -> Self {
        let requests = Arc::<AtomicU32>::default();
        let count = Arc::clone(&requests);
        let http_client = infallible_client_fn(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
            http::Response::builder().status(status).body(body).unwrap()
        });
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("AKID", "secret", None, None, "test"))
            .retry_config(RetryConfig::standard().with_max_attempts(3))
            .sleep_impl(Waits::default())
            .http_client(http_client);
        Self { config, requests }
    }

    /// How many requests a call makes.
    async fn requests(&self, client: &Client) -> u32 {
        let result = client.get_trail().name("audit").send().await;
        assert!(
            matches!(result, Err(SdkError::ServiceError(_))),
            "{result:?}"
        );
        self.requests.swap(0, Ordering::Relaxed)
    }
}

/// By the status of the response.
#[derive(Debug)]
struct Status(u16, RetryAction);

impl ClassifyRetry for Status {
    fn classify_retry(&self, ctx: &InterceptorContext) -> RetryAction {
        match ctx.response() {
            Some(response) if response.status().as_u16() == self.0 => self.1.clone(),
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "Status"
    }
}

#[tokio::test]
async fn by_the_status() {
    let service = Service::new(409, "{}");
    let client = Client::from_conf(service.config.clone().build());
    assert_eq!(service.requests(&client).await, 1);
    let config = service
        .config
        .clone()
        .retry_classifier(Status(409, RetryAction::server_error()));
    let client = Client::from_conf(config.build());
    assert_eq!(service.requests(&client).await, 3);
    assert_eq!(client.config().retry_classifiers().count(), 1);
}

#[tokio::test]
async fn what_is_forbidden_is_not_retried() {
    let service = Service::new(503, "{}");
    let client = Client::from_conf(service.config.clone().build());
    assert_eq!(service.requests(&client).await, 3);
    let mut config = service.config.clone();
    config.push_retry_classifier(SharedRetryClassifier::new(Status(
        503,
        RetryAction::RetryForbidden,
    )));
    let client = Client::from_conf(config.build());
    assert_eq!(service.requests(&client).await, 1);
}

/// By the code of an operation's error.
#[derive(Debug)]
struct Codes<E> {
    codes: &'static [&'static str],
    error: PhantomData<E>,
}

impl<E> ClassifyRetry for Codes<E>
where
    E: StdError + ProvideErrorMetadata + Send + Sync + 'static,
{
    fn classify_retry(&self, ctx: &InterceptorContext) -> RetryAction {
        let error = match ctx.output_or_error() {
            Some(Ok(_)) | None => return RetryAction::NoActionIndicated,
            Some(Err(error)) => error,
        };
        let code = OrchestratorError::as_operation_error(error)
            .and_then(|error| error.downcast_ref::<E>())
            .and_then(|error| error.code());
        match code {
            Some(code) if self.codes.contains(&code) => RetryAction::transient_error(),
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "Codes"
    }
}

fn codes(codes: &'static [&'static str]) -> Codes<GetTrailError> {
    Codes {
        codes,
        error: PhantomData,
    }
}

#[tokio::test]
async fn by_the_code_for_one_call() {
    let service = Service::new(400, NOT_FOUND);
    let client = Client::from_conf(service.config.clone().build());
    for (code, requests) in [("TrailNotFoundException", 3), ("ConflictException", 1)] {
        let change = Config::builder().retry_classifier(codes(match code {
            "ConflictException" => &["ConflictException"],
            _ => &["TrailNotFoundException"],
        }));
        let call = client.get_trail().name("audit").customize();
        let error = call.config_override(change).send().await.unwrap_err();
        assert!(error.into_service_error().is_trail_not_found_exception());
        assert_eq!(service.requests.swap(0, Ordering::Relaxed), requests);
    }
    assert_eq!(service.requests(&client).await, 1);
}

/// A trail that was just created is not found everywhere yet.
#[derive(Debug)]
struct NotYet;

impl ClassifyRetry for NotYet {
    fn classify_retry(&self, ctx: &InterceptorContext) -> RetryAction {
        let error = ctx.output_or_error().and_then(Result::err);
        let error = error.and_then(|error| error.as_operation_error());
        match error.and_then(|error| error.downcast_ref()) {
            Some(GetTrailError::TrailNotFoundException(_)) => {
                RetryAction::retryable_error(ErrorKind::ClientError)
            }
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "NotYet"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}

#[tokio::test]
async fn by_the_variant() {
    let service = Service::new(400, NOT_FOUND);
    let mut config = service.config.clone().retry_classifier(codes(&["Dropped"]));
    config.set_retry_classifiers([SharedRetryClassifier::new(NotYet)]);
    let client = Client::from_conf(config.build());
    assert_eq!(client.config().retry_classifiers().count(), 1);
    assert_eq!(service.requests(&client).await, 3);
}

#[tokio::test]
async fn after_a_delay_of_the_program_s() {
    let delay = Duration::from_secs(3);
    let action = RetryAction::retryable_error_with_explicit_delay(ErrorKind::ServerError, delay);
    let service = Service::new(409, "{}");
    let waits = Waits::default();
    let config = service
        .config
        .clone()
        .sleep_impl(waits.clone())
        .retry_classifier(Status(409, action));
    let client = Client::from_conf(config.build());
    assert_eq!(service.requests(&client).await, 3);
    let waits = waits.0.lock().unwrap();
    let delays = waits.iter().filter(|wait| **wait == delay).count();
    assert_eq!(delays, 2, "{waits:?}");
}

/// What is retried anyway waits for longer.
#[derive(Debug)]
struct Patient(Duration);

impl ClassifyRetry for Patient {
    fn classify_retry(&self, _: &InterceptorContext) -> RetryAction {
        RetryAction::NoActionIndicated
    }

    fn classify_retry_v2(&self, _: &InterceptorContext, previous: &RetryAction) -> RetryAction {
        match previous {
            RetryAction::RetryIndicated(RetryReason::RetryableError { kind, .. }) => {
                RetryAction::retryable_error_with_explicit_delay(*kind, self.0)
            }
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "Patient"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}

#[tokio::test]
async fn with_what_other_classifiers_say() {
    let delay = Duration::from_secs(3);
    for (status, requests) in [(503, 3), (409, 1)] {
        let service = Service::new(status, "{}");
        let waits = Waits::default();
        let config = service
            .config
            .clone()
            .sleep_impl(waits.clone())
            .retry_classifier(Patient(delay));
        let client = Client::from_conf(config.build());
        assert_eq!(service.requests(&client).await, requests);
        let waits = waits.0.lock().unwrap();
        let delays = waits.iter().filter(|wait| **wait == delay).count();
        assert_eq!(delays as u32, requests - 1, "{waits:?}");
    }
}

/// A request that may have arrived is not sent again.
#[derive(Debug)]
struct SentOnce;

impl ClassifyRetry for SentOnce {
    fn classify_retry(&self, ctx: &InterceptorContext) -> RetryAction {
        match ctx.output_or_error() {
            Some(Err(error)) if error.is_connector_error() => RetryAction::RetryForbidden,
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "SentOnce"
    }
}

#[tokio::test]
async fn failures_of_the_connection_are_classified_too() {
    use aws_smithy_runtime_api::client::http::{
        HttpConnectorFuture, SharedHttpConnector, http_client_fn,
    };
    use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
    use aws_smithy_runtime_api::client::result::ConnectorError;

    #[derive(Debug)]
    struct Broken(Arc<AtomicU32>);

    impl aws_smithy_runtime_api::client::http::HttpConnector for Broken {
        fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
            self.0.fetch_add(1, Ordering::Relaxed);
            HttpConnectorFuture::ready(Err(ConnectorError::io("broken".into())))
        }
    }

    let service = Service::new(500, "{}");
    let requests = Arc::clone(&service.requests);
    let config = service.config.http_client(http_client_fn(move |_, _| {
        SharedHttpConnector::new(Broken(Arc::clone(&requests)))
    }));
    for (config, attempts) in [(config.clone(), 3), (config.retry_classifier(SentOnce), 1)] {
        let result = Client::from_conf(config.build()).list_trails().send().await;
        assert!(
            matches!(result, Err(SdkError::DispatchFailure(_))),
            "{result:?}"
        );
        assert_eq!(service.requests.swap(0, Ordering::Relaxed), attempts);
    }
}
