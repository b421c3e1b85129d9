//! `cargo xtask examples`: every example of the SDK, against the loopback server.

use std::fs;
use std::path::Path;
use std::process::{ExitCode, Output};
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::cargo;
use crate::loopback::Server;

const FOLDER: &str = "cloudtrail-sdk/examples";
const FEATURES: &str = "blocking,test-util";

/// What tells the examples to do all that they can; see their first lines. The trail stays, so that
/// examples which run later have one to look at.
const VARIABLES: [(&str, &str); 8] = [
    ("TRAIL_BUCKET", "demo-bucket"),
    ("KEEP_TRAIL", "yes"),
    ("TAG_TRAIL", "example-trail"),
    ("AUDIT_REGIONS", "us-east-1"),
    (
        "AUDIT_ROLES",
        "arn:aws:iam::111111111111:role/Audit,arn:aws:iam::222222222222:role/Audit,\
         arn:aws:iam::333333333333:role/Audit",
    ),
    ("TAIL_SECONDS", "0"),
    ("LAKE_STORE", "00000000-0000-4000-8000-000000000001"),
    ("RUST_LOG", "cloudtrail_sdk=debug"),
];

/// What has to run first.
const FIRST: &str = "create_trail";

/// Builds and runs the examples, a line for each; shows the output of those that fail.
pub fn run(workspace: &Path) -> Result<ExitCode> {
    let examples = names(workspace)?;
    let package = [
        "--quiet",
        "--package",
        "cloudtrail-sdk",
        "--features",
        FEATURES,
    ];
    cargo::run(
        workspace,
        &[&["build", "--examples"], &package[..]].concat(),
    )?;
    let server = Server::start(workspace)?;

    let mut failed = 0;
    for example in &examples {
        let started = Instant::now();
        let mut command = cargo::command(workspace);
        command
            .arg("run")
            .args(package)
            .args(["--example", example]);
        let output = server
            .serve(&mut command)
            .env("EXAMPLE_ENDPOINT_URL", server.url())
            .envs(VARIABLES)
            .output()
            .context("cannot run cargo")?;
        let seconds = started.elapsed().as_secs_f32();
        match problem(&output) {
            None => {
                let lines = output.stdout.iter().filter(|byte| **byte == b'\n').count();
                println!("{example}: ok, {lines} lines in {seconds:.1} s");
            }
            Some(problem) => {
                failed += 1;
                println!("{example}: {problem}");
                print!("{}", String::from_utf8_lossy(&output.stdout));
                eprint!("{}", String::from_utf8_lossy(&output.stderr));
            }
        }
    }
    println!("{} examples, {failed} failed", examples.len());
    Ok(ExitCode::from(u8::from(failed > 0)))
}

fn problem(output: &Output) -> Option<String> {
    if !output.status.success() {
        return Some(format!("failed ({})", output.status));
    }
    output
        .stdout
        .is_empty()
        .then(|| "printed nothing".to_owned())
}

/// All files of the folder, in the order in which they run.
fn names(workspace: &Path) -> Result<Vec<String>> {
    let folder = workspace.join(FOLDER);
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {FOLDER}"))?;
    let mut names = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(
                path.file_stem()
                    .map(|name| name.to_string_lossy().into_owned()),
            );
        }
    }
    names.sort_by_key(|name| (name != FIRST, name.clone()));
    ensure!(
        names.first().is_some_and(|name| name == FIRST),
        "{FOLDER}/{FIRST}.rs is missing"
    );
    Ok(names)
}
