//! `cargo xtask api`: a listing of everything public in the SDK, so that review sees each change.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use public_api::Builder;
use similar::{ChangeTag, TextDiff};
use toml::{Table, Value};

use crate::cargo;

const PACKAGE: &str = "cloudtrail-sdk";
const LISTING: &str = "cloudtrail-sdk/public-api.txt";
const COMMAND: &str = "cargo xtask api";
/// Features that add nothing public. `default` is the sum of others, `rustls-aws-lc` needs cmake,
/// and `native-tls` a library of the platform.
const LEFT_OUT: [&str; 3] = ["default", "rustls-aws-lc", "native-tls"];
/// What goes without saying in a path.
const UNSAID: [&str; 6] = [
    "cloudtrail_sdk::",
    "alloc::string::",
    "alloc::vec::",
    "core::convert::",
    "core::option::",
    "core::result::",
];

/// Writes the listing, or checks that it is as it would be written.
pub fn run(workspace: &Path, check: bool) -> Result<ExitCode> {
    let listing = listing(workspace)?;
    let path = workspace.join(LISTING);
    let count = listing.lines().count() - 1;
    if !check {
        fs::write(&path, &listing).with_context(|| format!("cannot write {LISTING}"))?;
        println!("{LISTING}: {count} public items");
        return Ok(ExitCode::SUCCESS);
    }
    let found = fs::read_to_string(&path).with_context(|| format!("cannot read {LISTING}"))?;
    if found == listing {
        println!("{LISTING} is up to date ({count} public items)");
        return Ok(ExitCode::SUCCESS);
    }
    for change in TextDiff::from_lines(&found, &listing).iter_all_changes() {
        match change.tag() {
            ChangeTag::Delete => print!("gone: {change}"),
            ChangeTag::Insert => print!("new:  {change}"),
            ChangeTag::Equal => {}
        }
    }
    println!("{LISTING} is not what is public; if it is meant, `{COMMAND}` mends that");
    Ok(ExitCode::FAILURE)
}

/// A line per public item, sorted by path, under a heading that says what is in it.
fn listing(workspace: &Path) -> Result<String> {
    let features = features(workspace)?.join(",");
    let target = cargo::target(workspace)?.join("api");
    // rustdoc writes JSON on the nightly toolchain alone, or when it is told to be one.
    let status = cargo::command(workspace)
        .args(["rustdoc", "--quiet", "--lib", "--package", PACKAGE])
        .args(["--no-default-features", "--features", &features])
        .args([
            "--",
            "-Zunstable-options",
            "--output-format=json",
            "--cap-lints=allow",
        ])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", &target)
        .status()
        .context("cannot run cargo")?;
    ensure!(status.success(), "rustdoc failed ({status})");

    let json = target
        .join("doc")
        .join(format!("{}.json", PACKAGE.replace('-', "_")));
    let api = Builder::from_rustdoc_json(&json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .sorted(true)
        .build()
        .context("the crate public-api cannot read what this version of rustdoc writes")?;
    let mut text = format!("# Written by `{COMMAND}`. Features: {features}.\n");
    // What is public by several paths is listed by the first.
    let mut seen = HashSet::new();
    for item in api.items() {
        let mut line = item.to_string();
        for unsaid in UNSAID {
            line = line.replace(unsaid, "");
        }
        // Every method names its type, so the headings of impls without a trait say nothing.
        let is_heading = line.starts_with("impl") && !line.contains(" for ");
        if !is_heading && seen.insert(line.clone()) {
            writeln!(text, "{line}")?;
        }
    }
    Ok(text)
}

/// The features whose items are listed.
pub fn features(workspace: &Path) -> Result<Vec<String>> {
    let path = format!("{PACKAGE}/Cargo.toml");
    let text =
        fs::read_to_string(workspace.join(&path)).with_context(|| format!("cannot read {path}"))?;
    let manifest: Table = toml::from_str(&text).with_context(|| format!("{path} is malformed"))?;
    let features = manifest
        .get("features")
        .and_then(Value::as_table)
        .with_context(|| format!("{path} has no features"))?;
    Ok(features
        .keys()
        .filter(|name| !LEFT_OUT.contains(&name.as_str()))
        .cloned()
        .collect())
}
