//! Facts about the service.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::ir::{Retryable, Service};

/// Where the lines of a hint are broken.
const WIDTH: usize = 85;

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
        quote! { use crate::runtime::retry::RetryReason; }
    });
    let retryable_errors = retryable_errors.iter().map(|(code, retryable)| {
        let reason = match retryable {
            Retryable::Modeled => quote! { RetryReason::Modelled },
            Retryable::Throttling => quote! { RetryReason::Throttling },
        };
        quote! { (#code, #reason) }
    });
    let hints = hints.iter().map(|(code, hint)| {
        let hint = broken(hint);
        quote! { (#code, #hint) }
    });
    quote! {
        #![doc = " Facts about the service."]
        use super::endpoint;
        use crate::runtime::ServiceMetadata;
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

/// A string literal whose lines are broken, with the indentation that hints have.
fn broken(text: &str) -> Literal {
    let mut out = String::new();
    let mut column = 0;
    for word in Literal::string(text).to_string().split_inclusive(' ') {
        // Blanks at the start of a line would be lost.
        if column > 0 && column + word.len() > WIDTH && word != " " {
            out.push_str("\\\n            ");
            column = 0;
        }
        out.push_str(word);
        column += word.len();
    }
    out.parse().unwrap_or_else(|_| Literal::string(text))
}
