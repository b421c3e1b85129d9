//! Lays out the crate: what every SDK shares, as `cargo xtask new-sdk` takes it, and a module for
//! every folder of snapshots.
//!
//! A file that a fixture has no snapshot of is as in that of the fixture `minimal`; here the two are
//! laid over each other.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use toml::{Table, Value};

const SDK: &str = "../../../cloudtrail-sdk";
const SNAPSHOTS: &str = "../snapshots";
const BASE: &str = "minimal";

const MODULES: &str = r#"
mod api;
mod runtime;

pub use self::api::*;

/// The generated clients, by the names of the fixtures.
pub mod fixtures;
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets `OUT_DIR`")?);
    // What is gone from the sources must not stay here.
    fs::remove_dir_all(&out)?;
    fs::create_dir(&out)?;

    let manifest = format!("{SDK}/Cargo.toml");
    println!("cargo::rerun-if-changed={manifest}");
    let manifest: Table = fs::read_to_string(manifest)?.parse()?;
    for source in shared(&manifest, "sources")? {
        let path = format!("{SDK}/src/{source}");
        println!("cargo::rerun-if-changed={path}");
        copy(Path::new(&path), &out.join(source))?;
    }
    // This crate does without most features of an SDK.
    for feature in shared(&manifest, "features")? {
        println!("cargo::rustc-check-cfg=cfg(feature, values({feature:?}))");
    }

    println!("cargo::rerun-if-changed={SNAPSHOTS}");
    let mut fixtures = String::new();
    for entry in fs::read_dir(SNAPSHOTS)? {
        let name = entry?.file_name();
        for fixture in [BASE.as_ref(), name.as_os_str()] {
            copy(
                &Path::new(SNAPSHOTS).join(fixture),
                &out.join("fixtures").join(&name),
            )?;
        }
        let name = name.display();
        fixtures += &format!("/// Generated from `fixtures/{name}.json`.\npub mod {name};\n");
    }
    fs::write(out.join("fixtures.rs"), fixtures)?;
    Ok(fs::write(out.join("modules.rs"), MODULES)?)
}

/// What `cargo xtask new-sdk` takes of the SDK.
fn shared<'a>(manifest: &'a Table, what: &str) -> Result<impl Iterator<Item = &'a str>, String> {
    let metadata = manifest
        .get("package")
        .and_then(|package| package.get("metadata"));
    metadata
        .and_then(|metadata| metadata.get("new-sdk")?.get(what)?.as_array())
        .map(|names| names.iter().filter_map(Value::as_str))
        .ok_or_else(|| format!("the SDK's manifest has no `package.metadata.new-sdk.{what}`"))
}

/// Copies a file, or all of a folder.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let name = entry?.file_name();
        copy(&from.join(&name), &to.join(&name))?;
    }
    Ok(())
}
