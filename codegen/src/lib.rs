//! Reads the Smithy JSON model of an AWS JSON service and writes a Rust client for it.
//!
//! The pipeline stands in [`generate`]: **load → assemble → lower → emit → format**. It does no
//! I/O; text goes in and text comes out.

mod emit;
mod error;
mod format;
mod imports;
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
    /// What programs call the crate; the operations have examples if it is known.
    pub crate_name: Option<String>,
    /// How to generate.
    pub options: Options,
}

impl Default for Source {
    fn default() -> Self {
        Self {
            name: String::new(),
            text: "{}".to_owned(),
        }
    }
}

/// How to generate.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Which shapes can be written to JSON, and which read from it.
    pub directions: Directions,
    /// Leaves operations out that need what is not supported, instead of failing.
    pub skip_unsupported: bool,
}

/// Which shapes can be written to JSON, and which read from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Directions {
    /// Those of requests are written, those of responses are read.
    #[default]
    Needed,
    /// All are written and read, so that tests can make any input and look at any output as JSON.
    Both,
}

/// A generated client.
#[derive(Debug)]
pub struct Generated {
    /// The files of the generated folder, by their paths in it.
    pub files: BTreeMap<PathBuf, String>,
    /// The name of the service for people.
    pub title: String,
    /// The operations, in the order of their methods.
    pub operations: Vec<Operation>,
    /// The variants of the enum of errors that the model has.
    pub errors: Vec<String>,
    /// The operations that were left out.
    pub skipped: Vec<Skipped>,
    /// What is wrong in the model's documentation, and was left out.
    pub warnings: Vec<Error>,
    /// Whether an operation takes compressed requests, for which the runtime has a feature.
    pub compresses: bool,
}

/// An operation of a generated client.
#[derive(Debug)]
pub struct Operation {
    /// The name in the model.
    pub name: String,
    /// The client's method, and the operation's module.
    pub method: String,
    /// The prefix of the operation's types.
    pub type_name: String,
    /// Whether a call without any member is refused.
    pub needs_input: bool,
    /// How to call it with a `client`, if the crate has a name.
    pub example: Option<Example>,
}

/// A call in Rust, by lines.
#[derive(Debug)]
pub struct Example {
    /// The `use` items that it needs.
    pub imports: Vec<String>,
    /// The statements of an async function that can fail with any error.
    pub statements: Vec<String>,
}

/// An operation that was left out.
#[derive(Debug)]
pub struct Skipped {
    /// The name in the model.
    pub operation: String,
    /// What it needs that is not supported.
    pub reason: Error,
}

/// Generates a client.
pub fn generate(input: &Input) -> Result<Generated> {
    let load = |sources: &[Source]| -> Result<Vec<model::Document>> {
        sources
            .iter()
            .map(|source| model::load(&source.name, &source.text))
            .collect()
    };
    let model = model::assemble(load(&input.models)?, load(&input.overlays)?)?;
    let partitions = lower_partitions(&input.partitions)?;
    let crate_name = input.crate_name.as_deref();
    let located = |error: Error| {
        let error = model.locate(error);
        match input.models.first() {
            Some(source) => error.file(&source.name),
            None => error,
        }
    };
    let lowered = lower::lower(&model, partitions, crate_name, input.options).map_err(located)?;
    let sdk = lowered.sdk;
    let files = emit::emit(&sdk)
        .into_iter()
        .map(|(path, tokens)| {
            let text = format::format(&input.header, tokens)
                .map_err(|error| error.file(path.display()))?;
            Ok((path, text))
        })
        .collect::<Result<_>>()?;
    Ok(Generated {
        files,
        title: sdk.service.title,
        compresses: sdk.operations.iter().any(|operation| operation.compressed),
        operations: sdk
            .operations
            .into_iter()
            .map(|operation| Operation {
                needs_input: operation.input.members.iter().any(ir::Member::must_be_set),
                example: emit::example::alone(&operation),
                name: operation.name,
                method: operation.method,
                type_name: operation.type_name,
            })
            .collect(),
        errors: sdk
            .errors
            .into_iter()
            .map(|error| error.structure.name)
            .collect(),
        skipped: lowered.skipped,
        warnings: lowered.warnings.into_iter().map(located).collect(),
    })
}

/// The SDK ID of the service in these models, such as `CloudWatch Logs`.
pub fn sdk_id(models: &[Source]) -> Result<String> {
    let documents = models
        .iter()
        .map(|source| model::load(&source.name, &source.text))
        .collect::<Result<_>>()?;
    lower::sdk_id(&model::assemble(documents, Vec::new())?).map_err(|error| match models.first() {
        Some(source) => error.file(&source.name),
        None => error,
    })
}

/// Whether Rust reserves the word.
pub fn is_keyword(word: &str) -> bool {
    lower::names::is_keyword(word)
}

/// Compiles endpoint rules that stand alone: the module that resolves the endpoints of a service,
/// which expects that of [`generate_partitions`] beside it, as `partitions`.
pub fn generate_endpoint_rules(rules: &Source, header: &str) -> Result<String> {
    let rules_json = model::load_json(&rules.name, &rules.text)?;
    let lowered = lower::endpoint::lower(&rules_json).map_err(|error| error.file(&rules.name))?;
    format::format(header, emit::endpoint::emit(&lowered))
}

/// The module of the AWS partitions.
pub fn generate_partitions(partitions: &Source, header: &str) -> Result<String> {
    format::format(
        header,
        emit::partitions::emit(&lower_partitions(partitions)?),
    )
}

fn lower_partitions(source: &Source) -> Result<ir::endpoint::Partitions> {
    let partitions = model::load_json(&source.name, &source.text)?;
    lower::partitions::lower(&partitions).map_err(|error| error.file(&source.name))
}
