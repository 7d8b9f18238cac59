//! Drafts: what somebody has begun to write is theirs on every device, is not overwritten by an older one, goes when it is
//! sent, and is nobody else's business.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::chat::{Chat, minutes};
use crate::support::feed::{Draft, draft, line, no_draft};
use crate::support::person::{Person, Refused, To, list};

fn refused(code: &str) -> Result<Draft, Refused> {
    Err(vec![code.to_owned()])
}

#[tokio::test]
async fn what_is_begun_on_one_device_goes_on_on_another() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let phone = alice.on_another_device().await;
    alice.says(&bob, "hello").await;
    assert_eq!(alice.draft_in(&bob).await, Some(no_draft(0)));
    let mut heard = phone.listens(Some(&phone.event_cursor().await)).await;
    let typed = "  shall we\n\tmeet ";
    assert_eq!(alice.drafts(&bob, typed, 0).await, Ok(draft(typed, 1)));
    assert_eq!(line(&heard.next().await.event), format!("read 0, draft {typed}"));
    assert_eq!(phone.draft_in(&bob).await, Some(draft(typed, 1)));
    assert_eq!(phone.drafts(&bob, "shall we meet at noon?", 1).await, Ok(draft("shall we meet at noon?", 2)));
    assert_eq!(alice.draft_in(&bob).await, Some(draft("shall we meet at noon?", 2)));
    assert_eq!(bob.draft_in(&alice).await, Some(no_draft(0)));
    // Line ends have one spelling; nothing else is touched.
    assert_eq!(alice.drafts(&bob, "a\r\nb\rc ", 2).await, Ok(draft("a\nb\nc ", 3)));
    // With nothing to be seen in it, it is cleared.
    assert_eq!(alice.drafts(&bob, " \n\u{200B}", 3).await, Ok(no_draft(4)));
    assert_eq!(phone.draft_in(&bob).await, Some(no_draft(4)));
}

#[tokio::test]
async fn an_older_draft_never_overwrites_a_newer() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    alice.drafts(&bob, "first", 0).await.unwrap();
    alice.drafts(&bob, "second", 1).await.unwrap();
    let cursor = alice.event_cursor().await;
    for revision in [0, 1, 3, -1, i64::from(i32::MAX), i64::from(i32::MIN)] {
        let answer = alice.tries_to_draft(&bob, "overtaken", revision).await;
        assert_eq!(answer["userErrors"], json!([{ "code": "STALE_REVISION", "field": ["revision"] }]), "{revision}");
        assert_eq!(
            answer["draft"],
            json!({ "body": "second", "revision": 2 }),
            "what is stored comes with the refusal"
        );
    }
    assert_eq!((alice.draft_in(&bob).await, alice.told_since(&cursor).await), (Some(draft("second", 2)), vec![]));
    // Also where none is stored any more, or never was.
    alice.drafts(&bob, "", 2).await.unwrap();
    let cleared = alice.tries_to_draft(&bob, "overtaken", 2).await;
    assert_eq!((&cleared["draft"], &cleared["userErrors"][0]["code"]), (&Value::Null, &json!("STALE_REVISION")));
    let [carol] = chat.people(["carol"]).await;
    let never = alice.tries_to_draft(&carol, "overtaken", 1).await;
    assert_eq!((&never["draft"], &never["userErrors"][0]["code"]), (&Value::Null, &json!("STALE_REVISION")));
    assert_eq!(alice.draft_in(&carol).await, None, "a refused draft leaves nothing behind");
}

#[tokio::test]
async fn of_two_devices_that_save_at_once_one_wins_and_the_other_is_told() {
    let chat = Chat::start().await;
    let beside = chat.beside().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let phone = alice.on_another_device().await.at(&beside.api);
    for revision in 0..10 {
        let (laptop_says, phone_says) = (format!("laptop {revision}"), format!("phone {revision}"));
        let (one, other) =
            tokio::join!(alice.drafts(&bob, &laptop_says, revision), phone.drafts(&bob, &phone_says, revision));
        let stored = alice.draft_in(&bob).await.unwrap();
        assert_eq!(stored.revision, revision + 1);
        let (winner, loser) = if one.is_ok() { (one, other) } else { (other, one) };
        assert_eq!((winner, loser), (Ok(stored), refused("STALE_REVISION")));
    }
}

#[tokio::test]
async fn what_is_sent_is_no_draft_any_more_and_no_late_save_brings_it_back() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    alice.drafts(&bob, "hello", 0).await.unwrap();
    alice.sends_draft(&bob, "hello", 1).await.unwrap();
    assert_eq!(alice.draft_in(&bob).await, Some(no_draft(2)));
    // The save of the last keystroke, under way while it was sent.
    assert_eq!(alice.drafts(&bob, "hello", 1).await, refused("STALE_REVISION"));
    // The same when none had arrived at all before it was sent.
    alice.sends_draft(&bob, "again", 2).await.unwrap();
    assert_eq!(alice.drafts(&bob, "agai", 2).await, refused("STALE_REVISION"));
    assert_eq!(alice.draft_in(&bob).await.unwrap().body, None);
    let [carol] = chat.people(["carol"]).await;
    alice.sends_draft(&carol, "hi", 0).await.unwrap();
    assert_eq!(alice.drafts(&carol, "hi", 0).await, refused("STALE_REVISION"));
    assert_eq!(alice.draft_in(&carol).await.unwrap().body, None);
    assert_eq!(bob.sees(&alice).await, ["hello", "again"]);
}

#[tokio::test]
async fn a_draft_stays_when_it_is_not_the_one_that_was_sent() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    alice.drafts(&bob, "hello", 0).await.unwrap();
    alice.drafts(&bob, "hello, and", 1).await.unwrap();
    alice.sends_draft(&bob, "hello", 1).await.unwrap();
    alice.sends_draft(&bob, "hm", 7).await.unwrap();
    alice.sends_draft(&bob, "hm", -1).await.unwrap();
    alice.says(&bob, "by the way").await;
    // Nor one in another conversation, nor somebody else's in this one.
    let group = chat.db_group("Lunch", [&alice, &bob]).await;
    bob.drafts(&alice, "mine", 0).await.unwrap();
    bob.drafts(&alice, "mine!", 1).await.unwrap();
    alice.sends_draft(&group, "soup?", 2).await.unwrap();
    assert_eq!(alice.draft_in(&bob).await, Some(draft("hello, and", 2)));
    alice.sends_draft(&bob, "hello, and", 2).await.unwrap();
    assert_eq!(alice.draft_in(&bob).await, Some(no_draft(3)));
    assert_eq!(bob.draft_in(&alice).await, Some(draft("mine!", 2)));
    // A refused send and a repeated one take nothing away.
    alice.drafts(&bob, " ", 3).await.unwrap();
    alice.drafts(&bob, "next", 3).await.unwrap();
    assert!(alice.sends_draft(&bob, " ", 4).await.is_err());
    assert_eq!(alice.draft_in(&bob).await, Some(draft("next", 4)));
}

/// Everything that could tell somebody of a conversation with a person.
async fn everything_of(person: &Person, other: &Person, since: &str) -> Value {
    let id = person.conversation(other).await;
    let query = "query($id: ID!, $username: String!, $after: String!) { conversation(id: $id) { id participants { nodes { joinedAt } } } \
                 node(id: $id) { __typename } nodes(ids: [$id]) { __typename } conversations { nodes { id } } \
                 user(username: $username) { directConversationId directConversation { id } } \
                 users { nodes { directConversation { id } } } viewer { eventCursor unread { messages conversations } } \
                 changes(after: $after) { hasMore cursor events { cursor } } }";
    let looks = person.graphql(query, json!({ "id": id, "username": other.username, "after": since })).await;
    let here = || To::Conversation(id.clone());
    let said = person.tries_to_say(here(), "hello?").await;
    let read = person.marks_read(here(), 1).await;
    let typing = person.types(here(), "STARTED").await;
    let drafted = person.tries_to_draft(here(), "hm", 0).await;
    json!({ "looks": looks, "said": said.err(), "read": read.err(), "typing": typing.err(), "drafted": drafted })
}

#[tokio::test]
async fn a_draft_to_somebody_new_is_nothing_they_can_notice() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let since = bob.event_cursor().await;
    let before = everything_of(&bob, &alice, &since).await;
    let mut heard = bob.listens(Some(&bob.event_cursor().await)).await;
    assert_eq!(alice.drafts(&bob, "dear bob", 0).await, Ok(draft("dear bob", 1)));
    alice.types(&bob, "STARTED").await.unwrap();
    alice.drafts(&bob, "dear bob, I", 1).await.unwrap();
    assert_eq!(everything_of(&bob, &alice, &since).await, before);
    // Its author has it: not yet in the list, but wherever they look for it.
    assert_eq!(alice.draft_in(&bob).await, Some(draft("dear bob, I", 2)));
    assert_eq!((alice.lists().await, alice.unread().await), (vec![], (0, 0)));
    let here = To::Conversation(alice.conversation(&bob).await);
    let sent = alice.sends_draft(here, "dear bob", 2).await.unwrap();
    assert_eq!(alice.draft_in(&bob).await, Some(no_draft(3)));
    assert_eq!(line(&heard.next().await.event), "1 dear bob", "the first that is heard of it");
    assert_eq!((bob.lists().await, bob.unread().await), (vec![sent.conversation.clone()], (1, 1)));
    assert_eq!(alice.lists().await, [sent.conversation]);
    bob.says(&alice, "dear alice").await;
    assert_eq!(alice.messages(&bob).await, bob.messages(&alice).await);
}

/// When somebody began to write tells that they did.
#[tokio::test]
async fn when_a_draft_was_begun_shows_nowhere_else() {
    let chat = Chat::start().await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    alice.drafts(&bob, "dear bob", 0).await.unwrap();
    carol.drafts(&bob, "dear bob", 0).await.unwrap();
    chat.later(minutes(90));
    let joined = "lastActivityAt participants { nodes { joinedAt } }";
    bob.says(&alice, "hello").await;
    let looks = bob.looks_at(&alice, joined).await;
    let sent = &looks["lastActivityAt"];
    assert_eq!(looks["participants"]["nodes"], json!([{ "joinedAt": sent }, { "joinedAt": sent }]));
    // Nor when there is no more than another draft.
    bob.drafts(&carol, "dear carol", 0).await.unwrap();
    let after = bob.looks_at(&carol, joined).await["participants"].take();
    for node in list(&after["nodes"]) {
        assert!(node["joinedAt"].as_str() >= sent.as_str(), "{after} before {sent}");
    }
}

#[tokio::test]
async fn somebody_who_cannot_be_written_to_answers_alike_whatever_they_had_begun() {
    let chat = Chat::start().await;
    let [alice, bob, carol, dave] = chat.people(["alice", "bob", "carol", "dave"]).await;
    alice.says(&dave, "hello").await;
    alice.drafts(&bob, "dear bob", 0).await.unwrap();
    chat.disable(&alice).await;
    for person in [&bob, &carol] {
        assert_eq!(person.drafts(&alice, "dear alice", 0).await, refused("NOT_ALLOWED"), "{}", person.username);
        assert_eq!(person.draft_in(&alice).await, None);
    }
    // What one had begun to write to somebody is still one's own.
    assert_eq!(dave.drafts(&alice, "oh", 0).await, Ok(draft("oh", 1)));
}

#[tokio::test]
async fn a_draft_that_cannot_be_kept_is_refused_and_leaves_no_trace() {
    let chat = Chat::start().await;
    let [alice, bob, mallory] = chat.people(["alice", "bob", "mallory"]).await;
    let long = "å".repeat(8_001);
    for (typed, code) in [
        (long.as_str(), "TOO_LONG"),
        ("a\0b", "INVALID"),
        ("bell\u{7}", "INVALID"),
        ("next\u{85}line", "INVALID"),
        ("never a character \u{FFFF}", "INVALID"),
    ] {
        let answer = alice.tries_to_draft(&bob, typed, 0).await;
        assert_eq!(answer["userErrors"], json!([{ "code": code, "field": ["body"] }]), "{typed:?}");
    }
    assert_eq!(alice.drafts(&alice, "dear diary", 0).await, refused("NOT_ALLOWED"));
    let own = alice.conversation(&alice).await;
    assert_eq!(alice.drafts(To::Conversation(own), "dear diary", 0).await, refused("NOT_FOUND"));
    let unknown = format!("usr_{}", "0".repeat(32));
    for nobody in [unknown.as_str(), "usr_", "bob", bob.id.to_uppercase().as_str(), ""] {
        assert_eq!(alice.drafts(To::Person(nobody.to_owned()), "hello?", 0).await, refused("NOT_FOUND"), "{nobody:?}");
    }
    assert_eq!(alice.drafts(&bob, "", 0).await, Ok(no_draft(0)));
    for table in ["conversations", "participants"] {
        assert_eq!(chat.database.db_number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
    let longest = "å".repeat(8_000);
    assert_eq!(alice.drafts(&bob, &longest, 0).await, Ok(draft(&longest, 1)));
    let group = chat.db_group("Lunch", [&alice, &bob]).await;
    assert_eq!(mallory.drafts(&group, "let me in", 0).await, refused("NOT_FOUND"));
    bob.drafts(&group, "wait", 0).await.unwrap();
    chat.db_leave(&group, &bob).await;
    assert_eq!(bob.drafts(&group, "wait!", 1).await, refused("NOT_ALLOWED"));
    assert_eq!(bob.draft_in(&group).await, Some(draft("wait", 1)), "it can still be read");
}

#[tokio::test]
async fn a_draft_says_when_it_was_saved() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let saved = async |revision: i64| {
        alice.drafts(&bob, &format!("draft {revision}"), revision).await.unwrap();
        alice.looks_at(&bob, "viewerDraft { updatedAt }").await["viewerDraft"]["updatedAt"].as_str().unwrap().to_owned()
    };
    let first = saved(0).await;
    chat.later(Duration::from_secs(1));
    assert!(saved(1).await > first);
}
