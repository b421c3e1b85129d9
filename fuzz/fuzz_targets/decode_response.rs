//! Any response to any operation is an output or an error, and both can be printed.
//!
//! An input is one byte for the operation, two for the status, then header lines, an empty line and the body.

#![no_main]

use bytes::Bytes;
use cloudtrail_sdk::Client;
use cloudtrail_sdk::config::Region;
use fuzz::operations::OPERATIONS;
use fuzz::{Answering, config, http_response};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, Uri};
use libfuzzer_sys::{Corpus, fuzz_target};

const MODEL: &str = include_str!("../../models/cloudtrail/service.json");

fuzz_target!(
    init: assert_eq!(
        OPERATIONS.len(),
        MODEL.matches(r#""type": "operation""#).count(),
        "fuzz/src/operations.rs must have every operation of the model"
    ),
    |data: &[u8]| -> Corpus {
        let [operation, status_high, status_low, message @ ..] = data else {
            return Corpus::Reject;
        };
        let call = OPERATIONS[usize::from(*operation) % OPERATIONS.len()];
        let response = response(u16::from_be_bytes([*status_high, *status_low]), message);
        let config = config(Answering(move |_: &Uri| response.clone()))
            .region(Region::from_static("us-east-1"))
            .check_limits(false);
        call(&Client::from_conf(config.build()));
        Corpus::Keep
    }
);

fn response(status: u16, message: &[u8]) -> Response<Bytes> {
    let status = StatusCode::from_u16(100 + status % 900).expect("it has three digits");
    let (head, body) = match message.windows(2).position(|window| window == b"\n\n") {
        Some(end) => (&message[..end], &message[end + 2..]),
        None => (&[][..], message),
    };
    let headers: HeaderMap = head
        .split(|byte| *byte == b'\n')
        .filter_map(header)
        .collect();
    http_response(status, headers, Bytes::copy_from_slice(body))
}

/// A line as a header, if it is one.
fn header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = HeaderName::from_bytes(&line[..colon]).ok()?;
    let value = HeaderValue::from_bytes(&line[colon + 1..]).ok()?;
    Some((name, value))
}
