//! What the model demands of members.

use std::fmt;

/// A member of a structure: its name on the wire and what the model demands of its value.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) constraints: Constraints<'a>,
}

impl<'a> Member<'a> {
    /// A member that may be absent and may have any value.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            required: false,
            constraints: Constraints::NONE,
        }
    }

    /// It must be there.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Bounds its length; see [`Constraints::length`].
    #[must_use]
    pub const fn length(mut self, min: f64, max: f64) -> Self {
        self.constraints.length = Limits { min, max };
        self
    }

    /// Bounds a number.
    #[must_use]
    pub const fn range(mut self, min: f64, max: f64) -> Self {
        self.constraints.range = Limits { min, max };
        self
    }

    /// Constrains the items of a list or the values of a map.
    #[must_use]
    pub const fn items(mut self, items: &'a Constraints<'a>) -> Self {
        self.constraints.items = Some(items);
        self
    }

    /// Constrains the keys of a map.
    #[must_use]
    pub const fn keys(mut self, keys: &'a Constraints<'a>) -> Self {
        self.constraints.keys = Some(keys);
        self
    }

    /// The name on the wire.
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

/// What the model demands of a value.
#[derive(Clone, Copy, Debug)]
pub struct Constraints<'a> {
    pub(super) length: Limits,
    pub(super) range: Limits,
    items: Option<&'a Constraints<'a>>,
    pub(super) keys: Option<&'a Constraints<'a>>,
}

/// A least and a greatest value, both allowed.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub(super) min: f64,
    pub(super) max: f64,
}

impl Limits {
    const NONE: Self = Self {
        min: f64::NEG_INFINITY,
        max: f64::INFINITY,
    };

    pub(super) fn allow(&self, value: f64) -> bool {
        // NaN is neither too small nor too great.
        value.is_nan() || (self.min <= value && value <= self.max)
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.min.is_finite(), self.max.is_finite()) {
            (true, true) if self.min == self.max => write!(f, "exactly {}", self.min),
            (true, true) => write!(f, "between {} and {}", self.min, self.max),
            (true, false) => write!(f, "at least {}", self.min),
            (false, true) => write!(f, "at most {}", self.max),
            (false, false) => f.write_str("anything"),
        }
    }
}

impl<'a> Constraints<'a> {
    /// No demand.
    pub const NONE: Self = Self {
        length: Limits::NONE,
        range: Limits::NONE,
        items: None,
        keys: None,
    };

    /// Bounds of the length: code points of a string, bytes of a blob, items of a list, entries
    /// of a map.
    pub const fn length(min: f64, max: f64) -> Self {
        Self {
            length: Limits { min, max },
            ..Self::NONE
        }
    }

    /// Bounds of a number.
    pub const fn range(min: f64, max: f64) -> Self {
        Self {
            range: Limits { min, max },
            ..Self::NONE
        }
    }

    /// Constraints of the items of a list or the values of a map.
    #[must_use]
    pub const fn items(mut self, items: &'a Constraints<'a>) -> Self {
        self.items = Some(items);
        self
    }

    /// Constraints of the keys of a map.
    #[must_use]
    pub const fn keys(mut self, keys: &'a Constraints<'a>) -> Self {
        self.keys = Some(keys);
        self
    }

    pub(super) fn of_items(&self) -> &Constraints<'_> {
        self.items.unwrap_or(&Constraints::NONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_include_their_ends_and_let_nan_pass() {
        let limits = Limits { min: 1.0, max: 5.0 };
        for allowed in [1.0, 3.0, 5.0, f64::NAN] {
            assert!(limits.allow(allowed), "{allowed}");
        }
        for refused in [0.0, 5.5, f64::INFINITY] {
            assert!(!limits.allow(refused), "{refused}");
        }
        assert!(Limits::NONE.allow(f64::NAN));
    }
}
