//! What an operation says of its endpoint: parameters of the rules, what goes before the host, or
//! the endpoint itself.
//!
//! <https://smithy.io/2.0/additional-specs/rules-engine/parameters.html>

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::Lowering;
use crate::error::{Error, Result};
use crate::ir::{EndpointValue, OperationEndpoint, Structure, Type};
use crate::model::{Shape, ShapeId};

/// Members that name the endpoint of their request, for which Smithy has no trait: the SDK ID of the
/// service, the operation, and the member. A model for real-time predictions has an endpoint of its
/// own, which the service tells.
const ENDPOINT_MEMBERS: [(&str, &str, &str); 1] =
    [("Machine Learning", "Predict", "PredictEndpoint")];

#[derive(Deserialize)]
struct ContextParam {
    name: String,
}

#[derive(Deserialize)]
struct OperationContextParam {
    path: String,
}

#[derive(Deserialize)]
struct StaticContextParam {
    value: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Endpoint {
    host_prefix: String,
}

/// The most specific parameter is set last, and so wins: a static one, then one of a member, then
/// one of a path.
pub(super) fn lower(
    lowering: &Lowering<'_>,
    id: &ShapeId,
    operation: &Shape,
    input_shape: Option<&Shape>,
    input: &Structure,
) -> Result<OperationEndpoint> {
    let mut parameters = Vec::new();
    let paths: Option<BTreeMap<String, OperationContextParam>> = operation
        .traits
        .get("smithy.rules#operationContextParams")?;
    for (name, OperationContextParam { path }) in paths.unwrap_or_default() {
        let value = lowering.endpoint_value(input, &path).map_err(|error| {
            Error::new(format!(
                "trait `smithy.rules#operationContextParams`: {error}"
            ))
        })?;
        parameters.push((name, value));
    }
    for (member_name, member) in input_shape.iter().flat_map(|shape| shape.members.iter()) {
        if let Some(ContextParam { name }) = member.traits.get("smithy.rules#contextParam")? {
            let (path, ty) = lowering.path(input, member_name)?;
            parameters.push((name, EndpointValue::Member(path, ty)));
        }
    }
    let constants: Option<BTreeMap<String, StaticContextParam>> =
        operation.traits.get("smithy.rules#staticContextParams")?;
    for (name, StaticContextParam { value }) in constants.unwrap_or_default() {
        let value = constant(&value).ok_or_else(|| {
            Error::new(format!(
                "trait `smithy.rules#staticContextParams`: `{name}` has the value `{value}`"
            ))
        })?;
        parameters.push((name, value));
    }
    let url = ENDPOINT_MEMBERS
        .iter()
        .find(|(sdk_id, operation, _)| *sdk_id == lowering.sdk_id && *operation == id.name())
        .map(|(.., member)| endpoint_member(input, member))
        .transpose()?;
    let host_prefix = operation
        .traits
        .get::<Endpoint>("smithy.api#endpoint")?
        .map(|endpoint| host_prefix(&endpoint.host_prefix, input))
        .transpose()?;
    Ok(OperationEndpoint {
        parameters,
        url,
        host_prefix,
    })
}

/// The field of a member that names the endpoint.
fn endpoint_member(input: &Structure, name: &str) -> Result<String> {
    let mut members = input.members.iter();
    members
        .find(|member| member.name == name && member.ty == Type::String)
        .map(|member| member.field.clone())
        .ok_or_else(|| {
            Error::new(format!(
                "its endpoint is expected in `{name}`, which is no string of the input"
            ))
        })
}

fn constant(value: &Value) -> Option<EndpointValue> {
    match value {
        Value::String(text) => Some(EndpointValue::String(text.clone())),
        Value::Bool(value) => Some(EndpointValue::Boolean(*value)),
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .map(EndpointValue::StringList),
        _ => None,
    }
}

/// Splits `{label}.data-` into the format string `{}.data-` and the fields of its labels.
fn host_prefix(text: &str, input: &Structure) -> Result<(String, Vec<String>)> {
    let invalid = |why: &str| {
        Error::new(format!(
            "trait `smithy.api#endpoint`: hostPrefix `{text}` {why}"
        ))
    };
    let mut format = String::new();
    let mut fields = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (label, after) = after
            .split_once('}')
            .ok_or_else(|| invalid("has a brace that does not close"))?;
        let member = input
            .members
            .iter()
            .find(|member| member.name == label && member.ty == Type::String)
            .ok_or_else(|| invalid(&format!("names `{label}`, which is no string of the input")))?;
        format.push_str(before);
        format.push_str("{}");
        fields.push(member.field.clone());
        rest = after;
    }
    format.push_str(rest);
    Ok((format, fields))
}

impl Lowering<'_> {
    /// The subset of JMESPath that models use: `a.b`, `keys(a.b)`, `a[*].b`, `a[*].[b.c, d.e][]`.
    fn endpoint_value(&self, input: &Structure, path: &str) -> Result<EndpointValue> {
        if let Some(inner) = path
            .strip_prefix("keys(")
            .and_then(|rest| rest.strip_suffix(')'))
        {
            return match self.path(input, inner)? {
                (steps, Type::Map { .. }) => Ok(EndpointValue::Keys(steps)),
                _ => Err(Error::new(format!(
                    "`{path}` asks for the keys of something else than a map"
                ))),
            };
        }
        let Some((list, rest)) = path.split_once("[*].") else {
            let (steps, ty) = self.path(input, path)?;
            return Ok(EndpointValue::Member(steps, ty));
        };
        let (steps, Type::List { item, .. }) = self.path(input, list)? else {
            return Err(Error::new(format!("`{list}` is not a list")));
        };
        let Type::Structure(item) = *item else {
            return Err(Error::new(format!("`{list}` is not a list of structures")));
        };
        let item = self.structure_named(&item)?;
        let branches = match rest
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix("][]"))
        {
            Some(branches) => branches.split(',').map(str::trim).collect(),
            None => vec![rest],
        };
        let branches = branches
            .into_iter()
            .map(|branch| match self.path(&item, branch)? {
                (steps, Type::String) => Ok(steps),
                _ => Err(Error::new(format!("`{branch}` is not a string"))),
            })
            .collect::<Result<_>>()?;
        Ok(EndpointValue::Each(steps, branches))
    }
}
