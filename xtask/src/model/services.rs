//! The AWS JSON services of botocore, as they stand in its wheel.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::upstream::{Pins, Wheel};
use crate::python;

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
    let mut names = Vec::new();
    for entry in
        fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?
    {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    names.iter().map(|name| read(&folder, name)).collect()
}

/// The service that botocore calls `name`.
pub fn find(workspace: &Path, name: &str) -> Result<Service> {
    let folder = unpack(workspace)?;
    ensure!(
        !name.is_empty() && !name.contains(['/', '\\', '.']) && folder.join(name).is_dir(),
        "botocore has no service `{name}` that speaks AWS JSON; the services are the folders in {}",
        folder.display()
    );
    read(&folder, name)
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
    let cache = workspace.join("target").join("upstream");
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
