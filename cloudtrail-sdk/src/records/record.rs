//! An event, as CloudTrail records it.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::macros::structure;
use super::{
    Addendum, EdgeDeviceDetails, EventCategory, EventContext, EventType, EventVersion,
    IdentityType, InsightContext, InsightDetails, InsightState, RawJson, Resource, Source,
    TlsDetails, UserIdentity,
};
use crate::primitives::DateTime;
use crate::types::InsightType;

structure! {
    /// An event, as CloudTrail records it, up to version 1.11. See [CloudTrail record
    /// contents][guide].
    ///
    /// Every member can be missing. Its `Display` is one line.
    ///
    /// [guide]: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
    Record, RecordBuilder { raw: Raw };
    /// Version of the record's form, such as `1.08`; [`version`](Record::version) compares it.
    "eventVersion" => event_version, set_event_version, get_event_version: str;
    /// Who made the request.
    "userIdentity" => user_identity, set_user_identity, get_user_identity: (boxed UserIdentity);
    /// When the request was completed, by the clock of the service.
    "eventTime" => event_time, set_event_time, get_event_time: (ref DateTime);
    /// The service that was called, such as `s3.amazonaws.com`.
    "eventSource" => event_source, set_event_source, get_event_source: str;
    /// What was called, such as `CreateBucket`.
    "eventName" => event_name, set_event_name, get_event_name: str;
    /// The Region that the request was made to.
    "awsRegion" => aws_region, set_aws_region, get_aws_region: str;
    /// Where the request came from: an address, or a name; see [`source`](Record::source).
    "sourceIPAddress" => source_ip_address, set_source_ip_address, get_source_ip_address: str;
    /// What made the request, such as the console or an SDK. Cut at 1 KB.
    "userAgent" => user_agent, set_user_agent, get_user_agent: str;
    /// The error that the service answered. Cut at 1 KB.
    "errorCode" => error_code, set_error_code, get_error_code: str;
    /// What the service said of the error. Cut at 1 KB.
    "errorMessage" => error_message, set_error_message, get_error_message: str;
    /// What was sent with the request, in the form of the service. Missing above 100 KB.
    "requestParameters" => request_parameters, set_request_parameters, get_request_parameters:
        (ref RawJson);
    /// What was answered, in the form of the service; calls that only read have none. Missing above
    /// 100 KB.
    "responseElements" => response_elements, set_response_elements, get_response_elements:
        (ref RawJson);
    /// What is neither request nor response, in the form of the service. Missing above 28 KB.
    "additionalEventData" => additional_event_data, set_additional_event_data,
        get_additional_event_data: (ref RawJson);
    /// ID of the request, from the service. Since 1.01.
    "requestID" => request_id, set_request_id, get_request_id: str;
    /// ID of the event, by which deliveries of the same event are known. Since 1.01.
    "eventID" => event_id, set_event_id, get_event_id: str;
    /// Whether the call only reads. Since 1.01.
    "readOnly" => read_only, set_read_only, get_read_only: (copy bool);
    /// The resources that the event is about. Since 1.01.
    "resources" => resources, set_resources, get_resources: (list Resource);
    /// What kind of event it is. Since 1.02.
    "eventType" => event_type, set_event_type, get_event_type: (ref EventType);
    /// The version of the service's API. Since 1.01.
    "apiVersion" => api_version, set_api_version, get_api_version: str;
    /// Whether it is a management event. Since 1.06.
    "managementEvent" => management_event, set_management_event, get_management_event: (copy bool);
    /// The account that received the event. Since 1.02.
    "recipientAccountId" => recipient_account_id, set_recipient_account_id,
        get_recipient_account_id: str;
    /// ID that the events of one action in several accounts have in common. Since 1.03.
    "sharedEventID" => shared_event_id, set_shared_event_id, get_shared_event_id: str;
    /// The VPC endpoint that the request went through. Since 1.04.
    "vpcEndpointId" => vpc_endpoint_id, set_vpc_endpoint_id, get_vpc_endpoint_id: str;
    /// The account that owns the VPC endpoint. Since 1.09.
    "vpcEndpointAccountId" => vpc_endpoint_account_id, set_vpc_endpoint_account_id,
        get_vpc_endpoint_account_id: str;
    /// What caused an event of a service, in the form of the service. Missing above 100 KB. Since
    /// 1.05.
    "serviceEventDetails" => service_event_details, set_service_event_details,
        get_service_event_details: (ref RawJson);
    /// The category of the event. Since 1.07.
    "eventCategory" => event_category, set_event_category, get_event_category:
        (ref EventCategory);
    /// Why the event came late, or what it adds to an earlier one. Since 1.08.
    "addendum" => addendum, set_addendum, get_addendum: (boxed Addendum);
    /// Whether the request came from a session of the console. Since 1.08.
    "sessionCredentialFromConsole" => session_credential_from_console,
        set_session_credential_from_console, get_session_credential_from_console:
        (copy bool) as text;
    /// The edge device that the request was for. Since 1.08.
    "edgeDeviceDetails" => edge_device_details, set_edge_device_details, get_edge_device_details:
        (boxed EdgeDeviceDetails);
    /// The TLS of the request. Since 1.08.
    "tlsDetails" => tls_details, set_tls_details, get_tls_details: (boxed TlsDetails);
    /// Tags and condition keys, in event data stores that add them. Since 1.11.
    "eventContext" => event_context, set_event_context, get_event_context: (boxed EventContext);
    /// What was unusual, in Insights events of trails. Since 1.07.
    "insightDetails" => insight_details, set_insight_details, get_insight_details:
        (boxed InsightDetails);
    /// ARN of what the Insights event was found in, in event data stores.
    "insightSource" => insight_source, set_insight_source, get_insight_source: str;
    /// Whether something unusual begins or ends, in event data stores.
    "insightState" => insight_state, set_insight_state, get_insight_state: (ref InsightState);
    /// The service whose calls are unusual, in event data stores.
    "insightEventSource" => insight_event_source, set_insight_event_source,
        get_insight_event_source: str;
    /// The call that is unusual, in event data stores.
    "insightEventName" => insight_event_name, set_insight_event_name, get_insight_event_name: str;
    /// The error whose rate is unusual, in event data stores.
    "insightErrorCode" => insight_error_code, set_insight_error_code, get_insight_error_code: str;
    /// What was measured, in event data stores.
    "insightType" => insight_type, set_insight_type, get_insight_type: (ref InsightType);
    /// What was measured, and whose calls make the difference, in event data stores.
    "insightContext" => insight_context, set_insight_context, get_insight_context:
        (boxed InsightContext);
    /// A note that an event data store adds.
    "annotation" => annotation, set_annotation, get_annotation: str;
    /// The event as JSON text, in event data stores; `parse` reads it as a `Record`.
    "eventJson" => event_json, set_event_json, get_event_json: str;
    /// Checksum of the event as JSON text, in event data stores.
    "eventJsonChecksum" => event_json_checksum, set_event_json_checksum,
        get_event_json_checksum: str;
}

/// The text that a record was read from. It counts for nothing when records are compared.
#[derive(Clone, Default)]
pub(crate) struct Raw(Option<Box<str>>);

impl PartialEq for Raw {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl Record {
    /// The JSON as it came, whatever was changed since. Records that were built have none, nor have
    /// those that were read by serde as a part of other JSON.
    pub fn raw(&self) -> Option<&str> {
        self.raw.0.as_deref()
    }

    /// Keeps the text that the record was read from.
    pub(super) fn set_raw(&mut self, text: &str) {
        self.raw = Raw(Some(text.into()));
    }

    /// The version of the record's form, to be compared. `None` if it is missing or no version.
    pub fn version(&self) -> Option<EventVersion> {
        self.event_version.as_deref()?.parse().ok()
    }

    /// Where the request came from.
    pub fn source(&self) -> Option<Source<'_>> {
        self.source_ip_address.as_deref().map(Source::from)
    }

    /// The address that the request came from, if it is an address.
    pub fn source_ip(&self) -> Option<IpAddr> {
        match self.source()? {
            Source::Address(address) => Some(address),
            _ => None,
        }
    }

    /// Who made the request, as a person would say it; see [`UserIdentity::principal_name`].
    pub fn principal_name(&self) -> Option<Cow<'_, str>> {
        self.user_identity.as_ref()?.principal_name()
    }

    /// Whether the request failed: it has an error code or an error message, or is a sign-in to the
    /// console that failed.
    pub fn is_error(&self) -> bool {
        let has_text = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
        has_text(&self.error_code)
            || has_text(&self.error_message)
            || self.console_login().is_some_and(|login| !login.succeeded)
    }

    /// Whether a session of a role assumed another role, which is called role chaining. Whose the
    /// session is, [`UserIdentity::session_issuer`] says; the next in the chain is known by
    /// [`issued_access_key_id`](Self::issued_access_key_id).
    pub fn is_role_chaining(&self) -> bool {
        let identity_type = self
            .user_identity
            .as_ref()
            .and_then(|user| user.r#type.as_ref());
        self.event_source.as_deref() == Some("sts.amazonaws.com")
            && self.event_name.as_deref() == Some("AssumeRole")
            && identity_type == Some(&IdentityType::AssumedRole)
    }

    /// The access key that AWS STS issued by this call. Records of what is done with it have it as
    /// [`UserIdentity::access_key_id`].
    pub fn issued_access_key_id(&self) -> Option<String> {
        if self.event_source.as_deref() != Some("sts.amazonaws.com") {
            return None;
        }
        let response = self.response_elements.as_ref()?.as_value().ok()?;
        let id = response.pointer("/credentials/accessKeyId")?.as_str()?;
        Some(id.to_owned())
    }
}

/// Reads the JSON of one record, and keeps its text.
impl FromStr for Record {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, serde_json::Error> {
        let mut record: Self = serde_json::from_str(text)?;
        record.set_raw(text);
        Ok(record)
    }
}
