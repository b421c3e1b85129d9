use std::fmt::Debug;
use std::fs;

use aws_smithy_types::retry::RetryMode;
use bytes::Bytes;
use http::{Request, Response};

use super::*;
use crate::runtime::base::boxed::BoxFuture;
#[cfg(feature = "default-credentials")]
use crate::runtime::call::user_agent::UserAgent;
use crate::runtime::policy::retry::RetryVersion;
use crate::runtime::service::test_service::{PARTITIONS, SERVICE};
use crate::runtime::wire::http::ConnectorError;
#[cfg(feature = "default-credentials")]
use crate::runtime::wire::http::response;

/// A transport to nowhere, so that no test asks the network for anything.
struct NoNetwork;

impl Transport for NoNetwork {
    fn call(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
        Box::pin(async { Err(ConnectorError::io("there is no network here".into())) })
    }
}

/// Loads with these variables and this configuration file, and with what `code` sets.
async fn load(
    variables: &[(&str, &str)],
    config_file: impl AsRef<[u8]>,
    code: impl FnOnce(Loader) -> Loader,
) -> Config {
    let (_root, loader) = loader(variables, config_file);
    code(loader).load().await
}

/// With these variables and this configuration file, which goes away with the first value.
fn loader(
    variables: &[(&str, &str)],
    config_file: impl AsRef<[u8]>,
) -> (tempfile::TempDir, Loader) {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("home/.aws")).unwrap();
    fs::write(root.path().join("home/.aws/config"), config_file).unwrap();
    let always = [("HOME", "/home"), ("AWS_EC2_METADATA_DISABLED", "true")];
    let variables = always.iter().chain(variables).copied();
    let loader = Loader::new(&SERVICE, &PARTITIONS)
        .environment(Environment::of(variables).with_root(root.path()))
        .transport(NoNetwork);
    (root, loader)
}

fn shown(value: impl Debug) -> String {
    format!("{value:?}")
}

/// A setting that three sources have, each with another value.
struct Case {
    get: fn(&Config) -> String,
    code: fn(Loader) -> Loader,
    variable: (&'static str, &'static str),
    /// A line of the profile.
    property: &'static str,
    /// What is loaded if code, else the variable, else the property, else nothing says it.
    loaded: [&'static str; 4],
}

#[tokio::test]
async fn code_comes_before_variables_and_variables_before_the_profile() {
    let cases = [
        Case {
            get: |config| shown(config.region().map(Region::as_ref)),
            code: |loader| loader.region(Region::new("code")),
            variable: ("AWS_REGION", "variable"),
            property: "region = property",
            loaded: [
                r#"Some("code")"#,
                r#"Some("variable")"#,
                r#"Some("property")"#,
                "None",
            ],
        },
        Case {
            get: |config| shown(config.region().map(Region::as_ref)),
            code: |loader| loader.region(Region::new("code")),
            variable: ("AWS_DEFAULT_REGION", "variable"),
            property: "region = property",
            loaded: [
                r#"Some("code")"#,
                r#"Some("variable")"#,
                r#"Some("property")"#,
                "None",
            ],
        },
        Case {
            get: |config| shown(config.endpoint_url()),
            code: |loader| loader.endpoint_url("http://code"),
            variable: ("AWS_ENDPOINT_URL", "http://variable"),
            property: "endpoint_url = http://property",
            loaded: [
                r#"Some("http://code")"#,
                r#"Some("http://variable")"#,
                r#"Some("http://property")"#,
                "None",
            ],
        },
        Case {
            get: |config| shown(config.endpoint_url()),
            code: |loader| loader.endpoint_url("http://code"),
            variable: ("AWS_ENDPOINT_URL_SOME_SERVICE", "http://variable"),
            property: "services = mine\n[services mine]\nsome_service =\n endpoint_url = http://own",
            loaded: [
                r#"Some("http://code")"#,
                r#"Some("http://variable")"#,
                r#"Some("http://own")"#,
                "None",
            ],
        },
        Case {
            get: |config| shown(config.use_fips),
            code: |loader| loader.use_fips(false),
            variable: ("AWS_USE_FIPS_ENDPOINT", "True"),
            property: "use_fips_endpoint = FALSE",
            loaded: ["Some(false)", "Some(true)", "Some(false)", "None"],
        },
        Case {
            get: |config| shown(config.use_dual_stack),
            code: |loader| loader.use_dual_stack(false),
            variable: ("AWS_USE_DUALSTACK_ENDPOINT", "true"),
            property: "use_dualstack_endpoint = false",
            loaded: ["Some(false)", "Some(true)", "Some(false)", "None"],
        },
        Case {
            get: |config| shown(config.app_name().map(AsRef::<str>::as_ref)),
            code: |loader| loader.app_name(AppName::new("code").unwrap()),
            variable: ("AWS_SDK_UA_APP_ID", "variable"),
            property: "sdk_ua_app_id = property",
            loaded: [
                r#"Some("code")"#,
                r#"Some("variable")"#,
                r#"Some("property")"#,
                "None",
            ],
        },
        Case {
            get: |config| shown(config.retry_config().map(RetryConfig::max_attempts)),
            code: |loader| loader.retry_config(RetryConfig::disabled()),
            variable: ("AWS_MAX_ATTEMPTS", "5"),
            property: "max_attempts = 6",
            loaded: ["Some(1)", "Some(5)", "Some(6)", "None"],
        },
        Case {
            get: |config| shown(config.retry_config().map(RetryConfig::mode)),
            code: |loader| loader.retry_config(RetryConfig::standard()),
            variable: ("AWS_RETRY_MODE", "adaptive"),
            property: "retry_mode = legacy",
            loaded: ["Some(Standard)", "Some(Adaptive)", "Some(Standard)", "None"],
        },
    ];
    for case in cases {
        let Case {
            get,
            code,
            variable,
            property,
            loaded: [by_code, by_variable, by_property, by_nothing],
        } = case;
        let profile = &format!("[default]\n{property}\n");
        let variables = &[variable];
        for (config, loaded) in [
            (load(variables, profile, code).await, by_code),
            (load(variables, profile, |loader| loader).await, by_variable),
            (load(&[], profile, |loader| loader).await, by_property),
            (load(&[], "", |loader| loader).await, by_nothing),
        ] {
            assert_eq!(get(&config), loaded, "{} and {property}", variable.0);
            assert_eq!(config.problem, None);
        }
    }
}

#[tokio::test]
async fn single_sources() {
    let disable = |config: Config| config.disable_clock_skew_correction;
    for (value, disabled) in [("TRUE", Some(true)), ("no", None), (" ", None)] {
        let variables = [("AWS_DISABLE_CLOCK_SKEW_CORRECTION", value)];
        let property = format!("[default]\ndisable_clock_skew_correction = {value}");
        assert_eq!(
            disable(load(&variables, "", |loader| loader).await),
            disabled
        );
        assert_eq!(
            disable(load(&[], &property, |loader| loader).await),
            disabled
        );
    }
    let variables = [("AWS_DISABLE_CLOCK_SKEW_CORRECTION", "no")];
    let property = "[default]\ndisable_clock_skew_correction = true";
    let config = load(&variables, property, |loader| loader).await;
    assert_eq!(
        disable(config),
        Some(true),
        "what is none is left to the next source"
    );
    for (value, version) in [
        ("false", Some(RetryVersion::V2_0)),
        ("true", Some(RetryVersion::V2_1)),
        ("2", None),
    ] {
        let config = load(&[("AWS_NEW_RETRIES_2026", value)], "", |loader| loader).await;
        assert_eq!(config.retry_version, version, "{value}");
    }
    let regions = [("AWS_DEFAULT_REGION", "b"), ("AWS_REGION", "a")];
    let config = load(&regions, "", |loader| loader).await;
    assert_eq!(config.region(), Some(&Region::new("a")));
}

#[tokio::test]
async fn a_name_that_no_user_agent_can_hold_is_no_problem() {
    let config = load(&[("AWS_SDK_UA_APP_ID", "a b")], "", |loader| loader).await;
    assert!(config.app_name().is_none());
    assert_eq!(config.problem, None);
}

#[tokio::test]
async fn mode_and_attempts_can_come_from_different_sources() {
    let profile = "[default]\nretry_mode = adaptive";
    let config = load(&[("AWS_MAX_ATTEMPTS", "7")], profile, |loader| loader).await;
    let retry_config = config.retry_config().unwrap();
    assert_eq!(retry_config.mode(), RetryMode::Adaptive);
    assert_eq!(retry_config.max_attempts(), 7);
}

#[tokio::test]
async fn problems_are_kept_for_the_first_call() {
    for (variables, profile, problem) in [
        (
            &[("AWS_MAX_ATTEMPTS", "0")][..],
            "",
            "AWS_MAX_ATTEMPTS is `0`: set it to a whole number, 1 or more",
        ),
        (
            &[],
            "[default]\nmax_attempts = many",
            "max_attempts of profile default is `many`: set it to a whole number, 1 or more",
        ),
        (
            &[("AWS_PROFILE", "dev")],
            "[profile dev]\nretry_mode = eager",
            "retry_mode of profile dev is `eager`: set it to `standard` or `adaptive`",
        ),
        (
            &[
                ("AWS_RETRY_MODE", "eager"),
                ("AWS_USE_FIPS_ENDPOINT", "yes"),
            ],
            "",
            "AWS_USE_FIPS_ENDPOINT is `yes`: set it to `true` or `false`; \
             AWS_RETRY_MODE is `eager`: set it to `standard` or `adaptive`",
        ),
    ] {
        let config = load(variables, profile, |loader| loader).await;
        assert_eq!(config.problem.as_deref(), Some(problem));
    }
    let config = load(&[("AWS_MAX_ATTEMPTS", "0")], "", |loader| {
        loader.retry_config(RetryConfig::standard())
    })
    .await;
    assert_eq!(config.problem, None, "nobody asked for the variable");
}

#[tokio::test]
async fn the_default_profile_need_not_exist() {
    let profiles = "[default]\nregion = a\n[profile dev]\nregion = b";
    for (code, variable, region) in [
        (None, "dev", Some("b")),
        (Some("default"), "dev", Some("a")),
        (Some("none"), "dev", None),
        (None, "none", None),
    ] {
        let variables = [("AWS_PROFILE", variable)];
        let config = load(&variables, profiles, |loader| match code {
            Some(name) => loader.profile_name(name),
            None => loader,
        })
        .await;
        assert_eq!(config.region().map(Region::as_ref), region);
        let places = "in /home/.aws/config or /home/.aws/credentials";
        let problem = format!("there is no profile `none`, which the program names, {places}");
        let problem = (code == Some("none")).then_some(&*problem);
        assert_eq!(config.problem.as_deref(), problem);
    }
    assert_eq!(load(&[], "", |loader| loader).await.problem, None);
}

#[tokio::test]
async fn the_region_is_looked_for_where_the_credentials_come_from() {
    let profiles = "[profile r]\nrole_arn = a\nsource_profile = base\n[profile base]\nregion = b";
    for (variables, region) in [
        (&[("AWS_PROFILE", "r")][..], "b"),
        (&[("AWS_PROFILE", "r"), ("AWS_REGION", "a")], "a"),
    ] {
        let config = load(variables, profiles, |loader| loader).await;
        assert_eq!(config.region(), Some(&Region::new(region)));
    }
}

#[tokio::test]
async fn places_of_the_region_say_why_there_is_none() {
    const FILES: &str = "/home/.aws/config or /home/.aws/credentials";
    for (variables, config_file, place) in [
        (
            &[][..],
            "",
            format!("the profile files (there is no profile `default` in {FILES})"),
        ),
        (
            &[("AWS_PROFILE", "dev")],
            "[profile dev]\n[dev]\nregion = a",
            format!(
                "the profile `dev` in {FILES} (passed over: /home/.aws/config, line 2: the section \
                 [dev] is ignored: a profile is written [profile NAME] in this file)"
            ),
        ),
        (
            &[("AWS_PROFILE", "dev")],
            "",
            format!(
                "the profile files (there is no profile `dev`, which AWS_PROFILE names, in {FILES})"
            ),
        ),
        (
            &[],
            "[default]\nregion = a\n= b",
            "the profile files (the profile `default` has a line that cannot be read: \
             /home/.aws/config, line 3: Property did not have a name: put one before the '=' sign)"
                .to_owned(),
        ),
        (
            &[("HOME", "")],
            "",
            "the profile files (there is no profile `default` since no home folder is known to \
             look in: set HOME)"
                .to_owned(),
        ),
    ] {
        let config = load(variables, config_file, |loader| loader).await;
        assert_eq!(config.region(), None);
        let expected = ["AWS_REGION", "AWS_DEFAULT_REGION", &*place];
        assert_eq!(config.region_places, expected);
    }
}

#[cfg(feature = "default-credentials")]
#[tokio::test]
async fn the_region_of_the_instance_is_told_or_why_it_is_not_known() {
    const ENABLED: (&str, &str) = ("AWS_EC2_METADATA_DISABLED", "false");
    /// Gives a token, and this for a region.
    struct Instance(u16, &'static str);
    impl Transport for Instance {
        fn call(
            &self,
            request: Request<Bytes>,
        ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
            let mut headers = http::HeaderMap::new();
            headers.insert(
                "x-aws-ec2-metadata-token-ttl-seconds",
                http::HeaderValue::from_static("21600"),
            );
            let (status, body) = match request.method() {
                &http::Method::PUT => (200, "token"),
                _ => (self.0, self.1),
            };
            let status = http::StatusCode::from_u16(status).unwrap();
            Box::pin(async move { Ok(response(status, headers, body)) })
        }
    }
    let config = load(&[ENABLED], "", |l| {
        l.transport(Instance(200, "eu-west-1\n"))
    })
    .await;
    assert_eq!(config.region(), Some(&Region::new("eu-west-1")));

    for (status, body, why) in [
        (
            200,
            "<html>\n</html>",
            r"instance metadata (`<html>\n</html>` is not a region)",
        ),
        (
            404,
            "",
            "instance metadata (the instance metadata cannot be read",
        ),
    ] {
        let config = load(&[ENABLED], "", |l| l.transport(Instance(status, body))).await;
        assert_eq!(config.region(), None);
        let place = config.region_places.last().unwrap();
        assert!(place.starts_with(why), "{place}");
    }
    let config = load(&[ENABLED], "", |loader| loader).await;
    let place = config.region_places.last().unwrap();
    assert!(
        place.starts_with("instance metadata (not on an EC2 instance: "),
        "{place}"
    );
    assert!(place.contains("there is no network here"), "{place}");

    // A region of another place must not stand for one that cannot be read.
    for (variables, file) in [
        (&[ENABLED][..], "[default]\nodd"),
        (&[ENABLED, ("AWS_PROFILE", "none")], ""),
    ] {
        let config = load(variables, file, |l| l.transport(Instance(200, "a"))).await;
        assert_eq!(config.region(), None);
        assert_eq!(config.region_places.len(), 3, "{:?}", config.region_places);
    }
}

#[cfg(feature = "default-credentials")]
#[tokio::test]
async fn settings_of_the_instance_metadata_name_where_they_stand() {
    const MODE: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";
    const URL: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
    for (variables, property, why) in [
        (
            &[(MODE, "5")][..],
            "",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is `5`; it must be IPv4 or IPv6",
        ),
        (
            &[],
            "ec2_metadata_service_endpoint_mode = 5",
            "ec2_metadata_service_endpoint_mode of profile default is `5`; it must be IPv4 or IPv6",
        ),
        (
            &[(URL, "x")],
            "",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT is no URL of http or https",
        ),
        (
            &[],
            "ec2_metadata_service_endpoint = x",
            "ec2_metadata_service_endpoint of profile default is no URL of http or https",
        ),
        (
            &[(MODE, "ipV6")],
            "",
            "not on an EC2 instance: network error: there is no network here",
        ),
    ] {
        let enabled = [("AWS_EC2_METADATA_DISABLED", "false")];
        let variables = [&enabled, variables].concat();
        let config = load(&variables, &format!("[default]\n{property}"), |loader| {
            loader
        })
        .await;
        let place = config.region_places.last().unwrap();
        assert_eq!(*place, format!("instance metadata ({why})"));
    }
}

#[cfg(not(feature = "default-credentials"))]
#[tokio::test]
async fn a_profile_named_in_code_leaves_the_variables_alone() {
    let variables = [
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "key"),
    ];
    let profile = "[profile prod]\naws_access_key_id = a\naws_secret_access_key = b";
    for (name, has_provider) in [("prod", false), ("", true)] {
        let config = load(&variables, profile, |loader| loader.profile_name(name)).await;
        assert_eq!(config.credentials_provider().is_some(), has_provider);
    }
}

#[tokio::test]
async fn an_endpoint_setting_in_disguise_is_an_error() {
    let utf_16 = |text: &str| {
        let units = std::iter::once('\u{feff}').chain(text.chars());
        let units: Vec<u16> = units.collect::<String>().encode_utf16().collect();
        units
            .into_iter()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    for (config_file, name) in [
        (
            b"[default]\nuse_fips_endpoint =\n  true".to_vec(),
            "use_fips_endpoint",
        ),
        (
            b"[default]\nuse_dualstack_endpoint =\n  true".to_vec(),
            "use_dualstack_endpoint",
        ),
        (
            b"[default]\nendpoint_url =\n  http://a".to_vec(),
            "endpoint_url",
        ),
        (b"[default]\nservices =\n  s".to_vec(), "services"),
        (
            "[default]\nuse_fips_endpoint\u{a0}= true".into(),
            "use_fips_endpoint",
        ),
        (
            "[default]\n\u{a0}use_fips_endpoint = true".into(),
            "use_fips_endpoint",
        ),
        (
            b"[default]\n'use_fips_endpoint' = true".to_vec(),
            "use_fips_endpoint",
        ),
        (
            b"[default]\nexport endpoint_url = http://a".to_vec(),
            "endpoint_url",
        ),
        (
            b"[default]\n\xa0use_fips_endpoint = true".to_vec(),
            "use_fips_endpoint",
        ),
        (
            b"[default]\nuse_fips_endpoint\xa0= true".to_vec(),
            "use_fips_endpoint",
        ),
        (
            b"[[default]]\nuse_fips_endpoint = true".to_vec(),
            "use_fips_endpoint",
        ),
        (
            b"[default\xe9]\nuse_fips_endpoint = true".to_vec(),
            "use_fips_endpoint",
        ),
        (
            b"[default] use_fips_endpoint = true".to_vec(),
            "use_fips_endpoint",
        ),
        (
            b"[default]\rregion = a\ruse_fips_endpoint = true\r".to_vec(),
            "use_fips_endpoint",
        ),
        (
            utf_16("[default]\nuse_fips_endpoint = true\n"),
            "use_fips_endpoint",
        ),
        (
            "[default]\nservices = s\n[services s]\nsome_service =\n endpoint_url\u{a0}= http://a"
                .into(),
            "endpoint_url of some_service",
        ),
    ] {
        let shown = String::from_utf8_lossy(&config_file).into_owned();
        let config = load(&[], &config_file, |loader| loader).await;
        let problem = config.problem.as_deref().unwrap_or_default();
        assert!(
            problem.starts_with(&format!("{name} cannot be read: ")),
            "{shown:?}: {problem}"
        );
    }
}

#[tokio::test]
async fn endpoint_settings_that_cannot_be_read_are_errors() {
    const CONTINUES: &str = "This continues the line above, since it starts with a blank";
    const EQUALS: &str = "Expected an '=' sign defining a property, as in `region = us-east-1`";
    const SERVICES: &str = "[default]\nservices = a\n[services a]\n";
    for (config_file, problem) in [
        (
            "[default]\nuse_fips_endpoint = maybe".to_owned(),
            "use_fips_endpoint of profile default is `maybe`: set it to `true` or `false`",
        ),
        (
            "[default]\nUSE_FIPS_ENDPOINT true".to_owned(),
            &format!("use_fips_endpoint cannot be read: /home/.aws/config, line 2: {EQUALS}"),
        ),
        (
            "[default]\nregion = a\n use_fips_endpoint = true".to_owned(),
            &format!("use_fips_endpoint cannot be read: /home/.aws/config, line 3: {CONTINUES}"),
        ),
        (
            "[default]\n use_dualstack_endpoint = true".to_owned(),
            "use_dualstack_endpoint cannot be read: /home/.aws/config, line 2: Expected a property \
             definition, found continuation: only a line that continues a property starts with a \
             blank",
        ),
        (
            "[default]\nignore_configured_endpoint_urls = 1".to_owned(),
            "ignore_configured_endpoint_urls of profile default is `1`: set it to `true` or `false`",
        ),
        (
            "endpoint_url = http://a\n[default]".to_owned(),
            "endpoint_url cannot be read: /home/.aws/config, line 1: Expected a profile \
             definition, such as [default], before this line",
        ),
        (
            "[default]\nendpoint_url: http://a".to_owned(),
            &format!("endpoint_url cannot be read: /home/.aws/config, line 2: {EQUALS}"),
        ),
        (
            "[default]\nservices: a\n[services a]".to_owned(),
            &format!("services cannot be read: /home/.aws/config, line 2: {EQUALS}"),
        ),
        (
            "[default]\nservices = a\nendpoint_url = http://a".to_owned(),
            "services of profile default is `a`, and there is no section [services a] in \
             /home/.aws/config or /home/.aws/credentials",
        ),
        (
            format!("{SERVICES}some_service =\n endpoint_url: http://a"),
            "endpoint_url of some_service cannot be read: /home/.aws/config, line 5: Expected an \
             '=' sign defining a sub-property, since the property above has no value of its own",
        ),
        (
            format!("{SERVICES}some_service\n endpoint_url = http://a"),
            &format!(
                "endpoint_url of some_service cannot be read: /home/.aws/config, line 4: {EQUALS}"
            ),
        ),
        (
            format!("{SERVICES} endpoint_url = http://a"),
            "endpoint_url of some_service cannot be read: /home/.aws/config, line 4: Expected a \
             property definition, found continuation: only a line that continues a property \
             starts with a blank",
        ),
    ] {
        let config = load(&[], &config_file, |loader| loader).await;
        assert_eq!(config.problem.as_deref(), Some(problem), "{config_file}");
        // Who says it elsewhere does not need the line.
        let config = load(&[], &config_file, |loader| {
            let loader = loader.use_fips(true).use_dual_stack(false);
            loader.ignore_configured_endpoint_urls(true)
        })
        .await;
        assert_eq!(config.problem, None, "{config_file}");
    }
    for (variable, problem) in [
        ("AWS_USE_FIPS_ENDPOINT", true),
        ("AWS_USE_DUALSTACK_ENDPOINT", true),
        ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", true),
        ("AWS_DISABLE_CLOCK_SKEW_CORRECTION", false),
    ] {
        let config = load(&[(variable, "yes")], "", |loader| loader).await;
        let expected = format!("{variable} is `yes`: set it to `true` or `false`");
        assert_eq!(config.problem.as_deref(), problem.then_some(&*expected));
    }
    // Of another service.
    for other in ["other =\n endpoint_url", "other\n endpoint_url = a"] {
        let config = load(&[], &format!("{SERVICES}{other}"), |loader| loader).await;
        assert_eq!(config.problem, None, "{other}");
    }
    let config = load(
        &[("AWS_ENDPOINT_URL", "http://a")],
        "[default]\nendpoint_url: http://b",
        |loader| loader,
    )
    .await;
    assert_eq!(config.problem, None);
    assert_eq!(config.endpoint_url(), Some("http://a"));
}

#[tokio::test]
async fn wrong_lines_that_nobody_needs_are_no_problem() {
    let variables = [("AWS_REGION", "a")];
    for config_file in [
        "[default]\nodd",
        "[default]\n odd = 1",
        "odd",
        "[default\nretry_mode = x",
    ] {
        let config = load(&variables, config_file, |l| {
            l.retry_config(RetryConfig::standard())
        })
        .await;
        assert_eq!(config.region(), Some(&Region::new("a")));
        assert_eq!(config.problem, None, "{config_file}");
    }
}

#[tokio::test]
async fn the_old_spelling_of_the_application_name_counts() {
    for (properties, name) in [
        ("sdk-ua-app-id = old", Some("old")),
        ("sdk-ua-app-id = old\nsdk_ua_app_id = new", Some("new")),
        ("sdk-ua-app-id = old\nsdk_ua_app_id =", Some("old")),
        ("sdk-ua-app-id =", None),
    ] {
        let config = load(&[], &format!("[default]\n{properties}"), |loader| loader).await;
        assert_eq!(
            config.app_name().map(AsRef::<str>::as_ref),
            name,
            "{properties}"
        );
    }
}

#[tokio::test]
async fn endpoint_urls_can_be_passed_over() {
    let url = [("AWS_ENDPOINT_URL", "http://variable")];
    for (ignored, code, loaded) in [
        (None, None, None),
        (None, Some("http://code"), Some("http://code")),
        (Some(true), None, None),
        (Some(false), None, Some("http://variable")),
    ] {
        let profile = "[default]\nignore_configured_endpoint_urls = true";
        let config = load(&url, profile, |mut loader| {
            if let Some(ignored) = ignored {
                loader = loader.ignore_configured_endpoint_urls(ignored);
            }
            match code {
                Some(url) => loader.endpoint_url(url),
                None => loader,
            }
        })
        .await;
        assert_eq!(config.endpoint_url(), loaded, "{ignored:?} {code:?}");
    }
}

#[tokio::test]
async fn credentials_in_variables_are_taken_as_they_are() {
    let variables = [
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", " hidden key "),
        ("AWS_SESSION_TOKEN", "hidden token"),
        ("AWS_ACCOUNT_ID", "123456789012"),
    ];
    let config = load(&variables, "", |loader| loader).await;
    let provider = config.credentials_provider().unwrap();
    let credentials = provider.provide_credentials().await.unwrap();
    assert_eq!(credentials.access_key_id(), "id");
    assert_eq!(credentials.secret_access_key(), "hidden key");
    assert_eq!(credentials.session_token(), Some("hidden token"));
    assert_eq!(credentials.account_id().unwrap().as_str(), "123456789012");
    assert!(!format!("{config:?}").contains("hidden"));

    let own = aws_credential_types::Credentials::new("own", "own", None, None, "test");
    let config = load(&variables, "", |loader| loader.credentials_provider(own)).await;
    let provider = config.credentials_provider().unwrap();
    let credentials = provider.provide_credentials().await.unwrap();
    assert_eq!(credentials.access_key_id(), "own");
}

#[cfg(feature = "default-credentials")]
#[tokio::test]
async fn the_user_agent_tells_where_credentials_come_from() {
    let keys = "[default]\naws_access_key_id = id\naws_secret_access_key = key";
    let process = r#"[default]
credential_process = echo '{"Version": 1, "AccessKeyId": "id", "SecretAccessKey": "key"}'"#;
    let variables = [
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "key"),
    ];
    for (variables, file, metrics) in [
        (&variables[..], "", "m/E,g"),
        (&[], keys, "m/E,n"),
        (&[], process, "m/E,w,v"),
    ] {
        let (_root, loader) = loader(variables, file);
        let config = loader.load().await;
        let provider = config.credentials_provider().unwrap();
        let credentials = provider.provide_credentials().await.unwrap();
        let user_agent = UserAgent::new(&SERVICE, &config, &Environment::default());
        let user_agent = user_agent.value(Some(&credentials));
        assert!(user_agent.ends_with(metrics), "{user_agent}");
    }
}

#[tokio::test]
async fn half_of_the_credentials_in_variables_is_an_error_to_those_who_need_them() {
    let half = [("AWS_ACCESS_KEY_ID", "id")];
    let config = load(&half, "", |loader| loader).await;
    assert_eq!(config.problem, None);
    let provider = config.credentials_provider().unwrap();
    let error = provider.provide_credentials().await.unwrap_err();
    let error = std::error::Error::source(&error).unwrap().to_string();
    let expected =
        "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not; set both or neither";
    assert_eq!(error, expected);
}

#[cfg(feature = "default-credentials")]
#[tokio::test]
async fn the_transport_of_the_chain_serves_the_client_unless_that_needs_another() {
    let second = std::time::Duration::from_secs(1);
    let timeouts = TimeoutConfig::builder().connect_timeout(second).build();
    let loader = Loader::new(&SERVICE, &PARTITIONS)
        .environment(Environment::of([("AWS_EC2_METADATA_DISABLED", "true")]))
        .timeout_config(timeouts);
    let config = loader.load().await;
    let (settings, _) = config.default_transport.as_ref().unwrap();
    assert_eq!(settings.connect_timeout, Some(second));
    assert_eq!(*settings, config.transport_settings());
    let unlimited = TimeoutConfig::disabled();
    let other = config.to_builder().timeout_config(unlimited).build();
    assert_eq!(other.transport_settings().connect_timeout, None);
    assert_ne!(*settings, other.transport_settings());
}

#[tokio::test]
async fn certificate_authorities_are_read() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("ca.pem"), "some PEM").unwrap();
    let load = |file| {
        let variables = [
            ("AWS_CA_BUNDLE", file),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ];
        let environment = Environment::of(variables).with_root(root.path());
        let loader = Loader::new(&SERVICE, &PARTITIONS).environment(environment);
        loader.transport(NoNetwork).load()
    };
    let config = load("/ca.pem").await;
    assert_eq!(config.ca_bundle.as_deref(), Some(&b"some PEM"[..]));
    assert_eq!(config.problem, None);
    let problem = load("/none.pem").await.problem.unwrap();
    let start = "AWS_CA_BUNDLE is `/none.pem`, which cannot be read: ";
    assert!(problem.starts_with(start), "{problem}");
}

#[test]
fn loading_can_move_between_threads() {
    fn is_send(_: impl Send) {}
    is_send(Loader::new(&SERVICE, &PARTITIONS).load());
}
