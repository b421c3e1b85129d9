//! Makes values that satisfy the model, every member filled.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Map, Value, json};

use crate::constraints::Constraints;
use crate::model::{Member, Shape};

/// How often a structure may stand inside itself before its optional members are left out.
const MAX_RECURSION: usize = 2;

/// How many elements a list or a map gets, where the model allows it.
const ELEMENTS: i64 = 2;

/// Texts to try for a string until one satisfies its length and pattern; a run of `#` stands for as many
/// digits of the value's number, a single one for all of them.
///
/// The first is hard to carry: text beyond ASCII and beyond 16 bits, all that JSON escapes, spaces at the ends.
const TEXTS: [&str; 10] = [
    " #\u{fc}\u{1F980}\"\\/\u{8}\u{c}\n\r\t\u{1}\u{7f} ",
    " \u{fc}\u{1F980}\"\\/# ",
    "v#",
    "arn:aws:cloudtrail:us-east-1:123456789012:trail/name-#",
    "name#",
    "1234567890###",
    "s3://bucket/#",
    "00000000-0000-4000-8000-############",
    "source#.amazonaws.com",
    "12:##",
];

/// A source of values. Two values of one source differ wherever their type has room for it.
pub struct Values<'m> {
    constraints: &'m Constraints,
    /// How many values have been made.
    made: u64,
    /// The structures being made, outermost first.
    open: Vec<&'m str>,
}

impl<'m> Values<'m> {
    /// Starts a source; sources with other seeds make other values.
    pub fn new(constraints: &'m Constraints, seed: u64) -> Self {
        Self {
            constraints,
            made: seed,
            open: Vec::new(),
        }
    }

    /// A value of the structure `shape` with every member filled.
    pub fn structure(&mut self, shape: Shape<'m>) -> Value {
        self.open.push(shape.id());
        let mut entries = Map::new();
        for member in shape.members() {
            let depth = self
                .open
                .iter()
                .filter(|id| **id == member.target.id())
                .count();
            if depth <= MAX_RECURSION || member.is_required() {
                entries.insert(member.name.to_owned(), self.value(member));
            }
        }
        self.open.pop();
        Value::Object(entries)
    }

    fn value(&mut self, member: Member<'m>) -> Value {
        self.made += 1;
        let shape = member.target;
        match shape.kind() {
            "structure" => self.structure(shape),
            "list" => (0..elements(member))
                .map(|_| self.value(shape.inner("member")))
                .collect(),
            "map" => self.map(member),
            "string" => Value::String(self.text(member)),
            "enum" => json!(self.enum_value(shape)),
            "blob" => json!(BASE64.encode(self.made.to_be_bytes())),
            "boolean" => json!(self.made.is_multiple_of(2)),
            "integer" => json!(self.integer(member, 2_000_000_000)),
            // Beyond what a 64-bit float carries.
            "long" => json!(self.integer(member, 9_007_199_254_740_993)),
            // Eighths have a short decimal form that every float type carries.
            "float" | "double" => json!(self.made as f64 + 0.125),
            "timestamp" => json!(1_600_000_000.125 + self.made as f64),
            kind => panic!("{}: no value for a {kind}", shape.id()),
        }
    }

    fn map(&mut self, member: Member<'m>) -> Value {
        let (key, value) = (member.target.inner("key"), member.target.inner("value"));
        let mut entries = Map::new();
        for _ in 0..elements(member) {
            // Keys are made in a row: an enum has no key twice before it has every key once.
            let key = if key.target.kind() == "enum" {
                let values = key.target.enum_values();
                values[entries.len() % values.len()].to_owned()
            } else {
                self.made += 1;
                self.text(key)
            };
            entries.insert(key, self.value(value));
        }
        Value::Object(entries)
    }

    fn text(&self, member: Member<'m>) -> String {
        TEXTS
            .into_iter()
            .map(|text| number_text(text, self.made))
            .find(|text| self.constraints.accepts(member, text))
            .unwrap_or_else(|| panic!("{}: no text in `TEXTS` satisfies it", member.target.id()))
    }

    fn enum_value(&self, shape: Shape<'m>) -> &'m str {
        let values = shape.enum_values();
        let count = values.len() as u64;
        values[(self.made % count) as usize]
    }

    /// The next integer within the range of `member`, counted from `base` if it has none.
    fn integer(&self, member: Member<'m>, base: i64) -> i64 {
        let made = self.made.cast_signed();
        match bounds(member, "range") {
            (None, None) => base + made,
            (Some(min), None) => min + made,
            (None, Some(max)) => max - made,
            (Some(min), Some(max)) => min + made % (max - min + 1),
        }
    }
}

/// How many elements `member` gets.
fn elements(member: Member<'_>) -> i64 {
    let (min, max) = bounds(member, "length");
    ELEMENTS.clamp(min.unwrap_or(0), max.unwrap_or(i64::MAX))
}

/// The `min` and the `max` of a `length` or `range` trait.
fn bounds(member: Member<'_>, constraint: &str) -> (Option<i64>, Option<i64>) {
    member
        .constraint(constraint)
        .map_or((None, None), |bounds| {
            (bounds["min"].as_i64(), bounds["max"].as_i64())
        })
}

/// Puts `number` in the place of each run of `#`.
fn number_text(text: &str, number: u64) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('#') {
        out.push_str(&rest[..start]);
        let run = &rest[start..];
        rest = run.trim_start_matches('#');
        match run.len() - rest.len() {
            1 => out.push_str(&number.to_string()),
            width => out.push_str(&format!("{:0width$}", number % 10_u64.pow(width as u32))),
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;
    use crate::{CONSTRAINTS, MODEL};

    #[test]
    fn every_input_and_output_of_the_model_can_be_filled_and_is_valid() {
        let mut values = Values::new(&CONSTRAINTS, 0);
        for operation in MODEL.operations() {
            for shape in [operation.input(), operation.output()] {
                let value = values.structure(shape);
                assert_eq!(
                    CONSTRAINTS.violations(shape, &value),
                    Vec::<String>::new(),
                    "{}",
                    shape.name()
                );
                assert_eq!(
                    value.as_object().unwrap().len(),
                    shape.members().count(),
                    "{}",
                    shape.name()
                );
            }
        }
    }

    #[test]
    fn numbers_take_the_place_of_marks() {
        assert_eq!(number_text("v#", 123), "v123");
        assert_eq!(number_text("12:##/#", 105), "12:05/105");
    }

    #[test]
    fn recursion_ends() {
        let model = Model::assemble([json!({ "shapes": {
            "a#Node": { "type": "structure", "members": { "Next": { "target": "a#Node" } } },
        } })]);
        let constraints = Constraints::of(&model);
        let value = Values::new(&constraints, 0).structure(model.named("Node"));
        assert_eq!(value, json!({ "Next": { "Next": {} } }));
    }

    #[test]
    #[should_panic(expected = "a#Odd: no text")]
    fn a_pattern_that_no_text_satisfies_is_named() {
        let model = Model::assemble([json!({ "shapes": {
            "a#Odd": { "type": "string", "traits": { "smithy.api#pattern": "^!$" } },
            "a#Input": { "type": "structure", "members": { "Odd": { "target": "a#Odd" } } },
        } })]);
        let constraints = Constraints::of(&model);
        Values::new(&constraints, 0).structure(model.named("Input"));
    }
}
