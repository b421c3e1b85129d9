//! Any configuration and credentials files give a configuration, and a call with it has an output or
//! an error of one line.
//!
//! An input is the name of the profile, a line break, the configuration file, a zero byte, and the
//! credentials file.

#![no_main]

use std::sync::LazyLock;

use fuzz::chain::{Root, call, check, load};
use fuzz::{Answering, http_response, run};
use http::{HeaderMap, StatusCode, Uri};
use libfuzzer_sys::{Corpus, fuzz_target};

static ROOT: LazyLock<Root> = LazyLock::new(Root::create);

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some(end) = data.iter().position(|byte| *byte == b'\n') else {
        return Corpus::Reject;
    };
    let (Ok(profile), files) = (std::str::from_utf8(&data[..end]), &data[end + 1..]) else {
        return Corpus::Reject;
    };
    // A program that a profile names is not for this target to run.
    if files
        .windows(7)
        .any(|word| word.eq_ignore_ascii_case(b"process"))
    {
        return Corpus::Reject;
    }
    let mut files = files.splitn(2, |byte| *byte == 0);
    ROOT.write("/home/.aws/config", files.next().unwrap_or_default());
    ROOT.write("/home/.aws/credentials", files.next().unwrap_or_default());
    let variables = [("HOME", "/home"), ("AWS_PROFILE", profile)];
    let transport =
        Answering(|_: &Uri| http_response(StatusCode::NOT_FOUND, HeaderMap::new(), "{}"));
    check(run(async {
        call(load(&ROOT, &variables, transport).await).await
    }));
    Corpus::Keep
});
