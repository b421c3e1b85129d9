//! Calls with interceptors: they end as other calls do, and interceptors see and change what passes.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_smithy_runtime_api::client::interceptors::context::Output;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_types::body::SdkBody;
use aws_types::SigningName;
use aws_types::region::SigningRegion;
use cloudtrail_sdk::config::interceptors::{
    BeforeDeserializationInterceptorContextMut, BeforeSerializationInterceptorContextRef,
    BeforeTransmitInterceptorContextMut, FinalizerInterceptorContextMut,
    FinalizerInterceptorContextRef, InterceptorContext,
};
use cloudtrail_sdk::config::retry::{ClassifyRetry, RetryAction, RetryConfig};
use cloudtrail_sdk::config::timeout::TimeoutConfig;
use cloudtrail_sdk::config::{
    AppName, Builder, ConfigBag, Credentials, Intercept, Region, RuntimeComponents,
    SharedInterceptor,
};
use cloudtrail_sdk::error::{BoxError, ConnectorError, SdkError};
use cloudtrail_sdk::operation::get_trail::{GetTrailInput, GetTrailOutput};
use cloudtrail_sdk::operation::list_trails::ListTrailsInput;
use cloudtrail_sdk::test_util::{Answer, Fakes};
use cloudtrail_sdk::types::Trail;
use cloudtrail_sdk::types::error::TrailNotFoundException;
use cloudtrail_sdk::{Client, Error};
use http::{HeaderMap, HeaderValue, Response, StatusCode};

/// Does nothing, but a call with it takes the way of those with interceptors.
#[derive(Debug)]
struct Nothing;

impl Intercept for Nothing {
    fn name(&self) -> &'static str {
        "Nothing"
    }
}

/// Changes each request before it is signed.
struct OnRequest<F>(F);

impl<F> fmt::Debug for OnRequest<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnRequest")
    }
}

impl<F> Intercept for OnRequest<F>
where
    F: Fn(&mut BeforeTransmitInterceptorContextMut<'_>, &ConfigBag) -> Result<(), BoxError>
        + Send
        + Sync,
{
    fn name(&self) -> &'static str {
        "OnRequest"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        (self.0)(context, bag)
    }
}

/// Changes the outcome of each call.
struct OnOutcome<F>(F);

impl<F> fmt::Debug for OnOutcome<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnOutcome")
    }
}

impl<F> Intercept for OnOutcome<F>
where
    F: Fn(&mut FinalizerInterceptorContextMut<'_>) -> Result<(), BoxError> + Send + Sync,
{
    fn name(&self) -> &'static str {
        "OnOutcome"
    }

    fn modify_before_completion(
        &self,
        context: &mut FinalizerInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        (self.0)(context)
    }
}

fn status(status: u16, headers: &[(&'static str, &'static str)], body: &'static str) -> Reply {
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| {
            let name = name.parse().unwrap();
            (name, HeaderValue::from_static(value))
        })
        .collect();
    Box::new(move || {
        let mut response = Response::new(body.into());
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        response.headers_mut().clone_from(&headers);
        Answer::response(response)
    })
}

type Reply = Box<dyn Fn() -> Answer<GetTrailInput> + Send + Sync>;

/// How a call is answered, and how its client is configured.
type Case = (Vec<Reply>, fn(Builder) -> Builder);

/// What becomes of a call that is answered in this way: how it ends, what is sent, and how long it
/// waits.
async fn course(
    replies: &[Reply],
    configure: fn(Builder) -> Builder,
    interceptor: Option<SharedInterceptor>,
) -> (String, Vec<&'static str>, Vec<Duration>) {
    let fakes = Fakes::new();
    fakes
        .when::<GetTrailInput>()
        .sequence(replies.iter().map(|reply| reply()));
    let mut config = configure(fakes.config());
    config.set_interceptors(interceptor);
    let client = Client::from_conf(config.build());
    let end = match client.get_trail().name("audit").send().await {
        Ok(output) => format!("{output:?}"),
        Err(error) => format!("{error}; {error:?}"),
    };
    (end, fakes.requests(), fakes.time().sleeps())
}

#[tokio::test]
async fn calls_end_as_they_do_without_interceptors() {
    let success = || {
        status(
            200,
            &[("x-amzn-requestid", "id-1")],
            r#"{"Trail":{"Name":"a"}}"#,
        )
    };
    let code = |status_code, code: &'static str| {
        let headers = [("x-amzn-errortype", code), ("x-amzn-requestid", "id-2")];
        status(status_code, &headers, r#"{"message":"no"}"#)
    };
    let skewed = || {
        let headers = [
            ("x-amzn-errortype", "RequestTimeTooSkewed"),
            ("x-amzn-requestid", "id-3"),
            ("date", "Wed, 01 Jan 2020 00:00:00 GMT"),
        ];
        status(403, &headers, "{}")
    };
    let broken = || -> Reply { Box::new(|| Answer::dispatch(ConnectorError::io("reset".into()))) };
    let user = || -> Reply { Box::new(|| Answer::dispatch(ConnectorError::user("bad".into()))) };
    let silent = || -> Reply { Box::new(Answer::pending) };
    let typed = || -> Reply {
        Box::new(|| {
            Answer::output(
                GetTrailOutput::builder()
                    .trail(Trail::builder().build())
                    .build(),
            )
        })
    };
    let typed_error = || -> Reply {
        Box::new(|| {
            let error = TrailNotFoundException::builder().message("gone").build();
            Answer::error(Error::TrailNotFoundException(error))
        })
    };
    let same = |config| config;
    let cases: Vec<Case> = vec![
        (vec![success()], same),
        (vec![typed()], same),
        (vec![typed_error()], same),
        (vec![code(503, "X"), broken(), success()], same),
        (vec![code(400, "TrailNotFoundException")], same),
        (vec![code(400, "AccessDeniedException")], same),
        (vec![code(400, "ThrottlingException"), success()], same),
        ((0..3).map(|_| code(429, "Slow")).collect(), same),
        ((0..3).map(|_| broken()).collect(), same),
        (vec![skewed(), success()], same),
        (vec![user()], same),
        (
            vec![status(200, &[("content-type", "text/html")], "<html>")],
            same,
        ),
        (
            vec![status(200, &[("content-encoding", "gzip")], "x")],
            same,
        ),
        (
            vec![status(301, &[("location", "https://elsewhere")], "")],
            same,
        ),
        (
            vec![status(500, &[("x-amz-retry-after", "70")], ""), success()],
            same,
        ),
        (vec![silent()], |config| {
            let limits = TimeoutConfig::builder().operation_timeout(Duration::from_secs(1));
            config.timeout_config(limits.build())
        }),
        (vec![silent(), success()], |config| {
            let limits = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(1));
            config.timeout_config(limits.build())
        }),
        (vec![success()], |mut config| {
            config.set_credentials_provider(None);
            config
        }),
        (vec![success()], |config| {
            config.credentials_provider(Credentials::new("a\nb", "c", None, None, "test"))
        }),
        (vec![success()], |config| config.region(None)),
        (vec![success()], |config| {
            config.region(Region::new("us east"))
        }),
        (vec![success()], |config| config.endpoint_url("ftp://x")),
        (vec![success()], |config| {
            config.retry_config(RetryConfig::standard().with_max_attempts(0))
        }),
        (vec![success()], |config| {
            config.mutate_request(|request| {
                request.headers_mut().insert("x run", "1");
            })
        }),
    ];
    for (replies, configure) in cases {
        let plain = course(&replies, configure, None).await;
        let interceptor = SharedInterceptor::new(Nothing);
        let intercepted = course(&replies, configure, Some(interceptor)).await;
        assert_eq!(intercepted, plain);
    }
}

#[tokio::test]
async fn an_input_is_checked_as_interceptors_leave_it() {
    let fakes = Fakes::new();
    let client = Client::from_conf(fakes.config().interceptor(Nothing).build());
    let error = client.get_trail().send().await.unwrap_err();
    assert!(matches!(error, SdkError::ConstructionFailure(_)), "{error}");
    assert_eq!(
        error.to_string(),
        "GetTrail: invalid input: `Name` is required and missing"
    );
}

#[tokio::test]
async fn a_client_changes_each_request_once_with_interceptors_and_without() {
    for interceptor in [None, Some(SharedInterceptor::new(Nothing))] {
        let fakes = Fakes::new();
        fakes
            .when::<ListTrailsInput>()
            .answer(|_| Answer::http(500, ""));
        let changes = Arc::new(AtomicU32::new(0));
        let mut config = fakes.config().mutate_request({
            let changes = Arc::clone(&changes);
            move |request| {
                assert!(request.uri().starts_with("https://"), "{}", request.uri());
                assert!(!request.headers().contains_key("authorization"));
                changes.fetch_add(1, Ordering::Relaxed);
            }
        });
        config.set_interceptors(interceptor);
        let client = Client::from_conf(config.build());
        client.list_trails().send().await.unwrap_err();
        assert_eq!(fakes.requests().len(), 3);
        assert_eq!(changes.load(Ordering::Relaxed), 1);
    }
}

#[tokio::test]
async fn a_panic_of_headers_fails_the_call() {
    let fakes = Fakes::new();
    let interceptor = OnRequest(
        |context: &mut BeforeTransmitInterceptorContextMut<'_>, _: &_| {
            context
                .request_mut()
                .headers_mut()
                .insert("x run", "secret");
            Ok(())
        },
    );
    let client = Client::from_conf(fakes.config().interceptor(interceptor).build());
    let error = client.list_trails().send().await.unwrap_err();
    assert!(matches!(error, SdkError::DispatchFailure(_)), "{error}");
    assert_eq!(
        error.to_string(),
        "ListTrails: OnRequest modify_before_signing interceptor encountered an error: a header is \
         invalid: HTTP does not allow its name or its value"
    );
    assert_eq!(error.call().attempts(), 0);
}

#[tokio::test]
async fn the_configuration_is_there_for_interceptors() {
    let fakes = Fakes::new();
    fakes
        .when::<ListTrailsInput>()
        .answer(|_| Answer::http(200, "{}"));
    let interceptor = OnRequest(
        |_: &mut BeforeTransmitInterceptorContextMut<'_>, bag: &ConfigBag| {
            let metadata = bag.load::<Metadata>().unwrap();
            assert_eq!(
                (metadata.service(), metadata.name()),
                ("CloudTrail", "ListTrails")
            );
            assert_eq!(bag.load::<Region>(), Some(&Region::new("eu-west-1")));
            let signing_region = SigningRegion::from(Region::new("eu-west-1"));
            assert_eq!(bag.load::<SigningRegion>(), Some(&signing_region));
            let name = bag.load::<SigningName>().unwrap();
            assert_eq!(name.as_ref(), "cloudtrail");
            assert_eq!(bag.load::<AppName>().unwrap().to_string(), "audit");
            assert_eq!(bag.load::<RetryConfig>().unwrap().max_attempts(), 7);
            let limits = bag.load::<TimeoutConfig>().unwrap();
            assert_eq!(limits.operation_timeout(), Some(Duration::from_secs(9)));
            Ok(())
        },
    );
    let limits = TimeoutConfig::builder().operation_timeout(Duration::from_secs(9));
    let config = fakes
        .config()
        .region(Region::new("eu-west-1"))
        .app_name(AppName::new("audit").unwrap())
        .retry_config(RetryConfig::standard().with_max_attempts(7))
        .timeout_config(limits.build())
        .interceptor(interceptor);
    Client::from_conf(config.build())
        .list_trails()
        .send()
        .await
        .unwrap();
}

/// Reads bodies, and replaces them by streams.
#[derive(Debug)]
struct Streams;

impl Intercept for Streams {
    fn name(&self) -> &'static str {
        "Streams"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response().body().bytes();
        assert_eq!(body, Some(&br#"{"Trail":{"Name":"a"}}"#[..]));
        let stream = http_body_util::Full::new(bytes::Bytes::from(r#"{"Trail":{"Name":"b"}}"#));
        *context.response_mut().body_mut() = SdkBody::from_body_1_x(stream);
        Ok(())
    }
}

#[tokio::test]
async fn a_body_can_be_a_stream() {
    let reply = status(200, &[], r#"{"Trail":{"Name":"a"}}"#);
    let interceptor = SharedInterceptor::new(Streams);
    let (end, ..) = course(&[reply], |config| config, Some(interceptor)).await;
    assert!(end.contains(r#"name: Some("b")"#), "{end}");
}

#[tokio::test]
async fn another_type_in_the_place_of_the_output_is_an_error() {
    let fakes = Fakes::new();
    fakes
        .when::<ListTrailsInput>()
        .answer(|_| Answer::http(200, "{}"));
    let interceptor = OnOutcome(|context: &mut FinalizerInterceptorContextMut<'_>| {
        *context.output_or_error_mut().unwrap() = Ok(Output::erase(()));
        Ok(())
    });
    let client = Client::from_conf(fakes.config().interceptor(interceptor).build());
    let error = client.list_trails().send().await.unwrap_err();
    let why = "an interceptor has put another type in the place of the output";
    assert_eq!(error.to_string(), why);
}

/// Which interceptors saw the beginning and the end of a call.
#[derive(Clone, Debug, Default)]
struct Seen(Arc<Mutex<Vec<(&'static str, &'static str)>>>);

#[derive(Debug)]
struct Named(&'static str, Seen);

impl Intercept for Named {
    fn name(&self) -> &'static str {
        self.0
    }

    fn read_before_execution(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        assert!(context.input().downcast_ref::<ListTrailsInput>().is_some());
        self.1.0.lock().unwrap().push((self.0, "begin"));
        Ok(())
    }

    fn read_after_execution(
        &self,
        _: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.1.0.lock().unwrap().push((self.0, "end"));
        Ok(())
    }
}

#[tokio::test]
async fn a_paginator_has_interceptors_and_changes_of_its_own() {
    let fakes = Fakes::new();
    fakes.when::<ListTrailsInput>().sequence([
        Answer::http(200, r#"{"NextToken":"2"}"#),
        Answer::http(200, "{}"),
        Answer::http(200, "{}"),
    ]);
    let seen = Seen::default();
    let client = Client::from_conf(
        fakes
            .config()
            .interceptor(Named("client", seen.clone()))
            .build(),
    );
    let changes = Arc::new(AtomicU32::new(0));
    let mut pages = client
        .list_trails()
        .into_paginator()
        .customize()
        .interceptor(Named("pages", seen.clone()))
        .mutate_request({
            let changes = Arc::clone(&changes);
            move |_| {
                changes.fetch_add(1, Ordering::Relaxed);
            }
        })
        .send();
    while let Some(page) = pages.next().await {
        page.unwrap();
    }
    client.list_trails().send().await.unwrap();
    assert_eq!(changes.load(Ordering::Relaxed), 2);
    let page = [
        ("client", "begin"),
        ("pages", "begin"),
        ("client", "end"),
        ("pages", "end"),
    ];
    let call = [("client", "begin"), ("client", "end")];
    let expected = [&page[..], &page, &call].concat();
    assert_eq!(*seen.0.lock().unwrap(), expected);
}

/// Asks for another attempt as long as there is no trail.
#[derive(Debug)]
struct UntilThere;

impl ClassifyRetry for UntilThere {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let outcome = context.output_or_error().unwrap();
        let is_there = match outcome {
            Ok(output) => output
                .downcast_ref::<GetTrailOutput>()
                .unwrap()
                .trail
                .is_some(),
            Err(error) => {
                let error = error.as_operation_error().unwrap();
                assert!(matches!(
                    error.downcast_ref(),
                    Some(Error::TrailNotFoundException(_))
                ));
                false
            }
        };
        match is_there {
            true => RetryAction::NoActionIndicated,
            false => RetryAction::transient_error(),
        }
    }

    fn name(&self) -> &'static str {
        "UntilThere"
    }
}

#[tokio::test]
async fn a_classifier_sees_outputs_and_errors_in_their_types() {
    let error = TrailNotFoundException::builder().message("gone").build();
    let fakes = Fakes::new();
    fakes.when::<GetTrailInput>().sequence([
        Answer::error(Error::TrailNotFoundException(error)),
        Answer::http(200, "{}"),
        Answer::http(200, r#"{"Trail":{"Name":"a"}}"#),
    ]);
    let client = Client::from_conf(fakes.config().retry_classifier(UntilThere).build());
    let output = client.get_trail().name("audit").send().await.unwrap();
    assert_eq!(output.trail().unwrap().name(), Some("a"));
    assert_eq!(fakes.requests().len(), 3);
}
