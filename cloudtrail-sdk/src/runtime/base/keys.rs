//! Whether credentials can stand in a request.

use aws_credential_types::Credentials;

/// What credentials consist of: the names that [`check_keys`] takes.
pub(crate) const KEY_NAMES: [&str; 3] = [
    "the access key ID",
    "the secret access key",
    "the session token",
];

/// Checks that a request can hold the credentials: they are often copied, with a line break or with
/// invisible characters. The names are those of its parts, as in [`KEY_NAMES`].
pub(crate) fn check_keys(credentials: &Credentials, names: [&str; 3]) -> Result<(), String> {
    let token = credentials.session_token().unwrap_or_default();
    let in_header = |text: &str| text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    // The secret is not sent.
    let without_controls = |text: &str| !text.contains(char::is_control);
    let can_be_sent = [
        in_header(credentials.access_key_id()),
        without_controls(credentials.secret_access_key()),
        in_header(token),
    ];
    for (name, can_be_sent) in names.into_iter().zip(can_be_sent) {
        if !can_be_sent {
            return Err(format!(
                "{name} holds a line break or another character that cannot be sent"
            ));
        }
    }
    Ok(())
}
