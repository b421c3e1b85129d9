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
    let has_operations = !sdk.operations.is_empty();
    let operation = has_operations.then(|| quote! { use super::operation; });
    let import = has_operations.then(|| quote! { use crate::runtime::macros::calls; });
    let calls = has_operations.then(|| quote! { calls! { Client in operation; #(#methods)* } });
    quote! {
        #![doc = " The client."]
        #operation
        use super::service::SERVICE;
        use crate::config::{Config, SdkConfig};
        use crate::runtime::client::Handle;
        #import

        #[doc = #title]
        #[doc = ""]
        #[doc = " A client holds a connection pool; clones share it. Make one and keep it."]
        #[doc = ""]
        #[doc = " A connection belongs to the async runtime in which it was opened, and closes with it. A"]
        #[doc = " client can serve several runtimes, but prefer one that lasts: a call whose connection closes"]
        #[doc = " under it fails, and is retried like any call whose connection breaks. A process that was"]
        #[doc = " forked opens connections of its own."]
        #[derive(Clone, Debug)]
        pub struct Client { handle: Handle }

        impl Client {
            #[doc = " A client for the configuration that `aws-config` has loaded."]
            pub fn new(config: &SdkConfig) -> Self { Self::from_conf(config.into()) }

            #[doc = " A client for this configuration. What is wrong with it is reported by the first call."]
            pub fn from_conf(config: Config) -> Self {
                Self { handle: Handle::new(config, &SERVICE) }
            }

            #[doc = " The configuration of the client."]
            pub fn config(&self) -> &Config { self.handle.config() }
        }

        #calls

        impl AsRef<Handle> for Client {
            fn as_ref(&self) -> &Handle { &self.handle }
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
