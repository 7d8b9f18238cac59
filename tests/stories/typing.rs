//! "Bob is typing": to those who take part and are there, for a moment, and kept nowhere.

use std::time::Duration;

use serde_json::json;

use crate::support::chat::Chat;
use crate::support::events::Events;
use crate::support::feed::line;
use crate::support::person::{Person, To};

/// Somebody who listens, and is heard to do so: what begins with a reset has begun.
async fn here(person: &Person) -> Events {
    let mut events = person.listens(Some("nowhere")).await;
    assert_eq!(line(&events.next().await.event), "reset UNKNOWN_CURSOR");
    events
}

/// What a listener hears up to the message with this text.
async fn heard_until(events: &mut Events, text: &str) -> Vec<String> {
    let mut heard = Vec::new();
    loop {
        let told = events.next().await;
        assert_eq!(
            told.cursor.is_none(),
            told.kind() == "TypingChanged",
            "what is not stored has no place in the feed"
        );
        if told.body() == Some(text) {
            return heard;
        }
        heard.push(line(&told.event));
    }
}

#[tokio::test]
async fn it_is_told_to_the_others_who_are_there() {
    let chat = Chat::start().await;
    let [alice, bob, carol, mallory] = chat.people(["alice", "bob", "carol", "mallory"]).await;
    let group = chat.db_group("Lunch", [&alice, &bob, &carol]).await;
    alice.says(&mallory, "hello").await;
    let phone = bob.on_another_device().await;
    let mut listeners = Vec::new();
    for person in [&alice, &bob, &phone, &mallory] {
        listeners.push(here(person).await);
    }
    alice.types(&group, "STARTED").await.unwrap();
    alice.types(&group, "STOPPED").await.unwrap();
    // The next message shows that what was to come has come.
    alice.says(&group, "soup?").await;
    alice.says(&mallory, "soup!").await;
    let both = ["alice STARTED", "alice STOPPED"];
    assert_eq!(heard_until(&mut listeners[1], "soup?").await, both);
    assert_eq!(heard_until(&mut listeners[2], "soup?").await, both, "on every device");
    assert_eq!(heard_until(&mut listeners[0], "soup?").await, [""; 0], "nobody is told of themselves");
    assert_eq!(heard_until(&mut listeners[3], "soup!").await, [""; 0], "nobody who takes no part");
    // Who comes later does not learn of it.
    let cursor = carol.event_cursor().await;
    alice.types(&group, "STARTED").await.unwrap();
    let mut late = carol.listens(Some(&cursor)).await;
    alice.says(&group, "noodles?").await;
    assert_eq!(heard_until(&mut late, "noodles?").await, [""; 0]);
}

#[tokio::test]
async fn who_goes_on_writing_is_told_of_only_now_and_then() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    alice.says(&bob, "hello").await;
    let mut bobs = here(&bob).await;
    let began = std::time::Instant::now();
    for _ in 0..10 {
        alice.types(&bob, "STARTED").await.unwrap();
    }
    let took = began.elapsed();
    alice.says(&bob, "there").await;
    let heard = heard_until(&mut bobs, "there").await;
    assert!(!heard.is_empty() && heard.len() <= 1 + took.as_secs() as usize, "{heard:?} in {took:?}");
    // Saying so again and again, with a stop in between, comes to no more.
    let began = std::time::Instant::now();
    for _ in 0..30 {
        alice.types(&bob, "STARTED").await.unwrap();
        alice.types(&bob, "STOPPED").await.unwrap();
    }
    let took = began.elapsed();
    alice.says(&bob, "and gone").await;
    let heard = heard_until(&mut bobs, "and gone").await;
    let pairs = took.as_secs() as usize / 2 + 2;
    assert!(heard.len() <= 2 * pairs, "{} events in {took:?}", heard.len());
}

#[tokio::test]
async fn nothing_of_it_is_stored() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let group = chat.db_group("Lunch", [&alice, &bob]).await;
    alice.says(&bob, "hello").await;
    bob.drafts(&group, "soup", 0).await.unwrap();
    let before = chat.database.db_everything().await;
    for to in [To::from(&bob), To::from(&group)] {
        alice.types(to.clone(), "STARTED").await.unwrap();
        alice.types(to, "STOPPED").await.unwrap();
    }
    assert_eq!(chat.database.db_everything().await, before);
}

#[tokio::test]
async fn who_takes_no_part_is_answered_as_if_it_were_not_there() {
    let chat = Chat::start().await;
    let [alice, bob, mallory] = chat.people(["alice", "bob", "mallory"]).await;
    let group = chat.db_group("Lunch", [&alice, &bob, &mallory]).await;
    let sent = alice.says(&bob, "hello").await;
    chat.db_leave(&group, &mallory).await;
    let mut bobs = here(&bob).await;
    let absent = format!("cnv_{}", "0".repeat(32));
    for id in [group.id.as_str(), &sent.conversation, &absent, "", "cnv_", &bob.id] {
        let to = To::Conversation(id.to_owned());
        assert_eq!(mallory.types(to, "STARTED").await, Err(vec!["NOT_FOUND".to_owned()]), "{id}");
    }
    alice.says(&bob, "there").await;
    assert_eq!(heard_until(&mut bobs, "there").await, [""; 0]);
    let query =
        "mutation($id: ID!) { setTyping(input: { conversationId: $id, state: STARTED }) { userErrors { code } } }";
    let nobody = chat.api.ask(None, query, json!({ "id": group.id })).await;
    assert_eq!(nobody.codes(), ["UNAUTHENTICATED"]);
}

/// A listener who does not read is not waited for, and misses nothing that lasts.
#[tokio::test]
async fn who_is_slow_to_listen_misses_only_what_is_fleeting() {
    let chat = Chat::start().await;
    let people = chat.people(["alice", "bob", "carol", "dave"]).await;
    let [alice, ..] = &people;
    let group = chat.db_group("Lunch", [&people[0], &people[1], &people[2], &people[3]]).await;
    let mut listener = chat.app.bus.listen(alice.user_id).await.unwrap();
    for round in 0..20 {
        for person in &people[1..] {
            person.types(&group, if round % 2 == 0 { "STARTED" } else { "STOPPED" }).await.unwrap();
        }
    }
    people[1].says(&group, "soup?").await;
    let heard = tokio::time::timeout(Duration::from_secs(30), listener.hear()).await.unwrap();
    assert_eq!(heard, api::event::bus::Heard::Wake);
}
