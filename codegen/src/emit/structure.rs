//! Structures: tables with a row per member, from which macros write everything else.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::file::{File, deprecated, docs, ident};
use crate::ir::{Member, Presence, Structure, TimestampFormat, Type};

/// The table of a structure for the macro `kind`. The input of an operation has no `builder` of its
/// own.
pub(super) fn table(
    file: &mut File,
    kind: &str,
    structure: &Structure,
    builder: Option<TokenStream>,
) -> TokenStream {
    let kind = file.runtime(kind);
    let docs = docs(&structure.docs);
    let deprecated = deprecated(&structure.deprecated);
    let name = ident(&structure.name);
    let builder = builder.map(|builder| quote! { , #builder });
    let directions = directions(structure.encode, structure.decode);
    let rows = rows(file, structure);
    quote! { #kind! { #docs #deprecated #name #builder: #directions; #rows } }
}

/// What a table says of the builder: its name, and if not every field is an `Option`, the structure
/// with all of them optional and whether building can fail.
pub(super) fn builder(structure: &Structure) -> TokenStream {
    let builder = format_ident!("{}Builder", structure.name);
    if structure.all_optional() {
        return quote! { #builder };
    }
    let parts = format_ident!("{}Parts", structure.name);
    let is_required = |member: &Member| matches!(member.presence, Presence::Required);
    let result = match structure.members.iter().any(is_required) {
        true => quote! { Result },
        false => quote! { Self },
    };
    quote! { #builder, #parts -> #result }
}

/// Whether something stands in requests, responses or both.
pub(super) fn directions(encode: bool, decode: bool) -> TokenStream {
    match (encode, decode) {
        (true, true) => quote! { sent, received },
        (true, false) => quote! { sent },
        (false, _) => quote! { received },
    }
}

/// The format of a type's timestamps, where it is not that of the protocol.
pub(super) fn timestamp_format(ty: &Type) -> Option<TokenStream> {
    match ty.timestamp_format() {
        TimestampFormat::EpochSeconds => None,
        TimestampFormat::DateTime => Some(quote! { as date_time }),
        TimestampFormat::HttpDate => Some(quote! { as http_date }),
    }
}

/// A row per member. What the model demands of values matters where they are sent.
pub(super) fn rows(file: &mut File, structure: &Structure) -> TokenStream {
    let rows = structure.members.iter().map(|member| {
        let docs = docs(&member.docs);
        let deprecated = deprecated(&member.deprecated);
        let sensitive = member.sensitive.then(|| quote! { sensitive });
        let wire = &member.name;
        let names = [&member.field, &member.setter, &member.getter].map(|name| ident(name));
        let kind = kind(file, member);
        let format = timestamp_format(&member.ty);
        let default = match &member.presence {
            Presence::Default(default) => {
                let default = file.literal(default, &member.ty);
                Some(quote! { = #default })
            }
            Presence::Optional | Presence::Required => None,
        };
        let demands = structure.encode.then(|| demands(file, member));
        quote! {
            #docs #deprecated
            #sensitive #wire => #(#names),*: #kind #format #default #demands;
        }
    });
    quote! { #(#rows)* }
}

/// What kind of member it is, in the words of the macros: how it is returned and set.
fn kind(file: &mut File, member: &Member) -> TokenStream {
    let required = !matches!(member.presence, Presence::Optional);
    let kind = match &member.ty {
        Type::String if !required => return quote! { str },
        Type::String => quote! { str },
        Type::List {
            item,
            sparse: false,
        } if **item == Type::String => quote! { list str },
        Type::List { item, sparse } => {
            let item = file.nullable(item, *sparse);
            quote! { list #item }
        }
        Type::Map { key, value, sparse } => {
            let key = file.ty(key);
            let value = file.nullable(value, *sparse);
            quote! { map #key, #value }
        }
        Type::Boxed(inner) => {
            let inner = file.ty(inner);
            quote! { boxed #inner }
        }
        Type::Boolean
        | Type::Byte
        | Type::Short
        | Type::Integer
        | Type::Long
        | Type::Float
        | Type::Double => {
            let ty = file.ty(&member.ty);
            quote! { copy #ty }
        }
        ty => {
            let ty = file.ty(ty);
            quote! { ref #ty }
        }
    };
    let required = required.then(|| quote! { required });
    quote! { (#required #kind) }
}

/// What the model demands of a member's value.
fn demands(file: &mut File, member: &Member) -> TokenStream {
    let required = member.required.then(|| quote! { , required });
    let demands = file.demands(&member.constraints);
    quote! { #required #(, #demands)* }
}
