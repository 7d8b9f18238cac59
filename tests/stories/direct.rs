//! View my conversation with another user, and send messages to them.

use std::collections::HashSet;

use serde_json::json;
use tokio::task::JoinSet;

use crate::support::chat::Chat;
use crate::support::person::To;

#[tokio::test]
async fn a_first_message_makes_the_conversation_for_both() {
    let chat = Chat::start().await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    let hello = alice.says(&bob, "hello").await;
    bob.says(&alice, "hello yourself").await;
    alice.says(&hello, "lunch?").await;
    let talk = ["hello", "hello yourself", "lunch?"];
    assert_eq!(alice.sees(&bob).await, talk);
    assert_eq!(bob.sees(&alice).await, talk);
    assert_eq!(carol.sees(&alice).await, [""; 0]);
    assert_eq!(alice.messages(&bob).await, bob.messages(&alice).await);
    assert_eq!(alice.lists().await, [hello.conversation.as_str()]);
    assert_eq!(bob.lists().await, [hello.conversation]);
    assert_eq!(carol.lists().await, [""; 0]);
}

#[tokio::test]
async fn looking_at_somebody_writes_nothing() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let query = "{ user(username: \"bob\") { directConversationId directConversation { id messages { nodes { id } } } } \
                 users { nodes { directConversation { id } } } conversations { nodes { id } } }";
    let before = alice.graphql(query, json!({})).await;
    assert_eq!(before["user"]["directConversation"], json!(null));
    assert_eq!(alice.looks_at(&bob, "id").await, json!(null));
    assert_eq!(alice.marks_read(&bob, 1).await, Err(vec!["NOT_FOUND".to_owned()]));
    for table in ["conversations", "participants", "messages", "roots"] {
        assert_eq!(chat.database.db_number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
    // The id that was told beforehand is the one it then has, from both sides.
    let sent = bob.says(&alice, "hello").await;
    assert_eq!(before["user"]["directConversationId"], json!(sent.conversation));
    assert_eq!(alice.conversation(&bob).await, sent.conversation);
}

#[tokio::test]
async fn a_conversation_that_is_not_stored_yet_is_written_to_by_person_only() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let id = alice.conversation(&bob).await;
    assert_eq!(alice.tries_to_say(To::Conversation(id.clone()), "hello").await, Err(vec!["NOT_FOUND".to_owned()]));
    alice.says(&bob, "hello").await;
    assert_eq!(alice.says(To::Conversation(id), "again").await.position, 2);
}

#[tokio::test]
async fn fifty_first_sends_at_once_leave_one_conversation() {
    let chat = Chat::start().await;
    let beside = chat.beside().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let mut sends = JoinSet::new();
    for number in 0..50 {
        let (alice, bob) = (alice.clone(), bob.clone());
        // Half of them through another process of the instance.
        let api = if number % 4 < 2 { chat.api.clone() } else { beside.api.clone() };
        sends.spawn(async move {
            let (from, to) = if number % 2 == 0 { (alice, bob) } else { (bob, alice) };
            from.at(&api).says(&to, &format!("hello {number}")).await
        });
    }
    let sent = sends.join_all().await;
    let conversations: HashSet<&str> = sent.iter().map(|sent| sent.conversation.as_str()).collect();
    let positions: HashSet<i64> = sent.iter().map(|sent| sent.position).collect();
    assert_eq!((conversations.len(), positions.len()), (1, 50));
    for (table, rows) in [("conversations", 1), ("participants", 2), ("roots", 50), ("messages", 100)] {
        assert_eq!(chat.database.db_number(&format!("SELECT COUNT(*) FROM {table}")).await, rows, "{table}");
    }
    assert_eq!(alice.messages(&bob).await, bob.messages(&alice).await);
    assert_eq!(alice.messages(&bob).await.len(), 50);
}

#[tokio::test]
async fn nobody_writes_to_themselves_or_to_nobody() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    assert_eq!(alice.tries_to_say(&alice, "dear diary").await, Err(vec!["NOT_ALLOWED".to_owned()]));
    let own = alice.conversation(&alice).await;
    assert_eq!(alice.tries_to_say(To::Conversation(own), "dear diary").await, Err(vec!["NOT_FOUND".to_owned()]));
    let unknown = format!("usr_{}", "0".repeat(32));
    for nobody in [unknown.as_str(), "usr_", "bob", bob.id.to_uppercase().as_str(), ""] {
        let refused = alice.tries_to_say(To::Person(nobody.to_owned()), "hello?").await;
        assert_eq!(refused, Err(vec!["NOT_FOUND".to_owned()]), "{nobody:?}");
    }
    assert_eq!(chat.database.db_number("SELECT COUNT(*) FROM conversations").await, 0);
}

#[tokio::test]
async fn a_text_changes_by_its_edges_and_its_spelling_only() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    for (typed, kept) in [
        ("  two\r\nlines\r ", "two\nlines"),
        ("cafe\u{301}", "caf\u{e9}"),
        ("\tindented\n\n    code", "indented\n\n    code"),
        ("<script>alert(1)</script> & %00 ' \" \\", "<script>alert(1)</script> & %00 ' \" \\"),
        ("👩‍👩‍👧‍👦 שלום \u{202B}مرحبا\u{202C} 你好", "👩‍👩‍👧‍👦 שלום \u{202B}مرحبا\u{202C} 你好"),
        ("𝒳 ﬁ ½", "𝒳 ﬁ ½"),
    ] {
        assert_eq!(alice.says(&bob, typed).await.body.as_deref(), Some(kept));
        assert_eq!(bob.sees(&alice).await.last().map(String::as_str), Some(kept));
    }
}

#[tokio::test]
async fn a_text_that_cannot_be_shown_is_refused_and_leaves_no_trace() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let long = "å".repeat(8_001);
    for (typed, code) in [
        ("", "EMPTY"),
        (" \n\t ", "EMPTY"),
        ("\u{200B}\u{2060}", "EMPTY"),
        ("a\0b", "INVALID"),
        ("bell\u{7}", "INVALID"),
        ("next\u{85}line", "INVALID"),
        ("never a character \u{FFFF}", "INVALID"),
        (&long, "TOO_LONG"),
    ] {
        assert_eq!(alice.tries_to_say(&bob, typed).await, Err(vec![code.to_owned()]), "{typed:?}");
    }
    assert_eq!(chat.database.db_number("SELECT COUNT(*) FROM conversations").await, 0);
    let longest = "å".repeat(8_000);
    assert_eq!(alice.says(&bob, &longest).await.body, Some(longest));
}
