//! Who calls, told in `user-agent` and `x-amz-user-agent`.

use std::fmt::Write;

use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature;
use aws_smithy_types::retry::RetryMode;
use aws_types::sdk_ua_metadata::FrameworkMetadata;

use crate::runtime::base::environment::Environment;
use crate::runtime::configuration::config::Config;
use crate::runtime::service::metadata::ServiceMetadata;

const NAME: &str = env!("CARGO_PKG_NAME");
const VERSION: &str = env!("CARGO_PKG_VERSION");
const RUST_VERSION: &str = env!("CARGO_PKG_RUST_VERSION");

/// How many libraries are named at the most, as in the official SDK.
const MAX_FRAMEWORKS: usize = 10;

/// The value of both headers, but for what the credentials of a request add in its middle.
#[derive(Clone, Debug)]
pub(crate) struct UserAgent {
    /// Ends with the metrics, of which there is always one.
    head: String,
    tail: String,
}

impl UserAgent {
    /// `{sdk}/{version} ua/2.1 api/{service}/{version} os/{os} lang/rust/{version} [exec-env/X]
    /// m/metrics [lib/N/V] [app/ID]`.
    pub(crate) fn new(
        service: &ServiceMetadata,
        config: &Config,
        environment: &Environment,
    ) -> Self {
        let api = token(&service.sdk_id.to_lowercase().replace(' ', ""));
        let os = match std::env::consts::OS {
            known @ ("linux" | "macos" | "windows" | "android" | "ios") => known,
            _ => "other",
        };
        let mut head =
            format!("{NAME}/{VERSION} ua/2.1 api/{api}/{VERSION} os/{os} lang/rust/{RUST_VERSION}");
        if let Some(name) = environment.var("AWS_EXECUTION_ENV") {
            head = head + " exec-env/" + &token(&name);
        }
        head = head + " m/" + retry_metric(config);
        if config.endpoint_url.is_some() {
            head += ",N";
        }

        let mut tail = String::new();
        for framework in frameworks(&config.framework_metadata) {
            // Writing to a string cannot fail.
            let _ = write!(tail, " {framework}");
        }
        if let Some(name) = &config.app_name {
            tail = tail + " app/" + name.as_ref();
        }
        Self { head, tail }
    }

    /// The value for a request that is signed with these credentials, or not signed.
    pub(crate) fn value(&self, credentials: Option<&Credentials>) -> String {
        let Self { head, tail } = self;
        let metrics: String = credentials
            .into_iter()
            .flat_map(credential_metrics)
            .flat_map(|metric| [",", metric])
            .collect();
        format!("{head}{metrics}{tail}")
    }
}

fn retry_metric(config: &Config) -> &'static str {
    match config.retry_config.as_ref().map(|retry| retry.mode()) {
        Some(RetryMode::Adaptive) => "F",
        _ => "E",
    }
}

/// The metrics of where credentials come from; providers keep that with the credentials.
fn credential_metrics(credentials: &Credentials) -> impl Iterator<Item = &'static str> {
    let sources = credentials.get_property::<Vec<AwsCredentialFeature>>();
    sources
        .into_iter()
        .flatten()
        .filter_map(credential_metric)
        .chain(credentials.account_id().map(|_| "T"))
}

fn credential_metric(source: &AwsCredentialFeature) -> Option<&'static str> {
    use AwsCredentialFeature as Source;

    Some(match source {
        Source::ResolvedAccountId => "T",
        Source::CredentialsCode => "e",
        Source::CredentialsEnvVars => "g",
        Source::CredentialsEnvVarsStsWebIdToken => "h",
        Source::CredentialsStsAssumeRole => "i",
        Source::CredentialsStsAssumeRoleSaml => "j",
        Source::CredentialsStsAssumeRoleWebId => "k",
        Source::CredentialsStsFederationToken => "l",
        Source::CredentialsStsSessionToken => "m",
        Source::CredentialsProfile => "n",
        Source::CredentialsProfileSourceProfile => "o",
        Source::CredentialsProfileNamedProvider => "p",
        Source::CredentialsProfileStsWebIdToken => "q",
        Source::CredentialsProfileSso => "r",
        Source::CredentialsSso => "s",
        Source::CredentialsProfileProcess => "v",
        Source::CredentialsProcess => "w",
        Source::CredentialsHttp => "z",
        Source::CredentialsImds => "0",
        Source::CredentialsProfileLogin => "AC",
        Source::CredentialsLogin => "AD",
        _ => return None,
    })
}

/// The libraries to name, each once, in the order in which they were added.
fn frameworks(added: &[FrameworkMetadata]) -> Vec<&FrameworkMetadata> {
    let mut named = Vec::new();
    for framework in added {
        if named.contains(&framework) {
            continue;
        }
        if named.len() == MAX_FRAMEWORKS {
            tracing::warn!("the user agent names the first {MAX_FRAMEWORKS} libraries alone");
            break;
        }
        named.push(framework);
    }
    named
}

/// The text with `-` for every character that a user agent cannot hold.
fn token(text: &str) -> String {
    text.replace(
        |c: char| !c.is_ascii_alphanumeric() && !"!#$%&'*+-.^_`|~".contains(c),
        "-",
    )
}

#[cfg(test)]
mod tests {
    use aws_credential_types::CredentialsBuilder;
    use aws_smithy_types::retry::RetryConfig;
    use aws_types::app_name::AppName;
    use http::HeaderValue;

    use super::*;
    use crate::runtime::configuration::config::Builder;
    use crate::runtime::service::test_service::SERVICE;

    /// What every value starts with.
    fn start() -> String {
        let os = std::env::consts::OS;
        format!(
            "{NAME}/{VERSION} ua/2.1 api/someservice/{VERSION} os/{os} lang/rust/{RUST_VERSION}"
        )
    }

    #[track_caller]
    fn check(
        config: Builder,
        variables: &[(&str, &str)],
        credentials: Option<&Credentials>,
        end: &str,
    ) {
        let environment = Environment::of(variables.iter().copied());
        let value = UserAgent::new(&SERVICE, &config.build(), &environment).value(credentials);
        assert_eq!(value, start() + end);
        HeaderValue::from_str(&value).unwrap();
    }

    fn library(name: String, version: Option<&'static str>) -> FrameworkMetadata {
        FrameworkMetadata::new(name, version).unwrap()
    }

    fn credentials() -> CredentialsBuilder {
        Credentials::builder()
            .access_key_id("AKID")
            .secret_access_key("secret")
            .provider_name("test")
    }

    #[test]
    fn the_least_is_sdk_service_system_language_and_retry_mode() {
        check(Config::builder(), &[], None, " m/E");
    }

    #[test]
    fn everything_has_its_place() {
        let mut credentials = credentials().account_id("123456789012").build();
        credentials.set_property(vec![
            AwsCredentialFeature::CredentialsProfileSourceProfile,
            AwsCredentialFeature::CredentialsStsAssumeRole,
        ]);
        let config = Config::builder()
            .retry_config(RetryConfig::adaptive())
            .endpoint_url("http://localhost")
            .framework_metadata(library("frame".to_owned(), Some("1.0")))
            .framework_metadata(library("work".to_owned(), None))
            .app_name(AppName::new("my-app").unwrap());
        check(
            config,
            &[("AWS_EXECUTION_ENV", "AWS_Lambda_java8")],
            Some(&credentials),
            " exec-env/AWS_Lambda_java8 m/F,N,o,i,T lib/frame/1.0 lib/work app/my-app",
        );
    }

    #[test]
    fn credentials_of_unknown_source_add_nothing() {
        check(Config::builder(), &[], Some(&credentials().build()), " m/E");
    }

    #[test]
    fn what_a_header_cannot_hold_is_replaced() {
        check(
            Config::builder(),
            &[("AWS_EXECUTION_ENV", "a b/c\r\nx: y\u{fc}(1.0)")],
            None,
            " exec-env/a-b-c--x--y--1.0- m/E",
        );
    }

    #[test]
    fn a_blank_execution_environment_is_none() {
        check(
            Config::builder(),
            &[("AWS_EXECUTION_ENV", " ")],
            None,
            " m/E",
        );
    }

    #[test]
    fn ten_libraries_are_named_each_once() {
        let mut config = Config::builder();
        for number in [0, 1, 1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] {
            config.push_framework_metadata(library(format!("n{number}"), None));
        }
        check(
            config,
            &[],
            None,
            " m/E lib/n0 lib/n1 lib/n2 lib/n3 lib/n4 lib/n5 lib/n6 lib/n7 lib/n8 lib/n9",
        );
    }
}
