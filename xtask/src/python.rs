//! Python, which some commands need: `pip` fetches packages, and some suites are written in it.
//!
//! Nothing is ever installed into the user's Python: packages are downloaded as files or go into
//! virtual environments under `target/`.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

const HOW_TO_INSTALL: &str = "install Python 3.9 or newer with pip and venv \
    (Debian and Ubuntu: `apt install python3 python3-pip python3-venv`; \
    macOS: `brew install python`)";

/// The name of a Python 3 that runs here.
pub fn interpreter() -> Result<&'static str> {
    ["python3", "python"]
        .into_iter()
        .find(|name| {
            Command::new(name)
                .args(["-c", "import sys; sys.exit(sys.version_info < (3, 9))"])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success())
        })
        .with_context(|| format!("no Python 3 was found on PATH: {HOW_TO_INSTALL}"))
}

/// Runs `python` with `args`, and fails with what it printed on standard error.
pub fn run(python: impl AsRef<OsStr>, args: &[impl AsRef<OsStr>]) -> Result<String> {
    let python = python.as_ref();
    let output = Command::new(python)
        .args(args)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{} could not be started", python.display()))?;
    if output.status.success() {
        return String::from_utf8(output.stdout)
            .with_context(|| format!("{} printed something else than UTF-8", python.display()));
    }
    // `venv` explains itself on standard output.
    let said = [&*output.stderr, &*output.stdout].map(String::from_utf8_lossy);
    bail!(explain(python, &said.join("\n")));
}

fn explain(python: &OsStr, said: &str) -> String {
    let python = python.display();
    let said = said.trim();
    for module in ["pip", "venv", "ensurepip"] {
        if said.contains(&format!("No module named {module}"))
            || said.contains(&format!("{module} is not available"))
        {
            return format!("{python} has no module {module}: {HOW_TO_INSTALL}");
        }
    }
    // pip lists every version there is in a single line.
    let lines = said.lines().map(|line| match line.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    });
    format!("{python} failed:\n{}", lines.collect::<Vec<_>>().join("\n"))
}

/// The Python of a virtual environment in `dir` that has `requirements` installed.
///
/// The environment is made once. It is made anew when the requirements differ from those it was
/// made for, which a stamp file in it tells; the stamp is written last, so an interrupted
/// installation is not taken for a finished one.
pub fn venv(dir: &Path, requirements: &[&str]) -> Result<PathBuf> {
    let python = if cfg!(windows) {
        dir.join("Scripts").join("python.exe")
    } else {
        dir.join("bin").join("python")
    };
    let stamp = dir.join("requirements.stamp");
    let wanted = requirements.join("\n");
    let is_current = fs::read_to_string(&stamp).is_ok_and(|made_for| made_for == wanted);
    if is_current && python.exists() {
        return Ok(python);
    }

    // `--clear` empties the directory first.
    let path = dir.as_os_str();
    run(
        interpreter()?,
        &["-m", "venv", "--clear"]
            .map(OsStr::new)
            .into_iter()
            .chain([path])
            .collect::<Vec<_>>(),
    )
    .with_context(|| format!("cannot make a virtual environment in {}", dir.display()))?;
    if !requirements.is_empty() {
        let install = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ];
        run(&python, &[&install[..], requirements].concat())
            .with_context(|| format!("cannot install {}", requirements.join(", ")))?;
    }
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(python)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_module_is_explained() {
        let said = explain(
            OsStr::new("python3"),
            "/usr/bin/python3: No module named pip\n",
        );
        assert!(
            said.starts_with("python3 has no module pip: install Python"),
            "{said}"
        );
    }

    #[test]
    fn any_other_failure_is_quoted() {
        let said = explain(OsStr::new("python3"), "ERROR: no matching distribution\n");
        assert_eq!(said, "python3 failed:\nERROR: no matching distribution");
    }

    #[test]
    fn a_failure_carries_what_python_said() {
        let python = interpreter().expect("the tests of this workspace need Python");
        let error = run(python, &["-c", "import sys; sys.exit('out of cheese')"])
            .expect_err("it exits with 1");
        assert!(
            error.to_string().ends_with("failed:\nout of cheese"),
            "{error}"
        );
    }

    #[test]
    fn a_virtual_environment_is_reused() {
        let parent = tempfile::tempdir().expect("a directory for the test");
        let dir = parent.path().join("venv");
        let python = venv(&dir, &[]).expect("a virtual environment");
        let marker = dir.join("marker");
        fs::write(&marker, "").expect("the environment is writable");
        assert_eq!(venv(&dir, &[]).expect("the same one"), python);
        assert!(marker.exists());
    }
}
