//! Enums, with values that this version does not know.

use std::str::FromStr;

use aws_sdk_cloudtrail::Error;
use aws_sdk_cloudtrail::types::{
    InsightType, LookupAttributeKey, QueryStatus, ReadWriteType, Type,
};
use serde_json::json;
use tests::protocol::Reply;

fn is_over(status: &QueryStatus) -> bool {
    match status {
        QueryStatus::Queued | QueryStatus::Running => false,
        QueryStatus::Finished
        | QueryStatus::Failed
        | QueryStatus::Cancelled
        | QueryStatus::TimedOut => true,
        other => panic!("a status of another time: {other:?}"),
    }
}

#[test]
fn from_text_and_back() {
    for value in LookupAttributeKey::values() {
        assert_eq!(LookupAttributeKey::from(*value).as_str(), *value);
    }
    assert_eq!(ReadWriteType::from("WriteOnly"), ReadWriteType::WriteOnly);
    assert_eq!(ReadWriteType::WriteOnly.to_string(), "WriteOnly");
    assert_eq!(ReadWriteType::All.as_ref(), "All");
    assert_eq!("All".parse::<ReadWriteType>().unwrap(), ReadWriteType::All);
    assert_eq!(Type::from_str("TagContext").unwrap(), Type::TagContext);
    assert!(ReadWriteType::try_parse("Neither").is_err());
    assert_eq!(ReadWriteType::values().len(), 3);
    assert!(is_over(&QueryStatus::from("TIMED_OUT")));
    assert!(!is_over(&QueryStatus::Running));
}

#[tokio::test]
async fn unknown_values_come_and_go() -> Result<(), Error> {
    let server = crate::server();
    let client = crate::client(&server);
    let unknown = InsightType::from("ApiMoodInsight");
    assert_eq!(unknown.as_str(), "ApiMoodInsight");
    assert!(!InsightType::values().contains(&unknown.as_str()));

    server.reply(Reply::Output(json!({
        "QueryId": "00000000-0000-4000-8000-000000000000", "QueryStatus": "PAUSED",
    })));
    let query = client
        .describe_query()
        .query_id("00000000-0000-4000-8000-000000000000")
        .send()
        .await?;
    let status = query.query_status().expect("a status");
    let told = match status {
        QueryStatus::Finished => "done",
        other if other.as_str() == "PAUSED" => "paused",
        _ => "other",
    };
    assert_eq!(told, "paused");
    Ok(())
}
