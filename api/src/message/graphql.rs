//! Messages in GraphQL.

use std::collections::HashMap;
use std::str::FromStr as _;
use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, OneofObject, SimpleObject, dataloader};

use super::delivery::Delivered;
use super::{Draft, Message, Position};
use crate::conversation::audience::Target;
use crate::conversation::graphql::{ConversationObject, PlaceIn};
use crate::error::{Error, Refusal, Result};
use crate::graphql::{Asked as _, DateTime, Edge, Lookup, Payload, UserError, settle};
use crate::id::{ConversationId, MessageId, RootId, UserId};
use crate::user::graphql::UserObject;

/// The newest message the viewer holds in a conversation, as a key of the loader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NewestIn(pub ConversationId);

impl dataloader::Loader<MessageId> for Lookup {
    type Value = Message;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[MessageId]) -> Result<HashMap<MessageId, Message>, Arc<Error>> {
        let messages = super::find_many(&self.app, self.viewer_id()?, ids).await?;
        Ok(messages.into_iter().map(|message| (message.id(), message)).collect())
    }
}

impl dataloader::Loader<NewestIn> for Lookup {
    type Value = Message;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[NewestIn]) -> Result<HashMap<NewestIn, Message>, Arc<Error>> {
        let ids: Vec<ConversationId> = keys.iter().map(|key| key.0).collect();
        let newest = super::newest(&self.app, self.viewer_id()?, &ids).await?;
        Ok(newest.into_iter().map(|message| (NewestIn(message.conversation_id), message)).collect())
    }
}

impl dataloader::Loader<RootId> for Lookup {
    type Value = String;
    type Error = Arc<Error>;

    async fn load(&self, roots: &[RootId]) -> Result<HashMap<RootId, String>, Arc<Error>> {
        Ok(super::keys(&self.app, self.viewer_id()?, roots).await?.into_iter().collect())
    }
}

/// What has become of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum MessageState {
    /// It is there to be read.
    Present,
    /// Its author withdrew it for everyone.
    Withdrawn,
    /// The viewer removed it from their own mailbox.
    Removed,
}

/// The viewer's own copy of a message.
#[derive(Debug, Clone)]
pub struct MessageObject(Message);

impl From<Message> for MessageObject {
    fn from(message: Message) -> Self {
        Self(message)
    }
}

/// The viewer's own copy of a message. Nobody else's copy can be named.
#[Object(name = "Message")]
impl MessageObject {
    /// The id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id().into()
    }

    /// Where it was sent.
    async fn conversation(&self, ctx: &Context<'_>) -> async_graphql::Result<ConversationObject> {
        let place = ctx.loader()?.load_one(PlaceIn(self.0.conversation_id)).await?;
        Ok(place.ok_or_else(|| Error::internal("a copy outside its recipient's conversations"))?.into())
    }

    /// Its number in the conversation, the same for every participant. Positions rise and may have holes.
    async fn position(&self) -> async_graphql::Result<i32> {
        Ok(i32::try_from(self.0.position)?)
    }

    /// Who wrote it; null when the account is gone.
    async fn author(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<UserObject>> {
        Ok(ctx.loader()?.load_one(self.0.author_id).await?.map(UserObject::from))
    }

    /// The text; null once withdrawn or removed.
    async fn body(&self) -> Option<&str> {
        self.0.body.as_deref()
    }

    /// What has become of it.
    async fn state(&self) -> MessageState {
        match (self.0.removed_at, self.0.withdrawn_at) {
            (Some(_), _) => MessageState::Removed,
            (None, Some(_)) => MessageState::Withdrawn,
            (None, None) => MessageState::Present,
        }
    }

    /// When it was sent. To be shown, not to sort by.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When its author last changed it; null when never.
    async fn edited_at(&self) -> Option<DateTime> {
        self.0.edited_at.map(DateTime)
    }

    /// Raised by every edit, withdrawal and removal.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// Whether the viewer wrote it.
    async fn viewer_is_author(&self) -> bool {
        self.0.author_id == self.0.recipient_id
    }

    /// The key it was sent with; null on messages of others, and once the copies are no longer linked.
    async fn idempotency_key(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        let own = self.0.root_id.filter(|_| self.0.author_id == self.0.recipient_id);
        let Some(root) = own else { return Ok(None) };
        Ok(ctx.loader()?.load_one(root).await?)
    }
}

/// Where a message is to go: one of the two.
#[derive(Debug, OneofObject)]
pub enum MessageTarget {
    /// To a conversation that the viewer takes part in.
    ConversationId(ID),
    /// To a person: to the direct conversation with them, which is made when it does not exist yet.
    UserId(ID),
}

impl MessageTarget {
    /// Reads the id; one that is none names nothing.
    pub(crate) fn read(&self) -> Result<Target> {
        let absent = |field| Error::from(Refusal::not_found(field).within("to"));
        match self {
            Self::ConversationId(id) => {
                ConversationId::from_str(id).map(Target::Conversation).map_err(|_| absent("conversationId"))
            }
            Self::UserId(id) => UserId::from_str(id).map(Target::Person).map_err(|_| absent("userId")),
        }
    }
}

/// A message to send.
#[derive(InputObject)]
pub struct SendMessageInput {
    /// Where to.
    to: MessageTarget,
    /// The text, 1 to 8,000 characters. Line ends, outer white space and Unicode composition are normalised.
    #[graphql(secret)]
    body: String,
    /// The author's key for this send, 1 to 128 visible ASCII characters, such as a UUID: sending the same again with the same
    /// key is answered with the first message again.
    idempotency_key: String,
    /// The revision of the viewer's draft that this was: the draft is cleared when that is still the newest.
    draft_revision: Option<i32>,
}

/// What became of a send.
#[derive(Debug, SimpleObject)]
pub struct SendMessagePayload {
    /// The viewer's own copy, with its cursor in `Conversation.messages`; null when refused.
    message_edge: Option<Edge<MessageObject>>,
    /// Where it went; null when refused.
    conversation: Option<ConversationObject>,
    /// Whether this key had been sent before, and the first message is answered again.
    replayed: bool,
    /// Why nothing was sent.
    user_errors: Vec<UserError>,
}

impl Payload<(Delivered, Option<ConversationObject>)> for SendMessagePayload {
    fn done((delivered, conversation): (Delivered, Option<ConversationObject>)) -> Self {
        let edge = |copy: Message| Edge::new(&Position(copy.position), MessageObject(copy));
        Self { message_edge: delivered.copy.map(edge), conversation, replayed: delivered.replayed, user_errors: vec![] }
    }

    fn refused(user_errors: Vec<UserError>) -> Self {
        Self { message_edge: None, conversation: None, replayed: false, user_errors }
    }
}

/// What can be done with messages.
#[derive(Debug, Default)]
pub struct MessageMutation;

#[Object]
impl MessageMutation {
    /// Sends a message. Once answered it is on disk in the mailbox of every recipient.
    async fn send_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The message to send.")] input: SendMessageInput,
    ) -> async_graphql::Result<SendMessagePayload> {
        let (app, viewer) = (ctx.app()?, ctx.viewer()?);
        let SendMessageInput { to, body, idempotency_key: key, draft_revision } = input;
        let delivered = match to.read() {
            Ok(to) => super::send(app, &viewer, Draft { to, body, key, draft_revision }).await,
            Err(error) => Err(error),
        };
        let delivered = match delivered {
            Ok(delivered) => delivered,
            Err(error) => return settle(Err(error)),
        };
        let conversation = match ctx.look_ahead().field("conversation").exists() {
            true => ctx.loader()?.load_one(PlaceIn(delivered.conversation)).await?.map(ConversationObject::from),
            false => None,
        };
        settle(Ok((delivered, conversation)))
    }
}
