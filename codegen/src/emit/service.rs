//! Facts about the service.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::Service;

/// The constant that the runtime works with.
pub(super) fn emit(service: &Service) -> TokenStream {
    let Service {
        sdk_id,
        signing_name,
        target_prefix,
        content_type,
        query_compatible,
        ..
    } = service;
    quote! {
        #![doc = " Facts about the service."]
        use super::endpoint;
        use crate::runtime::ServiceMetadata;

        #[doc = " What the runtime knows of the service."]
        pub(crate) static SERVICE: ServiceMetadata = ServiceMetadata {
            sdk_id: #sdk_id,
            signing_name: #signing_name,
            target_prefix: #target_prefix,
            content_type: #content_type,
            query_compatible: #query_compatible,
            resolve_endpoint: endpoint::resolve,
        };
    }
}
