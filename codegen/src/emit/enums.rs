//! Enums, open to values that the model does not have.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::file::{File, deprecated, docs, ident};
use crate::ir::Enum;

/// The file of an enum of strings.
pub(super) fn emit_strings(def: &Enum<String>) -> TokenStream {
    emit("string_enum", def, |value| Literal::string(value))
}

/// The file of an enum of integers.
pub(super) fn emit_integers(def: &Enum<i32>) -> TokenStream {
    emit("integer_enum", def, |value| Literal::i32_unsuffixed(*value))
}

fn emit<V>(kind: &str, def: &Enum<V>, literal: impl Fn(&V) -> Literal) -> TokenStream {
    let name = ident(&def.name);
    let mut file = File::of_type(&def.name);
    let kind = file.runtime(kind);
    let enum_docs = docs(&def.docs);
    let enum_deprecated = deprecated(&def.deprecated);
    let sensitive = def.sensitive.then(|| quote! { , sensitive });
    let rows = def.variants.iter().map(|variant| {
        let docs = docs(&variant.docs);
        let deprecated = deprecated(&variant.deprecated);
        let name = ident(&variant.variant);
        let value = literal(&variant.value);
        quote! { #docs #deprecated #name => #value; }
    });
    file.finish(
        &format!("The enum [`{name}`]."),
        quote! {
            #kind! {
                #enum_docs #enum_deprecated
                #name #sensitive;
                #(#rows)*
            }
        },
    )
}
