//! Python, which some commands need: `pip` fetches packages.
//!
//! Nothing is ever installed into the user's Python: packages are downloaded as files.

use std::ffi::OsStr;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

const HOW_TO_INSTALL: &str = "install Python 3.10 or newer with pip \
    (Debian and Ubuntu: `apt install python3 python3-pip`; \
    macOS: `brew install python`)";

/// The name of a Python 3 that runs here.
pub fn interpreter() -> Result<&'static str> {
    ["python3", "python"]
        .into_iter()
        .find(|name| {
            Command::new(name)
                .args(["-c", "import sys; sys.exit(sys.version_info < (3, 10))"])
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
    bail!(explain(python, &String::from_utf8_lossy(&output.stderr)));
}

fn explain(python: &OsStr, said: &str) -> String {
    let python = python.display();
    let said = said.trim();
    if said.contains("No module named pip") {
        return format!("{python} has no module pip: {HOW_TO_INSTALL}");
    }
    // pip lists every version there is in a single line.
    let lines = said.lines().map(|line| match line.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    });
    format!("{python} failed:\n{}", lines.collect::<Vec<_>>().join("\n"))
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
}
