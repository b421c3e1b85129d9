//! Timestamps through the codec, in the formats that AWS JSON has.

use aws_smithy_types::DateTime;
use serde_json::{Value, json};

use crate::runtime::wire::codec::{
    Decode, DecodeMembers, Decoded, EncodeMembers, Formatted, Member, MemberSink, MemberValue,
    decode, encode,
};
use crate::{Failure, text};

/// A structure of one timestamp, written in one of the formats.
struct Timestamp<'a> {
    value: DateTime,
    format: &'a str,
}

impl EncodeMembers for Timestamp<'_> {
    fn members(&self, sink: &mut dyn MemberSink) {
        let member = Member::new("at");
        match self.format {
            "date_time" => sink.member(member, &Formatted::date_time(&self.value)),
            "http_date" => sink.member(member, &Formatted::http_date(&self.value)),
            _ => sink.member(member, &self.value),
        }
    }
}

/// The same, as it is read: the codec knows the format by looking.
struct Read(Option<DateTime>);

impl DecodeMembers for Read {
    fn unset() -> Self {
        Self(None)
    }

    fn member(&mut self, _: &str, value: &mut MemberValue<'_, '_>) -> Decoded {
        value.read(&mut self.0)
    }
}

/// The JSON of an object that has the timestamp as `at`.
pub fn format(request: &Value) -> Result<Value, Failure> {
    let nanos = request["nanos"].as_u64().ok_or("no nanos")?;
    let timestamp = Timestamp {
        value: DateTime::from_secs_and_nanos(text(request, "seconds")?.parse()?, nanos.try_into()?),
        format: text(request, "format")?,
    };
    Ok(json!({ "body": String::from_utf8(encode(&timestamp))? }))
}

/// Seconds and nanoseconds of the member `at`.
pub fn parse(request: &Value) -> Result<Value, Failure> {
    let mut read = <Read as DecodeMembers>::unset();
    decode(text(request, "body")?.as_bytes(), &mut read)?;
    let value = read.0.ok_or("the timestamp is absent")?;
    Ok(json!({ "seconds": value.secs().to_string(), "nanos": value.subsec_nanos() }))
}
