//! Unions.

use proc_macro2::TokenStream;
use quote::quote;

use super::file::{File, deprecated, docs, ident};
use super::structure::{directions, timestamp_format};
use crate::ir::{Type, Union, UnionVariant};

/// The file of a union.
pub(super) fn emit(union: &Union) -> TokenStream {
    let name = ident(&union.name);
    let mut file = File::of_type(&union.name);
    let kind = file.runtime("union");
    let union_docs = docs(&union.docs);
    let union_deprecated = deprecated(&union.deprecated);
    let sensitive = union.sensitive.then(|| quote! { , sensitive });
    let directions = directions(union.encode, union.decode);
    let rows: Vec<TokenStream> = union
        .variants
        .iter()
        .map(|variant| row(&mut file, variant))
        .collect();
    file.finish(
        &format!("The union [`{name}`]."),
        quote! {
            #kind! {
                #union_docs #union_deprecated
                #name #sensitive: #directions;
                #(#rows)*
            }
        },
    )
}

fn row(file: &mut File, variant: &UnionVariant) -> TokenStream {
    let docs = docs(&variant.docs);
    let wire = &variant.name;
    let name = ident(&variant.variant);
    let is_method = ident(&variant.is_method);
    let value = variant.ty.as_ref().map(|ty| {
        let as_method = ident(&variant.as_method);
        let format = timestamp_format(ty);
        let (ty, boxed) = match ty {
            Type::Boxed(inner) => (file.ty(inner), Some(quote! { , boxed })),
            ty => (file.ty(ty), None),
        };
        quote! { (#as_method: #ty #boxed #format) }
    });
    let demands = file.demands(&variant.constraints);
    quote! { #docs #wire => #name #value, #is_method #(, #demands)*; }
}
