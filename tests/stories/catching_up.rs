//! Nothing is missed and nothing is doubled: whatever people do, whenever lines break, wakes are lost and the api is killed, a
//! client that has caught up by the feed alone shows what a fresh look shows.
//!
//! `JBL_TEST_CASES` says how many lives are tried, `JBL_TEST_SEED` repeats one that failed.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::support::chat::Chat;
use crate::support::killable::Killable;
use crate::support::person::{Person, new_key};
use crate::support::replica::{Replica, Seen};
use crate::support::within;

/// What somebody does, in the direct conversation or in the group.
#[derive(Debug, Clone)]
struct Act {
    who: usize,
    in_group: bool,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Says,
    /// Moves the marker to a position, also backwards when that is asked for.
    Reads(i64, bool),
    /// Saves a draft; an empty one clears it.
    Drafts(String),
    SendsDraft,
}

/// What happens to a client, or to the api, while people do something.
#[derive(Debug, Clone)]
enum Mishap {
    None,
    /// Its line breaks.
    Drop(usize),
    /// It listens again.
    Resume(usize),
    /// It falls back to a cursor that it had before.
    Forget(usize, usize),
    /// It looks afresh.
    StartOver(usize),
    /// The api is killed and started again.
    Restart,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let what = prop_oneof![
        4 => Just(What::Says),
        3 => (0..12_i64, any::<bool>()).prop_map(|(to, back)| What::Reads(to, back)),
        2 => "[a-z]{0,3}".prop_map(What::Drafts),
        2 => Just(What::SendsDraft),
    ];
    let act = (0..3_usize, any::<bool>(), what).prop_map(|(who, in_group, what)| Act { who, in_group, what });
    prop::collection::vec(act, 0..7)
}

fn mishap() -> impl Strategy<Value = Mishap> {
    prop_oneof![
        2 => Just(Mishap::None),
        3 => (0..4_usize).prop_map(Mishap::Drop),
        3 => (0..4_usize).prop_map(Mishap::Resume),
        1 => (0..4_usize, 0..100_usize).prop_map(|(client, pick)| Mishap::Forget(client, pick)),
        1 => (0..4_usize).prop_map(Mishap::StartOver),
        1 => Just(Mishap::Restart),
    ]
}

#[expect(clippy::disallowed_methods, reason = "the test run is set up by its environment")]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

#[test]
fn whoever_has_caught_up_sees_what_a_fresh_look_shows() {
    let seed = setting("JBL_TEST_SEED").unwrap_or_else(|| RandomState::new().hash_one("chance"));
    let cases = setting("JBL_TEST_CASES").map_or(6, |cases| cases.try_into().expect("a number of cases"));
    let config = Config {
        cases,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_shrink_iters: 8,
        ..Config::default()
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let chat = runtime.block_on(Chat::start());
    let lives = prop::collection::vec((acts(), mishap()), 4..16);
    let lived = TestRunner::new(config).run(&lives, |life| {
        let life = runtime.block_on(async { timeout(Duration::from_secs(60), live(&chat, life)).await });
        life.unwrap_or_else(|_| Err("not done within a minute".to_owned())).map_err(TestCaseError::fail)
    });
    runtime.block_on(async { drop(chat) });
    if let Err(failure) = lived {
        panic!("JBL_TEST_SEED={seed}: {failure}");
    }
}

/// Three people, four clients, two conversations.
struct World {
    server: Arc<Killable>,
    people: [Person; 3],
    clients: Vec<Replica>,
    /// The direct conversation of the first two, and the group of all.
    conversations: [String; 2],
}

impl World {
    async fn begin(chat: &Chat) -> Self {
        static LIVES: AtomicU32 = AtomicU32::new(0);
        let life = LIVES.fetch_add(1, Ordering::Relaxed);
        let names = ["ada", "grace", "linus"].map(|name| format!("{name}{life}"));
        let people = chat.people(names.each_ref().map(String::as_str)).await;
        let [ada, grace, linus] = &people;
        let group = chat.db_group("Lunch", [ada, grace, linus]).await;
        let conversations = [ada.conversation(grace).await, group.id];
        let server = Arc::new(Killable::start(Arc::clone(&chat.database)).await);
        let mut clients = Vec::new();
        for person in [ada.clone(), ada.on_another_device().await, grace.clone(), linus.clone()] {
            let seen = Seen::afresh(&server, &person, &conversations).await;
            let mut client = Replica::of(Arc::clone(&server), person, seen);
            client.resume();
            clients.push(client);
        }
        Self { server, people, clients, conversations }
    }

    /// Where an act takes place: the third person is in the group only.
    fn place(&self, act: &Act) -> &String {
        &self.conversations[usize::from(act.in_group || act.who == 2)]
    }

    /// Does something, again and again until it is answered; says whether a message was sent.
    async fn act(&self, act: &Act) -> bool {
        let (person, place) = (&self.people[act.who], self.place(act));
        match &act.what {
            What::Says => self.send(act, &new_key(), None).await,
            What::Reads(to, back) => {
                let query = "mutation($input: MarkReadInput!) { markRead(input: $input) { userErrors { code } } }";
                let input = json!({ "conversationId": place, "upToPosition": to, "allowBackwards": back });
                self.server.insists(person, query, json!({ "input": input })).await;
                false
            }
            What::Drafts(body) => {
                let revision = self.draft(act).await["viewerDraftRevision"].as_i64().unwrap_or(0);
                let query = "mutation($input: SaveDraftInput!) { saveDraft(input: $input) { userErrors { code } } }";
                let input = json!({ "to": self.target(act), "body": body, "revision": revision });
                self.server.insists(person, query, json!({ "input": input })).await;
                false
            }
            What::SendsDraft => {
                let draft = self.draft(act).await;
                let revision = draft["viewerDraftRevision"].as_i64().unwrap_or(0);
                let body = draft["viewerDraft"]["body"].as_str().unwrap_or("never saved");
                self.send(act, body, Some(revision)).await
            }
        }
    }

    async fn draft(&self, act: &Act) -> Value {
        let query = "query($id: ID!) { conversation(id: $id) { viewerDraftRevision viewerDraft { body } } }";
        let variables = json!({ "id": self.place(act) });
        self.server.insists(&self.people[act.who], query, variables).await["conversation"].take()
    }

    async fn send(&self, act: &Act, body: &str, draft: Option<i64>) -> bool {
        let query = "mutation($input: SendMessageInput!) { sendMessage(input: $input) { userErrors { code } } }";
        let to = self.target(act);
        let input = json!({ "to": to, "body": body, "idempotencyKey": new_key(), "draftRevision": draft });
        let payload = self.server.insists(&self.people[act.who], query, json!({ "input": input })).await;
        assert_eq!(payload["sendMessage"]["userErrors"], json!([]));
        true
    }

    /// The direct conversation is written to by person: it may not be stored yet.
    fn target(&self, act: &Act) -> Value {
        if *self.place(act) == self.conversations[1] {
            return json!({ "conversationId": self.conversations[1] });
        }
        json!({ "userId": self.people[1 - act.who].id })
    }
}

async fn live(chat: &Chat, life: Vec<(Vec<Act>, Mishap)>) -> Result<(), String> {
    let mut world = World::begin(chat).await;
    let mut sent = [0, 0];
    for (acts, mishap) in life {
        let mut clients = std::mem::take(&mut world.clients);
        let (done, ()) =
            tokio::join!(join_all(acts.iter().map(|act| world.act(act))), befall(&world, &mut clients, mishap));
        world.clients = clients;
        for (act, is_sent) in acts.iter().zip(done) {
            sent[usize::from(act.in_group || act.who == 2)] += usize::from(is_sent);
        }
    }
    let mut shown = Vec::new();
    for client in &mut world.clients {
        client.resume();
        shown.push(settled(&world.server, client, &world.conversations).await?);
    }
    for (conversation, sent, clients) in
        [(&world.conversations[0], sent[0], &shown[..3]), (&world.conversations[1], sent[1], &shown[..])]
    {
        let texts = clients[0].texts(conversation);
        if texts.len() != sent {
            return Err(format!("{sent} were sent, and {} are there: {texts:?}", texts.len()));
        }
        if let Some(other) = clients.iter().map(|seen| seen.texts(conversation)).find(|other| *other != texts) {
            return Err(format!("one sees {texts:?}, another {other:?}"));
        }
    }
    Ok(())
}

async fn befall(world: &World, clients: &mut [Replica], mishap: Mishap) {
    match mishap {
        Mishap::None => {}
        Mishap::Drop(client) => clients[client].drop_line().await,
        Mishap::Resume(client) => clients[client].resume(),
        Mishap::Forget(client, pick) => clients[client].forget(pick).await,
        Mishap::StartOver(client) => {
            let seen = Seen::afresh(&world.server, &clients[client].person, &world.conversations).await;
            clients[client].start_over(seen).await;
            clients[client].resume();
        }
        Mishap::Restart => world.server.restart().await,
    }
}

/// What a client shows when it has caught up, unless a fresh look shows something else.
async fn settled(server: &Killable, client: &Replica, conversations: &[String; 2]) -> Result<Seen, String> {
    let fresh = Seen::afresh(server, &client.person, conversations).await;
    let mut seen = client.seen();
    within(Duration::from_secs(20), "catching up", async || {
        seen = client.seen();
        seen.as_ref().map_or(true, |seen| seen.cursor == fresh.cursor)
    })
    .await;
    let seen = seen.map_err(|faults| faults.join("; "))?;
    if seen == fresh {
        Ok(seen)
    } else {
        Err(format!("{} shows {seen:#?}, and there is {fresh:#?}", client.person.username))
    }
}
