//! A map in the order of the wire.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::slice;

use smallvec::SmallVec;

/// A map that keeps the order in which entries came, as services send them.
///
/// Rows of a query result are maps of one entry, which is kept without an allocation of its own. A
/// look-up compares keys one by one; convert to a [`HashMap`] where thousands of entries are looked
/// up.
#[derive(Clone, Debug)]
pub struct Map<K, V> {
    entries: SmallVec<[(K, V); 1]>,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self {
            entries: SmallVec::new(),
        }
    }
}

impl<K, V> Map<K, V> {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries in order.
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter(self.entries.iter())
    }

    /// The keys in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &K> + DoubleEndedIterator {
        self.entries.iter().map(|(key, _)| key)
    }

    /// The values in order.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &V> + DoubleEndedIterator {
        self.entries.iter().map(|(_, value)| value)
    }

    /// The keys in order, without the values.
    pub fn into_keys(self) -> impl ExactSizeIterator<Item = K> + DoubleEndedIterator {
        self.entries.into_iter().map(|(key, _)| key)
    }

    /// The values in order, without the keys.
    pub fn into_values(self) -> impl ExactSizeIterator<Item = V> + DoubleEndedIterator {
        self.entries.into_iter().map(|(_, value)| value)
    }
}

impl<K: Eq, V> Map<K, V> {
    /// The value of a key.
    pub fn get<Q: Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.position(key).map(|index| &self.entries[index].1)
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Eq + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.position(key).map(|index| &mut self.entries[index].1)
    }

    /// Whether there is an entry of this key.
    pub fn contains_key<Q: Eq + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.position(key).is_some()
    }

    /// Sets the value of a key and returns the value that it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.get_mut(&key) {
            Some(existing) => Some(std::mem::replace(existing, value)),
            None => {
                self.entries.push((key, value));
                None
            }
        }
    }

    /// Removes an entry and returns its value; the others keep their order.
    pub fn remove<Q: Eq + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.position(key).map(|index| self.entries.remove(index).1)
    }

    fn position<Q: Eq + ?Sized>(&self, key: &Q) -> Option<usize>
    where
        K: Borrow<Q>,
    {
        self.entries
            .iter()
            .position(|(existing, _)| existing.borrow() == key)
    }
}

/// Two maps are equal if they have the same entries, in whatever order.
impl<K: Eq, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self
                .iter()
                .enumerate()
                .all(|(index, (key, value))| match other.entries.get(index) {
                    Some((same, other_value)) if same == key => other_value == value,
                    _ => other.get(key) == Some(value),
                })
    }
}

impl<K: Eq, V: Eq> Eq for Map<K, V> {}

/// The last value of a key counts; it stands where the first one stood.
impl<K: Eq + Hash, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self {
            entries: entries.into_iter().collect(),
        };
        map.remove_duplicates();
        map
    }
}

impl<K: Eq + Hash, V> Map<K, V> {
    /// Adds an entry whose key may be there already; [`remove_duplicates`](Self::remove_duplicates)
    /// has to follow.
    pub(super) fn push(&mut self, key: K, value: V) {
        self.entries.push((key, value));
    }

    /// Removes the entries of keys that were `null` later on: each with the number of entries that
    /// came before it.
    pub(super) fn remove_nulls(&mut self, nulls: Vec<(K, usize)>) {
        if nulls.is_empty() {
            return;
        }
        // Of a key that was `null` twice, the last place stays.
        let nulls: HashMap<K, usize> = nulls.into_iter().collect();
        let mut index = 0;
        self.entries.retain(|(key, _)| {
            index += 1;
            nulls.get(key).is_none_or(|before| index > *before)
        });
    }

    /// Comparing each with each is quickest for few entries; a hash table keeps many linear.
    pub(super) fn remove_duplicates(&mut self) {
        const FEW: usize = 8;
        if self.entries.len() < 2 {
            return;
        }
        if self.entries.len() > FEW {
            let mut first = HashMap::with_capacity(self.entries.len());
            let unique = self
                .entries
                .iter()
                .enumerate()
                .all(|(index, (key, _))| first.insert(key, index).is_none());
            if unique {
                return;
            }
            let last: HashMap<K, (usize, V)> = std::mem::take(&mut self.entries)
                .into_iter()
                .enumerate()
                .fold(HashMap::new(), |mut last, (index, (key, value))| {
                    match last.get_mut(&key) {
                        Some((_, existing)) => *existing = value,
                        None => {
                            last.insert(key, (index, value));
                        }
                    }
                    last
                });
            let mut entries: Vec<_> = last.into_iter().collect();
            entries.sort_by_key(|(_, (index, _))| *index);
            self.entries = entries
                .into_iter()
                .map(|(key, (_, value))| (key, value))
                .collect();
            return;
        }
        let unique = (1..self.entries.len()).all(|index| {
            !self.entries[..index]
                .iter()
                .any(|(key, _)| *key == self.entries[index].0)
        });
        if !unique {
            for (key, value) in std::mem::take(&mut self.entries) {
                self.insert(key, value);
            }
        }
    }
}

impl<K: Eq + Hash, V> Extend<(K, V)> for Map<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        self.entries.extend(entries);
        self.remove_duplicates();
    }
}

impl<K: Eq + Hash, V, const N: usize> From<[(K, V); N]> for Map<K, V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<K, V> From<HashMap<K, V>> for Map<K, V> {
    fn from(map: HashMap<K, V>) -> Self {
        Self {
            entries: map.into_iter().collect(),
        }
    }
}

impl<K, V> From<BTreeMap<K, V>> for Map<K, V> {
    fn from(map: BTreeMap<K, V>) -> Self {
        Self {
            entries: map.into_iter().collect(),
        }
    }
}

impl<K: Eq + Hash, V> From<Map<K, V>> for HashMap<K, V> {
    fn from(map: Map<K, V>) -> Self {
        map.into_iter().collect()
    }
}

impl<K, V> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = IntoIter<K, V>;

    fn into_iter(self) -> Self::IntoIter {
        IntoIter(self.entries.into_iter())
    }
}

/// The entries of a [`Map`] in order, without the map.
#[derive(Debug)]
pub struct IntoIter<K, V>(smallvec::IntoIter<[(K, V); 1]>);

impl<K, V> Iterator for IntoIter<K, V> {
    type Item = (K, V);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<K, V> DoubleEndedIterator for IntoIter<K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back()
    }
}

impl<K, V> ExactSizeIterator for IntoIter<K, V> {}

impl<'a, K, V> IntoIterator for &'a Map<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The entries of a [`Map`] in order.
#[derive(Clone, Debug)]
pub struct Iter<'a, K, V>(slice::Iter<'a, (K, V)>);

impl<'a, K, V> Iterator for Iter<'a, K, V> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<K, V> DoubleEndedIterator for Iter<'_, K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|(key, value)| (key, value))
    }
}

impl<K, V> ExactSizeIterator for Iter<'_, K, V> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order_and_the_last_value_of_a_key() {
        for extra in [0, 100] {
            let mut entries = vec![("b", 1), ("a", 2), ("b", 3)];
            let names: Vec<String> = (0..extra).map(|n| format!("k{n}")).collect();
            entries.extend(names.iter().map(|name| (name.as_str(), 0)));
            let map: Map<&str, i32> = entries.into_iter().collect();
            assert_eq!(map.len(), 2 + extra);
            assert_eq!(map.iter().next(), Some((&"b", &3)));
            assert_eq!(map.get("a"), Some(&2));
        }
    }

    #[test]
    fn equality_disregards_order() {
        assert_eq!(
            Map::from([("a", 1), ("b", 2)]),
            Map::from([("b", 2), ("a", 1)])
        );
        assert_ne!(Map::from([("a", 1)]), Map::from([("a", 2)]));
        assert_ne!(Map::from([("a", 1)]), Map::from([("a", 1), ("b", 2)]));
    }

    #[test]
    fn insert_and_remove() {
        let mut map = Map::new();
        assert_eq!(map.insert("a", 1), None);
        assert_eq!(map.insert("a", 2), Some(1));
        assert_eq!(map.remove("a"), Some(2));
        assert!(map.is_empty());
    }
}
