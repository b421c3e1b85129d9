//! An account that remembers its trails and what was called, so that a demonstration has something to show.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::protocol::{IDENTITY, Received, Reply};

const ACCOUNT_ID: &str = "123456789012";
const EVENT_DATA_STORE: &str =
    "arn:aws:cloudtrail:us-east-1:123456789012:eventdatastore/00000000-0000-4000-8000-000000000001";
const QUERY_ID: &str = "00000000-0000-4000-8000-000000000002";

/// How many events LookupEvents gives at most, as CloudTrail does.
const MAX_EVENTS: usize = 50;

/// What a demonstration sees of an AWS account.
pub struct Account {
    trails: Vec<Trail>,
    /// Newest first.
    events: Vec<Value>,
}

struct Trail {
    description: Value,
    is_logging: bool,
    /// What GetEventSelectors says.
    selectors: Value,
    tags: Vec<Value>,
}

impl Account {
    /// An account without trails, in which a few things have happened.
    pub fn new() -> Self {
        let mut account = Self {
            trails: Vec::new(),
            events: Vec::new(),
        };
        account.record(
            "s3.amazonaws.com",
            "CreateBucket",
            Some(("AWS::S3::Bucket", "logs")),
        );
        account.record(
            "ec2.amazonaws.com",
            "RunInstances",
            Some(("AWS::EC2::Instance", "i-0123456789abcdef0")),
        );
        account.record("signin.amazonaws.com", "ConsoleLogin", None);
        account
    }

    /// Answers a valid request.
    pub fn answer(&mut self, request: &Received) -> Reply {
        let operation = request.operation().map_or("", |operation| operation.name());
        let input = request.json();
        if operation == "LookupEvents" {
            return Reply::Output(self.lookup_events(&input));
        }
        self.record("cloudtrail.amazonaws.com", operation, None);
        match operation {
            "CreateTrail" => self.create_trail(&input),
            "DescribeTrails" => {
                let names = input["trailNameList"].as_array();
                let wanted = |trail: &&Trail| {
                    names.is_none_or(|names| names.iter().any(|name| trail.is_called(name)))
                };
                let trails: Vec<_> = self
                    .trails
                    .iter()
                    .filter(wanted)
                    .map(|trail| &trail.description)
                    .collect();
                Reply::Output(json!({ "trailList": trails }))
            }
            "ListTrails" => {
                let trails: Vec<_> = self
                    .trails
                    .iter()
                    .map(|trail| members(&trail.description, &LISTED))
                    .collect();
                Reply::Output(json!({ "Trails": trails }))
            }
            "GetTrail" => self.with_trail(
                &input["Name"],
                |trail| json!({ "Trail": trail.description }),
            ),
            "GetTrailStatus" => self.with_trail(
                &input["Name"],
                |trail| json!({ "IsLogging": trail.is_logging }),
            ),
            "StartLogging" | "StopLogging" => self.with_trail(&input["Name"], |trail| {
                trail.is_logging = operation == "StartLogging";
                json!({})
            }),
            "DeleteTrail" => {
                let reply = self.with_trail(&input["Name"], |_| json!({}));
                self.trails.retain(|trail| !trail.is_called(&input["Name"]));
                reply
            }
            "PutEventSelectors" => self.with_trail(&input["TrailName"], |trail| {
                trail.selectors = members(&input, &["EventSelectors", "AdvancedEventSelectors"]);
                trail.selectors()
            }),
            "GetEventSelectors" => self.with_trail(&input["TrailName"], |trail| trail.selectors()),
            "AddTags" | "RemoveTags" => self.with_trail(&input["ResourceId"], |trail| {
                let changed = input["TagsList"].as_array().cloned().unwrap_or_default();
                let keys: Vec<_> = changed.iter().map(|tag| tag["Key"].clone()).collect();
                trail.tags.retain(|tag| !keys.contains(&tag["Key"]));
                if operation == "AddTags" {
                    trail.tags.extend(changed);
                }
                json!({})
            }),
            "ListTags" => self.with_trail(&input["ResourceIdList"][0], |trail| {
                let arn = &trail.description["TrailARN"];
                json!({ "ResourceTagList": [{ "ResourceId": arn, "TagsList": trail.tags }] })
            }),
            "ListEventDataStores" => Reply::Output(json!({
                "EventDataStores": [{ "Name": "demo", "EventDataStoreArn": EVENT_DATA_STORE }],
            })),
            "StartQuery" => Reply::Output(json!({ "QueryId": QUERY_ID })),
            "DescribeQuery" => Reply::Output(json!({
                "QueryId": QUERY_ID, "QueryStatus": "FINISHED",
            })),
            "GetQueryResults" => Reply::Output(self.query_results()),
            _ => Reply::Modeled,
        }
    }

    fn create_trail(&mut self, input: &Value) -> Reply {
        let name = &input["Name"];
        if self.trails.iter().any(|trail| trail.is_called(name)) {
            return Reply::error(
                "TrailAlreadyExistsException",
                format!("Trail {name} already exists"),
            );
        }
        let mut output = members(input, &COPIED);
        let name = name.as_str().unwrap_or_default();
        output["TrailARN"] = json!(format!(
            "arn:aws:cloudtrail:{}:{ACCOUNT_ID}:trail/{name}",
            IDENTITY.region
        ));
        output["LogFileValidationEnabled"] = json!(input["EnableLogFileValidation"] == true);
        let mut description = output.clone();
        description["HomeRegion"] = json!(IDENTITY.region);
        self.trails.push(Trail {
            description,
            is_logging: false,
            selectors: json!({
                "EventSelectors": [{ "ReadWriteType": "All", "IncludeManagementEvents": true }],
            }),
            tags: input["TagsList"].as_array().cloned().unwrap_or_default(),
        });
        Reply::Output(output)
    }

    fn lookup_events(&self, input: &Value) -> Value {
        let attribute = &input["LookupAttributes"][0];
        let wanted = |event: &&Value| match attribute["AttributeKey"].as_str() {
            Some(key) => event[key] == attribute["AttributeValue"],
            None => true,
        };
        let start = input["NextToken"]
            .as_str()
            .and_then(|token| token.parse().ok())
            .unwrap_or(0);
        let size = input["MaxResults"]
            .as_u64()
            .map_or(MAX_EVENTS, |size| size as usize);
        let mut events = self.events.iter().filter(wanted).skip(start);
        let page: Vec<_> = events.by_ref().take(size).collect();
        let mut output = json!({ "Events": page });
        if events.next().is_some() {
            output["NextToken"] = json!((start + size).to_string());
        }
        output
    }

    /// The rows of any query: how often each event has happened.
    fn query_results(&self) -> Value {
        let mut counts = BTreeMap::<&str, usize>::new();
        for event in &self.events {
            *counts
                .entry(event["EventName"].as_str().unwrap_or_default())
                .or_default() += 1;
        }
        let rows = counts
            .iter()
            .map(|(name, count)| json!([{ "eventName": name }, { "calls": count.to_string() }]));
        json!({ "QueryStatus": "FINISHED", "QueryResultRows": rows.collect::<Vec<_>>() })
    }

    /// Adds an event of now.
    fn record(&mut self, source: &str, name: &str, resource: Option<(&str, &str)>) {
        let id = format!("00000000-0000-4000-9000-{:012}", self.events.len());
        let read_only = ["Get", "Describe", "List"]
            .iter()
            .any(|verb| name.starts_with(verb));
        let record = json!({
            "eventVersion": "1.11", "eventID": id, "eventSource": source, "eventName": name,
            "awsRegion": IDENTITY.region, "recipientAccountId": ACCOUNT_ID, "readOnly": read_only,
        });
        let mut event = json!({
            "EventId": id,
            "EventName": name,
            "EventSource": source,
            "EventTime": OffsetDateTime::now_utc().unix_timestamp(),
            "ReadOnly": read_only.to_string(),
            "Username": "demo",
            "AccessKeyId": IDENTITY.access_key_id,
            "CloudTrailEvent": record.to_string(),
        });
        if let Some((kind, name)) = resource {
            event["Resources"] = json!([{ "ResourceType": kind, "ResourceName": name }]);
        }
        self.events.insert(0, event);
    }

    /// Answers with what `answer` says of the trail of this name or ARN.
    fn with_trail(&mut self, name: &Value, answer: impl FnOnce(&mut Trail) -> Value) -> Reply {
        match self.trails.iter_mut().find(|trail| trail.is_called(name)) {
            Some(trail) => Reply::Output(answer(trail)),
            None => Reply::error("TrailNotFoundException", format!("Unknown trail: {name}")),
        }
    }
}

impl Default for Account {
    fn default() -> Self {
        Self::new()
    }
}

impl Trail {
    /// Whether `name` is this trail's name or ARN.
    fn is_called(&self, name: &Value) -> bool {
        [&self.description["Name"], &self.description["TrailARN"]].contains(&name)
    }

    fn selectors(&self) -> Value {
        let mut output = self.selectors.clone();
        output["TrailARN"] = self.description["TrailARN"].clone();
        output
    }
}

/// What a trail's description takes over from the request that creates it.
const COPIED: [&str; 10] = [
    "Name",
    "S3BucketName",
    "S3KeyPrefix",
    "SnsTopicName",
    "IncludeGlobalServiceEvents",
    "IsMultiRegionTrail",
    "CloudWatchLogsLogGroupArn",
    "CloudWatchLogsRoleArn",
    "KmsKeyId",
    "IsOrganizationTrail",
];

/// What ListTrails says of a trail.
const LISTED: [&str; 3] = ["Name", "TrailARN", "HomeRegion"];

/// The object with those of the members that `value` has.
fn members(value: &Value, names: &[&str]) -> Value {
    names
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), value.get(name)?.clone())))
        .collect()
}
