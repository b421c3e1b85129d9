//! Facts about the service.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Retryable, Service};

/// The constant that the runtime works with.
pub(super) fn emit(service: &Service) -> TokenStream {
    let Service {
        sdk_id,
        signing_name,
        target_prefix,
        content_type,
        query_compatible,
        retryable_errors,
        hints,
        ..
    } = service;
    let reason = (!retryable_errors.is_empty()).then(|| {
        quote! { use crate::runtime::service::metadata::RetryReason; }
    });
    let retryable_errors = retryable_errors.iter().map(|(code, retryable)| {
        let reason = match retryable {
            Retryable::Modeled => quote! { RetryReason::Modeled },
            Retryable::Throttling => quote! { RetryReason::Throttling },
        };
        quote! { (#code, #reason) }
    });
    let hints = hints.iter().map(|(code, hint)| quote! { (#code, #hint) });
    quote! {
        #![doc = " Facts about the service."]
        use super::endpoint;
        use crate::runtime::service::metadata::ServiceMetadata;
        #reason

        #[doc = " What the runtime knows of the service."]
        pub(crate) static SERVICE: ServiceMetadata = ServiceMetadata {
            sdk_id: #sdk_id,
            signing_name: #signing_name,
            target_prefix: #target_prefix,
            content_type: #content_type,
            query_compatible: #query_compatible,
            retryable_errors: &[#(#retryable_errors),*],
            hints: &[#(#hints),*],
            resolve_endpoint: endpoint::resolve,
        };
    }
}
