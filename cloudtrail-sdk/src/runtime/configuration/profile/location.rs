//! Where the files are.

use std::path::PathBuf;

use tracing::warn;

use crate::runtime::base::environment::Environment;

/// One of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum File {
    Config,
    Credentials,
}

/// What a path looks like, and which variables name the home folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Platform {
    Unix,
    Windows,
}

impl File {
    /// The variable that names another place for the file.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::Config => "AWS_CONFIG_FILE",
            Self::Credentials => "AWS_SHARED_CREDENTIALS_FILE",
        }
    }

    /// The path of the file; none if it would be in a home folder that is not known.
    pub(crate) fn locate(self, environment: &Environment, platform: Platform) -> Option<PathBuf> {
        let name = match self {
            Self::Config => "config",
            Self::Credentials => "credentials",
        };
        let Some(path) = environment.var(self.variable()) else {
            let home = home(environment, platform)?;
            return Some([&*home, ".aws", name].join(platform.separator()).into());
        };
        let Some(below_home) = platform.below_home(&path) else {
            return Some(path.into());
        };
        let home = home(environment, platform);
        if home.is_none() {
            let variable = self.variable();
            warn!("{variable} is {path}, but nothing says which the home folder is: set HOME");
        }
        Some((home? + below_home).into())
    }
}

impl Platform {
    /// That of this process.
    pub(crate) fn current() -> Self {
        if cfg!(windows) {
            Self::Windows
        } else {
            Self::Unix
        }
    }

    fn separator(self) -> &'static str {
        match self {
            Self::Unix => "/",
            Self::Windows => "\\",
        }
    }

    /// What follows the `~` of a path that starts with the home folder: `~/x`, but not `~user/x`.
    fn below_home(self, path: &str) -> Option<&str> {
        let rest = path.strip_prefix('~')?;
        let ends_there = rest.is_empty()
            || rest.starts_with('/')
            || (self == Self::Windows && rest.starts_with('\\'));
        ends_there.then_some(rest)
    }
}

/// The home folder, without a separator behind it.
pub(crate) fn home(environment: &Environment, platform: Platform) -> Option<String> {
    let mut home = environment.var("HOME");
    if platform == Platform::Windows {
        home = home
            .or_else(|| environment.var("USERPROFILE"))
            .or_else(|| Some(environment.var("HOMEDRIVE")? + &environment.var("HOMEPATH")?));
    }
    Some(home?.trim_end_matches(platform.separator()).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tilde_is_the_home_folder() {
        for (platform, home, given, path) in [
            (Platform::Unix, Some("/"), None, Some("/.aws/config")),
            (Platform::Unix, Some("/me/"), Some("~/x"), Some("/me/x")),
            (Platform::Unix, Some("/me"), Some("~you/x"), Some("~you/x")),
            (Platform::Unix, Some("/me"), Some("a/~/x"), Some("a/~/x")),
            (Platform::Unix, None, Some("~/x"), None),
            (Platform::Unix, None, Some("/x"), Some("/x")),
            (Platform::Unix, None, None, None),
            (
                Platform::Windows,
                Some(r"C:\me"),
                Some(r"~\x"),
                Some(r"C:\me\x"),
            ),
        ] {
            let variables = [("HOME", home), ("AWS_CONFIG_FILE", given)];
            let environment = Environment::of(
                variables
                    .into_iter()
                    .filter_map(|(name, value)| Some((name, value?))),
            );
            let found = File::Config.locate(&environment, platform);
            assert_eq!(found, path.map(PathBuf::from), "{home:?} {given:?}");
        }
    }
}
