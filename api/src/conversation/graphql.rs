//! Conversations in GraphQL.

use std::collections::HashMap;
use std::str::FromStr as _;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, dataloader};

use super::draft::graphql::DraftObject;
use super::{Activity, Filter, Kind, Mark, Participant, Place, Role, Seat, Unread};
use crate::error::{Error, Refusal};
use crate::graphql::{
    Asked as _, Connection, Counted, DateTime, Edge, Lookup, Paging, Payload, UserError, page_cost, settle,
};
use crate::id::ConversationId;
use crate::message::graphql::{MessageObject, NewestIn};
use crate::message::{self, Position};
use crate::page::{MAX_SIZE, Page, Slice};
use crate::session::graphql::UnreadTotals;
use crate::user::graphql::UserObject;

const DEFAULT_PAGE: i32 = 30;
const DEFAULT_MESSAGES: i32 = 50;

/// The viewer's place in a conversation, as a key of the loader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PlaceIn(pub ConversationId);

/// What is unread in all of the viewer's conversations, as the only key of the loader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UnreadInAll;

/// The participants of a conversation, as a key of the loader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct ParticipantsOf(ConversationId);

impl dataloader::Loader<PlaceIn> for Lookup {
    type Value = Place;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[PlaceIn]) -> Result<HashMap<PlaceIn, Place>, Arc<Error>> {
        let ids: Vec<ConversationId> = keys.iter().map(|key| key.0).collect();
        let places = super::places(&self.app, self.viewer_id()?, &ids).await?;
        Ok(places.into_iter().map(|place| (PlaceIn(place.conversation.id), place)).collect())
    }
}

impl dataloader::Loader<UnreadInAll> for Lookup {
    type Value = Unread;
    type Error = Arc<Error>;

    async fn load(&self, _: &[UnreadInAll]) -> Result<HashMap<UnreadInAll, Unread>, Arc<Error>> {
        Ok(HashMap::from([(UnreadInAll, super::unread(&self.app, self.viewer_id()?).await?)]))
    }
}

impl dataloader::Loader<ParticipantsOf> for Lookup {
    type Value = Vec<Participant>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ParticipantsOf]) -> Result<HashMap<ParticipantsOf, Vec<Participant>>, Arc<Error>> {
        let ids: Vec<ConversationId> = keys.iter().map(|key| key.0).collect();
        let mut found: HashMap<ParticipantsOf, Vec<Participant>> = HashMap::new();
        for participant in super::participants(&self.app, &ids).await? {
            found.entry(ParticipantsOf(participant.conversation_id)).or_default().push(participant);
        }
        Ok(found)
    }
}

/// A conversation as the viewer sees it.
#[derive(Debug, Clone)]
pub struct ConversationObject(Place);

impl From<Place> for ConversationObject {
    fn from(place: Place) -> Self {
        Self(place)
    }
}

/// A conversation that the viewer takes part in, or once did: between two people, or in a group.
#[Object(name = "Conversation")]
impl ConversationObject {
    /// The id.
    pub(crate) async fn id(&self) -> ID {
        self.0.conversation.id.into()
    }

    /// Between two people, or in a group.
    async fn kind(&self) -> Kind {
        self.0.conversation.kind
    }

    /// What a group is called; null for a direct conversation.
    async fn title(&self) -> Option<&str> {
        self.0.title()
    }

    /// Who takes part, by when they joined. Who has left sees only themselves.
    #[graphql(complexity = "page_cost(first, last, DEFAULT_PAGE, child_complexity)")]
    async fn participants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100; 30 when neither this nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Counted<ParticipantObject>> {
        let page = Paging { first, after, last, before }.page::<Seat>(Page::first(30))?;
        let people = if self.0.takes_part() {
            let key = ParticipantsOf(self.0.conversation.id);
            ctx.loader()?.load_one(key).await?.unwrap_or_default()
        } else {
            vec![self.0.mine.clone()]
        };
        let total = Some(u64::try_from(people.len())?);
        let seat = |person: &Participant| Seat(person.user_id.0);
        let slice = page.within(people, seat);
        let edges = slice.map(|person| Edge::new(&seat(&person), ParticipantObject(person)));
        Ok(Counted { page: Connection::of(edges), total })
    }

    /// The copies the viewer holds, oldest to newest; without arguments the newest 50.
    #[graphql(complexity = "page_cost(first, last, DEFAULT_MESSAGES, child_complexity)")]
    async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100; 50 when neither this nor `first` is given.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<MessageObject>> {
        let page = Paging { first, after, last, before }.page(Page::last(50))?;
        let viewer = ctx.viewer()?.user_id;
        Ok(messages_of(message::list(ctx.app()?, viewer, self.0.conversation.id, &page).await?))
    }

    /// The copies around a position, half of them before it: for links, and for the first unread message.
    #[graphql(complexity = "page_cost(Some(count), None, DEFAULT_MESSAGES, child_complexity)")]
    async fn messages_around(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The position in the middle; there need be no message at it.")] position: i32,
        #[graphql(desc = "How many, 1 to 100.", default = 50)] count: i32,
    ) -> async_graphql::Result<Connection<MessageObject>> {
        if !(1..=MAX_SIZE).contains(&count) {
            return Err(Error::BadRequest(format!("`count` is 1 to {MAX_SIZE}")).into());
        }
        let (app, viewer) = (ctx.app()?, ctx.viewer()?.user_id);
        let count = u64::try_from(count)?;
        Ok(messages_of(message::around(app, viewer, self.0.conversation.id, i64::from(position), count).await?))
    }

    /// The newest copy the viewer holds; null when there is none.
    async fn last_message(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<MessageObject>> {
        Ok(ctx.loader()?.load_one(NewestIn(self.0.conversation.id)).await?.map(MessageObject::from))
    }

    /// When the newest of the viewer's copies was sent; null when there is none. To be shown, not to sort by.
    async fn last_activity_at(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<DateTime>> {
        let newest = ctx.loader()?.load_one(NewestIn(self.0.conversation.id)).await?;
        Ok(newest.map(|message| DateTime(message.created_at)))
    }

    /// Sorts the viewer's list as text: the conversation with the newest activity has the greatest.
    async fn viewer_order(&self) -> String {
        format!("{:016}", self.0.mine.activity.unwrap_or(0))
    }

    /// How many present messages of others lie after the viewer's marker.
    async fn viewer_unread_count(&self) -> i32 {
        self.0.mine.unread
    }

    /// Everything up to this position counts as read; 0 when nothing does.
    async fn viewer_last_read_position(&self) -> async_graphql::Result<i32> {
        Ok(i32::try_from(self.0.mine.last_read_position)?)
    }

    /// What the viewer has begun to write here; null when nothing.
    async fn viewer_draft(&self) -> Option<DraftObject> {
        self.0.mine.begun().map(DraftObject::from)
    }

    /// The revision to save the next draft from: it rises whenever a draft is saved or cleared. 0 when there never was one.
    async fn viewer_draft_revision(&self) -> i32 {
        self.0.mine.draft_revision
    }

    /// Whether the viewer may write here now.
    async fn viewer_can_post(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        if self.0.conversation.kind == Kind::Group || !self.0.takes_part() {
            return Ok(self.0.takes_part());
        }
        let loader = ctx.loader()?;
        let people = loader.load_one(ParticipantsOf(self.0.conversation.id)).await?.unwrap_or_default();
        let users = loader.load_many(people.iter().map(|person| person.user_id)).await?;
        Ok(users.values().all(crate::user::User::is_active))
    }
}

fn messages_of(slice: Slice<message::Message>) -> Connection<MessageObject> {
    Connection::of(slice.map(|message| Edge::new(&Position(message.position), MessageObject::from(message))))
}

/// A person in a conversation.
#[derive(Debug, Clone)]
pub struct ParticipantObject(Participant);

/// A person in a conversation.
#[Object(name = "Participant")]
impl ParticipantObject {
    /// The person.
    async fn user(&self, ctx: &Context<'_>) -> async_graphql::Result<UserObject> {
        let user = ctx.loader()?.load_one(self.0.user_id).await?;
        Ok(user.ok_or_else(|| Error::internal("a participant without their person"))?.into())
    }

    /// What they may do here.
    async fn role(&self) -> Role {
        self.0.role
    }

    /// Since when they take part. Where nothing has been sent yet that is now.
    async fn joined_at(&self, ctx: &Context<'_>) -> async_graphql::Result<DateTime> {
        let since = Some(self.0.joined_at).filter(|&since| since > 0);
        Ok(DateTime(since.unwrap_or(ctx.app()?.clock.now())))
    }
}

/// Look-ups of conversations.
#[derive(Debug, Default)]
pub struct ConversationQuery;

#[Object]
impl ConversationQuery {
    /// The viewer's list, the newest activity first.
    #[graphql(complexity = "page_cost(first, last, DEFAULT_PAGE, child_complexity)")]
    async fn conversations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which conversations are wanted.", default_with = "Filter::All")] filter: Filter,
        #[graphql(desc = "The first so many, 1 to 100; 30 when neither this nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<ConversationObject>> {
        let page = Paging { first, after, last, before }.page(Page::first(30))?;
        let slice = super::list(ctx.app()?, ctx.viewer()?.user_id, filter, &page).await?;
        let edge = |place: Place| Edge::new(&Activity(place.mine.activity.unwrap_or(0)), ConversationObject(place));
        Ok(Connection::of(slice.map(edge)))
    }

    /// A conversation by its id; null unless the viewer takes part, or once did.
    async fn conversation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conversation's id.")] id: ID,
    ) -> async_graphql::Result<Option<ConversationObject>> {
        ctx.viewer()?;
        let Ok(id) = ConversationId::from_str(&id) else { return Ok(None) };
        Ok(ctx.loader()?.load_one(PlaceIn(id)).await?.map(ConversationObject))
    }
}

/// How far the viewer has read.
#[derive(Debug, InputObject)]
pub struct MarkReadInput {
    /// Where.
    conversation_id: ID,
    /// Everything up to this position counts as read. Past the newest message means the newest message.
    up_to_position: i32,
    /// Whether the marker may move back, to make messages unread again.
    #[graphql(default = false)]
    allow_backwards: bool,
}

/// What moving the marker did.
#[derive(Debug, SimpleObject)]
pub struct MarkReadPayload {
    /// The conversation with its new count; null when refused.
    conversation: Option<ConversationObject>,
    /// What is now unread in all conversations; null when refused.
    unread: Option<UnreadTotals>,
    /// Why nothing was done.
    user_errors: Vec<UserError>,
}

impl Payload<(Option<Place>, UnreadTotals)> for MarkReadPayload {
    fn done((place, unread): (Option<Place>, UnreadTotals)) -> Self {
        Self { conversation: place.map(ConversationObject), unread: Some(unread), user_errors: vec![] }
    }

    fn refused(user_errors: Vec<UserError>) -> Self {
        Self { conversation: None, unread: None, user_errors }
    }
}

/// What can be done with conversations.
#[derive(Debug, Default)]
pub struct ConversationMutation;

#[Object]
impl ConversationMutation {
    /// Moves the viewer's marker. It moves forward only, unless `allowBackwards` is true.
    async fn mark_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How far the viewer has read.")] input: MarkReadInput,
    ) -> async_graphql::Result<MarkReadPayload> {
        let (app, viewer, loader) = (ctx.app()?, ctx.viewer()?, ctx.loader()?);
        let Ok(conversation) = ConversationId::from_str(&input.conversation_id) else {
            return settle(Err(Refusal::not_found("conversationId").into()));
        };
        let mark =
            Mark { conversation, up_to: i64::from(input.up_to_position), allow_backwards: input.allow_backwards };
        if let Err(error) = super::mark_read(app, &viewer, mark).await {
            return settle(Err(error));
        }
        let place = loader.load_one(PlaceIn(conversation)).await?;
        let unread = super::unread(app, viewer.user_id).await?;
        settle(Ok((place, unread.into())))
    }
}
