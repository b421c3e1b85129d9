//! What belongs to an operation: its name, its endpoint, its idempotency tokens.

use compiled_snapshots::fixtures::{endpoint_rules, idempotency_tokens, resources, units};
use http::Uri;
use serde_json::json;

use crate::fake::Fake;

#[tokio::test]
async fn an_operation_needs_neither_input_nor_output() {
    let fake = Fake::answering(["", "{}", r#"{"new": 1}"#]);
    let client = units::Client::from_conf(fake.config());
    client.go().send().await.unwrap();
    client.ho().send().await.unwrap();
    client.mo().send().await.unwrap();
    assert_eq!(fake.bodies(), [json!({}), json!({}), json!({})]);
}

#[tokio::test]
async fn operations_of_resources_are_those_of_the_service() {
    let fake = Fake::answering(["{}"]);
    let client = resources::Client::from_conf(fake.config());
    let _every_kind = (
        client.go(),
        client.cr(),
        client.rd(),
        client.ls(),
        client.r#do(),
        client.co(),
        client.pu(),
        client.up(),
    );
    client.de().id("i").send().await.unwrap();
    let request = fake.request();
    assert_eq!(request.headers()["x-amz-target"], "Sv.De");
    assert_eq!(request.body(), r#"{"id":"i"}"#);
}

#[tokio::test]
async fn idempotency_tokens_are_filled_unless_set() {
    let fake = Fake::answering(["{}", "{}"]);
    let client = idempotency_tokens::Client::from_conf(fake.config());
    let part = idempotency_tokens::types::Pa::builder().build();
    client.go().other("o").part(part).send().await.unwrap();
    client.go().token("t").send().await.unwrap();
    let [first, second] = &fake.bodies()[..] else {
        panic!("expected two requests");
    };
    let filled = |token: &serde_json::Value| token.as_str().unwrap().len() == 36;
    assert!(filled(&first["token"]), "{first}");
    assert_eq!(first["other"], "o");
    assert_eq!(first["part"], json!({}));
    assert_eq!(second["token"], "t");
    assert!(filled(&second["other"]), "{second}");
    assert_ne!(first["token"], second["other"]);
}

mod endpoints {
    use super::*;
    use compiled_snapshots::config::{Builder, Region};

    /// The call with a configuration changed by `change`, and the request it made.
    async fn call(
        change: impl FnOnce(Builder) -> Builder,
    ) -> Result<http::Request<bytes::Bytes>, String> {
        let fake = Fake::answering(["{}"]);
        let config = change(fake.config().to_builder()).build();
        let call = endpoint_rules::Client::from_conf(config).go();
        call.send().await.map_err(|error| error.to_string())?;
        Ok(fake.request())
    }

    fn scope(request: &http::Request<bytes::Bytes>) -> &str {
        let authorization = request.headers()["authorization"].to_str().unwrap();
        let (_, scope) = authorization.split_once('/').unwrap();
        let (_, scope) = scope.split_once('/').unwrap();
        scope.split("/aws4_request").next().unwrap()
    }

    #[tokio::test]
    async fn the_rules_choose_the_endpoint() {
        let request = call(|config| config).await.unwrap();
        let uri = Uri::from_static("https://eu-west-1.sv.api.aws/");
        assert_eq!(*request.uri(), uri);
        assert_eq!(scope(&request), "eu-west-1/sv");

        let request = call(|config| config.endpoint_url("http://localhost:1/x")).await;
        assert_eq!(*request.unwrap().uri(), "http://localhost:1/x/");
    }

    #[tokio::test]
    async fn the_endpoint_changes_headers_and_signature() {
        let fips = |config: Builder| config.region(Region::new("us-east-2")).use_fips(true);
        let request = call(fips).await.unwrap();
        assert_eq!(*request.uri(), "https://sv-fips.us-east-2.amazonaws.com/");
        assert_eq!(request.headers()["x-rule"], "fips");
        assert_eq!(scope(&request), "us-east-1/other");
    }

    #[tokio::test]
    async fn the_rules_can_refuse() {
        let error = call(|config| config.use_fips(true)).await.unwrap_err();
        assert_eq!(error, "Go: no endpoint: no FIPS in eu-west-1");
    }
}
