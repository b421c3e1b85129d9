//! Operations: input, output, builder and the one trait impl that ties them together.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::file::{File, docs, ident};
use super::structure::{builder, table};
use crate::ir::{
    EndpointValue, Operation, OperationEndpoint, Pagination, PathStep, Sdk, Service, Type,
};

/// The index of the operations.
pub(super) fn emit_index(sdk: &Sdk) -> TokenStream {
    let modules = sdk.operations.iter().map(|operation| {
        let module = ident(&operation.method);
        quote! { pub mod #module; }
    });
    quote! {
        #![doc = " The operations, each with its input, output, error and builders."]
        pub use aws_types::request_id::RequestId;
        #(#modules)*
    }
}

/// The file of an operation.
pub(super) fn emit(service: &Service, operation: &Operation) -> TokenStream {
    let Operation { input, output, .. } = operation;
    let input_name = ident(&input.name);
    let mut file = File::of_operation(&operation.type_name);

    let operation_macro = file.runtime("operation");
    let struct_name = ident(&operation.struct_name);
    let input_table = table(&mut file, "input", input, None);
    let input_builder = format_ident!("{}Builder", input.name);
    let implementation = implementation(&mut file, service, operation);

    let output_table = table(&mut file, "output", output, Some(builder(output)));
    let output_builder = format_ident!("{}Builder", output.name);

    let fluent = format_ident!("{}FluentBuilder", operation.type_name);
    let builder = file.runtime("Builder");
    let handle = file.runtime("Handle");
    let error_alias = error_alias(&mut file, operation);
    let pagination = operation
        .pagination
        .as_ref()
        .map(|pagination| emit_pagination(&mut file, operation, pagination));
    // A link goes to the name without `r#`.
    let method = operation.method.trim_start_matches("r#");
    let fluent_docs = format!(
        " Builds and sends the request; made by [`Client::{method}`](super::super::Client::{method})."
    );
    let input_builder_docs = format!(" Builds a [`{input_name}`].");
    let module_docs = format!(
        "The operation [`{}`](super::super::Client::{method}).",
        operation.name
    );
    file.finish(
        &module_docs,
        quote! {
            #operation_macro!(#struct_name);
            #input_table
            #implementation
            #pagination
            #output_table

            #error_alias

            #[doc = #input_builder_docs]
            pub type #input_builder = #builder<#input_name>;

            #[doc = #fluent_docs]
            pub type #fluent = #builder<#input_name, #handle>;

            #[doc = " Builders of the operation."]
            pub mod builders {
                pub use super::{#fluent, #input_builder, #output_builder};
            }
        },
    )
}

fn implementation(file: &mut File, service: &Service, operation: &Operation) -> TokenStream {
    let trait_name = file.runtime("Operation");
    let error = file.error_enum();
    let (input, output) = (ident(&operation.input.name), ident(&operation.output.name));
    let name = &operation.name;
    let sdk_id = &service.sdk_id;
    let operation_metadata = file.runtime("operation_metadata");
    let tokens: Vec<_> = operation
        .input
        .members
        .iter()
        .filter(|member| member.idempotency_token)
        .map(|member| ident(&member.field))
        .collect();
    let fill = (!tokens.is_empty()).then(|| {
        let idempotency_token = file.runtime("idempotency_token");
        quote! {
            fn fill_idempotency_tokens(&mut self) {
                #(self.#tokens.get_or_insert_with(#idempotency_token);)*
            }
        }
    });
    let unsigned = (!operation.signed).then(|| quote! { const SIGNED: bool = false; });
    let compressed = operation
        .compressed
        .then(|| quote! { const COMPRESSED: bool = true; });
    let error_codes = &operation.error_codes;
    let errors = (!error_codes.is_empty()).then(|| quote! { ; #(#error_codes),* });
    let endpoint_operation = operation
        .endpoint_operation
        .as_ref()
        .map(|name| quote! { const ENDPOINT_OPERATION: Option<&'static str> = Some(#name); });
    let endpoint_params = endpoint_params(file, operation);
    let host_prefix = operation
        .endpoint
        .host_prefix
        .as_ref()
        .map(|(format, fields)| {
            let fields: Vec<_> = fields.iter().map(|field| ident(field)).collect();
            let prefix = match fields.is_empty() {
                true => quote! { #format.to_owned() },
                false => {
                    quote! { format!(#format, #(self.#fields.as_deref().unwrap_or_default()),*) }
                }
            };
            quote! {
                fn host_prefix(&self) -> String { #prefix }
            }
        });
    quote! {
        impl #trait_name for #input {
            type Output = #output;
            type Error = #error;
            #operation_metadata!(#sdk_id, #name #errors);
            #unsigned
            #compressed
            #endpoint_operation
            #fill
            #endpoint_params
            #host_prefix
        }
    }
}

fn error_alias(file: &mut File, operation: &Operation) -> TokenStream {
    let alias = format_ident!("{}Error", operation.type_name);
    let error = file.error_enum();
    let docs = docs(&operation.error_docs);
    quote! {
        #docs
        pub type #alias = #error;
    }
}

fn emit_pagination(file: &mut File, operation: &Operation, pagination: &Pagination) -> TokenStream {
    let input = ident(&operation.input.name);
    let paginated = file.runtime("Paginated");
    let paginator = file.runtime("Paginator");
    let token = file.ty(&pagination.token);
    let input_token = ident(&pagination.input_token);
    let next_token = reference(quote! { output }, &pagination.output_token);
    let page_size = pagination.page_size.as_ref().map(|field| {
        let page_size = file.runtime("PageSize");
        let field = ident(field);
        quote! {
            impl #page_size for #input {
                fn page_size(&mut self) -> &mut Option<i32> { &mut self.#field }
            }
        }
    });
    let paginator_name = format_ident!("{}Paginator", operation.type_name);
    let items_name = format_ident!("{}PaginatorItems", operation.type_name);
    let paginator_docs = format!(" Sends `{}` for page after page.", operation.name);
    let items_docs = format!(
        " Goes through the items of all pages of `{}`.",
        operation.name
    );
    let items = pagination.items.as_ref().map(|(path, ty)| {
        let items = file.runtime("Items");
        let (item, collect) = match ty {
            Type::Map { key, value, sparse } => {
                let key = file.ty(key);
                let value = file.nullable(value, *sparse);
                (quote! { (#key, #value) }, quote! { .into_iter().collect() })
            }
            Type::List { item, sparse } => (file.nullable(item, *sparse), TokenStream::new()),
            other => (file.ty(other), quote! { .into_iter().collect() }),
        };
        let value = value(path);
        quote! {
            impl #items for #input {
                type Item = #item;
                fn items(output: Self::Output) -> Vec<Self::Item> { #value #collect }
            }
        }
    });
    let items_alias = items.is_some().then(|| {
        let item_paginator = file.runtime("ItemPaginator");
        quote! {
            #[doc = #items_docs]
            pub type #items_name = #item_paginator<#input>;
        }
    });
    let items_export = items
        .is_some()
        .then(|| quote! { pub use super::#items_name; });
    quote! {
        impl #paginated for #input {
            type Token = #token;
            fn token(&mut self) -> &mut Option<Self::Token> { &mut self.#input_token }
            fn next_token(output: &Self::Output) -> Option<&Self::Token> { #next_token }
        }
        #page_size
        #items

        #[doc = #paginator_docs]
        pub type #paginator_name = #paginator<#input>;
        #items_alias

        #[doc = " Paginators of the operation."]
        pub mod paginator {
            pub use super::#paginator_name;
            #items_export
        }
    }
}

/// What the operation tells the endpoint rules.
fn endpoint_params(file: &mut File, operation: &Operation) -> TokenStream {
    let OperationEndpoint {
        parameters, url, ..
    } = &operation.endpoint;
    if parameters.is_empty() && url.is_none() {
        return TokenStream::new();
    }
    let params = file.runtime("Params");
    let statements = parameters.iter().map(|(name, value)| match value {
        EndpointValue::String(value) => quote! { params.set(#name, #value); },
        EndpointValue::Boolean(value) => quote! { params.set(#name, #value); },
        EndpointValue::StringList(values) => quote! { params.set(#name, vec![#(#values.to_owned()),*]); },
        EndpointValue::Member(path, ty) => {
            let path = reference(quote! { self }, path);
            let value = match ty {
                Type::Boolean => quote! { *value },
                _ => quote! { value.clone() },
            };
            quote! {
                if let Some(value) = #path { params.set(#name, #value); }
            }
        }
        EndpointValue::Keys(path) => {
            let path = reference(quote! { self }, path);
            quote! {
                let keys: Vec<String> = #path.into_iter().flatten().map(|(key, _)| key.clone()).collect();
                params.set(#name, keys);
            }
        }
        EndpointValue::Each(list, branches) => {
            let list = reference(quote! { self }, list);
            let branches = branches.iter().map(|branch| reference(quote! { item }, branch));
            quote! {
                let values: Vec<String> = #list
                    .into_iter()
                    .flatten()
                    .flat_map(|item| [#(#branches),*])
                    .flatten()
                    .cloned()
                    .collect();
                params.set(#name, values);
            }
        }
    });
    let url = url.as_ref().map(|field| {
        let field = ident(field);
        quote! {
            if let Some(url) = &self.#field { params.endpoint = Some(url.clone()); }
        }
    });
    quote! {
        fn endpoint_params(&self, params: &mut #params) { #(#statements)* #url }
    }
}

/// `root.a.as_ref().and_then(|parent| parent.b.as_ref())`: a reference, if everything on the way is
/// there.
fn reference(root: TokenStream, path: &[PathStep]) -> TokenStream {
    let mut steps = path.iter();
    let Some(first) = steps.next() else {
        return TokenStream::new();
    };
    let field = ident(&first.field);
    let start = match first.optional {
        true => quote! { #root.#field.as_ref() },
        false => quote! { Some(&#root.#field) },
    };
    steps.fold(start, |parent, step| {
        let field = ident(&step.field);
        match step.optional {
            true => quote! { #parent.and_then(|parent| parent.#field.as_ref()) },
            false => quote! { #parent.map(|parent| &parent.#field) },
        }
    })
}

/// `output.a.and_then(|a| a.b).unwrap_or_default()`.
fn value(path: &[PathStep]) -> TokenStream {
    let mut expression = quote! { output };
    let mut optional = false;
    for step in path {
        let field = ident(&step.field);
        expression = match (optional, step.optional) {
            (false, _) => quote! { #expression.#field },
            (true, true) => quote! { #expression.and_then(|parent| parent.#field) },
            (true, false) => quote! { #expression.map(|parent| parent.#field) },
        };
        optional |= step.optional;
    }
    match optional {
        true => quote! { #expression.unwrap_or_default() },
        false => expression,
    }
}
