//! The tables of this module: a structure with its members, each of which is declared once.
//!
//! ```text
//! structure! {
//!     /// A resource that an event is about.
//!     Resource, ResourceBuilder;
//!     /// ARN of the resource.
//!     "ARN" | "arn" => arn, set_arn, get_arn: str;
//! }
//! ```
//!
//! A row has the key in JSON and other spellings that are read, the field, its setter and its getter
//! in the builder, and its kind, as in the tables of the generated code, whose macros make the
//! structure, the accessors and the builder. `as text` writes a boolean as text, as CloudTrail does.
//! This module adds serde's traits, and `unknown`, which keeps the members that are in no row.

/// A structure with its builder and serde's traits.
macro_rules! structure {
    (
        $(#[doc = $doc:literal])*
        $name:ident, $builder:ident $({ $extra:ident: $extra_type:ty })?;
        $(
            $(#[$meta:meta])*
            $wire:literal $(| $alias:literal)* => $field:ident, $set:ident, $get:ident: $kind:tt
                $(as $format:ident)?;
        )*
    ) => {
        $crate::records::macros::with_unknown! {
            [$(#[doc = $doc])*] $name, $builder { $($extra: $extra_type)? }
            $($(#[$meta])* [] $field, $set, $get: $kind;)*
        }

        impl $crate::records::member::Structure for $name {
            fn read_member<'de, A: ::serde::de::MapAccess<'de>>(
                &mut self,
                key: &str,
                access: &mut A,
            ) -> Result<(), A::Error> {
                match key {
                    $($wire $(| $alias)* => {
                        $crate::records::member::read_next(&mut self.$field, access)
                    })*
                    _ => $crate::records::member::keep(&mut self.unknown, key, access),
                }
            }

            fn write_members<M: ::serde::ser::SerializeMap>(
                &self,
                map: &mut M,
            ) -> Result<(), M::Error> {
                $($crate::records::macros::write!(map, $wire, &self.$field $(, $format)?);)*
                for (key, value) in self.unknown.iter().flatten() {
                    map.serialize_entry(key, value)?;
                }
                Ok(())
            }
        }

        impl $crate::records::member::Member for $name {
            fn read<'de, D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Option<Self>, D::Error> {
                ::serde::Deserialize::deserialize(deserializer)
            }

            fn write<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                ::serde::Serialize::serialize(self, serializer)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::records::member::write_structure(self, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::records::member::read_structure(deserializer)
            }
        }
    };
}

/// The structure and its builder, with the member `unknown`.
macro_rules! with_unknown {
    ($head:tt $name:ident, $builder:ident $extra:tt $($row:tt)*) => {
        $crate::records::macros::declare! {
            $head $name, $builder $extra
            $($row)*
            /// The members that this crate does not know, by their keys.
            [] unknown, set_unknown, get_unknown: (map String, $crate::records::RawJson);
        }
    };
}

/// The structure and its builder.
macro_rules! declare {
    (
        [$($doc:tt)*] $name:ident, $builder:ident $extra:tt
        $($(#[$meta:meta])* [] $field:ident, $set:ident, $get:ident: $kind:tt;)*
    ) => {
        $crate::runtime::macros::declare! {
            []
            $($doc)*
            $name $extra
            $($(#[$meta])* [] $field: $kind;)*
        }

        $crate::runtime::macros::builder! {
            [$builder] []
            $name $extra
            $($(#[$meta])* [] $field, $set, $get: $kind;)*
        }

        impl $name {
            #[doc = concat!("Starts building a [`", stringify!($name), "`].")]
            #[inline]
            pub fn builder() -> $builder {
                Default::default()
            }

            $($crate::records::macros::accessor!([$(#[$meta])*] $kind, $field);)*
        }
    };
}

/// The accessor of a field; that of a part which CloudTrail leaves open reads it.
macro_rules! accessor {
    ([$($meta:tt)*] (ref RawJson), $field:ident) => {
        $($meta)*
        ///
        /// Reads it as a `T`, each time anew.
        pub fn $field<'a, T: ::serde::Deserialize<'a>>(
            &'a self,
        ) -> Result<Option<T>, ::serde_json::Error> {
            self.$field.as_ref().map(RawJson::read).transpose()
        }
    };
    ($meta:tt $kind:tt, $field:ident) => {
        $crate::runtime::macros::accessor!($meta $kind, $field);
    };
}

/// Writes a member.
macro_rules! write {
    ($map:ident, $wire:literal, $field:expr) => {
        $crate::records::member::write_next($map, $wire, $field)?
    };
    ($map:ident, $wire:literal, $field:expr, text) => {
        if let Some(value) = $field {
            $map.serialize_entry($wire, &value.to_string())?;
        }
    };
}

pub(super) use {accessor, declare, structure, with_unknown, write};
