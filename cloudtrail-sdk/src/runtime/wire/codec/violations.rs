//! What the model forbids about a value, collected.

use std::fmt::{self, Write};

use super::member::Constraints;

/// Collects violations while a value is walked.
#[derive(Debug)]
pub struct Violations {
    path: String,
    limits: bool,
    found: Vec<String>,
}

impl Violations {
    pub(super) fn new(limits: bool) -> Self {
        Self {
            path: String::new(),
            limits,
            found: Vec::new(),
        }
    }

    pub(super) fn into_texts(self) -> Vec<String> {
        self.found
    }

    /// Whether this is not within anything yet.
    pub(super) fn is_at_root(&self) -> bool {
        self.path.is_empty()
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

    pub(super) fn report(&mut self, what: fmt::Arguments<'_>) {
        self.found.push(format!("`{}` {what}", self.path));
    }

    pub(super) fn within(&mut self, segment: fmt::Arguments<'_>, check: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        // Writing to a string cannot fail.
        let _ = self.path.write_fmt(segment);
        check(self);
        self.path.truncate(length);
    }
}
