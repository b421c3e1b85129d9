//! Real files: every record is read, and written as it was.

use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use cloudtrail_sdk::records::{LogFile, LogFileKind, Record};
use flate2::read::GzDecoder;
use serde_json::Value;

use super::json;

/// The files below `records/` of the folder that `CLOUDTRAIL_VECTORS` names.
pub fn files() -> Vec<PathBuf> {
    let Some(vectors) = std::env::var_os("CLOUDTRAIL_VECTORS") else {
        eprintln!("did nothing: CLOUDTRAIL_VECTORS does not name a folder with real records");
        return Vec::new();
    };
    let mut files = Vec::new();
    walk(&Path::new(&vectors).join("records"), &mut files);
    assert!(!files.is_empty(), "{} has no records", vectors.display());
    files
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, files);
        } else if matches!(
            path.extension().and_then(OsStr::to_str),
            Some("json" | "gz")
        ) {
            files.push(path);
        }
    }
}

/// A file, unpacked.
pub fn unpacked(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return bytes;
    }
    let mut text = Vec::new();
    GzDecoder::new(&bytes[..]).read_to_end(&mut text).unwrap();
    text
}

/// The records of a file, by serde_json alone.
fn values(path: &Path) -> Vec<Value> {
    let text = unpacked(path);
    let documents = serde_json::Deserializer::from_slice(&text).into_iter::<Value>();
    let mut values = Vec::new();
    for document in documents {
        match document.unwrap() {
            Value::Array(records) => values.extend(records),
            Value::Object(mut file) => match file.remove("Records") {
                Some(records) => values.extend(records.as_array().unwrap().iter().cloned()),
                None => values.push(file.into()),
            },
            other => panic!("{}: {other}", path.display()),
        }
    }
    values
}

/// `null` is as good as absent, in a record; not in the parts that services fill.
fn without_null(value: &mut Value) {
    const OPEN: [&str; 4] = [
        "requestParameters",
        "responseElements",
        "additionalEventData",
        "serviceEventDetails",
    ];
    if let Value::Object(members) = value {
        members.retain(|_, member| !member.is_null());
        for (key, member) in members {
            if !OPEN.contains(&key.as_str()) {
                without_null(member);
            }
        }
    }
}

#[test]
fn every_record_is_read_and_written_as_it_was() {
    let mut count = 0;
    for path in files() {
        let mut file = LogFile::new(fs::File::open(&path).unwrap());
        assert_eq!(file.kind(), LogFileKind::Records, "{}", path.display());
        let records: Vec<Record> = file
            .map(|record| record.unwrap_or_else(|error| panic!("{}: {error}", path.display())))
            .collect();
        let values = values(&path);
        assert_eq!(records.len(), values.len(), "{}", path.display());
        for (record, mut value) in records.iter().zip(values) {
            let raw: Value = serde_json::from_str(record.raw().unwrap()).unwrap();
            assert_eq!(raw, value, "{}", path.display());
            without_null(&mut value);
            assert_eq!(json(record), value, "{}", path.display());
            let written = serde_json::to_string(record).unwrap();
            assert_eq!(&written.parse::<Record>().unwrap(), record);
            assert!(record.unknown.is_none() || path.to_str().unwrap().contains("otrf"));
        }
        count += records.len();
    }
    println!("{count} records");
}

#[test]
fn every_record_has_somebody_and_one_line() {
    for path in files() {
        for record in LogFile::new(fs::File::open(&path).unwrap()) {
            let record = record.unwrap();
            let line = record.to_string();
            assert!(record.principal_name().is_some(), "{line}");
            assert!(!line.contains('\n'), "{line}");
            assert!(record.version().is_some(), "{line}");
        }
    }
}

/// What Python reads of each record that this crate writes is what it reads of the original.
#[test]
fn python_reads_the_same_values() {
    const SCRIPT: &str = r"
import gzip, json, sys
OPEN = {'requestParameters', 'responseElements', 'additionalEventData', 'serviceEventDetails'}
def cut(value):
    if isinstance(value, dict):
        return {k: v if k in OPEN else cut(v) for k, v in value.items() if v is not None}
    return [cut(v) for v in value] if isinstance(value, list) else value
data = open(sys.argv[1], 'rb').read()
text = (gzip.decompress(data) if data[:2] == b'\x1f\x8b' else data).decode()
records, at, decoder = [], 0, json.JSONDecoder()
while text[at:].strip():
    at += len(text[at:]) - len(text[at:].lstrip())
    value, at = decoder.raw_decode(text, at)
    records += value.get('Records', [value]) if isinstance(value, dict) else value
ours = json.load(sys.stdin)
assert len(ours) == len(records), (len(ours), len(records))
for index, (one, other) in enumerate(zip(ours, records)):
    assert one == cut(other), index
";
    for path in files() {
        let records: Result<Vec<Record>, _> =
            LogFile::new(fs::File::open(&path).unwrap()).collect();
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("ours");
        fs::write(&input, serde_json::to_string(&records.unwrap()).unwrap()).unwrap();
        let output = Command::new("python3")
            .args(["-c", SCRIPT])
            .arg(&path)
            .stdin(fs::File::open(&input).unwrap())
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {errors}", path.display());
    }
}
