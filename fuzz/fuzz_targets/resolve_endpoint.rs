//! A request leaves to a URL that is right for the configuration, or does not leave.
//!
//! An input is one byte for FIPS and dual-stack, then the region, and on a second line the endpoint URL if there is one.

#![no_main]

use std::sync::{Arc, Mutex};

use cloudtrail_sdk::Client;
use cloudtrail_sdk::config::Region;
use fuzz::{Answering, config, http_response, run};
use http::{HeaderMap, StatusCode, Uri};
use libfuzzer_sys::{Corpus, fuzz_target};
use url::Url;

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((flags, text)) = data.split_first() else {
        return Corpus::Reject;
    };
    let Ok(text) = std::str::from_utf8(text) else {
        return Corpus::Reject;
    };
    let (region, endpoint_url) = match text.split_once('\n') {
        Some((region, url)) => (region, Some(url)),
        None => (text, None),
    };
    if let Some(url) = send(flags & 1 != 0, flags & 2 != 0, region, endpoint_url) {
        check(&url, region, endpoint_url);
    }
    Corpus::Keep
});

/// Sends a request with this configuration and returns the URL that the transport was given.
fn send(fips: bool, dual_stack: bool, region: &str, endpoint_url: Option<&str>) -> Option<String> {
    let sent_to = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&sent_to);
    let mut config = config(Answering(move |url: &Uri| {
        *seen.lock().expect("no thread panicked") = Some(url.to_string());
        http_response(StatusCode::OK, HeaderMap::new(), "{}")
    }))
    .region(Region::new(region.to_owned()))
    .use_fips(fips)
    .use_dual_stack(dual_stack);
    config.set_endpoint_url(endpoint_url.map(str::to_owned));
    let result = run(Client::from_conf(config.build()).list_trails().send());
    let sent_to = sent_to.lock().expect("no thread panicked").take();
    assert_eq!(result.is_ok(), sent_to.is_some(), "{result:?}");
    sent_to
}

fn check(sent_to: &str, region: &str, endpoint_url: Option<&str>) {
    let url = Url::parse(sent_to).unwrap_or_else(|error| panic!("{sent_to}: {error}"));
    let host = url.host_str().unwrap_or_default();
    assert!(!host.is_empty(), "{sent_to} has no host");
    assert!(
        url.username().is_empty() && url.password().is_none(),
        "{sent_to} has user information"
    );
    assert!(
        url.query().is_none() && url.fragment().is_none(),
        "{sent_to} has more than a path"
    );
    match endpoint_url {
        Some(endpoint_url) => {
            let given =
                Url::parse(endpoint_url).unwrap_or_else(|error| panic!("{endpoint_url}: {error}"));
            assert_eq!(
                url.origin(),
                given.origin(),
                "{sent_to} is not at {endpoint_url}"
            );
        }
        None => {
            let region = region.to_ascii_lowercase();
            assert_eq!(
                (url.scheme(), url.port(), url.path()),
                ("https", None, "/"),
                "{sent_to}"
            );
            assert!(host.starts_with("cloudtrail"), "{sent_to}");
            assert!(
                host.contains(&format!(".{region}.")),
                "{sent_to} is not in {region}"
            );
        }
    }
}
