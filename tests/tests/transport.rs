//! The transport against servers on loopback that misbehave.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::error::Error;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::pin::Pin;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use bytes::Bytes;
use cloudtrail_sdk::Client;
use cloudtrail_sdk::config::retry::RetryConfig;
use cloudtrail_sdk::config::timeout::TimeoutConfig;
use cloudtrail_sdk::config::{ReqwestClient, SharedTransport, Transport};
use cloudtrail_sdk::error::{ConnectorError, SdkError};
use http::{Request, Response};
use hyper::body::Frame;
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, SignatureScheme};
use tests::protocol::Reply;
use tests::server::LoopbackServer;

mod support;

/// A limit for servers that say nothing at all, within which those that do can answer.
const SHORT: Duration = Duration::from_millis(500);

const EMPTY: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

/// A server that does with each connection what a test tells. It stops with the process.
struct Server {
    port: u16,
    connections: Arc<AtomicUsize>,
    /// The heads of the requests.
    heads: Arc<Mutex<Vec<String>>>,
}

/// A connection of a [`Server`].
struct Connection<S> {
    stream: S,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts a server; `serve` gets the number of the connection, from 1, and the connection.
    fn start(serve: impl Fn(usize, Connection<TcpStream>) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            connections: Arc::default(),
            heads: Arc::default(),
        };
        let connections = Arc::clone(&server.connections);
        let heads = Arc::clone(&server.heads);
        let serve = Arc::new(serve);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let number = connections.fetch_add(1, Ordering::SeqCst) + 1;
                let connection = Connection {
                    stream: stream.unwrap(),
                    heads: Arc::clone(&heads),
                };
                let serve = Arc::clone(&serve);
                std::thread::spawn(move || serve(number, connection));
            }
        });
        server
    }

    /// A server that answers every request on every connection the same.
    fn answering(response: impl Into<String>) -> Self {
        let response = response.into();
        Self::start(move |_, mut connection| {
            while connection.read_request() {
                connection.write(&response);
            }
        })
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

impl<S: Read + Write> Connection<S> {
    /// Reads a request and keeps its head. Says whether there was one.
    fn read_request(&mut self) -> bool {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            if !matches!(self.stream.read(&mut byte), Ok(1)) {
                return false;
            }
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap();
        let length: usize = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |length| length.parse().unwrap());
        self.stream.read_exact(&mut vec![0; length]).unwrap();
        self.heads.lock().unwrap().push(head);
        true
    }

    fn write(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).unwrap();
        self.stream.flush().unwrap();
    }

    /// Says nothing more until the client hangs up.
    fn fall_silent(&mut self) {
        let _ = self.stream.read_to_end(&mut Vec::new());
    }
}

async fn post(client: &impl Transport, url: &str) -> Result<Response<Bytes>, ConnectorError> {
    let request = Request::post(url).body(Bytes::new()).unwrap();
    client.call(request).await
}

fn transport() -> ReqwestClient {
    ReqwestClient::builder().no_proxy().build().unwrap()
}

/// The error of one request to a server that answers with `response` and hangs up.
async fn error_of(response: &'static str) -> ConnectorError {
    let server = Server::start(move |_, mut connection| {
        connection.read_request();
        connection.write(response);
    });
    post(&transport(), &server.url()).await.unwrap_err()
}

#[tokio::test]
async fn responses_that_end_early_are_network_errors() {
    for response in [
        "",
        "HTTP/1.1 200 OK\r\nconte",
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n",
    ] {
        let error = error_of(response).await;
        assert!(error.is_io(), "{response:?}: {error}");
    }
}

#[tokio::test]
async fn what_follows_a_response_is_no_part_of_it_and_ends_the_connection() {
    let server = Server::answering(format!("{EMPTY}garbage"));
    let client = transport();
    for connections in [1, 2] {
        let response = post(&client, &server.url()).await.unwrap();
        assert_eq!(response.body(), "{}");
        assert_eq!(server.connections(), connections);
    }
}

#[tokio::test]
async fn a_reset_is_a_network_error() {
    let server = LoopbackServer::start_with(|_| Reply::Reset).unwrap();
    let error = support::client(&server.url()).list_trails().send().await;
    match error.unwrap_err() {
        SdkError::DispatchFailure(failure) => assert!(failure.is_io(), "{failure:?}"),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn silence_is_a_timeout_that_names_its_limit() {
    for response in ["", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}"] {
        let server = Server::start(move |_, mut connection| {
            connection.read_request();
            connection.write(response);
            connection.fall_silent();
        });
        let client = ReqwestClient::builder().read_timeout(SHORT).no_proxy();
        let error = post(&client.build().unwrap(), &server.url()).await;
        let error = error.unwrap_err();
        assert!(error.is_timeout(), "{response:?}: {error}");
        let told = format!(
            "timed out: the server was silent for {SHORT:?} (http://127.0.0.1:{}); \
             `read_timeout` sets this limit",
            server.port
        );
        assert_eq!(error.to_string(), told);
    }
}

/// As behind a NAT gateway that has forgotten the connection.
#[tokio::test]
async fn a_pooled_connection_that_goes_silent_ends_with_a_timeout() {
    let server = Server::start(|_, mut connection| {
        connection.read_request();
        connection.write(EMPTY);
        connection.fall_silent();
    });
    let limits = TimeoutConfig::builder().read_timeout(SHORT).build();
    let config = support::config(&server.url()).timeout_config(limits);
    let client = Client::from_conf(config.build());
    client.list_trails().send().await.unwrap();
    let error = client.list_trails().send().await.unwrap_err();
    assert_eq!(server.connections(), 1);
    assert_eq!(
        error.to_string(),
        format!(
            "ListTrails: timed out: the server was silent for {SHORT:?} (http://127.0.0.1:{}); \
             `read_timeout` sets this limit",
            server.port
        )
    );
}

#[test]
fn the_server_may_be_silent_for_a_minute_unless_something_else_is_set() {
    let builder = ReqwestClient::builder();
    for (builder, read_timeout) in [
        (builder.clone(), "read_timeout: Some(60s)"),
        (builder.clone().no_read_timeout(), "read_timeout: None"),
        (builder.read_timeout(SHORT), "read_timeout: Some(500ms)"),
    ] {
        let shown = format!("{builder:?}");
        assert!(shown.contains(read_timeout), "{shown}");
    }
}

/// `/proc/net/tcp` tells which timer runs for a connection: 02 is that of keep-alive.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn tcp_keep_alive_is_on() {
    let client_port = Arc::new(AtomicUsize::new(0));
    let told = Arc::clone(&client_port);
    let server = Server::start(move |_, mut connection| {
        let port = connection.stream.peer_addr().unwrap().port();
        told.store(port.into(), Ordering::SeqCst);
        connection.read_request();
        connection.write(EMPTY);
        connection.fall_silent();
    });
    let client = transport();
    post(&client, &server.url()).await.unwrap();
    let addresses = [client_port.load(Ordering::SeqCst), server.port.into()]
        .map(|port| format!("0100007F:{port:04X}"));
    let connections = std::fs::read_to_string("/proc/net/tcp").unwrap();
    // A connection to another server that was closed just now can have had the client's port.
    let timer = connections.lines().find_map(|line| {
        let fields: Vec<_> = line.split_whitespace().collect();
        (fields[1..3] == addresses).then(|| fields[5].to_owned())
    });
    let timer = timer.expect("the connection is listed");
    assert!(timer.starts_with("02:"), "{timer}");
}

#[tokio::test]
async fn no_limit_is_too_long() {
    let panics = Arc::new(AtomicUsize::new(0));
    // Panics of tasks of the transport, which nobody else sees; they run on this thread.
    let (counted, thread) = (Arc::clone(&panics), std::thread::current().id());
    let other_threads = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().id() == thread {
            counted.fetch_add(1, Ordering::SeqCst);
        }
        other_threads(panic);
    }));
    // In two parts, between which the timer starts anew.
    let server = Server::start(|_, mut connection| {
        while connection.read_request() {
            connection.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n");
            connection.write("1\r\n}\r\n0\r\n\r\n");
        }
    });
    let century = Duration::from_secs(100 * 365 * 24 * 60 * 60);
    for long in [Duration::MAX, Duration::from_secs(u64::MAX / 2), century] {
        let client = ReqwestClient::builder()
            .connect_timeout(long)
            .read_timeout(long)
            .pool_idle_timeout(long)
            .no_proxy();
        let limits = TimeoutConfig::builder()
            .connect_timeout(long)
            .read_timeout(long)
            .operation_attempt_timeout(long)
            .operation_timeout(long);
        let config = support::config(&server.url()).timeout_config(limits.build());
        let clients = [config.clone(), config.transport(client.build().unwrap())];
        for config in clients {
            let client = Client::from_conf(config.build());
            for _ in 0..2 {
                client.list_trails().send().await.unwrap();
            }
        }
    }
    assert_eq!(panics.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_tls_handshake_is_part_of_connecting() {
    let server = Server::start(|_, mut connection| connection.fall_silent());
    let client = ReqwestClient::builder()
        .connect_timeout(SHORT)
        .no_proxy()
        .build()
        .unwrap();
    let url = format!("https://127.0.0.1:{}", server.port);
    let error = post(&client, &format!("{url}/")).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(
        error.to_string(),
        format!(
            "timed out: no connection was made within {SHORT:?} ({url}); \
             `connect_timeout` sets this limit"
        )
    );
}

#[tokio::test]
async fn a_closed_port_is_a_network_error_that_names_the_server() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = post(&transport(), &format!("{server}/secret?secret"))
        .await
        .unwrap_err();
    assert!(error.is_io());
    let text = error.to_string();
    assert!(text.starts_with("network error: "), "{text}");
    assert!(text.contains("refused"), "{text}");
    assert!(text.ends_with(&format!(" ({server})")), "{text}");
}

#[tokio::test]
async fn a_name_that_does_not_resolve_is_a_network_error() {
    // No label is that long, so nobody is asked.
    let url = format!("http://{}/", "a".repeat(64));
    let error = post(&transport(), &url).await.unwrap_err();
    assert!(error.is_io(), "{error}");
    let server = url.trim_end_matches('/');
    assert!(
        error.to_string().ends_with(&format!(" ({server})")),
        "{error}"
    );
}

#[tokio::test]
async fn what_is_no_http_url_is_an_error_of_the_request() {
    for url in ["ftp://example.com/", "/", "*"] {
        let error = post(&transport(), url).await.unwrap_err();
        assert!(error.is_user(), "{url}: {error}");
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let target = Server::answering(EMPTY);
    let server = Server::answering(format!(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n",
        target.url()
    ));
    let response = post(&transport(), &server.url()).await.unwrap();
    assert_eq!(response.status(), 307);
    assert_eq!(response.headers()["location"], target.url().as_str());
    assert_eq!(target.connections(), 0);
}

#[tokio::test]
async fn a_body_is_not_decompressed_behind_the_back_of_the_client() {
    let server = Server::answering(
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}",
    );
    let response = post(&transport(), &server.url()).await.unwrap();
    assert_eq!(response.body(), "{}");
    assert!(!server.heads()[0].contains("accept-encoding"));
}

#[tokio::test]
async fn a_connection_is_kept_after_a_whole_response_whatever_its_status() {
    let unavailable = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";
    let server = Server::answering(unavailable);
    let client = transport();
    for _ in 0..3 {
        let response = post(&client, &server.url()).await.unwrap();
        assert_eq!(response.status(), 503);
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_connection_is_closed_after_a_failure() {
    let server = Server::start(|number, mut connection| {
        while connection.read_request() {
            match number {
                1 => connection.fall_silent(),
                _ => connection.write(EMPTY),
            }
        }
    });
    let client = ReqwestClient::builder().read_timeout(SHORT).no_proxy();
    let client = client.build().unwrap();
    assert!(post(&client, &server.url()).await.unwrap_err().is_timeout());
    assert!(post(&client, &server.url()).await.is_ok());
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn the_size_of_the_pool_can_be_set() {
    let server = Server::answering(EMPTY);
    let client = ReqwestClient::builder()
        .pool_max_idle_per_host(0)
        .no_proxy();
    let client = client.build().unwrap();
    for connections in [1, 2, 3] {
        post(&client, &server.url()).await.unwrap();
        assert_eq!(server.connections(), connections);
    }
}

#[tokio::test]
async fn clients_share_the_connections_of_a_transport() {
    let server = Server::answering(EMPTY);
    let shared = SharedTransport::default();
    for _ in 0..2 {
        let config = support::config(&server.url()).transport(shared.clone());
        let client = Client::from_conf(config.build());
        client.list_trails().send().await.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_client_of_the_user_is_taken_as_it_is() {
    let server = Server::answering(EMPTY);
    let client = reqwest::Client::builder()
        .user_agent("mine")
        .tls_backend_preconfigured(tls_client_config())
        .build()
        .unwrap();
    post(&ReqwestClient::from(client), &server.url())
        .await
        .unwrap();
    assert!(server.heads()[0].contains("user-agent: mine\r\n"));
}

/// What another AWS crate makes of an HTTP client.
fn connector(client: &impl HttpClient) -> SharedHttpConnector {
    let components = RuntimeComponentsBuilder::for_tests().build().unwrap();
    client.http_connector(&HttpConnectorSettings::default(), &components)
}

#[tokio::test]
async fn to_other_aws_crates_bodies_are_streams() {
    let (go_on, wait) = std::sync::mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let server = Server::start(move |_, mut connection| {
        connection.read_request();
        connection.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\nx-odd: caf\u{e9}\r\n\r\nfirst");
        wait.lock().unwrap().recv().unwrap();
        connection.write("other");
    });
    let mut request = HttpRequest::new(SdkBody::from("sent"));
    request.set_method("PUT").unwrap();
    request.set_uri(server.url()).unwrap();
    let response = connector(&transport()).call(request).await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    assert!(response.headers().contains_key("x-odd"));
    let mut body = ByteStream::new(response.into_body());
    assert_eq!(body.next().await.unwrap().unwrap(), "first");
    go_on.send(()).unwrap();
    assert_eq!(body.next().await.unwrap().unwrap(), "other");
    assert!(body.next().await.is_none());
    let head = &server.heads()[0];
    assert!(head.starts_with("PUT / "), "{head}");
    assert!(head.contains("content-length: 4\r\n"), "{head}");
}

/// A body whose parts come over a channel.
struct Parts(tokio::sync::mpsc::UnboundedReceiver<&'static str>);

impl hyper::body::Body for Parts {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let part = self.0.poll_recv(context);
        part.map(|part| part.map(|part| Ok(Frame::data(Bytes::from(part)))))
    }
}

#[tokio::test]
async fn a_request_of_another_aws_crate_is_sent_part_by_part() {
    let (came, mut first_came) = tokio::sync::mpsc::unbounded_channel();
    let server = Server::start(move |_, mut connection| {
        let mut read_to = |end: &[u8]| {
            let (mut text, mut byte) = (Vec::new(), [0]);
            while !text.ends_with(end) {
                connection.stream.read_exact(&mut byte).unwrap();
                text.push(byte[0]);
            }
        };
        read_to(b"first");
        came.send(()).unwrap();
        read_to(b"other");
        connection.write(EMPTY);
    });
    let (parts, body) = tokio::sync::mpsc::unbounded_channel();
    parts.send("first").unwrap();
    let mut request = HttpRequest::new(SdkBody::from_body_1_x(Parts(body)));
    request.set_method("PUT").unwrap();
    request.set_uri(server.url()).unwrap();
    request.headers_mut().insert("content-length", "10");
    let response = tokio::spawn(connector(&transport()).call(request));
    first_came.recv().await.unwrap();
    parts.send("other").unwrap();
    drop(parts);
    let response = response.await.unwrap().unwrap();
    assert_eq!(response.status().as_u16(), 200);
}

#[tokio::test]
async fn to_other_aws_crates_failures_keep_their_kind_and_their_words() {
    let mut request = HttpRequest::new(SdkBody::empty());
    request
        .set_uri(format!("http://127.0.0.1:{}/", closed_port()))
        .unwrap();
    let error = connector(&transport()).call(request).await.unwrap_err();
    assert!(error.is_io());
    let text = error.into_source().to_string();
    assert!(text.contains("127.0.0.1"), "{text}");

    let request = HttpRequest::new(SdkBody::empty());
    let error = connector(&transport()).call(request).await.unwrap_err();
    assert!(error.is_user());
}

#[tokio::test]
async fn requests_go_through_the_proxy() {
    let proxy = Server::answering(EMPTY);
    let url = format!("http://me:secret@127.0.0.1:{}", proxy.port);
    let builder = ReqwestClient::builder().proxy(url);
    let client = builder.build().unwrap();
    post(&client, "http://cloudtrail.invalid/").await.unwrap();
    let head = &proxy.heads()[0];
    assert!(
        head.starts_with("POST http://cloudtrail.invalid/ HTTP/1.1\r\n"),
        "{head}"
    );
    assert!(head.contains("proxy-authorization: Basic "), "{head}");
    assert!(!format!("{client:?} {builder:?}").contains("secret"));
}

/// A port where nobody listens.
fn closed_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}

#[tokio::test]
async fn https_goes_through_a_tunnel_of_the_proxy() {
    let proxy = Server::answering("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    let client = ReqwestClient::builder().proxy(proxy.url()).build().unwrap();
    let error = post(&client, "https://cloudtrail.invalid/").await;
    let error = error.unwrap_err();
    assert!(error.is_io());
    assert_eq!(
        error.to_string(),
        format!(
            "network error: the proxy does not connect to the server \
             (https://cloudtrail.invalid, through the proxy http://127.0.0.1:{})",
            proxy.port
        )
    );
    let head = &proxy.heads()[0];
    assert!(
        head.starts_with("CONNECT cloudtrail.invalid:443 HTTP/1.1\r\n"),
        "{head}"
    );
}

#[tokio::test]
async fn a_proxy_that_cannot_be_reached_is_named_without_its_password() {
    let port = closed_port();
    for proxy in [
        format!("http://me:secret@127.0.0.1:{port}"),
        format!("me:secret@127.0.0.1:{port}"),
    ] {
        let client = ReqwestClient::builder().proxy(proxy).build().unwrap();
        for server in ["http://cloudtrail.invalid", "https://cloudtrail.invalid"] {
            let error = post(&client, &format!("{server}/")).await.unwrap_err();
            assert!(error.is_io());
            let text = error.to_string();
            assert!(text.starts_with("network error: "), "{text}");
            assert!(text.contains("refused"), "{text}");
            let way = format!(" ({server}, through the proxy http://127.0.0.1:{port})");
            assert!(text.ends_with(&way), "{text}");
            assert!(!format!("{error:?}").contains("secret"), "{error:?}");
        }
    }
}

#[tokio::test]
async fn a_proxy_that_demands_a_password_is_named_and_not_asked_again() {
    let proxy = Server::answering(
        "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n",
    );
    for scheme in ["http", "https"] {
        let asked = proxy.connections();
        let client = ReqwestClient::builder().proxy(proxy.url()).build().unwrap();
        let config = support::config(&format!("{scheme}://cloudtrail.invalid"))
            .retry_config(RetryConfig::standard())
            .transport(client);
        let client = Client::from_conf(config.build());
        let error = client.list_trails().send().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "ListTrails: error of the HTTP client: the proxy demands a user and a password \
                 (HTTP 407) ({scheme}://cloudtrail.invalid, through the proxy \
                 http://127.0.0.1:{}); give them in the proxy's URL, as in \
                 `http://user:password@host:3128`",
                proxy.port
            )
        );
        assert_eq!(proxy.connections(), asked + 1);
    }
    // A server that says the same is no proxy.
    assert_eq!(
        post(&transport(), &proxy.url()).await.unwrap().status(),
        407
    );
}

#[test]
fn a_bad_proxy_is_an_error_that_does_not_show_its_password() {
    for (url, why) in [
        ("http://me:secret@[", "invalid IPv6 address"),
        ("http://me:secret@a b", "invalid international domain name"),
        ("", "empty host"),
        ("http://", "empty host"),
        ("http://me:secret@:3128", "empty host"),
        ("me:secret@proxy:port", "invalid port number"),
        (
            "socks5://me:secret@proxy:1080",
            "it must begin with `http://` or `https://`",
        ),
        (
            "SOCKS5H://proxy",
            "it must begin with `http://` or `https://`",
        ),
        (
            "socks4://proxy",
            "it must begin with `http://` or `https://`",
        ),
        (
            "ftp://me:secret@proxy",
            "it must begin with `http://` or `https://`",
        ),
        (
            "file:///etc/secret",
            "it must begin with `http://` or `https://`",
        ),
    ] {
        let error = ReqwestClient::builder().proxy(url).build().unwrap_err();
        assert!(error.is_other());
        let told = format!("error of the HTTP client: the proxy's URL is invalid: {why}");
        assert_eq!(error.to_string(), told, "{url}");
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    }
    for url in [
        "proxy:3128",
        "HTTP://proxy",
        "http://[::1]:3128/",
        "https://proxy",
    ] {
        ReqwestClient::builder().proxy(url).build().unwrap();
    }
}

/// Runs the test of this name in a process with these variables and no other of their kind, and says
/// whether this is that process.
fn is_child(test: &str, variables: &[(&str, String)]) -> bool {
    const CHILD: &str = "TRANSPORT_TEST_CHILD";
    if std::env::var_os(CHILD).is_some() {
        return true;
    }
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", test, "--nocapture"])
        .env(CHILD, "");
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}{errors}");
    assert!(told.contains("1 passed"), "{told}");
    false
}

#[tokio::test]
async fn a_proxy_of_the_environment_is_named_without_its_password() {
    let variables = [
        ("HTTP_PROXY", "http://me:secret@127.0.0.1:1".to_owned()),
        ("ALL_PROXY", "socks5://me:secret@127.0.0.1:1".to_owned()),
        ("NO_PROXY", "cloudtrail.example".to_owned()),
    ];
    let test = "a_proxy_of_the_environment_is_named_without_its_password";
    if !is_child(test, &variables) {
        return;
    }
    let client = ReqwestClient::new().unwrap();
    let error = post(&client, "http://cloudtrail.invalid/")
        .await
        .unwrap_err();
    assert!(error.is_io());
    let text = error.to_string();
    assert!(text.contains("refused"), "{text}");
    let way =
        " (http://cloudtrail.invalid, through the proxy http://127.0.0.1:1 of the environment)";
    assert!(text.ends_with(way), "{text}");

    let error = post(&client, "https://cloudtrail.invalid/")
        .await
        .unwrap_err();
    assert!(error.is_other());
    let text = error.to_string();
    let way = " (https://cloudtrail.invalid, through the proxy socks5://127.0.0.1:1 of the \
               environment); SOCKS proxies are not supported, only `http://` and `https://` ones";
    assert!(text.ends_with(way), "{text}");
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");

    let error = post(&client, "http://127.0.0.1.cloudtrail.example/").await;
    let text = error.unwrap_err().to_string();
    assert!(!text.contains("proxy"), "{text}");
}

/// A certificate authority of this name, and a server that it has certified to be `localhost`.
fn https_server(authority: &str) -> (String, Server) {
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(rcgen::DnType::CommonName, authority);
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["localhost".to_owned()])
        .unwrap()
        .signed_by(&key, &authority)
        .unwrap();
    let config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.into()],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )
        .unwrap();
    let config = Arc::new(config);
    let server = Server::start(move |_, connection| {
        let tls = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut connection = Connection {
            stream: rustls::StreamOwned::new(tls, connection.stream),
            heads: connection.heads,
        };
        while connection.read_request() {
            connection.write(EMPTY);
        }
    });
    (authority.pem(), server)
}

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// TLS that trusts nobody.
fn tls_client_config() -> rustls::ClientConfig {
    rustls::ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}

#[tokio::test]
async fn a_ca_bundle_replaces_the_authorities_of_the_platform() {
    let (authority, server) = https_server("mine");
    let url = format!("https://localhost:{}/", server.port);
    let (other_authority, _) = https_server("other");
    let trusting = |pem: String| {
        let builder = ReqwestClient::builder().ca_bundle_pem(pem).no_proxy();
        builder.build().unwrap()
    };

    for bundle in [
        authority.clone(),
        format!("# both\n{other_authority}{authority}"),
    ] {
        let response = post(&trusting(bundle), &url).await.unwrap();
        assert_eq!(response.body(), "{}");
    }
    let by_address = format!("https://127.0.0.1:{}/", server.port);
    for error in [
        post(&transport(), &url).await.unwrap_err(),
        post(&trusting(other_authority), &url).await.unwrap_err(),
        post(&trusting(authority), &by_address).await.unwrap_err(),
    ] {
        assert!(error.is_other(), "{error}");
        let text = error.to_string();
        assert!(
            text.starts_with("the server's TLS certificate is not accepted: "),
            "{text}"
        );
        assert!(text.contains("AWS_CA_BUNDLE"), "{text}");
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_accepted_is_not_tried_again() {
    let (_, server) = https_server("mine");
    let config = support::config(&format!("https://localhost:{}", server.port))
        .retry_config(RetryConfig::standard())
        .transport(transport());
    let client = Client::from_conf(config.build());
    let error = client.list_trails().send().await.unwrap_err();
    assert_eq!(error.call().attempts(), 1, "{error}");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_server_without_tls_is_a_network_error_with_a_hint() {
    for answer in [
        "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        "220 mail.example ESMTP\r\n",
        "",
    ] {
        let server = Server::start(move |_, mut connection| {
            // Some of the handshake, which is shorter than this.
            let _ = connection.stream.read(&mut [0; 4096]);
            connection.write(answer);
        });
        let url = format!("https://127.0.0.1:{}", server.port);
        let error = post(&transport(), &format!("{url}/")).await.unwrap_err();
        assert!(error.is_io(), "{answer:?}: {error}");
        let text = error.to_string();
        let hint = format!(" ({url}); the server may not speak TLS there: is `http://` meant?");
        assert!(text.ends_with(&hint), "{answer:?}: {text}");
    }
}

#[tokio::test]
async fn a_server_with_tls_alone_is_a_network_error_with_a_hint() {
    let (_, server) = https_server("mine");
    let error = post(&transport(), &server.url()).await.unwrap_err();
    assert!(error.is_io(), "{error}");
    let text = error.to_string();
    let hint = format!(
        " (http://127.0.0.1:{}); what came is not HTTP; if the server speaks TLS, the URL must \
         begin with `https://`",
        server.port
    );
    assert!(text.ends_with(&hint), "{text}");
}

/// What a client can verify tells which library it is made with.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_feature_chooses_the_library() {
    let (told, schemes) = std::sync::mpsc::channel();
    let told = Mutex::new(told);
    let server = Server::start(move |_, mut connection| {
        let mut acceptor = rustls::server::Acceptor::default();
        let accepted = loop {
            acceptor.read_tls(&mut connection.stream).unwrap();
            if let Some(accepted) = acceptor.accept().unwrap() {
                break accepted;
            }
        };
        let schemes = accepted.client_hello().signature_schemes().to_vec();
        told.lock().unwrap().send(schemes).unwrap();
    });
    let url = format!("https://localhost:{}/", server.port);
    post(&transport(), &url).await.unwrap_err();
    let schemes = schemes.recv().unwrap();
    // Neither is known to *ring*, and the second one to OpenSSL alone.
    let known = [
        SignatureScheme::ECDSA_NISTP521_SHA512,
        SignatureScheme::ED448,
    ];
    let by_aws_lc = cfg!(feature = "rustls-aws-lc");
    let by_openssl = cfg!(feature = "native-tls") && !by_aws_lc;
    assert_eq!(
        known.map(|scheme| schemes.contains(&scheme)),
        [by_aws_lc || by_openssl, by_openssl]
    );
}

/// rustls reads the certificates when the first one is to be verified, and looks again after a
/// failure. The platform's libraries read them when the client is built, and say nothing.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_machine_without_ca_certificates_lacks_tls_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authorities.pem");
    let variables = [
        ("SSL_CERT_FILE", file.to_str().unwrap().to_owned()),
        ("SSL_CERT_DIR", folder.path().to_str().unwrap().to_owned()),
    ];
    let test = "a_machine_without_ca_certificates_lacks_tls_alone";
    if !is_child(test, &variables) {
        return;
    }
    let file = std::env::var_os("SSL_CERT_FILE").unwrap();
    let plain = Server::answering(EMPTY);
    let (authority, tls) = https_server("mine");
    let url = format!("https://localhost:{}/", tls.port);
    let client = ReqwestClient::new().unwrap();
    post(&client, &plain.url()).await.unwrap();

    let error = post(&client, &url).await.unwrap_err();
    assert!(error.is_other(), "{error}");
    let text = error.to_string();
    let kind = "the server's TLS certificate is not accepted: ";
    assert!(text.starts_with(kind), "{text}");
    let by_rustls = cfg!(any(feature = "rustls-aws-lc", not(feature = "native-tls")));
    if by_rustls {
        assert!(
            text.contains("no CA certificates on this machine"),
            "{text}"
        );
        assert!(text.contains("SSL_CERT_FILE"), "{text}");
    }

    std::fs::write(file, authority).unwrap();
    let client = match by_rustls {
        true => client,
        false => ReqwestClient::new().unwrap(),
    };
    post(&client, &url).await.unwrap();
    post(&client, &plain.url()).await.unwrap();
}

/// No call meets the connection of another runtime, so without retries all succeed.
#[test]
fn a_client_serves_short_lived_runtimes() {
    const THREADS: usize = 8;
    const CALLS: usize = 40;
    let server = Server::answering(EMPTY);
    let config = support::config(&server.url())
        .retry_config(RetryConfig::disabled())
        .transport(transport());
    let client = Client::from_conf(config.build());
    let call = || {
        let call = client.list_trails().send();
        current_thread_runtime().block_on(call).unwrap();
    };
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| (0..CALLS).for_each(|_| call()));
        }
    });
}

#[test]
fn a_runtime_that_stands_still_delays_no_other_one() {
    let server = Server::answering(EMPTY);
    let (client, url) = (transport(), server.url());
    let [idle, second] = [current_thread_runtime(), current_thread_runtime()];
    for _ in 0..2 {
        idle.block_on(post(&client, &url)).unwrap();
        second.block_on(post(&client, &url)).unwrap();
    }
    assert_eq!(server.connections(), 2);
}

fn current_thread_runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// A client of reqwest's has one pool. The runtime of the first call ends while a second call, on
/// another one, waits on its connection.
#[test]
fn a_connection_whose_runtime_ends_is_a_broken_one() {
    let (arrived, arrival) = std::sync::mpsc::channel();
    let arrived = Mutex::new(arrived);
    let server = Server::start(move |_, mut connection| {
        connection.read_request();
        connection.write(EMPTY);
        connection.read_request();
        arrived.lock().unwrap().send(()).unwrap();
        connection.fall_silent();
    });
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap()
    };
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(tls_client_config())
        .build()
        .unwrap();
    let (client, url) = (ReqwestClient::from(client), server.url());
    let first = runtime();
    first.block_on(post(&client, &url)).unwrap();
    let error = std::thread::scope(|scope| {
        let second = scope.spawn(|| runtime().block_on(post(&client, &url)).unwrap_err());
        arrival.recv().unwrap();
        drop(first);
        second.join().unwrap()
    });
    assert!(error.is_io());
    assert_eq!(
        error.to_string(),
        format!(
            "network error: the async runtime that the connection belonged to has shut down \
             (http://127.0.0.1:{})",
            server.port
        )
    );
}

#[test]
fn a_bad_ca_bundle_is_an_error() {
    for pem in [
        "",
        "no certificate",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n",
    ] {
        let error = ReqwestClient::builder().ca_bundle_pem(pem).build();
        let error = error.unwrap_err();
        assert!(error.is_other());
        let text = error.to_string();
        assert!(text.contains("the CA bundle cannot be used: "), "{text}");
    }
}

#[tokio::test]
async fn a_transport_that_cannot_be_set_up_fails_when_it_is_called() {
    let broken = ReqwestClient::builder()
        .ca_bundle_pem("")
        .build_on_first_use();
    let config = support::config("http://127.0.0.1:1").transport(broken);
    let client = Client::from_conf(config.build());
    let error = client.list_trails().send().await.unwrap_err();
    assert_eq!(error.call().attempts(), 1);
    match error {
        SdkError::DispatchFailure(failure) => {
            assert!(failure.is_other());
            assert!(failure.as_connector_error().unwrap().source().is_some());
        }
        other => panic!("{other}"),
    }
}
