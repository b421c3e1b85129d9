//! Clocks that are off: the service's, this machine's, and those of what stands between.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_async::time::{SharedTimeSource, StaticTimeSource};
use aws_types::SdkConfig;
use bytes::Bytes;
use cloudtrail_sdk::Client;
use cloudtrail_sdk::config::retry::RetryConfig;
use cloudtrail_sdk::config::{BoxFuture, Builder, Config, Credentials, Region, Transport};
use cloudtrail_sdk::error::{ConnectorError, ProvideErrorMetadata, SdkError};
use cloudtrail_sdk::operation::list_trails::{ListTrailsError, ListTrailsOutput};
use cloudtrail_sdk::test_util::{FakeTime, retry_tokens};
use http::{HeaderMap, Request, Response, StatusCode};
use serde_json::json;
use tests::http_response;
use time::macros::{datetime, format_description};
use time::{Duration, OffsetDateTime, PrimitiveDateTime};
use tokio::sync::Notify;

const HOUR: i64 = 3600;

/// What this machine's clock shows. Delays are none, so that it stands still.
const NOW: OffsetDateTime = datetime!(2026-01-01 00:00 UTC);

/// The service, and what may answer in its place.
#[derive(Clone, Default)]
struct World(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// By how many seconds the service's clock is ahead.
    service_ahead: i64,
    /// The code by which it refuses signatures that are more than five minutes off.
    code: &'static str,
    /// Answers that are not the service's, which come first.
    gateway: VecDeque<Response<Bytes>>,
    /// For how many seconds ahead requests were signed.
    signed_for: Vec<i64>,
    /// The next answer waits for this, and tells the other that it does.
    held: Option<(Arc<Notify>, Arc<Notify>)>,
}

impl World {
    fn new(service_ahead: i64) -> Self {
        let world = Self::default();
        {
            let mut state = world.0.lock().unwrap();
            state.service_ahead = service_ahead;
            state.code = "SignatureDoesNotMatch";
        }
        world
    }

    /// Has something answer the next request that has another clock.
    fn gateway(self, status: u16, ahead: i64, request_id: Option<&str>) -> Self {
        let answer = response(status, ahead, request_id, "{}".to_owned());
        self.0.lock().unwrap().gateway.push_back(answer);
        self
    }

    fn client(&self, configure: impl FnOnce(Builder) -> Builder) -> Client {
        let time = FakeTime::new(NOW.into());
        time.set_jitter(0.0);
        let config = Config::builder()
            .region(Region::from_static("us-east-1"))
            .credentials_provider(Credentials::new("AKID", "secret", None, None, "test"))
            .clock(time)
            .transport(self.clone());
        Client::from_conf(configure(config).build())
    }

    /// For how many seconds ahead requests were signed since this was last asked.
    fn signed_for(&self) -> Vec<i64> {
        std::mem::take(&mut self.0.lock().unwrap().signed_for)
    }
}

fn response(status: u16, ahead: i64, request_id: Option<&str>, body: String) -> Response<Bytes> {
    let date = (NOW + Duration::seconds(ahead))
        .format(format_description!(
            "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
        ))
        .unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("date", date.parse().unwrap());
    if let Some(id) = request_id {
        headers.insert("x-amzn-requestid", id.parse().unwrap());
    }
    http_response(StatusCode::from_u16(status).unwrap(), headers, body)
}

/// For how many seconds ahead of this machine's clock a request was signed.
fn signed_for(request: &Request<Bytes>) -> i64 {
    let date = request.headers()["x-amz-date"].to_str().unwrap();
    let form = format_description!("[year][month][day]T[hour][minute][second]Z");
    let date = PrimitiveDateTime::parse(date, form).unwrap().assume_utc();
    (date - NOW).whole_seconds()
}

impl Transport for World {
    fn call(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
        let signed_for = signed_for(&request);
        let (answer, held) = {
            let mut state = self.0.lock().unwrap();
            state.signed_for.push(signed_for);
            let ahead = state.service_ahead;
            let answer = state.gateway.pop_front().unwrap_or_else(|| {
                if signed_for.abs_diff(ahead) <= 300 {
                    response(200, ahead, Some("id-1"), "{}".to_owned())
                } else {
                    let body = json!({ "__type": state.code }).to_string();
                    response(403, ahead, Some("id-1"), body)
                }
            });
            (answer, state.held.take())
        };
        Box::pin(async move {
            if let Some((waits, release)) = held {
                waits.notify_one();
                release.notified().await;
            }
            Ok(answer)
        })
    }
}

async fn list_trails(client: &Client) -> Result<ListTrailsOutput, SdkError<ListTrailsError>> {
    client.list_trails().send().await
}

#[tokio::test]
async fn a_service_whose_clock_differs_is_signed_for_its_time() {
    for code in [
        "AccessDeniedException",
        "AuthFailure",
        "InvalidSignatureException",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
    ] {
        for ahead in [2 * HOUR, -2 * HOUR] {
            let world = World::new(ahead);
            world.0.lock().unwrap().code = code;
            let client = world.client(|config| config);
            list_trails(&client).await.unwrap();
            assert_eq!(world.signed_for(), [0, ahead], "{code}");
            list_trails(&client).await.unwrap();
            assert_eq!(world.signed_for(), [ahead], "{code}");
            assert_eq!(retry_tokens(&client), 500);
        }
    }
    let world = World::new(2 * HOUR);
    world.0.lock().unwrap().code = "ExpiredTokenException";
    let client = world.client(|config| config);
    list_trails(&client).await.unwrap_err();
    assert_eq!(world.signed_for(), [0]);
}

#[tokio::test]
async fn a_wrong_date_is_mended_by_the_answer_that_refuses_the_signature() {
    // By a failure, in the same call.
    for ahead in [HOUR, -HOUR] {
        let world = World::new(0).gateway(503, ahead, Some("id-0"));
        let client = world.client(|config| config);
        list_trails(&client).await.unwrap();
        assert_eq!(world.signed_for(), [0, ahead, 0]);
        list_trails(&client).await.unwrap();
        assert_eq!(world.signed_for(), [0]);
    }
    // By a success, in the next one; whatever the service's own clock shows.
    for service in [0, HOUR, -2 * HOUR] {
        let world = World::new(service);
        let client = world.client(|config| config);
        list_trails(&client).await.unwrap();
        world.signed_for();
        let world = world.gateway(200, 3 * HOUR, Some("id-0"));
        list_trails(&client).await.unwrap();
        assert_eq!(world.signed_for(), [service]);
        list_trails(&client).await.unwrap();
        assert_eq!(world.signed_for(), [3 * HOUR, service]);
        list_trails(&client).await.unwrap();
        assert_eq!(world.signed_for(), [service]);
    }
}

#[tokio::test]
async fn an_answer_without_a_request_id_teaches_nothing() {
    for id in [None, Some("")] {
        let world = World::new(0).gateway(503, HOUR, id).gateway(200, HOUR, id);
        let client = world.client(|config| config);
        list_trails(&client).await.unwrap();
        list_trails(&client).await.unwrap();
        assert_eq!(world.signed_for(), [0, 0, 0]);
    }
    // It does not explain an error either.
    let world = World::new(0);
    let refusal = json!({ "__type": "AccessDeniedException" }).to_string();
    let refusal = response(403, HOUR, None, refusal);
    world.0.lock().unwrap().gateway.push_back(refusal);
    let error = list_trails(&world.client(|config| config))
        .await
        .unwrap_err();
    assert_eq!(error.call().attempts(), 1);
}

#[tokio::test]
async fn a_refusal_that_the_clock_does_not_explain_is_not_retried() {
    // It was signed for the right time, however far that is from this machine's.
    let world = World::new(HOUR);
    let client = world.client(|config| config);
    list_trails(&client).await.unwrap();
    let refusal = json!({ "__type": "AccessDeniedException" }).to_string();
    let refusal = response(403, HOUR, Some("id-2"), refusal);
    world.0.lock().unwrap().gateway.push_back(refusal);
    let error = list_trails(&client).await.unwrap_err();
    assert_eq!(error.code(), Some("AccessDeniedException"));
    assert_eq!(error.call().attempts(), 1);
}

#[tokio::test]
async fn no_date_keeps_the_next_request_from_being_signed() {
    let end = datetime!(9999-12-31 23:59:59 UTC) - NOW;
    let begin = datetime!(0000-01-01 00:00 UTC) - NOW;
    for ahead in [end, begin] {
        let ahead = ahead.whole_seconds();
        let world = World::new(0).gateway(200, ahead, Some("id-0"));
        let time = FakeTime::new(NOW.into());
        let client = world.client(|config| config.clock(time.clone()));
        list_trails(&client).await.unwrap();
        time.advance(std::time::Duration::from_secs(1));
        list_trails(&client).await.unwrap();
        assert_eq!(world.signed_for(), [0, 1]);
    }
}

#[tokio::test]
async fn correction_can_be_turned_off() {
    let off = |config: Builder| config.disable_clock_skew_correction(true);
    let world = World::new(0)
        .gateway(503, HOUR, Some("id-0"))
        .gateway(200, HOUR, Some("id-0"));
    let client = world.client(off);
    list_trails(&client).await.unwrap();
    list_trails(&client).await.unwrap();
    assert_eq!(world.signed_for(), [0, 0, 0]);

    let world = World::new(HOUR);
    let error = list_trails(&world.client(off)).await.unwrap_err();
    assert_eq!(error.call().attempts(), 1);

    // For one call, after the client has learned.
    let world = World::new(HOUR);
    let client = world.client(|config| config);
    list_trails(&client).await.unwrap();
    let call = client.list_trails().customize();
    let error = call.config_override(off(Config::builder())).send().await;
    error.unwrap_err();
    assert_eq!(world.signed_for(), [0, HOUR, 0]);
}

#[tokio::test]
async fn a_call_with_a_clock_of_its_own_neither_tells_the_others_nor_is_told() {
    let world = World::new(0);
    let client = world.client(|config| config);
    let slow = FakeTime::new((NOW - Duration::hours(1)).into());
    slow.set_jitter(0.0);
    let changes = || Config::builder().clock(slow.clone());
    let call = client.list_trails().customize();
    call.config_override(changes()).send().await.unwrap();
    assert_eq!(world.signed_for(), [-HOUR, 0]);
    list_trails(&client).await.unwrap();
    assert_eq!(world.signed_for(), [0]);
}

/// The first attempt of a call is held up while another call learns that the service is two hours
/// ahead; the second attempt is signed for that.
async fn learns_from_another_call(world: World) {
    let client = world.client(|config| config);
    let waits = Arc::new(Notify::new());
    let release = Arc::new(Notify::new());
    world.0.lock().unwrap().held = Some((Arc::clone(&waits), Arc::clone(&release)));
    let slow = list_trails(&client);
    let other = async {
        waits.notified().await;
        list_trails(&client).await.unwrap();
        assert_eq!(world.signed_for(), [0, 0, 2 * HOUR]);
        release.notify_one();
    };
    let (slow, ()) = tokio::join!(slow, other);
    slow.unwrap();
    assert_eq!(world.signed_for(), [2 * HOUR]);
}

#[tokio::test]
async fn a_call_that_signed_for_the_old_time_is_repeated_for_the_new_one() {
    learns_from_another_call(World::new(2 * HOUR)).await;
}

#[tokio::test]
async fn a_retry_is_signed_for_what_other_calls_have_learned() {
    learns_from_another_call(World::new(2 * HOUR).gateway(503, 0, None)).await;
}

#[tokio::test]
async fn what_a_refusal_tells_is_kept_though_no_attempt_is_left() {
    let world = World::new(HOUR);
    let client = world.client(|config| config.retry_config(RetryConfig::disabled()));
    list_trails(&client).await.unwrap_err();
    list_trails(&client).await.unwrap();
    assert_eq!(world.signed_for(), [0, HOUR]);
}

#[test]
fn what_aws_config_sets_in_any_case_is_passed_over() {
    let defaults = SdkConfig::builder()
        .time_source(SharedTimeSource::default())
        .sleep_impl(TokioSleep::new())
        .build();
    let config = Config::new(&defaults);
    assert!(config.time_source().is_none() && config.sleep_impl().is_none());
    let own = defaults.into_builder();
    let own = own.time_source(StaticTimeSource::from_secs(0)).build();
    let config = Config::new(&own);
    assert!(config.time_source().is_some() && config.sleep_impl().is_none());
}

/// Both show the same day; only the one that was set last is asked.
#[tokio::test]
async fn a_clock_replaces_its_parts_and_parts_replace_those_of_the_clock() {
    let day = |days| SystemTime::from(NOW + Duration::days(days));
    let clock = || FakeTime::new(day(1));
    let part = || StaticTimeSource::new(day(2));
    let parts_last = World::new(0);
    let client = parts_last.client(|config| config.clock(clock()).time_source(part()));
    list_trails(&client).await.unwrap();
    assert_eq!(parts_last.signed_for()[0], 48 * HOUR);
    let clock_last = World::new(0);
    let client = clock_last.client(|config| config.time_source(part()).clock(clock()));
    list_trails(&client).await.unwrap();
    assert_eq!(clock_last.signed_for()[0], 24 * HOUR);
    let call = client.list_trails().customize();
    let changes = Config::builder().time_source(part());
    call.config_override(changes).send().await.unwrap();
    assert_eq!(clock_last.signed_for()[0], 48 * HOUR);
}
