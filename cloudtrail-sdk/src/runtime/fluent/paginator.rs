//! Page after page of an operation's output.

use crate::runtime::base::boxed::BoxFuture;
use crate::runtime::call::client::Handle;
use crate::runtime::error::sdk_error::SdkError;
use crate::runtime::service::pagination::{Items, PageSize, PageToken, Paginated};

/// Sends an operation again and again, with the token that each page ends with.
///
/// It ends at a page without a token, at the first error, and at a token that equals the one
/// before, unless [`Self::stop_on_duplicate_token`] says otherwise.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before a page is asked for"]
pub struct Paginator<I> {
    client: Handle,
    input: I,
    stop_on_duplicate_token: bool,
}

impl<I: Paginated> Paginator<I> {
    pub(crate) fn new(client: Handle, input: I) -> Self {
        Self {
            client,
            input,
            stop_on_duplicate_token: true,
        }
    }

    /// Whether a token that equals the one before ends the pages; it does unless set to `false`.
    pub fn stop_on_duplicate_token(mut self, stop: bool) -> Self {
        self.stop_on_duplicate_token = stop;
        self
    }

    /// How large a page may be, in the unit and bounds of the operation's own member for it.
    pub fn page_size(mut self, size: i32) -> Self
    where
        I: PageSize,
    {
        *self.input.page_size() = Some(size);
        self
    }

    /// Goes through the items of the pages instead of the pages.
    pub fn items(self) -> ItemPaginator<I>
    where
        I: Items,
    {
        ItemPaginator(self)
    }

    /// The pages. Each is requested when it is asked for.
    pub fn send(self) -> PaginationStream<Result<I::Output, SdkError<I::Error>>>
    where
        I::Output: 'static,
        I::Error: Send + 'static,
    {
        PaginationStream(Box::new(self.pages()))
    }

    fn pages(self) -> Pages<I> {
        Pages {
            paginator: self,
            done: false,
        }
    }
}

/// Goes through the items of all pages; see [`Paginator::items`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before an item is asked for"]
pub struct ItemPaginator<I>(Paginator<I>);

impl<I: Items> ItemPaginator<I> {
    /// The items. A page is requested when the items of the one before are used up.
    pub fn send(self) -> PaginationStream<Result<I::Item, SdkError<I::Error>>>
    where
        I::Output: 'static,
        I::Error: Send + 'static,
    {
        PaginationStream(Box::new(ItemsOfPages {
            pages: self.0.pages(),
            items: Vec::new().into_iter(),
        }))
    }
}

/// Pages, or items, that are requested as they are asked for.
#[must_use = "nothing is sent before `.next().await`"]
pub struct PaginationStream<T>(Box<dyn Source<T> + Send>);

impl<T: Send> PaginationStream<T> {
    /// The next one, or `None` after the last.
    pub async fn next(&mut self) -> Option<T> {
        self.0.next().await
    }

    /// All that are left: `.collect::<Vec<_>>()`, or `.collect::<Result<Vec<_>, _>>()`.
    pub async fn collect<C: FromIterator<T>>(mut self) -> C {
        let mut all = Vec::new();
        while let Some(one) = self.next().await {
            all.push(one);
        }
        all.into_iter().collect()
    }
}

impl<T: Send, E: Send> PaginationStream<Result<T, E>> {
    /// The next one, or `None` after the last, or the error that ends the stream.
    pub async fn try_next(&mut self) -> Result<Option<T>, E> {
        self.next().await.transpose()
    }

    /// All that are left, or the error that ends the stream.
    pub async fn try_collect(self) -> Result<Vec<T>, E> {
        self.collect().await
    }
}

impl<T> std::fmt::Debug for PaginationStream<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PaginationStream")
    }
}

trait Source<T> {
    fn next(&mut self) -> BoxFuture<'_, Option<T>>;
}

struct Pages<I> {
    paginator: Paginator<I>,
    done: bool,
}

impl<I: Paginated> Pages<I> {
    async fn next_page(&mut self) -> Option<Result<I::Output, SdkError<I::Error>>> {
        if self.done {
            return None;
        }
        let paginator = &mut self.paginator;
        let page = paginator.client.call(paginator.input.clone()).await;
        let token = page.as_ref().ok().and_then(|page| I::next_token(page));
        match token.filter(|token| !token.is_empty()) {
            Some(token) => {
                let current = paginator.input.token();
                self.done = paginator.stop_on_duplicate_token && current.as_ref() == Some(token);
                *current = Some(token.clone());
            }
            None => self.done = true,
        }
        Some(page)
    }
}

impl<I: Paginated> Source<Result<I::Output, SdkError<I::Error>>> for Pages<I>
where
    I::Error: Send,
{
    fn next(&mut self) -> BoxFuture<'_, Option<Result<I::Output, SdkError<I::Error>>>> {
        Box::pin(self.next_page())
    }
}

struct ItemsOfPages<I: Items> {
    pages: Pages<I>,
    items: std::vec::IntoIter<I::Item>,
}

impl<I: Items> Source<Result<I::Item, SdkError<I::Error>>> for ItemsOfPages<I>
where
    I::Error: Send,
{
    fn next(&mut self) -> BoxFuture<'_, Option<Result<I::Item, SdkError<I::Error>>>> {
        Box::pin(async move {
            loop {
                if let Some(item) = self.items.next() {
                    return Some(Ok(item));
                }
                match self.pages.next_page().await? {
                    Ok(page) => self.items = I::items(page).into_iter(),
                    Err(error) => return Some(Err(error)),
                }
            }
        })
    }
}
