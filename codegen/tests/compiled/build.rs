//! Makes a module of every folder of snapshots.
//!
//! A file that a fixture has no snapshot of is as in that of the fixture `bare`; here the two are
//! laid over each other.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

const SNAPSHOTS: &str = "../snapshots";
const BASE: &str = "bare";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={SNAPSHOTS}");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let mut modules = String::new();
    for entry in fs::read_dir(SNAPSHOTS)? {
        let name = entry?.file_name();
        let module = out.join(&name);
        for fixture in [BASE.as_ref(), name.as_os_str()] {
            copy(&Path::new(SNAPSHOTS).join(fixture), &module)?;
        }
        let root = module.join("mod.rs");
        modules += &format!("fixture!({}, {root:?});\n", name.display());
    }
    fs::write(out.join("fixtures.rs"), modules)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}
