//! Where the workspace is.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A file that this workspace has and others do not.
const MARK: &str = "models/upstream.toml";

/// Finds the workspace. Where this program was compiled says nothing about it: checkouts that share
/// a `CARGO_TARGET_DIR` also share the program.
pub fn find() -> Result<PathBuf> {
    // cargo says which package it runs.
    let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let current = env::current_dir().context("there is no current folder")?;
    let starts = package.iter().chain([&current]);
    starts
        .flat_map(|folder| folder.ancestors())
        .find(|folder| folder.join(MARK).is_file())
        .map(Path::to_owned)
        .with_context(|| {
            format!(
                "neither {} nor a folder above it has {MARK}; run `cargo xtask` in a checkout",
                current.display()
            )
        })
}
