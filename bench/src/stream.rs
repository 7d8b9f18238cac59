//! Live streams as clients open them: by server-sent events or by a socket, with the same subscription on both.

mod event_stream;
mod socket;

use anyhow::{bail, ensure};
use futures_util::stream::BoxStream;
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) use event_stream::Connections;
pub(crate) use socket::open as open_socket;

/// What somebody is told, for as long as they listen.
pub(crate) type Messages = BoxStream<'static, anyhow::Result<Message>>;

/// A message that has arrived.
#[derive(Debug, Deserialize)]
pub(crate) struct Message {
    pub(crate) body: Option<String>,
    pub(crate) position: i64,
    pub(crate) conversation: Conversation,
}

/// Where it arrived.
#[derive(Debug, Deserialize)]
pub(crate) struct Conversation {
    pub(crate) id: String,
}

/// What a page needs of a message that it shows, and what else moves with it.
const DOCUMENT: &str = "subscription($after: String) { events(after: $after) { cursor event { __typename \
    ... on MessageChanged { \
        message { id position body state createdAt revision viewerIsAuthor idempotencyKey \
            author { id username displayName } conversation { id viewerOrder viewerUnreadCount } } \
        unread { messages conversations } } \
    ... on StreamReset { reason } } } }";

/// The operation of somebody who goes on from a cursor: however late the stream opens, nothing is missed.
fn operation(after: &str) -> Value {
    json!({ "query": DOCUMENT, "variables": { "after": after } })
}

/// A result of the subscription.
#[derive(Debug, Deserialize)]
struct Outcome {
    data: Option<Answer>,
    errors: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct Answer {
    events: Envelope,
}

#[derive(Debug, Deserialize)]
struct Envelope {
    event: Event,
}

#[derive(Debug, Deserialize)]
struct Event {
    message: Option<Message>,
    reason: Option<String>,
}

impl Outcome {
    /// The message in it; none where something else is told.
    fn message(self) -> anyhow::Result<Option<Message>> {
        let Some(Answer { events: Envelope { event } }) = self.data else {
            bail!("the stream failed: {}", self.errors.unwrap_or_default());
        };
        ensure!(event.reason.is_none(), "the stream was reset: {}", event.reason.unwrap_or_default());
        Ok(event.message)
    }
}
