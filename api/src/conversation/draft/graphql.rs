//! Drafts in GraphQL.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::{Draft, Save};
use crate::conversation::Place;
use crate::conversation::graphql::{ConversationObject, PlaceIn};
use crate::graphql::{Asked as _, DateTime, Payload, UserError, settle};
use crate::message::graphql::MessageTarget;

/// What the viewer has begun to write in a conversation, the same on all their devices.
#[derive(Debug, Clone)]
pub struct DraftObject(Draft);

impl From<Draft> for DraftObject {
    fn from(draft: Draft) -> Self {
        Self(draft)
    }
}

/// What the viewer has begun to write in a conversation, the same on all their devices.
#[Object(name = "Draft")]
impl DraftObject {
    /// The text as it was typed.
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// Raised by every save and clearing.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// When it was last saved.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

/// A draft to save.
#[derive(InputObject)]
pub struct SaveDraftInput {
    /// Where it is to be sent one day. A person need not have been written to before, and learns nothing of a draft.
    to: MessageTarget,
    /// The text, at most 8,000 characters, kept as it is. One with nothing visible clears the draft.
    #[graphql(secret)]
    body: String,
    /// The revision last seen (`Conversation.viewerDraftRevision`), 0 where there never was a draft. When another is stored by
    /// now, nothing is saved and the answer is `STALE_REVISION` with what is stored.
    revision: i32,
}

/// What became of a draft.
#[derive(Debug, SimpleObject)]
pub struct SaveDraftPayload {
    /// What is stored now; null when there is no draft.
    draft: Option<DraftObject>,
    /// Where; null when it is not there or not the viewer's.
    conversation: Option<ConversationObject>,
    /// Why nothing was saved.
    user_errors: Vec<UserError>,
}

impl Payload<(Option<Draft>, Option<Place>)> for SaveDraftPayload {
    fn done((draft, place): (Option<Draft>, Option<Place>)) -> Self {
        Self { draft: draft.map(DraftObject), conversation: place.map(ConversationObject::from), user_errors: vec![] }
    }

    fn refused(user_errors: Vec<UserError>) -> Self {
        Self { draft: None, conversation: None, user_errors }
    }
}

/// What can be done with drafts.
#[derive(Debug, Default)]
pub struct DraftMutation;

#[Object]
impl DraftMutation {
    /// Saves what the viewer has begun to write.
    async fn save_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft to save.")] input: SaveDraftInput,
    ) -> async_graphql::Result<SaveDraftPayload> {
        let (app, viewer) = (ctx.app()?, ctx.viewer()?);
        let SaveDraftInput { to, body, revision } = input;
        let saved = match to.read() {
            Ok(to) => super::save(app, &viewer, Save { to, body, revision }).await,
            Err(error) => Err(error),
        };
        let saved = match saved {
            Ok(saved) => saved,
            Err(error) => return settle(Err(error)),
        };
        let place = ctx.loader()?.load_one(PlaceIn(saved.conversation)).await?;
        let payload: SaveDraftPayload = settle(Ok((saved.draft, place)))?;
        Ok(SaveDraftPayload { user_errors: saved.refusal.into_iter().map(UserError::from).collect(), ..payload })
    }
}
