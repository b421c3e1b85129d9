//! The transport: one request out, one whole response in.

mod client;
mod connector_error;
mod default_client;
mod failure;
mod proxy;
mod request;
mod reqwest_client;
mod response;
mod tls;
#[cfg(feature = "test-util")]
mod typed;

pub use self::client::{HttpClient, SharedHttpClient};
pub use self::connector_error::ConnectorError;
pub(crate) use self::default_client::TransportSettings;
pub(crate) use self::request::carry_input;
pub use self::request::{Headers, HttpRequest};
pub(crate) use self::reqwest_client::{CONNECT_TIMEOUT, READ_TIMEOUT};
pub use self::reqwest_client::{ReqwestClient, ReqwestClientBuilder};
pub use self::response::HttpResponse;
pub(crate) use self::response::take_answer;
#[cfg(feature = "test-util")]
pub(crate) use self::typed::TypedInput;
