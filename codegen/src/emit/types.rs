//! `types`: the structures that inputs and outputs are made of.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::file::{File, ident};
use super::structure::{builder, table};
use crate::ir::{Sdk, Structure, TypeDefinition};

/// The index of the types.
pub(super) fn emit_index(sdk: &Sdk) -> TokenStream {
    let modules = sdk.types.iter().map(|definition| {
        let module = ident(definition.module());
        quote! { mod #module; }
    });
    let exports = sdk.types.iter().map(|definition| {
        let module = ident(definition.module());
        let name = ident(definition.name());
        quote! { pub use self::#module::#name; }
    });
    let builders: Vec<TokenStream> = sdk
        .types
        .iter()
        .filter_map(|definition| {
            let TypeDefinition::Structure(structure) = definition else {
                return None;
            };
            let module = ident(&structure.module);
            let builder = format_ident!("{}Builder", structure.name);
            Some(quote! { pub use super::#module::#builder; })
        })
        .collect();
    let builders = (!builders.is_empty()).then(|| {
        quote! {
            #[doc = " Builders of the structures."]
            pub mod builders { #(#builders)* }
        }
    });
    quote! {
        #![doc = " Structures, unions and enums that inputs and outputs are made of."]
        pub mod error;
        #(#modules)*
        #(#exports)*
        #builders
    }
}

/// The file of a structure.
pub(super) fn emit_structure(structure: &Structure) -> TokenStream {
    let name = ident(&structure.name);
    let mut file = File::of_type(&structure.name);
    let table = table(&mut file, "structure", structure, Some(builder(structure)));
    file.finish(&format!("The structure [`{name}`]."), table)
}
