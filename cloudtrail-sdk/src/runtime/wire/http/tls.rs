//! TLS, by the features of the crate. `rustls-aws-lc` goes before `native-tls`, and both before
//! `rustls`, which is on by default.

#[cfg(any(
    feature = "rustls-aws-lc",
    all(feature = "rustls", not(feature = "native-tls"))
))]
mod by_rustls;

use super::ConnectorError;

#[cfg(any(
    feature = "rustls-aws-lc",
    all(feature = "rustls", not(feature = "native-tls"))
))]
pub(super) use self::by_rustls::Tls;

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
    #[cfg_attr(
        not(any(feature = "rustls", feature = "rustls-aws-lc", feature = "native-tls")),
        allow(dead_code, reason = "without TLS, no certificate is read")
    )]
    Bundle(Vec<u8>),
}

/// TLS by the platform's own means, through reqwest: with its certificates, or with these.
#[cfg(all(feature = "native-tls", not(feature = "rustls-aws-lc")))]
pub(super) struct Tls(Option<Vec<reqwest::Certificate>>);

#[cfg(all(feature = "native-tls", not(feature = "rustls-aws-lc")))]
impl Tls {
    pub(super) fn new(roots: &TlsRoots) -> Result<Self, ConnectorError> {
        let TlsRoots::Bundle(pem) = roots else {
            return Ok(Self(None));
        };
        let certificates = reqwest::Certificate::from_pem_bundle(pem).map_err(|error| {
            bad_bundle(&crate::runtime::base::causes::innermost(&error).to_string())
        })?;
        if certificates.is_empty() {
            return Err(bad_bundle("it holds no certificate"));
        }
        Ok(Self(Some(certificates)))
    }

    pub(super) fn set_up(&self, builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        let builder = builder.tls_backend_native();
        match &self.0 {
            Some(certificates) => builder.tls_certs_only(certificates.iter().cloned()),
            None => builder,
        }
    }
}

/// No TLS: only `http://` can be reached.
#[cfg(not(any(feature = "rustls", feature = "rustls-aws-lc", feature = "native-tls")))]
pub(super) struct Tls;

#[cfg(not(any(feature = "rustls", feature = "rustls-aws-lc", feature = "native-tls")))]
impl Tls {
    pub(super) fn new(roots: &TlsRoots) -> Result<Self, ConnectorError> {
        match roots {
            TlsRoots::Platform => Ok(Self),
            TlsRoots::Bundle(_) => Err(bad_bundle(UNSUPPORTED)),
        }
    }

    pub(super) fn set_up(&self, builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        builder
    }
}

fn bad_bundle(why: &str) -> ConnectorError {
    ConnectorError::other(format!("the CA bundle cannot be used: {why}").into(), None)
}
