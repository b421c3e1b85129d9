//! What botocore writes about a JSON service: the files `service-2.json` and `paginators-1.json`.
//!
//! Every key that botocore's JSON services use is named here, and a key that is not is an error,
//! because it may change what goes over the wire. In particular `locationName`, which would rename
//! a member on the wire, stands on no member of a JSON service of botocore 1.44.5.
//!
//! A key of type [`Prose`] is left out because this project writes its own documentation; one of
//! type [`OffTheWire`] because nothing that an awsJson client sends or reads depends on it.

#![expect(
    dead_code,
    reason = "the keys that are left out are named so that unknown ones can be refused"
)]

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Number, Value};

use super::ordered::Ordered;

/// Words for people, which belong to their author.
type Prose = Option<IgnoredAny>;

/// Facts about other protocols or about the tool that wrote the file.
type OffTheWire = Option<IgnoredAny>;

/// `service-2.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Service {
    pub metadata: Metadata,
    pub operations: Ordered<Operation>,
    pub shapes: Ordered<Shape>,
    #[serde(default)]
    pub client_context_params: Ordered<ClientContextParam>,
    documentation: Prose,
    /// The version of the file format.
    version: OffTheWire,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Metadata {
    pub api_version: String,
    /// Authentication schemes by preference; absent from services that only know `v4`.
    pub auth: Option<Vec<String>>,
    pub aws_query_compatible: Option<IgnoredAny>,
    pub endpoint_prefix: String,
    pub json_version: Option<String>,
    /// The protocol that botocore prefers.
    pub protocol: String,
    pub protocol_settings: Option<ProtocolSettings>,
    /// All protocols that the service speaks.
    #[serde(default)]
    pub protocols: Vec<String>,
    pub service_full_name: String,
    pub service_id: String,
    pub signature_version: String,
    pub signing_name: Option<String>,
    pub target_prefix: Option<String>,
    /// A hint for botocore's build.
    rip_service_name: OffTheWire,
    service_abbreviation: OffTheWire,
    /// A key of the file, made from the endpoint prefix and the version.
    uid: OffTheWire,
    /// For the XML protocols.
    xml_namespace: OffTheWire,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProtocolSettings {
    pub h2: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientContextParam {
    #[serde(rename = "type")]
    pub kind: String,
    documentation: Prose,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    pub name: String,
    pub http: Http,
    pub input: Option<ShapeRef>,
    pub output: Option<ShapeRef>,
    #[serde(default)]
    pub errors: Vec<ShapeRef>,
    #[serde(default)]
    pub idempotent: bool,
    #[serde(default)]
    pub readonly: bool,
    #[serde(default)]
    pub deprecated: bool,
    #[serde(rename = "deprecatedSince")]
    pub deprecated_since: Option<String>,
    /// `none` or absent; says in old words what `auth` says.
    pub authtype: Option<String>,
    pub auth: Option<Vec<String>>,
    pub endpoint: Option<OperationEndpoint>,
    pub endpointdiscovery: Option<EndpointDiscovery>,
    /// Marks the operation that discovers the endpoints of the others.
    #[serde(default)]
    pub endpointoperation: bool,
    pub requestcompression: Option<Value>,
    #[serde(rename = "staticContextParams")]
    pub static_context_params: Option<Value>,
    #[serde(rename = "operationContextParams")]
    pub operation_context_params: Option<Value>,
    documentation: Prose,
    #[serde(rename = "deprecatedMessage")]
    deprecated_message: Prose,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Http {
    pub method: String,
    pub request_uri: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OperationEndpoint {
    pub host_prefix: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndpointDiscovery {
    #[serde(default)]
    pub required: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ShapeRef {
    pub shape: String,
    documentation: Prose,
    /// For the query protocol.
    result_wrapper: OffTheWire,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Shape {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub deprecated: bool,
    pub deprecated_since: Option<String>,
    #[serde(default)]
    pub sensitive: bool,

    // Strings, numbers, blobs and timestamps.
    #[serde(rename = "enum")]
    pub enum_values: Option<Vec<String>>,
    pub pattern: Option<String>,
    pub min: Option<Number>,
    pub max: Option<Number>,
    pub timestamp_format: Option<String>,

    // Lists and maps.
    pub member: Option<Member>,
    pub key: Option<Member>,
    pub value: Option<Member>,

    // Structures.
    pub members: Option<Ordered<Member>>,
    #[serde(default)]
    pub required: Vec<String>,
    #[serde(default)]
    pub union: bool,
    #[serde(default)]
    pub document: bool,
    #[serde(default)]
    pub eventstream: bool,
    /// An event is a structure like any other: the stream's union tells them apart.
    #[serde(default)]
    pub event: bool,
    #[serde(default)]
    pub exception: bool,
    pub error: Option<ErrorInfo>,
    #[serde(default)]
    pub fault: bool,
    pub retryable: Option<Retryable>,

    /// Smithy 2.0 members are optional unless `required` or a default says otherwise.
    #[serde(rename = "box")]
    boxed: OffTheWire,
    documentation: Prose,
    deprecated_message: Prose,
    /// For the XML protocols.
    flattened: OffTheWire,
    /// Says that a tool, not the service's owner, added the error.
    synthetic: OffTheWire,
    /// For the XML protocols.
    wrapper: OffTheWire,
    /// For the XML protocols.
    xml_order: OffTheWire,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Member {
    pub shape: String,
    #[serde(default)]
    pub deprecated: bool,
    pub deprecated_since: Option<String>,
    #[serde(default)]
    pub idempotency_token: bool,
    #[serde(default)]
    pub host_label: bool,
    pub context_param: Option<Value>,
    pub timestamp_format: Option<String>,

    /// As on a shape.
    #[serde(rename = "box")]
    boxed: OffTheWire,
    documentation: Prose,
    deprecated_message: Prose,
    /// For the XML protocols.
    flattened: OffTheWire,
    /// Says that the text is JSON. botocore decodes it in headers alone; in an awsJson body it is a
    /// string.
    jsonvalue: OffTheWire,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ErrorInfo {
    /// The error's name in the query protocol.
    pub code: Option<String>,
    pub http_status_code: u16,
    #[serde(default)]
    pub sender_fault: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retryable {
    pub throttling: bool,
}

/// `paginators-1.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paginators {
    pub pagination: BTreeMap<String, Pagination>,
    /// The version of the file format.
    version: OffTheWire,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pagination {
    pub input_token: OneOrMany,
    pub output_token: OneOrMany,
    pub limit_key: Option<String>,
    pub result_key: Option<OneOrMany>,
    pub more_results: Option<String>,
    /// Which output members botocore copies from the first page when it merges all pages.
    non_aggregate_keys: OffTheWire,
}

/// botocore writes a list of one as the thing itself.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    One(String),
    Many(Vec<String>),
}
