//! `cargo xtask bench`: this SDK and the official one, side by side, on this machine.
//!
//! The programs stand in `tests/bench/`, a workspace of its own: the official SDK is compiled by this
//! command alone.

mod build;
mod calls;
mod table;

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail, ensure};

use self::table::Table;
use crate::cargo;

#[derive(clap::Args)]
pub struct Arguments {
    /// Leaves out what has to be built from nothing.
    #[arg(long)]
    quick: bool,
    /// Writes the table to this file as well.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// One of the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Ours,
    Official,
}

impl Side {
    /// In the order in which they are measured.
    const BOTH: [Self; 2] = [Self::Ours, Self::Official];

    /// The package in `tests/bench/`, and the end of its programs' names.
    fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Official => "official",
        }
    }

    /// The crate that is measured.
    fn sdk(self) -> &'static str {
        match self {
            Self::Ours => "cloudtrail-sdk",
            Self::Official => "aws-sdk-cloudtrail",
        }
    }
}

/// A figure of each side.
type Pair = [f64; 2];

/// Where things are.
struct Bench {
    workspace: PathBuf,
    target: PathBuf,
}

pub fn run(arguments: Arguments, workspace: &Path) -> Result<ExitCode> {
    // Before what takes long: a table that cannot be written would be lost.
    let mut out = arguments.out.as_deref().map(Out::open).transpose()?;
    let bench = Bench {
        workspace: workspace.join("tests/bench"),
        target: cargo::target(workspace)?.join("bench"),
    };
    bench.check_tools()?;
    let mut table = Table::default();
    build::measure(&bench, arguments.quick, &mut table)?;
    calls::measure(&bench, &mut table)?;
    let markdown = table.markdown();
    println!("\n{markdown}");
    if let Some(out) = &mut out {
        out.write(&markdown)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The file that the table goes to.
struct Out<'a> {
    path: &'a Path,
    file: File,
}

impl<'a> Out<'a> {
    /// Opens the file, and leaves what is in it until there is something else to write.
    fn open(path: &'a Path) -> Result<Self> {
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).open(path);
        let file = file.with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { path, file })
    }

    fn write(&mut self, text: &str) -> Result<()> {
        self.file
            .set_len(0)
            .and_then(|()| self.file.write_all(text.as_bytes()))
            .with_context(|| format!("cannot write {}", self.path.display()))
    }
}

impl Bench {
    fn check_tools(&self) -> Result<()> {
        let valgrind = Command::new("valgrind")
            .arg("--version")
            .stdout(Stdio::null())
            .status();
        ensure!(
            valgrind.is_ok_and(|status| status.success()),
            "valgrind is missing: it counts instructions. Install it, on Debian with \
             `apt-get install valgrind`"
        );
        ensure!(
            cfg!(target_os = "linux"),
            "memory is read from /proc, which only Linux has"
        );
        // From here on nothing is downloaded.
        self.cargo(&self.target, &["fetch", "--locked"])
    }

    /// Runs cargo in the workspace of the bench, quietly.
    fn cargo(&self, target: &Path, arguments: &[&str]) -> Result<()> {
        let output = self.cargo_command(target, arguments).output()?;
        if !output.status.success() {
            bail!(
                "`cargo {}` failed in {}:\n{}",
                arguments.join(" "),
                self.workspace.display(),
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(())
    }

    fn cargo_command(&self, target: &Path, arguments: &[&str]) -> Command {
        let mut command = cargo::command(&self.workspace);
        command
            .args(arguments)
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_INCREMENTAL", "0");
        command
    }

    /// A program that was built in release.
    fn program(&self, name: &str) -> PathBuf {
        self.target.join("release").join(name)
    }
}

/// The median of some figures.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// A figure of each side, in turn, so that what slows the machine down slows both down.
fn alternate(times: usize, mut figure: impl FnMut(Side) -> Result<f64>) -> Result<Pair> {
    let mut figures = [Vec::new(), Vec::new()];
    for _ in 0..times {
        for (side, figures) in Side::BOTH.into_iter().zip(&mut figures) {
            figures.push(figure(side)?);
        }
    }
    Ok(figures.map(median))
}

/// Runs a command to its end, and tells how many seconds of CPU it and its children took.
fn cpu_seconds(command: &Command) -> Result<f64> {
    // The shell's `times` prints, in its second line, user and system time of what it has run.
    let mut shell = Command::new("sh");
    shell
        .args(["-c", r#""$@" >&2 && times"#, "sh"])
        .arg(command.get_program())
        .args(command.get_args())
        .stderr(Stdio::piped());
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let output = shell.output()?;
    ensure!(
        output.status.success(),
        "{command:?} failed:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout)?;
    let line = text.lines().nth(1).context("`times` printed one line")?;
    line.split_whitespace().map(seconds).sum()
}

/// `1m2.345s` as seconds.
fn seconds(text: &str) -> Result<f64> {
    let parsed = text
        .trim_end_matches('s')
        .split_once('m')
        .and_then(|(minutes, seconds)| {
            Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?)
        });
    parsed.with_context(|| format!("`{text}` is not a time"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        assert_eq!(seconds("0m0.010s").unwrap(), 0.01);
        assert_eq!(seconds("7m41.500s").unwrap(), 461.5);
        assert!(seconds("7").is_err());
    }

    #[test]
    fn a_table_replaces_the_last_one_when_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bench.md");
        std::fs::write(&path, "the last one").unwrap();
        let mut out = Out::open(&path).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "the last one");
        out.write("new").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
    }
}
