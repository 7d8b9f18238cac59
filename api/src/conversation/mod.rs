//! Conversations as the viewer sees them: which are in their list, who takes part, how far they have read.
//!
//! A [`Place`] is the proof that the viewer takes part, or once did; without one nothing of a conversation is shown.

pub mod audience;
pub mod draft;
mod entity;
pub mod graphql;
pub mod participant;
pub mod typing;

use std::collections::BTreeSet;

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, IdenStatic as _, Iterable as _, Order, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select,
};

pub use entity::{Kind, Model as Conversation};
pub use participant::{Model as Participant, Role};

use crate::app::App;
use crate::error::{Refusal, RefusalCode, Result};
use crate::id::{ConversationId, UserId};
use crate::page::{Cursor, Page, Slice};
use crate::viewer::Viewer;
use crate::{mailbox, message};

/// The viewer's place in a conversation: the conversation, and their side of it.
#[derive(Debug, Clone)]
pub struct Place {
    /// What its participants share.
    pub conversation: Conversation,
    /// The viewer's own row.
    pub mine: Participant,
}

impl Place {
    /// What the viewer may know it is called: who left sees the title of that moment.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        let title = if self.takes_part() { &self.conversation.title } else { &self.mine.left_title };
        title.as_deref()
    }

    /// Whether the viewer takes part now.
    #[must_use]
    pub fn takes_part(&self) -> bool {
        self.mine.left_at.is_none()
    }
}

/// Which conversations of the viewer's list are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
#[graphql(name = "ConversationFilter")]
pub enum Filter {
    /// Every one.
    All,
    /// Those with unread messages.
    Unread,
    /// Those between two people.
    Direct,
    /// Those of groups.
    Group,
}

/// A place in the viewer's list: the change number of the newest message there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Activity(pub i64);

impl Cursor for Activity {
    const LIST: &'static str = "conversations";
}

/// A person's place among the participants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Seat(pub uuid::Uuid);

impl Cursor for Seat {
    const LIST: &'static str = "participants";
}

/// How much is unread in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unread {
    /// Messages of others after the viewer's markers.
    pub messages: i64,
    /// Conversations with at least one of them.
    pub conversations: i64,
}

/// The viewer's places in these conversations; those where they never took part are not among them.
pub async fn places(app: &App, viewer: UserId, ids: &[ConversationId]) -> Result<Vec<Place>> {
    let rows = mine(viewer).filter(participant::Column::ConversationId.is_in(ids.iter().copied()));
    read_places(app, rows).await
}

/// A page of the viewer's list, the newest activity first.
pub async fn list(app: &App, viewer: UserId, filter: Filter, page: &Page<Activity>) -> Result<Slice<Place>> {
    use participant::Column;
    let mut rows = mine(viewer).filter(Column::Activity.is_not_null());
    rows = match filter {
        Filter::All => rows,
        Filter::Unread => rows.filter(Column::Unread.gt(0)),
        Filter::Direct => rows.filter(entity::Column::Kind.eq(Kind::Direct)),
        Filter::Group => rows.filter(entity::Column::Kind.eq(Kind::Group)),
    };
    // Newest first: what comes after a place in the list has a smaller number.
    if let Some(Activity(after)) = page.after {
        rows = rows.filter(Column::Activity.lt(after));
    }
    if let Some(Activity(before)) = page.before {
        rows = rows.filter(Column::Activity.gt(before));
    }
    let rows = rows.order_by(Column::Activity, page.order(Order::Desc)).limit(page.limit());
    Ok(page.slice(read_places(app, rows).await?))
}

/// The viewer's places whose own side has changed after one change and not after another, in the order of those changes.
pub async fn changed(app: &App, viewer: UserId, after: i64, until: i64, limit: u64) -> Result<Vec<Place>> {
    use participant::Column;
    let rows = mine(viewer).filter(Column::Change.gt(after)).filter(Column::Change.lte(until));
    read_places(app, rows.order_by_asc(Column::Change).limit(limit)).await
}

/// The viewer's sides of the conversations they may know of (see [`Participant::is_known`]).
fn mine(viewer: UserId) -> Select<participant::Entity> {
    use participant::Column;
    let known = Column::Activity.is_not_null().or(Column::Change.gt(0));
    participant::Entity::find().filter(Column::UserId.eq(viewer)).filter(known)
}

async fn read_places(app: &App, rows: Select<participant::Entity>) -> Result<Vec<Place>> {
    let rows = rows.find_also_related(entity::Entity).all(app.database.reader()).await?;
    let place = |(mine, conversation): (Participant, Option<Conversation>)| {
        conversation.map(|conversation| Place { conversation, mine })
    };
    Ok(rows.into_iter().filter_map(place).collect())
}

/// Who takes part in these conversations, by when they joined; not what they have begun to write, which is theirs alone. The
/// caller has a [`Place`] in each of them.
pub async fn participants(app: &App, ids: &[ConversationId]) -> Result<Vec<Participant>> {
    use participant::Column;
    let rows = participant::Entity::find()
        .select_only()
        .columns(Column::iter().filter(|column| !matches!(column, Column::Draft)))
        .expr_as(Expr::value(None::<String>), Column::Draft.as_str())
        .filter(Column::ConversationId.is_in(ids.iter().copied()))
        .filter(Column::LeftAt.is_null())
        .order_by_asc(Column::JoinedAt)
        .order_by_asc(Column::UserId);
    Ok(rows.all(app.database.reader()).await?)
}

/// What is unread in all of the viewer's conversations.
pub async fn unread(app: &App, viewer: UserId) -> Result<Unread> {
    use participant::Column;
    let counts: Option<(Option<i64>, i64)> = mine(viewer)
        .select_only()
        .column_as(Column::Unread.sum(), "messages")
        .column_as(Column::Unread.count(), "conversations")
        .filter(Column::Activity.is_not_null())
        .filter(Column::Unread.gt(0))
        .into_tuple()
        .one(app.database.reader())
        .await?;
    let (messages, conversations) = counts.unwrap_or_default();
    Ok(Unread { messages: messages.unwrap_or(0), conversations })
}

/// A wish to move the viewer's marker.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    /// Where.
    pub conversation: ConversationId,
    /// Everything up to this position counts as read.
    pub up_to: i64,
    /// Whether the marker may move back, to make messages unread again.
    pub allow_backwards: bool,
}

/// Moves the viewer's marker. It never passes the newest message, and moves back only when that is asked for; where nothing
/// moves, nothing is written.
pub async fn mark_read(app: &App, viewer: &Viewer, mark: Mark) -> Result<()> {
    if mark.up_to < 0 {
        let sentence = "A position is 0 or more.";
        return Err(Refusal::of(RefusalCode::Invalid, "upToPosition", sentence).into());
    }
    let tx = app.database.begin().await?;
    let mut locked = mailbox::lock(&tx, &BTreeSet::from([viewer.user_id])).await?;
    let row = mine(viewer.user_id).filter(participant::Column::ConversationId.eq(mark.conversation));
    let row = row.one(&tx).await?.ok_or_else(|| Refusal::not_found("conversationId"))?;
    let newest = message::newest_position(&tx, viewer.user_id, mark.conversation).await?;
    let marker = Ord::min(mark.up_to, newest);
    let moves = if mark.allow_backwards { marker != row.last_read_position } else { marker > row.last_read_position };
    if !moves {
        return Ok(());
    }
    let unread = message::count_unread(&tx, viewer.user_id, mark.conversation, marker).await?;
    let change = locked.next_change(viewer.user_id)?;
    participant::Entity::update_many()
        .col_expr(participant::Column::LastReadPosition, Expr::value(marker))
        .col_expr(participant::Column::Unread, Expr::value(unread))
        .col_expr(participant::Column::Change, Expr::value(change))
        .filter(participant::Column::UserId.eq(viewer.user_id))
        .filter(participant::Column::ConversationId.eq(mark.conversation))
        .exec(&tx)
        .await?;
    let moved = locked.save(&tx).await?;
    app.commit(tx, moved).await
}
