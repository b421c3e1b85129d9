//! Running cargo.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

/// The variable that says where cargo builds.
const TARGET: &str = "CARGO_TARGET_DIR";

/// The cargo that runs this command.
fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The cargo that runs this command, in the workspace.
pub fn command(workspace: &Path) -> Command {
    let mut command = cargo();
    command.current_dir(workspace);
    // A relative folder is meant from where the user is.
    if let Some(Ok(target)) = env::var_os(TARGET).map(std::path::absolute) {
        command.env(TARGET, target);
    }
    command
}

/// Runs cargo with these arguments, showing what it prints.
pub fn run(workspace: &Path, arguments: &[&str]) -> Result<()> {
    let status = command(workspace)
        .args(arguments)
        .status()
        .context("cannot run cargo")?;
    if !status.success() {
        bail!("`cargo {}` failed ({status})", arguments.join(" "));
    }
    Ok(())
}

/// The folder for what can be built again: `target/`, unless the environment or cargo's
/// configuration names another.
pub fn target(workspace: &Path) -> Result<PathBuf> {
    #[derive(Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    // Where the user is, as that cargo was which runs this command.
    let output = cargo()
        .args(["metadata", "--quiet", "--no-deps", "--format-version", "1"])
        .arg("--manifest-path")
        .arg(workspace.join("Cargo.toml"))
        .output()
        .context("cannot run cargo")?;
    ensure!(
        output.status.success(),
        "cargo does not say where it builds:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).context("cargo's metadata cannot be read")?;
    Ok(metadata.target_directory)
}
