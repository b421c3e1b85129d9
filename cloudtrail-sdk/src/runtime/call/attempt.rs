//! One attempt: identity, signature, and what each attempt adds to the request.

use std::slice;

use aws_credential_types::Credentials;
use bytes::Bytes;
use http::header::USER_AGENT;
use http::{HeaderName, HeaderValue, Request, Response};
use tracing::{Instrument, debug, debug_span};

use crate::runtime::base::time::Clock;
use crate::runtime::base::untrusted::Untrusted;
use crate::runtime::call::client::Handle;
use crate::runtime::call::failure::{Failure, Progress};
use crate::runtime::call::prepare::{Prepared, header_value};
use crate::runtime::configuration::config::Authentication;
use crate::runtime::error::construction::ConstructionError;
use crate::runtime::error::metadata::ErrorMetadata;
use crate::runtime::error::response::error_metadata;
use crate::runtime::policy::clock_skew::{ServiceClock, Skew};
use crate::runtime::policy::sign::{Scope, amz_date, sign_request};
use crate::runtime::service::operation::OperationMetadata;
use crate::runtime::wire::http::{
    ConnectorError, Mutation, Transport, into_smithy, mutated, request_id,
};

const X_AMZ_USER_AGENT: HeaderName = HeaderName::from_static("x-amz-user-agent");
const AMZ_SDK_INVOCATION_ID: HeaderName = HeaderName::from_static("amz-sdk-invocation-id");
const AMZ_SDK_REQUEST: HeaderName = HeaderName::from_static("amz-sdk-request");

/// How a request is signed.
pub(crate) enum Signer {
    /// Not at all.
    None,
    /// By SigV4.
    Credentials(Credentials),
    /// By a scheme of the program.
    Scheme(Mutation),
}

impl Signer {
    pub(crate) fn credentials(&self) -> Option<&Credentials> {
        match self {
            Self::Credentials(credentials) => Some(credentials),
            _ => None,
        }
    }
}

impl Handle {
    /// Signs the request and sends it once.
    pub(super) async fn attempt(
        &self,
        prepared: &Prepared,
        invocation_id: Option<&HeaderValue>,
        number: u32,
        progress: &mut Progress<'_>,
        clock: &mut ServiceClock<'_>,
    ) -> Result<Response<Bytes>, Failure> {
        let resolved;
        let prepared = match &prepared.unresolved {
            Some(unresolved) => {
                resolved = Box::pin(self.resolve(prepared, unresolved)).await?;
                &*resolved
            }
            None => prepared,
        };
        let mut request = prepared.request.clone();
        let scope = prepared.scope.as_ref();
        let signer = self.signer(prepared.operation, scope).await?;
        self.set_user_agent(&mut request, signer.credentials())?;
        let skew = clock.start_attempt();
        let mut request = self.sign(request, scope, &signer, skew)?;
        self.number(&mut request, invocation_id, number, skew)?;
        let response = self.transmit(request, progress, clock).await?;
        if response.status().is_success() {
            return Ok(response);
        }
        let meta = self.refused(&response, signer.credentials());
        Err(Failure::Service(Box::new((into_smithy(response), meta))))
    }

    /// How an attempt at the operation is signed, if it has to be, by the program's choice or ours.
    pub(crate) async fn signer(
        &self,
        operation: OperationMetadata,
        scope: Option<&Scope>,
    ) -> Result<Signer, ConstructionError> {
        let config = &self.0.config;
        let Some(scope) = scope else {
            return Ok(Signer::None);
        };
        if let Some(auth) = &config.auth {
            match (auth.choose)(config, &self.0.time, operation.name).await? {
                Authentication::Default => {}
                Authentication::None => return Ok(Signer::None),
                Authentication::Scheme(sign) => return Ok(Signer::Scheme(sign)),
            }
        }
        match &config.credentials_provider {
            None if config.allow_no_auth => Ok(Signer::None),
            None => Err(ConstructionError::MissingCredentials),
            Some(_) if scope.region.is_none() => Err(self.missing_region()),
            Some(provider) => {
                let credentials = self.0.identity.credentials(provider, &self.0.time);
                let credentials = credentials.instrument(debug_span!("identity")).await?;
                Ok(Signer::Credentials(credentials))
            }
        }
    }

    pub(crate) fn set_user_agent(
        &self,
        request: &mut Request<Bytes>,
        credentials: Option<&Credentials>,
    ) -> Result<(), ConstructionError> {
        let user_agent = header_value(&self.0.user_agent.value(credentials))?;
        let headers = request.headers_mut();
        headers.insert(USER_AGENT, user_agent.clone());
        headers.insert(X_AMZ_USER_AGENT, user_agent);
        Ok(())
    }

    /// Signs the request, if it has to be signed, at the time of the service's clock.
    pub(crate) fn sign(
        &self,
        mut request: Request<Bytes>,
        scope: Option<&Scope>,
        signer: &Signer,
        skew: Skew,
    ) -> Result<Request<Bytes>, ConstructionError> {
        match (signer, scope) {
            (Signer::Credentials(credentials), Some(scope)) => {
                let span = debug_span!("signing", region = scope.region, service = scope.service);
                let signed = span.in_scope(|| {
                    let now = skew.apply(self.0.time.now());
                    debug!(?now, "signing");
                    sign_request(&mut request, credentials, scope, now)
                });
                signed.map(|()| request)
            }
            (Signer::Scheme(sign), _) => mutated(request, slice::from_ref(sign)),
            _ => Ok(request),
        }
        .map_err(ConstructionError::Signing)
    }

    /// Adds by what the service recognizes the call and the attempt. It is not signed: proxies may
    /// change it.
    pub(crate) fn number(
        &self,
        request: &mut Request<Bytes>,
        invocation_id: Option<&HeaderValue>,
        number: u32,
        skew: Skew,
    ) -> Result<(), ConstructionError> {
        let info = header_value(&self.request_info(number, skew))?;
        let headers = request.headers_mut();
        if let Some(id) = invocation_id {
            headers.insert(AMZ_SDK_INVOCATION_ID, id.clone());
        }
        headers.insert(AMZ_SDK_REQUEST, info);
        Ok(())
    }

    /// Sends the request, and learns from the response what the service's clock shows.
    pub(crate) async fn transmit(
        &self,
        request: Request<Bytes>,
        progress: &mut Progress<'_>,
        clock: &mut ServiceClock<'_>,
    ) -> Result<Response<Bytes>, ConnectorError> {
        let time = &self.0.time;
        debug!(bytes = request.body().len(), "sending");
        progress.requests += 1;
        let sent = time.now();
        let result = self
            .0
            .transport
            .call(request)
            .instrument(debug_span!("transmit"))
            .await;
        let response = result.inspect_err(|error| debug!(%error, "no response"))?;
        let request_id = Untrusted(request_id(response.headers()).unwrap_or_default());
        debug!(
            status = response.status().as_u16(),
            request_id = request_id.to_string(),
            bytes = response.body().len(),
            "response"
        );
        clock.learn(sent, time.now(), &response);
        Ok(response)
    }

    /// What a response that is no success says.
    pub(crate) fn refused(
        &self,
        response: &Response<Bytes>,
        credentials: Option<&Credentials>,
    ) -> ErrorMetadata {
        let meta = error_metadata(response, self.0.service.hints);
        if let Some(credentials) = credentials {
            self.0.identity.refused(credentials, meta.code());
        }
        debug!(error = %meta, "service error");
        meta
    }

    /// What `amz-sdk-request` tells of an attempt: its number, of how many, and until when somebody
    /// waits for the answer, if that is no later than such a date can be.
    fn request_info(&self, number: u32, skew: Skew) -> String {
        let attempt = format!("attempt={number}; max={}", self.0.retries.max_attempts);
        let limit = self.0.timeouts.read_timeout().filter(|_| number > 1);
        let until = limit
            .and_then(|limit| self.0.time.now().checked_add(limit))
            .and_then(|until| amz_date(skew.apply(until)).ok());
        match until {
            Some(until) => format!("ttl={until}; {attempt}"),
            None => attempt,
        }
    }
}
