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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_labels() {
        let longest = "a".repeat(63);
        let too_long = "a".repeat(64);
        for (value, alone, joined) in [
            ("us-east-1", true, true),
            ("3aws4", true, true),
            ("A", true, true),
            (longest.as_str(), true, true),
            (too_long.as_str(), false, false),
            ("", false, false),
            ("part1.part2", false, true),
            ("part1.", false, false),
            ("part1..part2", false, false),
            ("part1.-part2", false, false),
            ("part1-.part2", false, false),
            ("-a", false, false),
            ("a-", false, false),
            ("part1 part2", false, false),
            ("a_b", false, false),
            ("caf\u{e9}", false, false),
        ] {
            assert_eq!(is_valid_host_label(value, false), alone, "{value}");
            assert_eq!(
                is_valid_host_label(value, true),
                joined,
                "{value} with subdomains"
            );
        }
    }

    #[test]
    fn virtual_hostable_buckets() {
        let longest = "a".repeat(63);
        let too_long = "a".repeat(64);
        for (value, alone, joined) in [
            ("bucket-name", true, true),
            ("123", true, true),
            (longest.as_str(), true, true),
            (too_long.as_str(), false, false),
            ("aa", false, false),
            ("bucket.name", false, true),
            ("a.b", false, true),
            ("bucket..name", false, false),
            ("bucket.-name", false, false),
            ("bucket-.name", false, false),
            ("-bucket", false, false),
            ("bucket.", false, false),
            ("Bucket", false, false),
            ("bucket_name", false, false),
            ("192.168.1.1", false, false),
            ("999.999.999.999", false, false),
            ("192.168.1.1.1", false, true),
        ] {
            assert_eq!(
                is_virtual_hostable_s3_bucket(value, false),
                alone,
                "{value}"
            );
            assert_eq!(
                is_virtual_hostable_s3_bucket(value, true),
                joined,
                "{value} with dots"
            );
        }
    }

    #[test]
    fn substrings() {
        for (value, start, stop, reverse, expected) in [
            ("abcdefg", 0, 4, false, Some("abcd")),
            ("abcdefg", 0, 4, true, Some("defg")),
            ("abcdefg", 1, 3, true, Some("ef")),
            ("abcd", 0, 4, false, Some("abcd")),
            ("abc", 0, 4, false, None),
            ("abc", 0, 4, true, None),
            ("", 0, 1, false, None),
            ("abc", 2, 2, false, None),
            ("abc", 2, 1, false, None),
            ("a\u{e9}bc", 0, 1, false, None),
            ("\u{7f}bcdef", 0, 4, false, Some("\u{7f}bcd")),
        ] {
            assert_eq!(
                substring(value, start, stop, reverse),
                expected,
                "{value} {start}..{stop}"
            );
        }
    }

    #[test]
    fn splits() {
        for (value, delimiter, limit, expected) in [
            ("a--b--c", "--", 0, &["a", "b", "c"][..]),
            ("a--b--c", "--", 2, &["a", "b--c"]),
            ("a--b--c", "--", 1, &["a--b--c"]),
            ("", "--", 0, &[""]),
            ("--", "--", 0, &["", ""]),
            ("----", "--", 0, &["", "", ""]),
            ("--b--", "--", 0, &["", "b", ""]),
            (
                "--x-s3--azid--suffix",
                "--",
                0,
                &["", "x-s3", "azid", "suffix"],
            ),
            ("--x-s3--azid--suffix", "--", 2, &["", "x-s3--azid--suffix"]),
            ("abc", "x", 0, &["abc"]),
            ("mybucket", "--", 1, &["mybucket"]),
        ] {
            assert_eq!(split(value, delimiter, limit), expected, "{value} {limit}");
        }
    }

    #[test]
    fn uri_encoding() {
        for (value, expected) in [
            ("azAZ09-_.~", "azAZ09-_.~"),
            (
                "/:,?#[]{}|@! $&'()*+;=%<>\"^`\\",
                "%2F%3A%2C%3F%23%5B%5D%7B%7D%7C%40%21%20%24%26%27%28%29%2A%2B%3B%3D%25%3C%3E%22%5E%60%5C",
            ),
            ("\u{1f431}", "%F0%9F%90%B1"),
            ("\t\n", "%09%0A"),
            ("", ""),
        ] {
            assert_eq!(uri_encode(value), expected, "{value}");
        }
    }

    #[test]
    fn arns() {
        let arn = |service, region, account_id, resource_id: &[&'static str]| {
            Some(Arn {
                partition: "aws",
                service,
                region,
                account_id,
                resource_id: resource_id.to_vec(),
            })
        };
        for (value, expected) in [
            (
                "arn:aws:sns:us-west-2:012345678910:example-sns-topic-name",
                arn(
                    "sns",
                    "us-west-2",
                    "012345678910",
                    &["example-sns-topic-name"],
                ),
            ),
            (
                "arn:aws:ec2:us-east-1:012345678910:vpc/vpc-0e9801d129EXAMPLE",
                arn(
                    "ec2",
                    "us-east-1",
                    "012345678910",
                    &["vpc", "vpc-0e9801d129EXAMPLE"],
                ),
            ),
            (
                "arn:aws:iam::012345678910:user/johndoe",
                arn("iam", "", "012345678910", &["user", "johndoe"]),
            ),
            (
                "arn:aws:s3:::bucket_name",
                arn("s3", "", "", &["bucket_name"]),
            ),
            (
                "arn:aws:s3:::a:b/c/",
                arn("s3", "", "", &["a", "b", "c", ""]),
            ),
            ("11111111-2222-3333-4444-555555555555", None),
            ("arn:aws:s3", None),
            ("arn:aws:s3:::", None),
            ("arn::s3:::bucket", None),
            ("arn:aws::::bucket", None),
            ("ARN:aws:s3:::bucket", None),
        ] {
            assert_eq!(parse_arn(value), expected, "{value}");
        }
    }

    #[test]
    fn urls() {
        let url = |scheme, authority, path, normalized_path: &str, is_ip| {
            Some(Url {
                scheme,
                authority,
                path,
                normalized_path: normalized_path.to_owned(),
                is_ip,
            })
        };
        for (value, expected) in [
            (
                "https://example.com",
                url("https", "example.com", "", "/", false),
            ),
            (
                "https://example.com/",
                url("https", "example.com", "/", "/", false),
            ),
            (
                "http://example.com:80/foo/bar",
                url("http", "example.com:80", "/foo/bar", "/foo/bar/", false),
            ),
            (
                "HTTPS://example.com/a/",
                url("https", "example.com", "/a/", "/a/", false),
            ),
            (
                "https://127.0.0.1",
                url("https", "127.0.0.1", "", "/", true),
            ),
            (
                "https://127.0.0.1:443",
                url("https", "127.0.0.1:443", "", "/", true),
            ),
            (
                "https://[fe80::1]",
                url("https", "[fe80::1]", "", "/", true),
            ),
            (
                "https://[fe80::1]:8443/a",
                url("https", "[fe80::1]:8443", "/a", "/a/", true),
            ),
            (
                "https://user:secret@example.com",
                url("https", "example.com", "", "/", false),
            ),
            (
                "http://99_ab-.com",
                url("http", "99_ab-.com", "", "/", false),
            ),
            (
                "https://999.999.abc.blah",
                url("https", "999.999.abc.blah", "", "/", false),
            ),
            ("https://example.com:8443?foo=bar&faz=baz", None),
            ("https://example.com/path?", None),
            ("https://example.com/#top", None),
            ("acbd://example.com", None),
            ("example.com", None),
            ("https://", None),
            ("https:///path", None),
            ("https://:443", None),
            ("http://abc.com:a/foo", None),
            ("http://abc.com:+1", None),
            ("http://abc.com:", None),
            ("http://abc.com:65536", None),
            ("http://a b.com", None),
            ("http://abc.com/a b", None),
            ("http://[fe80::1", None),
            ("http://[example]", None),
        ] {
            assert_eq!(parse_url(value), expected, "{value}");
        }
    }
}
