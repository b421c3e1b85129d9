//! How fast log files are read, beside unpacking them. Run it by
//! `cargo test --release -p tests --test records -- --ignored --nocapture`.

use std::io::sink;
use std::time::{Duration, Instant};

use cloudtrail_sdk::records::LogFile;
use flate2::read::GzDecoder;

use super::gzip;
use super::real::{files, unpacked};

/// How much text is made of the real files, and in how large files.
const TOTAL: usize = 600 << 20;
const FILE: usize = 3 << 20;

#[test]
#[ignore = "it measures"]
fn reading_beside_unpacking() {
    let packed = packed();
    if packed.is_empty() {
        return;
    }
    let mut ratios = Vec::new();
    for _ in 0..3 {
        let mut bytes = 0;
        let unpacking = timed(|| {
            for file in &packed {
                bytes += std::io::copy(&mut GzDecoder::new(&file[..]), &mut sink()).unwrap();
            }
        });
        let mut records = 0;
        let reading = timed(|| {
            for file in &packed {
                records += LogFile::new(&file[..]).map(Result::unwrap).count();
            }
        });
        let speed = |time: Duration| bytes as f64 / 1e6 / time.as_secs_f64();
        let ratio = unpacking.as_secs_f64() / reading.as_secs_f64();
        println!(
            "{:.1} MB, {records} records: gunzip {:.0} MB/s, gunzip and records {:.0} MB/s, {ratio:.2}",
            bytes as f64 / 1e6,
            speed(unpacking),
            speed(reading),
        );
        ratios.push(ratio);
    }
    assert!(ratios.iter().any(|ratio| *ratio >= 0.30), "{ratios:?}");
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Log files made of the real records, over and over.
fn packed() -> Vec<Vec<u8>> {
    let mut records = Vec::new();
    for path in files() {
        for record in LogFile::new(&unpacked(&path)[..]) {
            records.push(serde_json::to_string(&record.unwrap()).unwrap());
        }
    }
    let mut packed = Vec::new();
    if records.is_empty() {
        return packed;
    }
    let mut next = records.iter().cycle();
    while packed.len() * FILE < TOTAL {
        let mut file = "{\"Records\":[".to_owned();
        while file.len() < FILE {
            file += next.next().unwrap();
            file.push(',');
        }
        file.pop();
        file += "]}";
        packed.push(gzip(file.as_bytes()));
    }
    packed
}
