//! Endpoints: where a request goes and how it is signed for that place.
//!
//! The rules that decide stand in the model of a service; the generator turns them into a function
//! from [`Params`] to an [`Endpoint`]. Here is what that function is made of: its input, its
//! results, the [functions] of the rules language and the [partition]s of AWS.

#![allow(
    dead_code,
    reason = "the rules of one service use a part of the rules language"
)]

pub(crate) mod functions;
pub(crate) mod partition;
pub(crate) mod resolver;

use std::borrow::Cow;
use std::fmt;

/// What the rules of a service may ask for.
///
/// The fields are the built-ins of the rules language. Everything else is a parameter that only
/// this service has, set by its name in the rules from an operation's input or from the client's
/// configuration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params {
    pub(crate) region: Option<String>,
    pub(crate) use_dual_stack: Option<bool>,
    pub(crate) use_fips: Option<bool>,
    /// The endpoint that the user has configured.
    pub(crate) endpoint: Option<String>,
    pub(crate) account_id: Option<String>,
    pub(crate) account_id_endpoint_mode: Option<String>,
    pub(crate) credential_scope: Option<String>,
    pub(crate) named: Vec<(&'static str, ParamValue)>,
}

/// The value of a parameter that only one service has.
#[derive(Clone, Debug, PartialEq)]
pub enum ParamValue {
    String(String),
    Boolean(bool),
    StringList(Vec<String>),
}

impl Params {
    /// Sets a parameter by its name in the rules. A value set before is replaced, so set the least
    /// specific one first.
    pub(crate) fn set(&mut self, name: &'static str, value: impl Into<ParamValue>) {
        self.named.retain(|(known, _)| *known != name);
        self.named.push((name, value.into()));
    }

    /// The region of the client.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Whether the endpoint has to speak IPv4 and IPv6.
    pub fn use_dual_stack(&self) -> Option<bool> {
        self.use_dual_stack
    }

    /// Whether the endpoint has to comply with FIPS 140.
    pub fn use_fips(&self) -> Option<bool> {
        self.use_fips
    }

    /// The endpoint URL that is configured.
    pub fn endpoint(&self) -> Option<&str> {
        self.endpoint.as_deref()
    }

    pub(crate) fn account_id(&self) -> Option<&str> {
        self.account_id.as_deref()
    }

    pub(crate) fn account_id_endpoint_mode(&self) -> Option<&str> {
        self.account_id_endpoint_mode.as_deref()
    }

    pub(crate) fn credential_scope(&self) -> Option<&str> {
        self.credential_scope.as_deref()
    }

    pub(crate) fn string(&self, name: &str) -> Option<&str> {
        match self.named(name)? {
            ParamValue::String(value) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn boolean(&self, name: &str) -> Option<bool> {
        match self.named(name)? {
            ParamValue::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn string_list(&self, name: &str) -> Option<Vec<&str>> {
        match self.named(name)? {
            ParamValue::StringList(values) => Some(values.iter().map(String::as_str).collect()),
            _ => None,
        }
    }

    fn named(&self, name: &str) -> Option<&ParamValue> {
        self.named
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }
}

impl From<&str> for ParamValue {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

impl From<String> for ParamValue {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

impl From<bool> for ParamValue {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<Vec<String>> for ParamValue {
    fn from(values: Vec<String>) -> Self {
        Self::StringList(values)
    }
}

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) url: String,
    /// Headers to add; a name may stand several times.
    pub(crate) headers: Vec<(Cow<'static, str>, String)>,
    pub(crate) auth_schemes: Vec<AuthScheme>,
    /// What else the rules say, in words that only some services have.
    pub(crate) properties: Vec<(&'static str, Property)>,
}

impl Endpoint {
    pub(crate) fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            headers: Vec::new(),
            auth_schemes: Vec::new(),
            properties: Vec::new(),
        }
    }

    pub(crate) fn header(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
    ) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(crate) fn auth_scheme(mut self, scheme: AuthScheme) -> Self {
        self.auth_schemes.push(scheme);
        self
    }

    pub(crate) fn property(mut self, name: &'static str, value: Property) -> Self {
        self.properties.push((name, value));
        self
    }

    /// What this endpoint changes about signing with SigV4.
    ///
    /// The endpoint's schemes adjust the scheme that the client signs with; they do not choose it,
    /// so an endpoint that names only other schemes changes nothing.
    pub(crate) fn sigv4(&self) -> Option<&AuthScheme> {
        self.auth_schemes
            .iter()
            .find(|scheme| scheme.name == "sigv4")
    }
}

/// What an endpoint changes about signing by one scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuthScheme {
    pub(crate) name: &'static str,
    /// The service to sign for, if not the client's.
    pub(crate) signing_name: Option<String>,
    /// The region to sign for, if not the client's.
    pub(crate) signing_region: Option<String>,
    /// The regions to sign for, where a signature may serve several.
    pub(crate) signing_region_set: Vec<String>,
    pub(crate) disable_double_encoding: bool,
    pub(crate) disable_normalize_path: bool,
}

impl AuthScheme {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            signing_name: None,
            signing_region: None,
            signing_region_set: Vec::new(),
            disable_double_encoding: false,
            disable_normalize_path: false,
        }
    }

    pub(crate) fn signing_name(mut self, name: impl Into<String>) -> Self {
        self.signing_name = Some(name.into());
        self
    }

    pub(crate) fn signing_region(mut self, region: impl Into<String>) -> Self {
        self.signing_region = Some(region.into());
        self
    }

    pub(crate) fn signing_region_set(mut self, regions: &[&str]) -> Self {
        self.signing_region_set = regions.iter().copied().map(str::to_owned).collect();
        self
    }

    pub(crate) fn disable_double_encoding(mut self) -> Self {
        self.disable_double_encoding = true;
        self
    }

    pub(crate) fn disable_normalize_path(mut self) -> Self {
        self.disable_normalize_path = true;
        self
    }
}

/// A property of an endpoint that the rules language leaves open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Property {
    Boolean(bool),
    String(String),
    List(Vec<Property>),
    Map(Vec<(&'static str, Property)>),
}

impl From<&str> for Property {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

impl From<String> for Property {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

/// Why there is no endpoint for a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointError {
    message: String,
}

/// The end of a rule that refuses the parameters, with the message of the rule.
pub(crate) fn refuse(message: impl Into<String>) -> Result<Endpoint, EndpointError> {
    Err(EndpointError::new(message))
}

impl EndpointError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }

    pub(crate) fn missing_parameter(name: &str) -> Self {
        Self::new(format!(
            "the endpoint parameter `{name}` is required and has no value"
        ))
    }

    pub(crate) fn no_rule_matched() -> Self {
        Self::new("no endpoint rule of the service applies to this configuration")
    }
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EndpointError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_of_a_parameter_counts() {
        let mut params = Params::default();
        params.set("StreamARN", "first");
        params.set("StreamARN", "second");
        params.set("Flag", true);
        params.set("Keys", vec!["a".to_owned(), "b".to_owned()]);

        assert_eq!(params.string("StreamARN"), Some("second"));
        assert_eq!(params.boolean("Flag"), Some(true));
        assert_eq!(params.string_list("Keys"), Some(vec!["a", "b"]));
        assert_eq!(params.string("Unknown"), None);
    }

    #[test]
    fn rules_get_what_the_configuration_says() {
        let params = Params {
            region: Some("us-east-1".to_owned()),
            use_dual_stack: Some(true),
            use_fips: Some(false),
            endpoint: Some("https://example.com".to_owned()),
            account_id: Some("123456789012".to_owned()),
            account_id_endpoint_mode: Some("preferred".to_owned()),
            credential_scope: Some("us-west-2".to_owned()),
            ..Params::default()
        };
        assert_eq!(params.region(), Some("us-east-1"));
        assert_eq!(params.use_dual_stack(), Some(true));
        assert_eq!(params.use_fips(), Some(false));
        assert_eq!(params.endpoint(), Some("https://example.com"));
        assert_eq!(params.account_id(), Some("123456789012"));
        assert_eq!(params.account_id_endpoint_mode(), Some("preferred"));
        assert_eq!(params.credential_scope(), Some("us-west-2"));
    }

    #[test]
    fn schemes_other_than_sigv4_leave_signing_alone() {
        let endpoint = Endpoint::new("https://example.com").auth_scheme(AuthScheme::new("sigv4a"));
        assert_eq!(endpoint.sigv4(), None);

        let scheme = AuthScheme::new("sigv4").signing_region("us-east-1");
        let endpoint = endpoint.auth_scheme(scheme.clone());
        assert_eq!(endpoint.sigv4(), Some(&scheme));
    }

    #[test]
    fn errors_say_what_the_rules_say() {
        let error = refuse("Invalid Configuration: Missing Region").expect_err("it is an error");
        assert_eq!(error.to_string(), "Invalid Configuration: Missing Region");
        let error = EndpointError::missing_parameter("Region");
        assert_eq!(
            error.to_string(),
            "the endpoint parameter `Region` is required and has no value"
        );
    }
}
