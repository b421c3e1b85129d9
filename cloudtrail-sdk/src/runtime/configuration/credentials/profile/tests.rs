//! Whose credentials are loaded, through the whole chain.

use std::error::Error;
use std::iter::successors;
use std::{fs, io};

use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_types::region::Region;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use tempfile::TempDir;

use crate::runtime::base::boxed::BoxFuture;
use crate::runtime::base::causes::DisplayErrorContext;
use crate::runtime::base::environment::Environment;
use crate::runtime::configuration::config::Config;
use crate::runtime::configuration::credentials::failure::reason;
use crate::runtime::configuration::load::Loader;
use crate::runtime::service::test_service::{PARTITIONS, SERVICE};
use crate::runtime::wire::http::{ConnectorError, Transport, response as whole};

/// A home folder with profile files, and a container that gives credentials.
struct Home {
    root: TempDir,
    variables: Vec<(&'static str, &'static str)>,
}

const KEYS: &str = "aws_access_key_id = PROFILE\naws_secret_access_key = secret\n";
const ROLE: &str = "role_arn = arn:aws:iam::1:role/a\n";
const PROCESS: &str = "credential_process = echo '{\"Version\": 1, \"AccessKeyId\": \"PROCESS\", \
    \"SecretAccessKey\": \"secret\"}'\n";
const ENVIRONMENT: [(&str, &str); 2] = [
    ("AWS_ACCESS_KEY_ID", "ENVIRONMENT"),
    ("AWS_SECRET_ACCESS_KEY", "secret"),
];
const CONTAINER: (&str, &str) = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/container");

impl Home {
    fn new(config: impl AsRef<[u8]>) -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("home/.aws")).unwrap();
        let variables = vec![
            ("HOME", "/home"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ];
        let home = Self { root, variables };
        home.write("config", config);
        home
    }

    fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        fs::write(self.root.path().join("home/.aws").join(file), content).unwrap();
    }

    fn with(mut self, variables: &[(&'static str, &'static str)]) -> Self {
        self.variables.extend(variables);
        self
    }

    fn loader(&self) -> Loader {
        let environment = Environment::of(self.variables.clone()).with_root(self.root.path());
        Loader::new(&SERVICE, &PARTITIONS)
            .environment(environment)
            .transport(Metadata)
    }

    async fn load(&self) -> Result<String, String> {
        access_key_id(&self.loader().load().await).await
    }
}

/// The access key ID, or what the error says.
async fn access_key_id(config: &Config) -> Result<String, String> {
    let provider: SharedCredentialsProvider = config.credentials_provider().unwrap();
    match provider.provide_credentials().await {
        Ok(credentials) => Ok(credentials.access_key_id().to_owned()),
        Err(error) => Err(reason(&error)),
    }
}

/// Containers, STS, and the metadata of an instance that is turned off.
struct Metadata;

impl Transport for Metadata {
    fn call(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
        let (status, body) = match request.uri().host() {
            Some("169.254.170.2") => (
                200,
                r#"{"AccessKeyId": "CONTAINER", "SecretAccessKey": "secret", "Token": "token",
                    "Expiration": "2080-01-01T00:00:00Z"}"#,
            ),
            Some("sts.us-east-1.amazonaws.com") => (
                200,
                "<a><AccessKeyId>ROLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>\
                 <SessionToken>token</SessionToken><Expiration>2080-01-01T00:00:00Z</Expiration>\
                 </a>",
            ),
            // An instance whose role makes no URL.
            Some("metadata") => (200, "a b"),
            _ => (403, ""),
        };
        let status = StatusCode::from_u16(status).unwrap();
        let ttl = HeaderName::from_static("x-aws-ec2-metadata-token-ttl-seconds");
        let headers = HeaderMap::from_iter([(ttl, HeaderValue::from_static("21600"))]);
        let response = whole(status, headers, Bytes::from(body));
        Box::pin(async { Ok(response) })
    }
}

#[tokio::test]
async fn what_code_names_comes_first() {
    let config = format!("[profile prod]\n{KEYS}[profile empty]\nregion = eu-west-1\n");
    let environment = &ENVIRONMENT[..];
    let nope = "in /home/.aws/config or /home/.aws/credentials";
    let nope = |who| format!("there is no profile `nope`, which {who} names, {nope}");
    let [by_code, by_variable] = ["the program", "AWS_PROFILE"].map(nope);
    let no_identity = "no credentials found; tried: profile (the profile `empty` in \
        /home/.aws/config or /home/.aws/credentials has no credentials); container (neither \
        AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set); \
        instance metadata (AWS_EC2_METADATA_DISABLED turns it off); give the profile `empty` \
        credentials";
    let web_identity = &[
        ("AWS_ROLE_ARN", "arn:aws:iam::1:role/a"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/none"),
    ];
    let before = "; tried before: environment (AWS_ACCESS_KEY_ID is not set)";
    for (code, variable, variables, expected) in [
        (Some("prod"), None, environment, Ok("PROFILE")),
        (Some("prod"), Some("nope"), environment, Ok("PROFILE")),
        (None, Some("prod"), environment, Ok("ENVIRONMENT")),
        (None, Some("prod"), &[], Ok("PROFILE")),
        (Some(" "), None, environment, Ok("ENVIRONMENT")),
        (Some("empty"), None, environment, Err(no_identity)),
        (Some("empty"), None, web_identity, Err(no_identity)),
        (Some("empty"), None, &[CONTAINER], Ok("CONTAINER")),
        (None, Some("empty"), &[CONTAINER], Ok("CONTAINER")),
        (None, None, &[CONTAINER], Ok("CONTAINER")),
        (Some("nope"), None, &[CONTAINER], Err(&by_code)),
        (Some("nope"), None, environment, Err(&by_code)),
        (
            None,
            Some("nope"),
            &[CONTAINER],
            Err(&format!("{by_variable}{before}")),
        ),
        (None, Some("nope"), environment, Ok("ENVIRONMENT")),
    ] {
        let mut home = Home::new(&config).with(variables);
        home.variables
            .extend(variable.map(|name| ("AWS_PROFILE", name)));
        let mut loader = home.loader();
        if let Some(name) = code {
            loader = loader.profile_name(name);
        }
        let config = loader.load().await;
        let found = access_key_id(&config).await;
        let found = found.as_deref().map_err(String::as_str);
        assert_eq!(found, expected, "{code:?} {variable:?} {variables:?}");
        let problem = (code == Some("nope")).then_some(&*by_code);
        assert_eq!(config.problem.as_deref(), problem);
    }
}

#[tokio::test]
async fn a_region_in_the_environment_comes_before_that_of_a_profile_named_in_code() {
    let home = Home::new("[profile prod]\nregion = eu-west-1\n");
    let config = home.loader().profile_name("prod").load().await;
    assert_eq!(config.region(), Some(&Region::new("us-east-1")));
}

#[tokio::test]
async fn half_a_set_up_is_an_error() {
    for (config, why) in [
        (
            "aws_session_token = token\n".to_owned(),
            "has aws_session_token and no aws_access_key_id",
        ),
        (
            "aws_access_key_id = id\n".to_owned(),
            "has aws_access_key_id and no aws_secret_access_key",
        ),
        (
            "aws_secret_access_key = secret\naws_session_token = token\n".to_owned(),
            "has aws_secret_access_key and no aws_access_key_id",
        ),
        (
            format!("{KEYS}sso_region = us-east-1\n"),
            "sso_start_url is missing in the profile `default`",
        ),
        (
            format!("{KEYS}sso_start_url = https://a.awsapps.com/start\n"),
            "sso_region is missing in the profile `default`",
        ),
        (
            "sso_start_url = https://a.awsapps.com/start\nsso_region = us-east-1\n".to_owned(),
            "sso_account_id is missing in the profile `default`",
        ),
        (
            format!("{KEYS}sso_account_id = 1\n"),
            "sso_start_url is missing in the profile `default`",
        ),
        (
            "sso_session = a\nsso_role_name = b\n[sso-session a]\nsso_region = us-east-1\n\
             sso_start_url = https://a.awsapps.com/start\n"
                .to_owned(),
            "sso_account_id is missing in the profile `default`",
        ),
        (
            "sso_session = a\nsso_account_id = 1\nsso_role_name = b\n[sso-session a]\n\
             sso_region =\nsso_start_url = https://a.awsapps.com/start\n"
                .to_owned(),
            "sso_region is missing in the [sso-session a]",
        ),
        (
            "sso_session = a\nsso_account_id = 1\nsso_role_name = b\n".to_owned(),
            "there is no [sso-session a], which the profile `default` names, in /home/.aws/config",
        ),
        (
            "source_profile = b\n".to_owned(),
            "has source_profile and no role_arn; add it",
        ),
        (
            ROLE.to_owned(),
            "has role_arn and neither source_profile nor credential_source",
        ),
        (
            "web_identity_token_file = /token\n".to_owned(),
            "has web_identity_token_file and no role_arn",
        ),
    ] {
        let home = Home::new(format!("[default]\n{config}")).with(&[CONTAINER]);
        let error = home.load().await.unwrap_err();
        assert!(error.contains(why), "{config}: {error}");
    }
    // A session alone is for tokens; keys beside it are whole.
    let session = format!("[default]\nsso_session = a\n{KEYS}[sso-session a]\n");
    assert_eq!(Home::new(session).load().await, Ok("PROFILE".to_owned()));
}

#[tokio::test]
async fn half_a_set_up_in_variables_is_an_error() {
    let [id, secret] = ENVIRONMENT;
    let token = ("AWS_SESSION_TOKEN", "token");
    for (variables, why) in [
        (
            &[id][..],
            "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not",
        ),
        (
            &[id, token],
            "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not",
        ),
        (
            &[secret],
            "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not",
        ),
        (
            &[token],
            "AWS_SESSION_TOKEN is set, but AWS_ACCESS_KEY_ID is not",
        ),
        (
            &[("AWS_WEB_IDENTITY_TOKEN_FILE", "/none")],
            "AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not",
        ),
    ] {
        let home = Home::new("").with(&[CONTAINER]).with(variables);
        let error = home.load().await.unwrap_err();
        assert!(error.starts_with(why), "{error}");
        // Nobody asks for them if the program names a profile.
        let home = Home::new(format!("[profile prod]\n{KEYS}")).with(variables);
        let config = home.loader().profile_name("prod").load().await;
        assert_eq!(access_key_id(&config).await, Ok("PROFILE".to_owned()));
    }
    // Others use these names for their own.
    for variable in [("SECRET_ACCESS_KEY", "secret"), ("AWS_ROLE_ARN", "role")] {
        let home = Home::new("").with(&[CONTAINER, variable]);
        assert_eq!(home.load().await, Ok("CONTAINER".to_owned()));
    }
    let home = Home::new("").with(&[id, ("SECRET_ACCESS_KEY", "secret")]);
    assert_eq!(home.load().await, Ok("ENVIRONMENT".to_owned()));
}

#[tokio::test]
async fn half_a_pair_in_a_source_profile_leaves_it_to_its_role_or_process() {
    let top = format!("[default]\n{ROLE}source_profile = b\n[profile b]\n");
    for half in [
        "aws_access_key_id = id\n",
        "aws_secret_access_key = secret\n",
        "aws_session_token = token\n",
    ] {
        let role = format!("{top}{half}{ROLE}source_profile = c\n[profile c]\n{KEYS}");
        let process = format!("{top}{half}{PROCESS}");
        for config in [role, process] {
            assert_eq!(Home::new(&config).load().await, Ok("ROLE".to_owned()));
        }
        let error = Home::new(format!("{top}{half}")).load().await.unwrap_err();
        assert!(error.starts_with("the profile `b` has aws_"), "{error}");
    }
}

#[tokio::test]
async fn blank_properties_are_not_set() {
    for (config, expected) in [
        (format!("{KEYS}aws_session_token =\n"), "PROFILE"),
        (format!("{KEYS}role_arn =\nsource_profile =\n"), "PROFILE"),
        (format!("{KEYS}credential_process =\n"), "PROFILE"),
        (format!("{KEYS}sso_start_url =\nsso_session =\n"), "PROFILE"),
        (
            format!("{KEYS}credential_source =\nlogin_session =\n"),
            "PROFILE",
        ),
        (format!("{KEYS}web_identity_token_file =\n"), "PROFILE"),
        (format!("{PROCESS}aws_access_key_id =\n"), "PROCESS"),
        (
            "aws_access_key_id =\naws_secret_access_key =\naws_session_token =\n".to_owned(),
            "CONTAINER",
        ),
        (
            format!(
                "{ROLE}mfa_serial =\nduration_seconds =\ncredential_source =\nsource_profile = b\n\
                 [profile b]\n{KEYS}"
            ),
            "ROLE",
        ),
    ] {
        let home = Home::new(format!("[default]\n{config}")).with(&[CONTAINER]);
        assert_eq!(home.load().await.as_deref(), Ok(expected), "{config}");
    }
    let home = Home::new(format!("[default]\n{KEYS}aws_session_token =\n"));
    let provider = home.loader().load().await.credentials_provider().unwrap();
    let credentials = provider.provide_credentials().await.unwrap();
    assert_eq!(credentials.session_token(), None);
}

#[tokio::test]
async fn a_file_with_wrong_lines_is_an_error_to_those_who_need_them() {
    let unread = "has a line that cannot be read: /home/.aws/config, line";
    for (config, identity, error) in [
        // Sound sections count.
        (format!("odd\n[default]\n{KEYS}"), "PROFILE", None),
        (
            format!("[profile b]\nodd\n[default]\n{KEYS}"),
            "PROFILE",
            None,
        ),
        (
            format!("[profile b\n{KEYS}[default]\n{KEYS}"),
            "PROFILE",
            None,
        ),
        ("[profile b]\nodd\n".to_owned(), "CONTAINER", None),
        // The keys could be on the line.
        (
            "[default]\nodd\n".to_owned(),
            "",
            Some(format!("the profile `default` {unread} 2")),
        ),
        (
            format!("[default]\n {KEYS}"),
            "",
            Some(format!("the profile `default` {unread} 2")),
        ),
        (
            format!("[default\n{KEYS}"),
            "",
            Some(format!("the profile `default` {unread} 1")),
        ),
        (
            KEYS.to_owned(),
            "",
            Some("there is no profile `default` in /home/.aws/config or".to_owned()),
        ),
        (
            format!("[default]\n{ROLE}source_profile = b\n[profile b]\n{KEYS}odd\n"),
            "",
            Some(format!("the profile `b` {unread} 7")),
        ),
        (
            "[default]\nsso_session = a\nsso_account_id = 1\nsso_role_name = b\n[sso-session a]\n\
             sso_region : us-east-1\n"
                .to_owned(),
            "",
            Some(format!("[sso-session a] {unread} 6")),
        ),
    ] {
        let home = Home::new(&config).with(&[CONTAINER]);
        match (home.load().await, error) {
            (Ok(found), None) => assert_eq!(found, identity, "{config}"),
            (Err(found), Some(start)) => assert!(found.starts_with(&start), "{found}"),
            (found, _) => panic!("{config}: {found:?}"),
        }
        // Keys and region of the environment need no file.
        let home = Home::new(&config).with(&ENVIRONMENT);
        let loaded = home.loader().load().await;
        assert_eq!(loaded.problem, None, "{config}");
        assert_eq!(access_key_id(&loaded).await, Ok("ENVIRONMENT".to_owned()));
    }
    // In a comment, any byte can stand.
    let latin = [b"# Gr\xfcn\n[default]\n", KEYS.as_bytes()].concat();
    assert_eq!(Home::new(latin).load().await, Ok("PROFILE".to_owned()));
    let latin = [b"[default]\n", KEYS.as_bytes(), b"name = Gr\xfcn"].concat();
    let error = Home::new(latin).load().await.unwrap_err();
    assert!(error.contains("line 4: This is not UTF-8"), "{error}");
}

#[tokio::test]
async fn rotated_keys_are_read_anew_and_settings_are_not() {
    let home = Home::new("[default]\nregion = eu-west-1\n");
    home.write("credentials", format!("[default]\n{KEYS}"));
    let mut home = home;
    home.variables.retain(|(name, _)| *name != "AWS_REGION");
    let config = home.loader().load().await;
    assert_eq!(access_key_id(&config).await, Ok("PROFILE".to_owned()));
    home.write(
        "credentials",
        format!("[default]\n{KEYS}").replace("PROFILE", "ROTATED"),
    );
    home.write("config", "[default]\nregion = eu-west-2\n");
    assert_eq!(access_key_id(&config).await, Ok("ROTATED".to_owned()));
    assert_eq!(config.region(), Some(&Region::new("eu-west-1")));

    // The selection stays, too.
    let config = home.loader().profile_name("other").load().await;
    home.write("credentials", format!("[other]\n{KEYS}"));
    assert_eq!(access_key_id(&config).await, Ok("PROFILE".to_owned()));
}

#[tokio::test]
async fn a_file_that_is_being_replaced_does_not_mean_another_identity() {
    let home = Home::new("").with(&[CONTAINER]);
    home.write("credentials", format!("[default]\n{KEYS}"));
    let config = home.loader().load().await;
    assert_eq!(access_key_id(&config).await, Ok("PROFILE".to_owned()));
    for content in ["", "[default]\n"] {
        home.write("credentials", content);
        let error = access_key_id(&config).await.unwrap_err();
        let start = "the provider `profile`, which gave credentials before, has none now: ";
        assert!(error.starts_with(start), "{error}");
    }
    home.write("credentials", format!("[default]\n{KEYS}"));
    assert_eq!(access_key_id(&config).await, Ok("PROFILE".to_owned()));
    // Who has had none before goes on to the container.
    home.write("credentials", "");
    let config = home.loader().load().await;
    assert_eq!(access_key_id(&config).await, Ok("CONTAINER".to_owned()));
}

#[tokio::test]
async fn a_name_in_disguise_is_no_other_identity() {
    for line in [
        "role_arn\u{a0}= arn:aws:iam::1:role/a\nsource_profile = default",
        "\"aws_session_token\" = token",
        "export aws_session_token = token",
        "\u{200b}aws_session_token = token",
    ] {
        let home = Home::new(format!("[default]\n{KEYS}{line}\n")).with(&[CONTAINER]);
        let error = home.load().await.unwrap_err();
        assert!(
            error.contains("/home/.aws/config, line 4: a property of"),
            "{error}"
        );
    }
    // Not that of a property.
    let home = Home::new(format!("[default]\n{KEYS}my own setting = 1\n"));
    assert_eq!(home.load().await, Ok("PROFILE".to_owned()));
}

#[tokio::test]
async fn the_keys_of_one_file_do_not_get_the_token_of_the_other() {
    let token = "aws_session_token = old\n";
    for (in_credentials, expected) in [
        (KEYS.to_owned(), None),
        (format!("{KEYS}aws_session_token =\n"), None),
        (format!("{KEYS}aws_session_token = new\n"), Some("new")),
        ("output = json\n".to_owned(), Some("old")),
    ] {
        let home = Home::new(format!("[default]\n{KEYS}{token}"));
        home.write("credentials", format!("[default]\n{in_credentials}"));
        let config = home.loader().load().await;
        let provider = config.credentials_provider().unwrap();
        let credentials = provider.provide_credentials().await.unwrap();
        assert_eq!(credentials.session_token(), expected, "{in_credentials}");
    }
}

#[tokio::test]
async fn a_session_that_does_not_exist_is_an_error() {
    for keys in ["", KEYS] {
        let home = Home::new(format!("[default]\nsso_session = nope\n{keys}"));
        let error = home.with(&[CONTAINER]).load().await.unwrap_err();
        assert!(error.contains("there is no [sso-session nope]"), "{error}");
    }
}

#[tokio::test]
async fn a_cause_is_told_once() {
    for source in ["Environment", "EcsContainer"] {
        let home = Home::new(format!("[default]\n{ROLE}credential_source = {source}\n"));
        let config = home.loader().load().await;
        let provider = config.credentials_provider().unwrap();
        let error = provider.provide_credentials().await.unwrap_err();
        let text = DisplayErrorContext(error.source().unwrap()).to_string();
        assert_eq!(text.matches("not enabled").count(), 0, "{text}");
    }
}

#[tokio::test]
async fn a_line_break_in_a_key_names_where_it_comes_from() {
    const WHY: &str = "holds a line break or another character that cannot be sent";
    let process = PROCESS.replace("PROCESS", r"A\\nB");
    for (config, variables, error) in [
        (
            String::new(),
            &[("AWS_ACCESS_KEY_ID", "A\nB"), ENVIRONMENT[1]][..],
            format!("AWS_ACCESS_KEY_ID {WHY}"),
        ),
        (
            String::new(),
            &[ENVIRONMENT[0], ("AWS_SECRET_ACCESS_KEY", "a\nb")],
            format!("AWS_SECRET_ACCESS_KEY {WHY}"),
        ),
        (
            String::new(),
            &[
                ENVIRONMENT[0],
                ENVIRONMENT[1],
                ("AWS_SESSION_TOKEN", "a\u{200b}b"),
            ],
            format!("AWS_SESSION_TOKEN {WHY}"),
        ),
        (
            "[default]\naws_access_key_id = A\n  B\naws_secret_access_key = secret".to_owned(),
            &[],
            format!("what the profile `default` gave: the access key ID {WHY}"),
        ),
        (
            format!("[default]\n{ROLE}source_profile = b\n[profile b]\n{KEYS}  b"),
            &[],
            format!("what the profile `b` gave: the secret access key {WHY}"),
        ),
        (
            format!("[default]\n{process}"),
            &[],
            format!("what the profile `default` gave: the access key ID {WHY}"),
        ),
    ] {
        let home = Home::new(&config).with(variables);
        let found = home.load().await.unwrap_err();
        assert_eq!(found.split("; tried before").next(), Some(&*error));
    }
}

#[tokio::test]
async fn an_error_that_ends_the_chain_tells_what_was_tried_before() {
    let mut home = Home::new("[profile \"default\"]\n");
    home.variables
        .retain(|(name, _)| *name != "AWS_EC2_METADATA_DISABLED");
    let error = home.load().await.unwrap_err();
    let (end, before) = error.split_once("; tried before: ").unwrap();
    assert!(end.contains("403"), "{end}");
    assert_eq!(
        before,
        "environment (AWS_ACCESS_KEY_ID is not set); profile (there is no profile `default` in \
         /home/.aws/config or /home/.aws/credentials (passed over: /home/.aws/config, line 1: the \
         section [profile \"default\"] is ignored: a name has letters, digits and _ - / . % @ : + \
         only)); web identity (AWS_WEB_IDENTITY_TOKEN_FILE is not set); container (neither \
         AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set)"
    );
}

#[tokio::test]
async fn an_error_that_ends_the_chain_keeps_its_kind_and_its_causes() {
    let token = [
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/none"),
        ("AWS_ROLE_ARN", "arn:aws:iam::1:role/a"),
    ];
    let config = Home::new("").with(&token).loader().load().await;
    let provider = config.credentials_provider().unwrap();
    let error = provider.provide_credentials().await.unwrap_err();
    assert!(matches!(error, CredentialsError::ProviderError(_)));
    let mut causes = successors(Some(&error as &dyn Error), |&error| error.source());
    assert!(causes.any(|error| error.is::<io::Error>()));
    let told = DisplayErrorContext(&error).to_string();
    assert_eq!(told.matches("/none").count(), 1, "{told}");
    assert_eq!(told.matches("os error").count(), 1, "{told}");

    let home = Home::new("[default]\naws_session_token = a");
    let half = home.loader().load().await;
    let provider = half.credentials_provider().unwrap();
    let error = provider.provide_credentials().await.unwrap_err();
    assert!(matches!(error, CredentialsError::InvalidConfiguration(_)));
}

#[tokio::test]
async fn a_role_of_an_instance_that_makes_no_url_is_not_put_down_to_the_endpoint() {
    let mut home = Home::new("").with(&[("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://metadata")]);
    home.variables
        .retain(|(name, _)| *name != "AWS_EC2_METADATA_DISABLED");
    let error = home.load().await.unwrap_err();
    let start = "the role name of the instance metadata makes no valid URL; tried before";
    assert!(error.starts_with(start), "{error}");
}
