//! Structures, and the tables that accessors, builders and codec are made from.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::file::{File, deprecated, docs, ident};
use crate::ir::{Member, Presence, Structure, TimestampFormat, Type};

/// What a structure has besides its members.
#[derive(Clone, Copy)]
pub(super) enum Extra {
    Nothing,
    /// The ID of the request, as outputs have it.
    RequestId,
    /// The metadata of the response, as errors have it.
    Metadata,
}

impl Extra {
    fn field(self, file: &mut File) -> TokenStream {
        match self {
            Self::Nothing => TokenStream::new(),
            Self::RequestId => quote! { pub(crate) _request_id: Option<String>, },
            Self::Metadata => {
                let metadata = file.runtime("ErrorMetadata");
                quote! { pub(crate) meta: #metadata, }
            }
        }
    }
}

/// The structure with its `Debug`.
pub(super) fn definition(file: &mut File, structure: &Structure, extra: Extra) -> TokenStream {
    let name = ident(&structure.name);
    let structure_docs = docs(&structure.docs);
    let structure_deprecated = deprecated(&structure.deprecated);
    let fields: Vec<TokenStream> = structure
        .members
        .iter()
        .map(|member| {
            let field = ident(&member.field);
            let docs = docs(&member.docs);
            let deprecated = deprecated(&member.deprecated);
            let ty = file.field_type(member);
            quote! { #docs #deprecated pub #field: #ty, }
        })
        .collect();
    let extra = extra.field(file);
    let derives = derives(structure.all_optional(), structure.has_sensitive());
    let debug = debug(file, structure, &name);
    quote! {
        #structure_docs
        #structure_deprecated
        #derives
        #[non_exhaustive]
        pub struct #name { #(#fields)* #extra }
        #debug
    }
}

fn derives(default: bool, sensitive: bool) -> TokenStream {
    let debug = (!sensitive).then(|| quote! { Debug, });
    let default = default.then(|| quote! { Default, });
    quote! { #[derive(Clone, #debug #default PartialEq)] }
}

/// `Debug` by hand where a member must not be shown.
fn debug(file: &mut File, structure: &Structure, name: &Ident) -> TokenStream {
    if !structure.has_sensitive() {
        return TokenStream::new();
    }
    let fmt = file.runtime("fmt");
    let text = name.to_string();
    let fields = structure.members.iter().map(|member| {
        let field = ident(&member.field);
        let label = member.field.trim_start_matches("r#");
        match member.sensitive {
            true => quote! { .field(#label, &"*** redacted ***") },
            false => quote! { .field(#label, &self.#field) },
        }
    });
    quote! {
        impl #fmt::Debug for #name {
            fn fmt(&self, f: &mut #fmt::Formatter<'_>) -> #fmt::Result {
                f.debug_struct(#text) #(#fields)* .finish()
            }
        }
    }
}

/// The table of a structure with a builder of its own, for the macro `kind`. Errors have their code
/// before the name.
pub(super) fn table(
    file: &mut File,
    kind: &str,
    code: Option<&str>,
    structure: &Structure,
) -> TokenStream {
    let kind = file.runtime(kind);
    let code = code.map(|code| quote! { #code, });
    let name = ident(&structure.name);
    let builder = format_ident!("{}Builder", structure.name);
    let deprecated = deprecated(&structure.deprecated);
    let directions = directions(structure.encode, structure.decode);
    let (parts, debug) = match structure.all_optional() {
        true => (TokenStream::new(), TokenStream::new()),
        false => parts(file, structure),
    };
    let rows = rows(file, &structure.members, structure.encode);
    quote! {
        #kind! { #code #deprecated #name, #builder #parts: #directions; #rows }
        #debug
    }
}

/// What the head of a table says of the structure with all fields optional, and its `Debug`.
fn parts(file: &mut File, structure: &Structure) -> (TokenStream, TokenStream) {
    let parts = format_ident!("{}Parts", structure.name);
    let debug = debug(file, structure, &parts);
    let is_required = |member: &Member| matches!(member.presence, Presence::Required);
    let result = match structure.members.iter().any(is_required) {
        true => quote! { Result },
        false => quote! { Self },
    };
    let parts = match structure.has_sensitive() {
        true => quote! { (#parts sensitive) },
        false => quote! { #parts },
    };
    (quote! { , #parts -> #result }, debug)
}

/// The table of an operation's input.
pub(super) fn input_table(file: &mut File, structure: &Structure) -> TokenStream {
    let input = file.runtime("input");
    let name = ident(&structure.name);
    let directions = directions(structure.encode, structure.decode);
    let rows = rows(file, &structure.members, true);
    quote! { #input! { #name: #directions; #rows } }
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

/// A row per member. What the model demands of values matters where they are `sent`.
fn rows(file: &mut File, members: &[Member], sent: bool) -> TokenStream {
    let rows = members.iter().map(|member| {
        let deprecated = deprecated(&member.deprecated);
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
        let demands = sent.then(|| demands(file, member));
        quote! { #deprecated #wire => #(#names),*: #kind #format #default #demands; }
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
