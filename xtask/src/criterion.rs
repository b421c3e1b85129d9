//! `cargo xtask criterion`: the Criterion benches of the SDK and of the generator.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

use crate::cargo;
use crate::model::services;
use crate::new_sdk::{in_parallel, smithy};

/// Runs the benches, with the models of all AWS JSON services of botocore.
pub fn run(workspace: &Path, quick: bool) -> Result<ExitCode> {
    let models = cargo::target(workspace)?.join("botocore-models");
    write_models(workspace, &models)?;
    let mut bench = cargo::command(workspace);
    bench
        .args(["bench", "--package", "cloudtrail-sdk"])
        .args(["--package", "codegen"])
        .env("BOTOCORE_MODELS", &models);
    if quick {
        bench.args(["--", "--quick"]);
    }
    let status = bench.status().context("cannot run cargo")?;
    ensure!(status.success(), "`cargo bench` failed ({status})");
    Ok(ExitCode::SUCCESS)
}

/// Writes the models as Smithy JSON, a file per service. The folder holds nothing else, since the
/// benches take all that is in it.
fn write_models(workspace: &Path, folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot delete {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let written = in_parallel(&services::all(workspace)?, |service| {
        let path = folder.join(format!("{}.json", service.name));
        fs::write(&path, smithy(service)?.text)
            .with_context(|| format!("cannot write {}", path.display()))
    });
    written.into_iter().collect()
}
