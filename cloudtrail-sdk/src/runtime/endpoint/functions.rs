//! The functions of the rules language that are neither an operator nor a method in Rust.
//!
//! Their names and their meaning are those of the Smithy specification: "Rules engine standard
//! library" and "AWS rules engine library functions".

use std::net::{Ipv4Addr, Ipv6Addr};

/// Whether the value can be a label of a host name (RFC 1123): at most 63 letters, digits and
/// hyphens, with no hyphen at either end. With `allow_subdomains`, labels may be joined by dots.
pub(crate) fn is_valid_host_label(value: &str, allow_subdomains: bool) -> bool {
    if allow_subdomains {
        value.split('.').all(is_host_label)
    } else {
        is_host_label(value)
    }
}

fn is_host_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Whether the value is the name of a bucket that can stand in a host name: 3 to 63 lower-case
/// letters, digits and hyphens, and no IP address. With `allow_subdomains`, it may have dots.
pub(crate) fn is_virtual_hostable_s3_bucket(value: &str, allow_subdomains: bool) -> bool {
    (3..=63).contains(&value.len())
        && is_valid_host_label(value, allow_subdomains)
        && !value.bytes().any(|byte| byte.is_ascii_uppercase())
        && !is_dotted_quad(value)
}

/// Four numbers between dots. S3 forbids such names even where they are no valid address.
fn is_dotted_quad(value: &str) -> bool {
    value.split('.').count() == 4
        && value
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// The bytes from `start` to `stop`, counted from the end if `reverse`; `None` if the value is too
/// short or not ASCII.
pub(crate) fn substring(value: &str, start: usize, stop: usize, reverse: bool) -> Option<&str> {
    if !value.is_ascii() || start >= stop || stop > value.len() {
        return None;
    }
    if reverse {
        value.get(value.len() - stop..value.len() - start)
    } else {
        value.get(start..stop)
    }
}

/// The parts of the value between delimiters: at most `limit` of them, any number if that is 0.
pub(crate) fn split<'a>(value: &'a str, delimiter: &str, limit: usize) -> Vec<&'a str> {
    match limit {
        0 => value.split(delimiter).collect(),
        _ => value.splitn(limit, delimiter).collect(),
    }
}

/// Percent-encodes all bytes but those of unreserved characters (RFC 3986).
pub(crate) fn uri_encode(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// An Amazon Resource Name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arn<'a> {
    pub(crate) partition: &'a str,
    pub(crate) service: &'a str,
    /// Empty for resources that are not regional.
    pub(crate) region: &'a str,
    /// Empty for resources that belong to no account.
    pub(crate) account_id: &'a str,
    /// The last part of the ARN, split at `:` and `/`.
    pub(crate) resource_id: Vec<&'a str>,
}

/// Parses an ARN: `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`.
pub(crate) fn parse_arn(value: &str) -> Option<Arn<'_>> {
    let mut parts = value.splitn(6, ':');
    let prefix = parts.next()?;
    let arn = Arn {
        partition: parts.next()?,
        service: parts.next()?,
        region: parts.next()?,
        account_id: parts.next()?,
        resource_id: parts.next()?.split([':', '/']).collect(),
    };
    let is_complete = prefix == "arn"
        && !arn.partition.is_empty()
        && !arn.service.is_empty()
        && arn.resource_id != [""];
    is_complete.then_some(arn)
}

/// A URL that an endpoint can be made of.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Url<'a> {
    pub(crate) scheme: &'static str,
    /// Host and port, as they were given.
    pub(crate) authority: &'a str,
    /// The path as it was given: empty if the URL ends with its authority.
    pub(crate) path: &'a str,
    /// The path with a slash at both ends.
    pub(crate) normalized_path: String,
    pub(crate) is_ip: bool,
}

/// Parses an absolute `http` or `https` URL without query and fragment. User information is left
/// out of the authority.
pub(crate) fn parse_url(value: &str) -> Option<Url<'_>> {
    let (scheme, rest) = value.split_once("://")?;
    let scheme = ["https", "http"]
        .into_iter()
        .find(|known| scheme.eq_ignore_ascii_case(known))?;
    // Neither spaces nor control characters nor anything beyond ASCII stand in a URL.
    if !rest.bytes().all(|byte| byte.is_ascii_graphic()) || rest.contains(['?', '#']) {
        return None;
    }
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let authority = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host_and_port)| host_and_port);
    Some(Url {
        scheme,
        authority,
        path,
        normalized_path: if path.ends_with('/') {
            path.to_owned()
        } else {
            format!("{path}/")
        },
        is_ip: host_is_ip(authority)?,
    })
}

/// Whether the host of an authority is an IP address; `None` if the authority is malformed.
fn host_is_ip(authority: &str) -> Option<bool> {
    let (is_ip, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']')?;
            host.parse::<Ipv6Addr>().ok()?;
            (true, port)
        }
        None => {
            let (host, port) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
            let is_host =
                |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=".contains(&byte);
            if host.is_empty() || !host.bytes().all(is_host) {
                return None;
            }
            (host.parse::<Ipv4Addr>().is_ok(), port)
        }
    };
    if !port.is_empty() {
        let digits = port.strip_prefix(':')?;
        // `parse` alone would take a sign.
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) || digits.parse::<u16>().is_err() {
            return None;
        }
    }
    Some(is_ip)
}
