//! Acknowledged means kept: retrying a send with its key is safe, whatever happened in between.

use api::conversation::audience::Target;
use api::error::{Error, RefusalCode};
use api::message::body::Body;
use api::message::delivery::Delivery;
use api::message::key::IdempotencyKey;
use tokio::task::JoinSet;

use crate::support::chat::Chat;
use crate::support::person::{Person, To};

const CONFLICT: &str = "CONFLICT";

#[tokio::test]
async fn a_hundred_sends_with_one_key_are_one_message() {
    let chat = Chat::start().await;
    let beside = chat.beside().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let mut sends = JoinSet::new();
    for number in 0..100 {
        let alice = if number % 2 == 0 { alice.clone() } else { alice.at(&beside.api) };
        let bob = bob.clone();
        sends.spawn(async move { alice.sends(&bob, "once", "the-key").await.unwrap() });
    }
    let answers = sends.join_all().await;
    let (replays, firsts): (Vec<_>, Vec<_>) = answers.into_iter().partition(|sent| sent.replayed);
    assert_eq!((firsts.len(), replays.len()), (1, 99));
    assert!(replays.iter().all(|replay| replay.id == firsts[0].id && replay.body == firsts[0].body));
    assert_eq!(chat.database.db_number("SELECT COUNT(*) FROM roots").await, 1);
    assert_eq!(chat.database.db_number("SELECT COUNT(*) FROM messages").await, 2);
    assert_eq!(alice.sees(&bob).await, ["once"]);
    assert_eq!(bob.sees(&alice).await, ["once"]);
    assert_eq!(bob.unread().await, (1, 1));
}

#[tokio::test]
async fn a_key_belongs_to_one_text_one_place_and_one_author() {
    let chat = Chat::start().await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    let first = alice.sends(&bob, "lunch?", "k").await.unwrap();
    assert_eq!(alice.sends(&bob, "dinner?", "k").await, Err(vec![CONFLICT.to_owned()]));
    assert_eq!(alice.sends(&carol, "lunch?", "k").await, Err(vec![CONFLICT.to_owned()]));
    assert_eq!(carol.sees(&alice).await, [""; 0]);
    // The same text by its other spelling, and the same place by its other name, are the same send.
    let again = alice.sends(&first, " lunch?\r\n", "k").await.unwrap();
    assert_eq!((again.id, again.replayed), (first.id, true));
    // Somebody else's key is somebody else's.
    assert!(!bob.sends(&alice, "other", "k").await.unwrap().replayed);
    assert_eq!(bob.sees(&alice).await, ["lunch?", "other"]);
}

#[tokio::test]
async fn every_session_of_the_author_replays_and_nothing_is_unread_twice() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let first = alice.sends(&bob, "hello", "k").await.unwrap();
    let phone = alice.on_another_device().await;
    let again = phone.sends(&bob, "hello", "k").await.unwrap();
    assert_eq!((again.id, again.replayed), (first.id, true));
    assert_eq!(bob.unread().await, (1, 1));
    assert_eq!(alice.lists().await.len(), 1);
}

#[tokio::test]
async fn a_replay_is_answered_when_the_send_would_now_be_refused() {
    let chat = Chat::start().await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    let group = chat.db_group("Lunch", [&alice, &carol]).await;
    let to_bob = alice.sends(&bob, "hello", "to-bob").await.unwrap();
    let to_group = alice.sends(&group, "hello", "to-group").await.unwrap();
    chat.disable(&bob).await;
    chat.db_leave(&group, &alice).await;
    for (to, key, first) in [(To::from(&bob), "to-bob", &to_bob), (To::from(&group), "to-group", &to_group)] {
        assert_eq!(alice.tries_to_say(to.clone(), "new").await, Err(vec!["NOT_ALLOWED".to_owned()]));
        let again = alice.sends(to.clone(), "hello", key).await.unwrap();
        assert_eq!((&again.id, again.replayed), (&first.id, true));
        assert_eq!(alice.sends(to, "other", key).await, Err(vec![CONFLICT.to_owned()]));
    }
}

#[tokio::test]
async fn a_replay_of_what_was_removed_or_withdrawn_finds_its_remains() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let removed = alice.sends(&bob, "removed", "removed").await.unwrap();
    let withdrawn = alice.sends(&bob, "withdrawn", "withdrawn").await.unwrap();
    let author = chat.database.literal(alice.user_id);
    for sql in [
        format!(
            "UPDATE messages SET removed_at = 1, body = NULL, root_id = NULL WHERE recipient_id = {author} AND position = 1"
        ),
        "UPDATE messages SET withdrawn_at = 1, body = NULL WHERE position = 2".to_owned(),
        "UPDATE roots SET content_hash = NULL WHERE position = 2".to_owned(),
    ] {
        chat.database.db_run(&sql).await.unwrap();
    }
    let again = alice.sends(&bob, "removed", "removed").await.unwrap();
    assert_eq!((again.id, again.body, again.replayed), (removed.id, None, true));
    assert_eq!(alice.sends(&bob, "something else", "removed").await, Err(vec![CONFLICT.to_owned()]));
    // Nothing is left to compare: any text is the first one again.
    let again = alice.sends(&bob, "something else", "withdrawn").await.unwrap();
    assert_eq!((again.id, again.body, again.replayed), (withdrawn.id, None, true));
    assert_eq!(bob.sees(&alice).await, ["removed", "(gone)"]);
}

#[tokio::test]
async fn a_key_is_visible_ascii_of_reasonable_length() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    for bad in ["", " ", "a b", "é", "a\n", "\u{7f}", &"k".repeat(129)] {
        assert_eq!(alice.sends(&bob, "hello", bad).await, Err(vec!["INVALID".to_owned()]), "{bad:?}");
    }
    for good in ["0", "!~'\"%_\\", "6a8b6c2e-7d3a-4f6e-9a54-0c1d2e3f4a5b", &"k".repeat(128)] {
        assert!(!alice.sends(&bob, "hello", good).await.unwrap().replayed, "{good:?}");
    }
    // Keys differ by case and are not patterns.
    assert!(!alice.sends(&bob, "hello", "a_b").await.unwrap().replayed);
    assert!(!alice.sends(&bob, "hello", "A_B").await.unwrap().replayed);
    assert!(!alice.sends(&bob, "hello", "axb").await.unwrap().replayed);
}

/// Sends that are handed over in the same moment, before the writer runs, share its transaction.
#[tokio::test]
async fn in_one_batch_a_refused_leader_takes_nobody_with_it() {
    let chat = Chat::start().await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    chat.disable(&bob).await;
    let deliver = |to: &Person, text: &str, key: &str| {
        chat.app.writer.deliver(Delivery {
            author: alice.user_id,
            to: Target::Person(to.user_id),
            body: Body::parse(text).unwrap(),
            key: IdempotencyKey::parse(key).unwrap(),
            draft_revision: None,
            at: 1,
        })
    };
    let (refused, same, other, replay, unrelated) = tokio::join!(
        deliver(&bob, "hello", "k"),
        deliver(&bob, "hello", "k"),
        deliver(&carol, "hello", "k"),
        deliver(&carol, "hello", "k"),
        deliver(&carol, "unrelated", "l"),
    );
    for answer in [refused, same] {
        let Err(Error::Refused(refusal)) = answer else { panic!("{answer:?}") };
        assert_eq!(refusal.code, RefusalCode::NotAllowed);
    }
    assert!(!other.unwrap().replayed);
    assert!(replay.unwrap().replayed);
    assert!(!unrelated.unwrap().replayed);
    let mut seen = carol.sees(&alice).await;
    seen.sort();
    assert_eq!(seen, ["hello", "unrelated"]);
}

#[tokio::test]
async fn in_one_batch_a_key_is_delivered_once_and_its_other_texts_conflict() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let deliver = |text: &str| {
        chat.app.writer.deliver(Delivery {
            author: alice.user_id,
            to: Target::Person(bob.user_id),
            body: Body::parse(text).unwrap(),
            key: IdempotencyKey::parse("k").unwrap(),
            draft_revision: None,
            at: 1,
        })
    };
    let (first, other, again) = tokio::join!(deliver("one"), deliver("two"), deliver("one"));
    assert!(!first.unwrap().replayed);
    let Err(Error::Refused(refusal)) = other else { panic!("{other:?}") };
    assert_eq!(refusal.code, RefusalCode::Conflict);
    assert!(again.unwrap().replayed);
    assert_eq!(bob.sees(&alice).await, ["one"]);
}
