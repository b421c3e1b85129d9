//! Builders of structures.
//!
//! ```text
//! Tag, TagBuilder, TagParts -> Result: sent, received;
//! "Key" => key, set_key, get_key: (required str), required, length(1..=128);
//! ```
//!
//! becomes
//!
//! ```text
//! pub struct TagBuilder {
//!     inner: TagParts,
//! }
//!
//! struct TagParts {
//!     key: Option<String>,
//! }
//!
//! impl TagBuilder {
//!     // The setters of `setters.rs`.
//!     pub fn build(self) -> Result<Tag, BuildError> { … }
//! }
//! ```
//!
//! A structure whose fields are all optional is its own parts. The input of an operation has no
//! builder of its own: its setters are those of `fluent::builder::Builder`, which can hold a
//! client.

/// The builder of a structure: `[]`, `[TagBuilder]` or `[TagBuilder, TagParts -> Result]`.
macro_rules! builder {
    ([] $deprecated:tt $name:ident $extra:tt $($members:tt)*) => {
        impl<C> $crate::runtime::fluent::builder::Builder<$name, C>
        where
            C: $crate::runtime::fluent::builder::MaybeClient<$name>,
        {
            $crate::runtime::macros::setters! { $($members)* }
        }
    };
    ([$builder:ident] $deprecated:tt $name:ident $extra:tt $($members:tt)*) => {
        $crate::runtime::macros::builder! { @ $deprecated $name, $builder($name) }

        impl $builder {
            $crate::runtime::macros::setters! { $($members)* }

            /// The structure.
            #[inline]
            pub fn build(self) -> $name {
                self.inner
            }
        }
    };
    (
        [$builder:ident, $parts:ident -> $result:ident]
        $deprecated:tt
        $name:ident { $($extra:ident: $extra_type:ty)? }
        $(
            $(#[$meta:meta])*
            [$($sensitive:ident)?] $field:ident, $set:ident, $get:ident: $kind:tt
                $(= $default:expr)?;
        )*
    ) => {
        $crate::runtime::macros::builder! { @ $deprecated $name, $builder($parts) }

        $crate::runtime::macros::with_debug! {
            [$($($sensitive)?)*]

            #[derive(Clone, Default, PartialEq)]
            struct $parts {
                $($field: Option<$crate::runtime::macros::value_type!($kind)>,)*
                $($extra: $extra_type,)?
            }

            $crate::runtime::macros::debug! { $parts; $([$($sensitive)?] $field;)* }
        }

        impl $builder {
            $crate::runtime::macros::setters! {
                $($(#[$meta])* [] $field, $set, $get: $kind;)*
            }

            $crate::runtime::macros::build! {
                $name { $($extra)? } -> $result
                $($field: $kind $(= $default)?;)*
            }
        }
    };
    (@ [$($deprecated:tt)*] $name:ident, $builder:ident($parts:ident)) => {
        #[doc = concat!("Builds a [`", stringify!($name), "`].")]
        $($deprecated)*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $builder {
            inner: $parts,
        }
    };
}

/// The type of a builder.
macro_rules! builder_type {
    ($name:ident []) => { $crate::runtime::fluent::builder::Builder<$name> };
    ($name:ident [$builder:ident]) => { $builder };
}

/// `build` for a structure whose fields are not all optional.
macro_rules! build {
    (
        $name:ident { $($extra:ident)? } -> Result
        $($field:ident: $kind:tt $(= $default:expr)?;)*
    ) => {
        /// The structure, or an error that names the required members that were not set.
        #[inline]
        pub fn build(self) -> Result<$name, $crate::error::BuildError> {
            let missing = $crate::error::BuildError::missing(
                stringify!($name),
                &[$((
                    stringify!($field),
                    $crate::runtime::macros::is_set!($kind, self.inner.$field $(, $default)?),
                )),*],
            );
            Ok($name {
                $($field: $crate::runtime::macros::built!(
                    $kind,
                    self.inner.$field,
                    missing
                    $(, $default)?
                ),)*
                $($extra: self.inner.$extra,)?
            })
        }
    };
    (
        $name:ident { $($extra:ident)? } -> Self
        $($field:ident: $kind:tt $(= $default:expr)?;)*
    ) => {
        /// The structure, with defaults for what was not set.
        #[inline]
        pub fn build(self) -> $name {
            $name {
                $($field: $crate::runtime::macros::built!(
                    $kind,
                    self.inner.$field,
                    unreachable
                    $(, $default)?
                ),)*
                $($extra: self.inner.$extra,)?
            }
        }
    };
}

/// Whether a builder has what it needs of a member.
macro_rules! is_set {
    ((required $($kind:tt)*), $value:expr) => {
        $value.is_some()
    };
    ($kind:tt, $value:expr $(, $default:expr)?) => {
        true
    };
}

/// A field, from what a builder has.
macro_rules! built {
    ((required $($kind:tt)*), $value:expr, $missing:ident) => {
        match $value {
            Some(value) => value,
            None => return Err($missing),
        }
    };
    ($kind:tt, $value:expr, $missing:ident) => {
        $value
    };
    ($kind:tt, $value:expr, $missing:ident, $default:expr) => {
        $value.unwrap_or_else(|| $default)
    };
}

pub(crate) use {build, builder, builder_type, built, is_set};
