//! Any bytes are a log file or an error, and what is read is written and read as the same.

#![no_main]

use cloudtrail_sdk::records::{LogFile, Record};
use libfuzzer_sys::fuzz_target;

/// How many bytes an input may have, unpacked.
const MAX_UNPACKED_SIZE: u64 = 1 << 20;

fuzz_target!(|data: &[u8]| {
    let mut file = LogFile::new(data).max_unpacked_size(MAX_UNPACKED_SIZE);
    let _ = file.kind();
    for result in file {
        let record = match result {
            Ok(record) => record,
            Err(error) => {
                assert!(!error.to_string().contains('\n'));
                continue;
            }
        };
        assert!(!record.to_string().contains('\n'));
        let _ = (record.console_login(), record.issued_access_key_id());
        let _ = (record.version(), record.source(), record.is_role_chaining());
        let text = serde_json::to_string(&record).expect("a record can be written");
        let again: Record = text.parse().expect("what is written can be read");
        assert_eq!(
            serde_json::to_string(&again).expect("a record can be written"),
            text
        );
    }
});
