//! The feed: everything that happens in a mailbox, in the order in which it happened, to the one it happens to and nobody else.

use serde_json::json;
use tokio::task::JoinSet;

use crate::support::chat::Chat;
use crate::support::feed::no_draft;
use crate::support::person::{list, string};

#[tokio::test]
async fn a_message_is_told_to_everyone_who_gets_a_copy_and_to_nobody_else() {
    let chat = Chat::start().await;
    let [alice, bob, carol, mallory] = chat.people(["alice", "bob", "carol", "mallory"]).await;
    let group = chat.db_group("Lunch", [&alice, &bob, &carol]).await;
    let (a, b, c, m) = (
        alice.event_cursor().await,
        bob.event_cursor().await,
        carol.event_cursor().await,
        mallory.event_cursor().await,
    );
    alice.says(&group, "soup?").await;
    bob.says(&group, "noodles").await;
    // The first message to somebody makes the conversation for both, which the message itself tells.
    alice.says(&bob, "or pizza?").await;
    let group_talk = ["1 soup?", "2 noodles"];
    assert_eq!(carol.told_since(&c).await, group_talk);
    for (person, cursor) in [(&alice, &a), (&bob, &b)] {
        let told = person.told_since(cursor).await;
        assert_eq!(told, ["1 soup?", "2 noodles", "1 or pizza?"], "{}", person.username);
    }
    assert_eq!(mallory.told_since(&m).await, [""; 0]);
    assert_eq!(mallory.event_cursor().await, m);
}

#[tokio::test]
async fn a_marker_a_draft_and_a_joining_are_told_to_the_one_they_are_of() {
    let chat = Chat::start().await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    alice.says(&bob, "hello").await;
    alice.says(&bob, "are you there?").await;
    let (a, mut b, c) = (alice.event_cursor().await, bob.event_cursor().await, carol.event_cursor().await);
    let mut told = async |expected: &[&str]| {
        assert_eq!(bob.told_since(&b).await, expected);
        b = bob.event_cursor().await;
    };
    bob.marks_read(&alice, 1).await.unwrap();
    told(&["read 1"]).await;
    bob.drafts(&alice, "one mo", 0).await.unwrap();
    told(&["read 1, draft one mo"]).await;
    bob.drafts(&alice, " ", 1).await.unwrap();
    told(&["read 1"]).await;
    bob.drafts(&alice, "yes", 2).await.unwrap();
    bob.sends_draft(&alice, "yes", 3).await.unwrap();
    told(&["3 yes", "read 1"]).await;
    bob.moves_marker(&alice, 0, true).await.unwrap();
    told(&["read 0"]).await;
    // What moves nothing is nothing to tell.
    bob.moves_marker(&alice, 0, true).await.unwrap();
    bob.drafts(&alice, "", 4).await.unwrap();
    told(&[]).await;
    let group = chat.db_group("Lunch", [&bob]).await;
    told(&["read 0"]).await;
    chat.db_join(&group, &carol).await;
    told(&[]).await;
    assert_eq!(carol.told_since(&c).await, ["read 0"]);
    assert_eq!(alice.told_since(&a).await, ["3 yes"], "how far somebody has read is their own business");
}

#[tokio::test]
async fn who_has_left_is_told_so_and_nothing_after() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let group = chat.db_group("Lunch", [&alice, &bob]).await;
    alice.says(&group, "soup?").await;
    let cursor = bob.event_cursor().await;
    chat.db_leave(&group, &bob).await;
    let query = "query($after: String!) { changes(after: $after) { events { event { ... on ConversationChanged { \
                 viewerTakesPart conversation { id } } } } } }";
    let told = bob.graphql(query, json!({ "after": cursor })).await;
    let left = json!([{ "event": { "viewerTakesPart": false, "conversation": { "id": group.id } } }]);
    assert_eq!(told["changes"]["events"], left);
    let cursor = bob.event_cursor().await;
    alice.says(&group, "he is gone").await;
    alice.drafts(&group, "let us talk about him", 0).await.unwrap();
    assert_eq!(bob.told_since(&cursor).await, [""; 0]);
    chat.db_join(&group, &bob).await;
    alice.says(&group, "welcome back").await;
    assert_eq!(bob.told_since(&cursor).await, ["read 0", "3 welcome back"]);
}

#[tokio::test]
async fn what_changed_several_times_is_told_once_and_last() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    for text in ["one", "two", "three"] {
        alice.says(&bob, text).await;
    }
    let cursor = bob.event_cursor().await;
    bob.marks_read(&alice, 1).await.unwrap();
    alice.says(&bob, "four").await;
    bob.drafts(&alice, "f", 0).await.unwrap();
    bob.drafts(&alice, "five", 1).await.unwrap();
    bob.marks_read(&alice, 4).await.unwrap();
    assert_eq!(bob.told_since(&cursor).await, ["4 four", "read 4, draft five"]);
    // A feed that is read twice says the same twice.
    assert_eq!(bob.told_since(&cursor).await, ["4 four", "read 4, draft five"]);
}

#[tokio::test]
async fn the_order_of_the_feed_is_the_order_of_what_happened() {
    let chat = Chat::start().await;
    let beside = chat.beside().await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    let cursor = carol.event_cursor().await;
    let mut sends = JoinSet::new();
    for number in 0..40 {
        let api = if number % 4 < 2 { &chat.api } else { &beside.api };
        let (author, carol) = (if number % 2 == 0 { alice.at(api) } else { bob.at(api) }, carol.clone());
        sends.spawn(async move { author.says(&carol, &format!("{number}")).await });
    }
    sends.join_all().await;
    let query = "query($after: String!) { changes(after: $after) { events { event { ... on MessageChanged { \
                 message { position conversation { id } } } } } } }";
    let told = carol.graphql(query, json!({ "after": cursor })).await;
    let mut newest = std::collections::HashMap::new();
    for event in list(&told["changes"]["events"]) {
        let message = &event["event"]["message"];
        let position = message["position"].as_i64().unwrap();
        let before = newest.insert(string(&message["conversation"]["id"]), position).unwrap_or(0);
        assert_eq!(position, before + 1, "positions of a conversation come in their order, without a hole here");
    }
    assert_eq!(newest.values().sum::<i64>(), 40);
}

#[tokio::test]
async fn pages_meet_without_loss_or_doubling_wherever_they_are_cut() {
    let chat = Chat::start().await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    let beginning = bob.event_cursor().await;
    for number in 0..12 {
        alice.says(&bob, &format!("{number}")).await;
        bob.marks_read(&alice, number / 2).await.unwrap();
        let revision = bob.draft_in(&carol).await.map_or(0, |draft| draft.revision);
        bob.drafts(&carol, &format!("draft {number}"), revision).await.unwrap();
        carol.says(&bob, &format!("carol {number}")).await;
    }
    let whole = bob.looks_since(&beginning, 100).await;
    assert_eq!((whole.has_more, &whole.cursor), (false, &bob.event_cursor().await));
    // Two conversations with twelve messages each, and one last change of each side.
    assert_eq!(whole.told.len(), 26, "{:?}", whole.told);
    for size in [1, 2, 3, 5, 12, 13, 25, 26, 27, 99] {
        let (mut told, mut cursors, mut after) = (Vec::new(), Vec::new(), beginning.clone());
        loop {
            let page = bob.looks_since(&after, size).await;
            assert!(page.told.len() == size || !page.has_more, "a page of {size} with {}", page.told.len());
            told.extend(page.told);
            cursors.extend(page.cursors);
            if !page.has_more {
                break;
            }
            assert_eq!(cursors.last(), Some(&page.cursor));
            after = page.cursor;
        }
        assert_eq!((told, cursors), (whole.told.clone(), whole.cursors.clone()), "pages of {size}");
    }
    for (index, cursor) in whole.cursors.iter().enumerate() {
        assert_eq!(bob.told_since(cursor).await, whole.told[index + 1..], "cut after {index}");
    }
}

#[tokio::test]
async fn totals_and_conversation_come_with_each_event_as_they_are_now() {
    let chat = Chat::start().await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    alice.says(&bob, "one").await;
    carol.says(&bob, "two").await;
    let cursor = bob.event_cursor().await;
    alice.says(&bob, "three").await;
    let query = "query($after: String!) { changes(after: $after) { events { event { \
                 ... on MessageChanged { unread { messages conversations } message { body state revision \
                 viewerIsAuthor author { username } conversation { viewerUnreadCount viewerLastReadPosition } } } \
                 ... on ConversationChanged { unread { messages conversations } viewerTakesPart conversation { viewerUnreadCount } } } } } }";
    let told = bob.graphql(query, json!({ "after": cursor })).await;
    let message = json!({
        "body": "three", "state": "PRESENT", "revision": 1, "viewerIsAuthor": false, "author": { "username": "alice" },
        "conversation": { "viewerUnreadCount": 2, "viewerLastReadPosition": 0 },
    });
    let event = json!({ "event": { "unread": { "messages": 3, "conversations": 2 }, "message": message } });
    assert_eq!(told["changes"]["events"], json!([event]));
    let cursor = bob.event_cursor().await;
    bob.marks_read(&alice, 2).await.unwrap();
    let told = bob.graphql(query, json!({ "after": cursor })).await;
    let conversation = json!({ "viewerUnreadCount": 0 });
    let unread = json!({ "messages": 1, "conversations": 1 });
    let event = json!({ "event": { "unread": unread, "viewerTakesPart": true, "conversation": conversation } });
    assert_eq!(told["changes"]["events"], json!([event]));
}

#[tokio::test]
async fn a_refused_or_repeated_send_is_told_to_nobody() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    alice.sends(&bob, "hello", "a-key").await.unwrap();
    let (a, b) = (alice.event_cursor().await, bob.event_cursor().await);
    assert!(alice.sends(&bob, "hello", "a-key").await.unwrap().replayed);
    assert_eq!(alice.sends(&bob, "goodbye", "a-key").await, Err(vec!["CONFLICT".to_owned()]));
    assert_eq!(alice.tries_to_say(&bob, " ").await, Err(vec!["EMPTY".to_owned()]));
    assert_eq!(alice.tries_to_say(&alice, "dear diary").await, Err(vec!["NOT_ALLOWED".to_owned()]));
    assert_eq!(alice.draft_in(&bob).await, Some(no_draft(0)));
    for (person, cursor) in [(&alice, a), (&bob, b)] {
        assert_eq!((person.told_since(&cursor).await, person.event_cursor().await), (vec![], cursor));
    }
}
