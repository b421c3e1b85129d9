//! JSON objects in which credentials and tokens come.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::attributes::AccountId;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde_json::{Map, Value};

/// A JSON object. The case of member names does not matter: those who write such objects do not
/// agree on it. Errors name members and never show values.
#[derive(Clone)]
pub(super) struct Document(Map<String, Value>);

impl Document {
    pub(super) fn parse(json: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(json)
            .map(Self)
            .map_err(|error| format!("it is not a JSON object: {error}"))
    }

    pub(super) fn to_json(&self) -> String {
        Value::Object(self.0.clone()).to_string()
    }

    /// The text of a member; none if it is absent or not text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    pub(super) fn required_text(&self, name: &str) -> Result<&str, String> {
        self.text(name).ok_or_else(|| missing(name))
    }

    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        self.get(name)?.as_i64()
    }

    pub(super) fn object(&self, name: &str) -> Option<Self> {
        self.get(name)?.as_object().cloned().map(Self)
    }

    /// A member that is a date and time such as `2080-10-16T03:56:45Z`.
    pub(super) fn time(&self, name: &str) -> Result<Option<SystemTime>, String> {
        self.text(name)
            .map(|text| {
                parse_time(text).ok_or_else(|| format!("`{name}` in it is not a date and time"))
            })
            .transpose()
    }

    pub(super) fn required_time(&self, name: &str) -> Result<SystemTime, String> {
        self.time(name)?.ok_or_else(|| missing(name))
    }

    /// When a token expires that comes with its lifetime in seconds; as [`time`](Self::time) reads
    /// it.
    pub(super) fn expires_at(&self, now: SystemTime) -> Result<String, String> {
        self.integer("expiresIn")
            .and_then(|seconds| u64::try_from(seconds).ok())
            .and_then(|seconds| now.checked_add(Duration::from_secs(seconds)))
            .and_then(|expiry| DateTime::from(expiry).fmt(Format::DateTime).ok())
            .ok_or_else(|| "`expiresIn` is missing or invalid in it".to_owned())
    }

    /// Sets a member, whatever the case of its name is by now.
    pub(super) fn set(&mut self, name: &str, value: impl Into<Value>) {
        let known = self.0.keys().find(|known| known.eq_ignore_ascii_case(name));
        let name = known.cloned().unwrap_or_else(|| name.to_owned());
        self.0.insert(name, value.into());
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The credentials in the answer of a metadata service; all members but the account are needed.
    pub(super) fn credentials(&self, provider: &'static str) -> Result<Credentials, String> {
        let mut builder = Credentials::builder()
            .access_key_id(self.required_text("AccessKeyId")?)
            .secret_access_key(self.required_text("SecretAccessKey")?)
            .session_token(self.required_text("Token")?)
            .expiry(self.required_time("Expiration")?)
            .provider_name(provider);
        builder.set_account_id(self.text("AccountId").map(AccountId::from));
        Ok(builder.build())
    }
}

fn missing(name: &str) -> String {
    format!("`{name}` is missing in it")
}

pub(super) fn parse_time(text: &str) -> Option<SystemTime> {
    let time = DateTime::from_str(text, Format::DateTimeWithOffset).ok()?;
    SystemTime::try_from(time).ok()
}

impl From<Document> for Value {
    fn from(document: Document) -> Self {
        Self::Object(document.0)
    }
}
