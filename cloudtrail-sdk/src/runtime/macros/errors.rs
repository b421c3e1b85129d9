//! The errors of a service.
//!
//! ```text
//! service_errors! {
//!     /// What the service answers instead of an output.
//!     Error;
//!     /// There is no such trail.
//!     TrailNotFoundException, is_trail_not_found_exception,
//!         "TrailNotFoundException", TrailNotFoundExceptionBuilder: "Message";
//! }
//! ```
//!
//! A row has the structure, the method that asks for it, its codes on the wire (`"A" | "B"`), its
//! builder, and the name on the wire of its message. An error with other members has the directions
//! and rows of a structure instead of that name: `: received { "message" => …; };`.
//!
//! The row becomes:
//!
//! ```text
//! /// There is no such trail.
//! pub struct TrailNotFoundException {
//!     pub message: Option<String>,
//! }
//!
//! pub mod builders {
//!     pub type TrailNotFoundExceptionBuilder = ErrorBuilder<super::TrailNotFoundException>;
//! }
//!
//! pub(crate) mod service_error {
//!     pub enum Error {
//!         /// There is no such trail.
//!         TrailNotFoundException(super::TrailNotFoundException),
//!     }
//!
//!     impl Error {
//!         pub fn is_trail_not_found_exception(&self) -> bool { … }
//!     }
//! }
//! ```
//!
//! The enum stands in a module of its own, from which the root of the generated code exports it.

/// Every error of a service.
macro_rules! service_errors {
    (
        $(#$title:tt)*
        $error:ident;
        $(
            $(#$attribute:tt)*
            $name:ident, $is:ident, $code:literal $(| $alias:literal)*,
                $builder:ident $(, $parts:ident -> $result:ident)?:
                $($message:literal)? $($($direction:ident),+ { $($rows:tt)* })?;
        )*
    ) => {
        $(
            $crate::runtime::macros::error! {
                $code
                $(#$attribute)*
                $name [$builder $(, $parts -> $result)?]:
                $($message)? $($($direction),+ { $($rows)* })?
            }
        )*

        /// Builders of the errors, for fakes in tests.
        pub mod builders {
            $($crate::runtime::macros::error_builder! { $name, $builder $(, $message)? })*
        }

        /// The enum of them all.
        pub(crate) mod service_error {
            $crate::runtime::macros::error_enum! {
                $(#$title)*
                $error
                $($(#$attribute)* $name, $is, $code $(| $alias)*;)*
            }
        }
    };
}

/// An error: a structure that also has the metadata of the response.
macro_rules! error {
    // An error that has nothing but a message.
    (
        $code:literal
        $(#[$attribute:meta])*
        $name:ident [$builder:ident]: $message:literal
    ) => {
        $crate::runtime::macros::declare! {
            []
            $(#[$attribute])*
            $name { meta: $crate::error::ErrorMetadata }
            /// What went wrong, in words for people.
            [] message: str;
        }

        impl $name {
            #[doc = concat!("Starts building a [`", stringify!($name), "`], for fakes in tests.")]
            #[inline]
            pub fn builder() -> $crate::runtime::error::modeled::ErrorBuilder<Self> {
                $crate::runtime::error::modeled::ErrorBuilder::default()
            }

            $crate::runtime::macros::accessor!(
                [
                    /// What went wrong, in words for people.
                ]
                str, message
            );
        }

        impl $crate::runtime::error::modeled::MessageError for $name {
            const CODE: &'static str = $code;
        }

        /// The message is found with the error's code already.
        impl $crate::runtime::wire::codec::DecodeMembers for $name {
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
    };
    (
        $code:literal
        $(#$attribute:tt)*
        $name:ident [$builder:ident $($parts:tt)*]: $($direction:ident),+ { $($rows:tt)* }
    ) => {
        $crate::runtime::macros::with_members! {
            { meta: $crate::error::ErrorMetadata }
            $(#$attribute)* $name, $builder $($parts)*: $($direction),+;
            $($rows)*
        }

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
}

/// The traits of an error.
macro_rules! error_traits {
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

            fn metadata_mut(&mut self) -> &mut $crate::error::ErrorMetadata {
                &mut self.meta
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

/// The name of an error's builder in `builders`.
macro_rules! error_builder {
    ($name:ident, $builder:ident, $message:literal) => {
        #[doc = concat!("Builds a [`", stringify!($name), "`](super::", stringify!($name), ").")]
        pub type $builder = $crate::runtime::error::modeled::ErrorBuilder<super::$name>;
    };
    ($name:ident, $builder:ident) => {
        pub use super::$builder;
    };
}

/// The enum of all errors, in a module below that of their structures.
macro_rules! error_enum {
    (
        $(#[$title:meta])*
        $error:ident
        $($(#[$attribute:meta])* $name:ident, $is:ident, $($code:literal)|+;)*
    ) => {
        $(#[$title])*
        #[derive(Debug)]
        #[non_exhaustive]
        pub enum $error {
            $($(#[$attribute])* $name(super::$name),)*
            /// An error that the model does not have, or a failure that is not the service's.
            Unhandled($crate::error::Unhandled),
        }

        impl $error {
            /// The error of this code, message and request ID, for fakes in tests.
            pub fn generic(meta: impl Into<$crate::error::ErrorMetadata>) -> Self {
                let meta = meta.into();
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

            /// Which call failed, and after how much effort; known after `?`, which makes this of
            /// an [`SdkError`]($crate::error::SdkError).
            pub fn call(&self) -> Option<&$crate::error::CallInfo> {
                self.inner().metadata().call()
            }

            $(
                #[doc = concat!(
                    "Whether this is [`", stringify!($name), "`](Self::", stringify!($name), ")."
                )]
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

            fn inner_mut(&mut self) -> &mut dyn $crate::runtime::error::modeled::ModeledError {
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
                meta: Option<aws_smithy_types::error::ErrorMetadata>,
            ) -> Self {
                let meta = meta.map(Into::into).unwrap_or_default();
                Self::Unhandled($crate::error::Unhandled::new(source, meta))
            }
        }

        /// Only codes and statuses decide on retries, not the type of an error.
        impl $crate::error::ProvideErrorKind for $error {
            fn retryable_error_kind(&self) -> Option<aws_smithy_types::retry::ErrorKind> {
                None
            }

            fn code(&self) -> Option<&str> {
                self.inner().metadata().code()
            }
        }

        impl<R: std::fmt::Debug + Send + Sync + 'static> From<$crate::error::SdkError<Self, R>>
            for $error
        {
            fn from(error: $crate::error::SdkError<Self, R>) -> Self {
                let call = error.call().clone();
                match error {
                    $crate::error::SdkError::ServiceError(failure) => {
                        let mut error = failure.into_err();
                        $crate::runtime::error::modeled::keep_call(error.inner_mut(), call);
                        error
                    }
                    failure => {
                        Self::Unhandled($crate::error::Unhandled::failure(failure.into(), call))
                    }
                }
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
                $crate::runtime::error::modeled::fmt_modeled(self.inner(), f)
            }
        }

        impl std::error::Error for $error {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                self.inner().source()
            }
        }
    };
}

pub(crate) use {error, error_builder, error_enum, error_traits, service_errors};
