//! What the model demands of members.

use std::fmt;
use std::ops::{RangeFrom, RangeInclusive, RangeToInclusive};

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
    pub fn length(mut self, limits: impl Into<Limits<u64>>) -> Self {
        self.constraints.length = limits.into();
        self
    }

    /// Bounds a number; see [`Constraints::range`].
    #[must_use]
    pub fn range<T: Number>(mut self, limits: impl Into<Limits<T>>) -> Self {
        self.constraints.range = limits.into().into_f64();
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
    pub(super) length: Limits<u64>,
    pub(super) range: Limits<f64>,
    items: Option<&'a Constraints<'a>>,
    pub(super) keys: Option<&'a Constraints<'a>>,
}

/// A least and a greatest value, both allowed: `1..=128`, `1..` or `..=128`.
#[derive(Clone, Copy, Debug)]
pub struct Limits<T> {
    pub(super) min: Option<T>,
    pub(super) max: Option<T>,
}

impl<T: Copy + PartialOrd> Limits<T> {
    const NONE: Self = Self {
        min: None,
        max: None,
    };

    pub(super) fn allow(&self, value: T) -> bool {
        // NaN is neither too small nor too great.
        !(self.min.is_some_and(|min| value < min) || self.max.is_some_and(|max| value > max))
    }
}

impl<T: Number> Limits<T> {
    fn into_f64(self) -> Limits<f64> {
        Limits {
            min: self.min.map(T::to_f64),
            max: self.max.map(T::to_f64),
        }
    }
}

impl<T> From<RangeInclusive<T>> for Limits<T> {
    fn from(range: RangeInclusive<T>) -> Self {
        let (min, max) = range.into_inner();
        Self {
            min: Some(min),
            max: Some(max),
        }
    }
}

impl<T> From<RangeFrom<T>> for Limits<T> {
    fn from(range: RangeFrom<T>) -> Self {
        Self {
            min: Some(range.start),
            max: None,
        }
    }
}

impl<T> From<RangeToInclusive<T>> for Limits<T> {
    fn from(range: RangeToInclusive<T>) -> Self {
        Self {
            min: None,
            max: Some(range.end),
        }
    }
}

impl<T: fmt::Display + PartialEq> fmt::Display for Limits<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.min, &self.max) {
            (Some(min), Some(max)) if min == max => write!(f, "exactly {min}"),
            (Some(min), Some(max)) => write!(f, "between {min} and {max}"),
            (Some(min), None) => write!(f, "at least {min}"),
            (None, Some(max)) => write!(f, "at most {max}"),
            (None, None) => f.write_str("anything"),
        }
    }
}

/// What the ends of a range are written as.
pub trait Number: Copy {
    /// The number as ranges are checked.
    fn to_f64(self) -> f64;
}

impl Number for i64 {
    #[allow(
        clippy::cast_precision_loss,
        reason = "bounds beyond 2^53 are of no service"
    )]
    fn to_f64(self) -> f64 {
        self as f64
    }
}

impl Number for f64 {
    fn to_f64(self) -> f64 {
        self
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
    pub fn length(limits: impl Into<Limits<u64>>) -> Self {
        Self {
            length: limits.into(),
            ..Self::NONE
        }
    }

    /// Bounds of a number.
    pub fn range<T: Number>(limits: impl Into<Limits<T>>) -> Self {
        Self {
            range: limits.into().into_f64(),
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
        let limits = Limits::from(1.0..=5.0);
        for allowed in [1.0, 3.0, 5.0, f64::NAN] {
            assert!(limits.allow(allowed), "{allowed}");
        }
        for refused in [0.0, 5.5, f64::INFINITY] {
            assert!(!limits.allow(refused), "{refused}");
        }
        assert!(Limits::NONE.allow(f64::NAN));
        assert!(Limits::from(..=5.0).allow(-1.0) && !Limits::from(1.0..).allow(0.5));
    }
}
