//! Somebody who is disabled: out at once, not to be written to, not forgotten.

use serde_json::json;

use crate::support::chat::{Chat, PASSWORD};

#[tokio::test]
async fn their_sessions_end_at_once_and_they_cannot_come_back() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let phone = bob.on_another_device().await;
    assert!(bob.is_logged_in().await && phone.is_logged_in().await);
    chat.disable(&bob).await;
    assert!(!bob.is_logged_in().await && !phone.is_logged_in().await);
    assert!(alice.is_logged_in().await);
    let refused = chat.api.try_log_in("bob", PASSWORD).await.data();
    assert_eq!(refused["login"]["accessToken"], json!(null));
    assert_eq!(refused["login"]["userErrors"][0]["code"], "INVALID_CREDENTIALS");
    api::user::enable(&chat.app, "bob").await.unwrap();
    assert!(!bob.is_logged_in().await, "an old session does not come back");
    assert!(bob.on_another_device().await.is_logged_in().await);
}

#[tokio::test]
async fn they_cannot_be_written_to_and_what_they_wrote_stays() {
    let chat = Chat::start().await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    let hello = bob.says(&alice, "hello").await;
    chat.disable(&bob).await;
    assert_eq!(alice.sees(&bob).await, ["hello"]);
    let selection = "viewerCanPost lastMessage { body author { displayName isActive } }";
    let author = json!({ "displayName": "Bob", "isActive": false });
    let looks = json!({ "viewerCanPost": false, "lastMessage": { "body": "hello", "author": author } });
    assert_eq!(alice.looks_at(&bob, selection).await, looks);
    assert_eq!(alice.tries_to_say(&bob, "are you there?").await, Err(vec!["NOT_ALLOWED".to_owned()]));
    assert_eq!(alice.tries_to_say(&hello, "are you there?").await, Err(vec!["NOT_ALLOWED".to_owned()]));
    // A first message neither, and it leaves no empty conversation behind.
    assert_eq!(carol.tries_to_say(&bob, "hello?").await, Err(vec!["NOT_ALLOWED".to_owned()]));
    assert_eq!(chat.database.db_number("SELECT COUNT(*) FROM conversations").await, 1);
    api::user::enable(&chat.app, "bob").await.unwrap();
    alice.says(&bob, "welcome back").await;
    assert_eq!(alice.looks_at(&bob, "viewerCanPost").await, json!({ "viewerCanPost": true }));
}
