//! The time that requests are signed for, where clocks and answers are scripted:
//! `clock-skew-test-cases.json` of the crate aws-runtime.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;
use cloudtrail_sdk::config::retry::RetryConfig;
use cloudtrail_sdk::config::{BoxFuture, Clock, Credentials, Region, Transport};
use cloudtrail_sdk::error::ConnectorError;
use cloudtrail_sdk::{Client, Config};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use tests::http_response;
use time::format_description::well_known::Rfc3339;
use time::macros::{datetime, format_description};
use time::{Duration, OffsetDateTime};

/// When calls are made that are no part of a case.
const ASIDE: OffsetDateTime = datetime!(2026-02-01 00:00 UTC);

pub(crate) fn trials(aws_runtime: &Path) -> Vec<Trial> {
    let suite = crate::read_json(&aws_runtime.join("test-data/clock-skew-test-cases.json"));
    crate::trials("clock skew", items(&suite["tests"]), 10, |case| {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        runtime.block_on(check(case));
        Ok(())
    })
}

async fn check(case: &Value) {
    let world = World::default();
    let client = client(&world);
    let operations = items(&case["operations"]);

    // A skew that is there from the start has been told by an earlier answer.
    let initial = skew(&operations[0]["initialClientSkew"]);
    if !initial.is_zero() {
        let date = http_date(ASIDE + initial);
        let answer = Answer::new(ASIDE, ASIDE, 200, &[("date", &date)], json!({}));
        world.call(&client, vec![answer], None).await;
    }

    for (index, operation) in operations.iter().enumerate() {
        let attempts = items(&operation["attempts"]);
        let answers = attempts.iter().map(Answer::of_attempt).collect();
        let (signed_at, succeeded) = world
            .call(&client, answers, operation["maxAttempts"].as_u64())
            .await;
        let expected: Vec<_> = attempts
            .iter()
            .map(|attempt| text(&attempt["expectedSigningTime"]).replace(['-', ':'], ""))
            .collect();
        assert_eq!(signed_at, expected, "operation {index}");
        let expected = text(&operation["expectedOutcome"]) == "success";
        assert_eq!(succeeded, expected, "operation {index}");

        // The skew that the client keeps shows in its next signature. An answer without a date
        // leaves it as it is.
        let answer = Answer::new(ASIDE, ASIDE, 200, &[], json!({}));
        let (signed_at, _) = world.call(&client, vec![answer], None).await;
        let expected = amz_date(ASIDE + skew(&operation["expectedClientSkew"]));
        assert_eq!(signed_at, [expected], "after operation {index}");
    }
}

fn client(world: &World) -> Client {
    let config = Config::builder()
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("AKID", "secret", None, None, "test"))
        .transport(world.clone())
        .clock(world.clone())
        .build();
    Client::from_conf(config)
}

/// The clock of the client, and the service that it calls.
#[derive(Clone, Default)]
struct World(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    now: Option<OffsetDateTime>,
    answers: VecDeque<Answer>,
    signed_at: Vec<String>,
}

impl World {
    /// Calls an operation, which gets these answers; tells when its requests were signed, and
    /// whether it was a success.
    async fn call(
        &self,
        client: &Client,
        answers: Vec<Answer>,
        max_attempts: Option<u64>,
    ) -> (Vec<String>, bool) {
        self.state().answers = answers.into();
        self.state().advance();
        let mut call = client.list_trails().customize();
        if let Some(number) = max_attempts {
            let number = u32::try_from(number).expect("a small number");
            let retries = RetryConfig::standard().with_max_attempts(number);
            call = call.config_override(Config::builder().retry_config(retries));
        }
        let succeeded = call.send().await.is_ok();
        let mut state = self.state();
        assert_eq!(state.answers.len(), 0, "attempts that were not made");
        (std::mem::take(&mut state.signed_at), succeeded)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Goes on to the time at which the next request is sent.
    fn advance(&mut self) {
        if let Some(answer) = self.answers.front() {
            self.now = Some(answer.sent);
        }
    }
}

impl Clock for World {
    fn now(&self) -> SystemTime {
        self.state().now.expect("a call has started").into()
    }

    fn elapsed(&self) -> std::time::Duration {
        std::time::Duration::ZERO
    }

    fn sleep(&self, _: std::time::Duration) -> BoxFuture<'static, ()> {
        let world = self.clone();
        Box::pin(async move { world.state().advance() })
    }
}

impl Transport for World {
    fn call(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
        Box::pin(async move {
            let mut state = self.state();
            let date = request.headers()["x-amz-date"].to_str();
            state.signed_at.push(date.expect("text").to_owned());
            let answer = state
                .answers
                .pop_front()
                .ok_or_else(|| ConnectorError::other("one attempt too many".into(), None))?;
            state.now = Some(answer.received);
            Ok(answer.response)
        })
    }
}

/// An answer, and the times of sending the request and of receiving it on the client's clock.
struct Answer {
    sent: OffsetDateTime,
    received: OffsetDateTime,
    response: Response<Bytes>,
}

impl Answer {
    fn new(
        sent: OffsetDateTime,
        received: OffsetDateTime,
        status: u16,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Self {
        // The cases leave out what tells that the service itself has answered.
        let headers: HeaderMap = [("x-amzn-requestid", "id-1")]
            .iter()
            .chain(headers)
            .map(|(name, value)| {
                let name: HeaderName = name.parse().expect("the name of a header");
                let value: HeaderValue = value.parse().expect("the value of a header");
                (name, value)
            })
            .collect();
        let status = StatusCode::from_u16(status).expect("a status");
        Self {
            sent,
            received,
            response: http_response(status, headers, body.to_string()),
        }
    }

    fn of_attempt(attempt: &Value) -> Self {
        let response = &attempt["response"];
        let headers: Vec<_> = crate::strings(&response["headers"]).collect();
        let status = response["statusCode"].as_u64().expect("a status");
        let body = match response["errorCode"].as_str() {
            Some(code) => json!({ "__type": code }),
            None => json!({}),
        };
        Self::new(
            time_of(&attempt["clientTimeAtSend"]),
            time_of(&attempt["clientTimeAtReceive"]),
            u16::try_from(status).expect("a status"),
            &headers,
            body,
        )
    }
}

fn time_of(value: &Value) -> OffsetDateTime {
    OffsetDateTime::parse(text(value), &Rfc3339).expect("a time")
}

fn skew(seconds: &Value) -> Duration {
    Duration::seconds(seconds.as_i64().expect("a number of seconds"))
}

fn amz_date(time: OffsetDateTime) -> String {
    time.format(format_description!(
        "[year][month][day]T[hour][minute][second]Z"
    ))
    .expect("a time of this millennium")
}

fn http_date(time: OffsetDateTime) -> String {
    time.format(format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    ))
    .expect("a time of this millennium")
}

fn items(value: &Value) -> &[Value] {
    value.as_array().expect("an array")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}
