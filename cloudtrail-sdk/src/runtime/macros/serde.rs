//! serde's traits, with the feature `serde`.
//!
//! `serde_types! { Tag }` becomes
//!
//! ```text
//! impl Serialize for Tag { … }
//! impl Deserialize for Tag { … }
//! ```
//!
//! by the codec of the type. Enums are scalars to it, and errors that are only a message are read
//! into their builders.

/// serde's traits for types that the codec writes and reads.
macro_rules! serde_types {
    ($($type:ty),*) => {$(
        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::runtime::wire::codec::serialize(self, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::runtime::wire::codec::deserialize(deserializer)
            }
        }
    )*};
}

/// serde's traits for enums of strings.
macro_rules! serde_string_enums {
    ($($type:ty),*) => {
        $(impl $crate::runtime::wire::codec::ToNode for $type {
            fn to_node(&self) -> $crate::runtime::wire::codec::Node<'_> {
                $crate::runtime::wire::codec::Node::String(self.as_str().into())
            }
        })*

        $crate::runtime::macros::serde_types!($($type),*);
    };
}

/// serde's traits for enums of integers.
macro_rules! serde_integer_enums {
    ($($type:ty),*) => {
        $(impl $crate::runtime::wire::codec::ToNode for $type {
            fn to_node(&self) -> $crate::runtime::wire::codec::Node<'_> {
                $crate::runtime::wire::codec::Node::Integer(self.value().into())
            }
        })*

        $crate::runtime::macros::serde_types!($($type),*);
    };
}

/// serde's traits for errors whose only member, of this name on the wire, is their message.
macro_rules! serde_message_errors {
    ($wire:literal, $($type:ty),*) => {$(
        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let message = $crate::runtime::error::modeled::Message($wire, &self.message);
                $crate::runtime::wire::codec::serialize(&message, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                let builder = $crate::runtime::wire::codec::deserialize(deserializer)?;
                Ok($crate::runtime::error::modeled::ErrorBuilder::build(builder))
            }
        }
    )*};
}

pub(crate) use {serde_integer_enums, serde_message_errors, serde_string_enums, serde_types};
