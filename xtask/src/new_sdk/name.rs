//! What a new crate may be called: what cargo and Rust take without a warning.

use std::fmt::Write as _;

use anyhow::{Result, bail};

/// That of the registry of crates.
const MAX_LENGTH: usize = 64;

/// Crates that come with Rust, names that cargo keeps for itself, files that Windows cannot have,
/// and the module that every program names beside the crate.
const RESERVED: [&str; 15] = [
    "alloc",
    "aux",
    "build",
    "con",
    "config",
    "core",
    "deps",
    "examples",
    "incremental",
    "nul",
    "prn",
    "proc-macro",
    "std",
    "sysroot",
    "test",
];

/// Refuses a name that no crate can have, or none with these dependencies.
pub fn check(name: &str, dependencies: &[&str]) -> Result<()> {
    let Some(problem) = problem(name, dependencies) else {
        return Ok(());
    };
    bail!(
        "`{}` cannot name a crate: {problem}; a name starts with a letter and has small letters, \
         digits, `-` and `_`, at most {MAX_LENGTH}; `{}` would do",
        name.escape_debug(),
        suggestion(name, dependencies)
    );
}

/// The name of the crate for a service: `cloudwatch-logs-sdk` for `CloudWatch Logs`.
pub fn of_service(sdk_id: &str) -> String {
    format!("{}-sdk", words(sdk_id))
}

fn problem(name: &str, dependencies: &[&str]) -> Option<String> {
    let is_allowed = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let is = |other: &&str| other.replace('_', "-") == name.to_ascii_lowercase().replace('_', "-");
    let starts_well = |c: char| c.is_ascii_alphabetic();
    if name.is_empty() {
        return Some("it is empty".to_owned());
    }
    if let Some(other) = name.chars().find(|c| !is_allowed(c)) {
        return Some(format!("it has `{}`", other.escape_debug()));
    }
    if !name.starts_with(starts_well) {
        return Some("it does not start with a letter".to_owned());
    }
    if name.len() > MAX_LENGTH {
        return Some(format!("it has {} characters", name.len()));
    }
    if codegen::is_keyword(name) {
        return Some("it is a keyword of Rust".to_owned());
    }
    if RESERVED.iter().any(&is) || is_device(name) {
        return Some("it is reserved".to_owned());
    }
    if dependencies.iter().any(&is) {
        return Some("the crate depends on one of that name".to_owned());
    }
    if name.contains(|c: char| c.is_ascii_uppercase()) {
        return Some("it has capitals, which Rust warns about".to_owned());
    }
    None
}

/// Whether Windows takes a file of this name for a device.
fn is_device(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["com", "lpt"]
        .iter()
        .filter_map(|device| name.strip_prefix(device))
        .any(|number| number.len() == 1 && number.starts_with(|c: char| c.is_ascii_digit()))
}

/// The name that is closest to what was wanted.
fn suggestion(name: &str, dependencies: &[&str]) -> String {
    let words = words(name);
    let mut name = words
        .trim_start_matches(|c: char| !c.is_ascii_alphabetic())
        .to_owned();
    name.truncate(MAX_LENGTH);
    if name.is_empty() {
        name.push_str("my");
    }
    if problem(&name, dependencies).is_some() || name == "my" {
        // Infallible: it is a string.
        let _ = write!(name, "-sdk");
    }
    name
}

/// The letters and digits of a text, in lower case, with `-` for what stands between them.
fn words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("-").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEPENDENCIES: [&str; 2] = ["serde_json", "tokio"];

    #[test]
    fn names_that_cargo_takes() {
        for name in ["kms", "kms-sdk", "kms_sdk", "kms2", "a", &"a".repeat(64)] {
            assert_eq!(problem(name, &DEPENDENCIES), None, "{name}");
        }
    }

    #[test]
    fn other_names_are_refused_and_another_is_suggested() {
        let long = "a".repeat(65);
        for (name, problem, suggestion) in [
            ("", "it is empty", "my-sdk"),
            ("9 bad name", "it has ` `", "bad-name"),
            ("9bad", "it does not start with a letter", "bad"),
            ("-", "it does not start with a letter", "my-sdk"),
            ("_", "it does not start with a letter", "my-sdk"),
            ("../evil\"x", "it has `.`", "evil-x"),
            ("a\"b", "it has `\\\"`", "a-b"),
            ("a\nb", "it has `\\n`", "a-b"),
            ("a/b", "it has `/`", "a-b"),
            ("a\\b", "it has `\\\\`", "a-b"),
            ("a.b", "it has `.`", "a-b"),
            ("größe", "it has `ö`", "gr-e"),
            (long.as_str(), "it has 65 characters", &long[..64]),
            ("fn", "it is a keyword of Rust", "fn-sdk"),
            ("async", "it is a keyword of Rust", "async-sdk"),
            ("gen", "it is a keyword of Rust", "gen-sdk"),
            ("crate", "it is a keyword of Rust", "crate-sdk"),
            ("std", "it is reserved", "std-sdk"),
            ("core", "it is reserved", "core-sdk"),
            ("alloc", "it is reserved", "alloc-sdk"),
            ("test", "it is reserved", "test-sdk"),
            ("proc_macro", "it is reserved", "proc-macro-sdk"),
            ("NUL", "it is reserved", "nul-sdk"),
            ("com1", "it is reserved", "com1-sdk"),
            ("config", "it is reserved", "config-sdk"),
            ("Kms2", "it has capitals, which Rust warns about", "kms2"),
            (
                "tokio",
                "the crate depends on one of that name",
                "tokio-sdk",
            ),
            (
                "serde-json",
                "the crate depends on one of that name",
                "serde-json-sdk",
            ),
        ] {
            let error = check(name, &DEPENDENCIES).unwrap_err().to_string();
            assert_eq!(
                error,
                format!(
                    "`{}` cannot name a crate: {problem}; a name starts with a letter and has \
                     small letters, digits, `-` and `_`, at most 64; `{suggestion}` would do",
                    name.escape_debug()
                )
            );
            assert_eq!(super::problem(suggestion, &DEPENDENCIES), None);
        }
    }

    #[test]
    fn services_give_their_names() {
        assert_eq!(of_service("KMS"), "kms-sdk");
        assert_eq!(of_service("CloudWatch Logs"), "cloudwatch-logs-sdk");
    }
}
