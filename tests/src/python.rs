//! Servers from PyPI, each in a virtual environment of its own.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// How long one step of an installation may take.
const INSTALL_LIMIT: Duration = Duration::from_secs(600);

/// How long a server may take to listen.
const START_LIMIT: Duration = Duration::from_secs(60);

/// What to do when there is no usable Python.
const ADVICE: &str = "install Python 3 with its modules venv and pip (on Debian and Ubuntu: apt-get install python3-venv)";

/// Installs `requirement` into a virtual environment under `directory`, unless it is there already.
///
/// Returns the directory of the programs that it brings.
pub fn install(requirement: &str, directory: &Path) -> Result<PathBuf, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", directory.display());
    std::fs::create_dir_all(directory).map_err(failed)?;
    // Two test runs at a time must not install over each other.
    let lock = File::create(directory.join("lock")).map_err(failed)?;
    lock.lock().map_err(failed)?;

    let environment = directory.join("environment");
    let programs = environment.join("bin");
    let stamp = directory.join("installed");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == requirement) {
        return Ok(programs);
    }
    let log = directory.join("install.log");
    run(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&environment),
        &log,
    )?;
    let pip = [
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--quiet",
        requirement,
    ];
    run(Command::new(programs.join("python3")).args(pip), &log)?;
    std::fs::write(stamp, requirement).map_err(failed)?;
    Ok(programs)
}

/// Runs `command` to a success.
fn run(command: &mut Command, log: &Path) -> Result<(), String> {
    let what = format!("{command:?}");
    let open = || File::create(log).map_err(|error| format!("{}: {error}", log.display()));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(open()?)
        .stderr(open()?)
        .spawn()
        .map_err(|error| format!("{what}: {error}; {ADVICE}"))?;
    let deadline = Instant::now() + INSTALL_LIMIT;
    loop {
        let ended = child
            .try_wait()
            .map_err(|error| format!("{what}: {error}"))?;
        match ended {
            Some(status) if status.success() => return Ok(()),
            Some(status) => {
                let output = std::fs::read_to_string(log).unwrap_or_default();
                return Err(format!("{what}: {status}; {ADVICE}\n{output}"));
            }
            None if Instant::now() > deadline => {
                stop(&mut child);
                return Err(format!("{what}: not done after {INSTALL_LIMIT:?}"));
            }
            None => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// A server that runs as a process of its own; it is killed when it is dropped.
pub struct Server {
    process: Child,
    url: String,
}

impl Server {
    /// Starts a server that was told to listen on port 0 of loopback and prints the URL it listens on to standard error.
    pub fn start(command: &mut Command) -> Result<Self, String> {
        let what = format!("{command:?}");
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{what}: {error}"))?;
        let stderr = process.stderr.take().ok_or("standard error is piped")?;
        let mut server = Self {
            process,
            url: String::new(),
        };

        let (sender, lines) = mpsc::channel();
        // Reads to the end of the process, so that it never waits for a reader.
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let deadline = Instant::now() + START_LIMIT;
        let mut printed = String::new();
        while let Ok(line) = lines.recv_timeout(deadline.saturating_duration_since(Instant::now()))
        {
            if let Some(start) = line.find("http://127.0.0.1:") {
                server.url = line[start..].trim_end().to_owned();
                return Ok(server);
            }
            printed += &format!("\n{line}");
        }
        Err(format!("{what} did not start to listen:{printed}"))
    }

    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        stop(&mut self.process);
    }
}

fn stop(process: &mut Child) {
    // Both fail only if the process has ended already.
    let _ = process.kill();
    let _ = process.wait();
}
