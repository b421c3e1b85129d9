//! Values that cannot be built or parsed.

use std::error::Error;
use std::fmt;

use crate::runtime::base::untrusted::Untrusted;

/// A structure that was built without members that it requires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildError {
    structure: &'static str,
    missing: Vec<&'static str>,
}

impl BuildError {
    pub(crate) fn missing(structure: &'static str, members: &[(&'static str, bool)]) -> Self {
        Self {
            structure,
            missing: members
                .iter()
                .filter_map(|(name, is_set)| (!is_set).then_some(name.trim_start_matches("r#")))
                .collect(),
        }
    }

    /// The members that are missing, all of them.
    pub fn missing_members(&self) -> &[&'static str] {
        &self.missing
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is missing required members: {}",
            self.structure,
            self.missing.join(", ")
        )
    }
}

impl Error for BuildError {}

/// A string that is not one of the values that an enum knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownVariantError {
    value: String,
}

impl UnknownVariantError {
    pub(crate) fn new(value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
        }
    }
}

impl fmt::Display for UnknownVariantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a known value", Untrusted(&self.value))
    }
}

impl Error for UnknownVariantError {}
