use serde_json::{Value, json};

use super::lower;

/// The error for a rule set.
fn error(rule_set: &Value) -> String {
    let error = lower(rule_set).expect_err("the rule set is wrong");
    error.to_string()
}

/// A rule set of one rule, on a parameter of each type.
fn rule_set(rule: Value) -> Value {
    json!({
        "version": "1.1",
        "parameters": {
            "Region": {"type": "string", "builtIn": "AWS::Region"},
            "Name": {"type": "string", "required": true},
            "Flag": {"type": "boolean", "required": true, "default": false},
            "Keys": {"type": "stringArray"},
        },
        "rules": [rule],
    })
}

#[test]
fn errors_in_conditions_name_the_place() {
    for (condition, expected) in [
        (
            json!({"fn": "isOdd", "argv": []}),
            "rules[0].conditions[0].fn: the function `isOdd` is not supported",
        ),
        (
            json!({"fn": "not", "argv": [{"fn": "isSet", "argv": []}]}),
            "rules[0].conditions[0].argv[0]: wrong number of arguments: 0 instead of 1",
        ),
        (
            json!({"fn": "isSet", "argv": [{"ref": "region"}]}),
            "rules[0].conditions[0].argv[0]: `region` is neither a parameter nor a variable in scope",
        ),
        (
            json!({"fn": "stringEquals", "argv": [{"ref": "Region"}, "a"]}),
            "rules[0].conditions[0].argv[0]: `Region` may be unset here; a condition before must \
             rule that out, by `isSet` or `assign`",
        ),
        (
            json!({"fn": "stringEquals", "argv": ["{Flag}", "a"]}),
            "rules[0].conditions[0].argv[0]: `Flag` is a boolean, not a string",
        ),
        (
            json!({"fn": "booleanEquals", "argv": [{"fn": "parseURL", "argv": ["{Name}"]}, true]}),
            "rules[0].conditions[0].argv[0]: the result of `parseURL` is a URL, not a boolean",
        ),
        (
            json!({"fn": "stringEquals", "argv": ["{Name", "a"]}),
            "rules[0].conditions[0].argv[0]: unmatched `{` in `{Name`",
        ),
        (
            json!({"fn": "stringEquals", "argv": ["Name}", "a"]}),
            "rules[0].conditions[0].argv[0]: unmatched `}` in `Name}`",
        ),
        (
            json!({"fn": "getAttr", "argv": [{"fn": "aws.partition", "argv": ["{Name}"]}, "suffix"]}),
            "rules[0].conditions[0].argv[1]: a partition has no member `suffix`",
        ),
        (
            json!({"fn": "getAttr", "argv": [{"fn": "parseURL", "argv": ["{Name}"]}, "path"]}),
            "rules[0].conditions[0].argv[1]: what `path` is looked up in may be unset here; a \
             condition before must rule that out, by `isSet` or `assign`",
        ),
        (
            json!({"fn": "getAttr", "argv": [{"fn": "split", "argv": ["{Name}", "-", 0]}, "[-0]"]}),
            "rules[0].conditions[0].argv[1]: malformed index in the path `[-0]`",
        ),
        (
            json!({"fn": "substring", "argv": ["{Name}", -1, 2, false]}),
            "rules[0].conditions[0].argv[1]: `-1` is not a natural number",
        ),
        (
            json!({"fn": "split", "argv": ["{Name}", "", 0]}),
            "rules[0].conditions[0].argv[1]: the delimiter must not be empty",
        ),
        (
            json!({"fn": "ite", "argv": [{"ref": "Flag"}, "a", true]}),
            "rules[0].conditions[0]: a choice between a string and a boolean has no type",
        ),
        (
            json!({"fn": "coalesce", "argv": [{"ref": "Keys"}, {"ref": "Keys"}]}),
            "rules[0].conditions[0].argv[0]: a list of strings cannot be an alternative, only \
             strings and booleans can",
        ),
        (
            json!({"fn": "isSet", "argv": [{"ref": "Region"}], "assign": "Name"}),
            "rules[0].conditions[0].assign: `Name` is taken by a parameter or a variable in scope",
        ),
        (
            json!({"fn": "uriEncode", "argv": ["{Name}"], "assign": "not a name"}),
            "rules[0].conditions[0].assign: `not a name` is not a name: letters, digits \
             and `_`, a letter first",
        ),
        (
            json!({"fn": "isSet", "argv": [{"ref": "Region"}], "else": "Name"}),
            "rules[0].conditions[0]: unknown member `else`",
        ),
    ] {
        let rule = json!({"type": "error", "conditions": [condition], "error": ""});
        assert_eq!(error(&rule_set(rule)), expected);
    }
}

#[test]
fn errors_in_rules_name_the_place() {
    for (rule, expected) in [
        (
            json!({"type": "leaf", "conditions": []}),
            "rules[0].type: `leaf` is not a type of a rule",
        ),
        (
            json!({"type": "error", "error": ""}),
            "rules[0]: `conditions` is missing",
        ),
        (
            json!({"type": "tree", "conditions": [], "rules": []}),
            "rules[0].rules: there is no rule",
        ),
        (
            json!({"type": "tree", "conditions": [], "rules": [
                {"type": "error", "conditions": [], "error": "this one is reached"},
                {"type": "error", "conditions": [], "error": "{unknown}"},
            ]}),
            "rules[0].rules[1].error: `unknown` is neither a parameter nor a variable in scope",
        ),
        (
            json!({"type": "endpoint", "conditions": [], "endpoint": {"url": true}}),
            "rules[0].endpoint.url: `true` is a boolean, not a string",
        ),
        (
            json!({"type": "endpoint", "conditions": [], "endpoint": {"url": "a", "auth": "v4"}}),
            "rules[0].endpoint: unknown member `auth`",
        ),
        (
            json!({"type": "endpoint", "conditions": [], "endpoint": {"url": "a", "properties": {
                "authSchemes": [{"name": "sigv4", "region": "a"}],
            }}}),
            "rules[0].endpoint.properties.authSchemes[0]: unknown member `region`",
        ),
        (
            json!({"type": "endpoint", "conditions": [], "endpoint": {"url": "a", "properties": {
                "weight": [1],
            }}}),
            "rules[0].endpoint.properties.weight[0]: expected a string, a boolean, an array or an \
             object, found a number",
        ),
    ] {
        assert_eq!(error(&rule_set(rule)), expected);
    }
}

#[test]
fn variables_end_with_their_rule() {
    let rule_set = json!({
        "version": "1.0",
        "parameters": {"Region": {"type": "string"}},
        "rules": [
            {
                "type": "error",
                "conditions": [{"fn": "isSet", "argv": [{"ref": "Region"}]}],
                "error": "{Region}",
            },
            {"type": "error", "conditions": [], "error": "{Region}"},
        ],
    });
    assert_eq!(
        error(&rule_set),
        "rules[1].error: `Region` may be unset here; a condition before must rule that out, by \
         `isSet` or `assign`"
    );
}

#[test]
fn errors_in_parameters_name_the_place() {
    for (parameters, expected) in [
        (
            json!({"A": {"type": "integer"}}),
            "parameters.A.type: `integer` is not a type of a parameter",
        ),
        (
            json!({"A": {"type": "string", "default": "a"}}),
            "parameters.A.default: a parameter with a default must be required",
        ),
        (
            json!({"A": {"type": "string", "required": true, "default": true}}),
            "parameters.A.default: expected a string, found a boolean",
        ),
        (
            json!({"A": {"type": "string", "builtIn": "AWS::Weather"}}),
            "parameters.A.builtIn: the built-in `AWS::Weather` is not supported",
        ),
        (
            json!({"A": {"type": "string", "builtIn": "AWS::UseFIPS"}}),
            "parameters.A.builtIn: the parameter is not of the type of the built-in",
        ),
        (
            json!({"aB": {"type": "string"}, "AB": {"type": "string"}}),
            "parameters.aB: differs from the parameter `AB` in case only",
        ),
        (
            json!({"A-B": {"type": "string"}}),
            "parameters.A-B: `A-B` is not a name: letters, digits and `_`, a letter first",
        ),
    ] {
        let rule_set = json!({"version": "1.0", "parameters": parameters, "rules": []});
        assert_eq!(error(&rule_set), expected);
    }
}

#[test]
fn unknown_versions_are_refused() {
    let rule_set = json!({"version": "2.0", "parameters": {}, "rules": []});
    assert_eq!(
        error(&rule_set),
        r#"version: version "2.0" of the rules language is not supported"#
    );
}
