//! What the codec needs of a structure.
//!
//! ```text
//! "Key" => key, set_key, get_key: (required str), required, length(1..=128);
//! ```
//!
//! becomes a statement of `EncodeMembers::members`, which serves the JSON writer and the
//! validation, and an arm of `DecodeMembers::member`:
//!
//! ```text
//! sink.member(Member::new("Key").required().length(1..=128), &self.key);
//!
//! "Key" => value.read(&mut self.key),
//! ```

/// The codec of a structure. The constraints of a value stand in brackets, as calls on a `Member`.
macro_rules! codec {
    (
        $name:ident { $($extra:ident: $extra_type:ty)? } $directions:tt
        $(
            $wire:literal => $field:ident: $kind:tt
                $(as $format:ident)? [$($rules:tt)*] $(= $default:expr)?;
        )*
    ) => {
        $crate::runtime::macros::directions! {
            $name $directions

            impl $crate::runtime::wire::codec::EncodeMembers for $name {
                fn members(&self, _sink: &mut dyn $crate::runtime::wire::codec::MemberSink) {
                    $(
                        let value = &self.$field;
                        $(let value = &$crate::runtime::wire::codec::Formatted::$format(value);)?
                        _sink.member(
                            $crate::runtime::wire::codec::Member::new($wire)$($rules)*,
                            value,
                        );
                    )*
                }
            }

            impl $crate::runtime::wire::codec::DecodeMembers for $name {
                fn unset() -> Self {
                    Self {
                        $($field: $crate::runtime::macros::unset!($kind $(, $default)?),)*
                        $($extra: Default::default(),)?
                    }
                }

                fn member(
                    &mut self,
                    name: &str,
                    value: &mut $crate::runtime::wire::codec::MemberValue<'_, '_>,
                ) -> $crate::runtime::wire::codec::Decoded {
                    match name {
                        $($wire => $crate::runtime::macros::receive!(
                            value,
                            self.$field
                            $(, $default)?
                        ),)*
                        _ => value.skip(),
                    }
                }
            }
        }
    };
}

/// Of the two halves of a codec those that the service needs, and with the feature `serde` both and
/// serde's traits.
macro_rules! directions {
    ($name:ident [sent received] $sent:item $received:item) => {
        $sent
        $received
        #[cfg(feature = "serde")]
        $crate::runtime::macros::serde_types! { $name }
    };
    ($name:ident [sent] $sent:item $received:item) => {
        $sent
        #[cfg(feature = "serde")]
        $received
        #[cfg(feature = "serde")]
        $crate::runtime::macros::serde_types! { $name }
    };
    ($name:ident [received] $sent:item $received:item) => {
        #[cfg(feature = "serde")]
        $sent
        $received
        #[cfg(feature = "serde")]
        $crate::runtime::macros::serde_types! { $name }
    };
}

/// A field that the response does not have.
macro_rules! unset {
    ((required $($kind:tt)*)) => {
        $crate::runtime::wire::codec::Decode::unset()
    };
    ($kind:tt) => {
        None
    };
    ($kind:tt, $default:expr) => {
        $default
    };
}

/// Reads a member into its field.
macro_rules! receive {
    ($value:ident, $field:expr) => {
        $value.read(&mut $field)
    };
    ($value:ident, $field:expr, $default:expr) => {
        $value.read_or(&mut $field, || $default)
    };
}

pub(crate) use {codec, directions, receive, unset};
