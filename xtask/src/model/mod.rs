//! `cargo xtask model`: making `models/` from upstream, and comparing the two.

mod botocore;
pub mod convert;
mod corrections;
mod diff;
mod ordered;
mod overlay;
mod prose;
pub mod services;
mod smithy;
pub mod upstream;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::Value;

use crate::{cargo, python};
use convert::{Conversion, to_smithy};
use upstream::{Pins, SourceFile, Wheel};

/// Where the service is in the wheel.
const SERVICE: &str = "botocore/data/cloudtrail/2013-11-01";

#[derive(clap::Subcommand)]
pub enum Command {
    /// Write the model anew from botocore.
    ///
    /// Writes models/cloudtrail/service.json and models/partitions.json. The files read must have
    /// the hashes that models/upstream.toml pins; another version is pinned by naming it.
    Import {
        /// Go to this version of botocore, and pin it.
        #[arg(long)]
        version: Option<String>,
    },
    /// Print how the API that botocore describes differs from the one in models/.
    ///
    /// Exits with 0 where nothing differs, 1 where something does, and 2 where the two cannot be
    /// compared.
    Diff {
        /// Compare with this version of botocore instead of the pinned one.
        #[arg(long)]
        version: Option<String>,
        /// Compare documentation instead: list sentences of the overlay that botocore has as well.
        #[arg(long)]
        prose: bool,
    },
}

pub fn run(command: Command, workspace: &Path) -> Result<ExitCode> {
    match command {
        Command::Import { version } => import(workspace, version).map(|()| ExitCode::SUCCESS),
        Command::Diff { version, prose } => Ok(match diff(workspace, version, prose) {
            Ok(false) => ExitCode::SUCCESS,
            Ok(true) => ExitCode::from(1),
            Err(error) => {
                eprintln!("error: {error:#}");
                ExitCode::from(2)
            }
        }),
    }
}

/// The files that make up `models/`.
struct Paths {
    models: PathBuf,
    service: PathBuf,
    overlay: PathBuf,
    partitions: PathBuf,
    pins: PathBuf,
}

impl Paths {
    fn new(workspace: &Path) -> Self {
        let models = workspace.join("models");
        Self {
            service: models.join("cloudtrail").join("service.json"),
            overlay: models.join("cloudtrail").join("overlay.json"),
            partitions: models.join("partitions.json"),
            pins: models.join("upstream.toml"),
            models,
        }
    }
}

fn import(workspace: &Path, version: Option<String>) -> Result<()> {
    let paths = Paths::new(workspace);
    let pins = Pins::read(&paths.pins)?;
    let upstream = Upstream::obtain(workspace, &pins, version)?;
    let Conversion { model, notes } = upstream.convert()?;

    // Everything that can fail comes before the first write.
    let mut files = vec![
        (&paths.service, to_json(&model)?),
        (&paths.partitions, to_json(&upstream.partitions()?)?),
    ];
    if let Some(pins) = upstream.new_pins(&pins)? {
        files.push((&paths.pins, pins.to_toml()?));
    }
    write_all(&paths.models, &files)?;

    for note in notes {
        println!("note: {note}");
    }
    let operations = model
        .shapes
        .values()
        .filter(|shape| shape.kind == "operation")
        .count();
    println!(
        "{} {}: {operations} operations, {} shapes in all",
        pins.package,
        upstream.version,
        model.shapes.len()
    );
    Ok(())
}

/// Whether anything differs.
fn diff(workspace: &Path, version: Option<String>, prose: bool) -> Result<bool> {
    let paths = Paths::new(workspace);
    let pins = Pins::read(&paths.pins)?;
    if prose {
        let upstream = Upstream::obtain(workspace, &pins, version)?;
        return diff_prose(&paths, &upstream);
    }
    let ours = assemble(&read(&paths.service)?, &read(&paths.overlay)?)?;
    let our_partitions: Value = read_json(&paths.partitions)?;

    let upstream = Upstream::obtain(workspace, &pins, version)?;
    let imported = upstream.convert()?.model;
    // What the overlay adds stands on both sides, so it makes no difference.
    let mut overlay: Value = read_json(&paths.overlay)?;
    overlay::retain_applicable(&mut overlay, &imported);
    let theirs = assemble(&to_json(&imported)?, &overlay.to_string())?;

    let mut changes = diff::models(&ours, &theirs);
    changes.extend(diff::partitions(&our_partitions, &upstream.partitions()?));
    if changes.is_empty() {
        println!(
            "no differences between models/ and {} {}",
            pins.package, upstream.version
        );
        return Ok(false);
    }
    println!(
        "{} {} against models/\n\n{changes}",
        pins.package, upstream.version
    );
    Ok(true)
}

/// Whether a sentence of the overlay is one of botocore's.
fn diff_prose(paths: &Paths, upstream: &Upstream) -> Result<bool> {
    let theirs = serde_json::from_str(&upstream.service.text)
        .with_context(|| format!("{} is not JSON", upstream.service.path))?;
    let shared = prose::shared(&read_json(&paths.overlay)?, &theirs);
    for shared in &shared {
        println!("{}: {}", shared.id, shared.sentence);
    }
    println!(
        "{} sentences of overlay.json stand in botocore {} as well",
        shared.len(),
        upstream.version
    );
    Ok(!shared.is_empty())
}

/// The model that the generator sees.
fn assemble(service: &str, overlay: &str) -> Result<codegen::model::Model> {
    let service = codegen::model::load("service.json", service)?;
    let overlay = codegen::model::load("overlay.json", overlay)?;
    Ok(codegen::model::assemble(vec![service], vec![overlay])?)
}

/// The files of one version of botocore that `models/` is made from.
struct Upstream {
    version: String,
    service: SourceFile,
    paginators: SourceFile,
    rules: SourceFile,
    partitions: SourceFile,
    /// By name: those files and the wheel.
    sha256: BTreeMap<String, String>,
}

impl Upstream {
    /// Gets the files of `version`, and checks those of the pinned one against their pins.
    fn obtain(workspace: &Path, pins: &Pins, version: Option<String>) -> Result<Self> {
        let version = version.unwrap_or_else(|| pins.version.clone());
        let cache = cargo::target(workspace)?.join("upstream");
        let wheel = Wheel::fetch(&pins.package, &version, &cache)?;
        let [service, paginators, rules, partitions] = wheel.read([
            &format!("{SERVICE}/service-2.json"),
            &format!("{SERVICE}/paginators-1.json"),
            &format!("{SERVICE}/endpoint-rule-set-1.json"),
            "botocore/data/partitions.json",
        ])?;
        let mut sha256: BTreeMap<_, _> = [&service, &paginators, &rules, &partitions]
            .into_iter()
            .map(|file| (file.path.clone(), file.sha256.clone()))
            .collect();
        sha256.insert(wheel.file_name(), wheel.sha256()?);
        if version == pins.version {
            pins.check(&sha256, &cache)?;
        }
        Ok(Self {
            version,
            service,
            paginators,
            rules,
            partitions,
            sha256,
        })
    }

    fn convert(&self) -> Result<Conversion> {
        to_smithy(
            &self.service.text,
            Some(&self.paginators.text),
            Some(&self.rules.text),
        )
        .with_context(|| format!("cannot convert {SERVICE} of botocore {}", self.version))
    }

    /// The partitions without the descriptions of their regions.
    fn partitions(&self) -> Result<Value> {
        let mut partitions: Value = serde_json::from_str(&self.partitions.text)
            .with_context(|| format!("{} is not JSON", self.partitions.path))?;
        convert::remove_key(&mut partitions, "description");
        Ok(partitions)
    }

    /// Pins for this version, if it is not the pinned one.
    fn new_pins(&self, old: &Pins) -> Result<Option<Pins>> {
        if self.version == old.version {
            return Ok(None);
        }
        let today = python::run(
            python::interpreter()?,
            &["-c", "import datetime; print(datetime.date.today())"],
        )?;
        Ok(Some(Pins {
            package: old.package.clone(),
            version: self.version.clone(),
            read: today.trim().to_owned(),
            sha256: self.sha256.clone(),
        }))
    }
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn read_json(path: &Path) -> Result<Value> {
    serde_json::from_str(&read(path)?).with_context(|| format!("{} is malformed", path.display()))
}

fn to_json(value: &impl Serialize) -> Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

/// Writes all files or, if one of them cannot be written, none.
fn write_all(dir: &Path, files: &[(&PathBuf, String)]) -> Result<()> {
    // On the same file system, so that moving a file out of it is a mere renaming.
    let staging = tempfile::tempdir_in(dir)
        .with_context(|| format!("cannot make a directory in {}", dir.display()))?;
    let staged = |index: usize| staging.path().join(index.to_string());
    for (index, (path, text)) in files.iter().enumerate() {
        fs::write(staged(index), text)
            .with_context(|| format!("cannot write what is to become {}", path.display()))?;
    }
    for (index, (path, _)) in files.iter().enumerate() {
        fs::rename(staged(index), path)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// The committed files: what the generator relies on.
#[cfg(test)]
mod tests {
    use codegen::model::{Model, ShapeType};

    use super::*;
    use crate::workspace;

    fn paths() -> Paths {
        Paths::new(&workspace::find().expect("tests run in the workspace"))
    }

    fn model() -> Model {
        let read = |path| read(path).expect("models/ is part of the repository");
        let Paths {
            service, overlay, ..
        } = paths();
        assemble(&read(&service), &read(&overlay)).expect("service.json goes with overlay.json")
    }

    #[test]
    fn the_imported_model_has_no_prose() {
        let text = read(&paths().service).expect("models/ is part of the repository");
        assert!(!text.contains("documentation"));
    }

    #[test]
    fn everything_with_a_name_in_rust_is_documented() {
        let mut bare = Vec::new();
        for (id, shape) in model()
            .iter()
            .filter(|(id, _)| id.namespace() != "smithy.api")
        {
            if !matches!(
                shape.kind,
                ShapeType::Service | ShapeType::Operation | ShapeType::Structure | ShapeType::Enum
            ) {
                continue;
            }
            let members = shape.members.iter();
            let members = members.map(|(name, member)| (id.with_member(name), &member.traits));
            for (id, traits) in members.chain([(id.clone(), &shape.traits)]) {
                if !traits.has("smithy.api#documentation") {
                    bare.push(id.to_string());
                }
            }
        }
        assert!(
            bare.is_empty(),
            "add documentation to overlay.json for {bare:#?}"
        );
    }

    #[test]
    fn every_error_has_a_status_and_a_message() {
        for (id, shape) in model().iter() {
            if shape.traits.has("smithy.api#error") {
                assert!(shape.traits.has("smithy.api#httpError"), "{id}");
                assert!(shape.members.get("Message").is_some(), "{id}");
            }
        }
    }
}
