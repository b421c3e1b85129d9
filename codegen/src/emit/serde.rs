//! serde's traits on everything that has a type, in a file of its own: it is not even read unless
//! the feature is on.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::errors::has_only_message;
use super::file::{File, ident};
use super::structure::{Extra, unset};
use super::unions;
use crate::ir::{Sdk, Structure, TypeDefinition};

/// The file.
pub(super) fn emit(sdk: &Sdk) -> TokenStream {
    let mut file = File::of_serde(sdk.types.iter().map(TypeDefinition::name));
    let mut types = Vec::new();
    let mut string_enums = Vec::new();
    let mut integer_enums = Vec::new();
    let mut one_way = Vec::new();
    let mut message_errors = BTreeMap::<&str, Vec<TokenStream>>::new();

    for operation in &sdk.operations {
        let module = ident(&operation.method);
        for (structure, extra) in [
            (&operation.input, Extra::Nothing),
            (&operation.output, Extra::RequestId),
        ] {
            let name = ident(&structure.name);
            let path = quote! { super::operation::#module::#name };
            match is_both_ways(structure) {
                true => types.push(path),
                false => one_way.push(emit_one_way(&mut file, structure, &path, extra)),
            }
        }
    }
    for definition in &sdk.types {
        let path = file.definition(definition.name());
        match definition {
            TypeDefinition::Structure(structure) if is_both_ways(structure) => types.push(path),
            TypeDefinition::Structure(structure) => {
                one_way.push(emit_one_way(&mut file, structure, &path, Extra::Nothing));
            }
            TypeDefinition::Union(union) => {
                if !union.encode {
                    one_way.push(unions::encode(&mut file, union));
                }
                if !union.decode {
                    one_way.push(unions::decode(&mut file, union));
                }
                types.push(path);
            }
            TypeDefinition::StringEnum(_) => string_enums.push(path),
            TypeDefinition::IntegerEnum(_) => integer_enums.push(path),
        }
    }
    for error in &sdk.errors {
        let structure = &error.structure;
        let name = ident(&structure.name);
        let path = quote! { super::types::error::#name };
        if has_only_message(error) {
            let message = &structure.members[0].name;
            message_errors.entry(message).or_default().push(path);
        } else if is_both_ways(structure) {
            types.push(path);
        } else {
            one_way.push(emit_one_way(&mut file, structure, &path, Extra::Metadata));
        }
    }

    let mut calls = Vec::new();
    for (name, paths) in [
        ("serde_types", types),
        ("serde_string_enums", string_enums),
        ("serde_integer_enums", integer_enums),
    ] {
        if !paths.is_empty() {
            let name = file.runtime(name);
            calls.push(quote! { #name!(#(#paths),*); });
        }
    }
    for (message, paths) in message_errors {
        let serde_message_errors = file.runtime("serde_message_errors");
        calls.push(quote! { #serde_message_errors!(#message, #(#paths),*); });
    }
    file.finish(
        "serde's `Serialize` and `Deserialize` on every type, by the names of the wire.",
        quote! {
            #(#calls)*
            #(#one_way)*
        },
    )
}

/// Whether a structure stands in requests and in responses.
fn is_both_ways(structure: &Structure) -> bool {
    structure.encode && structure.decode
}

/// A structure that stands in requests alone, or in responses alone, with what it lacks.
fn emit_one_way(
    file: &mut File,
    structure: &Structure,
    path: &TokenStream,
    extra: Extra,
) -> TokenStream {
    let names = structure.members.iter().map(|member| &member.name);
    let fields = structure.members.iter().map(|member| ident(&member.field));
    let members = quote! { #(, #names => #fields)* };
    if structure.encode {
        let serde_sent = file.runtime("serde_sent");
        let unset = unset(file, structure, extra);
        quote! { #serde_sent!(#path, #unset #members); }
    } else {
        let serde_received = file.runtime("serde_received");
        quote! { #serde_received!(#path #members); }
    }
}
