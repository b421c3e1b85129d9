//! Unions.

use proc_macro2::TokenStream;
use quote::quote;

use super::file::{File, deprecated, docs, ident};
use super::structure::{directions, timestamp_format};
use crate::ir::{Type, Union};

/// The file of a union.
pub(super) fn emit(union: &Union) -> TokenStream {
    let name = ident(&union.name);
    let mut file = File::of_type(&union.name);
    let definition = definition(&mut file, union);
    let table = table(&mut file, union);
    file.finish(
        &format!("The union [`{name}`]."),
        quote! {
            #definition
            #table
        },
    )
}

fn definition(file: &mut File, union: &Union) -> TokenStream {
    let name = ident(&union.name);
    let union_docs = docs(&union.docs);
    let union_deprecated = deprecated(&union.deprecated);
    let variants: Vec<TokenStream> = union
        .variants
        .iter()
        .map(|variant| {
            let docs = docs(&variant.docs);
            let name = ident(&variant.variant);
            match &variant.ty {
                Some(ty) => {
                    let ty = file.ty(ty);
                    quote! { #docs #name(#ty), }
                }
                None => quote! { #docs #name, },
            }
        })
        .collect();
    let derive_debug = (!union.sensitive).then(|| quote! { Debug, });
    let debug = union.sensitive.then(|| {
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
        #union_docs
        #union_deprecated
        #[derive(Clone, #derive_debug PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #[doc = " A variant that the model does not have. It cannot be sent."]
            Unknown,
        }
        #debug
    }
}

/// The table that methods and codec are made from.
fn table(file: &mut File, union: &Union) -> TokenStream {
    let kind = file.runtime("union");
    let name = ident(&union.name);
    let directions = directions(union.encode, union.decode);
    let rows = union.variants.iter().map(|variant| {
        let wire = &variant.name;
        let name = ident(&variant.variant);
        let is_method = ident(&variant.is_method);
        let value = variant.ty.as_ref().map(|ty| {
            let as_method = ident(&variant.as_method);
            let format = timestamp_format(ty);
            let ty = match ty {
                Type::Boxed(inner) => file.ty(inner),
                ty => file.ty(ty),
            };
            quote! { (#as_method: #ty #format) }
        });
        let demands = file.demands(&variant.constraints);
        quote! { #wire => #name #value, #is_method #(, #demands)*; }
    });
    quote! { #kind! { #name: #directions; #(#rows)* } }
}
