//! Whether what the documents tell people to type is there.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::collections::BTreeSet;
use std::fs;

use clap::Parser;
use clap::error::ErrorKind;
use toml::{Table, Value};

use crate::{Arguments, workspace};

const DOCUMENTS: [&str; 6] = [
    "README.md",
    "cloudtrail-sdk/MIGRATING.md",
    "CONTRIBUTING.md",
    "ARCHITECTURE.md",
    "models/README.md",
    "cloudtrail-sdk/README.md",
];

fn read(path: &str) -> String {
    fs::read_to_string(workspace::find().unwrap().join(path)).unwrap()
}

/// The commands of a document: lines of code blocks, and code within lines.
fn commands(text: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if fenced || line.starts_with("    ") {
            commands.push(line.split('#').next().unwrap_or_default().trim().to_owned());
        } else {
            commands.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    // A command can have variables before it; within a block, it can stand in prose.
    commands
        .iter()
        .filter_map(|command| command[command.find("cargo ")?..].split('`').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn commands_are_found_in_blocks_and_in_lines() {
    let text = "`cargo a` and `no`, `X=1 cargo b`\n\n    cargo c  # why\n\n```\ncargo d --e\n```\n";
    assert_eq!(
        commands(text),
        ["cargo a", "cargo b", "cargo c", "cargo d --e"]
    );
}

#[test]
fn every_xtask_command_exists() {
    let mut seen = BTreeSet::new();
    for document in DOCUMENTS {
        for command in commands(&read(document)) {
            let Some(arguments) = command.strip_prefix("cargo xtask") else {
                continue;
            };
            let words = ["cargo xtask"]
                .into_iter()
                .chain(arguments.split_whitespace());
            if let Err(error) = Arguments::try_parse_from(words) {
                // Help counts as an error; and text can name a command without its arguments.
                let named_only = error.kind() == ErrorKind::MissingRequiredArgument
                    && arguments.split_whitespace().count() == 1;
                assert!(
                    !error.use_stderr() || named_only,
                    "{document}: `{command}`: {error}"
                );
            }
            seen.extend(arguments.split_whitespace().next().map(str::to_owned));
        }
    }
    // The reading of the documents has not gone blind.
    assert!(
        seen.contains("demo") && seen.contains("new-sdk"),
        "{seen:?}"
    );
}

#[test]
fn every_example_exists() {
    let mut found = 0;
    for document in DOCUMENTS {
        for command in commands(&read(document)) {
            let mut words = command
                .split_whitespace()
                .skip_while(|word| *word != "--example");
            if let Some(example) = words.nth(1) {
                let path = format!("cloudtrail-sdk/examples/{example}.rs");
                assert!(
                    workspace::find().unwrap().join(&path).exists(),
                    "{document}: no {path}"
                );
                found += 1;
            }
        }
    }
    assert!(found > 0);
}

#[test]
fn the_readme_lists_every_feature() {
    let manifest: Table = toml::from_str(&read("cloudtrail-sdk/Cargo.toml")).unwrap();
    let features: BTreeSet<String> = manifest["features"]
        .as_table()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    let defaults = manifest["features"]["default"].as_array().unwrap();
    let text = read("README.md");
    let (_, table) = text.split_once("| feature | default |").unwrap();
    let mut listed = BTreeSet::from(["default".to_owned()]);
    for line in table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
    {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        for name in cells[1].split(", ") {
            let name = name.trim_matches('`');
            let is_default = defaults.contains(&Value::from(name));
            assert_eq!(cells[2] == "yes", is_default, "{name}");
            listed.insert(name.to_owned());
        }
    }
    assert_eq!(listed, features);
}

/// `cargo package` takes a copy, since a package holds no file from outside its folder.
#[test]
fn the_license_of_the_package_is_that_of_the_workspace() {
    assert_eq!(read("LICENSE"), read("cloudtrail-sdk/LICENSE"));
}
