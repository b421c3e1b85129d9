//! Endpoint discovery: services that tell by an operation where the others have to be sent.
//!
//! <https://smithy.io/2.0/aws/aws-core.html#client-endpoint-discovery>

use std::time::Duration;

use super::codec::{DecodeError, Decoded, FromMembers, MemberValue, decode};

/// An endpoint that the service has told.
#[derive(Clone, Debug)]
pub(super) struct Discovered {
    pub(super) url: String,
    /// By [`TimeSource::elapsed`](super::time::TimeSource::elapsed).
    pub(super) valid_until: Duration,
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

impl FromMembers for Endpoints {
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

impl FromMembers for Endpoint {
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
pub(super) fn read_endpoint(body: &[u8], now: Duration) -> Result<Discovered, DecodeError> {
    let mut output = Endpoints::default();
    decode(body, &mut output)?;
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
    // Years of caching are as good as forever, and cannot overflow.
    let period = Duration::from_secs(minutes.min(1_000_000) * 60);
    Ok(Discovered {
        url: format!("https://{address}"),
        valid_until: now.saturating_add(period),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_endpoint_is_taken() {
        let body = br#"{"Endpoints":[{"Address":"a.example.com","CachePeriodInMinutes":1440},{"Address":"b"}]}"#;
        let discovered = read_endpoint(body, Duration::ZERO).unwrap();
        assert_eq!(discovered.url, "https://a.example.com");
        assert!(discovered.valid_until == Duration::from_secs(86_400));
        assert!(read_endpoint(b"{}", Duration::ZERO).is_err());
        let forever =
            br#"{"Endpoints":[{"Address":"a","CachePeriodInMinutes":9223372036854775807}]}"#;
        assert!(read_endpoint(forever, Duration::ZERO).is_ok());
    }
}
