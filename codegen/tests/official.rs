//! A model as AWS publishes it, with its prose and its mixed traits.

use std::env;
use std::fs;

use codegen::Source;

mod support;

/// Names the file of the model.
const VARIABLE: &str = "OFFICIAL_MODEL";

#[test]
fn an_official_model_is_accepted_as_it_stands() {
    let Some(path) = env::var_os(VARIABLE) else {
        eprintln!("skipped: {VARIABLE} names no Smithy JSON AST of a service");
        return;
    };
    let name = path.to_string_lossy().into_owned();
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("cannot read {name}: {error}"));
    let model = Source { name, text };
    let generated =
        codegen::generate(&support::input(vec![model])).unwrap_or_else(|error| panic!("{error}"));
    assert!(!generated.operations.is_empty());
}
