//! The client: a method per operation.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::file::{deprecated, docs, ident};
use crate::ir::Sdk;

/// The client.
pub(super) fn emit(sdk: &Sdk) -> TokenStream {
    let title = format!(" A client of {}.", sdk.service.title);
    let imports = sdk.operations.iter().map(|operation| {
        let module = ident(&operation.method);
        let builder = format_ident!("{}FluentBuilder", operation.type_name);
        quote! { use super::operation::#module::#builder; }
    });
    let methods = sdk.operations.iter().map(|operation| {
        let docs = docs(&operation.docs);
        let deprecated = deprecated(&operation.deprecated);
        let method = ident(&operation.method);
        let builder = format_ident!("{}FluentBuilder", operation.type_name);
        quote! {
            #docs
            #deprecated
            pub fn #method(&self) -> #builder { Builder::new(&self.handle) }
        }
    });
    let builder =
        (!sdk.operations.is_empty()).then(|| quote! { use crate::runtime::operation::Builder; });
    quote! {
        #![doc = " The client."]
        #(#imports)*
        use super::service::SERVICE;
        use crate::config::{Config, SdkConfig};
        use crate::runtime::client::Handle;
        #builder

        #[doc = #title]
        #[doc = ""]
        #[doc = " A client holds a connection pool; clones share it. Make one and keep it."]
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

            #(#methods)*
        }

        impl AsRef<Handle> for Client {
            fn as_ref(&self) -> &Handle { &self.handle }
        }
    }
}
