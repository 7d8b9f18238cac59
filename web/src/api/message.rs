//! Messages: one person's copies, and sending.

use jiff::Timestamp;

use super::{
    conversation::{Conversation, Name, PageInfo, Thread},
    refusal::UserError,
    schema,
    user::User,
};

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[cynic(graphql_type = "MessageState")]
pub(crate) enum State {
    Present,
    Withdrawn,
    Removed,
}

#[derive(cynic::QueryFragment, Debug, Clone)]
pub(crate) struct Message {
    pub(crate) id: cynic::Id,
    pub(crate) position: i32,
    pub(crate) author: Option<User>,
    pub(crate) body: Option<String>,
    pub(crate) state: State,
    pub(crate) created_at: Timestamp,
    pub(crate) revision: i32,
    pub(crate) viewer_is_author: bool,
}

/// What the list says of a conversation's last message.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Message")]
pub(crate) struct LastMessage {
    pub(crate) position: i32,
    pub(crate) body: Option<String>,
    pub(crate) state: State,
    pub(crate) viewer_is_author: bool,
}

/// A message, and where it is.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Message")]
pub(crate) struct PlacedMessage {
    #[cynic(spread)]
    pub(crate) message: Message,
    pub(crate) edited_at: Option<Timestamp>,
    pub(crate) conversation: Conversation,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct MessageConnection {
    pub(crate) edges: Vec<MessageEdge>,
    pub(crate) page_info: PageInfo,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct MessageEdge {
    pub(crate) cursor: String,
    pub(crate) node: Message,
}

#[derive(cynic::QueryVariables)]
pub(crate) struct SendVariables {
    pub(crate) input: SendMessageInput,
}

#[derive(cynic::InputObject, Clone)]
pub(crate) struct SendMessageInput {
    pub(crate) to: MessageTarget,
    pub(crate) body: String,
    pub(crate) idempotency_key: String,
    /// Of the viewer's draft that this was.
    pub(crate) draft_revision: Option<i32>,
}

/// To whom: a conversation, or a person whose conversation with the viewer is made on first use.
#[derive(cynic::InputObject, Clone)]
pub(crate) enum MessageTarget {
    ConversationId(cynic::Id),
    UserId(cynic::Id),
}

/// Sends, and brings back the end of the conversation with the new message in it.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "SendVariables")]
pub(crate) struct Send {
    #[arguments(input: $input)]
    pub(crate) send_message: SendMessagePayload,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct SendMessagePayload {
    pub(crate) message_edge: Option<SentEdge>,
    pub(crate) conversation: Option<Tail>,
    pub(crate) user_errors: Vec<UserError>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "MessageEdge")]
pub(crate) struct SentEdge {
    pub(crate) node: SentMessage,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Message")]
pub(crate) struct SentMessage {
    pub(crate) position: i32,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Conversation")]
pub(crate) struct Tail {
    #[cynic(spread)]
    pub(crate) conversation: Conversation,
    #[arguments(last: 20)]
    pub(crate) messages: MessageConnection,
}

impl From<Tail> for Thread {
    fn from(Tail { conversation, messages }: Tail) -> Self {
        Self { conversation, messages }
    }
}

#[derive(cynic::QueryVariables)]
pub(crate) struct FindMessageVariables {
    pub(crate) id: cynic::Id,
}

/// Where a message is, by its id.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "FindMessageVariables")]
pub(crate) struct FindMessage {
    #[arguments(id: $id)]
    pub(crate) node: Option<Found>,
}

#[derive(cynic::InlineFragments, Debug)]
#[cynic(graphql_type = "Node")]
pub(crate) enum Found {
    Message(Place),
    #[cynic(fallback)]
    SomethingElse,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Message")]
pub(crate) struct Place {
    pub(crate) position: i32,
    pub(crate) conversation: Name,
}
