//! The service's errors: a structure each, and one enum of them all.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::file::{File, deprecated, docs, ident};
use super::structure::{Extra, definition, table};
use crate::ir::{ErrorStructure, Member, Sdk};

/// `types::error`.
pub(super) fn emit_structures(sdk: &Sdk) -> TokenStream {
    let names = sdk.errors.iter().map(|error| error.structure.name.as_str());
    let mut file = File::of_errors(names);
    let structures: Vec<TokenStream> = sdk
        .errors
        .iter()
        .filter(|error| !has_only_message(error))
        .map(|error| {
            let definition = definition(&mut file, &error.structure, Extra::Metadata);
            let table = table(&mut file, "error", Some(&error.codes[0]), &error.structure);
            quote! { #definition #table }
        })
        .collect();
    let message_errors = message_errors(&mut file, sdk);
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
        .then(|| quote! { use crate::runtime::error::modeled::ErrorBuilder; });
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
            #message_errors
            #(#structures)*
            #builders
        },
    )
}

/// Whether the structure is no more than a message that a response can have.
fn has_only_message(error: &ErrorStructure) -> bool {
    let is_message = |member: &Member| member.field == "message" && !member.sensitive;
    let structure = &error.structure;
    matches!(&structure.members[..], [member] if is_message(member)) && !structure.encode
}

/// The table of the errors that are no more than a message.
fn message_errors(file: &mut File, sdk: &Sdk) -> TokenStream {
    let errors: Vec<_> = sdk
        .errors
        .iter()
        .filter(|error| has_only_message(error))
        .collect();
    if errors.is_empty() {
        return TokenStream::new();
    }
    let message_errors = file.runtime("message_errors");
    let rows = errors.iter().map(|error| {
        let docs = docs(&error.structure.docs);
        let deprecated = deprecated(&error.structure.deprecated);
        let name = ident(&error.structure.name);
        let (code, message) = (&error.codes[0], &error.structure.members[0].name);
        quote! { #docs #deprecated #name, #code, #message; }
    });
    quote! { #message_errors! { #(#rows)* } }
}

/// The enum of all errors.
pub(super) fn emit_enum(sdk: &Sdk) -> TokenStream {
    let mut file = File::of_error_enum();
    let service_errors = file.runtime("service_errors");
    let title = format!(" What {} answers instead of an output.", sdk.service.title);
    let rows = sdk.errors.iter().map(|error| {
        let docs = docs(&error.structure.docs);
        let deprecated = deprecated(&error.structure.deprecated);
        let (name, is_method) = (ident(&error.structure.name), ident(&error.is_method));
        let codes = &error.codes;
        quote! { #docs #deprecated #name, #is_method, #(#codes)|*; }
    });
    file.finish(
        "The one enum of the service's errors.",
        quote! {
            #service_errors! {
                #[doc = #title]
                #[doc = ""]
                #[doc = " Each operation's error is an alias of this enum. [`Error::Unhandled`] holds errors that the"]
                #[doc = " model does not have, and failures that are not the service's; tell those by their code."]
                Error;
                #(#rows)*
            }
        },
    )
}
