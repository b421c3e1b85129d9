//! Endpoint resolvers: where requests go, decided by a program or by the rules of the service.

pub use aws_smithy_runtime_api::client::endpoint::{EndpointFuture, SharedEndpointResolver};
pub use aws_smithy_types::endpoint::Endpoint;

pub use crate::runtime::service::endpoint::Params;
pub use crate::runtime::service::endpoint::resolver::{
    InvalidParams, ParamsBuilder, ResolveEndpoint,
};

use crate::generated::service::SERVICE;

/// The endpoint rules of the service, which a client has unless it is given another resolver.
#[derive(Clone, Debug, Default)]
pub struct DefaultResolver(());

impl DefaultResolver {
    /// The rules.
    pub fn new() -> Self {
        Self::default()
    }
}

impl ResolveEndpoint for DefaultResolver {
    fn resolve_endpoint<'a>(&'a self, params: &'a Params) -> EndpointFuture<'a> {
        let endpoint = (SERVICE.resolve_endpoint)(params).and_then(Endpoint::try_from);
        EndpointFuture::ready(endpoint.map_err(Into::into))
    }
}
