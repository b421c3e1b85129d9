//! `cargo xtask demo`: generate, serve, call; no AWS account needed.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::loopback::Server;
use crate::{cargo, codegen};

/// What a command line says after `cargo build` or `cargo run`.
const QUICKSTART: [&str; 5] = [
    "--quiet",
    "--package",
    "cloudtrail-sdk",
    "--example",
    "quickstart",
];

/// Regenerates the SDK, then runs the quickstart example against the loopback server.
pub fn run(workspace: &Path) -> Result<ExitCode> {
    let report = codegen::regenerate(workspace)?;
    println!(
        "generated {} lines in {} files in {} ms",
        report.lines,
        report.files,
        report.elapsed.as_millis()
    );
    println!("building the loopback server and the example …");
    let server = Server::start(workspace)?;
    cargo::run(workspace, &[&["build"], &QUICKSTART[..]].concat())?;
    println!(
        "running cloudtrail-sdk/examples/quickstart.rs against {}\n",
        server.url()
    );
    // What the example says of AWS's place, region and credentials is said by the environment.
    let status = server
        .serve(cargo::command(workspace).arg("run").args(QUICKSTART))
        .env("TRAIL_BUCKET", "demo-bucket")
        .status()
        .context("cannot run cargo")?;
    if !status.success() {
        bail!("the example failed ({status})");
    }
    Ok(ExitCode::SUCCESS)
}
