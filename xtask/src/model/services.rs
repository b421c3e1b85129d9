//! The AWS JSON services of botocore, as they stand in its wheel.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::upstream::{Pins, Wheel};
use crate::{cargo, python};

/// Unpacks the newest version of every service that speaks AWS JSON, each into a folder of its
/// name. zipfile and gzip come with Python, which is needed for pip anyway.
const EXTRACT: &str = "\
import gzip, json, os, sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
names = set(wheel.namelist())

def text(path):
    if path in names:
        return wheel.read(path)
    if path + '.gz' in names:
        return gzip.decompress(wheel.read(path + '.gz'))

versions = {}
for name in names:
    parts = name.split('/')
    if parts[:2] == ['botocore', 'data'] and len(parts) == 5 and parts[4].startswith('service-2.json'):
        versions.setdefault(parts[2], []).append(parts[3])
for service, found in versions.items():
    folder = f'botocore/data/{service}/{max(found)}'
    description = text(f'{folder}/service-2.json')
    metadata = json.loads(description)['metadata']
    if 'json' not in metadata.get('protocols', [metadata['protocol']]):
        continue
    target = f'{sys.argv[2]}/{service}'
    os.makedirs(target)
    for file in ('service-2.json', 'paginators-1.json', 'endpoint-rule-set-1.json'):
        content = text(f'{folder}/{file}')
        if content is not None:
            with open(f'{target}/{file}', 'wb') as out:
                out.write(content)
";

/// How many names are suggested for one that is unknown.
const MAX_NEAR: usize = 3;
/// How alike names are that are suggested, of 1.
const MIN_LIKENESS: f64 = 0.85;
/// How long a name is that makes another one similar by being a part of it.
const MIN_PART: usize = 3;

/// What botocore says of a service.
pub struct Service {
    /// What botocore calls it, such as `dynamodb`.
    pub name: String,
    /// The text of `service-2.json`.
    pub service: String,
    /// The text of `paginators-1.json`.
    pub paginators: Option<String>,
    /// The text of `endpoint-rule-set-1.json`.
    pub rules: Option<String>,
}

/// Every AWS JSON service, in the order of the names.
pub fn all(workspace: &Path) -> Result<Vec<Service>> {
    let folder = unpack(workspace)?;
    let names = names(&folder)?;
    names.iter().map(|name| read(&folder, name)).collect()
}

/// The service that botocore calls `name`.
pub fn find(workspace: &Path, name: &str) -> Result<Service> {
    let folder = unpack(workspace)?;
    let names = names(&folder)?;
    if !names.iter().any(|known| known == name) {
        let near = match near(name, &names).join("`, `") {
            none if none.is_empty() => none,
            near => format!("; similar names are `{near}`"),
        };
        bail!(
            "botocore has no service `{}` that speaks AWS JSON{near}; the services are the folders \
             in {}",
            name.escape_debug(),
            folder.display()
        );
    }
    read(&folder, name)
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?
    {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// The names that are most like `name`: those that it is a part of, or that are a part of it, and
/// those that are spelled like it.
fn near<'a>(name: &str, names: &'a [String]) -> Vec<&'a str> {
    let name = name.to_ascii_lowercase();
    let likeness = |known: &str| match name.len().min(known.len()) >= MIN_PART
        && (known.contains(&name) || name.contains(known))
    {
        true => 1.0,
        false => strsim::jaro_winkler(&name, known),
    };
    let mut near: Vec<(f64, &str)> = names
        .iter()
        .map(|known| (likeness(known), known.as_str()))
        .filter(|(likeness, _)| *likeness >= MIN_LIKENESS)
        .collect();
    near.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    near.into_iter()
        .take(MAX_NEAR)
        .map(|(_, known)| known)
        .collect()
}

fn read(folder: &Path, name: &str) -> Result<Service> {
    let folder = folder.join(name);
    let optional = |file: &str| fs::read_to_string(folder.join(file)).ok();
    Ok(Service {
        name: name.to_owned(),
        service: fs::read_to_string(folder.join("service-2.json"))
            .with_context(|| format!("cannot read service-2.json in {}", folder.display()))?,
        paginators: optional("paginators-1.json"),
        rules: optional("endpoint-rule-set-1.json"),
    })
}

/// Unpacks the pinned wheel, once, and returns the folder.
fn unpack(workspace: &Path) -> Result<PathBuf> {
    let pins = Pins::read(&workspace.join("models").join("upstream.toml"))?;
    let cache = cargo::target(workspace)?.join("upstream");
    let wheel = Wheel::fetch(&pins.package, &pins.version, &cache)?;
    wheel.check(&pins)?;
    let folder = cache.join(format!("{}-{}-json-services", pins.package, pins.version));
    if !folder.exists() {
        // Into a folder of its own first, so that `folder` is there whole or not at all.
        let staging = tempfile::tempdir_in(&cache)?;
        let (wheel, target) = (
            wheel.path().to_string_lossy(),
            staging.path().to_string_lossy(),
        );
        python::run(python::interpreter()?, &["-c", EXTRACT, &wheel, &target])
            .with_context(|| format!("cannot unpack {wheel}"))?;
        fs::rename(staging.keep(), &folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
    }
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_names_are_found() {
        let names = [
            "dynamodb",
            "dynamodbstreams",
            "kinesis",
            "kms",
            "logs",
            "stepfunctions",
        ];
        let names = names.map(str::to_owned);
        for (name, expected) in [
            ("dynamo", &["dynamodb", "dynamodbstreams"][..]),
            ("DynamoDB", &["dynamodb", "dynamodbstreams"]),
            ("kmss", &["kms"]),
            ("cloudwatchlogs", &["logs"]),
            ("step-functions", &["stepfunctions"]),
            ("knesis", &["kinesis"]),
            ("s3", &[]),
            ("", &[]),
        ] {
            assert_eq!(near(name, &names), expected, "{name}");
        }
    }
}
