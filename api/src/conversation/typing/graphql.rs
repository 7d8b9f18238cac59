//! "Grace is typing" in GraphQL.

use std::str::FromStr as _;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};

use crate::conversation::Place;
use crate::conversation::graphql::{ConversationObject, PlaceIn};
use crate::error::Refusal;
use crate::graphql::{Asked as _, Payload, UserError, settle};
use crate::id::ConversationId;

/// Whether somebody writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum TypingState {
    /// They write. This holds for six seconds unless it is said again.
    Started,
    /// They have stopped, or sent what they wrote.
    Stopped,
}

/// Whether the viewer writes.
#[derive(Debug, InputObject)]
pub struct SetTypingInput {
    /// Where.
    conversation_id: ID,
    /// Whether the viewer writes there. Say `STARTED` about every three seconds while they do: more often is not passed on.
    state: TypingState,
}

/// What saying so did.
#[derive(Debug, SimpleObject)]
pub struct SetTypingPayload {
    /// Where; null when refused.
    conversation: Option<ConversationObject>,
    /// Why nobody was told.
    user_errors: Vec<UserError>,
}

impl Payload<Option<Place>> for SetTypingPayload {
    fn done(place: Option<Place>) -> Self {
        Self { conversation: place.map(ConversationObject::from), user_errors: vec![] }
    }

    fn refused(user_errors: Vec<UserError>) -> Self {
        Self { conversation: None, user_errors }
    }
}

/// What can be done with typing.
#[derive(Debug, Default)]
pub struct TypingMutation;

#[Object]
impl TypingMutation {
    /// Tells the other participants who are connected that the viewer has begun or stopped to write. Nothing is stored.
    async fn set_typing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whether the viewer writes.")] input: SetTypingInput,
    ) -> async_graphql::Result<SetTypingPayload> {
        let (app, viewer) = (ctx.app()?, ctx.viewer()?);
        let Ok(conversation) = ConversationId::from_str(&input.conversation_id) else {
            return settle(Err(Refusal::not_found("conversationId").into()));
        };
        if let Err(error) = super::set(app, &viewer, conversation, input.state == TypingState::Started).await {
            return settle(Err(error));
        }
        settle(Ok(ctx.loader()?.load_one(PlaceIn(conversation)).await?))
    }
}
