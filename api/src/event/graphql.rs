//! The feed in GraphQL: one union of events, as a live stream and as a plain query.

use async_graphql::{Context, ID, Object, SimpleObject, Subscription, Union};
use futures_util::{Stream, StreamExt as _};

use super::bus::Fleeting;
use super::{Change, Event, Reset, Told};
use crate::conversation::Place;
use crate::conversation::graphql::{ConversationObject, UnreadInAll};
use crate::conversation::typing::graphql::TypingState;
use crate::error::Error;
use crate::graphql::{Asked as _, page_cost};
use crate::id::{ConversationId, UserId};
use crate::message::Message;
use crate::message::graphql::MessageObject;
use crate::page::{Cursor as _, MAX_SIZE};
use crate::session::graphql::UnreadTotals;
use crate::user::graphql::UserObject;

const DEFAULT_PAGE: i32 = 50;

/// An event, and where the feed goes on after it.
#[derive(Debug, SimpleObject)]
pub struct EventEnvelope {
    /// Hand this to `events` or `changes` to go on after this event; null for what is never told again, such as typing.
    cursor: Option<String>,
    /// What happened.
    event: EventObject,
}

/// What happened in the viewer's mailbox. What it names is shown as it is now, so an event that comes twice does no harm.
#[derive(Debug, Union)]
#[graphql(name = "Event")]
pub enum EventObject {
    /// A message.
    Message(MessageChanged),
    /// A conversation.
    Conversation(ConversationChanged),
    /// Somebody writes.
    Typing(TypingChanged),
    /// Start afresh.
    Reset(StreamReset),
}

/// A message is new, edited, withdrawn, or removed by the viewer: put it where its position says, in place of what was there.
#[derive(Debug)]
pub struct MessageChanged(Message);

/// A message is new, edited, withdrawn, or removed by the viewer: put it where its position says, in place of what was there.
#[Object]
impl MessageChanged {
    /// The viewer's copy.
    async fn message(&self) -> MessageObject {
        self.0.clone().into()
    }

    /// What is unread in all conversations.
    async fn unread(&self, ctx: &Context<'_>) -> async_graphql::Result<UnreadTotals> {
        unread(ctx).await
    }
}

/// A conversation's title or participants have changed, or the viewer's own marker or draft.
#[derive(Debug)]
pub struct ConversationChanged(Place);

/// A conversation's title or participants have changed, or the viewer's own marker or draft.
#[Object]
impl ConversationChanged {
    /// The conversation.
    async fn conversation(&self) -> ConversationObject {
        self.0.clone().into()
    }

    /// Whether the viewer takes part in it now.
    async fn viewer_takes_part(&self) -> bool {
        self.0.takes_part()
    }

    /// What is unread in all conversations.
    async fn unread(&self, ctx: &Context<'_>) -> async_graphql::Result<UnreadTotals> {
        unread(ctx).await
    }
}

async fn unread(ctx: &Context<'_>) -> async_graphql::Result<UnreadTotals> {
    Ok(ctx.loader()?.load_one(UnreadInAll).await?.unwrap_or_default().into())
}

/// Somebody else has begun or stopped to write. Not stored: who is not listening does not learn of it.
#[derive(Debug)]
pub struct TypingChanged {
    conversation: ConversationId,
    user: UserId,
    state: TypingState,
}

/// Somebody else has begun or stopped to write. Not stored: who is not listening does not learn of it.
#[Object]
impl TypingChanged {
    /// Where.
    async fn conversation_id(&self) -> ID {
        self.conversation.into()
    }

    /// Who writes.
    async fn user(&self, ctx: &Context<'_>) -> async_graphql::Result<UserObject> {
        let user = ctx.loader()?.load_one(self.user).await?;
        Ok(user.ok_or_else(|| Error::internal("somebody writes who is not there"))?.into())
    }

    /// Whether they write. `STARTED` holds for six seconds unless it is said again, and ends with their next message.
    async fn state(&self) -> TypingState {
        self.state
    }
}

/// The feed cannot go on from the cursor that was given: read afresh what is shown. The cursor beside this goes on from now.
#[derive(Debug, SimpleObject)]
pub struct StreamReset {
    /// Why it cannot.
    reason: Reset,
}

impl From<Event> for EventEnvelope {
    fn from(Event { cursor, told }: Event) -> Self {
        let event = match told {
            Told::Change(Change::Message(copy)) => EventObject::Message(MessageChanged(copy)),
            Told::Change(Change::Conversation(place)) => EventObject::Conversation(ConversationChanged(place)),
            Told::Reset(reason) => EventObject::Reset(StreamReset { reason }),
            Told::Fleeting(Fleeting::Typing { conversation, user, typing }) => {
                let state = if typing { TypingState::Started } else { TypingState::Stopped };
                EventObject::Typing(TypingChanged { conversation, user, state })
            }
        };
        Self { cursor: cursor.map(|cursor| cursor.encode()), event }
    }
}

/// A part of the feed.
#[derive(Debug, SimpleObject)]
pub struct ChangePage {
    /// What has changed, in order. Of what changed several times only the last is told.
    events: Vec<EventEnvelope>,
    /// Whether there is more already.
    has_more: bool,
    /// Where to go on.
    cursor: String,
}

/// Looking into the feed.
#[derive(Debug, Default)]
pub struct EventQuery;

#[Object]
impl EventQuery {
    /// What has changed in the viewer's mailbox since a cursor: the same feed as `events`, as a plain query.
    #[graphql(complexity = "page_cost(first, None, DEFAULT_PAGE, child_complexity)")]
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A cursor of `Viewer.eventCursor`, `events` or an earlier page.")] after: String,
        #[graphql(desc = "The first so many, 1 to 100; 50 when this is not given.")] first: Option<i32>,
    ) -> async_graphql::Result<ChangePage> {
        let viewer = ctx.viewer()?;
        let first = first.unwrap_or(DEFAULT_PAGE);
        if !(1..=MAX_SIZE).contains(&first) {
            return Err(Error::BadRequest(format!("`first` is 1 to {MAX_SIZE}")).into());
        }
        let page = super::changes(ctx.app()?, viewer.user_id, &after, u64::try_from(first)?).await?;
        let events = page.events.into_iter().map(EventEnvelope::from).collect();
        Ok(ChangePage { events, has_more: page.has_more, cursor: page.cursor.encode() })
    }
}

/// Listening to the feed.
#[derive(Debug, Default)]
pub struct EventSubscription;

#[Subscription]
impl EventSubscription {
    /// What happens in the viewer's mailbox: first what was missed since `after`, then what happens, without a gap between.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cursor to go on from; without it the stream starts now.")] after: Option<String>,
    ) -> async_graphql::Result<impl Stream<Item = async_graphql::Result<EventEnvelope>> + use<>> {
        let viewer = ctx.viewer()?;
        // A stream lives long, and what it shows is as it is now: nothing may be remembered from one event to the next.
        ctx.loader()?.enable_all_cache(false);
        let events = super::follow(ctx.app()?.clone(), viewer.user_id, after, ctx.event_cursor()?);
        Ok(events.map(|event| Ok(EventEnvelope::from(event?))))
    }
}
