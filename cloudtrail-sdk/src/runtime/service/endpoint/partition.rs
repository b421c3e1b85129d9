//! The partitions of AWS: separate worlds of regions, each with DNS suffixes of its own.

/// A partition, or a region of one that differs from the others.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Partition {
    pub(crate) name: &'static str,
    pub(crate) dns_suffix: &'static str,
    pub(crate) dual_stack_dns_suffix: &'static str,
    /// The region to sign for where a service is one for the whole partition.
    pub(crate) implicit_global_region: &'static str,
    pub(crate) supports_fips: bool,
    pub(crate) supports_dual_stack: bool,
    /// The known regions.
    pub(crate) regions: &'static [&'static str],
    /// What stands before `-WORD-NUMBER` in the names of regions still to come.
    pub(crate) region_prefixes: &'static [&'static str],
}

/// All partitions. The one that takes the regions that no other claims stands apart, so that every
/// region has a partition.
#[derive(Debug)]
pub(crate) struct Partitions {
    pub(crate) default: Partition,
    pub(crate) others: &'static [Partition],
}

impl Partitions {
    /// The partition of a region: the one that lists it, else the one whose regions have names like
    /// it, else the default.
    pub(crate) fn of_region(&self, region: &str) -> &Partition {
        self.find(|partition| partition.regions.contains(&region))
            .or_else(|| self.find(|partition| partition.expects(region)))
            .unwrap_or(&self.default)
    }

    fn find(&self, is_match: impl Fn(&Partition) -> bool) -> Option<&Partition> {
        std::iter::once(&self.default)
            .chain(self.others)
            .find(|partition| is_match(partition))
    }
}

impl Partition {
    /// Whether the region is named `PREFIX-WORD-NUMBER` with a prefix of this partition.
    fn expects(&self, region: &str) -> bool {
        self.region_prefixes.iter().any(|prefix| {
            region
                .strip_prefix(prefix)
                .and_then(|rest| rest.strip_prefix('-')?.split_once('-'))
                .is_some_and(|(word, number)| {
                    !word.is_empty()
                        && word
                            .bytes()
                            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
                        && !number.is_empty()
                        && number.bytes().all(|byte| byte.is_ascii_digit())
                })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static PARTITIONS: Partitions = Partitions {
        default: partition("aws", &["us-east-1", "aws-global"], &["us", "eu"]),
        others: &[
            partition("aws-us-gov", &["us-gov-west-1"], &["us-gov"]),
            partition("aws-eusc", &["eu-odd-1"], &["eusc-de"]),
        ],
    };

    const fn partition(
        name: &'static str,
        regions: &'static [&'static str],
        region_prefixes: &'static [&'static str],
    ) -> Partition {
        Partition {
            name,
            dns_suffix: "amazonaws.com",
            dual_stack_dns_suffix: "api.aws",
            implicit_global_region: "us-east-1",
            supports_fips: true,
            supports_dual_stack: true,
            regions,
            region_prefixes,
        }
    }

    #[test]
    fn every_region_has_a_partition() {
        for (region, expected) in [
            ("us-east-1", "aws"),
            ("aws-global", "aws"),
            ("us-gov-west-1", "aws-us-gov"),
            // Listed by one partition, named like the regions of another one.
            ("eu-odd-1", "aws-eusc"),
            // Not listed, named like the regions of a partition.
            ("us-north-17", "aws"),
            ("us-gov-north-1", "aws-us-gov"),
            ("eusc-de-west-2", "aws-eusc"),
            // Claimed by none.
            ("", "aws"),
            ("us-gov-", "aws"),
            ("us-gov--1", "aws"),
            ("us-gov-north-", "aws"),
            ("us-gov-north-one", "aws"),
            ("us-gov-north-1-2", "aws"),
            ("xus-gov-north-1", "aws"),
            ("mars-global", "aws"),
        ] {
            assert_eq!(PARTITIONS.of_region(region).name, expected, "{region}");
        }
    }
}
