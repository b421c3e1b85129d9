//! The locks of fakes.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a panic of a test has left is as good as any.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
