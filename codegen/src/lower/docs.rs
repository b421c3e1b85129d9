//! Documentation: the model's HTML or Markdown to lines of rustdoc's Markdown.

use std::fmt::{Display, Write};

use crate::error::Result;
use crate::ir::{Bounds, Constraints, Type};
use crate::model::Traits;

/// Lines are broken before this column.
const WIDTH: usize = 92;

/// The documentation of a shape, if it has any.
pub(super) fn lines(traits: &Traits) -> Result<Option<Vec<String>>> {
    let text: Option<String> = traits.get("smithy.api#documentation")?;
    Ok(text
        .map(|text| wrap(&markdown(&text)))
        .filter(|lines| !lines.is_empty()))
}

/// What an operation's error is, with the errors that the model lists.
pub(super) fn of_error(operation: &str, errors: &[String]) -> Vec<String> {
    let mut lines = vec![format!("What `{operation}` answers instead of an output.")];
    if !errors.is_empty() {
        let errors: Vec<_> = errors
            .iter()
            .map(|name| format!("[`Error::{name}`]"))
            .collect();
        lines.push(String::new());
        lines.extend(wrap(&format!("The model lists {}.", errors.join(", "))));
    }
    lines
}

/// What the model demands of a member, in words.
pub(super) fn facts(required: bool, ty: &Type, constraints: &Constraints) -> Option<String> {
    let mut facts = Vec::new();
    if required {
        facts.push("required".to_owned());
    }
    if let Some(length) = constraints.length {
        let (one, many) = match ty {
            Type::List { .. } => ("item", "items"),
            Type::Map { .. } => ("entry", "entries"),
            Type::Blob => ("byte", "bytes"),
            _ => ("character", "characters"),
        };
        let last = length.max.or(length.min);
        let unit = if last == Some(1) { one } else { many };
        facts.extend(bounds(length).map(|bounds| format!("{bounds} {unit}")));
    }
    facts.extend(constraints.range.and_then(bounds));
    let items = constraints.items.as_deref();
    if let Some(length) = items.and_then(|items| items.length).and_then(bounds) {
        facts.push(format!("{length} characters each"));
    }
    let mut sentence = facts.join("; ");
    let first = sentence.get(..1)?.to_uppercase();
    sentence.replace_range(..1, &first);
    sentence.push('.');
    Some(sentence)
}

fn bounds<T: Default + Display + PartialEq>(Bounds { min, max }: Bounds<T>) -> Option<String> {
    let zero = T::default();
    match (min, max) {
        (Some(min), Some(max)) if min == max => Some(format!("exactly {min}")),
        (Some(min), Some(max)) if min != zero => Some(format!("{min} to {max}")),
        (_, Some(max)) => Some(format!("at most {max}")),
        (Some(min), None) if min != zero => Some(format!("at least {min}")),
        _ => None,
    }
}

/// Turns the HTML of official models into Markdown. Text without tags is Markdown already.
fn markdown(text: &str) -> String {
    if !text.contains("</") && !text.contains("<p>") && !text.contains("/>") {
        return text.to_owned();
    }
    let mut out = Html::default();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        out.text(&rest[..start]);
        rest = &rest[start..];
        match rest.find('>') {
            Some(end) if is_tag(&rest[1..end]) => {
                out.tag(&rest[1..end]);
                rest = &rest[end + 1..];
            }
            _ => {
                out.text("<");
                rest = &rest[1..];
            }
        }
    }
    out.text(rest);
    out.markdown
}

fn is_tag(text: &str) -> bool {
    text.trim_start_matches('/')
        .starts_with(|c: char| c.is_ascii_alphabetic())
}

#[derive(Default)]
struct Html {
    markdown: String,
    /// Per open list, the number of the next item; `None` for lists without numbers.
    lists: Vec<Option<u32>>,
    code: bool,
    link: Option<String>,
}

impl Html {
    fn text(&mut self, text: &str) {
        let text = text
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&nbsp;", " ")
            .replace("&amp;", "&");
        for c in text.chars() {
            match c {
                '`' if self.code => self.markdown.push('\''),
                _ if self.code => self.markdown.push(c),
                '[' | ']' | '<' | '>' | '*' | '_' | '`' | '\\' => {
                    self.markdown.push('\\');
                    self.markdown.push(c);
                }
                c if c.is_whitespace() => {
                    if !self.markdown.ends_with([' ', '\n']) {
                        self.markdown.push(' ');
                    }
                }
                c => self.markdown.push(c),
            }
        }
    }

    fn tag(&mut self, tag: &str) {
        let (closing, tag) = match tag.strip_prefix('/') {
            Some(tag) => (true, tag),
            None => (false, tag),
        };
        let name: String = tag
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        match (name.as_str(), closing) {
            ("code" | "tt", closing) if self.code == closing => {
                self.code = !closing;
                self.markdown.push('`');
            }
            ("i" | "em" | "replaceable", _) if !self.code => self.markdown.push('*'),
            ("b" | "strong", _) if !self.code => self.markdown.push_str("**"),
            ("a", false) => {
                self.link = attribute(tag, "href").filter(|href| href.starts_with("http"));
                if self.link.is_some() {
                    self.markdown.push('[');
                }
            }
            ("a", true) => {
                if let Some(href) = self.link.take() {
                    let _ = write!(self.markdown, "]({href})");
                }
            }
            ("ul" | "ol", false) => {
                if self.lists.is_empty() {
                    self.paragraph();
                }
                self.lists.push((name == "ol").then_some(1));
            }
            ("ul" | "ol", true) => {
                self.lists.pop();
                self.paragraph();
            }
            ("li", false) => {
                let opens_list = self.markdown.ends_with("\n\n");
                if !opens_list {
                    self.trim();
                    self.markdown.push('\n');
                }
                let parents = &self.lists[..self.lists.len().saturating_sub(1)];
                for parent in parents {
                    self.markdown.push_str(match parent {
                        Some(_) => "   ",
                        None => "  ",
                    });
                }
                match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let _ = write!(self.markdown, "{number}. ");
                        *number += 1;
                    }
                    _ => self.markdown.push_str("- "),
                }
            }
            ("p" | "note" | "important" | "div" | "dl" | "dt" | "dd" | "pre" | "br" | "h3", _) => {
                // A paragraph that opens an item of a list stands on the item's line.
                let opens_item = self.markdown.ends_with("- ") || self.markdown.ends_with(". ");
                if self.lists.is_empty() {
                    self.paragraph();
                } else if !closing && !opens_item {
                    self.text(" ");
                }
            }
            _ => {}
        }
    }

    fn trim(&mut self) {
        let length = self.markdown.trim_end().len();
        self.markdown.truncate(length);
    }

    fn paragraph(&mut self) {
        self.trim();
        if !self.markdown.is_empty() {
            self.markdown.push_str("\n\n");
        }
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, value) = tag.split_once(&format!("{name}=\""))?;
    let (value, _) = value.split_once('"')?;
    Some(value.to_owned())
}

/// Breaks paragraphs into lines; lists keep their indentation, code blocks stay as they are.
fn wrap(markdown: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut code = false;
    for line in markdown.trim().lines() {
        if line.trim_start().starts_with("```") {
            code = !code;
        }
        if code || line.len() <= WIDTH {
            if !(line.trim().is_empty() && lines.last().is_some_and(String::is_empty)) {
                lines.push(line.trim_end().to_owned());
            }
            continue;
        }
        let content = line.trim_start();
        let indent = line.len() - content.len();
        let hanging = indent + marker_width(content);
        let mut current = " ".repeat(indent);
        let mut empty = true;
        for word in content.split_whitespace() {
            if !empty && current.chars().count() + 1 + word.chars().count() > WIDTH {
                lines.push(std::mem::replace(&mut current, " ".repeat(hanging)));
                empty = true;
            }
            if !empty {
                current.push(' ');
            }
            current.push_str(word);
            empty = false;
        }
        lines.push(current);
    }
    lines
}

/// How wide the marker of a list's item is, `- ` or `1. `.
fn marker_width(line: &str) -> usize {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match &line[digits..] {
        rest if digits == 0 && rest.starts_with("- ") => 2,
        rest if digits > 0 && rest.starts_with(". ") => digits + 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_markdown() {
        for (html, expected) in [
            ("<p>Plain.</p>", "Plain."),
            (
                "<p>One <code>Two_</code> <i>three</i></p><p>[four] a_b</p>",
                "One `Two_` *three*\n\n\\[four\\] a\\_b",
            ),
            (
                "<p>See:</p> <ul> <li> <p>a</p> </li> <li> <p>b</p> </li> </ul> <p>End</p>",
                "See:\n\n- a\n- b\n\nEnd",
            ),
            (
                "<p>A <a href=\"https://example.com/x\">link</a> and <a>none</a></p>",
                "A [link](https://example.com/x) and none",
            ),
            (
                "<ol> <li> <p>a</p> <ul> <li>b</li> </ul> </li> <li>c</li> </ol>",
                "1. a\n   - b\n\n2. c",
            ),
            ("<p>1 &lt; 2 &amp; 3</p>", "1 \\< 2 & 3"),
            (
                "Already *Markdown* with <angle>.",
                "Already *Markdown* with <angle>.",
            ),
        ] {
            assert_eq!(wrap(&markdown(html)).join("\n"), expected);
        }
    }

    #[test]
    fn long_lines_are_wrapped() {
        let text = "word ".repeat(50);
        let lines = wrap(&text);
        assert!(lines.len() > 2);
        assert!(lines.iter().all(|line| line.len() <= WIDTH));
        for (marker, indent) in [("- ", "  "), ("12. ", "    ")] {
            let lines = wrap(&format!("{marker}{text}"));
            assert!(lines[1..].iter().all(|line| line.starts_with(indent)));
        }
    }

    #[test]
    fn facts_are_one_sentence() {
        let length = |min, max| Constraints {
            length: Some(Bounds { min, max }),
            ..Constraints::default()
        };
        let text = facts(true, &Type::String, &length(Some(3), Some(128)));
        assert_eq!(text.as_deref(), Some("Required; 3 to 128 characters."));
        assert_eq!(
            facts(false, &Type::String, &length(Some(1), None)).as_deref(),
            Some("At least 1 character.")
        );
        assert_eq!(facts(false, &Type::String, &length(Some(0), None)), None);
    }
}
