//! No clock decides order: the same for all participants, whoever writes at once.

use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;

use crate::support::chat::Chat;
use crate::support::person::list;

#[tokio::test]
async fn all_participants_see_one_order_whoever_writes_at_once() {
    let chat = Chat::start().await;
    let beside = chat.beside().await;
    let people = chat.people(["alice", "bob", "carol", "dave"]).await;
    let group = chat.db_group("Lunch", [&people[0], &people[1], &people[2], &people[3]]).await;
    let mut authors = JoinSet::new();
    for (index, author) in people.iter().enumerate() {
        let author = if index % 2 == 0 { author.clone() } else { author.at(&beside.api) };
        let group = crate::support::person::To::from(&group);
        authors.spawn(async move {
            for number in 0..15 {
                author.says(group.clone(), &format!("{} {number}", author.username)).await;
            }
        });
    }
    authors.join_all().await;
    let seen = people[0].messages(&group).await;
    assert_eq!(seen.len(), 60);
    for person in &people {
        assert_eq!(person.messages(&group).await, seen, "{} sees another order", person.username);
        let own: Vec<_> = seen
            .iter()
            .filter_map(|(_, body)| body.clone())
            .filter(|body| body.starts_with(&person.username))
            .collect();
        let said: Vec<_> = (0..15).map(|number| format!("{} {number}", person.username)).collect();
        assert_eq!(own, said, "what one person says keeps its order");
    }
}

/// Everybody writes to everybody through two processes: locks are taken in one order, so all of it goes through.
#[tokio::test]
async fn sends_that_cross_do_not_stand_in_each_others_way() {
    let chat = Chat::start().await;
    let beside = chat.beside().await;
    let people = chat.people(["alice", "bob", "carol", "dave", "erin"]).await;
    let mut sends = JoinSet::new();
    for round in 0..6 {
        for (number, author) in people.iter().enumerate() {
            for other in people.iter().filter(|other| other.username != author.username) {
                let api = if (round + number) % 2 == 0 { &chat.api } else { &beside.api };
                let (author, other) = (author.at(api), other.clone());
                sends.spawn(async move { author.says(&other, &format!("round {round}")).await });
            }
        }
    }
    assert_eq!(sends.join_all().await.len(), 120);
    for person in &people {
        assert_eq!((person.lists().await.len(), person.unread().await), (4, (24, 4)));
    }
}

#[tokio::test]
async fn a_clock_that_jumps_changes_no_order() {
    let chat = Chat::start().await;
    let behind = chat.beside().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    chat.later(Duration::from_secs(3_600));
    alice.says(&bob, "an hour ahead").await;
    bob.at(&behind.api).says(&alice, "and answered before it was sent").await;
    let order = ["an hour ahead", "and answered before it was sent"];
    assert_eq!(alice.sees(&bob).await, order);
    assert_eq!(bob.sees(&alice).await, order);
}

#[tokio::test]
async fn the_list_follows_the_newest_message_and_viewer_order_sorts_it_alike() {
    let chat = Chat::start().await;
    let [alice, bob, carol, dave] = chat.people(["alice", "bob", "carol", "dave"]).await;
    let with_bob = bob.says(&alice, "b").await.conversation;
    let with_carol = alice.says(&carol, "c").await.conversation;
    let with_dave = dave.says(&alice, "d").await.conversation;
    assert_eq!(alice.lists().await, [with_dave.clone(), with_carol.clone(), with_bob.clone()]);
    bob.says(&alice, "b again").await;
    assert_eq!(alice.lists().await, [with_bob, with_dave.clone(), with_carol]);
    // Reading moves nothing.
    alice.marks_read(&dave, 1).await.unwrap();
    assert_eq!(alice.lists().await[1], with_dave);
    let data = alice.graphql("{ conversations { nodes { viewerOrder lastMessage { body } } } }", json!({})).await;
    let orders: Vec<&str> =
        list(&data["conversations"]["nodes"]).iter().map(|node| node["viewerOrder"].as_str().unwrap()).collect();
    assert!(orders.is_sorted_by(|first, second| first > second), "{orders:?}");
    let newest = json!([{ "body": "b again" }, { "body": "d" }, { "body": "c" }]);
    let shown: Vec<_> = list(&data["conversations"]["nodes"]).iter().map(|node| node["lastMessage"].clone()).collect();
    assert_eq!(json!(shown), newest);
}

#[tokio::test]
async fn what_is_sent_in_one_batch_lies_in_the_list_in_the_order_of_its_positions() {
    let chat = Chat::start().await;
    let people = chat.people(["alice", "bob", "carol", "dave"]).await;
    let mut sends = JoinSet::new();
    for number in 0..40 {
        let author = people[1 + number % 3].clone();
        let alice = people[0].clone();
        sends.spawn(async move { author.says(&alice, &format!("{number}")).await });
    }
    sends.join_all().await;
    // In a mailbox, change numbers rise with the positions of each conversation, and no two rows share one.
    let falling = "SELECT COUNT(*) FROM messages a JOIN messages b ON a.recipient_id = b.recipient_id \
                   AND a.conversation_id = b.conversation_id AND a.position < b.position AND a.change >= b.change";
    assert_eq!(chat.database.db_number(falling).await, 0);
    let shared = "SELECT COUNT(*) FROM messages a JOIN messages b ON a.recipient_id = b.recipient_id AND a.change = b.change \
                  AND a.conversation_id <> b.conversation_id";
    assert_eq!(chat.database.db_number(shared).await, 0);
    let stale = "SELECT COUNT(*) FROM participants p WHERE p.activity <> (SELECT MAX(m.change) FROM messages m \
                 WHERE m.recipient_id = p.user_id AND m.conversation_id = p.conversation_id)";
    assert_eq!(chat.database.db_number(stale).await, 0);
}
