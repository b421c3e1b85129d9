//! Credentials that a program prints, which a profile names as `credential_process`.

use std::future::Future;
use std::io::{self, IsTerminal, Write};
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::task::Poll;

use aws_credential_types::Credentials;
use aws_credential_types::attributes::AccountId;
use aws_credential_types::provider::error::CredentialsError;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;

use super::context::Loaded;
use super::document::Document;
use super::failure::{Failure, failed};
use crate::runtime::base::untrusted::Untrusted;

const PROVIDER: &str = "CredentialProcess";
/// More than any credentials need.
const MAX_OUTPUT: usize = 64 * 1024;
/// How much of what the program complains about is told.
const MAX_COMPLAINT: usize = 1024;

/// Runs the command as the shell reads it, and takes the credentials from its output. Its arguments
/// can be secrets: they are told to nobody. `account_id` is used if the program names no account.
///
/// What the program prints to its standard error appears on that of this process at once: it may ask
/// a person to open a browser, or to type a code.
///
/// The program is killed when the future is dropped.
pub(super) async fn load(command: &str, account_id: Option<&str>) -> Loaded {
    // A variable that is set for the program stands before it, and can be a secret too.
    let first_word = command.split_whitespace().next();
    let program = first_word
        .filter(|word| !word.contains('='))
        .unwrap_or("***");
    let what = format!("the credential_process `{program}`");
    tracing::debug!(program, "running the credential process");
    let finished = run(command, &mut io::stderr()).await.map_err(|error| {
        CredentialsError::provider_error(Failure::new(format_args!("{what} cannot be run"), error))
    })?;
    if !finished.status.success() {
        let complaint = String::from_utf8_lossy(&finished.stderr);
        let complaint = without_secrets(&without_arguments(&complaint, command));
        return Err(failed(format!(
            "{what} ended with {}: {}",
            finished.status,
            if complaint.is_empty() {
                Untrusted("it said nothing")
            } else {
                Untrusted(&complaint)
            }
        )));
    }
    if finished.stdout.len() > MAX_OUTPUT {
        return Err(failed(format!(
            "{what} printed more than {MAX_OUTPUT} bytes"
        )));
    }
    Document::parse(&finished.stdout)
        .and_then(|output| read(&output, account_id))
        .map_err(|why| failed(format!("the output of {what}: {why}")))
}

fn read(output: &Document, account_id: Option<&str>) -> Result<Credentials, String> {
    match output.integer("Version") {
        Some(1) => {}
        Some(version) => return Err(format!("`Version` in it is {version}; it must be 1")),
        None => return Err("`Version` in it must be the number 1".to_owned()),
    }
    let mut builder = Credentials::builder()
        .access_key_id(output.required_text("AccessKeyId")?)
        .secret_access_key(output.required_text("SecretAccessKey")?)
        .provider_name(PROVIDER);
    builder.set_session_token(output.text("SessionToken").map(str::to_owned));
    builder.set_expiry(output.time("Expiration")?);
    let account_id = output.text("AccountId").or(account_id);
    builder.set_account_id(account_id.map(AccountId::from));
    Ok(builder.build())
}

struct Finished {
    status: ExitStatus,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

/// Runs a command, and shows what it prints to its standard error.
async fn run(command: &str, shown: &mut (impl Write + Send)) -> io::Result<Finished> {
    // A person can answer the program. What else comes in there is meant for this process.
    let stdin = if io::stdin().is_terminal() {
        Stdio::inherit()
    } else {
        Stdio::null()
    };
    let mut child = shell(command)
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut hidden = io::sink();
    let stdout = start_of(child.stdout.take(), MAX_OUTPUT + 1, &mut hidden);
    let stderr = start_of(child.stderr.take(), MAX_COMPLAINT, shown);
    let (stdout, stderr) = both(stdout, stderr).await;
    Ok(Finished {
        status: child.wait().await?,
        stdout: stdout?,
        stderr: stderr?,
    })
}

#[cfg(not(windows))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command);
    shell
}

/// `cmd` takes all that follows as it is, but for a pair of quotes around it.
#[cfg(windows)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd.exe");
    shell.arg("/C").raw_arg(format!("\"{command}\""));
    shell
}

/// Reads a pipe to its end, so that the program is not held up, shows what comes at once, and keeps
/// the start.
async fn start_of(
    pipe: Option<impl AsyncRead + Unpin>,
    max: usize,
    shown: &mut impl Write,
) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    let mut part = vec![0; 8 * 1024];
    let Some(mut pipe) = pipe else {
        return Ok(start);
    };
    loop {
        let length = pipe.read(&mut part).await?;
        if length == 0 {
            return Ok(start);
        }
        // The program can be good for credentials where nobody looks.
        let _ = shown
            .write_all(&part[..length])
            .and_then(|()| shown.flush());
        start.extend_from_slice(&part[..length.min(max - start.len())]);
    }
}

/// Waits for two futures at the same time.
async fn both<A, B>(a: impl Future<Output = A>, b: impl Future<Output = B>) -> (A, B) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut of_a, mut of_b) = (None, None);
    std::future::poll_fn(|context| {
        if of_a.is_none()
            && let Poll::Ready(output) = a.as_mut().poll(context)
        {
            of_a = Some(output);
        }
        if of_b.is_none()
            && let Poll::Ready(output) = b.as_mut().poll(context)
        {
            of_b = Some(output);
        }
        match (of_a.take(), of_b.take()) {
            (Some(a), Some(b)) => Poll::Ready((a, b)),
            (a, b) => {
                (of_a, of_b) = (a, b);
                Poll::Pending
            }
        }
    })
    .await
}

/// A complaint without the command, which a shell quotes in errors of syntax, and without the values of
/// its options.
fn without_arguments(complaint: &str, command: &str) -> String {
    /// Shorter ones would be found in other words.
    const SHORTEST: usize = 4;
    let mut shown = complaint.replace(command, "***");
    let words = command.split_whitespace();
    for (option, value) in words.clone().zip(words.skip(1)) {
        let value = value.trim_matches(['"', '\'']);
        if option.starts_with('-') && value.len() >= SHORTEST && !value.starts_with('-') {
            shown = shown.replace(value, "***");
        }
    }
    shown
}

/// A program's complaint on one line, without words that look like keys or tokens: long, and of
/// small letters, capitals and digits.
fn without_secrets(complaint: &str) -> String {
    const SHORTEST: usize = 20;
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=_-".contains(&byte);
    let hides = |word: &str| {
        word.len() >= SHORTEST
            && word.bytes().any(|byte| byte.is_ascii_lowercase())
            && word.bytes().any(|byte| byte.is_ascii_uppercase())
            && word.bytes().any(|byte| byte.is_ascii_digit())
    };
    let mut shown = String::new();
    for word in complaint.split_ascii_whitespace() {
        if !shown.is_empty() {
            shown.push(' ');
        }
        for piece in word.split_inclusive(|c: char| !c.is_ascii() || !is_part(c as u8)) {
            let end = piece.trim_end_matches(|c: char| !c.is_ascii() || !is_part(c as u8));
            if hides(end) {
                shown.push_str("***");
                shown.push_str(&piece[end.len()..]);
            } else {
                shown.push_str(piece);
            }
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_lose_the_arguments_of_the_command() {
        let command = "helper --password 'hunter' -v words";
        for (complaint, shown) in [
            (
                "sh: 1: Syntax error: `helper --password 'hunter' -v words'",
                "sh: 1: Syntax error: `***'",
            ),
            ("helper: bad password hunter", "helper: bad password ***"),
            ("helper: no network", "helper: no network"),
        ] {
            assert_eq!(without_arguments(complaint, command), shown);
        }
    }

    #[test]
    fn complaints_keep_their_words_and_lose_keys() {
        for (complaint, shown) in [
            ("sh: 1: helper: not found\n", "sh: 1: helper: not found"),
            ("a\n  b\tc", "a b c"),
            ("key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY!", "***!"),
            (
                r#"{"token":"eyJhbGciOiJIUzI1NiJ9abcdef.eyJzdWIiOiIxMjM0NTY3ODkwIn0"}"#,
                r#"{"token":"***.***"}"#,
            ),
            (
                "/opt/tools/python3/bin/helper: é",
                "/opt/tools/python3/bin/helper: é",
            ),
            ("Abcdefghijklmnopqr9", "Abcdefghijklmnopqr9"),
            ("Abcdefghijklmnopqrs9", "***"),
            ("Abcdefghijklmnopqrstu", "Abcdefghijklmnopqrstu"),
            ("abcdefghijklmnopqrst9", "abcdefghijklmnopqrst9"),
            ("ABCDEFGHIJKLMNOPQRST9", "ABCDEFGHIJKLMNOPQRST9"),
            ("éAbcdefghijklmnopqrs9é", "é***é"),
        ] {
            assert_eq!(without_secrets(complaint), shown);
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_program_that_prints_much_is_not_held_up_and_not_kept() {
        let flood = "head -c 200000 /dev/zero; head -c 200000 /dev/zero >&2";
        let mut shown = Vec::new();
        let finished = run(flood, &mut shown).await.unwrap();
        assert!(finished.status.success());
        assert_eq!(finished.stdout.len(), MAX_OUTPUT + 1);
        assert_eq!(finished.stderr.len(), MAX_COMPLAINT);
        assert_eq!(shown.len(), 200_000);
        let error = load("head -c 200000 /dev/zero", None).await.unwrap_err();
        assert!(
            crate::runtime::configuration::credentials::failure::reason(&error)
                .contains("more than 65536 bytes")
        );
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn what_a_program_asks_is_seen_while_it_waits() {
        /// Opens the pipe that the program waits for when it has seen the question.
        struct Person {
            fifo: std::path::PathBuf,
            seen: String,
        }

        impl Write for Person {
            fn write(&mut self, part: &[u8]) -> io::Result<usize> {
                self.seen.push_str(std::str::from_utf8(part).unwrap());
                if self.seen == "open https://device.example and type ABCD\n" {
                    std::fs::write(&self.fifo, "yes\n").unwrap();
                }
                Ok(part.len())
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }

        let folder = tempfile::tempdir().unwrap();
        let fifo = folder.path().join("fifo");
        let made = std::process::Command::new("mkfifo").arg(&fifo).status();
        assert!(made.unwrap().success());
        let command = format!(
            "echo open https://device.example and type ABCD >&2; read answer < {}; echo $answer",
            fifo.display()
        );
        let mut person = Person {
            fifo,
            seen: String::new(),
        };
        let finished = run(&command, &mut person).await.unwrap();
        assert_eq!(finished.stdout, b"yes\n");
        assert_eq!(finished.stderr, person.seen.as_bytes());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_program_is_not_held_up_where_nobody_can_be_shown_anything() {
        struct Closed;

        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }

        let finished = run("echo hello >&2; echo done", &mut Closed).await.unwrap();
        assert_eq!(finished.stderr, b"hello\n");
        assert_eq!(finished.stdout, b"done\n");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_program_is_killed_with_its_future() {
        use std::fs::File;
        use std::io::Read;
        use std::time::Duration;

        use tokio::task::spawn_blocking;

        let folder = tempfile::tempdir().unwrap();
        let fifo = folder.path().join("fifo");
        let made = std::process::Command::new("mkfifo").arg(&fifo).status();
        assert!(made.unwrap().success());
        let command = format!("exec 3> {}; exec sleep 30", fifo.display());
        let running = tokio::spawn(async move { run(&command, &mut io::sink()).await });
        // Opened when the program opens the other end, and at its end when the program is gone.
        let mut alive = spawn_blocking(|| File::open(fifo).unwrap()).await.unwrap();
        running.abort();
        assert!(running.await.is_err_and(|error| error.is_cancelled()));
        let read = spawn_blocking(move || alive.read_to_end(&mut Vec::new()));
        let read = tokio::time::timeout(Duration::from_secs(10), read).await;
        assert_eq!(read.unwrap().unwrap().unwrap(), 0);
    }
}
