//! From an input to a request: checks, encoding, endpoint.

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Request};
use tracing::{Instrument, debug, debug_span};

use crate::runtime::call::client::Handle;
use crate::runtime::call::trace_id::{X_AMZN_TRACE_ID, trace_id};
use crate::runtime::error::construction::ConstructionError;
use crate::runtime::policy::sign::Scope;
use crate::runtime::service::endpoint::functions::is_valid_host_label;
use crate::runtime::service::endpoint::resolver::resolve;
use crate::runtime::service::endpoint::{Endpoint, Params};
use crate::runtime::service::endpoint_url::prefix_host;
use crate::runtime::service::erased::RequestInput;
use crate::runtime::service::operation::OperationMetadata;
use crate::runtime::wire::codec::{encode, validate};
use crate::runtime::wire::compress::gzip;
use crate::runtime::wire::http::mutated;

const X_AMZ_TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const X_AMZN_QUERY_MODE: HeaderName = HeaderName::from_static("x-amzn-query-mode");

/// A request that can be sent.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub(crate) operation: OperationMetadata,
    pub(crate) request: Request<Bytes>,
    /// Where it goes, if that is asked of the program's resolver before each attempt.
    pub(super) unresolved: Option<Unresolved>,
    /// What the signature is valid for; none for requests that are not signed.
    pub(crate) scope: Option<Scope>,
    /// The operation to ask for the endpoint, if the request may not go to the one it has.
    pub(crate) discover: Option<&'static str>,
}

/// What is known of an endpoint before it is resolved.
#[derive(Clone)]
pub(crate) struct Unresolved {
    pub(crate) params: Params,
    host_prefix: String,
}

impl Handle {
    /// Checks the input and makes everything of the request that all attempts share.
    pub(super) fn prepare(
        &self,
        operation: OperationMetadata,
        input: &dyn RequestInput,
    ) -> Result<Prepared, ConstructionError> {
        let (mut prepared, unresolved) = self.serialize(operation, input)?;
        if self.0.config.endpoint_resolver.is_some() {
            prepared.unresolved = Some(unresolved);
            return Ok(prepared);
        }
        debug_span!("endpoint").in_scope(|| {
            let endpoint = self.endpoint_by_rules(&unresolved.params)?;
            self.route(&mut prepared, endpoint, &unresolved.host_prefix)
        })?;
        self.mutate(&mut prepared)?;
        Ok(prepared)
    }

    /// Checks the input and encodes it; where the request goes is left open.
    pub(crate) fn serialize(
        &self,
        operation: OperationMetadata,
        input: &dyn RequestInput,
    ) -> Result<(Prepared, Unresolved), ConstructionError> {
        let config = &self.0.config;
        if let Some(problem) = &config.problem {
            return Err(ConstructionError::InvalidConfiguration(problem.to_string()));
        }
        if self.0.retries.max_attempts == 0 {
            return Err(ConstructionError::InvalidConfiguration(
                "the number of attempts must be at least 1".to_owned(),
            ));
        }
        let violations = validate(input, config.check_limits.unwrap_or(true));
        if !violations.is_empty() {
            return Err(ConstructionError::InvalidInput(violations));
        }
        let region = self.region()?;
        let mut params = self.endpoint_params(region)?;
        input.set_params(&mut params);
        let by_rules = config.endpoint_resolver.is_none() && config.endpoint_url.is_none();
        let prepared = Prepared {
            operation,
            request: self.request(operation, encode(input).into())?,
            unresolved: None,
            scope: operation.signed.then(|| Scope {
                region: region.map(str::to_owned),
                service: self.0.service.signing_name.to_owned(),
            }),
            discover: operation.endpoint_operation.filter(|_| by_rules),
        };
        let host_prefix = input.prefix();
        Ok((
            prepared,
            Unresolved {
                params,
                host_prefix,
            },
        ))
    }

    fn endpoint_by_rules(&self, params: &Params) -> Result<Endpoint, ConstructionError> {
        (self.0.service.resolve_endpoint)(params).map_err(|error| {
            match (&params.region, &params.endpoint) {
                (None, None) => self.missing_region(),
                _ => ConstructionError::NoEndpoint(error.to_string()),
            }
        })
    }

    /// The request of one attempt, at the endpoint that there is for it now.
    pub(crate) async fn resolve(
        &self,
        prepared: &Prepared,
        unresolved: &Unresolved,
    ) -> Result<Box<Prepared>, ConstructionError> {
        let span = debug_span!("endpoint");
        let endpoint = match &self.0.config.endpoint_resolver {
            Some(resolver) => resolve(resolver, unresolved.params.clone())
                .instrument(span.clone())
                .await
                .map_err(ConstructionError::Other)?,
            None => self.endpoint_by_rules(&unresolved.params)?,
        };
        let mut prepared = Box::new(Prepared {
            operation: prepared.operation,
            request: prepared.request.clone(),
            unresolved: None,
            scope: prepared.scope.clone(),
            discover: prepared.discover,
        });
        span.in_scope(|| self.route(&mut prepared, endpoint, &unresolved.host_prefix))?;
        self.mutate(&mut prepared)?;
        Ok(prepared)
    }

    /// Sets what depends on the endpoint.
    fn route(
        &self,
        prepared: &mut Prepared,
        mut endpoint: Endpoint,
        host_prefix: &str,
    ) -> Result<(), ConstructionError> {
        if !host_prefix.is_empty() {
            endpoint.url = prefix_host(&endpoint.url, host_prefix)?;
        }
        debug!(url = endpoint.url, "endpoint resolved");
        *prepared.request.uri_mut() = self.0.endpoint_urls.parse(&endpoint.url)?;
        for (name, value) in &endpoint.headers {
            let name = HeaderName::try_from(&**name)
                .map_err(|error| ConstructionError::NoEndpoint(error.to_string()))?;
            let headers = prepared.request.headers_mut();
            headers.append(name, header_value(value)?);
        }
        if let (Some(scope), Some(scheme)) = (&mut prepared.scope, endpoint.sigv4()) {
            if let Some(region) = &scheme.signing_region {
                scope.region = Some(region.clone());
            }
            if let Some(service) = &scheme.signing_name {
                scope.service.clone_from(service);
            }
        }
        Ok(())
    }

    /// Lets the program change the request.
    fn mutate(&self, prepared: &mut Prepared) -> Result<(), ConstructionError> {
        let mutations = &self.0.config.mutations;
        if mutations.is_empty() {
            return Ok(());
        }
        let request = std::mem::take(&mut prepared.request);
        prepared.request = mutated(request, mutations).map_err(ConstructionError::Other)?;
        Ok(())
    }

    /// The region, if there is one. Who gives an endpoint and does not sign needs none.
    fn region(&self) -> Result<Option<&str>, ConstructionError> {
        match self.0.config.region.as_ref().map(AsRef::as_ref) {
            Some(region) if !is_valid_host_label(region, false) => {
                Err(ConstructionError::InvalidRegion(region.to_owned()))
            }
            region => Ok(region),
        }
    }

    pub(super) fn missing_region(&self) -> ConstructionError {
        ConstructionError::MissingRegion(self.0.config.region_places.clone())
    }

    /// What the configuration tells the endpoint rules.
    fn endpoint_params(&self, region: Option<&str>) -> Result<Params, ConstructionError> {
        let config = &self.0.config;
        if let Some(url) = &config.endpoint_url {
            self.0.endpoint_urls.parse(&url.0)?;
        }
        Ok(Params {
            region: region.map(str::to_owned),
            use_fips: Some(config.use_fips.unwrap_or_default()),
            use_dual_stack: Some(config.use_dual_stack.unwrap_or_default()),
            endpoint: config.endpoint_url().map(str::to_owned),
            ..Params::default()
        })
    }

    /// The request without what the endpoint and each attempt add.
    fn request(
        &self,
        operation: OperationMetadata,
        body: Bytes,
    ) -> Result<Request<Bytes>, ConstructionError> {
        let service = self.0.service;
        let compressed = operation.compressed.then(|| gzip(&body)).flatten();
        let is_compressed = compressed.is_some();
        let mut request = Request::new(compressed.unwrap_or(body));
        *request.method_mut() = http::Method::POST;
        let length = HeaderValue::from(request.body().len());
        let target = header_value(&format!("{}.{}", service.target_prefix, operation.name))?;
        let headers = request.headers_mut();
        headers.insert(CONTENT_LENGTH, length);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(service.content_type));
        headers.insert(X_AMZ_TARGET, target);
        if is_compressed {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        if service.query_compatible {
            headers.insert(X_AMZN_QUERY_MODE, HeaderValue::from_static("true"));
        }
        if let Some(trace_id) = trace_id(&self.0.environment) {
            request.headers_mut().insert(X_AMZN_TRACE_ID, trace_id);
        }
        Ok(request)
    }
}

/// A header's value, which fails the call if no header can have it.
pub(super) fn header_value(text: &str) -> Result<HeaderValue, ConstructionError> {
    HeaderValue::from_str(text).map_err(|error| ConstructionError::Signing(error.into()))
}

#[cfg(test)]
mod tests {
    use aws_types::region::Region;

    use super::*;
    use crate::runtime::configuration::config::Config;
    use crate::runtime::service::test_service::SERVICE;
    use crate::runtime::wire::codec::{EncodeMembers, MemberSink};

    /// An input with something to say of the host.
    struct Prefixed;

    impl EncodeMembers for Prefixed {
        fn members(&self, _: &mut dyn MemberSink) {}
    }

    impl RequestInput for Prefixed {
        fn set_params(&self, _: &mut Params) {}

        fn prefix(&self) -> String {
            "data-".to_owned()
        }
    }

    #[test]
    fn the_host_prefix_goes_before_any_endpoint() {
        let operation = OperationMetadata {
            name: "Op",
            errors: &[],
            signed: false,
            compressed: false,
            endpoint_operation: None,
        };
        let config = Config::builder().region(Region::new("us-east-1"));
        for (config, uri) in [
            (config.clone(), "https://data-rules/"),
            (
                config.endpoint_url("http://mine:81/x"),
                "http://data-mine:81/x/",
            ),
        ] {
            let prepared = Handle::new(config.build(), &SERVICE)
                .prepare(operation, &Prefixed)
                .map_err(|error| error.to_string())
                .unwrap();
            assert_eq!(prepared.request.uri(), uri);
        }
    }
}
