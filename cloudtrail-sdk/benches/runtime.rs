//! What a call costs besides the network: the codec, the signature and the endpoint rules.
//!
//! They are private, so their source is included here, from where it stands in the crate.

#![allow(clippy::unwrap_used, reason = "a bench fails by a panic")]
#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    clippy::module_inception,
    reason = "the benches do not use all of it, and it stands elsewhere than in the crate"
)]

#[path = "../src/api/config.rs"]
mod config;
#[path = "../src/api/error.rs"]
mod error;
#[path = "../src/generated/mod.rs"]
#[rustfmt::skip]
mod generated;
#[path = "../src/api/primitives.rs"]
mod primitives;
/// `runtime.rs`, within a module of the same name: it names itself `crate::runtime`, and a path
/// straight to it would not find the files of its folder.
#[path = "../src"]
mod runtime {
    mod runtime;

    pub(crate) use self::runtime::*;
}

use std::hint::black_box;
use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials;
use bytes::Bytes;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use http::{HeaderValue, Request};
use serde_json::{Value, json};

use self::generated::operation::get_query_results::GetQueryResultsOutput;
use self::generated::operation::lookup_events::LookupEventsOutput;
use self::generated::operation::put_event_selectors::PutEventSelectorsInput;
use self::generated::service::SERVICE;
use self::generated::types::{
    AdvancedEventSelector, AdvancedFieldSelector, DataResource, EventSelector, ReadWriteType,
};
use self::runtime::codec::{FromMembers, decode, encode, validate};
use self::runtime::endpoint::Params;
use self::runtime::sign::{Scope, SigningKeys, sign_request};

criterion_group!(benches, decoding, encoding, signing, endpoints);
criterion_main!(benches);

fn decoding(criterion: &mut Criterion) {
    decode_as::<LookupEventsOutput>(criterion, "LookupEvents, 50 events", &events());
    decode_as::<GetQueryResultsOutput>(criterion, "GetQueryResults, 1,000 rows", &rows());
}

fn decode_as<T: FromMembers>(criterion: &mut Criterion, name: &str, body: &Value) {
    let body = body.to_string();
    let mut group = criterion.benchmark_group("decode");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            let mut output = <T as FromMembers>::unset();
            decode(black_box(body.as_bytes()), &mut output).unwrap();
            output
        });
    });
}

/// A page of `LookupEvents`. What takes room in it is the record of each event, 2 kB of JSON in a
/// string.
fn events() -> Value {
    let record = json!({
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLEEXAMPLE123:alice",
            "arn": "arn:aws:sts::123456789012:assumed-role/Administrator/alice",
            "accountId": "123456789012",
            "accessKeyId": "ASIAEXAMPLEEXAMPLE12",
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": "AROAEXAMPLEEXAMPLE123",
                    "arn": "arn:aws:iam::123456789012:role/Administrator",
                    "accountId": "123456789012",
                    "userName": "Administrator"
                },
                "attributes": {
                    "creationDate": "2026-11-22T08:00:00Z",
                    "mfaAuthenticated": "true"
                }
            }
        },
        "eventTime": "2026-11-22T12:34:56Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "PutBucketPolicy",
        "awsRegion": "eu-central-1",
        "sourceIPAddress": "198.51.100.7",
        "userAgent": "[aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux#6.8.0 lang/python#3.13.7]",
        "requestParameters": {
            "bucketName": "audit-logs-123456789012",
            "bucketPolicy": {
                "Version": "2012-10-17",
                "Statement": [{
                    "Sid": "AWSCloudTrailWrite",
                    "Effect": "Allow",
                    "Principal": { "Service": "cloudtrail.amazonaws.com" },
                    "Action": "s3:PutObject",
                    "Resource": "arn:aws:s3:::audit-logs-123456789012/AWSLogs/123456789012/*"
                }]
            },
            "Host": "audit-logs-123456789012.s3.eu-central-1.amazonaws.com",
            "policy": ""
        },
        "responseElements": null,
        "additionalEventData": {
            "SignatureVersion": "SigV4",
            "CipherSuite": "TLS_AES_128_GCM_SHA256",
            "bytesTransferredIn": 312,
            "bytesTransferredOut": 0
        },
        "requestID": "4ZQ7EXAMPLE00000",
        "eventID": "00000000-0000-4000-8000-000000000000",
        "readOnly": false,
        "eventType": "AwsApiCall",
        "managementEvent": true,
        "resources": [{
            "accountId": "123456789012",
            "type": "AWS::S3::Bucket",
            "ARN": "arn:aws:s3:::audit-logs-123456789012"
        }],
        "recipientAccountId": "123456789012",
        "eventCategory": "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": "audit-logs-123456789012.s3.eu-central-1.amazonaws.com"
        }
    });
    let event = json!({
        "EventId": "00000000-0000-4000-8000-000000000000",
        "EventName": "PutBucketPolicy",
        "ReadOnly": "false",
        "AccessKeyId": "ASIAEXAMPLEEXAMPLE12",
        "EventTime": 1_795_350_896.0,
        "EventSource": "s3.amazonaws.com",
        "Username": "alice",
        "Resources": [
            { "ResourceType": "AWS::S3::Bucket", "ResourceName": "audit-logs-123456789012" }
        ],
        "CloudTrailEvent": record.to_string()
    });
    json!({ "Events": vec![event; 50], "NextToken": "bmV4dA==".repeat(8) })
}

/// A page of `GetQueryResults`, with 10 columns. Each column of a row is a map of its own.
fn rows() -> Value {
    let row: Vec<Value> = (0..10)
        .map(|column| json!({ format!("column{column}"): "arn:aws:s3:::audit-logs" }))
        .collect();
    json!({
        "QueryStatus": "FINISHED",
        "QueryStatistics": {
            "ResultsCount": 1000,
            "TotalResultsCount": 25_000,
            "BytesScanned": 1_234_567_890_u64
        },
        "QueryResultRows": vec![row; 1000],
        "NextToken": "bmV4dA==".repeat(8)
    })
}

fn encoding(criterion: &mut Criterion) {
    let input = selectors();
    assert_eq!(validate(&input, true), [""; 0]);
    criterion.bench_function("validate/PutEventSelectors", |bencher| {
        bencher.iter(|| validate(black_box(&input), true));
    });
    criterion.bench_function("encode/PutEventSelectors", |bencher| {
        bencher.iter(|| encode(black_box(&input)));
    });
}

/// Selectors of both kinds. The service takes one kind in a request, but the codec does not know.
fn selectors() -> PutEventSelectorsInput {
    let arns = |kind: &str| -> Vec<String> {
        (0..10)
            .map(|number| format!("arn:aws:s3:::{kind}-{number}/logs/"))
            .collect()
    };
    let resources = |kind: &str, arns: Vec<String>| {
        let resource = DataResource::builder().r#type(kind);
        resource.set_values(Some(arns)).build()
    };
    let basic = EventSelector::builder()
        .read_write_type(ReadWriteType::WriteOnly)
        .include_management_events(true)
        .data_resources(resources("AWS::S3::Object", arns("bucket")))
        .data_resources(resources("AWS::Lambda::Function", arns("function")))
        .exclude_management_event_sources("kms.amazonaws.com")
        .build();
    let equals = |field: &str, value: &str| {
        let selector = AdvancedFieldSelector::builder().field(field).equals(value);
        selector.build().unwrap()
    };
    let starts_with = AdvancedFieldSelector::builder()
        .field("resources.ARN")
        .set_starts_with(Some(arns("bucket")));
    let advanced = AdvancedEventSelector::builder()
        .name("Writes to the buckets of the audit")
        .field_selectors(equals("eventCategory", "Data"))
        .field_selectors(equals("resources.type", "AWS::S3::Object"))
        .field_selectors(equals("readOnly", "false"))
        .field_selectors(starts_with.build().unwrap())
        .build()
        .unwrap();
    PutEventSelectorsInput::builder()
        .trail_name("arn:aws:cloudtrail:eu-central-1:123456789012:trail/audit")
        .set_event_selectors(Some(vec![basic; 5]))
        .set_advanced_event_selectors(Some(vec![advanced; 5]))
        .build()
        .unwrap()
}

fn signing(criterion: &mut Criterion) {
    let mut request = Request::post("https://cloudtrail.eu-central-1.amazonaws.com/")
        .body(Bytes::from_static(br#"{"MaxResults":50}"#))
        .unwrap();
    for (name, value) in [
        ("content-type", SERVICE.content_type),
        ("x-amz-target", "CloudTrail_20131101.LookupEvents"),
        (
            "amz-sdk-invocation-id",
            "00000000-0000-4000-8000-000000000000",
        ),
        ("amz-sdk-request", "attempt=1; max=3"),
        ("user-agent", "aws-sdk-rust/1.0.0 os/linux lang/rust/1.95.0"),
    ] {
        let value = HeaderValue::from_static(value);
        request.headers_mut().insert(name, value);
    }
    let token = "token".repeat(100);
    let credentials = Credentials::new("AKID", "SECRET", Some(token), None, "bench");
    let scope = Scope {
        region: "eu-central-1".to_owned(),
        service: SERVICE.signing_name.to_owned(),
    };
    let time = UNIX_EPOCH + Duration::from_secs(1_795_350_896);
    let sign = |mut request: Request<Bytes>, keys: &SigningKeys| {
        sign_request(&mut request, &credentials, &scope, time, keys).unwrap();
        request
    };

    // A signature is never made twice for one request, so each gets a copy.
    let mut group = criterion.benchmark_group("sign");
    let keys = SigningKeys::default();
    group.bench_function("key cached", |bencher| {
        bencher.iter_batched(
            || request.clone(),
            |request| sign(request, &keys),
            BatchSize::SmallInput,
        );
    });
    group.bench_function("key not cached", |bencher| {
        bencher.iter_batched(
            || (request.clone(), SigningKeys::default()),
            |(request, keys)| sign(request, &keys),
            BatchSize::SmallInput,
        );
    });
}

fn endpoints(criterion: &mut Criterion) {
    let region = Params {
        region: Some("eu-central-1".to_owned()),
        ..Params::default()
    };
    let both = Params {
        use_fips: Some(true),
        use_dual_stack: Some(true),
        region: Some("us-east-1".to_owned()),
        ..Params::default()
    };
    let custom = Params {
        endpoint: Some("https://cloudtrail.example.com".to_owned()),
        ..region.clone()
    };
    let mut group = criterion.benchmark_group("endpoint");
    for (name, params) in [
        ("Region", region),
        ("FIPS and dual-stack", both),
        ("custom", custom),
    ] {
        assert!((SERVICE.resolve_endpoint)(&params).is_ok());
        group.bench_function(name, |bencher| {
            bencher.iter(|| (SERVICE.resolve_endpoint)(black_box(&params)));
        });
    }
}
