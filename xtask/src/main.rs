//! The commands of this workspace.

mod bench;
mod cargo;
mod codegen;
mod conformance;
mod demo;
mod fuzz;
mod model;
mod new_sdk;
mod python;
mod test;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Works on the generator and the SDK.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Regenerates `cloudtrail-sdk/src/generated/` from `models/`.
    Codegen {
        /// Writes nothing; lists what is missing, stale or orphaned, and fails if anything is.
        #[arg(long)]
        check: bool,
    },
    /// Measures this SDK and the official one side by side; builds both, which takes a while.
    Bench(bench::Arguments),
    /// Runs suites that nobody here wrote against the generator, the SDK and botocore.
    Conformance,
    /// Regenerates the SDK and runs an example of it against a server on this machine.
    Demo,
    /// Runs every test, suites that nobody here wrote included.
    Test,
    /// Runs the fuzz targets of `fuzz/`; needs cargo-fuzz.
    Fuzz {
        /// How long each target runs.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
    },
    /// Calls a server on this machine for a while, with faults, and watches the client's memory.
    Soak {
        /// How long it runs; at least 20.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
    },
    /// Writes a crate of its own for any AWS JSON service.
    NewSdk(new_sdk::Arguments),
    /// Generates crates for a spread of AWS JSON services, and builds them.
    CheckServices,
    /// Refreshes `models/` from upstream, or tells what upstream has changed.
    #[command(subcommand)]
    Model(model::Command),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let workspace = workspace();
    let result = match arguments.command {
        Command::Codegen { check } => codegen::run(&workspace, check),
        Command::Bench(arguments) => bench::run(arguments, &workspace),
        Command::Conformance => conformance::run(&workspace),
        Command::Demo => demo::run(&workspace),
        Command::Test => test::run(&workspace),
        Command::Fuzz { seconds } => fuzz::run(&workspace, seconds),
        Command::Soak { seconds } => soak(&workspace, seconds),
        Command::NewSdk(arguments) => new_sdk::run(arguments, &workspace),
        Command::CheckServices => new_sdk::check_services(&workspace),
        Command::Model(command) => model::run(command, &workspace),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

/// Runs the example `soak` of the tests.
fn soak(workspace: &Path, seconds: u64) -> anyhow::Result<ExitCode> {
    let run = ["run", "--quiet", "--package", "tests", "--example", "soak"];
    let seconds = seconds.to_string();
    cargo::run(workspace, &[&run[..], &["--", &seconds]].concat())?;
    Ok(ExitCode::SUCCESS)
}

/// The folder of the workspace.
fn workspace() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}
