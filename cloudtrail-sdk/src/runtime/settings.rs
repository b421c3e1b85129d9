//! Settings by environment variables and by properties of the selected profile; the former first.

use std::fmt;
use std::path::Path;

use aws_smithy_types::retry::RetryConfig;
use aws_types::app_name::AppName;
use aws_types::region::Region;
use bytes::Bytes;
use tracing::warn;

use super::environment::Environment;
use super::profile::{ProfileFiles, Section};
use super::retry::RetryVersion;

/// Where settings are looked up. Blank ones count as not set.
pub(super) struct Settings<'a> {
    environment: &'a Environment,
    profiles: Option<&'a ProfileFiles>,
}

/// A setting, and where it stands.
struct Setting<'a> {
    value: String,
    origin: Origin<'a>,
}

enum Origin<'a> {
    Variable(&'a str),
    Property(&'a str, &'a str),
}

impl<'a> Settings<'a> {
    pub(super) fn new(environment: &'a Environment, profiles: Option<&'a ProfileFiles>) -> Self {
        Self {
            environment,
            profiles,
        }
    }

    pub(super) fn region(&self) -> Option<Region> {
        self.variable("AWS_REGION")
            .or_else(|| self.get("AWS_DEFAULT_REGION", "region"))
            .map(|setting| Region::new(setting.value))
    }

    /// Where [`region`](Self::region) looks.
    pub(super) fn region_places(&self) -> Vec<String> {
        let profile = self.profiles.map(|profiles| {
            let name = profiles.selected_name();
            let file = profiles.config_file.as_ref();
            let file = file.map_or_else(
                || "no configuration file".to_owned(),
                |file| file.display().to_string(),
            );
            match profiles.selected() {
                Some(_) => format!("the profile `{name}` in {file}"),
                None => format!("the profile `{name}`, which is not in {file}"),
            }
        });
        ["AWS_REGION", "AWS_DEFAULT_REGION"]
            .map(str::to_owned)
            .into_iter()
            .chain(profile)
            .collect()
    }

    /// `true` or `false` in any case; anything else is passed over.
    pub(super) fn flag(&self, variable: &str, property: &str) -> Option<bool> {
        [self.variable(variable), self.property(property)]
            .into_iter()
            .flatten()
            .find_map(|setting| setting.flag())
    }

    /// The service's own URL comes before the one for all services, in each of the sources. None if
    /// such URLs are to be ignored, as `ignore` or the settings say.
    pub(super) fn endpoint_url(&self, sdk_id: &str, ignore: Option<bool>) -> Option<String> {
        let ignore = ignore.or_else(|| {
            self.flag(
                "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                "ignore_configured_endpoint_urls",
            )
        });
        if ignore == Some(true) {
            return None;
        }
        let id = sdk_id.replace(' ', "_");
        self.variable(&format!("AWS_ENDPOINT_URL_{}", id.to_ascii_uppercase()))
            .or_else(|| self.variable("AWS_ENDPOINT_URL"))
            .map(|setting| setting.value)
            .or_else(|| self.service_property(&id, "endpoint_url"))
            .or_else(|| Some(self.property("endpoint_url")?.value))
    }

    /// The application's name; one that a user agent cannot hold is passed over.
    pub(super) fn app_name(&self) -> Option<AppName> {
        let Setting { value, origin } = self.get("AWS_SDK_UA_APP_ID", "sdk_ua_app_id")?;
        AppName::new(value)
            .inspect_err(|error| warn!("{origin} is ignored: {error}"))
            .ok()
    }

    pub(super) fn retry_version(&self) -> Option<RetryVersion> {
        let new = self.variable("AWS_NEW_RETRIES_2026")?.flag()?;
        Some(if new {
            RetryVersion::V2_1
        } else {
            RetryVersion::V2_0
        })
    }

    /// Mode and number of attempts, if either is set; or what is wrong with them.
    pub(super) fn retry_config(&self) -> Result<Option<RetryConfig>, String> {
        let mode = self.get("AWS_RETRY_MODE", "retry_mode");
        let attempts = self.get("AWS_MAX_ATTEMPTS", "max_attempts");
        if mode.is_none() && attempts.is_none() {
            return Ok(None);
        }
        let mut config = RetryConfig::standard();
        if let Some(Setting { value, origin }) = mode {
            config = match &*value.to_ascii_lowercase() {
                // What `legacy` was is gone everywhere; the AWS CLI still writes it.
                "standard" | "legacy" => config,
                "adaptive" => RetryConfig::adaptive(),
                _ => {
                    return Err(format!(
                        "{origin} is `{value}`: set it to `standard` or `adaptive`"
                    ));
                }
            };
        }
        if let Some(Setting { value, origin }) = attempts {
            config = match value.parse() {
                Ok(attempts @ 1..) => config.with_max_attempts(attempts),
                _ => {
                    return Err(format!(
                        "{origin} is `{value}`: set it to a whole number, 1 or more"
                    ));
                }
            };
        }
        Ok(Some(config))
    }

    /// The certificate authorities to trust, if a file of them is named; or why it cannot be read.
    pub(super) fn ca_bundle(&self) -> Result<Option<Bytes>, String> {
        let Some(Setting { value, origin }) = self.get("AWS_CA_BUNDLE", "ca_bundle") else {
            return Ok(None);
        };
        let pem = self.environment.read(Path::new(&value));
        pem.map(|pem| Some(pem.into()))
            .map_err(|error| format!("{origin} is `{value}`, which cannot be read: {error}"))
    }

    /// A setting as text, by either name.
    pub(super) fn text(&self, variable: &str, property: &str) -> Option<String> {
        Some(self.get(variable, property)?.value)
    }

    fn get<'b>(&'b self, variable: &'b str, property: &'b str) -> Option<Setting<'b>> {
        self.variable(variable).or_else(|| self.property(property))
    }

    fn variable<'b>(&self, name: &'b str) -> Option<Setting<'b>> {
        Some(Setting {
            value: self.environment.var(name)?,
            origin: Origin::Variable(name),
        })
    }

    fn property<'b>(&'b self, name: &'b str) -> Option<Setting<'b>> {
        Some(Setting {
            value: not_blank(self.profile()?.get(name))?,
            origin: Origin::Property(name, self.profiles?.selected_name()),
        })
    }

    /// A property of a service in the `services` section that the profile names.
    fn service_property(&self, service: &str, name: &str) -> Option<String> {
        let Setting { value, origin } = self.property("services")?;
        let section = self.profiles?.services(&value);
        if section.is_none() {
            warn!("{origin} is `{value}`, and there is no section [services {value}]");
        }
        not_blank(section?.nested(service, name))
    }

    fn profile(&self) -> Option<&'a Section> {
        self.profiles?.selected()
    }
}

impl Setting<'_> {
    fn flag(&self) -> Option<bool> {
        let Self { value, origin } = self;
        match &*value.to_ascii_lowercase() {
            "true" => Some(true),
            "false" => Some(false),
            _ => {
                warn!("{origin} is `{value}`, which is ignored: set it to `true` or `false`");
                None
            }
        }
    }
}

impl fmt::Display for Origin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => f.write_str(name),
            Self::Property(name, profile) => write!(f, "{name} of profile {profile}"),
        }
    }
}

fn not_blank(value: Option<&str>) -> Option<String> {
    value.filter(|value| !value.is_empty()).map(str::to_owned)
}
