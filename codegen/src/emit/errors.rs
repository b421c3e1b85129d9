//! The service's errors: a structure each, and one enum of them all.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::file::{File, deprecated, docs, ident};
use super::structure::{Extra, accessors, builder, decode, definition, encode};
use crate::ir::{ErrorStructure, Sdk};

/// `types::error`.
pub(super) fn emit_structures(sdk: &Sdk) -> TokenStream {
    let names = sdk.errors.iter().map(|error| error.structure.name.as_str());
    let mut file = File::of_errors(names);
    let structures: Vec<TokenStream> = sdk
        .errors
        .iter()
        .map(|error| emit_structure(&mut file, error))
        .collect();
    let own_builders: Vec<TokenStream> = sdk
        .errors
        .iter()
        .map(|error| {
            let name = ident(&error.structure.name);
            let builder = format_ident!("{}Builder", error.structure.name);
            if has_only_message(error) {
                let docs = format!(" Builds a [`{name}`](super::{name}).");
                quote! {
                    #[doc = #docs]
                    pub type #builder = ErrorBuilder<super::#name>;
                }
            } else {
                quote! { pub use super::#builder; }
            }
        })
        .collect();
    let import = sdk
        .errors
        .iter()
        .any(has_only_message)
        .then(|| quote! { use crate::runtime::error::ErrorBuilder; });
    let builders = (!sdk.errors.is_empty()).then(|| {
        quote! {
            #[doc = " Builders of the errors, for fakes in tests."]
            pub mod builders {
                #import
                #(#own_builders)*
            }
        }
    });
    file.finish(
        "The errors that the service answers with.",
        quote! {
            #(#structures)*
            #builders
        },
    )
}

pub(super) fn has_only_message(error: &ErrorStructure) -> bool {
    matches!(&error.structure.members[..], [member] if member.field == "message")
}

fn emit_structure(file: &mut File, error: &ErrorStructure) -> TokenStream {
    let structure = &error.structure;
    let name = ident(&structure.name);
    let code = &error.codes[0];
    let definition = definition(file, structure, Extra::Metadata);
    if has_only_message(error) {
        let message_error = file.runtime("message_error");
        let encode = encode(file, structure);
        return quote! {
            #definition
            #message_error!(#name, #code);
            #encode
        };
    }
    let builder_name = format_ident!("{}Builder", structure.name);
    let accessors = accessors(file, &structure.members);
    let builder = builder(file, structure, Extra::Metadata);
    let decode = decode(file, structure, Extra::Metadata);
    let encode = encode(file, structure);
    let error_structure = file.runtime("error_structure");
    let builder_docs = format!(" Starts building a [`{name}`].");
    quote! {
        #definition

        impl #name {
            #[doc = #builder_docs]
            pub fn builder() -> #builder_name { #builder_name::default() }
            #accessors
        }

        #builder
        #decode
        #encode
        #error_structure!(#name, #code);
    }
}

/// The enum of all errors.
pub(super) fn emit_enum(sdk: &Sdk) -> TokenStream {
    let mut file = File::of_error_enum();
    let title = format!(" What {} answers instead of an output.", sdk.service.title);
    let names: Vec<_> = sdk
        .errors
        .iter()
        .map(|error| ident(&error.structure.name))
        .collect();
    let codes = sdk.errors.iter().map(|error| {
        let codes = &error.codes;
        quote! { #(Some(#codes))|* }
    });
    let variants: Vec<TokenStream> = sdk
        .errors
        .iter()
        .map(|error| {
            let name = ident(&error.structure.name);
            let structure = file.error(&error.structure.name);
            let docs = docs(&error.structure.docs);
            let deprecated = deprecated(&error.structure.deprecated);
            quote! { #docs #deprecated #name(#structure), }
        })
        .collect();
    let questions: Vec<TokenStream> = sdk
        .errors
        .iter()
        .map(|error| {
            let method = ident(&error.is_method);
            let name = ident(&error.structure.name);
            let docs = format!(" Whether this is [`{name}`](Self::{name}).");
            quote! {
                #[doc = #docs]
                pub fn #method(&self) -> bool { matches!(self, Self::#name(_)) }
            }
        })
        .collect();
    let fmt = file.runtime("fmt");
    let unhandled = file.runtime("Unhandled");
    let metadata = file.runtime("ErrorMetadata");
    let provide = file.runtime("ProvideErrorMetadata");
    let request_id = file.runtime("RequestId");
    let from_response = file.runtime("FromErrorResponse");
    let create_unhandled = file.runtime("CreateUnhandledError");
    let box_error = file.runtime("BoxError");
    let sdk_error = file.runtime("SdkError");
    let (body, read) = match names.is_empty() {
        true => (quote! { _ }, quote! { Self::generic(meta) }),
        false => {
            let read_error = file.runtime("read_error");
            let read = quote! {
                match meta.code() {
                    #(#codes => Self::#names(#read_error(meta, body)),)*
                    _ => Self::generic(meta),
                }
            };
            (quote! { body }, read)
        }
    };
    file.finish(
        "The one enum of the service's errors.",
        quote! {
            #[doc = #title]
            #[doc = ""]
            #[doc = " Each operation's error is an alias of this enum. [`Error::Unhandled`] holds errors that the"]
            #[doc = " model does not have, and failures that are not the service's; tell those by their code."]
            #[derive(Debug)]
            #[non_exhaustive]
            pub enum Error {
                #(#variants)*
                #[doc = " An error that the model does not have, or a failure that is not the service's."]
                Unhandled(#unhandled),
            }

            impl Error {
                #[doc = " The error of this code, message and request ID, for fakes in tests."]
                pub fn generic(meta: #metadata) -> Self {
                    Self::Unhandled(#unhandled::new(meta.clone().into(), meta))
                }

                #[doc = " A failure that is not the service's, for fakes in tests."]
                pub fn unhandled(source: impl Into<#box_error>) -> Self {
                    Self::Unhandled(#unhandled::new(source.into(), #metadata::default()))
                }

                #[doc = " Code, message and request ID."]
                pub fn meta(&self) -> &#metadata { self.inner().meta() }

                #(#questions)*

                fn inner(&self) -> &dyn ModeledError {
                    match self {
                        #(Self::#names(error) => error,)*
                        Self::Unhandled(error) => error,
                    }
                }
            }

            trait ModeledError: std::error::Error + #provide {}

            impl<T: std::error::Error + #provide> ModeledError for T {}

            impl #from_response for Error {
                fn from_error_response(meta: #metadata, #body: &[u8]) -> Self { #read }
            }

            impl #create_unhandled for Error {
                fn create_unhandled_error(source: #box_error, meta: Option<#metadata>) -> Self {
                    Self::Unhandled(#unhandled::new(source, meta.unwrap_or_default()))
                }
            }

            impl<R: #fmt::Debug + Send + Sync + 'static> From<#sdk_error<Self, R>> for Error
            {
                fn from(error: #sdk_error<Self, R>) -> Self { error.into_service_error() }
            }

            impl #provide for Error {
                fn meta(&self) -> &#metadata { self.inner().meta() }
            }

            impl #request_id for Error {
                fn request_id(&self) -> Option<&str> { self.inner().meta().request_id() }
            }

            impl #fmt::Display for Error {
                fn fmt(&self, f: &mut #fmt::Formatter<'_>) -> #fmt::Result {
                    #fmt::Display::fmt(self.inner(), f)
                }
            }

            impl std::error::Error for Error {
                fn source(&self) -> Option<&(dyn std::error::Error + 'static)> { self.inner().source() }
            }
        },
    )
}
