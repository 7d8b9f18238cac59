//! What is unread: kept as a number, and always equal to a recount of the copies.

use serde_json::json;
use tokio::task::JoinSet;

use crate::support::chat::Chat;
use crate::support::person::{Person, To};

/// Participants whose stored number is not what their copies say.
const WRONG: &str = "SELECT COUNT(*) FROM participants p WHERE p.unread <> (SELECT COUNT(*) FROM messages m \
    WHERE m.recipient_id = p.user_id AND m.conversation_id = p.conversation_id AND m.position > p.last_read_position \
    AND m.author_id <> m.recipient_id AND m.withdrawn_at IS NULL AND m.removed_at IS NULL)";

#[tokio::test]
async fn messages_of_others_are_unread_until_marked_and_own_never() {
    let chat = Chat::start().await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    for text in ["one", "two", "three"] {
        alice.says(&bob, text).await;
    }
    carol.says(&bob, "psst").await;
    assert_eq!(bob.unread().await, (4, 2));
    assert_eq!(bob.unread_in(&alice).await, 3);
    assert_eq!(alice.unread().await, (0, 0));
    assert_eq!(bob.marks_read(&alice, 2).await, Ok(2));
    assert_eq!((bob.unread_in(&alice).await, bob.unread().await), (1, (2, 2)));
    // Answering does not read for them, and adds nothing.
    bob.says(&alice, "four").await;
    assert_eq!(bob.unread_in(&alice).await, 1);
    assert_eq!(alice.unread().await, (1, 1));
    assert_eq!(chat.database.db_number(WRONG).await, 0);
}

#[tokio::test]
async fn the_marker_goes_forward_and_back_only_when_asked() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    for text in ["one", "two", "three"] {
        alice.says(&bob, text).await;
    }
    assert_eq!(bob.marks_read(&alice, 3).await, Ok(3));
    assert_eq!(bob.marks_read(&alice, 1).await, Ok(3));
    assert_eq!(bob.unread_in(&alice).await, 0);
    assert_eq!(bob.moves_marker(&alice, 1, true).await, Ok(1));
    assert_eq!(bob.unread_in(&alice).await, 2);
    assert_eq!(bob.moves_marker(&alice, 0, true).await, Ok(0));
    assert_eq!(bob.unread_in(&alice).await, 3);
    assert_eq!(bob.moves_marker(&alice, 2, true).await, Ok(2));
    // It stops at the newest message, so that the next one is unread again.
    assert_eq!(bob.marks_read(&alice, i64::from(i32::MAX)).await, Ok(3));
    alice.says(&bob, "four").await;
    assert_eq!(bob.unread_in(&alice).await, 1);
    assert_eq!(bob.marks_read(&alice, -1).await, Err(vec!["INVALID".to_owned()]));
    assert_eq!(chat.database.db_number(WRONG).await, 0);
}

#[tokio::test]
async fn marking_what_is_marked_writes_nothing() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let sent = alice.says(&bob, "hello").await;
    bob.marks_read(&sent, 1).await.unwrap();
    let mailbox = chat.database.literal(bob.user_id);
    let changes = format!("SELECT last_change FROM mailboxes WHERE user_id = {mailbox}");
    let before = chat.database.db_number(&changes).await;
    bob.marks_read(&sent, 1).await.unwrap();
    bob.moves_marker(&sent, 1, true).await.unwrap();
    assert_eq!(chat.database.db_number(&changes).await, before);
}

#[tokio::test]
async fn the_unread_filter_keeps_what_is_unread() {
    let chat = Chat::start().await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    let group = chat.db_group("Lunch", [&alice, &bob]).await;
    let read = alice.says(&bob, "read").await;
    let unread = carol.says(&bob, "unread").await;
    alice.says(&group, "soup?").await;
    bob.marks_read(&read, 1).await.unwrap();
    assert_eq!(filtered(&bob, "ALL").await, [group.id.as_str(), &unread.conversation, &read.conversation]);
    assert_eq!(filtered(&bob, "UNREAD").await, [group.id.as_str(), &unread.conversation]);
    assert_eq!(filtered(&bob, "DIRECT").await, [unread.conversation.as_str(), &read.conversation]);
    assert_eq!(filtered(&bob, "GROUP").await, [group.id.as_str()]);
}

#[tokio::test]
async fn the_kept_number_equals_a_recount_after_anything() {
    let chat = Chat::start().await;
    let people = chat.people(["alice", "bob", "carol"]).await;
    let group = chat.db_group("Lunch", [&people[0], &people[1], &people[2]]).await;
    // A fixed walk that looks random: the same steps every time.
    let mut state = 12_345_u64;
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for step in 0..120 {
        let one = &people[usize::try_from(draw(3)).unwrap()];
        let other = &people[usize::try_from(draw(3)).unwrap()];
        let position = i64::try_from(draw(40)).unwrap();
        match draw(5) {
            0 | 1 => drop(one.says(&group, &format!("step {step}")).await),
            2 => drop(one.tries_to_say(other, &format!("step {step}")).await),
            3 => drop(one.marks_read(&group, position).await),
            _ => drop(one.moves_marker(other, position, true).await),
        }
        assert_eq!(chat.database.db_number(WRONG).await, 0, "after step {step}");
    }
    for person in &people {
        let sql = format!(
            "SELECT COUNT(*) FROM messages m JOIN participants p ON p.user_id = m.recipient_id AND p.conversation_id = \
             m.conversation_id WHERE m.recipient_id = {} AND m.position > p.last_read_position AND m.author_id <> m.recipient_id",
            chat.database.literal(person.user_id)
        );
        assert_eq!(person.unread().await.0, chat.database.db_number(&sql).await);
    }
}

#[tokio::test]
async fn marking_while_others_write_loses_no_count() {
    let chat = Chat::start().await;
    let beside = chat.beside().await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    let group = chat.db_group("Lunch", [&alice, &bob, &carol]).await;
    let to = To::from(&group);
    let mut doing = JoinSet::new();
    for number in 0..60 {
        let api = if number % 2 == 0 { &chat.api } else { &beside.api };
        let (author, reader, to) = (alice.at(api), bob.at(api), to.clone());
        doing.spawn(async move {
            match number % 3 {
                0 => drop(reader.marks_read(to, number).await.unwrap()),
                1 => drop(reader.moves_marker(to, number / 2, true).await.unwrap()),
                _ => drop(author.says(to, "soup?").await),
            }
        });
    }
    doing.join_all().await;
    assert_eq!(chat.database.db_number(WRONG).await, 0);
    assert_eq!(carol.unread_in(&group).await, 20);
}

async fn filtered(person: &Person, filter: &str) -> Vec<String> {
    let query = "query($filter: ConversationFilter!) { conversations(filter: $filter) { nodes { id } } }";
    let data = person.graphql(query, json!({ "filter": filter })).await;
    let nodes = data["conversations"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
}
