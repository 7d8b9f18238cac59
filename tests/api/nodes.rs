//! Anything by its id: `node` and `nodes`.

use serde_json::json;

use crate::support::chat::Chat;
use crate::support::person::To;

#[tokio::test]
async fn people_conversations_and_own_copies_have_ids() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let sent = alice.says(&bob, "hello").await;
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on User { username } ... on Conversation { kind } \
                 ... on Message { body position } } }";
    let ids = json!([sent.id, "nonsense", bob.id, sent.conversation, bob.id]);
    let data = bob.graphql(query, json!({ "ids": ids })).await;
    let user = json!({ "__typename": "User", "id": bob.id, "username": "bob" });
    let conversation = json!({ "__typename": "Conversation", "id": sent.conversation, "kind": "DIRECT" });
    let message = json!({ "__typename": "Message", "id": sent.id, "body": "hello", "position": 1 });
    assert_eq!(data["nodes"], json!([message, null, user, conversation, user]));
    assert_eq!(bob.graphql(query, json!({ "ids": [] })).await, json!({ "nodes": [] }));
    for id in [&sent.id, &sent.conversation, &bob.id] {
        let one = alice.graphql("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
        assert_eq!(one["node"]["id"], json!(id));
    }
}

#[tokio::test]
async fn a_hundred_ids_at_once_and_no_more() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let ids = |count: usize| json!({ "ids": vec![alice.id.as_str(); count] });
    assert_eq!(alice.graphql(query, ids(100)).await["nodes"].as_array().unwrap().len(), 100);
    assert_eq!(alice.try_graphql(query, ids(101)).await.codes(), ["BAD_REQUEST"]);
}

#[tokio::test]
async fn an_id_has_one_spelling_and_one_kind() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let sent = alice.says(&bob, "hello").await;
    let query = "query($id: ID!) { node(id: $id) { id } conversation(id: $id) { id } }";
    for id in [
        sent.id.replace("_1", "_01"),
        sent.id.replace("_1", "_2"),
        sent.id.replace("_1", "_-1"),
        format!("{}_9223372036854775808", sent.id),
        sent.id.replace("msg_", "cnv_"),
        sent.conversation.replace("cnv_", "usr_"),
        sent.conversation.to_uppercase(),
        bob.id.replace("usr_", ""),
        "\0".to_owned(),
        "cnv_é".to_owned(),
    ] {
        let data = alice.graphql(query, json!({ "id": id })).await;
        assert_eq!(data, json!({ "node": null, "conversation": null }), "{id}");
    }
    // A person's id is no conversation's, and the other way round.
    assert_eq!(
        alice.graphql(query, json!({ "id": bob.id })).await,
        json!({ "node": { "id": bob.id }, "conversation": null })
    );
    assert_eq!(alice.tries_to_say(To::Person(sent.conversation), "hm").await, Err(vec!["NOT_FOUND".to_owned()]));
    assert_eq!(alice.tries_to_say(To::Conversation(bob.id.clone()), "hm").await, Err(vec!["NOT_FOUND".to_owned()]));
}

#[tokio::test]
async fn a_field_that_fails_and_cannot_be_null_takes_its_parent_with_it() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let sent = alice.says(&bob, "hello").await;
    let root = alice.try_graphql("{ viewer { user { id } } users(after: \"x\") { totalCount } }", json!({})).await;
    assert_eq!(root.codes(), ["CURSOR_INVALID"]);
    assert!(root.json()["data"].is_null(), "{}", root.text);
    let query = "query($id: ID!) { viewer { user { username } } conversation(id: $id) { id messages(after: \"x\") { nodes { id } } } }";
    let nested = alice.try_graphql(query, json!({ "id": sent.conversation })).await;
    assert_eq!(nested.codes(), ["CURSOR_INVALID"]);
    let expected = json!({ "viewer": { "user": { "username": "alice" } }, "conversation": null });
    assert_eq!(nested.json()["data"], expected);
}
