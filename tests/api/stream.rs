//! The distinct connections mode of graphql-sse: what is streamed, what is refused at once, and how a stream ends.

use std::sync::Arc;
use std::time::Duration;

use api::event::bus::local::Local;
use api::http::Patience;
use futures_util::StreamExt as _;
use reqwest::header::{ACCEPT, AUTHORIZATION};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;

use super::socket::patient_for;
use crate::support::chat::Chat;
use crate::support::database::Database;
use crate::support::events::{DOCUMENT, Events};
use crate::support::line::Line;
use crate::support::person::Person;
use crate::support::within;

/// Longer than anything takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

async fn answers(person: &Person, query: &str, variables: Value) -> (u16, Value) {
    let answer = person.tries_to_stream(query, variables).await;
    assert_eq!(answer.headers()["content-type"], "application/graphql-response+json; charset=utf-8");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

#[tokio::test]
async fn a_stream_tells_what_happens_from_a_cursor_on() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let before = bob.event_cursor().await;
    alice.says(&bob, "first").await;
    let mut events = bob.listens(Some(&before)).await;
    assert_eq!(events.message().await.0, "first");
    alice.says(&bob, "second").await;
    let (second, cursor) = events.message().await;
    assert_eq!(second, "second");
    drop(events);
    alice.says(&bob, "third").await;
    assert_eq!(bob.listens(Some(&cursor)).await.message().await.0, "third");
}

#[tokio::test]
async fn its_head_comes_at_once_and_nothing_may_keep_it() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    let answer = alice.tries_to_stream(DOCUMENT, json!({})).await;
    assert_eq!(answer.status(), 200);
    for (name, value) in [
        ("content-type", "text/event-stream"),
        ("cache-control", "no-store"),
        ("x-accel-buffering", "no"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(answer.headers()[name], value);
    }
    assert!(answer.headers().contains_key("x-request-id"));
    let first = answer.bytes_stream().next().await.expect("a sign of life").expect("bytes");
    assert_eq!(&first[..], b":\n\n");
}

#[tokio::test]
async fn an_answer_is_a_stream_of_one() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    for (query, data) in [
        ("{ viewer { user { username } } }", json!({ "viewer": { "user": { "username": "alice" } } })),
        ("mutation { logout(input: {}) { endedSessions } }", json!({ "logout": { "endedSessions": 1 } })),
    ] {
        let mut events = Events::of(alice.tries_to_stream(query, json!({})).await);
        assert_eq!(events.heard().await, Some(("next".to_owned(), json!({ "data": data }))));
        assert_eq!(events.heard().await, Some(("complete".to_owned(), Value::Null)));
        assert_eq!(events.heard().await, None);
    }
}

#[tokio::test]
async fn what_does_not_begin_is_no_stream() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    let nobody = Person { token: "nonsense".to_owned(), ..alice.clone() };
    let (status, body) = answers(&nobody, DOCUMENT, json!({})).await;
    assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (401, &json!("UNAUTHENTICATED")), "{body}");
    assert_eq!(body.get("data"), None);
    for (query, code) in [
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription { events { nothing } }", "GRAPHQL_VALIDATION_FAILED"),
        (
            "subscription { events { cursor } ...F } fragment F on Subscription { events { cursor } }",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("subscription($a: String!) { events(after: $a) { cursor } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
    ] {
        let (status, body) = answers(&alice, query, json!({})).await;
        assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (400, &json!(code)), "{query}: {body}");
    }
    let plain = alice.try_graphql(DOCUMENT, json!({})).await;
    assert_eq!(plain.codes(), ["BAD_REQUEST"]);
}

#[tokio::test]
async fn an_operation_ends_with_its_stream() {
    let bus = Arc::new(Local::default());
    let chat = Chat::start_on_bus(Arc::clone(&bus) as _, |_| {}).await;
    let [alice] = chat.people(["alice"]).await;
    let events = alice.listens(None).await;
    within(LIMIT, "alice listens", async || bus.listening() == 1).await;
    drop(events);
    within(LIMIT, "alice is gone", async || bus.listening() == 0).await;
}

#[tokio::test]
async fn who_stops_reading_is_let_go_and_delays_nobody() {
    let bus = Arc::new(Local::default());
    let chat = Chat::start_on_bus(Arc::clone(&bus) as _, |_| {}).await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    let api = patient_for(&chat, Patience { send: Duration::from_millis(300), ..Patience::default() }).await;
    let group = chat.db_group("All", [&alice, &bob, &carol]).await;
    let mut carols = carol.at(&api).listens(Some(&carol.event_cursor().await)).await;
    let cursor = bob.event_cursor().await;
    let body = json!({ "query": DOCUMENT, "variables": { "after": cursor } }).to_string();
    let mut deaf = api.narrow_line().await;
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\ncontent-type: application/json\r\n\
         authorization: Bearer {}\r\ncontent-length: {}\r\n\r\n{body}",
        bob.token,
        body.len()
    );
    deaf.write_all(head.as_bytes()).await.expect("room to send");
    within(LIMIT, "both listen", async || bus.listening() == 2).await;
    let wide = "𝒳".repeat(7_900);
    for number in 0..300 {
        alice.says(&group, &format!("{number} {wide}")).await;
        assert!(carols.message().await.0.starts_with(&format!("{number} ")));
        if bus.listening() == 1 {
            break;
        }
    }
    within(LIMIT, "bob is let go", async || bus.listening() == 1).await;
    assert!(bob.listens(Some(&cursor)).await.message().await.0.starts_with("0 "));
}

/// All streams of a connection share it: there may be many, and one that nobody reads must not stop the others.
#[tokio::test]
async fn many_streams_share_one_connection_and_a_stalled_one_stops_nobody() {
    let chat = Chat::start().await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    let client = reqwest::Client::builder().http2_prior_knowledge().no_proxy().timeout(LIMIT);
    let client = client.http2_initial_stream_window_size(16 * 1024).build().expect("a client");
    let opens = async |person: &Person, after: &str| {
        let request = client.post(format!("{}/graphql", chat.api.url)).header(ACCEPT, "text/event-stream");
        let request = request.header(AUTHORIZATION, format!("Bearer {}", person.token));
        let body = json!({ "query": DOCUMENT, "variables": { "after": after } });
        Events::of(request.json(&body).send().await.expect("an answer"))
    };
    let (bobs, carols) = (bob.event_cursor().await, carol.event_cursor().await);
    let mut idle = Vec::new();
    for _ in 0..250 {
        idle.push(opens(&carol, &carols).await);
    }
    let (mut stalled, mut reader) = (opens(&bob, &bobs).await, opens(&bob, &bobs).await);
    for number in 0..20 {
        alice.says(&bob, &format!("{number} {}", "x".repeat(7_000))).await;
        assert!(reader.message().await.0.starts_with(&format!("{number} ")));
    }
    assert!(stalled.message().await.0.starts_with("0 "));
    alice.says(&carol, "hello").await;
    for events in &mut idle {
        assert_eq!(events.message().await.0, "hello");
    }
}

/// The line to PostgreSQL breaks: nobody can say any more who has logged out.
#[tokio::test]
async fn where_nobody_can_say_whether_a_session_is_open_its_streams_end() {
    let database = Database::create().await;
    if !database.is_postgres() {
        return;
    }
    let line = Line::to(&database.address()).await;
    let through = database.url_at(&line.address);
    let chat = Chat::start_on(database, |config| config.database_url = Some(through.into())).await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let mut events = bob.listens(None).await;
    let mut socket = bob.connects().await;
    line.cut().await;
    let (_, last) = events.heard().await.expect("a last word");
    assert_eq!(last["errors"][0]["extensions"]["code"], "UNAVAILABLE");
    assert_eq!(socket.closed().await.0, 1013);
    line.mend().await;
    let cursor = bob.event_cursor().await;
    alice.says(&bob, "back again").await;
    assert_eq!(bob.listens(Some(&cursor)).await.message().await.0, "back again");
}
