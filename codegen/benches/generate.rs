//! How long the generator takes: for CloudTrail, for the largest model of botocore, and for all of
//! its AWS JSON services.

#![allow(clippy::unwrap_used, reason = "a bench fails by a panic")]

use std::env;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use codegen::{Input, Options, Source};
use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};

/// The variable that names a folder of Smithy JSON models, a file per service.
const BOTOCORE_MODELS: &str = "BOTOCORE_MODELS";

criterion_group!(benches, generator);
criterion_main!(benches);

fn generator(criterion: &mut Criterion) {
    bench(criterion, "CloudTrail", &[cloudtrail()]);
    let Some(folder) = env::var_os(BOTOCORE_MODELS).map(PathBuf::from) else {
        println!(
            "{BOTOCORE_MODELS} is not set, so there is no other model than CloudTrail's: \
             `cargo xtask criterion` sets it"
        );
        return;
    };
    bench(
        criterion,
        "SageMaker",
        &[botocore(&folder.join("sagemaker.json"))],
    );
    let services = all(&folder);
    bench(
        criterion,
        &format!("{} services", services.len()),
        &services,
    );
}

fn bench(criterion: &mut Criterion, name: &str, services: &[Input]) {
    let models = services.iter().flat_map(|service| &service.models);
    let bytes = models.map(|model| model.text.len() as u64).sum();
    let mut group = criterion.benchmark_group("generate");
    group.throughput(Throughput::Bytes(bytes));
    // All services take seconds, and so would not get through with more.
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            for service in services {
                codegen::generate(black_box(service)).unwrap();
            }
        });
    });
}

/// As `cargo xtask codegen` generates it.
fn cloudtrail() -> Input {
    Input {
        models: vec![source(&models().join("cloudtrail/service.json"))],
        overlays: vec![source(&models().join("cloudtrail/overlay.json"))],
        crate_name: Some("cloudtrail_sdk".to_owned()),
        ..input()
    }
}

/// Every model of a folder.
fn all(folder: &Path) -> Vec<Input> {
    let entries = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()));
    entries
        .map(|entry| botocore(&entry.unwrap().path()))
        .collect()
}

/// As `cargo xtask new-sdk --skip-unsupported` generates it.
fn botocore(model: &Path) -> Input {
    Input {
        models: vec![source(model)],
        crate_name: Some("sdk".to_owned()),
        options: Options {
            skip_unsupported: true,
            ..Options::default()
        },
        ..input()
    }
}

/// What all services share.
fn input() -> Input {
    Input {
        partitions: source(&models().join("partitions.json")),
        header: "// @generated for a bench".to_owned(),
        ..Input::default()
    }
}

/// The models of the repository; cargo runs benches in the folder of their package.
fn models() -> PathBuf {
    PathBuf::from("../models")
}

fn source(path: &Path) -> Source {
    let name = path.display().to_string();
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("cannot read {name}: {error}"));
    Source { name, text }
}
