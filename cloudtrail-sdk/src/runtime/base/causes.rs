//! Errors and the causes behind them.

use std::error::Error;
use std::fmt::{self, Write as _};

use aws_credential_types::provider::error::CredentialsError;

use crate::runtime::base::untrusted::OneLine;

/// Prints an error with everything behind it, on one line: `outer: middle: inner`.
#[derive(Debug)]
pub struct DisplayErrorContext<E>(pub E);

impl<E: Error> fmt::Display for DisplayErrorContext<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut f = OneLine(f);
        let mut printed = self.0.to_string();
        f.write_str(&printed)?;
        let mut next = self.0.source();
        while let Some(error) = next {
            let text = error.to_string();
            // An error that already told what lies behind it need not tell it twice.
            if !printed.contains(&text) && !has_told(&printed, error) {
                write!(f, ": {text}")?;
                printed = text;
            }
            next = error.source();
        }
        Ok(())
    }
}

/// Whether a text has the facts of an error that only adds its kind to them.
fn has_told(text: &str, error: &(dyn Error + 'static)) -> bool {
    let facts = error.downcast_ref().and_then(CredentialsError::source);
    facts.is_some_and(|facts| text.contains(&facts.to_string()))
}

/// The last cause, which names what happened, such as "connection refused".
pub(crate) fn innermost<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause
}
