//! Rust names for the model's names.

use std::collections::HashSet;

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

/// Names that generated files use for something else: Rust's prelude and what they import.
const TAKEN_TYPES: &[&str] = &[
    "AsMut",
    "AsRef",
    "Blob",
    "Box",
    "Builder",
    "Client",
    "Clone",
    "Config",
    "Constraints",
    "Copy",
    "DateTime",
    "Debug",
    "DecodeError",
    "Default",
    "Document",
    "DoubleEndedIterator",
    "Drop",
    "Encode",
    "Eq",
    "Err",
    "Error",
    "ErrorMetadata",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "Formatted",
    "From",
    "FromIterator",
    "FromMembers",
    "FromValue",
    "Future",
    "Handle",
    "Hash",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "ItemPaginator",
    "Items",
    "Iterator",
    "JsonWriter",
    "Map",
    "Member",
    "MemberSink",
    "MemberValue",
    "None",
    "Ok",
    "Operation",
    "Option",
    "Ord",
    "PageSize",
    "Paginated",
    "Paginator",
    "PartialEq",
    "PartialOrd",
    "RequestId",
    "Result",
    "SdkError",
    "Self",
    "Send",
    "SetRequestId",
    "Sized",
    "Some",
    "String",
    "Structure",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unhandled",
    "Unpin",
    "Value",
    "Vec",
    "Violations",
];

/// Names of methods that every structure or builder has besides those of its members.
const TAKEN_METHODS: [&str; 8] = [
    "as_input",
    "build",
    "builder",
    "clone",
    "eq",
    "into_paginator",
    "request_id",
    "send",
];

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
    let name = words(name).join("_");
    match name.chars().next() {
        Some(first) if !first.is_ascii_digit() => name,
        _ => format!("n{name}"),
    }
}

/// `TrailARN` as `TrailArn`; what cannot start a name gets a letter before it.
fn pascal_case(name: &str) -> String {
    let name: String = words(name)
        .iter()
        .flat_map(|word| {
            let mut chars = word.chars();
            chars
                .next()
                .map(|first| first.to_uppercase())
                .into_iter()
                .flatten()
                .chain(chars)
                .collect::<Vec<_>>()
        })
        .collect();
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

/// Gives out names that are unique where they stand; the first to ask gets the plain one.
#[derive(Default)]
pub(super) struct Scope {
    taken: HashSet<String>,
}

impl Scope {
    /// A scope for the types of an SDK.
    pub(super) fn types() -> Self {
        Self {
            taken: TAKEN_TYPES.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    /// Reserves a name; `false` if it was taken.
    pub(super) fn reserve(&mut self, name: &str) -> bool {
        self.taken.insert(name.to_owned())
    }

    /// The name of a type; one that is taken gets `Shape`, then a number, behind it.
    pub(super) fn type_name(&mut self, name: &str) -> String {
        let name = pascal_case(name);
        let first = if TAKEN_TYPES.contains(&name.as_str()) {
            format!("{name}Shape")
        } else {
            name
        };
        self.unique(first)
    }

    /// The name of an enum's or a union's variant.
    pub(super) fn variant(&mut self, name: &str) -> String {
        let name = pascal_case(name);
        match name.as_str() {
            // `Unknown` is the variant for values that the model does not have.
            "Unknown" | "Self" => self.unique(format!("{name}Value")),
            _ => self.unique(name),
        }
    }

    /// The names for a member of a structure.
    pub(super) fn field(&mut self, name: &str) -> FieldNames {
        let mut plain = snake_case(name);
        if TAKEN_METHODS.contains(&plain.as_str()) {
            plain.push_str("_value");
        }
        let taken = |scope: &Self, plain: &str| {
            [
                plain.to_owned(),
                format!("set_{plain}"),
                format!("get_{plain}"),
            ]
            .iter()
            .any(|name| scope.taken.contains(name))
        };
        let mut candidate = plain.clone();
        let mut number = 2;
        while taken(self, &candidate) {
            candidate = format!("{plain}_{number}");
            number += 1;
        }
        let names = FieldNames {
            setter: format!("set_{candidate}"),
            getter: format!("get_{candidate}"),
            field: escape(candidate.clone()),
        };
        self.taken
            .extend([candidate, names.setter.clone(), names.getter.clone()]);
        names
    }

    fn unique(&mut self, name: String) -> String {
        let mut candidate = name.clone();
        let mut number = 2;
        while !self.taken.insert(candidate.clone()) {
            candidate = format!("{name}{number}");
            number += 1;
        }
        candidate
    }
}

/// The prefix of an operation's types.
pub(super) fn operation_type(name: &str) -> String {
    pascal_case(name)
}

/// A module, function or variable.
pub(super) fn value_name(name: &str) -> String {
    escape(snake_case(name))
}

/// The part of a method's name that tells a type, as in `is_trail_not_found_exception`.
pub(super) fn method_suffix(name: &str) -> String {
    snake_case(name)
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
            assert_eq!(value_name(keyword), format!("r#{keyword}"));
        }
        for keyword in STRICT_KEYWORDS {
            let name = escape(keyword.to_owned());
            assert_eq!(name, format!("{keyword}_"));
        }
        assert_eq!(value_name("Self"), "self_");
    }

    #[test]
    fn names_that_collide_are_numbered() {
        let mut scope = Scope::default();
        assert_eq!(scope.field("fooBar").field, "foo_bar");
        assert_eq!(scope.field("foo_bar").field, "foo_bar_2");
        assert_eq!(scope.field("set_foo_bar").field, "set_foo_bar_3");
        assert_eq!(scope.field("type").setter, "set_type");
        let mut types = Scope::types();
        assert_eq!(types.type_name("Option"), "OptionShape");
        assert_eq!(types.type_name("Foo"), "Foo");
        assert_eq!(types.type_name("FOO"), "Foo2");
        let mut variants = Scope::default();
        assert_eq!(variants.variant("UNKNOWN"), "UnknownValue");
        assert_eq!(variants.variant("self"), "SelfValue");
    }
}
