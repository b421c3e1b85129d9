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
        match serde_json::from_slice(json) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(_) => Err("it is not a JSON object".to_owned()),
            Err(error) => Err(format!("it is not a JSON object: {error}")),
        }
    }

    pub(super) fn to_json(&self) -> String {
        Value::Object(self.0.clone()).to_string()
    }

    /// The text of a member; none if it is absent, blank or not text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let text = self.get(name)?.as_str();
        text.filter(|text| !text.trim().is_empty())
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

    /// A member that is a date and time; none if it is absent, null or blank.
    pub(super) fn time(&self, name: &str) -> Result<Option<SystemTime>, String> {
        match self.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            Some(value) => match value.as_str().and_then(parse_time) {
                Some(time) => Ok(Some(time)),
                None => Err(bad_time(name)),
            },
        }
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

/// The error that a member is no date and time.
pub(super) fn bad_time(name: &str) -> String {
    format!(
        "`{name}` in it is not a date and time such as `2026-11-27T10:00:00Z`, \
         `2026-11-27T11:00:00+01:00` or, in UTC, `2026-11-27 10:00:00`"
    )
}

/// Reads a date and time as ISO 8601 has it or as programs print it: with a blank for the `T`, with
/// `UTC` or an offset without a colon for the zone, or without a zone, which means UTC.
pub(super) fn parse_time(text: &str) -> Option<SystemTime> {
    let text = text.trim().to_ascii_uppercase();
    let (date, time) = text.split_once(['T', ' '])?;
    let is_zone = |c: char| !c.is_ascii_digit() && c != ':' && c != '.';
    let (time, zone) = time.split_at(time.find(is_zone).unwrap_or(time.len()));
    let zone = match zone.trim() {
        "" | "Z" | "UTC" | "GMT" | "+0000 UTC" => "Z".to_owned(),
        offset => {
            let (hours, minutes) = offset.split_at_checked(3)?;
            let minutes = match minutes {
                "" => "00",
                minutes => minutes.strip_prefix(':').unwrap_or(minutes),
            };
            format!("{hours}:{minutes}")
        }
    };
    let text = format!("{date}T{time}{zone}");
    let time = DateTime::from_str(&text, Format::DateTimeWithOffset).ok()?;
    SystemTime::try_from(time).ok()
}

/// Whether there is more than `buffer` from now to the expiry.
pub(super) fn lasts(expiry: SystemTime, now: SystemTime, buffer: Duration) -> bool {
    expiry.duration_since(now).is_ok_and(|left| left > buffer)
}

impl From<Document> for Value {
    fn from(document: Document) -> Self {
        Self::Object(document.0)
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    /// 2026-11-27T10:00:00Z.
    const SECONDS: u64 = 1_795_773_600;

    fn time(value: &str) -> Result<Option<SystemTime>, String> {
        let document = Document::parse(format!(r#"{{"when":{value}}}"#).as_bytes());
        document.unwrap().time("When")
    }

    #[test]
    fn times_are_read_as_programs_print_them() {
        for (text, milliseconds) in [
            ("2026-11-27T10:00:00Z", 0),
            ("2026-11-27t10:00:00z", 0),
            ("2026-11-27 10:00:00", 0),
            ("2026-11-27T10:00:00", 0),
            ("2026-11-27T10:00:00.25", 250),
            ("2026-11-27 10:00:00.25Z", 250),
            ("2026-11-27 10:00:00.250000 UTC", 250),
            ("2026-11-27 10:00:00 UTC", 0),
            ("2026-11-27 10:00:00 utc", 0),
            ("2026-11-27T10:00:00UTC", 0),
            ("2026-11-27T10:00:00 GMT", 0),
            ("2026-11-27 10:00:00 +0000 UTC", 0),
            ("2026-11-27 10:00:00 Z", 0),
            ("2026-11-27T10:00:00+0000", 0),
            ("2026-11-27T10:00:00+00:00", 0),
            ("2026-11-27T10:00:00-00:00", 0),
            ("2026-11-27T10:00:00+00", 0),
            ("2026-11-27T11:30:00+0130", 0),
            ("2026-11-27 02:00:00.25 -0800", 250),
            ("2026-11-27T12:00:00+02", 0),
            ("  2026-11-27T10:00:00Z\t", 0),
        ] {
            let expected = UNIX_EPOCH + Duration::from_millis(SECONDS * 1000 + milliseconds);
            assert_eq!(parse_time(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_names_the_forms() {
        let message = "`When` in it is not a date and time such as `2026-11-27T10:00:00Z`, \
                       `2026-11-27T11:00:00+01:00` or, in UTC, `2026-11-27 10:00:00`";
        for value in [
            "\"soon\"",
            "\"2026-11-27\"",
            "\"2026-11-27 \"",
            "\"2026-11-27T\"",
            "\"2026-11-27T10\"",
            "\"2026-11-27T10:00:00 CET\"",
            "\"2026-11-27T10:00:00+é\"",
            "\"2026-11-27T10:00:00+1\"",
            "\"2026-11-27T10:00:00+00:\"",
            "\"2026-11-27T10:00:00+99:00\"",
            "\"2026-13-27T10:00:00Z\"",
            "\"2026-11-27T10:00:00Z tomorrow\"",
            "\"20261127T100000Z\"",
            "\"99999999999999999999-11-27T10:00:00Z\"",
            "1795773600",
            "true",
            "{}",
        ] {
            assert_eq!(time(value).unwrap_err(), message, "{value}");
        }
    }

    #[test]
    fn a_blank_time_is_none() {
        for value in ["null", "\"\"", "\" \\t\""] {
            assert_eq!(time(value), Ok(None), "{value}");
            let json = format!(r#"{{"When":{value}}}"#);
            let document = Document::parse(json.as_bytes()).unwrap();
            let missing = document.required_time("When");
            assert_eq!(missing.unwrap_err(), "`When` is missing in it", "{value}");
        }
        assert_eq!(Document::parse(b"{}").unwrap().time("When"), Ok(None));
    }

    #[test]
    fn the_ends_of_time_are_times_or_errors() {
        for text in [
            "0000-01-01T00:00:00+23:59",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999999-23:59",
        ] {
            let _ = parse_time(text);
        }
        for seconds in [
            "-1",
            "1e3",
            "9223372036854775807",
            "18446744073709551615",
            "\"60\"",
        ] {
            let json = format!(r#"{{"expiresIn":{seconds}}}"#);
            let document = Document::parse(json.as_bytes()).unwrap();
            let error = document.expires_at(UNIX_EPOCH).unwrap_err();
            assert_eq!(
                error, "`expiresIn` is missing or invalid in it",
                "{seconds}"
            );
        }
    }

    #[test]
    fn what_lasts_lasts_longer_than_the_buffer() {
        let now = UNIX_EPOCH + Duration::from_secs(SECONDS);
        let (second, far) = (Duration::from_secs(1), Duration::MAX);
        assert!(lasts(now + second * 3, now, second * 2));
        assert!(!lasts(now + second * 2, now, second * 2));
        assert!(!lasts(now + second, now, far));
        assert!(!lasts(now, now, Duration::ZERO));
        assert!(!lasts(now - second, now, Duration::ZERO));
    }

    #[test]
    fn blank_text_is_absent() {
        let document = Document::parse(br#"{"a":" ","b":"x","c":1}"#).unwrap();
        assert_eq!(document.text("a"), None);
        assert_eq!(document.text("B"), Some("x"));
        assert_eq!(document.text("c"), None);
        assert_eq!(
            document.required_text("A").unwrap_err(),
            "`A` is missing in it"
        );
    }

    #[test]
    fn what_is_no_object_is_not_shown() {
        for json in [
            "\"secret\"",
            "[\"secret\"]",
            "secret",
            "{\"a\":\"secret",
            "1.5",
            "",
        ] {
            let error = Document::parse(json.as_bytes()).err().unwrap();
            assert!(error.starts_with("it is not a JSON object"), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
