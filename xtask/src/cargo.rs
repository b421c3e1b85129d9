//! Running cargo.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The cargo that runs this command, in the workspace.
pub fn command(workspace: &Path) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(workspace);
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
