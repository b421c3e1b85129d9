//! Operations that answer in pages.

use crate::runtime::service::operation::Operation;
use crate::runtime::wire::codec::Map;

/// An operation that answers in pages; sealed, as [`Operation`] is.
pub trait Paginated: Operation + Clone + 'static {
    /// What leads from one page to the next.
    type Token: PageToken;

    /// The member of the input that takes the token.
    fn token(&mut self) -> &mut Option<Self::Token>;

    /// The token that a page ends with.
    fn next_token(output: &Self::Output) -> Option<&Self::Token>;
}

/// A paginated operation whose input says how large a page may be; sealed, as [`Operation`] is.
pub trait PageSize: Paginated {
    /// The member of the input that takes the size.
    fn page_size(&mut self) -> &mut Option<i32>;
}

/// A paginated operation whose pages are lists of items; sealed, as [`Operation`] is.
pub trait Items: Paginated {
    /// What the list holds.
    type Item: Send + 'static;

    /// The items of a page.
    fn items(output: Self::Output) -> Vec<Self::Item>;
}

/// A token that leads to a page.
pub trait PageToken: Clone + PartialEq + Send + Sync + 'static {
    /// Whether it leads nowhere.
    fn is_empty(&self) -> bool;
}

impl PageToken for String {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl<K, V> PageToken for Map<K, V>
where
    K: Clone + Eq + Send + Sync + 'static,
    V: Clone + PartialEq + Send + Sync + 'static,
{
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}
