//! Whoever gives no credentials says why, once and on one line.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::time::{Duration, SystemTime};

use cloudtrail_sdk::config::{BoxFuture, Clock, ReqwestClient};
use cloudtrail_sdk::error::{ConnectorError, DisplayErrorContext};
use cloudtrail_sdk::test_util::FakeTime;

use super::{
    CONTAINER, ROLE, Service, config_file, credentials, load, refused, response, root,
    session_token, sso,
};

#[tokio::test]
async fn a_container_says_why() {
    let root = root(&[]);
    let what = "the container's credentials cannot be fetched: the service answered";
    for (status, body, why) in [
        (
            400,
            r#"{"code":"InvalidRoleArn","message":"no such\nrole"}"#,
            r"400 Bad Request: InvalidRoleArn: no such\nrole",
        ),
        (
            403,
            r#"{"Code":"AccessDenied","Message":"not you"}"#,
            "403 Forbidden: AccessDenied: not you",
        ),
        (
            404,
            "no task\x1b[0m here\n",
            r"404 Not Found: no task\u{1b}[0m here",
        ),
        (
            400,
            "<Error><Code>Denied</Code><Message>a\nb</Message></Error>",
            r"400 Bad Request: Denied: a\nb",
        ),
        (500, "", "500 Internal Server Error"),
    ] {
        let service = Service::new(move |_, _| Ok(response(status, body)));
        let text = refused(&service, root.path(), &[CONTAINER]).await;
        assert_eq!(text, format!("{what} {why}"));
    }
    let body = r#"{"Code":"Denied\n","Message":"a\u001bb"}"#;
    let service = Service::new(move |_, _| Ok(response(200, body)));
    let text = refused(&service, root.path(), &[CONTAINER]).await;
    assert_eq!(
        text,
        r"the container has no credentials: Denied\n: a\u{1b}b"
    );
}

#[tokio::test]
async fn sts_says_why() {
    let root = config_file(ROLE);
    let what = "the role `arn:aws:iam::123456789012:role/B` cannot be assumed:";
    for (status, body, why) in [
        (
            403,
            "<ErrorResponse><Error><Code>AccessDenied</Code><Message>a\nb</Message></Error>\
             </ErrorResponse>",
            r"STS answered 403 Forbidden: AccessDenied: a\nb",
        ),
        (
            400,
            r#"{"Error":{"Code":"ValidationError","Message":"no"}}"#,
            "STS answered 400 Bad Request: ValidationError: no",
        ),
        (
            407,
            "Sign in\nfirst",
            "STS answered 407 Proxy Authentication Required: Sign in first",
        ),
        (
            200,
            "<AssumeRoleResponse/>",
            "the answer of STS: `Expiration` is missing in it",
        ),
        (
            200,
            "<a><Expiration>2036-01-01T00:00:00Z</Expiration><AccessKeyId> </AccessKeyId></a>",
            "the answer of STS: `AccessKeyId` is missing in it",
        ),
        (
            200,
            "<a><Expiration>soon</Expiration><AccessKeyId>A</AccessKeyId>\
             <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken></a>",
            "the answer of STS: `Expiration` in it is not a date and time such as \
             `2026-11-27T10:00:00Z`, `2026-11-27T11:00:00+01:00` or, in UTC, `2026-11-27 10:00:00`",
        ),
    ] {
        let service = Service::new(move |_, _| Ok(response(status, body)));
        let text = refused(&service, root.path(), &[]).await;
        assert_eq!(text, format!("{what} {why}"));
    }
}

#[tokio::test]
async fn sso_says_why() {
    let sso = sso("2026-11-27T10:00:00");
    let body = r#"{"__type":"com.amazonaws#ForbiddenException","message":"No\naccess"}"#;
    let service = Service::new(move |_, _| Ok(response(403, body)));
    assert_eq!(
        refused(&service, sso.path(), &[]).await,
        "IAM Identity Center gives no credentials of the role `Reader` in the account 123456789012: \
         the service answered 403 Forbidden: ForbiddenException: No\\naccess"
    );
}

#[tokio::test]
async fn instance_metadata_says_why() {
    let root = root(&[]);
    let cannot = "the instance metadata cannot be read: the service answered";
    let off = "it is turned off in the instance's metadata options, or a firewall keeps this process \
               from it; turn it on, or leave it out with AWS_EC2_METADATA_DISABLED=true";
    let other = "what answers at its address is not the instance metadata service of EC2, or has no \
                 IMDSv2: it answered";
    let token = "to the request for a session token";
    for (of_token, of_role, text) in [
        (403, 200, format!("{cannot} 403 Forbidden: {off}")),
        (200, 403, format!("{cannot} 403 Forbidden: {off}")),
        (400, 200, format!("{cannot} 400 Bad Request {token}")),
        (200, 400, format!("{cannot} 400 Bad Request")),
    ] {
        assert_eq!(on_instance(&root, of_token, of_role).await, text);
    }
    for (of_token, of_role, why) in [
        (404, 200, format!("{other} 404 Not Found {token}")),
        (405, 200, format!("{other} 405 Method Not Allowed {token}")),
        (200, 404, "the EC2 instance has no IAM role".to_owned()),
    ] {
        let text = on_instance(&root, of_token, of_role).await;
        assert!(text.starts_with("no credentials found; tried: "), "{text}");
        assert!(
            text.contains(&format!("; instance metadata ({why})")),
            "{text}"
        );
    }
    let service = Service::new(|_, _| Err(ConnectorError::timeout("too slow".into())));
    let text = refused(&service, root.path(), &[]).await;
    let why = "not on an EC2 instance, or in a container out of reach of the hop limit in the \
               instance's metadata options: timed out: too slow";
    assert!(
        text.contains(&format!("; instance metadata ({why})")),
        "{text}"
    );
}

/// What becomes of these answers to the requests for a session token and for the role's name.
async fn on_instance(root: &tempfile::TempDir, of_token: u16, of_role: u16) -> String {
    let service = Service::new(move |_, request| {
        Ok(if request.method() == "PUT" {
            session_token(of_token)
        } else {
            response(of_role, "")
        })
    });
    refused(&service, root.path(), &[]).await
}

#[tokio::test]
async fn a_role_of_an_instance_cannot_break_a_line() {
    let root = root(&[]);
    let service = Service::new(|_, request| {
        Ok(match (request.method().as_str(), request.uri().path()) {
            ("PUT", _) => session_token(200),
            (_, "/latest/meta-data/iam/security-credentials/") => response(200, "r\u{85}le"),
            _ => response(200, r#"{"Code":"Failed\n","Message":"a\u001bb"}"#),
        })
    });
    let text = refused(&service, root.path(), &[]).await;
    assert_eq!(
        text,
        r"the instance metadata has no credentials of the role `r\u{85}le`: Failed\n: a\u{1b}b"
    );
}

/// Waits are over at once but for those of a second and more, which limit a request or a load.
struct Unlimited;

impl Clock for Unlimited {
    fn now(&self) -> SystemTime {
        FakeTime::default().now()
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        if duration < Duration::from_secs(1) {
            Box::pin(std::future::ready(()))
        } else {
            Box::pin(std::future::pending())
        }
    }
}

#[tokio::test]
async fn the_cause_in_the_network_is_told_once() {
    let port = {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.local_addr().unwrap().port()
    };
    let url = &*format!("http://127.0.0.1:{port}");
    let role = config_file(ROLE);
    let sso = sso("2026-11-27T10:00:00Z");
    for (root, variable) in [
        (role.path(), "AWS_ENDPOINT_URL_STS"),
        (sso.path(), "AWS_ENDPOINT_URL_SSO"),
        (Path::new("/nowhere"), "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
        (Path::new("/nowhere"), "AWS_EC2_METADATA_SERVICE_ENDPOINT"),
    ] {
        let config = load(root, &[(variable, url)])
            .transport(ReqwestClient::builder().no_proxy().build().unwrap())
            .clock(Unlimited)
            .load()
            .await;
        let error = credentials(&config).await.unwrap_err();
        let text = DisplayErrorContext(&error).to_string();
        assert_eq!(text.matches("refused").count(), 1, "{text}");
        assert_eq!(text.matches(url).count(), 1, "{text}");
        assert!(!text.contains("error sending request"), "{text}");
    }
}

#[tokio::test]
async fn what_is_not_of_sts_is_shown() {
    let role = config_file(ROLE);
    for (body, shown) in [
        (
            "<html>\n<title>Sign in</title>",
            "(content-type: none): <html> <title>Sign in</title>",
        ),
        (" ", "(content-type: none), and blank"),
    ] {
        let service = Service::new(move |_, _| Ok(response(200, body)));
        let text = refused(&service, role.path(), &[]).await;
        let cannot = "the role `arn:aws:iam::123456789012:role/B` cannot be assumed:";
        assert_eq!(
            text,
            format!("{cannot} the answer is not one of STS {shown}")
        );
    }
    let service = Service::new(|_, _| Ok(response(200, "SecretAccessKey: hunter2")));
    let text = refused(&service, role.path(), &[]).await;
    assert!(
        text.ends_with("the answer of STS: `Expiration` is missing in it"),
        "{text}"
    );
}

#[tokio::test]
async fn instance_metadata_that_breaks_is_not_absent() {
    let root = root(&[]);
    let cannot = "the instance metadata cannot be read:";
    let service = Service::new(|_, _| Err(ConnectorError::other("no TLS".into(), None)));
    let text = refused(&service, root.path(), &[]).await;
    assert_eq!(text, format!("{cannot} error of the HTTP client: no TLS"));
    let service = Service::new(|_, request| match request.method().as_str() {
        "PUT" => Ok(session_token(200)),
        _ => Err(ConnectorError::io("reset".into())),
    });
    let text = refused(&service, root.path(), &[]).await;
    assert_eq!(text, format!("{cannot} network error: reset"));
    let service = Service::new(|_, _| Ok(response(200, "no lifetime")));
    let text = refused(&service, root.path(), &[]).await;
    assert_eq!(
        text,
        "the instance metadata service gave no valid session token"
    );
    let service = Service::new(|_, request| {
        Ok(match request.method().as_str() {
            "PUT" => session_token(200),
            _ => response(200, &b"\xff"[..]),
        })
    });
    let text = refused(&service, root.path(), &[]).await;
    assert_eq!(text, "the instance metadata is not text");
}

#[tokio::test]
async fn what_cannot_be_sent_is_not_sent() {
    let files = root(&[("var/token", "a\nb")]);
    std::fs::write(files.path().join("var/bytes"), b"\xff").unwrap();
    let role = ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/B");
    for (variables, start) in [
        (
            &[("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "v2")][..],
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI must be a path that starts with `/`",
        ),
        (
            &[
                CONTAINER,
                ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/var/token"),
            ],
            "the token of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE cannot stand in a header",
        ),
        (
            &[
                CONTAINER,
                ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/var/none"),
            ],
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: `/var/none` cannot be read: ",
        ),
        (
            &[role, ("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/bytes")],
            "the web identity token `/var/bytes` is not text",
        ),
    ] {
        let service = Service::failing(0, 0, "");
        let text = refused(&service, files.path(), variables).await;
        assert!(text.starts_with(start), "{text}");
        assert_eq!(service.count(), 0);
    }
}
