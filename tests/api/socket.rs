//! graphql-transport-ws as the protocol has it: who may speak, what is answered, and the code of each way to end.

use std::time::Duration;

use api::http::{Patience, router_with};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::support::chat::{self, Chat};
use crate::support::person::Api;
use crate::support::socket::{PROTOCOL, Socket};

/// Another way to the same product, where clients are waited for as long as a test likes.
pub(super) async fn patient_for(chat: &Chat, patience: Patience) -> Api {
    Api::at(chat::serve(router_with(chat.app.clone(), patience)).await)
}

/// The code that a message, said first by somebody who is known, ends the socket with.
async fn code_of(mut socket: Socket, message: Message) -> u16 {
    socket.sends(message).await;
    let (code, reason) = socket.closed().await;
    assert!(!reason.is_empty() && reason.len() <= 123, "{reason:?}");
    code
}

#[tokio::test]
async fn a_socket_tells_what_happens() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let before = bob.event_cursor().await;
    alice.says(&bob, "first").await;
    let mut socket = bob.connects().await;
    socket.listens("feed", Some(&before)).await;
    assert_eq!(socket.told("feed").await.body(), Some("first"));
    alice.says(&bob, "second").await;
    let second = socket.told("feed").await;
    assert_eq!(second.body(), Some("second"));
    drop(socket);
    alice.says(&bob, "third").await;
    let mut again = bob.connects().await;
    again.listens("feed", second.cursor.as_deref()).await;
    assert_eq!(again.told("feed").await.body(), Some("third"));
}

#[tokio::test]
async fn queries_and_mutations_are_answered_once_and_are_complete() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let mut socket = alice.connects().await;
    socket.subscribes("q", "{ viewer { user { username } } }", json!({})).await;
    let data = json!({ "viewer": { "user": { "username": "alice" } } });
    assert_eq!(socket.hears().await, json!({ "id": "q", "type": "next", "payload": { "data": data } }));
    assert_eq!(socket.hears().await, json!({ "id": "q", "type": "complete" }));
    let send = "mutation($to: ID!) { sendMessage(input: { to: { userId: $to }, body: \"hello\", idempotencyKey: \"1\" }) \
                { userErrors { code } } }";
    // The id is free again.
    socket.subscribes("q", send, json!({ "to": bob.id })).await;
    assert_eq!(socket.hears().await["payload"]["data"], json!({ "sendMessage": { "userErrors": [] } }));
    assert_eq!(socket.hears().await["type"], "complete");
    assert_eq!(bob.sees(&alice).await, ["hello"]);
}

/// What waits keeps nobody waiting.
#[tokio::test]
async fn operations_of_one_socket_run_side_by_side() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let mut socket = bob.connects().await;
    for id in ["one", "two"] {
        socket.listens(id, Some(&bob.event_cursor().await)).await;
    }
    socket.subscribes("q", "{ __typename }", json!({})).await;
    assert_eq!(socket.hears().await["id"], "q");
    assert_eq!(socket.hears().await, json!({ "id": "q", "type": "complete" }));
    alice.says(&bob, "to both").await;
    let mut told = [socket.hears().await, socket.hears().await].map(|message| message["id"].clone());
    told.sort_by_key(Value::to_string);
    assert_eq!(told, ["one", "two"]);
    // Who has heard enough of one is not told so again, and the other goes on.
    socket.says(json!({ "type": "complete", "id": "one" })).await;
    socket.says(json!({ "type": "ping" })).await;
    assert_eq!(socket.hears().await, json!({ "type": "pong" }));
    alice.says(&bob, "to one").await;
    assert_eq!(socket.told("two").await.body(), Some("to one"));
    socket.listens("one", Some(&bob.event_cursor().await)).await;
    alice.says(&bob, "to both again").await;
    let again = [socket.hears().await, socket.hears().await];
    assert!(
        again.iter().all(|message| message["payload"]["data"]["events"]["event"]["message"]["body"] == "to both again")
    );
}

#[tokio::test]
async fn what_is_refused_is_an_error_of_that_operation() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    let mut socket = alice.connects().await;
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { events { cursor nothing } }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { a: events { cursor } b: events { cursor } }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($id: ID!) { node(id: $id) { id } }", "GRAPHQL_VALIDATION_FAILED"),
    ] {
        socket.subscribes("1", query, json!({})).await;
        let error = socket.hears().await;
        assert_eq!((&error["type"], &error["id"]), (&json!("error"), &json!("1")), "{error}");
        assert_eq!(error["payload"][0]["extensions"]["code"], code, "{error}");
    }
    // A field that fails is a result.
    socket.subscribes("1", "{ changes(after: \"\", first: 0) { cursor } }", json!({})).await;
    let failed = socket.hears().await;
    assert_eq!(
        (&failed["type"], &failed["payload"]["errors"][0]["extensions"]["code"]),
        (&json!("next"), &json!("BAD_REQUEST"))
    );
    assert_eq!(socket.hears().await["type"], "complete");
}

#[tokio::test]
async fn pings_are_answered_at_any_time() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    for mut socket in [chat.api.opens_socket().await, alice.connects().await] {
        socket.says(json!({ "type": "pong" })).await;
        socket.says(json!({ "type": "ping" })).await;
        assert_eq!(socket.hears().await, json!({ "type": "pong" }));
        socket.says(json!({ "type": "ping", "payload": { "at": [1, "2"] } })).await;
        assert_eq!(socket.hears().await, json!({ "type": "pong", "payload": { "at": [1, "2"] } }));
    }
}

#[tokio::test]
async fn what_is_no_message_closes_with_4400() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    let odd = [
        Message::binary(br#"{"type":"ping"}"#.to_vec()),
        Message::text("{"),
        Message::text("[]"),
        Message::text(r#"{"type":"start","id":"1","payload":{}}"#),
        Message::text(r#"{"type":"subscribe","payload":{"query":"{ __typename }"}}"#),
        Message::text(r#"{"type":"subscribe","id":"","payload":{"query":"{ __typename }"}}"#),
        Message::text(r#"{"type":"subscribe","id":"1","payload":{"query":["{ __typename }"]}}"#),
        Message::text(r#"{"type":"complete"}"#),
        Message::text(format!(r#"{{"type":"ping","payload":{{"a":"{}"}}}}"#, "x".repeat(64 * 1024))),
        Message::text("x".repeat(1024 * 1024)),
    ];
    for message in odd {
        assert_eq!(code_of(alice.connects().await, message.clone()).await, 4400, "{message:.100}");
        assert_eq!(code_of(chat.api.opens_socket().await, message.clone()).await, 4400, "{message:.100}");
    }
}

#[tokio::test]
async fn who_begins_before_the_acknowledgement_is_sent_away_with_4401() {
    let chat = Chat::start().await;
    for early in [
        json!({ "type": "subscribe", "id": "1", "payload": { "query": "{ __typename }" } }),
        json!({ "type": "complete", "id": "1" }),
    ] {
        assert_eq!(code_of(chat.api.opens_socket().await, Message::text(early.to_string())).await, 4401);
    }
}

#[tokio::test]
async fn who_is_not_known_is_sent_away_with_4403() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    let gone = alice.on_another_device().await;
    gone.logs_out(false).await;
    for payload in [
        json!(null),
        json!({}),
        json!({ "authorization": "Bearer nonsense" }),
        json!({ "authorization": alice.token }),
        json!({ "authorization": ["Bearer", alice.token] }),
        json!({ "authorization": format!("Bearer {}", gone.token) }),
    ] {
        let init = json!({ "type": "connection_init", "payload": payload });
        assert_eq!(code_of(chat.api.opens_socket().await, Message::text(init.to_string())).await, 4403, "{payload}");
    }
    // A header counts as well, for clients that can send one, unless they then say otherwise.
    let mut request = chat.api.upgrade();
    request.headers_mut().insert("authorization", format!("Bearer {}", alice.token).parse().expect("a header"));
    let (socket, _) = chat.api.tries_socket(request.clone()).await.expect("a socket");
    let other = json!({ "type": "connection_init", "payload": { "authorization": "Bearer nonsense" } });
    assert_eq!(code_of(socket, Message::text(other.to_string())).await, 4403);
    let (mut socket, _) = chat.api.tries_socket(request).await.expect("a socket");
    socket.says(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.hears().await["type"], "connection_ack");
}

#[tokio::test]
async fn a_client_that_offers_another_protocol_is_sent_away_with_4406() {
    let chat = Chat::start().await;
    let mut request = chat.api.upgrade();
    request.headers_mut().remove("sec-websocket-protocol");
    let (mut socket, chosen) = chat.api.tries_socket(request).await.expect("a socket");
    assert_eq!((chosen, socket.closed().await.0), (None, 4406));
    let mut request = chat.api.upgrade();
    let offers = format!("graphql-ws, {PROTOCOL}");
    request.headers_mut().insert("sec-websocket-protocol", offers.parse().expect("names"));
    let (_socket, chosen) = chat.api.tries_socket(request).await.expect("a socket");
    assert_eq!(chosen.as_deref(), Some(PROTOCOL));
}

#[tokio::test]
async fn who_says_nothing_is_sent_away_with_4408() {
    let chat = Chat::start().await;
    let patience = Patience { init: Duration::from_millis(100), ..Patience::default() };
    let api = patient_for(&chat, patience).await;
    let mut silent = api.opens_socket().await;
    assert_eq!(silent.closed().await.0, 4408);
    let mut chatty = api.opens_socket().await;
    chatty.says(json!({ "type": "ping" })).await;
    assert_eq!(chatty.closed().await.0, 4408);
}

#[tokio::test]
async fn an_id_is_used_for_one_operation_at_a_time() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    let mut socket = alice.connects().await;
    for _ in 0..2 {
        socket.listens("same", None).await;
    }
    assert_eq!(socket.closed().await, (4409, "Subscriber for same already exists".to_owned()));
}

#[tokio::test]
async fn who_introduces_themselves_twice_is_sent_away_with_4429() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    let again = json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {}", alice.token) } });
    assert_eq!(code_of(alice.connects().await, Message::text(again.to_string())).await, 4429);
}

#[tokio::test]
async fn a_page_of_another_origin_opens_no_socket() {
    let chat = Chat::start().await;
    let own = chat.api.url.clone();
    for (origin, expected) in [
        (own.as_str(), None),
        ("https://evil.example", Some(403)),
        ("null", Some(403)),
        ("http://127.0.0.1:1", Some(403)),
    ] {
        let mut request = chat.api.upgrade();
        request.headers_mut().insert("origin", origin.parse().expect("a header"));
        assert_eq!(chat.api.tries_socket(request).await.err(), expected, "{origin}");
    }
}
