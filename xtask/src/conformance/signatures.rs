//! The SigV4 suite: the requests that a client for AWS JSON can make, which are `POST /`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::harness::Harness;
use super::report::{Outcome, Report, Suite};
use super::{Sources, read};

const FOLDER: &str = "tests/unit/auth/aws4_testsuite";

// What the suite's README and botocore's own runner of it say.
const ACCESS_KEY: &str = "AKIDEXAMPLE";
const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const REGION: &str = "us-east-1";
const SERVICE: &str = "service";
/// 2015-08-30T12:36:00Z.
const TIME: u64 = 1_440_938_160;

pub fn run(sources: &Sources, harness: &mut Harness, report: &mut Report) -> Result<()> {
    let root = sources.botocore.join(FOLDER);
    let mut names = Vec::new();
    collect(&root, Path::new(""), &mut names)?;
    names.sort();
    let mut suite = Suite::new("SigV4");
    for name in names {
        let folder = root.join(&name);
        let stem = name.rsplit('/').next().unwrap_or(&name);
        let part = |extension: &str| read(&folder.join(format!("{stem}.{extension}")));
        let request = part("req")?;
        if !request.starts_with("POST / HTTP/1.1\n") {
            continue;
        }
        let request = parse(&request).with_context(|| format!("{FOLDER}/{name}: no request"))?;
        let outcome =
            one(harness, &request, &part("authz")?).with_context(|| format!("{FOLDER}/{name}"))?;
        suite.record(&name, outcome);
    }
    report.add(suite);
    Ok(())
}

/// The folders that hold a case.
fn collect(root: &Path, below: &Path, names: &mut Vec<String>) -> Result<()> {
    let folder = root.join(below);
    let entries =
        fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let path = below.join(entry.file_name());
        if entry.path().is_dir() {
            collect(root, &path, names)?;
        } else if path.extension().is_some_and(|extension| extension == "req") {
            names.push(below.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(())
}

struct RawRequest<'a> {
    headers: Vec<(&'a str, &'a str)>,
    body: &'a str,
}

fn parse(text: &str) -> Option<RawRequest<'_>> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    Some(RawRequest {
        headers: head
            .lines()
            .skip(1)
            .map(|line| line.split_once(':'))
            .collect::<Option<_>>()?,
        body,
    })
}

fn one(harness: &mut Harness, request: &RawRequest<'_>, authorization: &str) -> Result<Outcome> {
    let find = |headers: &[(&str, &str)], name: &str| {
        let mut headers = headers.iter();
        let found = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim().to_owned())
    };
    let host = find(&request.headers, "host").context("the request has no host")?;
    // The signer adds date and token itself.
    let token = find(&request.headers, "x-amz-security-token");
    let headers: Vec<Value> = request
        .headers
        .iter()
        .filter(|(name, _)| {
            !["host", "x-amz-date", "x-amz-security-token"]
                .iter()
                .any(|own| own.eq_ignore_ascii_case(name))
        })
        .map(|(name, value)| json!([name, value.trim()]))
        .collect();
    let answer = harness.ask(&json!({
        "do": "sign",
        "method": "POST",
        "uri": format!("https://{host}/"),
        "headers": headers,
        "body": request.body,
        "access_key": ACCESS_KEY,
        "secret_key": SECRET_KEY,
        "session_token": token,
        "region": REGION,
        "service": SERVICE,
        "time": TIME,
    }))?;
    let answer = match answer {
        Ok(answer) => answer,
        Err(failure) => return Ok(Outcome::Failed(failure)),
    };
    let found: Vec<(&str, &str)> = answer["headers"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|pair| Some((pair[0].as_str()?, pair[1].as_str()?)))
        .collect();
    let found = find(&found, "authorization");
    if found.as_deref() != Some(authorization.trim()) {
        return Ok(Outcome::Failed(format!(
            "expected {authorization}\nfound    {found:?}"
        )));
    }
    Ok(Outcome::Passed)
}
