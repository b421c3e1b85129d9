//! What interceptors find in the configuration of a call.

use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::config_bag::{ConfigBag, Layer};
use aws_smithy_types::retry::RetryConfig;
use aws_types::SigningName;
use aws_types::endpoint_config::{EndpointUrl, UseDualStack, UseFips};
use aws_types::region::SigningRegion;

use crate::runtime::call::client::Handle;
use crate::runtime::service::operation::OperationMetadata;

/// What the configuration says, in the types that all AWS crates know.
pub(super) fn config_bag(handle: &Handle, operation: OperationMetadata) -> ConfigBag {
    let config = handle.config();
    let service = handle.0.service;
    let mut layer = Layer::new("client");
    layer.store_put(Metadata::new(operation.name, service.sdk_id));
    layer.store_put(SigningName::from_static(service.signing_name));
    let retries = config.retry_config();
    layer.store_put(retries.cloned().unwrap_or_else(RetryConfig::standard));
    layer.store_put(handle.0.timeouts.clone());
    // No body is a stream here.
    layer.store_put(StalledStreamProtectionConfig::disabled());
    layer.store_or_unset(config.region().cloned());
    layer.store_or_unset(config.region().cloned().map(SigningRegion::from));
    layer.store_or_unset(config.use_fips.map(UseFips));
    layer.store_or_unset(config.use_dual_stack.map(UseDualStack));
    let url = config.endpoint_url();
    layer.store_or_unset(url.map(|url| EndpointUrl(url.to_owned())));
    layer.store_or_unset(config.app_name().cloned());
    for metadata in config.framework_metadata() {
        layer.store_append(metadata.clone());
    }
    ConfigBag::of_layers(vec![layer])
}
