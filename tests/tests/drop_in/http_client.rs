//! An HTTP client of the program's own, for all AWS clients by the configuration that they share.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_sdk_cloudtrail::config::timeout::TimeoutConfig;
use aws_sdk_cloudtrail::config::{
    Builder, HttpClient, Region, RuntimeComponents, SharedHttpClient,
};
use aws_sdk_cloudtrail::error::SdkError;
use aws_sdk_cloudtrail::{Client, Config};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::{ErrorKind, RetryConfig};

/// Counts what passes, and says who sends it.
#[derive(Clone, Debug)]
struct Gateway {
    inner: SharedHttpClient,
    requests: Arc<AtomicUsize>,
}

#[derive(Debug)]
struct GatewayConnector {
    inner: SharedHttpConnector,
    requests: Arc<AtomicUsize>,
}

impl HttpClient for Gateway {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(GatewayConnector {
            inner: self.inner.http_connector(settings, components),
            requests: Arc::clone(&self.requests),
        })
    }
}

impl HttpConnector for GatewayConnector {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        self.requests.fetch_add(1, Ordering::Relaxed);
        request.headers_mut().insert("x-team", "audit");
        self.inner.call(request)
    }
}

#[tokio::test]
async fn a_client_around_another_is_shared_by_the_configuration() {
    let server = crate::account();
    let gateway = Gateway {
        inner: crate::http_client(),
        requests: Arc::default(),
    };
    let sdk_config = crate::loaded(&server)
        .into_builder()
        .http_client(gateway.clone())
        .build();
    let client = Client::new(&sdk_config);
    client.list_trails().send().await.unwrap();
    let error = client.get_trail().name("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_trail_not_found_exception());
    assert_eq!(gateway.requests.load(Ordering::Relaxed), 2);
    for received in server.received() {
        assert_eq!(received.header("x-team"), Some("audit"));
    }
}

/// A client that only says what it was set up with.
fn settings() -> SharedHttpClient {
    #[derive(Debug)]
    struct Settings(String);

    impl HttpConnector for Settings {
        fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
            let mut response = HttpResponse::new(200.try_into().unwrap(), SdkBody::from("{}"));
            response
                .headers_mut()
                .insert("x-amzn-requestid", self.0.clone());
            HttpConnectorFuture::ready(Ok(response))
        }
    }

    http_client_fn(|settings, components| {
        let (connect, read) = (settings.connect_timeout(), settings.read_timeout());
        let clock = components.time_source().is_some() && components.sleep_impl().is_some();
        SharedHttpConnector::new(Settings(format!("{connect:?} {read:?} {clock}")))
    })
}

#[tokio::test]
async fn time_limits_reach_the_connector_also_for_one_call() {
    use aws_sdk_cloudtrail::operation::RequestId;

    let seconds = |connect, read| {
        TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(connect))
            .read_timeout(Duration::from_secs(read))
            .build()
    };
    let server = crate::server();
    let config = Builder::from(&crate::loaded(&server))
        .http_client(settings())
        .timeout_config(seconds(2, 7))
        .build();
    let client = Client::from_conf(config);
    let output = client.list_trails().send().await.unwrap();
    assert_eq!(output.request_id(), Some("Some(2s) Some(7s) true"));
    let changes = Config::builder().timeout_config(seconds(3, 8));
    let call = client.list_trails().customize().config_override(changes);
    let output = call.send().await.unwrap();
    assert_eq!(output.request_id(), Some("Some(3s) Some(8s) true"));
    let changes = Config::builder().region(Region::new("eu-west-1"));
    let call = client.list_trails().customize().config_override(changes);
    let output = call.send().await.unwrap();
    assert_eq!(output.request_id(), Some("Some(2s) Some(7s) true"));
}

#[tokio::test]
async fn failures_keep_their_kind() {
    #[derive(Debug)]
    struct Fails(fn() -> ConnectorError);

    impl HttpConnector for Fails {
        fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
            HttpConnectorFuture::ready(Err((self.0)()))
        }
    }

    let errors: [(fn() -> ConnectorError, _, _); 5] = [
        (|| ConnectorError::timeout("slow".into()), 0, None),
        (|| ConnectorError::io("broken".into()), 1, None),
        (|| ConnectorError::user("wrong".into()), 2, None),
        (|| ConnectorError::other("odd".into(), None), 3, None),
        (
            || ConnectorError::other("odd".into(), Some(ErrorKind::ServerError)),
            3,
            Some(ErrorKind::ServerError),
        ),
    ];
    let server = crate::server();
    for (error, place, kind) in errors {
        let config = Builder::from(&crate::loaded(&server))
            .retry_config(RetryConfig::disabled())
            .http_client(http_client_fn(move |_, _| {
                SharedHttpConnector::new(Fails(error))
            }))
            .build();
        let result = Client::from_conf(config).list_trails().send().await;
        let Err(SdkError::DispatchFailure(failure)) = result else {
            panic!("{result:?}");
        };
        let kinds = [
            failure.is_timeout(),
            failure.is_io(),
            failure.is_user(),
            failure.is_other(),
        ];
        let mut expected = [false; 4];
        expected[place] = true;
        assert_eq!(kinds, expected);
        assert_eq!(failure.as_other(), kind);
        assert!(failure.as_connector_error().is_some());
    }
}
