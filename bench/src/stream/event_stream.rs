//! Server-sent events, as web uses them: many streams on few HTTP/2 connections.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::ensure;
use eventsource_stream::Eventsource as _;
use futures_util::{StreamExt as _, TryStreamExt as _, future};
use reqwest::header::ACCEPT;

use super::{Messages, Outcome, operation};
use crate::person::Person;

/// What a connection may have under way: more than a driver ever has, so that no stream waits for another.
const WINDOW: u32 = 16 * 1024 * 1024;

/// The connections that streams share.
#[derive(Debug)]
pub(crate) struct Connections {
    url: String,
    clients: Vec<reqwest::Client>,
    next: AtomicUsize,
}

impl Connections {
    /// So many connections, each opened by its first stream.
    pub(crate) fn to(api: &str, count: usize) -> anyhow::Result<Self> {
        // Each client keeps one HTTP/2 connection.
        let client = || {
            let client = reqwest::Client::builder().no_proxy().http2_prior_knowledge();
            client.http2_initial_connection_window_size(WINDOW).build()
        };
        let clients = (0..count).map(|_| client()).collect::<Result<_, _>>()?;
        Ok(Self { url: format!("{}/graphql", api.trim_end_matches('/')), clients, next: AtomicUsize::new(0) })
    }

    /// Opens a person's stream on the next connection.
    pub(crate) async fn open(&self, person: &Person, after: &str) -> anyhow::Result<Messages> {
        let next = self.next.fetch_add(1, Ordering::Relaxed) % self.clients.len();
        let request = self.clients[next].post(&self.url).bearer_auth(&person.token);
        let response = request.header(ACCEPT, "text/event-stream").json(&operation(after)).send().await?;
        ensure!(response.status().is_success(), "a stream was answered with {}", response.status());
        let events = response.bytes_stream().eventsource().map_err(anyhow::Error::from);
        let results = events.try_take_while(|event| future::ok(event.event != "complete"));
        let message = |data: &str| serde_json::from_str::<Outcome>(data)?.message();
        let messages = results.and_then(move |event| future::ready(message(&event.data)));
        Ok(messages.try_filter_map(future::ok).boxed())
    }
}
