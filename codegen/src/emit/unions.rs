//! Unions.

use proc_macro2::TokenStream;
use quote::quote;

use super::file::{File, deprecated, docs, ident};
use crate::ir::{Type, Union, UnionVariant};

/// The file of a union.
pub(super) fn emit(union: &Union) -> TokenStream {
    let name = ident(&union.name);
    let mut file = File::of_type(&union.name);
    let definition = definition(&mut file, union);
    let methods: Vec<TokenStream> = union
        .variants
        .iter()
        .map(|variant| methods(&mut file, variant))
        .collect();
    let encode = union.encode.then(|| encode(&mut file, union));
    let decode = union.decode.then(|| decode(&mut file, union));
    file.finish(
        &format!("The union [`{name}`]."),
        quote! {
            #definition

            impl #name {
                #(#methods)*
                #[doc = " Whether this is a variant that the model does not have."]
                pub fn is_unknown(&self) -> bool { matches!(self, Self::Unknown) }
            }

            #encode
            #decode
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

fn methods(file: &mut File, variant: &UnionVariant) -> TokenStream {
    let name = ident(&variant.variant);
    let (is_method, as_method) = (ident(&variant.is_method), ident(&variant.as_method));
    let is_docs = format!(" Whether this is [`{name}`](Self::{name}).");
    let as_docs = format!(" The value of [`{name}`](Self::{name}), or what this is instead.");
    let (pattern, as_method) = match &variant.ty {
        Some(ty) => {
            let ty = match ty {
                Type::Boxed(inner) => file.ty(inner),
                ty => file.ty(ty),
            };
            let method = quote! {
                #[doc = #as_docs]
                pub fn #as_method(&self) -> Result<&#ty, &Self> {
                    if let Self::#name(value) = self { Ok(value) } else { Err(self) }
                }
            };
            (quote! { Self::#name(_) }, method)
        }
        None => (quote! { Self::#name }, TokenStream::new()),
    };
    quote! {
        #as_method
        #[doc = #is_docs]
        pub fn #is_method(&self) -> bool { matches!(self, #pattern) }
    }
}

/// What makes the union part of requests.
pub(super) fn encode(file: &mut File, union: &Union) -> TokenStream {
    let name = file.definition(&union.name);
    let structure = file.runtime("Structure");
    let sink = file.runtime("MemberSink");
    let arms: Vec<TokenStream> = union
        .variants
        .iter()
        .map(|variant| {
            let kind = file.runtime("Member");
            let wire = &variant.name;
            let with = file.with_constraints(&variant.constraints);
            let name = ident(&variant.variant);
            match &variant.ty {
                Some(ty) => {
                    let value = file.formatted(ty, quote! { value });
                    quote! { Self::#name(value) => sink.member(#kind::new(#wire)#with, #value), }
                }
                None => {
                    let unit = file.runtime("Unit");
                    quote! { Self::#name => sink.member(#kind::new(#wire), &#unit), }
                }
            }
        })
        .collect();
    quote! {
        impl #structure for #name {
            fn members(&self, sink: &mut dyn #sink) {
                match self {
                    #(#arms)*
                    Self::Unknown => sink.unknown_variant(),
                }
            }
        }
    }
}

/// What makes the union part of responses.
pub(super) fn decode(file: &mut File, union: &Union) -> TokenStream {
    let name = file.definition(&union.name);
    let from_members = file.runtime("FromMembers");
    let member_value = file.runtime("MemberValue");
    let decoded = file.runtime("Decoded");
    let arms: Vec<TokenStream> = union
        .variants
        .iter()
        .map(|variant| {
            let wire = &variant.name;
            let name = ident(&variant.variant);
            match &variant.ty {
                Some(_) => quote! { #wire => value.variant(self, Self::#name), },
                None => {
                    let unit = file.runtime("Unit");
                    quote! { #wire => value.variant(self, |#unit| Self::#name), }
                }
            }
        })
        .collect();
    quote! {
        impl #from_members for #name {
            fn unset() -> Self { Self::Unknown }
            fn member(&mut self, name: &str, value: &mut #member_value<'_, '_>) -> #decoded {
                match name {
                    #(#arms)*
                    _ => value.unknown_variant(),
                }
            }
            fn is_union(&self) -> bool { true }
        }
    }
}
