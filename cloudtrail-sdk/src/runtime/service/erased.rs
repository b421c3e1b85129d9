//! Operations whose types are not known, as interceptors see them.

use std::marker::PhantomData;

use aws_smithy_runtime_api::client::interceptors::context::{Error, Input, Output};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use bytes::Bytes;
use http::{Request, Response};

use crate::runtime::error::metadata::{ErrorMetadata, ProvideErrorMetadata};
use crate::runtime::error::modeled::FromErrorResponse;
use crate::runtime::error::response::read_output;
use crate::runtime::service::endpoint::Params;
use crate::runtime::service::operation::{Operation, SetRequestId};
use crate::runtime::wire::codec::{Decode, DecodeError, EncodeMembers, Unit};
use crate::runtime::wire::http::{carry_input, request_id, take_answer, take_error};

/// What a request is made of.
pub(crate) trait RequestInput: EncodeMembers {
    /// Sets the parameters of the endpoint rules that the operation knows.
    fn set_params(&self, params: &mut Params);

    /// What goes before the host of the endpoint.
    fn prefix(&self) -> String;
}

impl<I: Operation> RequestInput for I {
    fn set_params(&self, params: &mut Params) {
        self.endpoint_params(params);
    }

    fn prefix(&self) -> String {
        self.host_prefix()
    }
}

impl RequestInput for Unit {
    fn set_params(&self, _: &mut Params) {}

    fn prefix(&self) -> String {
        String::new()
    }
}

/// Why a success has no output, and what helps.
pub(crate) type Unreadable = (DecodeError, Option<&'static str>);

/// The output of a success.
pub(crate) fn output<I: Operation>(response: &Response<Bytes>) -> Result<I::Output, Unreadable> {
    let mut output = match take_answer(response) {
        Some(answer) => answer,
        None => {
            let mut output = I::Output::unset();
            read_output(response, &mut output)?;
            output
        }
    };
    output.set_request_id(request_id(response.headers()));
    Ok(output)
}

/// The error of any other response, of which this is known.
pub(crate) fn error<E: FromErrorResponse + 'static>(
    response: &HttpResponse,
    meta: ErrorMetadata,
) -> E {
    let body = response.body().bytes().unwrap_or_default();
    take_error(response).unwrap_or_else(|| E::from_error_response(meta, body))
}

/// An operation behind a pointer.
pub(crate) trait ErasedOperation: Sync {
    /// The input, unless a program has put another type in its place.
    fn input<'a>(&self, input: &'a Input) -> Option<&'a dyn RequestInput>;

    /// Lets the input travel with its request; see [`carry_input`].
    fn carry(&self, request: &mut Request<Bytes>, input: Input);

    /// See [`output`].
    fn output(&self, response: &Response<Bytes>) -> Result<Output, Unreadable>;

    /// See [`error`].
    fn error(&self, response: &HttpResponse, meta: ErrorMetadata) -> Error;

    /// What is known of an error, unless it is of another type.
    fn metadata<'a>(&self, error: &'a Error) -> Option<&'a ErrorMetadata>;
}

/// The operation with the input `I`.
pub(crate) struct Typed<I>(PhantomData<fn(I)>);

impl<I: Operation> Typed<I> {
    pub(crate) const ERASED: &'static dyn ErasedOperation = &Self(PhantomData);
}

impl<I: Operation> ErasedOperation for Typed<I> {
    fn input<'a>(&self, input: &'a Input) -> Option<&'a dyn RequestInput> {
        input.downcast_ref::<I>().map(|input| input as _)
    }

    fn carry(&self, request: &mut Request<Bytes>, input: Input) {
        if let Ok(input) = input.downcast::<I>() {
            carry_input(request, I::NAME, input);
        }
    }

    fn output(&self, response: &Response<Bytes>) -> Result<Output, Unreadable> {
        output::<I>(response).map(Output::erase)
    }

    fn error(&self, response: &HttpResponse, meta: ErrorMetadata) -> Error {
        Error::erase(error::<I::Error>(response, meta))
    }

    fn metadata<'a>(&self, error: &'a Error) -> Option<&'a ErrorMetadata> {
        error.downcast_ref::<I::Error>().map(|error| error.meta())
    }
}
