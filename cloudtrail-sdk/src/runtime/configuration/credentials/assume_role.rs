//! Roles that a program names in code.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::credential_feature::AwsCredentialFeature as Origin;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};

use super::context::{Context, Loaded, checked, from};
use super::failure::{Failure, failed, invalid, reason};
use super::sts::{self, Mfa, Refused, Role};
use crate::runtime::base::boxed::{BoxError, BoxFuture};
use crate::runtime::error::construction::ConstructionError;
use crate::runtime::policy::identity::{Asking, CredentialsCache, Provider, SharedIdentityCache};
use crate::runtime::service::endpoint::functions::parse_arn;

/// The bounds of STS for `DurationSeconds`.
const SESSION_LENGTH: [Duration; 2] = [
    Duration::from_secs(15 * 60),
    Duration::from_secs(12 * 60 * 60),
];

/// How long a session may be at most if the credentials of a role ask for it.
const CHAINED_SESSION_LENGTH: Duration = Duration::from_secs(60 * 60);

/// A role to assume, for [`Loader::assume_role`](crate::config::Loader::assume_role).
///
/// Nothing is checked until the first call, which fails with the name of a setting that is out of
/// the bounds of [AssumeRole](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html),
/// before anything is sent.
///
/// `AssumeRole::new("arn:aws:iam::111122223333:role/Audit").session_name("nightly-audit")`
#[derive(Clone)]
#[must_use]
pub struct AssumeRole {
    arn: String,
    session_name: Option<String>,
    external_id: Option<String>,
    policy: Option<String>,
    policy_arns: Vec<String>,
    session_length: Option<Duration>,
    tags: Vec<(String, String)>,
    transitive_tag_keys: Vec<String>,
    source_identity: Option<String>,
    mfa: Option<Device>,
}

/// A multi-factor authentication device, and who knows its codes.
#[derive(Clone)]
struct Device {
    serial: String,
    token: Arc<dyn Fn() -> BoxFuture<'static, Result<String, BoxError>> + Send + Sync>,
}

impl AssumeRole {
    /// The role of this ARN, such as `arn:aws:iam::111122223333:role/Audit`.
    pub fn new(role_arn: impl Into<String>) -> Self {
        Self {
            arn: role_arn.into(),
            session_name: None,
            external_id: None,
            policy: None,
            policy_arns: Vec::new(),
            session_length: None,
            tags: Vec::new(),
            transitive_tag_keys: Vec::new(),
            source_identity: None,
            mfa: None,
        }
    }

    /// Sets the name of the session, which the logs of the role's account show: 2 to 64 characters,
    /// ASCII letters, digits and any of `_+=,.@-`. If it is not set, it is `assume-role-provider-`
    /// and the time.
    pub fn session_name(mut self, name: impl Into<String>) -> Self {
        self.session_name = Some(name.into());
        self
    }

    /// Sets the ID that the role's trust policy demands of other accounts: 2 to 1,224 characters,
    /// ASCII letters, digits and any of `_+=,.@:/-`.
    pub fn external_id(mut self, id: impl Into<String>) -> Self {
        self.external_id = Some(id.into());
        self
    }

    /// Sets a policy in JSON that restricts what the session may do: at most 2,048 characters.
    pub fn policy(mut self, policy: impl Into<String>) -> Self {
        self.policy = Some(policy.into());
        self
    }

    /// Sets the ARNs of managed policies that restrict what the session may do: at most 10.
    pub fn policy_arns(mut self, arns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.policy_arns = arns.into_iter().map(Into::into).collect();
        self
    }

    /// Sets how long the session lasts: whole seconds from 15 minutes to 12 hours, as far as the
    /// role allows it, and at most an hour for a role that is assumed with the credentials of
    /// another one. STS makes it an hour if it is not set. A client assumes the role anew before the
    /// session ends.
    pub fn session_length(mut self, length: Duration) -> Self {
        self.session_length = Some(length);
        self
    }

    /// As [`session_length`](Self::session_length).
    pub fn duration(self, duration: Duration) -> Self {
        self.session_length(duration)
    }

    /// Sets the session's tags, at most 50: keys of 1 to 128 characters, values of up to 256.
    pub fn tags<K, V>(mut self, tags: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<String>,
        V: Into<String>,
    {
        self.tags = tags
            .into_iter()
            .map(|(key, value)| (key.into(), value.into()))
            .collect();
        self
    }

    /// Sets the keys of the tags that sessions inherit which are made with this one: at most 50.
    pub fn transitive_tag_keys(
        mut self,
        keys: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.transitive_tag_keys = keys.into_iter().map(Into::into).collect();
        self
    }

    /// Sets who makes the session, which the logs show for it and for sessions that are made with it:
    /// 2 to 64 characters, ASCII letters, digits and any of `_+=,.@-`.
    pub fn source_identity(mut self, identity: impl Into<String>) -> Self {
        self.source_identity = Some(identity.into());
        self
    }

    /// Sets the multi-factor authentication device of whoever assumes the role, by its serial number
    /// or ARN, and a function that gets its current code of 6 digits.
    ///
    /// The function is called for each new session. A code serves once, so a request with one is
    /// repeated only if STS has surely not taken it: if no connection was made, STS is asked too
    /// often, or this machine's clock was wrong. Any other failure ends the call, and the next one
    /// asks for another code. The function has the time of the identity cache's
    /// `load_timeout`, 5 minutes by default. Each client has a session of its own, and a code serves
    /// once: use one client, or let the role be the base of others by a second call of
    /// [`assume_role`](crate::config::Loader::assume_role).
    pub fn mfa<F, E>(
        mut self,
        serial: impl Into<String>,
        token: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<String, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        self.mfa = Some(Device {
            serial: serial.into(),
            token: Arc::new(move || {
                let token = token();
                Box::pin(async move { token.await.map_err(Into::into) })
            }),
        });
        self
    }

    /// Checks what STS would refuse. The error names the setting.
    fn check(&self, is_chained: bool) -> Result<(), String> {
        check_arn("the ARN", &self.arn)?;
        check_text(
            "session_name",
            self.session_name.as_deref(),
            2,
            64,
            "_+=,.@-",
        )?;
        let external_id = self.external_id.as_deref();
        check_text("external_id", external_id, 2, 1224, "_+=,.@:/-")?;
        let serial = self.mfa.as_ref().map(|device| &*device.serial);
        check_text("the serial number of mfa", serial, 9, 256, "_+=/:,.@-")?;
        let source_identity = self.source_identity.as_deref();
        check_text("source_identity", source_identity, 2, 64, "_+=,.@-")?;
        match self.policy.as_deref().map(|policy| policy.chars().count()) {
            Some(0) => return Err("policy is empty".to_owned()),
            Some(2049..) => return Err("policy is longer than 2048 characters".to_owned()),
            _ => {}
        }
        check_count("policy_arns", self.policy_arns.len(), 10)?;
        for arn in &self.policy_arns {
            check_arn("an ARN of policy_arns", arn)?;
        }
        check_count("tags", self.tags.len(), 50)?;
        for (key, value) in &self.tags {
            if !(1..=128).contains(&key.chars().count()) {
                return Err(format!(
                    "a key of tags is `{key}`; it must have 1 to 128 characters"
                ));
            }
            if value.chars().count() > 256 {
                return Err(format!(
                    "the value of `{key}` in tags is longer than 256 characters"
                ));
            }
        }
        check_count("transitive_tag_keys", self.transitive_tag_keys.len(), 50)?;
        for key in &self.transitive_tag_keys {
            if !(1..=128).contains(&key.chars().count()) {
                return Err(format!(
                    "a key of transitive_tag_keys is `{key}`; it must have 1 to 128 characters"
                ));
            }
        }
        let [min, max] = SESSION_LENGTH;
        match self.session_length {
            Some(length) if !(min..=max).contains(&length) => Err(format!(
                "session_length is {length:?}; it must be from 15 minutes to 12 hours"
            )),
            Some(length) if length.subsec_nanos() > 0 => Err(format!(
                "session_length is {length:?}; it must be a whole number of seconds"
            )),
            Some(length) if is_chained && length > CHAINED_SESSION_LENGTH => Err(format!(
                "session_length is {length:?}; a role that is assumed with the credentials of \
                 another role has an hour at most"
            )),
            _ => Ok(()),
        }
    }
}

fn check_arn(what: &str, arn: &str) -> Result<(), String> {
    let is_arn = (20..=2048).contains(&arn.chars().count()) && parse_arn(arn).is_some();
    if is_arn && !arn.contains(char::is_control) {
        return Ok(());
    }
    Err(format!(
        "{what} is `{arn}`; it must be an ARN of 20 to 2048 characters"
    ))
}

/// Checks a text of ASCII letters, digits and `others`, which all take one byte.
fn check_text(
    what: &str,
    text: Option<&str>,
    min: usize,
    max: usize,
    others: &str,
) -> Result<(), String> {
    let is_allowed = |char: char| char.is_ascii_alphanumeric() || others.contains(char);
    match text {
        Some(text) if !(min..=max).contains(&text.len()) || !text.chars().all(is_allowed) => {
            Err(format!(
                "{what} must have {min} to {max} characters: ASCII letters, digits and any of \
                 `{others}`"
            ))
        }
        _ => Ok(()),
    }
}

fn check_count(what: &str, count: usize, max: usize) -> Result<(), String> {
    match count > max {
        true => Err(format!(
            "{what} has {count} entries; STS takes {max} at most"
        )),
        false => Ok(()),
    }
}

/// The external ID, policies and tags can be confidential.
impl fmt::Debug for AssumeRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AssumeRole")
            .field("arn", &self.arn)
            .field("session_name", &self.session_name)
            .field("session_length", &self.session_length)
            .finish_non_exhaustive()
    }
}

/// The provider of a role's credentials.
struct AssumedRole {
    context: Context,
    role: AssumeRole,
    is_chained: bool,
    base: Provider,
    /// A session of another role, or a person's code for it, is good for more than one load.
    base_cache: CredentialsCache,
    asking: Asking,
}

/// What [`assumed`] is.
pub(crate) type Assume =
    fn(&Context, Provider, Vec<AssumeRole>, &SharedIdentityCache, &Asking) -> Provider;

/// The provider of the last of `roles`, each assumed with the credentials of the one before, the first
/// with those of `base`.
pub(crate) fn assumed(
    context: &Context,
    base: Provider,
    roles: Vec<AssumeRole>,
    cache: &SharedIdentityCache,
    asking: &Asking,
) -> Provider {
    roles
        .into_iter()
        .enumerate()
        .fold(base, |base, (index, role)| {
            let provider = AssumedRole {
                context: context.clone(),
                role,
                is_chained: index > 0,
                base,
                base_cache: CredentialsCache::new(cache.clone()),
                asking: asking.clone(),
            };
            Provider::of_chain(SharedCredentialsProvider::new(provider), asking.clone())
        })
}

impl AssumedRole {
    async fn load(&self) -> Loaded {
        let role = &self.role;
        let what = sts::cannot_assume(&role.arn);
        role.check(self.is_chained)
            .map_err(|why| invalid(format!("{what}: {why}")))?;
        let base = self.base().await?;
        let code = match &role.mfa {
            Some(device) => Some(self.code(device).await?),
            None => None,
        };
        let seconds = role.session_length.map(|time| time.as_secs().to_string());
        let request = Role {
            arn: &role.arn,
            session_name: role.session_name.as_deref(),
            external_id: role.external_id.as_deref(),
            duration_seconds: seconds.as_deref(),
            policy: role.policy.as_deref(),
            policy_arns: &role.policy_arns,
            tags: &role.tags,
            transitive_tag_keys: &role.transitive_tag_keys,
            source_identity: role.source_identity.as_deref(),
            mfa: role
                .mfa
                .as_ref()
                .zip(code.as_deref())
                .map(|(device, code)| Mfa {
                    serial: &device.serial,
                    code,
                }),
        };
        self.asking.set("AssumeRole");
        tracing::debug!(role = role.arn, "assuming a role");
        let loaded = sts::assume_role(&self.context, &base, &request, "assume-role-provider").await;
        let loaded = loaded.map_err(|error| {
            if let Some(refused) = std::error::Error::source(&error)
                .and_then(|source| source.downcast_ref::<Refused>())
            {
                self.base_cache.refused(&base, refused.code.as_deref());
            }
            without(error, code.as_deref())
        });
        let mut origins: Vec<Origin> = base
            .get_property::<Vec<Origin>>()
            .cloned()
            .unwrap_or_default();
        origins.push(Origin::CredentialsStsAssumeRole);
        from(loaded, &origins)
    }

    /// The credentials to assume the role with.
    async fn base(&self) -> Loaded {
        self.asking.set("base credentials");
        let time = &self.context.time;
        let loaded = self.base_cache.credentials(&self.base, time).await;
        let loaded = loaded.map_err(|error| {
            let cause = match error {
                ConstructionError::Credentials(cause) => cause,
                other => other.into(),
            };
            let what = sts::cannot_assume(&self.role.arn);
            // Who asks for a role wants that one, and no other identity.
            CredentialsError::provider_error(Failure::new(
                format_args!("{what}: its base credentials cannot be loaded"),
                cause,
            ))
        });
        checked(
            loaded,
            format_args!(
                "the provider of the base credentials of the role `{}`",
                self.role.arn
            ),
        )
    }

    async fn code(&self, device: &Device) -> Result<String, CredentialsError> {
        self.asking.set("MFA function");
        let what = sts::cannot_assume(&self.role.arn);
        let code = (device.token)().await.map_err(|error| {
            CredentialsError::provider_error(Failure::new(
                format_args!("{what}: the MFA function failed"),
                error,
            ))
        })?;
        // Who types a code ends it with a line break.
        let code = code.trim();
        match code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()) {
            true => Ok(code.to_owned()),
            false => Err(failed(format!(
                "{what}: what the MFA function returned is not a code of 6 digits"
            ))),
        }
    }
}

/// The error without a code that an answer may repeat.
fn without(error: CredentialsError, code: Option<&str>) -> CredentialsError {
    match (reason(&error), code) {
        (text, Some(code)) if text.contains(code) => failed(text.replace(code, "******")),
        _ => error,
    }
}

impl ProvideCredentials for AssumedRole {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.load())
    }
}

impl fmt::Debug for AssumedRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AssumedRole")
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}
