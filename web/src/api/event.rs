//! The feed: what happens in the viewer's mailbox, with all that a page needs to show it.

use super::{
    conversation::Conversation, draft::Typing, message::PlacedMessage, schema, user::User, viewer::UnreadTotals,
};

#[derive(cynic::QueryVariables)]
pub(crate) struct EventsVariables {
    pub(crate) after: Option<String>,
}

/// What was missed since a cursor, and then what happens.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Subscription", variables = "EventsVariables")]
pub(crate) struct Events {
    #[arguments(after: $after)]
    pub(crate) events: Envelope,
}

/// An event, and where the feed goes on after it.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "EventEnvelope")]
pub(crate) struct Envelope {
    /// None for what is never told again.
    pub(crate) cursor: Option<String>,
    pub(crate) event: Event,
}

#[derive(cynic::InlineFragments, Debug)]
pub(crate) enum Event {
    MessageChanged(MessageChanged),
    ConversationChanged(ConversationChanged),
    TypingChanged(TypingChanged),
    StreamReset(StreamReset),
    /// Of a kind that these pages do not show.
    #[cynic(fallback)]
    SomethingElse,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct MessageChanged {
    pub(crate) message: PlacedMessage,
    pub(crate) unread: UnreadTotals,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct ConversationChanged {
    pub(crate) conversation: Conversation,
    pub(crate) unread: UnreadTotals,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct TypingChanged {
    pub(crate) conversation_id: cynic::Id,
    pub(crate) user: User,
    pub(crate) state: Typing,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct StreamReset {
    pub(crate) reason: Reason,
}

/// Why a feed cannot go on from a cursor.
#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[cynic(graphql_type = "StreamResetReason", non_exhaustive)]
pub(crate) enum Reason {
    TooOld,
    UnknownCursor,
    ServerRestored,
    #[cynic(fallback)]
    Other,
}
