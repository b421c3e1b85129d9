//! What every emitter needs: names with their imports, documentation, types.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::imports;
use crate::ir::{Bounds, Constraints, Deprecated, Literal, Member, Presence, Type};

/// Collects the imports of a file while its items are printed.
pub(super) struct File {
    imports: BTreeMap<String, BTreeSet<String>>,
    /// The enum of errors and the types, seen from the file: generated code refers to itself by
    /// relative paths, so that it does not depend on where in a crate it stands.
    error_enum: &'static str,
    types: &'static str,
    /// The type of `types` that the file defines.
    own: Option<String>,
    /// Names that the file gives to something else; what they name elsewhere goes by its path.
    taken: BTreeSet<String>,
}

impl File {
    /// The file of the enum of all errors.
    pub(super) fn of_error_enum() -> Self {
        Self {
            imports: BTreeMap::new(),
            error_enum: "super::error",
            types: "super::types",
            own: None,
            taken: ["Error", "ModeledError"].map(str::to_owned).into(),
        }
    }

    /// The file of an operation whose types begin with `prefix`.
    pub(super) fn of_operation(prefix: &str) -> Self {
        let suffixes = [
            "Error",
            "FluentBuilder",
            "Input",
            "InputBuilder",
            "Output",
            "OutputBuilder",
            "OutputParts",
            "Paginator",
            "PaginatorItems",
        ];
        Self {
            error_enum: "super::super::error",
            types: "super::super::types",
            taken: suffixes.map(|suffix| format!("{prefix}{suffix}")).into(),
            ..Self::of_error_enum()
        }
    }

    /// The file of a type.
    pub(super) fn of_type(name: &str) -> Self {
        Self {
            own: Some(name.to_owned()),
            taken: ["Builder", "Parts"]
                .map(|suffix| format!("{name}{suffix}"))
                .into(),
            ..Self::of_errors([])
        }
    }

    /// The file of all error structures.
    pub(super) fn of_errors<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            types: "super",
            taken: names.into_iter().map(str::to_owned).collect(),
            ..Self::of_error_enum()
        }
    }

    /// A name of the runtime, imported.
    pub(super) fn runtime(&mut self, name: &str) -> TokenStream {
        let module = imports::module_of(name);
        debug_assert!(module.is_some(), "`{name}` stands in no module");
        self.name(module.unwrap_or_default(), name)
    }

    /// A type of `types`, imported.
    pub(super) fn definition(&mut self, name: &str) -> TokenStream {
        if self.own.as_deref() == Some(name) {
            let name = ident(name);
            return quote! { #name };
        }
        self.name(self.types, name)
    }

    /// The enum of all errors, imported.
    pub(super) fn error_enum(&mut self) -> TokenStream {
        self.name(self.error_enum, "Error")
    }

    fn name(&mut self, module: &str, name: &str) -> TokenStream {
        let item = ident(name);
        if self.taken.contains(name) {
            let module = path(module);
            return quote! { #module::#item };
        }
        self.imports
            .entry(module.to_owned())
            .or_default()
            .insert(name.to_owned());
        quote! { #item }
    }

    /// The file: module documentation, imports, items.
    pub(super) fn finish(self, docs: &str, items: TokenStream) -> TokenStream {
        let docs = format!(" {docs}");
        let imports = self.imports.iter().map(|(module, names)| {
            let path = path(module);
            let names = names.iter().map(|name| ident(name));
            match names.len() {
                1 => quote! { use #path::#(#names)*; },
                _ => quote! { use #path::{#(#names),*}; },
            }
        });
        quote! {
            #![doc = #docs]
            #(#imports)*
            #items
        }
    }

    /// A type as it is written.
    pub(super) fn ty(&mut self, ty: &Type) -> TokenStream {
        match ty {
            Type::Boolean => quote! { bool },
            Type::Byte => quote! { i8 },
            Type::Short => quote! { i16 },
            Type::Integer => quote! { i32 },
            Type::Long => quote! { i64 },
            Type::Float => quote! { f32 },
            Type::Double => quote! { f64 },
            Type::String => quote! { String },
            Type::Blob => self.runtime("Blob"),
            Type::Timestamp(_) => self.runtime("DateTime"),
            Type::Document => self.runtime("Document"),
            Type::StringEnum(name)
            | Type::IntegerEnum(name)
            | Type::Structure(name)
            | Type::Union(name) => self.definition(name),
            Type::Boxed(inner) => {
                let inner = self.ty(inner);
                quote! { Box<#inner> }
            }
            Type::List { item, sparse } => {
                let item = self.nullable(item, *sparse);
                quote! { Vec<#item> }
            }
            Type::Map { key, value, sparse } => {
                let map = self.runtime("Map");
                let key = self.ty(key);
                let value = self.nullable(value, *sparse);
                quote! { #map<#key, #value> }
            }
        }
    }

    pub(super) fn nullable(&mut self, ty: &Type, nullable: bool) -> TokenStream {
        let ty = self.ty(ty);
        if nullable {
            quote! { Option<#ty> }
        } else {
            ty
        }
    }

    /// The type of a field.
    pub(super) fn field_type(&mut self, member: &Member) -> TokenStream {
        let optional = matches!(member.presence, Presence::Optional);
        self.nullable(&member.ty, optional)
    }

    /// A default value.
    pub(super) fn literal(&mut self, literal: &Literal, ty: &Type) -> TokenStream {
        match (literal, ty) {
            (Literal::Boolean(value), _) => quote! { #value },
            (Literal::Integer(value), Type::IntegerEnum(name)) => {
                let name = self.definition(name);
                let value = proc_macro2::Literal::i64_unsuffixed(*value);
                quote! { #name::from(#value) }
            }
            (Literal::Integer(value), _) => {
                let value = proc_macro2::Literal::i64_unsuffixed(*value);
                quote! { #value }
            }
            (Literal::Float(value), _) => {
                let value = proc_macro2::Literal::f64_unsuffixed(*value);
                quote! { #value }
            }
            (Literal::String(value), Type::StringEnum(name)) => {
                let name = self.definition(name);
                quote! { #name::from(#value) }
            }
            (Literal::String(value), _) => quote! { #value.to_owned() },
            (Literal::Blob(bytes), _) => {
                let blob = self.runtime("Blob");
                let bytes = proc_macro2::Literal::byte_string(bytes);
                quote! { #blob::new(#bytes) }
            }
            (Literal::Empty, Type::String) => quote! { String::new() },
            (Literal::Empty, Type::Blob) => {
                let blob = self.runtime("Blob");
                quote! { #blob::default() }
            }
            (Literal::Empty, Type::Map { .. }) => {
                let map = self.runtime("Map");
                quote! { #map::new() }
            }
            (Literal::Empty, _) => quote! { Vec::new() },
            (Literal::Timestamp(seconds, nanos), _) => {
                let date_time = self.runtime("DateTime");
                let seconds = proc_macro2::Literal::i64_unsuffixed(*seconds);
                if *nanos == 0 {
                    return quote! { #date_time::from_secs(#seconds) };
                }
                let nanos = proc_macro2::Literal::u32_unsuffixed(*nanos);
                quote! { #date_time::from_secs_and_nanos(#seconds, #nanos) }
            }
            (Literal::Document(json), _) => {
                let document = self.runtime("Document");
                quote! { #json.parse().unwrap_or(#document::Null) }
            }
        }
    }

    /// The methods of `Member` and `Constraints` that say what a value must be.
    pub(super) fn demands(&mut self, constraints: &Constraints) -> Vec<TokenStream> {
        let Constraints {
            length,
            range,
            items,
            keys,
        } = constraints;
        let length = length.as_ref().map(bounds);
        let range = range.as_ref().filter(|_| length.is_none()).map(bounds);
        let items = items.as_ref().map(|items| self.constraints(items));
        let keys = keys.as_ref().map(|keys| self.constraints(keys));
        [
            length.map(|bounds| quote! { length(#bounds) }),
            range.map(|bounds| quote! { range(#bounds) }),
            items.map(|items| quote! { items(&#items) }),
            keys.map(|keys| quote! { keys(&#keys) }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn constraints(&mut self, constraints: &Constraints) -> TokenStream {
        let kind = self.runtime("Constraints");
        let demands = self.demands(constraints);
        let base = match (&constraints.length, &constraints.range) {
            (None, None) => quote! { #kind::NONE. },
            _ => quote! { #kind:: },
        };
        quote! { #base #(#demands).* }
    }
}

fn path(module: &str) -> TokenStream {
    let segments = module.split("::").map(ident);
    quote! { #(#segments)::* }
}

fn bounds(Bounds { min, max }: &Bounds) -> TokenStream {
    let bound = |value: Option<f64>, otherwise: TokenStream| match value {
        Some(value) => {
            let value = proc_macro2::Literal::f64_unsuffixed(value);
            quote! { #value }
        }
        None => otherwise,
    };
    let min = bound(*min, quote! { f64::NEG_INFINITY });
    let max = bound(*max, quote! { f64::INFINITY });
    quote! { #min, #max }
}

/// An identifier, raw where the name says so.
pub(super) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(name) => Ident::new_raw(name, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// Documentation, one attribute a line.
pub(super) fn docs(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| match line.as_str() {
        "" => String::new(),
        line => format!(" {line}"),
    });
    quote! { #(#[doc = #lines])* }
}

/// The attribute of something that should not be used any more.
pub(super) fn deprecated(deprecated: &Option<Deprecated>) -> TokenStream {
    match deprecated {
        None => TokenStream::new(),
        Some(Deprecated { note: None }) => quote! { #[deprecated] },
        Some(Deprecated { note: Some(note) }) => quote! { #[deprecated(note = #note)] },
    }
}
