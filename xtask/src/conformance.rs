//! `cargo xtask conformance`: suites that nobody here wrote, against code that the generator emits
//! from each suite's own shapes.

mod differential;
mod endpoints;
mod harness;
mod json;
mod protocols;
mod report;
mod signatures;
pub mod sources;
mod timestamps;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use serde_json::Value;

use harness::Parts;
use report::Report;
use sources::Sources;

pub fn run(workspace: &Path) -> Result<ExitCode> {
    let sources = Sources::fetch(workspace)?;

    let mut parts = Parts::new(workspace)?;
    let protocols = protocols::prepare(&sources, &mut parts)?;
    let endpoints = endpoints::prepare(&sources, &mut parts)?;
    differential::prepare(workspace, &mut parts)?;
    let mut harness = parts.build(workspace)?;

    let mut report = Report::default();
    protocols::run(&protocols, &mut harness, &mut report)?;
    endpoints::run(&endpoints, &mut harness, &mut report)?;
    timestamps::run(&sources, &mut harness, &mut report)?;
    signatures::run(&sources, &mut harness, &mut report)?;
    differential::run(&sources, &harness, &mut report)?;
    Ok(report.finish())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn read_json(path: &Path) -> Result<Value> {
    serde_json::from_str(&read(path)?).with_context(|| format!("{} is malformed", path.display()))
}
