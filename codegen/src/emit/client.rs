//! The client: a method per operation.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::example;
use super::file::{deprecated, docs, ident};
use crate::ir::{Operation, Sdk};

/// The client.
pub(super) fn emit(sdk: &Sdk) -> TokenStream {
    let title = format!(" A client of {}.", sdk.service.title);
    let methods = sdk.operations.iter().map(|operation| {
        let docs = docs(&documentation(operation));
        let deprecated = deprecated(&operation.deprecated);
        let method = ident(&operation.method);
        let builder = format_ident!("{}FluentBuilder", operation.type_name);
        quote! { #docs #deprecated #method: #builder; }
    });
    let import = (!sdk.operations.is_empty()).then(|| quote! { use super::operation; });
    quote! {
        #![doc = " The client."]
        #import
        use super::service::SERVICE;
        use crate::runtime::macros::client;

        client! {
            #[doc = #title]
            Client of SERVICE, with operation;
            #(#methods)*
        }
    }
}

/// What it does, an example, and where the reader goes on.
fn documentation(operation: &Operation) -> Vec<String> {
    let mut lines = operation.docs.clone();
    lines.push(String::new());
    if let Some(example) = &operation.example {
        lines.extend(example::lines(operation, example));
    }
    lines.push(see_also(operation));
    lines
}

/// Links to the errors and to the paginator.
fn see_also(operation: &Operation) -> String {
    let Operation {
        method, type_name, ..
    } = operation;
    // A link goes to the name without `r#`.
    let module = format!("super::operation::{}", method.trim_start_matches("r#"));
    let link = |name: String| format!("[`{name}`]({module}::{name})");
    let errors = link(format!("{type_name}Error"));
    match &operation.pagination {
        Some(pagination) if pagination.items.is_some() => {
            let items = link(format!("{type_name}PaginatorItems"));
            format!("Errors: {errors}. Items of all pages: {items}.")
        }
        Some(_) => {
            let pages = link(format!("{type_name}Paginator"));
            format!("Errors: {errors}. All pages: {pages}.")
        }
        None => format!("Errors: {errors}."),
    }
}
