//! Fetching the suites: by pip and by cargo, each checked against its pin, kept where cargo builds.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::Value;

use super::read;
use crate::model::upstream::{Pins, hex_sha256};
use crate::{cargo, python};

const PINS: &str = "models/suites.toml";

/// `models/suites.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SuitePins {
    /// SHA-256 of the file that pip downloads.
    botocore_sdist: String,
    crates: BTreeMap<String, CratePin>,
    /// Versions of the Python packages that botocore needs.
    python: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CratePin {
    version: String,
    sha256: String,
}

/// Where the suites are.
pub struct Sources {
    /// The unpacked sdist.
    pub botocore: PathBuf,
    /// The crate aws-runtime.
    pub aws_runtime: PathBuf,
    /// The crate aws-smithy-types.
    pub smithy_types: PathBuf,
    /// The Python packages that botocore needs.
    pub python_packages: PathBuf,
}

impl Sources {
    pub fn fetch(workspace: &Path) -> Result<Self> {
        let target = cargo::target(workspace)?;
        let pins: SuitePins = toml::from_str(&read(&workspace.join(PINS))?)
            .with_context(|| format!("{PINS} is malformed"))?;
        let botocore = Pins::read(&workspace.join("models/upstream.toml"))?;
        let upstream = target.join("upstream");
        fs::create_dir_all(&upstream)
            .with_context(|| format!("cannot make {}", upstream.display()))?;
        let crates = target.join("conformance/crates");
        Ok(Self {
            botocore: sdist(&botocore, &pins.botocore_sdist, &upstream)?,
            aws_runtime: crate_source("aws-runtime", &pins.crates, &crates)?,
            smithy_types: crate_source("aws-smithy-types", &pins.crates, &crates)?,
            python_packages: python_packages(&pins.python, &upstream)?,
        })
    }
}

/// Downloads the sdist and unpacks it.
fn sdist(botocore: &Pins, sha256: &str, dir: &Path) -> Result<PathBuf> {
    // tarfile comes with Python, which is needed for pip anyway.
    const EXTRACT: &str = "\
import sys, tarfile
with tarfile.open(sys.argv[1]) as archive:
    archive.extractall(sys.argv[2], filter='data')
";
    let name = format!("{}-{}", botocore.package, botocore.version);
    let archive = dir.join(format!("{name}.tar.gz"));
    if !archive.exists() {
        let requirement = format!("{}=={}", botocore.package, botocore.version);
        // pip writes to a folder of its own, so that `archive` is there whole or not at all.
        let download = tempfile::tempdir_in(dir)?;
        pip(&[
            "download",
            "--no-deps",
            "--no-binary",
            ":all:",
            "--dest",
            &download.path().to_string_lossy(),
            &requirement,
        ])
        .with_context(|| format!("cannot download the sdist of {requirement}"))?;
        fs::rename(download.path().join(format!("{name}.tar.gz")), &archive)
            .with_context(|| format!("pip did not download {name}.tar.gz"))?;
    }
    let bytes = fs::read(&archive).with_context(|| format!("cannot read {}", archive.display()))?;
    let found = hex_sha256(&bytes);
    ensure!(
        found == sha256,
        "{} is not what {PINS} pins (SHA-256)\n  expected {sha256}\n  found    {found}\n\
         delete it to download it again; if that does not help, find out why it differs before \
         you trust it",
        archive.display()
    );
    let folder = dir.join(&name);
    if !folder.exists() {
        let staging = tempfile::tempdir_in(dir)?;
        python::run(
            python::interpreter()?,
            &[
                "-c",
                EXTRACT,
                &archive.to_string_lossy(),
                &staging.path().to_string_lossy(),
            ],
        )
        .with_context(|| format!("cannot unpack {}", archive.display()))?;
        fs::rename(staging.path().join(&name), &folder)
            .with_context(|| format!("{} holds no folder {name}", archive.display()))?;
    }
    Ok(folder)
}

/// The source of a crate, which cargo fetches for a project below `dir` that depends on it.
fn crate_source(name: &str, pins: &BTreeMap<String, CratePin>, dir: &Path) -> Result<PathBuf> {
    let CratePin { version, sha256 } = pins
        .get(name)
        .with_context(|| format!("{PINS} does not pin the crate {name}"))?;
    let project = &dir.join(name);
    fs::create_dir_all(project.join("src"))
        .with_context(|| format!("cannot make {}", project.display()))?;
    fs::write(project.join("src/lib.rs"), "")?;
    fs::write(
        project.join("Cargo.toml"),
        format!(
            "[package]\nname = \"crates\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\n{name} = \"={version}\"\n"
        ),
    )?;
    let output = cargo::command(project)
        .args(["metadata", "--quiet", "--format-version", "1"])
        .output()
        .context("cannot run cargo")?;
    ensure!(
        output.status.success(),
        "cargo cannot fetch {name} {version}:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    // cargo checks what it downloads against the lock file.
    let lock: toml::Table = toml::from_str(&read(&project.join("Cargo.lock"))?)?;
    let found = lock
        .get("package")
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten()
        .find(|package| package.get("name").and_then(toml::Value::as_str) == Some(name))
        .and_then(|package| package.get("checksum")?.as_str())
        .unwrap_or("no checksum");
    ensure!(
        found == sha256,
        "the crate {name} {version} is not what {PINS} pins (SHA-256)\n  \
         expected {sha256}\n  found    {found}\nfind out why it differs before you trust it"
    );
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let manifest = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|package| package["name"] == name)
        .and_then(|package| package["manifest_path"].as_str())
        .with_context(|| format!("cargo does not say where it keeps {name}"))?;
    let folder = Path::new(manifest).parent();
    Ok(folder.context("a manifest is in a folder")?.to_owned())
}

/// A folder with the Python packages, which is put on Python's path and nowhere else.
fn python_packages(versions: &BTreeMap<String, String>, dir: &Path) -> Result<PathBuf> {
    let requirements: Vec<String> = versions
        .iter()
        .map(|(name, version)| format!("{name}=={version}"))
        .collect();
    // Named after its content, so that other versions get another folder.
    let folder = dir.join(format!(
        "python-{}",
        requirements.join("-").replace("==", "-")
    ));
    if !folder.exists() {
        let staging = tempfile::tempdir_in(dir)?;
        let target = staging.path().to_string_lossy();
        let mut arguments = vec!["install", "--no-deps", "--target", &target];
        arguments.extend(requirements.iter().map(String::as_str));
        pip(&arguments).context("cannot install what botocore needs")?;
        fs::rename(staging.keep(), &folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
    }
    Ok(folder)
}

fn pip(arguments: &[&str]) -> Result<String> {
    let pip = ["-m", "pip", "--quiet", "--disable-pip-version-check"];
    python::run(python::interpreter()?, &[&pip[..], arguments].concat())
}
