//! What a client makes of the endpoints that a program's resolver has for it.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use aws_smithy_types::Document;
use cloudtrail_sdk::config::Region;
use cloudtrail_sdk::config::endpoint::{
    DefaultResolver, Endpoint, EndpointFuture, Params, ResolveEndpoint,
};
use cloudtrail_sdk::config::retry::RetryConfig;
use cloudtrail_sdk::error::{ConstructionError, SdkError};
use cloudtrail_sdk::operation::list_trails::{ListTrailsInput, ListTrailsOutput};
use cloudtrail_sdk::test_util::{Answer, FakeTime, Fakes};
use cloudtrail_sdk::{Client, Config};
use tests::protocol::Reply;
use tests::server::LoopbackServer;

mod support;

/// The same endpoint for everything.
#[derive(Debug)]
struct Fixed(Endpoint);

impl ResolveEndpoint for Fixed {
    fn resolve_endpoint<'a>(&'a self, _: &'a Params) -> EndpointFuture<'a> {
        EndpointFuture::ready(Ok(self.0.clone()))
    }
}

fn fixed(url: &str) -> Fixed {
    Fixed(Endpoint::builder().url(url.to_owned()).build())
}

#[tokio::test]
async fn headers_and_the_scope_of_signatures_are_the_endpoints() {
    let server = LoopbackServer::start().unwrap();
    let scheme = [("name", "sigv4"), ("signingRegion", "eu-south-2")];
    let scheme = scheme.map(|(name, value)| (name.to_owned(), Document::from(value)));
    let endpoint = Endpoint::builder()
        .url(server.url())
        .header("x-cell", "7")
        .property("authSchemes", vec![Document::Object(scheme.into())])
        .build();
    let config = support::config(&server.url()).endpoint_resolver(Fixed(endpoint));
    let client = Client::from_conf(config.build());
    // The server takes signatures for its own region alone.
    assert!(client.list_trails().send().await.is_err());
    let received = server.only_received();
    assert_eq!(received.header("x-cell"), Some("7"));
    assert!(received.signed_headers().contains(&"x-cell"));
    let authorization = received.header("authorization").unwrap();
    let scope = "/eu-south-2/cloudtrail/aws4_request";
    assert!(authorization.contains(scope), "{authorization}");
}

#[tokio::test]
async fn the_resolver_is_given_what_is_configured() {
    #[derive(Debug)]
    struct Asked(Arc<Mutex<Vec<Params>>>);

    impl ResolveEndpoint for Asked {
        fn resolve_endpoint<'a>(&'a self, params: &'a Params) -> EndpointFuture<'a> {
            self.0.lock().unwrap().push(params.clone());
            EndpointFuture::ready(Err("no".into()))
        }
    }

    let asked = Arc::default();
    let config = support::config("http://127.0.0.1:9")
        .use_fips(true)
        .endpoint_resolver(Asked(Arc::clone(&asked)));
    let client = Client::from_conf(config.build());
    assert!(client.list_trails().send().await.is_err());
    let expected = Params::builder()
        .region("us-east-1")
        .use_fips(true)
        .endpoint("http://127.0.0.1:9");
    assert_eq!(*asked.lock().unwrap(), [expected.build().unwrap()]);
}

#[tokio::test]
async fn changes_of_the_request_come_after_the_resolver() {
    let server = LoopbackServer::start().unwrap();
    server.reply(Reply::raw(503, "text/plain", "later"));
    let config = support::config("http://127.0.0.1:9")
        .endpoint_resolver(fixed(&server.url()))
        .retry_config(RetryConfig::standard())
        .clock(FakeTime::new(SystemTime::now()));
    let client = Client::from_conf(config.build());
    let url = format!("{}/", server.url());
    let changes = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&changes);
    let call = client
        .list_trails()
        .customize()
        .mutate_request(move |request| {
            assert_eq!(request.uri().to_string(), url);
            counted.fetch_add(1, Ordering::Relaxed);
            request.headers_mut().insert("x-run", "7");
        });
    call.send().await.unwrap();
    assert_eq!(changes.load(Ordering::Relaxed), 2);
    for received in server.received() {
        assert_eq!(received.header("x-run"), Some("7"));
    }
}

#[tokio::test]
async fn an_endpoint_that_no_request_can_go_to_is_an_error() {
    for (endpoint, why) in [
        (Endpoint::builder().url("stage.example.com"), "https://"),
        (
            Endpoint::builder()
                .url("http://127.0.0.1:9")
                .header("x y", "z"),
            "header name",
        ),
    ] {
        let config = support::config("http://127.0.0.1:9");
        let config = config.endpoint_resolver(Fixed(endpoint.build())).build();
        let error = Client::from_conf(config).list_trails().send().await;
        let error = error.unwrap_err();
        assert!(matches!(error, SdkError::ConstructionFailure(_)), "{error}");
        assert!(error.to_string().contains(why), "{error}");
    }
}

#[tokio::test]
async fn the_error_of_a_resolver_is_that_of_the_call() {
    #[derive(Debug)]
    struct Refusing;

    impl ResolveEndpoint for Refusing {
        fn resolve_endpoint<'a>(&'a self, _: &'a Params) -> EndpointFuture<'a> {
            EndpointFuture::new(async { Err(std::io::Error::other("no cell is left").into()) })
        }
    }

    let config = support::config("http://127.0.0.1:9").endpoint_resolver(Refusing);
    let error = Client::from_conf(config.build()).list_trails().send().await;
    let SdkError::ConstructionFailure(failure) = error.unwrap_err() else {
        panic!("nothing was sent");
    };
    let ConstructionError::Other(error) = failure.error() else {
        panic!("{failure:?}");
    };
    assert!(error.downcast_ref::<std::io::Error>().is_some());
}

#[tokio::test]
async fn a_call_can_have_a_resolver_of_its_own() {
    let [usual, other] = [(); 2].map(|()| LoopbackServer::start().unwrap());
    let client = support::client(&usual.url());
    let changes = Config::builder().endpoint_resolver(fixed(&other.url()));
    let call = client.list_trails().customize().config_override(changes);
    call.send().await.unwrap();
    client.list_trails().send().await.unwrap();
    assert_eq!((usual.received().len(), other.received().len()), (1, 1));
}

#[tokio::test]
async fn fakes_see_the_input_behind_a_resolver() {
    let fakes = Fakes::new();
    fakes
        .when::<ListTrailsInput>()
        .with(|input| input.next_token() == Some("2"))
        .answer(|_| Answer::output(ListTrailsOutput::builder().next_token("3").build()));
    let config = fakes
        .config()
        .endpoint_resolver(fixed("https://example.com"));
    let client = Client::from_conf(config.build());
    let output = client.list_trails().next_token("2").send().await.unwrap();
    assert_eq!(output.next_token(), Some("3"));
}

#[tokio::test]
async fn a_configuration_has_the_rules_of_the_service_or_the_resolver_that_was_set() {
    use aws_smithy_runtime_api::client::endpoint::{EndpointResolverParams, ResolveEndpoint as _};

    let params = Params::builder().region("us-east-1").build().unwrap();
    let params = EndpointResolverParams::new(params);
    let config = Config::builder().region(Region::new("us-east-1"));
    let rules = config.clone().build().endpoint_resolver();
    let endpoint = rules.resolve_endpoint(&params).await.unwrap();
    assert_eq!(endpoint.url(), "https://cloudtrail.us-east-1.amazonaws.com");

    let config = config.endpoint_resolver(fixed("https://example.com"));
    let resolver = config.build().endpoint_resolver();
    let endpoint = resolver.resolve_endpoint(&params).await.unwrap();
    assert_eq!(endpoint.url(), "https://example.com");

    let params = EndpointResolverParams::new("of another service");
    assert!(resolver.resolve_endpoint(&params).await.is_err());
    let empty = Params::builder().endpoint("").build().unwrap();
    assert!(
        DefaultResolver::new()
            .resolve_endpoint(&empty)
            .await
            .is_err()
    );
}
