//! Smithy's HTTP clients, as transports.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorSettings, SharedHttpClient,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::{Request, Response};

use super::components::components;
use crate::runtime::base::boxed::BoxFuture;
use crate::runtime::base::time::SharedClock;
use crate::runtime::configuration::config::{Builder, Config, Sender};
use crate::runtime::configuration::load::Loader;
use crate::runtime::wire::http::{
    ConnectorError, SharedTransport, Transport, from_smithy, into_memory,
};

impl Builder {
    /// Sets the HTTP client, one of smithy's, in the place of a
    /// [`transport`](Self::transport) that was set before.
    ///
    /// Its connector is told the connect and read timeouts of
    /// [`timeout_config`](Self::timeout_config). Most clients count the read timeout until the
    /// response begins; after that it is counted here, between any two parts of the response.
    pub fn http_client(mut self, client: impl HttpClient + 'static) -> Self {
        self.set_http_client(Some(SharedHttpClient::new(client)));
        self
    }

    /// Sets or clears the HTTP client.
    pub fn set_http_client(&mut self, client: Option<SharedHttpClient>) -> &mut Self {
        match client {
            Some(client) => self.config.sender = Some(Sender::HttpClient(client, transport)),
            None if self.config.http_client().is_some() => self.config.sender = None,
            None => {}
        }
        self
    }
}

impl Loader {
    /// Sets the HTTP client, of the client and of whatever gives it credentials.
    pub fn http_client(self, client: impl HttpClient + 'static) -> Self {
        self.set(|code| code.http_client(client))
    }
}

/// A client of smithy with the time limits and the clock of a configuration.
struct Client {
    client: SharedHttpClient,
    settings: HttpConnectorSettings,
    components: Result<RuntimeComponents, String>,
    time: SharedClock,
}

fn transport(client: &SharedHttpClient, config: &Config) -> SharedTransport {
    let timeouts = config.timeouts();
    let mut settings = HttpConnectorSettings::builder();
    settings
        .set_connect_timeout(timeouts.connect_timeout())
        .set_read_timeout(timeouts.read_timeout());
    let time = config.resolved_clock();
    SharedTransport::new(Client {
        client: client.clone(),
        settings: settings.build(),
        components: components(&time).map_err(|error| error.to_string()),
        time,
    })
}

impl Client {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ConnectorError> {
        let components = self.components.as_ref();
        let components =
            components.map_err(|error| ConnectorError::other(error.as_str().into(), None))?;
        let connector = self.client.http_connector(&self.settings, components);
        let request = HttpRequest::try_from(request.map(SdkBody::from))
            .map_err(|error| ConnectorError::user(error.into()))?;
        let mut response = connector.call(request).await?;
        into_memory(&mut response, &self.time, self.settings.read_timeout()).await?;
        from_smithy(&response).map_err(|error| ConnectorError::other(error, None))
    }
}

impl Transport for Client {
    fn call(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
        Box::pin(self.send(request))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::wire::http::ReqwestClient;

    #[test]
    fn what_was_not_set_is_not_cleared() {
        let client = ReqwestClient::new().unwrap();
        let mut config = Config::builder().transport(client.clone());
        config.set_http_client(None);
        assert!(matches!(config.config.sender, Some(Sender::Transport(_))));
        config.set_transport(None);
        assert!(config.config.sender.is_none());

        config.set_http_client(Some(SharedHttpClient::new(client)));
        config.set_transport(None);
        assert!(config.config.http_client().is_some());
        config.set_http_client(None);
        assert!(config.config.sender.is_none());
    }
}
