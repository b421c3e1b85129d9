//! Model to IR: the only place that decides.
//!
//! Here targets are resolved, names are given, inputs, outputs and errors are told from other
//! structures, recursion is boxed, and what cannot be supported is refused by name.

mod closure;
mod docs;
pub(crate) mod endpoint;
mod example;
mod instant;
pub(crate) mod names;
mod operation_endpoint;
mod pagination;
pub(crate) mod partitions;
mod path;
mod shapes;
mod supported;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};

use self::closure::Closure;
use self::names::Scope;
use crate::error::{Error, Result};
use crate::ir;
use crate::model::{Model, Shape, ShapeId, ShapeType, Traits};
use crate::{Directions, Options, Skipped};

/// What the model is lowered with.
pub(crate) struct Lowering<'a> {
    model: &'a Model,
    directions: Directions,
    /// What examples call the crate.
    crate_name: Option<&'a str>,
    /// Everything that the service uses.
    closure: Closure,
    /// The SDK ID of the service.
    sdk_id: &'a str,
    /// The Rust names of the shapes in `types`.
    type_names: BTreeMap<ShapeId, String>,
    /// The Rust names of the error structures.
    error_names: BTreeMap<ShapeId, String>,
}

/// A lowered service.
pub(crate) struct Lowered {
    pub(crate) sdk: ir::Sdk,
    /// The operations that were left out.
    pub(crate) skipped: Vec<Skipped>,
    /// What is wrong in the documentation, which was left out.
    pub(crate) warnings: Vec<Error>,
}

/// Lowers the model's service.
pub(crate) fn lower(
    model: &Model,
    partitions: ir::endpoint::Partitions,
    crate_name: Option<&str>,
    options: Options,
) -> Result<Lowered> {
    let (service_id, service) = find_service(model)?;
    let lowered_service =
        lower_service(service_id, service).map_err(|error| error.shape(service_id))?;
    supported::check(service_id, &service.traits)?;
    let mut operations = operations(model, service_id, service)?;
    let mut skipped = Vec::new();
    for id in operations.keys().cloned().collect::<Vec<_>>() {
        if let Err(error) = check_operation(model, &id, operations[&id], options.directions) {
            if !options.skip_unsupported {
                return Err(error.of_operation());
            }
            operations.remove(&id);
            skipped.push(Skipped {
                operation: id.name().to_owned(),
                reason: error,
            });
        }
    }

    let closure = Closure::of(model, &operations, options.directions)?;
    let (type_names, error_names) = name_types(model, &closure)?;
    let lowering = Lowering {
        model,
        directions: options.directions,
        crate_name,
        closure,
        sdk_id: &lowered_service.sdk_id,
        type_names,
        error_names,
    };
    let mut warnings = Vec::new();
    let mut sdk = ir::Sdk {
        operations: lowering.operations(&operations, service, &mut warnings)?,
        types: lowering.types()?,
        errors: lowering.errors()?,
        service: lowered_service,
        endpoint: lower_endpoint(service).map_err(|error| error.shape(service_id))?,
        partitions,
    };
    sdk.operations.sort_by(|a, b| a.method.cmp(&b.method));
    sdk.types.sort_by(|a, b| a.name().cmp(b.name()));
    sdk.errors
        .sort_by(|a, b| a.structure.name.cmp(&b.structure.name));
    resolve_error_codes(&mut sdk);
    Ok(Lowered {
        sdk,
        skipped,
        warnings,
    })
}

/// Tells the operations the codes of their errors, and the service which codes can be retried and
/// which have a hint.
fn resolve_error_codes(sdk: &mut ir::Sdk) {
    for operation in &mut sdk.operations {
        operation.error_codes = sdk
            .errors
            .iter()
            .filter(|error| operation.errors.contains(&error.structure.name))
            .flat_map(|error| error.codes.iter().cloned())
            .collect();
    }
    sdk.service.retryable_errors = sdk
        .errors
        .iter()
        .filter_map(|error| Some((error, error.retryable?)))
        .flat_map(|(error, retryable)| {
            error
                .codes
                .iter()
                .map(move |code| (code.clone(), retryable))
        })
        .collect();
    sdk.service.hints = sdk
        .errors
        .iter()
        .filter_map(|error| Some((error, error.hint.as_ref()?)))
        .flat_map(|(error, hint)| {
            let codes = error.codes.iter();
            codes.map(move |code| (code.clone(), hint.clone()))
        })
        .collect();
}

/// Refuses an operation if it, or a shape that it reaches, needs what is not supported.
fn check_operation(
    model: &Model,
    id: &ShapeId,
    operation: &Shape,
    directions: Directions,
) -> Result<()> {
    supported::check(id, &operation.traits)?;
    let alone = BTreeMap::from([(id.clone(), operation)]);
    for shape in Closure::of(model, &alone, directions)?.shapes() {
        supported::check_shape(shape, get(model, shape)?)
            .map_err(|error| error.needed_by(format_args!("operation `{}`", id.name())))?;
    }
    Ok(())
}

fn get<'a>(model: &'a Model, id: &ShapeId) -> Result<&'a Shape> {
    model
        .get(id)
        .ok_or_else(|| Error::new(format!("shape `{id}` does not exist")))
}

fn find_service(model: &Model) -> Result<(&ShapeId, &Shape)> {
    let mut services = model
        .iter()
        .filter(|(_, shape)| shape.kind == ShapeType::Service);
    match (services.next(), services.next()) {
        (Some(service), None) => Ok(service),
        (None, _) => Err(Error::new("the model has no service shape")),
        (Some((first, _)), Some((second, _))) => Err(Error::new(format!(
            "the model has more than one service: `{first}` and `{second}`"
        ))),
    }
}

/// The operations of the service and of all its resources.
fn operations<'a>(
    model: &'a Model,
    service_id: &ShapeId,
    service: &'a Shape,
) -> Result<BTreeMap<ShapeId, &'a Shape>> {
    let mut found = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut open = vec![(service_id.clone(), service)];
    while let Some((id, owner)) = open.pop() {
        let bound = [&owner.operations, &owner.collection_operations];
        let lifecycle = [
            &owner.put,
            &owner.create,
            &owner.read,
            &owner.update,
            &owner.delete,
            &owner.list,
        ];
        for reference in bound
            .into_iter()
            .flatten()
            .chain(lifecycle.into_iter().flatten())
        {
            let operation = get(model, &reference.target).map_err(|error| error.shape(&id))?;
            found.insert(reference.target.clone(), operation);
        }
        for reference in &owner.resources {
            if seen.insert(reference.target.clone()) {
                let resource = get(model, &reference.target).map_err(|error| error.shape(&id))?;
                open.push((reference.target.clone(), resource));
            }
        }
    }
    Ok(found)
}

/// Whether a shape is a structure that the service answers with in place of an output.
fn is_error(shape: &Shape) -> bool {
    shape.traits.has("smithy.api#error")
}

type TypeNames = BTreeMap<ShapeId, String>;

fn name_types(model: &Model, closure: &Closure) -> Result<(TypeNames, TypeNames)> {
    let mut types = TypeNames::new();
    let mut errors = TypeNames::new();
    let mut type_scope = Scope::types();
    let mut error_scope = Scope::types();
    for id in closure.definitions() {
        if is_error(get(model, id)?) {
            errors.insert(id.clone(), error_scope.type_name(id.name()));
        } else {
            types.insert(id.clone(), type_scope.type_name(id.name()));
        }
    }
    Ok((types, errors))
}

/// The SDK ID of the model's service.
pub(crate) fn sdk_id(model: &Model) -> Result<String> {
    let (id, service) = find_service(model)?;
    sdk_id_of(service).map_err(|error| error.shape(id))
}

fn sdk_id_of(service: &Shape) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct AwsService {
        sdk_id: String,
    }
    let aws: Option<AwsService> = service.traits.get("aws.api#service")?;
    Ok(aws.ok_or_else(|| missing("aws.api#service"))?.sdk_id)
}

fn missing(trait_id: &str) -> Error {
    Error::new(format!("the service has no trait `{trait_id}`"))
}

fn lower_service(id: &ShapeId, service: &Shape) -> Result<ir::Service> {
    #[derive(Deserialize)]
    struct Sigv4 {
        name: String,
    }

    let content_type = if service.traits.has("aws.protocols#awsJson1_1") {
        "application/x-amz-json-1.1"
    } else if service.traits.has("aws.protocols#awsJson1_0") {
        "application/x-amz-json-1.0"
    } else {
        let others: Vec<&str> = service
            .traits
            .ids()
            .filter(|id| id.starts_with("aws.protocols#") || id.starts_with("smithy.protocols#"))
            .collect();
        return Err(Error::new(format!(
            "protocol not supported: the service speaks {}; awsJson1_0 and awsJson1_1 are supported",
            if others.is_empty() {
                "none that is known".to_owned()
            } else {
                others.join(", ")
            }
        )));
    };
    let sdk_id = sdk_id_of(service)?;
    let sigv4: Sigv4 = service
        .traits
        .get("aws.auth#sigv4")?
        .ok_or_else(|| missing("aws.auth#sigv4"))?;
    Ok(ir::Service {
        title: service
            .traits
            .get::<String>("smithy.api#title")?
            .unwrap_or_else(|| format!("AWS {sdk_id}")),
        sdk_id,
        signing_name: sigv4.name,
        target_prefix: id.name().to_owned(),
        content_type: content_type.to_owned(),
        query_compatible: service.traits.has("aws.protocols#awsQueryCompatible"),
        retryable_errors: Vec::new(),
        hints: Vec::new(),
    })
}

/// Whether an operation is signed: it is, unless its `auth` trait is empty or names other schemes.
fn is_signed(traits: &Traits) -> Result<bool> {
    let schemes: Option<Vec<String>> = traits.get("smithy.api#auth")?;
    match schemes.as_deref() {
        None => Ok(true),
        Some([]) => Ok(false),
        Some(schemes) if schemes.iter().any(|scheme| scheme == "aws.auth#sigv4") => Ok(true),
        Some(schemes) => Err(Error::new(format!(
            "authenticates by {}; only `aws.auth#sigv4` is supported",
            schemes.join(", ")
        ))),
    }
}

/// Whether the service takes requests in gzip.
fn is_compressed(traits: &Traits) -> Result<bool> {
    #[derive(Deserialize)]
    struct RequestCompression {
        encodings: Vec<String>,
    }
    let compression: Option<RequestCompression> = traits.get("smithy.api#requestCompression")?;
    Ok(compression
        .is_some_and(|compression| compression.encodings.iter().any(|name| name == "gzip")))
}

/// The operation that tells the endpoint of one that demands to be sent to a discovered one.
fn endpoint_operation(operation: &Traits, service: &Traits) -> Result<Option<String>> {
    #[derive(Deserialize)]
    struct Discovered {
        #[serde(default)]
        required: bool,
    }
    #[derive(Deserialize)]
    struct Discovery {
        operation: ShapeId,
    }
    let discovered: Option<Discovered> = operation.get("aws.api#clientDiscoveredEndpoint")?;
    if !discovered.is_some_and(|discovered| discovered.required) {
        return Ok(None);
    }
    let discovery: Discovery = service
        .get("aws.api#clientEndpointDiscovery")?
        .ok_or_else(|| Error::new("demands endpoint discovery, which the service does not have"))?;
    Ok(Some(discovery.operation.name().to_owned()))
}

fn lower_endpoint(service: &Shape) -> Result<ir::endpoint::RuleSet> {
    match service.traits.raw("smithy.rules#endpointRuleSet") {
        Some(rules) => endpoint::lower(rules),
        None => endpoint::lower(&regional_rules(service)),
    }
}

/// The rules of a service that says none: one endpoint a region.
fn regional_rules(service: &Shape) -> Value {
    let prefix = service
        .traits
        .raw("aws.api#service")
        .and_then(|service| service.get("endpointPrefix"))
        .and_then(Value::as_str)
        .unwrap_or("{Region}");
    json!({
        "version": "1.0",
        "parameters": {
            "Region": {"builtIn": "AWS::Region", "required": true, "type": "string"},
            "Endpoint": {"builtIn": "SDK::Endpoint", "required": false, "type": "string"}
        },
        "rules": [
            {
                "conditions": [{"fn": "isSet", "argv": [{"ref": "Endpoint"}]}],
                "endpoint": {"url": {"ref": "Endpoint"}},
                "type": "endpoint"
            },
            {
                "conditions": [
                    {"fn": "aws.partition", "argv": [{"ref": "Region"}], "assign": "Partition"}
                ],
                "endpoint": {"url": format!("https://{prefix}.{{Region}}.{{Partition#dnsSuffix}}")},
                "type": "endpoint"
            }
        ]
    })
}

impl Lowering<'_> {
    fn operations(
        &self,
        operations: &BTreeMap<ShapeId, &Shape>,
        service: &Shape,
        warnings: &mut Vec<Error>,
    ) -> Result<Vec<ir::Operation>> {
        let mut methods = BTreeMap::<String, &ShapeId>::new();
        operations
            .iter()
            .map(|(id, shape)| {
                let mut of_operation = Vec::new();
                let operation = self
                    .operation(id, shape, service, &mut of_operation)
                    .map_err(|error| error.shape(id))?;
                warnings.extend(of_operation.into_iter().map(|warning| warning.shape(id)));
                match methods.insert(operation.method.clone(), id) {
                    Some(other) => Err(Error::at(
                        id,
                        format!(
                            "its method would be called `{}`, as that of `{other}`; rename one in the model",
                            operation.method
                        ),
                    )),
                    None => Ok(operation),
                }
            })
            .collect()
    }

    fn operation(
        &self,
        id: &ShapeId,
        shape: &Shape,
        service: &Shape,
        warnings: &mut Vec<Error>,
    ) -> Result<ir::Operation> {
        let type_name = names::operation_type(id.name());
        let method = names::operation_method(id.name());
        let input = self.operation_structure(
            shape.input.as_ref().map(|reference| &reference.target),
            &format!("{type_name}Input"),
            &method,
            shapes::Role::Input,
        )?;
        let output = self.operation_structure(
            shape.output.as_ref().map(|reference| &reference.target),
            &format!("{type_name}Output"),
            &method,
            shapes::Role::Output,
        )?;
        let input_shape = shape
            .input
            .as_ref()
            .and_then(|reference| self.model.get(&reference.target));
        let mut errors: Vec<String> = shape
            .errors
            .iter()
            .chain(&service.errors)
            .filter_map(|reference| self.error_names.get(&reference.target).cloned())
            .collect();
        errors.sort();
        errors.dedup();
        let pagination = pagination::lower(self, shape, service, &input, &output)?;
        Ok(ir::Operation {
            name: id.name().to_owned(),
            example: example::lower(self, shape, &input, &output, pagination.as_ref(), warnings)?,
            pagination,
            endpoint: operation_endpoint::lower(self, id, shape, input_shape, &input)?,
            signed: is_signed(&shape.traits)?,
            compressed: is_compressed(&shape.traits)?,
            endpoint_operation: endpoint_operation(&shape.traits, &service.traits)?,
            docs: docs::lines(&shape.traits)?
                .unwrap_or_else(|| vec![format!("Calls the operation `{}`.", id.name())]),
            deprecated: shapes::deprecated(&shape.traits)?,
            struct_name: names::operation_struct(&type_name),
            type_name,
            method,
            input,
            output,
            error_docs: docs::of_error(id.name(), &errors),
            errors,
            error_codes: Vec::new(),
        })
    }
}
