//! Checks of a request against the model, before anything is sent.

use std::fmt::{self, Write};
use std::ops::{RangeFrom, RangeInclusive, RangeToInclusive};

use super::{Encode, MemberSink, Structure};

/// A member of a structure: its name on the wire and what the model demands of its value.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    name: &'static str,
    required: bool,
    constraints: Constraints<'a>,
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
    length: Limits<u64>,
    range: Limits<f64>,
    items: Option<&'a Constraints<'a>>,
    keys: Option<&'a Constraints<'a>>,
}

/// A least and a greatest value, both allowed: `1..=128`, `1..` or `..=128`.
#[derive(Clone, Copy, Debug)]
pub struct Limits<T> {
    min: Option<T>,
    max: Option<T>,
}

impl<T: Copy + PartialOrd> Limits<T> {
    const NONE: Self = Self {
        min: None,
        max: None,
    };

    fn allow(&self, value: T) -> bool {
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
pub trait Number {
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

/// Everything that is wrong with `input`, each with the path of the member.
///
/// `limits` says whether lengths and ranges count; missing required members always do.
pub fn validate(input: &dyn Structure, limits: bool) -> Vec<String> {
    let mut violations = Violations {
        path: String::new(),
        limits,
        found: Vec::new(),
    };
    violations.structure(input);
    violations.found
}

/// Collects violations while a value is walked.
#[derive(Debug)]
pub struct Violations {
    path: String,
    limits: bool,
    found: Vec<String>,
}

impl Violations {
    pub(super) fn structure(&mut self, structure: &dyn Structure) {
        structure.members(self);
    }

    pub(super) fn item(&mut self, index: usize, constraints: &Constraints<'_>, value: &dyn Encode) {
        self.within(format_args!("[{index}]"), |at| value.check(constraints, at));
    }

    pub(super) fn entry(&mut self, key: &str, constraints: &Constraints<'_>, value: &dyn Encode) {
        self.within(format_args!("[{key:?}]"), |at| {
            if let Some(keys) = constraints.keys {
                at.text_length(keys, key);
            }
            value.check(constraints.of_items(), at);
        });
    }

    pub(super) fn text_length(&mut self, constraints: &Constraints<'_>, text: &str) {
        let limits = constraints.length;
        // A string has at most as many code points as bytes, and at least a quarter as many.
        let bytes = text.len() as u64;
        let is_enough = limits.min.is_none_or(|min| bytes >= min.saturating_mul(4));
        if !is_enough || limits.max.is_some_and(|max| bytes > max) {
            self.length(
                constraints,
                text.chars().count(),
                ["character", "characters"],
            );
        }
    }

    pub(super) fn length(
        &mut self,
        constraints: &Constraints<'_>,
        length: usize,
        [one, many]: [&str; 2],
    ) {
        let limits = constraints.length;
        if self.limits && !limits.allow(length as u64) {
            let unit = if length == 1 { one } else { many };
            self.report(format_args!("has {length} {unit}, but must have {limits}"));
        }
    }

    pub(super) fn range(&mut self, constraints: &Constraints<'_>, value: f64) {
        let limits = constraints.range;
        if self.limits && !limits.allow(value) {
            self.report(format_args!("is {value}, but must be {limits}"));
        }
    }

    fn report(&mut self, what: fmt::Arguments<'_>) {
        self.found.push(format!("`{}` {what}", self.path));
    }

    fn within(&mut self, segment: fmt::Arguments<'_>, check: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        // Writing to a string cannot fail.
        let _ = self.path.write_fmt(segment);
        check(self);
        self.path.truncate(length);
    }
}

impl MemberSink for Violations {
    fn member(&mut self, member: Member<'_>, value: &dyn Encode) {
        let separator = if self.path.is_empty() { "" } else { "." };
        self.within(format_args!("{separator}{}", member.name), |at| {
            if !value.is_set() {
                if member.required {
                    at.report(format_args!("is required and missing"));
                }
                return;
            }
            value.check(&member.constraints, at);
        });
    }

    fn unknown_variant(&mut self) {
        self.report(format_args!(
            "is a variant of a union that is not known and cannot be sent"
        ));
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

    struct Lists(Vec<String>, Vec<String>);

    impl Structure for Lists {
        fn members(&self, sink: &mut dyn MemberSink) {
            let items = &Constraints::length(36..=36);
            let a = Member::new("a").length(2..=3).items(items);
            sink.member(a, &self.0);
            sink.member(Member::new("b").length(..=0), &self.1);
        }
    }

    #[test]
    fn one_is_told_in_the_singular() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(
            validate(&Lists(texts(&["x"]), texts(&["", ""])), true),
            [
                "`a` has 1 item, but must have between 2 and 3",
                "`a[0]` has 1 character, but must have exactly 36",
                "`b` has 2 items, but must have at most 0",
            ]
        );
        assert_eq!(
            validate(&Lists(texts(&[]), texts(&[""])), true),
            [
                "`a` has 0 items, but must have between 2 and 3",
                "`b` has 1 item, but must have at most 0",
            ]
        );
    }
}
