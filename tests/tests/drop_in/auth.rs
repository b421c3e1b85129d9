//! Who decides how requests are authenticated.

use aws_sdk_cloudtrail::config::auth::{Params, ResolveAuthScheme};
use aws_sdk_cloudtrail::config::endpoint::{Endpoint, EndpointFuture, ResolveEndpoint};
use aws_sdk_cloudtrail::config::retry::RetryConfig;
use aws_sdk_cloudtrail::config::{
    BehaviorVersion, Builder, IdentityCache, Region, RuntimeComponents,
    StalledStreamProtectionConfig,
};
use aws_sdk_cloudtrail::{Client, Config};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::{
    AuthScheme, AuthSchemeEndpointConfig, AuthSchemeId, AuthSchemeOption, AuthSchemeOptionsFuture,
    AuthSchemePreference, Sign,
};
use aws_smithy_runtime_api::client::identity::{
    Identity, IdentityFuture, ResolveIdentity, SharedIdentityResolver,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::GetIdentityResolver;
use aws_smithy_types::config_bag::ConfigBag;
use tests::server::LoopbackServer;

fn config(server: &LoopbackServer) -> Builder {
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(server.url())
        .http_client(crate::http_client())
        .retry_config(RetryConfig::disabled())
}

fn in_a_region(server: &LoopbackServer) -> Builder {
    config(server).region(Region::new("us-east-1"))
}

/// Chooses by the operation.
#[derive(Debug)]
struct ByOperation;

impl ResolveAuthScheme for ByOperation {
    fn resolve_auth_scheme<'a>(
        &'a self,
        params: &'a Params,
        _: &'a ConfigBag,
        _: &'a RuntimeComponents,
    ) -> AuthSchemeOptionsFuture<'a> {
        let schemes: &[&str] = match params.operation_name() {
            "ListTrails" => &["noAuth"],
            "DescribeTrails" => &["unknown", "sigv4"],
            "ListChannels" => &["key"],
            "ListImports" => &["unknown"],
            _ => return AuthSchemeOptionsFuture::ready(Err("not allowed".into())),
        };
        let schemes = schemes
            .iter()
            .map(|scheme| AuthSchemeOption::from(AuthSchemeId::from(*scheme)))
            .collect();
        AuthSchemeOptionsFuture::ready(Ok(schemes))
    }
}

/// Signs by a header.
#[derive(Debug)]
struct Key;

impl AuthScheme for Key {
    fn scheme_id(&self) -> AuthSchemeId {
        AuthSchemeId::new("key")
    }

    fn identity_resolver(&self, _: &dyn GetIdentityResolver) -> Option<SharedIdentityResolver> {
        Some(SharedIdentityResolver::new(Key))
    }

    fn signer(&self) -> &dyn Sign {
        self
    }
}

impl ResolveIdentity for Key {
    fn resolve_identity<'a>(
        &'a self,
        _: &'a RuntimeComponents,
        _: &'a ConfigBag,
    ) -> IdentityFuture<'a> {
        IdentityFuture::ready(Ok(Identity::new("letmein".to_string(), None)))
    }
}

impl Sign for Key {
    fn sign_http_request(
        &self,
        request: &mut HttpRequest,
        identity: &Identity,
        _: AuthSchemeEndpointConfig<'_>,
        _: &RuntimeComponents,
        _: &ConfigBag,
    ) -> Result<(), BoxError> {
        let key = identity.data::<String>().ok_or("no key")?.clone();
        request.headers_mut().insert("x-key", key);
        Ok(())
    }
}

#[tokio::test]
async fn a_resolver_decides() {
    let server = crate::server();
    let config = in_a_region(&server)
        .credentials_provider(crate::credentials())
        .auth_scheme_resolver(ByOperation)
        .push_auth_scheme(Key)
        .build();
    assert!(config.auth_scheme_resolver().is_some());
    assert_eq!(config.auth_schemes().count(), 1);
    let client = Client::from_conf(config);

    // The server wants a signature.
    assert!(client.list_trails().send().await.is_err());
    client.describe_trails().send().await.unwrap();
    assert!(client.list_channels().send().await.is_err());
    let received = server.received();
    let [plain, signed, keyed] = &received[..] else {
        panic!("three requests");
    };
    assert_eq!(plain.header("authorization"), None);
    assert!(signed.header("authorization").is_some());
    assert_eq!(keyed.header("authorization"), None);
    assert_eq!(keyed.header("x-key"), Some("letmein"));

    assert!(client.list_imports().send().await.is_err());
    let error = client.list_queries().event_data_store("arn").send().await;
    let error = aws_smithy_types::error::display::DisplayErrorContext(error.unwrap_err());
    assert!(error.to_string().contains("not allowed"), "{error}");
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn a_preference_reorders() {
    let server = crate::server();
    let preference = AuthSchemePreference::from([AuthSchemeId::from("noAuth")]);
    let config = in_a_region(&server)
        .credentials_provider(crate::credentials())
        .allow_no_auth()
        .auth_scheme_preference(preference.clone())
        .build();
    assert!(config.auth_scheme_preference().is_some());
    let client = Client::from_conf(config);
    assert!(client.list_trails().send().await.is_err());
    assert_eq!(server.only_received().header("authorization"), None);
}

/// Sends everything to the server.
#[derive(Debug)]
struct To(String);

impl ResolveEndpoint for To {
    fn resolve_endpoint<'a>(
        &'a self,
        params: &'a aws_sdk_cloudtrail::config::endpoint::Params,
    ) -> EndpointFuture<'a> {
        assert_eq!(params.region(), None);
        EndpointFuture::ready(Ok(Endpoint::builder().url(self.0.clone()).build()))
    }
}

#[tokio::test]
async fn who_does_not_sign_needs_no_region() {
    let server = crate::server();
    let to = || To(server.url());
    let url = Client::from_conf(config(&server).allow_no_auth().build());
    let resolver = config(&server).allow_no_auth().endpoint_resolver(to());
    let resolver = Client::from_conf(resolver.build());
    for client in [url, resolver] {
        assert!(client.list_trails().send().await.is_err());
    }
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert!(
        received
            .iter()
            .all(|sent| sent.header("authorization").is_none())
    );

    let signing = config(&server).credentials_provider(crate::credentials());
    let url = Client::from_conf(signing.clone().build());
    let resolver = Client::from_conf(signing.endpoint_resolver(to()).build());
    let nowhere = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(crate::http_client())
        .allow_no_auth();
    let nowhere = Client::from_conf(nowhere.build());
    for client in [url, resolver, nowhere] {
        assert!(client.list_trails().send().await.is_err());
    }
    assert_eq!(server.received().len(), 2);
}

#[test]
fn what_is_set_can_be_read() {
    let mut builder = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .emit_input_attributes(["Name"])
        .capture_input_attributes(["TrailName"])
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    builder.set_identity_cache(IdentityCache::lazy().build());
    builder.set_auth_scheme_resolver(ByOperation);
    let config = builder.build();
    assert!(config.stalled_stream_protection().is_some());
    assert!(config.auth_scheme_preference().is_none());
    assert!(config.identity_cache().is_some());
    let params = Params::builder().operation_name("GetTrail").build();
    assert_eq!(params.unwrap().operation_name(), "GetTrail");
    assert!(Params::builder().build().is_err());
}
