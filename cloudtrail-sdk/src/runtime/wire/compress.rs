//! Compression of requests, for the operations that take it.

use bytes::Bytes;

/// Smaller bodies are sent as they are: packing them would cost more than it saves.
#[cfg(feature = "request-compression")]
const MIN_BYTES: usize = 10_240;

/// The body in gzip, if it is worth it and the crate is built with compression.
#[cfg(feature = "request-compression")]
pub(crate) fn gzip(body: &Bytes) -> Option<Bytes> {
    use std::io::Write;

    if body.len() < MIN_BYTES {
        return None;
    }
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(body).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

#[cfg(not(feature = "request-compression"))]
pub(crate) fn gzip(_: &Bytes) -> Option<Bytes> {
    None
}
