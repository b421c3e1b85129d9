//! What a program costs before it runs: building, size, documentation.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Bench, Pair, Side, Table, alternate, cpu_seconds};

pub fn measure(bench: &Bench, quick: bool, table: &mut Table) -> Result<()> {
    if !quick {
        let debug = alternate(5, |side| cold_build(bench, side, &[]))?;
        table.add("cold debug build, CPU s", debug, 1, Some(0.46));
        let release = alternate(5, |side| cold_build(bench, side, &["--release"]))?;
        table.add("cold release build, CPU s", release, 1, Some(0.40));
        let documentation = alternate(5, |side| documentation(bench, side))?;
        table.add("`cargo doc` of the crate, CPU s", documentation, 1, None);
    }
    for side in Side::BOTH {
        bench.cargo(
            &bench.target,
            &["build", "--release", "--package", side.name()],
        )?;
    }
    bench.cargo(
        &bench.target,
        &["build", "--release", "--package", "server"],
    )?;
    let size = pair(|side| {
        let program = bench.program(&format!("hello-{}", side.name()));
        Ok(fs::metadata(program)?.len() as f64 / 1e6)
    })?;
    table.add("release binary, stripped, MB", size, 1, Some(0.37));
    table.add(
        "packages",
        pair(|side| packages(bench, side))?,
        0,
        Some(0.75),
    );
    table.add(
        "lines of the crate",
        pair(|side| lines(bench, side))?,
        0,
        Some(0.25),
    );
    Ok(())
}

fn pair(mut figure: impl FnMut(Side) -> Result<f64>) -> Result<Pair> {
    Ok([figure(Side::Ours)?, figure(Side::Official)?])
}

/// Builds the smallest program from nothing but sources.
fn cold_build(bench: &Bench, side: Side, profile: &[&str]) -> Result<f64> {
    let target = bench.target.join("cold");
    remove(&target)?;
    let program = format!("hello-{}", side.name());
    let arguments = ["build", "--package", side.name(), "--bin", &program];
    let command = bench.cargo_command(&target, &[&arguments[..], profile].concat());
    let seconds = cpu_seconds(&command)?;
    remove(&target)?;
    Ok(seconds)
}

/// Documents the crate alone, a second time: the first one also checks what the crate depends on.
fn documentation(bench: &Bench, side: Side) -> Result<f64> {
    let target = bench.target.join("doc");
    let arguments = ["doc", "--no-deps", "--package", side.sdk()];
    bench.cargo(&target, &arguments)?;
    bench.cargo(&target, &["clean", "--package", side.sdk()])?;
    cpu_seconds(&bench.cargo_command(&target, &arguments))
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot delete {}", folder.display()))?;
    }
    Ok(())
}

/// How many packages the smallest program is built from, itself left out.
fn packages(bench: &Bench, side: Side) -> Result<f64> {
    let arguments = [
        "tree",
        "--package",
        side.name(),
        "--edges",
        "normal,build",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ];
    let output = bench.cargo_command(&bench.target, &arguments).output()?;
    let text = String::from_utf8(output.stdout)?;
    let mut packages: Vec<_> = text
        .lines()
        .map(|line| line.trim_end_matches(" (*)"))
        .collect();
    packages.sort_unstable();
    packages.dedup();
    Ok((packages.len() - 1) as f64)
}

/// The lines of Rust in the crate's `src`.
fn lines(bench: &Bench, side: Side) -> Result<f64> {
    let arguments = ["metadata", "--format-version", "1", "--locked"];
    let output = bench.cargo_command(&bench.target, &arguments).output()?;
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let manifest = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|package| package["name"] == side.sdk())
        .and_then(|package| package["manifest_path"].as_str())
        .with_context(|| format!("cargo does not know the package {}", side.sdk()))?;
    let source = Path::new(manifest).with_file_name("src");
    Ok(count_lines(&source)? as f64)
}

fn count_lines(folder: &Path) -> Result<usize> {
    let mut lines = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            lines += count_lines(&path)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            lines += fs::read_to_string(&path)?.lines().count();
        }
    }
    Ok(lines)
}
