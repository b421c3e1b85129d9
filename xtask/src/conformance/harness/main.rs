//! Runs what the generator wrote for the suites: a JSON request a line in, a JSON answer a line
//! out. It judges nothing; whoever asks does.

#![allow(
    warnings,
    reason = "the runtime and the generated code, without the crate that uses all of them"
)]

mod api;
mod exchange;
mod rules;
mod runtime;
mod services;
mod signing;
mod timestamps;

use std::io::{BufRead, Write};

use serde_json::{Value, json};

use self::api::*;
use self::services::generated;

/// Why a request has no answer.
type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let answer = answer(&serde_json::from_str(&line?)?)
            .unwrap_or_else(|failure| json!({ "failure": failure.to_string() }));
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn answer(request: &Value) -> Result<Value, Failure> {
    match text(request, "do")? {
        "call" => services::call(&exchange::Exchange::new(request)?),
        "resolve" => rules::resolve(request),
        "sign" => signing::sign(request),
        "format timestamp" => timestamps::format(request),
        "parse timestamp" => timestamps::parse(request),
        unknown => Err(format!("`{unknown}` is nothing that can be done").into()),
    }
}

/// A member of a request that is text.
fn text<'a>(request: &'a Value, name: &str) -> Result<&'a str, Failure> {
    request[name]
        .as_str()
        .ok_or_else(|| format!("`{name}` must be a string").into())
}

/// Headers as an array of pairs.
fn pairs(value: &Value) -> Result<Vec<(&str, &str)>, Failure> {
    let pairs = value.as_array().ok_or("headers must be an array")?;
    pairs
        .iter()
        .map(|pair| Some((pair[0].as_str()?, pair[1].as_str()?)))
        .collect::<Option<_>>()
        .ok_or_else(|| "a header must be a pair of strings".into())
}
