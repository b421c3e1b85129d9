//! Calls with interceptors or retry classifiers: what other calls do as well, with the hooks of
//! interceptors in between. Programs without any do not link this.

use std::mem;
use std::pin::pin;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::endpoint::EndpointResolverParams;
use aws_smithy_runtime_api::client::interceptors::context::{
    Error, Input, InterceptorContext, OutputOrError, RewindResult,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, OrchestratorError};
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_types::retry::ErrorKind;
use bytes::Bytes;
use http::{Extensions, HeaderValue, Request, Uri};
use tracing::{Instrument, debug, debug_span};

use super::components::components;
use super::config_bag::config_bag;
use super::hooks::Hooks;
use super::outcome::outcome;
use super::retry_classifiers::classify;
use crate::runtime::base::boxed::BoxFuture;
use crate::runtime::base::causes::DisplayErrorContext;
use crate::runtime::base::time::Clock;
use crate::runtime::call::client::Handle;
use crate::runtime::call::failure::{Failure, Progress, within};
use crate::runtime::call::perform::{ErasedOutcome, Intercepted};
use crate::runtime::call::prepare::{Prepared, Unresolved};
use crate::runtime::error::construction::ConstructionError;
use crate::runtime::error::metadata::ErrorMetadata;
use crate::runtime::error::sdk_error::{ConstructionFailure, SdkError};
use crate::runtime::policy::clock_skew::ServiceClock;
use crate::runtime::policy::retry::{AttemptFailure, Attempts, is_throttling};
use crate::runtime::service::erased::ErasedOperation;
use crate::runtime::service::metadata::RetryReason;
use crate::runtime::service::operation::OperationMetadata;
use crate::runtime::wire::http::{
    from_smithy, from_smithy_request, into_memory, into_smithy, into_smithy_request,
};

pub(super) static INTERCEPTED: Intercepted = Intercepted(call);

const NO_INPUT: &str = "an interceptor has put another type in the place of the input";
const NO_REQUEST: &str = "an interceptor has taken the request away, or has given it a body that is \
                          not in memory, which cannot be signed";
const NO_RESPONSE: &str = "an interceptor has taken the response away";

type Outcome = Result<(), OrchestratorError<Error>>;

fn call<'a>(
    handle: &'a Handle,
    operation: OperationMetadata,
    types: &'static dyn ErasedOperation,
    input: Input,
) -> BoxFuture<'a, ErasedOutcome> {
    Box::pin(async move {
        let progress = Progress::start(operation.name, &handle.0.time);
        let components = components(&handle.0.time).map_err(|error| {
            let error = ConstructionError::Other(error.into());
            SdkError::ConstructionFailure(ConstructionFailure::new(progress.info(), error))
        })?;
        let mut call = Call {
            handle,
            operation,
            types,
            hooks: Hooks {
                context: InterceptorContext::new(input),
                bag: config_bag(handle, operation),
                components,
                of_client: &handle.config().interceptors,
                of_call: &handle.0.call_interceptors,
            },
            progress,
            in_attempt: false,
            hint: None,
        };
        call.run().await;
        call.finish()
    })
}

/// A call under way.
struct Call<'a> {
    handle: &'a Handle,
    operation: OperationMetadata,
    types: &'static dyn ErasedOperation,
    hooks: Hooks<'a>,
    progress: Progress<'a>,
    /// Whether an attempt has begun whose last hooks have not run.
    in_attempt: bool,
    /// What helps against the last error of the service.
    hint: Option<&'static str>,
}

/// What the attempts of a call share.
struct Exchange<'a> {
    prepared: Prepared,
    unresolved: Unresolved,
    /// The request at its endpoint, changed by the functions of the program, which are called once;
    /// not kept if a resolver is asked before each attempt.
    resolved: Option<Box<Prepared>>,
    /// What travels with the request, which clones of it would lose.
    extensions: Extensions,
    discovered: Option<Uri>,
    invocation_id: Option<HeaderValue>,
    clock: ServiceClock<'a>,
}

impl<'a> Call<'a> {
    /// All hooks, and what is between them. The outcome is in the context.
    async fn run(&mut self) {
        let ran = self.hooks.read_before_execution_of_client();
        self.note(ran.map_err(OrchestratorError::from));
        let ran = self.hooks.read_before_execution_of_call();
        self.note(ran.map_err(OrchestratorError::from));
        if !self.hooks.context.is_failed() {
            let handle = self.handle;
            let outcome = {
                let attempts = pin!(self.attempts());
                within(&handle.0.time, handle.operation_limit(), attempts).await
            };
            self.note(outcome);
            if self.in_attempt {
                self.complete_attempt();
            }
        }
        let ran = self.hooks.modify_before_completion();
        self.note(ran.map_err(OrchestratorError::from));
        let ran = self.hooks.read_after_execution();
        self.note(ran.map_err(OrchestratorError::from));
    }

    /// Takes note of a failure.
    fn note(&mut self, outcome: Outcome) {
        if let Err(error) = outcome {
            debug!(error = %DisplayErrorContext(&error), "the call has failed so far");
            self.hooks.context.fail(error);
        }
    }

    /// Sends a request until it is answered for good.
    async fn attempts(&mut self) -> Outcome {
        let handle = self.handle;
        let time = &handle.0.time;
        let mut exchange = self.serialize().await?;
        let mut attempts = Attempts::new(time, handle.0.retries.clone());
        self.hooks.context.save_checkpoint();
        // The first time, this only says that there will be an attempt.
        self.hooks.context.rewind(&mut self.hooks.bag);
        loop {
            attempts.wait_for_turn().await;
            let number = attempts.made + 1;
            let attempt_number = RequestAttempts::new(number);
            self.hooks.bag.interceptor_state().store_put(attempt_number);
            self.in_attempt = true;
            let outcome = {
                let attempt = self.attempt(&mut exchange, number);
                let attempt = pin!(attempt.instrument(debug_span!("attempt", number)));
                within(time, handle.attempt_limit(), attempt).await
            };
            self.note(outcome);
            self.complete_attempt();
            if !self.hooks.context.is_failed() {
                attempts.succeed();
            }
            let (reason, retry_after) = match self.judge(&exchange.clock) {
                Some((reason, retry_after)) => (Some(reason), retry_after),
                None if !self.hooks.context.is_failed() => return Ok(()),
                None => (None, None),
            };
            let delay = attempts.next(reason, retry_after);
            self.progress.out_of_tokens = attempts.out_of_tokens;
            let Some(delay) = delay else {
                return Ok(());
            };
            if self.hooks.context.rewind(&mut self.hooks.bag) == RewindResult::Impossible {
                return Ok(());
            }
            time.sleep(delay).await;
        }
    }

    /// Makes the request, as far as all attempts share it.
    async fn serialize(&mut self) -> Result<Exchange<'a>, OrchestratorError<Error>> {
        self.hooks.modify_before_serialization()?;
        self.hooks.read_before_serialization()?;
        self.hooks.context.enter_serialization_phase();
        let input = self.hooks.context.take_input();
        let input = input.ok_or(ConstructionError::Other(NO_INPUT.into()))?;
        let (mut prepared, unresolved) = match self.types.input(&input) {
            Some(input) => self.handle.serialize(self.operation, input),
            None => Err(ConstructionError::Other(NO_INPUT.into())),
        }
        .inspect_err(|error| debug!(%error, "the request cannot be made"))?;
        self.types.carry(&mut prepared.request, input);
        let extensions = mem::take(prepared.request.extensions_mut());
        let params = EndpointResolverParams::new(unresolved.params.clone());
        self.hooks.bag.interceptor_state().store_put(params);
        self.set_request(mem::take(&mut prepared.request))?;
        self.hooks.context.enter_before_transmit_phase();
        self.hooks.read_after_serialization()?;
        self.hooks.modify_before_retry_loop()?;
        let discovered = match prepared.discover {
            Some(operation) => match self.handle.discover(operation, &mut self.progress).await {
                Ok(uri) => Some(uri),
                Err(failure) => return Err(self.undiscovered(failure)),
            },
            None => None,
        };
        Ok(Exchange {
            prepared,
            unresolved,
            resolved: None,
            extensions,
            discovered,
            invocation_id: self.handle.invocation_id()?,
            clock: self.handle.service_clock(),
        })
    }

    /// The error of a call whose endpoint could not be discovered.
    fn undiscovered(&mut self, failure: Failure) -> OrchestratorError<Error> {
        match failure {
            Failure::Construction(error) => error.into(),
            Failure::Timeout(limit) => limit.into(),
            Failure::Dispatch(error) => error.into(),
            Failure::Service(service) => {
                let (response, meta) = *service;
                self.hint = meta.hint();
                let error = self.types.error(&response, meta);
                self.hooks.context.set_response(response);
                OrchestratorError::operation(error)
            }
        }
    }

    /// Signs the request and sends it once.
    async fn attempt(&mut self, exchange: &mut Exchange<'a>, number: u32) -> Outcome {
        let handle = self.handle;
        self.hooks.read_before_attempt()?;
        let resolved = match &exchange.resolved {
            Some(resolved) => resolved.clone(),
            None => {
                exchange.prepared.request = self.request()?;
                let resolving = handle.resolve(&exchange.prepared, &exchange.unresolved);
                let resolved = Box::pin(resolving).await?;
                if handle.config().endpoint_resolver.is_none() {
                    exchange.resolved = Some(resolved.clone());
                }
                resolved
            }
        };
        let Prepared {
            mut request, scope, ..
        } = *resolved;
        if let Some(uri) = &exchange.discovered {
            request.uri_mut().clone_from(uri);
        }
        let signer = handle.signer(self.operation, scope.as_ref()).await?;
        handle.set_user_agent(&mut request, signer.credentials())?;
        self.set_request(request)?;
        self.hooks.modify_before_signing()?;
        self.hooks.read_before_signing()?;

        let skew = exchange.clock.start_attempt();
        let request = handle.sign(self.request()?, scope.as_ref(), &signer, skew)?;
        self.set_request(request)?;
        self.hooks.read_after_signing()?;
        let mut request = self.request()?;
        handle.number(&mut request, exchange.invocation_id.as_ref(), number, skew)?;
        self.set_request(request)?;
        self.hooks.modify_before_transmit()?;
        self.hooks.read_before_transmit()?;

        self.hooks.context.enter_transmit_phase();
        let mut request = self.request()?;
        self.hooks.context.take_request();
        request.extensions_mut().extend(exchange.extensions.clone());
        let clock = &mut exchange.clock;
        let response = handle.transmit(request, &mut self.progress, clock).await?;
        self.hooks.context.set_response(into_smithy(response));
        self.hooks.context.enter_before_deserialization_phase();
        self.hooks.read_after_transmit()?;
        self.hooks.modify_before_deserialization()?;
        self.hooks.read_before_deserialization()?;

        self.hooks.context.enter_deserialization_phase();
        let result = self.deserialize(signer.credentials()).await;
        self.hooks.context.set_output_or_error(result);
        self.hooks.context.enter_after_deserialization_phase();
        self.hooks.read_after_deserialization()?;
        Ok(())
    }

    /// Reads the response, as interceptors have left it.
    async fn deserialize(&mut self, credentials: Option<&Credentials>) -> OutputOrError {
        let response = self.hooks.context.response_mut();
        let response = response.ok_or_else(|| OrchestratorError::other(NO_RESPONSE))?;
        let read_timeout = self.handle.0.timeouts.read_timeout();
        into_memory(response, &self.handle.0.time, read_timeout).await?;
        let whole = from_smithy(response).map_err(OrchestratorError::response)?;
        if whole.status().is_success() {
            let _decoding = debug_span!("decode").entered();
            return self.types.output(&whole).map_err(|(error, hint)| {
                debug!(%error, "the response cannot be read");
                self.hint = hint;
                OrchestratorError::response(error.into())
            });
        }
        let meta = self.handle.refused(&whole, credentials);
        self.hint = meta.hint();
        Err(OrchestratorError::operation(
            self.types.error(response, meta),
        ))
    }

    /// The last hooks of an attempt.
    fn complete_attempt(&mut self) {
        let ran = self.hooks.modify_before_attempt_completion();
        self.note(ran.map_err(OrchestratorError::from));
        let ran = self.hooks.read_after_attempt();
        self.note(ran.map_err(OrchestratorError::from));
        self.in_attempt = false;
    }

    /// Whether an attempt is worth repeating, and when the service or a classifier wants that.
    fn judge(&self, clock: &ServiceClock<'_>) -> Option<(RetryReason, Option<Duration>)> {
        let context = &self.hooks.context;
        let failure = match context.output_or_error() {
            Some(Err(error)) => self.failure(error),
            _ => None,
        };
        let by_rules =
            failure.and_then(|failure| self.handle.judge(self.operation, failure, clock));
        classify(&self.handle.config().retry_classifiers, by_rules, context)
    }

    /// An error as the rules of retrying see it.
    fn failure<'e>(&'e self, error: &'e OrchestratorError<Error>) -> Option<AttemptFailure<'e>> {
        if error.is_timeout_error() {
            return Some(AttemptFailure::Timeout);
        }
        if let Some(error) = error.as_connector_error() {
            let passes = error.is_timeout() || error.is_io();
            let kind = passes.then_some(ErrorKind::TransientError);
            return Some(AttemptFailure::Dispatch(kind.or_else(|| error.as_other())));
        }
        // An interceptor that fails after the answer has come changes nothing about the answer.
        let response = self.hooks.context.response()?;
        let error = error.as_operation_error();
        let meta = error.and_then(|error| self.types.metadata(error));
        let code = meta.and_then(ErrorMetadata::code);
        Some(AttemptFailure::Service { response, code })
    }

    fn set_request(&mut self, request: Request<Bytes>) -> Result<(), ConstructionError> {
        let request = into_smithy_request(request).map_err(ConstructionError::Other)?;
        self.hooks.context.set_request(request);
        Ok(())
    }

    /// A copy of the request, since what fails leaves the one in the context as it was.
    fn request(&self) -> Result<Request<Bytes>, ConstructionError> {
        let request = self.hooks.context.request();
        let request = request.and_then(HttpRequest::try_clone);
        let request = request.ok_or_else(|| ConstructionError::Other(NO_REQUEST.into()))?;
        from_smithy_request(request).map_err(ConstructionError::Other)
    }

    /// What the call returns.
    fn finish(self) -> ErasedOutcome {
        let (call, hint) = (self.progress.info(), self.hint);
        outcome(self.hooks.context, call, hint, |call, response, error| {
            let code = self.types.metadata(error).and_then(ErrorMetadata::code);
            let service = self.handle.0.service;
            call.refused(is_throttling(response, code, service, self.operation), hint)
        })
    }
}
