//! Records and log files: the real ones that `CLOUDTRAIL_VECTORS` names, and made ones.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

#[path = "records/files.rs"]
mod files;
#[path = "records/forms.rs"]
mod forms;
#[path = "records/helpers.rs"]
mod helpers;
#[path = "records/made_up.rs"]
mod made_up;
#[path = "records/real.rs"]
mod real;

use std::io::Write;

use cloudtrail_sdk::records::{LogFile, LogFileError, Record};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

/// A record from its JSON.
fn record(text: &str) -> Record {
    text.parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A record as JSON.
fn json(record: &Record) -> Value {
    serde_json::to_value(record).unwrap()
}

fn read(bytes: &[u8]) -> Vec<Result<Record, LogFileError>> {
    LogFile::new(bytes).collect()
}

/// The names of the events of a file without errors.
fn names(bytes: &[u8]) -> Vec<String> {
    let records = LogFile::new(bytes).map(|record| record.unwrap().event_name.unwrap_or_default());
    records.collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
