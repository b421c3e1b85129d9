//! Credentials of a profile: its base credentials, and the roles that are assumed with them.

use aws_credential_types::Credentials;
use aws_credential_types::attributes::AccountId;
use aws_credential_types::credential_feature::AwsCredentialFeature as Origin;
use aws_credential_types::provider::error::CredentialsError;

use super::context::{Context, Loaded, checked, from};
use super::failure::{Failure, invalid};
use super::imds::Imds;
use super::sso::Sso;
use super::sts::Role;
use super::web_identity::WebIdentity;
use super::{container, login, process, sso, sts, web_identity};
use crate::runtime::configuration::profile::{ProfileFiles, Section};

const PROVIDER: &str = "ProfileFile";

pub(super) async fn load(context: &Context, imds: &Imds) -> Loaded {
    // Read anew: keys are rotated, and logins come and go, while the program runs.
    let files = context.profiles.reload(&context.environment);
    let plan = Plan::new(&files)?;
    let base = match plan.base {
        Base::Source(source) => {
            let loaded = match source {
                Source::Environment => context.environment.credentials(),
                Source::Container => container::load(context).await,
                Source::InstanceMetadata => imds.load().await,
            };
            let loaded = from(loaded, &[Origin::CredentialsProfileNamedProvider]);
            // Who names a source wants that one: the next provider must not step in.
            loaded.map_err(|error| {
                CredentialsError::provider_error(Failure::new(
                    format_args!(
                        "the credential_source of the profile `{}`",
                        plan.base_profile
                    ),
                    error,
                ))
            })
        }
        Base::WebIdentity(identity) => {
            let loaded =
                web_identity::assume(context, &identity, "web-identity-token-profile").await;
            from(loaded, &[Origin::CredentialsProfileStsWebIdToken])
        }
        Base::Sso(sso) => {
            let origins = [Origin::CredentialsSso, Origin::CredentialsProfileSso];
            from(sso::load(context, &sso).await, &origins)
        }
        Base::Login(session) => {
            let origins = [Origin::CredentialsLogin, Origin::CredentialsProfileLogin];
            from(login::load(context, session).await, &origins)
        }
        Base::Process {
            command,
            account_id,
        } => {
            let origins = [
                Origin::CredentialsProcess,
                Origin::CredentialsProfileProcess,
            ];
            from(process::load(command, account_id).await, &origins)
        }
        Base::Keys(keys) => from(Ok(keys), &[Origin::CredentialsProfile]),
    };
    let mut credentials = checked(base, format_args!("the profile `{}`", plan.base_profile))?;
    for role in plan.roles.iter().rev() {
        tracing::debug!(role = role.arn, "assuming a role of the profile");
        let mut origins = vec![Origin::CredentialsProfileSourceProfile];
        origins.extend(
            credentials
                .get_property::<Vec<Origin>>()
                .into_iter()
                .flatten()
                .cloned(),
        );
        origins.push(Origin::CredentialsStsAssumeRole);
        credentials = from(
            sts::assume_role(context, &credentials, role, "assume-role-from-profile").await,
            &origins,
        )?;
    }
    Ok(credentials)
}

/// How to get at the credentials of a profile.
struct Plan<'a> {
    base: Base<'a>,
    base_profile: &'a str,
    /// The last one is assumed first.
    roles: Vec<Role<'a>>,
}

/// The credentials that come first.
enum Base<'a> {
    Source(Source),
    WebIdentity(WebIdentity<'a>),
    Sso(Sso<'a>),
    Login(&'a str),
    Process {
        command: &'a str,
        account_id: Option<&'a str>,
    },
    Keys(Credentials),
}

/// What `credential_source` can name.
enum Source {
    Environment,
    Container,
    InstanceMetadata,
}

impl<'a> Plan<'a> {
    fn new(files: &'a ProfileFiles) -> Result<Self, CredentialsError> {
        let mut name = files.selected_name();
        let Some(mut profile) = files.selected() else {
            let why = files.no_profile();
            return Err(match files.is_wanted() {
                true => invalid(why),
                false => CredentialsError::not_loaded(why),
            });
        };
        let mut seen = vec![name];
        let mut roles = Vec::new();
        loop {
            profile
                .check(format_args!("the profile `{name}`"))
                .map_err(invalid)?;
            // Keys of a source profile win over its role, but not those of the first profile.
            if seen.len() > 1
                && let Ok(Some(keys)) = keys(name, profile)
            {
                let base = Base::Keys(keys);
                return Ok(Self {
                    base,
                    base_profile: name,
                    roles,
                });
            }
            let Some(role) = role(name, profile)? else {
                break;
            };
            roles.push(role);
            let source = match (
                profile.get("source_profile"),
                profile.get("credential_source"),
            ) {
                (Some(_), Some(_)) => {
                    return Err(invalid(format!(
                        "the profile `{name}` has both source_profile and credential_source; \
                         remove one"
                    )));
                }
                (None, None) => {
                    return Err(invalid(format!(
                        "the profile `{name}` has role_arn and neither source_profile nor \
                         credential_source; add one"
                    )));
                }
                // The base credentials stand beside the role.
                (None, Some(_)) => break,
                (Some(source), None) if source == name => break,
                (Some(source), None) => source,
            };
            if seen.contains(&source) {
                return Err(invalid(format!(
                    "the profiles go round in a circle: {} -> {source}",
                    seen.join(" -> ")
                )));
            }
            profile = files.profile(source).ok_or_else(|| {
                let places = files.places();
                invalid(format!(
                    "there is no profile `{source}`, which is source_profile of `{name}`, {places}"
                ))
            })?;
            name = source;
            seen.push(name);
        }
        match base(files, name, profile)? {
            Some(base) => Ok(Self {
                base,
                base_profile: name,
                roles,
            }),
            None if roles.is_empty() && profile.get("source_profile").is_some() => Err(invalid(
                format!("the profile `{name}` has source_profile and no role_arn; add it"),
            )),
            None if roles.is_empty() => {
                let places = files.places();
                let why = format!("the profile `{name}` {places} has no credentials");
                Err(CredentialsError::not_loaded(why))
            }
            None => Err(invalid(format!(
                "the profile `{name}` has no credentials to assume a role with"
            ))),
        }
    }
}

/// The role of a profile, unless it is assumed by a token and so a base.
fn role<'a>(name: &str, profile: &'a Section) -> Result<Option<Role<'a>>, CredentialsError> {
    let Some(arn) = profile
        .get("role_arn")
        .filter(|_| profile.get("web_identity_token_file").is_none())
    else {
        return Ok(None);
    };
    if profile.get("mfa_serial").is_some() {
        return Err(invalid(format!(
            "the profile `{name}` has mfa_serial, and there is nobody to ask for the code; use \
             credentials that were made with it, as `aws configure export-credentials` prints them"
        )));
    }
    let duration_seconds = profile.get("duration_seconds");
    if let Some(text) = duration_seconds
        && !text
            .parse()
            .is_ok_and(|seconds: u32| (900..=43_200).contains(&seconds))
    {
        return Err(invalid(format!(
            "duration_seconds of the profile `{name}` is `{text}`; it must be a number from 900 to \
             43200"
        )));
    }
    Ok(Some(Role {
        arn,
        session_name: profile.get("role_session_name"),
        external_id: profile.get("external_id"),
        duration_seconds,
        ..Role::default()
    }))
}

fn base<'a>(
    files: &'a ProfileFiles,
    name: &str,
    profile: &'a Section,
) -> Result<Option<Base<'a>>, CredentialsError> {
    if let Some(source) = profile.get("credential_source") {
        return match source.to_ascii_lowercase().as_str() {
            "environment" => Ok(Some(Base::Source(Source::Environment))),
            "ecscontainer" => Ok(Some(Base::Source(Source::Container))),
            "ec2instancemetadata" => Ok(Some(Base::Source(Source::InstanceMetadata))),
            _ => Err(invalid(format!(
                "credential_source of the profile `{name}` is `{source}`; it must be Environment, \
                 Ec2InstanceMetadata or EcsContainer"
            ))),
        };
    }
    if let Some(token_file) = profile.get("web_identity_token_file") {
        let role_arn = profile.get("role_arn").ok_or_else(|| {
            invalid(format!(
                "the profile `{name}` has web_identity_token_file and no role_arn; add it"
            ))
        })?;
        return Ok(Some(Base::WebIdentity(WebIdentity {
            role_arn,
            token_file,
            session_name: profile.get("role_session_name"),
        })));
    }
    if let Some(sso) = sso_role(files, name, profile)? {
        return Ok(Some(Base::Sso(sso)));
    }
    if let Some(session) = profile.get("login_session") {
        return Ok(Some(Base::Login(session)));
    }
    if let Some(command) = profile.get("credential_process") {
        return Ok(Some(Base::Process {
            command,
            account_id: profile.get("aws_account_id"),
        }));
    }
    Ok(keys(name, profile)?.map(Base::Keys))
}

fn sso_role<'a>(
    files: &'a ProfileFiles,
    name: &str,
    profile: &'a Section,
) -> Result<Option<Sso<'a>>, CredentialsError> {
    const REGION: &str = "sso_region";
    const START_URL: &str = "sso_start_url";
    const ACCOUNT_ID: &str = "sso_account_id";
    const ROLE_NAME: &str = "sso_role_name";
    let of_profile = format!("profile `{name}`");
    let session = profile.get("sso_session");
    let section = match session {
        None => None,
        Some(session) => Some(files.sso_session(session).ok_or_else(|| {
            let places = files.places();
            invalid(format!(
                "there is no [sso-session {session}], which the {of_profile} names, {places}"
            ))
        })?),
    };
    // With a session, and without account and role, a profile is for tokens, which other services
    // take.
    let of_role = match session {
        Some(_) => &[ACCOUNT_ID, ROLE_NAME][..],
        None => &[ACCOUNT_ID, ROLE_NAME, REGION, START_URL],
    };
    if of_role.iter().all(|key| profile.get(key).is_none()) {
        return Ok(None);
    }
    let (section, place) = match (session, section) {
        (Some(session), Some(section)) => {
            if let Some(key) = [REGION, START_URL]
                .into_iter()
                .find(|key| profile.get(key).is_some())
            {
                return Err(invalid(format!(
                    "the {of_profile} has both sso_session and {key}; leave {key} to the \
                     [sso-session]"
                )));
            }
            let place = format!("[sso-session {session}]");
            section.check(&place).map_err(invalid)?;
            (section, place)
        }
        _ => (profile, of_profile.clone()),
    };
    let required = |section: &'a Section, place: &str, key| {
        section
            .get(key)
            .ok_or_else(|| invalid(format!("{key} is missing in the {place}")))
    };
    Ok(Some(Sso {
        session,
        start_url: required(section, &place, START_URL)?,
        region: required(section, &place, REGION)?,
        account_id: required(profile, &of_profile, ACCOUNT_ID)?,
        role_name: required(profile, &of_profile, ROLE_NAME)?,
    }))
}

/// The keys that stand in a profile itself; a part of them is an error.
fn keys(name: &str, profile: &Section) -> Result<Option<Credentials>, CredentialsError> {
    const ACCESS_KEY_ID: &str = "aws_access_key_id";
    const SECRET_ACCESS_KEY: &str = "aws_secret_access_key";
    const SESSION_TOKEN: &str = "aws_session_token";
    let half = |set, missing| {
        Err(invalid(format!(
            "the profile `{name}` has {set} and no {missing}; add {missing}"
        )))
    };
    let get = |key| profile.get(key);
    let session_token = get(SESSION_TOKEN);
    let (access_key_id, secret_access_key) = match (get(ACCESS_KEY_ID), get(SECRET_ACCESS_KEY)) {
        (Some(id), Some(secret)) => (id, secret),
        (Some(_), None) => return half(ACCESS_KEY_ID, SECRET_ACCESS_KEY),
        (None, Some(_)) => return half(SECRET_ACCESS_KEY, ACCESS_KEY_ID),
        (None, None) if session_token.is_some() => return half(SESSION_TOKEN, ACCESS_KEY_ID),
        (None, None) => return Ok(None),
    };
    let mut builder = Credentials::builder()
        .access_key_id(access_key_id)
        .secret_access_key(secret_access_key)
        .provider_name(PROVIDER);
    builder.set_session_token(session_token.map(str::to_owned));
    builder.set_account_id(get("aws_account_id").map(AccountId::from));
    Ok(Some(builder.build()))
}

#[cfg(test)]
mod tests;
