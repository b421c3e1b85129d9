//! Everything that a client of an AWS JSON service needs besides its shapes and operations.
//!
//! Nothing here knows a service: what differs between services comes in as one
//! [`ServiceMetadata`](service::metadata::ServiceMetadata) and as the trait impls of the generated
//! code.
//!
//! The modules are floors, from the ground up: each imports only from itself and from those declared
//! before it, which a test of the workspace (`tests/tests/floors.rs`) checks.

/// What everything stands on: boxed errors and futures, text that can be shown, the clock, the
/// environment.
pub(crate) mod base {
    pub(crate) mod boxed;
    pub(crate) mod causes;
    pub(crate) mod composed_clock;
    pub(crate) mod environment;
    pub(crate) mod keys;
    pub(crate) mod per_process;
    pub(crate) mod per_runtime;
    pub(crate) mod time;
    pub(crate) mod untrusted;
}

/// What passes between a client and a service: JSON, and HTTP.
pub(crate) mod wire {
    pub(crate) mod codec;
    pub(crate) mod compress;
    pub(crate) mod http;
}

/// What can go wrong with a call, and what a response says of it.
pub(crate) mod error {
    pub(crate) mod build;
    pub(crate) mod builders;
    pub(crate) mod call_info;
    pub(crate) mod construction;
    pub(crate) mod metadata;
    pub(crate) mod modeled;
    pub(crate) mod response;
    pub(crate) mod sdk_error;
}

/// What the generated code says of a service: its metadata, its operations, its endpoints.
pub(crate) mod service {
    pub(crate) mod discovery;
    pub(crate) mod endpoint;
    pub(crate) mod endpoint_url;
    pub(crate) mod erased;
    pub(crate) mod metadata;
    pub(crate) mod operation;
    pub(crate) mod pagination;
    #[cfg(test)]
    pub(crate) mod test_service;
}

/// The rules by which calls are repeated and signed.
pub(crate) mod policy {
    pub(crate) mod clock_skew;
    pub(crate) mod identity;
    pub(crate) mod retry;
    pub(crate) mod sign;
}

/// The configuration of a client, and where it is loaded from.
pub(crate) mod configuration {
    mod advanced;
    pub(crate) mod config;
    #[cfg(feature = "default-credentials")]
    pub(crate) mod credentials;
    pub(crate) mod invocation_id;
    pub(crate) mod load;
    pub(crate) mod profile;
    mod settings;
}

/// The life of a call.
pub(crate) mod call {
    pub(crate) mod attempt;
    pub(crate) mod client;
    pub(crate) mod exchange;
    pub(crate) mod failure;
    pub(crate) mod perform;
    pub(crate) mod prepare;
    mod trace_id;
    pub(crate) mod user_agent;
}

/// What programs use to call a client: builders, paginators, calls without `async`, fakes.
pub(crate) mod fluent {
    #[cfg(feature = "blocking")]
    pub(crate) mod blocking;
    pub(crate) mod builder;
    pub(crate) mod customize;
    pub(crate) mod pagination_stream;
    pub(crate) mod paginator;
    /// What smithy's runtime takes, taken here.
    pub(crate) mod smithy {
        pub(crate) mod auth;
        mod components;
        mod config_bag;
        mod hooks;
        mod http_client;
        mod intercepted;
        mod interceptors;
        mod outcome;
        mod retry_classifiers;
        mod time;
    }
    #[cfg(feature = "test-util")]
    pub(crate) mod test_util;
}

/// The tables of the generated code, which expands them; they belong to no floor.
pub(crate) mod macros;
