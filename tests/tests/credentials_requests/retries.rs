//! Retry settings count for services, and not for metadata.

use std::time::Duration;

use cloudtrail_sdk::config::retry::RetryConfig;
use cloudtrail_sdk::error::ConnectorError;
use cloudtrail_sdk::test_util::FakeTime;
use http::{HeaderMap, HeaderValue, StatusCode};
use tests::http_response;

use super::{
    ASSUMED, CONTAINER, OF_SSO, ROLE, Service, config_file, credentials, load, refused, response,
    root, sso,
};

#[tokio::test]
async fn retry_settings_reach_sts_and_sso() {
    let role = config_file(ROLE);
    let sso = sso("2026-11-27 10:00:00 UTC");
    for (root, body) in [(role.path(), ASSUMED), (sso.path(), OF_SSO)] {
        for (attempts, failures, sent) in [("6", 4, 5), ("6", 9, 6), ("2", 9, 2), ("1", 9, 1)] {
            let service = Service::failing(failures, 503, body);
            let config = load(root, &[("AWS_MAX_ATTEMPTS", attempts)])
                .transport(service.clone())
                .clock(FakeTime::default())
                .load()
                .await;
            let loaded = credentials(&config).await;
            assert_eq!(loaded.is_ok(), failures < sent, "{attempts} {failures}");
            assert_eq!(service.count(), sent, "{attempts} {failures}");
        }
    }
}

#[tokio::test]
async fn retry_settings_reach_the_refresh_of_a_login() {
    let expired = sso("2026-01-01T00:00:00+0000");
    let service = Service::new(|number, request| {
        Ok(match request.uri().path() {
            "/token" if number <= 4 => response(503, ""),
            "/token" => response(200, r#"{"accessToken":"new","expiresIn":900}"#),
            _ => response(200, OF_SSO),
        })
    });
    let config = load(expired.path(), &[])
        .transport(service.clone())
        .retry_config(RetryConfig::standard().with_max_attempts(5))
        .clock(FakeTime::default())
        .load()
        .await;
    credentials(&config).await.unwrap();
    assert_eq!(service.count(), 6);
}

#[tokio::test]
async fn waits_follow_the_retry_settings() {
    let root = config_file(ROLE);
    let millis =
        |all: &[u64]| -> Vec<_> { all.iter().copied().map(Duration::from_millis).collect() };
    let standard = RetryConfig::standard().with_max_attempts(4);
    let backoff = standard
        .clone()
        .with_initial_backoff(Duration::from_millis(10))
        .with_max_backoff(Duration::from_millis(15));
    let (new, old) = ("true", "false");
    for (version, retry_config, status, waits) in [
        (new, standard.clone(), 503, millis(&[50, 100, 200])),
        (new, standard.clone(), 429, millis(&[1000, 2000, 4000])),
        (old, standard.clone(), 503, millis(&[1000, 2000, 4000])),
        (new, backoff, 503, millis(&[10, 15, 15])),
    ] {
        let time = FakeTime::default();
        let sts = Service::failing(3, status, ASSUMED);
        let config = load(root.path(), &[("AWS_NEW_RETRIES_2026", version)])
            .transport(sts)
            .retry_config(retry_config)
            .clock(time.clone())
            .load()
            .await;
        credentials(&config).await.unwrap();
        assert_eq!(time.sleeps(), waits, "{version} {status}");
    }
}

#[tokio::test]
async fn adaptive_retries_wait_for_their_turn() {
    let root = config_file(ROLE);
    for (retry_config, more) in [
        (RetryConfig::standard(), false),
        (RetryConfig::adaptive(), true),
    ] {
        let time = FakeTime::default();
        let sts = Service::failing(2, 429, ASSUMED);
        let config = load(root.path(), &[])
            .transport(sts)
            .retry_config(retry_config)
            .clock(time.clone())
            .load()
            .await;
        for _ in 0..3 {
            credentials(&config).await.unwrap();
        }
        assert_eq!(time.sleeps().len() > 2, more, "{:?}", time.sleeps());
    }
}

#[tokio::test]
async fn the_tokens_of_all_loads_are_the_same() {
    let root = config_file(ROLE);
    // 35 retries at 14 tokens take 490 of 500.
    let sts = Service::new(|number, _| {
        Ok(match number {
            1..=37 => response(503, ""),
            38..=41 => response(200, ASSUMED),
            42 => response(503, ""),
            _ => response(200, ASSUMED),
        })
    });
    let config = load(root.path(), &[])
        .transport(sts.clone())
        .retry_config(RetryConfig::standard().with_max_attempts(100))
        .clock(FakeTime::default())
        .load()
        .await;
    credentials(&config).await.unwrap_err();
    assert_eq!(sts.count(), 36);
    credentials(&config).await.unwrap_err();
    assert_eq!(sts.count(), 37);
    for _ in 0..4 {
        credentials(&config).await.unwrap();
    }
    // Each success gave back one, which is enough for a retry again.
    credentials(&config).await.unwrap();
    assert_eq!(sts.count(), 43);
    // A retry that succeeds costs nothing.
    let sts =
        Service::new(|number, _| Ok(response(if number % 2 == 1 { 503 } else { 200 }, ASSUMED)));
    let config = load(root.path(), &[])
        .transport(sts)
        .clock(FakeTime::default())
        .load()
        .await;
    for _ in 0..40 {
        credentials(&config).await.unwrap();
    }
}

#[tokio::test]
async fn metadata_keeps_its_own_number_of_attempts() {
    let root = root(&[]);
    for attempts in ["1", "6"] {
        let settings = ("AWS_MAX_ATTEMPTS", attempts);
        let service = Service::failing(9, 503, "");
        refused(&service, root.path(), &[settings, CONTAINER]).await;
        assert_eq!(service.count(), 3, "{attempts}");
        let service = Service::failing(9, 503, "");
        refused(&service, root.path(), &[settings]).await;
        assert_eq!(service.count(), 4, "{attempts}");
    }
}

#[tokio::test]
async fn what_the_network_does_is_retried_and_what_the_request_is_at_fault_for_is_not() {
    let role = config_file(ROLE);
    let nothing = root(&[]);
    let failures: [(fn(_) -> _, _); 4] = [
        (ConnectorError::io, 3),
        (ConnectorError::timeout, 3),
        (ConnectorError::user, 1),
        (|why| ConnectorError::other(why, None), 1),
    ];
    for (failure, sent) in failures {
        for (root, variables) in [(role.path(), &[][..]), (nothing.path(), &[CONTAINER])] {
            let service = Service::new(move |_, _| Err(failure("broken".into())));
            let text = refused(&service, root, variables).await;
            assert!(text.ends_with(": broken"), "{text}");
            assert_eq!(service.count(), sent, "{text}");
        }
    }
}

#[tokio::test]
async fn services_throttle_by_codes() {
    let role = config_file(ROLE);
    for (code, sent) in [
        ("RequestLimitExceeded", 3),
        ("SlowDownException", 3),
        ("Throttling", 3),
        ("ThrottlingException", 3),
        ("TooManyRequestsError", 3),
        ("TooManyRequestsException", 3),
        ("IDPCommunicationError", 3),
        // Those of any call.
        ("LimitExceededException", 3),
        ("SlowDown", 3),
        ("RequestTimeout", 3),
        ("RequestTimeoutException", 3),
        ("AccessDenied", 1),
    ] {
        let body = format!("<Error><Code>{code}</Code></Error>");
        let service = Service::new(move |_, _| Ok(response(400, body.clone())));
        refused(&service, role.path(), &[]).await;
        assert_eq!(service.count(), sent, "{code}");
    }
}

#[tokio::test]
async fn services_say_when_they_want_to_be_asked_again() {
    let role = config_file(ROLE);
    let time = FakeTime::default();
    let service = Service::new(|_, _| {
        let mut headers = HeaderMap::new();
        headers.insert("x-amz-retry-after", HeaderValue::from_static("1500"));
        Ok(http_response(StatusCode::SERVICE_UNAVAILABLE, headers, ""))
    });
    let config = load(role.path(), &[])
        .transport(service)
        .clock(time.clone())
        .load()
        .await;
    credentials(&config).await.unwrap_err();
    assert_eq!(time.sleeps(), [Duration::from_millis(1500); 2]);
}
