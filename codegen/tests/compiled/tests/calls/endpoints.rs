//! Where requests go, and how they are signed for it.

use bytes::Bytes;
use compiled_snapshots::config::{Builder, Region};
use compiled_snapshots::fixtures::endpoint_parameters::types::Item;
use compiled_snapshots::fixtures::{endpoint_from_member, endpoint_parameters, endpoint_rules};
use http::Request;

use crate::fake::Fake;

/// The request of a client whose configuration is changed, or why there is none.
async fn request(change: impl FnOnce(Builder) -> Builder) -> Result<Request<Bytes>, String> {
    let fake = Fake::answering(["{}"]);
    let config = change(fake.config().to_builder()).build();
    let call = endpoint_rules::Client::from_conf(config).invoke();
    call.send().await.map_err(|error| error.to_string())?;
    Ok(fake.request())
}

fn authorization(request: &Request<Bytes>) -> &str {
    request.headers()["authorization"].to_str().unwrap()
}

#[tokio::test]
async fn the_rules_choose_the_endpoint() {
    let of_region = request(|config| config).await.unwrap();
    assert_eq!(*of_region.uri(), "https://eu-west-1.example.api.aws/");
    assert!(authorization(&of_region).contains("/eu-west-1/example/aws4_request"));

    let custom = request(|config| config.endpoint_url("http://localhost:1/x")).await;
    assert_eq!(*custom.unwrap().uri(), "http://localhost:1/x/");
}

#[tokio::test]
async fn an_endpoint_can_have_headers_and_a_scope_of_its_own() {
    let fips = request(|config| config.region(Region::new("us-east-2")).use_fips(true)).await;
    let fips = fips.unwrap();
    assert_eq!(*fips.uri(), "https://example-fips.us-east-2.amazonaws.com/");
    assert_eq!(fips.headers()["x-rule"], "fips");
    assert!(authorization(&fips).contains("/us-east-1/other/aws4_request"));
}

#[tokio::test]
async fn the_rules_can_refuse() {
    let error = request(|config| config.use_fips(true)).await.unwrap_err();
    assert_eq!(error, "Invoke: no endpoint: no FIPS in eu-west-1");
}

#[tokio::test]
async fn operations_give_parameters_to_the_rules() {
    let fake = Fake::answering(["{}"; 6]);
    let client = endpoint_parameters::Client::from_conf(fake.config());
    let named = Item::builder().name("n").build();
    client.context_params().send().await.unwrap();
    client.context_params().map("k", "v").send().await.unwrap();
    client
        .context_params()
        .map("k", "v")
        .items(named)
        .send()
        .await
        .unwrap();
    client
        .context_params()
        .map("k", "v")
        .bucket("b")
        .send()
        .await
        .unwrap();
    client.static_context_params().send().await.unwrap();
    client.host_prefix().label("l").send().await.unwrap();
    assert_eq!(
        fake.uris(),
        [
            "https://eu-west-1.example/",
            "https://k.key.example/",
            "https://n.name.example/",
            "https://b.bucket.example/",
            "https://fixed.example/",
            "https://l.data-eu-west-1.example/",
        ]
    );
}

/// As `MachinelearningPredictEndpoint` of Smithy's suite demands.
#[tokio::test]
async fn a_member_can_name_the_endpoint() {
    let fake = Fake::answering(["{}"; 3]);
    let client = endpoint_from_member::Client::from_conf(fake.config());
    let url = "https://custom.example.com/";
    client.predict().predict_endpoint(url).send().await.unwrap();
    client.predict().send().await.unwrap();
    let configured = fake
        .config()
        .to_builder()
        .endpoint_url("http://localhost:1");
    let client = endpoint_from_member::Client::from_conf(configured.build());
    client.predict().predict_endpoint(url).send().await.unwrap();
    assert_eq!(
        fake.uris(),
        [
            "https://custom.example.com/",
            "https://example.eu-west-1.amazonaws.com/",
            "https://custom.example.com/",
        ]
    );
}

#[tokio::test]
async fn an_operation_can_do_without_a_signature() {
    let fake = Fake::answering(["{}"]);
    let mut config = fake.config().to_builder();
    config.set_credentials_provider(None);
    let call = endpoint_parameters::Client::from_conf(config.build()).unsigned();
    call.send().await.unwrap();
    assert!(!fake.request().headers().contains_key("authorization"));
}
