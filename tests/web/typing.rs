//! Typing, through the pages: told to those who are there, and to nobody else.

use crate::support::chat::Chat;
use crate::support::page::Visitor;

#[tokio::test]
async fn who_types_is_seen_and_who_stops_is_not() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let id = ada.says(&grace, "hello").await.conversation;
    let (writer, reader) = (Visitor::logged_in(&chat, "ada").await, Visitor::logged_in(&chat, "grace").await);
    let address = writer.get(&format!("/c/{id}")).await.attribute("#composer", "data-typing");
    let mut live = reader.follows(None).await;
    // What is fleeting is not caught up with: it has to be known that the stream is up.
    ada.says(&grace, "one moment").await;
    live.message("one moment").await;
    for (state, typing) in [("started", true), ("stopped", false)] {
        let answer = writer.post(&address, &[("state", state)]).fragment().await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""));
        let told = live.told("typing").await;
        let expected = serde_json::json!({ "conversation": id, "user": ada.id, "name": "Ada", "typing": typing });
        assert_eq!((told.data, told.id.as_str()), (expected, ""), "typing has a place in the feed");
    }
}

#[tokio::test]
async fn where_nobody_can_be_told_nothing_is_said() {
    let chat = Chat::with_pages().await;
    let [_ada, _grace] = chat.people(["ada", "grace"]).await;
    let writer = Visitor::logged_in(&chat, "ada").await;
    let address = writer.get("/u/grace").await.attribute("#composer", "data-typing");
    assert_eq!(writer.post(&address, &[("state", "started")]).await.status, 204);
    for fields in [&[("state", "singing")][..], &[("state", "")], &[]] {
        assert_eq!(writer.post(&address, fields).fragment().await.status, 422, "{fields:?}");
    }
}
