//! The partitions of AWS: `partitions.json`.

use serde_json::Value as Json;

use super::endpoint::json::Node;
use crate::error::Result;
use crate::ir::endpoint::{Partition, Partitions};

/// The partition of every region that no partition claims.
const DEFAULT: &str = "aws";

/// Lowers the partitions. Errors name the place in the file.
pub(crate) fn lower(partitions: &Json) -> Result<Partitions> {
    let root = Node::root(partitions);
    let version = root.require("version")?;
    if !version.string()?.starts_with("1.") {
        return Err(version.error(format!(
            "version {} of the partitions is not supported",
            version.value()
        )));
    }
    let node = root.require("partitions")?;
    let mut default = None;
    let mut others = Vec::new();
    for node in node.elements()? {
        let (partition, exceptions) = partition(&node)?;
        if node.require("id")?.string()? == DEFAULT {
            default = Some(partition);
        } else {
            others.push(partition);
        }
        others.extend(exceptions);
    }
    let default =
        default.ok_or_else(|| node.error(format!("the partition `{DEFAULT}` is missing")))?;
    Ok(Partitions { default, others })
}

/// A partition, and each of its regions whose outputs differ as a partition of that region alone.
fn partition(node: &Node<'_>) -> Result<(Partition, Vec<Partition>)> {
    let id = node.require("id")?.string()?;
    let pattern = node.require("regionRegex")?;
    let region_prefixes = region_prefixes(pattern.string()?).ok_or_else(|| {
        pattern.error(format!(
            "the region pattern of the partition `{id}` is not `^PREFIX\\-\\w+\\-\\d+$` but {}",
            pattern.value()
        ))
    })?;
    let outputs = node.require("outputs")?;
    for key in [
        "dnsSuffix",
        "dualStackDnsSuffix",
        "implicitGlobalRegion",
        "supportsFIPS",
        "supportsDualStack",
    ] {
        outputs.require(key)?;
    }
    let base = with_outputs(
        Partition {
            name: id.to_owned(),
            ..Partition::default()
        },
        &outputs,
    )?;

    let mut regions = Vec::new();
    let mut exceptions = Vec::new();
    for (region, node) in node.require("regions")?.members()? {
        let exception = with_outputs(base.clone(), &node)?;
        if exception == base {
            regions.push(region.to_owned());
        } else {
            exceptions.push(Partition {
                regions: vec![region.to_owned()],
                ..exception
            });
        }
    }
    let partition = Partition {
        regions,
        region_prefixes,
        ..base
    };
    Ok((partition, exceptions))
}

/// Replaces the properties that are given.
fn with_outputs(mut partition: Partition, outputs: &Node<'_>) -> Result<Partition> {
    for (key, value) in outputs.members()? {
        match key {
            "name" => partition.name = value.string()?.to_owned(),
            "dnsSuffix" => partition.dns_suffix = value.string()?.to_owned(),
            "dualStackDnsSuffix" => partition.dual_stack_dns_suffix = value.string()?.to_owned(),
            "implicitGlobalRegion" => partition.implicit_global_region = value.string()?.to_owned(),
            "supportsFIPS" => partition.supports_fips = value.boolean()?,
            "supportsDualStack" => partition.supports_dual_stack = value.boolean()?,
            "description" => {}
            other => return Err(outputs.error(format!("unknown output `{other}`"))),
        }
    }
    Ok(partition)
}

/// The prefixes that a pattern of the form `^PREFIX\-\w+\-\d+$` admits, where a part of PREFIX may be
/// a choice: `^(us|eu)\-gov\-\w+\-\d+$` admits `us-gov` and `eu-gov`.
///
/// All patterns are of this form, and so the runtime needs no regular expressions.
fn region_prefixes(pattern: &str) -> Option<Vec<String>> {
    let prefix = pattern.strip_prefix('^')?.strip_suffix(r"\-\w+\-\d+$")?;
    let mut prefixes = vec![String::new()];
    for part in prefix.split(r"\-") {
        let choice = part
            .strip_prefix('(')
            .and_then(|part| part.strip_suffix(')'));
        let alternatives: Vec<_> = choice.unwrap_or(part).split('|').collect();
        let is_plain =
            |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !alternatives.iter().all(is_plain) || (choice.is_none() && alternatives.len() > 1) {
            return None;
        }
        prefixes = prefixes
            .iter()
            .flat_map(|prefix| alternatives.iter().map(move |part| (prefix, part)))
            .map(|(prefix, part)| match prefix.as_str() {
                "" => (*part).to_owned(),
                prefix => format!("{prefix}-{part}"),
            })
            .collect();
    }
    Some(prefixes)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn patterns_become_prefixes() {
        for (pattern, expected) in [
            (r"^(us|eu)\-\w+\-\d+$", Some(vec!["us", "eu"])),
            (r"^cn\-\w+\-\d+$", Some(vec!["cn"])),
            (r"^us\-gov\-\w+\-\d+$", Some(vec!["us-gov"])),
            (
                r"^eusc\-(de|fr)\-\w+\-\d+$",
                Some(vec!["eusc-de", "eusc-fr"]),
            ),
            (r"us\-\w+\-\d+$", None),
            (r"^us\-\w+\-\d+", None),
            (r"^\w+\-\d+$", None),
            (r"^us|eu\-\w+\-\d+$", None),
            (r"^(us|)\-\w+\-\d+$", None),
            (r"^u.\-\w+\-\d+$", None),
        ] {
            let expected =
                expected.map(|prefixes| prefixes.iter().map(|&prefix| prefix.to_owned()).collect());
            assert_eq!(region_prefixes(pattern), expected, "{pattern}");
        }
    }

    fn partitions(id: &str, pattern: &str) -> Json {
        json!({
            "version": "1.1",
            "partitions": [{
                "id": id,
                "regionRegex": pattern,
                "regions": {
                    "us-east-1": {"description": "North"},
                    "us-odd-1": {"supportsFIPS": false},
                },
                "outputs": {
                    "name": id,
                    "dnsSuffix": "amazonaws.com",
                    "dualStackDnsSuffix": "api.aws",
                    "implicitGlobalRegion": "us-east-1",
                    "supportsFIPS": true,
                    "supportsDualStack": true,
                },
            }],
        })
    }

    #[test]
    fn a_region_that_differs_is_a_partition_of_its_own() {
        let Partitions { default, others } =
            lower(&partitions("aws", r"^us\-\w+\-\d+$")).expect("right");
        assert_eq!(default.regions, ["us-east-1"]);
        assert_eq!(default.region_prefixes, ["us"]);
        let expected = Partition {
            supports_fips: false,
            regions: vec!["us-odd-1".to_owned()],
            region_prefixes: Vec::new(),
            ..default
        };
        assert_eq!(others, [expected]);
    }

    #[test]
    fn errors_name_the_place() {
        let error = |partitions| lower(&partitions).expect_err("wrong").to_string();
        assert_eq!(
            error(partitions("aws", "^us-.*$")),
            r#"partitions[0].regionRegex: the region pattern of the partition `aws` is not `^PREFIX\-\w+\-\d+$` but "^us-.*$""#
        );
        assert_eq!(
            error(partitions("aws-cn", r"^cn\-\w+\-\d+$")),
            "partitions: the partition `aws` is missing"
        );
        let mut incomplete = partitions("aws", r"^us\-\w+\-\d+$");
        incomplete["partitions"][0]["outputs"] = json!({"dnsSuffix": "amazonaws.com"});
        assert_eq!(
            error(incomplete),
            "partitions[0].outputs: `dualStackDnsSuffix` is missing"
        );
    }
}
