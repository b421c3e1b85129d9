//! What errors tell: hints, throttling, what to set, and the same text never twice.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::error::Error as _;
use std::io;

use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use cloudtrail_sdk::config::http::HttpResponse;
use cloudtrail_sdk::config::{self, BehaviorVersion, Environment};
use cloudtrail_sdk::error::{
    ConnectorError, ConstructionError, DisplayErrorContext, ErrorMetadata, ProvideErrorMetadata,
    SdkError,
};
use cloudtrail_sdk::operation::RequestId;
use cloudtrail_sdk::operation::get_trail::{GetTrailError, GetTrailInput, GetTrailOutput};
use cloudtrail_sdk::test_util::{Answer, Fakes};
use cloudtrail_sdk::types::error::TrailNotFoundException;
use cloudtrail_sdk::{Client, Config};
use serde_json::{Value, json};
use tests::http_response;
use tests::trace::Captured;

type GetTrailResult = Result<GetTrailOutput, SdkError<GetTrailError>>;

async fn get_trail(config: Config) -> GetTrailResult {
    Client::from_conf(config)
        .get_trail()
        .name("my-trail")
        .send()
        .await
}

/// The error of a call that is answered like this, once.
async fn error_of(answer: Answer<GetTrailInput>) -> SdkError<GetTrailError> {
    let fakes = Fakes::new();
    fakes.when::<GetTrailInput>().sequence([answer]);
    let config = fakes
        .config()
        .retry_config(config::retry::RetryConfig::disabled());
    get_trail(config.build()).await.unwrap_err()
}

fn refusal(status: u16, body: &Value) -> Answer<GetTrailInput> {
    Answer::http(status, body.to_string())
}

/// The error as anyhow tells it: on one line, and with its causes below it.
fn reports(error: SdkError<GetTrailError>) -> (String, String) {
    let error = anyhow::Error::from(error);
    (format!("{error:#}"), format!("{error:?}"))
}

/// Fails unless both reports are this line and nothing else.
fn assert_told_once(error: SdkError<GetTrailError>, line: &str) {
    assert_eq!(DisplayErrorContext(&error).to_string(), line);
    let (short, long) = reports(error);
    assert_eq!(short, line);
    let long = long.split("\n\nStack backtrace").next().unwrap();
    assert_eq!(long, line);
}

#[tokio::test]
async fn a_hint_stands_at_the_end_and_apart() {
    let body = json!({"__type": "InvalidHomeRegionException", "Message": "Wrong Region."});
    let error = error_of(refusal(400, &body)).await;
    let hint = "call the Region where the trail was created; `GetTrail` tells it as `HomeRegion`";
    assert_eq!(error.meta().hint(), Some(hint));
    assert_eq!(
        error.to_string(),
        format!("GetTrail: InvalidHomeRegionException: Wrong Region. (HTTP 400); hint: {hint}")
    );
    // The service's own error tells what the service said.
    let own = error.into_service_error();
    assert_eq!(own.to_string(), "InvalidHomeRegionException: Wrong Region.");
    assert_eq!(own.meta().hint(), Some(hint));
}

#[tokio::test]
async fn errors_without_a_hint_have_none() {
    for code in ["TrailAlreadyExistsException", "SomethingNew"] {
        let error = error_of(refusal(400, &json!({"__type": code, "message": "m"}))).await;
        assert_eq!(error.meta().hint(), None);
        assert_eq!(error.to_string(), format!("GetTrail: {code}: m (HTTP 400)"));
    }
}

#[tokio::test]
async fn fakes_answer_with_hints() {
    let meta = ErrorMetadata::builder()
        .code("TrailNotFoundException")
        .hint("look elsewhere");
    let error = TrailNotFoundException::builder()
        .message("Unknown")
        .meta(meta.build());
    let error = error_of(Answer::error(GetTrailError::TrailNotFoundException(
        error.build(),
    )))
    .await;
    assert_eq!(error.meta().hint(), Some("look elsewhere"));
    assert!(
        error
            .to_string()
            .contains("; hint: name a trail of another Region"),
        "{error}"
    );
}

/// What is about Regions, identifiers, quotas and organizations can be mended by the caller.
#[tokio::test]
async fn hints_name_what_to_do() {
    for (code, part) in [
        ("TrailNotFoundException", "`ListTrails`"),
        (
            "InvalidTrailNameException",
            "arn:aws:cloudtrail:us-east-2:123456789012:trail/my-trail",
        ),
        ("CloudTrailARNInvalidException", "`eventdatastore/`"),
        ("EventDataStoreARNInvalidException", ":eventdatastore/"),
        ("ChannelARNInvalidException", ":channel/"),
        ("ThrottlingException", "2 `LookupEvents` calls a second"),
        ("MaxConcurrentQueriesException", "`CancelQuery`"),
        ("InvalidNextTokenException", "the same parameters"),
        (
            "CloudTrailAccessNotEnabledException",
            "`EnableAWSServiceAccess`",
        ),
        (
            "NotOrganizationManagementAccountException",
            "management account",
        ),
        (
            "NoManagementAccountSLRExistsException",
            "`CreateServiceLinkedRole`",
        ),
    ] {
        let error = error_of(refusal(400, &json!({"__type": code}))).await;
        let hint = error.meta().hint().unwrap_or_default();
        assert!(hint.contains(part), "{code}: {hint}");
        // One sentence, which goes on from `hint: `.
        assert!(
            !hint.ends_with('.') && !hint.contains(". "),
            "{code}: {hint}"
        );
    }
}

#[tokio::test]
async fn throttling_is_called_that() {
    for (status, body, throttled) in [
        (400, json!({"__type": "ThrottlingException"}), true),
        (400, json!({"__type": "RequestLimitExceeded"}), true),
        (429, json!({}), true),
        (503, json!({}), false),
        (400, json!({"__type": "TrailNotFoundException"}), false),
    ] {
        let error = error_of(refusal(status, &body)).await;
        assert_eq!(error.call().is_throttled(), throttled, "{status} {body}");
        let told = error
            .to_string()
            .contains(&format!(" (throttled, HTTP {status})"));
        assert_eq!(told, throttled, "{error}");
    }
}

/// An answer with these headers besides.
fn answer(
    status: u16,
    headers: &[(&'static str, &'static str)],
    body: impl Into<Bytes>,
) -> Answer<GetTrailInput> {
    let headers = headers.iter().map(|(name, value)| {
        let name = http::HeaderName::from_static(name);
        (name, http::HeaderValue::from_static(value))
    });
    let status = http::StatusCode::from_u16(status).unwrap();
    Answer::response(http_response(status, headers.collect(), body))
}

#[tokio::test]
async fn an_error_has_the_id_of_its_request_and_debug_shows_no_body() {
    let id = ("x-amzn-requestid", "id-1");
    for (status, body, shown) in [
        (200, "hidden", "ResponseError {"),
        (400, r#"{"hidden":1}"#, "ServiceError {"),
    ] {
        let error = error_of(answer(status, &[id], body)).await;
        assert_eq!(error.request_id(), Some("id-1"));
        let debug = format!("{error:?}");
        assert!(debug.starts_with(shown), "{debug}");
        assert!(
            debug.contains("id-1") && debug.contains("GetTrail"),
            "{debug}"
        );
        let start_of_foreign_text = usize::from(status == 200);
        assert_eq!(
            debug.matches("hidden").count(),
            start_of_foreign_text,
            "{debug}"
        );
    }
}

#[test]
fn a_dispatch_failure_is_of_one_kind() {
    let made: [fn(_) -> ConnectorError; 4] = [
        ConnectorError::timeout,
        ConnectorError::io,
        ConnectorError::user,
        |why| ConnectorError::other(why, None),
    ];
    for (index, make) in made.into_iter().enumerate() {
        let error = SdkError::<GetTrailError>::dispatch_failure(make("why".into()));
        let SdkError::DispatchFailure(failure) = error else {
            panic!("{error}");
        };
        let kinds = [
            failure.is_timeout(),
            failure.is_io(),
            failure.is_user(),
            failure.is_other(),
        ];
        assert_eq!(kinds.map(usize::from).iter().sum::<usize>(), 1);
        assert!(kinds[index], "{failure:?}");
        let connector = failure.as_connector_error().unwrap();
        assert!(connector.to_string().ends_with(": why"), "{connector}");
    }
}

/// `{"__type":"ThrottlingException"}`, compressed.
const GZIP: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x8a\x8f\x2f\xa9\x2c\x48\x55\xb2\x52\x0a\xc9\x28\xca\x2f\x29\xc9\xc9\xcc\x4b\x77\xad\x48\x4e\x2d\x28\xc9\xcc\xcf\x53\xaa\x05\x00\x65\xc8\xf2\x2f\x20\x00\x00\x00";

const COMPRESSED: &str = "the body is compressed (content-encoding: gzip), which was not asked for";

const WHO_COMPRESSES: &str = "something between here and the service compresses responses, such as \
    a proxy or a gateway; let it pass them on as they are";

#[tokio::test]
async fn a_compressed_answer_says_so() {
    let gzip = ("content-encoding", "gzip");
    let error = error_of(answer(200, &[gzip], GZIP)).await;
    assert!(matches!(error, SdkError::ResponseError(_)), "{error:?}");
    assert_eq!(error.raw_response().unwrap().body().bytes(), Some(GZIP));
    assert_told_once(
        error,
        &format!("GetTrail: unexpected response: {COMPRESSED} (HTTP 200); hint: {WHO_COMPRESSES}"),
    );
    let error = error_of(answer(400, &[gzip], GZIP)).await;
    assert!(matches!(error, SdkError::ServiceError(_)), "{error:?}");
    assert_told_once(
        error,
        &format!("GetTrail: error without a code: {COMPRESSED} (HTTP 400); hint: {WHO_COMPRESSES}"),
    );
    let code = ("x-amzn-errortype", "TrailNotFoundException");
    let error = error_of(answer(404, &[gzip, code], GZIP)).await;
    let error = error.into_service_error();
    assert!(error.is_trail_not_found_exception(), "{error:?}");
    assert_eq!(
        error.to_string(),
        format!("TrailNotFoundException: {COMPRESSED}")
    );
}

/// Status and headers decide on retries, whatever the body is.
#[tokio::test]
async fn a_compressed_throttle_is_retried() {
    let gzip = ("content-encoding", "gzip");
    let throttle = ("x-amzn-errortype", "ThrottlingException");
    for (status, headers, attempts) in [
        (400, vec![gzip, throttle], 3),
        (429, vec![gzip], 3),
        (503, vec![gzip], 3),
        (400, vec![gzip], 1),
    ] {
        let fakes = Fakes::new();
        fakes
            .when::<GetTrailInput>()
            .answer(move |_| answer(status, &headers, GZIP));
        let error = get_trail(fakes.config().build()).await.unwrap_err();
        assert_eq!(error.call().attempts(), attempts, "{error}");
        assert_eq!(fakes.requests().len(), attempts as usize);
        let throttled = error.call().is_throttled();
        assert_eq!(throttled, attempts == 3 && status != 503, "{error}");
        assert!(error.to_string().contains(COMPRESSED), "{error}");
    }
}

#[tokio::test]
async fn an_answer_that_is_not_the_services_is_shown() {
    let html = "<!DOCTYPE html>\r\n<html>\n\n  <title>Sign in</title>\n</html>\n";
    let hint = "something else than the service has answered, such as a proxy or a sign-in page; \
        check the endpoint URL and the proxy";
    let error = error_of(answer(200, &[("content-type", "text/html")], html)).await;
    assert_eq!(
        error.raw_response().unwrap().body().bytes(),
        Some(html.as_bytes())
    );
    assert_told_once(
        error,
        &format!(
            "GetTrail: unexpected response: the body is not a JSON object (content-type: text/html): \
             <!DOCTYPE html> <html> <title>Sign in</title> </html> (HTTP 200); hint: {hint}"
        ),
    );
}

#[tokio::test]
async fn a_redirect_says_where_to() {
    let location = ("location", "https://login.example.com/start");
    let error = error_of(answer(302, &[location], "<html>Found</html>")).await;
    assert_told_once(
        error,
        "GetTrail: error without a code: a redirect to https://login.example.com/start \
         (HTTP 302); hint: redirects are not followed, since a signature is for one host; check \
         the endpoint URL",
    );
}

/// Bodies as they come, in several lines and colors and without end.
#[tokio::test]
async fn a_peer_cannot_break_the_line() {
    let page = "<html>\n<body>\n".to_owned() + &"<p>Bad Gateway</p>\n".repeat(24);
    let long = "é\n".repeat(1 << 20);
    let colored = "a\r\nERROR forged\u{1b}[31m\u{202e}";
    let shown = r"a\r\nERROR forged\u{1b}[31m\u{202e}";
    for (answer, shown) in [
        (Answer::http(502, page.clone()), "<html> <body> <p>Bad"),
        (
            answer(200, &[("content-type", "text/html")], page),
            "<html> <body> <p>Bad",
        ),
        (
            refusal(
                404,
                &json!({"__type": "TrailNotFoundException", "message": colored}),
            ),
            shown,
        ),
        (
            refusal(400, &json!({"__type": "New", "message": colored})),
            shown,
        ),
        (refusal(400, &json!({"__type": colored})), shown),
        (
            refusal(400, &json!({"__type": "New", "message": long})),
            "é\\né\\n",
        ),
        (
            refusal(
                400,
                &json!({"__type": "TrailNotFoundException", "message": long}),
            ),
            "é\\né\\n",
        ),
        (
            refusal(200, &json!({"Trail": {"Name": {colored: 1}}})),
            "`Trail.Name`",
        ),
        (
            refusal(200, &json!({"Trail": {"Name": [colored]}})),
            "`Trail.Name`",
        ),
        (
            Answer::http(200, format!("{{\"Trail\":{}}}", "9".repeat(1 << 20))),
            "found 999",
        ),
        (
            answer(302, &[("location", "https://example.com/\t")], ""),
            r"https://example.com/\t",
        ),
        (Answer::http(400, colored), "a ERROR forged\\u{1b}[31m"),
        (Answer::dispatch(ConnectorError::io(colored.into())), shown),
    ] {
        let error = error_of(answer).await;
        let debug = format!("{error:?}");
        let mut lines = vec![error.to_string(), DisplayErrorContext(&error).to_string()];
        if let SdkError::ServiceError(failure) = &error {
            lines.push(failure.err().to_string());
            lines.push(failure.err().meta().to_string());
        }
        if let SdkError::DispatchFailure(failure) = &error {
            lines.push(failure.as_connector_error().unwrap().to_string());
        }
        lines.push(cloudtrail_sdk::Error::from(error).to_string());
        for line in lines {
            assert!(line.contains(shown), "{line}");
            assert!(
                !line.contains(|char: char| char.is_control() || char == '\u{202e}'),
                "{line}"
            );
            assert!(line.len() < 4_000, "{debug}");
        }
    }
}

#[tokio::test]
async fn what_the_service_said_is_kept_as_it_is() {
    let message = "a\nb\u{1b}[31m".to_owned() + &"c".repeat(5_000);
    let body = json!({"__type": "TrailNotFoundException", "Message": message});
    let error = error_of(refusal(404, &body)).await;
    assert_eq!(error.message(), Some(message.as_str()));
    let GetTrailError::TrailNotFoundException(error) = error.into_service_error() else {
        panic!();
    };
    assert_eq!(error.message(), Some(message.as_str()));
}

/// The error's own message is that of its metadata, in whatever form the body has it.
#[tokio::test]
async fn a_message_is_found_in_all_its_forms() {
    for (body, message) in [
        (r#""Message":"Unknown","message":null"#, Some("Unknown")),
        (r#""Message":null,"message":"Unknown""#, Some("Unknown")),
        (r#""Message":"capital","message":"small""#, Some("small")),
        (
            r#""message":5,"errorMessage":"long","Message":"""#,
            Some("long"),
        ),
        (r#""message":"first","message":"last""#, Some("last")),
        (r#""message":"first","message":null"#, None),
        (r#""message":"""#, None),
    ] {
        let body = format!(r#"{{"__type":"TrailNotFoundException",{body}}}"#);
        let error = error_of(Answer::http(404, body.clone())).await;
        assert_eq!(error.message(), message, "{body}");
        let GetTrailError::TrailNotFoundException(error) = error.into_service_error() else {
            panic!("{body}");
        };
        assert_eq!(error.message(), message, "{body}");
    }
}

#[tokio::test]
async fn a_code_is_found_in_all_its_forms() {
    let not_found = r#"{"__type":"TrailNotFoundException"}"#;
    for header in ["", " ", ":", "#", "aws#", ":x"] {
        let error = error_of(answer(404, &[("x-amzn-errortype", header)], not_found)).await;
        assert_eq!(error.code(), Some("TrailNotFoundException"), "{header:?}");
    }
    let body = r#"{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}"#;
    let error = error_of(Answer::http(400, body)).await;
    assert_eq!(
        error.to_string(),
        "GetTrail: UnknownOperationException (HTTP 400)"
    );
}

/// `message` is the field that subscribers print as it is.
#[tokio::test]
async fn a_peer_cannot_break_the_line_of_a_trace() {
    let body = json!({"__type": "New\nCode", "message": "a\nERROR forged\u{1b}[31m"});
    let captured = Captured::start();
    error_of(refusal(400, &body)).await;
    error_of(Answer::http(502, "a\nERROR forged\u{1b}[31m")).await;
    error_of(Answer::dispatch(ConnectorError::io(
        "a\nERROR forged".into(),
    )))
    .await;
    error_of(answer(200, &[], "a\nERROR forged\u{1b}[31m")).await;
    let long = http::HeaderValue::try_from("i".repeat(5_000)).unwrap();
    let headers = [(http::HeaderName::from_static("x-amzn-requestid"), long)];
    let response = http_response(http::StatusCode::OK, headers.into_iter().collect(), "{}");
    let fakes = Fakes::new();
    fakes
        .when::<GetTrailInput>()
        .sequence([Answer::response(response)]);
    get_trail(fakes.config().build()).await.unwrap();
    let trace = captured.finish();
    assert_eq!(trace.matches("ERROR forged").count(), 4, "{trace}");
    assert!(
        !trace.lines().any(|line| line.starts_with("ERROR")),
        "{trace}"
    );
    assert!(!trace.contains('\u{1b}'), "{trace}");
    assert!(trace.contains(r"New\nCode"), "{trace}");
    assert!(!trace.contains(&"i".repeat(2_000)), "{trace}");
}

#[tokio::test]
async fn a_missing_region_names_every_place_that_was_looked_at() {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(root.path().join("home/me/.aws")).unwrap();
    std::fs::write(root.path().join("home/me/.aws/config"), "[profile dev]\n").unwrap();
    for (profile, place) in [
        (
            "dev",
            "the profile `dev` in /home/me/.aws/config or /home/me/.aws/credentials",
        ),
        (
            "prod",
            "the profile files (there is no profile `prod`, which AWS_PROFILE names, in \
             /home/me/.aws/config or /home/me/.aws/credentials)",
        ),
    ] {
        let variables = [
            ("HOME", "/home/me"),
            ("AWS_PROFILE", profile),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ];
        let environment = Environment::of(variables).with_root(root.path());
        let config = config::loader().environment(environment).load().await;
        assert_told_once(
            get_trail(config).await.unwrap_err(),
            &format!(
                "GetTrail: no region is configured; looked at AWS_REGION, AWS_DEFAULT_REGION, \
                 {place}; set AWS_REGION, or give \
                 `Config::builder().region(…)` one"
            ),
        );
    }
}

#[tokio::test]
async fn a_configuration_made_in_code_was_looked_for_nowhere() {
    let config = Config::builder().behavior_version(BehaviorVersion::latest());
    assert_told_once(
        get_trail(config.clone().build()).await.unwrap_err(),
        "GetTrail: no region is configured; set AWS_REGION, or give \
         `Config::builder().region(…)` one",
    );
    let config = config.region(config::Region::new("us-east-1"));
    assert_told_once(
        get_trail(config.build()).await.unwrap_err(),
        "GetTrail: no credentials are configured: load the configuration with `config::load()`, \
         which looks for them, or give `Config::builder().credentials_provider(…)` a provider",
    );
}

#[tokio::test]
async fn missing_credentials_name_every_provider_and_what_to_set() {
    let variables = [
        ("HOME", "/home/me"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    let root = tempfile::tempdir().unwrap();
    let environment = Environment::of(variables).with_root(root.path());
    let config = config::loader().environment(environment).load().await;
    let error = get_trail(config).await.unwrap_err();
    let line = error.to_string();
    let start =
        "GetTrail: no credentials could be loaded: no credentials found; tried: environment (";
    assert!(line.starts_with(start), "{line}");
    for part in [
        "AWS_ACCESS_KEY_ID is not set",
        "there is no profile `default`",
        "AWS_WEB_IDENTITY_TOKEN_FILE is not set",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_EC2_METADATA_DISABLED turns it off",
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        "AWS_PROFILE",
    ] {
        assert_eq!(line.matches(part).count(), 1, "{part}: {line}");
    }
    assert_told_once(error, &line);
}

#[tokio::test]
async fn reports_tell_a_service_error_once() {
    let answer = refusal(
        409,
        &json!({"__type": "ConflictException", "message": "busy"}),
    );
    assert_told_once(
        error_of(answer).await,
        "GetTrail: ConflictException: busy (HTTP 409)",
    );
    let proxy = Answer::http(502, "<html>Bad Gateway</html>");
    assert_told_once(
        error_of(proxy).await,
        "GetTrail: error without a code: <html>Bad Gateway</html> (HTTP 502)",
    );
}

#[tokio::test]
async fn reports_tell_an_unreadable_response_once() {
    let error = error_of(Answer::http(200, r#"{"Trail": 5}"#)).await;
    let line = error.to_string();
    assert!(
        line.starts_with("GetTrail: unexpected response: "),
        "{line}"
    );
    assert!(line.ends_with(" (HTTP 200)"), "{line}");
    assert_told_once(error, &line);
}

/// A failure of the network, over a real socket that nobody listens on.
#[tokio::test]
async fn reports_tell_a_refused_connection_once() {
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = unused.local_addr().unwrap();
    drop(unused);
    let config = Fakes::new()
        .config()
        .transport(config::ReqwestClient::new().unwrap())
        .endpoint_url(format!("http://{address}"))
        .retry_config(config::retry::RetryConfig::disabled());
    let error = get_trail(config.build()).await.unwrap_err();
    let line = error.to_string();
    assert!(line.starts_with("GetTrail: network error: "), "{line}");
    assert_eq!(line.matches("refused").count(), 1, "{line}");
    assert_eq!(line.matches(&address.to_string()).count(), 1, "{line}");
    // The causes are at hand for programs that look for them.
    let SdkError::DispatchFailure(failure) = &error else {
        panic!("{error:?}");
    };
    let mut cause = failure.as_connector_error().unwrap().source();
    while cause.is_some_and(|cause| !cause.is::<io::Error>()) {
        cause = cause.and_then(std::error::Error::source);
    }
    assert!(cause.is_some(), "{error:?}");
    assert_told_once(error, &line);
}

#[derive(Debug)]
struct Layer(&'static str, Option<Box<Layer>>);

impl std::fmt::Display for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Layer {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.1.as_deref().map(|cause| cause as _)
    }
}

fn layers() -> Box<Layer> {
    Box::new(Layer(
        "outer",
        Some(Box::new(Layer(
            "middle",
            Some(Box::new(Layer("inner", None))),
        ))),
    ))
}

#[tokio::test]
async fn causes_that_no_line_has_told_yet_follow_it() {
    // A transport of one's own has causes that tell something; all are on the line.
    let error = error_of(Answer::dispatch(ConnectorError::other(layers(), None))).await;
    assert_told_once(
        error,
        "GetTrail: error of the HTTP client: outer: middle: inner",
    );

    for error in [
        SdkError::<GetTrailError>::construction_failure(layers()),
        SdkError::timeout_error(layers()),
        SdkError::service_error(
            GetTrailError::unhandled(layers()),
            HttpResponse::new(200.try_into().unwrap(), SdkBody::empty()),
        ),
    ] {
        assert_eq!(error.to_string(), "outer");
        let (short, long) = reports(error);
        assert_eq!(short, "outer: middle: inner");
        assert!(
            long.starts_with("outer\n\nCaused by:\n    0: middle\n    1: inner"),
            "{long}"
        );
    }
}

#[tokio::test]
async fn an_error_made_of_another_failure_tells_it_once() {
    let error = get_trail(Config::builder().build()).await.unwrap_err();
    let line = error.to_string();
    let error = anyhow::Error::from(cloudtrail_sdk::Error::from(error)).context("starting");
    assert_eq!(format!("{error:#}"), format!("starting: {line}"));

    let error = ConstructionError::InvalidEndpointUrl("x".into(), layers());
    assert_eq!(error.to_string(), "endpoint URL `x` is invalid: outer");
    let error = anyhow::Error::from(error);
    assert_eq!(
        format!("{error:#}"),
        "endpoint URL `x` is invalid: outer: middle: inner"
    );
}

/// Programs put an error that they have got into an `SdkError` again, as for a fake.
#[tokio::test]
async fn an_error_keeps_its_call_when_it_is_converted_again() {
    let answer = Answer::error(GetTrailError::TrailNotFoundException(
        TrailNotFoundException::builder().build(),
    ));
    let error = GetTrailError::from(error_of(answer).await);
    assert_eq!(error.call().unwrap().operation(), "GetTrail");
    let text = error.to_string();
    let again = GetTrailError::from(SdkError::service_error(error, ()));
    assert_eq!(again.call().unwrap().operation(), "GetTrail");
    assert_eq!(again.to_string(), text);
}
