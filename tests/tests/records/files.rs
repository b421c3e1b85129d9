//! Log files in all their forms, whole and damaged.

use std::io::{self, Read};

use cloudtrail_sdk::records::{LogFile, LogFileErrorKind, LogFileKind};

use super::{gzip, names, read};

/// An input that gives a byte at a time.
struct Slowly<'a>(&'a [u8]);

impl Read for Slowly<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = buffer.len().min(1);
        self.0.read(&mut buffer[..bytes])
    }
}

#[test]
fn each_form_of_file_is_read() {
    for (text, expected) in [
        (r#"{"Records":[{"eventName":"a"},{"eventName":"b"}]}"#, "ab"),
        (
            r#" { "x" : [1,{"y":"]}\""}] , "Records" : [ {"eventName":"a"} ] , "z":{"Records":[1]}} "#,
            "a",
        ),
        (r#"{"Records":[]}"#, ""),
        (r#"{"Records":null}"#, ""),
        (r#"[{"eventName":"a"},{"eventName":"b"}]"#, "ab"),
        ("[]", ""),
        (
            "{\"eventName\":\"a\"}\n{\"eventName\":\"b\"}\r\n\r\n{\"eventName\":\"c\"}",
            "abc",
        ),
        ("{\"eventName\":\"a\"}{\"eventName\":\"b\"}", "ab"),
        (r#"{"eventName":"a"}"#, "a"),
        (r#"{"@timestamp":"x","resources":[],"eventName":"a"}"#, "a"),
        ("\u{feff}{\"Records\":[{\"eventName\":\"a\"}]}", "a"),
        (
            r#"{"version":"0","detail-type":"AWS API Call via CloudTrail","resources":[],
            "detail":{"eventName":"a","detail":{}},"more":{"eventName":"x"}} {"eventName":"b"}"#,
            "ab",
        ),
        (
            r#"[{"source":"aws.s3","detail":{"eventName":"a"}},{"eventName":"b"}]"#,
            "ab",
        ),
        (
            "{\"Records\":[{\"eventName\":\"a\"}]}\n{\"Records\":[{\"eventName\":\"b\"}]}",
            "ab",
        ),
    ] {
        assert_eq!(names(text.as_bytes()).concat(), expected, "{text}");
        assert_eq!(names(&gzip(text.as_bytes())).concat(), expected, "{text}");
        let slowly = LogFile::new(Slowly(text.as_bytes()));
        let records: Vec<_> = slowly
            .map(|record| record.unwrap().event_name.unwrap())
            .collect();
        assert_eq!(records.concat(), expected, "{text}");
        assert_eq!(
            LogFile::new(text.as_bytes()).kind(),
            LogFileKind::Records,
            "{text}"
        );
    }
}

#[test]
fn digests_and_empty_files_are_no_errors() {
    let digest =
        r#"{"awsAccountId":"1","digestStartTime":"2020-01-01T00:00:00Z","logFiles":[{"a":1}]}"#;
    for (text, kind) in [
        ("", LogFileKind::Empty),
        (" \n", LogFileKind::Empty),
        (digest, LogFileKind::Digest),
    ] {
        for bytes in [text.as_bytes().to_vec(), gzip(text.as_bytes())] {
            let mut file = LogFile::new(&bytes[..]);
            assert_eq!(file.kind(), kind, "{text}");
            assert_eq!(file.count(), 0, "{text}");
        }
    }
}

#[test]
fn what_kind_reads_ahead_is_not_lost() {
    let mut file = LogFile::new(&br#"[{"eventName":"a"},{"eventName":"b"}]"#[..]);
    assert_eq!(file.kind(), LogFileKind::Records);
    assert_eq!(file.next().unwrap().unwrap().event_name(), Some("a"));
    assert_eq!(file.kind(), LogFileKind::Records);
    assert_eq!(file.count(), 1);
}

#[test]
fn other_json_is_an_error() {
    for text in ["{}", r#"{"s3Bucket":"b","s3ObjectKey":["k"]}"#] {
        let mut file = LogFile::new(text.as_bytes());
        assert_eq!(file.kind(), LogFileKind::Unknown);
        let error = file.next().unwrap().unwrap_err();
        assert_eq!(error.kind(), LogFileErrorKind::NotCloudTrail, "{text}");
        assert!(file.next().is_none());
    }
    for text in ["x", "1", "\"a\"", "}", "]", "{\"a\" 1}"] {
        let results = read(text.as_bytes());
        assert_eq!(results.len(), 1, "{text}");
        assert!(results[0].is_err(), "{text}");
    }
}

/// The names of the events, and each error where it is.
fn seen(bytes: &[u8]) -> Vec<String> {
    let results = read(bytes).into_iter();
    results
        .map(|result| match result {
            Ok(record) => record.event_name.unwrap_or_default(),
            Err(error) => error.to_string(),
        })
        .collect()
}

#[test]
fn a_bad_record_is_an_error_in_its_place() {
    for (text, expected) in [
        (
            "{\"Records\":[{\"eventName\":\"a\"},\n {\"userIdentity\":{\"arn\":[]}},{\"eventName\":\"c\"}]}",
            "Records[1].userIdentity.arn, line 2, column 27: \
             invalid type: sequence, expected text, a number or a boolean",
        ),
        (
            r#"[{"eventName":"a"},{"resources":[{},{"ARN":{}}],"x":{}},{"eventName":"c"}]"#,
            "[1].resources[1].ARN, line 1, column 46: \
             invalid type: map, expected text, a number or a boolean",
        ),
        (
            r#"{"Records":[{"eventName":"a"},{"readOnly":tru,"x":[{}]},{"eventName":"c"}]}"#,
            "Records[1].readOnly, line 1, column 47: expected ident",
        ),
        (
            r#"{"Records":[{"eventName":"a"},7,{"eventName":"c"}]}"#,
            "Records[1], line 1, column 32: invalid type: integer `7`, expected an object",
        ),
        (
            r#"{"Records":[{"eventName":"a"},null,{"eventName":"c"}]}"#,
            "Records[1], line 1, column 35: invalid type: null, expected an object",
        ),
        (
            "{\"eventName\":\"a\"}\n{\"eventName\":\"b\n{\"eventName\":\"c\"}\n",
            "eventName, line 3, column 1: control character (\\u0000-\\u001F) found while parsing a string",
        ),
        (
            "{\"eventName\":\"a\"}\n{\"detail\":{\"eventTime\":\"x\"}}\n{\"eventName\":\"c\"}\n",
            "detail.eventTime, line 2, column 27: \
             invalid value: string \"x\", expected a time in ISO 8601",
        ),
    ] {
        let seen = seen(text.as_bytes());
        assert_eq!(seen[0], "a", "{seen:?}");
        assert_eq!(seen[1], expected);
        assert_eq!(seen[2..], ["c"], "{seen:?}");
        let errors: Vec<_> = read(text.as_bytes())
            .into_iter()
            .filter_map(Result::err)
            .collect();
        assert_eq!(errors[0].index(), Some(1));
        assert_eq!(errors[0].kind(), LogFileErrorKind::InvalidRecord);
    }
}

#[test]
fn bytes_that_are_not_utf_8_spoil_one_record_alone() {
    let text = b"{\"Records\":[{\"eventName\":\"a\"},{\"eventName\":\"\xff\xc3\"},{\"eventName\":\"\xc3\xa9\"}]}";
    assert_eq!(
        seen(text),
        [
            "a",
            "Records[1].eventName, line 1, column 45: the text is not UTF-8",
            "é"
        ]
    );
    let legal = "{\"Records\":[{\"eventName\":\"\u{fffd}\"}]}";
    assert_eq!(names(legal.as_bytes()), ["\u{fffd}"]);
}

#[test]
fn a_file_that_ends_early_is_an_error_at_its_end() {
    let text = r#"{"Records":[{"eventName":"a"},{"eventName":"é"}]}"#;
    let whole = text.as_bytes();
    for end in 1..whole.len() {
        let results = read(&whole[..end]);
        let (last, records) = results.split_last().unwrap();
        let error = last.as_ref().unwrap_err();
        assert!(!error.to_string().contains('\n'));
        if end > 12 {
            let truncated = matches!(
                error.kind(),
                LogFileErrorKind::Truncated | LogFileErrorKind::InvalidRecord
            );
            assert!(truncated, "{end}: {error}");
        }
        let expected = usize::from(end >= 29) + usize::from(end >= whole.len() - 2);
        assert_eq!(records.len(), expected, "{end}");
        assert!(records.iter().all(Result::is_ok), "{end}");
    }
}

#[test]
fn gzip_that_is_cut_or_has_more_behind_it_gives_what_it_has() {
    let text = r#"{"Records":[{"eventName":"a"}]}"#;
    let packed = gzip(text.as_bytes());

    let results = read(&packed[..packed.len() - 4]);
    assert_eq!(results[0].as_ref().unwrap().event_name(), Some("a"));
    let error = results.last().unwrap().as_ref().unwrap_err();
    assert_eq!(error.kind(), LogFileErrorKind::Input);

    let two = [packed.clone(), packed.clone()].concat();
    assert_eq!(names(&two), ["a", "a"]);

    let results = read(&[&packed[..], b"rubbish behind it"].concat());
    assert_eq!(results.len(), 2);
    assert_eq!(results[0].as_ref().unwrap().event_name(), Some("a"));
    assert_eq!(
        results[1].as_ref().unwrap_err().kind(),
        LogFileErrorKind::Input
    );
}

#[test]
fn the_unpacked_size_is_bounded() {
    let text = br#"{"Records":[{"eventName":"a"}]}"#;
    let bound = |bytes| {
        let file = LogFile::new(&text[..]).max_unpacked_size(bytes);
        file.collect::<Vec<_>>()
    };
    assert_eq!(bound(text.len() as u64).len(), 1);
    let results = bound(text.len() as u64 - 1);
    assert_eq!(results.len(), 2);
    assert_eq!(
        results[1].as_ref().unwrap_err().kind(),
        LogFileErrorKind::TooLarge
    );

    // The bound is for all members of gzip together.
    let two = [gzip(text), gzip(text)].concat();
    let file = LogFile::new(&two[..]).max_unpacked_size(text.len() as u64);
    assert_eq!(file.filter(Result::is_err).count(), 1);
}

/// Blanks, and one string, that are much larger than what holds them.
#[test]
fn a_bomb_ends_in_an_error() {
    let more = |byte: u8| gzip(&vec![byte; 1 << 20]).repeat(64);
    for (start, byte) in [
        ("{\"Records\":[", b' '),
        ("{\"Records\":[{\"eventName\":\"", b'a'),
    ] {
        let bomb = [gzip(start.as_bytes()), more(byte)].concat();
        assert!(bomb.len() < 1 << 20);
        let file = LogFile::new(&bomb[..]).max_unpacked_size(4 << 20);
        let error = file.last().unwrap().err().unwrap();
        assert_eq!(error.kind(), LogFileErrorKind::TooLarge, "{error}");
        assert_eq!(error.index(), None);
    }
}

#[test]
fn a_record_that_is_too_large_is_left_out() {
    let large = "a".repeat(17 << 20);
    let text = format!(r#"[{{"eventName":"a"}},{{"eventName":"{large}"}},{{"eventName":"c"}}]"#);
    let results = read(text.as_bytes());
    assert_eq!(results.len(), 3);
    let error = results[1].as_ref().err().unwrap();
    assert_eq!(
        (error.kind(), error.path()),
        (LogFileErrorKind::TooLarge, "[1].eventName")
    );
    assert_eq!(results[2].as_ref().unwrap().event_name(), Some("c"));
}

#[test]
fn records_across_the_pieces_that_are_read_are_whole() {
    let record = |index: usize| {
        let padding = "é\\n".repeat(index * 7 % 3000);
        format!("{{\"eventID\":\"{index}\",\"requestParameters\":{{\"p\":\"{padding}\"}}}}")
    };
    let records: Vec<String> = (0..800).map(record).collect();
    let file = format!("{{\"Records\":[{}]}}", records.join(",\n"));
    let mut count = 0;
    for (index, result) in LogFile::new(file.as_bytes()).enumerate() {
        assert_eq!(result.unwrap().raw(), Some(&records[index][..]));
        count += 1;
    }
    assert_eq!(count, records.len());
    let last = file.len() - 2;
    let broken = format!("{},7]}}", &file[..last]);
    let error = read(broken.as_bytes()).pop().unwrap().unwrap_err();
    assert_eq!((error.line(), error.path()), (800, "Records[800]"));
}
