//! The hooks of interceptors, each run for all interceptors of a call.

use std::mem;

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::interceptors::{
    Intercept, InterceptorError, SharedInterceptor,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use tracing::debug;

use crate::runtime::base::boxed::BoxError;
use crate::runtime::base::causes::DisplayErrorContext;
use crate::runtime::wire::http::guarded;

/// What hooks are given, and the interceptors that have them.
pub(super) struct Hooks<'a> {
    pub(super) context: InterceptorContext,
    pub(super) bag: ConfigBag,
    pub(super) components: RuntimeComponents,
    /// Interceptors of the client.
    pub(super) of_client: &'a [SharedInterceptor],
    /// Interceptors of the call, which come after those of the client.
    pub(super) of_call: &'a [SharedInterceptor],
}

type Ran = Result<(), InterceptorError>;

macro_rules! hooks {
    ($([$($mut:tt)?] $hook:ident;)*) => {
        $(
            pub(super) fn $hook(&mut self) -> Ran {
                #[allow(unused_mut, reason = "some hooks only read")]
                let mut context = (&$($mut)? self.context).into();
                run(
                    self.of_client.iter().chain(self.of_call),
                    &mut self.bag,
                    |interceptor, bag| {
                        interceptor.$hook(&$($mut)? context, &self.components, bag)
                    },
                    InterceptorError::$hook,
                )
            }
        )*
    };
}

impl Hooks<'_> {
    /// Those of the client alone.
    pub(super) fn read_before_execution_of_client(&mut self) -> Ran {
        read_before_execution(&self.context, &mut self.bag, self.of_client)
    }

    /// Those of the call alone, which run even if one of the client has failed.
    pub(super) fn read_before_execution_of_call(&mut self) -> Ran {
        read_before_execution(&self.context, &mut self.bag, self.of_call)
    }

    hooks! {
        [mut] modify_before_serialization;
        [] read_before_serialization;
        [] read_after_serialization;
        [mut] modify_before_retry_loop;
        [] read_before_attempt;
        [mut] modify_before_signing;
        [] read_before_signing;
        [] read_after_signing;
        [mut] modify_before_transmit;
        [] read_before_transmit;
        [] read_after_transmit;
        [mut] modify_before_deserialization;
        [] read_before_deserialization;
        [] read_after_deserialization;
        [mut] modify_before_attempt_completion;
        [] read_after_attempt;
        [mut] modify_before_completion;
        [] read_after_execution;
    }
}

fn read_before_execution(
    context: &InterceptorContext,
    bag: &mut ConfigBag,
    interceptors: &[SharedInterceptor],
) -> Ran {
    let context = context.into();
    run(
        interceptors.iter(),
        bag,
        |interceptor, bag| interceptor.read_before_execution(&context, bag),
        InterceptorError::read_before_execution,
    )
}

/// Runs a hook of all interceptors; of several errors the last one counts.
fn run<'i>(
    interceptors: impl Iterator<Item = &'i SharedInterceptor>,
    bag: &mut ConfigBag,
    mut hook: impl FnMut(&SharedInterceptor, &mut ConfigBag) -> Result<(), BoxError>,
    named: impl Fn(&'static str, BoxError) -> InterceptorError,
) -> Ran {
    let mut ran = Ok(());
    for interceptor in interceptors {
        if !interceptor.enabled(bag) {
            continue;
        }
        if let Err(error) = guarded(|| hook(interceptor, bag)) {
            let error = named(interceptor.name(), error);
            if let Err(earlier) = mem::replace(&mut ran, Err(error)) {
                let error = DisplayErrorContext(&earlier);
                debug!(%error, "another interceptor has failed since");
            }
        }
    }
    ran
}
