//! The life of a call, from an input to an output: check, encode, endpoint, identity, signature,
//! attempts, decode. All but the ends is compiled once, whatever the operation.

use std::any::Any;

use aws_smithy_runtime_api::client::interceptors::context::{Error, Input, Output};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::CreateUnhandledError;
use aws_types::request_id::RequestId;
use bytes::Bytes;
use http::Response;
use tracing::{Instrument, debug, debug_span};

use crate::runtime::base::boxed::BoxFuture;
use crate::runtime::call::client::Handle;
use crate::runtime::call::failure::{Failure, Progress};
use crate::runtime::error::sdk_error::{
    ConstructionFailure, DispatchFailure, ResponseError, SdkError, ServiceError, TimeoutError,
};
use crate::runtime::policy::retry::is_throttling;
use crate::runtime::service::erased::{ErasedOperation, Typed, Unreadable, error, output};
use crate::runtime::service::operation::{Operation, OperationMetadata};
use crate::runtime::wire::http::{carry_input, into_smithy, request_id};

/// The outcome of a call whose types are not known.
pub(crate) type ErasedOutcome = Result<Output, SdkError<Error>>;

/// What makes calls with interceptors or classifiers; the configuration has it if there are any.
pub(crate) struct Intercepted(
    pub(crate)  for<'a> fn(
        &'a Handle,
        OperationMetadata,
        &'static dyn ErasedOperation,
        Input,
    ) -> BoxFuture<'a, ErasedOutcome>,
);

const OTHER_OUTPUT: &str = "an interceptor has put another type in the place of the output";

impl Handle {
    /// Performs an operation.
    pub(crate) async fn call<I: Operation>(
        &self,
        mut input: I,
    ) -> Result<I::Output, SdkError<I::Error>> {
        let metadata = OperationMetadata::of::<I>();
        let span = I::span();
        input.fill_idempotency_tokens();
        if let Some(intercepted) = self.intercepted() {
            let call = (intercepted.0)(self, metadata, Typed::<I>::ERASED, Input::erase(input));
            return typed::<I>(call.instrument(span).await);
        }
        let mut progress = Progress::start(metadata.name, &self.0.time);
        let prepared = span.in_scope(|| self.prepare(metadata, &input));
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
                let error = error(&response, meta);
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
        output::<I>(&response).map_err(|unreadable| {
            SdkError::ResponseError(unexpected(&progress, unreadable, response))
        })
    }

    fn intercepted(&self) -> Option<&'static Intercepted> {
        let intercepted: &'static dyn Any = self.0.config.intercepted?;
        intercepted.downcast_ref()
    }
}

/// The error for a success that cannot be read.
fn unexpected(
    progress: &Progress<'_>,
    (error, hint): Unreadable,
    response: Response<Bytes>,
) -> ResponseError<HttpResponse> {
    debug!(%error, "the response cannot be read");
    let id = request_id(response.headers());
    let call = progress.info().answered(response.status(), id);
    ResponseError::new(call.advise(hint), error, into_smithy(response))
}

/// The outcome of a call in the types of its operation.
fn typed<I: Operation>(outcome: ErasedOutcome) -> Result<I::Output, SdkError<I::Error>> {
    match outcome {
        Ok(output) => output
            .downcast()
            .map_err(|_| SdkError::construction_failure(OTHER_OUTPUT)),
        Err(error) => Err(typed_error(error)),
    }
}

/// The same for errors, whose type all operations of a service share.
fn typed_error<E>(error: SdkError<Error>) -> SdkError<E>
where
    E: std::error::Error + CreateUnhandledError + Send + Sync + 'static,
{
    error.map_service_error(|error| {
        error
            .downcast()
            .unwrap_or_else(|other| E::create_unhandled_error(other.into(), None))
    })
}
