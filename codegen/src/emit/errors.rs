//! The service's errors: a row for each in one table.

use proc_macro2::TokenStream;
use quote::quote;

use super::file::{File, deprecated, docs, ident};
use super::structure::{builder, directions, rows};
use crate::ir::{ErrorStructure, Member, Sdk};

/// `types::error`.
pub(super) fn emit(sdk: &Sdk) -> TokenStream {
    let names = sdk.errors.iter().map(|error| error.structure.name.as_str());
    let mut file = File::of_errors(names);
    let service_errors = file.runtime("service_errors");
    let title = format!(" What {} answers instead of an output.", sdk.service.title);
    let rows: Vec<TokenStream> = sdk
        .errors
        .iter()
        .map(|error| row(&mut file, error))
        .collect();
    file.finish(
        "The errors that the service answers with.",
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

fn row(file: &mut File, error: &ErrorStructure) -> TokenStream {
    let structure = &error.structure;
    let docs = docs(&structure.docs);
    let deprecated = deprecated(&structure.deprecated);
    let (name, is_method) = (ident(&structure.name), ident(&error.is_method));
    let codes = &error.codes;
    let builder = builder(structure);
    let members = match message(error) {
        Some(message) => {
            let wire = &message.name;
            quote! { #wire }
        }
        None => {
            let directions = directions(structure.encode, structure.decode);
            let rows = rows(file, structure);
            quote! { #directions { #rows } }
        }
    };
    quote! {
        #docs #deprecated
        #name, #is_method, #(#codes)|*, #builder: #members;
    }
}

/// The message of an error that is no more than a message which a response can have.
fn message(error: &ErrorStructure) -> Option<&Member> {
    match &error.structure.members[..] {
        [member] if member.field == "message" && !member.sensitive && !error.structure.encode => {
            Some(member)
        }
        _ => None,
    }
}
