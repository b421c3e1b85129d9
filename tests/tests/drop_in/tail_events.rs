//! Follows what happens in an account, as `tail -f` does.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use aws_sdk_cloudtrail::primitives::{DateTime, DateTimeFormat};
use aws_sdk_cloudtrail::types::{Event, LookupAttribute, LookupAttributeKey};
use aws_sdk_cloudtrail::{Client, Error};

struct Tail {
    client: Client,
    since: DateTime,
    seen: HashSet<String>,
}

impl Tail {
    fn new(client: Client, since: SystemTime) -> Self {
        Self {
            client,
            since: DateTime::from(since),
            seen: HashSet::new(),
        }
    }

    /// What is new, oldest first.
    async fn poll(&mut self, source: &str) -> Result<Vec<Event>, Error> {
        let by_source = LookupAttribute::builder()
            .attribute_key(LookupAttributeKey::EventSource)
            .attribute_value(source)
            .build()
            .expect("key and value are set");
        let mut found = self
            .client
            .lookup_events()
            .lookup_attributes(by_source)
            .start_time(self.since)
            .end_time(DateTime::from(SystemTime::now() + Duration::from_secs(60)))
            .into_paginator()
            .page_size(2)
            .items()
            .send();
        let mut fresh = Vec::new();
        while let Some(event) = found.try_next().await? {
            let id = event.event_id().unwrap_or_default().to_string();
            if self.seen.insert(id) {
                fresh.push(event);
            }
        }
        fresh.reverse();
        Ok(fresh)
    }
}

#[tokio::test]
async fn tells_each_event_once() -> Result<(), Error> {
    let server = crate::account();
    let client = crate::client(&server);
    let mut tail = Tail::new(client.clone(), SystemTime::now() - Duration::from_secs(60));
    assert!(tail.poll("cloudtrail.amazonaws.com").await?.is_empty());

    client.list_trails().send().await?;
    client.describe_trails().send().await?;
    let fresh = tail.poll("cloudtrail.amazonaws.com").await?;
    let names: Vec<_> = fresh.iter().filter_map(Event::event_name).collect();
    assert_eq!(names, ["ListTrails", "DescribeTrails"]);
    assert!(tail.poll("cloudtrail.amazonaws.com").await?.is_empty());

    let event = fresh.into_iter().next().expect("there are two");
    let time: DateTime = *event.event_time().expect("events have a time");
    assert!(time.secs() >= tail.since.secs());
    assert!(SystemTime::try_from(time).expect("after 1970") <= SystemTime::now());
    let record = event.cloud_trail_event.expect("events have a record");
    let record: serde_json::Value = serde_json::from_str(&record).expect("a record is JSON");
    assert_eq!(record["eventSource"], "cloudtrail.amazonaws.com");
    assert_eq!(event.read_only.as_deref(), Some("true"));
    Ok(())
}

#[tokio::test]
async fn reads_what_resources_an_event_names() -> Result<(), Error> {
    let server = crate::account();
    let client = crate::client(&server);
    let events = client.lookup_events().send().await?;
    let resources = events
        .events()
        .iter()
        .flat_map(|event| event.resources())
        .filter_map(|resource| Some((resource.resource_type()?, resource.resource_name()?)));
    assert_eq!(
        resources.collect::<Vec<_>>(),
        [
            ("AWS::EC2::Instance", "i-0123456789abcdef0"),
            ("AWS::S3::Bucket", "logs")
        ]
    );
    Ok(())
}

#[test]
fn converts_times() {
    let text = "2026-01-01T00:00:00.5Z";
    let time = DateTime::from_str(text, DateTimeFormat::DateTime).unwrap();
    assert_eq!(time.secs(), 1_767_225_600);
    assert_eq!(time.subsec_nanos(), 500_000_000);
    assert_eq!(time.to_millis().unwrap(), 1_767_225_600_500);
    assert_eq!(time.as_secs_f64(), 1_767_225_600.5);
    assert_eq!(time.fmt(DateTimeFormat::DateTime).unwrap(), text);
    assert_eq!(time.to_string(), text);
    assert_eq!(DateTime::from_millis(1_767_225_600_500), time);
    assert_eq!(
        DateTime::from_secs_and_nanos(1_767_225_600, 500_000_000),
        time
    );
    assert!(DateTime::from_secs(1_767_225_600) < time);
    let system = SystemTime::try_from(time).unwrap();
    assert_eq!(DateTime::from(system), time);
    assert_eq!(crate::seconds(&time), 1_767_225_600);
}
