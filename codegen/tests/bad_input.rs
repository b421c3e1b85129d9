//! What models get that cannot be turned into Rust: an error that says where and why, no panic.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use codegen::{Input, Source};
use serde_json::{Value, json};

mod support;

fn source(name: &str, text: impl ToString) -> Source {
    Source {
        name: name.to_owned(),
        text: text.to_string(),
    }
}

/// A model of the operation `a#Go` with the input `a#In` and the output `a#Ou`; `shapes` are added to
/// these, or replace them.
fn model(shapes: Value) -> Source {
    let mut model = json!({
        "smithy": "2.0",
        "shapes": {
            "a#Sv": service(json!({})),
            "a#Go": {"type": "operation", "input": {"target": "a#In"}, "output": {"target": "a#Ou"}},
            "a#In": {"type": "structure"},
            "a#Ou": {"type": "structure"}
        }
    });
    merge(&mut model["shapes"], shapes);
    source("m.json", model)
}

/// The service of [`model`] with more traits; `null` takes one away.
fn service(traits: Value) -> Value {
    let mut all = json!({
        "aws.api#service": {"sdkId": "Sv"},
        "aws.auth#sigv4": {"name": "sv"},
        "aws.protocols#awsJson1_1": {}
    });
    merge(&mut all, traits);
    json!({"type": "service", "operations": [{"target": "a#Go"}], "traits": all})
}

fn merge(object: &mut Value, with: Value) {
    let object = object.as_object_mut().unwrap();
    for (key, value) in with.as_object().unwrap() {
        if value.is_null() {
            object.remove(key);
        } else {
            object.insert(key.clone(), value.clone());
        }
    }
}

/// A structure whose one member `x` targets `target`.
fn structure(target: &str, traits: Value) -> Value {
    json!({"type": "structure", "members": {"x": {"target": target, "traits": traits}}})
}

fn error(input: &Input) -> String {
    codegen::generate(input).unwrap_err().to_string()
}

#[test]
fn text_that_is_no_model() {
    for (text, expected) in [
        ("", "m.json:1:0: EOF while parsing a value"),
        (
            "{\n  \"smithy\": 2,\n}",
            "m.json:2:13: invalid type: integer `2`, expected a string",
        ),
        ("{\n  \"smithy\": \"2.0\",\n}", "m.json:3:1: trailing comma"),
        (
            "[]",
            "m.json:1:2: invalid length 0, expected a Smithy model",
        ),
        ("{}", "m.json:1:2: missing field `smithy`"),
        (
            r#"{"smithy": "3.0"}"#,
            "m.json: Smithy version `3.0` is not supported; 1.0 and 2.0 are",
        ),
        (
            r#"{"smithy": "2.0", "shapes": {"a#B": {}}}"#,
            "m.json:1:38: missing field `type`",
        ),
        (
            r#"{"smithy": "2.0", "shapes": {"a#B": {"type": "tuple"}}}"#,
            "m.json:1:52: unknown variant `tuple`, expected one of `blob`, `boolean`, `string`, `enum`, `timestamp`, `byte`, `short`, `integer`, `intEnum`, `long`, `float`, `double`, `bigInteger`, `bigDecimal`, `document`, `list`, `set`, `map`, `structure`, `union`, `service`, `operation`, `resource`, `apply`",
        ),
        (
            r#"{"smithy": "2.0", "shapes": {"a#B": {"type": "list", "member": {"target": "C"}}}}"#,
            "m.json:1:78: `C` is no shape ID: expected `namespace#Name`",
        ),
        (
            r#"{"smithy": "2.0", "shapes": {"B": {"type": "string"}}}"#,
            "m.json: `B` is no shape ID: expected `namespace#Name`",
        ),
        (
            r#"{"smithy": "2.0", "shapes": {"a#B": {"type": "string"}, "a#B": {"type": "string"}}}"#,
            "m.json:1:82: `a#B` is defined twice",
        ),
    ] {
        let input = support::input(vec![source("m.json", text)]);
        assert_eq!(error(&input), expected, "{text}");
    }
}

#[test]
fn models_without_one_service() {
    let error = |shapes| error(&support::input(vec![model(shapes)]));
    assert_eq!(
        error(json!({"a#Sv": null})),
        "m.json: the model has no service shape"
    );
    let two = json!({"a#Other": service(json!({}))});
    assert_eq!(
        error(two),
        "m.json: the model has more than one service: `a#Other` and `a#Sv`"
    );
}

/// The model with a member `x` of its input.
fn input(target: &str, traits: Value) -> Value {
    json!({"a#In": structure(target, traits)})
}

/// The model with a member `x` of its output.
fn output(target: &str, traits: Value) -> Value {
    json!({"a#Ou": structure(target, traits)})
}

/// The operation with `more`.
fn operation(more: Value) -> Value {
    let mut operation = json!({"type": "operation"});
    merge(&mut operation, more);
    json!({"a#Go": operation})
}

fn with(mut shapes: Value, more: Value) -> Value {
    merge(&mut shapes, more);
    shapes
}

fn assert_refused<const N: usize>(cases: [(Value, &str); N]) {
    for (shapes, expected) in cases {
        let input = support::input(vec![model(shapes.clone())]);
        assert_eq!(error(&input), expected, "{shapes}");
    }
}

#[test]
fn services_that_are_not_supported() {
    for (traits, expected) in [
        (
            json!({"aws.protocols#awsJson1_1": null}),
            "m.json: a#Sv: protocol not supported: the service speaks none that is known; awsJson1_0 and awsJson1_1 are supported",
        ),
        (
            json!({"aws.protocols#awsJson1_1": null, "aws.protocols#restJson1": {}}),
            "m.json: a#Sv: protocol not supported: the service speaks aws.protocols#restJson1; awsJson1_0 and awsJson1_1 are supported",
        ),
        (
            json!({"aws.auth#sigv4": null}),
            "m.json: a#Sv: the service has no trait `aws.auth#sigv4`",
        ),
        (
            json!({"aws.auth#sigv4": {}}),
            "m.json: a#Sv: trait `aws.auth#sigv4` cannot be read: missing field `name`",
        ),
        (
            json!({"aws.api#service": null}),
            "m.json: a#Sv: the service has no trait `aws.api#service`",
        ),
        (
            json!({"smithy.api#xmlThing": {}}),
            "m.json: a#Sv: trait `smithy.api#xmlThing` can change what goes over the wire and is not supported",
        ),
        (
            json!({"smithy.rules#endpointRuleSet": {"version": "1.0"}}),
            "m.json: a#Sv: `parameters` is missing",
        ),
    ] {
        assert_refused([(json!({"a#Sv": service(traits)}), expected)]);
    }
}

#[test]
fn targets_that_are_no_types() {
    assert_refused([
        (
            json!({"a#Go": null}),
            "m.json: a#Sv: shape `a#Go` does not exist",
        ),
        (
            operation(json!({"input": {"target": "a#Gone"}})),
            "m.json: a#Go: targets `a#Gone`, which does not exist",
        ),
        (
            operation(json!({"input": {"target": "smithy.api#String"}})),
            "m.json: a#Go: `smithy.api#String` is not a structure",
        ),
        (
            operation(json!({"errors": [{"target": "a#Gone"}]})),
            "m.json: a#Go: targets `a#Gone`, which does not exist",
        ),
        (
            input("a#Gone", json!({})),
            "m.json: a#In$x: targets `a#Gone`, which does not exist",
        ),
        (
            with(
                input("a#Li", json!({})),
                json!({"a#Li": {"type": "list", "member": {"target": "a#Gone"}}}),
            ),
            "m.json: a#Li$member: targets `a#Gone`, which does not exist",
        ),
        (
            with(input("a#Li", json!({})), json!({"a#Li": {"type": "list"}})),
            "m.json: a#Li: has no member",
        ),
        (
            input("a#Go", json!({})),
            "m.json: a#In$x: targets `a#Go`; the generator has no Rust type for shapes of type Operation",
        ),
        (
            input("smithy.api#Unit", json!({})),
            "m.json: a#In$x: `smithy.api#Unit` cannot be the target of a member",
        ),
        (
            input("smithy.api#BigDecimal", json!({})),
            "m.json: a#In$x: targets `smithy.api#BigDecimal`; the generator has no Rust type for shapes of type BigDecimal",
        ),
        (
            with(
                input("a#Ex", json!({})),
                json!({"a#Ex": {"type": "structure", "traits": {"smithy.api#error": "client"}}}),
            ),
            "m.json: a#In$x: targets the error `a#Ex`; an error cannot be nested",
        ),
    ]);
}

#[test]
fn operations_that_are_not_supported_can_be_left_out() {
    let mut input = support::input(vec![model(json!({
        "a#Sv": {
            "type": "service",
            "operations": [{"target": "a#Go"}, {"target": "a#Put"}],
            "traits": service(json!({}))["traits"]
        },
        "a#Put": {"type": "operation", "input": {"target": "a#Data"}},
        "a#Data": structure("smithy.api#Blob", json!({"smithy.api#streaming": {}}))
    }))]);
    assert!(codegen::generate(&input).unwrap_err().can_be_skipped());
    input.options.skip_unsupported = true;
    let generated = codegen::generate(&input).unwrap();
    let names: Vec<&str> = generated
        .operations
        .iter()
        .map(|operation| operation.name.as_str())
        .collect();
    assert_eq!(names, ["Go"]);
    assert_eq!(generated.skipped.len(), 1);
    assert_eq!(generated.skipped[0].operation, "Put");
    assert_eq!(
        generated.skipped[0].reason.to_string(),
        "a#Data$x: trait `smithy.api#streaming` can change what goes over the wire and is not supported (operation `Put` needs it)"
    );
}

#[test]
fn types_without_an_end() {
    assert_refused([
        (
            with(
                input("a#Li", json!({})),
                json!({"a#Li": {"type": "list", "member": {"target": "a#Li"}}}),
            ),
            "m.json: a#Li: contains itself with no structure or union between",
        ),
        (
            with(
                output("a#Ma", json!({})),
                json!({
                    "a#Ma": {"type": "map", "key": {"target": "smithy.api#String"}, "value": {"target": "a#Li"}},
                    "a#Li": {"type": "list", "member": {"target": "a#Ma"}}
                }),
            ),
            "m.json: a#Li: contains itself with no structure or union between",
        ),
    ]);
}

#[test]
fn traits_that_are_not_supported() {
    assert_refused([
        (
            operation(json!({"traits": {"smithy.api#httpChecksumRequired": {}}})),
            "m.json: a#Go: trait `smithy.api#httpChecksumRequired` can change what goes over the wire and is not supported",
        ),
        (
            operation(json!({"traits": {"codegen#hint": "call less"}})),
            "m.json: a#Go: trait `codegen#hint` is for errors, and this is none",
        ),
        (
            input("smithy.api#String", json!({"codegen#hint": "call less"})),
            "m.json: a#In$x: trait `codegen#hint` is for errors, and this is none (operation `Go` needs it)",
        ),
        (
            operation(json!({"traits": {"codegen#hnit": "call less"}})),
            "m.json: a#Go: trait `codegen#hnit` is not known; `codegen#hint` is",
        ),
        (
            input("smithy.api#Blob", json!({"smithy.api#streaming": {}})),
            "m.json: a#In$x: trait `smithy.api#streaming` can change what goes over the wire and is not supported (operation `Go` needs it)",
        ),
        (
            with(
                input("a#Bl", json!({})),
                json!({"a#Bl": {"type": "blob", "traits": {"smithy.api#streaming": {}}}}),
            ),
            "m.json: a#Bl: trait `smithy.api#streaming` can change what goes over the wire and is not supported (operation `Go` needs it)",
        ),
        (
            input(
                "smithy.api#String",
                json!({"smithy.api#length": {"min": "x"}}),
            ),
            r#"m.json: a#In$x: trait `smithy.api#length` cannot be read: invalid type: string "x", expected u64"#,
        ),
        (
            input(
                "smithy.api#Timestamp",
                json!({"smithy.api#timestampFormat": "lunar"}),
            ),
            "m.json: a#In$x: timestamp format `lunar` is not supported",
        ),
    ]);
}

#[test]
fn values_that_do_not_fit() {
    assert_refused([
        (
            with(
                input("a#En", json!({})),
                json!({"a#En": {"type": "enum", "members": {"A": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": 1}}}}}),
            ),
            "m.json: a#En$A: the value of an enum must be a string",
        ),
        (
            with(
                input("a#En", json!({})),
                json!({"a#En": {"type": "intEnum", "members": {"A": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": 4_000_000_000_u32}}}}}),
            ),
            "m.json: a#En$A: the value of an intEnum must be a 32-bit integer",
        ),
        (
            output("smithy.api#Integer", json!({"smithy.api#default": "x"})),
            r#"m.json: a#Ou$x: default `"x"` does not fit the member's type"#,
        ),
        (
            output("smithy.api#Timestamp", json!({"smithy.api#default": "x"})),
            r#"m.json: a#Ou$x: default `"x"` does not fit the member's type"#,
        ),
        (
            output("smithy.api#Byte", json!({"smithy.api#default": 128})),
            "m.json: a#Ou$x: default `128` does not fit the member's type",
        ),
        (
            output("smithy.api#Float", json!({"smithy.api#default": 1e39})),
            "m.json: a#Ou$x: default `1e+39` does not fit the member's type",
        ),
        (
            output("smithy.api#Blob", json!({"smithy.api#default": "*"})),
            r#"m.json: a#Ou$x: default `"*"` does not fit the member's type"#,
        ),
        (
            with(
                output("a#Li", json!({"smithy.api#default": ["x"]})),
                json!({"a#Li": {"type": "list", "member": {"target": "smithy.api#String"}}}),
            ),
            r#"m.json: a#Ou$x: default `["x"]` does not fit the member's type"#,
        ),
    ]);
}

/// The warnings about the value `examples` of the trait, of an operation whose input has a member of
/// every kind.
fn warnings(examples: Value) -> Vec<String> {
    let member = |target: &str| json!({"target": target});
    let required = json!({"target": "smithy.api#String", "traits": {"smithy.api#required": {}}});
    let shapes = json!({
        "a#Go": {
            "type": "operation",
            "input": {"target": "a#In"},
            "output": {"target": "a#Ou"},
            "traits": {"smithy.api#examples": examples},
        },
        "a#In": {"type": "structure", "members": {
            "needed": required,
            "token": {
                "target": "smithy.api#String",
                "traits": {"smithy.api#required": {}, "smithy.api#idempotencyToken": {}}
            },
            "flag": member("smithy.api#Boolean"),
            "byte": member("smithy.api#Byte"),
            "short": member("smithy.api#Short"),
            "integer": member("smithy.api#Integer"),
            "long": member("smithy.api#Long"),
            "float": member("smithy.api#Float"),
            "double": member("smithy.api#Double"),
            "name": {
                "target": "smithy.api#String",
                "traits": {"smithy.api#length": {"min": 2, "max": 3}}
            },
            "data": member("smithy.api#Blob"),
            "time": member("smithy.api#Timestamp"),
            "free": member("smithy.api#Document"),
            "color": member("a#Color"),
            "size": member("a#Size"),
            "part": member("a#Part"),
            "pick": member("a#Pick"),
            "parts": member("a#Parts"),
            "holes": member("a#Holes"),
            "map": member("a#Map"),
        }},
        "a#Ou": {"type": "structure", "members": {
            "x": member("smithy.api#Integer"),
            "parts": member("a#Parts"),
        }},
        "a#Color": {"type": "enum", "members": {"RED": member("smithy.api#Unit")}},
        "a#Size": {"type": "intEnum", "members": {
            "BIG": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": 3}}
        }},
        "a#Part": {"type": "structure", "members": {
            "needed": required,
            "level": {
                "target": "smithy.api#Integer",
                "traits": {"smithy.api#range": {"min": 1, "max": 5}}
            },
        }},
        "a#Pick": {"type": "union", "members": {
            "text": member("smithy.api#String"),
            "nothing": member("smithy.api#Unit"),
        }},
        "a#Parts": {
            "type": "list",
            "member": member("a#Part"),
            "traits": {"smithy.api#length": {"max": 2}}
        },
        "a#Holes": {
            "type": "list",
            "member": member("smithy.api#String"),
            "traits": {"smithy.api#sparse": {}}
        },
        "a#Map": {"type": "map", "key": member("a#Color"), "value": member("smithy.api#String")},
    });
    let input = Input {
        crate_name: Some("crate_name".to_owned()),
        ..support::input(vec![model(shapes)])
    };
    let generated = codegen::generate(&input).unwrap();
    generated.warnings.iter().map(ToString::to_string).collect()
}

/// What is wrong with an example.
fn misfit(input: Value, output: Value) -> String {
    let warnings = warnings(json!([{"title": "One", "input": input, "output": output}]));
    assert_eq!(warnings.len(), 1, "{input}: {warnings:?}");
    let problem = warnings[0].strip_prefix("m.json: a#Go: left out example `One`: ");
    problem
        .unwrap_or_else(|| panic!("{}", warnings[0]))
        .to_owned()
}

#[test]
fn examples_that_fit() {
    for more in [
        json!({}),
        json!({"flag": true, "byte": -128, "short": 32767, "integer": -2_147_483_648_i64}),
        json!({"long": i64::MAX, "float": 1, "double": 1e300, "name": "äöü", "data": ""}),
        json!({"time": 1_722_470_399.999}),
        json!({"time": "2024-07-31T23:59:59.999Z"}),
        json!({"time": "2024-07-31T23:59:59+02:00"}),
        json!({"free": [null, {}], "color": "RED", "size": 3, "part": {"needed": "", "level": 5}}),
        json!({"pick": {"text": "a"}, "holes": [null, "a"], "map": {"RED": "a"}}),
        json!({"pick": {"nothing": {}}, "parts": [{"needed": "a"}, {"needed": "b"}]}),
    ] {
        let mut input = json!({"needed": "a"});
        merge(&mut input, more);
        let examples = json!([{"title": "One", "input": input, "output": {"x": 1}}]);
        assert_eq!(warnings(examples), [""; 0], "{input}");
    }
}

#[test]
fn examples_that_do_not_fit_are_left_out() {
    for (member, value, expected) in [
        ("y", json!(1), "input has no member `y`"),
        (
            "flag",
            json!("true"),
            "input.flag: `\"true\"` is not a boolean",
        ),
        (
            "byte",
            json!(128),
            "input.byte: `128` is not an 8-bit integer",
        ),
        (
            "short",
            json!(-32769),
            "input.short: `-32769` is not a 16-bit integer",
        ),
        (
            "integer",
            json!(1.5),
            "input.integer: `1.5` is not a 32-bit integer",
        ),
        (
            "integer",
            json!("1"),
            "input.integer: `\"1\"` is not a 32-bit integer",
        ),
        (
            "integer",
            json!(null),
            "input.integer: `null` is not a 32-bit integer",
        ),
        (
            "long",
            json!(u64::MAX),
            "input.long: `18446744073709551615` is not a 64-bit integer",
        ),
        (
            "float",
            json!(1e39),
            "input.float: `1e+39` is not a 32-bit number",
        ),
        ("double", json!([]), "input.double: `[]` is not a number"),
        ("name", json!(5), "input.name: `5` is not a string"),
        (
            "name",
            json!("ä"),
            "input.name has a length of 1, which is less than 2",
        ),
        (
            "name",
            json!("abcd"),
            "input.name has a length of 4, which is more than 3",
        ),
        ("data", json!({}), "input.data: `{}` is not a string"),
        (
            "time",
            json!("2024-02-30T00:00:00Z"),
            "input.time: `\"2024-02-30T00:00:00Z\"` is not a timestamp: seconds as a number, or a date-time such as `2026-01-01T00:00:00Z`",
        ),
        (
            "time",
            json!(1e300),
            "input.time: `1e+300` is not a timestamp: seconds as a number, or a date-time such as `2026-01-01T00:00:00Z`",
        ),
        (
            "color",
            json!("MAUVE"),
            "input.color: `\"MAUVE\"` is not a value of the enum `Color`",
        ),
        (
            "size",
            json!(4),
            "input.size: `4` is not a value of the enum `Size`",
        ),
        (
            "size",
            json!("BIG"),
            "input.size: `\"BIG\"` is not a value of the enum `Size`",
        ),
        ("part", json!([]), "input.part: `[]` is not an object"),
        (
            "part",
            json!({}),
            "input.part.needed is required, and missing",
        ),
        (
            "part",
            json!({"needed": "a", "level": 6}),
            "input.part.level is 6, which is more than 5",
        ),
        (
            "pick",
            json!({}),
            "input.pick: `{}` is not an object with one member of the union `Pick`",
        ),
        (
            "pick",
            json!({"nothing": {}, "text": "a"}),
            "input.pick: `{\"nothing\":{},\"text\":\"a\"}` is not an object with one member of the union `Pick`",
        ),
        (
            "pick",
            json!({"other": 1}),
            "input.pick has no member `other`",
        ),
        (
            "pick",
            json!({"text": 1}),
            "input.pick.text: `1` is not a string",
        ),
        (
            "pick",
            json!({"nothing": 1}),
            "input.pick.nothing: `1` is not `{}`",
        ),
        ("parts", json!({}), "input.parts: `{}` is not a list"),
        (
            "parts",
            json!([null]),
            "input.parts[0]: `null` is not an object",
        ),
        (
            "parts",
            json!([{"needed": "a"}, {"needed": 2}]),
            "input.parts[1].needed: `2` is not a string",
        ),
        (
            "parts",
            json!([1, 2, 3]),
            "input.parts has a length of 3, which is more than 2",
        ),
        (
            "holes",
            json!([null, 1]),
            "input.holes[1]: `1` is not a string",
        ),
        ("map", json!([]), "input.map: `[]` is not an object"),
        (
            "map",
            json!({"MAUVE": "a"}),
            "input.map[\"MAUVE\"]: `\"MAUVE\"` is not a value of the enum `Color`",
        ),
        (
            "map",
            json!({"RED": null}),
            "input.map[\"RED\"]: `null` is not a string",
        ),
        (
            "flag",
            json!("a long text\nthat is cut where an error would grow beyond a line"),
            "input.flag: `\"a long text\\nthat is cut where an error would grow beyond a…` is not a boolean",
        ),
    ] {
        let input = json!({"needed": "a", member: value});
        assert_eq!(misfit(input, json!({})), expected, "{value}");
    }
    assert_eq!(
        misfit(json!({}), json!({})),
        "input.needed is required, and missing"
    );
    let input = json!({"needed": "a"});
    assert_eq!(
        misfit(input.clone(), json!({"y": 1})),
        "output has no member `y`"
    );
    assert_eq!(
        misfit(input.clone(), json!({"parts": [{"size": 1}]})),
        "output.parts[0] has no member `size`"
    );
    assert_eq!(
        misfit(input, json!({"x": "a"})),
        "output.x: `\"a\"` is not a 32-bit integer"
    );
}

#[test]
fn examples_that_are_none_are_left_out() {
    for (examples, expected) in [
        (
            json!({}),
            "m.json: a#Go: left out the trait `smithy.api#examples`, which is no list",
        ),
        (
            json!(["x"]),
            "m.json: a#Go: left out example 1: invalid type: string \"x\", expected struct Given",
        ),
        (
            json!([{"title": 1, "input": []}]),
            "m.json: a#Go: left out example 1: invalid type: sequence, expected a map",
        ),
    ] {
        assert_eq!(warnings(examples), [expected]);
    }
}

/// No response is refused for what it lacks, or for its limits.
#[test]
fn examples_may_show_a_part_of_an_output() {
    let output = json!({"parts": [{"level": 9}, {}, {}]});
    let example = json!({"title": "One", "input": {"needed": "a"}, "output": output});
    assert_eq!(warnings(json!([example])), [""; 0]);
}

/// What fails is not shown, and what stands behind the first that fits is not looked at.
#[test]
fn only_examples_that_would_be_shown_are_checked() {
    let fails = json!({"title": "Fails", "input": {"y": 1}, "error": {"shapeId": "a#Er"}});
    let works = json!({"title": "Works", "input": {"needed": "a"}});
    let misfit = json!({"title": "Misfit", "input": {"y": 1}});
    assert_eq!(warnings(json!([fails, works, misfit])), [""; 0]);
    assert_eq!(
        warnings(json!([misfit, works])),
        ["m.json: a#Go: left out example `Misfit`: input has no member `y`"]
    );
}

#[test]
fn members_that_name_no_endpoint() {
    let machine_learning = service(json!({"aws.api#service": {"sdkId": "Machine Learning"}}));
    let mut service = machine_learning;
    service["operations"] = json!([{"target": "a#Predict"}]);
    assert_refused([(
        json!({
            "a#Sv": service,
            "a#Predict": {"type": "operation", "input": {"target": "a#In"}}
        }),
        "m.json: a#Predict: its endpoint is expected in `PredictEndpoint`, which is no string of the input",
    )]);
}

#[test]
fn messages_that_are_no_text() {
    assert_refused([(
        with(
            operation(json!({"errors": [{"target": "a#Ex"}]})),
            json!({"a#Ex": {
                "type": "structure",
                "members": {"Message": {"target": "smithy.api#Integer"}},
                "traits": {"smithy.api#error": "client"}
            }}),
        ),
        "m.json: a#Ex$Message: the message of an error must be a string",
    )]);
}

#[test]
fn operations_of_one_name() {
    assert_refused([(
        json!({
            "a#Sv": {"type": "service", "operations": [{"target": "a#DoIt"}, {"target": "a#Do_It"}], "traits": service(json!({}))["traits"]},
            "a#DoIt": {"type": "operation"},
            "a#Do_It": {"type": "operation"}
        }),
        "m.json: a#Do_It: its method would be called `do_it`, as that of `a#DoIt`; rename one in the model",
    )]);
}

#[test]
fn mixins_that_lead_nowhere() {
    assert_refused([
        (
            json!({"a#In": {"type": "structure", "mixins": [{"target": "a#Gone"}]}}),
            "m.json: a#In: has the mixin `a#Gone`, which does not exist",
        ),
        (
            json!({"a#In": {"type": "structure", "mixins": [{"target": "a#In"}]}}),
            "m.json: a#In: is a mixin of itself",
        ),
    ]);
}

#[test]
fn pagination_that_leads_nowhere() {
    for (paginated, expected) in [
        (
            json!({"outputToken": "t"}),
            "m.json: a#Go: trait `smithy.api#paginated` has no `inputToken`",
        ),
        (
            json!({"inputToken": "t"}),
            "m.json: a#Go: trait `smithy.api#paginated` has no `outputToken`",
        ),
        (
            json!({"inputToken": "t", "outputToken": "gone"}),
            "m.json: a#Go: trait `smithy.api#paginated`: `gone` names a member that `GoOutput` does not have",
        ),
        (
            json!({"inputToken": "t", "outputToken": "t.gone"}),
            "m.json: a#Go: trait `smithy.api#paginated`: `t.gone` leads through something else than structures",
        ),
        (
            json!({"inputToken": "t", "outputToken": "n"}),
            "m.json: a#Go: inputToken `t` and outputToken `n` are not of one type",
        ),
        (
            json!({"inputToken": "n", "outputToken": "n"}),
            "m.json: a#Go: inputToken `n` is neither a string nor a map",
        ),
        (
            json!({"inputToken": "t", "outputToken": "t", "pageSize": "gone"}),
            "m.json: a#Go: trait `smithy.api#paginated`: `gone` names a member that `GoInput` does not have",
        ),
        (
            json!({"inputToken": "t", "outputToken": "t", "items": "gone"}),
            "m.json: a#Go: trait `smithy.api#paginated`: `gone` names a member that `GoOutput` does not have",
        ),
        (
            json!("t"),
            r#"m.json: a#Go: trait `smithy.api#paginated` cannot be read: invalid type: string "t", expected struct Paginated"#,
        ),
    ] {
        let members = json!({
            "type": "structure",
            "members": {"t": {"target": "smithy.api#String"}, "n": {"target": "smithy.api#Integer"}}
        });
        let input = support::input(vec![model(json!({
            "a#Go": {
                "type": "operation",
                "input": {"target": "a#In"},
                "output": {"target": "a#Ou"},
                "traits": {"smithy.api#paginated": paginated}
            },
            "a#In": members,
            "a#Ou": members
        }))]);
        assert_eq!(error(&input), expected, "{paginated}");
    }
}

#[test]
fn files_that_do_not_go_together() {
    let file = |name: &str, shapes: Value| source(name, json!({"smithy": "2.0", "shapes": shapes}));
    let more = |shapes| Input {
        models: vec![model(json!({})), file("more.json", shapes)],
        ..support::input(vec![])
    };
    let overlay = |shapes| Input {
        overlays: vec![file("overlay.json", shapes)],
        ..support::input(vec![model(json!({}))])
    };
    let documented = |text| json!({"type": "apply", "traits": {"smithy.api#documentation": text}});
    for (input, expected) in [
        (
            more(json!({"a#In": {"type": "string"}})),
            "more.json: a#In: defined differently in m.json; both definitions must agree",
        ),
        (
            more(json!({"a#Gone": documented("x")})),
            "more.json: a#Gone: applies to nothing: the model has no such shape or member",
        ),
        (
            more(
                json!({"a#In": {"type": "apply", "members": {"y": {"target": "smithy.api#String"}}}}),
            ),
            "more.json: a#In: only an overlay can add members, and only to a structure",
        ),
        (
            Input {
                models: vec![
                    model(json!({})),
                    file("b.json", json!({"a#In": documented("x")})),
                    file("c.json", json!({"a#In": documented("y")})),
                ],
                ..support::input(vec![])
            },
            "c.json: a#In: trait `smithy.api#documentation` is applied twice with different values",
        ),
        (
            overlay(json!({"a#Gone": documented("x")})),
            "overlay.json: a#Gone: applies to nothing: the model has no such shape or member",
        ),
        (
            overlay(json!({"a#In$gone": documented("x")})),
            "overlay.json: a#In$gone: applies to nothing: the model has no such shape or member",
        ),
        (
            overlay(json!({"a#New": {"type": "string"}})),
            "overlay.json: a#New: an overlay may hold `apply` statements only; define the shape in a model file",
        ),
        (
            overlay(
                json!({"a#Go": {"type": "apply", "members": {"y": {"target": "smithy.api#String"}}}}),
            ),
            "overlay.json: a#Go: only an overlay can add members, and only to a structure",
        ),
        (
            overlay(json!({"a#In": {"type": "apply", "members": {"y": {"target": "a#Gone"}}}})),
            "overlay.json: a#In$y: targets `a#Gone`, which does not exist",
        ),
    ] {
        assert_eq!(error(&input), expected);
    }
}

#[test]
fn partitions_that_are_none() {
    let input = |text| Input {
        partitions: source("partitions.json", text),
        ..support::input(vec![model(json!({}))])
    };
    for (text, expected) in [
        ("x", "partitions.json:1:1: expected value"),
        ("{}", "partitions.json: `version` is missing"),
        (
            r#"{"version": "1.1", "partitions": []}"#,
            "partitions.json: partitions: the partition `aws` is missing",
        ),
    ] {
        assert_eq!(error(&input(text)), expected);
    }
}

#[test]
fn no_mutation_of_a_model_panics() {
    for fixture in ["unions", "pagination", "endpoint_rules"] {
        let text = support::source(&format!("fixtures/{fixture}.json")).text;
        let model: Value = serde_json::from_str(&text).unwrap();
        for pointer in pointers(&model) {
            for replacement in [json!(null), json!("x"), json!(0), json!([]), json!({})] {
                let mut mutated = model.clone();
                *mutated.pointer_mut(&pointer).unwrap() = replacement;
                generate_or_refuse(&mutated);
            }
            generate_or_refuse(&without(model.clone(), &pointer));
        }
    }
}

/// Generates from a model that may be one or not.
fn generate_or_refuse(model: &Value) {
    let input = support::input(vec![source("m.json", model)]);
    let outcome = std::panic::catch_unwind(|| codegen::generate(&input).map(drop));
    assert!(outcome.is_ok(), "panicked at {model}");
}

/// The pointers to every value below `value`.
fn pointers(value: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.replace('~', "~0").replace('/', "~1"), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, value)| (index.to_string(), value))
            .collect(),
        _ => Vec::new(),
    };
    children
        .into_iter()
        .flat_map(|(name, child)| {
            let below = pointers(child);
            std::iter::once(String::new())
                .chain(below)
                .map(move |pointer| format!("/{name}{pointer}"))
        })
        .collect()
}

fn without(mut value: Value, pointer: &str) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match value.pointer_mut(parent).unwrap() {
        Value::Object(members) => {
            members.remove(&name.replace("~1", "/").replace("~0", "~"));
        }
        Value::Array(items) => {
            items.remove(name.parse().unwrap());
        }
        _ => unreachable!("a pointer leads through objects and arrays"),
    }
    value
}
