//! Enums, open to values that the model does not have.

use proc_macro2::TokenStream;
use quote::quote;

use super::file::{File, deprecated, docs, ident};
use crate::ir::Enum;

/// The file of an enum of strings.
pub(super) fn emit_strings(def: &Enum<String>) -> TokenStream {
    let name = ident(&def.name);
    let mut file = File::of_type(&def.name);
    let string_enum = file.runtime("string_enum");
    let definition = definition(&mut file, def, quote! { String });
    let variants: Vec<_> = def
        .variants
        .iter()
        .map(|variant| ident(&variant.variant))
        .collect();
    let values: Vec<_> = def.variants.iter().map(|variant| &variant.value).collect();
    file.finish(
        &format!("The enum [`{name}`]."),
        quote! {
            #definition

            #string_enum! { #name; #(#variants => #values;)* }
        },
    )
}

/// The file of an enum of integers.
pub(super) fn emit_integers(def: &Enum<i32>) -> TokenStream {
    let name = ident(&def.name);
    let mut file = File::of_type(&def.name);
    let integer_enum = file.runtime("integer_enum");
    let definition = definition(&mut file, def, quote! { i32 });
    let variants: Vec<_> = def
        .variants
        .iter()
        .map(|variant| ident(&variant.variant))
        .collect();
    let values: Vec<_> = def
        .variants
        .iter()
        .map(|variant| proc_macro2::Literal::i32_unsuffixed(variant.value))
        .collect();
    file.finish(
        &format!("The enum [`{name}`]."),
        quote! {
            #definition

            #integer_enum! { #name; #(#variants => #values;)* }
        },
    )
}

fn definition<V>(file: &mut File, def: &Enum<V>, unknown: TokenStream) -> TokenStream {
    let name = ident(&def.name);
    let enum_docs = docs(&def.docs);
    let enum_deprecated = deprecated(&def.deprecated);
    let variants = def.variants.iter().map(|variant| {
        let docs = docs(&variant.docs);
        let deprecated = deprecated(&variant.deprecated);
        let name = ident(&variant.variant);
        quote! { #docs #deprecated #name, }
    });
    let derive_debug = (!def.sensitive).then(|| quote! { Debug, });
    let debug = def.sensitive.then(|| {
        let fmt = file.runtime("fmt");
        quote! {
            impl #fmt::Debug for #name {
                fn fmt(&self, f: &mut #fmt::Formatter<'_>) -> #fmt::Result {
                    f.write_str("*** redacted ***")
                }
            }
        }
    });
    quote! {
        #enum_docs
        #enum_deprecated
        #[derive(Clone, #derive_debug PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #[doc = " A value that the model does not have."]
            Unknown(#unknown),
        }
        #debug
    }
}
