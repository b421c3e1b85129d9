//! Roles that a program names.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use aws_credential_types::provider::error::CredentialsError;
use bytes::Bytes;
use cloudtrail_sdk::Client;
use cloudtrail_sdk::config::{
    AssumeRole, BoxFuture, Clock, Config, Credentials, Loader, Region, ReqwestClient, Transport,
};
use cloudtrail_sdk::error::{ConnectorError, DisplayErrorContext};
use cloudtrail_sdk::test_util::FakeTime;
use http::{Request, Response};
use tests::trace::Captured;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Service, config_file, credentials, load, response, root};

const HUB: &str = "arn:aws:iam::111111111111:role/Hub";
const AUDIT: &str = "arn:aws:iam::222222222222:role/Audit";
const SERIAL: &str = "arn:aws:iam::111111111111:mfa/anna";
const CANNOT: &str = "the role `arn:aws:iam::222222222222:role/Audit` cannot be assumed:";

/// STS, whose sessions last for an hour and have the role's name as access key ID. Anything else that
/// is asked is CloudTrail, which has no trails.
fn sts(time: &FakeTime) -> Service {
    let time = time.clone();
    Service::new(move |_, request| {
        if !is_sts(request) {
            return Ok(response(200, r#"{"trailList":[]}"#));
        }
        let expiry = OffsetDateTime::from(time.now() + Duration::from_secs(3600));
        let expiry = expiry.format(&Rfc3339).unwrap();
        let arn = parameters(request)["RoleArn"].clone();
        let name = arn.rsplit('/').next().unwrap();
        Ok(session(name, &expiry))
    })
}

fn is_sts(request: &Request<Bytes>) -> bool {
    request.uri().host().unwrap().starts_with("sts.")
}

fn session(name: &str, expiry: &str) -> Response<Bytes> {
    response(
        200,
        format!(
            "<AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser>\
             <Arn>arn:aws:sts::222222222222:assumed-role/{name}/s</Arn></AssumedRoleUser>\
             <Credentials><AccessKeyId>{name}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>\
             <SessionToken>token-of-{name}</SessionToken><Expiration>{expiry}</Expiration>\
             </Credentials></AssumeRoleResult></AssumeRoleResponse>"
        ),
    )
}

/// The parameters of a request in AWS Query.
fn parameters(request: &Request<Bytes>) -> BTreeMap<String, String> {
    let url = format!("http://x/?{}", std::str::from_utf8(request.body()).unwrap());
    let url = reqwest::Url::parse(&url).unwrap();
    url.query_pairs().into_owned().collect()
}

/// The roles that STS was asked for, each with the access key ID that signed the request.
fn assumed(service: &Service) -> Vec<(String, String)> {
    let sent = service.sent.lock().unwrap();
    let requests = sent.iter().filter(|request| is_sts(request));
    let roles = requests.map(|request| {
        let authorization = request.headers()["authorization"].to_str().unwrap();
        let (_, key) = authorization.split_once("Credential=").unwrap();
        let key = key.split('/').next().unwrap();
        (parameters(request)["RoleArn"].clone(), key.to_owned())
    });
    roles.collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
        .collect()
}

/// A loader with base credentials from code.
fn loader(service: &Service, time: &FakeTime) -> Loader {
    load(Path::new("/nowhere"), &[])
        .credentials_provider(Credentials::new("AKIABASE", "s", None, None, "test"))
        .transport(service.clone())
        .clock(time.clone())
}

/// What a call says that needs these credentials, without what it says of any.
async fn refused(loader: Loader) -> String {
    let client = Client::from_conf(loader.load().await);
    let error = client.describe_trails().send().await.unwrap_err();
    let text = error.to_string();
    let (_, why) = text.split_once("no credentials could be loaded: ").unwrap();
    why.to_owned()
}

/// A function that gives these codes, one after the other.
fn codes(
    codes: [&'static str; 2],
) -> (
    Arc<AtomicUsize>,
    impl Fn() -> std::future::Ready<Result<String, std::io::Error>> + Send + Sync + 'static,
) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let next = move || {
        let number = count.fetch_add(1, Ordering::Relaxed);
        std::future::ready(Ok(codes[number % codes.len()].to_owned()))
    };
    (asked, next)
}

#[tokio::test]
async fn sts_is_asked_for_what_is_set() {
    let time = FakeTime::default();
    let service = sts(&time);
    let (_, token) = codes(["123456\n", ""]);
    let role = AssumeRole::new(AUDIT)
        .session_name("nightly")
        .external_id("id:/7")
        .policy(r#"{"Version":"2012-10-17"}"#)
        .policy_arns(["arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"])
        .session_length(Duration::from_secs(900))
        .tags([("team", "audit & tax"), ("empty", "")])
        .transitive_tag_keys(["team", "empty"])
        .source_identity("anna")
        .mfa(SERIAL, token);
    let config = loader(&service, &time).assume_role(role).load().await;
    let assumed = credentials(&config).await.unwrap();
    assert_eq!(assumed.access_key_id(), "Audit");
    assert_eq!(assumed.session_token(), Some("token-of-Audit"));
    assert_eq!(assumed.account_id().unwrap().as_str(), "222222222222");
    let sent = service.sent.lock().unwrap();
    let parameters: Vec<_> = parameters(&sent[0]).into_iter().collect();
    assert_eq!(
        parameters,
        pairs(&[
            ("Action", "AssumeRole"),
            ("DurationSeconds", "900"),
            ("ExternalId", "id:/7"),
            ("Policy", r#"{"Version":"2012-10-17"}"#),
            ("PolicyArns.member.1.arn", "arn:aws:iam::aws:policy/A"),
            ("PolicyArns.member.2.arn", "arn:aws:iam::aws:policy/B"),
            ("RoleArn", AUDIT),
            ("RoleSessionName", "nightly"),
            ("SerialNumber", SERIAL),
            ("SourceIdentity", "anna"),
            ("Tags.member.1.Key", "team"),
            ("Tags.member.1.Value", "audit & tax"),
            ("Tags.member.2.Key", "empty"),
            ("Tags.member.2.Value", ""),
            ("TokenCode", "123456"),
            ("TransitiveTagKeys.member.1", "team"),
            ("TransitiveTagKeys.member.2", "empty"),
            ("Version", "2011-06-15"),
        ])
    );
    assert_eq!(sent[0].uri(), "https://sts.us-east-1.amazonaws.com/");
}

#[tokio::test]
async fn nothing_is_sent_that_is_not_set() {
    let time = FakeTime::default();
    let service = sts(&time);
    let loader = loader(&service, &time).assume_role(AssumeRole::new(AUDIT));
    credentials(&loader.load().await).await.unwrap();
    let sent = service.sent.lock().unwrap();
    let mut parameters = parameters(&sent[0]);
    let name = parameters.remove("RoleSessionName").unwrap();
    let millis = name.strip_prefix("assume-role-provider-").unwrap();
    assert!(millis.parse::<u64>().is_ok(), "{name}");
    let names: Vec<_> = parameters.keys().collect();
    assert_eq!(names, ["Action", "RoleArn", "Version"]);
}

#[tokio::test]
async fn a_second_role_is_assumed_with_the_first() {
    let time = FakeTime::default();
    let service = sts(&time);
    let config = loader(&service, &time)
        .assume_role(AssumeRole::new(HUB))
        .assume_role(AssumeRole::new(AUDIT))
        .load()
        .await;
    let client = Client::from_conf(config);
    client.describe_trails().send().await.unwrap();
    assert_eq!(
        assumed(&service),
        pairs(&[(HUB, "AKIABASE"), (AUDIT, "Hub")])
    );
    let sent = service.sent.lock().unwrap();
    assert_eq!(sent[1].headers()["x-amz-security-token"], "token-of-Hub");
    let call = &sent[2].headers();
    assert_eq!(call["x-amz-security-token"], "token-of-Audit");
    let agent = call["user-agent"].to_str().unwrap();
    let metrics = agent.split(' ').find(|part| part.starts_with("m/"));
    assert!(
        metrics.unwrap().split(',').any(|metric| metric == "i"),
        "{agent}"
    );
}

#[tokio::test]
async fn base_credentials_are_those_of_the_loader() {
    let time = FakeTime::default();
    let keys = [
        ("AWS_ACCESS_KEY_ID", "AKIAENV"),
        ("AWS_SECRET_ACCESS_KEY", "s"),
    ];
    let profile = "[default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = s\n\
                   [profile other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = s";
    for (variables, name, base) in [
        (&keys[..], None, "AKIAENV"),
        (&[], None, "AKIAFILE"),
        (&keys, Some("other"), "AKIAOTHER"),
    ] {
        let service = sts(&time);
        let root = config_file(profile);
        let mut loader = load(root.path(), variables)
            .transport(service.clone())
            .clock(time.clone())
            .assume_role(AssumeRole::new(AUDIT));
        if let Some(name) = name {
            loader = loader.profile_name(name);
        }
        credentials(&loader.load().await).await.unwrap();
        assert_eq!(assumed(&service), pairs(&[(AUDIT, base)]));
    }
}

#[tokio::test]
async fn the_provider_of_a_role_serves_other_configurations() {
    let time = FakeTime::default();
    let service = sts(&time);
    let loaded = loader(&service, &time)
        .assume_role(AssumeRole::new(AUDIT))
        .load()
        .await;
    let other = Config::builder()
        .region(Region::new("eu-west-1"))
        .credentials_provider(loaded.credentials_provider().unwrap())
        .transport(service.clone())
        .clock(time.clone());
    let client = Client::from_conf(other.build());
    client.describe_trails().send().await.unwrap();
    let sent = service.sent.lock().unwrap();
    let authorization = sent[1].headers()["authorization"].to_str().unwrap();
    assert!(
        authorization.contains("Credential=Audit/"),
        "{authorization}"
    );
    assert!(authorization.contains("/eu-west-1/"), "{authorization}");
}

#[tokio::test]
async fn endpoint_urls_that_code_ignores_do_not_count_for_sts() {
    const URL: (&str, &str) = ("AWS_ENDPOINT_URL_STS", "http://sts.elsewhere");
    const IGNORE: (&str, &str) = ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    for (variables, ignore, host) in [
        (&[URL][..], None, "sts.elsewhere"),
        (&[URL, IGNORE], None, "sts.us-east-1.amazonaws.com"),
        (&[URL], Some(true), "sts.us-east-1.amazonaws.com"),
        // Code comes first.
        (&[URL, IGNORE], Some(false), "sts.elsewhere"),
    ] {
        let time = FakeTime::default();
        let service = sts(&time);
        let mut loader = load(Path::new("/nowhere"), variables)
            .credentials_provider(Credentials::new("AKIABASE", "s", None, None, "test"))
            .transport(service.clone())
            .clock(time)
            .assume_role(AssumeRole::new(AUDIT));
        if let Some(ignore) = ignore {
            loader = loader.ignore_configured_endpoint_urls(ignore);
        }
        credentials(&loader.load().await).await.unwrap();
        let sent = service.sent.lock().unwrap();
        assert_eq!(sent[0].uri().host(), Some(host), "{variables:?} {ignore:?}");
    }
}

#[tokio::test]
async fn a_session_is_made_anew_before_it_ends() {
    let time = FakeTime::default();
    let service = sts(&time);
    let config = loader(&service, &time)
        .assume_role(AssumeRole::new(AUDIT))
        .load()
        .await;
    let client = Client::from_conf(config);
    for (seconds, sessions) in [(0, 1), (3580, 1), (15, 2), (10, 2)] {
        time.advance(Duration::from_secs(seconds));
        client.describe_trails().send().await.unwrap();
        assert_eq!(assumed(&service).len(), sessions, "{seconds}");
    }
}

#[tokio::test]
async fn a_base_session_serves_until_it_ends() {
    let time = FakeTime::default();
    let service = sts(&time);
    let (asked, token) = codes(["111111", "222222"]);
    let config = loader(&service, &time)
        .assume_role(AssumeRole::new(HUB).mfa(SERIAL, token))
        .assume_role(AssumeRole::new(AUDIT))
        .load()
        .await;
    // Each client has a session of its own; nobody is asked for a second code.
    credentials(&config).await.unwrap();
    credentials(&config).await.unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    time.advance(Duration::from_secs(3600));
    credentials(&config).await.unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    assert_eq!(
        assumed(&service),
        pairs(&[
            (HUB, "AKIABASE"),
            (AUDIT, "Hub"),
            (AUDIT, "Hub"),
            (HUB, "AKIABASE"),
            (AUDIT, "Hub"),
        ])
    );
}

#[tokio::test]
async fn a_base_session_that_sts_refuses_is_not_used_again() {
    let time = FakeTime::default();
    let answers = sts(&time);
    let service = Service::new(move |number, request| match number {
        2 => {
            let body = "<ErrorResponse><Error><Code>ExpiredToken</Code></Error></ErrorResponse>";
            Ok(response(403, body))
        }
        _ => (answers.answer)(number, request),
    });
    let config = loader(&service, &time)
        .assume_role(AssumeRole::new(HUB))
        .assume_role(AssumeRole::new(AUDIT))
        .load()
        .await;
    credentials(&config).await.unwrap_err();
    credentials(&config).await.unwrap();
    let signers: Vec<_> = assumed(&service).into_iter().map(|(_, key)| key).collect();
    assert_eq!(signers, ["AKIABASE", "Hub", "AKIABASE", "Hub"]);
}

#[tokio::test]
async fn a_new_code_is_asked_for_each_session() {
    let time = FakeTime::default();
    let service = sts(&time);
    let (_, token) = codes(["111111", "222222"]);
    let config = loader(&service, &time)
        .assume_role(AssumeRole::new(AUDIT).mfa(SERIAL, token))
        .load()
        .await;
    credentials(&config).await.unwrap();
    credentials(&config).await.unwrap();
    let sent = service.sent.lock().unwrap();
    let codes: Vec<_> = sent
        .iter()
        .map(|sent| parameters(sent)["TokenCode"].clone())
        .collect();
    assert_eq!(codes, ["111111", "222222"]);
}

/// A code serves once, and STS may have taken it.
#[tokio::test]
async fn a_code_is_not_sent_again_once_sts_may_have_taken_it() {
    const THROTTLED: &str = "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>";
    type Failing = fn() -> Result<Response<Bytes>, ConnectorError>;
    let failures: [(Failing, usize); 4] = [
        (|| Ok(response(503, "")), 1),
        (|| Err(ConnectorError::timeout("silence".into())), 1),
        (|| Err(ConnectorError::io("reset".into())), 1),
        // It was not looked at.
        (|| Ok(response(400, THROTTLED)), 2),
    ];
    for (failure, sent) in failures {
        let time = FakeTime::default();
        let service = Service::new(move |number, _| match number {
            1 => failure(),
            _ => Ok(session("Audit", "2036-01-01T00:00:00Z")),
        });
        let (asked, token) = codes(["111111", "222222"]);
        let config = loader(&service, &time)
            .assume_role(AssumeRole::new(AUDIT).mfa(SERIAL, token))
            .load()
            .await;
        let first = credentials(&config).await;
        assert_eq!(first.is_ok(), sent == 2, "{first:?}");
        assert_eq!(service.count(), sent);
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        if sent == 1 {
            credentials(&config).await.unwrap();
        }
        let sent = service.sent.lock().unwrap();
        let codes: Vec<_> = sent
            .iter()
            .map(|sent| parameters(sent)["TokenCode"].clone())
            .collect();
        let second = if first.is_ok() { "111111" } else { "222222" };
        assert_eq!(codes, ["111111", second]);
    }
}

/// Nothing was sent, so the code is still good.
#[tokio::test]
async fn a_code_is_kept_while_no_connection_is_made() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let client = ReqwestClient::builder().no_proxy().build().unwrap();
    let tries = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&tries);
    let (asked, token) = codes(["111111", "222222"]);
    let config = load(Path::new("/nowhere"), &[("AWS_ENDPOINT_URL_STS", &url)])
        .credentials_provider(Credentials::new("AKIABASE", "s", None, None, "test"))
        .transport(Counted(client, count))
        .clock(ShortWaits)
        .assume_role(AssumeRole::new(AUDIT).mfa(SERIAL, token))
        .load()
        .await;
    credentials(&config).await.unwrap_err();
    assert_eq!(tries.load(Ordering::Relaxed), 3);
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

/// A clock on which retries are made at once, and nothing takes too long.
struct ShortWaits;

impl Clock for ShortWaits {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        match duration > Duration::from_secs(5) {
            true => Box::pin(std::future::pending()),
            false => Box::pin(std::future::ready(())),
        }
    }
}

/// A client whose requests are counted.
struct Counted(ReqwestClient, Arc<AtomicUsize>);

impl Transport for Counted {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, super::Answer> {
        self.1.fetch_add(1, Ordering::Relaxed);
        Transport::call(&self.0, request)
    }
}

#[tokio::test]
async fn errors_name_the_role_and_what_failed() {
    let time = FakeTime::default();
    let denied = Service::new(|_, _| {
        let body = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message>\
                    </Error></ErrorResponse>";
        Ok(response(403, body))
    });
    let refusal = "STS answered 403 Forbidden: AccessDenied: not you";
    let audit = || AssumeRole::new(AUDIT);
    let one = loader(&denied, &time).assume_role(audit());
    assert_eq!(refused(one).await, format!("{CANNOT} {refusal}"));

    let two = loader(&denied, &time)
        .assume_role(AssumeRole::new(HUB))
        .assume_role(audit());
    assert_eq!(
        refused(two).await,
        format!(
            "{CANNOT} its base credentials cannot be loaded: the role `{HUB}` cannot be assumed: \
             {refusal}"
        )
    );

    let silent = Service::failing(0, 0, "");
    let broken = loader(&silent, &time)
        .credentials_provider(aws_credential_types::credential_fn::provide_credentials_fn(
            || async { Err(CredentialsError::provider_error("the vault is closed")) },
        ))
        .assume_role(audit());
    assert_eq!(
        refused(broken).await,
        format!("{CANNOT} its base credentials cannot be loaded: the vault is closed")
    );

    let root = root(&[]);
    let none = load(root.path(), &[("AWS_EC2_METADATA_DISABLED", "true")])
        .transport(silent.clone())
        .clock(time.clone())
        .assume_role(audit());
    let text = refused(none).await;
    let start = format!("{CANNOT} its base credentials cannot be loaded: no credentials found;");
    assert!(text.starts_with(&start), "{text}");
    assert_eq!(text.matches("no credentials found").count(), 1, "{text}");
    assert_eq!(silent.count(), 0);

    let service = sts(&time);
    let cancelled = loader(&service, &time).assume_role(audit().mfa(SERIAL, || async {
        Err::<String, _>(std::io::Error::other("nobody typed"))
    }));
    assert_eq!(
        refused(cancelled).await,
        format!("{CANNOT} the MFA function failed: nobody typed")
    );
    for code in ["12345", "1234567", "12345x", "１２", ""] {
        let (_, token) = codes([code, code]);
        let text = refused(loader(&service, &time).assume_role(audit().mfa(SERIAL, token))).await;
        let why = "what the MFA function returned is not a code of 6 digits";
        assert_eq!(text, format!("{CANNOT} {why}"));
    }
    assert_eq!(service.count(), 0);
}

#[tokio::test]
async fn what_sts_would_refuse_is_not_sent() {
    let time = FakeTime::default();
    let service = sts(&time);
    let long = |count| "x".repeat(count);
    let role = || AssumeRole::new(AUDIT);
    let tags = |count: usize| (0..count).map(|number| (number.to_string(), ""));
    let arns = |count| vec!["arn:aws:iam::aws:policy/A"; count];
    let token = || async { Ok::<_, std::io::Error>("123456".to_owned()) };
    for (role, setting) in [
        (AssumeRole::new(""), "the ARN is ``"),
        (AssumeRole::new("Audit"), "the ARN is `Audit`"),
        (AssumeRole::new(long(30)), "the ARN is `xxx"),
        (
            AssumeRole::new(format!("{AUDIT}{}", long(2048))),
            "the ARN is `arn:",
        ),
        (AssumeRole::new(format!("{AUDIT}\n")), "the ARN is `arn:"),
        (role().session_name("x"), "session_name must have 2 to 64"),
        (
            role().session_name(long(65)),
            "session_name must have 2 to 64",
        ),
        (role().session_name("a b"), "session_name must have 2 to 64"),
        (role().session_name("añb"), "session_name must have 2 to 64"),
        (role().external_id("x"), "external_id must have 2 to 1224"),
        (role().external_id(long(1225)), "external_id must have 2 to"),
        (role().external_id("a b"), "external_id must have 2 to 1224"),
        (role().policy(""), "policy is empty"),
        (role().policy(long(2049)), "policy is longer than 2048"),
        (role().source_identity("a"), "source_identity must have 2"),
        (role().source_identity("a/b"), "source_identity must have 2"),
        (role().transitive_tag_keys([""]), "a key of transitive_tag_"),
        (
            role().transitive_tag_keys(vec!["key"; 51]),
            "transitive_tag_keys has 51 entries",
        ),
        (role().policy_arns(arns(11)), "policy_arns has 11 entries"),
        (role().policy_arns([""]), "an ARN of policy_arns is ``"),
        (role().tags(tags(51)), "tags has 51 entries"),
        (role().tags([("", "")]), "a key of tags is ``"),
        (role().tags([(long(129), "")]), "a key of tags is `xxx"),
        (role().tags([("k", long(257))]), "the value of `k` in tags"),
        (role().mfa("1234", token), "the serial number of mfa must"),
        (
            role().session_length(Duration::from_millis(899_999)),
            "session_length is 899.999s",
        ),
        (
            role().session_length(Duration::from_millis(900_500)),
            "session_length is 900.5s; it must be a whole number",
        ),
        (
            role().duration(Duration::from_secs(43_201)),
            "session_length is 43201s",
        ),
    ] {
        let text = refused(loader(&service, &time).assume_role(role)).await;
        let (_, why) = text.split_once("` cannot be assumed: ").unwrap();
        assert!(why.starts_with(setting), "{text}");
    }
    let chained = loader(&service, &time)
        .assume_role(AssumeRole::new(HUB))
        .assume_role(role().session_length(Duration::from_secs(3601)));
    let text = refused(chained).await;
    assert!(text.contains("an hour at most"), "{text}");
    assert_eq!(service.count(), 0);

    let longest = loader(&service, &time)
        .assume_role(
            role()
                .session_name(long(64))
                .external_id(long(1224))
                .policy(long(2048))
                .source_identity(long(64))
                .transitive_tag_keys((0..50).map(|number| number.to_string()))
                .policy_arns(arns(10))
                .tags(tags(50))
                .session_length(Duration::from_secs(43_200)),
        )
        .assume_role(
            role()
                .session_name("ab")
                .external_id("+=")
                .tags([("é".repeat(128), "é".repeat(256))])
                .session_length(Duration::from_secs(3600)),
        );
    credentials(&longest.load().await).await.unwrap();
    assert_eq!(service.count(), 2);
}

#[tokio::test]
async fn secrets_are_not_shown() {
    let time = FakeTime::default();
    let traces = Captured::start();
    let (_, token) = codes(["314159", "314159"]);
    let role = AssumeRole::new(AUDIT)
        .external_id("hunter2")
        .tags([("key", "hunter2")])
        .mfa(SERIAL, token);
    // A service that repeats what it was sent.
    let service = Service::new(|_, request| {
        let body = String::from_utf8_lossy(request.body()).into_owned();
        let code = parameters(request)["TokenCode"].clone();
        assert!(body.contains(&code));
        Ok(response(
            400,
            format!(
                "<ErrorResponse><Error><Code>ValidationError</Code><Message>not {code}</Message>\
                 </Error></ErrorResponse>"
            ),
        ))
    });
    let shown = format!("{role:?}");
    let loader = loader(&service, &time).assume_role(role);
    let shown = format!("{shown} {loader:?}");
    let config = loader.load().await;
    let error = credentials(&config).await.unwrap_err();
    let text = DisplayErrorContext(&error).to_string();
    assert!(text.contains("ValidationError: not ******"), "{text}");
    let all = format!("{shown} {config:?} {error:?} {text} {}", traces.text());
    assert!(!all.contains("314159") && !all.contains("hunter2"), "{all}");
    assert!(all.contains(AUDIT), "{all}");
}
