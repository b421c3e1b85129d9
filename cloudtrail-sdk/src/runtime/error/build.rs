//! Values that cannot be built or parsed.

use std::error::Error;
use std::fmt;

use crate::runtime::base::boxed::BoxError;
use crate::runtime::base::untrusted::Untrusted;

/// A structure that could not be built.
#[derive(Debug)]
pub struct BuildError {
    kind: BuildErrorKind,
}

#[derive(Debug)]
enum BuildErrorKind {
    /// All members that a structure lacks.
    Missing {
        structure: &'static str,
        members: Vec<&'static str>,
    },
    MissingField {
        field: &'static str,
        details: &'static str,
    },
    InvalidField {
        field: &'static str,
        details: String,
    },
    Other(BoxError),
}

impl BuildError {
    pub(crate) fn missing(structure: &'static str, members: &[(&'static str, bool)]) -> Self {
        BuildErrorKind::Missing {
            structure,
            members: members
                .iter()
                .filter_map(|(name, is_set)| (!is_set).then_some(name.trim_start_matches("r#")))
                .collect(),
        }
        .into()
    }

    /// A field is missing.
    pub fn missing_field(field: &'static str, details: &'static str) -> Self {
        BuildErrorKind::MissingField { field, details }.into()
    }

    /// A field has a value that it cannot have.
    pub fn invalid_field(field: &'static str, details: impl Into<String>) -> Self {
        let details = details.into();
        BuildErrorKind::InvalidField { field, details }.into()
    }

    /// Anything else.
    pub fn other(source: impl Into<BoxError>) -> Self {
        BuildErrorKind::Other(source.into()).into()
    }

    /// The members that are missing, all of them.
    pub fn missing_members(&self) -> &[&'static str] {
        match &self.kind {
            BuildErrorKind::Missing { members, .. } => members,
            BuildErrorKind::MissingField { field, .. } => std::slice::from_ref(field),
            _ => &[],
        }
    }
}

impl From<BuildErrorKind> for BuildError {
    fn from(kind: BuildErrorKind) -> Self {
        Self { kind }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            BuildErrorKind::Missing { structure, members } => {
                let members = members.join(", ");
                write!(f, "{structure} is missing required members: {members}")
            }
            BuildErrorKind::MissingField { field, details } => {
                write!(f, "{field} is missing: {details}")
            }
            BuildErrorKind::InvalidField { field, details } => {
                write!(f, "{field} is invalid: {details}")
            }
            BuildErrorKind::Other(source) => write!(f, "{source}"),
        }
    }
}

impl Error for BuildError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            BuildErrorKind::Other(source) => source.source(),
            _ => None,
        }
    }
}

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
