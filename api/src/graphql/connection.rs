//! Relay connections: reading a page's arguments, and the one shape in which every list answers.

use async_graphql::{Object, OutputType, SimpleObject};

use crate::error::{Error, Result};
use crate::page::{Cursor, MAX_SIZE, Page, Slice};

use crate::conversation::graphql::{ConversationObject, ParticipantObject};
use crate::message::graphql::MessageObject;
use crate::user::graphql::UserObject;

/// The arguments of a connection field.
#[derive(Debug, Default)]
pub struct Paging {
    /// The first so many rows.
    pub first: Option<i32>,
    /// Only rows after this cursor.
    pub after: Option<String>,
    /// The last so many rows.
    pub last: Option<i32>,
    /// Only rows before this cursor.
    pub before: Option<String>,
}

impl Paging {
    /// The page that is asked for; `default` when neither `first` nor `last` is given. Both at once, or a size outside 1 to 100,
    /// is refused.
    pub fn page<C: Cursor>(self, default: Page<C>) -> Result<Page<C>> {
        let page = match (self.first, self.last) {
            (Some(_), Some(_)) => return Err(Error::BadRequest("give `first` or `last`, not both".to_owned())),
            (Some(first), None) => Page::first(size(first, "first")?),
            (None, Some(last)) => Page::last(size(last, "last")?),
            (None, None) => default,
        };
        let cursor = |text: Option<String>, argument| text.map(|text| C::decode(&text, argument)).transpose();
        Ok(page.after(cursor(self.after, "after")?).before(cursor(self.before, "before")?))
    }
}

fn size(asked: i32, argument: &str) -> Result<u64> {
    let refused = || Error::BadRequest(format!("`{argument}` is 1 to {MAX_SIZE}"));
    if asked > MAX_SIZE {
        Err(refused())
    } else {
        u64::try_from(asked).ok().filter(|&size| size > 0).ok_or_else(refused)
    }
}

/// What a page costs: its size times what one row costs, and two for the connection itself.
#[must_use]
pub fn page_cost(first: Option<i32>, last: Option<i32>, default: i32, row: usize) -> usize {
    let rows = first.or(last).unwrap_or(default).clamp(0, MAX_SIZE);
    2 + usize::try_from(rows).unwrap_or(0) * row
}

/// Where a page lies in its list.
#[derive(Debug, SimpleObject)]
pub struct PageInfo {
    /// Whether the list goes on after this page.
    has_next_page: bool,
    /// Whether the list goes on before this page.
    has_previous_page: bool,
    /// The cursor of the first row; null when the page is empty.
    start_cursor: Option<String>,
    /// The cursor of the last row; null when the page is empty.
    end_cursor: Option<String>,
}

/// One row of a page, with its place in the list.
#[derive(Debug, SimpleObject)]
#[graphql(
    concrete(name = "UserEdge", params(UserObject)),
    concrete(name = "ConversationEdge", params(ConversationObject)),
    concrete(name = "MessageEdge", params(MessageObject)),
    concrete(name = "ParticipantEdge", params(ParticipantObject))
)]
pub struct Edge<T: OutputType> {
    /// The row's place in this list, for `after` and `before`. Opaque: good for this list only.
    cursor: String,
    /// The row itself.
    node: T,
}

impl<T: OutputType> Edge<T> {
    /// A row at a place.
    pub fn new(cursor: &impl Cursor, node: T) -> Self {
        Self { cursor: cursor.encode(), node }
    }
}

/// A page of a list.
#[derive(Debug)]
pub struct Connection<T: OutputType> {
    edges: Vec<Edge<T>>,
    has_previous: bool,
    has_next: bool,
}

impl<T: OutputType> Connection<T> {
    /// The page that a slice is.
    pub fn of(slice: Slice<Edge<T>>) -> Self {
        Self { edges: slice.rows, has_previous: slice.has_previous, has_next: slice.has_next }
    }

    fn info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
            start_cursor: self.edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: self.edges.last().map(|edge| edge.cursor.clone()),
        }
    }
}

/// A page of a list.
#[Object(
    concrete(name = "ConversationConnection", params(ConversationObject)),
    concrete(name = "MessageConnection", params(MessageObject))
)]
impl<T: OutputType> Connection<T>
where
    Edge<T>: OutputType,
{
    /// The rows with their cursors, in the order of the list.
    async fn edges(&self) -> &[Edge<T>] {
        &self.edges
    }

    /// The rows alone.
    async fn nodes(&self) -> Vec<&T> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Where this page lies in the list.
    async fn page_info(&self) -> PageInfo {
        self.info()
    }
}

/// A page of a list whose length is cheap to know.
#[derive(Debug)]
pub struct Counted<T: OutputType> {
    /// The page.
    pub page: Connection<T>,
    /// How long the list is; counted only when it is asked for.
    pub total: Option<u64>,
}

/// A page of a list, and how long the whole list is.
#[Object(
    concrete(name = "UserConnection", params(UserObject)),
    concrete(name = "ParticipantConnection", params(ParticipantObject))
)]
impl<T: OutputType> Counted<T>
where
    Edge<T>: OutputType,
{
    /// The rows with their cursors, in the order of the list.
    async fn edges(&self) -> &[Edge<T>] {
        &self.page.edges
    }

    /// The rows alone.
    async fn nodes(&self) -> Vec<&T> {
        self.page.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Where this page lies in the list.
    async fn page_info(&self) -> PageInfo {
        self.page.info()
    }

    /// How many rows the whole list has.
    async fn total_count(&self) -> i32 {
        self.total.and_then(|total| i32::try_from(total).ok()).unwrap_or(i32::MAX)
    }
}
