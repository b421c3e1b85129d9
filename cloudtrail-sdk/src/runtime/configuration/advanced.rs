//! Settings that few programs need.

use aws_smithy_runtime_api::client::endpoint::SharedEndpointResolver;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;

use crate::runtime::configuration::config::{Builder, Config};
use crate::runtime::configuration::invocation_id::{
    InvocationIdGenerator, SharedInvocationIdGenerator,
};
use crate::runtime::policy::retry::RetryPartition;
use crate::runtime::service::endpoint::resolver::ResolveEndpoint;
use crate::runtime::wire::http::Mutation;

impl Config {
    /// Whom the client shares its retry tokens with, if that was set.
    pub fn retry_partition(&self) -> Option<&RetryPartition> {
        self.retry_partition.as_ref()
    }

    /// The protection against streams that stall, if that was set; no body is a stream here.
    pub fn stalled_stream_protection(&self) -> Option<&StalledStreamProtectionConfig> {
        self.stalled_stream_protection.as_ref()
    }

    /// What makes the IDs of calls, if that was set.
    pub fn invocation_id_generator(&self) -> Option<SharedInvocationIdGenerator> {
        self.invocation_id_generator.clone()
    }
}

impl Builder {
    /// Adds a change to every request, which is made once for each call, before the signature: a
    /// header, mostly. One that no header can hold fails the call.
    pub fn mutate_request(
        mut self,
        mutation: impl Fn(&mut HttpRequest) + Send + Sync + 'static,
    ) -> Self {
        self.config
            .mutations
            .push(Mutation::new(move |mut request| {
                mutation(&mut request);
                Ok(request)
            }));
        self
    }

    /// Sets what decides where requests go, in place of the rules of the service. It is asked before
    /// each attempt, and is given the endpoint URL if one is set. The functions that change requests
    /// are then called for each attempt, too.
    pub fn endpoint_resolver(mut self, resolver: impl ResolveEndpoint + 'static) -> Self {
        self.set_endpoint_resolver(Some(resolver.into_shared_resolver()));
        self
    }

    /// Sets or clears what decides where requests go.
    pub fn set_endpoint_resolver(&mut self, resolver: Option<SharedEndpointResolver>) -> &mut Self {
        self.config.endpoint_resolver = resolver;
        self
    }

    /// Lets a client without a credentials provider call the service: its requests are not signed.
    pub fn allow_no_auth(mut self) -> Self {
        self.set_allow_no_auth();
        self
    }

    /// Lets a client without a credentials provider call the service: its requests are not signed.
    pub fn set_allow_no_auth(&mut self) -> &mut Self {
        self.config.allow_no_auth = true;
        self
    }

    /// Accepted for programs written for the official SDK: inputs are in no metrics and no traces.
    pub fn emit_input_attributes(self, _: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self
    }

    /// Accepted for programs written for the official SDK: inputs are in no metrics and no traces.
    pub fn capture_input_attributes(self, _: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self
    }

    /// Sets which clients this one shares its retry tokens with; with its clones alone if it is not
    /// set.
    pub fn retry_partition(mut self, partition: RetryPartition) -> Self {
        self.config.retry_partition = Some(partition);
        self
    }

    /// Sets or clears which clients this one shares its retry tokens with.
    pub fn set_retry_partition(&mut self, partition: Option<RetryPartition>) -> &mut Self {
        self.config.retry_partition = partition;
        self
    }

    /// Sets what makes the IDs of calls, for tests; random UUIDs if it is not set.
    pub fn invocation_id_generator(
        mut self,
        generator: impl InvocationIdGenerator + 'static,
    ) -> Self {
        let generator = SharedInvocationIdGenerator::new(generator);
        self.config.invocation_id_generator = Some(generator);
        self
    }

    /// Sets or clears what makes the IDs of calls.
    pub fn set_invocation_id_generator(
        &mut self,
        generator: Option<SharedInvocationIdGenerator>,
    ) -> &mut Self {
        self.config.invocation_id_generator = generator;
        self
    }
}
