//! The files in which the AWS CLI keeps the tokens of who has logged in.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use aws_credential_types::provider::error::CredentialsError;
use ring::digest::{self, Algorithm};

use super::document::Document;
use super::failure::{Failure, failed, invalid};
use crate::runtime::base::environment::Environment;
use crate::runtime::configuration::profile::location;
use crate::runtime::configuration::profile::location::Platform;

/// A file of tokens, which other programs read and write too.
pub(super) struct CacheFile<'a> {
    environment: &'a Environment,
    path: PathBuf,
}

impl<'a> CacheFile<'a> {
    /// The file for `key` in a folder, named by the hash of the key.
    pub(super) fn new(
        environment: &'a Environment,
        folder: &Path,
        algorithm: &'static Algorithm,
        key: &str,
    ) -> Self {
        let hash = digest::digest(algorithm, key.as_bytes());
        let name: String = hash
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Self {
            environment,
            path: folder.join(format!("{name}.json")),
        }
    }

    /// Reads the file. `log_in` is the command that makes it.
    pub(super) fn read(&self, log_in: &str) -> Result<Document, CredentialsError> {
        let json = self.environment.read(&self.path).map_err(|error| {
            CredentialsError::provider_error(Failure::new(
                format_args!("no login found, run `{log_in}`; `{}`", self.path.display()),
                error,
            ))
        })?;
        Document::parse(&json).map_err(|why| self.bad(&why))
    }

    /// The error that the file is not as it should be.
    pub(super) fn bad(&self, why: &str) -> CredentialsError {
        failed(format!(
            "the login in `{}` is bad: {why}",
            self.path.display()
        ))
    }

    /// Replaces the file in one step, readable for its owner alone. Failing is no error: the tokens
    /// are good all the same, if only for this process.
    pub(super) fn write(&self, document: &Document) {
        if let Err(error) = self.try_write(document) {
            tracing::warn!(
                path = %self.path.display(),
                %error,
                "cannot save the refreshed login; the next program may have to log in again"
            );
        }
    }

    fn try_write(&self, document: &Document) -> io::Result<()> {
        let path = self.environment.path(&self.path);
        let temporary = path.with_extension(format!("{}.tmp", uuid::Uuid::new_v4()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&temporary)?;
        let written = file
            .write_all(document.to_json().as_bytes())
            .and_then(|()| std::fs::rename(&temporary, &path));
        if written.is_err() {
            // Whether or not it works, the first error is the one to tell.
            let _ = std::fs::remove_file(&temporary);
        }
        written
    }
}

/// The home folder of the user.
pub(super) fn home(environment: &Environment) -> Result<PathBuf, CredentialsError> {
    location::home(environment, Platform::current())
        .map(PathBuf::from)
        .ok_or_else(|| invalid("there is no home folder to look for a login in; set HOME"))
}

#[cfg(test)]
mod tests {
    use ring::digest::SHA256;

    use super::*;

    #[test]
    fn a_file_that_cannot_be_replaced_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let environment = Environment::default();
        let file = CacheFile::new(&environment, folder.path(), &SHA256, "key");
        // No file can take the place of a folder.
        std::fs::create_dir(&file.path).unwrap();
        file.write(&Document::parse(b"{}").unwrap());
        let entries = std::fs::read_dir(folder.path()).unwrap();
        let names: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        assert_eq!(names, [file.path]);
    }
}
