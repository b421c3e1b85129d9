//! What a call costs besides the network: endpoint rules, validation, encoding, the signature, and
//! decoding of what the service answers.

#![allow(clippy::unwrap_used, reason = "a bench fails by a panic")]

use std::hint::black_box;

use bytes::Bytes;
use cloudtrail_sdk::Client;
use cloudtrail_sdk::config::{BoxFuture, Builder, Config, Credentials, Region, Transport};
use cloudtrail_sdk::error::ConnectorError;
use cloudtrail_sdk::operation::put_event_selectors::builders::PutEventSelectorsInputBuilder;
use cloudtrail_sdk::types::{
    AdvancedEventSelector, AdvancedFieldSelector, DataResource, EventSelector, ReadWriteType,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use http::{Request, Response};
use serde_json::{Value, json};
use tokio::runtime::{self, Runtime};

criterion_group!(benches, small, decoding, encoding, endpoints);
criterion_main!(benches);

/// A service that gives one answer, at once.
#[derive(Clone)]
struct Service(Bytes);

impl Transport for Service {
    fn call(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
        black_box(request);
        let answer = Response::new(self.0.clone());
        Box::pin(async { Ok(answer) })
    }
}

fn config(answer: &Value) -> Builder {
    let token = "token".repeat(100);
    Config::builder()
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new(
            "AKID",
            "SECRET",
            Some(token),
            None,
            "bench",
        ))
        .transport(Service(answer.to_string().into()))
}

fn client(answer: &Value) -> Client {
    Client::from_conf(config(answer).build())
}

fn tokio() -> Runtime {
    let mut builder = runtime::Builder::new_current_thread();
    builder.enable_time().build().unwrap()
}

/// A call with little to encode and nothing to decode: what is left is endpoint and signature.
fn small(criterion: &mut Criterion) {
    let (tokio, client) = (tokio(), client(&json!({})));
    criterion.bench_function("call/StartLogging", |bencher| {
        bencher.iter(|| {
            let call = client.start_logging().name("audit").send();
            tokio.block_on(call).unwrap()
        });
    });
}

fn decoding(criterion: &mut Criterion) {
    let tokio = tokio();
    let mut group = criterion.benchmark_group("decode");

    let body = events();
    group.throughput(bytes(&body));
    let lookup = client(&body);
    group.bench_function("LookupEvents, 50 events", |bencher| {
        bencher.iter(|| tokio.block_on(lookup.lookup_events().send()).unwrap());
    });

    let body = rows();
    group.throughput(bytes(&body));
    let query = client(&body);
    let id = "00000000-0000-4000-8000-000000000000";
    group.bench_function("GetQueryResults, 1,000 rows", |bencher| {
        bencher.iter(|| {
            let call = query.get_query_results().query_id(id).send();
            tokio.block_on(call).unwrap()
        });
    });
}

fn bytes(body: &Value) -> Throughput {
    Throughput::Bytes(body.to_string().len() as u64)
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
    let (tokio, client) = (tokio(), client(&json!({})));
    let selectors = selectors();
    criterion.bench_function("encode/PutEventSelectors", |bencher| {
        bencher.iter(|| {
            let call = selectors.clone().send_with(&client);
            tokio.block_on(call).unwrap()
        });
    });
}

/// Selectors of both kinds. The service takes one kind in a request, but the codec does not know.
fn selectors() -> PutEventSelectorsInputBuilder {
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
    PutEventSelectorsInputBuilder::default()
        .trail_name("arn:aws:cloudtrail:eu-central-1:123456789012:trail/audit")
        .set_event_selectors(Some(vec![basic; 5]))
        .set_advanced_event_selectors(Some(vec![advanced; 5]))
}

/// A small call with each kind of endpoint.
fn endpoints(criterion: &mut Criterion) {
    let tokio = tokio();
    let fips = config(&json!({})).use_fips(true).use_dual_stack(true);
    let custom = config(&json!({})).endpoint_url("https://cloudtrail.example.com");
    let mut group = criterion.benchmark_group("endpoint");
    for (name, config) in [
        ("FIPS and dual-stack", fips.region(Region::new("us-east-1"))),
        ("custom", custom),
    ] {
        let client = Client::from_conf(config.build());
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let call = client.start_logging().name("audit").send();
                tokio.block_on(call).unwrap()
            });
        });
    }
}
