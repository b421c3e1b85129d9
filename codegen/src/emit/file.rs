//! What every emitter needs: names with their imports, documentation, types.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::imports;
use crate::ir::{Bounds, Constraints, Deprecated, Literal, Type};

/// Collects the imports of a file while its items are printed.
pub(super) struct File {
    imports: BTreeMap<String, BTreeSet<String>>,
    /// The types, seen from the file: generated code refers to itself by relative paths, so that it
    /// does not depend on where in a crate it stands.
    types: &'static str,
    /// The type of `types` that the file defines.
    own: Option<String>,
    /// Names that the file gives to something else; what they name elsewhere goes by its path.
    taken: BTreeSet<String>,
}

impl File {
    /// The file of an operation whose types begin with `prefix`.
    pub(super) fn of_operation(prefix: &str) -> Self {
        let suffixes = [
            "",
            "Error",
            "FluentBuilder",
            "Input",
            "InputBuilder",
            "Operation",
            "Output",
            "OutputBuilder",
            "OutputParts",
            "Paginator",
            "PaginatorItems",
        ];
        Self {
            imports: BTreeMap::new(),
            types: "super::super::types",
            own: None,
            taken: suffixes.map(|suffix| format!("{prefix}{suffix}")).into(),
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

    /// The file of all errors.
    pub(super) fn of_errors<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            imports: BTreeMap::new(),
            types: "super",
            own: None,
            taken: names.into_iter().map(str::to_owned).collect(),
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

    /// The enum of all errors, imported into the file of an operation.
    pub(super) fn error_enum(&mut self) -> TokenStream {
        self.name("super::super", "Error")
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
        let items = constraints.items.as_ref();
        let items = items.map(|items| self.constraints(items));
        let keys = constraints.keys.as_ref();
        let keys = keys.map(|keys| self.constraints(keys));
        [
            bounds(constraints),
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
        match bounds(constraints) {
            None => quote! { #kind::NONE #(.#demands)* },
            Some(_) => quote! { #kind::#(#demands).* },
        }
    }
}

fn path(module: &str) -> TokenStream {
    let segments = module.split("::").map(ident);
    quote! { #(#segments)::* }
}

/// `length(1..=128)` or `range(..=0.5)`.
fn bounds(constraints: &Constraints) -> Option<TokenStream> {
    if let Some(length) = constraints.length {
        let length = limits(length, proc_macro2::Literal::u64_unsuffixed)?;
        return Some(quote! { length(#length) });
    }
    let range = constraints.range?;
    // An `f64` has every integer up to 2^53.
    let is_integer = |bound: f64| bound.fract() == 0.0 && bound.abs() <= 9_007_199_254_740_992.0;
    let mut ends = [range.min, range.max].into_iter().flatten();
    let range = match ends.all(is_integer) {
        true => limits(range, |bound| {
            proc_macro2::Literal::i64_unsuffixed(bound as i64)
        }),
        false => limits(range, proc_macro2::Literal::f64_unsuffixed),
    }?;
    Some(quote! { range(#range) })
}

fn limits<T>(
    Bounds { min, max }: Bounds<T>,
    print: impl Fn(T) -> proc_macro2::Literal,
) -> Option<TokenStream> {
    match (min.map(&print), max.map(&print)) {
        (None, None) => None,
        (min, None) => Some(quote! { #min.. }),
        (min, Some(max)) => Some(quote! { #min..=#max }),
    }
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
