//! IR to Rust: one function per kind of file, each pure and without decisions.

mod client;
pub(crate) mod endpoint;
mod enums;
mod errors;
pub(crate) mod example;
mod file;
mod operation;
pub(crate) mod partitions;
mod service;
mod structure;
mod types;
mod unions;

use std::collections::BTreeMap;
use std::path::PathBuf;

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Sdk, TypeDefinition};

/// Every file of the SDK, as tokens, by its path below the generated folder.
pub(crate) fn emit(sdk: &Sdk) -> BTreeMap<PathBuf, TokenStream> {
    let mut files = BTreeMap::from([
        ("mod.rs".into(), root()),
        ("client.rs".into(), client::emit(sdk)),
        ("endpoint.rs".into(), endpoint::emit(&sdk.endpoint)),
        ("operation.rs".into(), operation::emit_index(sdk)),
        ("partitions.rs".into(), partitions::emit(&sdk.partitions)),
        ("service.rs".into(), service::emit(&sdk.service)),
        ("types.rs".into(), types::emit_index(sdk)),
        ("types/error.rs".into(), errors::emit(sdk)),
    ]);
    for operation in &sdk.operations {
        let path = format!("operation/{}.rs", file_name(&operation.method));
        files.insert(path.into(), operation::emit(&sdk.service, operation));
    }
    for definition in &sdk.types {
        let tokens = match definition {
            TypeDefinition::Structure(structure) => types::emit_structure(structure),
            TypeDefinition::Union(union) => unions::emit(union),
            TypeDefinition::StringEnum(def) => enums::emit_strings(def),
            TypeDefinition::IntegerEnum(def) => enums::emit_integers(def),
        };
        let path = format!("types/{}.rs", file_name(definition.module()));
        files.insert(path.into(), tokens);
    }
    files
}

/// The file of a module; a raw identifier's is named without `r#`.
fn file_name(module: &str) -> &str {
    module.trim_start_matches("r#")
}

fn root() -> TokenStream {
    quote! {
        #![allow(
            deprecated,
            clippy::large_enum_variant,
            clippy::len_without_is_empty,
            clippy::should_implement_trait,
            clippy::type_complexity,
            clippy::wrong_self_convention,
            reason = "names, types and sizes are the model's"
        )]
        mod client;
        mod endpoint;
        pub mod operation;
        pub(crate) mod partitions;
        pub(crate) mod service;
        pub mod types;
        pub use self::client::Client;
        pub use self::types::error::service_error::Error;
    }
}
