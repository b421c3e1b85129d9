//! One call through the whole client, with a transport that answers from the suite.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use aws_credential_types::Credentials;
use aws_smithy_types::retry::RetryConfig;
use aws_types::region::Region;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use serde_json::{Value, json};

use crate::config::Config;
use crate::error::{ConnectorError, ProvideErrorMetadata, SdkError};
use crate::runtime::base::boxed::BoxFuture;
use crate::runtime::call::client::Handle;
use crate::runtime::fluent::builder::Builder;
use crate::runtime::service::operation::Operation;
use crate::runtime::wire::codec::{DecodeMembers, EncodeMembers, decode, encode};
use crate::runtime::wire::http::Transport;
use crate::{Failure, pairs, text};

/// What is called, with what, and what comes back. Bodies are JSON texts, so that no number passes
/// through anything but the client.
pub struct Exchange<'a> {
    pub service: &'a str,
    pub operation: &'a str,
    input: &'a str,
    endpoint_url: &'a str,
    response: Response<Bytes>,
}

impl<'a> Exchange<'a> {
    pub fn new(request: &'a Value) -> Result<Self, Failure> {
        let answer = &request["response"];
        let status = answer["status"].as_u64().ok_or("a status is a number")?;
        let mut headers = HeaderMap::new();
        for (name, value) in pairs(&answer["headers"])? {
            headers.append(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
        }
        let mut response = Response::new(text(answer, "body")?.to_owned().into());
        *response.status_mut() = StatusCode::from_u16(status.try_into()?)?;
        *response.headers_mut() = headers;
        Ok(Self {
            service: text(request, "service")?,
            operation: text(request, "operation")?,
            input: text(request, "input")?,
            endpoint_url: text(request, "endpoint_url")?,
            response,
        })
    }

    /// Calls the operation; `members` gives the JSON of a modeled error.
    pub fn run<I, C>(
        &self,
        client: impl FnOnce(Config) -> C,
        members: impl FnOnce(&I::Error) -> Option<Vec<u8>>,
    ) -> Result<Value, Failure>
    where
        I: Operation + DecodeMembers + Default,
        I::Output: EncodeMembers,
        I::Error: ProvideErrorMetadata + std::error::Error,
        C: AsRef<Handle>,
    {
        let transport = Suite(Arc::new(Mocked {
            response: self.response.clone(),
            request: Mutex::new(None),
        }));
        let client = client(
            Config::builder()
                .region(Region::new("us-east-1"))
                .credentials_provider(Credentials::new("AKID", "SECRET", None, None, "suite"))
                .endpoint_url(self.endpoint_url)
                .transport(transport.clone())
                .retry_config(RetryConfig::disabled())
                .build(),
        );
        let mut builder = Builder::<I>::default();
        decode(self.input.as_bytes(), &mut *builder.inner)
            .map_err(|error| format!("the input is not one of this operation: {error}"))?;
        let result = finish(builder.send_with(&client))?;
        let outcome = match result {
            Ok(output) => json!({ "output": String::from_utf8(encode(&output))? }),
            Err(SdkError::ServiceError(error)) => {
                let members = members(error.err()).map(String::from_utf8).transpose()?;
                let meta = error.err().meta();
                json!({ "error": {
                    "code": meta.code(),
                    "message": meta.message(),
                    "members": members,
                } })
            }
            Err(error) => return Err(error.to_string().into()),
        };
        let request = transport.0.request.lock().map_err(|_| "poisoned")?.take();
        Ok(json!({ "request": request.map(describe).transpose()?, "outcome": outcome }))
    }
}

fn describe(request: Request<Bytes>) -> Result<Value, Failure> {
    let headers = request
        .headers()
        .iter()
        .map(|(name, value)| Ok(json!([name.as_str(), value.to_str()?])))
        .collect::<Result<Vec<_>, Failure>>()?;
    Ok(json!({
        "method": request.method().as_str(),
        "uri": request.uri().to_string(),
        "headers": headers,
        // None for a compressed one.
        "body": std::str::from_utf8(request.body()).ok(),
    }))
}

/// Runs a future that never has to wait, as nothing here does.
fn finish<F: Future>(future: F) -> Result<F::Output, Failure> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Ok(output),
        Poll::Pending => Err("the call waits for something".into()),
    }
}

#[derive(Clone)]
struct Suite(Arc<Mocked>);

struct Mocked {
    response: Response<Bytes>,
    /// What was sent.
    request: Mutex<Option<Request<Bytes>>>,
}

impl Transport for Suite {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
        Box::pin(async move {
            *self
                .0
                .request
                .lock()
                .map_err(|_| ConnectorError::other("poisoned".into(), None))? = Some(request);
            Ok(self.0.response.clone())
        })
    }
}
