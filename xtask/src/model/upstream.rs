//! The files of botocore that `models/` is made from: fetching them and knowing them again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::python;

/// `models/upstream.toml`: what was read, and how to tell that it is still the same.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Pins {
    pub package: String,
    pub version: String,
    /// The day on which the files were read, as YYYY-MM-DD.
    pub read: String,
    /// SHA-256 of the wheel and of each file in it that is read, in hexadecimal.
    pub sha256: BTreeMap<String, String>,
}

impl Pins {
    pub fn read(path: &Path) -> Result<Self> {
        let text =
            fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is malformed", path.display()))
    }

    pub fn to_toml(&self) -> Result<String> {
        let body = toml::to_string(self)?;
        Ok(format!(
            "# What `cargo xtask model import` has read. \
             Written by that command; do not edit.\n\n{body}"
        ))
    }

    /// Fails unless `files`, of a wheel in `cache`, are exactly the pinned ones.
    pub fn check(&self, files: &BTreeMap<String, String>, cache: &Path) -> Result<()> {
        let mut wrong = String::new();
        for (name, expected) in &self.sha256 {
            match files.get(name) {
                Some(found) if found == expected => {}
                Some(found) => {
                    wrong += &format!("\n  {name}\n    expected {expected}\n    found    {found}")
                }
                None => {
                    wrong +=
                        &format!("\n  {name}\n    expected {expected}\n    found    no such file")
                }
            }
        }
        for (name, found) in files {
            if !self.sha256.contains_key(name) {
                wrong += &format!("\n  {name}\n    expected no pin\n    found    {found}");
            }
        }
        ensure!(
            wrong.is_empty(),
            "{} {} is not what models/upstream.toml pins (SHA-256):{wrong}\n\
             delete {} to download the wheel again; if that does not help, find out why it differs \
             before you trust it",
            self.package,
            self.version,
            cache.display(),
        );
        Ok(())
    }
}

/// A wheel of botocore on this machine.
pub struct Wheel {
    path: PathBuf,
}

/// A file inside a wheel.
pub struct SourceFile {
    /// Its path in the wheel, with `.gz` where it is compressed there.
    pub path: String,
    /// Of the bytes in the wheel.
    pub sha256: String,
    /// Decompressed.
    pub text: String,
}

impl Wheel {
    /// Downloads a version of `package` to `dir`, or takes the wheel that is there already.
    pub fn fetch(package: &str, version: &str, dir: &Path) -> Result<Self> {
        ensure!(
            !version.is_empty()
                && version
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '.'),
            "`{version}` is no version of {package}"
        );
        let path = dir.join(format!("{package}-{version}-py3-none-any.whl"));
        if !path.exists() {
            fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
            // pip writes to a directory of its own, so that `path` is there whole or not at all.
            let download = tempfile::tempdir_in(dir)?;
            let requirement = format!("{package}=={version}");
            let target = download.path().to_string_lossy();
            python::run(
                python::interpreter()?,
                &[
                    "-m",
                    "pip",
                    "download",
                    "--quiet",
                    "--disable-pip-version-check",
                    "--no-deps",
                    "--only-binary",
                    ":all:",
                    "--dest",
                    &target,
                    &requirement,
                ],
            )
            .with_context(|| format!("cannot download {requirement}"))?;
            let name = path.file_name().context("a wheel has a name")?;
            fs::rename(download.path().join(name), &path)
                .with_context(|| format!("pip did not download {}", path.display()))?;
        }
        Ok(Self { path })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Fails unless the wheel is the pinned one. What is in it is as it was, then.
    pub fn check(&self, pins: &Pins) -> Result<()> {
        let (name, found) = (self.file_name(), self.sha256()?);
        let expected = pins.sha256.get(&name);
        ensure!(
            expected == Some(&found),
            "{name} is not what models/upstream.toml pins (SHA-256): expected {}, found {found}",
            expected.map_or("no such file", String::as_str),
        );
        Ok(())
    }

    pub fn file_name(&self) -> String {
        let name = self.path.file_name().unwrap_or(self.path.as_os_str());
        name.to_string_lossy().into_owned()
    }

    pub fn sha256(&self) -> Result<String> {
        let bytes =
            fs::read(&self.path).with_context(|| format!("cannot read {}", self.path.display()))?;
        Ok(hex_sha256(&bytes))
    }

    /// Reads files by their paths in the wheel. A path stands for the file or its `.gz`; the choice
    /// between the two changes from release to release.
    pub fn read<const N: usize>(&self, paths: [&str; N]) -> Result<[SourceFile; N]> {
        // zipfile and gzip come with Python, which is needed for pip anyway.
        const EXTRACT: &str = "\
import gzip, sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
names = set(wheel.namelist())
for path in sys.argv[3:]:
    name = path if path in names else path + '.gz'
    if name not in names:
        sys.exit(f'neither {path} nor {path}.gz is in {sys.argv[1]}')
    wheel.extract(name, sys.argv[2])
    if name != path:
        with open(f'{sys.argv[2]}/{path}', 'wb') as plain:
            plain.write(gzip.decompress(wheel.read(name)))
";
        let out = tempfile::tempdir()?;
        let wheel = self.path.to_string_lossy();
        let target = out.path().to_string_lossy();
        let args = [&["-c", EXTRACT, &wheel, &target][..], &paths].concat();
        python::run(python::interpreter()?, &args)
            .with_context(|| format!("cannot unpack {}", self.path.display()))?;

        let files: Vec<SourceFile> = paths
            .iter()
            .map(|path| read_extracted(out.path(), path))
            .collect::<Result<_>>()?;
        files.try_into().ok().context("each path gives one file")
    }
}

fn read_extracted(dir: &Path, path: &str) -> Result<SourceFile> {
    let read = |path: &str| fs::read(dir.join(path)).with_context(|| format!("cannot read {path}"));
    let plain = read(path)?;
    let compressed = format!("{path}.gz");
    let (name, sha256) = if dir.join(&compressed).exists() {
        let bytes = read(&compressed)?;
        (compressed, hex_sha256(&bytes))
    } else {
        (path.to_owned(), hex_sha256(&plain))
    };
    Ok(SourceFile {
        path: name,
        sha256,
        text: String::from_utf8(plain).with_context(|| format!("{path} is not UTF-8"))?,
    })
}

pub fn hex_sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pins() -> Pins {
        Pins {
            package: "botocore".into(),
            version: "1.2.3".into(),
            read: "2026-01-02".into(),
            sha256: files(&[("a.json", "aa"), ("b.json.gz", "bb")]),
        }
    }

    fn files(hashes: &[(&str, &str)]) -> BTreeMap<String, String> {
        let hashes = hashes.iter();
        hashes
            .map(|(name, hash)| (name.to_string(), hash.to_string()))
            .collect()
    }

    #[test]
    fn pins_survive_being_written() {
        let pins = pins();
        let read: Pins = toml::from_str(&pins.to_toml().expect("TOML")).expect("the same pins");
        assert_eq!((read.version, read.sha256), (pins.version, pins.sha256));
    }

    #[test]
    fn the_pinned_files_pass() {
        let cache = Path::new("target/upstream");
        pins()
            .check(&pins().sha256, cache)
            .expect("they are the same");
    }

    #[test]
    fn a_mismatch_names_file_expected_and_found() {
        let found = files(&[("a.json", "aa"), ("b.json", "bb")]);
        assert_eq!(
            pins()
                .check(&found, Path::new("target/upstream"))
                .expect_err("b.json is not compressed")
                .to_string(),
            "botocore 1.2.3 is not what models/upstream.toml pins (SHA-256):\n  \
             b.json.gz\n    expected bb\n    found    no such file\n  \
             b.json\n    expected no pin\n    found    bb\n\
             delete target/upstream to download the wheel again; if that does not help, find out \
             why it differs before you trust it"
        );
    }

    #[test]
    fn a_version_cannot_smuggle_anything_in() {
        let dir = tempfile::tempdir().expect("a directory for the test");
        for version in ["", "1.0;x", "../1"] {
            let error = Wheel::fetch("botocore", version, dir.path())
                .err()
                .expect("no version");
            assert_eq!(
                error.to_string(),
                format!("`{version}` is no version of botocore")
            );
        }
    }
}
