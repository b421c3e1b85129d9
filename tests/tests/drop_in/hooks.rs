//! Which hooks of an interceptor run, in which order, and what each of them sees. What is expected
//! was recorded with the official crate.

use std::fmt::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_cloudtrail::config::interceptors::{
    AfterDeserializationInterceptorContextRef, BeforeDeserializationInterceptorContextMut,
    BeforeDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextMut,
    BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextMut,
    FinalizerInterceptorContextRef, InterceptorContext,
};
use aws_sdk_cloudtrail::config::retry::RetryConfig;
use aws_sdk_cloudtrail::config::timeout::TimeoutConfig;
use aws_sdk_cloudtrail::config::{
    BehaviorVersion, Builder, ConfigBag, Credentials, Intercept, ProvideCredentials, Region,
    RuntimeComponents,
};
use aws_sdk_cloudtrail::error::{BoxError, DisplayErrorContext, SdkError};
use aws_sdk_cloudtrail::operation::get_trail::{GetTrailError, GetTrailOutput};
use aws_sdk_cloudtrail::{Client, Config};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;

/// The hooks of each call: what they have in common after a colon, and nothing where they are the
/// same as in the success.
const EXPECTED: &str = include_str!("hooks.txt");

const NO_CREDENTIALS: &str = "no credentials";
const UNREADABLE_JSON: &str = "unreadable JSON";

const HOOKS: [&str; 19] = [
    "read_before_execution",
    "modify_before_serialization",
    "read_before_serialization",
    "read_after_serialization",
    "modify_before_retry_loop",
    "read_before_attempt",
    "modify_before_signing",
    "read_before_signing",
    "read_after_signing",
    "modify_before_transmit",
    "read_before_transmit",
    "read_after_transmit",
    "modify_before_deserialization",
    "read_before_deserialization",
    "read_after_deserialization",
    "modify_before_attempt_completion",
    "read_after_attempt",
    "modify_before_completion",
    "read_after_execution",
];

/// Each hook that ran: whose interceptor it was, and what it saw.
type Log = Arc<Mutex<Vec<(&'static str, Line)>>>;

#[derive(Clone, Debug, PartialEq)]
struct Line {
    hook: &'static str,
    seen: String,
}

#[derive(Debug)]
struct Recorder {
    whose: &'static str,
    /// The hook that fails, once.
    fails: Mutex<Option<&'static str>>,
    log: Log,
}

impl Recorder {
    fn new(whose: &'static str, fails: Option<&'static str>, log: &Log) -> Self {
        Self {
            whose,
            fails: Mutex::new(fails),
            log: Arc::clone(log),
        }
    }

    fn record(&self, hook: &'static str, context: &InterceptorContext) -> Result<(), BoxError> {
        let line = Line {
            hook,
            seen: seen(context),
        };
        self.log.lock().unwrap().push((self.whose, line));
        match self.fails.lock().unwrap().take_if(|fails| *fails == hook) {
            Some(_) => Err(format!("{}'s failed on purpose", self.whose).into()),
            None => Ok(()),
        }
    }
}

/// What is in the context.
fn seen(context: &InterceptorContext) -> String {
    let mut seen = Vec::new();
    if context.input().is_some() {
        seen.push("input".to_owned());
    }
    if let Some(request) = context.request() {
        seen.push(format!("request to {}", request.uri()));
        for (header, what) in [
            ("x-amz-target", "target"),
            ("authorization", "signature"),
            ("amz-sdk-invocation-id", "id"),
            ("amz-sdk-request", "attempt"),
        ] {
            if request.headers().contains_key(header) {
                seen.push(what.to_owned());
            }
        }
    }
    if let Some(response) = context.response() {
        seen.push(format!("response {}", response.status()));
    }
    let output = match context.output_or_error() {
        None => return seen.join(", "),
        Some(Ok(_)) => "output",
        Some(Err(error)) if error.is_interceptor_error() => "interceptor error",
        Some(Err(error)) if error.is_operation_error() => "operation error",
        Some(Err(error)) if error.is_timeout_error() => "timeout error",
        Some(Err(error)) if error.is_connector_error() => "connector error",
        Some(Err(error)) if error.is_response_error() => "response error",
        Some(Err(_)) => "other error",
    };
    seen.push(output.to_owned());
    seen.join(", ")
}

macro_rules! hooks {
    ($($hook:ident: $context:ty;)*) => {
        $(fn $hook(
            &self,
            context: $context,
            _: &RuntimeComponents,
            _: &mut ConfigBag,
        ) -> Result<(), BoxError> {
            self.record(stringify!($hook), context.inner())
        })*
    };
}

impl Intercept for Recorder {
    fn name(&self) -> &'static str {
        "Recorder"
    }

    fn read_before_execution(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.record("read_before_execution", context.inner())
    }

    hooks! {
        modify_before_serialization: &mut BeforeSerializationInterceptorContextMut<'_>;
        read_before_serialization: &BeforeSerializationInterceptorContextRef<'_>;
        read_after_serialization: &BeforeTransmitInterceptorContextRef<'_>;
        modify_before_retry_loop: &mut BeforeTransmitInterceptorContextMut<'_>;
        read_before_attempt: &BeforeTransmitInterceptorContextRef<'_>;
        modify_before_signing: &mut BeforeTransmitInterceptorContextMut<'_>;
        read_before_signing: &BeforeTransmitInterceptorContextRef<'_>;
        read_after_signing: &BeforeTransmitInterceptorContextRef<'_>;
        modify_before_transmit: &mut BeforeTransmitInterceptorContextMut<'_>;
        read_before_transmit: &BeforeTransmitInterceptorContextRef<'_>;
        read_after_transmit: &BeforeDeserializationInterceptorContextRef<'_>;
        modify_before_deserialization: &mut BeforeDeserializationInterceptorContextMut<'_>;
        read_before_deserialization: &BeforeDeserializationInterceptorContextRef<'_>;
        read_after_deserialization: &AfterDeserializationInterceptorContextRef<'_>;
        modify_before_attempt_completion: &mut FinalizerInterceptorContextMut<'_>;
        read_after_attempt: &FinalizerInterceptorContextRef<'_>;
        modify_before_completion: &mut FinalizerInterceptorContextMut<'_>;
        read_after_execution: &FinalizerInterceptorContextRef<'_>;
    }
}

/// What a connection does with a request.
type Answer = fn() -> HttpConnectorFuture;

const SUCCESS: Answer = || respond(200, "{}");
const UNAVAILABLE: Answer = || respond(503, "{}");
const NOT_FOUND: Answer = || respond(400, r#"{"__type":"TrailNotFoundException"}"#);
const UNREADABLE: Answer = || respond(200, "{");
const BROKEN: Answer = || HttpConnectorFuture::ready(Err(ConnectorError::io("broken".into())));
const SILENT: Answer = || HttpConnectorFuture::new(std::future::pending());

fn respond(status: u16, body: &'static str) -> HttpConnectorFuture {
    let response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body));
    HttpConnectorFuture::ready(Ok(response))
}

/// The answers in turn, the last one again and again.
#[derive(Debug)]
struct Answers(Mutex<&'static [Answer]>);

impl HttpConnector for Answers {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let mut answers = self.0.lock().unwrap();
        let answer = answers[0];
        if answers.len() > 1 {
            *answers = &answers[1..];
        }
        answer()
    }
}

fn config(answers: &'static [Answer]) -> Builder {
    let connector = SharedHttpConnector::new(Answers(Mutex::new(answers)));
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("AKID", "secret", None, None, "test"))
        .endpoint_url("http://trails")
        .retry_config(RetryConfig::standard())
        .sleep_impl(crate::Waits::default())
        .http_client(http_client_fn(move |_, _| connector.clone()))
}

#[derive(Debug)]
struct NoCredentials;

impl ProvideCredentials for NoCredentials {
    fn provide_credentials<'a>(
        &'a self,
    ) -> aws_credential_types::provider::future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        use aws_credential_types::provider::{error::CredentialsError, future};
        future::ProvideCredentials::ready(Err(CredentialsError::not_loaded("nobody has any")))
    }
}

/// The hooks of one call, and how it ends.
async fn record(config: Builder, fails: Option<&'static str>) -> (Vec<Line>, String) {
    let log = Log::default();
    let config = config.interceptor(Recorder::new("client", fails, &log));
    let call = Client::from_conf(config.build()).get_trail().name("audit");
    let result = call.send().await;
    let log = std::mem::take(&mut *log.lock().unwrap());
    (log.into_iter().map(|(_, line)| line).collect(), end(result))
}

fn end(result: Result<GetTrailOutput, SdkError<GetTrailError>>) -> String {
    let error = match result {
        Ok(_) => return "success".to_owned(),
        Err(error) => error,
    };
    let variant = match &error {
        SdkError::ConstructionFailure(_) => "ConstructionFailure",
        SdkError::TimeoutError(_) => "TimeoutError",
        SdkError::DispatchFailure(failure) if failure.is_io() => "DispatchFailure, io",
        SdkError::DispatchFailure(failure) if failure.is_other() => "DispatchFailure, other",
        SdkError::DispatchFailure(_) => "DispatchFailure",
        SdkError::ResponseError(_) => "ResponseError",
        SdkError::ServiceError(_) => "ServiceError",
        _ => "another variant",
    };
    match error.raw_response() {
        Some(response) => format!("{variant}, response {}", response.status()),
        None => variant.to_owned(),
    }
}

/// How many lines from the first are as in the success.
fn as_in_success(lines: &[Line], success: &[Line]) -> usize {
    let start = success.iter().position(|line| *line == lines[0]);
    let pairs = success[start.unwrap_or(success.len())..].iter().zip(lines);
    pairs.take_while(|(success, line)| success == line).count()
}

/// How many hooks from the first saw the same, in the usual order.
fn seen_alike(lines: &[Line]) -> usize {
    let start = HOOKS.iter().position(|hook| *hook == lines[0].hook);
    let pairs = HOOKS[start.unwrap()..].iter().zip(lines);
    let alike = |(hook, line): &(&&str, &Line)| **hook == line.hook && line.seen == lines[0].seen;
    pairs.take_while(alike).count()
}

/// A scenario, as it is written in what is expected.
fn written(name: &str, mut lines: &[Line], end: &str, success: &[Line]) -> String {
    let mut text = format!("{name}\n");
    while let Some(first) = lines.first() {
        let same = as_in_success(lines, success);
        let (count, seen) = match same {
            0 => (seen_alike(lines), format!(": {}", first.seen)),
            _ => (same, String::new()),
        };
        let hooks = match count {
            1 => first.hook.to_owned(),
            _ => format!("{} .. {}", first.hook, lines[count - 1].hook),
        };
        writeln!(text, "    {hooks}{seen}").unwrap();
        lines = &lines[count..];
    }
    text + "    => " + end
}

#[tokio::test]
async fn hooks_run_as_in_the_official_crate() {
    let limit = Duration::from_secs(10);
    let operation_timeout = TimeoutConfig::builder().operation_timeout(limit).build();
    let attempt_timeout = TimeoutConfig::builder()
        .operation_attempt_timeout(limit)
        .build();
    let mut scenarios = vec![
        ("a retry".to_owned(), config(&[UNAVAILABLE, SUCCESS]), None),
        ("a modeled error".to_owned(), config(&[NOT_FOUND]), None),
        ("a broken connection".to_owned(), config(&[BROKEN]), None),
        (
            "a call that takes too long".to_owned(),
            config(&[SILENT]).timeout_config(operation_timeout),
            None,
        ),
        (
            "attempts that take too long".to_owned(),
            config(&[SILENT]).timeout_config(attempt_timeout),
            None,
        ),
        (
            NO_CREDENTIALS.to_owned(),
            config(&[SUCCESS]).credentials_provider(NoCredentials),
            None,
        ),
        (UNREADABLE_JSON.to_owned(), config(&[UNREADABLE]), None),
    ];
    for hook in HOOKS {
        scenarios.push((format!("{hook} fails"), config(&[SUCCESS]), Some(hook)));
    }
    for hook in &HOOKS[11..17] {
        let name = format!("{hook} fails after a 503");
        scenarios.push((name, config(&[UNAVAILABLE, SUCCESS]), Some(hook)));
    }

    let mut expected = EXPECTED.trim_end().split("\n\n");
    let (success, end) = record(config(&[SUCCESS]), None).await;
    let actual = written("a success", &success, &end, &[]);
    assert_eq!(Some(actual.as_str()), expected.next());
    for (name, config, fails) in scenarios {
        let (lines, end) = record(config, fails).await;
        let mut actual = written(&name, &lines, &end, &success);
        if name == UNREADABLE_JSON {
            // The official crate takes it for an error of the service.
            actual = actual
                .replace("response error", "operation error")
                .replace("ResponseError", "ServiceError");
        }
        if name == NO_CREDENTIALS {
            // Nothing was sent, so this crate calls it what it calls it without interceptors, too.
            actual = actual.replace("ConstructionFailure", "DispatchFailure, other");
        }
        assert_eq!(Some(actual.as_str()), expected.next());
    }
    assert_eq!(expected.next(), None);
}

/// What both interceptors recorded, and how the call ended.
async fn record_both(fails: Option<&'static str>) -> (Log, Result<(), String>) {
    let log = Log::default();
    let config = config(&[SUCCESS]).interceptor(Recorder::new("client", fails, &log));
    let call = Client::from_conf(config.build()).get_trail().name("audit");
    let result = call
        .customize()
        .interceptor(Recorder::new("call", fails, &log))
        .send()
        .await;
    let error = |error| DisplayErrorContext(error).to_string();
    (log, result.map(drop).map_err(error))
}

#[tokio::test]
async fn the_client_s_interceptors_come_first() {
    let (success, _) = record(config(&[SUCCESS]), None).await;
    let (log, result) = record_both(None).await;
    assert_eq!(result, Ok(()));
    let expected: Vec<_> = success
        .into_iter()
        .flat_map(|line| [("client", line.clone()), ("call", line)])
        .collect();
    assert_eq!(*log.lock().unwrap(), expected);
}

#[tokio::test]
async fn a_hook_runs_in_all_interceptors_and_the_last_error_counts() {
    for hook in HOOKS {
        let (log, result) = record_both(Some(hook)).await;
        let whose: Vec<_> = log
            .lock()
            .unwrap()
            .iter()
            .map(|(whose, _)| *whose)
            .collect();
        for pair in whose.chunks(2) {
            assert_eq!(pair, ["client", "call"], "{hook}");
        }
        let error = result.unwrap_err();
        assert!(error.contains("call's failed on purpose"), "{error}");
        assert!(!error.contains("client's"), "{error}");
    }
    let (log, _) = record_both(Some("read_before_execution")).await;
    let log = log.lock().unwrap();
    let seen = [log[0].1.seen.as_str(), log[1].1.seen.as_str()];
    assert_eq!(seen, ["input", "input, interceptor error"]);
}
