//! What every SDK shares: the part of `cloudtrail-sdk` that the table `package.metadata.new-sdk` of
//! its manifest lists.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use toml::{Table, Value};

const SDK: &str = "cloudtrail-sdk";
/// What a crate has of the SDK's own description.
const PACKAGE: [&str; 7] = [
    "categories",
    "edition",
    "include",
    "license",
    "readme",
    "rust-version",
    "version",
];

/// The names of what is shared.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct List {
    /// Files and whole folders in `src`.
    sources: Vec<PathBuf>,
    features: Vec<String>,
    dependencies: Vec<String>,
    dev_dependencies: Vec<String>,
}

impl List {
    fn read(manifest: &Table) -> Result<Self> {
        let list = metadata(manifest, "new-sdk")?.clone();
        list.try_into()
            .with_context(|| format!("{SDK}/Cargo.toml: package.metadata.new-sdk"))
    }

    /// Keeps the entries of a feature that lead to what is shared.
    fn retain(&self, entries: &mut Value) {
        if let Some(entries) = entries.as_array_mut() {
            entries.retain(|entry| entry.as_str().is_some_and(|entry| self.has(entry)));
        }
    }

    fn has(&self, entry: &str) -> bool {
        let dependency = entry
            .strip_prefix("dep:")
            .or_else(|| Some(entry.split_once('/')?.0.trim_end_matches('?')));
        match dependency {
            Some(dependency) => self.dependencies.iter().any(|name| name == dependency),
            None => self.features.iter().any(|name| name == entry),
        }
    }
}

/// The shared files, by their paths in `src`.
pub fn sources(workspace: &Path) -> Result<BTreeMap<PathBuf, String>> {
    let list = List::read(&sdk_manifest(workspace)?)?;
    let root = workspace.join(SDK).join("src");
    let mut sources = BTreeMap::new();
    for path in &list.sources {
        collect(&root, path, &mut sources)?;
    }
    Ok(sources)
}

/// A file, or every file of a folder.
fn collect(root: &Path, path: &Path, found: &mut BTreeMap<PathBuf, String>) -> Result<()> {
    let place = root.join(path);
    if !place.is_dir() {
        found.insert(path.to_owned(), super::read(&place)?);
        return Ok(());
    }
    let entries =
        fs::read_dir(&place).with_context(|| format!("cannot read {}", place.display()))?;
    for entry in entries {
        collect(root, &path.join(entry?.file_name()), found)?;
    }
    Ok(())
}

/// The shared part of the manifest, with what it takes from the workspace written out. It has no
/// name yet.
pub fn manifest(workspace: &Path) -> Result<Table> {
    let root = parse(workspace, "Cargo.toml")?;
    let sdk = sdk_manifest(workspace)?;
    let list = List::read(&sdk)?;
    let mut manifest = Table::new();

    let mut package = pick(&sdk, "package", &PACKAGE)?;
    for (key, value) in package.iter_mut().filter(|(_, value)| inherits(value)) {
        *value = of_workspace(&root, "package", key)?;
    }
    let mut docs = metadata(&sdk, "docs")?.clone();
    if let Some(features) = docs.get_mut("rs").and_then(|rs| rs.get_mut("features")) {
        list.retain(features);
    }
    let metadata = Table::from_iter([("docs".to_owned(), docs)]);
    package.insert("metadata".to_owned(), metadata.into());
    manifest.insert("package".to_owned(), package.into());

    let mut features = pick(&sdk, "features", &list.features)?;
    for (_, entries) in &mut features {
        list.retain(entries);
    }
    manifest.insert("features".to_owned(), features.into());

    for (table, names) in [
        ("dependencies", &list.dependencies),
        ("dev-dependencies", &list.dev_dependencies),
    ] {
        let mut dependencies = pick(&sdk, table, names)?;
        for (name, value) in dependencies.iter_mut().filter(|(_, value)| inherits(value)) {
            *value = merge(of_workspace(&root, "dependencies", name)?, value.clone())?;
        }
        manifest.insert(table.to_owned(), dependencies.into());
    }
    Ok(manifest)
}

fn metadata<'a>(manifest: &'a Table, table: &str) -> Result<&'a Value> {
    manifest
        .get("package")
        .and_then(|package| package.get("metadata")?.get(table))
        .with_context(|| format!("{SDK}/Cargo.toml has no `package.metadata.{table}`"))
}

/// The entries of a table that have these names.
fn pick(manifest: &Table, table: &str, names: &[impl AsRef<str>]) -> Result<Table> {
    let entry = |name: &str| {
        let value = manifest.get(table).and_then(|table| table.get(name));
        let value = value.with_context(|| format!("{SDK}/Cargo.toml has no `{table}.{name}`"))?;
        Ok((name.to_owned(), value.clone()))
    };
    names.iter().map(|name| entry(name.as_ref())).collect()
}

fn inherits(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}

/// What the workspace has for its members.
fn of_workspace(root: &Table, table: &str, key: &str) -> Result<Value> {
    root.get("workspace")
        .and_then(|workspace| workspace.get(table)?.get(key))
        .cloned()
        .with_context(|| format!("Cargo.toml has no `workspace.{table}.{key}`"))
}

/// A dependency of the workspace with what a member adds to it.
fn merge(base: Value, member: Value) -> Result<Value> {
    let mut merged = match base {
        Value::String(version) => Table::from_iter([("version".to_owned(), version.into())]),
        Value::Table(table) => table,
        other => bail!("a dependency is neither a version nor a table: {other}"),
    };
    let Value::Table(member) = member else {
        return Ok(merged.into());
    };
    for (key, value) in member {
        match (key.as_str(), merged.get_mut(&key), value) {
            ("workspace", ..) => {}
            ("features", Some(Value::Array(features)), Value::Array(more)) => features.extend(more),
            (_, _, value) => {
                merged.insert(key, value);
            }
        }
    }
    Ok(merged.into())
}

fn sdk_manifest(workspace: &Path) -> Result<Table> {
    parse(workspace, &format!("{SDK}/Cargo.toml"))
}

fn parse(workspace: &Path, path: &str) -> Result<Table> {
    toml::from_str(&super::read(&workspace.join(path))?)
        .with_context(|| format!("{path} is malformed"))
}
