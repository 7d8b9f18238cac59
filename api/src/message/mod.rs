//! Messages as the viewer sees them: sending one, and reading the copies they hold. Every query here begins with the viewer's
//! mailbox; there is no way to reach another's.

pub mod body;
pub mod delivery;
mod entity;
pub mod graphql;
pub mod key;
mod replay;
mod root;
pub mod writer;

use std::collections::HashMap;

use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait as _, Condition, DatabaseTransaction, EntityTrait as _, Order, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
};

pub use entity::Model as Message;

use crate::app::App;
use crate::conversation::audience::Target;
use crate::conversation::participant;
use crate::error::Result;
use crate::id::{ConversationId, MessageId, RootId, UserId};
use crate::page::{Cursor, Page, Slice};
use crate::viewer::Viewer;
use body::Body;
use delivery::{Delivered, Delivery};
use entity::{Column, Entity};
use key::IdempotencyKey;

/// A message's place in its conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Position(pub i64);

impl Cursor for Position {
    const LIST: &'static str = "messages";
}

/// What somebody wants to send, as they typed it.
#[derive(Debug)]
pub struct Draft {
    /// Where to.
    pub to: Target,
    /// The text.
    pub body: String,
    /// The author's key for this send.
    pub key: String,
    /// The revision of the author's draft that this was: it is cleared when that is still the newest.
    pub draft_revision: Option<i32>,
}

/// Sends a message: one copy for each recipient, on disk in all their mailboxes before this returns.
pub async fn send(app: &App, viewer: &Viewer, draft: Draft) -> Result<Delivered> {
    let key = IdempotencyKey::parse(&draft.key)?;
    let body = Body::parse(&draft.body)?;
    draft.to.check(viewer.user_id)?;
    let delivery = Delivery {
        author: viewer.user_id,
        to: draft.to,
        body,
        key,
        draft_revision: draft.draft_revision,
        at: app.clock.now(),
    };
    app.writer.deliver(delivery).await
}

/// A page of the copies the viewer holds in a conversation, oldest to newest.
pub async fn list(
    app: &App,
    viewer: UserId,
    conversation: ConversationId,
    page: &Page<Position>,
) -> Result<Slice<Message>> {
    let mut copies = held(viewer).filter(Column::ConversationId.eq(conversation));
    if let Some(Position(after)) = page.after {
        copies = copies.filter(Column::Position.gt(after));
    }
    if let Some(Position(before)) = page.before {
        copies = copies.filter(Column::Position.lt(before));
    }
    let copies = copies.order_by(Column::Position, page.order(Order::Asc)).limit(page.limit());
    Ok(page.slice(copies.all(app.database.reader()).await?))
}

/// The copies around a position, half before it and the rest from it on.
pub async fn around(
    app: &App,
    viewer: UserId,
    conversation: ConversationId,
    position: i64,
    count: u64,
) -> Result<Slice<Message>> {
    let before = Page::last(count / 2).before(Some(Position(position)));
    let from = Page::first(count - count / 2).after(Some(Position(position.saturating_sub(1))));
    let older = list(app, viewer, conversation, &before).await?;
    let newer = list(app, viewer, conversation, &from).await?;
    let rows = older.rows.into_iter().chain(newer.rows).collect();
    Ok(Slice { rows, has_previous: older.has_previous, has_next: newer.has_next })
}

/// The viewer's copies of these messages; what they do not hold is not among them.
pub async fn find_many(app: &App, viewer: UserId, ids: &[MessageId]) -> Result<Vec<Message>> {
    let mut places: HashMap<ConversationId, Vec<i64>> = HashMap::new();
    for id in ids {
        places.entry(id.conversation).or_default().push(id.position);
    }
    let any = places.into_iter().fold(Condition::any(), |any, (conversation, positions)| {
        any.add(Column::ConversationId.eq(conversation).and(Column::Position.is_in(positions)))
    });
    Ok(held(viewer).filter(any).all(app.database.reader()).await?)
}

/// The newest copy the viewer holds in each of these conversations: one descent of the key for each, however long they are.
/// The places are found first and looked up as pairs; asked in any other way, SQLite goes through every copy of the
/// conversations and asks of each whether it is the newest.
pub async fn newest(app: &App, viewer: UserId, conversations: &[ConversationId]) -> Result<Vec<Message>> {
    let copy = Alias::new("copy");
    let newest = Query::select()
        .column((copy.clone(), Column::Position))
        .from_as(Entity, copy.clone())
        .and_where(Expr::col((copy.clone(), Column::RecipientId)).eq(viewer))
        .and_where(
            Expr::col((copy.clone(), Column::ConversationId))
                .equals((participant::Entity, participant::Column::ConversationId)),
        )
        .and_where(Expr::col((copy.clone(), Column::RemovedAt)).is_null())
        .order_by((copy, Column::Position), Order::Desc)
        .limit(1)
        .to_owned();
    let places = Query::select()
        .column((participant::Entity, participant::Column::ConversationId))
        .expr(Expr::SubQuery(None, Box::new(newest.into())))
        .from(participant::Entity)
        .and_where(participant::Column::UserId.eq(viewer))
        .and_where(participant::Column::ConversationId.is_in(conversations.iter().copied()))
        .to_owned();
    let place = Expr::tuple([Expr::col(Column::ConversationId), Expr::col(Column::Position)]);
    Ok(held(viewer).filter(place.in_subquery(places)).all(app.database.reader()).await?)
}

/// The viewer's copies whose last change lies after one change and not after another, in the order of those changes. What they
/// removed is among them: that, too, is told.
pub async fn changed(app: &App, viewer: UserId, after: i64, until: i64, limit: u64) -> Result<Vec<Message>> {
    let copies = Entity::find()
        .filter(Column::RecipientId.eq(viewer))
        .filter(Column::Change.gt(after))
        .filter(Column::Change.lte(until))
        .order_by_asc(Column::Change)
        .limit(limit);
    Ok(copies.all(app.database.reader()).await?)
}

/// The keys of the viewer's own sends, by root: other people's keys are never told.
pub async fn keys(app: &App, viewer: UserId, roots: &[RootId]) -> Result<Vec<(RootId, String)>> {
    let keys = root::Entity::find()
        .select_only()
        .columns([root::Column::Id, root::Column::IdempotencyKey])
        .filter(root::Column::Id.is_in(roots.iter().copied()))
        .filter(root::Column::AuthorId.eq(viewer));
    Ok(keys.into_tuple().all(app.database.reader()).await?)
}

/// The newest position that somebody holds a copy at; 0 when they hold none.
pub async fn newest_position(tx: &DatabaseTransaction, holder: UserId, conversation: ConversationId) -> Result<i64> {
    let newest: Option<i64> = Entity::find()
        .select_only()
        .column(Column::Position)
        .filter(Column::RecipientId.eq(holder))
        .filter(Column::ConversationId.eq(conversation))
        .order_by_desc(Column::Position)
        .limit(1)
        .into_tuple()
        .one(tx)
        .await?;
    Ok(newest.unwrap_or(0))
}

/// What "unread" means: present copies of others' messages after the marker.
pub async fn count_unread(
    tx: &DatabaseTransaction,
    holder: UserId,
    conversation: ConversationId,
    marker: i64,
) -> Result<i32> {
    let unread = held(holder)
        .filter(Column::ConversationId.eq(conversation))
        .filter(Column::Position.gt(marker))
        .filter(Column::AuthorId.ne(holder))
        .filter(Column::WithdrawnAt.is_null())
        .count(tx)
        .await?;
    Ok(i32::try_from(unread).unwrap_or(i32::MAX))
}

/// The copies that somebody holds and has not removed: where every read begins.
fn held(holder: UserId) -> Select<Entity> {
    Entity::find().filter(Column::RecipientId.eq(holder)).filter(Column::RemovedAt.is_null())
}
