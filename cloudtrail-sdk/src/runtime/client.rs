//! The life of a call, from an input to an output: check, encode, endpoint, identity, signature,
//! attempts, decode. All but the ends is compiled once, whatever the operation.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, USER_AGENT};
use http::{HeaderName, HeaderValue, Request, Uri};
use tokio::sync::Mutex;

use super::ServiceMetadata;
use super::codec::{FromValue, Structure, Unit, decode, encode, validate};
use super::compress::gzip;
use super::config::Config;
use super::discovery::{Discovered, read_endpoint};
use super::endpoint::{Endpoint, Params};
use super::error::{
    CallInfo, ConstructionError, ConstructionFailure, DispatchFailure, ResponseError, SdkError,
    ServiceError,
};
use super::http::{ConnectorError, HttpClient, HttpResponse, ReqwestClient, SharedHttpClient};
use super::operation::{Facts, FromErrorResponse, Operation, SetRequestId};
use super::response::error_metadata;
use super::sign::{Scope, sign_request};
use super::user_agent::user_agent;

/// How often a request is sent at the most.
const MAX_ATTEMPTS: u32 = 1;

/// Credentials are fetched anew when they have less than this left.
const EXPIRY_BUFFER: Duration = Duration::from_secs(10);

const X_AMZ_TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const X_AMZ_USER_AGENT: HeaderName = HeaderName::from_static("x-amz-user-agent");
const X_AMZN_QUERY_MODE: HeaderName = HeaderName::from_static("x-amzn-query-mode");
const AMZ_SDK_INVOCATION_ID: HeaderName = HeaderName::from_static("amz-sdk-invocation-id");
const AMZ_SDK_REQUEST: HeaderName = HeaderName::from_static("amz-sdk-request");

/// What the clones of a client share.
#[derive(Clone, Debug)]
pub struct Handle(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    config: Config,
    service: &'static ServiceMetadata,
    user_agent: String,
    /// Made by the first call, so that making a client cannot fail.
    http_client: OnceLock<SharedHttpClient>,
    /// Where the service wants to be called, if it tells that by an operation.
    discovered: Mutex<Option<Discovered>>,
    /// Held while credentials are fetched, so that calls at the same time fetch them once.
    credentials: Mutex<Option<Credentials>>,
}

/// A request that can be sent.
struct Prepared {
    request: Request<Bytes>,
    /// What the signature is valid for; none for requests that are not signed.
    scope: Option<Scope>,
    /// The operation to ask for the endpoint, if the request may not go to the one it has.
    discover: Option<&'static str>,
}

/// Why an exchange did not end in a success, before the operation's error type comes in.
enum Failure {
    Construction(ConstructionError),
    Dispatch(ConnectorError),
    Service(HttpResponse),
}

impl From<ConstructionError> for Failure {
    fn from(error: ConstructionError) -> Self {
        Self::Construction(error)
    }
}

impl Handle {
    pub(crate) fn new(config: Config, service: &'static ServiceMetadata) -> Self {
        Self(Arc::new(Shared {
            config,
            service,
            user_agent: user_agent(service),
            http_client: OnceLock::new(),
            discovered: Mutex::new(None),
            credentials: Mutex::new(None),
        }))
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    /// Performs an operation.
    pub(super) async fn call<I: Operation>(
        &self,
        mut input: I,
    ) -> Result<I::Output, SdkError<I::Error>> {
        let facts = Facts::of::<I>();
        let mut progress = Progress::start(facts.name);
        input.fill_idempotency_tokens();
        let prepared = self.prepare(facts, &input, &|params| {
            input.endpoint_params(params);
            input.host_prefix()
        });
        drop(input);
        let response = match self.exchange(&mut progress, prepared).await {
            Ok(response) => response,
            Err(Failure::Service(response)) => {
                let meta = error_metadata(&response);
                let error = I::Error::from_error_response(meta, response.body());
                return Err(SdkError::ServiceError(ServiceError::new(
                    progress.info().answered_by(&response),
                    error,
                    response,
                )));
            }
            Err(Failure::Construction(error)) => {
                return Err(SdkError::ConstructionFailure(ConstructionFailure::new(
                    progress.info(),
                    error,
                )));
            }
            Err(Failure::Dispatch(error)) => {
                return Err(SdkError::DispatchFailure(DispatchFailure::new(
                    progress.info(),
                    error,
                )));
            }
        };
        let mut output = I::Output::unset();
        if let Err(error) = decode(response.body(), &mut output) {
            return Err(SdkError::ResponseError(ResponseError::new(
                progress.info().answered_by(&response),
                error,
                response,
            )));
        }
        output.set_request_id(response.request_id());
        Ok(output)
    }

    /// Checks the input and makes everything of the request that all attempts share.
    fn prepare(
        &self,
        operation: Facts,
        input: &dyn Structure,
        of_operation: &dyn Fn(&mut Params) -> String,
    ) -> Result<Prepared, ConstructionError> {
        let config = &self.0.config;
        let violations = validate(input, config.check_limits.unwrap_or(true));
        if !violations.is_empty() {
            return Err(ConstructionError::InvalidInput(violations));
        }
        let region = self.region()?;
        let mut params = self.endpoint_params(region)?;
        let host_prefix = of_operation(&mut params);
        let mut endpoint = (self.0.service.resolve_endpoint)(&params)
            .map_err(|error| ConstructionError::NoEndpoint(error.to_string()))?;
        if !host_prefix.is_empty() {
            endpoint.url = prefix_host(&endpoint.url, &host_prefix)?;
        }
        let request = self.request(operation, &endpoint, encode(input).into())?;
        let discover = match config.endpoint_url {
            Some(_) => None,
            None => operation.endpoint_operation,
        };
        let scheme = endpoint.sigv4();
        let scope = Scope {
            region: scheme
                .and_then(|scheme| scheme.signing_region.clone())
                .unwrap_or_else(|| region.to_owned()),
            service: scheme
                .and_then(|scheme| scheme.signing_name.clone())
                .unwrap_or_else(|| self.0.service.signing_name.to_owned()),
        };
        Ok(Prepared {
            request,
            scope: operation.signed.then_some(scope),
            discover,
        })
    }

    /// Sends a request until it is answered for good.
    async fn exchange(
        &self,
        progress: &mut Progress,
        prepared: Result<Prepared, ConstructionError>,
    ) -> Result<HttpResponse, Failure> {
        let Prepared {
            mut request,
            scope,
            discover,
        } = prepared?;
        if let Some(operation) = discover {
            *request.uri_mut() = self.discover(operation).await?;
        }
        let http_client = self.http_client()?;
        let invocation_id = header_value(&uuid::Uuid::new_v4().to_string())?;
        loop {
            let mut request = request.clone();
            if let Some(scope) = &scope {
                let credentials = self.credentials().await?;
                sign_request(&mut request, &credentials, scope, SystemTime::now())
                    .map_err(ConstructionError::Signing)?;
            }
            progress.attempts += 1;
            let attempt = format!("attempt={}; max={MAX_ATTEMPTS}", progress.attempts);
            let headers = request.headers_mut();
            headers.insert(AMZ_SDK_INVOCATION_ID, invocation_id.clone());
            headers.insert(AMZ_SDK_REQUEST, header_value(&attempt)?);
            let outcome = match http_client.call(request).await {
                Ok(response) if response.status().is_success() => return Ok(response),
                Ok(response) => Failure::Service(response),
                Err(error) => Failure::Dispatch(error),
            };
            if progress.attempts >= MAX_ATTEMPTS {
                return Err(outcome);
            }
        }
    }

    /// The endpoint that the service tells by `operation`, asked anew when the last answer is over.
    async fn discover(&self, operation: &'static str) -> Result<Uri, Failure> {
        let mut known = self.0.discovered.lock().await;
        let discovered = match known.take() {
            Some(discovered) if discovered.valid_until > Instant::now() => discovered,
            _ => {
                let facts = Facts {
                    name: operation,
                    signed: true,
                    compressed: false,
                    endpoint_operation: None,
                };
                let prepared = self.prepare(facts, &Unit, &|_| String::new());
                let mut progress = Progress::start(operation);
                let response = Box::pin(self.exchange(&mut progress, prepared)).await?;
                read_endpoint(response.body())
                    .map_err(|error| ConstructionError::NoEndpoint(error.to_string()))?
            }
        };
        let uri = parse_endpoint_url(&discovered.url)?;
        *known = Some(discovered);
        Ok(uri)
    }

    fn region(&self) -> Result<&str, ConstructionError> {
        let region = self
            .0
            .config
            .region
            .as_ref()
            .ok_or(ConstructionError::MissingRegion)?
            .as_ref();
        if is_host_label(region) {
            Ok(region)
        } else {
            Err(ConstructionError::InvalidRegion(region.to_owned()))
        }
    }

    /// What the configuration tells the endpoint rules.
    fn endpoint_params(&self, region: &str) -> Result<Params, ConstructionError> {
        let config = &self.0.config;
        if let Some(url) = &config.endpoint_url {
            parse_endpoint_url(url)?;
        }
        Ok(Params {
            region: Some(region.to_owned()),
            use_fips: config.use_fips,
            use_dual_stack: config.use_dual_stack,
            endpoint: config.endpoint_url.clone(),
            ..Params::default()
        })
    }

    /// The request without what each attempt adds.
    fn request(
        &self,
        operation: Facts,
        endpoint: &Endpoint,
        body: Bytes,
    ) -> Result<Request<Bytes>, ConstructionError> {
        let service = self.0.service;
        let compressed = operation.compressed.then(|| gzip(&body)).flatten();
        let is_compressed = compressed.is_some();
        let mut request = Request::new(compressed.unwrap_or(body));
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = parse_endpoint_url(&endpoint.url)?;
        let length = HeaderValue::from(request.body().len());
        let user_agent = header_value(&self.0.user_agent)?;
        let target = header_value(&format!("{}.{}", service.target_prefix, operation.name))?;
        let headers = request.headers_mut();
        headers.insert(CONTENT_LENGTH, length);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(service.content_type));
        headers.insert(X_AMZ_TARGET, target);
        headers.insert(USER_AGENT, user_agent.clone());
        headers.insert(X_AMZ_USER_AGENT, user_agent);
        if is_compressed {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        if service.query_compatible {
            headers.insert(X_AMZN_QUERY_MODE, HeaderValue::from_static("true"));
        }
        for (name, value) in &endpoint.headers {
            let name = HeaderName::try_from(*name)
                .map_err(|error| ConstructionError::NoEndpoint(error.to_string()))?;
            headers.append(name, header_value(value)?);
        }
        Ok(request)
    }

    fn http_client(&self) -> Result<SharedHttpClient, ConstructionError> {
        if let Some(client) = self
            .0
            .config
            .http_client
            .as_ref()
            .or(self.0.http_client.get())
        {
            return Ok(client.clone());
        }
        let client =
            ReqwestClient::new().map_err(|error| ConstructionError::HttpClient(error.into()))?;
        Ok(self
            .0
            .http_client
            .get_or_init(|| SharedHttpClient::new(client))
            .clone())
    }

    async fn credentials(&self) -> Result<Credentials, ConstructionError> {
        let provider = self
            .0
            .config
            .credentials_provider
            .as_ref()
            .ok_or(ConstructionError::MissingCredentials)?;
        let mut cached = self.0.credentials.lock().await;
        let fresh_until = SystemTime::now() + EXPIRY_BUFFER;
        if let Some(credentials) = &*cached
            && credentials
                .expiry()
                .is_none_or(|expiry| expiry > fresh_until)
        {
            return Ok(credentials.clone());
        }
        let credentials = provider
            .provide_credentials()
            .await
            .map_err(|error| match error {
                CredentialsError::CredentialsNotLoaded(_) => ConstructionError::MissingCredentials,
                error => ConstructionError::Credentials(error.into()),
            })?;
        *cached = Some(credentials.clone());
        Ok(credentials)
    }
}

/// How far a call has come.
struct Progress {
    operation: &'static str,
    attempts: u32,
    started: Instant,
}

impl Progress {
    fn start(operation: &'static str) -> Self {
        Self {
            operation,
            attempts: 0,
            started: Instant::now(),
        }
    }

    fn info(&self) -> CallInfo {
        CallInfo::new(self.operation, self.attempts, self.started.elapsed())
    }
}

/// A URL to send requests to: `http` or `https`, a host, and a path that ends with `/`.
///
/// It is read as [`Uri`], which is signed, and as [`reqwest::Url`], which is connected to and checks
/// hosts more strictly (`xn--a` is no name, `1.2.3.4.5` no address).
fn parse_endpoint_url(url: &str) -> Result<Uri, ConstructionError> {
    let invalid = |why: &str| {
        ConstructionError::InvalidEndpointUrl(without_user_info(url).into_owned(), why.into())
    };
    let parsed: Uri = url
        .parse()
        .map_err(|error: http::uri::InvalidUri| invalid(&error.to_string()))?;
    if !matches!(parsed.scheme_str(), Some("http" | "https")) {
        return Err(invalid("it must start with http:// or https://"));
    }
    reqwest::Url::parse(url).map_err(|error| invalid(&error.to_string()))?;
    if parsed
        .authority()
        .is_some_and(|authority| authority.as_str().contains('@'))
    {
        return Err(invalid("it must not have a user name or a password"));
    }
    if parsed.query().is_some() {
        return Err(invalid("it must not have a query"));
    }
    if parsed.path().ends_with('/') {
        return Ok(parsed);
    }
    format!("{}/", url.trim_end_matches('/'))
        .parse()
        .map_err(|error: http::uri::InvalidUri| invalid(&error.to_string()))
}

/// The URL as it can be shown: a password in it is not for logs.
fn without_user_info(url: &str) -> Cow<'_, str> {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, rest))) => format!("{scheme}://***@{rest}").into(),
        (None, Some((_, rest))) => format!("***@{rest}").into(),
        (_, None) => url.into(),
    }
}

/// Puts a prefix before the host of a URL.
fn prefix_host(url: &str, prefix: &str) -> Result<String, ConstructionError> {
    let (scheme, rest) = url
        .split_once("://")
        .ok_or_else(|| ConstructionError::NoEndpoint(format!("`{url}` has no host")))?;
    let host = rest.split(['/', ':']).next().unwrap_or(rest);
    if !is_host_label(&format!("{prefix}{host}")) {
        return Err(ConstructionError::NoEndpoint(format!(
            "`{prefix}`, made from the input, cannot stand before the host `{host}`"
        )));
    }
    Ok(format!("{scheme}://{prefix}{rest}"))
}

/// Whether the text can be part of a host name: labels of letters, digits and inner hyphens.
fn is_host_label(text: &str) -> bool {
    text.split('.').all(|label| {
        let bytes = label.as_bytes();
        (1..=63).contains(&bytes.len())
            && bytes
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
            && bytes.first() != Some(&b'-')
            && bytes.last() != Some(&b'-')
    })
}

fn header_value(text: &str) -> Result<HeaderValue, ConstructionError> {
    HeaderValue::from_str(text).map_err(|error| ConstructionError::Signing(error.into()))
}

#[cfg(test)]
mod tests {
    use aws_types::region::Region;

    use super::*;

    #[test]
    fn a_password_in_an_endpoint_url_is_not_shown() {
        for url in [
            "http://user:secret@x",
            "user:secret@x",
            "http://a:secret@b:secret@x",
        ] {
            let error = parse_endpoint_url(url).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn regions_are_host_labels() {
        for valid in [
            "us-east-1",
            "a",
            "us-gov-west-1",
            "eu-isoe-west-1",
            "local.host",
        ] {
            assert!(is_host_label(valid), "{valid}");
        }
        let long = "a".repeat(64);
        for invalid in [
            "",
            "-a",
            "a-",
            "us_east_1",
            "a/b",
            "a@b",
            "a..b",
            "ü",
            &long,
        ] {
            assert!(!is_host_label(invalid), "{invalid}");
        }
    }

    #[test]
    fn endpoint_urls_end_with_a_slash() {
        for (url, uri) in [
            ("http://localhost:4566", "http://localhost:4566/"),
            ("https://example.com/base", "https://example.com/base/"),
            ("https://example.com/base/", "https://example.com/base/"),
        ] {
            assert_eq!(parse_endpoint_url(url).unwrap().to_string(), uri);
        }
        for invalid in [
            "",
            "localhost",
            "ftp://x",
            "http://",
            "http://a b",
            "http://x/?q=1",
            "//x",
            "http://user:password@x",
            "http://xn--a",
            "http://1.2.3.4.5",
            "http://x:65536",
        ] {
            assert!(
                matches!(
                    parse_endpoint_url(invalid),
                    Err(ConstructionError::InvalidEndpointUrl(..))
                ),
                "{invalid}"
            );
        }
    }

    static SERVICE: ServiceMetadata = ServiceMetadata {
        sdk_id: "Some Service",
        signing_name: "some",
        target_prefix: "Some_20200101",
        content_type: "application/x-amz-json-1.1",
        query_compatible: false,
        resolve_endpoint: |params| Ok(Endpoint::new(params.endpoint().unwrap_or("https://rules"))),
    };

    #[test]
    fn the_host_prefix_goes_before_any_endpoint() {
        let operation = Facts {
            name: "Op",
            signed: false,
            compressed: false,
            endpoint_operation: None,
        };
        let config = Config::builder().region(Region::new("us-east-1"));
        for (config, uri) in [
            (config.clone(), "https://data-rules/"),
            (
                config.endpoint_url("http://mine:81/x"),
                "http://data-mine:81/x/",
            ),
        ] {
            let prepared = Handle::new(config.build(), &SERVICE)
                .prepare(operation, &Unit, &|_| "data-".to_owned())
                .map_err(|error| error.to_string())
                .unwrap();
            assert_eq!(prepared.request.uri(), uri);
        }
    }
}
