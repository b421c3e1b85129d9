//! The syntax of the files: headings in brackets, properties below them, continued by lines that
//! start with a blank.
//!
//! A line that cannot be read does not hide the others: it is noted, and reading goes on.

/// Blanks are only these: other white space can be part of a value.
pub(super) const BLANK: [char; 2] = [' ', '\t'];
const COMMENT: [char; 2] = ['#', ';'];

/// A section as it stands in a file.
#[derive(Default)]
pub(super) struct RawSection<'a> {
    /// What stands between the brackets, without blanks around it. The first section has no heading:
    /// it has what stands before the first one.
    pub(super) heading: Option<&'a str>,
    /// The number of the heading's line.
    pub(super) line: usize,
    /// Names in lower case, and values; the lines of a value are separated by `\n`.
    pub(super) properties: Vec<(String, String)>,
    /// The first line that is wrong.
    pub(super) problem: Option<Wrong>,
    /// Names that lines seem to set which set none; that of a sub-property follows its property's
    /// after a dot.
    pub(super) unread: Vec<(String, Wrong)>,
    /// What the last property seems to be called, if its line is wrong.
    wrong_property: Option<String>,
}

/// The number of a line, and what is wrong with it.
pub(super) type Wrong = (usize, &'static str);

const NO_SECTION: &str = "Expected a profile definition, such as [default], before this line";
const NOT_UTF8: &str = "This is not UTF-8: save the file as UTF-8";
const CONTINUES: &str = "This continues the line above, since it starts with a blank";

/// The sections in their order, the first without a heading.
pub(super) fn parse(text: &str) -> Vec<RawSection<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut section = RawSection::default();
    let mut sections = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if is_blank(line) || line.starts_with(COMMENT) {
            continue;
        }
        if line.starts_with('[') {
            sections.push(std::mem::replace(&mut section, heading(number, line)));
        } else {
            section.read(number, line);
        }
    }
    sections.push(section);
    sections
}

/// A section by its heading, after which a comment can follow at once. One that does not end is
/// taken for what it seems to be called.
fn heading(line: usize, text: &str) -> RawSection<'_> {
    let text = text.split(COMMENT).next().unwrap_or(text);
    let text = text.trim_matches(BLANK);
    let text = text.strip_prefix('[').unwrap_or(text);
    let (heading, rest) = text.split_once(']').unwrap_or((text, "?"));
    RawSection {
        heading: Some(heading.trim_matches(BLANK)),
        line,
        problem: (!rest.is_empty()).then_some((line, "Profile definition must end with ']'")),
        ..RawSection::default()
    }
}

impl RawSection<'_> {
    fn read(&mut self, number: usize, line: &str) {
        let read = if self.heading.is_none() {
            Err(NO_SECTION)
        } else if line.starts_with(BLANK) {
            self.continue_property(number, line.trim_matches(BLANK))
        } else {
            self.start_property(line)
        };
        if let Err(what) = read {
            let is_mangled = line.contains(char::REPLACEMENT_CHARACTER);
            let wrong = (number, if is_mangled { NOT_UTF8 } else { what });
            self.problem.get_or_insert(wrong);
            self.unread.push((self.seeming_name(line), wrong));
        }
    }

    fn start_property(&mut self, line: &str) -> Result<(), &'static str> {
        self.wrong_property = Some(first_word(line));
        let (name, value) = split(line).map_err(|missing| match missing {
            Missing::Equals => {
                "Expected an '=' sign defining a property, as in `region = us-east-1`"
            }
            Missing::Name => "Property did not have a name: put one before the '=' sign",
        })?;
        utf8(name)?;
        utf8(value)?;
        self.wrong_property = None;
        self.properties
            .push((name.to_ascii_lowercase(), value.to_owned()));
        Ok(())
    }

    /// A comment after a continued value is part of it; below a property without a value, every line
    /// is a property of that property.
    fn continue_property(&mut self, number: usize, line: &str) -> Result<(), &'static str> {
        if self.wrong_property.is_some() {
            return Err("The line that this one continues is wrong");
        }
        let (_, value) = self.properties.last_mut().ok_or(
            "Expected a property definition, found continuation: only a line that continues a \
             property starts with a blank",
        )?;
        if value.is_empty() || value.starts_with('\n') {
            if line.starts_with(COMMENT) {
                return Ok(());
            }
            split(line).map_err(|missing| match missing {
                Missing::Equals => {
                    "Expected an '=' sign defining a sub-property, since the property above has no \
                     value of its own"
                }
                Missing::Name => "Sub-property did not have a name: put one before the '=' sign",
            })?;
            utf8(without_comment(line))?;
        } else {
            utf8(line)?;
            if split(line).is_ok() {
                self.unread.push((first_word(line), (number, CONTINUES)));
            }
        }
        value.push('\n');
        value.push_str(line);
        Ok(())
    }

    /// What a line that is wrong seems to set.
    fn seeming_name(&self, line: &str) -> String {
        let name = first_word(line);
        let above = match &self.wrong_property {
            Some(wrong) => Some(wrong),
            None => self.properties.last().map(|(name, _)| name),
        };
        match above {
            Some(above) if line.starts_with(BLANK) => format!("{above}.{name}"),
            _ => name,
        }
    }
}

/// The first word of a line, in lower case.
fn first_word(line: &str) -> String {
    line.split([' ', '\t', '=', ':'])
        .find(|word| !word.is_empty())
        .unwrap_or_default()
        .to_ascii_lowercase()
}

/// Checks that a text came through the decoding, which has put this character for what did not.
fn utf8(text: &str) -> Result<(), &'static str> {
    match text.contains(char::REPLACEMENT_CHARACTER) {
        true => Err(NOT_UTF8),
        false => Ok(()),
    }
}

/// The properties that the value of a property consists of, if it does.
pub(super) fn sub_properties(value: &str) -> impl Iterator<Item = (&str, &str)> {
    value
        .strip_prefix('\n')
        .unwrap_or_default()
        .lines()
        .filter_map(|line| split(line).ok())
}

/// What a line lacks to be a property.
enum Missing {
    Equals,
    Name,
}

/// The name and the value of a property.
fn split(line: &str) -> Result<(&str, &str), Missing> {
    let (name, value) = without_comment(line)
        .split_once('=')
        .ok_or(Missing::Equals)?;
    let name = name.trim_matches(BLANK);
    if name.is_empty() {
        return Err(Missing::Name);
    }
    Ok((name, value.trim_matches(BLANK)))
}

/// A comment in a property comes after a blank: `a#b` is a value.
fn without_comment(line: &str) -> &str {
    line.match_indices(COMMENT)
        .map(|(at, _)| line.split_at(at).0)
        .find(|before| before.ends_with(BLANK))
        .unwrap_or(line)
}

fn is_blank(line: &str) -> bool {
    line.trim_matches(BLANK).is_empty()
}
