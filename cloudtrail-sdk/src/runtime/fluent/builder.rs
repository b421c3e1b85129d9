//! The builders that call operations.

use std::fmt;
use std::ops::{Deref, DerefMut};

use crate::runtime::call::client::Handle;
use crate::runtime::error::build::BuildError;
use crate::runtime::error::sdk_error::SdkError;
use crate::runtime::fluent::customize::{Calls, Customizable};
use crate::runtime::fluent::paginator::Paginator;
use crate::runtime::service::operation::Operation;
use crate::runtime::service::pagination::Paginated;

/// Builds the input `I` of an operation; with a client, sends it.
#[must_use = "a request is sent by `.send().await`"]
pub struct Builder<I, C: MaybeClient<I> = ()> {
    pub(crate) inner: C::Inner,
}

/// Whether a [`Builder`] has a client: [`Handle`] is one, `()` is none. Sealed, as [`Operation`] is.
pub trait MaybeClient<I> {
    /// The input, with the client if there is one.
    type Inner: DerefMut<Target = I>;
}

impl<I> MaybeClient<I> for () {
    type Inner = InputOnly<I>;
}

impl<I> MaybeClient<I> for Handle {
    type Inner = WithClient<I>;
}

/// An input without a client.
#[derive(Clone, Default, PartialEq)]
pub struct InputOnly<I>(I);

impl<I> Deref for InputOnly<I> {
    type Target = I;

    fn deref(&self) -> &I {
        &self.0
    }
}

impl<I> DerefMut for InputOnly<I> {
    fn deref_mut(&mut self) -> &mut I {
        &mut self.0
    }
}

/// The builder of an input, and the client that sends it.
#[derive(Clone)]
pub struct WithClient<I> {
    builder: Builder<I>,
    client: Handle,
}

impl<I> Deref for WithClient<I> {
    type Target = I;

    fn deref(&self) -> &I {
        &self.builder.inner
    }
}

impl<I> DerefMut for WithClient<I> {
    fn deref_mut(&mut self) -> &mut I {
        &mut self.builder.inner
    }
}

impl<I, C: MaybeClient<I, Inner: Clone>> Clone for Builder<I, C> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
        }
    }
}

/// The input alone.
impl<I: fmt::Debug, C: MaybeClient<I>> fmt::Debug for Builder<I, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let input: &I = &self.inner;
        f.debug_tuple("Builder").field(input).finish()
    }
}

impl<I: Default> Default for Builder<I> {
    fn default() -> Self {
        Self {
            inner: InputOnly::default(),
        }
    }
}

impl<I: PartialEq> PartialEq for Builder<I> {
    fn eq(&self, other: &Self) -> bool {
        self.inner == other.inner
    }
}

impl<I> Builder<I> {
    /// The input. What is missing in it is reported when it is sent.
    pub fn build(self) -> Result<I, BuildError> {
        Ok(self.inner.0)
    }

    /// The input as it has been built so far; its getters return what was set.
    pub fn as_input(&self) -> &Self {
        self
    }
}

impl<I> Builder<I, Handle> {
    /// The input as it has been built so far, as a builder without the client.
    pub fn as_input(&self) -> &Builder<I> {
        &self.inner.builder
    }
}

impl<I: Operation> Builder<I> {
    /// Checks the input, sends it with this client, and reads the output.
    pub async fn send_with(
        self,
        client: &impl AsRef<Handle>,
    ) -> Result<I::Output, SdkError<I::Error>> {
        client.as_ref().call(self.inner.0).await
    }
}

impl<I: Operation> Builder<I, Handle> {
    pub(crate) fn new(client: &Handle) -> Self
    where
        I: Default,
    {
        Self {
            inner: WithClient {
                builder: Builder::default(),
                client: client.clone(),
            },
        }
    }

    /// Checks the input, sends it, and reads the output.
    pub async fn send(self) -> Result<I::Output, SdkError<I::Error>> {
        let WithClient { builder, client } = self.inner;
        client.call(builder.inner.0).await
    }

    /// Changes things for this call alone.
    pub fn customize(self) -> CustomizableOperation<I> {
        Customizable { inner: self }
    }

    /// Sends the request again and again, for page after page.
    pub fn into_paginator(self) -> Paginator<I>
    where
        I: Paginated,
    {
        let WithClient { builder, client } = self.inner;
        Paginator::new(client, builder.inner.0)
    }
}

/// An operation with changes to the client that apply to this call alone; made by
/// [`Builder::customize`].
pub type CustomizableOperation<I> = Customizable<Builder<I, Handle>>;

impl<I> Calls for Builder<I, Handle> {
    fn client(&mut self) -> &mut Handle {
        &mut self.inner.client
    }
}

impl<I: Operation> Customizable<Builder<I, Handle>> {
    /// Checks the input, sends it, and reads the output.
    pub async fn send(self) -> Result<I::Output, SdkError<I::Error>> {
        self.inner.send().await
    }
}
