//! Answers each operation with the same body, on loopback, until standard input ends.
//!
//! Prints its URL as the first line.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;

use serde_json::{Value, json};

fn main() -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("http://{}", listener.local_addr()?);
    let answers = Arc::new(Answers::new());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answers = Arc::clone(&answers);
            // A client that goes away in the middle is its own business.
            std::thread::spawn(move || answers.serve(stream).ok());
        }
    });
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}

/// Whole responses, made once.
struct Answers {
    start_logging: Vec<u8>,
    describe_trails: Vec<u8>,
    lookup_events: Vec<u8>,
    query_results: Vec<u8>,
    large_query_results: Vec<u8>,
}

impl Answers {
    fn new() -> Self {
        Self {
            start_logging: response(&json!({})),
            describe_trails: response(&trails()),
            lookup_events: response(&events()),
            query_results: response(&rows(1_000, 10, 24)),
            // About 10 MB.
            large_query_results: response(&rows(10_000, 10, 80)),
        }
    }

    fn serve(&self, stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut output = stream.try_clone()?;
        let mut input = BufReader::new(stream);
        while let Some(request) = read_request(&mut input)? {
            output.write_all(match request.operation.as_str() {
                "DescribeTrails" => &self.describe_trails,
                "LookupEvents" => &self.lookup_events,
                "GetQueryResults" if request.path.starts_with("/large") => {
                    &self.large_query_results
                }
                "GetQueryResults" => &self.query_results,
                _ => &self.start_logging,
            })?;
        }
        Ok(())
    }
}

struct Request {
    path: String,
    operation: String,
}

/// Reads a request to its end; none if the client has closed the connection.
fn read_request(input: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if input.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let (mut length, mut operation) = (0, String::new());
    loop {
        line.clear();
        input.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap_or_default();
        } else if name.eq_ignore_ascii_case("x-amz-target") {
            let target = value.trim();
            operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        }
    }
    io::copy(&mut input.take(length), &mut io::sink())?;
    Ok(Some(Request { path, operation }))
}

fn response(body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: {}\r\n\
         x-amzn-requestid: 6f9c2d0e-0b1a-4c55-9a53-000000000000\r\n\
         date: Sun, 22 Nov 2026 12:00:00 GMT\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body.as_bytes()].concat()
}

fn trails() -> Value {
    let trail = |number: u32| {
        json!({
            "Name": format!("trail-{number}"),
            "S3BucketName": "cloudtrail-logs-of-the-organization",
            "S3KeyPrefix": "prefix",
            "SnsTopicARN": "arn:aws:sns:us-east-1:123456789012:cloudtrail",
            "IncludeGlobalServiceEvents": true,
            "IsMultiRegionTrail": true,
            "HomeRegion": "us-east-1",
            "TrailARN": format!("arn:aws:cloudtrail:us-east-1:123456789012:trail/trail-{number}"),
            "LogFileValidationEnabled": true,
            "KmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000",
            "HasCustomEventSelectors": true,
            "HasInsightSelectors": false,
            "IsOrganizationTrail": false,
        })
    };
    json!({ "trailList": (1..=3).map(trail).collect::<Vec<_>>() })
}

/// 50 events; the record of each is JSON of 2 kB in a string, as CloudTrail has it.
fn events() -> Value {
    let event = |number: u32| {
        let mut record = json!({
            "eventVersion": "1.10",
            "userIdentity": {
                "type": "AssumedRole",
                "principalId": "AROAEXAMPLE:session",
                "arn": "arn:aws:sts::123456789012:assumed-role/Admin/session",
                "accountId": "123456789012",
                "sessionContext": { "attributes": { "mfaAuthenticated": "false" } },
            },
            "eventTime": "2026-11-22T12:00:00Z",
            "eventSource": "ec2.amazonaws.com",
            "eventName": "DescribeInstances",
            "awsRegion": "us-east-1",
            "sourceIPAddress": "198.51.100.7",
            "userAgent": "aws-cli/2.31 \"quoted\" Prompt/off",
            "requestParameters": { "filterSet": { "items": [] } },
            "requestID": format!("00000000-0000-4000-8000-{number:012}"),
        });
        let missing = 2_000_usize.saturating_sub(record.to_string().len());
        let tags: Vec<_> = (0..missing / 26)
            .map(|tag| json!({ "key": format!("{tag:03}"), "value": "v" }))
            .collect();
        record["tags"] = tags.into();
        json!({
            "EventId": format!("00000000-0000-4000-9000-{number:012}"),
            "EventName": "DescribeInstances",
            "ReadOnly": "true",
            "AccessKeyId": "ASIAEXAMPLE",
            "EventTime": 1_795_348_800.125 + f64::from(number),
            "EventSource": "ec2.amazonaws.com",
            "Username": "session",
            "Resources": [
                { "ResourceType": "AWS::EC2::Instance", "ResourceName": "i-0123456789abcdef0" },
            ],
            "CloudTrailEvent": record.to_string(),
        })
    };
    json!({ "Events": (0..50).map(event).collect::<Vec<_>>(), "NextToken": "a".repeat(200) })
}

/// Rows of cells, a map of one entry each.
fn rows(rows: u32, columns: u32, width: usize) -> Value {
    let row = |row: u32| {
        let cell = |column: u32| {
            let text = format!("row {row} column {column} ");
            json!({ format!("column_{column}"): format!("{text:x<width$}") })
        };
        (0..columns).map(cell).collect::<Value>()
    };
    json!({
        "QueryStatus": "FINISHED",
        "QueryStatistics": { "ResultsCount": rows, "TotalResultsCount": rows, "BytesScanned": 123_456 },
        "QueryResultRows": (0..rows).map(row).collect::<Vec<_>>(),
    })
}
