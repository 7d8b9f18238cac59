//! What the viewer is writing: drafts, and that others may see that they write.

use super::{
    conversation::{Draft, Name},
    message::MessageTarget,
    refusal::UserError,
    schema,
};

#[derive(cynic::QueryVariables)]
pub(crate) struct SaveDraftVariables {
    pub(crate) input: SaveDraftInput,
}

#[derive(cynic::InputObject)]
pub(crate) struct SaveDraftInput {
    pub(crate) to: MessageTarget,
    pub(crate) body: String,
    pub(crate) revision: i32,
}

/// Saves a draft that was made from a revision, and brings back what is stored then.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "SaveDraftVariables")]
pub(crate) struct SaveDraft {
    #[arguments(input: $input)]
    pub(crate) save_draft: SaveDraftPayload,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct SaveDraftPayload {
    pub(crate) draft: Option<Draft>,
    pub(crate) conversation: Option<DraftedIn>,
    pub(crate) user_errors: Vec<UserError>,
}

/// Which revision of the draft is stored, also where there is none.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Conversation")]
pub(crate) struct DraftedIn {
    pub(crate) viewer_draft_revision: i32,
}

#[derive(cynic::QueryVariables)]
pub(crate) struct SetTypingVariables {
    pub(crate) input: SetTypingInput,
}

#[derive(cynic::InputObject)]
pub(crate) struct SetTypingInput {
    pub(crate) conversation_id: cynic::Id,
    pub(crate) state: Typing,
}

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[cynic(graphql_type = "TypingState")]
pub(crate) enum Typing {
    Started,
    Stopped,
}

/// Tells the others that the viewer writes, or has stopped.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "SetTypingVariables")]
pub(crate) struct SetTyping {
    #[arguments(input: $input)]
    #[expect(dead_code, reason = "that there was an answer is all there is to know")]
    pub(crate) set_typing: SetTypingPayload,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct SetTypingPayload {
    #[expect(dead_code, reason = "a selection cannot be empty")]
    pub(crate) conversation: Option<Name>,
}
