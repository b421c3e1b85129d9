//! What each process has for itself.

use std::mem;
use std::process;
use std::sync::OnceLock;

/// A value that each process makes when it first asks for it.
///
/// A fork copies the values of the parent and none of the threads that serve them, while the sockets
/// and the queues of events behind them are shared. So a child that used them would wait forever, or
/// disturb its parent. It makes its own, and does not even drop those of the parent.
///
/// Nothing here is locked while a value is made, since a lock that another thread holds during a
/// fork stays locked in the child.
pub(crate) struct PerProcess<T> {
    first: OnceLock<Box<Entry<T>>>,
}

struct Entry<T> {
    process: u32,
    value: T,
    /// That of the child which was forked from this process.
    next: OnceLock<Box<Entry<T>>>,
}

impl<T> PerProcess<T> {
    pub(crate) const fn new() -> Self {
        Self {
            first: OnceLock::new(),
        }
    }

    /// The value of this process. Threads that ask at the same time may each make one; the first is
    /// kept.
    pub(crate) fn get_or_try_make<E>(&self, make: impl FnOnce() -> Result<T, E>) -> Result<&T, E> {
        let process = process::id();
        let mut place = &self.first;
        while let Some(entry) = place.get() {
            if entry.process == process {
                return Ok(&entry.value);
            }
            place = &entry.next;
        }
        let made = Box::new(Entry {
            process,
            value: make()?,
            next: OnceLock::new(),
        });
        Ok(&place.get_or_init(|| made).value)
    }
}

impl<T> Drop for PerProcess<T> {
    fn drop(&mut self) {
        let process = process::id();
        let mut next = self.first.take();
        while let Some(mut entry) = next {
            next = entry.next.take();
            if entry.process != process {
                mem::forget(entry);
            }
        }
    }
}

/// A value that this process has made already.
impl<T> From<T> for PerProcess<T> {
    fn from(value: T) -> Self {
        let entry = Entry {
            process: process::id(),
            value,
            next: OnceLock::new(),
        };
        Self {
            first: OnceLock::from(Box::new(entry)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_process_makes_its_value_once() {
        let value = PerProcess::new();
        assert_eq!(value.get_or_try_make(|| Err("cannot")), Err("cannot"));
        assert_eq!(value.get_or_try_make(|| Ok::<_, &str>(1)), Ok(&1));
        assert_eq!(value.get_or_try_make(|| Ok::<_, &str>(2)), Ok(&1));
    }

    #[test]
    fn the_values_of_other_processes_are_not_touched() {
        let [parents, own] = [Arc::new(1), Arc::new(2)];
        let value = PerProcess {
            first: OnceLock::from(Box::new(Entry {
                process: process::id() + 1,
                value: Arc::clone(&parents),
                next: OnceLock::new(),
            })),
        };
        for _ in 0..2 {
            let made = value.get_or_try_make(|| Ok::<_, &str>(Arc::clone(&own)));
            assert_eq!(made, Ok(&own));
        }
        drop(value);
        assert_eq!(Arc::strong_count(&parents), 2);
        assert_eq!(Arc::strong_count(&own), 1);
    }
}
