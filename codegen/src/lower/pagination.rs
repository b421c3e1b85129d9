//! The `paginated` trait.

use serde::Deserialize;

use super::Lowering;
use crate::error::{Error, Result};
use crate::ir::{self, Structure, Type};
use crate::model::Shape;

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Paginated {
    input_token: Option<String>,
    output_token: Option<String>,
    page_size: Option<String>,
    items: Option<String>,
}

/// How the operation goes from page to page; the service's trait fills what the operation's leaves
/// out.
pub(super) fn lower(
    lowering: &Lowering<'_>,
    operation: &Shape,
    service: &Shape,
    input: &Structure,
    output: &Structure,
) -> Result<Option<ir::Pagination>> {
    let Some(own) = operation.traits.get::<Paginated>("smithy.api#paginated")? else {
        return Ok(None);
    };
    let shared: Paginated = service
        .traits
        .get("smithy.api#paginated")?
        .unwrap_or_default();
    let missing = |what| Error::new(format!("trait `smithy.api#paginated` has no `{what}`"));
    let input_token = own
        .input_token
        .or(shared.input_token)
        .ok_or_else(|| missing("inputToken"))?;
    let output_token = own
        .output_token
        .or(shared.output_token)
        .ok_or_else(|| missing("outputToken"))?;

    let named = |error: Error| Error::new(format!("trait `smithy.api#paginated`: {error}"));
    let (input_path, token) = lowering.path(input, &input_token).map_err(named)?;
    let [input_step] = &input_path[..] else {
        return Err(Error::new(format!(
            "inputToken `{input_token}` must be a member of the input"
        )));
    };
    let (output_token_path, output_type) = lowering.path(output, &output_token).map_err(named)?;
    if token != output_type {
        return Err(Error::new(format!(
            "inputToken `{input_token}` and outputToken `{output_token}` are not of one type"
        )));
    }
    if !matches!(token, Type::String | Type::Map { .. }) {
        return Err(Error::new(format!(
            "inputToken `{input_token}` is neither a string nor a map"
        )));
    }
    let page_size = match own.page_size.or(shared.page_size) {
        Some(name) => match lowering.path(input, &name).map_err(named)? {
            (path, Type::Integer) => path.into_iter().next().map(|step| step.field),
            _ => None,
        },
        None => None,
    };
    let items = own
        .items
        .or(shared.items)
        .map(|path| lowering.path(output, &path).map_err(named))
        .transpose()?;
    Ok(Some(ir::Pagination {
        token,
        input_token: input_step.field.clone(),
        output_token: output_token_path,
        page_size,
        items,
    }))
}
