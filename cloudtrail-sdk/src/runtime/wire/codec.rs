//! The codec between shapes and JSON.
//!
//! A structure says which members it has, by [`EncodeMembers`] for requests and [`DecodeMembers`] for
//! responses; everything else happens here once, behind trait objects, so that a shape costs a
//! few lines of machine code and not an instance of serde's machinery.

#![allow(unused_imports, reason = "not every service needs every part")]

mod decode;
mod decode_error;
mod encode;
mod json;
mod map;
mod member;
#[cfg(feature = "serde")]
mod serde;
mod timestamp;
mod validate;
mod violations;
mod writer;

pub use self::decode::{Decode, DecodeMembers, Decoded, MemberValue, decode};
pub use self::decode_error::DecodeError;
pub use self::encode::{Encode, EncodeMembers, MemberSink, Unit, encode};
#[cfg(feature = "serde")]
pub(crate) use self::encode::{Node, ToNode};
pub use self::json::{Kind, Reader};
pub use self::map::{IntoIter, Iter, Map};
pub use self::member::{Constraints, Member};
#[cfg(feature = "serde")]
pub(crate) use self::serde::{deserialize, rfc_3339, serialize};
pub use self::timestamp::Formatted;
pub(crate) use self::timestamp::parse_text;
pub use self::validate::validate;
pub use self::violations::Violations;
pub use self::writer::JsonWriter;
