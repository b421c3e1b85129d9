//! Endpoint resolvers of programs, which stand in for the rules.

use std::fmt;

use aws_smithy_runtime_api::client::endpoint as smithy;
use aws_smithy_types::Document;
use aws_smithy_types::endpoint::{Endpoint as SmithyEndpoint, EndpointAuthScheme};

use super::functions::is_valid_host_label;
use super::{AuthScheme, Endpoint, EndpointError, Params};
use crate::runtime::base::boxed::BoxError;

/// Decides where requests go, in place of the rules of the service.
pub trait ResolveEndpoint: fmt::Debug + Send + Sync {
    /// The endpoint of an attempt. Its URL begins with `http://` or `https://`.
    fn resolve_endpoint<'a>(&'a self, params: &'a Params) -> smithy::EndpointFuture<'a>;

    /// This resolver as the type that clients of any service take.
    fn into_shared_resolver(self) -> smithy::SharedEndpointResolver
    where
        Self: Sized + 'static,
    {
        smithy::SharedEndpointResolver::new(OfService(self))
    }
}

/// A resolver that takes the parameters of this crate.
#[derive(Debug)]
struct OfService<T>(T);

impl<T: ResolveEndpoint> smithy::ResolveEndpoint for OfService<T> {
    fn resolve_endpoint<'a>(
        &'a self,
        params: &'a smithy::EndpointResolverParams,
    ) -> smithy::EndpointFuture<'a> {
        match params.get::<Params>() {
            Some(params) => self.0.resolve_endpoint(params),
            None => smithy::EndpointFuture::ready(Err(
                "the endpoint parameters are those of another service".into(),
            )),
        }
    }
}

/// Asks a resolver for an endpoint.
pub(crate) async fn resolve(
    resolver: &smithy::SharedEndpointResolver,
    params: Params,
) -> Result<Endpoint, BoxError> {
    use smithy::ResolveEndpoint;

    let mut params = smithy::EndpointResolverParams::new(params);
    resolver.finalize_params(&mut params)?;
    let endpoint = resolver.resolve_endpoint(&params).await?;
    Ok(Endpoint::from(&endpoint))
}

impl From<&SmithyEndpoint> for Endpoint {
    fn from(endpoint: &SmithyEndpoint) -> Self {
        let mut converted = Self::new(endpoint.url());
        for (name, values) in endpoint.headers() {
            for value in values {
                converted = converted.header(name.to_owned(), value);
            }
        }
        converted.auth_schemes.extend(sigv4(endpoint));
        converted
    }
}

/// What the endpoint changes about signing with SigV4.
fn sigv4(endpoint: &SmithyEndpoint) -> Option<AuthScheme> {
    fn text<'a>(scheme: &'a Document, name: &str) -> Option<&'a str> {
        scheme.as_object()?.get(name)?.as_string()
    }

    let typed = endpoint.auth_schemes().iter();
    let property = endpoint.properties().get("authSchemes");
    let untyped = property.and_then(Document::as_array).into_iter().flatten();
    let scheme = typed
        .map(EndpointAuthScheme::as_document)
        .chain(untyped.cloned())
        .find(|scheme| text(scheme, "name") == Some("sigv4"))?;
    Some(AuthScheme {
        signing_name: text(&scheme, "signingName").map(str::to_owned),
        signing_region: text(&scheme, "signingRegion").map(str::to_owned),
        ..AuthScheme::new("sigv4")
    })
}

impl TryFrom<Endpoint> for SmithyEndpoint {
    type Error = EndpointError;

    fn try_from(endpoint: Endpoint) -> Result<Self, EndpointError> {
        if endpoint.url.is_empty() {
            return Err(EndpointError::new("the URL of the endpoint is empty"));
        }
        let scheme = endpoint.sigv4().map(|scheme| {
            let properties = [
                ("signingName", &scheme.signing_name),
                ("signingRegion", &scheme.signing_region),
            ];
            properties.into_iter().fold(
                EndpointAuthScheme::with_capacity(scheme.name, properties.len()),
                |scheme, (name, value)| match value {
                    Some(value) => scheme.put(name, value.clone()),
                    None => scheme,
                },
            )
        });
        let mut builder = Self::builder().url(endpoint.url);
        for (name, value) in endpoint.headers {
            builder = builder.header(name, value);
        }
        if let Some(scheme) = scheme {
            builder = builder.auth_scheme(scheme);
        }
        Ok(builder.build())
    }
}

impl Params {
    /// Starts parameters, for programs that call a resolver.
    pub fn builder() -> ParamsBuilder {
        ParamsBuilder::default()
    }
}

/// Builds [`Params`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ParamsBuilder {
    params: Params,
}

impl ParamsBuilder {
    /// Sets the region.
    pub fn region(self, region: impl Into<String>) -> Self {
        self.set_region(Some(region.into()))
    }

    /// Sets or clears the region.
    pub fn set_region(mut self, region: Option<String>) -> Self {
        self.params.region = region;
        self
    }

    /// Whether the endpoint has to speak IPv4 and IPv6; not set counts as no.
    pub fn use_dual_stack(self, yes: impl Into<bool>) -> Self {
        self.set_use_dual_stack(Some(yes.into()))
    }

    /// Sets or clears whether the endpoint has to speak IPv4 and IPv6.
    pub fn set_use_dual_stack(mut self, yes: Option<bool>) -> Self {
        self.params.use_dual_stack = yes;
        self
    }

    /// Whether the endpoint has to comply with FIPS 140; not set counts as no.
    pub fn use_fips(self, yes: impl Into<bool>) -> Self {
        self.set_use_fips(Some(yes.into()))
    }

    /// Sets or clears whether the endpoint has to comply with FIPS 140.
    pub fn set_use_fips(mut self, yes: Option<bool>) -> Self {
        self.params.use_fips = yes;
        self
    }

    /// Sets the endpoint URL that is configured.
    pub fn endpoint(self, url: impl Into<String>) -> Self {
        self.set_endpoint(Some(url.into()))
    }

    /// Sets or clears the endpoint URL that is configured.
    pub fn set_endpoint(mut self, url: Option<String>) -> Self {
        self.params.endpoint = url;
        self
    }

    /// The parameters, unless the region cannot be part of a host name.
    pub fn build(mut self) -> Result<Params, InvalidParams> {
        if let Some(region) = &self.params.region
            && !is_valid_host_label(region, true)
        {
            return Err(InvalidParams(()));
        }
        self.params.use_dual_stack.get_or_insert(false);
        self.params.use_fips.get_or_insert(false);
        Ok(self.params)
    }
}

/// Parameters that no endpoint has.
#[derive(Debug)]
pub struct InvalidParams(());

impl fmt::Display for InvalidParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the region is not a valid host label")
    }
}

impl std::error::Error for InvalidParams {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_keep_headers_and_the_scope_of_signatures() {
        let scheme = AuthScheme::new("sigv4")
            .signing_name("other")
            .signing_region("us-west-2");
        let endpoint = Endpoint::new("https://example.com")
            .header("x-cell", "1")
            .auth_scheme(scheme);
        let converted = SmithyEndpoint::try_from(endpoint.clone()).unwrap();
        assert_eq!(Endpoint::from(&converted), endpoint);

        let plain = Endpoint::new("https://example.com");
        let converted = SmithyEndpoint::try_from(plain.clone()).unwrap();
        assert_eq!(Endpoint::from(&converted), plain);
    }

    #[test]
    fn schemes_can_be_a_property() {
        let scheme = [("name", "sigv4"), ("signingRegion", "eu-west-1")];
        let scheme = scheme.map(|(name, value)| (name.to_owned(), Document::from(value)));
        let other = Document::Object([("name".to_owned(), "sigv4a".into())].into());
        let endpoint = SmithyEndpoint::builder()
            .url("https://example.com")
            .property("authSchemes", vec![other, Document::Object(scheme.into())])
            .build();
        let expected = AuthScheme::new("sigv4").signing_region("eu-west-1");
        assert_eq!(Endpoint::from(&endpoint).auth_schemes, [expected]);
    }

    #[test]
    fn an_endpoint_without_a_url_is_an_error() {
        let error = SmithyEndpoint::try_from(Endpoint::new("")).unwrap_err();
        assert_eq!(error.to_string(), "the URL of the endpoint is empty");
    }

    #[test]
    fn parameters_have_defaults_and_a_region_that_hosts_can_have() {
        let params = Params::builder().region("us-east-1").build().unwrap();
        assert_eq!(params.use_fips(), Some(false));
        assert_eq!(params.use_dual_stack(), Some(false));
        assert_eq!(params.endpoint(), None);
        let error = Params::builder().region("us east").build().unwrap_err();
        assert_eq!(error.to_string(), "the region is not a valid host label");
        assert!(Params::builder().build().is_ok());
    }
}
