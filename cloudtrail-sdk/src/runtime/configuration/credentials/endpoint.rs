//! Where the AWS services are that credentials come from.

use aws_credential_types::provider::error::CredentialsError;
use http::Uri;

use super::context::Context;
use super::failure::invalid;
use crate::runtime::service::endpoint::functions::is_valid_host_label;

/// A service that gives credentials or tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    Sts,
    SsoPortal,
    SsoOidc,
    SignIn,
}

impl Service {
    fn sdk_id(self) -> &'static str {
        match self {
            Self::Sts => "STS",
            Self::SsoPortal => "SSO",
            Self::SsoOidc => "SSO OIDC",
            Self::SignIn => "Signin",
        }
    }

    fn host_prefix(self) -> &'static str {
        match self {
            Self::Sts => "sts",
            Self::SsoPortal => "portal.sso",
            Self::SsoOidc => "oidc",
            Self::SignIn => "signin",
        }
    }
}

/// The URL of a service: the configured one, or else the one of the region.
pub(super) fn url(
    context: &Context,
    service: Service,
    region: &str,
    path: &str,
) -> Result<Uri, CredentialsError> {
    let configured = context
        .settings()
        .endpoint_url(service.sdk_id(), context.ignore_configured_endpoint_urls);
    let base = match configured.map_err(invalid)? {
        Some(url) if context.use_fips || context.use_dual_stack => {
            // The URL itself may hold a password.
            drop(url);
            return Err(invalid(format!(
                "the endpoint URL configured for {} cannot be combined with FIPS or dual-stack",
                service.sdk_id()
            )));
        }
        Some(url) => url,
        None => format!("https://{}", host(context, service, region)?),
    };
    join(&base, path).ok_or_else(|| {
        invalid(format!(
            "the endpoint URL configured for {} is not a URL of http or https without a user",
            service.sdk_id()
        ))
    })
}

/// A path below a URL of `http` or `https` without a user; none if it is not one.
pub(super) fn join(base: &str, path: &str) -> Option<Uri> {
    let uri: Uri = format!("{}{path}", base.trim_end_matches('/'))
        .parse()
        .ok()?;
    let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
    // A user and a password would go nowhere but into logs.
    let is_plain = uri
        .authority()
        .is_some_and(|authority| !authority.as_str().contains('@'));
    (is_web && is_plain && uri.host().is_some_and(|host| !host.is_empty())).then_some(uri)
}

/// The service's host in a region, as its endpoint rules have it.
fn host(context: &Context, service: Service, region: &str) -> Result<String, CredentialsError> {
    if !is_valid_host_label(region, false) {
        return Err(invalid(format!(
            "`{region}` is not the name of a region: it has letters, digits and hyphens"
        )));
    }
    let partition = context.partitions.of_region(region);
    let (fips, dual_stack) = (context.use_fips, context.use_dual_stack);
    if fips && !partition.supports_fips || dual_stack && !partition.supports_dual_stack {
        return Err(invalid(format!(
            "the partition `{}` of the region `{region}` lacks FIPS or dual-stack endpoints; turn \
             them off",
            partition.name
        )));
    }
    let prefix = service.host_prefix();
    let suffix = if dual_stack {
        partition.dual_stack_dns_suffix
    } else {
        partition.dns_suffix
    };
    Ok(match (fips, dual_stack, partition.name) {
        (true, false, "aws-us-gov") if service == Service::SignIn => match region {
            "us-gov-west-1" => "signin-fips.amazonaws-us-gov.com".to_owned(),
            _ => format!("{region}.signin-fips.amazonaws-us-gov.com"),
        },
        (true, false, "aws-us-gov") => format!("{prefix}.{region}.{suffix}"),
        (true, ..) => format!("{prefix}-fips.{region}.{suffix}"),
        (false, false, name) if service == Service::SignIn => {
            format!("{region}.signin.{}", sign_in_domain(name, suffix))
        }
        _ => format!("{prefix}.{region}.{suffix}"),
    })
}

/// The console's domain in a partition, below which people sign in.
fn sign_in_domain(partition: &str, dns_suffix: &'static str) -> &'static str {
    match partition {
        "aws" => "aws.amazon.com",
        "aws-cn" => "amazonaws.cn",
        "aws-us-gov" => "amazonaws-us-gov.com",
        "aws-iso" => "c2shome.ic.gov",
        "aws-iso-b" => "sc2shome.sgov.gov",
        "aws-iso-e" => "csphome.adc-e.uk",
        "aws-iso-f" => "csphome.hci.ic.gov",
        "aws-eusc" => "amazonaws-eusc.eu",
        _ => dns_suffix,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::runtime::base::environment::Environment;
    use crate::runtime::base::time::SharedClock;
    use crate::runtime::configuration::profile::ProfileFiles;
    use crate::runtime::policy::retry::Retries;
    use crate::runtime::service::endpoint::partition::{Partition, Partitions};
    use crate::runtime::service::test_service::AWS;
    use crate::runtime::wire::http::SharedTransport;

    static PARTITIONS: Partitions = Partitions {
        default: AWS,
        others: &[
            Partition {
                name: "aws-us-gov",
                region_prefixes: &["us-gov"],
                ..AWS
            },
            Partition {
                name: "aws-cn",
                dns_suffix: "amazonaws.com.cn",
                dual_stack_dns_suffix: "api.amazonwebservices.com.cn",
                region_prefixes: &["cn"],
                ..AWS
            },
            Partition {
                name: "aws-iso",
                dns_suffix: "c2s.ic.gov",
                supports_dual_stack: false,
                region_prefixes: &["us-iso"],
                ..AWS
            },
        ],
    };

    fn context(variables: &[(&str, &str)], use_fips: bool, use_dual_stack: bool) -> Context {
        let environment = Environment::of(variables.iter().copied());
        Context {
            profiles: Arc::new(ProfileFiles::load(&environment, None)),
            ignore_configured_endpoint_urls: None,
            environment,
            transport: SharedTransport::default(),
            metadata_transport: SharedTransport::default(),
            retries: Retries::new(None, None, &SharedClock::default()),
            clock_skew: None,
            time: SharedClock::default(),
            region: None,
            use_fips,
            use_dual_stack,
            partitions: &PARTITIONS,
        }
    }

    #[test]
    fn hosts_follow_the_endpoint_rules_of_the_services() {
        use Service::{SignIn, SsoOidc, SsoPortal, Sts};
        for (service, region, fips, dual_stack, expected) in [
            (
                Sts,
                "us-east-1",
                false,
                false,
                "sts.us-east-1.amazonaws.com",
            ),
            (
                Sts,
                "us-east-1",
                true,
                false,
                "sts-fips.us-east-1.amazonaws.com",
            ),
            (Sts, "us-east-1", false, true, "sts.us-east-1.api.aws"),
            (Sts, "us-east-1", true, true, "sts-fips.us-east-1.api.aws"),
            (
                Sts,
                "us-gov-east-1",
                true,
                false,
                "sts.us-gov-east-1.amazonaws.com",
            ),
            (
                Sts,
                "us-gov-east-1",
                true,
                true,
                "sts-fips.us-gov-east-1.api.aws",
            ),
            (
                Sts,
                "cn-north-1",
                false,
                false,
                "sts.cn-north-1.amazonaws.com.cn",
            ),
            (
                SsoPortal,
                "us-west-2",
                false,
                false,
                "portal.sso.us-west-2.amazonaws.com",
            ),
            (
                SsoPortal,
                "us-west-2",
                true,
                true,
                "portal.sso-fips.us-west-2.api.aws",
            ),
            (
                SsoOidc,
                "us-west-2",
                false,
                false,
                "oidc.us-west-2.amazonaws.com",
            ),
            (
                SsoOidc,
                "us-gov-west-1",
                true,
                false,
                "oidc.us-gov-west-1.amazonaws.com",
            ),
            (
                SignIn,
                "us-east-1",
                false,
                false,
                "us-east-1.signin.aws.amazon.com",
            ),
            (
                SignIn,
                "us-east-1",
                true,
                false,
                "signin-fips.us-east-1.amazonaws.com",
            ),
            (SignIn, "us-east-1", false, true, "signin.us-east-1.api.aws"),
            (
                SignIn,
                "cn-north-1",
                false,
                false,
                "cn-north-1.signin.amazonaws.cn",
            ),
            (
                SignIn,
                "us-gov-west-1",
                true,
                false,
                "signin-fips.amazonaws-us-gov.com",
            ),
            (
                SignIn,
                "us-gov-east-1",
                true,
                false,
                "us-gov-east-1.signin-fips.amazonaws-us-gov.com",
            ),
        ] {
            let context = context(&[], fips, dual_stack);
            let url = url(&context, service, region, "/x").unwrap();
            assert_eq!(url.to_string(), format!("https://{expected}/x"));
        }
    }

    #[test]
    fn people_sign_in_at_the_console_of_their_partition() {
        for (partition, domain) in [
            ("aws", "aws.amazon.com"),
            ("aws-cn", "amazonaws.cn"),
            ("aws-us-gov", "amazonaws-us-gov.com"),
            ("aws-iso", "c2shome.ic.gov"),
            ("aws-iso-b", "sc2shome.sgov.gov"),
            ("aws-iso-e", "csphome.adc-e.uk"),
            ("aws-iso-f", "csphome.hci.ic.gov"),
            ("aws-eusc", "amazonaws-eusc.eu"),
            ("aws-new", "suffix"),
        ] {
            assert_eq!(sign_in_domain(partition, "suffix"), domain);
        }
    }

    #[test]
    fn a_url_is_one_of_http_with_a_host() {
        for (base, joined) in [
            ("http://h", Some("http://h/x")),
            ("https://h:1/a/", Some("https://h:1/a/x")),
            ("h", None),
            ("ftp://h", None),
            ("http://", None),
            ("http://:80", None),
            ("http://a b", None),
        ] {
            let uri = join(base, "/x").map(|uri| uri.to_string());
            assert_eq!(uri.as_deref(), joined, "{base}");
        }
    }

    #[test]
    fn regions_and_urls_that_lead_elsewhere_are_refused() {
        let refused = |variables: &[(&str, &str)], region, fips, dual_stack| {
            let context = context(variables, fips, dual_stack);
            let error = url(&context, Service::Sts, region, "/").unwrap_err();
            assert!(matches!(error, CredentialsError::InvalidConfiguration(_)));
            crate::runtime::configuration::credentials::failure::reason(&error)
        };
        for region in ["", "evil.com/", "x.y", "-a", "a@b"] {
            assert!(refused(&[], region, false, false).contains(&format!("`{region}`")));
        }
        assert!(refused(&[], "us-iso-east-1", false, true).contains("`aws-iso`"));
        for (url, fips) in [
            ("https://user:secret@sts", true),
            ("ftp://sts", false),
            ("x", false),
        ] {
            let message = refused(&[("AWS_ENDPOINT_URL_STS", url)], "us-east-1", fips, false);
            assert!(message.contains("configured for STS"), "{message}");
            assert!(!message.contains("secret"), "{message}");
        }
    }

    #[test]
    fn the_url_of_the_service_wins_and_all_can_be_ignored() {
        let all = ("AWS_ENDPOINT_URL", "https://all");
        let own = ("AWS_ENDPOINT_URL_SSO_OIDC", "https://own/");
        let ignore = ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "TRUE");
        for (variables, expected) in [
            (vec![all], "https://all/token"),
            (vec![all, own], "https://own/token"),
            (
                vec![all, own, ignore],
                "https://oidc.us-east-1.amazonaws.com/token",
            ),
        ] {
            let context = context(&variables, false, false);
            let url = url(&context, Service::SsoOidc, "us-east-1", "/token").unwrap();
            assert_eq!(url.to_string(), expected);
        }
    }
}
