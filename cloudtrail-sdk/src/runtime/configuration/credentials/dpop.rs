//! Proof of possession of a key (RFC 9449): what a login of `aws login` is refreshed with.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_smithy_types::base64;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

const BEGIN: &str = "-----BEGIN EC PRIVATE KEY-----";
const END: &str = "-----END EC PRIVATE KEY-----";

/// The signed statement that the owner of the key sends this POST request now. `key` is a P-256 key
/// in PEM (RFC 5915).
pub(super) fn proof(key: &str, url: &str, now: SystemTime) -> Result<String, &'static str> {
    let random = SystemRandom::new();
    let key = key_pair(key, &random).ok_or("it is not a P-256 key in PEM")?;
    // 0x04, then both coordinates.
    let (x, y) = key.public_key().as_ref()[1..].split_at(32);
    let header = json!({
        "typ": "dpop+jwt",
        "alg": "ES256",
        "jwk": { "kty": "EC", "crv": "P-256", "x": url_safe(x), "y": url_safe(y) },
    });
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let payload = json!({
        "jti": uuid::Uuid::new_v4().to_string(),
        "htm": "POST",
        "htu": url,
        "iat": now.as_secs(),
    });
    let encode = |value: Value| url_safe(value.to_string().as_bytes());
    let message = format!("{}.{}", encode(header), encode(payload));
    let signature = key
        .sign(&random, message.as_bytes())
        .map_err(|_| "it does not sign")?;
    Ok(format!("{message}.{}", url_safe(signature.as_ref())))
}

/// Base64 for URLs, without padding (RFC 4648).
fn url_safe(bytes: &[u8]) -> String {
    base64::encode(bytes)
        .trim_end_matches('=')
        .replace('+', "-")
        .replace('/', "_")
}

fn key_pair(pem: &str, random: &SystemRandom) -> Option<EcdsaKeyPair> {
    let (_, body) = pem.split_once(BEGIN)?;
    let (body, _) = body.split_once(END)?;
    let der = base64::decode(body.split_ascii_whitespace().collect::<String>()).ok()?;

    const INTEGER: u8 = 0x02;
    const BIT_STRING: u8 = 0x03;
    const OCTET_STRING: u8 = 0x04;
    const SEQUENCE: u8 = 0x30;
    const CURVE: u8 = 0xa0;
    const PUBLIC_KEY: u8 = 0xa1;
    let (key, _) = element(&der, SEQUENCE)?;
    let (_version, key) = element(key, INTEGER)?;
    let (private, key) = element(key, OCTET_STRING)?;
    // The curve may be left out; the signing algorithm checks that both keys are on its own.
    let key = element(key, CURVE).map_or(key, |(_, rest)| rest);
    let (public, _) = element(key, PUBLIC_KEY)?;
    let (public, _) = element(public, BIT_STRING)?;
    // The first byte is the number of bits that the last one lacks.
    let public = public.strip_prefix(&[0])?;
    EcdsaKeyPair::from_private_key_and_public_key(
        &ECDSA_P256_SHA256_FIXED_SIGNING,
        private,
        public,
        random,
    )
    .ok()
}

/// The content of the DER element that comes first, if it is tagged so, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let der = der.strip_prefix(&[tag])?;
    let (&first, der) = der.split_first()?;
    let (length, der) = match first {
        0..=0x7f => (usize::from(first), der),
        0x81 => {
            let (&length, der) = der.split_first()?;
            (usize::from(length), der)
        }
        // Nothing in such a key is longer than 255 bytes.
        _ => return None,
    };
    der.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    use super::*;

    /// Made for this test.
    const KEY: &str = "-----BEGIN EC PRIVATE KEY-----\n\
        MHcCAQEEIKDWJBUx3+38v+iecCY4OE8a7RjHlHUnhCBM9omKxij1oAoGCCqGSM49\n\
        AwEHoUQDQgAExFmUB49ban2EXmJrvZ+mF8cjrrS0FdkA/fFYfcWL/5uN8AnZuu89\n\
        IbXc77z4HLoPXY/nQXCa3pnWBk96cXVlkw==\n\
        -----END EC PRIVATE KEY-----\n";

    fn decode(part: &str) -> Vec<u8> {
        let padding = "=".repeat((4 - part.len() % 4) % 4);
        let standard = part.replace('-', "+").replace('_', "/") + &padding;
        base64::decode(standard).unwrap()
    }

    #[test]
    fn the_proof_is_signed_with_the_key_that_it_names() {
        let now = UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000);
        let url = "https://us-east-1.signin.aws.amazon.com/v1/token";
        let proof = proof(KEY, url, now).unwrap();
        let (message, signature) = proof.rsplit_once('.').unwrap();
        let (header, payload) = message.split_once('.').unwrap();
        let header: Value = serde_json::from_slice(&decode(header)).unwrap();
        let payload: Value = serde_json::from_slice(&decode(payload)).unwrap();
        assert_eq!(header["typ"], "dpop+jwt");
        assert_eq!(header["alg"], "ES256");
        assert_eq!(payload["htm"], "POST");
        assert_eq!(payload["htu"], url);
        assert_eq!(payload["iat"], 1_700_000_000);
        assert_eq!(payload["jti"].as_str().unwrap().len(), 36);

        let coordinate = |name: &str| decode(header["jwk"][name].as_str().unwrap());
        let public = [vec![4], coordinate("x"), coordinate("y")].concat();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public)
            .verify(message.as_bytes(), &decode(signature))
            .unwrap();
    }

    #[test]
    fn an_element_is_as_long_as_it_says() {
        let short = [0x30, 1, 7, 9];
        assert_eq!(element(&short, 0x30), Some((&[7][..], &[9][..])));
        let long = [0x30, 0x81, 1, 7, 9];
        assert_eq!(element(&long, 0x30), Some((&[7][..], &[9][..])));
        for bad in [
            &[][..],
            &[0x31, 1, 7],
            &[0x30],
            &[0x30, 2, 7],
            &[0x30, 0x81],
            &[0x30, 0x81, 2, 7],
            &[0x30, 0x80, 7],
            &[0x30, 0x82, 0, 1, 7],
        ] {
            assert_eq!(element(bad, 0x30), None, "{bad:?}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let cut = KEY.replace("AwEHoUQDQgAE", "AwEHoUQDQgAF");
        assert_ne!(cut, KEY);
        for bad in [
            "",
            BEGIN,
            &format!("{BEGIN}\n{END}"),
            &format!("{BEGIN}MA=={END}"),
            &cut,
        ] {
            assert!(proof(bad, "https://x/", UNIX_EPOCH).is_err(), "{bad}");
        }
    }
}
