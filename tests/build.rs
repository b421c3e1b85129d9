//! Writes the half of `tests/all_operations/` that names every shape of the model.
//!
//! For every structure there is a function that makes one from JSON through its public builder, and one that reads
//! one into JSON through its public accessors; for every operation a module with its tests; for every enum and error
//! a line in a table.
//! Names and types are those of `aws-sdk-cloudtrail`, worked out here anew and not by `codegen`.

#[allow(dead_code, reason = "the tests use the rest")]
#[path = "src/model.rs"]
mod model;

use std::collections::BTreeMap;
use std::path::Path;

use heck::{ToSnakeCase, ToUpperCamelCase};
use model::{Member, Model, Operation, Shape};

fn main() {
    // cargo runs this in the folder of the package; where it was compiled can be another checkout.
    let directory = Path::new("../models/cloudtrail");
    println!("cargo::rerun-if-changed={}", directory.display());
    println!("cargo::rerun-if-changed=src/model.rs");
    println!("cargo::rerun-if-changed=build.rs");

    let model = Model::read(directory);
    let structures: String = shared_structures(&model)
        .into_iter()
        .map(shared_structure)
        .collect();
    let operations: String = model.operations().into_iter().map(operation).collect();
    let source = structures
        + &serialization_table(&model)
        + &operations
        + &enum_table(&model)
        + &error_table(&model);
    let target = std::env::var_os("OUT_DIR").expect("cargo sets it");
    std::fs::write(Path::new(&target).join("all_operations.rs"), source)
        .expect("cargo has made the directory");
}

/// The structures that inputs and outputs are made of, each once.
fn shared_structures(model: &Model) -> Vec<Shape<'_>> {
    let mut found = BTreeMap::new();
    for operation in model.operations() {
        visit_members(operation.input(), &mut found);
        visit_members(operation.output(), &mut found);
    }
    found.into_values().collect()
}

/// Finds every structure that the members of `structure` are made of, by its name.
fn visit_members<'m>(structure: Shape<'m>, found: &mut BTreeMap<&'m str, Shape<'m>>) {
    structure
        .members()
        .for_each(|member| visit(member.target, found));
}

fn visit<'m>(shape: Shape<'m>, found: &mut BTreeMap<&'m str, Shape<'m>>) {
    match shape.kind() {
        "structure" if found.insert(shape.name(), shape).is_none() => visit_members(shape, found),
        "list" => visit(shape.inner("member").target, found),
        "map" => visit(shape.inner("value").target, found),
        _ => {}
    }
}

/// Whether the model demands anything of the members of `input`, however deep.
fn is_constrained<'m>(input: Shape<'m>) -> bool {
    let mut structures = BTreeMap::from([(input.name(), input)]);
    visit_members(input, &mut structures);
    structures
        .values()
        .flat_map(|structure| structure.members())
        .any(|member| {
            member.is_required()
                || ["length", "range"]
                    .iter()
                    .any(|name| member.constraint(name).is_some())
        })
}

fn shared_structure(structure: Shape<'_>) -> String {
    let (path, suffix) = (type_name(structure), structure.name().to_snake_case());
    make_and_read(
        structure,
        &path,
        &suffix,
        build_can_fail(structure),
        Absent::UnlessRequired,
    )
}

/// The test of serde's traits on the structures that inputs and outputs are made of.
fn serialization_table(model: &Model) -> String {
    let calls: String = shared_structures(model)
        .into_iter()
        .map(|structure| {
            let (name, suffix) = (structure.name(), structure.name().to_snake_case());
            format!("    serialization::check(MODEL.named({name:?}), make_{suffix});\n")
        })
        .collect();
    format!("#[test]\nfn structures_are_serialized_both_ways() {{\n{calls}}}\n\n")
}

/// The module of an operation: how to send it, and its tests.
fn operation(operation: Operation<'_>) -> String {
    let (name, module) = (
        operation.name().to_upper_camel_case(),
        operation.name().to_snake_case(),
    );
    let (input, output) = (operation.input(), operation.output());
    format!(
        "
mod {module} {{
    use cloudtrail_sdk::operation::{module}::builders::{{{name}FluentBuilder, {name}InputBuilder, {name}OutputBuilder}};
    use cloudtrail_sdk::operation::{module}::{{{name}Error, {name}Input, {name}Output}};

    use super::*;

    pub fn send(client: &Client, {value}: &Value) -> Sending {{
        let {binding}builder: {name}FluentBuilder = client.{module}();
{setters}        Box::pin(async move {{
            let result: Result<{name}Output, SdkError<{name}Error>> = builder.send().await;
            result.map(|output| read_output(&output))
        }})
    }}

    #[tokio::test]
    async fn round_trip() {{
        check_round_trip({operation:?}, send).await;
    }}

    #[test]
    fn input_and_output_are_serialized_both_ways() {{
        let operation = MODEL.operation({operation:?}).unwrap();
        serialization::check(operation.input(), make_input);
        serialization::check(operation.output(), make_output);
    }}

    #[tokio::test]
    async fn listed_errors() {{
        check_listed_errors({operation:?}, send).await;
    }}

    #[test]
    fn input_and_output_can_be_built() {{
        let _: {name}InputBuilder = {name}Input::builder();
        let _: {name}OutputBuilder = {name}Output::builder();
        check_built({operation:?}, |value| read_input(&make_input(value)), |value| read_output(&make_output(value)));
    }}
{limits}{paginator}
{make_and_read_input}{make_and_read_output}}}
",
        operation = operation.name(),
        value = parameter(input),
        binding = binding(input),
        setters = setters(input),
        limits = if is_constrained(input) { limits(operation) } else { String::new() },
        paginator = operation.paginated().map(|trait_| paginator(operation, trait_)).unwrap_or_default(),
        make_and_read_input = make_and_read(input, &format!("{name}Input"), "input", true, Absent::Always),
        make_and_read_output =
            make_and_read(output, &format!("{name}Output"), "output", build_can_fail(output), Absent::UnlessRequired),
    )
}

/// The test of the limits of an operation's input.
fn limits(operation: Operation<'_>) -> String {
    format!(
        "
    #[tokio::test]
    async fn limits_and_required_members_are_checked_before_sending() {{
        limits::check({:?}, send).await;
    }}
",
        operation.name(),
    )
}

/// The test of an operation's paginator.
fn paginator(operation: Operation<'_>, paginated: &serde_json::Value) -> String {
    let (name, module) = (
        operation.name().to_upper_camel_case(),
        operation.name().to_snake_case(),
    );
    let page_size = if paginated["pageSize"].is_string() {
        ".page_size(PAGE_SIZE)"
    } else {
        ""
    };
    let items = paginated["items"].as_str().map(|items| {
        let list = operation
            .output()
            .find_member(items)
            .expect("the items are a member")
            .target;
        format!(
            "
    fn items(client: &Client, value: &Value) -> Reading {{
        let paginator: paginator::{name}PaginatorItems = paginator(client, value).items();
        Box::pin(async move {{
            let mut items = paginator.send();
            let mut read = Vec::new();
            while let Some(item) = items.next().await {{
                let item = &item?;
                read.push({});
            }}
            Ok(read)
        }})
    }}
",
            read(list.inner("member").target, "item"),
        )
    });
    format!(
        "
    use cloudtrail_sdk::operation::{module}::paginator;

    #[tokio::test]
    async fn paginator_reads_every_page() {{
        check_paginator({operation:?}, pages, {items_function}).await;
    }}

    fn paginator(client: &Client, {value}: &Value) -> paginator::{name}Paginator {{
        let {binding}builder = client.{module}();
{setters}        builder.into_paginator(){page_size}
    }}

    fn pages(client: &Client, value: &Value) -> Reading {{
        let paginator = paginator(client, value);
        Box::pin(async move {{
            let mut pages = paginator.send();
            let mut read = Vec::new();
            while let Some(page) = pages.next().await {{
                read.push(read_output(&page?));
            }}
            Ok(read)
        }})
    }}
{items}",
        operation = operation.name(),
        value = parameter(operation.input()),
        binding = binding(operation.input()),
        setters = setters(operation.input()),
        items_function = if items.is_some() {
            "Some(items)"
        } else {
            "None"
        },
        items = items.unwrap_or_default(),
    )
}

/// Which members of a structure are wrapped in `Option`.
#[derive(Clone, Copy, PartialEq)]
enum Absent {
    Always,
    UnlessRequired,
}

/// `make_…`, which builds a structure from JSON, and `read_…`, which reads it back.
fn make_and_read(
    structure: Shape<'_>,
    path: &str,
    suffix: &str,
    build_can_fail: bool,
    absent: Absent,
) -> String {
    let setters = setters(structure);
    let fields: String = structure
        .members()
        .map(|member| format!("{}: _, ", rust_name(member)))
        .collect();
    let entries: String = structure
        .members()
        .map(|member| reader(member, absent))
        .collect();
    format!(
        "fn make_{suffix}({value}: &Value) -> {path} {{
    let {binding}builder = {path}::builder();
{setters}    builder.build(){unwrap}
}}

fn read_{suffix}(actual: &{path}) -> Value {{
    let {path} {{ {fields}.. }} = actual;
    object([
{entries}    ])
}}

",
        value = parameter(structure),
        binding = binding(structure),
        unwrap = if build_can_fail { ".unwrap()" } else { "" },
    )
}

/// The name of the parameter that carries the JSON of `structure`.
fn parameter(structure: Shape<'_>) -> &'static str {
    if structure.members().next().is_some() {
        "value"
    } else {
        "_value"
    }
}

/// What the builder's binding must say for `setters` to work.
fn binding(structure: Shape<'_>) -> &'static str {
    if structure.members().next().is_some() {
        "mut "
    } else {
        ""
    }
}

/// Statements that put each member of `value` into `builder`, take it out through the getter, and put that back in.
fn setters(structure: Shape<'_>) -> String {
    structure
        .members()
        .map(|member| {
            let (setter, name) = (rust_name(member), member.name.to_snake_case());
            let target = member.target;
            let put = match target.kind() {
                "list" => format!(
                    "for item in elements(value) {{ builder = builder.{setter}({}); }}",
                    maker(target.inner("member").target, "item"),
                ),
                "map" => format!(
                    "for (key, item) in entries(value) {{ builder = builder.{setter}({}, {}); }}",
                    key_maker(target.inner("key").target),
                    maker(target.inner("value").target, "item"),
                ),
                _ => format!("builder = builder.{setter}({});", maker(target, "value")),
            };
            format!(
                "    if let Some(value) = value.get({wire:?}) {{
        {put}
        let set = builder.get_{name}().clone();
        builder = builder.set_{name}(set);
    }}
",
                wire = member.name,
            )
        })
        .collect()
}

/// An expression of the type of `shape`, made from the JSON value in `variable`.
fn maker(shape: Shape<'_>, variable: &str) -> String {
    match shape.kind() {
        "structure" => format!("make_{}({variable})", shape.name().to_snake_case()),
        "list" => {
            let item = maker(shape.inner("member").target, "item");
            format!("elements({variable}).map(|item| {item}).collect::<Vec<_>>()")
        }
        "map" => {
            let (key, item) = (
                key_maker(shape.inner("key").target),
                maker(shape.inner("value").target, "item"),
            );
            format!("entries({variable}).map(|(key, item)| ({key}, {item})).collect::<Map<_, _>>()")
        }
        "string" => format!("text({variable}).to_owned()"),
        "enum" => format!("{}::from(text({variable}))", type_name(shape)),
        "boolean" => format!("{variable}.as_bool().unwrap()"),
        "integer" => format!("i32::try_from({variable}.as_i64().unwrap()).unwrap()"),
        "long" => format!("{variable}.as_i64().unwrap()"),
        "float" => format!("{variable}.as_f64().unwrap() as f32"),
        "double" => format!("{variable}.as_f64().unwrap()"),
        "timestamp" => format!("make_date_time({variable})"),
        "blob" => format!("make_blob({variable})"),
        kind => panic!("{}: no test for a {kind}", shape.id()),
    }
}

/// An expression of the type of the map key `shape`, made from the `&String` in `key`.
fn key_maker(shape: Shape<'_>) -> String {
    match shape.kind() {
        "enum" => format!("{}::from(key.as_str())", type_name(shape)),
        _ => "key.clone()".to_owned(),
    }
}

/// An entry of the object that `read_…` makes: the member's name and what its accessor says.
fn reader(member: Member<'_>, absent: Absent) -> String {
    let target = member.target;
    let accessor = format!("actual.{}()", rust_name(member));
    let is_plain =
        absent == Absent::UnlessRequired && (member.is_required() || member.default().is_some());
    let value = match target.kind() {
        "list" => {
            let item = read(target.inner("member").target, "item");
            format!("array({accessor}, |item| {item})")
        }
        "structure" => format!("{accessor}.map(|item| {})", read(target, "item")),
        _ if is_plain => format!("Some({})", read(target, &accessor)),
        // A number that an `Option` holds is no reference, unlike the numbers of a list.
        "boolean" | "integer" | "long" | "float" | "double" => {
            format!("{accessor}.map(Value::from)")
        }
        _ => format!("{accessor}.map(|item| {})", read(target, "item")),
    };
    format!("        ({:?}, {value}),\n", member.name)
}

/// An expression for the JSON of the Rust value that `variable` refers to.
fn read(shape: Shape<'_>, variable: &str) -> String {
    match shape.kind() {
        "structure" => format!("read_{}({variable})", shape.name().to_snake_case()),
        "list" => {
            let item = read(shape.inner("member").target, "item");
            format!("{variable}.iter().map(|item| {item}).collect::<Value>()")
        }
        "map" => {
            let item = read(shape.inner("value").target, "item");
            let key = match shape.inner("key").target.kind() {
                "enum" => "key.as_str().to_owned()",
                _ => "key.clone()",
            };
            format!("{variable}.iter().map(|(key, item)| ({key}, {item})).collect::<Value>()")
        }
        "string" => format!("Value::from({variable} as &str)"),
        "enum" => format!("Value::from({variable}.as_str())"),
        "timestamp" => format!("read_date_time({variable})"),
        "blob" => format!("read_blob({variable})"),
        "boolean" | "integer" | "long" | "float" | "double" => {
            format!("Value::from({variable}.to_owned())")
        }
        kind => panic!("{}: no test for a {kind}", shape.id()),
    }
}

/// Whether `build()` returns a `Result`: something is required that has no value of its own.
fn build_can_fail(structure: Shape<'_>) -> bool {
    structure
        .members()
        .any(|member| member.is_required() && member.target.kind() != "structure")
}

fn enum_table(model: &Model) -> String {
    let entries: String = model
        .shapes()
        .filter(|shape| shape.kind() == "enum")
        .map(|shape| {
            let path = type_name(shape);
            let values = shape.enum_values();
            let variants: String = values
                .iter()
                .map(|value| format!("({value:?}, {path}::{}), ", variant_name(value)))
                .collect();
            format!(
                "    check_enum({path}::values(), &[{variants}]);
    serialization::check_enum::<{path}>({path}::values());\n"
            )
        })
        .collect();
    format!("\n#[test]\nfn enums_are_open_and_know_their_values() {{\n{entries}}}\n\n")
}

fn error_table(model: &Model) -> String {
    let entries: String = model
        .errors()
        .into_iter()
        .map(|shape| {
            let (name, variant) = (shape.name(), shape.name().to_upper_camel_case());
            let is = shape.name().to_snake_case();
            format!(
                "    ErrorCase {{ shape: {name:?}, message: |error| match error {{ \
                 Error::{variant}(inner) if error.is_{is}() => inner.message(), _ => None }} }},\n"
            )
        })
        .collect();
    let serialized: String = model
        .errors()
        .into_iter()
        .map(|shape| {
            let name = shape.name().to_upper_camel_case();
            format!(
                "    serialization::check_error(&types::error::{name}::builder().message(\"m\").build(), \"m\");\n"
            )
        })
        .collect();
    format!(
        "const ERRORS: &[ErrorCase] = &[\n{entries}];

#[test]
fn errors_are_serialized_both_ways() {{
{serialized}}}
"
    )
}

fn type_name(shape: Shape<'_>) -> String {
    format!("types::{}", shape.name().to_upper_camel_case())
}

/// The name of an enum's variant; `Unknown` is the variant for values that the model does not know.
fn variant_name(value: &str) -> String {
    match value.to_upper_camel_case().as_str() {
        "Unknown" => "UnknownValue".to_owned(),
        name => name.to_owned(),
    }
}

/// The name of a field, an accessor and a setter.
fn rust_name(member: Member<'_>) -> String {
    match member.name.to_snake_case().as_str() {
        "type" => "r#type".to_owned(),
        name => name.to_owned(),
    }
}
