//! The methods that every member has.
//!
//! A structure's accessors and a builder's setters differ in name and type alone; the generated
//! code says those, and the bodies stand here once. Their documentation points to the field, where
//! a member's documentation stands.

#![allow(
    unused_macros,
    unused_imports,
    reason = "not every service needs every macro"
)]

/// The accessor of a field.
macro_rules! accessor {
    ($(#[$meta:meta])* str, $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, Option<&str>, |field| field.as_deref());
    };
    ($(#[$meta:meta])* required str, $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, &str, |field| field.as_str());
    };
    ($(#[$meta:meta])* list $item:ty, $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, &[$item], |field| field.as_deref().unwrap_or_default());
    };
    ($(#[$meta:meta])* required list $item:ty, $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, &[$item], |field| field.as_slice());
    };
    ($(#[$meta:meta])* copy $type:ty, $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, Option<$type>, |field| *field);
    };
    ($(#[$meta:meta])* required copy $type:ty, $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, $type, |field| *field);
    };
    ($(#[$meta:meta])* boxed $type:ty, $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, Option<&$type>, |field| field.as_deref());
    };
    ($(#[$meta:meta])* ref $type:ty, $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, Option<&$type>, |field| field.as_ref());
    };
    ($(#[$meta:meta])* required ref $type:ty, $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, &$type, |field| field);
    };
    ($(#[$meta:meta])* map $key:ty, $value:ty, $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, Option<&$crate::primitives::Map<$key, $value>>, |field| field.as_ref());
    };
    ($(#[$meta:meta])* required map $key:ty, $value:ty, $field:ident) => {
        $crate::runtime::macros::accessor!(@ [$(#[$meta])*] $field, &$crate::primitives::Map<$key, $value>, |field| field);
    };
    (@ [$(#[$meta:meta])*] $field:ident, $return:ty, |$this:ident| $body:expr) => {
        #[doc = concat!("Returns the field [`", stringify!($field), "`](#structfield.", stringify!($field), ").")]
        $(#[$meta])*
        pub fn $field(&self) -> $return {
            let $this = &self.$field;
            $body
        }
    };
}

/// The three setters of a builder for one member.
macro_rules! setters {
    ($(#[$meta:meta])* str, $field:ident, $set:ident, $get:ident) => {
        #[doc = concat!("Sets `", stringify!($field), "`.")]
        $(#[$meta])*
        pub fn $field(self, input: impl Into<String>) -> Self {
            self.$set(Some(input.into()))
        }
        $crate::runtime::macros::setters!(@ [$(#[$meta])*] $field, $set, $get, String);
    };
    ($(#[$meta:meta])* list str, $field:ident, $set:ident, $get:ident) => {
        #[doc = concat!("Appends an item to `", stringify!($field), "`.")]
        $(#[$meta])*
        pub fn $field(mut self, input: impl Into<String>) -> Self {
            self.inner.$field.get_or_insert_default().push(input.into());
            self
        }
        $crate::runtime::macros::setters!(@ [$(#[$meta])*] $field, $set, $get, Vec<String>);
    };
    ($(#[$meta:meta])* list $item:ty, $field:ident, $set:ident, $get:ident) => {
        #[doc = concat!("Appends an item to `", stringify!($field), "`.")]
        $(#[$meta])*
        pub fn $field(mut self, input: $item) -> Self {
            self.inner.$field.get_or_insert_default().push(input);
            self
        }
        $crate::runtime::macros::setters!(@ [$(#[$meta])*] $field, $set, $get, Vec<$item>);
    };
    ($(#[$meta:meta])* map String, $value:ty, $field:ident, $set:ident, $get:ident) => {
        #[doc = concat!("Adds an entry to `", stringify!($field), "`.")]
        $(#[$meta])*
        pub fn $field(mut self, key: impl Into<String>, value: impl Into<$value>) -> Self {
            self.inner.$field.get_or_insert_default().insert(key.into(), value.into());
            self
        }
        $crate::runtime::macros::setters!(@ [$(#[$meta])*] $field, $set, $get, $crate::primitives::Map<String, $value>);
    };
    ($(#[$meta:meta])* map $key:ty, $value:ty, $field:ident, $set:ident, $get:ident) => {
        #[doc = concat!("Adds an entry to `", stringify!($field), "`.")]
        $(#[$meta])*
        pub fn $field(mut self, key: $key, value: impl Into<$value>) -> Self {
            self.inner.$field.get_or_insert_default().insert(key, value.into());
            self
        }
        $crate::runtime::macros::setters!(@ [$(#[$meta])*] $field, $set, $get, $crate::primitives::Map<$key, $value>);
    };
    ($(#[$meta:meta])* boxed $type:ty, $field:ident, $set:ident, $get:ident) => {
        #[doc = concat!("Sets `", stringify!($field), "`.")]
        $(#[$meta])*
        pub fn $field(self, input: impl Into<Box<$type>>) -> Self {
            self.$set(Some(input.into()))
        }
        $crate::runtime::macros::setters!(@ [$(#[$meta])*] $field, $set, $get, Box<$type>);
    };
    ($(#[$meta:meta])* value $type:ty, $field:ident, $set:ident, $get:ident) => {
        #[doc = concat!("Sets `", stringify!($field), "`.")]
        $(#[$meta])*
        pub fn $field(self, input: $type) -> Self {
            self.$set(Some(input))
        }
        $crate::runtime::macros::setters!(@ [$(#[$meta])*] $field, $set, $get, $type);
    };
    (@ [$(#[$meta:meta])*] $field:ident, $set:ident, $get:ident, $type:ty) => {
        #[doc = concat!("Sets or clears `", stringify!($field), "`.")]
        $(#[$meta])*
        pub fn $set(mut self, input: Option<$type>) -> Self {
            self.inner.$field = input;
            self
        }
        #[doc = concat!("Returns `", stringify!($field), "` as set so far.")]
        $(#[$meta])*
        pub fn $get(&self) -> &Option<$type> {
            &self.inner.$field
        }
    };
}

/// What an enum of strings has besides its variants, `as_str`, `values` and `From<&str>`.
macro_rules! string_enum {
    ($name:ident) => {
        impl $name {
            /// The variant of a known value.
            pub fn try_parse(value: &str) -> Result<Self, $crate::error::UnknownVariantError> {
                match Self::from(value) {
                    Self::Unknown(value) => Err($crate::error::UnknownVariantError::new(value)),
                    known => Ok(known),
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

        impl $crate::runtime::codec::Encode for $name {
            fn encode(&self, out: &mut $crate::runtime::codec::JsonWriter) {
                out.string(self.as_str());
            }

            fn check(
                &self,
                _: &$crate::runtime::codec::Constraints<'_>,
                _: &mut $crate::runtime::codec::Violations,
            ) {
            }
        }

        impl $crate::runtime::codec::FromValue for $name {
            fn unset() -> Self {
                Self::Unknown(String::new())
            }

            fn decode(
                &mut self,
                value: $crate::runtime::codec::Value<'_, '_>,
            ) -> $crate::runtime::codec::Decoded {
                value.map_string(|text| *self = Self::from(text))
            }
        }
    };
}

/// What an enum of integers has besides its variants, `value` and `From<i32>`.
macro_rules! integer_enum {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.value().fmt(f)
            }
        }

        impl $crate::runtime::codec::Encode for $name {
            fn encode(&self, out: &mut $crate::runtime::codec::JsonWriter) {
                self.value().encode(out);
            }

            fn check(
                &self,
                constraints: &$crate::runtime::codec::Constraints<'_>,
                at: &mut $crate::runtime::codec::Violations,
            ) {
                self.value().check(constraints, at);
            }
        }

        impl $crate::runtime::codec::FromValue for $name {
            fn unset() -> Self {
                Self::Unknown(0)
            }

            fn decode(
                &mut self,
                value: $crate::runtime::codec::Value<'_, '_>,
            ) -> $crate::runtime::codec::Decoded {
                let mut number = self.value();
                number.decode(value)?;
                *self = Self::from(number);
                Ok(())
            }
        }
    };
}

/// What an error structure has besides its members: the traits of errors, and its metadata.
macro_rules! error_structure {
    ($name:ident, $code:literal) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($code)?;
                match &self.message {
                    Some(message) => write!(f, ": {message}"),
                    None => Ok(()),
                }
            }
        }

        impl std::error::Error for $name {}

        impl $crate::error::ProvideErrorMetadata for $name {
            fn meta(&self) -> &$crate::error::ErrorMetadata {
                &self.meta
            }
        }

        impl aws_types::request_id::RequestId for $name {
            fn request_id(&self) -> Option<&str> {
                self.meta.request_id()
            }
        }

        impl $crate::runtime::operation::SetErrorMetadata for $name {
            fn set_error_metadata(&mut self, meta: $crate::error::ErrorMetadata) {
                if self.message.is_none() {
                    self.message = meta.message().map(str::to_owned);
                }
                self.meta = meta;
            }
        }
    };
}

/// What an error structure whose only member is its message has besides [`error_structure`].
macro_rules! message_error {
    ($name:ident, $code:literal) => {
        impl $name {
            #[doc = concat!("Starts building a [`", stringify!($name), "`], for fakes in tests.")]
            pub fn builder() -> $crate::runtime::error::ErrorBuilder<Self> {
                $crate::runtime::error::ErrorBuilder::default()
            }

            $crate::runtime::macros::accessor!(str, message);
        }

        impl $crate::runtime::error::MessageError for $name {
            const CODE: &'static str = $code;

            fn message_mut(&mut self) -> &mut Option<String> {
                &mut self.message
            }

            fn meta_mut(&mut self) -> &mut $crate::error::ErrorMetadata {
                &mut self.meta
            }
        }

        /// The message is found with the error's code already.
        impl $crate::runtime::codec::FromMembers for $name {
            fn unset() -> Self {
                Self::default()
            }

            fn member(
                &mut self,
                _: &str,
                value: &mut $crate::runtime::codec::MemberValue<'_, '_>,
            ) -> $crate::runtime::codec::Decoded {
                value.skip()
            }
        }

        $crate::runtime::macros::error_structure!($name, $code);
    };
}

/// What an output has besides its members: the ID of the request.
macro_rules! output_structure {
    ($name:ident) => {
        impl $crate::runtime::operation::SetRequestId for $name {
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

/// The span of a call of an operation. The name of a span must be a constant, so this stands once
/// per operation.
macro_rules! operation_span {
    ($service:literal, $operation:literal) => {
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

pub(crate) use {
    accessor, error_structure, integer_enum, message_error, operation_span, output_structure,
    setters, string_enum,
};
