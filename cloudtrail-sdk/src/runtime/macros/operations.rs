//! Operations: their inputs, which `fluent::builder::Builder` builds, their outputs, which keep the
//! ID of the request, and what is known of them.
//!
//! ```text
//! input! {
//!     /// Which trail to start.
//!     StartLoggingInput: sent;
//!     "Name" => name, set_name, get_name: str, required;
//! }
//!
//! output! {
//!     /// Empty.
//!     StartLoggingOutput, StartLoggingOutputBuilder: received;
//! }
//! ```
//!
//! become the code of `structure.rs` and, since `Builder<StartLoggingInput, Handle>` is the fluent
//! builder,
//!
//! ```text
//! impl<C: MaybeClient<StartLoggingInput>> Builder<StartLoggingInput, C> {
//!     pub fn name(self, input: impl Into<String>) -> Self { … }
//! }
//!
//! impl RequestId for StartLoggingOutput { … }
//! ```
//!
//! `operation!(StartLogging);` is a type with the name of the operation, and nothing else.

/// An operation by its name.
macro_rules! operation {
    ($name:ident) => {
        #[doc = concat!("The operation `", stringify!($name), "`, by its name alone.")]
        #[derive(Clone, Debug, Default)]
        #[non_exhaustive]
        pub struct $name;

        impl $name {
            /// The operation.
            #[inline]
            #[allow(
                clippy::self_named_constructors,
                reason = "an operation can be named `New`"
            )]
            pub fn new() -> Self {
                Self
            }
        }
    };
}

/// The input of an operation.
macro_rules! input {
    ($($table:tt)*) => {
        $crate::runtime::macros::with_members! { {} $($table)* }
    };
}

/// The output of an operation: a structure that also has the ID of the request.
macro_rules! output {
    ($(#$attribute:tt)* $name:ident $($table:tt)*) => {
        $crate::runtime::macros::with_members! {
            { _request_id: Option<String> }
            $(#$attribute)* $name $($table)*
        }

        $crate::runtime::macros::request_id! { $name }
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

/// The name of an operation, the codes of its errors, and the span of its calls, whose name must be
/// a constant.
macro_rules! operation_metadata {
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

pub(crate) use {input, operation, operation_metadata, output, request_id};
