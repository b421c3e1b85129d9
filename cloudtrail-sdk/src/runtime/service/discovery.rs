//! Endpoint discovery: services that tell by an operation where the others have to be sent.
//!
//! <https://smithy.io/2.0/aws/aws-core.html#client-endpoint-discovery>

use std::time::Duration;

use bytes::Bytes;
use http::Response;

use crate::runtime::error::response::read_output;
use crate::runtime::wire::codec::{DecodeError, DecodeMembers, Decoded, MemberValue};

/// An endpoint that the service has told.
#[derive(Clone, Debug)]
pub(crate) struct Discovered {
    pub(crate) url: String,
    /// By [`Clock::elapsed`](crate::runtime::base::time::Clock::elapsed).
    pub(crate) valid_until: Duration,
}

/// The output of the operation that tells endpoints.
#[derive(Debug, Default)]
struct Endpoints {
    endpoints: Option<Vec<Endpoint>>,
}

#[derive(Debug, Default)]
struct Endpoint {
    address: Option<String>,
    cache_period_in_minutes: Option<i64>,
}

impl DecodeMembers for Endpoints {
    fn unset() -> Self {
        Self::default()
    }

    fn member(&mut self, name: &str, value: &mut MemberValue<'_, '_>) -> Decoded {
        match name {
            "Endpoints" => value.read(&mut self.endpoints),
            _ => value.skip(),
        }
    }
}

impl DecodeMembers for Endpoint {
    fn unset() -> Self {
        Self::default()
    }

    fn member(&mut self, name: &str, value: &mut MemberValue<'_, '_>) -> Decoded {
        match name {
            "Address" => value.read(&mut self.address),
            "CachePeriodInMinutes" => value.read(&mut self.cache_period_in_minutes),
            _ => value.skip(),
        }
    }
}

/// The first endpoint in the answer that came at `now` from the operation that tells them.
pub(crate) fn read_endpoint(
    response: &Response<Bytes>,
    now: Duration,
) -> Result<Discovered, DecodeError> {
    let mut output = Endpoints::default();
    read_output(response, &mut output).map_err(|(error, _)| error)?;
    let endpoint = output.endpoints.unwrap_or_default().into_iter().next();
    let Some(Endpoint {
        address: Some(address),
        cache_period_in_minutes,
    }) = endpoint
    else {
        return Err(DecodeError::new(
            "no endpoint in the answer to endpoint discovery",
        ));
    };
    let minutes = u64::try_from(cache_period_in_minutes.unwrap_or(1)).unwrap_or(0);
    // Years of caching are as good as forever.
    let period = Duration::from_secs(minutes.min(1_000_000) * 60);
    Ok(Discovered {
        url: format!("https://{address}"),
        valid_until: now.saturating_add(period),
    })
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, StatusCode};

    use super::*;
    use crate::runtime::wire::http::response;

    fn read(body: &'static str, now: Duration) -> Result<Discovered, String> {
        let response = response(StatusCode::OK, HeaderMap::new(), body);
        read_endpoint(&response, now).map_err(|error| error.to_string())
    }

    #[test]
    fn the_first_endpoint_is_taken() {
        let body = r#"{"Endpoints":[{"Address":"a.example.com","CachePeriodInMinutes":1440},{"Address":"b"}]}"#;
        let discovered = read(body, Duration::ZERO).unwrap();
        assert_eq!(discovered.url, "https://a.example.com");
        assert!(discovered.valid_until == Duration::from_secs(86_400));
        assert_eq!(
            read("{}", Duration::ZERO).unwrap_err(),
            "no endpoint in the answer to endpoint discovery"
        );
        assert_eq!(
            read("<html>", Duration::ZERO).unwrap_err(),
            "the body is not a JSON object (content-type: none): <html>"
        );
    }

    #[test]
    fn no_period_overflows() {
        for (period, seconds) in [
            ("9223372036854775807", 60_000_000),
            ("-9223372036854775808", 0),
            ("-1", 0),
            ("null", 60),
        ] {
            let body =
                format!(r#"{{"Endpoints":[{{"Address":"a","CachePeriodInMinutes":{period}}}]}}"#);
            let body: &str = body.leak();
            let discovered = read(body, Duration::ZERO).unwrap();
            assert_eq!(
                discovered.valid_until,
                Duration::from_secs(seconds),
                "{period}"
            );
            assert!(read(body, Duration::MAX).is_ok());
        }
    }
}
