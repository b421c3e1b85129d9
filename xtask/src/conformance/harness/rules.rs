//! Compiled endpoint rules.

mod table;

use serde_json::{Map, Value, json};

use crate::runtime::service::endpoint::{
    AuthScheme, Endpoint, EndpointError, ParamValue, Params, Property,
};
use crate::{Failure, text};

type Resolve = fn(&Params) -> Result<Endpoint, EndpointError>;

/// Resolves with `parameters`, each an object of `name`, `builtIn` and `value`.
pub fn resolve(request: &Value) -> Result<Value, Failure> {
    let name = text(request, "rules")?;
    let (_, resolve) = table::TABLE
        .iter()
        .find(|(known, _)| *known == name)
        .ok_or_else(|| format!("there are no rules `{name}`"))?;
    let mut params = Params::default();
    for parameter in request["parameters"].as_array().ok_or("no parameters")? {
        set(&mut params, parameter)?;
    }
    Ok(match resolve(&params) {
        Ok(endpoint) => json!({ "endpoint": describe(&endpoint) }),
        Err(error) => json!({ "error": error.to_string() }),
    })
}

fn set(params: &mut Params, parameter: &Value) -> Result<(), Failure> {
    let value = &parameter["value"];
    let string = value.as_str().map(str::to_owned);
    match parameter["builtIn"].as_str() {
        Some("AWS::Region") => params.region = string,
        Some("AWS::UseDualStack") => params.use_dual_stack = value.as_bool(),
        Some("AWS::UseFIPS") => params.use_fips = value.as_bool(),
        Some("SDK::Endpoint") => params.endpoint = string,
        Some("AWS::Auth::AccountId") => params.account_id = string,
        Some("AWS::Auth::AccountIdEndpointMode") => params.account_id_endpoint_mode = string,
        _ => {
            // The runtime takes the names that stand in generated code.
            let name: &'static str = text(parameter, "name")?.to_owned().leak();
            params.set(name, custom(value)?);
        }
    }
    Ok(())
}

fn custom(value: &Value) -> Result<ParamValue, Failure> {
    match value {
        Value::String(text) => Ok(text.as_str().into()),
        Value::Bool(value) => Ok((*value).into()),
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect::<Option<Vec<_>>>()
            .map(Into::into)
            .ok_or_else(|| "a list of strings was expected".into()),
        other => Err(format!("{other} is no value of a parameter").into()),
    }
}

/// The endpoint as the suites write it.
fn describe(endpoint: &Endpoint) -> Value {
    let mut headers = Map::new();
    for (name, value) in &endpoint.headers {
        let values = headers.entry(name.as_ref()).or_insert_with(|| json!([]));
        values.as_array_mut().into_iter().for_each(|values| values.push(json!(value)));
    }
    let mut properties: Map<String, Value> = endpoint
        .properties
        .iter()
        .map(|(name, value)| ((*name).to_owned(), property(value)))
        .collect();
    if !endpoint.auth_schemes.is_empty() {
        let schemes = endpoint.auth_schemes.iter().map(scheme).collect();
        properties.insert("authSchemes".to_owned(), schemes);
    }
    json!({ "url": endpoint.url, "headers": headers, "properties": properties })
}

fn scheme(scheme: &AuthScheme) -> Value {
    json!({
        "name": scheme.name,
        "signingName": scheme.signing_name,
        "signingRegion": scheme.signing_region,
        "signingRegionSet": scheme.signing_region_set,
        "disableDoubleEncoding": scheme.disable_double_encoding,
        "disableNormalizePath": scheme.disable_normalize_path,
    })
}

fn property(value: &Property) -> Value {
    match value {
        Property::Boolean(value) => json!(value),
        Property::String(value) => json!(value),
        Property::List(items) => items.iter().map(property).collect(),
        Property::Map(entries) => entries
            .iter()
            .map(|(key, value)| ((*key).to_owned(), property(value)))
            .collect(),
    }
}
