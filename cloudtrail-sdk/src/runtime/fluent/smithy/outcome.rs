//! What a call with interceptors returns.

use std::error::Error as _;
use std::fmt;

use aws_smithy_runtime_api::client::interceptors::InterceptorError;
use aws_smithy_runtime_api::client::interceptors::context::{Error, InterceptorContext};
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result;
use aws_types::request_id::RequestId;

use crate::runtime::base::boxed::BoxError;
use crate::runtime::base::causes::DisplayErrorContext;
use crate::runtime::call::perform::ErasedOutcome;
use crate::runtime::error::call_info::{CallInfo, TimeLimit};
use crate::runtime::error::construction::ConstructionError;
use crate::runtime::error::sdk_error::{
    ConstructionFailure, DispatchFailure, ResponseError, SdkError, ServiceError, TimeoutError,
};
use crate::runtime::wire::http::{ConnectorError, from_smithy, into_smithy};

const NO_OUTCOME: &str = "an interceptor has taken the outcome of the call away";

/// What the context holds at the end of a call. `refused` adds what is known of an error of the
/// service.
pub(super) fn outcome(
    context: InterceptorContext,
    call: CallInfo,
    hint: Option<&'static str>,
    refused: impl FnOnce(CallInfo, &HttpResponse, &Error) -> CallInfo,
) -> ErasedOutcome {
    match context.output_or_error() {
        Some(Err(error)) if !error.is_operation_error() => {
            return Err(failure(context, call, hint));
        }
        _ => {}
    }
    let (_, outcome, _, response) = context.into_parts();
    let mut service_error = None;
    match outcome {
        Some(Ok(output)) => return Ok(output),
        Some(Err(error)) => {
            error.map_operation_error(|error| service_error = Some(error));
        }
        None => {}
    }
    Err(match (service_error, response) {
        (Some(error), Some(response)) => {
            let call = refused(answered(call, &response), &response, &error);
            SdkError::ServiceError(ServiceError::new(call, error, response))
        }
        // An interceptor has made it up.
        (Some(error), None) => {
            let error = ConnectorError::other(error.into(), None);
            SdkError::DispatchFailure(DispatchFailure::new(call, error))
        }
        (None, _) => {
            let error = ConstructionError::Other(NO_OUTCOME.into());
            SdkError::ConstructionFailure(ConstructionFailure::new(call, error))
        }
    })
}

/// A failure that is none of the service's. Its kind is smithy's decision, by how far the call came.
fn failure(
    context: InterceptorContext,
    call: CallInfo,
    hint: Option<&'static str>,
) -> SdkError<Error> {
    // Smithy's error returns its source or its response, not both.
    let response = context.response().map(from_smithy);
    let failure = match context.finalize() {
        Err(failure) => failure,
        Ok(_) => return SdkError::construction_failure(NO_OUTCOME),
    };
    let is_timeout = matches!(failure, result::SdkError::TimeoutError(_));
    let is_response = matches!(failure, result::SdkError::ResponseError(_));
    let source = match failure.into_source() {
        Ok(source) => source,
        Err(failure) => failure.into(),
    };
    if is_timeout {
        return SdkError::TimeoutError(TimeoutError::new(call, source));
    }
    if let (true, Some(Ok(response))) = (is_response, response) {
        let response = into_smithy(response);
        let call = answered(call, &response).advise(hint);
        return SdkError::ResponseError(ResponseError::new(call, told(source), response));
    }
    let source = match source.downcast::<result::ConnectorError>() {
        Ok(error) => {
            let error = ConnectorError::from(*error);
            let behind = error.source();
            if behind.is_some_and(|error| error.is::<InterceptorError>()) {
                let error = ConnectorError::interceptor(error.into_source());
                return SdkError::DispatchFailure(DispatchFailure::new(call, error));
            }
            if !behind.is_some_and(|error| error.is::<ConstructionError>()) {
                return SdkError::DispatchFailure(DispatchFailure::new(call, error));
            }
            error.into_source()
        }
        Err(source) => source,
    };
    let error = match source.downcast::<ConstructionError>() {
        Ok(error) => *error,
        Err(source) => ConstructionError::Other(told(source)),
    };
    SdkError::ConstructionFailure(ConstructionFailure::new(call, error))
}

fn answered(call: CallInfo, response: &HttpResponse) -> CallInfo {
    call.answered(response.status().into(), response.request_id())
}

/// An error of an interceptor with its causes; any other as it is.
fn told(error: BoxError) -> BoxError {
    match error.downcast::<InterceptorError>() {
        Ok(error) => Told(*error).into(),
        Err(error) => error,
    }
}

/// What an interceptor says, on one line with its causes.
#[derive(Debug)]
struct Told(InterceptorError);

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        DisplayErrorContext(&self.0).fmt(f)
    }
}

impl std::error::Error for Told {}

impl From<ConstructionError> for OrchestratorError<Error> {
    fn from(error: ConstructionError) -> Self {
        Self::other(error)
    }
}

impl From<ConnectorError> for OrchestratorError<Error> {
    fn from(error: ConnectorError) -> Self {
        Self::connector(error.into())
    }
}

impl From<TimeLimit> for OrchestratorError<Error> {
    fn from(limit: TimeLimit) -> Self {
        Self::timeout(limit.into())
    }
}
