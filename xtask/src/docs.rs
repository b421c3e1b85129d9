//! `cargo xtask docs`: the crate's documentation, without a warning and without a gap.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::{api, cargo};

const CRATE: &str = "cloudtrail-sdk";

/// What rustdoc counts in a file.
#[derive(Deserialize)]
struct Coverage {
    total: u64,
    with_docs: u64,
}

/// Builds the documentation with warnings denied, and counts what has some.
pub fn run(workspace: &Path) -> Result<ExitCode> {
    let features = api::features(workspace)?.join(",");
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

/// What rustdoc counts, by file.
fn coverage(workspace: &Path, arguments: &[&str]) -> Result<BTreeMap<String, Coverage>> {
    let output = cargo::command(workspace)
        .arg("rustdoc")
        .args(arguments)
        // What is built with RUSTC_BOOTSTRAP would not serve any other build, nor the reverse.
        .arg("--target-dir")
        .arg(cargo::target(workspace)?.join("coverage"))
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
