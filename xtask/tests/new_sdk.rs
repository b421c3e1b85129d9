//! `cargo xtask new-sdk`, from outside.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

#[allow(dead_code, reason = "other tests use the rest")]
mod support;

use std::fs;
use std::thread;
use std::time::Duration;

use serde_json::json;
use support::{Tree, error, names, service, smithy, stderr, stdout};
use toml::{Table, Value};

#[test]
fn a_crate_is_named_after_its_service() {
    let tree = Tree::new();
    let model = smithy(
        &["ListAnimals"],
        json!({"zoo#ListAnimals": {"type": "operation"}}),
    );
    fs::write(tree.path("service.json"), model).unwrap();
    tree.write_botocore(&[("zoo", service())]);
    for (model, name) in [
        ("service.json", "zoo-keeper-sdk"),
        ("botocore:zoo", "zoo-sdk"),
    ] {
        let mut command = tree.xtask(&["new-sdk", "--model", model, "--out", name]);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        assert_eq!(stdout(&output), format!("{name}: 1 operations in {name}\n"));
        let manifest = fs::read_to_string(tree.path(name).join("Cargo.toml")).unwrap();
        assert!(
            manifest.contains(&format!("\nname = \"{name}\"\n")),
            "{manifest}"
        );
    }
}

#[test]
fn a_name_that_no_crate_can_have_is_refused() {
    let tree = Tree::new();
    let model = smithy(
        &["ListAnimals"],
        json!({"zoo#ListAnimals": {"type": "operation"}}),
    );
    fs::write(tree.path("m.json"), &model).unwrap();
    for (name, said) in [
        (
            "9 bad name",
            "`9 bad name` cannot name a crate: it has ` `; ",
        ),
        ("", "`` cannot name a crate: it is empty; "),
        (
            "../evil\"x",
            "`../evil\\\"x` cannot name a crate: it has `.`; ",
        ),
        ("std", "`std` cannot name a crate: it is reserved; "),
        (
            "serde_json",
            "`serde_json` cannot name a crate: the crate depends on one of that name; ",
        ),
    ] {
        let arguments = [
            "new-sdk", "--model", "m.json", "--out", "out", "--name", name,
        ];
        let error = error(&mut tree.xtask(&arguments));
        assert!(error.starts_with(&format!("error: {said}")), "{error}");
        assert!(!tree.path("out").exists());
    }

    fs::write(tree.path("m.json"), model.replace("Zoo Keeper", "9")).unwrap();
    let error = error(&mut tree.xtask(&["new-sdk", "--model", "m.json", "--out", "out"]));
    let expected = "error: name the crate by `--name`: `9-sdk` cannot name a crate: it does not \
                    start with a letter; ";
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn the_readme_calls_what_can_be_called() {
    let tree = Tree::new();
    let named = json!({"type": "structure", "members": {
        "Name": {"target": "smithy.api#String", "traits": {"smithy.api#required": {}}},
        "Size": {"target": "zoo#Size", "traits": {"smithy.api#required": {}}}
    }});
    let operation = json!({"type": "operation", "input": {"target": "zoo#Named"}});
    let shapes = json!({
        "zoo#AddAnimal": operation,
        "zoo#DescribeAnimal": operation,
        "zoo#CloseZoo": {"type": "operation"},
        "zoo#Named": named,
        "zoo#Size": {"type": "enum", "members": {"BIG": {"target": "smithy.api#Unit"}}},
        "zoo#ListAnimals": {"type": "operation"}
    });
    for (operations, imports, call) in [
        (
            &["AddAnimal", "CloseZoo", "DescribeAnimal", "ListAnimals"][..],
            "",
            "client.list_animals().send().await?;",
        ),
        (
            &["AddAnimal", "CloseZoo", "DescribeAnimal"],
            "use zoo::types::Size;\n",
            "client.describe_animal().name(\"name\").size(Size::Big).send().await?;",
        ),
        (
            &["AddAnimal", "CloseZoo"],
            "",
            "client.close_zoo().send().await?;",
        ),
        (
            &["AddAnimal"],
            "use zoo::types::Size;\n",
            "client.add_animal().name(\"name\").size(Size::Big).send().await?;",
        ),
    ] {
        fs::write(tree.path("m.json"), smithy(operations, shapes.clone())).unwrap();
        let out = operations.join("-");
        let arguments = [
            "new-sdk", "--model", "m.json", "--name", "zoo", "--out", &out,
        ];
        let output = tree.xtask(&arguments).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        let program = format!(
            "use zoo::{{Client, config}};\n{imports}\n#[tokio::main]\n\
             async fn main() {{\n    if let Err(error) = run().await {{\n        \
             eprintln!(\"{{error}}\");\n        std::process::exit(1);\n    }}\n}}\n\n\
             async fn run() -> Result<(), Box<dyn std::error::Error>> {{\n    \
             let client = Client::from_conf(config::load().await);\n    {call}\n    Ok(())\n}}\n"
        );
        let readme = fs::read_to_string(tree.path(&out).join("README.md")).unwrap();
        assert!(
            readme.contains(&format!("```rust,no_run\n{program}```")),
            "{readme}"
        );
        let lib = fs::read_to_string(tree.path(&out).join("src/lib.rs")).unwrap();
        assert!(lib.contains(&format!("//!     {call}\n")), "{lib}");
    }
}

#[test]
fn what_the_sdk_does_not_list_is_not_taken() {
    let tree = Tree::new();
    let model = smithy(
        &["ListAnimals"],
        json!({"zoo#ListAnimals": {"type": "operation"}}),
    );
    fs::write(tree.path("m.json"), model).unwrap();
    let new_sdk = |out: &str| {
        let mut command = tree.xtask(&["new-sdk", "--model", "m.json", "--out", out]);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
    };
    new_sdk("before");

    fs::create_dir(tree.path("cloudtrail-sdk/src/ledger")).unwrap();
    for file in ["ledger.rs", "ledger/page.rs"] {
        fs::write(tree.path("cloudtrail-sdk/src").join(file), "").unwrap();
    }
    let path = tree.path("cloudtrail-sdk/Cargo.toml");
    let mut manifest: Table = fs::read_to_string(&path).unwrap().parse().unwrap();
    let features = &mut manifest["features"];
    let ledger = ["dep:arrow", "serde"].map(Value::from).to_vec();
    features["default"]
        .as_array_mut()
        .unwrap()
        .push("ledger".into());
    features
        .as_table_mut()
        .unwrap()
        .insert("ledger".to_owned(), ledger.into());
    for (table, name) in [("dependencies", "arrow"), ("dev-dependencies", "moto")] {
        let dependencies = manifest[table].as_table_mut().unwrap();
        dependencies.insert(name.to_owned(), "1".into());
    }
    fs::write(path, manifest.to_string()).unwrap();
    new_sdk("after");

    assert_eq!(
        names(&tree.path("after/src")),
        [
            "api",
            "api.rs",
            "generated",
            "lib.rs",
            "runtime",
            "runtime.rs"
        ]
    );
    let manifest = |out: &str| fs::read_to_string(tree.path(out).join("Cargo.toml")).unwrap();
    assert_eq!(manifest("after"), manifest("before"));
}

#[test]
fn what_cannot_be_generated_can_be_left_out() {
    let tree = Tree::new();
    let shapes = json!({
        "zoo#ListAnimals": {"type": "operation"},
        "zoo#Watch": {"type": "operation", "output": {"target": "zoo#Watched"}},
        "zoo#Watched": {"type": "structure", "members": {"Events": {"target": "zoo#Events"}}},
        "zoo#Events": {
            "type": "union",
            "members": {"Fed": {"target": "zoo#Fed"}},
            "traits": {"smithy.api#streaming": {}}
        },
        "zoo#Fed": {"type": "structure"}
    });
    fs::write(
        tree.path("m.json"),
        smithy(&["ListAnimals", "Watch"], shapes),
    )
    .unwrap();
    let new_sdk = |more: &[&str]| {
        tree.xtask(&[&["new-sdk", "--model", "m.json", "--out", "out"], more].concat())
    };
    let reason = "zoo#Events: trait `smithy.api#streaming` can change what goes over the wire and is \
                  not supported (operation `Watch` needs it)";
    assert_eq!(
        error(&mut new_sdk(&[])),
        format!("error: m.json: {reason}; `--skip-unsupported` leaves such operations out\n")
    );
    let output = new_sdk(&["--skip-unsupported"]).output().unwrap();
    assert_eq!(
        stdout(&output),
        format!("zoo-keeper-sdk: left out Watch: {reason}\nzoo-keeper-sdk: 1 operations in out\n")
    );
}

#[test]
fn a_mistake_in_documentation_costs_no_service() {
    let tree = Tree::new();
    let shapes = json!({
        "zoo#ListAnimals": {
            "type": "operation",
            "input": {"target": "zoo#In"},
            "traits": {"smithy.api#examples": [{"title": "Apes", "input": {"Kind": 1}}]}
        },
        "zoo#In": {"type": "structure", "members": {"Kind": {"target": "smithy.api#String"}}}
    });
    fs::write(tree.path("m.json"), smithy(&["ListAnimals"], shapes)).unwrap();
    let mut command = tree.xtask(&["new-sdk", "--model", "m.json", "--out", "out"]);
    let output = command.output().unwrap();
    assert!(output.status.success());
    assert_eq!(
        stderr(&output),
        "warning: m.json: zoo#ListAnimals: left out example `Apes`: input.Kind: `1` is not a string\n"
    );
    assert_eq!(stdout(&output), "zoo-keeper-sdk: 1 operations in out\n");
}

#[test]
fn an_unknown_service_is_compared_with_those_that_are_known() {
    let tree = Tree::new();
    tree.write_botocore(&[("dynamodb", service()), ("kms", service())]);
    let find = |name: &str| {
        let model = format!("botocore:{name}");
        error(&mut tree.xtask(&["new-sdk", "--model", &model, "--out", "out"]))
    };
    let folder = tree.path("target/upstream/botocore-9.9-json-services");
    let folder = folder.display();
    assert_eq!(
        find("dynamo"),
        format!(
            "error: botocore has no service `dynamo` that speaks AWS JSON; similar names are \
             `dynamodb`; the services are the folders in {folder}\n"
        )
    );
    for (name, shown) in [
        ("s3", "s3"),
        ("", ""),
        ("../kms", "../kms"),
        ("k\nms", "k\\nms"),
    ] {
        let error = find(name);
        let expected = format!("error: botocore has no service `{shown}` that speaks AWS JSON; ");
        assert!(error.starts_with(&expected), "{error}");
        assert_eq!(error.lines().count(), 1);
    }
}

#[test]
fn a_place_that_cannot_be_written_is_refused_first() {
    let tree = Tree::new();
    fs::write(tree.path("file"), "").unwrap();
    for (out, expected) in [
        ("file/out", "error: cannot write file/out: Not a directory"),
        (
            "file",
            "error: file exists already; delete it or name another folder\n",
        ),
        (
            "models",
            "error: models exists already; delete it or name another folder\n",
        ),
    ] {
        // The model is not even there.
        let error = error(&mut tree.xtask(&["new-sdk", "--model", "gone.json", "--out", out]));
        assert!(error.starts_with(expected), "{error}");
    }
}

/// What is killed can clean nothing up.
#[test]
fn an_interrupt_leaves_nothing_beside_the_place() {
    let tree = Tree::new();
    let services: Vec<String> = (0..100).map(|number| format!("zoo{number}")).collect();
    let services: Vec<_> = services
        .iter()
        .map(|name| (name.as_str(), service()))
        .collect();
    tree.write_botocore(&services);
    fs::create_dir(tree.path("crates")).unwrap();
    let mut command = tree.xtask(&["new-sdk", "--all-botocore", "--out", "crates/all"]);
    let mut child = command.spawn().unwrap();
    let staging = tree.path("target/new-sdk");
    while !staging.is_dir() || names(&staging).is_empty() {
        // On a busy machine it can be through before anybody looks.
        if child.try_wait().unwrap().is_some() {
            break;
        }
        thread::sleep(Duration::from_millis(1));
    }
    // It may have ended.
    let _ = child.kill();
    child.wait().unwrap();
    // Nothing, or all of it.
    if !names(&tree.path("crates")).is_empty() {
        let crates = names(&tree.path("crates/all"));
        let written = crates.iter().filter(|name| name.starts_with("zoo"));
        assert_eq!(written.count(), 100, "{crates:?}");
    }
}
