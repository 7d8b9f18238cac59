//! Every code of the closed list that can occur, provoked; and that nothing of the inside leaves with it. (`TIMEOUT` takes ten
//! seconds and is tested beside the guard that gives it.)

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::chat::Chat;

#[tokio::test]
async fn what_a_client_does_wrong_has_its_code() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    for (document, variables, code) in [
        ("{", json!({}), "GRAPHQL_PARSE_FAILED"),
        ("", json!({}), "GRAPHQL_PARSE_FAILED"),
        ("{ viewer { user { id } }", json!({}), "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("{ node { id } }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("query($id: ID!) { node(id: $id) { id } }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("query($id: ID!) { node(id: $id) { id } }", json!({ "id": [1] }), "GRAPHQL_VALIDATION_FAILED"),
        ("query($id: Nothing) { node(id: $id) { id } }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("{ conversations(filter: EVERY) { nodes { id } } }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("{ users(after: \"x\") { totalCount } }", json!({}), "CURSOR_INVALID"),
        ("{ users(first: 101) { totalCount } }", json!({}), "BAD_REQUEST"),
    ] {
        let answer = alice.try_graphql(document, variables).await;
        let codes: BTreeSet<String> = answer.codes().into_iter().collect();
        assert_eq!(codes, BTreeSet::from([code.to_owned()]), "{document}: {}", answer.text);
    }
    let long = "x".repeat(121);
    let search = alice.try_graphql("query($s: String) { users(search: $s) { totalCount } }", json!({ "s": long })).await;
    assert_eq!(search.codes(), ["BAD_REQUEST"]);
    assert_eq!(chat.api.ask(Some("nonsense"), "{ users { totalCount } }", json!({})).await.codes(), ["UNAUTHENTICATED"]);
}

#[tokio::test]
async fn a_target_is_one_of_the_two() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let query = "mutation($input: SendMessageInput!) { sendMessage(input: $input) { replayed } }";
    let conversation = alice.conversation(&bob).await;
    for to in [json!({}), json!({ "userId": null }), json!({ "userId": bob.id, "conversationId": conversation }), Value::Null] {
        let input = json!({ "input": { "to": to, "body": "hello", "idempotencyKey": "k" } });
        let answer = alice.try_graphql(query, input).await;
        assert!(!answer.codes().is_empty() && answer.json()["data"].is_null(), "{to}: {}", answer.text);
        assert!(["GRAPHQL_VALIDATION_FAILED", "BAD_REQUEST"].contains(&answer.codes()[0].as_str()), "{to}: {}", answer.text);
    }
    assert_eq!(chat.database.db_number("SELECT COUNT(*) FROM messages").await, 0);
}

#[tokio::test]
async fn what_a_person_can_fix_names_the_field_and_has_a_sentence() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let query = "mutation($input: SendMessageInput!) { sendMessage(input: $input) { messageEdge { cursor } conversation { id } \
                 replayed userErrors { code message field retryAfterMs } } }";
    for (to, body, key, code, field) in [
        (json!({ "userId": bob.id }), "", "k", "EMPTY", json!(["body"])),
        (json!({ "userId": bob.id }), "a\0", "k", "INVALID", json!(["body"])),
        (json!({ "userId": bob.id }), "hello", "", "INVALID", json!(["idempotencyKey"])),
        (json!({ "userId": alice.id }), "hello", "k", "NOT_ALLOWED", json!(["to", "userId"])),
        (json!({ "userId": "nobody" }), "hello", "k", "NOT_FOUND", json!(["to", "userId"])),
        (json!({ "conversationId": "nothing" }), "hello", "k", "NOT_FOUND", json!(["to", "conversationId"])),
    ] {
        let input = json!({ "input": { "to": to, "body": body, "idempotencyKey": key } });
        let payload = alice.graphql(query, input).await["sendMessage"].take();
        assert_eq!((&payload["messageEdge"], &payload["conversation"]), (&Value::Null, &Value::Null));
        assert_eq!(payload["replayed"], json!(false));
        let [error] = payload["userErrors"].as_array().unwrap().as_slice() else { panic!("{payload}") };
        assert_eq!((&error["code"], &error["field"], &error["retryAfterMs"]), (&json!(code), &field, &Value::Null));
        let sentence = error["message"].as_str().unwrap();
        assert!(sentence.ends_with('.') && sentence.contains(' '), "{sentence}");
    }
}

#[tokio::test]
async fn a_fault_of_ours_tells_its_request_and_nothing_else() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    chat.database.db_run("ALTER TABLE participants RENAME TO elsewhere").await.unwrap();
    let answer = alice.try_graphql("{ conversations { nodes { id } } }", json!({})).await;
    assert_eq!(answer.codes(), ["INTERNAL"]);
    let id = answer.headers["x-request-id"].to_str().unwrap();
    assert_eq!(answer.json()["errors"][0]["extensions"]["requestId"], json!(id));
    for inner in ["participants", "elsewhere", "SELECT", "sqlx", "column", "table", "panicked", ".rs"] {
        assert!(!answer.text.contains(inner), "{}", answer.text);
    }
}

/// Another process holds SQLite's one write lock: what cannot be written is told so before the client loses patience.
#[tokio::test]
async fn a_database_that_cannot_be_written_is_unavailable() {
    let chat = Chat::start().await;
    if chat.database.is_postgres() {
        return;
    }
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let query = "mutation($to: ID!) { sendMessage(input: { to: { userId: $to }, body: \"hello\", idempotencyKey: \"k\" }) { replayed } }";
    let other = chat.database.connect().await;
    sea_orm::ConnectionTrait::execute_unprepared(&other, "BEGIN IMMEDIATE").await.unwrap();
    let answer = alice.try_graphql(query, json!({ "to": bob.id })).await;
    assert_eq!(answer.codes(), ["UNAVAILABLE"]);
    // Who only reads is not held up.
    assert_eq!(alice.searches("").await, ["bob"]);
    sea_orm::ConnectionTrait::execute_unprepared(&other, "ROLLBACK").await.unwrap();
    let again = alice.graphql(query, json!({ "to": bob.id })).await;
    assert_eq!(again["sendMessage"]["replayed"], json!(false));
    assert_eq!(bob.sees(&alice).await, ["hello"]);
}
