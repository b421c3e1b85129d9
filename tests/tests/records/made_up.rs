//! Records made up by chance: whatever is absent, null, of another kind or not known, what is read
//! is written again, and read as the same.

use cloudtrail_sdk::records::Record;
use fastrand::Rng;
use serde_json::{Value, json};

use super::{json as written, read};

/// A record that has every member, with unknown ones at each level.
const WHOLE: &str = include_str!("whole.json");

/// Keys whose values no structure reads.
const OPEN: [&str; 5] = [
    "requestParameters",
    "responseElements",
    "additionalEventData",
    "serviceEventDetails",
    "requestContext",
];

#[test]
fn the_whole_record_is_written_as_it_was() {
    let whole: Value = serde_json::from_str(WHOLE).unwrap();
    let record: Record = WHOLE.parse().unwrap();
    assert_eq!(written(&record), whole);
    // Nothing but what is called so is unknown.
    let mut known = whole;
    strip(&mut known);
    let record: Record = known.to_string().parse().unwrap();
    assert!(
        !format!("{record:?}").contains("unknown: Some"),
        "{record:?}"
    );
    let unset = format!("{record:?}").replace("unknown: None", "");
    if let Some(none) = unset.find("None") {
        let before = &unset[none.saturating_sub(60)..none];
        panic!("a member of `Record` is not in whole.json: …{before}");
    }
}

/// Takes out what is unknown.
fn strip(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("unknown to all");
            members.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

#[test]
fn what_is_read_is_written_and_read_as_the_same() {
    let whole: Value = serde_json::from_str(WHOLE).unwrap();
    for seed in 0..1000 {
        let mut random = Rng::with_seed(seed);
        let mut value = whole.clone();
        shake(&mut value, &mut random);
        let text = value.to_string();
        let record: Record = text
            .parse()
            .unwrap_or_else(|error| panic!("{seed}: {error}: {text}"));
        tidy(&mut value);
        assert_eq!(written(&record), value, "{seed}");
        let again: Record = serde_json::to_string_pretty(&record)
            .unwrap()
            .parse()
            .unwrap();
        assert_eq!(again, record, "{seed}");
        assert_eq!(
            serde_json::from_value::<Record>(value).unwrap(),
            record,
            "{seed}"
        );
    }
}

/// Leaves members out, sets them to null, turns booleans into text and back, and adds some.
fn shake(value: &mut Value, random: &mut Rng) {
    match value {
        Value::Object(members) => {
            // Maps of text have no members that are not known.
            let is_structure = members.contains_key("unknown to all");
            let keys: Vec<String> = members.keys().cloned().collect();
            for key in keys {
                match random.u8(0..8) {
                    0 => drop(members.remove(&key)),
                    1 => drop(members.insert(key, Value::Null)),
                    _ if OPEN.contains(&key.as_str()) || key == "unknown to all" => {}
                    _ => shake(&mut members[&key], random),
                }
            }
            if is_structure && random.bool() {
                members.insert(
                    format!("\"new\" {}", random.alphanumeric()),
                    json!([{}, 1.5, "é"]),
                );
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| shake(item, random)),
        Value::Bool(flag) if random.bool() => *value = flag.to_string().into(),
        Value::String(text) if random.bool() => {
            if let Ok(flag) = text.parse::<bool>() {
                *value = flag.into();
            }
        }
        _ => {}
    }
}

/// What is written of such a value.
fn tidy(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let is_unknown = |key: &str| key == "unknown to all" || key.starts_with('"');
            members.retain(|key, member| is_unknown(key) || !member.is_null());
            for (key, member) in members.iter_mut() {
                match (key.as_str(), &member) {
                    ("readOnly" | "managementEvent", Value::String(text)) => {
                        *member = (text == "true").into();
                    }
                    ("readOnly" | "managementEvent", _) => {}
                    (_, Value::Bool(flag)) if !is_unknown(key) => {
                        *member = flag.to_string().into();
                    }
                    (key, _) if OPEN.contains(&key) || is_unknown(key) => {}
                    _ => tidy(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

/// Each value of another kind is read, or is an error at its path, and spoils nothing else.
#[test]
fn values_of_other_kinds_are_read_or_are_errors_in_their_place() {
    let whole: Value = serde_json::from_str(WHOLE).unwrap();
    let mut paths = Vec::new();
    collect(&whole, &mut String::new(), &mut paths);
    assert!(paths.len() > 100, "{}", paths.len());
    let (mut reads, mut errors) = (0, 0);
    for path in paths {
        for other in [
            json!(true),
            json!(-1),
            json!(2.5),
            json!("text"),
            json!([]),
            json!({}),
        ] {
            let mut value = whole.clone();
            *value.pointer_mut(&path).unwrap() = other;
            let file = format!(r#"{{"Records":[{value},{{"eventName":"next"}}]}}"#);
            let results = read(file.as_bytes());
            assert_eq!(results.len(), 2, "{path}");
            assert_eq!(results[1].as_ref().unwrap().event_name(), Some("next"));
            match &results[0] {
                Ok(record) => {
                    let text = serde_json::to_string(record).unwrap();
                    assert_eq!(&text.parse::<Record>().unwrap(), record, "{path}");
                    reads += 1;
                }
                Err(error) => {
                    let dotted = path.replace('/', ".");
                    let shown = error.path().replace(['[', ']'], ".").replace("..", ".");
                    let shown = shown.trim_start_matches("Records.0").trim_end_matches('.');
                    assert_eq!(shown, dotted, "{error}");
                    errors += 1;
                }
            }
        }
    }
    assert!(reads > 100 && errors > 100, "{reads} {errors}");
}

/// The pointers to all members that structures read.
fn collect(value: &Value, path: &mut String, paths: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), value))
            .collect(),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items
                .map(|(index, value)| (index.to_string(), value))
                .collect()
        }
        _ => return,
    };
    for (key, value) in children {
        if OPEN.contains(&key.as_str()) || key == "unknown to all" {
            continue;
        }
        let length = path.len();
        path.push('/');
        path.push_str(&key);
        paths.push(path.clone());
        collect(value, path, paths);
        path.truncate(length);
    }
}
