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
    pub(super) properties: Vec<Property>,
    /// The first line that is wrong.
    pub(super) problem: Option<Wrong>,
    /// Names that lines seem to set which set none; that of a sub-property follows its property's
    /// after a dot.
    pub(super) unread: Vec<(String, Wrong)>,
    /// What the last property seems to be called, if its line is wrong.
    wrong_property: Option<String>,
}

/// A property as it stands in a file.
pub(super) struct Property {
    pub(super) line: usize,
    /// In lower case.
    pub(super) name: String,
    /// Its lines are separated by `\n`.
    pub(super) value: String,
}

/// The number of a line, and what is wrong with it.
pub(super) type Wrong = (usize, &'static str);

const NO_SECTION: &str = "Expected a profile definition, such as [default], before this line";
const NOT_UTF8: &str = "This is not UTF-8: save the file as UTF-8";
const MISNAMED: &str = "The name of this sub-property has characters that no name has";
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
    let mut section = RawSection {
        heading: Some(heading.trim_matches(BLANK)),
        line,
        ..RawSection::default()
    };
    if !rest.is_empty() {
        let wrong = (line, "Profile definition must end with ']'");
        section.problem = Some(wrong);
        // A file without line breaks, or with those of old Macs, is all one line.
        let names = rest.split('\r').map(|rest| (seeming_name(rest), wrong));
        section.unread.extend(names);
    }
    section
}

impl RawSection<'_> {
    fn read(&mut self, number: usize, line: &str) {
        let read = if self.heading.is_none() {
            Err(NO_SECTION)
        } else if line.starts_with(BLANK) {
            self.continue_property(number, line.trim_matches(BLANK))
        } else {
            self.start_property(number, line)
        };
        if let Err(what) = read {
            let is_mangled = line.contains(char::REPLACEMENT_CHARACTER);
            let wrong = (number, if is_mangled { NOT_UTF8 } else { what });
            self.problem.get_or_insert(wrong);
            self.note_unread(line, wrong);
        }
    }

    fn start_property(&mut self, number: usize, line: &str) -> Result<(), &'static str> {
        self.wrong_property = Some(seeming_name(line));
        let (name, value) = split(line).map_err(|missing| match missing {
            Missing::Equals => {
                "Expected an '=' sign defining a property, as in `region = us-east-1`"
            }
            Missing::Name => "Property did not have a name: put one before the '=' sign",
        })?;
        utf8(name)?;
        utf8(value)?;
        self.wrong_property = None;
        self.properties.push(Property {
            line: number,
            name: name.to_ascii_lowercase(),
            value: value.to_owned(),
        });
        Ok(())
    }

    /// A comment after a continued value is part of it; below a property without a value, every line
    /// is a property of that property.
    fn continue_property(&mut self, number: usize, line: &str) -> Result<(), &'static str> {
        if self.wrong_property.is_some() {
            return Err("The line that this one continues is wrong");
        }
        let mut misnamed = false;
        let Property { value, .. } = self.properties.last_mut().ok_or(
            "Expected a property definition, found continuation: only a line that continues a \
             property starts with a blank",
        )?;
        if value.is_empty() || value.starts_with('\n') {
            if line.starts_with(COMMENT) {
                return Ok(());
            }
            let (name, _) = split(line).map_err(|missing| match missing {
                Missing::Equals => {
                    "Expected an '=' sign defining a sub-property, since the property above has no \
                     value of its own"
                }
                Missing::Name => "Sub-property did not have a name: put one before the '=' sign",
            })?;
            utf8(without_comment(line))?;
            misnamed = !name.chars().all(is_of_name);
        } else {
            utf8(line)?;
            if split(line).is_ok() {
                self.unread.push((seeming_name(line), (number, CONTINUES)));
            }
        }
        value.push('\n');
        value.push_str(line);
        if misnamed {
            self.note_unread(&format!(" {line}"), (number, MISNAMED));
        }
        Ok(())
    }

    /// Notes what a line that is wrong seems to set: below a property, its value or a property of it.
    fn note_unread(&mut self, line: &str, wrong: Wrong) {
        let name = seeming_name(line);
        let is_below = line.starts_with(BLANK);
        match (&self.wrong_property, self.properties.last()) {
            (Some(above), _) if is_below => self.unread.push((format!("{above}.{name}"), wrong)),
            (None, Some(Property { name: above, .. })) if is_below => {
                self.unread.push((format!("{above}.{name}"), wrong));
                self.unread.push((above.clone(), wrong));
            }
            _ => self.unread.push((name, wrong)),
        }
    }
}

/// What a line seems to set: its first word, in lower case, without what no name has.
fn seeming_name(line: &str) -> String {
    let is_separator = |char: char| char.is_whitespace() || matches!(char, '=' | ':');
    line.split(is_separator)
        .map(|word| word.chars().filter(|char| is_of_name(*char)).collect())
        .find(|word: &String| !word.is_empty() && word != "export")
        .unwrap_or_default()
        .to_ascii_lowercase()
}

/// Whether names of sections and properties can have the character.
pub(super) fn is_of_name(char: char) -> bool {
    char.is_ascii_alphanumeric() || "_-/.%@:+".contains(char)
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
