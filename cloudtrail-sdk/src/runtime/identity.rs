//! The credentials of a client, kept until shortly before they expire.

use std::cell::Cell;
use std::fmt;
use std::pin::pin;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use tokio::sync::Mutex;
use tracing::{debug, warn};

use super::error::{ConstructionError, DisplayErrorContext};
use super::time::{Elapsed, TimeSource, timeout};

/// Credentials that tell no expiry are loaded anew after this time.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(15 * 60);

/// Credentials are loaded anew between once and twice this time before they expire; when exactly is
/// left to chance, so that not all clients of a role come at once.
const EXPIRY_BUFFER: Duration = Duration::from_secs(5);

/// How long a provider may take, its own retries included.
const LOAD_TIMEOUT: Duration = Duration::from_secs(22);

/// Keeps credentials, and loads them once however many calls wait for them.
#[derive(Default)]
pub(super) struct IdentityCache {
    cached: RwLock<Option<Cached>>,
    /// Held while credentials are loaded.
    loading: Mutex<()>,
}

#[derive(Clone)]
struct Cached {
    credentials: Credentials,
    fresh_until: SystemTime,
}

impl IdentityCache {
    /// The credentials to sign with now.
    pub(super) async fn credentials(
        &self,
        provider: &SharedCredentialsProvider,
        time: &dyn TimeSource,
    ) -> Result<Credentials, ConstructionError> {
        if let Some(credentials) = self.fresh(time) {
            return Ok(credentials);
        }
        let _loading = self.loading.lock().await;
        // Another call may have loaded them while this one waited.
        if let Some(credentials) = self.fresh(time) {
            return Ok(credentials);
        }
        let loading = pin!(provider.provide_credentials());
        let error = match timeout(time, LOAD_TIMEOUT, loading).await {
            Ok(Ok(credentials)) => {
                self.keep(&credentials, time);
                return Ok(credentials);
            }
            Ok(Err(error)) => ConstructionError::Credentials(error.into()),
            Err(Elapsed) => match interrupt(provider) {
                (Some(credentials), _) => return Ok(credentials),
                (None, asked) => {
                    let seconds = LOAD_TIMEOUT.as_secs();
                    let by = asked
                        .map_or_else(String::new, |name| format!(" from the provider `{name}`"));
                    let text = format!("no answer within {seconds} s{by}");
                    ConstructionError::Credentials(text.into())
                }
            },
        };
        match self.valid(time) {
            Some(credentials) => {
                warn!(error = %DisplayErrorContext(&error), "credentials expire soon and cannot be refreshed");
                Ok(credentials)
            }
            None => Err(error),
        }
    }

    fn fresh(&self, time: &dyn TimeSource) -> Option<Credentials> {
        let cached = self.cached.read().unwrap_or_else(PoisonError::into_inner);
        let cached = cached.as_ref()?;
        (time.now() < cached.fresh_until).then(|| cached.credentials.clone())
    }

    /// The last credentials, if they are still good for a request.
    fn valid(&self, time: &dyn TimeSource) -> Option<Credentials> {
        let cached = self.cached.read().unwrap_or_else(PoisonError::into_inner);
        let credentials = &cached.as_ref()?.credentials;
        let valid = credentials
            .expiry()
            .is_none_or(|expiry| time.now() < expiry);
        valid.then(|| credentials.clone())
    }

    fn keep(&self, credentials: &Credentials, time: &dyn TimeSource) {
        let fresh_until = match credentials.expiry() {
            Some(expiry) => {
                let early = EXPIRY_BUFFER + EXPIRY_BUFFER.mul_f64(time.jitter());
                expiry.checked_sub(early).unwrap_or(expiry)
            }
            None => time.now() + DEFAULT_LIFETIME,
        };
        debug!(expiry = ?credentials.expiry(), "credentials loaded");
        let mut cached = self.cached.write().unwrap_or_else(PoisonError::into_inner);
        *cached = Some(Cached {
            credentials: credentials.clone(),
            fresh_until,
        });
    }
}

thread_local! {
    /// What [`interrupted`] was told last; the trait of providers has no room for it.
    static ASKED: Cell<Option<&'static str>> = const { Cell::new(None) };
}

/// For a chain of providers to tell, in `fallback_on_interrupt`, which of them was being asked.
#[cfg(feature = "default-credentials")]
pub(super) fn interrupted(asked: &'static str) {
    ASKED.set(Some(asked));
}

/// What a provider has in the place of what did not come in time, and which one was being asked if
/// it is a chain of them.
fn interrupt(provider: &SharedCredentialsProvider) -> (Option<Credentials>, Option<&'static str>) {
    ASKED.set(None);
    // The shared provider itself does not pass this on.
    let credentials = provider.as_ref().fallback_on_interrupt();
    (credentials, ASKED.take())
}

impl fmt::Debug for IdentityCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityCache").finish_non_exhaustive()
    }
}
