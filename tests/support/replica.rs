//! A client that knows what it knows from one fresh look and, from there on, from what the feed tells it.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::events::Events;
use super::feed::opened;
use super::killable::Killable;
use super::person::{Person, list, string};

const SIDE: &str =
    "id viewerOrder viewerUnreadCount viewerLastReadPosition viewerDraftRevision viewerDraft { body revision }";
const MESSAGE: &str = "position body state revision author { username }";
const UNREAD: &str = "unread { messages conversations }";

/// How long to wait before an api that is gone is tried again.
const PAUSE: Duration = Duration::from_millis(5);

/// What somebody sees of their conversations.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    /// Everything up to this place of the feed is in it.
    pub(crate) cursor: String,
    unread: Value,
    /// The ids of the list, newest activity first.
    list: Vec<String>,
    /// Their side of each conversation, by its id.
    sides: BTreeMap<String, Value>,
    /// Their copies, by conversation and position.
    messages: BTreeMap<(String, i64), Value>,
}

impl Seen {
    /// What a client is shown that knows nothing yet, of these two conversations and the list.
    pub(crate) async fn afresh(server: &Killable, person: &Person, conversations: &[String; 2]) -> Self {
        let query = format!(
            "query($one: ID!, $other: ID!) {{ viewer {{ eventCursor {UNREAD} }} conversations {{ nodes {{ id }} }} \
             one: conversation(id: $one) {{ ...all }} other: conversation(id: $other) {{ ...all }} }} \
             fragment all on Conversation {{ {SIDE} messages(last: 100) {{ nodes {{ {MESSAGE} }} }} }}"
        );
        let variables = json!({ "one": conversations[0], "other": conversations[1] });
        let mut data = server.insists(person, &query, variables).await;
        let mut seen = Self {
            cursor: string(&data["viewer"]["eventCursor"]),
            unread: data["viewer"]["unread"].take(),
            list: list(&data["conversations"]["nodes"]).iter().map(|node| string(&node["id"])).collect(),
            sides: BTreeMap::new(),
            messages: BTreeMap::new(),
        };
        for mut side in [data["one"].take(), data["other"].take()].into_iter().filter(|side| !side.is_null()) {
            let id = string(&side["id"]);
            for message in list(&side["messages"]["nodes"]) {
                seen.messages.insert((id.clone(), message["position"].as_i64().expect("a position")), message.clone());
            }
            side.as_object_mut().expect("a conversation").remove("messages");
            seen.sides.insert(id, side);
        }
        seen
    }

    /// The texts of a conversation by position.
    pub(crate) fn texts(&self, conversation: &str) -> Vec<(i64, String)> {
        let here = self.messages.iter().filter(|((id, _), _)| id == conversation);
        here.map(|((_, position), message)| (*position, string(&message["body"]))).collect()
    }
}

/// A client, and whether it is listening.
pub(crate) struct Replica {
    /// Whose it is.
    pub(crate) person: Person,
    server: Arc<Killable>,
    known: Arc<Mutex<Known>>,
    line: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Known {
    seen: Seen,
    /// The messages that were told since the last fresh look: each of them is told once.
    told: HashSet<(String, i64)>,
    /// The cursors so far.
    past: Vec<String>,
    /// What should not have been told.
    faults: Vec<String>,
}

impl Replica {
    /// A client that knows what a fresh look showed, and does not listen yet.
    pub(crate) fn of(server: Arc<Killable>, person: Person, seen: Seen) -> Self {
        Self { person, server, known: Arc::new(Mutex::new(Known::of(seen))), line: None }
    }

    /// Listens from where it is.
    pub(crate) fn resume(&mut self) {
        if self.line.is_none() {
            self.line = Some(tokio::spawn(listen(self.server.clone(), self.person.clone(), self.known.clone())));
        }
    }

    /// Stops listening, wherever it is.
    pub(crate) async fn drop_line(&mut self) {
        if let Some(line) = self.line.take() {
            line.abort();
            let ended = line.await;
            assert!(ended.is_err_and(|error| error.is_cancelled()), "a listener has failed");
        }
    }

    /// Falls back to a place of the feed that it was at before, as if what came later had not been written down.
    pub(crate) async fn forget(&mut self, pick: usize) {
        self.drop_line().await;
        let known = &mut *lock(&self.known);
        if !known.past.is_empty() {
            known.past.truncate(pick % known.past.len() + 1);
            known.seen.cursor = known.past.last().expect("a place").clone();
            known.told.clear();
        }
    }

    /// Knows what a fresh look shows, and nothing else.
    pub(crate) async fn start_over(&mut self, seen: Seen) {
        self.drop_line().await;
        let known = &mut *lock(&self.known);
        *known = Known { faults: std::mem::take(&mut known.faults), ..Known::of(seen) };
    }

    /// What it knows now, unless it was told what it should not have been.
    pub(crate) fn seen(&self) -> Result<Seen, Vec<String>> {
        let known = lock(&self.known);
        if known.faults.is_empty() { Ok(known.seen.clone()) } else { Err(known.faults.clone()) }
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        if let Some(line) = &self.line {
            line.abort();
        }
    }
}

fn lock(known: &Mutex<Known>) -> MutexGuard<'_, Known> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Listens, and when the line breaks, again from where it was.
async fn listen(server: Arc<Killable>, person: Person, known: Arc<Mutex<Known>>) {
    let query = format!(
        "subscription($after: String) {{ events(after: $after) {{ cursor event {{ __typename \
         ... on MessageChanged {{ message {{ {MESSAGE} conversation {{ {SIDE} }} }} {UNREAD} }} \
         ... on ConversationChanged {{ conversation {{ {SIDE} }} {UNREAD} }} }} }} }}"
    );
    loop {
        let api = server.api();
        let after = lock(&known).seen.cursor.clone();
        let request = api.http.post(format!("{}/graphql", api.url)).header(ACCEPT, "text/event-stream");
        let request = request.header(AUTHORIZATION, format!("Bearer {}", person.token));
        let answer = request.json(&json!({ "query": query, "variables": { "after": after } })).send().await;
        if let Ok(answer) = answer.and_then(reqwest::Response::error_for_status) {
            let mut events = Events::of(answer);
            while let Some((name, data)) = events.heard().await {
                if name == "next" {
                    lock(&known).learn(data);
                }
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

impl Known {
    fn of(seen: Seen) -> Self {
        Self { seen, told: HashSet::new(), past: Vec::new(), faults: Vec::new() }
    }

    fn learn(&mut self, mut data: Value) {
        let envelope = data["data"]["events"].take();
        let Some(cursor) = envelope["cursor"].as_str() else {
            return self.faults.push(format!("neither an event nor a cursor: {data} {envelope}"));
        };
        if place(cursor) <= place(&self.seen.cursor) {
            self.faults.push(format!("{cursor} comes after {}", self.seen.cursor));
        }
        cursor.clone_into(&mut self.seen.cursor);
        self.past.push(cursor.to_owned());
        let mut event = envelope["event"].clone();
        let side = match event["__typename"].as_str() {
            Some("MessageChanged") => {
                let mut message = event["message"].take();
                let side = message.as_object_mut().and_then(|fields| fields.remove("conversation"));
                let side = side.expect("a conversation");
                let key = (string(&side["id"]), message["position"].as_i64().expect("a position"));
                if !self.told.insert(key.clone()) {
                    self.faults.push(format!("told twice: {message}"));
                }
                self.seen.messages.insert(key, message);
                side
            }
            Some("ConversationChanged") => event["conversation"].take(),
            _ => return self.faults.push(format!("not to be expected: {event}")),
        };
        self.seen.unread = event["unread"].take();
        self.seen.sides.insert(string(&side["id"]), side);
        self.seen.sort();
    }
}

impl Seen {
    /// The list as `viewerOrder` sorts it; what was never written to is not in it.
    fn sort(&mut self) {
        let mut rows: Vec<(String, &String)> =
            self.sides.iter().map(|(id, side)| (string(&side["viewerOrder"]), id)).collect();
        rows.retain(|(order, _)| order.bytes().any(|digit| digit != b'0'));
        rows.sort_by(|one, other| other.cmp(one));
        self.list = rows.into_iter().map(|(_, id)| id.clone()).collect();
    }
}

/// Where in the feed a cursor is.
fn place(cursor: &str) -> i64 {
    opened(cursor)[1]["change"].as_i64().expect("a change")
}

impl Killable {
    /// Asks until there is an answer, however often the api is killed meanwhile.
    pub(crate) async fn insists(&self, person: &Person, query: &str, variables: Value) -> Value {
        loop {
            let answer = self.api().tries_to_ask(Some(&person.token), query, variables.clone()).await;
            match answer {
                Ok(answer) if answer.codes().is_empty() => return answer.data(),
                Ok(answer) => assert_eq!(answer.codes(), ["UNAVAILABLE"], "{}", answer.text),
                Err(_) => {}
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}
