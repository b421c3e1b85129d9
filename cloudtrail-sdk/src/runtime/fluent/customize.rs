//! Changes that apply to one call, or to the calls of one paginator.

use std::convert::Infallible;
use std::error::Error;

use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;

use crate::runtime::call::client::Handle;
use crate::runtime::configuration::config;
use crate::runtime::wire::http::Mutation;

/// What makes calls, with changes to the client that apply to these calls alone.
#[derive(Clone, Debug)]
#[must_use = "a request is sent by `.send()`"]
pub struct Customizable<T> {
    pub(super) inner: T,
}

/// What makes calls with a client. Sealed: only this crate implements it.
pub trait Calls {
    #[doc(hidden)]
    fn client(&mut self) -> &mut Handle;
}

impl<T: Calls> Customizable<T> {
    /// Changes the configuration. What is set here replaces what the client has; what it does not
    /// concern stays shared with the client: connections, credentials, retry tokens.
    ///
    /// Other connect or read timeouts need a transport of their own, which is made for this call.
    pub fn config_override(mut self, changes: impl Into<config::Builder>) -> Self {
        let client = self.inner.client();
        *client = client.overridden(changes.into());
        self
    }

    /// Adds an interceptor, whose hooks run after those of the client's interceptors.
    pub fn interceptor(self, interceptor: impl Intercept + 'static) -> Self {
        self.config_override(config::Builder::new().interceptor(interceptor))
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
        let mutation = Mutation::new(move |request| Ok(map(request)?));
        let client = self.inner.client();
        *client = client.mutating(mutation);
        self
    }
}
