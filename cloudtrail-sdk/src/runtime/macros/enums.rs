//! Enums, which hold values that the model does not have as well.
//!
//! ```text
//! string_enum! {
//!     /// The state of a query.
//!     QueryStatus;
//!     /// It waits.
//!     Queued => "QUEUED";
//! }
//! ```
//!
//! An enum can be `sensitive`, which then stands behind its name. The row becomes:
//!
//! ```text
//! pub enum QueryStatus {
//!     /// It waits.
//!     Queued,
//! }
//!
//! impl QueryStatus {
//!     pub fn as_str(&self) -> &str { … }      // Self::Queued => "QUEUED"
//! }
//!
//! impl From<&str> for QueryStatus { … }       // "QUEUED" => Self::Queued
//! ```
//!
//! `integer_enum!` is the same with integers.

/// An enum of strings.
macro_rules! string_enum {
    (
        $(#$attribute:tt)*
        $name:ident $(, $sensitive:ident)?;
        $($(#[$meta:meta])* $variant:ident => $value:literal;)*
    ) => {
        $crate::runtime::macros::with_debug! {
            [$($sensitive)?]

            $(#$attribute)*
            #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
            #[non_exhaustive]
            pub enum $name {
                $($(#[$meta])* $variant,)*
                /// A value that the model does not have.
                Unknown(String),
            }

            $crate::runtime::macros::hidden! { $name }
        }

        impl $name {
            /// The value on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unknown(value) => value,
                }
            }

            /// The values that the model has.
            pub const fn values() -> &'static [&'static str] {
                &[$($value),*]
            }

            /// The variant of a known value.
            #[inline]
            pub fn try_parse(value: &str) -> Result<Self, $crate::error::UnknownVariantError> {
                match Self::from(value) {
                    Self::Unknown(value) => Err($crate::error::UnknownVariantError::new(value)),
                    known => Ok(known),
                }
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(value: &str) -> Result<Self, std::convert::Infallible> {
                Ok(Self::from(value))
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::runtime::wire::codec::Encode for $name {
            fn encode(&self, out: &mut $crate::runtime::wire::codec::JsonWriter) {
                out.string(self.as_str());
            }

            fn check(
                &self,
                _: &$crate::runtime::wire::codec::Constraints<'_>,
                _: &mut $crate::runtime::wire::codec::Violations,
            ) {
            }
        }

        impl $crate::runtime::wire::codec::Decode for $name {
            fn unset() -> Self {
                Self::Unknown(String::new())
            }

            fn decode(
                &mut self,
                reader: &mut $crate::runtime::wire::codec::Reader<'_>,
            ) -> $crate::runtime::wire::codec::Decoded {
                *self = match reader.string()? {
                    Some(text) => Self::from(text),
                    None => Self::unset(),
                };
                Ok(())
            }
        }

        #[cfg(feature = "serde")]
        $crate::runtime::macros::serde_string_enums! { $name }
    };
}

/// An enum of integers.
macro_rules! integer_enum {
    (
        $(#$attribute:tt)*
        $name:ident $(, $sensitive:ident)?;
        $($(#[$meta:meta])* $variant:ident => $value:literal;)*
    ) => {
        $crate::runtime::macros::with_debug! {
            [$($sensitive)?]

            $(#$attribute)*
            #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
            #[non_exhaustive]
            pub enum $name {
                $($(#[$meta])* $variant,)*
                /// A value that the model does not have.
                Unknown(i32),
            }

            $crate::runtime::macros::hidden! { $name }
        }

        impl $name {
            /// The value on the wire.
            pub fn value(&self) -> i32 {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unknown(value) => *value,
                }
            }

            /// The values that the model has.
            pub const fn values() -> &'static [i32] {
                &[$($value),*]
            }
        }

        impl From<i32> for $name {
            fn from(value: i32) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    other => Self::Unknown(other),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.value().fmt(f)
            }
        }

        impl $crate::runtime::wire::codec::Encode for $name {
            fn encode(&self, out: &mut $crate::runtime::wire::codec::JsonWriter) {
                self.value().encode(out);
            }

            fn check(
                &self,
                constraints: &$crate::runtime::wire::codec::Constraints<'_>,
                at: &mut $crate::runtime::wire::codec::Violations,
            ) {
                self.value().check(constraints, at);
            }
        }

        impl $crate::runtime::wire::codec::Decode for $name {
            fn unset() -> Self {
                Self::Unknown(0)
            }

            fn decode(
                &mut self,
                reader: &mut $crate::runtime::wire::codec::Reader<'_>,
            ) -> $crate::runtime::wire::codec::Decoded {
                *self = match i32::read(reader)? {
                    Some(number) => Self::from(number),
                    None => Self::unset(),
                };
                Ok(())
            }
        }

        #[cfg(feature = "serde")]
        $crate::runtime::macros::serde_integer_enums! { $name }
    };
}

/// The `Debug` of a sensitive enum or union.
macro_rules! hidden {
    ($name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("*** redacted ***")
            }
        }
    };
}

pub(crate) use {hidden, integer_enum, string_enum};
