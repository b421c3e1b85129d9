//! The default transport, as a configuration wants it.

use std::time::Duration;

use bytes::Bytes;

use super::reqwest_client::{ReqwestClient, ReqwestClientBuilder};
use super::transport::SharedTransport;

/// What a configuration says of the default transport.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TransportSettings {
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) read_timeout: Option<Duration>,
    /// Certificate authorities to trust instead of the platform's, in PEM.
    pub(crate) ca_bundle: Option<Bytes>,
}

impl SharedTransport {
    /// The default transport.
    pub(crate) fn with_settings(settings: &TransportSettings) -> Self {
        Self::builder(settings).build_on_first_use()
    }

    /// The default transport, without the proxies that the environment names.
    #[cfg(feature = "default-credentials")]
    pub(crate) fn without_proxy(settings: &TransportSettings) -> Self {
        Self::builder(settings).no_proxy().build_on_first_use()
    }

    fn builder(settings: &TransportSettings) -> ReqwestClientBuilder {
        let mut builder = ReqwestClient::builder()
            .no_connect_timeout()
            .no_read_timeout();
        if let Some(timeout) = settings.connect_timeout {
            builder = builder.connect_timeout(timeout);
        }
        if let Some(timeout) = settings.read_timeout {
            builder = builder.read_timeout(timeout);
        }
        if let Some(pem) = &settings.ca_bundle {
            builder = builder.ca_bundle_pem(pem.to_vec());
        }
        builder
    }
}

impl Default for SharedTransport {
    fn default() -> Self {
        ReqwestClient::builder().build_on_first_use()
    }
}
