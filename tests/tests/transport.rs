//! The transport against servers on loopback that misbehave.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::error::Error;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use cloudtrail_sdk::config::{HttpClient, ReqwestClient, SharedHttpClient};
use cloudtrail_sdk::error::{ConnectorError, HttpResponse, SdkError};
use http::Request;
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use tests::protocol::Reply;
use tests::server::LoopbackServer;

mod support;

/// A limit for servers that say nothing at all.
const SHORT: Duration = Duration::from_millis(50);

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

async fn post(client: &impl HttpClient, url: &str) -> Result<HttpResponse, ConnectorError> {
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
async fn silence_is_a_timeout() {
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
        let server = format!("http://127.0.0.1:{}", server.port);
        assert!(error.to_string().contains(&server), "{error}");
    }
}

#[tokio::test]
async fn a_tls_handshake_is_part_of_connecting() {
    let server = Server::start(|_, mut connection| connection.fall_silent());
    let client = ReqwestClient::builder()
        .connect_timeout(SHORT)
        .no_proxy()
        .build()
        .unwrap();
    let url = format!("https://127.0.0.1:{}/", server.port);
    let error = post(&client, &url).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
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
    assert_eq!(response.header("location"), Some(target.url().as_str()));
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
    let shared = SharedHttpClient::default();
    for _ in 0..2 {
        let config = support::config(&server.url()).http_client(shared.clone());
        let client = cloudtrail_sdk::Client::from_conf(config.build());
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

#[tokio::test]
async fn https_goes_through_a_tunnel_of_the_proxy() {
    let proxy = Server::answering("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    let client = ReqwestClient::builder().proxy(proxy.url()).build().unwrap();
    let error = post(&client, "https://cloudtrail.invalid/").await;
    assert!(error.unwrap_err().is_io());
    let head = &proxy.heads()[0];
    assert!(
        head.starts_with("CONNECT cloudtrail.invalid:443 HTTP/1.1\r\n"),
        "{head}"
    );
}

#[test]
fn a_bad_proxy_is_an_error_that_does_not_show_its_password() {
    for url in ["http://me:secret@[", "http://me:secret@a b", ""] {
        let error = ReqwestClient::builder().proxy(url).build().unwrap_err();
        assert!(error.is_other());
        let text = format!("{error} {error:?}");
        assert!(text.contains("the proxy's URL is invalid"), "{text}");
        assert!(!text.contains("secret"), "{text}");
    }
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
    let config = support::config("http://127.0.0.1:1").http_client(broken);
    let client = cloudtrail_sdk::Client::from_conf(config.build());
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
