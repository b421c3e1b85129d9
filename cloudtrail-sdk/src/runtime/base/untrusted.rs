//! Text that a peer has sent, as it may stand in errors, traces and logs.

use std::borrow::Cow;
use std::fmt::{self, Write};

/// Longer than the messages of services are that help somebody.
const MAX_CHARS: usize = 1024;

/// Shows a text on one line: what could break the line or steer a terminal is escaped, and what goes
/// on after 1,024 characters is cut off.
#[derive(Debug)]
pub(crate) struct Untrusted<'a>(pub(crate) &'a str);

impl fmt::Display for Untrusted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(MAX_CHARS) {
            Some((end, _)) => write!(OneLine(f), "{}…", &self.0[..end]),
            None => OneLine(f).write_str(self.0),
        }
    }
}

/// Keeps what is written to it on one line, by the same escapes, and cuts nothing off.
#[derive(Debug)]
pub(crate) struct OneLine<W>(pub(crate) W);

impl<W: Write> Write for OneLine<W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for char in text.chars() {
            if is_plain(char) {
                self.0.write_char(char)?;
            } else {
                write!(self.0, "{}", char.escape_default())?;
            }
        }
        Ok(())
    }
}

/// Whether a character can neither break a line nor change how others are shown.
fn is_plain(char: char) -> bool {
    let changes_others = matches!(
        char,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    !char.is_control() && !changes_others
}

/// The URL as it can be shown: a password in it is not for logs.
pub(crate) fn without_user_info(url: &str) -> Cow<'_, str> {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, rest))) => format!("{scheme}://***@{rest}").into(),
        (None, Some((_, rest))) => format!("***@{rest}").into(),
        (_, None) => url.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_a_line() {
        for (text, shown) in [
            ("", ""),
            ("a\u{61c}b", r"a\u{61c}b"),
            (
                "arn:aws: \"it's\" a\\b é 日本",
                "arn:aws: \"it's\" a\\b é 日本",
            ),
            ("a\nb\r\n\tc", r"a\nb\r\n\tc"),
            ("\x1b[31mred\x07\x7f", r"\u{1b}[31mred\u{7}\u{7f}"),
            (
                "a\u{85}b\u{2028}c\u{202e}d\u{feff}",
                r"a\u{85}b\u{2028}c\u{202e}d\u{feff}",
            ),
        ] {
            assert_eq!(Untrusted(text).to_string(), shown);
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        let longest = "é".repeat(MAX_CHARS);
        assert_eq!(Untrusted(&longest).to_string(), longest);
        assert_eq!(
            Untrusted(&format!("{longest}é")).to_string(),
            format!("{longest}…")
        );
    }
}
