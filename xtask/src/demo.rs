//! `cargo xtask demo`: generate, serve, call; no AWS account needed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use crate::{cargo, codegen};

/// Regenerates the SDK, then runs the quickstart example against the loopback server.
pub fn run(workspace: &Path) -> Result<ExitCode> {
    let report = codegen::regenerate(workspace)?;
    println!(
        "generated {} lines in {} files in {} ms",
        report.lines,
        report.files,
        report.elapsed.as_millis()
    );
    println!("building the loopback server and the example …");
    cargo::run(
        workspace,
        &[
            "build",
            "--quiet",
            "--package",
            "tests",
            "--bin",
            "loopback-server",
        ],
    )?;
    cargo::run(
        workspace,
        &[
            "build",
            "--quiet",
            "--package",
            "cloudtrail-sdk",
            "--example",
            "quickstart",
        ],
    )?;

    let mut server = Server::start(cargo::command(workspace).args([
        "run",
        "--quiet",
        "--package",
        "tests",
        "--bin",
        "loopback-server",
    ]))?;
    let url = server.url()?;
    println!("running cloudtrail-sdk/examples/quickstart.rs against {url}\n");
    // What the example says of AWS's place, region and credentials is said by the environment.
    let status = cargo::command(workspace)
        .args([
            "run",
            "--quiet",
            "--package",
            "cloudtrail-sdk",
            "--example",
            "quickstart",
        ])
        .env("AWS_ENDPOINT_URL_CLOUDTRAIL", url)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "AKID")
        .env("AWS_SECRET_ACCESS_KEY", "loopback-secret")
        .env_remove("AWS_SESSION_TOKEN")
        .env("TRAIL_BUCKET", "demo-bucket")
        .status()
        .context("cannot run cargo")?;
    if !status.success() {
        bail!("the example failed ({status})");
    }
    Ok(ExitCode::SUCCESS)
}

/// A server that stops when its standard input closes.
struct Server(Child);

impl Server {
    fn start(command: &mut Command) -> Result<Self> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map(Self)
            .context("cannot start the loopback server")
    }

    /// Waits for the line in which the server says where it listens.
    fn url(&mut self) -> Result<String> {
        let stdout = self.0.stdout.take().context("the server has no output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let url = line.trim().strip_prefix("listening on ").with_context(|| {
            format!(
                "the loopback server said `{}` instead of its address",
                line.trim()
            )
        })?;
        Ok(url.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}
