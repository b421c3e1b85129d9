//! Copies of the workspace, which tests change and run commands in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// cargo runs tests in the folder of their package.
const WORKSPACE: &str = "..";

/// A copy of what commands read of the workspace.
pub struct Tree(TempDir);

impl Tree {
    pub fn new() -> Self {
        let tree = Self(tempfile::tempdir().unwrap());
        copy(&Path::new(WORKSPACE).join("models"), &tree.path("models"));
        let sdk = Path::new(WORKSPACE).join("cloudtrail-sdk");
        copy(&sdk.join("src"), &tree.path("cloudtrail-sdk/src"));
        fs::copy(
            sdk.join("Cargo.toml"),
            tree.path("cloudtrail-sdk/Cargo.toml"),
        )
        .unwrap();
        let manifest = fs::read_to_string(Path::new(WORKSPACE).join("Cargo.toml")).unwrap();
        let mut manifest: toml::Table = toml::from_str(&manifest).unwrap();
        manifest["workspace"]["members"] = toml::Value::Array(Vec::new());
        fs::write(tree.path("Cargo.toml"), manifest.to_string()).unwrap();
        tree
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// The command as cargo runs it in the copy.
    pub fn xtask(&self, arguments: &[&str]) -> Command {
        let mut command = xtask(arguments);
        command
            .current_dir(self.0.path())
            .env("CARGO_MANIFEST_DIR", self.path("xtask"))
            .env_remove("CARGO_TARGET_DIR");
        command
    }

    /// Has botocore know these services, and no other.
    pub fn write_botocore(&self, services: &[(&str, Value)]) {
        let wheel = "botocore-9.9-py3-none-any.whl";
        let upstream = self.path("target/upstream");
        for (name, service) in services {
            let folder = upstream.join("botocore-9.9-json-services").join(name);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("service-2.json"), service.to_string()).unwrap();
        }
        fs::write(upstream.join(wheel), "wheel").unwrap();
        let hash: String = Sha256::digest("wheel")
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let pins = format!(
            "package = \"botocore\"\nversion = \"9.9\"\nread = \"2026-01-01\"\n\
             [sha256]\n\"{wheel}\" = \"{hash}\"\n"
        );
        fs::write(self.path("models/upstream.toml"), pins).unwrap();
    }
}

/// The command that was built with this test.
pub fn xtask(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(arguments);
    command
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// What a command that fails prints as its error.
pub fn error(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(!output.status.success(), "{}", stdout(&output));
    stderr(&output)
}

/// The names in a folder, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A service with one operation, as botocore describes it.
pub fn service() -> Value {
    json!({
        "version": "2.0",
        "metadata": {
            "apiVersion": "2020-01-02",
            "endpointPrefix": "zoo",
            "jsonVersion": "1.1",
            "protocol": "json",
            "serviceFullName": "Amazon Zoo",
            "serviceId": "Zoo Keeper",
            "signatureVersion": "v4",
            "targetPrefix": "Zoo_20200102",
        },
        "operations": {
            "ListAnimals": {
                "name": "ListAnimals",
                "http": { "method": "POST", "requestUri": "/" },
            }
        },
        "shapes": {}
    })
}

/// A service with these shapes beside it, as Smithy describes it.
pub fn smithy(operations: &[&str], mut shapes: Value) -> String {
    let operations: Vec<Value> = operations
        .iter()
        .map(|name| json!({ "target": format!("zoo#{name}") }))
        .collect();
    shapes["zoo#Zoo"] = json!({
        "type": "service",
        "version": "1",
        "operations": operations,
        "traits": {
            "aws.api#service": { "sdkId": "Zoo Keeper", "endpointPrefix": "zoo" },
            "aws.auth#sigv4": { "name": "zoo" },
            "aws.protocols#awsJson1_1": {},
            "smithy.api#title": "Amazon Zoo"
        }
    });
    json!({ "smithy": "2.0", "shapes": shapes }).to_string()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).unwrap()),
        }
    }
}
