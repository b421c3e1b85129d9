//! The life of a call, from an input to an output: check, encode, endpoint, identity, signature,
//! attempts, decode. All but the ends is compiled once, whatever the operation.

use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_runtime_api::client::endpoint::SharedEndpointResolver;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::request_id::RequestId;
use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, USER_AGENT};
use http::{HeaderName, HeaderValue, Request, Response, Uri};
use tracing::{Instrument, debug, debug_span};

use crate::runtime::base::boxed::BoxFuture;
use crate::runtime::base::environment::Environment;
use crate::runtime::base::time::{Clock, Elapsed, SharedClock, timeout};
use crate::runtime::base::untrusted::Untrusted;
use crate::runtime::call::trace_id::{X_AMZN_TRACE_ID, trace_id};
use crate::runtime::call::user_agent::UserAgent;
use crate::runtime::configuration::config::{Authentication, Builder, Config};
use crate::runtime::configuration::invocation_id::{InvocationId, InvocationIdGenerator};
use crate::runtime::error::call_info::{CallInfo, TimeLimit};
use crate::runtime::error::construction::ConstructionError;
use crate::runtime::error::metadata::ErrorMetadata;
use crate::runtime::error::modeled::FromErrorResponse;
use crate::runtime::error::response::{error_metadata, read_output};
use crate::runtime::error::sdk_error::{
    ConstructionFailure, DispatchFailure, ResponseError, SdkError, ServiceError, TimeoutError,
};
use crate::runtime::policy::clock_skew::{ClockSkew, ServiceClock, Skew};
use crate::runtime::policy::identity::CredentialsCache;
use crate::runtime::policy::retry::{
    Attempt, AttemptFailure, ClassifyRetry, RETRY_AFTER, Retries, RetryAction, Tokens, classify,
    is_throttling, retry_after,
};
use crate::runtime::policy::sign::{Scope, amz_date, sign_request};
use crate::runtime::service::discovery::{Discovered, read_endpoint};
use crate::runtime::service::endpoint::functions::is_valid_host_label;
use crate::runtime::service::endpoint::resolver::resolve;
use crate::runtime::service::endpoint::{Endpoint, Params};
use crate::runtime::service::endpoint_url::{EndpointUrls, prefix_host};
use crate::runtime::service::metadata::ServiceMetadata;
use crate::runtime::service::operation::{Operation, OperationMetadata, SetRequestId};
use crate::runtime::wire::codec::{Decode, EncodeMembers, Unit, encode, validate};
use crate::runtime::wire::compress::gzip;
use crate::runtime::wire::http::{
    ConnectorError, Map, SharedTransport, Transport, carry_input, into_smithy, map, request_id,
    take_answer, take_error,
};

const X_AMZ_TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const X_AMZ_USER_AGENT: HeaderName = HeaderName::from_static("x-amz-user-agent");
const X_AMZN_QUERY_MODE: HeaderName = HeaderName::from_static("x-amzn-query-mode");
const AMZ_SDK_INVOCATION_ID: HeaderName = HeaderName::from_static("amz-sdk-invocation-id");
const AMZ_SDK_REQUEST: HeaderName = HeaderName::from_static("amz-sdk-request");

/// What the clones of a client share.
#[derive(Clone, Debug)]
pub struct Handle(Arc<Shared>);

#[derive(Clone, Debug)]
struct Shared {
    config: Config,
    service: &'static ServiceMetadata,
    environment: Environment,
    user_agent: UserAgent,
    time: SharedClock,
    timeouts: TimeoutConfig,
    transport: SharedTransport,
    identity: Arc<CredentialsCache>,
    endpoint_urls: Arc<EndpointUrls>,
    retries: Retries,
    clock_skew: Arc<ClockSkew>,
    /// Where the service wants to be called, if it tells that by an operation.
    discovered: Arc<Mutex<Option<Discovered>>>,
    mutations: Vec<Mutation>,
}

/// A change to every request, before it is signed.
#[derive(Clone)]
pub(crate) struct Mutation(pub(crate) Arc<Map>);

impl fmt::Debug for Mutation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mutation")
    }
}

/// A request that can be sent.
#[derive(Clone)]
struct Prepared {
    operation: OperationMetadata,
    request: Request<Bytes>,
    /// Where it goes, if that is asked of the program's resolver before each attempt.
    unresolved: Option<Arc<Unresolved>>,
    /// What the signature is valid for; none for requests that are not signed.
    scope: Option<Scope>,
    /// The operation to ask for the endpoint, if the request may not go to the one it has.
    discover: Option<&'static str>,
}

/// What is known of an endpoint before its resolver has been asked.
struct Unresolved {
    resolver: SharedEndpointResolver,
    params: Params,
    host_prefix: String,
}

/// Why an exchange did not end in a success, before the operation's error type comes in.
enum Failure {
    Construction(ConstructionError),
    Timeout(TimeLimit),
    Dispatch(ConnectorError),
    Service(Box<(HttpResponse, ErrorMetadata)>),
}

impl From<ConstructionError> for Failure {
    fn from(error: ConstructionError) -> Self {
        Self::Construction(error)
    }
}

impl Handle {
    pub(crate) fn new(config: Config, service: &'static ServiceMetadata) -> Self {
        let environment = config.environment.clone().unwrap_or_default();
        let time = config.resolved_clock();
        Self(Arc::new(Shared {
            service,
            user_agent: UserAgent::new(service, &config, &environment),
            transport: config.resolved_transport(),
            identity: Arc::new(CredentialsCache::new(
                config.identity_cache().unwrap_or_default(),
            )),
            endpoint_urls: Arc::default(),
            retries: Retries::new(config.retry_config.as_ref(), config.retry_version, &time)
                .in_partition(config.retry_partition.as_ref()),
            clock_skew: Arc::default(),
            discovered: Arc::default(),
            mutations: Vec::new(),
            timeouts: config.timeouts(),
            environment,
            time,
            config,
        }))
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    /// The same client with some of its configuration changed. What the change does not concern is
    /// shared: connections, credentials, retry tokens.
    pub(crate) fn overridden(&self, changes: Builder) -> Self {
        let changes = changes.config;
        let mut shared = Shared::clone(&self.0);
        shared.config = shared.config.overridden_by(changes.clone());
        let config = &shared.config;
        if changes.clock.is_some() || changes.time_source.is_some() || changes.sleep_impl.is_some()
        {
            shared.time = config.resolved_clock();
            // What was learned is about the other clock.
            shared.clock_skew = Arc::default();
        }
        if let Some(environment) = changes.environment {
            shared.environment = environment;
        }
        shared.user_agent = UserAgent::new(shared.service, config, &shared.environment);
        shared.timeouts = config.timeouts();
        // Smithy's clients take time limits and clock from the configuration.
        if changes.sender.is_some()
            || config.http_client().is_some()
            || config.transport_settings() != self.0.config.transport_settings()
        {
            shared.transport = config.resolved_transport();
        }
        if changes.credentials_provider.is_some() || changes.identity_cache.is_some() {
            shared.identity = Arc::new(CredentialsCache::new(
                config.identity_cache().unwrap_or_default(),
            ));
        }
        if changes.retry_config.is_some() || changes.retry_version.is_some() {
            shared.retries = shared.retries.with_rules(
                config.retry_config.as_ref(),
                config.retry_version,
                &shared.time,
            );
        }
        if changes.retry_partition.is_some() {
            let retries = shared.retries.clone();
            shared.retries = retries.in_partition(config.retry_partition.as_ref());
        }
        if changes.region.is_some()
            || changes.use_fips.is_some()
            || changes.use_dual_stack.is_some()
        {
            shared.discovered = Arc::default();
        }
        Self(Arc::new(shared))
    }

    /// The same client with a change to every request, before it is signed.
    pub(crate) fn mutating(&self, mutation: Mutation) -> Self {
        let mut shared = Shared::clone(&self.0);
        shared.mutations.push(mutation);
        Self(Arc::new(shared))
    }

    /// How many retry tokens are left.
    #[cfg(feature = "test-util")]
    pub(crate) fn retry_tokens(&self) -> u32 {
        self.0.retries.tokens()
    }

    /// Performs an operation.
    pub(crate) async fn call<I: Operation>(
        &self,
        mut input: I,
    ) -> Result<I::Output, SdkError<I::Error>> {
        let metadata = OperationMetadata::of::<I>();
        let span = I::span();
        let mut progress = Progress::start(metadata.name, &self.0.time);
        input.fill_idempotency_tokens();
        let prepared = span.in_scope(|| {
            let params = &|params: &mut Params| input.endpoint_params(params);
            self.prepare(metadata, &input, params, &input.host_prefix())
        });
        let prepared = prepared.map(|mut prepared| {
            carry_input(&mut prepared.request, metadata.name, input);
            prepared
        });
        // Behind a pointer, so that the futures of programs stay small and cheap to move.
        let exchange: BoxFuture<'_, _> = Box::pin(self.exchange_in_time(&mut progress, prepared));
        let response = match exchange.instrument(span.clone()).await {
            Ok(response) => response,
            Err(Failure::Service(service)) => {
                let (response, meta) = *service;
                let throttled = is_throttling(&response, meta.code(), self.0.service, metadata);
                let call = progress
                    .info()
                    .answered(response.status().into(), meta.request_id())
                    .refused(throttled, meta.hint());
                let body = response.body().bytes().unwrap_or_default();
                let error = take_error(&response)
                    .unwrap_or_else(|| I::Error::from_error_response(meta, body));
                return Err(SdkError::ServiceError(ServiceError::new(
                    call, error, response,
                )));
            }
            Err(Failure::Construction(error)) => {
                return Err(SdkError::ConstructionFailure(ConstructionFailure::new(
                    progress.info(),
                    error,
                )));
            }
            Err(Failure::Timeout(limit)) => {
                return Err(SdkError::TimeoutError(TimeoutError::new(
                    progress.info(),
                    limit,
                )));
            }
            Err(Failure::Dispatch(error)) => {
                return Err(SdkError::DispatchFailure(DispatchFailure::new(
                    progress.info(),
                    error,
                )));
            }
        };
        let _decoding = span.in_scope(|| debug_span!("decode")).entered();
        let mut output = match take_answer(&response) {
            Some(answer) => answer,
            None => {
                let mut output = I::Output::unset();
                if let Err((error, hint)) = read_output(&response, &mut output) {
                    debug!(%error, "the response cannot be read");
                    let id = request_id(response.headers());
                    let call = progress.info().answered(response.status(), id);
                    return Err(SdkError::ResponseError(ResponseError::new(
                        call.advise(hint),
                        error,
                        into_smithy(response),
                    )));
                }
                output
            }
        };
        output.set_request_id(request_id(response.headers()));
        Ok(output)
    }

    /// Checks the input and makes everything of the request that all attempts share.
    fn prepare(
        &self,
        operation: OperationMetadata,
        input: &dyn EncodeMembers,
        operation_params: &dyn Fn(&mut Params),
        host_prefix: &str,
    ) -> Result<Prepared, ConstructionError> {
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
        operation_params(&mut params);
        let mut prepared = Prepared {
            operation,
            request: self.request(operation, encode(input).into())?,
            unresolved: None,
            scope: operation.signed.then(|| Scope {
                region: region.map(str::to_owned),
                service: self.0.service.signing_name.to_owned(),
            }),
            discover: None,
        };
        if let Some(resolver) = &config.endpoint_resolver {
            prepared.unresolved = Some(Arc::new(Unresolved {
                resolver: resolver.clone(),
                params,
                host_prefix: host_prefix.to_owned(),
            }));
            return Ok(prepared);
        }
        debug_span!("endpoint").in_scope(|| {
            let endpoint = (self.0.service.resolve_endpoint)(&params).map_err(|error| {
                match (&params.region, &params.endpoint) {
                    (None, None) => self.missing_region(),
                    _ => ConstructionError::NoEndpoint(error.to_string()),
                }
            })?;
            self.route(&mut prepared, endpoint, host_prefix)
        })?;
        self.mutate(&mut prepared)?;
        if config.endpoint_url.is_none() {
            prepared.discover = operation.endpoint_operation;
        }
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
        if self.0.mutations.is_empty() {
            return Ok(());
        }
        let mutations = self.0.mutations.iter().map(|mutation| &*mutation.0);
        let request = std::mem::take(&mut prepared.request);
        prepared.request = map(request, mutations).map_err(ConstructionError::Other)?;
        Ok(())
    }

    /// The request of one attempt, at the endpoint that the program's resolver has for it.
    async fn resolve(
        &self,
        prepared: &Prepared,
        unresolved: &Unresolved,
    ) -> Result<Box<Prepared>, ConstructionError> {
        let span = debug_span!("endpoint");
        let endpoint =
            resolve(&unresolved.resolver, unresolved.params.clone()).instrument(span.clone());
        let endpoint = endpoint.await.map_err(ConstructionError::Other)?;
        let mut prepared = Box::new(prepared.clone());
        span.in_scope(|| self.route(&mut prepared, endpoint, &unresolved.host_prefix))?;
        self.mutate(&mut prepared)?;
        Ok(prepared)
    }

    /// Sends a request until it is answered for good, or the time for the operation is over.
    async fn exchange_in_time(
        &self,
        progress: &mut Progress<'_>,
        prepared: Result<Prepared, ConstructionError>,
    ) -> Result<Response<Bytes>, Failure> {
        let prepared =
            prepared.inspect_err(|error| debug!(%error, "the request cannot be made"))?;
        let limit = self.0.timeouts.operation_timeout();
        let exchange = pin!(self.exchange(progress, prepared));
        within(&self.0.time, limit.map(TimeLimit::operation), exchange).await
    }

    /// Sends a request until it is answered for good.
    async fn exchange(
        &self,
        progress: &mut Progress<'_>,
        mut prepared: Prepared,
    ) -> Result<Response<Bytes>, Failure> {
        if let Some(operation) = prepared.discover {
            *prepared.request.uri_mut() = self.discover(operation, progress).await?;
        }
        let Shared {
            config,
            time,
            retries,
            ..
        } = &*self.0;
        let invocation_id = match &config.invocation_id_generator {
            None => Some(InvocationId::new(uuid::Uuid::new_v4().to_string())),
            Some(generator) => generator.generate().map_err(ConstructionError::Other)?,
        };
        let invocation_id = invocation_id.as_deref().map(header_value).transpose()?;
        let limit = self.0.timeouts.operation_attempt_timeout();
        let corrects = !config.disable_clock_skew_correction.unwrap_or(false);
        let mut clock = ServiceClock::new(corrects.then_some(&*self.0.clock_skew));
        // What the last retry has cost; given back when this is dropped.
        let mut tokens: Option<Tokens> = None;
        let mut number = 0;
        loop {
            retries.wait_for_turn(time).await;
            number += 1;
            let outcome = {
                let id = invocation_id.as_ref();
                let attempt = self.attempt(&prepared, id, number, progress, &mut clock);
                let attempt = pin!(attempt.instrument(debug_span!("attempt", number)));
                within(time, limit.map(TimeLimit::attempt), attempt).await
            };
            let failure = match outcome {
                Ok(response) => {
                    retries.observe(RetryAction::NoActionIndicated, time);
                    retries.succeed(tokens);
                    return Ok(response);
                }
                Err(failure) => failure,
            };
            let (action, retry_after) = self.judge(prepared.operation, number, &failure, &clock);
            retries.observe(action, time);
            // The last retry, if this was one, has failed: its tokens are gone.
            if let Some(tokens) = tokens.take() {
                tokens.spend();
            }
            let RetryAction::RetryIndicated(reason) = action else {
                return Err(failure);
            };
            let Some(retry) = retries.retry(reason, number, retry_after, time) else {
                progress.out_of_tokens = number < retries.max_attempts;
                return Err(failure);
            };
            debug!(attempt = number, ?action, delay = ?retry.delay, "retrying");
            tokens = Some(retry.tokens);
            time.sleep(retry.delay).await;
        }
    }

    /// Signs the request and sends it once.
    async fn attempt(
        &self,
        prepared: &Prepared,
        invocation_id: Option<&HeaderValue>,
        number: u32,
        progress: &mut Progress<'_>,
        clock: &mut ServiceClock<'_>,
    ) -> Result<Response<Bytes>, Failure> {
        let Shared {
            config,
            time,
            identity,
            transport,
            user_agent,
            ..
        } = &*self.0;
        let resolved;
        let prepared = match &prepared.unresolved {
            Some(unresolved) => {
                resolved = Box::pin(self.resolve(prepared, unresolved)).await?;
                &*resolved
            }
            None => prepared,
        };
        let mut request = prepared.request.clone();
        let auth = match &config.auth {
            Some(auth) if prepared.scope.is_some() => {
                (auth.choose)(config, time, prepared.operation.name).await?
            }
            _ => Authentication::Default,
        };
        let credentials = match (&auth, &prepared.scope, &config.credentials_provider) {
            (Authentication::Default, Some(_), None) if config.allow_no_auth => None,
            (Authentication::Default, Some(_), None) => {
                return Err(ConstructionError::MissingCredentials.into());
            }
            (Authentication::Default, Some(scope), Some(_)) if scope.region.is_none() => {
                return Err(self.missing_region().into());
            }
            (Authentication::Default, Some(_), Some(provider)) => {
                let credentials = identity.credentials(provider, time);
                Some(credentials.instrument(debug_span!("identity")).await?)
            }
            _ => None,
        };
        let user_agent = header_value(&user_agent.value(credentials.as_ref()))?;
        let headers = request.headers_mut();
        headers.insert(USER_AGENT, user_agent.clone());
        headers.insert(X_AMZ_USER_AGENT, user_agent);
        let skew = clock.start_attempt();
        if let (Some(scope), Some(credentials)) = (&prepared.scope, &credentials) {
            debug_span!("signing", region = scope.region, service = scope.service)
                .in_scope(|| {
                    let now = skew.apply(time.now());
                    debug!(?now, "signing");
                    sign_request(&mut request, credentials, scope, now)
                })
                .map_err(ConstructionError::Signing)?;
        }
        if let Authentication::Scheme(sign) = auth {
            request = map(request, [&*sign]).map_err(ConstructionError::Signing)?;
        }
        let info = header_value(&self.request_info(number, skew))?;
        // Not signed: proxies may change them.
        let headers = request.headers_mut();
        if let Some(id) = invocation_id {
            headers.insert(AMZ_SDK_INVOCATION_ID, id.clone());
        }
        headers.insert(AMZ_SDK_REQUEST, info);

        debug!(bytes = request.body().len(), "sending");
        progress.requests += 1;
        let sent = time.now();
        let result = transport
            .call(request)
            .instrument(debug_span!("transmit"))
            .await;
        let response = result.map_err(|error| {
            debug!(%error, "no response");
            Failure::Dispatch(error)
        })?;
        let request_id = Untrusted(request_id(response.headers()).unwrap_or_default());
        debug!(
            status = response.status().as_u16(),
            request_id = request_id.to_string(),
            bytes = response.body().len(),
            "response"
        );
        clock.learn(sent, time.now(), &response);
        if response.status().is_success() {
            return Ok(response);
        }
        let meta = error_metadata(&response, self.0.service.hints);
        if let Some(credentials) = &credentials {
            identity.refused(credentials, meta.code());
        }
        debug!(error = %meta, "service error");
        Err(Failure::Service(Box::new((into_smithy(response), meta))))
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

    /// Whether a failed attempt is worth repeating, and when the service wants it repeated.
    fn judge(
        &self,
        operation: OperationMetadata,
        number: u32,
        failure: &Failure,
        clock: &ServiceClock<'_>,
    ) -> (RetryAction, Option<Duration>) {
        let failure = match failure {
            Failure::Construction(_) => return (RetryAction::NoActionIndicated, None),
            Failure::Timeout(_) => AttemptFailure::Timeout,
            Failure::Dispatch(error) => AttemptFailure::Dispatch(error),
            Failure::Service(service) => AttemptFailure::Service {
                response: &service.0,
                code: service.1.code(),
            },
        };
        let attempt = Attempt {
            operation: operation.name,
            number,
            failure,
        };
        let mut action = classify(&attempt, self.0.service, operation);
        if attempt
            .error_code()
            .is_some_and(|code| clock.explains(code))
        {
            action = RetryAction::transient_error();
        }
        for classifier in &self.0.config.retry_classifiers {
            match classifier.classify_retry(&attempt) {
                RetryAction::NoActionIndicated => {}
                RetryAction::RetryForbidden => return (RetryAction::RetryForbidden, None),
                decided => action = decided,
            }
        }
        let headers = attempt.response().map(HttpResponse::headers);
        let retry_after = headers
            .and_then(|headers| headers.get(RETRY_AFTER))
            .and_then(retry_after);
        (action, retry_after)
    }

    /// The endpoint that the service tells by `operation`, asked anew when the last answer is over.
    async fn discover(
        &self,
        operation: &'static str,
        progress: &mut Progress<'_>,
    ) -> Result<Uri, Failure> {
        // Locked only to look and to keep: calls that ask at the same time each get an answer, and
        // none waits for another one that may not be polled.
        let known = || {
            let discovered = self.0.discovered.lock();
            discovered.unwrap_or_else(PoisonError::into_inner)
        };
        let now = self.0.time.elapsed();
        let valid = known().clone().filter(|known| known.valid_until > now);
        let discovered = match valid {
            Some(discovered) => discovered,
            None => {
                let metadata = OperationMetadata {
                    name: operation,
                    errors: &[],
                    signed: true,
                    compressed: false,
                    endpoint_operation: None,
                };
                let prepared = self.prepare(metadata, &Unit, &|_| (), "")?;
                let response = Box::pin(self.exchange(progress, prepared)).await?;
                read_endpoint(&response, self.0.time.elapsed())
                    .map_err(|error| ConstructionError::NoEndpoint(error.to_string()))?
            }
        };
        let uri = self.0.endpoint_urls.parse(&discovered.url)?;
        *known() = Some(discovered);
        Ok(uri)
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

    fn missing_region(&self) -> ConstructionError {
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

/// Gives a future this much time, if any is set.
async fn within<T>(
    time: &dyn Clock,
    limit: Option<TimeLimit>,
    future: Pin<&mut (dyn Future<Output = Result<T, Failure>> + Send)>,
) -> Result<T, Failure> {
    let Some(limit) = limit else {
        return future.await;
    };
    match timeout(time, limit.duration(), future).await {
        Ok(result) => result,
        Err(Elapsed) => {
            debug!(%limit, "time ran out");
            Err(Failure::Timeout(limit))
        }
    }
}

/// How far a call has come.
struct Progress<'a> {
    operation: &'static str,
    /// How many requests were sent.
    requests: u32,
    /// Whether the last failure would have been followed by a retry, had there been tokens for it.
    out_of_tokens: bool,
    time: &'a dyn Clock,
    started: Duration,
}

impl<'a> Progress<'a> {
    fn start(operation: &'static str, time: &'a dyn Clock) -> Self {
        Self {
            operation,
            requests: 0,
            out_of_tokens: false,
            time,
            started: time.elapsed(),
        }
    }

    fn info(&self) -> CallInfo {
        let elapsed = self.time.elapsed().saturating_sub(self.started);
        let call = CallInfo::new(self.operation, self.requests, elapsed);
        match self.out_of_tokens {
            true => call.out_of_tokens(),
            false => call,
        }
    }
}

fn header_value(text: &str) -> Result<HeaderValue, ConstructionError> {
    HeaderValue::from_str(text).map_err(|error| ConstructionError::Signing(error.into()))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::task::{Context, Poll, Waker};
    use std::time::SystemTime;

    use aws_credential_types::Credentials;
    use aws_smithy_types::retry::RetryConfig;
    use aws_types::region::Region;
    use http::{HeaderMap, StatusCode};

    use super::*;
    use crate::runtime::service::test_service::SERVICE;
    use crate::runtime::wire::http::response;

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
                .prepare(operation, &Unit, &|_| (), "data-")
                .map_err(|error| error.to_string())
                .unwrap();
            assert_eq!(prepared.request.uri(), uri);
        }
    }

    /// A service that tells its endpoint when it is asked for the second time, and keeps the URLs
    /// that requests went to.
    #[derive(Clone, Default)]
    struct Discoverable(Arc<Mutex<Vec<String>>>);

    impl Transport for Discoverable {
        fn call(
            &self,
            request: Request<Bytes>,
        ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
            let mut urls = self.0.lock().unwrap();
            urls.push(request.uri().to_string());
            let (status, body) = match urls.len() {
                1 => (500, ""),
                _ => (200, r#"{"Endpoints":[{"Address":"cell-1.example.com"}]}"#),
            };
            let status = StatusCode::from_u16(status).unwrap();
            let answer = response(status, HeaderMap::new(), body);
            Box::pin(async { Ok(answer) })
        }
    }

    /// A clock that stands still.
    struct Still;

    impl Clock for Still {
        fn now(&self) -> SystemTime {
            SystemTime::UNIX_EPOCH
        }

        fn elapsed(&self) -> Duration {
            Duration::ZERO
        }

        fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
            Box::pin(async {})
        }
    }

    const DISCOVERING: OperationMetadata = OperationMetadata {
        name: "Op",
        errors: &[],
        signed: false,
        compressed: false,
        endpoint_operation: Some("DescribeEndpoints"),
    };

    #[test]
    fn requests_that_look_for_the_endpoint_count_as_sent() {
        for (attempts, requests, is_ok) in [(1, 1, false), (2, 3, true)] {
            let transport = Discoverable::default();
            let retries = RetryConfig::standard().with_max_attempts(attempts);
            let config = Config::builder()
                .region(Region::new("us-east-1"))
                .credentials_provider(Credentials::new("AKID", "secret", None, None, "test"))
                .retry_config(retries)
                .clock(Still)
                .transport(transport.clone());
            let handle = Handle::new(config.build(), &SERVICE);
            let prepared = handle.prepare(DISCOVERING, &Unit, &|_| (), "");
            let time = &handle.0.time;
            let mut progress = Progress::start("Op", time);
            let mut exchange = Box::pin(handle.exchange_in_time(&mut progress, prepared));
            let result = exchange
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()));
            assert_eq!(matches!(result, Poll::Ready(Ok(_))), is_ok);
            drop(exchange);
            assert_eq!(progress.info().attempts(), requests);
            let urls = transport.0.lock().unwrap();
            let expected = [
                "https://rules/",
                "https://rules/",
                "https://cell-1.example.com/",
            ];
            assert_eq!(urls[..], expected[..urls.len()]);
        }
    }

    /// Answers everything but the first request with an endpoint.
    #[derive(Clone, Default)]
    struct LosesTheFirst(Arc<Mutex<usize>>);

    impl Transport for LosesTheFirst {
        fn call(
            &self,
            _: Request<Bytes>,
        ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
            let mut count = self.0.lock().unwrap();
            *count += 1;
            if *count == 1 {
                return Box::pin(std::future::pending());
            }
            let body = r#"{"Endpoints":[{"Address":"cell-1.example.com"}]}"#;
            let answer = response(StatusCode::OK, HeaderMap::new(), body);
            Box::pin(async { Ok(answer) })
        }
    }

    #[test]
    fn a_call_that_is_set_aside_while_it_looks_for_the_endpoint_holds_up_no_other() {
        let config = Config::builder()
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("AKID", "secret", None, None, "test"))
            .transport(LosesTheFirst::default());
        let handle = Handle::new(config.build(), &SERVICE);
        let mut progress = [(); 2].map(|()| Progress::start("Op", &handle.0.time));
        let [mut first, mut second] = progress.each_mut().map(|progress| {
            let prepared = handle.prepare(DISCOVERING, &Unit, &|_| (), "");
            Box::pin(handle.exchange_in_time(progress, prepared))
        });
        let mut context = Context::from_waker(Waker::noop());
        assert!(first.as_mut().poll(&mut context).is_pending());
        assert!(second.as_mut().poll(&mut context).is_ready());
    }
}
