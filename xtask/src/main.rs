//! The commands of this workspace.

mod api;
mod bench;
mod cargo;
mod codegen;
mod conformance;
mod criterion;
mod demo;
mod docs;
mod examples;
mod fuzz;
mod loopback;
mod model;
mod new_sdk;
mod python;
mod test;
mod workspace;

#[cfg(test)]
mod readme;

use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Works on the generator and the SDK.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  cargo xtask demo                    see it work, without an AWS account
  cargo xtask codegen                 after a change in models/ or codegen/
  cargo xtask api                     after a change of what is public
  cargo xtask test                    before a commit; .ci/run is the whole gate
  cargo xtask model diff              what is new upstream
  cargo xtask new-sdk --model botocore:kms --out ../kms";

// In the order in which people need them.
#[derive(Subcommand)]
enum Command {
    /// Regenerate the SDK and run an example of it against a server on this machine
    Demo,
    /// Regenerate `cloudtrail-sdk/src/generated/` from `models/`
    Codegen {
        /// Write nothing; list what is missing, stale or orphaned, and fail if anything is
        #[arg(long)]
        check: bool,
    },
    /// List everything that is public in `cloudtrail-sdk/public-api.txt`
    Api {
        /// Write nothing; list what has changed, and fail if anything has
        #[arg(long)]
        check: bool,
    },
    /// Build the documentation; fail if a link breaks or anything public has none
    Docs,
    /// Run every example of the SDK against a server on this machine
    Examples,
    /// Measure this SDK and the official one side by side; builds both, which takes a while
    Bench(bench::Arguments),
    /// Time the codec, signing, endpoint rules and the generator, the latter on all of botocore
    Criterion {
        /// Fewer samples: figures to look at, not to compare
        #[arg(long)]
        quick: bool,
    },
    /// Run every test, suites that nobody here wrote included
    Test,
    /// Refresh `models/` from upstream, or tell what upstream has changed
    #[command(subcommand)]
    Model(model::Command),
    /// Write a crate of its own for any AWS JSON service
    NewSdk(new_sdk::Arguments),
    /// Generate crates for a spread of AWS JSON services, and build them
    CheckServices,
    /// Run suites that nobody here wrote against the generator, the SDK and botocore
    Conformance,
    /// Run the fuzz targets of `fuzz/`; needs cargo-fuzz
    Fuzz {
        /// How long each target runs
        #[arg(long, default_value_t = 60, value_parser = at_least(1))]
        seconds: u64,
    },
    /// Call a server on this machine for a while, with faults, and watch the client's memory
    Soak {
        /// How long it runs; at least 20
        #[arg(long, default_value_t = 60, value_parser = at_least(20))]
        seconds: u64,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    run(arguments.command).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    let workspace = workspace::find()?;
    match command {
        Command::Demo => demo::run(&workspace),
        Command::Codegen { check } => codegen::run(&workspace, check),
        Command::Api { check } => api::run(&workspace, check),
        Command::Docs => docs::run(&workspace),
        Command::Examples => examples::run(&workspace),
        Command::Bench(arguments) => bench::run(arguments, &workspace),
        Command::Criterion { quick } => criterion::run(&workspace, quick),
        Command::Test => test::run(&workspace),
        Command::Model(command) => model::run(command, &workspace),
        Command::NewSdk(arguments) => new_sdk::run(arguments, &workspace),
        Command::CheckServices => new_sdk::check_services(&workspace),
        Command::Conformance => conformance::run(&workspace),
        Command::Fuzz { seconds } => fuzz::run(&workspace, seconds),
        Command::Soak { seconds } => soak(&workspace, seconds),
    }
}

/// Reads a number that must not be less than `min`.
fn at_least(min: u64) -> impl Fn(&str) -> Result<u64, String> + Clone {
    move |text| match text.parse() {
        Ok(number) if number >= min => Ok(number),
        _ => Err(format!("it must be a whole number, at least {min}")),
    }
}

/// Runs the example `soak` of the tests.
fn soak(workspace: &Path, seconds: u64) -> anyhow::Result<ExitCode> {
    let run = ["run", "--quiet", "--package", "tests", "--example", "soak"];
    let seconds = seconds.to_string();
    cargo::run(workspace, &[&run[..], &["--", &seconds]].concat())?;
    Ok(ExitCode::SUCCESS)
}
