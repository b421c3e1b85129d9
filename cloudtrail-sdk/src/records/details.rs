//! What an event says besides who did what.

use super::RawJson;
use super::macros::structure;
use super::vocabulary::AddendumReason;

structure! {
    /// A resource that an event is about.
    Resource, ResourceBuilder;
    /// ARN of the resource.
    "ARN" | "arn" => arn, set_arn, get_arn: str;
    /// The beginning of the ARNs of several resources.
    "ARNPrefix" | "arnPrefix" => arn_prefix, set_arn_prefix, get_arn_prefix: str;
    /// Account that owns the resource.
    "accountId" => account_id, set_account_id, get_account_id: str;
    /// Type of the resource, such as `AWS::S3::Object`.
    "type" => r#type, set_type, get_type: str;
}

structure! {
    /// The TLS of a request. See [CloudTrail record contents][guide].
    ///
    /// [guide]: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
    TlsDetails, TlsDetailsBuilder;
    /// The version, such as `TLSv1.3`.
    "tlsVersion" => tls_version, set_tls_version, get_tls_version: str;
    /// The cipher suite, such as `TLS_AES_128_GCM_SHA256`.
    "cipherSuite" => cipher_suite, set_cipher_suite, get_cipher_suite: str;
    /// The host that the client asked for, usually that of the service's endpoint.
    "clientProvidedHostHeader" => client_provided_host_header, set_client_provided_host_header,
        get_client_provided_host_header: str;
    /// The key exchange, such as `X25519MLKEM768`.
    "keyExchange" => key_exchange, set_key_exchange, get_key_exchange: str;
}

structure! {
    /// Why an event came late, or what it adds to one that came before.
    Addendum, AddendumBuilder;
    /// Why.
    "reason" => reason, set_reason, get_reason: (ref AddendumReason);
    /// The fields of the earlier event that this one replaces, separated by commas.
    "updatedFields" => updated_fields, set_updated_fields, get_updated_fields: str;
    /// ID of the request of the earlier event.
    "originalRequestID" => original_request_id, set_original_request_id,
        get_original_request_id: str;
    /// ID of the earlier event.
    "originalEventID" => original_event_id, set_original_event_id, get_original_event_id: str;
    /// ID of the earlier event where it came from outside of AWS.
    "originalUID" => original_uid, set_original_uid, get_original_uid: str;
}

structure! {
    /// The edge device that a request was for, such as an Outpost.
    EdgeDeviceDetails, EdgeDeviceDetailsBuilder;
    /// Type of the device.
    "type" => r#type, set_type, get_type: str;
    /// ID of the device.
    "deviceId" => device_id, set_device_id, get_device_id: str;
}

structure! {
    /// Tags and condition keys that an event data store adds to events. See [Enrich CloudTrail
    /// events][guide].
    ///
    /// [guide]: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-context-events.html
    EventContext, EventContextBuilder;
    /// The condition keys that counted for whether the request was allowed.
    "requestContext" => request_context, set_request_context, get_request_context: (ref RawJson);
    /// Tags.
    "tagContext" => tag_context, set_tag_context, get_tag_context: (ref TagContext);
}

structure! {
    /// Tags that an event data store adds to events.
    TagContext, TagContextBuilder;
    /// Tags of the resources that the event is about.
    "resourceTags" => resource_tags, set_resource_tags, get_resource_tags: (list ResourceTags);
}

structure! {
    /// Tags of a resource.
    ResourceTags, ResourceTagsBuilder;
    /// ARN of the resource.
    "arn" => arn, set_arn, get_arn: str;
    /// Its tags.
    "tags" => tags, set_tags, get_tags: (map String, String);
}
