//! Page after page of an operation's output.

use std::task::{Context, Poll, ready};

use crate::runtime::base::boxed::BoxFuture;
use crate::runtime::call::client::Handle;
use crate::runtime::error::sdk_error::SdkError;
use crate::runtime::fluent::customize::{Calls, Customizable};
use crate::runtime::fluent::pagination_stream::{PaginationStream, Source};
use crate::runtime::service::operation::Operation;
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

    /// Changes things for the calls of this paginator alone.
    pub fn customize(self) -> CustomizablePaginator<I> {
        Customizable { inner: self }
    }

    /// Goes through the items of the pages instead of the pages.
    pub fn items(self) -> ItemPaginator<I>
    where
        I: Items,
    {
        ItemPaginator(self)
    }

    /// The pages. Each is requested when it is asked for.
    pub fn send(self) -> PaginationStream<Result<I::Output, SdkError<I::Error>>> {
        PaginationStream::new(self.pages())
    }

    fn pages(self) -> Pages<I> {
        Pages {
            paginator: self,
            done: false,
            call: None,
        }
    }
}

/// A paginator with changes to the client that apply to its calls alone; made by
/// [`Paginator::customize`].
pub type CustomizablePaginator<I> = Customizable<Paginator<I>>;

impl<I> Calls for Paginator<I> {
    fn client(&mut self) -> &mut Handle {
        &mut self.client
    }
}

impl<I: Paginated> Customizable<Paginator<I>> {
    /// Goes through the items of the pages instead of the pages.
    pub fn items(self) -> ItemPaginator<I>
    where
        I: Items,
    {
        self.inner.items()
    }

    /// The pages. Each is requested when it is asked for.
    pub fn send(self) -> PaginationStream<Result<I::Output, SdkError<I::Error>>> {
        self.inner.send()
    }
}

/// Goes through the items of all pages; see [`Paginator::items`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before an item is asked for"]
pub struct ItemPaginator<I>(Paginator<I>);

impl<I: Items> ItemPaginator<I> {
    /// The items. A page is requested when the items of the one before are used up.
    pub fn send(self) -> PaginationStream<Result<I::Item, SdkError<I::Error>>> {
        PaginationStream::new(ItemsOfPages {
            pages: self.0.pages(),
            items: Vec::new().into_iter(),
        })
    }
}

/// The pages, each requested when it is polled for.
struct Pages<I: Paginated> {
    /// Has the input of the next request.
    paginator: Paginator<I>,
    done: bool,
    /// The request under way.
    call: Option<Call<I>>,
}

type Call<I> = BoxFuture<'static, Page<I>>;
type Page<I> = Result<<I as Operation>::Output, SdkError<<I as Operation>::Error>>;

impl<I: Paginated> Source<Page<I>> for Pages<I> {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Page<I>>> {
        if self.done {
            return Poll::Ready(None);
        }
        let paginator = &mut self.paginator;
        let call = self.call.get_or_insert_with(|| {
            let (client, input) = (paginator.client.clone(), paginator.input.clone());
            Box::pin(async move { client.call(input).await })
        });
        let page = ready!(call.as_mut().poll(context));
        self.call = None;
        let token = page.as_ref().ok().and_then(|page| I::next_token(page));
        match token.filter(|token| !token.is_empty()) {
            Some(token) => {
                let current = paginator.input.token();
                self.done = paginator.stop_on_duplicate_token && current.as_ref() == Some(token);
                *current = Some(token.clone());
            }
            None => self.done = true,
        }
        Poll::Ready(Some(page))
    }
}

/// The items of the pages.
struct ItemsOfPages<I: Items> {
    pages: Pages<I>,
    items: std::vec::IntoIter<I::Item>,
}

impl<I: Items> Source<Result<I::Item, SdkError<I::Error>>> for ItemsOfPages<I> {
    fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<I::Item, SdkError<I::Error>>>> {
        loop {
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_next(context)) {
                Some(Ok(page)) => self.items = I::items(page).into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}
