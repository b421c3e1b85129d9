//! Sign-ins to the console.

use serde_json::Value;

use super::{RawJson, Record};

/// A sign-in to the console. See [console sign-in events][guide].
///
/// [guide]: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConsoleLogin {
    /// Whether the user is signed in.
    pub succeeded: bool,
    /// Whether AWS asked for MFA, if it is said. It is `false` for users of identity providers, which
    /// can have asked for MFA themselves.
    pub mfa_used: Option<bool>,
}

impl Record {
    /// The sign-in to the console, if the event is one.
    ///
    /// ```
    /// use cloudtrail_sdk::records::Record;
    ///
    /// # fn example() -> Result<(), serde_json::Error> {
    /// let record: Record = r#"{
    ///     "eventSource": "signin.amazonaws.com",
    ///     "eventName": "ConsoleLogin",
    ///     "responseElements": {"ConsoleLogin": "Success"},
    ///     "additionalEventData": {"MFAUsed": "No"}
    /// }"#
    /// .parse()?;
    /// let login = record.console_login().unwrap();
    /// assert!(login.succeeded && login.mfa_used == Some(false));
    /// # Ok(())
    /// # }
    /// # example().unwrap();
    /// ```
    pub fn console_login(&self) -> Option<ConsoleLogin> {
        let is_login = self.event_name.as_deref() == Some("ConsoleLogin")
            && self.event_source.as_deref() == Some("signin.amazonaws.com");
        is_login.then(|| ConsoleLogin {
            succeeded: text_in(&self.response_elements, "ConsoleLogin").as_deref()
                == Some("Success"),
            mfa_used: match text_in(&self.additional_event_data, "MFAUsed").as_deref() {
                Some("Yes") => Some(true),
                Some("No") => Some(false),
                _ => None,
            },
        })
    }
}

fn text_in(part: &Option<RawJson>, key: &str) -> Option<String> {
    match part.as_ref()?.as_value().ok()?.get_mut(key)?.take() {
        Value::String(text) => Some(text),
        _ => None,
    }
}
