//! Programs that decide themselves where requests go.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_cloudtrail::config::endpoint::{
    DefaultResolver, Endpoint, EndpointFuture, Params, ResolveEndpoint, SharedEndpointResolver,
};
use aws_sdk_cloudtrail::config::retry::RetryConfig;
use aws_sdk_cloudtrail::config::{BehaviorVersion, Builder, Region};
use aws_sdk_cloudtrail::{Client, Config, Error};
use tests::protocol::Reply;

const JSON: &str = "application/x-amz-json-1.1";

fn config() -> Builder {
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(crate::credentials())
        .http_client(crate::http_client())
        .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)))
}

/// An endpoint for each stage, and the usual one where there are no stages.
#[derive(Debug)]
struct Stages {
    url: String,
    asked: Arc<Mutex<Vec<Params>>>,
}

impl ResolveEndpoint for Stages {
    fn resolve_endpoint<'a>(&'a self, params: &'a Params) -> EndpointFuture<'a> {
        self.asked.lock().unwrap().push(params.clone());
        match params.region() {
            Some("us-east-1") => {
                EndpointFuture::ready(Ok(Endpoint::builder().url(self.url.clone()).build()))
            }
            _ => EndpointFuture::ready(Err("there is no stage in this region".into())),
        }
    }
}

#[tokio::test]
async fn by_stage() -> Result<(), Error> {
    let server = crate::server();
    let asked = Arc::default();
    let stages = Stages {
        url: server.url(),
        asked: Arc::clone(&asked),
    };
    let client = Client::from_conf(config().endpoint_resolver(stages).build());
    client.list_trails().send().await?;
    assert_eq!(server.received().len(), 1);
    let expected = Params::builder().region("us-east-1").build().unwrap();
    assert_eq!(*asked.lock().unwrap(), [expected]);
    Ok(())
}

#[tokio::test]
async fn a_resolver_can_refuse() {
    let server = crate::server();
    let stages = Stages {
        url: server.url(),
        asked: Arc::default(),
    };
    let config = config().region(Region::new("eu-west-1"));
    let client = Client::from_conf(config.endpoint_resolver(stages).build());
    let error = client.list_trails().send().await.unwrap_err();
    assert!(error.as_service_error().is_none());
    let report = aws_sdk_cloudtrail::error::DisplayErrorContext(error).to_string();
    assert!(
        report.contains("there is no stage in this region"),
        "{report}"
    );
    assert!(server.received().is_empty());
}

/// Cells, each of which is asked in its turn.
#[derive(Debug)]
struct Cells {
    urls: Vec<String>,
    next: AtomicUsize,
}

impl ResolveEndpoint for Cells {
    fn resolve_endpoint(&self, _: &Params) -> EndpointFuture<'_> {
        EndpointFuture::new(async {
            tokio::task::yield_now().await;
            let next = self.next.fetch_add(1, Ordering::Relaxed) % self.urls.len();
            Ok(Endpoint::builder().url(self.urls[next].clone()).build())
        })
    }
}

#[tokio::test]
async fn the_next_cell_after_a_failure() -> Result<(), Error> {
    let [broken, healthy] = [(); 2].map(|()| crate::server());
    broken.reply(Reply::raw(503, JSON, "{}"));
    let cells = Cells {
        urls: vec![broken.url(), healthy.url()],
        next: AtomicUsize::new(0),
    };
    let shared: SharedEndpointResolver = cells.into_shared_resolver();
    let mut config = config();
    config.set_endpoint_resolver(Some(shared));
    let client = Client::from_conf(config.build());
    client.list_trails().send().await?;
    assert_eq!(broken.received().len(), 1);
    assert_eq!(healthy.received().len(), 1);
    Ok(())
}

#[tokio::test]
async fn the_endpoints_of_the_service() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let resolver = DefaultResolver::new();
    for (params, url) in [
        (
            Params::builder().region("eu-central-1"),
            "https://cloudtrail.eu-central-1.amazonaws.com",
        ),
        (
            Params::builder().region("us-east-1").use_fips(true),
            "https://cloudtrail-fips.us-east-1.amazonaws.com",
        ),
        (
            Params::builder()
                .set_region(Some("us-east-1".to_owned()))
                .use_dual_stack(true)
                .set_use_fips(None),
            "https://cloudtrail.us-east-1.api.aws",
        ),
        (
            Params::builder().endpoint("http://127.0.0.1:4566"),
            "http://127.0.0.1:4566",
        ),
    ] {
        let params = params.build()?;
        let endpoint = ResolveEndpoint::resolve_endpoint(&resolver, &params).await?;
        assert_eq!(endpoint.url(), url);
    }
    let params = Params::builder().build()?;
    assert_eq!(params.use_fips(), Some(false));
    let error = ResolveEndpoint::resolve_endpoint(&resolver, &params).await;
    assert!(error.unwrap_err().to_string().contains("Missing Region"));
    assert!(Params::builder().region("not a region").build().is_err());
    Ok(())
}
