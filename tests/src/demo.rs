//! An account that remembers its trails and what was called, so that a demonstration has something to show.

use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::protocol::{IDENTITY, Received, Reply};

const ACCOUNT_ID: &str = "123456789012";

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
            "GetTrail" => self.with_trail(&input, |trail| json!({ "Trail": trail.description })),
            "GetTrailStatus" => {
                self.with_trail(&input, |trail| json!({ "IsLogging": trail.is_logging }))
            }
            "StartLogging" | "StopLogging" => self.with_trail(&input, |trail| {
                trail.is_logging = operation == "StartLogging";
                json!({})
            }),
            "DeleteTrail" => {
                let reply = self.with_trail(&input, |_| json!({}));
                self.trails.retain(|trail| !trail.is_called(&input["Name"]));
                reply
            }
            _ => Reply::Modelled,
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

    /// Answers with what `answer` says of the trail that the input names.
    fn with_trail(&mut self, input: &Value, answer: impl FnOnce(&mut Trail) -> Value) -> Reply {
        let name = &input["Name"];
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
