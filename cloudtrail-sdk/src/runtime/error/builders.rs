//! Builders of the failures of a call, for fakes in tests.

use super::call_info::CallInfo;
use super::sdk_error::{
    ConstructionFailure, DispatchFailure, ResponseError, ServiceError, TimeoutError,
};
use crate::runtime::base::boxed::BoxError;
use crate::runtime::wire::http::ConnectorError;

macro_rules! builder {
    (
        $failure:ident $(<$($param:ident),+>)?, $builder:ident:
            $source:ty $(, $raw:ident: $response:ident)?
    ) => {
        #[doc = concat!("Builds a [`", stringify!($failure), "`].")]
        #[derive(Debug)]
        pub struct $builder $(<$($param),+>)? {
            source: Option<$source>,
            $($raw: Option<$response>,)?
        }

        impl $(<$($param),+>)? Default for $builder $(<$($param),+>)? {
            fn default() -> Self {
                Self { source: None, $($raw: None)? }
            }
        }

        impl $(<$($param),+>)? $builder $(<$($param),+>)? {
            /// Starts building.
            pub fn new() -> Self {
                Self::default()
            }

            /// Sets the cause.
            #[must_use]
            pub fn source(mut self, source: impl Into<$source>) -> Self {
                self.source = Some(source.into());
                self
            }

            /// Sets or clears the cause.
            pub fn set_source(&mut self, source: Option<$source>) -> &mut Self {
                self.source = source;
                self
            }

            $(
                /// Sets the response.
                #[must_use]
                pub fn raw(mut self, raw: $response) -> Self {
                    self.$raw = Some(raw);
                    self
                }

                /// Sets or clears the response.
                pub fn set_raw(&mut self, raw: Option<$response>) -> &mut Self {
                    self.$raw = raw;
                    self
                }
            )?

            /// The failure.
            ///
            /// # Panics
            ///
            /// If the cause, or the response of a failure that has one, was not set.
            pub fn build(self) -> $failure $(<$($param),+>)? {
                $failure::new(
                    CallInfo::default(),
                    self.source.expect("a failure has a source")
                    $(, self.$raw.expect("a failure has a raw response"))?
                )
            }
        }

        impl $(<$($param),+>)? $failure $(<$($param),+>)? {
            /// Starts building one, for fakes in tests.
            pub fn builder() -> $builder $(<$($param),+>)? {
                $builder::new()
            }
        }
    };
}

builder! { ConstructionFailure, ConstructionFailureBuilder: BoxError }
builder! { TimeoutError, TimeoutErrorBuilder: BoxError }
builder! { DispatchFailure, DispatchFailureBuilder: ConnectorError }
builder! { ResponseError<R>, ResponseErrorBuilder: BoxError, raw: R }
builder! { ServiceError<E, R>, ServiceErrorBuilder: E, raw: R }
