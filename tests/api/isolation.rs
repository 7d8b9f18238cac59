//! Who may see what, for every field of the schema: an outsider gets the answer that an absent id gets, byte for byte, and who
//! is not logged in gets nothing. A field that is not covered here fails the test.

use serde_json::{Value, json};

use super::schema::INTROSPECTION;
use crate::support::chat::Chat;
use crate::support::events::Events;
use crate::support::feed::closed;
use crate::support::person::{Answer, Person, Sent, list, new_key};

/// What nobody but the two may ever read.
const SECRET: &str = "the treasure lies under the third willow";

/// How a field is asked for something of others.
struct Probe {
    field: &'static str,
    /// The document; `$id` is what somebody else has.
    document: &'static str,
    /// What of the two's is named in `$id`.
    names: Names,
}

#[derive(Clone, Copy, PartialEq)]
enum Names {
    Conversation,
    Message,
    /// A place in the feed.
    Cursor,
    /// Nothing: the field gives what is the viewer's anyway.
    Nothing,
    /// The same, and strangers may ask it too.
    Public,
}

const PROBES: [Probe; 16] = [
    Probe {
        field: "viewer",
        document: "{ viewer { user { id } eventCursor unread { messages conversations } } }",
        names: Names::Public,
    },
    Probe {
        field: "instance",
        document: "{ instance { name version maxBodyLength maxPageSize isDemo } }",
        names: Names::Public,
    },
    Probe {
        field: "node",
        document: "query($id: ID!) { node(id: $id) { __typename id ... on Conversation { title lastMessage { body } } \
                   ... on Message { body author { id } conversation { id } } } }",
        names: Names::Message,
    },
    Probe {
        field: "nodes",
        document: "query($id: ID!) { nodes(ids: [$id, $id]) { __typename id ... on Conversation { viewerUnreadCount } } }",
        names: Names::Conversation,
    },
    Probe {
        field: "users",
        document: "{ users { totalCount nodes { id directConversation { id lastMessage { body } } } } }",
        names: Names::Nothing,
    },
    Probe {
        field: "user",
        document: "{ user(username: \"alice\") { id directConversation { id messages { nodes { body } } } } }",
        names: Names::Nothing,
    },
    Probe {
        field: "conversations",
        document: "{ conversations(first: 5) { nodes { id messages { nodes { body } } } } }",
        names: Names::Nothing,
    },
    Probe {
        field: "conversation",
        document: "query($id: ID!) { conversation(id: $id) { id kind title viewerOrder viewerCanPost lastActivityAt \
                   participants { totalCount nodes { user { id } } } messages { nodes { body } } \
                   messagesAround(position: 1) { nodes { body } } } }",
        names: Names::Conversation,
    },
    Probe {
        field: "login",
        document: "mutation { login(input: { username: \"alice\", password: \"a guess\" }) { accessToken userErrors { code } } }",
        names: Names::Public,
    },
    Probe {
        field: "logout",
        document: "mutation { logout(input: {}) { endedSessions userErrors { code } } }",
        names: Names::Nothing,
    },
    Probe {
        field: "sendMessage",
        document: "mutation($id: ID!, $key: String!) { sendMessage(input: { to: { conversationId: $id }, body: \"hello\", \
                   idempotencyKey: $key }) { conversation { id } messageEdge { node { id } } replayed \
                   userErrors { code message field } } }",
        names: Names::Conversation,
    },
    Probe {
        field: "markRead",
        document: "mutation($id: ID!) { markRead(input: { conversationId: $id, upToPosition: 1 }) { \
                   conversation { id } unread { messages } userErrors { code message field } } }",
        names: Names::Conversation,
    },
    Probe {
        field: "saveDraft",
        document: "mutation($id: ID!) { saveDraft(input: { to: { conversationId: $id }, body: \"hello\", revision: 0 }) { \
                   draft { body revision } conversation { id } userErrors { code message field } } }",
        names: Names::Conversation,
    },
    Probe {
        field: "setTyping",
        document: "mutation($id: ID!) { setTyping(input: { conversationId: $id, state: STARTED }) { \
                   conversation { id } userErrors { code message field } } }",
        names: Names::Conversation,
    },
    Probe {
        field: "changes",
        document: "query($id: String!) { changes(after: $id) { hasMore cursor events { cursor event { __typename \
                   ... on MessageChanged { message { id body author { id } conversation { id } } unread { messages } } \
                   ... on ConversationChanged { conversation { id title viewerDraft { body } } viewerTakesPart } \
                   ... on StreamReset { reason } } } } }",
        names: Names::Cursor,
    },
    Probe {
        field: "events",
        document: "subscription($id: String!) { events(after: $id) { cursor event { __typename \
                   ... on MessageChanged { message { id body conversation { id } } unread { messages } } \
                   ... on ConversationChanged { conversation { id title viewerDraft { body } } } \
                   ... on StreamReset { reason } } } }",
        names: Names::Cursor,
    },
];

/// The place in the feed of a mailbox, by its holder's public id, before anything had happened there.
fn beginning(chat: &Chat, holder: &str) -> String {
    let epoch = chat.app.feed_epoch.to_string();
    let mailbox = holder.split_once('_').expect("an id").1;
    closed(&json!(["events", { "epoch": epoch, "mailbox": mailbox, "change": 0 }]))
}

/// Two who have written to each other, and somebody who has not.
async fn two_and_an_outsider() -> (Chat, [Person; 3], Sent) {
    let chat = Chat::start().await;
    let [alice, bob, mallory] = chat.people(["alice", "bob", "mallory"]).await;
    let sent = alice.says(&bob, SECRET).await;
    bob.says(&alice, SECRET).await;
    (chat, [alice, bob, mallory], sent)
}

impl Probe {
    /// What is named that is somebody else's, and beside it what is nobody's.
    fn ids(&self, chat: &Chat, alice: &Person, sent: &Sent) -> Vec<(String, String)> {
        let nobody = "0190a0b0c0d07e0f8a1b2c3d4e5f6071";
        let conversation = (sent.conversation.clone(), format!("cnv_{nobody}"));
        let message = (sent.id.clone(), format!("msg_{nobody}_1"));
        match self.names {
            Names::Conversation => vec![conversation],
            Names::Message => vec![message, conversation],
            Names::Cursor => vec![(beginning(chat, &alice.id), beginning(chat, &format!("usr_{nobody}")))],
            Names::Nothing | Names::Public => vec![],
        }
    }

    async fn ask(&self, person: Option<&Person>, chat: &Chat, id: &str) -> Answer {
        let token = person.map(|person| person.token.as_str());
        let key = if self.document.contains("$key") { json!(new_key()) } else { Value::Null };
        let variables = json!({ "id": id, "key": key });
        if self.document.starts_with("subscription") {
            return first_event(chat, token, self.document, variables).await;
        }
        chat.api.ask(token, self.document, variables).await
    }
}

/// The beginning of a stream, or why there is none.
async fn first_event(chat: &Chat, token: Option<&str>, query: &str, variables: Value) -> Answer {
    let request = chat.api.http.post(format!("{}/graphql", chat.api.url)).header("accept", "text/event-stream");
    let request = request.header("authorization", format!("Bearer {}", token.unwrap_or("nobody's")));
    let answer = request.json(&json!({ "query": query, "variables": variables })).send().await.expect("an answer");
    let (status, headers) = (answer.status(), answer.headers().clone());
    let text = match status.is_success() {
        true => Events::of(answer).heard().await.expect("an event").1.to_string(),
        false => answer.text().await.expect("a body"),
    };
    Answer { status, headers, text }
}

#[tokio::test]
async fn every_field_is_covered() {
    let (_chat, [alice, ..], _) = two_and_an_outsider().await;
    let data = alice.graphql(INTROSPECTION, json!({})).await;
    let mut fields = Vec::new();
    for kind in list(&data["__schema"]["types"]) {
        if ["Query", "Mutation", "Subscription"].contains(&kind["name"].as_str().unwrap()) {
            fields.extend(list(&kind["fields"]).iter().map(|field| field["name"].as_str().unwrap().to_owned()));
        }
    }
    let mut covered: Vec<&str> = PROBES.iter().map(|probe| probe.field).collect();
    covered.sort_unstable();
    fields.sort_unstable();
    assert_eq!(fields, covered, "give the new field a probe");
}

#[tokio::test]
async fn who_is_not_logged_in_gets_nothing() {
    let (chat, [alice, ..], sent) = two_and_an_outsider().await;
    for probe in &PROBES {
        let ids = probe.ids(&chat, &alice, &sent).into_iter().map(|(theirs, _)| theirs).chain([String::new()]);
        for id in ids {
            let answer = probe.ask(None, &chat, &id).await;
            if probe.names == Names::Public {
                assert!(answer.codes().is_empty(), "{}: {}", probe.field, answer.text);
            } else {
                assert_eq!(answer.codes(), ["UNAUTHENTICATED"], "{}: {}", probe.field, answer.text);
                assert_eq!(answer.json()["data"], Value::Null, "{}", probe.field);
            }
            assert!(!answer.text.contains(SECRET), "{}", probe.field);
        }
    }
}

#[tokio::test]
async fn an_outsider_gets_what_an_absent_id_gets() {
    let (chat, [alice, _, mallory], sent) = two_and_an_outsider().await;
    let stranger = mallory.on_another_device().await;
    for probe in &PROBES {
        // Logging out must not spoil the probes that come after it.
        let mallory = if probe.field == "logout" { &stranger } else { &mallory };
        for (theirs, absent) in probe.ids(&chat, &alice, &sent) {
            let (foreign, absent_answer) =
                (probe.ask(Some(mallory), &chat, &theirs).await, probe.ask(Some(mallory), &chat, &absent).await);
            assert_eq!(
                foreign.text.replace(&theirs, "ID"),
                absent_answer.text.replace(&absent, "ID"),
                "{}",
                probe.field
            );
            assert_eq!(foreign.status, absent_answer.status, "{}", probe.field);
            for malformed in ["", "0", "cnv_", "msg_1_1", "usr_x", &theirs.to_uppercase(), &format!("{theirs} ")] {
                let answer = probe.ask(Some(mallory), &chat, malformed).await;
                assert_eq!(
                    answer.text.replace(malformed, "ID"),
                    absent_answer.text.replace(malformed, "ID"),
                    "{} {malformed:?}",
                    probe.field
                );
            }
        }
        let answer = probe.ask(Some(mallory), &chat, "").await;
        assert!(
            !answer.text.contains(SECRET) && !answer.text.contains(&sent.conversation),
            "{}: {}",
            probe.field,
            answer.text
        );
    }
    let own = chat.database.literal(mallory.user_id);
    assert_eq!(chat.database.db_number(&format!("SELECT COUNT(*) FROM messages WHERE recipient_id = {own}")).await, 0);
    assert_eq!(chat.database.db_number(&format!("SELECT COUNT(*) FROM messages WHERE author_id = {own}")).await, 0);
}

#[tokio::test]
async fn the_probes_find_what_is_there_for_those_who_may_see_it() {
    let (chat, [alice, bob, _], sent) = two_and_an_outsider().await;
    for probe in PROBES.iter().filter(|probe| probe.field != "logout" && probe.names != Names::Public) {
        for person in [&alice, &bob] {
            let id = probe.ids(&chat, person, &sent).into_iter().next().unwrap_or_default().0;
            let answer = probe.ask(Some(person), &chat, &id).await;
            assert_eq!(answer.codes(), [""; 0], "{}", probe.field);
            let shows = answer.text.contains(&sent.conversation) || answer.text.contains(&sent.id);
            // Nobody has a conversation with themselves.
            let of_oneself = probe.field == "user" && person.username == "alice";
            assert!(shows || of_oneself, "{}: {}", probe.field, answer.text);
        }
    }
}

#[tokio::test]
async fn who_has_left_gets_nothing_of_what_came_after() {
    let chat = Chat::start().await;
    let [alice, bob, mallory] = chat.people(["alice", "bob", "mallory"]).await;
    let group = chat.db_group("Lunch", [&alice, &bob, &mallory]).await;
    alice.says(&group, "before").await;
    chat.db_leave(&group, &mallory).await;
    let after = alice.says(&group, SECRET).await;
    let absent = format!("{}_99", after.id.rsplit_once('_').unwrap().0);
    for probe in PROBES.iter().filter(|probe| !["login", "logout"].contains(&probe.field)) {
        for (id, _) in probe.ids(&chat, &mallory, &after) {
            let (answer, nothing) =
                (probe.ask(Some(&mallory), &chat, &id).await, probe.ask(Some(&mallory), &chat, &absent).await);
            assert!(!answer.text.contains(SECRET), "{}: {}", probe.field, answer.text);
            if id == after.id {
                assert_eq!(answer.text.replace(&id, "ID"), nothing.text.replace(&absent, "ID"), "{}", probe.field);
            }
        }
    }
    assert_eq!((mallory.sees(&group).await, bob.sees(&group).await.len()), (vec!["before".to_owned()], 2));
}

#[tokio::test]
async fn a_key_is_told_to_its_author_only() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let sent = alice.sends(&bob, "hello", "a-private-key").await.unwrap();
    let query = "query($id: ID!) { node(id: $id) { ... on Message { idempotencyKey viewerIsAuthor } } }";
    let own = alice.graphql(query, json!({ "id": sent.id })).await;
    assert_eq!(own["node"], json!({ "idempotencyKey": "a-private-key", "viewerIsAuthor": true }));
    let other = bob.graphql(query, json!({ "id": sent.id })).await;
    assert_eq!(other["node"], json!({ "idempotencyKey": null, "viewerIsAuthor": false }));
}
