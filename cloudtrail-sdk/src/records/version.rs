//! Versions of the form of records.

use std::fmt;
use std::str::FromStr;

/// The version of the form of a record: two numbers, of which `1.10` is later than `1.9` and than
/// `1.09`.
///
/// ```
/// use cloudtrail_sdk::records::{EventVersion, Record};
///
/// # fn example() -> Result<(), serde_json::Error> {
/// let record: Record = r#"{"eventVersion":"1.11"}"#.parse()?;
/// assert!(record.version() >= Some(EventVersion::new(1, 8)));
/// # Ok(())
/// # }
/// # example().unwrap();
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventVersion {
    major: u32,
    minor: u32,
}

impl EventVersion {
    /// A version.
    pub const fn new(major: u32, minor: u32) -> Self {
        Self { major, minor }
    }

    /// Grows when records change in ways that programs have to know.
    pub const fn major(self) -> u32 {
        self.major
    }

    /// Grows when members are added.
    pub const fn minor(self) -> u32 {
        self.minor
    }
}

/// As CloudTrail writes it: `1.0`, `1.01`, …, `1.09`, `1.10`.
impl fmt::Display for EventVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.minor {
            0 => write!(f, "{}.0", self.major),
            minor => write!(f, "{}.{minor:02}", self.major),
        }
    }
}

impl FromStr for EventVersion {
    type Err = InvalidEventVersion;

    fn from_str(text: &str) -> Result<Self, InvalidEventVersion> {
        let number = |digits: &str| {
            let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse().ok().filter(|_| is_number)
        };
        let (major, minor) = text.split_once('.').ok_or(InvalidEventVersion)?;
        match (number(major), number(minor)) {
            (Some(major), Some(minor)) => Ok(Self { major, minor }),
            _ => Err(InvalidEventVersion),
        }
    }
}

/// A text that is no version of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidEventVersion;

impl fmt::Display for InvalidEventVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a version is two numbers with a dot between them, such as 1.08")
    }
}

impl std::error::Error for InvalidEventVersion {}
