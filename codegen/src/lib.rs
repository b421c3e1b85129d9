//! Reads the Smithy JSON model of an AWS JSON service and writes a Rust client for it.
//!
//! The pipeline stands in [`generate`]: **load → assemble → lower → emit → format**. It does no
//! I/O; text goes in and text comes out.

mod emit;
mod error;
mod format;
mod ir;
mod lower;
pub mod model;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use crate::error::{Error, Result};

/// A file that goes into the generator.
#[derive(Clone, Debug)]
pub struct Source {
    /// What the file is called in errors.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// What a client is generated from.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The files of the model: Smithy 2.0 or 1.0 JSON AST.
    pub models: Vec<Source>,
    /// Files of `apply` statements that go over what the model says.
    pub overlays: Vec<Source>,
    /// The AWS partitions.
    pub partitions: Source,
    /// The first line of every file, a comment.
    pub header: String,
}

impl Default for Source {
    fn default() -> Self {
        Self {
            name: String::new(),
            text: "{}".to_owned(),
        }
    }
}

/// The files of the client's generated folder, by their paths in it.
pub fn generate(input: &Input) -> Result<BTreeMap<PathBuf, String>> {
    let load = |sources: &[Source]| -> Result<Vec<model::Document>> {
        sources
            .iter()
            .map(|source| model::load(&source.name, &source.text))
            .collect()
    };
    let model = model::assemble(load(&input.models)?, load(&input.overlays)?)?;
    let partitions = model::load_json(&input.partitions.name, &input.partitions.text)?;
    let sdk = lower::lower(&model, &partitions).map_err(|error| match input.models.first() {
        Some(source) => error.file(&source.name),
        None => error,
    })?;
    emit::emit(&sdk)
        .into_iter()
        .map(|(path, tokens)| {
            let text = format::format(&input.header, tokens)
                .map_err(|error| error.file(path.display()))?;
            Ok((path, text))
        })
        .collect()
}
