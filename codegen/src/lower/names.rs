//! Rust names for the model's names.

use std::collections::HashSet;

use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::imports;

/// Words that Smithy's Rust SDKs take as one word however their letters are cased.
const WHOLE_WORDS: [&str; 7] = ["ipv4", "ipv6", "sigv4", "mib", "gib", "kib", "ttl"];

/// Words that Rust reserves and that `r#` can make usable.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Words that Rust reserves and that `r#` cannot make usable.
const STRICT_KEYWORDS: [&str; 5] = ["self", "Self", "super", "crate", "_"];

/// The types, traits and variants of Rust's prelude, and what derives are called by.
const PRELUDE: &[&str] = &[
    "AsMut",
    "AsRef",
    "AsyncFn",
    "AsyncFnMut",
    "AsyncFnOnce",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Hash",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];

/// The enum of all errors, which stands beside the types.
const ERROR_ENUM: [&str; 1] = ["Error"];

/// Functions that every structure or builder has besides those of its members.
const STRUCTURE_FUNCTIONS: [&str; 11] = [
    "as_input",
    "build",
    "builder",
    "clone",
    "customize",
    "default",
    "eq",
    "into_paginator",
    "new",
    "request_id",
    "send",
];

/// What error structures have besides that.
const ERROR_FUNCTIONS: [&str; 2] = ["meta", "source"];

/// Functions that the client has besides those of the operations.
const CLIENT_FUNCTIONS: [&str; 4] = ["clone", "config", "from_conf", "new"];

/// Whether Rust reserves the word.
pub(crate) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word) || STRICT_KEYWORDS.contains(&word)
}

/// The words of a name: `TrailARNList` has `trail`, `arn` and `list`.
fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let all_lowercase = !chars.iter().any(|c| c.is_uppercase());
    let mut words = Vec::new();
    let mut word = String::new();
    for (index, &next) in chars.iter().enumerate() {
        if !next.is_alphanumeric() {
            words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
            continue;
        }
        let rest: String = chars[index..].iter().collect();
        if !word.is_empty() && !within_whole_word(&word, &rest) {
            let last = word.chars().last().unwrap_or(next);
            let lower_then_upper = !last.is_uppercase() && next.is_uppercase();
            let digit_then_letter = all_lowercase && last.is_ascii_digit() && next.is_lowercase();
            if lower_then_upper || digit_then_letter || ends_acronym(last, &chars[index..]) {
                words.push(std::mem::take(&mut word));
            }
        }
        word.push(next);
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words.iter().map(|word| word.to_lowercase()).collect()
}

/// Whether `word` followed by `rest` begins with a whole word that `word` alone does not end.
fn within_whole_word(word: &str, rest: &str) -> bool {
    let word = word.to_lowercase();
    let text = format!("{word}{}", rest.to_lowercase());
    WHOLE_WORDS
        .iter()
        .any(|whole| text.starts_with(whole) && word != *whole)
}

/// Whether an acronym ends before `rest`, as in `DB|Proxy`, but not in `ACL|s`.
fn ends_acronym(last: char, rest: &[char]) -> bool {
    let [next, after, ..] = rest else {
        return false;
    };
    let plural = *after == 's' && rest.get(2).is_none_or(|c| !c.is_lowercase());
    last.is_uppercase() && next.is_uppercase() && after.is_lowercase() && !plural
}

/// `TrailARN` as `trail_arn`; what cannot start a name gets a letter before it.
fn snake_case(name: &str) -> String {
    let name = words(name).join("_").to_snake_case();
    match name.chars().next() {
        Some(first) if !first.is_ascii_digit() => name,
        _ => format!("n{name}"),
    }
}

/// `TrailARN` as `TrailArn`; what cannot start a name gets a letter before it.
fn pascal_case(name: &str) -> String {
    let name = words(name).join("_").to_upper_camel_case();
    match name.chars().next() {
        Some(first) if !first.is_ascii_digit() => name,
        _ => format!("N{name}"),
    }
}

fn escape(name: String) -> String {
    if STRICT_KEYWORDS.contains(&name.as_str()) {
        format!("{name}_")
    } else if KEYWORDS.contains(&name.as_str()) {
        format!("r#{name}")
    } else {
        name
    }
}

/// The names of a member: field, setter and getter.
pub(super) struct FieldNames {
    pub(super) field: String,
    pub(super) setter: String,
    pub(super) getter: String,
}

/// Gives out names that are unique where they stand: one that means something else there gets a
/// suffix, and one that was given before a number.
#[derive(Default)]
pub(super) struct Scope {
    reserved: Vec<&'static str>,
    suffix: &'static str,
    taken: HashSet<String>,
}

impl Scope {
    /// For the types of an SDK.
    pub(super) fn types() -> Self {
        let reserved = PRELUDE
            .iter()
            .copied()
            .chain(imports::names())
            .chain(ERROR_ENUM);
        Self::reserving(reserved, "Shape")
    }

    /// For the modules of the types.
    pub(super) fn modules() -> Self {
        Self::reserving(["builders", "error"], "_type")
    }

    /// For the members of a structure.
    pub(super) fn members() -> Self {
        Self::reserving(STRUCTURE_FUNCTIONS, "_value")
    }

    /// For the members of an error structure.
    pub(super) fn error_members() -> Self {
        let reserved = STRUCTURE_FUNCTIONS.into_iter().chain(ERROR_FUNCTIONS);
        Self::reserving(reserved, "_value")
    }

    /// For the variants of an enum or a union; `Unknown` is what the model does not have.
    pub(super) fn variants() -> Self {
        Self::reserving(["Self", "Unknown"], "Value")
    }

    /// For the methods of a union's variants.
    pub(super) fn variant_methods() -> Self {
        Self::reserving(["unknown"], "_value")
    }

    fn reserving(reserved: impl IntoIterator<Item = &'static str>, suffix: &'static str) -> Self {
        Self {
            reserved: reserved.into_iter().collect(),
            suffix,
            taken: HashSet::new(),
        }
    }

    /// The name of a type or a variant.
    pub(super) fn type_name(&mut self, name: &str) -> String {
        self.unique(pascal_case(name), "", |name| vec![name.to_owned()])
    }

    /// The name of a module.
    pub(super) fn module(&mut self, name: &str) -> String {
        escape(self.method_suffix(name))
    }

    /// The part of a method's name that tells what it asks for, as in `is_trail_not_found`.
    pub(super) fn method_suffix(&mut self, name: &str) -> String {
        self.unique(snake_case(name), "_", |name| vec![name.to_owned()])
    }

    /// The names for a member of a structure.
    pub(super) fn field(&mut self, name: &str) -> FieldNames {
        let functions = |name: &str| {
            vec![
                name.to_owned(),
                format!("set_{name}"),
                format!("get_{name}"),
            ]
        };
        let name = self.unique(snake_case(name), "_", functions);
        FieldNames {
            setter: format!("set_{name}"),
            getter: format!("get_{name}"),
            field: escape(name),
        }
    }

    /// The name, changed until none of what `gives` makes of it is taken; then all of it is.
    fn unique(
        &mut self,
        mut name: String,
        separator: &str,
        gives: impl Fn(&str) -> Vec<String>,
    ) -> String {
        if self.reserved.contains(&name.as_str()) {
            name.push_str(self.suffix);
        }
        let mut candidate = name.clone();
        let mut number = 2;
        while gives(&candidate)
            .iter()
            .any(|name| self.taken.contains(name))
        {
            candidate = format!("{name}{separator}{number}");
            number += 1;
        }
        self.taken.extend(gives(&candidate));
        candidate
    }
}

/// The prefix of an operation's types.
pub(super) fn operation_type(name: &str) -> String {
    pascal_case(name)
}

/// The type that is an operation by its name alone. It must not hide what macros name.
pub(super) fn operation_struct(type_name: &str) -> String {
    match PRELUDE.contains(&type_name) {
        true => format!("{type_name}Operation"),
        false => type_name.to_owned(),
    }
}

/// The client's method for an operation, and the operation's module.
pub(super) fn operation_method(name: &str) -> String {
    let name = snake_case(name);
    if CLIENT_FUNCTIONS.contains(&name.as_str()) {
        format!("{name}_operation")
    } else {
        escape(name)
    }
}

/// A text that says what a member holds, such as `trail-name`.
pub(super) fn placeholder(name: &str) -> String {
    words(name).join("-")
}

/// A variable.
pub(super) fn value_name(name: &str) -> String {
    escape(snake_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_split_where_the_official_sdk_splits_them() {
        for (name, snake, pascal) in [
            ("S3BucketName", "s3_bucket_name", "S3BucketName"),
            ("TrailARN", "trail_arn", "TrailArn"),
            ("TrailARNs", "trail_arns", "TrailArns"),
            ("SQL", "sql", "Sql"),
            ("SnsTopicARN", "sns_topic_arn", "SnsTopicArn"),
            ("KmsKeyId", "kms_key_id", "KmsKeyId"),
            ("IAMUser", "iam_user", "IamUser"),
            ("ACLs", "acls", "Acls"),
            ("s3key", "s3_key", "S3Key"),
            ("IN_PROGRESS", "in_progress", "InProgress"),
            (
                "ApiCallRateInsight",
                "api_call_rate_insight",
                "ApiCallRateInsight",
            ),
            ("DescribeTTL", "describe_ttl", "DescribeTtl"),
            (
                "sourceIPv4Address",
                "source_ipv4_address",
                "SourceIpv4Address",
            ),
            ("t2.micro", "t2_micro", "T2Micro"),
            ("2fa", "n2_fa", "N2Fa"),
            (
                "ChannelExistsForEDSException",
                "channel_exists_for_eds_exception",
                "ChannelExistsForEdsException",
            ),
        ] {
            assert_eq!(snake_case(name), snake, "{name}");
            assert_eq!(pascal_case(name), pascal, "{name}");
        }
    }

    #[test]
    fn every_keyword_becomes_usable() {
        for keyword in KEYWORDS {
            assert_eq!(operation_method(keyword), format!("r#{keyword}"));
        }
        for keyword in STRICT_KEYWORDS {
            let name = escape(keyword.to_owned());
            assert_eq!(name, format!("{keyword}_"));
        }
        assert_eq!(operation_method("Self"), "self_");
    }

    #[test]
    fn names_that_collide_are_numbered() {
        let mut members = Scope::members();
        assert_eq!(members.field("fooBar").field, "foo_bar");
        assert_eq!(members.field("foo_bar").field, "foo_bar_2");
        assert_eq!(members.field("set_foo_bar").field, "set_foo_bar_3");
        assert_eq!(members.field("type").setter, "set_type");
        let mut types = Scope::types();
        assert_eq!(types.type_name("Foo"), "Foo");
        assert_eq!(types.type_name("FOO"), "Foo2");
        let mut modules = Scope::modules();
        assert_eq!(modules.module("Foo"), "foo");
        assert_eq!(modules.module("SetFoo"), "set_foo");
    }

    #[test]
    fn names_that_mean_something_else_get_a_suffix() {
        assert_eq!(Scope::types().type_name("Option"), "OptionShape");
        assert_eq!(Scope::types().type_name("Document"), "DocumentShape");
        assert_eq!(Scope::members().field("send").field, "send_value");
        assert_eq!(Scope::members().field("meta").field, "meta");
        assert_eq!(Scope::error_members().field("meta").field, "meta_value");
        assert_eq!(Scope::variants().type_name("UNKNOWN"), "UnknownValue");
        assert_eq!(Scope::variants().type_name("self"), "SelfValue");
        assert_eq!(operation_method("Config"), "config_operation");
        assert_eq!(operation_struct("Send"), "SendOperation");
        assert_eq!(operation_struct("SendMail"), "SendMail");
    }
}
