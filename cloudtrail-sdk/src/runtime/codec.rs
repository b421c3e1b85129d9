//! The codec between shapes and JSON.
//!
//! A structure says which members it has, by [`Structure`] for requests and [`FromMembers`] for
//! responses; everything else happens here once, behind trait objects, so that a shape costs a
//! few lines of machine code and not an instance of serde's machinery.

#![allow(unused_imports, reason = "not every service needs every part")]

mod decode;
mod encode;
mod json;
mod map;
#[cfg(feature = "serde")]
mod serde;
mod timestamp;
mod validate;

pub use self::decode::{DecodeError, Decoded, FromMembers, FromValue, MemberValue, decode};
pub use self::encode::{Encode, JsonWriter, MemberSink, Structure, Unit, encode};
pub use self::json::{Kind, Reader};
pub use self::map::Map;
#[cfg(feature = "serde")]
pub(crate) use self::serde::{
    Message, Node, ToNode, deserialize, serde_integer_enums, serde_message_errors,
    serde_string_enums, serde_types, serialize,
};
pub use self::timestamp::Formatted;
pub use self::validate::{Constraints, Member, Violations, validate};

/// What every value is without the feature `serde`.
#[cfg(not(feature = "serde"))]
pub trait ToNode {}

#[cfg(not(feature = "serde"))]
impl<T: ?Sized> ToNode for T {}
