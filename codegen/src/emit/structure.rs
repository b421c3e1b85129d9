//! Structures, and what stands around them: accessors, builders, codec.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::file::{File, deprecated, docs, ident};
use crate::ir::{Member, Presence, Structure, Type};

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

    fn value(self, file: &mut File) -> TokenStream {
        match self {
            Self::Nothing => TokenStream::new(),
            Self::RequestId => quote! { _request_id: None, },
            Self::Metadata => {
                let metadata = file.runtime("ErrorMetadata");
                quote! { meta: #metadata::default(), }
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

/// The accessors of the members.
pub(super) fn accessors(file: &mut File, members: &[Member]) -> TokenStream {
    let calls = members.iter().map(|member| {
        let accessor = file.runtime("accessor");
        let field = ident(&member.field);
        let deprecated = deprecated(&member.deprecated);
        let required =
            (!matches!(member.presence, Presence::Optional)).then(|| quote! { required });
        let kind = match &member.ty {
            Type::String => quote! { str },
            Type::List { item, sparse } => {
                let item = file.nullable(item, *sparse);
                quote! { list #item }
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
            Type::Map { key, value, sparse } => {
                let key = file.ty(key);
                let value = file.nullable(value, *sparse);
                quote! { map #key, #value }
            }
            ty => {
                let ty = file.ty(ty);
                quote! { ref #ty }
            }
        };
        quote! { #accessor!(#deprecated #required #kind, #field); }
    });
    quote! { #(#calls)* }
}

/// The setters of a builder.
pub(super) fn setters(file: &mut File, members: &[Member]) -> TokenStream {
    let calls = members.iter().map(|member| {
        let setters = file.runtime("setters");
        let (field, setter, getter) = (
            ident(&member.field),
            ident(&member.setter),
            ident(&member.getter),
        );
        let deprecated = deprecated(&member.deprecated);
        let kind = match &member.ty {
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
            ty => {
                let ty = file.ty(ty);
                quote! { value #ty }
            }
        };
        quote! { #setters!(#deprecated #kind, #field, #setter, #getter); }
    });
    quote! { #(#calls)* }
}

/// The builder of a structure that is not the input of an operation.
pub(super) fn builder(file: &mut File, structure: &Structure, extra: Extra) -> TokenStream {
    let name = ident(&structure.name);
    let builder = format_ident!("{}Builder", structure.name);
    let builder_docs = format!(" Builds a [`{name}`].");
    let setters = setters(file, &structure.members);
    let deprecated = deprecated(&structure.deprecated);
    let meta = matches!(extra, Extra::Metadata).then(|| {
        let metadata = file.runtime("ErrorMetadata");
        quote! {
            #[doc = " Sets code and request ID, for fakes in tests."]
            pub fn meta(mut self, meta: #metadata) -> Self {
                self.inner.meta = meta;
                self
            }
        }
    });
    if structure.all_optional() {
        return quote! {
            #[doc = #builder_docs]
            #deprecated
            #[derive(Clone, Debug, Default, PartialEq)]
            pub struct #builder { inner: #name }

            impl #builder {
                #setters
                #meta
                #[doc = " The structure."]
                pub fn build(self) -> #name { self.inner }
            }
        };
    }

    let parts = format_ident!("{}Parts", structure.name);
    let parts_debug = debug(file, structure, &parts);
    let parts_derives = derives(true, structure.has_sensitive());
    let mut fields = Vec::new();
    for member in &structure.members {
        let field = ident(&member.field);
        let ty = file.ty(&member.ty);
        fields.push(quote! { #field: Option<#ty>, });
    }
    let build = build(file, structure, extra);
    quote! {
        #[doc = #builder_docs]
        #deprecated
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct #builder { inner: #parts }

        #parts_derives
        struct #parts { #(#fields)* }
        #parts_debug

        impl #builder {
            #setters
            #build
        }
    }
}

/// `build` for a structure whose parts are not all optional.
fn build(file: &mut File, structure: &Structure, extra: Extra) -> TokenStream {
    let name = ident(&structure.name);
    let text = &structure.name;
    let is_required = |member: &&Member| matches!(member.presence, Presence::Required);
    let required: Vec<Ident> = structure
        .members
        .iter()
        .filter(is_required)
        .map(|member| ident(&member.field))
        .collect();
    let values: Vec<TokenStream> = structure
        .members
        .iter()
        .map(|member| {
            let field = ident(&member.field);
            match &member.presence {
                Presence::Required => quote! { #field, },
                Presence::Optional => quote! { #field: self.inner.#field, },
                Presence::Default(default) => {
                    let otherwise = file.unwrap_or(default, &member.ty);
                    quote! { #field: self.inner.#field #otherwise, }
                }
            }
        })
        .collect();
    let extra = extra.value(file);
    if required.is_empty() {
        return quote! {
            #[doc = " The structure, with defaults for what was not set."]
            pub fn build(self) -> #name {
                #name { #(#values)* #extra }
            }
        };
    }
    let build_error = file.runtime("BuildError");
    let names = structure
        .members
        .iter()
        .filter(is_required)
        .map(|member| member.field.trim_start_matches("r#"));
    quote! {
        #[doc = " The structure, or an error that names the required members that were not set."]
        pub fn build(self) -> Result<#name, #build_error> {
            let missing = #build_error::missing(#text, &[#((#names, self.inner.#required.is_some())),*]);
            let (#(Some(#required),)*) = (#(self.inner.#required,)*) else {
                return Err(missing);
            };
            Ok(#name { #(#values)* #extra })
        }
    }
}

/// What makes the structure part of requests.
pub(super) fn encode(file: &mut File, structure: &Structure) -> TokenStream {
    if !structure.encode {
        return TokenStream::new();
    }
    let name = ident(&structure.name);
    let kind = file.runtime("Structure");
    let sink_type = file.runtime("MemberSink");
    let sink = sink_name(structure);
    let calls: Vec<TokenStream> = structure
        .members
        .iter()
        .map(|member| {
            let field = ident(&member.field);
            file.sink_call(member, quote! { &self.#field })
        })
        .collect();
    quote! {
        impl #kind for #name {
            fn members(&self, #sink: &mut dyn #sink_type) { #(#calls)* }
        }
    }
}

fn sink_name(structure: &Structure) -> TokenStream {
    match structure.members.is_empty() {
        true => quote! { _ },
        false => quote! { sink },
    }
}

/// What makes the structure part of responses.
pub(super) fn decode(file: &mut File, structure: &Structure, extra: Extra) -> TokenStream {
    if !structure.decode {
        return TokenStream::new();
    }
    let name = ident(&structure.name);
    let from_members = file.runtime("FromMembers");
    let member_value = file.runtime("MemberValue");
    let decoded = file.runtime("Decoded");
    let unset = unset(file, structure, extra);
    let (name_param, body) = if structure.members.is_empty() {
        (quote! { _ }, quote! { value.skip() })
    } else {
        let arms = structure.members.iter().map(|member| {
            let field = ident(&member.field);
            let name = &member.name;
            quote! { #name => value.read(&mut self.#field), }
        });
        (
            quote! { name },
            quote! { match name { #(#arms)* _ => value.skip(), } },
        )
    };
    quote! {
        impl #from_members for #name {
            fn unset() -> Self { #unset }
            fn member(&mut self, #name_param: &str, value: &mut #member_value<'_, '_>) -> #decoded {
                #body
            }
        }
    }
}

/// The structure with no member set.
pub(super) fn unset(file: &mut File, structure: &Structure, extra: Extra) -> TokenStream {
    if structure.all_optional() {
        return quote! { Self::default() };
    }
    let fields: Vec<TokenStream> = structure
        .members
        .iter()
        .map(|member| {
            let field = ident(&member.field);
            let value = match &member.presence {
                Presence::Optional => quote! { None },
                Presence::Required => {
                    let from_value = file.runtime("FromValue");
                    quote! { #from_value::unset() }
                }
                Presence::Default(literal) => file.literal(literal, &member.ty),
            };
            quote! { #field: #value, }
        })
        .collect();
    let extra = extra.value(file);
    quote! { Self { #(#fields)* #extra } }
}
