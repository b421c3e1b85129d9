//! `cargo xtask test`: every test of the workspace.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

use crate::cargo;
use crate::conformance::sources::Sources;

/// Fetches the suites that nobody here wrote, and tells the tests where they are.
pub fn run(workspace: &Path) -> Result<ExitCode> {
    let sources = Sources::fetch(workspace)?;
    let status = cargo::command(workspace)
        .args(["test", "--workspace"])
        .env("AWS_RUNTIME_SOURCE", &sources.aws_runtime)
        .env("BOTOCORE_SOURCE", &sources.botocore)
        .status()
        .context("cannot run cargo")?;
    ensure!(
        status.success(),
        "`cargo test --workspace` failed ({status})"
    );
    Ok(ExitCode::SUCCESS)
}
