//! Operations, and the builders that call them.

use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;

use tracing::Span;

use super::client::{Handle, Mutation};
use super::codec::{FromMembers, FromValue, Structure, decode};
use super::config;
use super::endpoint::Params;
use super::error::{BuildError, CreateUnhandledError, ErrorMetadata, SdkError};
use super::http::HttpRequest;
use super::paginator::{Paginated, Paginator};

/// An operation, implemented by its input.
pub trait Operation: Structure + Send + Sync + 'static {
    /// The name in the model and on the wire.
    const NAME: &'static str;

    /// What a success returns.
    type Output: FromValue + SetRequestId + Send + 'static;

    /// What the service can answer instead.
    type Error: FromErrorResponse + CreateUnhandledError + Send + 'static;

    /// The codes of the errors that the model lists for it.
    const ERRORS: &'static [&'static str] = &[];

    /// Whether requests are signed; some operations serve callers who have no credentials yet.
    const SIGNED: bool = true;

    /// Whether the service takes requests in gzip.
    const COMPRESSED: bool = false;

    /// The operation to ask for the endpoint, where the service demands that.
    const ENDPOINT_OPERATION: Option<&'static str> = None;

    /// The span of a call, for traces.
    fn span() -> Span;

    /// Fills the idempotency tokens that were not set.
    fn fill_idempotency_tokens(&mut self) {}

    /// Sets the parameters of the endpoint rules that the operation knows.
    fn endpoint_params(&self, _: &mut Params) {}

    /// What goes before the host of the endpoint, be it one that the user has named.
    fn host_prefix(&self) -> String {
        String::new()
    }
}

/// The facts about an operation that need no type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    pub(super) name: &'static str,
    pub(super) errors: &'static [&'static str],
    pub(super) signed: bool,
    pub(super) compressed: bool,
    pub(super) endpoint_operation: Option<&'static str>,
}

impl Facts {
    pub(super) fn of<I: Operation>() -> Self {
        Self {
            name: I::NAME,
            errors: I::ERRORS,
            signed: I::SIGNED,
            compressed: I::COMPRESSED,
            endpoint_operation: I::ENDPOINT_OPERATION,
        }
    }
}

/// An output that keeps the ID of the request it came from.
pub trait SetRequestId {
    /// Keeps the ID.
    fn set_request_id(&mut self, id: Option<&str>);
}

/// A service's errors: which one a response is.
pub trait FromErrorResponse {
    /// The error whose code this is, with its members read from the body.
    fn from_error_response(meta: ErrorMetadata, body: &[u8]) -> Self;
}

/// An error structure, which keeps what the response said besides its members.
pub trait ErrorStructure: FromMembers {
    /// Its message, and what the response said.
    fn parts(&mut self) -> (&mut Option<String>, &mut ErrorMetadata);
}

/// Reads an error structure from a response's body. A body that cannot be read gives an error
/// without members: its code is known, and that is what counts.
pub(crate) fn read_error<T: ErrorStructure>(meta: ErrorMetadata, body: &[u8]) -> T {
    let mut error = <T as FromMembers>::unset();
    if decode(body, &mut error).is_err() {
        error = <T as FromMembers>::unset();
    }
    keep_metadata(&mut error, meta);
    error
}

/// The message is the metadata's, which has all the names that it can have in a body.
fn keep_metadata(error: &mut dyn ErrorStructure, meta: ErrorMetadata) {
    let (message, metadata) = error.parts();
    let own = message.take().filter(|own| !own.trim().is_empty());
    *message = meta.message().map(str::to_owned).or(own);
    *metadata = meta;
}

/// A new idempotency token: a random UUID.
pub(crate) fn idempotency_token() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Builds the input `I` of an operation; with a client, sends it.
#[derive(Clone, Debug, Default)]
#[must_use = "a request is sent by `.send().await`"]
pub struct Builder<I, C = ()> {
    pub(crate) inner: I,
    client: C,
}

impl<I> Builder<I> {
    /// The input. What is missing in it is reported when it is sent.
    pub fn build(self) -> Result<I, BuildError> {
        Ok(self.inner)
    }
}

impl<I, C> Builder<I, C> {
    /// The input as it has been built so far; its getters tell.
    pub fn as_input(&self) -> &Self {
        self
    }
}

impl<I: Operation> Builder<I> {
    /// Checks the input, sends it with this client, and reads the output.
    pub async fn send_with(
        self,
        client: &impl AsRef<Handle>,
    ) -> Result<I::Output, SdkError<I::Error>> {
        client.as_ref().call(self.inner).await
    }
}

impl<I: Operation> Builder<I, Handle> {
    pub(crate) fn new(client: &Handle) -> Self
    where
        I: Default,
    {
        Self {
            inner: I::default(),
            client: client.clone(),
        }
    }

    /// Checks the input, sends it, and reads the output.
    pub async fn send(self) -> Result<I::Output, SdkError<I::Error>> {
        self.client.call(self.inner).await
    }

    /// Changes things for this call alone.
    pub fn customize(self) -> CustomizableOperation<I> {
        CustomizableOperation { builder: self }
    }

    /// Sends the request again and again, for page after page.
    pub fn into_paginator(self) -> Paginator<I>
    where
        I: Paginated,
    {
        Paginator::new(self.client, self.inner)
    }
}

/// An operation with changes to the client that apply to this call alone; made by
/// [`Builder::customize`].
#[derive(Clone, Debug)]
#[must_use = "a request is sent by `.send().await`"]
pub struct CustomizableOperation<I> {
    builder: Builder<I, Handle>,
}

impl<I: Operation> CustomizableOperation<I> {
    /// Changes the configuration. What is set here replaces what the client has; what it does not
    /// concern stays shared with the client: connections, credentials, retry tokens.
    ///
    /// Other connect or read timeouts need a transport of their own, which is made for this call.
    pub fn config_override(mut self, changes: impl Into<config::Builder>) -> Self {
        self.builder.client = self.builder.client.overridden(changes.into());
        self
    }

    /// Changes the request before it is signed: adds headers, mostly.
    pub fn mutate_request(
        self,
        mutation: impl Fn(&mut HttpRequest) + Send + Sync + 'static,
    ) -> Self {
        self.map_request(move |mut request| {
            mutation(&mut request);
            Ok::<_, Infallible>(request)
        })
    }

    /// Changes the request before it is signed, or fails the call.
    pub fn map_request<E: Error + Send + Sync + 'static>(
        mut self,
        map: impl Fn(HttpRequest) -> Result<HttpRequest, E> + Send + Sync + 'static,
    ) -> Self {
        let mutation = Mutation(Arc::new(move |request| Ok(map(request)?)));
        self.builder.client = self.builder.client.mutating(mutation);
        self
    }

    /// Checks the input, sends it, and reads the output.
    pub async fn send(self) -> Result<I::Output, SdkError<I::Error>> {
        self.builder.send().await
    }
}
