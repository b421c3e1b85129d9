//! What the generated code says in tables.
//!
//! A structure's accessors, its builder and its codec differ from those of another one by the names
//! and types of its members alone. So the generated code has the plain structure, which people read,
//! and beside it a table with a row per member; the code that follows from a row stands here once.
//!
//! ```text
//! structure! {
//!     Tag, TagBuilder, TagParts -> Result: sent, received;
//!     "Key" => key, set_key, get_key: (required str), required, length(1.0, 128.0);
//!     "Value" => value, set_value, get_value: str, length(1.0, 256.0);
//! }
//! ```
//!
//! A row is the name on the wire, the field, what sets and what gets it in the builder as an `Option`,
//! its kind, and what the model demands of a value that is sent, as methods of [`Member`](crate::runtime::wire::codec::Member). The kind says what the
//! accessor returns and what the setters take; a field is an `Option` unless it is `required`. Between
//! kind and demands a row can have the format of its timestamps (`as http_date`) and a default
//! (`= 0`).
//!
//! What stands in requests is `sent`, what stands in responses is `received`; the feature `serde` adds
//! the other direction.
//!
//! Documentation of accessors and setters points to the field, where a member's documentation stands.
//! All of them are `#[inline]`, so that only those are compiled that a program calls.

#![allow(
    unused_macros,
    unused_imports,
    reason = "not every service needs every macro"
)]

/// A structure with its builder. `, Parts -> …` tells that not all fields are `Option`s: `Parts` is the
/// structure with all of them optional, and `Result` that building it can fail.
macro_rules! structure {
    ($(#[$meta:meta])* $name:ident, $builder:ident: $($direction:ident),*; $($rows:tt)*) => {
        $crate::runtime::macros::accessors! { $name, $builder; $($rows)* }
        $crate::runtime::macros::builder! { [$(#[$meta])*] $name, $builder; $($rows)* }
        $crate::runtime::macros::codec! { $name, [$($direction)*], default; $($rows)* }
    };
    ($(#[$meta:meta])* $name:ident, $builder:ident, $parts:tt -> $result:ident: $($direction:ident),*; $($rows:tt)*) => {
        $crate::runtime::macros::accessors! { $name, $builder; $($rows)* }
        $crate::runtime::macros::builder! { [$(#[$meta])*] $name {}, $builder, $parts -> $result; $($rows)* }
        $crate::runtime::macros::codec! { $name, [$($direction)*], {}; $($rows)* }
    };
}

/// The output of an operation: a structure that also has the ID of the request.
macro_rules! output {
    ($(#[$meta:meta])* $name:ident, $builder:ident: $($direction:ident),*; $($rows:tt)*) => {
        $crate::runtime::macros::structure! { $(#[$meta])* $name, $builder: $($direction),*; $($rows)* }
        $crate::runtime::macros::request_id! { $name }
    };
    ($(#[$meta:meta])* $name:ident, $builder:ident, $parts:tt -> $result:ident: $($direction:ident),*; $($rows:tt)*) => {
        $crate::runtime::macros::accessors! { $name, $builder; $($rows)* }
        $crate::runtime::macros::builder! { [$(#[$meta])*] $name { _request_id: Option<String> }, $builder, $parts -> $result; $($rows)* }
        $crate::runtime::macros::codec! { $name, [$($direction)*], { _request_id: Option<String> }; $($rows)* }
        $crate::runtime::macros::request_id! { $name }
    };
}

/// An error with its code: a structure that also has the metadata of the response. Errors that have
/// nothing but a message are [`message_errors`].
macro_rules! error {
    ($code:literal, $(#[$meta:meta])* $name:ident, $builder:ident: $($direction:ident),*; $($rows:tt)*) => {
        $crate::runtime::macros::structure! { $(#[$meta])* $name, $builder: $($direction),*; $($rows)* }
        $crate::runtime::macros::error_traits! { $name, $builder, $code }
    };
    ($code:literal, $(#[$meta:meta])* $name:ident, $builder:ident, $parts:tt -> $result:ident: $($direction:ident),*; $($rows:tt)*) => {
        $crate::runtime::macros::accessors! { $name, $builder; $($rows)* }
        $crate::runtime::macros::builder! { [$(#[$meta])*] $name { meta: $crate::error::ErrorMetadata }, $builder, $parts -> $result; $($rows)* }
        $crate::runtime::macros::codec! { $name, [$($direction)*], { meta: $crate::error::ErrorMetadata }; $($rows)* }
        $crate::runtime::macros::error_traits! { $name, $builder, $code }
    };
}

/// The input of an operation, whose builder can have a client.
macro_rules! input {
    ($name:ident: $($direction:ident),*; $($rows:tt)*) => {
        $crate::runtime::macros::accessors! { $name, $crate::runtime::fluent::builder::Builder::<$name>; $($rows)* }

        impl<C> $crate::runtime::fluent::builder::Builder<$name, C> {
            $crate::runtime::macros::setters! { $($rows)* }
        }

        $crate::runtime::macros::codec! { $name, [$($direction)*], default; $($rows)* }
    };
}

/// `builder()` and the accessors.
macro_rules! accessors {
    ($name:ident, $builder:ty; $($(#[$meta:meta])* $wire:literal => $field:ident, $set:ident, $get:ident: $kind:tt $(as $format:ident)? $(= $default:expr)? $(, $rule:ident $(($($argument:tt)*))?)*;)*) => {
        impl $name {
            #[doc = concat!("Starts building a [`", stringify!($name), "`].")]
            #[inline]
            pub fn builder() -> $builder {
                <$builder>::default()
            }

            $($crate::runtime::macros::accessor!($(#[$meta])* $kind, $field);)*
        }
    };
}

/// The accessor of a field.
macro_rules! accessor {
    ($(#[$meta:meta])* str, $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, Option<&str>, |field| field.as_deref());
    };
    ($(#[$meta:meta])* (required str), $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, &str, |field| field.as_str());
    };
    ($(#[$meta:meta])* (list str), $field:ident) => {
        $crate::runtime::macros::accessor!($(#[$meta])* (list String), $field);
    };
    ($(#[$meta:meta])* (list $item:ty), $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, &[$item], |field| field.as_deref().unwrap_or_default());
    };
    ($(#[$meta:meta])* (required list str), $field:ident) => {
        $crate::runtime::macros::accessor!($(#[$meta])* (required list String), $field);
    };
    ($(#[$meta:meta])* (required list $item:ty), $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, &[$item], |field| field.as_slice());
    };
    ($(#[$meta:meta])* (copy $type:ty), $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, Option<$type>, |field| *field);
    };
    ($(#[$meta:meta])* (required copy $type:ty), $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, $type, |field| *field);
    };
    ($(#[$meta:meta])* (boxed $type:ty), $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, Option<&$type>, |field| field.as_deref());
    };
    ($(#[$meta:meta])* (ref $type:ty), $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, Option<&$type>, |field| field.as_ref());
    };
    ($(#[$meta:meta])* (required ref $type:ty), $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, &$type, |field| field);
    };
    ($(#[$meta:meta])* (map $key:ty, $value:ty), $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, Option<&$crate::primitives::Map<$key, $value>>, |field| field.as_ref());
    };
    ($(#[$meta:meta])* (required map $key:ty, $value:ty), $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, &$crate::primitives::Map<$key, $value>, |field| field);
    };
    (@ [$(#[$meta:meta])*] $field:ident, $return:ty, |$this:ident| $body:expr) => {
        #[doc = concat!("Returns the field [`", stringify!($field), "`](#structfield.", stringify!($field), ").")]
        $(#[$meta])*
        #[inline]
        pub fn $field(&self) -> $return {
            let $this = &self.$field;
            $body
        }
    };
}

/// The builder of a structure that is not the input of an operation.
macro_rules! builder {
    ([$(#[$deprecated:meta])*] $name:ident, $builder:ident; $($rows:tt)*) => {
        #[doc = concat!("Builds a [`", stringify!($name), "`].")]
        $(#[$deprecated])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $builder {
            inner: $name,
        }

        impl $builder {
            $crate::runtime::macros::setters! { $($rows)* }

            /// The structure.
            #[inline]
            pub fn build(self) -> $name {
                self.inner
            }
        }
    };
    // Its `Debug` is written by hand, since members must not be shown.
    ($deprecated:tt $name:ident $extra:tt, $builder:ident, ($parts:ident sensitive) -> $result:ident; $($rows:tt)*) => {
        $crate::runtime::macros::builder! { @ $deprecated [] $name $extra, $builder, $parts -> $result; [$($rows)*] $($rows)* }
    };
    ($deprecated:tt $name:ident $extra:tt, $builder:ident, $parts:ident -> $result:ident; $($rows:tt)*) => {
        $crate::runtime::macros::builder! { @ $deprecated [Debug,] $name $extra, $builder, $parts -> $result; [$($rows)*] $($rows)* }
    };
    (@ [$(#[$deprecated:meta])*] [$($debug:tt)*] $name:ident { $($extra:ident: $extra_type:ty)? }, $builder:ident, $parts:ident -> $result:ident; [$($rows:tt)*] $($(#[$meta:meta])* $wire:literal => $field:ident, $set:ident, $get:ident: $kind:tt $(as $format:ident)? $(= $default:expr)? $(, $rule:ident $(($($argument:tt)*))?)*;)*) => {
        #[doc = concat!("Builds a [`", stringify!($name), "`].")]
        $(#[$deprecated])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $builder {
            inner: $parts,
        }

        #[derive(Clone, $($debug)* Default, PartialEq)]
        struct $parts {
            $($field: Option<$crate::runtime::macros::value_type!($kind)>,)*
            $($extra: $extra_type,)?
        }

        impl $builder {
            $crate::runtime::macros::setters! { $($rows)* }

            $crate::runtime::macros::build! { $name { $($extra)? }, $result; $($field: $kind $(= $default)?;)* }
        }
    };
}

/// `build` for a structure whose fields are not all optional.
macro_rules! build {
    ($name:ident { $($extra:ident)? }, Result; $($field:ident: $kind:tt $(= $default:expr)?;)*) => {
        /// The structure, or an error that names the required members that were not set.
        #[inline]
        pub fn build(self) -> Result<$name, $crate::error::BuildError> {
            let missing = $crate::error::BuildError::missing(
                stringify!($name),
                &[$((stringify!($field), $crate::runtime::macros::is_there!($kind, self.inner.$field $(, $default)?))),*],
            );
            Ok($name {
                $($field: $crate::runtime::macros::built!($kind, self.inner.$field, missing $(, $default)?),)*
                $($extra: self.inner.$extra,)?
            })
        }
    };
    ($name:ident { $($extra:ident)? }, Self; $($field:ident: $kind:tt $(= $default:expr)?;)*) => {
        /// The structure, with defaults for what was not set.
        #[inline]
        pub fn build(self) -> $name {
            $name {
                $($field: $crate::runtime::macros::built!($kind, self.inner.$field, unreachable $(, $default)?),)*
                $($extra: self.inner.$extra,)?
            }
        }
    };
}

/// Whether a builder has what it needs of a member.
macro_rules! is_there {
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

/// A field that the response does not have.
macro_rules! unset {
    ((required $($kind:tt)*)) => {
        $crate::runtime::wire::codec::FromValue::unset()
    };
    ($kind:tt) => {
        None
    };
    ($kind:tt, $default:expr) => {
        $default
    };
}

/// The type of a member's value.
macro_rules! value_type {
    ((required $($kind:tt)+)) => { $crate::runtime::macros::value_type!(@ $($kind)+) };
    (($($kind:tt)+)) => { $crate::runtime::macros::value_type!(@ $($kind)+) };
    (str) => { String };
    (@ str) => { String };
    (@ list str) => { Vec<String> };
    (@ list $item:ty) => { Vec<$item> };
    (@ map $key:ty, $value:ty) => { $crate::primitives::Map<$key, $value> };
    (@ boxed $type:ty) => { Box<$type> };
    (@ copy $type:ty) => { $type };
    (@ ref $type:ty) => { $type };
}

/// The setters of a builder.
macro_rules! setters {
    ($($(#[$meta:meta])* $wire:literal => $field:ident, $set:ident, $get:ident: $kind:tt $(as $format:ident)? $(= $default:expr)? $(, $rule:ident $(($($argument:tt)*))?)*;)*) => {
        $(
            $crate::runtime::macros::setter!([$(#[$meta])*] $kind, $field, $set);

            #[doc = concat!("Sets or clears `", stringify!($field), "`.")]
            $(#[$meta])*
            #[inline]
            pub fn $set(mut self, input: Option<$crate::runtime::macros::value_type!($kind)>) -> Self {
                self.inner.$field = input;
                self
            }

            #[doc = concat!("Returns `", stringify!($field), "` as set so far.")]
            $(#[$meta])*
            #[inline]
            pub fn $get(&self) -> &Option<$crate::runtime::macros::value_type!($kind)> {
                &self.inner.$field
            }
        )*
    };
}

/// The setter that takes a value, or one more item.
macro_rules! setter {
    ([$($meta:tt)*] (required str), $field:ident, $set:ident) => {
        $crate::runtime::macros::setter!([$($meta)*] str, $field, $set);
    };
    ([$($meta:tt)*] (required $($kind:tt)+), $field:ident, $set:ident) => {
        $crate::runtime::macros::setter!([$($meta)*] ($($kind)+), $field, $set);
    };
    ([$($meta:tt)*] str, $field:ident, $set:ident) => {
        #[doc = concat!("Sets `", stringify!($field), "`.")]
        $($meta)*
        #[inline]
        pub fn $field(self, input: impl Into<String>) -> Self {
            self.$set(Some(input.into()))
        }
    };
    ([$($meta:tt)*] (list str), $field:ident, $set:ident) => {
        #[doc = concat!("Appends an item to `", stringify!($field), "`.")]
        $($meta)*
        #[inline]
        pub fn $field(mut self, input: impl Into<String>) -> Self {
            self.inner.$field.get_or_insert_default().push(input.into());
            self
        }
    };
    ([$($meta:tt)*] (list $item:ty), $field:ident, $set:ident) => {
        #[doc = concat!("Appends an item to `", stringify!($field), "`.")]
        $($meta)*
        #[inline]
        pub fn $field(mut self, input: $item) -> Self {
            self.inner.$field.get_or_insert_default().push(input);
            self
        }
    };
    ([$($meta:tt)*] (map String, $value:ty), $field:ident, $set:ident) => {
        #[doc = concat!("Adds an entry to `", stringify!($field), "`.")]
        $($meta)*
        #[inline]
        pub fn $field(mut self, key: impl Into<String>, value: impl Into<$value>) -> Self {
            self.inner.$field.get_or_insert_default().insert(key.into(), value.into());
            self
        }
    };
    ([$($meta:tt)*] (map $key:ty, $value:ty), $field:ident, $set:ident) => {
        #[doc = concat!("Adds an entry to `", stringify!($field), "`.")]
        $($meta)*
        #[inline]
        pub fn $field(mut self, key: $key, value: impl Into<$value>) -> Self {
            self.inner.$field.get_or_insert_default().insert(key, value.into());
            self
        }
    };
    ([$($meta:tt)*] (boxed $type:ty), $field:ident, $set:ident) => {
        #[doc = concat!("Sets `", stringify!($field), "`.")]
        $($meta)*
        #[inline]
        pub fn $field(self, input: impl Into<Box<$type>>) -> Self {
            self.$set(Some(input.into()))
        }
    };
    ([$($meta:tt)*] ($how:tt $type:ty), $field:ident, $set:ident) => {
        #[doc = concat!("Sets `", stringify!($field), "`.")]
        $($meta)*
        #[inline]
        pub fn $field(self, input: $type) -> Self {
            self.$set(Some(input))
        }
    };
}

/// The codec of a structure: the directions that the service needs, and with the feature `serde` the
/// other one. `$unset` is `default`, or the fields that are no members.
macro_rules! codec {
    ($name:ident, [sent received], $unset:tt; $($rows:tt)*) => {
        $crate::runtime::macros::sent! { $name; $($rows)* }
        $crate::runtime::macros::received! { $name, $unset; $($rows)* }
        #[cfg(feature = "serde")]
        $crate::runtime::macros::serde_types! { $name }
    };
    ($name:ident, [sent], $unset:tt; $($rows:tt)*) => {
        $crate::runtime::macros::sent! { $name; $($rows)* }
        #[cfg(feature = "serde")]
        $crate::runtime::macros::received! { $name, $unset; $($rows)* }
        #[cfg(feature = "serde")]
        $crate::runtime::macros::serde_types! { $name }
    };
    ($name:ident, [received], $unset:tt; $($rows:tt)*) => {
        #[cfg(feature = "serde")]
        $crate::runtime::macros::sent! { $name; $($rows)* }
        $crate::runtime::macros::received! { $name, $unset; $($rows)* }
        #[cfg(feature = "serde")]
        $crate::runtime::macros::serde_types! { $name }
    };
}

/// What makes a structure part of requests.
macro_rules! sent {
    ($name:ident; $($(#[$meta:meta])* $wire:literal => $field:ident, $set:ident, $get:ident: $kind:tt $(as $format:ident)? $(= $default:expr)? $(, $rule:ident $(($($argument:tt)*))?)*;)*) => {
        impl $crate::runtime::wire::codec::Structure for $name {
            fn members(&self, _sink: &mut dyn $crate::runtime::wire::codec::MemberSink) {
                $(
                    let value = &self.$field;
                    $(let value = &$crate::runtime::wire::codec::Formatted::$format(value);)?
                    _sink.member($crate::runtime::wire::codec::Member::new($wire)$(.$rule($($($argument)*)?))*, value);
                )*
            }
        }
    };
}

/// What makes a structure part of responses.
macro_rules! received {
    ($name:ident, $unset:tt; $($(#[$meta:meta])* $wire:literal => $field:ident, $set:ident, $get:ident: $kind:tt $(as $format:ident)? $(= $default:expr)? $(, $rule:ident $(($($argument:tt)*))?)*;)*) => {
        impl $crate::runtime::wire::codec::FromMembers for $name {
            $crate::runtime::macros::unset_structure! { $unset; $($field: $kind $(= $default)?;)* }

            fn member(
                &mut self,
                name: &str,
                value: &mut $crate::runtime::wire::codec::MemberValue<'_, '_>,
            ) -> $crate::runtime::wire::codec::Decoded {
                match name {
                    $($wire => $crate::runtime::macros::receive!(value, self.$field $(, $default)?),)*
                    _ => value.skip(),
                }
            }
        }
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

macro_rules! unset_structure {
    (default; $($field:ident: $kind:tt;)*) => {
        fn unset() -> Self {
            Self::default()
        }
    };
    ({ $($extra:ident: $extra_type:ty)? }; $($field:ident: $kind:tt $(= $default:expr)?;)*) => {
        fn unset() -> Self {
            Self {
                $($field: $crate::runtime::macros::unset!($kind $(, $default)?),)*
                $($extra: Default::default(),)?
            }
        }
    };
}

/// What a union has besides its variants. A row is the name on the wire, the variant with the method
/// that gives its value and that value's type, and the method that asks for it.
macro_rules! union {
    ($name:ident: $($direction:ident),*; $($wire:literal => $variant:ident $(($as:ident: $type:ty $(as $format:ident)?))?, $is:ident $(, $rule:ident $(($($argument:tt)*))?)*;)*) => {
        impl $name {
            $(
                $(
                    #[doc = concat!("The value of [`", stringify!($variant), "`](Self::", stringify!($variant), "), or what this is instead.")]
                    #[inline]
                    pub fn $as(&self) -> Result<&$type, &Self> {
                        if let Self::$variant(value) = self { Ok(value) } else { Err(self) }
                    }
                )?

                #[doc = concat!("Whether this is [`", stringify!($variant), "`](Self::", stringify!($variant), ").")]
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

        $crate::runtime::macros::union_codec! {
            [$($direction)*]
            impl $crate::runtime::wire::codec::Structure for $name {
                fn members(&self, sink: &mut dyn $crate::runtime::wire::codec::MemberSink) {
                    $($crate::runtime::macros::union_member!(
                        self,
                        sink,
                        $variant $(($as $($format)?))?,
                        $crate::runtime::wire::codec::Member::new($wire)$(.$rule($($($argument)*)?))*
                    );)*
                    if self.is_unknown() {
                        sink.unknown_variant();
                    }
                }
            }
            impl $crate::runtime::wire::codec::FromMembers for $name {
                fn unset() -> Self {
                    Self::Unknown
                }

                fn member(
                    &mut self,
                    name: &str,
                    value: &mut $crate::runtime::wire::codec::MemberValue<'_, '_>,
                ) -> $crate::runtime::wire::codec::Decoded {
                    match name {
                        $($wire => $crate::runtime::macros::union_value!(self, value, $variant $(($as))?),)*
                        _ => value.unknown_variant(),
                    }
                }

                fn is_union(&self) -> bool {
                    true
                }
            }
        }

        #[cfg(feature = "serde")]
        $crate::runtime::macros::serde_types! { $name }
    };
}

/// The directions that the service needs, and with the feature `serde` the other one.
macro_rules! union_codec {
    ([sent received] $sent:item $received:item) => {
        $sent
        $received
    };
    ([sent] $sent:item $received:item) => {
        $sent
        #[cfg(feature = "serde")]
        $received
    };
    ([received] $sent:item $received:item) => {
        #[cfg(feature = "serde")]
        $sent
        $received
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

/// What an enum of strings has besides its variants.
macro_rules! string_enum {
    ($name:ident; $($variant:ident => $value:literal;)*) => {
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

        impl $crate::runtime::wire::codec::FromValue for $name {
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

/// What an enum of integers has besides its variants.
macro_rules! integer_enum {
    ($name:ident; $($variant:ident => $value:literal;)*) => {
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

        impl $crate::runtime::wire::codec::FromValue for $name {
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

/// Errors that have nothing but a message: structure, code, and the name of the message on the wire.
macro_rules! message_errors {
    ($($(#[$meta:meta])* $name:ident, $code:literal, $message:literal;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            /// What went wrong, in words for people.
            pub message: Option<String>,
            pub(crate) meta: $crate::error::ErrorMetadata,
        }

        impl $name {
            #[doc = concat!("Starts building a [`", stringify!($name), "`], for fakes in tests.")]
            #[inline]
            pub fn builder() -> $crate::runtime::error::modeled::ErrorBuilder<Self> {
                $crate::runtime::error::modeled::ErrorBuilder::default()
            }

            $crate::runtime::macros::accessor!(str, message);
        }

        impl $crate::runtime::error::modeled::MessageError for $name {
            const CODE: &'static str = $code;
        }

        /// The message is found with the error's code already.
        impl $crate::runtime::wire::codec::FromMembers for $name {
            fn unset() -> Self {
                Self::default()
            }

            fn member(
                &mut self,
                _: &str,
                value: &mut $crate::runtime::wire::codec::MemberValue<'_, '_>,
            ) -> $crate::runtime::wire::codec::Decoded {
                value.skip()
            }
        }

        $crate::runtime::macros::error_traits! { $name, $code }
        #[cfg(feature = "serde")]
        $crate::runtime::macros::serde_message_errors! { $message, $name }
    )*};
}

/// The traits of an error structure, and what its builder has besides.
macro_rules! error_traits {
    ($name:ident, $builder:ident, $code:literal) => {
        impl $builder {
            /// Sets code and request ID, for fakes in tests.
            #[inline]
            pub fn meta(mut self, meta: $crate::error::ErrorMetadata) -> Self {
                self.inner.meta = meta;
                self
            }
        }

        $crate::runtime::macros::error_traits! { $name, $code }
    };
    ($name:ident, $code:literal) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::runtime::error::metadata::fmt_error(f, $code, self.message.as_deref())
            }
        }

        impl std::error::Error for $name {}

        impl $crate::error::ProvideErrorMetadata for $name {
            fn meta(&self) -> &$crate::error::ErrorMetadata {
                &self.meta
            }
        }

        impl $crate::runtime::error::modeled::ModeledError for $name {
            fn metadata(&self) -> &$crate::error::ErrorMetadata {
                &self.meta
            }
        }

        $crate::runtime::error::metadata::common_metadata! { $name }

        impl aws_types::request_id::RequestId for $name {
            fn request_id(&self) -> Option<&str> {
                self.meta.request_id()
            }
        }

        impl $crate::runtime::error::modeled::ErrorStructure for $name {
            fn parts(&mut self) -> (&mut Option<String>, &mut $crate::error::ErrorMetadata) {
                (&mut self.message, &mut self.meta)
            }
        }
    };
}

/// The enum of all errors of a service. A row is a structure of `types::error`, the method that asks
/// for it, and its codes on the wire.
macro_rules! service_errors {
    ($(#[$title:meta])* $error:ident; $($(#[$meta:meta])* $name:ident, $is:ident, $($code:literal)|+;)*) => {
        $(#[$title])*
        #[derive(Debug)]
        #[non_exhaustive]
        pub enum $error {
            $($(#[$meta])* $name(super::types::error::$name),)*
            /// An error that the model does not have, or a failure that is not the service's.
            Unhandled($crate::error::Unhandled),
        }

        impl $error {
            /// The error of this code, message and request ID, for fakes in tests.
            pub fn generic(meta: $crate::error::ErrorMetadata) -> Self {
                Self::Unhandled($crate::error::Unhandled::new(meta.clone().into(), meta))
            }

            /// A failure that is not the service's, for fakes in tests.
            pub fn unhandled(source: impl Into<$crate::error::BoxError>) -> Self {
                Self::Unhandled($crate::error::Unhandled::new(source.into(), Default::default()))
            }

            /// Code, message and request ID.
            pub fn meta(&self) -> &$crate::error::ErrorMetadata {
                self.inner().metadata()
            }

            $(
                #[doc = concat!("Whether this is [`", stringify!($name), "`](Self::", stringify!($name), ").")]
                #[inline]
                pub fn $is(&self) -> bool {
                    matches!(self, Self::$name(_))
                }
            )*

            fn inner(&self) -> &dyn $crate::runtime::error::modeled::ModeledError {
                match self {
                    $(Self::$name(error) => error,)*
                    Self::Unhandled(error) => error,
                }
            }
        }

        impl $crate::runtime::error::modeled::FromErrorResponse for $error {
            fn from_error_response(meta: $crate::error::ErrorMetadata, _body: &[u8]) -> Self {
                match meta.code() {
                    $(Some($($code)|+) => {
                        Self::$name($crate::runtime::error::modeled::read_error(meta, _body))
                    })*
                    _ => Self::generic(meta),
                }
            }
        }

        impl $crate::error::CreateUnhandledError for $error {
            fn create_unhandled_error(
                source: $crate::error::BoxError,
                meta: Option<$crate::error::ErrorMetadata>,
            ) -> Self {
                Self::Unhandled($crate::error::Unhandled::new(source, meta.unwrap_or_default()))
            }
        }

        impl<R: std::fmt::Debug + Send + Sync + 'static> From<$crate::error::SdkError<Self, R>>
            for $error
        {
            fn from(error: $crate::error::SdkError<Self, R>) -> Self {
                error.into_service_error()
            }
        }

        impl $crate::error::ProvideErrorMetadata for $error {
            fn meta(&self) -> &$crate::error::ErrorMetadata {
                self.inner().metadata()
            }
        }

        $crate::runtime::error::metadata::common_metadata! { $error }

        impl aws_types::request_id::RequestId for $error {
            fn request_id(&self) -> Option<&str> {
                self.inner().metadata().request_id()
            }
        }

        impl std::fmt::Display for $error {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self.inner(), f)
            }
        }

        impl std::error::Error for $error {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                self.inner().source()
            }
        }
    };
}

/// The ID of the request, which an output has besides its members.
macro_rules! request_id {
    ($name:ident) => {
        impl $crate::runtime::service::operation::SetRequestId for $name {
            fn set_request_id(&mut self, id: Option<&str>) {
                self._request_id = id.map(str::to_owned);
            }
        }

        impl aws_types::request_id::RequestId for $name {
            fn request_id(&self) -> Option<&str> {
                self._request_id.as_deref()
            }
        }
    };
}

/// The name of an operation, the codes of its errors, and the span of its calls, whose name must be a
/// constant.
macro_rules! operation_facts {
    ($service:literal, $operation:literal $(; $($error:literal),+)?) => {
        const NAME: &'static str = $operation;

        $(const ERRORS: &'static [&'static str] = &[$($error),+];)?

        fn span() -> tracing::Span {
            tracing::debug_span!(
                concat!($service, ".", $operation),
                rpc.system = "aws-api",
                rpc.service = $service,
                rpc.method = $operation,
            )
        }
    };
}

/// serde's traits for types that the codec writes and reads.
macro_rules! serde_types {
    ($($type:ty),*) => {$(
        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::runtime::wire::codec::serialize(self, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
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
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let builder = $crate::runtime::wire::codec::deserialize(deserializer)?;
                Ok($crate::runtime::error::modeled::ErrorBuilder::build(builder))
            }
        }
    )*};
}

pub(crate) use {
    accessor, accessors, build, builder, built, codec, error, error_traits, input, integer_enum,
    is_there, message_errors, operation_facts, output, receive, received, request_id, sent,
    service_errors, setter, setters, string_enum, structure, union, union_codec, union_member,
    union_value, unset, unset_structure, value_type,
};
#[cfg(feature = "serde")]
pub(crate) use {serde_integer_enums, serde_message_errors, serde_string_enums, serde_types};
