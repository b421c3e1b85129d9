//! What everyone asks of a record.

use std::net::IpAddr;

use cloudtrail_sdk::records::{EventVersion, Source};
use serde_json::json;

use super::record;

#[test]
fn everybody_has_a_name() {
    for (identity, name) in [
        (
            json!({ "type": "Root", "userName": "alias", "arn": "arn:aws:iam::1:root" }),
            Some("root"),
        ),
        (
            json!({ "type": "IAMUser", "userName": "alice" }),
            Some("alice"),
        ),
        (
            json!({ "type": "IAMUser", "arn": "arn:aws:iam::1:user/team/alice" }),
            Some("alice"),
        ),
        (
            json!({ "type": "IAMUser", "userName": "", "arn": "", "principalId": "AIDA" }),
            Some("AIDA"),
        ),
        (
            json!({ "type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/Admin/a@b.c" }),
            Some("Admin/a@b.c"),
        ),
        (
            json!({
                "type": "AssumedRole",
                "principalId": "AROA:session",
                "sessionContext": { "sessionIssuer": { "userName": "Admin" } },
            }),
            Some("Admin/session"),
        ),
        (
            json!({ "type": "AssumedRole", "principalId": "AROA:session" }),
            Some("session"),
        ),
        (
            json!({ "type": "AssumedRole", "accountId": "1" }),
            Some("1"),
        ),
        (
            json!({ "type": "Role", "arn": "arn:aws:iam::1:role/Audit" }),
            Some("Audit"),
        ),
        (
            json!({ "type": "FederatedUser", "arn": "arn:aws:sts::1:federated-user/bob" }),
            Some("bob"),
        ),
        (
            json!({ "type": "Directory", "userName": "carol" }),
            Some("carol"),
        ),
        (
            json!({ "type": "AWSAccount", "principalId": "AROA:s", "accountId": "123456789012" }),
            Some("123456789012"),
        ),
        (
            json!({ "type": "AWSService", "invokedBy": "ec2.amazonaws.com" }),
            Some("ec2.amazonaws.com"),
        ),
        (
            json!({ "type": "IdentityCenterUser", "accountId": "1", "onBehalfOf": { "userId": "u" } }),
            Some("u"),
        ),
        (
            json!({ "type": "SAMLUser", "userName": "dave", "principalId": "x:dave" }),
            Some("dave"),
        ),
        (
            json!({ "type": "WebIdentityUser", "userName": "app", "principalId": "p" }),
            Some("app"),
        ),
        (
            json!({ "type": "Unknown", "userName": "me@dev.com", "principalId": "p" }),
            Some("me@dev.com"),
        ),
        (json!({ "type": "New", "principalId": "p" }), Some("p")),
        (json!({ "invokedBy": "AWS Internal" }), Some("AWS Internal")),
        (json!({ "type": "IAMUser" }), None),
        (json!({}), None),
    ] {
        let record = record(&json!({ "userIdentity": identity }).to_string());
        assert_eq!(record.principal_name().as_deref(), name, "{identity}");
    }
    assert_eq!(record("{}").principal_name(), None);
}

#[test]
fn errors_have_a_code_or_a_message() {
    assert!(record(r#"{"errorCode":"AccessDenied"}"#).is_error());
    assert!(record(r#"{"errorMessage":"Failed authentication"}"#).is_error());
    assert!(!record(r#"{"errorCode":"","errorMessage":null}"#).is_error());
    let login = r#"{"eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin",
        "responseElements":{"ConsoleLogin":"Failure"}}"#;
    assert!(record(login).is_error());
    assert!(!record(&login.replace("Failure", "Success")).is_error());
}

#[test]
fn console_logins_say_whether_mfa_was_used() {
    let login = |additional: &str| {
        let text = format!(
            r#"{{"eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin",
            "responseElements":{{"ConsoleLogin":"Success"}},"additionalEventData":{additional}}}"#
        );
        record(&text).console_login().unwrap()
    };
    assert!(login("null").succeeded);
    assert_eq!(login(r#"{"MFAUsed":"Yes"}"#).mfa_used, Some(true));
    assert_eq!(login(r#"{"MFAUsed":"No"}"#).mfa_used, Some(false));
    assert_eq!(login("{}").mfa_used, None);
    assert_eq!(login("[1]").mfa_used, None);
    assert_eq!(
        record(r#"{"eventName":"ConsoleLogin"}"#).console_login(),
        None
    );
}

#[test]
fn role_chains_can_be_followed() {
    let text = r#"{"eventSource":"sts.amazonaws.com","eventName":"AssumeRole",
        "userIdentity":{"type":"AssumedRole","sessionContext":{"sessionIssuer":{"type":"Role",
        "arn":"arn:aws:iam::1:role/First"}}},
        "responseElements":{"credentials":{"accessKeyId":"ASIA2"}}}"#;
    let chained = record(text);
    assert!(chained.is_role_chaining());
    assert_eq!(chained.issued_access_key_id().as_deref(), Some("ASIA2"));
    let issuer = chained.user_identity().unwrap().session_issuer().unwrap();
    assert_eq!(issuer.arn(), Some("arn:aws:iam::1:role/First"));
    assert!(!record(&text.replace("AssumedRole", "IAMUser")).is_role_chaining());
    assert_eq!(record("{}").issued_access_key_id(), None);
}

#[test]
fn sources_are_addresses_services_or_names() {
    let ip = |text: &str| text.parse::<IpAddr>().unwrap();
    for (text, source) in [
        ("192.0.2.1", Source::Address(ip("192.0.2.1"))),
        ("2001:DB8:0:0::1", Source::Address(ip("2001:db8::1"))),
        ("ec2.amazonaws.com", Source::Service("ec2.amazonaws.com")),
        (
            "ec2.amazonaws.com.cn",
            Source::Service("ec2.amazonaws.com.cn"),
        ),
        ("AWS Internal", Source::AwsInternal),
        ("somewhere", Source::Other("somewhere")),
        ("", Source::Other("")),
    ] {
        let record = record(&json!({ "sourceIPAddress": text }).to_string());
        assert_eq!(record.source(), Some(source));
        let address = matches!(source, Source::Address(_));
        assert_eq!(record.source_ip().is_some(), address);
        assert_eq!(record.source_ip_address(), Some(text));
    }
}

#[test]
fn versions_are_two_numbers() {
    let version = |text: &str| record(&json!({ "eventVersion": text }).to_string()).version();
    assert!(version("1.10") > version("1.09"));
    assert!(version("1.10") > version("1.9"));
    assert!(version("1.11") >= Some(EventVersion::new(1, 11)));
    assert!(version("2.0") > version("1.11"));
    for text in ["1.0", "1.01", "1.08", "1.10", "1.11"] {
        assert_eq!(version(text).unwrap().to_string(), text);
    }
    for text in [
        "",
        "1",
        "1.",
        ".1",
        "+1.0",
        "1.0.0",
        "1.-1",
        "1.99999999999",
    ] {
        assert_eq!(version(text), None, "{text}");
    }
}

#[test]
fn a_record_prints_on_one_line() {
    let text = r#"{"eventTime":"2023-07-10T12:20:31Z","awsRegion":"us-east-1",
        "recipientAccountId":"123456789012","userIdentity":{"type":"IAMUser","userName":"al\nice"},
        "eventSource":"s3.amazonaws.com","eventName":"GetObject","sourceIPAddress":"192.0.2.1",
        "errorCode":"AccessDenied","errorMessage":"no"}"#;
    assert_eq!(
        record(text).to_string(),
        "2023-07-10T12:20:31Z us-east-1 123456789012 al\\nice s3.amazonaws.com:GetObject from \
         192.0.2.1: AccessDenied"
    );
    assert_eq!(record("{}").to_string(), "- - - - -:- from -");
}
