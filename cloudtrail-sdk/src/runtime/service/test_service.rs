//! A service that does not exist, for unit tests.

use crate::runtime::service::endpoint::Endpoint;
use crate::runtime::service::endpoint::partition::{Partition, Partitions};
use crate::runtime::service::metadata::ServiceMetadata;

pub(crate) static SERVICE: ServiceMetadata = ServiceMetadata {
    sdk_id: "Some Service",
    signing_name: "some",
    target_prefix: "Some_20200101",
    content_type: "application/x-amz-json-1.1",
    query_compatible: false,
    retryable_errors: &[],
    hints: &[],
    resolve_endpoint: |params| Ok(Endpoint::new(params.endpoint().unwrap_or("https://rules"))),
};

pub(crate) const AWS: Partition = Partition {
    name: "aws",
    dns_suffix: "amazonaws.com",
    dual_stack_dns_suffix: "api.aws",
    implicit_global_region: "us-east-1",
    supports_fips: true,
    supports_dual_stack: true,
    regions: &[],
    region_prefixes: &["us"],
};

pub(crate) static PARTITIONS: Partitions = Partitions {
    default: AWS,
    others: &[],
};
