//! The forms that members have been seen in.

use cloudtrail_sdk::primitives::DateTime;
use cloudtrail_sdk::records::{
    AddendumReason, EventCategory, EventType, IdentityType, InsightState, RawJson, Record,
    Resource, SessionAttributes, SessionContext, UserIdentity,
};
use cloudtrail_sdk::types::{Event, InsightType};
use serde_json::{Value, json};

use super::{json as written, record};

#[test]
fn null_is_as_good_as_absent() {
    let text = r#"{"eventName":null,"userIdentity":{"arn":null,"sessionContext":null},
        "resources":null,"requestParameters":null,"readOnly":null,"eventTime":null,"eventType":null,
        "tlsDetails":null,"eventContext":{"tagContext":{"resourceTags":[null,{"tags":{"a":null}}]}}}"#;
    let record = record(text);
    assert_eq!(
        written(&record),
        json!({
            "userIdentity": {},
            "eventContext": { "tagContext": { "resourceTags": [{ "tags": {} }] } },
        })
    );
    assert_eq!(written(&self::record("{}")), json!({}));
}

#[test]
fn text_and_booleans_stand_in_for_each_other() {
    for text in [
        r#"{"readOnly":true,"managementEvent":false,"sessionCredentialFromConsole":"true",
            "userIdentity":{"sessionContext":{"attributes":{"mfaAuthenticated":"false"},
            "assumedRoot":"true"}}}"#,
        r#"{"readOnly":"true","managementEvent":"False","sessionCredentialFromConsole":true,
            "userIdentity":{"sessionContext":{"attributes":{"mfaAuthenticated":false},
            "assumedRoot":true}}}"#,
    ] {
        let record = record(text);
        assert_eq!(record.read_only(), Some(true));
        assert_eq!(record.management_event(), Some(false));
        assert_eq!(record.session_credential_from_console(), Some(true));
        let session = record
            .user_identity
            .as_ref()
            .unwrap()
            .session_context
            .as_ref()
            .unwrap();
        assert_eq!(session.assumed_root, Some(true));
        // Each is written as log files have it.
        assert_eq!(
            written(&record),
            json!({
                "readOnly": true,
                "managementEvent": false,
                "sessionCredentialFromConsole": "true",
                "userIdentity": {
                    "sessionContext": {
                        "attributes": { "mfaAuthenticated": "false" },
                        "assumedRoot": "true",
                    },
                },
            })
        );
    }
    let record = record(r#"{"eventVersion":1.08,"recipientAccountId":123456789012,"readOnly":""}"#);
    assert_eq!(record.event_version(), Some("1.08"));
    assert_eq!(record.recipient_account_id(), Some("123456789012"));
    assert_eq!(record.read_only(), None);
}

#[test]
fn both_spellings_of_resources_are_read() {
    let record = record(r#"{"resources":[{"ARN":"a","accountId":"1"},{"arn":"b","ARN":null}]}"#);
    assert_eq!(record.resources()[0].arn(), Some("a"));
    assert_eq!(record.resources()[1].arn(), Some("b"));
    assert_eq!(
        written(&record),
        json!({ "resources": [{ "ARN": "a", "accountId": "1" }, { "ARN": "b" }] })
    );
}

#[test]
fn both_forms_of_times_are_read() {
    for time in [
        "2013-11-02T01:06:28Z",
        "20131102T010628Z",
        "2013-11-02T02:06:28+01:00",
    ] {
        let record = record(&json!({ "eventTime": time }).to_string());
        assert_eq!(
            record.event_time,
            Some(DateTime::from_secs(1_383_354_388)),
            "{time}"
        );
        assert_eq!(
            written(&record),
            json!({ "eventTime": "2013-11-02T01:06:28Z" })
        );
    }
    let error = r#"{"eventTime":"yesterday"}"#.parse::<Record>().unwrap_err();
    assert!(
        error.to_string().contains("\"yesterday\", expected a time"),
        "{error}"
    );
}

#[test]
fn an_empty_session_issuer_is_kept_and_is_nobody() {
    let text = r#"{"userIdentity":{"type":"IAMUser","sessionContext":{"sessionIssuer":{}}}}"#;
    let record = record(text);
    let identity = record.user_identity().unwrap();
    assert_eq!(identity.session_issuer(), None);
    assert_eq!(serde_json::to_string(&record).unwrap(), text);
}

#[test]
fn an_identity_without_a_type_is_read() {
    let record = record(r#"{"userIdentity":{"accountId":"1","invokedBy":"AWS Internal"}}"#);
    assert_eq!(record.user_identity().unwrap().r#type(), None);
    assert_eq!(record.principal_name().unwrap(), "AWS Internal");
}

#[test]
fn unknown_keys_are_kept_at_each_level() {
    let text = r#"{"new":{"a":[1,null]},"userIdentity":{"new":1,"sessionContext":{"new":[],
        "attributes":{"new":null},"sessionIssuer":{"new":""},"webIdFederationData":{"new":true}},
        "onBehalfOf":{"new":1.5},"inScopeOf":{"new":{}},"invokedByDelegate":{"new":0}},
        "resources":[{"new":1e400}],"tlsDetails":{"new":"\u00e9"},"addendum":{"new":1},
        "edgeDeviceDetails":{"new":1},"eventContext":{"new":1,"tagContext":{"new":1,
        "resourceTags":[{"new":1}]}},"insightDetails":{"new":1,"insightContext":{"new":1,
        "statistics":{"new":1,"baseline":{"new":1}},"attributions":[{"new":1,
        "insight":[{"new":1}]}]}},"insightContext":{"new":1}}"#;
    let compact: String = text.split("\n").map(str::trim).collect();
    let record = record(&compact);
    assert_eq!(
        record.unknown().unwrap().get("new").unwrap().as_str(),
        r#"{"a":[1,null]}"#
    );
    let again: Record = serde_json::to_string(&record).unwrap().parse().unwrap();
    assert_eq!(record, again);
    // `1e400` is no number of serde_json's, so texts are compared, by what is in them.
    let sorted = |text: &str| {
        let mut bytes = text.as_bytes().to_vec();
        bytes.sort_unstable();
        bytes
    };
    assert_eq!(
        sorted(&serde_json::to_string(&record).unwrap()),
        sorted(&compact)
    );
}

#[test]
fn enums_are_open() {
    let text = r#"{"eventType":"AwsNew","eventCategory":"New","userIdentity":{"type":"Robot"},
        "addendum":{"reason":"WHY"},"insightDetails":{"state":"Middle","insightType":"New"}}"#;
    let record = record(text);
    assert_eq!(
        record.event_type,
        Some(EventType::Unknown("AwsNew".to_owned()))
    );
    assert_eq!(
        written(&record),
        serde_json::from_str::<Value>(text).unwrap()
    );

    let record = self::record(
        r#"{"eventType":"AwsVpceEvents","eventCategory":"NetworkActivity",
            "userIdentity":{"type":"Unknown"},"addendum":{"reason":"UPDATED_DATA"}}"#,
    );
    assert_eq!(record.event_type, Some(EventType::AwsVpceEvents));
    assert_eq!(record.event_category, Some(EventCategory::NetworkActivity));
    assert_eq!(
        record.user_identity().unwrap().r#type,
        Some(IdentityType::UnknownValue)
    );
    assert_eq!(
        record.addendum().unwrap().reason,
        Some(AddendumReason::UpdatedData)
    );
}

#[test]
fn open_parts_are_read_on_demand() {
    let text = r#"{ "requestParameters" : { "bucketName" : "logs", "x": [1.0, 10000000000000000000000] } }"#;
    let record = record(text);
    #[derive(serde::Deserialize)]
    struct Parameters<'a> {
        #[serde(rename = "bucketName")]
        bucket_name: &'a str,
    }
    let parameters: Option<Parameters<'_>> = record.request_parameters().unwrap();
    assert_eq!(parameters.unwrap().bucket_name, "logs");
    assert!(record.request_parameters::<Vec<u8>>().is_err());
    assert!(record.response_elements::<Value>().unwrap().is_none());
    let part = record.request_parameters.as_ref().unwrap();
    assert_eq!(part.as_value().unwrap()["bucketName"], "logs");
    // Its text is as it came, numbers and blanks included.
    assert_eq!(
        serde_json::to_string(&record).unwrap(),
        format!(r#"{{"requestParameters":{}}}"#, part.as_str())
    );
    assert_eq!(record.raw(), Some(text));
}

#[test]
fn open_parts_can_be_deeper_than_what_is_read() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let record = record(&format!(r#"{{"requestParameters":{deep}}}"#));
    let part = record.request_parameters.as_ref().unwrap();
    assert_eq!(part.as_str(), deep);
    assert!(part.as_value().is_err());
    assert!(
        format!(r#"{{"resources":{deep}}}"#)
            .parse::<Record>()
            .is_err()
    );
}

#[test]
fn each_form_of_insights_is_read() {
    let trail = r#"{"eventCategory":"Insight","insightDetails":{"state":"Start",
        "eventSource":"ssm.amazonaws.com","eventName":"UpdateInstanceInformation",
        "insightType":"ApiCallRateInsight","insightContext":{"statistics":{
        "baseline":{"average":85.4202380952},"insight":{"average":664},"insightDuration":5,
        "baselineDuration":10080},"attributions":[{"attribute":"errorCode",
        "insight":[{"value":"null","average":664}],
        "baseline":[{"value":"null","average":85.4202380952}]}]}}}"#;
    let record = record(trail);
    let details = record.insight_details().unwrap();
    assert_eq!(details.state, Some(InsightState::Start));
    assert_eq!(details.insight_type, Some(InsightType::ApiCallRateInsight));
    let context = details.insight_context().unwrap();
    let statistics = context.statistics().unwrap();
    assert_eq!(statistics.insight().unwrap().average(), Some(664.0));
    assert_eq!(statistics.baseline_duration(), Some(10_080.0));
    assert_eq!(context.attributions()[0].insight()[0].value(), Some("null"));
    assert_eq!(
        written(&record),
        serde_json::from_str::<Value>(trail).unwrap()
    );

    let lake = r#"{"insightSource":"arn:aws:cloudtrail:us-east-1:123456789012:eventdatastore/1",
        "insightState":"End","insightEventSource":"iam.amazonaws.com",
        "insightEventName":"AttachRolePolicy","insightErrorCode":"AccessDenied",
        "insightType":"ApiErrorRateInsight","insightContext":{"baselineAverage":9.82222e-5,
        "insightAverage":4,"baselineDuration":10181,"insightDuration":1,"attributions":[
        {"attribute":"userAgent","insightValue":"a","insightAverage":4,"baselineValue":"b",
        "baselineAverage":9.82222e-5}]}}"#;
    let record = self::record(lake);
    assert_eq!(record.insight_state, Some(InsightState::End));
    assert_eq!(
        record.insight_context().unwrap().insight_average(),
        Some(4.0)
    );
    assert_eq!(
        written(&record),
        serde_json::from_str::<Value>(lake).unwrap()
    );

    let of_2019 = r#"{"insightDetails":{"insightContext":{"statistics":{
        "baseline":{"average":0.5},"insight":{"average":"7"}}}}}"#;
    let record = self::record(of_2019);
    let context = record.insight_details().unwrap().insight_context().unwrap();
    assert_eq!(
        context.statistics().unwrap().insight().unwrap().average(),
        Some(7.0)
    );
}

#[test]
fn what_does_not_stand_in_is_an_error() {
    for text in [
        "",
        "[]",
        "null",
        r#"{"userIdentity":"root"}"#,
        r#"{"eventName":{}}"#,
        r#"{"eventName":["a"]}"#,
        r#"{"readOnly":"maybe"}"#,
        r#"{"readOnly":1}"#,
        r#"{"resources":{}}"#,
        r#"{"eventTime":1.5}"#,
        r#"{"insightContext":{"baselineAverage":"NaN"}}"#,
        r#"{"eventName":"a"} x"#,
    ] {
        assert!(text.parse::<Record>().is_err(), "{text}");
    }
}

#[test]
fn records_can_be_built() {
    let attributes = SessionAttributes::builder()
        .creation_date(DateTime::from_secs(0))
        .mfa_authenticated(true)
        .build();
    let session = SessionContext::builder().attributes(attributes).build();
    let identity = UserIdentity::builder()
        .r#type(IdentityType::IamUser)
        .user_name("alice")
        .session_context(session)
        .build();
    let record = Record::builder()
        .event_name("PutObject")
        .event_time(DateTime::from_secs(1))
        .user_identity(identity)
        .resources(Resource::builder().arn("arn:aws:s3:::logs").build())
        .request_parameters(json!({ "key": "a" }).into())
        .unknown("extra", json!(1))
        .build();
    assert_eq!(
        written(&record),
        json!({
            "userIdentity": {
                "type": "IAMUser",
                "userName": "alice",
                "sessionContext": {
                    "attributes": {
                        "creationDate": "1970-01-01T00:00:00Z",
                        "mfaAuthenticated": "true",
                    },
                },
            },
            "eventTime": "1970-01-01T00:00:01Z",
            "eventName": "PutObject",
            "requestParameters": { "key": "a" },
            "resources": [{ "ARN": "arn:aws:s3:::logs" }],
            "extra": 1,
        })
    );
    assert_eq!(record.raw(), None);
    assert_eq!(
        serde_json::from_value::<Record>(written(&record)).unwrap(),
        record
    );
}

#[test]
fn raw_json_is_equal_by_its_value() {
    let raw = |text: &str| text.parse::<RawJson>().unwrap();
    assert_eq!(raw(r#"{"a":1,"b":2}"#), raw(r#"{ "b": 2, "a": 1 }"#));
    assert_ne!(raw("1"), raw("2"));
    assert!("{".parse::<RawJson>().is_err());
    assert_eq!(RawJson::new(&[1, 2]).unwrap().to_string(), "[1,2]");
}

#[test]
fn events_of_lookup_events_have_records() {
    let text = r#"{"eventName":"CreateTrail"}"#;
    let event = Event::builder().cloud_trail_event(text).build();
    let record = event.record().unwrap().unwrap();
    assert_eq!(record.event_name(), Some("CreateTrail"));
    assert_eq!(record.raw(), Some(text));
    assert_eq!(Event::builder().build().record().unwrap(), None);
    assert!(
        Event::builder()
            .cloud_trail_event("{")
            .build()
            .record()
            .is_err()
    );
}
