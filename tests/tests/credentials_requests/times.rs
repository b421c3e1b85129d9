//! When credentials and tokens expire.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::provider::error::CredentialsError;
use cloudtrail_sdk::config::Credentials;
use cloudtrail_sdk::error::DisplayErrorContext;
use cloudtrail_sdk::test_util::FakeTime;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;
use tests::http_response;

use super::{
    CONTAINER, OF_CONTAINER, OF_SSO, Service, config_file, credentials, load, refused, response,
    root, session_token, sso,
};

#[tokio::test]
async fn times_are_read_wherever_they_come_from() {
    let expiry = UNIX_EPOCH + Duration::from_secs(1_795_773_600);
    let bad = "`Expiration` in it is not a date and time such as";
    let missing = "`Expiration` is missing in it";
    for (text, of_container, of_process) in [
        ("2026-11-27T10:00:00Z", Ok(expiry), Ok(Some(expiry))),
        ("2026-11-27 10:00:00 UTC", Ok(expiry), Ok(Some(expiry))),
        ("2026-11-27T10:00:00", Ok(expiry), Ok(Some(expiry))),
        ("2026-11-27T10:00:00+0000", Ok(expiry), Ok(Some(expiry))),
        ("", Err(missing), Ok(None)),
        (" ", Err(missing), Ok(None)),
        ("soon", Err(bad), Err(bad)),
    ] {
        let answer = OF_CONTAINER.replace("2036-01-01T00:00:00Z", text);
        let service = Service::new(move |_, _| Ok(response(200, answer.clone())));
        let config = load(Path::new("/nowhere"), &[CONTAINER])
            .transport(service)
            .clock(FakeTime::default())
            .load()
            .await;
        let loaded = credentials(&config).await;
        check(text, loaded, of_container.map(Some));

        let output = json!({
            "Version": 1, "AccessKeyId": "id", "SecretAccessKey": "key", "Expiration": text,
        });
        let root = config_file(&format!("[default]\ncredential_process = echo '{output}'"));
        let config = load(root.path(), &[]).load().await;
        check(text, credentials(&config).await, of_process);
    }
}

fn check(
    text: &str,
    loaded: Result<Credentials, CredentialsError>,
    expected: Result<Option<SystemTime>, &str>,
) {
    match (loaded, expected) {
        (Ok(credentials), Ok(expiry)) => assert_eq!(credentials.expiry(), expiry, "{text}"),
        (Err(error), Err(why)) => {
            let error = DisplayErrorContext(error).to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
        (loaded, expected) => panic!("{text}: {loaded:?}, expected {expected:?}"),
    }
}

#[tokio::test]
async fn the_expiry_of_an_sso_login_is_read_in_all_forms() {
    let service = Service::new(|_, _| Ok(response(200, OF_SSO)));
    // An hour after what the clock shows.
    for (expires_at, why) in [
        ("2026-01-01T01:00:00Z", None),
        ("2026-01-01T01:00:00UTC", None),
        ("2026-01-01 01:00:00", None),
        ("2026-01-01T02:00:00+0100", None),
        ("2025-12-31T17:00:00-0800", None),
        ("", Some("`expiresAt` is missing in it")),
        (
            "soon",
            Some("`expiresAt` in it is not a date and time such as"),
        ),
    ] {
        let sso = sso(expires_at);
        let config = load(sso.path(), &[])
            .transport(service.clone())
            .clock(FakeTime::default())
            .load()
            .await;
        let loaded = credentials(&config).await;
        let text = loaded
            .err()
            .map(|error| DisplayErrorContext(error).to_string());
        match (&text, why) {
            (None, None) => {}
            (Some(text), Some(why)) => assert!(text.contains(why), "{text}"),
            _ => panic!("{expires_at}: {text:?}"),
        }
    }
    // Each login was good as it is.
    assert_eq!(service.count(), 5);
}

#[tokio::test]
async fn credentials_at_the_end_of_time_are_no_panic() {
    for expiration in [i64::MAX, i64::MIN, -1, 0] {
        let sso = sso("2026-01-01T01:00:00Z");
        let body = OF_SSO.replace("2082758400000", &expiration.to_string());
        let service = Service::new(move |_, _| Ok(response(200, body.clone())));
        let config = load(sso.path(), &[])
            .transport(service)
            .clock(FakeTime::default())
            .load()
            .await;
        let loaded = credentials(&config).await;
        assert_eq!(loaded.is_ok(), expiration >= 0, "{expiration}");
    }
    // A clock to which nothing can be added any more.
    let last = UNIX_EPOCH + Duration::from_secs(i64::MAX.unsigned_abs());
    let sso = sso("9999-12-31T23:59:59Z");
    let service = Service::new(|_, request| {
        Ok(match (request.method().as_str(), request.uri().path()) {
            ("PUT", _) => session_token(200),
            (_, path) if path.ends_with('/') => response(200, "role"),
            _ => response(200, OF_CONTAINER),
        })
    });
    for root in [sso.path(), Path::new("/nowhere")] {
        let config = load(root, &[])
            .transport(service.clone())
            .clock(FakeTime::new(last))
            .load()
            .await;
        credentials(&config).await.unwrap_err();
    }
}

#[tokio::test]
async fn a_session_token_of_any_lifetime_is_no_panic() {
    let root = root(&[]);
    for (ttl, asked) in [
        // What does not last beyond the buffer is fetched again.
        ("0", 2),
        ("120", 2),
        ("121", 1),
        ("21600", 1),
        // This cannot be added to any time.
        ("18446744073709551615", 1),
        ("-1", 1),
    ] {
        let service = Service::new(move |_, request| {
            Ok(if request.method() == "PUT" {
                let mut headers = HeaderMap::new();
                headers.insert(
                    "x-aws-ec2-metadata-token-ttl-seconds",
                    HeaderValue::from_static(ttl),
                );
                http_response(StatusCode::OK, headers, "token")
            } else if request.uri().path().ends_with('/') {
                response(200, "role")
            } else {
                response(400, "")
            })
        });
        refused(&service, root.path(), &[]).await;
        let sent = service.sent.lock().unwrap();
        let puts = sent.iter().filter(|request| request.method() == "PUT");
        assert_eq!(puts.count(), asked, "{ttl}");
    }
}

#[tokio::test]
async fn a_login_without_a_session_is_not_refreshed() {
    let config = "[default]
sso_region = eu-west-1
sso_start_url = https://corp.awsapps.com/start
sso_account_id = 123456789012
sso_role_name = Reader
";
    // It has a minute left.
    let login = json!({
        "accessToken": "access-token",
        "expiresAt": "2026-01-01T00:01:00Z",
        "clientId": "client",
        "clientSecret": "client-secret",
        "registrationExpiresAt": "2036-01-01T00:00:00Z",
        "refreshToken": "refresh-token",
    });
    let cache = "home/.aws/sso/cache/a51746d4aa793ae07b25e90c3a5db96fc7832bd7.json";
    let root = root(&[("home/.aws/config", config), (cache, &login.to_string())]);
    let service = Service::new(|_, _| Ok(response(200, OF_SSO)));
    let config = load(root.path(), &[])
        .transport(service.clone())
        .clock(FakeTime::default())
        .load()
        .await;
    credentials(&config).await.unwrap();
    assert_eq!(service.count(), 1);
}

#[tokio::test]
async fn a_login_is_refreshed_in_its_last_five_minutes() {
    let fixture = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/credentials/login/fs/home/.aws/"
    );
    let read = |path: &str| std::fs::read_to_string(format!("{fixture}{path}")).unwrap();
    let cache = "login/cache/4b0ba8f99f075c0633e122fd73346ce203a3faf18ea0310eb2d29df1bab2e255.json";
    for (expires_at, refreshes) in [("2026-01-01T00:05:01Z", 0), ("2026-01-01T00:05:00Z", 1)] {
        let login = read(cache).replace("2023-11-14T22:30:00Z", expires_at);
        let root = root(&[
            ("home/.aws/config", &read("config")),
            (&format!("home/.aws/{cache}"), &login),
        ]);
        // A login that cannot be refreshed is used until it expires.
        let service = Service::new(|_, _| Ok(response(400, "{}")));
        let config = load(root.path(), &[])
            .transport(service.clone())
            .clock(FakeTime::default())
            .load()
            .await;
        let credentials = credentials(&config).await.unwrap();
        assert_eq!(credentials.access_key_id(), "ASIALOGIN");
        assert_eq!(service.count(), refreshes, "{expires_at}");
    }
}
