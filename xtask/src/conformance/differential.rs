//! The SDK against botocore, with random inputs and responses of all operations of CloudTrail.
//!
//! The Python script makes the values, asks both, and compares; it prints what came out.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use codegen::Source;
use serde::Deserialize;

use super::harness::{Harness, Parts};
use super::report::{Outcome, Report, Suite};
use super::{Sources, read};
use crate::python;

const SCRIPT: &str = include_str!("differential.py");
const SERVICE: &str = "botocore/data/cloudtrail/2013-11-01/service-2.json";
const OPERATIONS: usize = 60;
/// How many values each operation gets in each direction.
const COUNT: usize = 200;
/// What the values are made from. Another one makes others.
const SEED: &str = "1";

/// What the script prints for an operation and a direction.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Compared {
    operation: String,
    direction: String,
    equal: usize,
    /// Seed, value and difference.
    difference: Option<String>,
}

/// Generates CloudTrail's client without the overlay, so that both sides know the same facts.
pub fn prepare(workspace: &Path, parts: &mut Parts) -> Result<()> {
    let name = "models/cloudtrail/service.json";
    let source = Source {
        name: name.to_owned(),
        text: read(&workspace.join(name))?,
    };
    parts.add_service("cloudtrail", source)
}

pub fn run(sources: &Sources, harness: &Harness, report: &mut Report) -> Result<()> {
    let service = sources.botocore.join(SERVICE);
    let printed = python::run(
        python::interpreter()?,
        &[
            "-c".as_ref(),
            SCRIPT.as_ref(),
            sources.botocore.as_os_str(),
            sources.python_packages.as_os_str(),
            harness.program().as_os_str(),
            service.as_os_str(),
            SEED.as_ref(),
            COUNT.to_string().as_ref(),
        ],
    )
    .context("the comparison with botocore could not be made")?;
    let compared: Vec<Compared> = printed
        .lines()
        .map(serde_json::from_str)
        .collect::<serde_json::Result<_>>()?;
    ensure!(
        compared.len() == 2 * OPERATIONS,
        "the comparison with botocore was to take {OPERATIONS} operations both ways, and took {}",
        compared.len()
    );
    for direction in ["request", "response"] {
        let mut suite = Suite::new(format!("differential, {direction}s"));
        for compared in compared
            .iter()
            .filter(|compared| compared.direction == direction)
        {
            for _ in 0..compared.equal {
                suite.record(&compared.operation, Outcome::Passed);
            }
            if let Some(difference) = &compared.difference {
                suite.record(&compared.operation, Outcome::Failed(difference.clone()));
            }
        }
        report.add(suite);
    }
    Ok(())
}
