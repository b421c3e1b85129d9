//! Any text as a model is Rust or an error.

#![no_main]

use codegen::{Directions, Input, Options, Source};
use fuzz::json;
use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target, fuzzer_mutate};

const PARTITIONS: &str = include_str!("../../models/partitions.json");

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(data) else {
        return Corpus::Reject;
    };
    let source = |name: &str, text: &str| Source {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let result = codegen::generate(&Input {
        models: vec![source("model.json", text)],
        partitions: source("partitions.json", PARTITIONS),
        options: Options {
            directions: Directions::Both,
            ..Options::default()
        },
        ..Input::default()
    });
    if let Err(error) = result {
        let error = error.to_string();
        assert!(
            !error.starts_with("the emitted code is not Rust"),
            "{error}"
        );
    }
    Corpus::Keep
});

// Changed bytes show what the loader does with text that is not a model. What stands behind the
// loader is reached by models that differ from a right one in structure.
fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut random = fastrand::Rng::with_seed(seed.into());
    if random.u8(..4) > 0
        && let Some(mutated) = json::mutate(&data[..size], &mut random)
        && mutated.len() <= max_size
    {
        data[..mutated.len()].copy_from_slice(&mutated);
        return mutated.len();
    }
    fuzzer_mutate(data, size, max_size)
});
