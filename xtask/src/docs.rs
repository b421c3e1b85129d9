//! `cargo xtask docs`: the crate's documentation, without a warning and without a gap.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::Value;

use crate::cargo;

const CRATE: &str = "cloudtrail-sdk";
/// It needs a C compiler and cmake, and adds nothing to the documentation.
const LEFT_OUT: &str = "rustls-aws-lc";

/// What rustdoc counts in a file.
#[derive(Deserialize)]
struct Coverage {
    total: u64,
    with_docs: u64,
}

/// Builds the documentation with warnings denied, and counts what has some.
pub fn run(workspace: &Path) -> Result<ExitCode> {
    let features = features(workspace)?;
    let arguments = ["--package", CRATE, "--features", &features];
    let status = cargo::command(workspace)
        .args(["doc", "--no-deps"])
        .args(arguments)
        .env("RUSTDOCFLAGS", "-D warnings")
        .status()
        .context("cannot run cargo")?;
    ensure!(status.success(), "the documentation of {CRATE} has faults");

    let files = coverage(workspace, &arguments)?;
    let total: u64 = files.values().map(|file| file.total).sum();
    let with_docs: u64 = files.values().map(|file| file.with_docs).sum();
    ensure!(total > 0, "rustdoc has counted nothing");
    println!("{with_docs} of {total} public items are documented");
    for (name, file) in &files {
        if file.with_docs < file.total {
            println!("{name}: {} are not", file.total - file.with_docs);
        }
    }
    Ok(ExitCode::from(u8::from(with_docs < total)))
}

/// All features of the crate that are built here.
fn features(workspace: &Path) -> Result<String> {
    let output = cargo::command(workspace)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()
        .context("cannot run cargo")?;
    let metadata: Value =
        serde_json::from_slice(&output.stdout).context("`cargo metadata` has not printed JSON")?;
    let features = metadata["packages"]
        .as_array()
        .and_then(|packages| packages.iter().find(|package| package["name"] == CRATE))
        .and_then(|package| package["features"].as_object())
        .with_context(|| format!("the workspace has no package {CRATE}"))?;
    let names: Vec<&str> = features
        .keys()
        .map(String::as_str)
        .filter(|name| *name != LEFT_OUT)
        .collect();
    Ok(names.join(","))
}

/// What rustdoc counts, by file.
fn coverage(workspace: &Path, arguments: &[&str]) -> Result<BTreeMap<String, Coverage>> {
    let output = cargo::command(workspace)
        .arg("rustdoc")
        .args(arguments)
        // What is built with RUSTC_BOOTSTRAP would not serve any other build, nor the reverse.
        .arg("--target-dir")
        .arg(workspace.join("target").join("coverage"))
        .args(["--", "-Z", "unstable-options"])
        .args(["--show-coverage", "--output-format", "json"])
        // The option is unstable; it only counts, so a stable rustdoc may be told to allow it.
        .env("RUSTC_BOOTSTRAP", "1")
        .output()
        .context("cannot run cargo")?;
    ensure!(
        output.status.success(),
        "rustdoc cannot count what is documented:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).with_context(|| {
        let printed = String::from_utf8_lossy(&output.stdout);
        format!("rustdoc has not printed counts, but {printed:?}")
    })
}
