//! Somebody who listens to the feed by server-sent events, as the graphql-sse protocol has it.

use std::future::ready;
use std::pin::Pin;
use std::time::Duration;

use eventsource_stream::Eventsource as _;
use futures_util::{Stream, StreamExt as _};
use reqwest::header::{ACCEPT, AUTHORIZATION};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::person::{Person, string};

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// The whole feed, with what stories look at.
pub(crate) const DOCUMENT: &str = "subscription($after: String) { events(after: $after) { cursor event { __typename \
    ... on MessageChanged { message { id position body state revision viewerIsAuthor author { username } \
        conversation { id } } unread { messages conversations } } \
    ... on ConversationChanged { viewerTakesPart unread { messages conversations } conversation { id kind title \
        viewerOrder viewerUnreadCount viewerLastReadPosition viewerDraft { body revision } } } \
    ... on TypingChanged { conversationId user { username } state } \
    ... on StreamReset { reason } } } }";

/// One thing that the feed told.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Told {
    /// Where to go on after it.
    pub(crate) cursor: Option<String>,
    /// What it is, with its `__typename`.
    pub(crate) event: Value,
}

impl Told {
    /// What a result of [`DOCUMENT`] tells; fails the test when it holds errors.
    pub(crate) fn of(result: &Value) -> Self {
        assert!(result.get("errors").is_none(), "{result}");
        let envelope = &result["data"]["events"];
        Self { cursor: envelope["cursor"].as_str().map(str::to_owned), event: envelope["event"].clone() }
    }

    /// Which member of the union it is.
    pub(crate) fn kind(&self) -> &str {
        self.event["__typename"].as_str().expect("a name")
    }

    /// The text of the message that it is about; none when it is not about a message, or the text is gone.
    pub(crate) fn body(&self) -> Option<&str> {
        self.event["message"]["body"].as_str()
    }
}

/// A stream of the feed.
pub(crate) struct Events(Pin<Box<dyn Stream<Item = (String, Value)> + Send>>);

impl Person {
    /// Listens to the feed, from a cursor or from now on.
    pub(crate) async fn listens(&self, after: Option<&str>) -> Events {
        let answer = self.tries_to_stream(DOCUMENT, json!({ "after": after })).await;
        assert_eq!(answer.status(), 200, "{} cannot listen", self.username);
        Events::of(answer)
    }

    /// Asks for an answer by server-sent events.
    pub(crate) async fn tries_to_stream(&self, query: &str, variables: Value) -> reqwest::Response {
        let request = self.api.http.post(format!("{}/graphql", self.api.url));
        let request =
            request.header(ACCEPT, "text/event-stream").header(AUTHORIZATION, format!("Bearer {}", self.token));
        // The client's own limit is for whole answers.
        let request =
            request.timeout(Duration::from_secs(3600)).json(&json!({ "query": query, "variables": variables }));
        timeout(PATIENCE, request.send()).await.expect("an answer in time").expect("an answer")
    }

    /// Where their feed is now.
    pub(crate) async fn event_cursor(&self) -> String {
        string(&self.graphql("{ viewer { eventCursor } }", json!({})).await["viewer"]["eventCursor"])
    }
}

impl Events {
    /// What an answer streams.
    pub(crate) fn of(answer: reqwest::Response) -> Self {
        // A line that broke is the end, and says so again and again.
        let events = answer.bytes_stream().eventsource().take_while(|event| ready(event.is_ok()));
        Self(Box::pin(events.filter_map(async |event| {
            let event = event.ok()?;
            let data = if event.data.is_empty() { Value::Null } else { event.data.parse().expect("JSON") };
            Some((event.event, data))
        })))
    }

    /// The next event of the stream, by its name; none when the stream has ended, in whatever way.
    pub(crate) async fn heard(&mut self) -> Option<(String, Value)> {
        timeout(PATIENCE, self.0.next()).await.expect("an event in time")
    }

    /// The next thing that the feed tells.
    pub(crate) async fn next(&mut self) -> Told {
        match self.heard().await {
            Some((name, data)) if name == "next" => Told::of(&data),
            other => panic!("not told anything, but {other:?}"),
        }
    }

    /// The next thing of a kind, whatever comes before it.
    pub(crate) async fn until(&mut self, mut wanted: impl FnMut(&Told) -> bool) -> Told {
        loop {
            let told = self.next().await;
            if wanted(&told) {
                return told;
            }
        }
    }

    /// The next message, whatever comes before it: its text and the cursor after it.
    pub(crate) async fn message(&mut self) -> (String, String) {
        let told = self.until(|told| told.body().is_some()).await;
        (told.body().expect("a text").to_owned(), told.cursor.expect("a message has a cursor"))
    }
}
