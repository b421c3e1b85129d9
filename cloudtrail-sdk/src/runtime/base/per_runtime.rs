//! What each async runtime has for itself.

use std::sync::{Mutex, PoisonError};

use tokio::runtime::{Handle, Id};

/// How many runtimes keep their values at the same time: a runtime does not tell when it ends.
const MAX_RUNTIMES: usize = 256;

/// A value that each async runtime makes when it first asks for it.
///
/// The values of the 256 runtimes that asked last are kept.
pub(crate) struct PerRuntime<T> {
    /// Who asked last is last. A value that was made outside of a runtime is for the first that asks.
    values: Mutex<Vec<(Option<Id>, T)>>,
}

impl<T: Clone> PerRuntime<T> {
    pub(crate) const fn new() -> Self {
        Self {
            values: Mutex::new(Vec::new()),
        }
    }

    /// The value of the runtime in whose context this is called.
    pub(crate) fn get_or_try_make<E>(&self, make: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let id = Handle::try_current().ok().map(|runtime| runtime.id());
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let own = values.iter().rposition(|(of, _)| *of == id);
        let place = own.or_else(|| values.iter().position(|(of, _)| of.is_none()));
        if let Some(place) = place {
            values[place..].rotate_left(1);
        } else {
            let made = make()?;
            if values.len() == MAX_RUNTIMES {
                values.remove(0);
            }
            values.push((id, made));
        }
        let last = values.len() - 1;
        values[last].0 = id;
        Ok(values[last].1.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
    }

    fn get(values: &PerRuntime<usize>, new: usize) -> usize {
        let made: Result<_, Infallible> = values.get_or_try_make(|| Ok(new));
        made.unwrap()
    }

    #[test]
    fn a_runtime_makes_its_value_once() {
        let values = PerRuntime::new();
        let [first, second] = [runtime(), runtime()];
        assert_eq!(first.block_on(async { get(&values, 1) }), 1);
        assert_eq!(second.block_on(async { get(&values, 2) }), 2);
        assert_eq!(first.block_on(async { get(&values, 3) }), 1);
        assert_eq!(second.block_on(async { get(&values, 3) }), 2);
    }

    #[test]
    fn a_failure_is_not_kept() {
        let values = PerRuntime::new();
        assert_eq!(values.get_or_try_make(|| Err("cannot")), Err("cannot"));
        assert_eq!(get(&values, 1), 1);
    }

    #[test]
    fn what_was_made_outside_is_for_the_first_runtime() {
        let values = PerRuntime::new();
        assert_eq!(get(&values, 1), 1);
        assert_eq!(get(&values, 2), 1);
        let [first, second] = [runtime(), runtime()];
        assert_eq!(first.block_on(async { get(&values, 2) }), 1);
        assert_eq!(second.block_on(async { get(&values, 2) }), 2);
        assert_eq!(get(&values, 3), 3);
    }

    #[test]
    fn the_runtime_that_asked_longest_ago_makes_room() {
        let values = PerRuntime::new();
        let runtimes: Vec<_> = (0..=MAX_RUNTIMES).map(|_| runtime()).collect();
        let get = |of: usize, new| runtimes[of].block_on(async { get(&values, new) });
        for of in 0..MAX_RUNTIMES {
            assert_eq!(get(of, of), of);
        }
        assert_eq!(get(0, 1000), 0);
        assert_eq!(get(MAX_RUNTIMES, 1000), 1000);
        assert_eq!(get(0, 2000), 0);
        assert_eq!(get(1, 2000), 2000);
    }
}
