//! What is told to a browser: events of the feed, as markup for the pages that are open. Each piece names its conversation in
//! its target, so it can never land in another one; where that one is not on the screen, it is nothing.

use askama::Template;
use axum::response::sse::Event;
use serde::Serialize;

use crate::{
    api::{
        conversation::Conversation,
        draft::Typing,
        event::{self, ConversationChanged, Envelope, MessageChanged, Reason, StreamReset, TypingChanged},
        message::{PlacedMessage, State},
    },
    clock,
    shell::{self, Row},
    timeline::{MessageRow, Timeline},
    visit::Viewer,
};

/// The same pieces of which pages and answers are made.
#[derive(Template)]
#[template(path = "message/_pushed.html")]
struct Pieces {
    id: String,
    message: Option<MessageRow>,
    row: Row,
    is_listed: bool,
}

/// What a script needs to know of the pieces without reading them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Push {
    conversation: String,
    message: Option<String>,
    author: Option<String>,
    /// What is said aloud to those who do not see it.
    announce: Option<String>,
    /// In all conversations.
    unread: i32,
    row: bool,
    draft: String,
    draft_revision: i32,
    html: String,
}

#[derive(Serialize)]
struct Writes {
    conversation: String,
    user: String,
    name: String,
    typing: bool,
}

#[derive(Serialize)]
struct Reset {
    reason: &'static str,
}

/// An event as this browser is told of it; none where there is nothing to show.
pub(super) fn event(Envelope { cursor, event }: Envelope, viewer: &Viewer) -> Option<Event> {
    let told = match event {
        event::Event::MessageChanged(MessageChanged { message, unread }) => {
            named("push", &push(&message.conversation, Some(&message), unread.messages, viewer)?)
        }
        event::Event::ConversationChanged(ConversationChanged { conversation, unread }) => {
            named("push", &push(&conversation, None, unread.messages, viewer)?)
        }
        event::Event::TypingChanged(TypingChanged { conversation_id, user, state }) => {
            let (conversation, user, name) = (conversation_id.into_inner(), user.id.into_inner(), user.display_name);
            named("typing", &Writes { conversation, user, name, typing: state == Typing::Started })
        }
        event::Event::StreamReset(StreamReset { reason }) => named("reset", &Reset { reason: word(reason) }),
        event::Event::SomethingElse => return None,
    };
    Some(match cursor {
        Some(cursor) => told.id(cursor),
        None => told,
    })
}

/// The stream is alive.
pub(super) fn beat() -> Event {
    Event::default().event("beat").data("{}")
}

/// The session has ended: nothing comes any more.
pub(super) fn signed_out() -> Event {
    Event::default().event("signed-out").data("{}")
}

fn named(name: &str, told: &impl Serialize) -> Event {
    // Strings and numbers: there is nothing that could not be written.
    Event::default().event(name).data(serde_json::to_string(told).unwrap_or_default())
}

fn word(reason: Reason) -> &'static str {
    match reason {
        Reason::TooOld => "TOO_OLD",
        Reason::ServerRestored => "SERVER_RESTORED",
        Reason::UnknownCursor | Reason::Other => "UNKNOWN_CURSOR",
    }
}

fn push(conversation: &Conversation, placed: Option<&PlacedMessage>, unread: i32, viewer: &Viewer) -> Option<Push> {
    let timeline = Timeline { zone: &viewer.visit.zone, now: clock::now(), unread: None, wanted: None };
    let id = conversation.id.inner().to_owned();
    let message = placed.map(|placed| &placed.message);
    let pieces = Pieces {
        id: id.clone(),
        message: message.map(|message| timeline.alone(message)),
        row: Row::of(conversation, viewer),
        // Where nothing was said yet there may be a draft, but no row.
        is_listed: conversation.last_message.is_some(),
    };
    let html = pieces.render().inspect_err(|error| tracing::error!(%error, "an event could not be written")).ok()?;
    Some(Push {
        message: message.map(|message| message.id.inner().to_owned()),
        author: message.and_then(|message| message.author.as_ref()).map(|author| author.id.inner().to_owned()),
        announce: placed.and_then(announcement),
        unread,
        row: pieces.is_listed,
        draft: conversation.viewer_draft.as_ref().map_or_else(String::new, |draft| draft.body.clone()),
        draft_revision: conversation.viewer_draft_revision,
        conversation: id,
        html,
    })
}

/// `Grace: ok, 10:30?`, for what somebody else has just said.
fn announcement(PlacedMessage { message, edited_at, .. }: &PlacedMessage) -> Option<String> {
    let is_news = !message.viewer_is_author && message.state == State::Present && edited_at.is_none();
    let author = message.author.as_ref().map_or("Somebody", |author| author.display_name.as_str());
    let text = message.body.as_deref().filter(|_| is_news)?;
    Some(shell::line(&format!("{author}: "), text))
}
