//! The credentials of a client, kept until shortly before they expire.

use std::convert::Infallible;
use std::fmt;
use std::future::poll_fn;
use std::mem;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use tokio::runtime::{self, Handle};
use tracing::{debug, warn};

use crate::runtime::base::boxed::BoxFuture;
use crate::runtime::base::causes::DisplayErrorContext;
use crate::runtime::base::per_process::PerProcess;
use crate::runtime::base::time::{Clock, Elapsed, SharedClock, timeout};
use crate::runtime::error::construction::ConstructionError;

/// Credentials that name no expiry are loaded anew after this time.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(15 * 60);

/// Credentials are loaded anew when no more than this time, or half of it, is left before they
/// expire; when exactly is left to chance, so that not all clients of a role come at once.
const BUFFER_TIME: Duration = Duration::from_secs(10);

/// How long a provider may take, its own retries included: enough for a person who is asked for a
/// code.
const LOAD_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// The codes with which services refuse credentials that were good once: they have expired, or their
/// keys are gone.
const REFUSED_CODES: [&str; 5] = [
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "TokenRefreshRequired",
    "UnrecognizedClientException",
];

/// How a client keeps its credentials: `IdentityCache::lazy()` starts building the settings.
#[derive(Debug)]
#[non_exhaustive]
pub struct IdentityCache;

impl IdentityCache {
    /// A cache that loads credentials when a call needs them.
    pub fn lazy() -> LazyCacheBuilder {
        LazyCacheBuilder::default()
    }

    /// No cache: every attempt loads the credentials anew.
    pub fn no_cache() -> SharedIdentityCache {
        SharedIdentityCache {
            keeps: false,
            ..SharedIdentityCache::default()
        }
    }
}

/// Builds a [`SharedIdentityCache`].
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct LazyCacheBuilder {
    load_timeout: Option<Duration>,
    buffer_time: Option<Duration>,
}

impl LazyCacheBuilder {
    /// Sets how long loading credentials may take, with whatever the provider repeats or asks a
    /// person; 5 minutes if it is not set.
    pub fn load_timeout(mut self, timeout: Duration) -> Self {
        self.load_timeout = Some(timeout);
        self
    }

    /// Sets or clears how long loading credentials may take.
    pub fn set_load_timeout(&mut self, timeout: Option<Duration>) -> &mut Self {
        self.load_timeout = timeout;
        self
    }

    /// Sets how long before they expire credentials are loaded anew: this time or down to half of
    /// it, which is left to chance; 10 s if it is not set.
    pub fn buffer_time(mut self, buffer_time: Duration) -> Self {
        self.buffer_time = Some(buffer_time);
        self
    }

    /// Sets or clears how long before they expire credentials are loaded anew.
    pub fn set_buffer_time(&mut self, buffer_time: Option<Duration>) -> &mut Self {
        self.buffer_time = buffer_time;
        self
    }

    /// The settings.
    pub fn build(self) -> SharedIdentityCache {
        SharedIdentityCache {
            load_timeout: self.load_timeout.unwrap_or(LOAD_TIMEOUT),
            buffer_time: self.buffer_time.unwrap_or(BUFFER_TIME),
            keeps: true,
        }
    }
}

/// Settings of the cache that each client has for its credentials; clients share the settings, not
/// the credentials.
#[derive(Clone, Debug)]
pub struct SharedIdentityCache {
    load_timeout: Duration,
    buffer_time: Duration,
    /// Whether credentials are kept at all.
    keeps: bool,
}

impl Default for SharedIdentityCache {
    fn default() -> Self {
        IdentityCache::lazy().build()
    }
}

/// Who gives a client its credentials.
#[derive(Clone, Debug)]
pub(crate) struct Provider {
    pub(crate) shared: SharedCredentialsProvider,
    asking: Option<Asking>,
}

impl Provider {
    pub(crate) fn new(shared: SharedCredentialsProvider) -> Self {
        Self {
            shared,
            asking: None,
        }
    }

    /// A chain of providers, which notes the one that it is asking.
    #[cfg(feature = "default-credentials")]
    pub(crate) fn of_chain(shared: SharedCredentialsProvider, asking: Asking) -> Self {
        Self {
            shared,
            asking: Some(asking),
        }
    }
}

/// Which provider of a chain is being asked, for the error of a load that takes too long.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asking(Arc<Mutex<Option<&'static str>>>);

impl Asking {
    #[cfg(feature = "default-credentials")]
    pub(crate) fn set(&self, name: &'static str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(name);
    }

    fn get(&self) -> Option<&'static str> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps credentials, and loads them once however many calls wait for them.
pub(crate) struct CredentialsCache {
    settings: SharedIdentityCache,
    cached: RwLock<Option<Cached>>,
    /// The loads that are under way, one for each async runtime. Whoever waits for one polls it, and
    /// holds the lock no longer than that: a waiter that is not polled itself, as in a stream that is
    /// set aside, holds up nobody. A forked process has neither the waiters nor the loads.
    loading: PerProcess<Mutex<Vec<Load>>>,
}

#[derive(Clone)]
struct Cached {
    credentials: Credentials,
    fresh_until: SystemTime,
}

/// Credentials that are being loaded.
struct Load {
    future: BoxFuture<'static, Result<Credentials, LoadError>>,
    /// By [`Clock::elapsed`].
    started: Duration,
    /// Where the timers and connections of the provider live, if that is tokio.
    runtime: Option<runtime::Id>,
    waiters: Arc<Waiters>,
}

impl Load {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<Credentials, LoadError>> {
        self.waiters.add(context.waker());
        let waker = Waker::from(Arc::clone(&self.waiters));
        self.future.as_mut().poll(&mut Context::from_waker(&waker))
    }
}

/// Whether a load is over, has panicked or was given up, who waited for it looks again.
impl Drop for Load {
    fn drop(&mut self) {
        self.waiters.wake_all();
    }
}

/// Those who wait for a load.
#[derive(Default)]
struct Waiters(Mutex<Vec<Waker>>);

impl Waiters {
    fn add(&self, waker: &Waker) {
        let mut wakers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !wakers.iter().any(|known| known.will_wake(waker)) {
            wakers.push(waker.clone());
        }
    }

    fn wake_all(&self) {
        let wakers = mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        wakers.into_iter().for_each(Waker::wake);
    }
}

impl Wake for Waiters {
    fn wake(self: Arc<Self>) {
        self.wake_all();
    }
}

struct LoadError {
    error: ConstructionError,
    /// What is better than nothing.
    fallback: Option<Credentials>,
}

impl CredentialsCache {
    pub(crate) fn new(settings: SharedIdentityCache) -> Self {
        Self {
            settings,
            cached: RwLock::default(),
            loading: PerProcess::new(),
        }
    }

    /// The credentials to sign with now.
    pub(crate) async fn credentials(
        &self,
        provider: &Provider,
        time: &SharedClock,
    ) -> Result<Credentials, ConstructionError> {
        if !self.settings.keeps {
            let loaded = self.start(provider.clone(), time.clone()).await;
            return loaded.or_else(|LoadError { error, fallback }| fallback.ok_or(error));
        }
        if let Some(credentials) = self.fresh(time) {
            return Ok(credentials);
        }
        let Ok(loading) = self
            .loading
            .get_or_try_make(|| Ok::<_, Infallible>(Mutex::default()));
        let mut is_new = true;
        let loaded = poll_fn(|context| {
            let mut loading = loading.lock().unwrap_or_else(PoisonError::into_inner);
            if mem::take(&mut is_new) {
                // What ran out of time while nobody waited must not fail this call.
                let limit = self.settings.load_timeout;
                loading.retain(|load| time.elapsed().saturating_sub(load.started) < limit);
            }
            self.poll_load(&mut loading, provider, time, context)
        })
        .await;
        let error = match loaded {
            Ok(credentials) => return Ok(credentials),
            Err(LoadError {
                fallback: Some(credentials),
                ..
            }) => return Ok(credentials),
            Err(LoadError { error, .. }) => error,
        };
        match self.valid(time) {
            Some(credentials) => {
                warn!(error = %DisplayErrorContext(&error), "credentials expire soon and cannot be refreshed");
                Ok(credentials)
            }
            None => Err(error),
        }
    }

    /// Forgets `credentials` if the service has refused them with a code which says that others may
    /// do: a provider can have new ones before the old ones expire.
    pub(crate) fn refused(&self, credentials: &Credentials, code: Option<&str>) {
        if !code.is_some_and(|code| REFUSED_CODES.contains(&code)) {
            return;
        }
        let mut cached = self.cached.write().unwrap_or_else(PoisonError::into_inner);
        // Another call may have loaded new ones in the meantime.
        if cached
            .take_if(|cached| cached.credentials == *credentials)
            .is_some()
        {
            debug!(
                code,
                "the service refuses the credentials; the next call loads them anew"
            );
        }
    }

    /// Goes on with the load that is under way, or starts one.
    fn poll_load(
        &self,
        loading: &mut Vec<Load>,
        provider: &Provider,
        time: &SharedClock,
        context: &mut Context<'_>,
    ) -> Poll<Result<Credentials, LoadError>> {
        // Another call may have loaded them while this one waited.
        if let Some(credentials) = self.fresh(time) {
            return Poll::Ready(Ok(credentials));
        }
        // Timers and connections are of a runtime, and end with it.
        let runtime = Handle::try_current().ok().map(|handle| handle.id());
        let own = loading.iter().position(|load| load.runtime == runtime);
        // Taken while it is polled, so that a provider that panics is not polled again.
        let mut load = match own {
            Some(own) => loading.swap_remove(own),
            None => Load {
                future: self.start(provider.clone(), time.clone()),
                started: time.elapsed(),
                runtime,
                waiters: Arc::default(),
            },
        };
        let result = load.poll(context);
        match &result {
            Poll::Pending => loading.push(load),
            Poll::Ready(Ok(credentials)) => {
                self.keep(credentials, time);
                loading.clear();
            }
            Poll::Ready(Err(_)) => {}
        }
        result
    }

    fn start(
        &self,
        Provider { shared, asking }: Provider,
        time: SharedClock,
    ) -> BoxFuture<'static, Result<Credentials, LoadError>> {
        let limit = self.settings.load_timeout;
        Box::pin(async move {
            let loading = pin!(shared.provide_credentials());
            match timeout(&time, limit, loading).await {
                Ok(Ok(credentials)) => Ok(credentials),
                Ok(Err(error)) => Err(LoadError {
                    error: ConstructionError::Credentials(error.into()),
                    fallback: None,
                }),
                Err(Elapsed) => Err(LoadError {
                    error: too_slow(limit, asking.and_then(|asking| asking.get())),
                    // The shared provider itself does not pass this on.
                    fallback: shared.as_ref().fallback_on_interrupt(),
                }),
            }
        })
    }

    fn fresh(&self, time: &dyn Clock) -> Option<Credentials> {
        let cached = self.cached.read().unwrap_or_else(PoisonError::into_inner);
        let cached = cached.as_ref()?;
        (time.now() < cached.fresh_until).then(|| cached.credentials.clone())
    }

    /// The last credentials, if they are still good for a request.
    fn valid(&self, time: &dyn Clock) -> Option<Credentials> {
        let cached = self.cached.read().unwrap_or_else(PoisonError::into_inner);
        let credentials = &cached.as_ref()?.credentials;
        let valid = credentials
            .expiry()
            .is_none_or(|expiry| time.now() < expiry);
        valid.then(|| credentials.clone())
    }

    fn keep(&self, credentials: &Credentials, time: &dyn Clock) {
        let now = time.now();
        let fresh_until = match credentials.expiry() {
            Some(expiry) => {
                let half = self.settings.buffer_time / 2;
                let early = half + half.mul_f64(time.jitter());
                expiry.checked_sub(early).unwrap_or(expiry)
            }
            None => now.checked_add(DEFAULT_LIFETIME).unwrap_or(now),
        };
        debug!(expiry = ?credentials.expiry(), "credentials loaded");
        let mut cached = self.cached.write().unwrap_or_else(PoisonError::into_inner);
        *cached = Some(Cached {
            credentials: credentials.clone(),
            fresh_until,
        });
    }
}

fn too_slow(limit: Duration, asking: Option<&str>) -> ConstructionError {
    let by = asking.map_or_else(String::new, |name| format!(" by the provider `{name}`"));
    let text = format!(
        "no answer within {limit:?}{by}; `config::IdentityCache::lazy().load_timeout(…)` sets \
         another limit"
    );
    ConstructionError::Credentials(text.into())
}

impl fmt::Debug for CredentialsCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialsCache").finish_non_exhaustive()
    }
}
