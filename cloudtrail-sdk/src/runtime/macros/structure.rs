//! Structures: `structure!`, and what all tables of members have in common.
//!
//! ```text
//! structure! {
//!     /// A key and a value that label a resource.
//!     Tag, TagBuilder, TagParts -> Result: sent, received;
//!     /// The key, unique among the tags of a resource.
//!     ///
//!     /// Required; 1 to 128 characters.
//!     "Key" => key, set_key, get_key: (required str), required, length(1..=128);
//! }
//! ```
//!
//! The head has the structure, its builder, and the directions in which the structure goes: `sent`,
//! `received`, or both. `TagParts -> Result` says that not every field is an `Option`: the builder
//! holds `TagParts`, which is `Tag` with all fields optional, and `build` returns a `Result`. With
//! `-> Self` it returns the structure, since defaults fill in what was not set.
//!
//! A row has the name on the wire, the field, its setter and its getter in the builder, its kind,
//! and the constraints of a value that is sent, as methods of `codec::Member`. The kind decides the
//! types: a field is an `Option` unless it is `required`. Behind the kind can stand the format of
//! timestamps (`as http_date`) and a default (`= 0`), and before the row `sensitive`.
//!
//! The row becomes, each with the row's documentation:
//!
//! ```text
//! pub struct Tag {
//!     pub key: String,
//! }
//!
//! impl Tag {
//!     pub fn builder() -> TagBuilder { … }
//!     pub fn key(&self) -> &str { … }
//! }
//!
//! impl TagBuilder {
//!     pub fn key(self, input: impl Into<String>) -> Self { … }
//!     pub fn set_key(self, input: Option<String>) -> Self { … }
//!     pub fn get_key(&self) -> &Option<String> { … }
//! }
//! ```
//!
//! The codec's part is in `codec.rs`, that of `build` in `builder.rs`.

/// A structure with its builder.
macro_rules! structure {
    ($($table:tt)*) => {
        $crate::runtime::macros::with_members! { {} $($table)* }
    };
}

/// A table of members. First comes a field that the structure has besides them, if it has one. A
/// structure without a builder of its own is the input of an operation.
macro_rules! with_members {
    (
        $extra:tt
        $(#[doc = $doc:literal])*
        $(#[deprecated $($note:tt)*])?
        $name:ident $(, $builder:ident $(, $parts:ident -> $result:ident)?)?:
            $($direction:ident),*;
        $(
            $(#[$meta:meta])*
            $($sensitive:ident)? $wire:literal => $field:ident, $set:ident, $get:ident: $kind:tt
                $(as $format:ident)?
                $(= $default:expr)?
                $(, $rule:ident $(($($argument:tt)*))?)*;
        )*
    ) => {
        $crate::runtime::macros::declare! {
            [$($($parts)?)?]
            $(#[doc = $doc])*
            $(#[deprecated $($note)*])?
            $name $extra
            $($(#[$meta])* [$($sensitive)?] $field: $kind;)*
        }

        $crate::runtime::macros::accessors! {
            $name [$($builder)?]
            $($(#[$meta])* $field: $kind;)*
        }

        $crate::runtime::macros::builder! {
            [$($builder $(, $parts -> $result)?)?]
            [$(#[deprecated $($note)*])?]
            $name $extra
            $($(#[$meta])* [$($sensitive)?] $field, $set, $get: $kind $(= $default)?;)*
        }

        $crate::runtime::macros::codec! {
            $name $extra [$($direction)*]
            $(
                $wire => $field: $kind
                    $(as $format)? [$(.$rule($($($argument)*)?))*] $(= $default)?;
            )*
        }
    };
}

/// The structure itself, with a `Default` if every field is an `Option`.
macro_rules! declare {
    ([] $($structure:tt)*) => {
        $crate::runtime::macros::declare! { @ [Default,] $($structure)* }
    };
    ([$parts:ident] $($structure:tt)*) => {
        $crate::runtime::macros::declare! { @ [] $($structure)* }
    };
    (
        @ [$($default:tt)*]
        $(#[$attribute:meta])*
        $name:ident { $($extra:ident: $extra_type:ty)? }
        $($(#[$meta:meta])* [$($sensitive:ident)?] $field:ident: $kind:tt;)*
    ) => {
        $crate::runtime::macros::with_debug! {
            [$($($sensitive)?)*]

            $(#[$attribute])*
            #[derive(Clone, $($default)* PartialEq)]
            #[non_exhaustive]
            pub struct $name {
                $($(#[$meta])* pub $field: $crate::runtime::macros::field_type!($kind),)*
                $(pub(crate) $extra: $extra_type,)?
            }

            $crate::runtime::macros::debug! { $name; $([$($sensitive)?] $field;)* }
        }
    };
}

/// The type of a field.
macro_rules! field_type {
    ((required $($kind:tt)+)) => { $crate::runtime::macros::value_type!(($($kind)+)) };
    ($kind:tt) => { Option<$crate::runtime::macros::value_type!($kind)> };
}

/// The type of a member's value.
macro_rules! value_type {
    ((required $($kind:tt)+)) => { $crate::runtime::macros::value_type!(($($kind)+)) };
    (str) => { String };
    ((str)) => { String };
    ((list str)) => { Vec<String> };
    ((list $item:ty)) => { Vec<$item> };
    ((map $key:ty, $value:ty)) => { $crate::primitives::Map<$key, $value> };
    ((boxed $type:ty)) => { Box<$type> };
    ((copy $type:ty)) => { $type };
    ((ref $type:ty)) => { $type };
}

/// A type with its `Debug`: derived, or the second item if anything in the type is sensitive.
macro_rules! with_debug {
    ([] $type:item $debug:item) => {
        #[derive(Debug)]
        $type
    };
    ([$($sensitive:ident)+] $type:item $debug:item) => {
        $type
        $debug
    };
}

/// The `Debug` of a structure, without what is sensitive.
macro_rules! debug {
    ($name:ident; $([$($sensitive:ident)?] $field:ident;)*) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))
                    $(.field(
                        stringify!($field).trim_start_matches("r#"),
                        $crate::runtime::macros::shown!(self.$field $(, $sensitive)?),
                    ))*
                    .finish()
            }
        }
    };
}

/// What `Debug` shows of a field.
macro_rules! shown {
    ($value:expr) => {
        &$value
    };
    ($value:expr, sensitive) => {
        &"*** redacted ***"
    };
}

/// `builder()` and the accessors.
macro_rules! accessors {
    ($name:ident $builder:tt $($(#[$meta:meta])* $field:ident: $kind:tt;)*) => {
        impl $name {
            #[doc = concat!("Starts building a [`", stringify!($name), "`].")]
            #[inline]
            pub fn builder() -> $crate::runtime::macros::builder_type!($name $builder) {
                Default::default()
            }

            $($crate::runtime::macros::accessor!([$(#[$meta])*] $kind, $field);)*
        }
    };
}

/// The accessor of a field.
macro_rules! accessor {
    ($meta:tt str, $field:ident) => {
        $crate::runtime::macros::accessor!(
            @ $meta $field -> Option<&str>, |field| field.as_deref()
        );
    };
    ($meta:tt (required str), $field:ident) => {
        $crate::runtime::macros::accessor!(@ $meta $field -> &str, |field| field.as_str());
    };
    ($meta:tt (list str), $field:ident) => {
        $crate::runtime::macros::accessor!($meta (list String), $field);
    };
    ($meta:tt (list $item:ty), $field:ident) => {
        $crate::runtime::macros::accessor!(
            @ $meta $field -> &[$item], |field| field.as_deref().unwrap_or_default()
        );
    };
    ($meta:tt (required list str), $field:ident) => {
        $crate::runtime::macros::accessor!($meta (required list String), $field);
    };
    ($meta:tt (required list $item:ty), $field:ident) => {
        $crate::runtime::macros::accessor!(@ $meta $field -> &[$item], |field| field.as_slice());
    };
    ($meta:tt (copy $type:ty), $field:ident) => {
        $crate::runtime::macros::accessor!(@ $meta $field -> Option<$type>, |field| *field);
    };
    ($meta:tt (required copy $type:ty), $field:ident) => {
        $crate::runtime::macros::accessor!(@ $meta $field -> $type, |field| *field);
    };
    ($meta:tt (boxed $type:ty), $field:ident) => {
        $crate::runtime::macros::accessor!(
            @ $meta $field -> Option<&$type>, |field| field.as_deref()
        );
    };
    ($meta:tt (required $how:ident $($type:tt)+), $field:ident) => {
        $crate::runtime::macros::accessor!(
            @ $meta $field -> &$crate::runtime::macros::value_type!(($how $($type)+)), |field| field
        );
    };
    ($meta:tt $kind:tt, $field:ident) => {
        $crate::runtime::macros::accessor!(
            @ $meta $field -> Option<&$crate::runtime::macros::value_type!($kind)>,
            |field| field.as_ref()
        );
    };
    (@ [$($meta:tt)*] $field:ident -> $return:ty, |$this:ident| $body:expr) => {
        $($meta)*
        #[inline]
        pub fn $field(&self) -> $return {
            let $this = &self.$field;
            $body
        }
    };
}

pub(crate) use {
    accessor, accessors, debug, declare, field_type, shown, structure, value_type, with_debug,
    with_members,
};
