//! The loopback server, and what a program needs in its environment to call it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::cargo;

/// What a command line says after `cargo build` or `cargo run`.
const SERVER: [&str; 5] = ["--quiet", "--package", "tests", "--bin", "loopback-server"];

/// A server that stops when its standard input closes.
pub struct Server {
    process: Child,
    url: String,
}

impl Server {
    /// Builds the server and waits until it listens.
    pub fn start(workspace: &Path) -> Result<Self> {
        cargo::run(workspace, &[&["build"], &SERVER[..]].concat())?;
        let mut process = cargo::command(workspace)
            .arg("run")
            .args(SERVER)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the loopback server")?;
        let stdout = process.stdout.take();
        let mut server = Self {
            process,
            url: String::new(),
        };
        let mut line = String::new();
        BufReader::new(stdout.context("the server has no output")?).read_line(&mut line)?;
        let line = line.trim();
        let url = line.strip_prefix("listening on ");
        url.with_context(|| format!("the loopback server said `{line}` instead of its address"))?
            .clone_into(&mut server.url);
        Ok(server)
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Has a command call this server as the account that it knows.
    pub fn serve<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("AWS_ENDPOINT_URL_CLOUDTRAIL", &self.url)
            .env("AWS_ENDPOINT_URL_STS", &self.url)
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "AKID")
            .env("AWS_SECRET_ACCESS_KEY", "loopback-secret")
            .env_remove("AWS_SESSION_TOKEN")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}
