//! What a socket does to a client that asks for too much, reads too little, or is not there at all; and that nobody else notices.

use std::sync::Arc;
use std::time::Duration;

use api::event::bus::local::Local;
use api::http::Patience;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::socket::patient_for;
use crate::support::chat::Chat;
use crate::support::within;

/// Longer than anything takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

#[tokio::test]
async fn of_a_thousand_subscriptions_twenty_run_and_the_others_are_refused() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let cursor = bob.event_cursor().await;
    let mut greedy = bob.connects().await;
    let mut modest = bob.connects().await;
    modest.listens("one", Some(&cursor)).await;
    for number in 0..1_000 {
        greedy.listens(&number.to_string(), Some(&cursor)).await;
    }
    for number in 20..1_000 {
        let refused = greedy.hears().await;
        assert_eq!((&refused["type"], &refused["id"]), (&json!("error"), &json!(number.to_string())), "{refused}");
        assert_eq!(refused["payload"][0]["extensions"]["code"], "RATE_LIMITED");
    }
    alice.says(&bob, "hello").await;
    assert_eq!(modest.told("one").await.body(), Some("hello"));
    for _ in 0..20 {
        assert_eq!(greedy.hears().await["type"], "next");
    }
    // Nothing more was said: the next thing is the answer to this.
    greedy.says(json!({ "type": "ping" })).await;
    assert_eq!(greedy.hears().await["type"], "pong");
}

#[tokio::test]
async fn a_flood_is_stopped_with_4429() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    for frame in [Message::text(r#"{"type":"pong"}"#), Message::Ping("?".into())] {
        let mut socket = alice.connects().await;
        for _ in 0..2_500 {
            // The server may be faster to close than this to say it all.
            if futures_util::SinkExt::feed(&mut socket.0, frame.clone()).await.is_err() {
                break;
            }
        }
        let _ = futures_util::SinkExt::flush(&mut socket.0).await;
        assert_eq!(socket.closed().await.0, 4429);
    }
}

#[tokio::test]
async fn who_stops_reading_is_let_go_and_delays_nobody() {
    let bus = Arc::new(Local::default());
    let chat = Chat::start_on_bus(Arc::clone(&bus) as _, |_| {}).await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    let api = patient_for(&chat, Patience { send: Duration::from_millis(300), ..Patience::default() }).await;
    let group = chat.db_group("All", [&alice, &bob, &carol]).await;
    let cursor = bob.event_cursor().await;
    let mut deaf = bob.introduced(api.opens_narrow_socket().await).await;
    deaf.listens("feed", Some(&cursor)).await;
    let mut carols = carol.at(&api).connects().await;
    carols.listens("feed", Some(&carol.event_cursor().await)).await;
    within(LIMIT, "both listen", async || bus.listening() == 2).await;
    let wide = "𝒳".repeat(7_900);
    for number in 0..300 {
        alice.says(&group, &format!("{number} {wide}")).await;
        let body = carols.told("feed").await.event["message"]["body"].clone();
        assert!(body.as_str().is_some_and(|body| body.starts_with(&format!("{number} "))), "{body:.20}");
        if bus.listening() == 1 {
            break;
        }
    }
    within(LIMIT, "bob is let go", async || bus.listening() == 1).await;
    // What they missed is there when they come again.
    let mut events = bob.listens(Some(&cursor)).await;
    assert!(events.message().await.0.starts_with("0 "));
}

#[tokio::test]
async fn who_is_not_there_any_more_is_let_go() {
    let bus = Arc::new(Local::default());
    let chat = Chat::start_on_bus(Arc::clone(&bus) as _, |_| {}).await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let api = patient_for(&chat, Patience { ping: Duration::from_millis(200), ..Patience::default() }).await;
    // Whoever reads answers pings.
    let mut awake = alice.at(&api).connects().await;
    awake.listens("feed", None).await;
    // This one never does again.
    let mut asleep = bob.at(&api).connects().await;
    asleep.listens("feed", None).await;
    within(LIMIT, "both listen", async || bus.listening() == 2).await;
    let mut pings = 0;
    while bus.listening() == 2 || pings < 5 {
        match awake.frame().await {
            Ok(Message::Ping(_)) => pings += 1,
            other => panic!("{other:?}"),
        }
    }
    alice.says(&bob, "still here").await;
    loop {
        match awake.frame().await {
            Ok(Message::Ping(_)) => {}
            Ok(Message::Text(text)) => break assert!(text.contains("still here"), "{text}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(bus.listening(), 1);
}

#[tokio::test]
async fn an_operation_ends_with_its_socket() {
    let bus = Arc::new(Local::default());
    let chat = Chat::start_on_bus(Arc::clone(&bus) as _, |_| {}).await;
    let [alice] = chat.people(["alice"]).await;
    for end in ["by the client's wish", "with a close", "without a word"] {
        let mut socket = alice.connects().await;
        socket.listens("feed", None).await;
        within(LIMIT, "somebody listens", async || bus.listening() == 1).await;
        match end {
            "by the client's wish" => socket.says(json!({ "type": "complete", "id": "feed" })).await,
            "with a close" => socket.sends(Message::Close(None)).await,
            _ => drop(socket),
        }
        within(LIMIT, end, async || bus.listening() == 0).await;
    }
}
