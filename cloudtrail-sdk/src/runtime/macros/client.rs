//! The client.
//!
//! ```text
//! client! {
//!     /// A client of AWS CloudTrail.
//!     Client of SERVICE, with operation;
//!     /// Starts a trail.
//!     start_logging: StartLoggingFluentBuilder;
//! }
//! ```
//!
//! The head has the client, the service's metadata and the module of the operations. A row has the
//! method, which is also the module of its operation, and the builder that it returns. It becomes:
//!
//! ```text
//! impl Client {
//!     /// Starts a trail.
//!     pub fn start_logging(&self) -> operation::start_logging::StartLoggingFluentBuilder { … }
//! }
//! ```

/// A client with a method per operation.
macro_rules! client {
    (
        $(#[$title:meta])*
        $client:ident of $service:ident, with $operations:ident;
        $($(#[$meta:meta])* $method:ident: $builder:ident;)*
    ) => {
        $(#[$title])*
        ///
        /// A client holds a connection pool; clones share it. Make one and keep it.
        ///
        /// A client can serve several async runtimes, each of which has connections of its own. They
        /// close with their runtime, so prefer one that lasts. A process that was forked opens
        /// connections of its own.
        #[derive(Clone, Debug)]
        pub struct $client {
            handle: $crate::runtime::call::client::Handle,
        }

        impl $client {
            /// A client for the configuration that `aws-config` has loaded.
            pub fn new(config: &$crate::config::SdkConfig) -> Self {
                Self::from_conf(config.into())
            }

            /// A client for this configuration. What is wrong with it is reported by the first
            /// call.
            pub fn from_conf(config: $crate::config::Config) -> Self {
                Self {
                    handle: $crate::runtime::call::client::Handle::new(config, &$service),
                }
            }

            /// The configuration of the client.
            pub fn config(&self) -> &$crate::config::Config {
                self.handle.config()
            }

            $(
                $(#[$meta])*
                #[inline]
                pub fn $method(&self) -> $operations::$method::$builder {
                    $crate::runtime::fluent::builder::Builder::new(&self.handle)
                }
            )*
        }

        impl AsRef<$crate::runtime::call::client::Handle> for $client {
            fn as_ref(&self) -> &$crate::runtime::call::client::Handle {
                &self.handle
            }
        }
    };
}

pub(crate) use client;
