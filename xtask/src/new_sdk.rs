//! `cargo xtask new-sdk`: a crate of its own for any AWS JSON service.

mod name;
pub mod shared;
mod staging;
mod template;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use codegen::{Generated, Options, Source};

use self::staging::{Staging, check_free};
use self::template::Template;
use crate::cargo;
use crate::codegen::print_warnings;
use crate::model::convert::to_smithy;
use crate::model::services::{self, Service};

#[derive(clap::Args)]
pub struct Arguments {
    /// The model: a Smithy JSON AST file, or `botocore:NAME` for a service of botocore.
    #[arg(long, required_unless_present = "all_botocore")]
    model: Option<String>,
    /// A crate for every AWS JSON service of botocore, as one workspace.
    #[arg(long, conflicts_with_all = ["model", "name"])]
    all_botocore: bool,
    /// Where to put it; must not exist, or be empty.
    #[arg(long)]
    out: PathBuf,
    /// The name of the crate; made from that of the service if it is not given.
    ///
    /// It starts with a letter, and has small letters, digits, `-` and `_`.
    #[arg(long)]
    name: Option<String>,
    /// Leaves out operations that need what is not supported, and lists them.
    #[arg(long)]
    skip_unsupported: bool,
}

pub fn run(arguments: Arguments, workspace: &Path) -> Result<ExitCode> {
    let out = &arguments.out;
    let template = Template::read(workspace)?;
    if let Some(name) = &arguments.name {
        template.check_name(name)?;
    }
    check_free(out)?;
    let options = Options {
        skip_unsupported: arguments.skip_unsupported,
        ..Options::default()
    };
    match arguments.model.as_deref() {
        Some(model) => one(workspace, &template, model, arguments.name, options, out),
        None => many(
            workspace,
            &services::all(workspace)?,
            &template,
            options,
            out,
        ),
    }
}

fn one(
    workspace: &Path,
    template: &Template,
    model: &str,
    name: Option<String>,
    options: Options,
    out: &Path,
) -> Result<ExitCode> {
    let (source, service_name) = match model.strip_prefix("botocore:") {
        Some(service) => {
            let service = services::find(workspace, service)?;
            (smithy(&service)?, service.name)
        }
        None => {
            let source = Source {
                name: model.to_owned(),
                text: fs::read_to_string(model).with_context(|| format!("cannot read {model}"))?,
            };
            let sdk_id = codegen::sdk_id(std::slice::from_ref(&source))?;
            (source, sdk_id)
        }
    };
    let name = match name {
        Some(name) => name,
        None => {
            let name = name::of_service(&service_name);
            template
                .check_name(&name)
                .context("name the crate by `--name`")?;
            name
        }
    };
    let sdk = template.generate(&name, source, options)?;
    let files = template.crate_files(&name, &sdk)?;
    let staging = Staging::new(workspace)?;
    staging.write(Path::new(""), &files)?;
    staging.move_to(out)?;
    report_left_out(&name, &sdk);
    println!(
        "{name}: {} operations in {}",
        sdk.operations.len(),
        out.display()
    );
    Ok(ExitCode::SUCCESS)
}

/// Services that between them use all that the generator knows, for CI to build.
const SPREAD: [&str; 12] = [
    "cloudwatch",
    "cognito-idp",
    "dynamodb",
    "ecs",
    "events",
    "kms",
    "logs",
    "sagemaker",
    "sqs",
    "ssm",
    "stepfunctions",
    "timestream-write",
];

/// Generates the crates of a spread of services, and builds them with warnings denied.
pub fn check_services(workspace: &Path) -> Result<ExitCode> {
    let out = cargo::target(workspace)?.join("services");
    let sources = out.join("crates");
    if sources.exists() {
        fs::remove_dir_all(&sources)
            .with_context(|| format!("cannot delete {}", sources.display()))?;
    }
    let services = SPREAD
        .iter()
        .map(|name| services::find(workspace, name))
        .collect::<Result<Vec<_>>>()?;
    let options = Options {
        skip_unsupported: true,
        ..Options::default()
    };
    let template = Template::read(workspace)?;
    let generated = many(workspace, &services, &template, options, &sources)?;
    if generated != ExitCode::SUCCESS {
        return Ok(generated);
    }
    let status = cargo::command(&sources)
        .args(["check", "--workspace", "--quiet"])
        .env("CARGO_TARGET_DIR", out.join("target"))
        .env("RUSTFLAGS", "-D warnings")
        .status()
        .context("cannot run cargo")?;
    ensure!(
        status.success(),
        "the crates in {} do not build",
        sources.display()
    );
    println!("{} crates built without a warning", services.len());
    Ok(ExitCode::SUCCESS)
}

/// Generates the crates of these services as one workspace, and fails at the end if one of them
/// failed.
fn many(
    workspace: &Path,
    services: &[Service],
    template: &Template,
    options: Options,
    out: &Path,
) -> Result<ExitCode> {
    let started = Instant::now();
    let staging = Staging::new(workspace)?;
    let results = in_parallel(services, |service| {
        let name = name::of_service(&service.name);
        let sdk = template.generate(&name, smithy(service)?, options)?;
        staging.write(
            Path::new(&service.name),
            &template.crate_files(&name, &sdk)?,
        )?;
        anyhow::Ok(sdk)
    });

    let (mut generated, mut operations, mut failed) = (0, 0, 0);
    for (service, result) in services.iter().zip(results) {
        match result {
            Ok(sdk) => {
                report_left_out(&service.name, &sdk);
                generated += 1;
                operations += sdk.operations.len();
            }
            Err(error) => {
                failed += 1;
                println!("{}: {error:#}", service.name);
            }
        }
    }
    let manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\nexclude = [\"target\"]\n";
    staging.write(
        Path::new(""),
        &BTreeMap::from([("Cargo.toml".into(), manifest.to_owned())]),
    )?;
    staging.move_to(out)?;
    println!(
        "{generated} crates with {operations} operations in {}, {failed} failed, in {:.1} s",
        out.display(),
        started.elapsed().as_secs_f32()
    );
    Ok(ExitCode::from(u8::from(failed > 0)))
}

/// The model of a service as Smithy JSON.
pub fn smithy(service: &Service) -> Result<Source> {
    let name = format!("botocore:{}", service.name);
    let conversion = to_smithy(
        &service.service,
        service.paginators.as_deref(),
        service.rules.as_deref(),
    )
    .with_context(|| name.clone())?;
    Ok(Source {
        name,
        text: serde_json::to_string(&conversion.model)?,
    })
}

fn report_left_out(name: &str, sdk: &Generated) {
    print_warnings(sdk);
    for skipped in &sdk.skipped {
        println!("{name}: left out {}: {}", skipped.operation, skipped.reason);
    }
}

/// Applies a function to all items, on all cores.
pub fn in_parallel<T: Sync, R: Send>(items: &[T], apply: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let next = Mutex::new(items.iter().enumerate());
    let mut results: Vec<(usize, R)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut done = Vec::new();
                    loop {
                        let item = next.lock().map_or(None, |mut items| items.next());
                        let Some((index, item)) = item else {
                            return done;
                        };
                        done.push((index, apply(item)));
                    }
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| match worker.join() {
                Ok(done) => done,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
