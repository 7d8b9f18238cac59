//! Somebody whose pages are open: what `/events` tells their browser, without the browser.

use std::pin::Pin;
use std::time::Duration;

use eventsource_stream::Eventsource as _;
use futures_util::future::ready;
use futures_util::{Stream, StreamExt as _};
use serde_json::Value;
use tokio::time::timeout;

use super::page::{Page, Visitor};

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Told {
    pub(crate) name: String,
    /// Where to go on after it; empty when it has no place of its own.
    pub(crate) id: String,
    pub(crate) data: Value,
}

/// An open stream.
pub(crate) struct Live(Pin<Box<dyn Stream<Item = Told> + Send>>);

impl Visitor {
    /// Opens the stream of this browser, from a place or from now on. Once it is back, the stream is listening.
    pub(crate) async fn follows(&self, after: Option<&str>) -> Live {
        let path = after.map_or("/events".to_owned(), |after| format!("/events?after={after}"));
        let mut live = Live::of(self.get(&path).begun().await);
        let first = live.heard().await.expect("an event");
        assert_eq!(first.name, "beat", "the stream does not say that it is alive");
        live
    }
}

impl Live {
    /// What an answer streams.
    pub(crate) fn of(answer: reqwest::Response) -> Self {
        assert_eq!(answer.status(), 200, "there is no stream");
        let mut id = String::new();
        // A broken stream goes on giving errors.
        let events = answer.bytes_stream().eventsource().take_while(|event| ready(event.is_ok()));
        let events = events.filter_map(async |event| event.ok());
        // The last id stays in force for what has none, in browsers too: here only what an event brought itself counts.
        let events = events.map(move |event| {
            let own = if event.id == id { String::new() } else { event.id.clone() };
            id = event.id;
            Told { name: event.event, id: own, data: event.data.parse().expect("one line of JSON") }
        });
        Self(Box::pin(events))
    }

    /// The next event; none when the stream has ended, in whatever way.
    pub(crate) async fn heard(&mut self) -> Option<Told> {
        timeout(PATIENCE, self.0.next()).await.expect("an event in time")
    }

    /// The next event that says something; none when the stream has ended.
    pub(crate) async fn news(&mut self) -> Option<Told> {
        let news = async {
            loop {
                match self.heard().await {
                    Some(told) if told.name == "beat" => {}
                    told => return told,
                }
            }
        };
        timeout(PATIENCE, news).await.expect("news in time")
    }

    /// The next event, which has to be of a kind.
    pub(crate) async fn told(&mut self, name: &str) -> Told {
        let told = self.news().await.expect("the stream goes on");
        assert_eq!(told.name, name, "{told:?}");
        told
    }

    /// Waits for a message, whatever comes before it.
    pub(crate) async fn message(&mut self, text: &str) -> Told {
        loop {
            let told = self.told("push").await;
            if told.pieces().messages() == [text] {
                return told;
            }
        }
    }
}

impl Told {
    /// The markup that it brings.
    pub(crate) fn pieces(&self) -> Page {
        Page::of(self.text("html"))
    }

    /// A text of its data.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.data[name].as_str().unwrap_or_else(|| panic!("{name} is no text in {}", self.data))
    }
}
