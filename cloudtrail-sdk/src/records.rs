//! The events that CloudTrail records, as types: the JSON inside [`Event`] and in log files.
//!
//! ```
//! use cloudtrail_sdk::records::LogFile;
//!
//! # fn example() -> Result<(), Box<dyn std::error::Error>> {
//! # let bytes: &[u8] = br#"{"Records":[{"eventName":"GetObject"}]}"#;
//! for record in LogFile::new(bytes) {
//!     match record {
//!         Ok(record) => println!("{record}"),
//!         Err(error) => eprintln!("skipped: {error}"),
//!     }
//! }
//! # Ok(())
//! # }
//! # example().unwrap();
//! ```
//!
//! | where records are | how they are read |
//! |---|---|
//! | log files, with or without gzip | [`LogFile`] |
//! | what `LookupEvents` answers | [`Event::record`] |
//! | `eventJson` of a row from CloudTrail Lake, a message | `text.parse::<Record>()` |
//! | a part of other JSON | serde |
//!
//! # What is kept
//!
//! A record that is read and written is the same JSON. What differs is how it is spelled: `null` is
//! left out, `arn` of a resource is written as `ARN`, booleans and times in the one form that
//! CloudTrail's log files have. Members that this crate does not know are kept at each level, in
//! `unknown`. [`Record::raw`] has the text as it came.
//!
//! The parts that each service fills as it likes, such as `requestParameters`, are kept as text and
//! read when asked for:
//!
//! ```
//! use cloudtrail_sdk::records::Record;
//! use serde::Deserialize;
//!
//! #[derive(Deserialize)]
//! # #[serde(crate = "serde")]
//! struct Parameters {
//!     #[serde(rename = "bucketName")]
//!     bucket_name: String,
//! }
//!
//! # fn example() -> Result<(), serde_json::Error> {
//! let record: Record = r#"{"requestParameters":{"bucketName":"logs"}}"#.parse()?;
//! let parameters: Option<Parameters> = record.request_parameters()?;
//! assert_eq!(parameters.unwrap().bucket_name, "logs");
//! # Ok(())
//! # }
//! # example().unwrap();
//! ```
//!
//! # Records for tests
//!
//! ```
//! use cloudtrail_sdk::records::{IdentityType, Record, UserIdentity};
//! use serde_json::json;
//!
//! let identity = UserIdentity::builder()
//!     .r#type(IdentityType::IamUser)
//!     .user_name("alice")
//!     .build();
//! let record = Record::builder()
//!     .event_name("GetObject")
//!     .user_identity(identity)
//!     .request_parameters(json!({ "bucketName": "logs" }).into())
//!     .build();
//! assert_eq!(record.principal_name().as_deref(), Some("alice"));
//! ```
//!
//! [`Event`]: crate::types::Event
//! [`Event::record`]: crate::types::Event::record

mod console_login;
mod details;
mod insights;
mod log_file;
mod lookup_events;
mod macros;
mod member;
mod raw_json;
mod record;
mod source;
mod summary;
mod time;
mod user_identity;
mod version;
mod vocabulary;

pub use self::console_login::ConsoleLogin;
pub use self::details::{
    Addendum, EdgeDeviceDetails, EventContext, Resource, ResourceTags, TagContext, TlsDetails,
};
pub use self::insights::{
    InsightAttribution, InsightAverage, InsightContext, InsightDetails, InsightStatistics,
    InsightValue,
};
pub use self::log_file::{LogFile, LogFileError, LogFileErrorKind, LogFileKind};
pub use self::raw_json::RawJson;
pub use self::record::Record;
pub use self::source::Source;
pub use self::user_identity::{
    InScopeOf, InvokedByDelegate, OnBehalfOf, SessionAttributes, SessionContext, SessionIssuer,
    UserIdentity, WebIdFederationData,
};
pub use self::version::{EventVersion, InvalidEventVersion};
pub use self::vocabulary::{AddendumReason, EventCategory, EventType, IdentityType, InsightState};

/// What builds the structures.
pub mod builders {
    pub use super::details::{
        AddendumBuilder, EdgeDeviceDetailsBuilder, EventContextBuilder, ResourceBuilder,
        ResourceTagsBuilder, TagContextBuilder, TlsDetailsBuilder,
    };
    pub use super::insights::{
        InsightAttributionBuilder, InsightAverageBuilder, InsightContextBuilder,
        InsightDetailsBuilder, InsightStatisticsBuilder, InsightValueBuilder,
    };
    pub use super::record::RecordBuilder;
    pub use super::user_identity::{
        InScopeOfBuilder, InvokedByDelegateBuilder, OnBehalfOfBuilder, SessionAttributesBuilder,
        SessionContextBuilder, SessionIssuerBuilder, UserIdentityBuilder,
        WebIdFederationDataBuilder,
    };
}
