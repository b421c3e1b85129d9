//! Which checkout a command works on, and where it keeps what can be built again.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

#[allow(dead_code, reason = "other tests use the rest")]
mod support;

use std::fs;
use std::process::Command;

use support::{Tree, error, names, stderr, stdout, xtask};

/// Checkouts that share a `CARGO_TARGET_DIR` share one program.
#[test]
fn a_command_works_on_the_checkout_that_it_runs_in() {
    let (intact, tampered) = (Tree::new(), Tree::new());
    let file = tampered.path("cloudtrail-sdk/src/generated/client.rs");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text + "// tampered\n").unwrap();

    let by_cargo = |tree: &Tree| tree.xtask(&["codegen", "--check"]);
    let by_folder = |tree: &Tree| {
        let mut command = by_cargo(tree);
        command
            .env_remove("CARGO_MANIFEST_DIR")
            .current_dir(tree.path("models/cloudtrail"));
        command
    };
    for command in [&by_cargo as &dyn Fn(&Tree) -> Command, &by_folder] {
        let output = command(&intact).output().unwrap();
        // No warning: every example of the overlay fits.
        assert_eq!(stderr(&output), "");
        assert!(output.status.success());
        assert!(
            stdout(&output).starts_with("cloudtrail-sdk/src/generated is up to date"),
            "{}",
            stdout(&output)
        );
        let output = command(&tampered).output().unwrap();
        assert!(!output.status.success());
        assert!(
            stdout(&output).starts_with("stale: cloudtrail-sdk/src/generated/client.rs\n"),
            "{}",
            stdout(&output)
        );
    }
}

#[test]
fn outside_of_a_checkout_a_command_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = xtask(&["codegen", "--check"]);
    command
        .current_dir(folder.path())
        .env("CARGO_MANIFEST_DIR", folder.path());
    assert_eq!(
        error(&mut command),
        format!(
            "error: neither {} nor a folder above it has models/upstream.toml; run `cargo xtask` in \
             a checkout\n",
            fs::canonicalize(folder.path()).unwrap().display()
        )
    );
}

/// What is downloaded stands there already, but is not what the checkout pins.
#[test]
fn downloads_are_kept_where_cargo_builds() {
    let tree = Tree::new();
    let pins = fs::read_to_string(tree.path("models/upstream.toml")).unwrap();
    let pins: toml::Table = toml::from_str(&pins).unwrap();
    let wheel = format!(
        "botocore-{}-py3-none-any.whl",
        pins["version"].as_str().unwrap()
    );
    let target = tempfile::tempdir().unwrap();
    for folder in ["by-variable", "by-configuration", "relative"] {
        let upstream = target.path().join(folder).join("upstream");
        fs::create_dir_all(&upstream).unwrap();
        fs::write(upstream.join(&wheel), "something else").unwrap();
    }
    let expected = format!("error: {wheel} is not what models/upstream.toml pins (SHA-256): ");
    let new_sdk = || tree.xtask(&["new-sdk", "--model", "botocore:kms", "--out", "kms"]);

    let by_variable = target.path().join("by-variable");
    let said = error(new_sdk().env("CARGO_TARGET_DIR", by_variable));
    assert!(said.starts_with(&expected), "{said}");

    let mut relative = new_sdk();
    relative
        .env("CARGO_TARGET_DIR", "relative")
        .current_dir(target.path());
    let said = error(&mut relative);
    assert!(said.starts_with(&expected), "{said}");

    fs::create_dir(tree.path(".cargo")).unwrap();
    let folder = target.path().join("by-configuration");
    let configuration = format!("[build]\ntarget-dir = {folder:?}\n");
    fs::write(tree.path(".cargo/config.toml"), configuration).unwrap();
    let said = error(&mut new_sdk());
    assert!(said.starts_with(&expected), "{said}");
    assert!(!names(&tree.path("")).contains(&"target".to_owned()));
}

#[test]
fn what_cannot_be_is_said_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("file/bench.md");
    fs::write(folder.path().join("file"), "").unwrap();
    let said = error(&mut xtask(&["bench", "--out", out.to_str().unwrap()]));
    let expected = format!("error: cannot write {}: Not a directory", out.display());
    assert!(said.starts_with(&expected), "{said}");

    for (command, seconds, least) in [("soak", "3", 20), ("soak", "x", 20), ("fuzz", "0", 1)] {
        let output = xtask(&[command, "--seconds", seconds]).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(stdout(&output), "");
        let expected = format!(
            "error: invalid value '{seconds}' for '--seconds <SECONDS>': it must be a whole number, \
             at least {least}\n\nFor more information, try '--help'.\n"
        );
        assert_eq!(stderr(&output), expected);
    }
}
