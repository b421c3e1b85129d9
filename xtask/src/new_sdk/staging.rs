//! Writing a folder so that no half of it is ever seen in its place.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::cargo;

/// Fails if the folder has something in it, or cannot be made.
pub fn check_free(out: &Path) -> Result<()> {
    let occupied = fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some());
    ensure!(
        !occupied && !out.is_file(),
        "{} exists already; delete it or name another folder",
        out.display()
    );
    let attempt = || match out.exists() {
        true => tempfile::tempdir_in(out).map(drop),
        false => fs::create_dir_all(out).and_then(|()| fs::remove_dir(out)),
    };
    attempt().with_context(|| format!("cannot write {}", out.display()))
}

/// A folder on its way. It stands below `target/`, where what an interrupt leaves is in nobody's way
/// and `cargo clean` deletes it.
pub struct Staging {
    _parent: TempDir,
    root: PathBuf,
}

impl Staging {
    pub fn new(workspace: &Path) -> Result<Self> {
        let folder = cargo::target(workspace)?.join("new-sdk");
        let parent = fs::create_dir_all(&folder)
            .and_then(|()| tempfile::tempdir_in(&folder))
            .with_context(|| format!("cannot write to {}", folder.display()))?;
        Ok(Self {
            // What is temporary is its owner's alone; what is in it is not.
            root: parent.path().join("crate"),
            _parent: parent,
        })
    }

    /// Writes files, by their paths below `below`.
    pub fn write(&self, below: &Path, files: &BTreeMap<PathBuf, String>) -> Result<()> {
        let root = self.root.join(below);
        let folders: BTreeSet<&Path> = files.keys().filter_map(|path| path.parent()).collect();
        for folder in folders {
            let folder = root.join(folder);
            fs::create_dir_all(&folder)
                .with_context(|| format!("cannot make {}", folder.display()))?;
        }
        for (path, text) in files {
            let path = root.join(path);
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }

    /// Moves what was written to its place.
    pub fn move_to(self, out: &Path) -> Result<()> {
        let attempt = || -> io::Result<()> {
            if out.exists() {
                fs::remove_dir(out)?;
            }
            fs::create_dir_all(out.parent().unwrap_or(out))?;
            match fs::rename(&self.root, out) {
                Err(error) if error.kind() == ErrorKind::CrossesDevices => copy(&self.root, out)
                    .inspect_err(|_| {
                        let _ = fs::remove_dir_all(out);
                    }),
                renamed => renamed,
            }
        };
        attempt().with_context(|| format!("cannot write {}", out.display()))
    }
}

/// Copies a folder. The files come after the folders in it, so that one with a manifest is whole.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    let mut files = Vec::new();
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &to.join(entry.file_name()))?,
            false => files.push(entry),
        }
    }
    for file in files {
        fs::copy(file.path(), to.join(file.file_name()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_every_file() {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("from");
        fs::create_dir_all(from.join("a/b")).unwrap();
        for path in ["x", "a/y", "a/b/z"] {
            fs::write(from.join(path), path).unwrap();
        }
        let to = folder.path().join("to");
        copy(&from, &to).unwrap();
        for path in ["x", "a/y", "a/b/z"] {
            assert_eq!(fs::read_to_string(to.join(path)).unwrap(), path);
        }
    }
}
