//! Every code of the closed list that can occur, provoked; and that nothing of the inside leaves with it. (`TIMEOUT` takes ten
//! seconds and is tested beside the guard that gives it.)

use std::collections::BTreeSet;

use api::conversation::audience::Target;
use api::error::Error;
use api::message::body::Body;
use api::message::delivery::Delivery;
use api::message::key::IdempotencyKey;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::chat::Chat;
use crate::support::database::Database;
use crate::support::line::Line;

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
        ("query($id: Nothing) { node(id: $id) { id } }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("{ conversations(filter: EVERY) { nodes { id } } }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("{ users(after: \"x\") { totalCount } }", json!({}), "CURSOR_INVALID"),
        ("{ users(first: 101) { totalCount } }", json!({}), "BAD_REQUEST"),
    ] {
        let answer = alice.try_graphql(document, variables).await;
        let codes: BTreeSet<String> = answer.codes().into_iter().collect();
        assert_eq!(codes, BTreeSet::from([code.to_owned()]), "{document}: {}", answer.text);
    }
    // One that is not of its type may be found by the validation or after it.
    for variables in [json!({}), json!({ "id": null }), json!({ "id": [1] }), json!({ "id": {} })] {
        let answer = alice.try_graphql("query($id: ID!) { node(id: $id) { id } }", variables).await;
        assert!(["BAD_REQUEST", "GRAPHQL_VALIDATION_FAILED"].contains(&answer.codes()[0].as_str()), "{}", answer.text);
    }
    let long = "x".repeat(121);
    let search =
        alice.try_graphql("query($s: String) { users(search: $s) { totalCount } }", json!({ "s": long })).await;
    assert_eq!(search.codes(), ["BAD_REQUEST"]);
    assert_eq!(
        chat.api.ask(Some("nonsense"), "{ users { totalCount } }", json!({})).await.codes(),
        ["UNAUTHENTICATED"]
    );
}

#[tokio::test]
async fn a_target_is_one_of_the_two() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let query = "mutation($input: SendMessageInput!) { sendMessage(input: $input) { replayed } }";
    let conversation = alice.conversation(&bob).await;
    for to in
        [json!({}), json!({ "userId": null }), json!({ "userId": bob.id, "conversationId": conversation }), Value::Null]
    {
        let input = json!({ "input": { "to": to, "body": "hello", "idempotencyKey": "k" } });
        let answer = alice.try_graphql(query, input).await;
        assert!(!answer.codes().is_empty() && answer.json()["data"].is_null(), "{to}: {}", answer.text);
        assert!(
            ["GRAPHQL_VALIDATION_FAILED", "BAD_REQUEST"].contains(&answer.codes()[0].as_str()),
            "{to}: {}",
            answer.text
        );
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
    for inner in ["participants", "elsewhere", "SELECT", "sqlx", "relation", "no such", "panicked", ".rs"] {
        assert!(!answer.text.contains(inner), "{}", answer.text);
    }
}

/// The writer is held up until its queue is full: who comes then is told at once, and who waited is served.
#[tokio::test]
async fn who_cannot_even_wait_is_told_to_come_back() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let other = chat.database.connect().await;
    let hold =
        if chat.database.is_postgres() { "BEGIN; LOCK TABLE roots IN EXCLUSIVE MODE" } else { "BEGIN IMMEDIATE" };
    other.execute_unprepared(hold).await.unwrap();
    let mut sends = JoinSet::new();
    // The first wave fills the queue, of which the writer takes a batch; the second fills it again.
    for number in 0..4_500 {
        let writer = chat.app.writer.clone();
        let send = Delivery {
            author: alice.user_id,
            to: Target::Person(bob.user_id),
            body: Body::parse("hello").unwrap(),
            key: IdempotencyKey::parse(&format!("w{number}")).unwrap(),
            draft_revision: None,
            at: 1,
        };
        sends.spawn(async move { writer.deliver(send).await });
        if number == 4_200 {
            // Tasks of this runtime run in their order: when these two have, so has whatever was there before.
            tokio::spawn(async {}).await.unwrap();
            tokio::spawn(async {}).await.unwrap();
        }
    }
    tokio::spawn(async {}).await.unwrap();
    let query = "mutation($to: ID!) { sendMessage(input: { to: { userId: $to }, body: \"late\", idempotencyKey: \"k\" }) { replayed } }";
    assert_eq!(alice.try_graphql(query, json!({ "to": bob.id })).await.codes(), ["RATE_LIMITED"]);
    other.execute_unprepared("ROLLBACK").await.unwrap();
    let (served, refused): (Vec<_>, Vec<_>) = sends.join_all().await.into_iter().partition(Result::is_ok);
    assert!(refused.iter().all(|answer| matches!(answer, Err(Error::Busy))), "{:?}", refused.first());
    assert!(served.len() >= 4_096 && !refused.is_empty(), "{} served", served.len());
    let kept = chat.database.db_number("SELECT COUNT(*) FROM roots").await;
    assert_eq!(usize::try_from(kept).unwrap(), served.len());
    assert_eq!(alice.graphql(query, json!({ "to": bob.id })).await["sendMessage"]["replayed"], json!(false));
}

/// Many wait for a writer that cannot write: none is left waiting for the failures of all who came before.
#[tokio::test]
async fn who_waits_behind_a_database_that_is_gone_is_told_as_soon() {
    let chat = Chat::start().await;
    if chat.database.is_postgres() {
        return;
    }
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let other = chat.database.connect().await;
    other.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    let mut sends = JoinSet::new();
    for number in 0..400 {
        let (alice, bob) = (alice.clone(), bob.id.clone());
        sends.spawn(async move {
            let query = "mutation($input: SendMessageInput!) { sendMessage(input: $input) { replayed } }";
            let input = json!({ "to": { "userId": bob }, "body": "hello", "idempotencyKey": format!("k{number}") });
            alice.try_graphql(query, json!({ "input": input })).await.codes()
        });
    }
    let answers = sends.join_all().await;
    assert!(
        answers.iter().all(|codes| *codes == ["UNAVAILABLE"]),
        "{:?}",
        answers.iter().find(|codes| *codes != &["UNAVAILABLE"])
    );
    other.execute_unprepared("ROLLBACK").await.unwrap();
    alice.says(&bob, "back again").await;
}

/// The line to PostgreSQL breaks, and nothing answers where it was: clients are told within two seconds, and when it is back,
/// so is everything else.
#[tokio::test]
async fn a_database_that_is_gone_is_unavailable_and_comes_back() {
    let database = Database::create().await;
    if !database.is_postgres() {
        return;
    }
    let line = Line::to(&database.address()).await;
    let through = database.url_at(&line.address);
    let chat = Chat::start_on(database, |config| config.database_url = Some(through.into())).await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    line.cut().await;
    let query = "mutation($to: ID!) { sendMessage(input: { to: { userId: $to }, body: \"hello\", idempotencyKey: \"k\" }) { replayed } }";
    for document in ["query($to: ID!) { node(id: $to) { id } }", query, "{ instance { isDemo } }"] {
        let began = std::time::Instant::now();
        let answer = alice.try_graphql(document, json!({ "to": bob.id })).await;
        assert_eq!(answer.codes(), ["UNAVAILABLE"], "{document}");
        assert!(began.elapsed() < std::time::Duration::from_millis(2_900), "{document}: {:?}", began.elapsed());
    }
    line.mend().await;
    alice.says(&bob, "back again").await;
    assert_eq!(bob.sees(&alice).await, ["back again"]);
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
    other.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    let answer = alice.try_graphql(query, json!({ "to": bob.id })).await;
    assert_eq!(answer.codes(), ["UNAVAILABLE"]);
    // Who only reads is not held up.
    assert_eq!(alice.searches("").await, ["bob"]);
    other.execute_unprepared("ROLLBACK").await.unwrap();
    let again = alice.graphql(query, json!({ "to": bob.id })).await;
    assert_eq!(again["sendMessage"]["replayed"], json!(false));
    assert_eq!(bob.sees(&alice).await, ["hello"]);
}
