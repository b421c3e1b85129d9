//! Unions: structures that hold one of their members.
//!
//! ```text
//! union! {
//!     /// Where to look.
//!     Place: sent;
//!     /// A folder.
//!     "folder" => Folder(as_folder: String), is_folder, length(1..);
//! }
//! ```
//!
//! A row has the name on the wire, the variant, in parentheses the method that returns its value
//! and the value's type, the method that asks for the variant, and the constraints of the value.
//! Behind the type can stand `, boxed` and the format of timestamps. A variant without a value has
//! no parentheses. A union is `sensitive` as a whole, which then stands behind its name.
//!
//! The row becomes:
//!
//! ```text
//! pub enum Place {
//!     /// A folder.
//!     Folder(String),
//! }
//!
//! impl Place {
//!     pub fn as_folder(&self) -> Result<&String, &Self> { … }
//!     pub fn is_folder(&self) -> bool { … }
//! }
//! ```

/// A union with its methods and its codec.
macro_rules! union {
    (
        $(#$attribute:tt)*
        $name:ident $(, $sensitive:ident)?: $($direction:ident),*;
        $(
            $(#[$meta:meta])*
            $wire:literal => $variant:ident
                $(($as:ident: $type:ty $(, $boxed:ident)? $(as $format:ident)?))?,
                $is:ident $(, $rule:ident $(($($argument:tt)*))?)*;
        )*
    ) => {
        $crate::runtime::macros::with_debug! {
            [$($sensitive)?]

            $(#$attribute)*
            #[derive(Clone, PartialEq)]
            #[non_exhaustive]
            pub enum $name {
                $(
                    $(#[$meta])*
                    $variant $(($crate::runtime::macros::variant_type!($type $(, $boxed)?)))?,
                )*
                /// A variant that the model does not have. It cannot be sent.
                Unknown,
            }

            $crate::runtime::macros::hidden! { $name }
        }

        impl $name {
            $(
                $crate::runtime::macros::union_accessor!(
                    [$(#[$meta])*]
                    $variant $(($as: $type))?
                );

                #[doc = concat!(
                    "Whether this is [`", stringify!($variant), "`](Self::", stringify!($variant),
                    ")."
                )]
                #[inline]
                pub fn $is(&self) -> bool {
                    matches!(self, Self::$variant { .. })
                }
            )*

            /// Whether this is a variant that the model does not have.
            #[inline]
            pub fn is_unknown(&self) -> bool {
                matches!(self, Self::Unknown)
            }
        }

        $crate::runtime::macros::directions! {
            $name [$($direction)*]

            impl $crate::runtime::wire::codec::EncodeMembers for $name {
                fn members(&self, sink: &mut dyn $crate::runtime::wire::codec::MemberSink) {
                    $($crate::runtime::macros::union_member!(
                        self,
                        sink,
                        $variant $(($as $($format)?))?,
                        $crate::runtime::wire::codec::Member::new($wire)
                            $(.$rule($($($argument)*)?))*
                    );)*
                    if self.is_unknown() {
                        sink.unknown_variant();
                    }
                }
            }

            impl $crate::runtime::wire::codec::DecodeMembers for $name {
                fn unset() -> Self {
                    Self::Unknown
                }

                fn member(
                    &mut self,
                    name: &str,
                    value: &mut $crate::runtime::wire::codec::MemberValue<'_, '_>,
                ) -> $crate::runtime::wire::codec::Decoded {
                    match name {
                        $($wire => $crate::runtime::macros::union_value!(
                            self,
                            value,
                            $variant $(($as))?
                        ),)*
                        _ => value.unknown_variant(),
                    }
                }

                fn is_union(&self) -> bool {
                    true
                }
            }
        }
    };
}

/// The type of a variant's value.
macro_rules! variant_type {
    ($type:ty) => { $type };
    ($type:ty, boxed) => { Box<$type> };
}

/// The method that returns the value of a variant, if it has one.
macro_rules! union_accessor {
    ($meta:tt $variant:ident) => {};
    ([$($meta:tt)*] $variant:ident ($as:ident: $type:ty)) => {
        $($meta)*
        ///
        #[doc = concat!(
            " The value of [`", stringify!($variant), "`](Self::", stringify!($variant),
            "), or what this is instead."
        )]
        #[inline]
        pub fn $as(&self) -> Result<&$type, &Self> {
            if let Self::$variant(value) = self { Ok(value) } else { Err(self) }
        }
    };
}

/// Hands a variant to the sink, if the union is that.
macro_rules! union_member {
    ($this:expr, $sink:ident, $variant:ident, $member:expr) => {
        if let Self::$variant = $this {
            $sink.member($member, &$crate::runtime::wire::codec::Unit);
        }
    };
    ($this:expr, $sink:ident, $variant:ident ($as:ident), $member:expr) => {
        if let Self::$variant(value) = $this {
            $sink.member($member, value);
        }
    };
    ($this:expr, $sink:ident, $variant:ident ($as:ident $format:ident), $member:expr) => {
        if let Self::$variant(value) = $this {
            $sink.member(
                $member,
                &$crate::runtime::wire::codec::Formatted::$format(value),
            );
        }
    };
}

/// Reads the value of a variant.
macro_rules! union_value {
    ($this:expr, $value:ident, $variant:ident) => {
        $value.variant($this, |$crate::runtime::wire::codec::Unit| Self::$variant)
    };
    ($this:expr, $value:ident, $variant:ident ($as:ident)) => {
        $value.variant($this, Self::$variant)
    };
}

pub(crate) use {union, union_accessor, union_member, union_value, variant_type};
