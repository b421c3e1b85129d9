//! The transport: one request out, one whole response in.

mod connector_error;
mod default_client;
mod failure;
mod proxy;
mod request;
mod reqwest_client;
mod response;
mod tls;
mod transport;
#[cfg(feature = "test-util")]
mod typed;

pub use self::connector_error::ConnectorError;
pub(crate) use self::default_client::TransportSettings;
pub(crate) use self::request::{
    Mutation, carry_input, from_smithy_request, guarded, into_smithy_request, mutated,
};
pub(crate) use self::reqwest_client::{CONNECT_TIMEOUT, READ_TIMEOUT};
pub use self::reqwest_client::{ReqwestClient, ReqwestClientBuilder};
#[cfg(any(test, feature = "test-util"))]
pub(crate) use self::response::response;
#[cfg(feature = "test-util")]
pub(crate) use self::response::with_answer;
pub(crate) use self::response::{
    from_smithy, into_memory, into_smithy, request_id, take_answer, take_error, text,
};
pub use self::transport::{SharedTransport, Transport};
#[cfg(feature = "test-util")]
pub(crate) use self::typed::TypedInput;
