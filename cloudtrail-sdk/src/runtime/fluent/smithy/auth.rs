//! Authentication schemes of programs, and what chooses among schemes.

use std::borrow::Cow;
use std::fmt;

use aws_smithy_runtime_api::client::auth::{
    AuthScheme, AuthSchemeEndpointConfig, AuthSchemeId, AuthSchemeOption,
    AuthSchemeOptionResolverParams, AuthSchemeOptionsFuture, AuthSchemePreference,
    ResolveAuthSchemeOptions, SharedAuthScheme, SharedAuthSchemeOptionResolver,
};
use aws_smithy_runtime_api::client::identity::ResolveIdentity;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use super::components::components;
use crate::runtime::base::boxed::BoxError;
use crate::runtime::base::time::SharedClock;
use crate::runtime::configuration::config::{Auth, Authentication, Builder, Config};
use crate::runtime::error::construction::ConstructionError;
use crate::runtime::wire::http::Mutation;

const SIGV4: AuthSchemeId = AuthSchemeId::new("sigv4");
const NO_AUTH: AuthSchemeId = AuthSchemeId::new("noAuth");

impl Config {
    /// The authentication schemes that were added to SigV4.
    pub fn auth_schemes(&self) -> impl Iterator<Item = SharedAuthScheme> + '_ {
        self.auth
            .iter()
            .flat_map(|auth| auth.schemes.iter().cloned())
    }

    /// What chooses among authentication schemes, if that was set.
    pub fn auth_scheme_resolver(&self) -> Option<SharedAuthSchemeOptionResolver> {
        self.auth.as_ref()?.resolver.clone()
    }

    /// Which authentication schemes come first, if that was set.
    pub fn auth_scheme_preference(&self) -> Option<&AuthSchemePreference> {
        self.auth_scheme_preference.as_ref()
    }
}

impl Builder {
    /// Adds an authentication scheme, in the place of one with the same ID. It is used where an
    /// [`auth_scheme_resolver`](Self::auth_scheme_resolver) chooses its ID, `sigv4` also without one.
    ///
    /// Its identity resolver is asked before each attempt. The signer finds the properties of the
    /// chosen option in the `ConfigBag`, and nothing else.
    pub fn push_auth_scheme(mut self, scheme: impl AuthScheme + 'static) -> Self {
        let scheme = SharedAuthScheme::new(scheme);
        self.auth().schemes.push(scheme);
        self
    }

    /// Sets what chooses how requests are authenticated: schemes in the order in which they are
    /// tried. `sigv4` serves a client that has credentials, `noAuth` any.
    pub fn auth_scheme_resolver(mut self, resolver: impl ResolveAuthScheme + 'static) -> Self {
        self.set_auth_scheme_resolver(resolver);
        self
    }

    /// Sets what chooses how requests are authenticated.
    pub fn set_auth_scheme_resolver(
        &mut self,
        resolver: impl ResolveAuthScheme + 'static,
    ) -> &mut Self {
        self.auth().resolver = Some(resolver.into_shared_resolver());
        self
    }

    /// Sets which of the schemes that could be used come first.
    pub fn auth_scheme_preference(mut self, preference: impl Into<AuthSchemePreference>) -> Self {
        self.set_auth_scheme_preference(Some(preference.into()));
        self
    }

    /// Sets or clears which of the schemes that could be used come first.
    pub fn set_auth_scheme_preference(
        &mut self,
        preference: Option<AuthSchemePreference>,
    ) -> &mut Self {
        self.auth();
        self.config.auth_scheme_preference = preference;
        self
    }

    fn auth(&mut self) -> &mut Auth {
        self.config.auth.get_or_insert_with(|| Auth {
            schemes: Vec::new(),
            resolver: None,
            choose: |config, time, operation| Box::pin(choose(config, time, operation)),
        })
    }
}

/// Chooses how requests are authenticated.
pub trait ResolveAuthScheme: fmt::Debug + Send + Sync {
    /// The schemes of an attempt, in the order in which they are tried. The components have nothing
    /// but a clock.
    fn resolve_auth_scheme<'a>(
        &'a self,
        params: &'a Params,
        config: &'a ConfigBag,
        runtime_components: &'a RuntimeComponents,
    ) -> AuthSchemeOptionsFuture<'a>;

    /// This resolver as the type that clients of any service take.
    fn into_shared_resolver(self) -> SharedAuthSchemeOptionResolver
    where
        Self: Sized + 'static,
    {
        SharedAuthSchemeOptionResolver::new(OfService(self))
    }
}

/// A resolver that takes the parameters of this crate.
#[derive(Debug)]
struct OfService<T>(T);

impl<T: ResolveAuthScheme> ResolveAuthSchemeOptions for OfService<T> {
    fn resolve_auth_scheme_options_v2<'a>(
        &'a self,
        params: &'a AuthSchemeOptionResolverParams,
        config: &'a ConfigBag,
        runtime_components: &'a RuntimeComponents,
    ) -> AuthSchemeOptionsFuture<'a> {
        match params.get::<Params>() {
            Some(params) => self
                .0
                .resolve_auth_scheme(params, config, runtime_components),
            None => AuthSchemeOptionsFuture::ready(Err(
                "the parameters of the authentication are those of another service".into(),
            )),
        }
    }
}

/// What a client chooses that is given no other resolver: SigV4.
#[derive(Clone, Debug, Default)]
pub struct DefaultAuthSchemeResolver(());

impl ResolveAuthScheme for DefaultAuthSchemeResolver {
    fn resolve_auth_scheme<'a>(
        &'a self,
        _: &'a Params,
        _: &'a ConfigBag,
        _: &'a RuntimeComponents,
    ) -> AuthSchemeOptionsFuture<'a> {
        AuthSchemeOptionsFuture::ready(Ok(vec![SIGV4.into()]))
    }
}

/// What a scheme is chosen by.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    operation_name: Cow<'static, str>,
}

impl Params {
    /// Starts parameters, for programs that call a resolver.
    pub fn builder() -> ParamsBuilder {
        ParamsBuilder::default()
    }

    /// The operation, by its name in the model.
    pub fn operation_name(&self) -> &str {
        &self.operation_name
    }
}

/// Builds [`Params`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ParamsBuilder {
    operation_name: Option<Cow<'static, str>>,
}

impl ParamsBuilder {
    /// Sets the operation.
    pub fn operation_name(self, name: impl Into<Cow<'static, str>>) -> Self {
        self.set_operation_name(Some(name.into()))
    }

    /// Sets or clears the operation.
    pub fn set_operation_name(mut self, name: Option<Cow<'static, str>>) -> Self {
        self.operation_name = name;
        self
    }

    /// The parameters, if they have an operation.
    pub fn build(self) -> Result<Params, BuildError> {
        let operation_name = self.operation_name.ok_or(BuildError(()))?;
        Ok(Params { operation_name })
    }
}

/// Parameters without an operation.
#[derive(Debug)]
pub struct BuildError(());

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`operation_name` is missing")
    }
}

impl std::error::Error for BuildError {}

/// How an attempt at the operation is authenticated.
async fn choose(
    config: &Config,
    time: &SharedClock,
    operation: &'static str,
) -> Result<Authentication, ConstructionError> {
    let (schemes, resolver) = match &config.auth {
        Some(auth) => (&*auth.schemes, auth.resolver.clone()),
        None => (&[][..], None),
    };
    let resolver = resolver.unwrap_or_else(|| DefaultAuthSchemeResolver(()).into_shared_resolver());
    let mut components = components(time).map_err(other)?;
    if let Some(provider) = config.credentials_provider() {
        let builder = components.to_builder();
        let builder = builder.with_identity_resolver(SIGV4, provider);
        components = builder.build().map_err(other)?;
    }
    let params = AuthSchemeOptionResolverParams::new(Params {
        operation_name: operation.into(),
    });
    let mut bag = ConfigBag::base();
    let options = resolver.resolve_auth_scheme_options_v2(&params, &bag, &components);
    let mut options = options.await.map_err(ConstructionError::Other)?;
    if config.allow_no_auth {
        options.push(NO_AUTH.into());
    }
    if let Some(preference) = &config.auth_scheme_preference {
        let preferred: Vec<_> = preference.clone().into_iter().collect();
        let place = |option: &AuthSchemeOption| {
            let mut ids = preferred.iter();
            let place = ids.position(|id| id == option.scheme_id());
            place.unwrap_or(preferred.len())
        };
        options.sort_by_key(place);
    }
    for option in &options {
        let id = option.scheme_id();
        let mut own = schemes.iter().rev();
        if let Some(scheme) = own.find(|scheme| scheme.scheme_id() == *id) {
            let Some(identity) = scheme.identity_resolver(&components) else {
                continue;
            };
            if let Some(properties) = option.properties() {
                bag.push_shared_layer(properties);
            }
            let identity = identity.resolve_identity(&components, &bag).await;
            let identity = identity.map_err(ConstructionError::Credentials)?;
            let scheme = scheme.clone();
            return Ok(Authentication::Scheme(Mutation::new(move |mut request| {
                let endpoint = AuthSchemeEndpointConfig::empty();
                let signer = scheme.signer();
                signer.sign_http_request(&mut request, &identity, endpoint, &components, &bag)?;
                Ok(request)
            })));
        }
        if *id == NO_AUTH {
            return Ok(Authentication::None);
        }
        if *id == SIGV4 && config.credentials_provider.is_some() {
            return Ok(Authentication::Default);
        }
    }
    if options.iter().any(|option| *option.scheme_id() == SIGV4) {
        return Err(ConstructionError::MissingCredentials);
    }
    let ids: Vec<_> = options
        .iter()
        .map(|option| option.scheme_id().inner())
        .collect();
    let ids = ids.join("`, `");
    let why =
        format!("none of the authentication schemes that the resolver chose is known: `{ids}`");
    Err(ConstructionError::Other(why.into()))
}

fn other(error: impl Into<BoxError>) -> ConstructionError {
    ConstructionError::Other(error.into())
}
