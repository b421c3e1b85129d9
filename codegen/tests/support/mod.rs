//! What several of the test programs need.

use std::fs;
use std::path::PathBuf;

use codegen::{Input, Source};

/// The folder that the tests keep their files in. cargo runs tests in the folder of their package;
/// where that was when they were compiled does not matter.
pub fn folder() -> PathBuf {
    PathBuf::from("tests")
}

/// A file below [`folder`].
pub fn source(name: &str) -> Source {
    let path = folder().join(name);
    Source {
        name: name.to_owned(),
        text: fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display())),
    }
}

/// What is generated from `models`, with the partitions that all tests use.
pub fn input(models: Vec<Source>) -> Input {
    Input {
        models,
        partitions: source("partitions.json"),
        ..Input::default()
    }
}
