//! botocore's description of a JSON service as a Smithy 2.0 model: facts, no prose.
//!
//! The conversion is general: it knows every key that the JSON services of botocore use (see
//! [`botocore`]), and nothing about a particular service: that is for [`corrections`]. It is pure;
//! reading and writing files is left to its callers.

use std::collections::{BTreeMap, HashSet};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::botocore::{
    self, ErrorInfo, Metadata, OneOrMany, Operation, Pagination, Paginators, Service,
};
use super::corrections;
use super::ordered::Ordered;
use super::smithy::{Member, Model, Reference, Shape, Traits};

/// A converted service.
pub struct Conversion {
    pub model: Model,
    /// What botocore says and Smithy has no words for, a sentence each.
    pub notes: Vec<String>,
}

/// Converts the texts of `service-2.json`, `paginators-1.json` and `endpoint-rule-set-1.json`.
pub fn to_smithy(
    service: &str,
    paginators: Option<&str>,
    rules: Option<&str>,
) -> Result<Conversion> {
    let mut service: Service = serde_json::from_str(service)
        .context("service-2.json has something that xtask/src/model/botocore.rs does not know")?;
    corrections::apply(&mut service)?;
    let paginators = paginators
        .map(serde_json::from_str::<Paginators>)
        .transpose()
        .context("paginators-1.json has something that xtask/src/model/botocore.rs does not know")?
        .map(|file| file.pagination)
        .unwrap_or_default();
    let rules = rules
        .map(serde_json::from_str::<Value>)
        .transpose()
        .context("endpoint-rule-set-1.json is not JSON")?;

    Converter::new(&service).convert(&paginators, rules)
}

struct Converter<'a> {
    service: &'a Service,
    namespace: String,
    shapes: BTreeMap<&'a str, &'a botocore::Shape>,
    uses: BTreeMap<&'a str, Uses>,
    notes: Vec<String>,
}

/// How often a shape is used in each role.
#[derive(Default)]
struct Uses {
    input: usize,
    output: usize,
    /// As an error, or as the target of a member.
    other: usize,
}

impl<'a> Converter<'a> {
    fn new(service: &'a Service) -> Self {
        let namespace = service
            .metadata
            .service_id
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect::<String>();
        Self {
            service,
            namespace: format!("com.amazonaws.{namespace}"),
            shapes: service.shapes.iter().collect(),
            uses: count_uses(service),
            notes: Vec::new(),
        }
    }

    fn convert(
        mut self,
        paginators: &BTreeMap<String, Pagination>,
        rules: Option<Value>,
    ) -> Result<Conversion> {
        let mut shapes = BTreeMap::new();
        for (name, shape) in self.service.shapes.iter() {
            let converted = self
                .shape(name, shape)
                .with_context(|| format!("shape `{name}`"))?;
            shapes.insert(self.id(name)?, converted);
        }
        for (name, operation) in self.service.operations.iter() {
            let converted = self
                .operation(name, operation, paginators.get(name))
                .with_context(|| format!("operation `{name}`"))?;
            if shapes.insert(self.id(name)?, converted).is_some() {
                bail!("operation `{name}` has the name of a shape, which Smithy does not allow");
            }
        }
        for name in paginators.keys() {
            ensure!(
                self.service.operations.get(name).is_some(),
                "paginators-1.json: the service has no operation `{name}`"
            );
        }
        let (name, service) = self.service(rules).context("the service itself")?;
        if shapes.insert(self.id(name)?, service).is_some() {
            bail!("the service `{name}` has the name of a shape, which Smithy does not allow");
        }
        Ok(Conversion {
            model: Model {
                smithy: "2.0".into(),
                shapes,
            },
            notes: self.notes,
        })
    }

    /// The name and the shape of the service.
    fn service(&self, rules: Option<Value>) -> Result<(&'a str, Shape)> {
        let metadata = &self.service.metadata;
        let target_prefix = metadata
            .target_prefix
            .as_deref()
            .context("`targetPrefix` is missing; without it no request can name its operation")?;
        // `com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101`: services take the last segment
        // alone just as well, and that is what Smithy's SDKs send.
        let name = target_prefix.rsplit('.').next().unwrap_or(target_prefix);

        let signing_name = metadata
            .signing_name
            .as_ref()
            .unwrap_or(&metadata.endpoint_prefix);
        let mut traits = Traits::from([
            (
                "aws.api#service".into(),
                json!({ "sdkId": metadata.service_id, "endpointPrefix": metadata.endpoint_prefix }),
            ),
            ("smithy.api#title".into(), json!(metadata.service_full_name)),
            json_protocol(metadata)?,
        ]);
        traits.extend(service_auth(metadata, signing_name)?);
        if metadata.aws_query_compatible.is_some() {
            mark(&mut traits, "aws.protocols#awsQueryCompatible");
        }
        if let Some((discovery, _)) = self
            .service
            .operations
            .iter()
            .find(|(_, operation)| operation.endpointoperation)
        {
            let operation = self.id(discovery)?;
            traits.insert(
                "aws.api#clientEndpointDiscovery".into(),
                json!({ "operation": operation }),
            );
        }
        if !self.service.client_context_params.is_empty() {
            let params: BTreeMap<&str, Value> = self
                .service
                .client_context_params
                .iter()
                .map(|(name, param)| (name, json!({ "type": param.kind })))
                .collect();
            traits.insert("smithy.rules#clientContextParams".into(), json!(params));
        }
        if let Some(mut rules) = rules {
            remove_key(&mut rules, "documentation");
            traits.insert("smithy.rules#endpointRuleSet".into(), rules);
        }

        let mut operations = self
            .service
            .operations
            .iter()
            .map(|(name, _)| self.reference(name))
            .collect::<Result<Vec<_>>>()?;
        operations.sort();
        let shape = Shape {
            kind: "service".into(),
            version: Some(metadata.api_version.clone()),
            operations,
            traits,
            ..Shape::default()
        };
        Ok((name, shape))
    }

    fn operation(
        &mut self,
        name: &str,
        operation: &Operation,
        pagination: Option<&Pagination>,
    ) -> Result<Shape> {
        ensure!(
            operation.name == name,
            "its `name` is `{}`; it is not clear which of the two the wire needs",
            operation.name
        );
        let http = &operation.http;
        ensure!(
            http.method == "POST" && http.request_uri == "/",
            "awsJson sends `POST /`, not `{} {}`",
            http.method,
            http.request_uri
        );

        let mut traits = Traits::new();
        deprecate(
            &mut traits,
            operation.deprecated,
            operation.deprecated_since.as_deref(),
        );
        if operation.idempotent {
            mark(&mut traits, "smithy.api#idempotent");
        }
        if operation.readonly {
            mark(&mut traits, "smithy.api#readonly");
        }
        traits.extend(operation_auth(operation)?);
        if let Some(endpoint) = &operation.endpoint {
            traits.insert(
                "smithy.api#endpoint".into(),
                json!({ "hostPrefix": endpoint.host_prefix }),
            );
        }
        if let Some(discovery) = &operation.endpointdiscovery {
            traits.insert(
                "aws.api#clientDiscoveredEndpoint".into(),
                json!({ "required": discovery.required }),
            );
        }
        // Smithy took the form of these over from botocore as it is.
        for (id, value) in [
            (
                "smithy.api#requestCompression",
                &operation.requestcompression,
            ),
            (
                "smithy.rules#staticContextParams",
                &operation.static_context_params,
            ),
            (
                "smithy.rules#operationContextParams",
                &operation.operation_context_params,
            ),
        ] {
            if let Some(value) = value {
                traits.insert(id.into(), value.clone());
            }
        }
        if let Some(pagination) = pagination {
            match self.pagination(operation, pagination)? {
                Paginated::As { value, notes } => {
                    traits.insert("smithy.api#paginated".into(), value);
                    self.notes
                        .extend(notes.into_iter().map(|note| format!("{name}: {note}")));
                }
                Paginated::Inexpressible { reason } => {
                    self.notes.push(format!("{name}: not paginated: {reason}"));
                }
            }
        }

        let mut errors = Vec::new();
        for error in &operation.errors {
            ensure!(
                self.lookup(&error.shape)?.exception,
                "its error `{}` is a shape without `exception`",
                error.shape
            );
            let error = self.reference(&error.shape)?;
            // botocore lists some of them twice.
            if !errors.contains(&error) {
                errors.push(error);
            }
        }
        Ok(Shape {
            kind: "operation".into(),
            input: Some(self.structure_or_unit(operation.input.as_ref())?),
            output: Some(self.structure_or_unit(operation.output.as_ref())?),
            errors,
            traits,
            ..Shape::default()
        })
    }

    fn structure_or_unit(&self, reference: Option<&botocore::ShapeRef>) -> Result<Reference> {
        let Some(reference) = reference else {
            return Ok(Reference {
                target: "smithy.api#Unit".into(),
            });
        };
        let kind = &self.lookup(&reference.shape)?.kind;
        ensure!(
            kind == "structure",
            "its input or output `{}` is a {kind}, not a structure",
            reference.shape
        );
        self.reference(&reference.shape)
    }

    /// Smithy pages by one token each way, and finds the token and the items by dotted paths.
    fn pagination(&self, operation: &Operation, pagination: &Pagination) -> Result<Paginated> {
        let (OneOrMany::One(input_token), OneOrMany::One(output_token)) =
            (&pagination.input_token, &pagination.output_token)
        else {
            return Ok(Paginated::Inexpressible {
                reason: "it takes several tokens".into(),
            });
        };
        if !is_path(output_token) {
            return Ok(Paginated::Inexpressible {
                reason: format!("its next token is the expression `{output_token}`"),
            });
        }
        for member in [Some(input_token), pagination.limit_key.as_ref()]
            .into_iter()
            .flatten()
        {
            self.kind_at(operation.input.as_ref(), member)
                .context("paginators-1.json, input")?;
        }
        self.kind_at(operation.output.as_ref(), output_token)
            .context("paginators-1.json, output")?;

        let mut notes = Vec::new();
        let mut value = json!({ "inputToken": input_token, "outputToken": output_token });
        if let Some(limit_key) = &pagination.limit_key {
            value["pageSize"] = json!(limit_key);
        }
        let items = match &pagination.result_key {
            None => None,
            Some(OneOrMany::One(key)) => Some(key),
            Some(OneOrMany::Many(keys)) => {
                let first = keys.first().context("an empty `result_key`")?;
                if keys.len() > 1 {
                    notes.push(format!("of its results {keys:?}, `{first}` are the items"));
                }
                Some(first)
            }
        };
        if let Some(items) = items {
            if !is_path(items) {
                notes.push(format!("no items: `{items}` is an expression"));
            } else {
                match self
                    .kind_at(operation.output.as_ref(), items)
                    .context("paginators-1.json, output")?
                {
                    "list" | "map" => value["items"] = json!(items),
                    kind => notes.push(format!("no items: `{items}` is a {kind}")),
                }
            }
        }
        if let Some(more_results) = &pagination.more_results {
            notes.push(format!(
                "the pages end where the token does; `{more_results}` is not looked at"
            ));
        }
        Ok(Paginated::As { value, notes })
    }

    /// The type of the member that a dotted path leads to.
    fn kind_at(&self, root: Option<&botocore::ShapeRef>, path: &str) -> Result<&'a str> {
        let root = root.context("the operation has no such structure")?;
        let mut shape = self.lookup(&root.shape)?;
        for segment in path.split('.') {
            let member = shape
                .members
                .as_ref()
                .and_then(|members| members.get(segment))
                .with_context(|| format!("`{path}`: there is no member `{segment}`"))?;
            shape = self.lookup(&member.shape)?;
        }
        Ok(&shape.kind)
    }

    fn shape(&self, name: &str, shape: &botocore::Shape) -> Result<Shape> {
        check_parts(shape)?;
        let mut converted = Shape {
            kind: smithy_kind(shape)?.into(),
            ..Shape::default()
        };
        let traits = &mut converted.traits;
        deprecate(traits, shape.deprecated, shape.deprecated_since.as_deref());
        if shape.sensitive {
            mark(traits, "smithy.api#sensitive");
        }
        timestamp_format(traits, shape.timestamp_format.as_deref())?;

        // An enum is open, and a value that is not listed yet may break the constraints that hold
        // for those that are, so none but the list itself is kept.
        if let Some(values) = &shape.enum_values {
            converted.members = Some(enum_members(values));
        } else {
            constrain(&mut converted, shape)?;
        }

        if let Some(members) = &shape.members
            && converted.kind != "document"
        {
            converted.members = Some(self.members(shape, members)?);
        }
        let single = |member: &Option<botocore::Member>| {
            member
                .as_ref()
                .map(|member| self.member(member))
                .transpose()
        };
        converted.member = single(&shape.member)?;
        converted.key = single(&shape.key)?;
        converted.value = single(&shape.value)?;

        if shape.eventstream {
            mark(&mut converted.traits, "smithy.api#streaming");
        }
        converted.traits.extend(error_traits(shape)?);
        converted.traits.extend(self.role(name));
        Ok(converted)
    }

    fn members(
        &self,
        shape: &botocore::Shape,
        members: &Ordered<botocore::Member>,
    ) -> Result<Ordered<Member>> {
        for required in &shape.required {
            ensure!(
                members.get(required).is_some(),
                "`required` names `{required}`, which is no member"
            );
        }
        members
            .iter()
            .map(|(name, member)| {
                ensure!(is_identifier(name), "`{name}` is no Smithy identifier");
                let mut converted = self
                    .member(member)
                    .with_context(|| format!("member `{name}`"))?;
                // A union has exactly one member, so `required` on one, as some event streams have
                // it, says nothing.
                let is_union = shape.union || shape.eventstream;
                if !is_union && shape.required.iter().any(|required| required == name) {
                    mark(&mut converted.traits, "smithy.api#required");
                }
                Ok((name.to_owned(), converted))
            })
            .collect()
    }

    fn member(&self, member: &botocore::Member) -> Result<Member> {
        self.lookup(&member.shape)?;
        let mut traits = Traits::new();
        deprecate(
            &mut traits,
            member.deprecated,
            member.deprecated_since.as_deref(),
        );
        if member.idempotency_token {
            mark(&mut traits, "smithy.api#idempotencyToken");
        }
        if member.host_label {
            mark(&mut traits, "smithy.api#hostLabel");
        }
        if let Some(param) = &member.context_param {
            traits.insert("smithy.rules#contextParam".into(), param.clone());
        }
        timestamp_format(&mut traits, member.timestamp_format.as_deref())?;
        Ok(Member {
            target: self.id(&member.shape)?,
            traits,
        })
    }

    /// Whether a structure is the input or the output of one operation and nothing else.
    fn role(&self, name: &str) -> Option<(String, Value)> {
        let uses = self.uses.get(name)?;
        let role = match (uses.input, uses.output, uses.other) {
            (1, 0, 0) => "smithy.api#input",
            (0, 1, 0) => "smithy.api#output",
            _ => return None,
        };
        Some((role.into(), json!({})))
    }

    fn lookup(&self, name: &str) -> Result<&'a botocore::Shape> {
        self.shapes
            .get(name)
            .copied()
            .with_context(|| format!("there is no shape `{name}`"))
    }

    fn reference(&self, name: &str) -> Result<Reference> {
        Ok(Reference {
            target: self.id(name)?,
        })
    }

    fn id(&self, name: &str) -> Result<String> {
        ensure!(is_identifier(name), "`{name}` is no Smithy identifier");
        Ok(format!("{}#{name}", self.namespace))
    }
}

enum Paginated {
    As { value: Value, notes: Vec<String> },
    Inexpressible { reason: String },
}

fn count_uses(service: &Service) -> BTreeMap<&str, Uses> {
    let mut uses = BTreeMap::<&str, Uses>::new();
    for (_, operation) in service.operations.iter() {
        if let Some(input) = &operation.input {
            uses.entry(&input.shape).or_default().input += 1;
        }
        if let Some(output) = &operation.output {
            uses.entry(&output.shape).or_default().output += 1;
        }
        for error in &operation.errors {
            uses.entry(&error.shape).or_default().other += 1;
        }
    }
    for (_, shape) in service.shapes.iter() {
        let members = shape.members.iter().flat_map(Ordered::iter);
        for member in members
            .map(|(_, member)| member)
            .chain(&shape.member)
            .chain(&shape.key)
            .chain(&shape.value)
        {
            uses.entry(&member.shape).or_default().other += 1;
        }
    }
    uses
}

/// The trait for the protocol. Where a service speaks others too, this is the one to use.
fn json_protocol(metadata: &Metadata) -> Result<(String, Value)> {
    ensure!(
        metadata.protocol == "json" || metadata.protocols.iter().any(|name| name == "json"),
        "it speaks `{}`, which is not a JSON protocol that this converter knows",
        metadata.protocol
    );
    let id = match metadata.json_version.as_deref() {
        Some("1.0") => "aws.protocols#awsJson1_0",
        Some("1.1") => "aws.protocols#awsJson1_1",
        Some(other) => bail!("`jsonVersion` is `{other}`; only 1.0 and 1.1 are known"),
        None => bail!("`jsonVersion` is missing"),
    };
    let h2 = metadata
        .protocol_settings
        .as_ref()
        .and_then(|settings| settings.h2.as_deref());
    let settings = match h2 {
        None => json!({}),
        Some("optional") => json!({ "http": ["http/1.1", "h2"] }),
        Some("eventstream") => json!({ "http": ["http/1.1", "h2"], "eventStreamHttp": ["h2"] }),
        Some(other) => {
            bail!("`protocolSettings.h2` is `{other}`, which this converter does not know")
        }
    };
    Ok((id.into(), settings))
}

fn service_auth(metadata: &Metadata, signing_name: &str) -> Result<Traits> {
    ensure!(
        metadata.signature_version == "v4",
        "`signatureVersion` is `{}`; only `v4` is known",
        metadata.signature_version
    );
    let sigv4 = "aws.auth#sigv4".to_owned();
    let schemes = metadata
        .auth
        .as_deref()
        .unwrap_or(std::slice::from_ref(&sigv4));
    let mut traits = Traits::new();
    for scheme in schemes {
        match scheme.as_str() {
            "aws.auth#sigv4" | "aws.auth#sigv4a" => {
                traits.insert(scheme.clone(), json!({ "name": signing_name }));
            }
            other => bail!("`auth` names `{other}`, which this converter does not know"),
        }
    }
    // With a single scheme, Smithy has no need of the order.
    if schemes.len() > 1 {
        traits.insert("smithy.api#auth".into(), json!(schemes));
    }
    Ok(traits)
}

fn operation_auth(operation: &Operation) -> Result<Traits> {
    match (operation.authtype.as_deref(), operation.auth.as_deref()) {
        (None, None) => Ok(Traits::new()),
        (Some("none"), None) => Ok(anonymous()),
        (Some("none"), Some([scheme])) if scheme == "smithy.api#noAuth" => Ok(anonymous()),
        (authtype, auth) => bail!(
            "`authtype` {:?} with `auth` {:?} is not known to this converter",
            authtype.unwrap_or_default(),
            auth.unwrap_or_default()
        ),
    }
}

/// An operation without authentication.
fn anonymous() -> Traits {
    Traits::from([("smithy.api#auth".into(), json!([]))])
}

/// Fails if the shape has something that its type has no place for, or lacks what it needs.
fn check_parts(shape: &botocore::Shape) -> Result<()> {
    let kind = &shape.kind;
    for (part, is_there, owner) in [
        ("members", shape.members.is_some(), "structure"),
        ("member", shape.member.is_some(), "list"),
        ("key", shape.key.is_some(), "map"),
        ("value", shape.value.is_some(), "map"),
    ] {
        ensure!(is_there || kind != owner, "a {kind} without `{part}`");
        ensure!(!is_there || kind == owner, "a {kind} with `{part}`");
    }
    for (flag, is_set, owner) in [
        ("required", !shape.required.is_empty(), "structure"),
        ("union", shape.union, "structure"),
        ("document", shape.document, "structure"),
        ("eventstream", shape.eventstream, "structure"),
        ("event", shape.event, "structure"),
        ("exception", shape.exception, "structure"),
        ("enum", shape.enum_values.is_some(), "string"),
        ("pattern", shape.pattern.is_some(), "string"),
        (
            "timestampFormat",
            shape.timestamp_format.is_some(),
            "timestamp",
        ),
    ] {
        ensure!(!is_set || kind == owner, "a {kind} with `{flag}`");
    }
    Ok(())
}

fn smithy_kind(shape: &botocore::Shape) -> Result<&str> {
    Ok(match shape.kind.as_str() {
        "string" if shape.enum_values.is_some() => "enum",
        "structure" if shape.document => {
            ensure!(
                shape.members.as_ref().is_none_or(Ordered::is_empty),
                "a document with members"
            );
            "document"
        }
        // botocore does not mark an event stream as a union, Smithy does.
        "structure" if shape.union || shape.eventstream => "union",
        kind @ ("structure" | "list" | "map" | "string" | "blob" | "boolean" | "integer"
        | "long" | "float" | "double" | "timestamp") => kind,
        other => bail!("type `{other}` is not known to this converter"),
    })
}

fn constrain(converted: &mut Shape, shape: &botocore::Shape) -> Result<()> {
    if let Some(pattern) = &shape.pattern {
        converted
            .traits
            .insert("smithy.api#pattern".into(), json!(anchored(pattern)));
    }
    if shape.min.is_none() && shape.max.is_none() {
        return Ok(());
    }
    let id = match shape.kind.as_str() {
        "string" | "blob" | "list" | "map" => "smithy.api#length",
        "integer" | "long" | "float" | "double" => "smithy.api#range",
        other => bail!("a {other} with `min` or `max`"),
    };
    let bounds = [("min", &shape.min), ("max", &shape.max)];
    let bounds: BTreeMap<_, _> = bounds
        .into_iter()
        .filter_map(|(name, bound)| bound.as_ref().map(|bound| (name, bound)))
        .collect();
    converted.traits.insert(id.into(), json!(bounds));
    Ok(())
}

/// A Smithy pattern may match anywhere in a string unless it says otherwise; one of botocore
/// describes the whole string, with or without saying so.
fn anchored(pattern: &str) -> String {
    // Anything at all, line breaks included, which an anchored `.` would refuse.
    if pattern == ".*" {
        return pattern.to_owned();
    }
    let has_start = pattern.starts_with('^');
    let has_end = pattern.ends_with('$') && !pattern.ends_with("\\$");
    if has_start && has_end {
        pattern.to_owned()
    } else if pattern.contains('|') {
        // An anchor binds to one alternative alone.
        format!("^(?:{pattern})$")
    } else {
        let start = if has_start { "" } else { "^" };
        let end = if has_end { "" } else { "$" };
        format!("{start}{pattern}{end}")
    }
}

/// `client` or `server`, the HTTP status, the name in the query protocol, and whether to retry.
fn error_traits(shape: &botocore::Shape) -> Result<Traits> {
    let mut traits = Traits::new();
    if !shape.exception {
        ensure!(
            shape.error.is_none() && !shape.fault && shape.retryable.is_none(),
            "`error`, `fault` or `retryable` without `exception`"
        );
        return Ok(traits);
    }
    let status = shape.error.as_ref().map(|error| error.http_status_code);
    let is_server = shape.fault
        || status.is_some_and(|status| status >= 500)
            && !shape.error.as_ref().is_some_and(|error| error.sender_fault);
    let blame = if is_server { "server" } else { "client" };
    traits.insert("smithy.api#error".into(), json!(blame));
    if let Some(status) = status {
        traits.insert("smithy.api#httpError".into(), json!(status));
    }
    // An awsJson error is known by its shape's name. Its code in the query protocol matters where
    // the service is `awsQueryCompatible`: there it comes in a header of its own.
    if let Some(ErrorInfo {
        code: Some(code),
        http_status_code,
        ..
    }) = &shape.error
    {
        traits.insert(
            "aws.protocols#awsQueryError".into(),
            json!({ "code": code, "httpResponseCode": http_status_code }),
        );
    }
    if let Some(retryable) = &shape.retryable {
        let value = if retryable.throttling {
            json!({ "throttling": true })
        } else {
            json!({})
        };
        traits.insert("smithy.api#retryable".into(), value);
    }
    Ok(traits)
}

fn timestamp_format(traits: &mut Traits, format: Option<&str>) -> Result<()> {
    let format = match format {
        None => return Ok(()),
        Some("iso8601") => "date-time",
        Some("unixTimestamp") => "epoch-seconds",
        Some("rfc822") => "http-date",
        Some(other) => bail!("`timestampFormat` is `{other}`, which this converter does not know"),
    };
    traits.insert("smithy.api#timestampFormat".into(), json!(format));
    Ok(())
}

fn deprecate(traits: &mut Traits, deprecated: bool, since: Option<&str>) {
    if deprecated {
        let value = since.map_or_else(|| json!({}), |since| json!({ "since": since }));
        traits.insert("smithy.api#deprecated".into(), value);
    }
}

/// Adds a trait that has no value.
fn mark(traits: &mut Traits, id: &str) {
    traits.insert(id.into(), json!({}));
}

/// Enum members named after their values.
fn enum_members(values: &[String]) -> Ordered<Member> {
    let mut taken = HashSet::new();
    values
        .iter()
        .map(|value| {
            let name = unique(enum_member_name(value), &mut taken);
            let member = Member {
                target: "smithy.api#Unit".into(),
                traits: Traits::from([("smithy.api#enumValue".into(), json!(value))]),
            };
            (name, member)
        })
        .collect()
}

/// A Smithy identifier as close to `value` as can be.
fn enum_member_name(value: &str) -> String {
    let name: String = value
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    if is_identifier(&name) {
        name
    } else if name.chars().any(|c| c.is_ascii_alphanumeric()) {
        format!("_{name}")
    } else if value.is_empty() {
        "EMPTY".into()
    } else {
        "VALUE".into()
    }
}

/// `name`, or `name_2`, `name_3`, … if it is taken. Smithy ignores case when it compares names.
fn unique(name: String, taken: &mut HashSet<String>) -> String {
    let mut candidate = name.clone();
    let mut count = 1;
    while !taken.insert(candidate.to_ascii_lowercase()) {
        count += 1;
        candidate = format!("{name}_{count}");
    }
    candidate
}

/// A Smithy identifier: a letter, or underscores and then a letter or digit, and then any of them.
fn is_identifier(name: &str) -> bool {
    let start = name.trim_start_matches('_');
    let starts_well = match start.chars().next() {
        Some(first) if name.len() == start.len() => first.is_ascii_alphabetic(),
        Some(first) => first.is_ascii_alphanumeric(),
        None => false,
    };
    starts_well && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Member names joined by dots, as opposed to a JMESPath expression.
fn is_path(path: &str) -> bool {
    path.split('.').all(is_identifier)
}

/// Removes `key` from every object in `value`.
pub fn remove_key(value: &mut Value, key: &str) {
    match value {
        Value::Object(object) => {
            object.remove(key);
            for value in object.values_mut() {
                remove_key(value, key);
            }
        }
        Value::Array(array) => {
            for value in array {
                remove_key(value, key);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
