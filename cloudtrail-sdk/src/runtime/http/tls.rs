//! TLS, by the features of the crate. `rustls-aws-lc` goes before `native-tls`, and both before
//! `rustls`, which is on by default.

use reqwest::ClientBuilder;

use super::ConnectorError;

/// Whether `https://` can be reached.
pub(super) const SUPPORTED: bool = cfg!(any(
    feature = "rustls",
    feature = "rustls-aws-lc",
    feature = "native-tls"
));

pub(super) const UNSUPPORTED: &str = "this build has no TLS: enable one of the features `rustls`, \
                                      `rustls-aws-lc` and `native-tls` of this crate";

/// The certificate authorities to trust.
#[derive(Clone)]
pub(super) enum TlsRoots {
    Platform,
    /// Certificates in PEM.
    Bundle(Vec<u8>),
}

/// By rustls with *ring*.
#[cfg(all(
    feature = "rustls",
    not(any(feature = "rustls-aws-lc", feature = "native-tls"))
))]
pub(super) fn set_up(
    builder: ClientBuilder,
    roots: &TlsRoots,
) -> Result<ClientBuilder, ConnectorError> {
    use std::sync::Arc;

    use rustls::ClientConfig;
    use rustls_platform_verifier::BuilderVerifierExt;

    let other = |error: rustls::Error| ConnectorError::other(error.into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(other)?;
    let config = match roots {
        TlsRoots::Platform => config.with_platform_verifier().map_err(other)?,
        TlsRoots::Bundle(pem) => config.with_root_certificates(root_store(pem)?),
    };
    let mut config = config.with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(builder.tls_backend_preconfigured(config))
}

#[cfg(all(
    feature = "rustls",
    not(any(feature = "rustls-aws-lc", feature = "native-tls"))
))]
fn root_store(pem: &[u8]) -> Result<rustls::RootCertStore, ConnectorError> {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;

    let certificates = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| bad_bundle(&error.to_string()))?;
    let mut store = rustls::RootCertStore::empty();
    store.add_parsable_certificates(certificates);
    if store.is_empty() {
        return Err(bad_bundle("it holds no certificate of an authority"));
    }
    Ok(store)
}

/// By reqwest's own means.
#[cfg(any(feature = "rustls-aws-lc", feature = "native-tls"))]
pub(super) fn set_up(
    builder: ClientBuilder,
    roots: &TlsRoots,
) -> Result<ClientBuilder, ConnectorError> {
    #[cfg(feature = "rustls-aws-lc")]
    let builder = builder.tls_backend_rustls();
    #[cfg(not(feature = "rustls-aws-lc"))]
    let builder = builder.tls_backend_native();
    let TlsRoots::Bundle(pem) = roots else {
        return Ok(builder);
    };
    let certificates = reqwest::Certificate::from_pem_bundle(pem)
        .map_err(|error| bad_bundle(&super::innermost(&error).to_string()))?;
    if certificates.is_empty() {
        return Err(bad_bundle("it holds no certificate"));
    }
    Ok(builder.tls_certs_only(certificates))
}

/// Only `http://` can be reached.
#[cfg(not(any(feature = "rustls", feature = "rustls-aws-lc", feature = "native-tls")))]
pub(super) fn set_up(
    builder: ClientBuilder,
    roots: &TlsRoots,
) -> Result<ClientBuilder, ConnectorError> {
    match roots {
        TlsRoots::Platform => Ok(builder),
        TlsRoots::Bundle(_) => Err(bad_bundle(UNSUPPORTED)),
    }
}

fn bad_bundle(why: &str) -> ConnectorError {
    ConnectorError::other(format!("the CA bundle cannot be used: {why}").into())
}
