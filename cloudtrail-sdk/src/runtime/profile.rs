//! The shared configuration files of AWS tools: `~/.aws/config` and `~/.aws/credentials`.

pub(crate) mod location;
mod parse;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use tracing::{debug, warn};

use self::location::{File, Platform};
use self::parse::{BLANK, RawSection, parse, sub_properties};
use super::environment::Environment;

/// The profile that is meant when none is named.
const DEFAULT: &str = "default";

/// What the names of sections and properties are made of, in words.
const IDENTIFIER: &str = "a name has letters, digits and _ - / . % @ : + only";

/// Everything that the files say, merged: what the credentials file says of a profile replaces what
/// the configuration file says.
#[derive(Clone, Debug, Default)]
pub(crate) struct ProfileFiles {
    selected: Option<String>,
    /// Where the configuration file is, or would be; not known without a home folder.
    pub(crate) config_file: Option<PathBuf>,
    pub(crate) profiles: BTreeMap<String, Section>,
    pub(crate) sso_sessions: BTreeMap<String, Section>,
    services: BTreeMap<String, Section>,
}

/// The properties of a section; names are in lower case.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) properties: BTreeMap<String, String>,
}

/// A file that cannot be read as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProfileError {
    file: PathBuf,
    line: usize,
    what: &'static str,
}

impl ProfileFiles {
    /// Reads and merges the files. The selected profile is `profile`, the name given in code, else
    /// `AWS_PROFILE`, else `default`; it need not exist.
    ///
    /// A file that is missing counts as empty, and so does one that may not be read: the home folder
    /// of a container is often somebody else's.
    pub(crate) fn load(
        environment: &Environment,
        profile: Option<&str>,
    ) -> Result<Self, ProfileError> {
        let mut files = Self {
            selected: profile
                .map(str::to_owned)
                .or_else(|| environment.var("AWS_PROFILE")),
            config_file: File::Config.locate(environment, Platform::current()),
            ..Self::default()
        };
        for file in [File::Config, File::Credentials] {
            let Some(path) = file.locate(environment, Platform::current()) else {
                continue;
            };
            let content = read(file, &path, environment);
            let sections = sections(&content).map_err(|(line, what)| ProfileError {
                file: path.clone(),
                line,
                what,
            })?;
            files.merge(file, &path, sections);
        }
        Ok(files)
    }

    /// The name of the selected profile.
    pub(crate) fn selected_name(&self) -> &str {
        self.selected.as_deref().unwrap_or(DEFAULT)
    }

    /// The selected profile, if there is one of that name.
    pub(crate) fn selected(&self) -> Option<&Section> {
        self.profile(self.selected_name())
    }

    /// A profile.
    pub(crate) fn profile(&self, name: &str) -> Option<&Section> {
        self.profiles.get(name)
    }

    /// A section `[sso-session …]` of the configuration file.
    pub(crate) fn sso_session(&self, name: &str) -> Option<&Section> {
        self.sso_sessions.get(name)
    }

    /// A section `[services …]` of the configuration file.
    pub(crate) fn services(&self, name: &str) -> Option<&Section> {
        self.services.get(name)
    }

    /// Whether there is no profile at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.profiles.is_empty()
    }

    /// Adds the sections of a file, as far as such a file can have them.
    fn merge(&mut self, file: File, path: &Path, sections: Vec<RawSection<'_>>) {
        let replaces_default = file == File::Config
            && sections
                .iter()
                .any(|section| kind_and_name(section.heading) == (Some("profile"), DEFAULT));
        for RawSection {
            heading,
            properties,
        } in sections
        {
            let path = path.display();
            let (kind, name) = kind_and_name(heading);
            let target = match (file, kind) {
                _ if !is_identifier(name) => Err(IDENTIFIER),
                (File::Config, None) if name != DEFAULT => {
                    Err("a profile is written [profile NAME] in this file")
                }
                (File::Config, None) if replaces_default => {
                    Err("[profile default] replaces it; keep one of them")
                }
                (File::Credentials, Some(_)) => Err("this file has only profiles, written [NAME]"),
                (_, None | Some("profile")) => Ok(&mut self.profiles),
                (_, Some("sso-session")) => Ok(&mut self.sso_sessions),
                (_, Some("services")) => Ok(&mut self.services),
                (_, Some(_)) => Err("there are profile, sso-session and services sections only"),
            };
            let target = match target {
                Ok(target) => target,
                Err(why) => {
                    warn!("{path}: the section [{heading}] is ignored: {why}");
                    continue;
                }
            };
            let target = target.entry(name.to_owned()).or_default();
            for (name, value) in properties {
                if is_identifier(&name) {
                    target.properties.insert(name, value);
                } else {
                    // The name is not shown: it can be part of a secret that was pasted there.
                    warn!("{path}: a property of [{heading}] is ignored: {IDENTIFIER}");
                }
            }
        }
    }
}

impl Section {
    /// A property, by its name in any case. Blanks around the value are gone; it can be empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.properties
            .get(&name.to_ascii_lowercase())
            .map(String::as_str)
    }

    /// A property of a property: `name =`, and below it indented lines `sub = value`.
    pub(crate) fn nested(&self, name: &str, sub: &str) -> Option<&str> {
        sub_properties(self.get(name)?)
            .filter(|(name, _)| name.eq_ignore_ascii_case(sub))
            .last()
            .map(|(_, value)| value)
    }
}

/// Values can be secrets; only names are shown.
impl fmt::Debug for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.properties.keys()).finish()
    }
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, what } = self;
        write!(f, "{}, line {line}: {what}", file.display())
    }
}

impl Error for ProfileError {}

/// The content of a file, empty if it cannot be read.
fn read(file: File, path: &Path, environment: &Environment) -> Vec<u8> {
    environment.read(path).unwrap_or_else(|error| {
        let missing = matches!(
            error.kind(),
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
        );
        let (path, variable) = (path.display(), file.variable());
        if environment.var(variable).is_some() {
            warn!("{path}, named by {variable}, cannot be read: {error}");
        } else if missing {
            debug!("there is no {path}");
        } else {
            warn!("{path} cannot be read: {error}");
        }
        Vec::new()
    })
}

/// The sections of a file, or the line that is wrong and why.
fn sections(content: &[u8]) -> Result<Vec<RawSection<'_>>, (usize, &'static str)> {
    let text = std::str::from_utf8(content).map_err(|error| {
        let before = content.get(..error.valid_up_to()).unwrap_or_default();
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        (line, "This is not UTF-8: save the file as UTF-8")
    })?;
    parse(text)
}

/// What stands before and after the first blank of a heading: `[profile dev]`, `[dev]`.
fn kind_and_name(heading: &str) -> (Option<&str>, &str) {
    match heading.split_once(BLANK) {
        Some((kind, name)) => (Some(kind), name.trim_matches(BLANK)),
        None => (None, heading),
    }
}

fn is_identifier(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || "_-/.%@:+".contains(char))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// The files with this content, in a home folder that goes away with the first value.
    fn home(config: &[u8], credentials: &[u8]) -> (tempfile::TempDir, Environment) {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("home/me/.aws");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("config"), config).unwrap();
        fs::write(folder.join("credentials"), credentials).unwrap();
        let environment = Environment::of([("HOME", "/home/me")]).with_root(root.path());
        (root, environment)
    }

    #[test]
    fn nested_properties_are_found_by_name() {
        let config = b"[services mine]\n\
            s3 =\n  endpoint_url = http://s3 # here\n  # endpoint_url = http://no\n  other =\n\
            CloudTrail =\n  Endpoint_URL=http://a\n  endpoint_url=http://b\n\
            plain = value\n";
        let (_root, environment) = home(config, b"");
        let files = ProfileFiles::load(&environment, None).unwrap();
        let services = files.services("mine").unwrap();
        for (name, sub, value) in [
            ("s3", "endpoint_url", Some("http://s3")),
            ("s3", "other", Some("")),
            ("cloudtrail", "endpoint_url", Some("http://b")),
            ("plain", "value", None),
            ("s3", "plain", None),
            ("ec2", "endpoint_url", None),
        ] {
            assert_eq!(services.nested(name, sub), value, "{name}.{sub}");
        }
        assert!(files.is_empty());
    }

    #[test]
    fn errors_name_the_file_and_the_line_and_no_value() {
        for (config, message) in [
            (
                &b"[default]\n\nregion = x\naws_secret_access_key : SECRET"[..],
                "/home/me/.aws/config, line 4: Expected an '=' sign defining a property",
            ),
            (
                b"[default]\nname = SECRET\xff",
                "/home/me/.aws/config, line 2: This is not UTF-8",
            ),
        ] {
            let (_root, environment) = home(config, b"");
            let error = ProfileFiles::load(&environment, None)
                .unwrap_err()
                .to_string();
            assert!(error.starts_with(message), "{error}");
            assert!(!error.contains("SECRET"), "{error}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_line() {
        let (_root, environment) = home(b"\xef\xbb\xbf[default]\nregion = x\n", b"");
        let files = ProfileFiles::load(&environment, None).unwrap();
        assert_eq!(files.selected().unwrap().get("REGION"), Some("x"));
    }

    #[test]
    fn debug_shows_no_values() {
        let (_root, environment) = home(b"", b"[default]\naws_secret_access_key = SECRET\n");
        let files = ProfileFiles::load(&environment, None).unwrap();
        let debug = format!("{files:?}");
        assert!(debug.contains("aws_secret_access_key"), "{debug}");
        assert!(!debug.contains("SECRET"), "{debug}");
    }

    #[test]
    fn the_profile_is_chosen_by_code_then_environment() {
        for (code, variable, name) in [
            (None, None, "default"),
            (None, Some("  "), "default"),
            (None, Some("b"), "b"),
            (Some("a"), Some("b"), "a"),
        ] {
            let environment = Environment::of(variable.map(|value| ("AWS_PROFILE", value)));
            let files = ProfileFiles::load(&environment, code).unwrap();
            assert_eq!(files.selected_name(), name);
            assert!(files.selected().is_none());
        }
    }

    #[test]
    fn what_cannot_be_read_counts_as_empty() {
        let (root, environment) = home(b"[default]\nregion = x\n", b"");
        let path = root.path().join("home/me/.aws/credentials");
        fs::remove_file(&path).unwrap();
        // A folder cannot be read, whoever runs the test.
        fs::create_dir(&path).unwrap();
        let files = ProfileFiles::load(&environment, None).unwrap();
        assert_eq!(files.selected().unwrap().get("region"), Some("x"));

        let elsewhere = [("HOME", "/home/me"), ("AWS_CONFIG_FILE", "~/none")];
        let environment = Environment::of(elsewhere).with_root(root.path());
        assert!(ProfileFiles::load(&environment, None).unwrap().is_empty());
    }

    #[test]
    fn a_section_without_a_name_is_none() {
        let (_root, environment) = home(b"[]\na = b\n[profile ]\na = b\n", b"[]\na = b\n");
        assert!(ProfileFiles::load(&environment, None).unwrap().is_empty());
    }
}
