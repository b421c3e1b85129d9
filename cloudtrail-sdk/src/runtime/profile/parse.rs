//! The syntax of the files: headings in brackets, properties below them, continued by lines that
//! start with a blank.

/// Blanks are only these: other white space can be part of a value.
pub(super) const BLANK: [char; 2] = [' ', '\t'];
const COMMENT: [char; 2] = ['#', ';'];

/// A section as it stands in a file.
pub(super) struct RawSection<'a> {
    /// What stands between the brackets, without blanks around it.
    pub(super) heading: &'a str,
    /// Names in lower case, and values; the lines of a value are separated by `\n`.
    pub(super) properties: Vec<(String, String)>,
}

/// What is wrong with a line.
type Wrong = &'static str;

/// The sections in their order, or the number of the line that is wrong and why.
pub(super) fn parse(text: &str) -> Result<Vec<RawSection<'_>>, (usize, Wrong)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut sections = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        read_line(&mut sections, line).map_err(|wrong| (number, wrong))?;
    }
    Ok(sections)
}

fn read_line<'a>(sections: &mut Vec<RawSection<'a>>, line: &'a str) -> Result<(), Wrong> {
    if is_blank(line) || line.starts_with(COMMENT) {
        return Ok(());
    }
    if line.starts_with('[') {
        sections.push(RawSection {
            heading: heading(line)?,
            properties: Vec::new(),
        });
        return Ok(());
    }
    let section = sections
        .last_mut()
        .ok_or("Expected a profile definition, such as [default], before this line")?;
    if line.starts_with(BLANK) {
        return continue_property(section, line.trim_matches(BLANK));
    }
    let (name, value) = split(line).map_err(|missing| match missing {
        Missing::Equals => "Expected an '=' sign defining a property, as in `region = us-east-1`",
        Missing::Name => "Property did not have a name: put one before the '=' sign",
    })?;
    section
        .properties
        .push((name.to_ascii_lowercase(), value.to_owned()));
    Ok(())
}

/// A comment can follow a heading at once.
fn heading(line: &str) -> Result<&str, Wrong> {
    line.split(COMMENT)
        .next()
        .unwrap_or(line)
        .trim_matches(BLANK)
        .strip_prefix('[')
        .and_then(|line| line.strip_suffix(']'))
        .map(|heading| heading.trim_matches(BLANK))
        .ok_or("Profile definition must end with ']'")
}

/// A comment after a continued value is part of it; below a property without a value, every line is
/// a property of that property.
fn continue_property(section: &mut RawSection<'_>, line: &str) -> Result<(), Wrong> {
    let (_, value) = section.properties.last_mut().ok_or(
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
    }
    value.push('\n');
    value.push_str(line);
    Ok(())
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
