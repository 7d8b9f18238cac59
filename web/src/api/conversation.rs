//! Conversations: the list, one with a page of its messages, and how far it was read. Drafts are in `draft`.

use jiff::Timestamp;

use super::{
    message::{LastMessage, MessageConnection},
    refusal::UserError,
    schema,
    user::User,
    viewer::{Frame, UnreadTotals},
};

/// How many messages a page holds. (The derives want the number itself.)
pub(crate) const PAGE_SIZE: i32 = 40;

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[cynic(graphql_type = "ConversationKind")]
pub(crate) enum Kind {
    Direct,
    Group,
}

/// A conversation as its row and its header show it.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub(crate) struct Conversation {
    pub(crate) id: cynic::Id,
    pub(crate) kind: Kind,
    pub(crate) title: Option<String>,
    #[arguments(first: 2)]
    pub(crate) participants: ParticipantConnection,
    pub(crate) last_message: Option<LastMessage>,
    pub(crate) last_activity_at: Option<Timestamp>,
    pub(crate) viewer_order: String,
    pub(crate) viewer_unread_count: i32,
    pub(crate) viewer_last_read_position: i32,
    pub(crate) viewer_draft: Option<Draft>,
    pub(crate) viewer_draft_revision: i32,
    pub(crate) viewer_can_post: bool,
}

/// What the viewer has begun to write.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) body: String,
}

#[derive(cynic::QueryFragment, Debug, Clone)]
pub(crate) struct ParticipantConnection {
    pub(crate) nodes: Vec<Participant>,
}

#[derive(cynic::QueryFragment, Debug, Clone)]
pub(crate) struct Participant {
    pub(crate) user: User,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct ConversationConnection {
    pub(crate) nodes: Vec<Conversation>,
    pub(crate) page_info: PageInfo,
}

#[derive(cynic::QueryFragment, Debug, Clone)]
pub(crate) struct PageInfo {
    pub(crate) has_next_page: bool,
    pub(crate) has_previous_page: bool,
    pub(crate) end_cursor: Option<String>,
}

#[derive(cynic::QueryVariables)]
pub(crate) struct AfterVariables {
    pub(crate) after: Option<String>,
}

/// More of the list.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "AfterVariables")]
pub(crate) struct MoreConversations {
    #[arguments(first: 25, after: $after)]
    pub(crate) conversations: ConversationConnection,
}

/// Which conversation was the last one.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query")]
pub(crate) struct Latest {
    #[arguments(first: 1)]
    pub(crate) conversations: Named,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "ConversationConnection")]
pub(crate) struct Named {
    pub(crate) nodes: Vec<Name>,
}

/// Only which one it is.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Conversation")]
pub(crate) struct Name {
    pub(crate) id: cynic::Id,
}

/// Which page of a conversation's messages: forwards (`first`, `after`) or backwards (`last`, `before`).
#[derive(cynic::QueryVariables, Clone)]
pub(crate) struct ThreadVariables {
    pub(crate) id: cynic::Id,
    pub(crate) first: Option<i32>,
    pub(crate) after: Option<String>,
    pub(crate) last: Option<i32>,
    pub(crate) before: Option<String>,
}

impl ThreadVariables {
    /// The newest page, or the one before a cursor.
    pub(crate) fn back(id: &str, before: Option<String>) -> Self {
        Self { id: cynic::Id::new(id), first: None, after: None, last: Some(PAGE_SIZE), before }
    }

    /// The page after a cursor.
    pub(crate) fn on(id: &str, after: String) -> Self {
        Self { id: cynic::Id::new(id), first: Some(PAGE_SIZE), after: Some(after), last: None, before: None }
    }
}

/// A conversation and a page of its messages.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Conversation", variables = "ThreadVariables")]
pub(crate) struct Thread {
    #[cynic(spread)]
    pub(crate) conversation: Conversation,
    #[arguments(first: $first, after: $after, last: $last, before: $before)]
    pub(crate) messages: MessageConnection,
}

/// The same, where the page is always the newest one.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Conversation")]
pub(crate) struct NewestThread {
    #[cynic(spread)]
    pub(crate) conversation: Conversation,
    #[arguments(last: 40)]
    pub(crate) messages: MessageConnection,
}

impl From<NewestThread> for Thread {
    fn from(NewestThread { conversation, messages }: NewestThread) -> Self {
        Self { conversation, messages }
    }
}

/// A conversation's page.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "ThreadVariables")]
pub(crate) struct ConversationPage {
    #[cynic(spread)]
    pub(crate) frame: Frame,
    #[arguments(id: $id)]
    pub(crate) conversation: Option<Thread>,
}

/// A page of messages for a conversation that is on the screen already.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "ThreadVariables")]
pub(crate) struct Messages {
    #[arguments(id: $id)]
    pub(crate) conversation: Option<Thread>,
}

#[derive(cynic::QueryVariables)]
pub(crate) struct AroundVariables {
    pub(crate) id: cynic::Id,
    pub(crate) position: i32,
}

/// A conversation's page around one of its messages.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "AroundVariables")]
pub(crate) struct AroundPage {
    #[cynic(spread)]
    pub(crate) frame: Frame,
    #[arguments(id: $id)]
    pub(crate) conversation: Option<ThreadAround>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Conversation", variables = "AroundVariables")]
pub(crate) struct ThreadAround {
    #[cynic(spread)]
    pub(crate) conversation: Conversation,
    #[arguments(position: $position, count: 40)]
    pub(crate) messages_around: MessageConnection,
}

impl From<ThreadAround> for Thread {
    fn from(ThreadAround { conversation, messages_around }: ThreadAround) -> Self {
        Self { conversation, messages: messages_around }
    }
}

#[derive(cynic::QueryVariables)]
pub(crate) struct MarkReadVariables {
    pub(crate) input: MarkReadInput,
}

#[derive(cynic::InputObject)]
pub(crate) struct MarkReadInput {
    pub(crate) conversation_id: cynic::Id,
    pub(crate) up_to_position: i32,
}

/// The viewer has read up to a position.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "MarkReadVariables")]
pub(crate) struct MarkRead {
    #[arguments(input: $input)]
    pub(crate) mark_read: MarkReadPayload,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct MarkReadPayload {
    pub(crate) conversation: Option<Conversation>,
    pub(crate) unread: Option<UnreadTotals>,
    pub(crate) user_errors: Vec<UserError>,
}
