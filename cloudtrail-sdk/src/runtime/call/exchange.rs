//! Attempts, until a request is answered for good.

use std::pin::pin;
use std::sync::PoisonError;

use bytes::Bytes;
use http::{HeaderValue, Response, Uri};
use tracing::{Instrument, debug, debug_span};

use crate::runtime::base::time::Clock;
use crate::runtime::call::client::Handle;
use crate::runtime::call::failure::{Failure, Progress, within};
use crate::runtime::call::prepare::{Prepared, header_value};
use crate::runtime::configuration::invocation_id::{InvocationId, InvocationIdGenerator};
use crate::runtime::error::call_info::TimeLimit;
use crate::runtime::error::construction::ConstructionError;
use crate::runtime::policy::clock_skew::ServiceClock;
use crate::runtime::policy::retry::{AttemptFailure, Attempts, Verdict, classify, classify_skewed};
use crate::runtime::service::discovery::read_endpoint;
use crate::runtime::service::operation::OperationMetadata;
use crate::runtime::wire::codec::Unit;

impl Handle {
    /// Sends a request until it is answered for good, or the time for the operation is over.
    pub(super) async fn exchange_in_time(
        &self,
        progress: &mut Progress<'_>,
        prepared: Result<Prepared, ConstructionError>,
    ) -> Result<Response<Bytes>, Failure> {
        let prepared =
            prepared.inspect_err(|error| debug!(%error, "the request cannot be made"))?;
        let exchange = pin!(self.exchange(progress, prepared));
        within(&self.0.time, self.operation_limit(), exchange).await
    }

    /// Sends a request until it is answered for good.
    async fn exchange(
        &self,
        progress: &mut Progress<'_>,
        mut prepared: Prepared,
    ) -> Result<Response<Bytes>, Failure> {
        if let Some(operation) = prepared.discover {
            *prepared.request.uri_mut() = self.discover(operation, progress).await?;
        }
        let id = self.invocation_id()?;
        let mut clock = self.service_clock();
        let mut attempts = Attempts::new(&self.0.time, self.0.retries.clone());
        loop {
            attempts.wait_for_turn().await;
            let number = attempts.made + 1;
            let outcome = {
                let attempt = self.attempt(&prepared, id.as_ref(), number, progress, &mut clock);
                let attempt = pin!(attempt.instrument(debug_span!("attempt", number)));
                within(&self.0.time, self.attempt_limit(), attempt).await
            };
            let failure = match outcome {
                Ok(response) => {
                    attempts.succeed();
                    return Ok(response);
                }
                Err(failure) => failure,
            };
            let verdict = failure
                .of_attempt()
                .and_then(|failure| self.judge(prepared.operation, failure, &clock));
            let reason = verdict.map(|verdict| verdict.reason);
            let retry_after = verdict.and_then(|verdict| verdict.retry_after);
            let another = attempts.another(reason, retry_after).await;
            progress.out_of_tokens = attempts.out_of_tokens;
            if !another {
                return Err(failure);
            }
        }
    }

    pub(crate) fn operation_limit(&self) -> Option<TimeLimit> {
        let limit = self.0.timeouts.operation_timeout();
        limit.map(TimeLimit::operation)
    }

    pub(crate) fn attempt_limit(&self) -> Option<TimeLimit> {
        let limit = self.0.timeouts.operation_attempt_timeout();
        limit.map(TimeLimit::attempt)
    }

    /// The ID by which the service recognizes the attempts of a call.
    pub(crate) fn invocation_id(&self) -> Result<Option<HeaderValue>, ConstructionError> {
        let id = match &self.0.config.invocation_id_generator {
            None => Some(InvocationId::new(uuid::Uuid::new_v4().to_string())),
            Some(generator) => generator.generate().map_err(ConstructionError::Other)?,
        };
        id.as_deref().map(header_value).transpose()
    }

    /// The service's clock, as far as the client knows it.
    pub(crate) fn service_clock(&self) -> ServiceClock<'_> {
        let disabled = self.0.config.disable_clock_skew_correction;
        let corrects = !disabled.unwrap_or(false);
        ServiceClock::new(corrects.then_some(&*self.0.clock_skew))
    }

    /// Whether a failed attempt is worth repeating, by the rules.
    pub(crate) fn judge(
        &self,
        operation: OperationMetadata,
        failure: AttemptFailure<'_>,
        clock: &ServiceClock<'_>,
    ) -> Option<Verdict> {
        let by_rules = classify(failure, self.0.service, operation);
        match failure {
            AttemptFailure::Service {
                response,
                code: Some(code),
            } if clock.explains(code) => Some(classify_skewed(response)),
            _ => by_rules,
        }
    }

    /// The endpoint that the service tells by `operation`, asked anew when the last answer is over.
    pub(crate) async fn discover(
        &self,
        operation: &'static str,
        progress: &mut Progress<'_>,
    ) -> Result<Uri, Failure> {
        // Locked only to look and to keep: calls that ask at the same time each get an answer, and
        // none waits for another one that may not be polled.
        let known = || {
            let discovered = self.0.discovered.lock();
            discovered.unwrap_or_else(PoisonError::into_inner)
        };
        let now = self.0.time.elapsed();
        let valid = known().clone().filter(|known| known.valid_until > now);
        let discovered = match valid {
            Some(discovered) => discovered,
            None => {
                let metadata = OperationMetadata {
                    name: operation,
                    errors: &[],
                    signed: true,
                    compressed: false,
                    endpoint_operation: None,
                };
                let prepared = self.prepare(metadata, &Unit)?;
                let response = Box::pin(self.exchange(progress, prepared)).await?;
                read_endpoint(&response, self.0.time.elapsed())
                    .map_err(|error| ConstructionError::NoEndpoint(error.to_string()))?
            }
        };
        let uri = self.0.endpoint_urls.parse(&discovered.url)?;
        *known() = Some(discovered);
        Ok(uri)
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::sync::{Arc, Mutex};
    use std::task::{Context, Poll, Waker};

    use aws_credential_types::Credentials;
    use aws_smithy_types::retry::RetryConfig;
    use aws_types::region::Region;
    use http::{HeaderMap, Request, StatusCode};

    use super::*;
    use crate::runtime::base::boxed::BoxFuture;
    use crate::runtime::base::time::StillClock;
    use crate::runtime::configuration::config::Config;
    use crate::runtime::service::test_service::SERVICE;
    use crate::runtime::wire::http::{ConnectorError, Transport, response};

    /// A service that tells its endpoint when it is asked for the second time, and keeps the URLs
    /// that requests went to.
    #[derive(Clone, Default)]
    struct Discoverable(Arc<Mutex<Vec<String>>>);

    impl Transport for Discoverable {
        fn call(
            &self,
            request: Request<Bytes>,
        ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
            let mut urls = self.0.lock().unwrap();
            urls.push(request.uri().to_string());
            let (status, body) = match urls.len() {
                1 => (500, ""),
                _ => (200, r#"{"Endpoints":[{"Address":"cell-1.example.com"}]}"#),
            };
            let status = StatusCode::from_u16(status).unwrap();
            let answer = response(status, HeaderMap::new(), body);
            Box::pin(async { Ok(answer) })
        }
    }

    const DISCOVERING: OperationMetadata = OperationMetadata {
        name: "Op",
        errors: &[],
        signed: false,
        compressed: false,
        endpoint_operation: Some("DescribeEndpoints"),
    };

    #[test]
    fn requests_that_look_for_the_endpoint_count_as_sent() {
        for (attempts, requests, is_ok) in [(1, 1, false), (2, 3, true)] {
            let transport = Discoverable::default();
            let retries = RetryConfig::standard().with_max_attempts(attempts);
            let config = Config::builder()
                .region(Region::new("us-east-1"))
                .credentials_provider(Credentials::new("AKID", "secret", None, None, "test"))
                .retry_config(retries)
                .clock(StillClock)
                .transport(transport.clone());
            let handle = Handle::new(config.build(), &SERVICE);
            let prepared = handle.prepare(DISCOVERING, &Unit);
            let time = &handle.0.time;
            let mut progress = Progress::start("Op", time);
            let mut exchange = Box::pin(handle.exchange_in_time(&mut progress, prepared));
            let result = exchange
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()));
            assert_eq!(matches!(result, Poll::Ready(Ok(_))), is_ok);
            drop(exchange);
            assert_eq!(progress.info().attempts(), requests);
            let urls = transport.0.lock().unwrap();
            let expected = [
                "https://rules/",
                "https://rules/",
                "https://cell-1.example.com/",
            ];
            assert_eq!(urls[..], expected[..urls.len()]);
        }
    }

    /// Answers everything but the first request with an endpoint.
    #[derive(Clone, Default)]
    struct LosesTheFirst(Arc<Mutex<usize>>);

    impl Transport for LosesTheFirst {
        fn call(
            &self,
            _: Request<Bytes>,
        ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
            let mut count = self.0.lock().unwrap();
            *count += 1;
            if *count == 1 {
                return Box::pin(std::future::pending());
            }
            let body = r#"{"Endpoints":[{"Address":"cell-1.example.com"}]}"#;
            let answer = response(StatusCode::OK, HeaderMap::new(), body);
            Box::pin(async { Ok(answer) })
        }
    }

    #[test]
    fn a_call_that_is_set_aside_while_it_looks_for_the_endpoint_holds_up_no_other() {
        let config = Config::builder()
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("AKID", "secret", None, None, "test"))
            .transport(LosesTheFirst::default());
        let handle = Handle::new(config.build(), &SERVICE);
        let mut progress = [(); 2].map(|()| Progress::start("Op", &handle.0.time));
        let [mut first, mut second] = progress.each_mut().map(|progress| {
            let prepared = handle.prepare(DISCOVERING, &Unit);
            Box::pin(handle.exchange_in_time(progress, prepared))
        });
        let mut context = Context::from_waker(Waker::noop());
        assert!(first.as_mut().poll(&mut context).is_pending());
        assert!(second.as_mut().poll(&mut context).is_ready());
    }
}
