//! The builders that call operations.

use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;

use crate::runtime::call::client::{Handle, Mutation};
use crate::runtime::configuration::config;
use crate::runtime::error::build::BuildError;
use crate::runtime::error::sdk_error::SdkError;
use crate::runtime::fluent::paginator::Paginator;
use crate::runtime::service::operation::Operation;
use crate::runtime::service::pagination::Paginated;

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
