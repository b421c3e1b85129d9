//! Interceptors as programs have them.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use aws_sdk_cloudtrail::config::interceptors::{
    AfterDeserializationInterceptorContextRef, BeforeDeserializationInterceptorContextMut,
    BeforeSerializationInterceptorContextMut, BeforeSerializationInterceptorContextRef,
    BeforeTransmitInterceptorContextMut, BeforeTransmitInterceptorContextRef,
    FinalizerInterceptorContextMut, FinalizerInterceptorContextRef,
};
use aws_sdk_cloudtrail::config::{
    Builder, ConfigBag, Intercept, RuntimeComponents, SharedInterceptor,
};
use aws_sdk_cloudtrail::error::{BoxError, DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_cloudtrail::operation::RequestId;
use aws_sdk_cloudtrail::operation::delete_trail::DeleteTrailInput;
use aws_sdk_cloudtrail::operation::get_trail::{GetTrailError, GetTrailOutput};
use aws_sdk_cloudtrail::operation::get_trail_status::GetTrailStatusError;
use aws_sdk_cloudtrail::operation::list_trails::ListTrailsOutput;
use aws_sdk_cloudtrail::operation::lookup_events::LookupEventsInput;
use aws_sdk_cloudtrail::types::TrailInfo;
use aws_sdk_cloudtrail::{Client, Config};
use aws_smithy_http_client::test_util::{capture_request, infallible_client_fn};
use aws_smithy_runtime_api::client::interceptors::context::{Error, Output};
use aws_smithy_runtime_api::client::interceptors::{disable_interceptor, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, Metadata, OrchestratorError};
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::{Storable, StoreReplace};
use tests::protocol::Reply;
use tests::server::LoopbackServer;

fn config(server: &LoopbackServer) -> Builder {
    Builder::from(&crate::loaded(server)).http_client(crate::http_client())
}

/// Adds a header, before or after the signature is made.
#[derive(Debug)]
struct AddHeader {
    name: &'static str,
    value: String,
    is_signed: bool,
}

impl AddHeader {
    fn signed(name: &'static str, value: &str) -> Self {
        Self {
            name,
            value: value.to_owned(),
            is_signed: true,
        }
    }
}

impl Intercept for AddHeader {
    fn name(&self) -> &'static str {
        "AddHeader"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _runtime_components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if self.is_signed {
            let headers = context.request_mut().headers_mut();
            headers.try_insert(self.name, self.value.clone())?;
        }
        Ok(())
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _runtime_components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if !self.is_signed {
            let headers = context.request_mut().headers_mut();
            headers.insert(self.name, self.value.clone());
        }
        Ok(())
    }
}

#[tokio::test]
async fn headers_are_added_before_and_after_the_signature() {
    let server = crate::account();
    let config = config(&server)
        .interceptor(AddHeader::signed("x-team", "audit"))
        .interceptor(AddHeader {
            name: "x-trace",
            value: "t-1".to_owned(),
            is_signed: false,
        });
    let client = Client::from_conf(config.build());
    client.list_trails().send().await.unwrap();
    let received = server.only_received();
    assert_eq!(received.header("x-team"), Some("audit"));
    assert_eq!(received.header("x-trace"), Some("t-1"));
    let signed = received.signed_headers();
    assert!(signed.contains(&"x-team"), "{signed:?}");
    assert!(!signed.contains(&"x-trace"), "{signed:?}");
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_fails_the_call() {
    let server = crate::account();
    let config = config(&server).interceptor(AddHeader::signed("x-team", "a\nb"));
    let result = Client::from_conf(config.build()).list_trails().send().await;
    assert!(
        matches!(result, Err(SdkError::DispatchFailure(_))),
        "{result:?}"
    );
    assert!(server.received().is_empty());
}

/// Measures each call: its operation, the status of each attempt, how long it took.
#[derive(Clone, Debug, Default)]
struct Metrics(Arc<Mutex<Vec<String>>>);

/// When the call began.
#[derive(Debug)]
struct Started(SystemTime);

impl Storable for Started {
    type Storer = StoreReplace<Self>;
}

/// What the attempts came to.
#[derive(Clone, Debug, Default)]
struct Statuses(Vec<String>);

impl Storable for Statuses {
    type Storer = StoreReplace<Self>;
}

impl Intercept for Metrics {
    fn name(&self) -> &'static str {
        "Metrics"
    }

    fn read_before_execution(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let state = cfg.interceptor_state();
        state.store_put(Started(SystemTime::now()));
        state.store_put(Statuses::default());
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _runtime_components: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let mut statuses = cfg.load::<Statuses>().cloned().unwrap_or_default();
        let status = context.response().map(|response| response.status());
        statuses.0.push(match status {
            Some(status) => status.to_string(),
            None => "none".to_owned(),
        });
        let attempts = cfg.load::<RequestAttempts>().map(RequestAttempts::attempts);
        assert_eq!(attempts, Some(statuses.0.len() as u32));
        cfg.interceptor_state().store_put(statuses);
        Ok(())
    }

    fn read_after_execution(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        runtime_components: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let started = cfg.load::<Started>().ok_or("a call that never began")?;
        let clock = runtime_components.time_source().ok_or("no clock")?;
        let took = clock.now().duration_since(started.0)?;
        assert!(took.as_secs() < 60, "{took:?}");
        let metadata = cfg.load::<Metadata>().ok_or("no metadata")?;
        let statuses = cfg.load::<Statuses>().ok_or("no attempts")?.0.join(",");
        let result = match context.output_or_error() {
            Some(Ok(_)) => "success",
            _ => "failure",
        };
        let line = format!("{} {statuses} {result}", metadata.name());
        self.0.lock().unwrap().push(line);
        assert!(!metadata.service().is_empty());
        Ok(())
    }
}

#[tokio::test]
async fn attempts_and_durations_are_measured() {
    let server = crate::account();
    let metrics = Metrics::default();
    let statuses = Mutex::new([200, 400, 500, 503].to_vec());
    let config = config(&server)
        .sleep_impl(crate::Waits::default())
        .http_client(infallible_client_fn(move |_| {
            let status = statuses.lock().unwrap().pop().unwrap_or(200);
            http::Response::builder().status(status).body("{}").unwrap()
        }))
        .interceptor(metrics.clone());
    let client = Client::from_conf(config.build());
    client.list_trails().send().await.unwrap_err();
    client.describe_trails().send().await.unwrap();
    let pages = client.lookup_events().into_paginator().send();
    assert_eq!(pages.try_collect().await.unwrap().len(), 1);
    let lines = metrics.0.lock().unwrap();
    assert_eq!(
        *lines,
        [
            "ListTrails 503,500,400 failure",
            "DescribeTrails 200 success",
            "LookupEvents 200 success",
        ]
    );
}

/// Refuses what a program must never do.
#[derive(Debug)]
struct NeverDelete;

impl Intercept for NeverDelete {
    fn name(&self) -> &'static str {
        "NeverDelete"
    }

    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _runtime_components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        match context.input().downcast_ref::<DeleteTrailInput>() {
            Some(input) => Err(format!("{:?} is to be kept", input.name()).into()),
            None => Ok(()),
        }
    }
}

/// Sends nothing.
#[derive(Debug)]
struct DryRun;

impl Intercept for DryRun {
    fn name(&self) -> &'static str {
        "DryRun"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _runtime_components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        Err(format!(
            "a dry run: {} to {}",
            context.request().method(),
            context.request().uri()
        )
        .into())
    }
}

/// Takes nothing that a proxy has made up.
#[derive(Debug)]
struct FromService;

impl Intercept for FromService {
    fn name(&self) -> &'static str {
        "FromService"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _runtime_components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        match context.response().headers().get("content-type") {
            Some("application/x-amz-json-1.1") => Ok(()),
            other => Err(format!("an answer of type {other:?}").into()),
        }
    }
}

#[tokio::test]
async fn calls_are_refused_on_purpose() {
    let server = crate::account();
    let client = Client::from_conf(config(&server).interceptor(NeverDelete).build());
    let result = client.delete_trail().name("audit").send().await;
    let error = result.unwrap_err();
    assert!(
        matches!(error, SdkError::ConstructionFailure(_)),
        "{error:?}"
    );
    let text = DisplayErrorContext(&error).to_string();
    assert!(text.contains(r#"Some("audit") is to be kept"#), "{text}");
    assert!(error.code().is_none() && error.request_id().is_none());
    assert!(error.into_source().is_ok());
    assert!(server.received().is_empty());
    client.list_trails().send().await.unwrap();

    let call = client.list_trails().customize().interceptor(DryRun);
    let error = call.send().await.unwrap_err();
    let SdkError::DispatchFailure(failure) = &error else {
        panic!("{error:?}");
    };
    assert!(failure.is_other() && !failure.is_timeout() && !failure.is_io());
    let text = DisplayErrorContext(&error).to_string();
    assert!(
        text.contains("a dry run: POST to http://127.0.0.1"),
        "{text}"
    );
    assert_eq!(server.received().len(), 1);

    let client = Client::from_conf(config(&server).interceptor(FromService).build());
    client.list_trails().send().await.unwrap();
    server.reply(Reply::raw(200, "text/html", "{}"));
    let error = client.list_trails().send().await.unwrap_err();
    assert!(matches!(error, SdkError::ResponseError(_)), "{error:?}");
    let text = DisplayErrorContext(&error).to_string();
    assert!(text.contains("an answer of type"), "{text}");
    let status = error
        .raw_response()
        .map(|response| response.status().as_u16());
    assert_eq!(status, Some(200));
}

/// The form of the target that some emulators take.
#[derive(Debug)]
struct LongTarget;

#[dyn_dispatch_hint]
impl Intercept for LongTarget {
    fn name(&self) -> &'static str {
        "LongTarget"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _runtime_components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let headers = context.request_mut().headers_mut();
        let target = headers.get("x-amz-target").ok_or("no target")?;
        let target = format!("com.amazonaws.cloudtrail.v20131101.{target}");
        headers.insert("x-amz-target", target);
        Ok(())
    }
}

#[tokio::test]
async fn the_target_is_rewritten_before_it_is_signed() {
    const TARGET: &str = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.GetTrail";

    let server = crate::account();
    let (http_client, request) = capture_request(None);
    let config = config(&server)
        .http_client(http_client)
        .interceptor(LongTarget);
    let client = Client::from_conf(config.build());
    let result = client.get_trail().name("audit").send().await;
    assert!(result.is_ok(), "{result:?}");
    let request = request.expect_request();
    assert_eq!(request.headers().get("x-amz-target"), Some(TARGET));
    assert_eq!(request.headers().get_all("x-amz-target").count(), 1);
    let authorization = request.headers().get("authorization").unwrap();
    assert!(authorization.contains("x-amz-target"), "{authorization}");
}

/// No page is larger than this.
#[derive(Debug)]
struct PageSize(i32);

impl Intercept for PageSize {
    fn name(&self) -> &'static str {
        "PageSize"
    }

    fn modify_before_serialization(
        &self,
        context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _runtime_components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(input) = context.input_mut().downcast_mut::<LookupEventsInput>() {
            input.max_results.get_or_insert(self.0);
        }
        Ok(())
    }
}

#[tokio::test]
async fn inputs_are_changed_before_they_are_written() {
    let server = crate::account();
    let client = Client::from_conf(config(&server).interceptor(PageSize(2)).build());
    client.lookup_events().send().await.unwrap();
    client.lookup_events().max_results(1).send().await.unwrap();
    client.describe_trails().send().await.unwrap();
    let sizes: Vec<_> = server
        .received()
        .iter()
        .map(|received| received.json()["MaxResults"].as_i64())
        .collect();
    assert_eq!(sizes, [Some(2), Some(1), None]);
    assert_eq!(server.refusals(), []);
}

/// What the service says is not what the program sees.
#[derive(Debug)]
struct Edited;

impl Intercept for Edited {
    fn name(&self) -> &'static str {
        "Edited"
    }

    fn modify_before_attempt_completion(
        &self,
        context: &mut FinalizerInterceptorContextMut<'_>,
        _runtime_components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(Ok(output)) = context.output_or_error_mut()
            && let Some(output) = output.downcast_mut::<ListTrailsOutput>()
        {
            let trail = TrailInfo::builder().name("added").build();
            output.trails.get_or_insert_default().push(trail);
        }
        Ok(())
    }

    fn modify_before_completion(
        &self,
        context: &mut FinalizerInterceptorContextMut<'_>,
        _runtime_components: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let operation = cfg.load::<Metadata>().map(Metadata::name);
        let Some(result) = context.output_or_error_mut() else {
            return Ok(());
        };
        match operation {
            // A trail that is not there is as good as an empty one.
            Some("GetTrail") => {
                let error = result
                    .as_ref()
                    .err()
                    .and_then(|error| error.as_operation_error());
                let error = error.and_then(|error| error.downcast_ref::<GetTrailError>());
                if error.is_some_and(GetTrailError::is_trail_not_found_exception) {
                    *result = Ok(Output::erase(GetTrailOutput::builder().build()));
                }
            }
            Some("GetTrailStatus") => {
                let error = GetTrailStatusError::unhandled("nobody may see it");
                *result = Err(OrchestratorError::operation(Error::erase(error)));
            }
            _ => {}
        }
        Ok(())
    }
}

#[tokio::test]
async fn outputs_and_errors_are_changed() {
    let server = crate::account();
    let client = Client::from_conf(config(&server).interceptor(Edited).build());
    let output = client.list_trails().send().await.unwrap();
    assert_eq!(output.trails()[0].name(), Some("added"));
    let output = client.get_trail().name("audit").send().await.unwrap();
    assert!(output.trail().is_none());
    client
        .create_trail()
        .name("audit")
        .s3_bucket_name("logs")
        .send()
        .await
        .unwrap();
    let output = client.get_trail().name("audit").send().await.unwrap();
    assert!(output.trail().is_some());
    let result = client.get_trail_status().name("audit").send().await;
    let error = result.unwrap_err();
    assert!(matches!(error, SdkError::ServiceError(_)), "{error:?}");
    let text = DisplayErrorContext(error).to_string();
    assert!(text.contains("nobody may see it"), "{text}");
}

/// The body that the service has sent is not the one that is read.
#[derive(Debug)]
struct OtherBody(&'static str);

impl Intercept for OtherBody {
    fn name(&self) -> &'static str {
        "OtherBody"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _runtime_components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        *context.response_mut().body_mut() = SdkBody::from(self.0);
        Ok(())
    }
}

#[tokio::test]
async fn responses_are_changed_before_they_are_read() {
    let server = crate::account();
    let body = r#"{"Trails":[{"Name":"other"}]}"#;
    let client = Client::from_conf(config(&server).interceptor(OtherBody(body)).build());
    let output = client.list_trails().send().await.unwrap();
    assert_eq!(output.trails()[0].name(), Some("other"));
    assert!(output.request_id().is_some());
}

/// Remembers the request ID of each response, and the code of an error.
#[derive(Clone, Debug, Default)]
struct RequestLog(Arc<Mutex<Vec<RequestLine>>>);

type RequestLine = (String, Option<String>);

impl Intercept for RequestLog {
    fn name(&self) -> &'static str {
        "RequestLog"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _runtime_components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let id = context.response().headers().get("x-amzn-requestid");
        let error = match context.output_or_error() {
            Ok(_) => None,
            Err(error) => error.as_operation_error(),
        };
        let error = error.and_then(|error| error.downcast_ref::<GetTrailError>());
        let code = error.and_then(ProvideErrorMetadata::code);
        let line = (id.unwrap_or_default().to_owned(), code.map(str::to_owned));
        self.0.lock().unwrap().push(line);
        Ok(())
    }
}

#[tokio::test]
async fn request_ids_are_logged() {
    let server = crate::account();
    let log = RequestLog::default();
    let client = Client::from_conf(config(&server).interceptor(log.clone()).build());
    let output = client.list_trails().send().await.unwrap();
    let error = client.get_trail().name("none").send().await.unwrap_err();
    let id = |id: Option<&str>| id.unwrap().to_owned();
    assert_eq!(
        *log.0.lock().unwrap(),
        [
            (id(output.request_id()), None),
            (
                id(error.request_id()),
                Some("TrailNotFoundException".to_owned())
            ),
        ]
    );
}

/// A function for each request.
struct OnRequest<F>(F);

impl<F> fmt::Debug for OnRequest<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnRequest")
    }
}

impl<F: Fn(&mut HttpRequest) + Send + Sync> Intercept for OnRequest<F> {
    fn name(&self) -> &'static str {
        "OnRequest"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _runtime_components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        (self.0)(context.request_mut());
        Ok(())
    }
}

/// The `x-by` headers of a call, which are what it was sent by.
fn by(server: &LoopbackServer) -> Vec<String> {
    let received = server.received();
    let headers = received.last().unwrap().headers.get_all("x-by");
    headers
        .iter()
        .map(|value| value.to_str().unwrap().to_owned())
        .collect()
}

fn append(who: &'static str) -> impl Intercept {
    OnRequest(move |request: &mut HttpRequest| {
        request.headers_mut().append("x-by", who);
    })
}

#[tokio::test]
async fn interceptors_of_a_client_and_of_one_call() {
    let server = crate::account();
    let mut config = config(&server).interceptor(append("dropped"));
    config.set_interceptors([SharedInterceptor::new(append("client"))]);
    config.push_interceptor(SharedInterceptor::new(append("client, too")));
    let client = Client::from_conf(config.build());
    assert_eq!(client.config().interceptors().count(), 2);
    client.list_trails().send().await.unwrap();
    assert_eq!(by(&server), ["client", "client, too"]);

    let call = client.list_trails().customize().interceptor(append("call"));
    call.send().await.unwrap();
    assert_eq!(by(&server), ["client", "client, too", "call"]);

    let change = Config::builder().interceptor(append("override"));
    let call = client.list_trails().customize().config_override(change);
    call.send().await.unwrap();
    assert_eq!(by(&server), ["client", "client, too", "override"]);

    client.list_trails().send().await.unwrap();
    assert_eq!(by(&server), ["client", "client, too"]);

    let config = client.config().to_builder().interceptor(append("copy"));
    let client = Client::from_conf(config.build());
    client.list_trails().send().await.unwrap();
    assert_eq!(by(&server), ["client", "client, too", "copy"]);
    assert_eq!(server.refusals(), []);
}

/// Leaves calls of one operation without the header.
#[derive(Debug)]
struct WithoutHeader(&'static str);

impl Intercept for WithoutHeader {
    fn name(&self) -> &'static str {
        "WithoutHeader"
    }

    fn read_before_serialization(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        _runtime_components: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if cfg.load::<Metadata>().map(Metadata::name) == Some(self.0) {
            let disabled = disable_interceptor::<AddHeader>("not for this operation");
            cfg.interceptor_state().store_put(disabled);
        }
        Ok(())
    }
}

#[tokio::test]
async fn an_interceptor_turns_another_off() {
    let server = crate::account();
    let config = config(&server)
        .interceptor(WithoutHeader("ListTrails"))
        .interceptor(AddHeader::signed("x-team", "audit"));
    let client = Client::from_conf(config.build());
    client.list_trails().send().await.unwrap();
    client.describe_trails().send().await.unwrap();
    let teams: Vec<_> = server
        .received()
        .iter()
        .map(|received| received.header("x-team").is_some())
        .collect();
    assert_eq!(teams, [false, true]);
}
