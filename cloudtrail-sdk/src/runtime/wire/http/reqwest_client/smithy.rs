//! The transport as smithy's HTTP client, for this and other AWS crates.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;

use super::ReqwestClient;
use crate::runtime::wire::http::ConnectorError;

/// For other AWS crates, which need no HTTP client of their own then: one pool of connections and
/// one TLS library serve all. Bodies are streams, both ways.
///
/// The time limits are those of [`ReqwestClient::builder`], whatever a configuration says.
impl HttpClient for ReqwestClient {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector(self.clone()))
    }
}

#[derive(Debug)]
struct Connector(ReqwestClient);

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = self.0.clone();
        HttpConnectorFuture::new(async move { Ok(client.stream(request).await?) })
    }
}

impl ReqwestClient {
    /// Sends a request, and returns the response when its head has come.
    async fn stream(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let request = request.try_into_http1x();
        let request = request.map_err(|error| ConnectorError::user(error.into()))?;
        let exchange = self.0.exchange(self.0.local()?, request.uri())?;
        let request = reqwest::Request::try_from(request.map(reqwest::Body::wrap));
        let request = request.map_err(|error| exchange.failed(error))?;
        let response = http::Response::from(exchange.execute(request).await?);
        HttpResponse::try_from(response.map(SdkBody::from_body_1_x))
            .map_err(|error| ConnectorError::other(error.into(), None))
    }
}
