//! A record on one line.

use std::fmt::{self, Write};

use aws_smithy_types::date_time::Format;

use super::Record;
use crate::runtime::base::untrusted::{OneLine, Untrusted};

/// One line: when, where, who, what, from where, and the error. What is missing is a dash.
///
/// ```text
/// 2023-07-10T12:20:31Z us-east-1 123456789012 Admin/alice s3.amazonaws.com:GetObject from 192.0.2.1: AccessDenied
/// ```
impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self
            .event_time
            .and_then(|time| time.fmt(Format::DateTime).ok());
        let name = self.principal_name();
        let user = self.user_identity.as_deref();
        let account = self.recipient_account_id.as_deref();
        let account = account.or_else(|| user?.account_id.as_deref());

        write!(
            OneLine(&mut *f),
            "{} {} {} {} {}:{} from {}",
            or_dash(time.as_deref()),
            or_dash(self.aws_region.as_deref()),
            or_dash(account),
            Untrusted(or_dash(name.as_deref())),
            or_dash(self.event_source.as_deref()),
            or_dash(self.event_name.as_deref()),
            Untrusted(or_dash(self.source_ip_address.as_deref())),
        )?;
        if !self.is_error() {
            return Ok(());
        }
        let error = [&self.error_code, &self.error_message];
        let error = error.into_iter().flatten().find(|text| !text.is_empty());
        write!(f, ": {}", Untrusted(error.map_or("failed", String::as_str)))
    }
}

fn or_dash(text: Option<&str>) -> &str {
    text.filter(|text| !text.is_empty()).unwrap_or("-")
}
