//! The shared configuration files of AWS tools: `~/.aws/config` and `~/.aws/credentials`.

pub(crate) mod location;
mod parse;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use tracing::{debug, warn};

use self::location::{File, Platform};
use self::parse::{BLANK, Property, RawSection, is_of_name, parse, sub_properties};
use crate::runtime::base::environment::Environment;
use crate::runtime::base::untrusted::Untrusted;

/// The profile that is meant when none is named.
const DEFAULT: &str = "default";

/// What the names of sections and properties are made of, in words.
const IDENTIFIER: &str = "a name has letters, digits and _ - / . % @ : + only";

/// Why a section `[default]` does not count.
const REPLACED: &str = "[profile default] replaces it; keep one of them";

/// How many of the things that did not count an error tells.
const MAX_NOTES: usize = 3;

/// Everything that the files say, merged: what the credentials file says of a profile replaces what
/// the configuration file says.
///
/// What is wrong in a file does not hide the rest. Who needs what is wrong gets an error, everybody
/// else a warning.
#[derive(Clone, Debug, Default)]
pub(crate) struct ProfileFiles {
    /// The profile that somebody has named.
    named: Option<(String, NamedBy)>,
    /// Where the files are, or would be; not known without a home folder.
    paths: Vec<PathBuf>,
    pub(crate) profiles: BTreeMap<String, Section>,
    pub(crate) sso_sessions: BTreeMap<String, Section>,
    services: BTreeMap<String, Section>,
    /// What stands before the first heading, where nothing should.
    headless: Section,
    /// The first wrong line of each section.
    pub(crate) malformed: Vec<String>,
    /// Files, sections and properties that do not count.
    passed_over: Vec<String>,
}

/// Who has named the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NamedBy {
    Code,
    Variable,
}

/// The properties of a section; names are in lower case.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) properties: BTreeMap<String, String>,
    /// What is wrong with a line of it, so that others can be missing.
    pub(crate) problem: Option<String>,
    /// Names that lines seem to set which set none, and what is wrong with the line.
    unread: BTreeMap<String, String>,
}

impl ProfileFiles {
    /// Reads and merges the files. The selected profile is `profile`, the name given in code, else
    /// `AWS_PROFILE`, else `default`.
    ///
    /// A file that is missing counts as empty, and so does one that may not be read: the home folder
    /// of a container is often somebody else's.
    pub(crate) fn load(environment: &Environment, profile: Option<&str>) -> Self {
        let by_code = profile.filter(|name| !name.trim().is_empty());
        let by_code = by_code.map(|name| (name.to_owned(), NamedBy::Code));
        let by_variable = || Some((environment.var("AWS_PROFILE")?, NamedBy::Variable));
        Self::read(environment, by_code.or_else(by_variable))
    }

    /// Reads the files again, for the same profile.
    #[cfg(feature = "default-credentials")]
    pub(crate) fn reload(&self, environment: &Environment) -> Self {
        Self::read(environment, self.named.clone())
    }

    fn read(environment: &Environment, named: Option<(String, NamedBy)>) -> Self {
        let mut files = Self {
            named,
            ..Self::default()
        };
        for file in [File::Config, File::Credentials] {
            let Some(path) = file.locate(environment, Platform::current()) else {
                continue;
            };
            let content = files.content(file, &path, environment);
            let text = String::from_utf8_lossy(&content);
            files.merge(file, &path, parse(&text));
            if let Cow::Owned(_) = text {
                let problem = format!("{} is not all UTF-8: save it as UTF-8", path.display());
                files.passed_over.push(problem);
            }
            files.paths.push(path);
        }
        files
    }

    /// Warns of everything that does not count.
    pub(crate) fn warn(&self) {
        for problem in self.malformed.iter().chain(&self.passed_over) {
            warn!("{problem}");
        }
        if self.named.is_some() && self.selected().is_none() {
            warn!("{}", self.no_profile());
        }
    }

    /// The name of the selected profile.
    pub(crate) fn selected_name(&self) -> &str {
        self.named.as_ref().map_or(DEFAULT, |(name, _)| name)
    }

    /// Whether code has named the selected profile.
    pub(crate) fn is_named_in_code(&self) -> bool {
        matches!(self.named, Some((_, NamedBy::Code)))
    }

    /// The selected profile, if there is one of that name.
    pub(crate) fn selected(&self) -> Option<&Section> {
        self.profile(self.selected_name())
    }

    /// Whether somebody wants the selected profile: it is named, or stands in a file without its
    /// heading.
    pub(crate) fn is_wanted(&self) -> bool {
        self.named.is_some() || self.headless.problem.is_some()
    }

    /// That there is no selected profile, for an error.
    pub(crate) fn no_profile(&self) -> String {
        let name = Untrusted(self.selected_name());
        let who = match &self.named {
            None => "",
            Some((_, NamedBy::Code)) => ", which the program names,",
            Some((_, NamedBy::Variable)) => ", which AWS_PROFILE names,",
        };
        format!("there is no profile `{name}`{who} {}", self.places())
    }

    /// Where profiles are looked for, and what did not count there.
    pub(crate) fn places(&self) -> String {
        let paths: Vec<_> = self
            .paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        let places = match &*paths {
            [] => "since no home folder is known to look in: set HOME".to_owned(),
            paths => format!("in {}", paths.join(" or ")),
        };
        let mut notes: Vec<_> = self.malformed.iter().chain(&self.passed_over).collect();
        if notes.is_empty() {
            return places;
        }
        // Those of the profile first.
        notes.sort_by_key(|note| !note.contains(self.selected_name()));
        let more = notes.len().saturating_sub(MAX_NOTES);
        notes.truncate(MAX_NOTES);
        let notes: Vec<_> = notes.into_iter().map(String::as_str).collect();
        let notes = notes.join("; ");
        match more {
            0 => format!("{places} (passed over: {notes})"),
            more => format!("{places} (passed over: {notes}; and {more} more)"),
        }
    }

    /// The region of the selected profile, or else of the profiles that its credentials come from.
    /// The error says why the files cannot tell.
    pub(crate) fn region(&self) -> Result<Option<&str>, String> {
        let mut name = self.selected_name();
        let Some(mut profile) = self.selected() else {
            return match self.is_wanted() {
                true => Err(self.no_profile()),
                false => Ok(None),
            };
        };
        let mut seen = Vec::new();
        loop {
            profile.check(format_args!("the profile `{name}`"))?;
            if let Some(region) = profile.get("region") {
                return Ok(Some(region));
            }
            seen.push(name);
            let source = profile.get("source_profile");
            let Some(source) = source.filter(|source| !seen.contains(source)) else {
                return Ok(None);
            };
            let Some(section) = self.profile(source) else {
                return Ok(None);
            };
            (name, profile) = (source, section);
        }
    }

    /// What is wrong with the line that seems to set a property of the selected profile, if there is
    /// one.
    pub(crate) fn unread(&self, name: &str) -> Option<&str> {
        self.selected()
            .and_then(|profile| profile.unread(name))
            .or_else(|| self.headless.unread(name))
    }

    /// A profile.
    pub(crate) fn profile(&self, name: &str) -> Option<&Section> {
        self.profiles.get(name)
    }

    /// A section `[sso-session …]` of the configuration file.
    #[cfg(feature = "default-credentials")]
    pub(crate) fn sso_session(&self, name: &str) -> Option<&Section> {
        self.sso_sessions.get(name)
    }

    /// A section `[services …]` of the configuration file.
    pub(crate) fn services(&self, name: &str) -> Option<&Section> {
        self.services.get(name)
    }

    /// The content of a file, empty if it cannot be read.
    fn content(&mut self, file: File, path: &Path, environment: &Environment) -> Vec<u8> {
        environment.read(path).unwrap_or_else(|error| {
            let missing = matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            );
            let path = path.display().to_string();
            let (path, variable) = (Untrusted(&path), file.variable());
            if environment.var(variable).is_some() {
                let problem = format!("{path}, named by {variable}, cannot be read: {error}");
                self.passed_over.push(problem);
            } else if missing {
                debug!("there is no {path}");
            } else {
                self.passed_over
                    .push(format!("{path} cannot be read: {error}"));
            }
            Vec::new()
        })
    }

    /// Adds the sections of a file, as far as such a file can have them.
    fn merge(&mut self, file: File, path: &Path, sections: Vec<RawSection<'_>>) {
        let replaces_default = file == File::Config
            && sections
                .iter()
                .filter_map(|section| section.heading)
                .any(|heading| kind_and_name(heading) == (Some("profile"), DEFAULT));
        let path = path.display().to_string();
        let path = Untrusted(&path);
        let told = |(line, what)| format!("{path}, line {line}: {what}");
        for section in sections {
            let problem = section.problem.map(told);
            self.malformed.extend(problem.clone());
            let target = match section.heading {
                None => &mut self.headless,
                Some(heading) => match self.target(file, heading, replaces_default) {
                    Ok(target) => target,
                    Err(why) => {
                        let line = section.line;
                        let what =
                            format!("the section [{}] is ignored: {why}", Untrusted(heading));
                        let problem = format!("{path}, line {line}: {what}");
                        // What the profile seems to set there counts for nobody, which must not go
                        // unnoticed.
                        if why != REPLACED && seems_to_be(heading, self.selected_name()) {
                            let lost = section.properties.into_iter();
                            let lost = lost.map(|property| (property.name, problem.clone()));
                            self.headless.unread.extend(lost);
                        }
                        self.passed_over.push(problem);
                        continue;
                    }
                },
            };
            target.problem = target.problem.take().or(problem);
            let unread = section.unread.into_iter();
            target
                .unread
                .extend(unread.map(|(name, wrong)| (name, told(wrong))));
            // The keys of one file do not belong to the token of another.
            let has_keys = |property: &Property| {
                property.name == "aws_access_key_id" && !property.value.is_empty()
            };
            if section.properties.iter().any(has_keys) {
                target.properties.remove("aws_session_token");
            }
            let mut passed_over = Vec::new();
            for Property { line, name, value } in section.properties {
                if !is_identifier(&name) {
                    // The name is not shown: it can be part of a secret that was pasted there.
                    let heading = Untrusted(section.heading.unwrap_or_default());
                    let what = format!("a property of [{heading}] is ignored: {IDENTIFIER}");
                    let problem = format!("{path}, line {line}: {what}");
                    // Quotes, invisible blanks or a shell's `export` around a good name.
                    let meant = name.strip_prefix("export ").unwrap_or(&name);
                    let meant = meant.trim_matches(|char| !is_of_name(char));
                    if is_identifier(meant) {
                        target.problem.get_or_insert_with(|| problem.clone());
                        target.unread.insert(meant.to_owned(), problem.clone());
                    }
                    passed_over.push(problem);
                } else if value.is_empty() {
                    // Not set: what is set elsewhere stays.
                    target.properties.entry(name).or_default();
                } else {
                    target.properties.insert(name, value);
                }
            }
            self.passed_over.append(&mut passed_over);
        }
    }

    /// The section that a heading opens, or why such a file cannot have it.
    fn target(
        &mut self,
        file: File,
        heading: &str,
        replaces_default: bool,
    ) -> Result<&mut Section, &'static str> {
        let (kind, name) = kind_and_name(heading);
        let sections = match (file, kind) {
            _ if !is_identifier(name) => return Err(IDENTIFIER),
            (File::Config, None) if name != DEFAULT => {
                return Err("a profile is written [profile NAME] in this file");
            }
            (File::Config, None) if replaces_default => {
                return Err(REPLACED);
            }
            (File::Credentials, Some(_)) => {
                return Err("this file has only profiles, written [NAME]");
            }
            (_, None | Some("profile")) => &mut self.profiles,
            (_, Some("sso-session")) => &mut self.sso_sessions,
            (_, Some("services")) => &mut self.services,
            (_, Some(_)) => {
                return Err("there are profile, sso-session and services sections only");
            }
        };
        Ok(sections.entry(name.to_owned()).or_default())
    }
}

impl Section {
    /// A property, by its name in any case; one that is blank counts as not set. There are no blanks
    /// around the value.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.properties
            .get(&name.to_ascii_lowercase())
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// A property of a property: `name =`, and below it indented lines `sub = value`.
    pub(crate) fn nested(&self, name: &str, sub: &str) -> Option<&str> {
        sub_properties(self.get(name)?)
            .filter(|(name, value)| name.eq_ignore_ascii_case(sub) && !value.is_empty())
            .last()
            .map(|(_, value)| value)
    }

    /// What is wrong with the line that seems to set a property, if there is one.
    pub(crate) fn unread(&self, name: &str) -> Option<&str> {
        self.unread.get(name).map(String::as_str)
    }

    /// Checks that every line of the section can be read.
    pub(crate) fn check(&self, what: impl fmt::Display) -> Result<(), String> {
        match &self.problem {
            Some(problem) => Err(format!("{what} has a line that cannot be read: {problem}")),
            None => Ok(()),
        }
    }
}

/// Values can be secrets; only names are shown.
impl fmt::Debug for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.properties.keys()).finish()
    }
}

/// What stands before and after the first blank of a heading: `[profile dev]`, `[dev]`.
fn kind_and_name(heading: &str) -> (Option<&str>, &str) {
    match heading.split_once(BLANK) {
        Some((kind, name)) => (Some(kind), name.trim_matches(BLANK)),
        None => (None, heading),
    }
}

fn is_identifier(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_of_name)
}

/// Whether a heading that does not count seems to mean the profile.
fn seems_to_be(heading: &str, profile: &str) -> bool {
    let (kind, name) = kind_and_name(heading);
    let meant = match kind {
        Some("sso-session" | "services") => return false,
        Some("profile") => name,
        _ => heading,
    };
    let is_around = |char| !is_of_name(char);
    meant.trim_matches(is_around) == profile
}

#[cfg(test)]
mod tests;
