//! `cargo xtask fuzz`: looks for inputs that make the SDK or the generator panic or hang.

use std::fmt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use crate::cargo;

/// A target of `fuzz/`, and how long its inputs may be.
struct Target {
    name: &'static str,
    max_bytes: usize,
}

const TARGETS: [Target; 6] = [
    Target {
        name: "decode_response",
        max_bytes: 16 << 10,
    },
    Target {
        name: "resolve_endpoint",
        max_bytes: 512,
    },
    Target {
        name: "load_model",
        max_bytes: 8 << 10,
    },
    Target {
        name: "load_profiles",
        max_bytes: 4 << 10,
    },
    Target {
        name: "load_credentials",
        max_bytes: 4 << 10,
    },
    Target {
        name: "read_log_file",
        max_bytes: 16 << 10,
    },
];

/// How much memory a target may use: AddressSanitizer and the inputs found take a quarter of it.
const MEMORY_MIB: usize = 2048;
/// How long one input may take; on an idle machine none takes a tenth of it.
const SECONDS_PER_INPUT: u64 = 10;

/// Where the builds, the logs and the inputs that a run finds go, below the folder of builds.
const WORK_FOLDER: &str = "fuzz";

/// Runs each target for this long.
pub fn run(workspace: &Path, seconds: u64) -> Result<ExitCode> {
    if !is_installed(workspace) {
        eprintln!("error: cargo-fuzz is missing; `cargo install cargo-fuzz --locked` installs it");
        return Ok(ExitCode::from(2));
    }
    println!("building the targets …");
    let work = cargo::target(workspace)?.join(WORK_FOLDER);
    let status = cargo_fuzz(workspace, &work, "build")
        .status()
        .context("cannot run cargo fuzz")?;
    if !status.success() {
        bail!("the targets do not build");
    }
    let mut failed = false;
    for target in &TARGETS {
        let outcome = target.run(workspace, &work, seconds)?;
        println!("{}: {outcome}", target.name);
        failed |= !outcome.passed;
    }
    Ok(ExitCode::from(u8::from(failed)))
}

fn is_installed(workspace: &Path) -> bool {
    cargo::command(workspace)
        .args(["fuzz", "--version"])
        .output()
        .is_ok_and(|output| output.status.success())
}

/// `cargo fuzz COMMAND`, still without a target.
fn cargo_fuzz(workspace: &Path, work: &Path, command: &str) -> Command {
    let mut cargo = cargo::command(workspace);
    cargo
        .args(["fuzz", command, "--fuzz-dir", "fuzz", "--target-dir"])
        .arg(work.join("build"))
        // cargo-fuzz instruments with AddressSanitizer, whose flag the compiler takes on nightly
        // only. Without it a stack overflow would end the process before libFuzzer could write
        // down the input. This lets the stable compiler take the flag; nothing that is fuzzed is
        // ever shipped.
        .env("RUSTC_BOOTSTRAP", "1");
    cargo
}

impl Target {
    fn run(&self, workspace: &Path, work: &Path, seconds: u64) -> Result<Outcome> {
        let folder = work.join(self.name);
        // What a run finds goes into the first corpus, so that the committed one stays small.
        let found = folder.join("corpus");
        fs::create_dir_all(&found).with_context(|| format!("cannot create {}", found.display()))?;
        let log = folder.join("log");
        let file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let status = cargo_fuzz(workspace, work, "run")
            .arg(self.name)
            .arg(&found)
            .arg(workspace.join("fuzz/corpus").join(self.name))
            .arg("--")
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-max_len={}", self.max_bytes))
            .arg(format!("-timeout={SECONDS_PER_INPUT}"))
            .arg(format!("-rss_limit_mb={MEMORY_MIB}"))
            .arg("-print_final_stats=1")
            .stdout(Stdio::null())
            .stderr(file)
            .status()
            .context("cannot run cargo fuzz")?;
        // A panic can show any bytes of the input.
        let text = fs::read(&log).with_context(|| format!("cannot read {}", log.display()))?;
        Ok(Outcome::new(
            &String::from_utf8_lossy(&text),
            status.success(),
            log,
        ))
    }
}

/// How a run of a target ended.
struct Outcome {
    passed: bool,
    executions: String,
    /// The input that the run stopped at.
    reproducer: Option<String>,
    /// Where everything stands that libFuzzer said.
    log: PathBuf,
}

impl Outcome {
    fn new(text: &str, passed: bool, log: PathBuf) -> Self {
        let after = |label: &str| {
            let (_, rest) = text.split_once(label)?;
            rest.lines().next().map(|value| value.trim().to_owned())
        };
        Self {
            passed,
            executions: after("stat::number_of_executed_units:").unwrap_or_else(|| "no".to_owned()),
            reproducer: after("Test unit written to "),
            log,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} executions, ", self.executions)?;
        let log = self.log.display();
        match (self.passed, &self.reproducer) {
            (true, _) => f.write_str("no finding"),
            (false, Some(reproducer)) => write!(f, "FAILED on {reproducer}; see {log}"),
            (false, None) => write!(f, "FAILED; see {log}"),
        }
    }
}
