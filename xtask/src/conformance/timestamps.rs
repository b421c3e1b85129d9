//! The 660 timestamp cases of aws-smithy-types, through the codec.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};

use super::harness::Harness;
use super::json::same;
use super::report::{Outcome, Report, Suite};
use super::{Sources, read};

const FILE: &str = "test_data/date_time_format_test_suite.json";

#[derive(Deserialize)]
struct Cases {
    format_epoch_seconds: Vec<Case>,
    format_http_date: Vec<Case>,
    format_date_time: Vec<Case>,
    parse_epoch_seconds: Vec<Case>,
    parse_http_date: Vec<Case>,
    parse_date_time: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    iso8601: String,
    canonical_seconds: String,
    canonical_nanos: u32,
    /// Whether the format has no way to say it.
    error: bool,
    smithy_format_value: Option<String>,
}

impl Case {
    /// The value as the codec puts it into JSON.
    fn wire(&self, format: &str) -> Result<Option<Value>> {
        let Some(text) = &self.smithy_format_value else {
            return Ok(None);
        };
        Ok(Some(if format == "epoch_seconds" {
            serde_json::from_str(text).with_context(|| format!("{text} is no number"))?
        } else {
            json!(text)
        }))
    }

    /// The text of the member that the codec reads.
    fn body(&self, format: &str) -> Result<String> {
        let text = self.smithy_format_value.as_deref();
        let text = text.with_context(|| format!("{} has nothing to parse", self.iso8601))?;
        // As it stands: a number must not pass through an f64 on its way.
        Ok(if format == "epoch_seconds" {
            format!("{{\"at\":{text}}}")
        } else {
            json!({ "at": text }).to_string()
        })
    }
}

pub fn run(sources: &Sources, harness: &mut Harness, report: &mut Report) -> Result<()> {
    let text = read(&sources.smithy_types.join(FILE))?;
    let cases: Cases =
        serde_json::from_str(&text).with_context(|| format!("{FILE} is malformed"))?;
    let mut suite = Suite::new("timestamps");
    for (format, cases) in [
        ("epoch_seconds", &cases.format_epoch_seconds),
        ("http_date", &cases.format_http_date),
        ("date_time", &cases.format_date_time),
    ] {
        for case in cases {
            let outcome = format_one(harness, format, case)?;
            suite.record(&format!("format {format} {}", case.iso8601), outcome);
        }
    }
    for (format, cases) in [
        ("epoch_seconds", &cases.parse_epoch_seconds),
        ("http_date", &cases.parse_http_date),
        ("date_time", &cases.parse_date_time),
    ] {
        for case in cases {
            let outcome = parse_one(harness, format, case)?;
            suite.record(&format!("parse {format} {}", case.iso8601), outcome);
        }
    }
    report.add(suite);
    Ok(())
}

fn format_one(harness: &mut Harness, format: &str, case: &Case) -> Result<Outcome> {
    let answer = harness.ask(&json!({
        "do": "format timestamp",
        "format": format,
        "seconds": case.canonical_seconds,
        "nanos": case.canonical_nanos,
    }))?;
    let body = match answer {
        Ok(answer) => answer["body"].as_str().unwrap_or_default().to_owned(),
        Err(failure) => return Ok(Outcome::Failed(failure)),
    };
    // A year that the format cannot say: the codec gives the number, which says it all the same.
    let passed = if case.error {
        let number = format!("{{\"at\":{}}}", epoch_seconds(case));
        body == number
    } else if format == "epoch_seconds" {
        // Compared as text: the digits count.
        Some(body.as_str()) == case.body(format).ok().as_deref()
    } else {
        let found: Value = serde_json::from_str(&body)?;
        case.wire(format)?
            .is_some_and(|expected| same(&found["at"], &expected))
    };
    Ok(if passed {
        Outcome::Passed
    } else {
        Outcome::Failed(format!(
            "expected {}\nfound    {body}",
            case.smithy_format_value.as_deref().unwrap_or("a number")
        ))
    })
}

fn parse_one(harness: &mut Harness, format: &str, case: &Case) -> Result<Outcome> {
    let body = case.body(format)?;
    let answer = harness.ask(&json!({ "do": "parse timestamp", "body": body }))?;
    let expected = json!({ "seconds": case.canonical_seconds, "nanos": case.canonical_nanos });
    Ok(match answer {
        Err(_) if case.error => Outcome::Passed,
        Err(failure) => Outcome::Failed(format!("{body}: {failure}")),
        Ok(found) if case.error => {
            Outcome::Failed(format!("{body}: expected an error, found {found}"))
        }
        Ok(found) if found == expected => Outcome::Passed,
        Ok(found) => Outcome::Failed(format!("{body}\nexpected {expected}\nfound    {found}")),
    })
}

/// The case's time as a decimal number of seconds.
fn epoch_seconds(case: &Case) -> String {
    let seconds: i128 = case.canonical_seconds.parse().unwrap_or_default();
    let nanos = seconds * 1_000_000_000 + i128::from(case.canonical_nanos);
    let sign = if nanos < 0 { "-" } else { "" };
    let nanos = nanos.unsigned_abs();
    let text = format!(
        "{sign}{}.{:09}",
        nanos / 1_000_000_000,
        nanos % 1_000_000_000
    );
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nanoseconds_move_the_time_forward() {
        let text = |seconds: &str, nanos| {
            epoch_seconds(&Case {
                iso8601: String::new(),
                canonical_seconds: seconds.to_owned(),
                canonical_nanos: nanos,
                error: true,
                smithy_format_value: None,
            })
        };
        assert_eq!(text("-1", 250_000_000), "-0.75");
        assert_eq!(text("1", 5), "1.000000005");
        assert_eq!(text("100", 0), "100");
    }
}
