//! Settings by environment variables and by properties of the selected profile; the former first.

use std::fmt;
use std::path::Path;

use aws_smithy_types::retry::RetryConfig;
use aws_types::app_name::AppName;
use aws_types::region::Region;
use bytes::Bytes;
use tracing::warn;

use crate::runtime::base::environment::Environment;
use crate::runtime::base::untrusted::Untrusted;
use crate::runtime::configuration::profile::ProfileFiles;
use crate::runtime::policy::retry::RetryVersion;

/// Where settings are looked up. Blank ones count as not set.
pub(crate) struct Settings<'a> {
    environment: &'a Environment,
    profiles: &'a ProfileFiles,
}

/// A setting, and where it stands.
pub(crate) struct Setting<'a> {
    pub(crate) value: String,
    pub(crate) origin: Origin<'a>,
}

pub(crate) enum Origin<'a> {
    Variable(&'a str),
    Property(&'a str, &'a str),
}

impl<'a> Settings<'a> {
    pub(crate) fn new(environment: &'a Environment, profiles: &'a ProfileFiles) -> Self {
        Self {
            environment,
            profiles,
        }
    }

    pub(crate) fn region(&self) -> Option<Region> {
        let variable = self
            .variable("AWS_REGION")
            .or_else(|| self.variable("AWS_DEFAULT_REGION"));
        let region = match variable {
            Some(setting) => setting.value,
            None => self.profiles.region().ok()??.to_owned(),
        };
        Some(Region::new(region))
    }

    /// Where [`region`](Self::region) looks.
    pub(crate) fn region_places(&self) -> Vec<String> {
        let profiles = self.profiles;
        let of_files = match profiles.region() {
            Err(why) => format!("the profile files ({why})"),
            Ok(_) if profiles.selected().is_none() => {
                format!("the profile files ({})", profiles.no_profile())
            }
            Ok(_) => {
                let (name, places) = (profiles.selected_name(), profiles.places());
                format!("the profile `{name}` {places}")
            }
        };
        vec![
            "AWS_REGION".to_owned(),
            "AWS_DEFAULT_REGION".to_owned(),
            of_files,
        ]
    }

    /// `true` or `false` in any case; anything else is passed over.
    pub(crate) fn flag(&self, variable: &str, property: &str) -> Option<bool> {
        [self.variable(variable), self.property(property)]
            .into_iter()
            .flatten()
            .find_map(|setting| {
                setting
                    .flag()
                    .inspect_err(|problem| warn!("{problem}; it is ignored"))
                    .ok()
            })
    }

    /// A flag that says which hosts are talked to. Anything but `true` and `false` is an error: who
    /// has set it must not get another host.
    pub(crate) fn endpoint_flag(
        &self,
        variable: &str,
        property: &str,
    ) -> Result<Option<bool>, String> {
        let setting = match self.variable(variable) {
            Some(setting) => Some(setting),
            None => self.readable_property(property)?,
        };
        setting.map(|setting| setting.flag()).transpose()
    }

    /// The service's own URL comes before the one for all services, in each of the sources. None if
    /// such URLs are to be ignored, as `ignore` or the settings say.
    pub(crate) fn endpoint_url(
        &self,
        sdk_id: &str,
        ignore: Option<bool>,
    ) -> Result<Option<String>, String> {
        let ignore = match ignore {
            Some(ignore) => ignore,
            None => self
                .endpoint_flag(
                    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                    "ignore_configured_endpoint_urls",
                )?
                .unwrap_or_default(),
        };
        if ignore {
            return Ok(None);
        }
        let id = sdk_id.replace(' ', "_");
        let own = format!("AWS_ENDPOINT_URL_{}", id.to_ascii_uppercase());
        let variable = self
            .variable(&own)
            .or_else(|| self.variable("AWS_ENDPOINT_URL"));
        if let Some(setting) = variable {
            return Ok(Some(setting.value));
        }
        if let Some(url) = self.service_property(&id.to_ascii_lowercase(), "endpoint_url")? {
            return Ok(Some(url));
        }
        let property = self.readable_property("endpoint_url")?;
        Ok(property.map(|setting| setting.value))
    }

    /// The application's name, by the property's old spelling too; one that a user agent cannot hold
    /// is passed over.
    pub(crate) fn app_name(&self) -> Option<AppName> {
        let Setting { value, origin } = self
            .get("AWS_SDK_UA_APP_ID", "sdk_ua_app_id")
            .or_else(|| self.property("sdk-ua-app-id"))?;
        AppName::new(value)
            .inspect_err(|error| warn!("{origin} is ignored: {error}"))
            .ok()
    }

    pub(crate) fn retry_version(&self) -> Option<RetryVersion> {
        let new = self.variable("AWS_NEW_RETRIES_2026")?.flag();
        let new = new.inspect_err(|problem| warn!("{problem}; it is ignored"));
        Some(if new.ok()? {
            RetryVersion::V2_1
        } else {
            RetryVersion::V2_0
        })
    }

    /// Mode and number of attempts, if either is set; or what is wrong with them.
    pub(crate) fn retry_config(&self) -> Result<Option<RetryConfig>, String> {
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
                    let value = Untrusted(&value);
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
                    let value = Untrusted(&value);
                    return Err(format!(
                        "{origin} is `{value}`: set it to a whole number, 1 or more"
                    ));
                }
            };
        }
        Ok(Some(config))
    }

    /// The certificate authorities to trust, if a file of them is named; or why it cannot be read.
    pub(crate) fn ca_bundle(&self) -> Result<Option<Bytes>, String> {
        let Some(Setting { value, origin }) = self.get("AWS_CA_BUNDLE", "ca_bundle") else {
            return Ok(None);
        };
        let pem = self.environment.read(Path::new(&value));
        pem.map(|pem| Some(pem.into()))
            .map_err(|error| format!("{origin} is `{value}`, which cannot be read: {error}"))
    }

    /// A setting, by either name.
    pub(crate) fn get<'b>(&'b self, variable: &'b str, property: &'b str) -> Option<Setting<'b>> {
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
            value: self.profiles.selected()?.get(name)?.to_owned(),
            origin: Origin::Property(name, self.profiles.selected_name()),
        })
    }

    /// A property, unless there is a line that seems to set it and cannot be read.
    fn readable_property<'b>(&'b self, name: &'b str) -> Result<Option<Setting<'b>>, String> {
        match self.profiles.unread(name) {
            Some(why) => Err(format!("{name} cannot be read: {why}")),
            None => Ok(self.property(name)),
        }
    }

    /// A property of a service in the `services` section that the profile names.
    fn service_property(&self, service: &str, name: &str) -> Result<Option<String>, String> {
        let Some(Setting { value, origin }) = self.readable_property("services")? else {
            return Ok(None);
        };
        let section = self.profiles.services(&value).ok_or_else(|| {
            let places = self.profiles.places();
            format!("{origin} is `{value}`, and there is no section [services {value}] {places}")
        })?;
        // The line of the service itself can be wrong, and the one of a service that has none.
        for line in [service, &format!("{service}.{name}"), name] {
            if let Some(why) = section.unread(line) {
                return Err(format!("{name} of {service} cannot be read: {why}"));
            }
        }
        Ok(section.nested(service, name).map(str::to_owned))
    }
}

impl Setting<'_> {
    fn flag(&self) -> Result<bool, String> {
        let Self { value, origin } = self;
        match &*value.to_ascii_lowercase() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => {
                let value = Untrusted(value);
                Err(format!(
                    "{origin} is `{value}`: set it to `true` or `false`"
                ))
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
