//! Behind a proxy and a certificate authority of the company, for all AWS clients by the
//! configuration that they share.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex};

use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::config::retry::RetryConfig;
use aws_sdk_cloudtrail::config::{
    BehaviorVersion, Region, SharedCredentialsProvider, SharedHttpClient,
};
use aws_sdk_cloudtrail::error::{DisplayErrorContext, SdkError};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_types::SdkConfig;
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

const TLS: Provider = Provider::Rustls(CryptoMode::Ring);

/// What `aws_config::defaults(..).http_client(..)` would have loaded.
fn sdk_config(http_client: SharedHttpClient, endpoint: String) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(crate::credentials()))
        .retry_config(RetryConfig::disabled())
        .http_client(http_client)
        .endpoint_url(endpoint)
        .build()
}

/// Reads a request, and returns its head.
fn request(stream: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let length = lines.find_map(|line| line.strip_prefix("content-length: "));
    let length = length.map_or(0, |length| length.parse().unwrap());
    stream.read_exact(&mut vec![0; length]).ok()?;
    Some(head)
}

fn respond(stream: &mut impl Write) {
    let response = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
    // Who does not trust the certificate is gone by now.
    let _ = stream.write_all(response).and_then(|()| stream.flush());
}

/// A proxy that answers itself, and the heads of the requests that it got.
fn proxy() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let heads = Arc::<Mutex<Vec<String>>>::default();
    let seen = Arc::clone(&heads);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            seen.lock().unwrap().extend(request(&mut stream));
            respond(&mut stream);
        }
    });
    (url, heads)
}

/// The HTTP client for a company's network.
fn http_client(proxy: ProxyConfig) -> SharedHttpClient {
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder().proxy_config(proxy.clone());
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
        connector.tls_provider(TLS).build()
    })
}

#[tokio::test]
async fn calls_go_through_the_proxy() {
    let (url, heads) = proxy();
    let proxy = ProxyConfig::all(url).unwrap();
    let proxy = proxy.with_basic_auth("me", "pass").no_proxy("127.0.0.1");
    let http_client = http_client(proxy);
    let config = sdk_config(http_client.clone(), "http://trails.invalid".to_owned());
    Client::new(&config).list_trails().send().await.unwrap();
    {
        let heads = heads.lock().unwrap();
        let head = heads[0].to_lowercase();
        assert!(
            head.starts_with("post http://trails.invalid/ http/1.1"),
            "{head}"
        );
        assert!(
            head.contains("proxy-authorization: basic bwu6cgfzcw=="),
            "{head}"
        );
        assert!(
            head.contains("x-amz-target: cloudtrail_20131101.listtrails"),
            "{head}"
        );
    }

    let server = crate::account();
    let config = sdk_config(http_client.clone(), server.url());
    Client::new(&config).list_trails().send().await.unwrap();
    assert_eq!(
        (heads.lock().unwrap().len(), server.received().len()),
        (1, 1)
    );

    // The proxy is asked for a tunnel, and has none to offer.
    let config = sdk_config(http_client, "https://trails.invalid".to_owned());
    let result = Client::new(&config).list_trails().send().await;
    assert!(
        matches!(result, Err(SdkError::DispatchFailure(_))),
        "{result:?}"
    );
    let heads = heads.lock().unwrap();
    let head = heads[1].to_lowercase();
    assert!(
        head.starts_with("connect trails.invalid:443 http/1.1"),
        "{head}"
    );
}

/// A server with a certificate that nobody but the company trusts: its URL, and the authority.
fn https_server() -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, key).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = certificate.signed_by(&key, &authority).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream.unwrap());
            if request(&mut stream).is_some() {
                respond(&mut stream);
            }
        }
    });
    (format!("https://localhost:{port}"), authority.pem())
}

#[tokio::test]
async fn the_company_s_certificates_are_trusted() {
    let (url, authority) = https_server();
    let client = |trusted: TrustStore| {
        let context = TlsContext::builder().with_trust_store(trusted);
        let http_client = Builder::new()
            .tls_provider(TLS)
            .tls_context(context.build().unwrap())
            .build_https();
        Client::new(&sdk_config(http_client, url.clone()))
    };
    let trusted = TrustStore::empty().with_pem_certificate(authority);
    client(trusted).list_trails().send().await.unwrap();

    let (_, other) = https_server();
    let trusted = TrustStore::empty().with_pem_certificate(other);
    let result = client(trusted).list_trails().send().await;
    let error = result.unwrap_err();
    assert!(matches!(error, SdkError::DispatchFailure(_)), "{error:?}");
    let text = DisplayErrorContext(error).to_string();
    assert!(text.contains("certificate"), "{text}");
}
