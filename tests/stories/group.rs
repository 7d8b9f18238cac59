//! Conversations of more than two, as far as receiving, reading and writing go. They are made behind the product's back.

use serde_json::json;

use crate::support::chat::Chat;

#[tokio::test]
async fn everyone_who_takes_part_has_a_copy_the_author_included() {
    let chat = Chat::start().await;
    let [alice, bob, carol, mallory] = chat.people(["alice", "bob", "carol", "mallory"]).await;
    let group = chat.db_group("Lunch", [&alice, &bob, &carol]).await;
    alice.says(&group, "soup?").await;
    bob.says(&group, "noodles").await;
    for person in [&alice, &bob, &carol] {
        assert_eq!(person.sees(&group).await, ["soup?", "noodles"]);
        let looks = person.looks_at(&group, "kind title viewerCanPost participants { totalCount }").await;
        let whole =
            json!({ "kind": "GROUP", "title": "Lunch", "viewerCanPost": true, "participants": { "totalCount": 3 } });
        assert_eq!(looks, whole);
    }
    assert_eq!(chat.database.db_number("SELECT COUNT(*) FROM messages").await, 6);
    assert_eq!(mallory.looks_at(&group, "id").await, json!(null));
    assert_eq!(mallory.tries_to_say(&group, "me too").await, Err(vec!["NOT_FOUND".to_owned()]));
    assert_eq!(mallory.marks_read(&group, 1).await, Err(vec!["NOT_FOUND".to_owned()]));
    assert_eq!(mallory.lists().await, [""; 0]);
}

#[tokio::test]
async fn who_left_reads_what_they_had_and_nothing_more() {
    let chat = Chat::start().await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    let group = chat.db_group("Lunch", [&alice, &bob, &carol]).await;
    alice.says(&group, "before").await;
    chat.db_leave(&group, &bob).await;
    chat.database.db_run(&format!("UPDATE conversations SET title = 'Dinner' WHERE id = {}", group.row)).await.unwrap();
    alice.says(&group, "after").await;
    assert_eq!(bob.tries_to_say(&group, "wait").await, Err(vec!["NOT_ALLOWED".to_owned()]));
    assert_eq!(bob.sees(&group).await, ["before"]);
    let selection = "title viewerCanPost viewerUnreadCount lastMessage { body } \
                     participants { totalCount nodes { user { username } } }";
    let own = json!({ "totalCount": 1, "nodes": [{ "user": { "username": "bob" } }] });
    let left = json!({
        "title": "Lunch", "viewerCanPost": false, "viewerUnreadCount": 1,
        "lastMessage": { "body": "before" }, "participants": own,
    });
    assert_eq!(bob.looks_at(&group, selection).await, left);
    assert_eq!(carol.sees(&group).await, ["before", "after"]);
    let stayed = carol.looks_at(&group, "title viewerCanPost participants { nodes { user { username } } }").await;
    let both = json!([{ "user": { "username": "alice" } }, { "user": { "username": "carol" } }]);
    assert_eq!(stayed, json!({ "title": "Dinner", "viewerCanPost": true, "participants": { "nodes": both } }));
    // The marker of who left stops at what they hold.
    assert_eq!(bob.marks_read(&group, 99).await, Ok(1));
    assert_eq!(bob.unread().await, (0, 0));
}

#[tokio::test]
async fn who_joins_sees_only_what_comes_later_and_who_comes_back_not_the_time_between() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let group = chat.db_group("Lunch", [&alice]).await;
    alice.says(&group, "one").await;
    chat.db_join(&group, &bob).await;
    alice.says(&group, "two").await;
    chat.db_leave(&group, &bob).await;
    alice.says(&group, "three").await;
    chat.db_join(&group, &bob).await;
    bob.says(&group, "four").await;
    assert_eq!(alice.sees(&group).await, ["one", "two", "three", "four"]);
    let held = [(2, Some("two".to_owned())), (4, Some("four".to_owned()))];
    assert_eq!(bob.messages(&group).await, held);
    assert_eq!(bob.unread_in(&group).await, 1);
}

#[tokio::test]
async fn a_disabled_participant_goes_on_receiving_and_stops_nobody() {
    let chat = Chat::start().await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    let group = chat.db_group("Lunch", [&alice, &bob, &carol]).await;
    chat.disable(&bob).await;
    alice.says(&group, "soup?").await;
    assert_eq!(carol.sees(&group).await, ["soup?"]);
    api::user::enable(&chat.app, "bob").await.unwrap();
    assert_eq!(bob.on_another_device().await.sees(&group).await, ["soup?"]);
}
