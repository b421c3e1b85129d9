//! The second half of the code generator: generated files declare each member in a row of a table,
//! and these macros write the code that follows from a row.
//!
//! | file | tables |
//! |---|---|
//! | `structure.rs` | `structure!`: a structure with its accessors |
//! | `builder.rs`, `setters.rs` | what builds a structure |
//! | `codec.rs` | what writes it to requests and reads it from responses |
//! | `unions.rs` | `union!` |
//! | `enums.rs` | `string_enum!`, `integer_enum!` |
//! | `errors.rs` | `service_errors!`: every error of a service, and the enum of them all |
//! | `operations.rs` | `operation!`, `input!`, `output!`, `operation_metadata!` |
//! | `client.rs` | `client!` |
//! | `serde.rs` | serde's traits of all of them |
//!
//! Methods are `#[inline]`, so that only those that a program calls are compiled.

#![allow(
    unused_macros,
    unused_imports,
    reason = "not every service needs every macro"
)]

mod builder;
mod client;
mod codec;
mod enums;
mod errors;
mod operations;
mod serde;
mod setters;
mod structure;
mod unions;

pub(crate) use self::builder::{build, builder, builder_type, built, is_set};
pub(crate) use self::client::client;
pub(crate) use self::codec::{codec, directions, receive, unset};
pub(crate) use self::enums::{hidden, integer_enum, string_enum};
pub(crate) use self::errors::{error, error_builder, error_enum, error_traits, service_errors};
pub(crate) use self::operations::{input, operation, operation_metadata, output, request_id};
#[cfg(feature = "serde")]
pub(crate) use self::serde::{
    serde_integer_enums, serde_message_errors, serde_string_enums, serde_types,
};
pub(crate) use self::setters::{setter, setters};
pub(crate) use self::structure::{
    accessor, accessors, debug, declare, field_type, shown, structure, value_type, with_debug,
    with_members,
};
pub(crate) use self::unions::{union, union_accessor, union_member, union_value, variant_type};
