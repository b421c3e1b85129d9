//! TLS by rustls, with *ring* or with aws-lc.

use std::sync::{Arc, OnceLock};

use reqwest::ClientBuilder;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier;

use super::{ConnectorError, TlsRoots, bad_bundle};

/// How to speak TLS. The clients that are set up with it share the certificates it has read, and its
/// sessions.
pub(crate) struct Tls(Box<ClientConfig>);

impl Tls {
    pub(crate) fn new(roots: &TlsRoots) -> Result<Self, ConnectorError> {
        let provider = provider();
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| ConnectorError::other(error.into(), None))?;
        let config = match roots {
            TlsRoots::Platform => {
                let verifier = PlatformVerifier {
                    provider,
                    verifier: OnceLock::new(),
                };
                config
                    .dangerous()
                    .with_custom_certificate_verifier(Arc::new(verifier))
            }
            TlsRoots::Bundle(pem) => config.with_root_certificates(root_store(pem)?),
        };
        let mut config = config.with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(Box::new(config)))
    }

    pub(crate) fn set_up(&self, builder: ClientBuilder) -> ClientBuilder {
        builder.tls_backend_preconfigured(ClientConfig::clone(&self.0))
    }
}

/// What the program has chosen for itself goes first: it can be a build for FIPS.
#[cfg(feature = "rustls-aws-lc")]
fn provider() -> Arc<CryptoProvider> {
    CryptoProvider::get_default().map_or_else(
        || Arc::new(rustls::crypto::aws_lc_rs::default_provider()),
        Arc::clone,
    )
}

#[cfg(not(feature = "rustls-aws-lc"))]
fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn root_store(pem: &[u8]) -> Result<RootCertStore, ConnectorError> {
    let certificates = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| bad_bundle(&error.to_string()))?;
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(certificates);
    if store.is_empty() {
        return Err(bad_bundle("it holds no certificate of an authority"));
    }
    Ok(store)
}

/// The platform's verifier, made when there is a certificate to verify. Making it reads the
/// platform's certificates and fails if there are none; `http://` must not need them.
#[derive(Debug)]
struct PlatformVerifier {
    provider: Arc<CryptoProvider>,
    verifier: OnceLock<Verifier>,
}

impl PlatformVerifier {
    /// A failure is not kept: the next connection looks again.
    fn verifier(&self) -> Result<&Verifier, Error> {
        if let Some(verifier) = self.verifier.get() {
            return Ok(verifier);
        }
        let verifier = Verifier::new(Arc::clone(&self.provider)).map_err(|error| {
            Error::General(format!(
                "there are no CA certificates on this machine to check it with ({error}): install \
                 the package `ca-certificates`, or set SSL_CERT_FILE"
            ))
        })?;
        Ok(self.verifier.get_or_init(|| verifier))
    }
}

impl ServerCertVerifier for PlatformVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verifier = self.verifier()?;
        verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let algorithms = &self.provider.signature_verification_algorithms;
        algorithms.supported_schemes()
    }
}
