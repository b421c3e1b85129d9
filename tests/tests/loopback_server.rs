//! The loopback server itself: what it accepts, what it refuses, and how it fails on demand.
//!
//! The client here is a bare socket, and the signatures are made by the `aws-sigv4` crate.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use serde_json::{Value, json};
use tests::protocol::{ErrorForm, Reply};
use tests::server::LoopbackServer;

/// A request to be signed and sent.
struct Request {
    operation: &'static str,
    content_type: &'static str,
    body: &'static str,
    /// What is sent in the place of `body` after signing.
    sent_body: Option<&'static str>,
    secret: &'static str,
    token: Option<&'static str>,
    region: &'static str,
    signed_at: SystemTime,
}

impl Request {
    fn get_trail() -> Self {
        Self {
            operation: "CloudTrail_20131101.GetTrail",
            content_type: "application/x-amz-json-1.1",
            body: r#"{"Name":"a"}"#,
            sent_body: None,
            secret: "loopback-secret",
            token: None,
            region: "us-east-1",
            signed_at: SystemTime::now(),
        }
    }

    /// Sends the request over a connection of its own, and reads until the server closes it.
    fn send(&self, server: &LoopbackServer) -> std::io::Result<Response> {
        let authority = server.url().replace("http://", "");
        let headers = [
            ("host", authority.as_str()),
            ("content-type", self.content_type),
            ("x-amz-target", self.operation),
        ];
        let identity = Credentials::new(
            "AKID",
            self.secret,
            self.token.map(Into::into),
            None,
            "test",
        )
        .into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name("cloudtrail")
            .time(self.signed_at)
            .settings(SigningSettings::default())
            .build()
            .unwrap()
            .into();
        let signable = SignableRequest::new(
            "POST",
            format!("{}/", server.url()),
            headers.into_iter(),
            SignableBody::Bytes(self.body.as_bytes()),
        )
        .unwrap();
        let (signature, _) = sign(signable, &parameters).unwrap().into_parts();
        let signed = signature.headers().collect::<Vec<_>>();

        let body = self.sent_body.unwrap_or(self.body);
        let mut text = String::from("POST / HTTP/1.1\r\nconnection: close\r\n");
        for (name, value) in headers.into_iter().chain(signed) {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));

        let mut stream = TcpStream::connect(authority)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream.write_all(text.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(Response(String::from_utf8(answer).unwrap()))
    }
}

/// A response as it arrived.
struct Response(String);

impl Response {
    fn status(&self) -> &str {
        self.0.split(' ').nth(1).unwrap()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.0
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    fn body(&self) -> &str {
        self.0.split_once("\r\n\r\n").unwrap().1
    }

    fn json(&self) -> Value {
        serde_json::from_str(self.body()).unwrap()
    }
}

#[track_caller]
fn assert_refused(request: &Request, code: &str) {
    let server = LoopbackServer::start().unwrap();
    let response = request.send(&server).unwrap();
    assert_eq!(
        (response.status(), &response.json()["__type"]),
        ("400", &json!(code)),
        "{}",
        response.0
    );
    assert_eq!(server.refusals()[0].code, code);
}

#[test]
fn a_signed_request_gets_the_output_of_the_model() {
    for token in [None, Some("loopback-token")] {
        let server = LoopbackServer::start().unwrap();
        let response = Request {
            token,
            ..Request::get_trail()
        }
        .send(&server)
        .unwrap();
        assert_eq!(response.status(), "200", "{}", response.0);
        let operation = tests::MODEL.operation("GetTrail").unwrap();
        assert_eq!(response.json(), tests::protocol::modeled_output(operation));
        let received = server.only_received();
        assert_eq!(
            response.header("x-amzn-requestid"),
            Some(received.request_id.as_str())
        );
        assert_eq!(
            (received.refusals, received.body),
            (vec![], r#"{"Name":"a"}"#.into())
        );
    }
}

#[test]
fn requests_that_the_protocol_forbids_are_refused() {
    let hour_ago = SystemTime::now() - Duration::from_secs(3600);
    let valid = Request::get_trail;
    assert_refused(
        &Request {
            secret: "other",
            ..valid()
        },
        "InvalidSignatureException",
    );
    assert_refused(
        &Request {
            sent_body: Some(r#"{"Name":"b"}"#),
            ..valid()
        },
        "InvalidSignatureException",
    );
    assert_refused(
        &Request {
            token: Some("other"),
            ..valid()
        },
        "UnrecognizedClientException",
    );
    assert_refused(
        &Request {
            region: "eu-west-1",
            ..valid()
        },
        "UnrecognizedClientException",
    );
    assert_refused(
        &Request {
            signed_at: hour_ago,
            ..valid()
        },
        "RequestTimeTooSkewed",
    );
    assert_refused(
        &Request {
            content_type: "application/json",
            ..valid()
        },
        "SerializationException",
    );
    assert_refused(
        &Request {
            operation: "GetTrail",
            ..valid()
        },
        "UnknownOperationException",
    );
    assert_refused(
        &Request {
            operation: "CloudTrail_20131101.GetTrial",
            ..valid()
        },
        "UnknownOperationException",
    );
    assert_refused(
        &Request {
            body: "{",
            ..valid()
        },
        "SerializationException",
    );
    assert_refused(
        &Request {
            body: "{}",
            ..valid()
        },
        "ValidationException",
    );
}

#[test]
fn errors_of_the_model_come_in_every_form_that_services_use() {
    let server = LoopbackServer::start().unwrap();
    for form in ErrorForm::ALL {
        server.reply(Reply::Error {
            shape: "TrailNotFoundException",
            message: "gone".into(),
            form,
        });
        let response = Request::get_trail().send(&server).unwrap();
        assert_eq!(response.status(), "404", "{form:?}");
        assert!(
            response.0.contains("TrailNotFoundException"),
            "{form:?}: {}",
            response.0
        );
        assert!(
            response.body().contains("\"gone\""),
            "{form:?}: {}",
            response.0
        );
    }
}

#[test]
fn a_truncated_answer_arrives_up_to_where_it_ends() {
    let server = LoopbackServer::start().unwrap();
    server.reply(Reply::Truncated {
        body: "{\"Trail\":".into(),
    });
    let response = Request::get_trail().send(&server).unwrap();
    assert_eq!(
        (response.body(), response.header("content-length")),
        ("{\"Trail\":", Some("109"))
    );
}

#[test]
fn a_reset_is_a_reset() {
    let server = LoopbackServer::start().unwrap();
    server.reply(Reply::Reset);
    let error = Request::get_trail()
        .send(&server)
        .map(|response| response.0)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
}

#[test]
fn a_late_answer_is_late() {
    let server = LoopbackServer::start().unwrap();
    let delay = Duration::from_millis(50);
    server.reply(Reply::After(
        delay,
        Box::new(Reply::raw(502, "text/html", "<html>")),
    ));
    let sent = std::time::Instant::now();
    let response = Request::get_trail().send(&server).unwrap();
    assert_eq!((response.status(), response.body()), ("502", "<html>"));
    assert!(sent.elapsed() >= delay);
}

#[test]
fn the_clock_can_be_set_off() {
    let server = LoopbackServer::start().unwrap();
    server.set_clock(time::Duration::hours(1));
    let response = Request::get_trail().send(&server).unwrap();
    assert_eq!(response.json()["__type"], "RequestTimeTooSkewed");
    let in_an_hour = SystemTime::now() + Duration::from_secs(3600);
    let response = Request {
        signed_at: in_an_hour,
        ..Request::get_trail()
    }
    .send(&server)
    .unwrap();
    assert_eq!(response.status(), "200");
}

#[test]
fn a_dropped_server_closes_its_connections() {
    let server = LoopbackServer::start().unwrap();
    let mut idle = TcpStream::connect(server.url().replace("http://", "")).unwrap();
    drop(server);
    idle.set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let end = idle.read(&mut [0]).map_err(|error| error.kind());
    assert!(
        matches!(end, Ok(0) | Err(ErrorKind::ConnectionReset)),
        "{end:?}"
    );
}

#[test]
fn the_program_serves_until_its_input_ends() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_loopback-server"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let port = line
        .trim_end()
        .strip_prefix("listening on http://127.0.0.1:");
    let connection = TcpStream::connect(("127.0.0.1", port.unwrap().parse().unwrap()));
    // Waiting closes the input first.
    assert!(program.wait().unwrap().success());
    connection.unwrap();
}
