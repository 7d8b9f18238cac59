//! The streams themselves: who gets one, how many, when they end, and how they come back.

use std::time::{Duration, Instant};

use crate::support::chat::{Chat, PASSWORD};
use crate::support::line::Line;
use crate::support::live::Live;
use crate::support::page::Visitor;
use crate::support::upstream::Upstream;
use crate::support::within;

/// How soon after the end of its session a stream has to be over.
const AT_ONCE: Duration = Duration::from_secs(1);

/// Waits for the end of a session to reach a stream, and for the stream to be over.
async fn ends(live: &mut Live, since: Instant, what: &str) {
    assert_eq!(live.news().await.expect("an event").name, "signed-out", "{what}");
    assert!(since.elapsed() < AT_ONCE, "{what}: only after {:?}", since.elapsed());
    assert_eq!(live.heard().await, None, "{what}: something comes after the end");
}

#[tokio::test]
async fn a_stranger_has_no_stream_and_neither_has_another_site() {
    let chat = Chat::with_pages().await;
    chat.people(["ada"]).await;
    let (stranger, ada) = (Visitor::at(&chat.web_url), Visitor::logged_in(&chat, "ada").await);
    let answer = stranger.get("/events").header("accept", "text/event-stream").await;
    assert_eq!((answer.status, answer.header("cache-control")), (401, "no-store"));
    assert_eq!(answer.header("location"), "");
    for site in ["cross-site", "same-site"] {
        assert_eq!(ada.get("/events").header("sec-fetch-site", site).await.status, 403, "{site}");
    }
    let stream = ada.get("/events").header("sec-fetch-site", "same-origin").begun().await;
    assert_eq!(stream.status(), 200);
    for (name, value) in [
        ("content-type", "text/event-stream"),
        ("cache-control", "no-store"),
        ("x-accel-buffering", "no"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(stream.headers()[name], value);
    }
}

#[tokio::test]
async fn a_page_gets_no_stream_of_the_next_person_at_its_browser() {
    let chat = Chat::with_pages().await;
    chat.people(["ada", "grace"]).await;
    let browser = Visitor::logged_in(&chat, "ada").await;
    let hers = browser.get("/people").await.attribute("body", "data-session");
    let mut live = Live::of(browser.get(&format!("/events?session={hers}")).begun().await);
    browser.post("/login", &[("username", "grace"), ("password", PASSWORD)]).await.location();
    ends(&mut live, Instant::now(), "another person has logged in").await;
    assert_eq!(browser.get(&format!("/events?session={hers}")).await.status, 401);
    browser.follows(None).await;
}

#[tokio::test]
async fn streams_end_with_their_session() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let browser = Visitor::logged_in(&chat, "grace").await;
    let (mut one, mut two) = (browser.follows(None).await, browser.follows(None).await);
    let other = Visitor::logged_in(&chat, "grace").await;
    let mut stays = other.follows(None).await;
    let began = Instant::now();
    browser.submits(browser.get("/settings").await.form("#main form")).await.location();
    ends(&mut one, began, "logged out in this browser").await;
    ends(&mut two, began, "logged out in this browser").await;
    ada.says(&grace, "still there?").await;
    stays.message("still there?").await;

    let began = Instant::now();
    grace.logs_out(true).await;
    ends(&mut stays, began, "logged out everywhere by another device").await;
    assert_eq!(other.get("/events").await.status, 401);

    let browser = Visitor::logged_in(&chat, "grace").await;
    let mut live = browser.follows(None).await;
    let began = Instant::now();
    chat.disable(&grace).await;
    ends(&mut live, began, "disabled").await;
    assert_eq!(browser.get("/events").await.status, 401);
}

#[tokio::test]
async fn a_session_has_many_streams_but_not_any_number() {
    let chat = Chat::with_pages().await;
    chat.people(["ada", "grace"]).await;
    let (ada, grace) = (Visitor::logged_in(&chat, "ada").await, Visitor::logged_in(&chat, "grace").await);
    let mut open = Vec::new();
    let refused = loop {
        let answer = ada.get("/events").begun().await;
        if answer.status() != 200 {
            break answer;
        }
        open.push(answer);
        assert!(open.len() < 1_000, "there is no end of streams");
    };
    assert!(open.len() >= 20, "eight tabs and some devices are too many: {}", open.len());
    assert_eq!(refused.status(), 429);
    grace.follows(None).await;
    open.pop();
    within(Duration::from_secs(10), "a place that was left", async || ada.get("/events").begun().await.status() == 200)
        .await;
}

#[tokio::test]
async fn a_quiet_stream_beats() {
    let chat = Chat::with_pages().await;
    chat.people(["ada"]).await;
    let mut live = Visitor::logged_in(&chat, "ada").await.follows(None).await;
    let began = Instant::now();
    let beat = live.heard().await.expect("a beat");
    assert_eq!((beat.name.as_str(), beat.id.as_str()), ("beat", ""));
    assert!(began.elapsed() < Duration::from_secs(8), "who hears nothing for eight seconds takes the line for lost");
}

#[tokio::test]
async fn when_the_api_goes_and_comes_back_nothing_is_missed_and_nothing_doubled() {
    let mut chat = Chat::start().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let upstream = Upstream::start(&chat, ([127, 0, 0, 1], 0).into()).await;
    chat.web_url = chat.serve_pages_before(format!("http://{}", upstream.address), None).await;
    let reader = Visitor::logged_in(&chat, "grace").await;
    let mut live = reader.follows(None).await;
    ada.says(&grace, "before").await;
    let last = live.message("before").await.id;

    let address = upstream.stop().await;
    assert_eq!(live.news().await, None, "the browser is left in the belief that all is well");
    assert_eq!(reader.get("/events").header("last-event-id", &last).await.status, 503);
    for text in ["while it was away", "and another"] {
        ada.says(&grace, text).await;
    }
    let _upstream = Upstream::start(&chat, address).await;
    let mut live = Live::of(reader.get("/events").header("last-event-id", &last).begun().await);
    for text in ["while it was away", "and another"] {
        assert_eq!(live.told("push").await.pieces().messages(), [text]);
    }
    ada.says(&grace, "live again").await;
    assert_eq!(live.told("push").await.pieces().messages(), ["live again"]);
}

#[tokio::test]
async fn an_api_that_falls_silent_is_missed_before_twelve_seconds_are_over() {
    let mut chat = Chat::start().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let line = Line::to(chat.api.url.trim_start_matches("http://")).await;
    chat.web_url = chat.serve_pages_before(format!("http://{}", line.address), None).await;
    let reader = Visitor::logged_in(&chat, "grace").await;
    let cursor = reader.get("/people").await.attribute("#main", "data-cursor");
    let mut live = reader.follows(Some(&cursor)).await;
    line.hush();
    let began = Instant::now();
    assert_eq!(live.news().await, None);
    assert!(began.elapsed() < Duration::from_secs(12), "only after {:?}", began.elapsed());
    let mut live = reader.follows(Some(&cursor)).await;
    ada.says(&grace, "on a new line").await;
    live.message("on a new line").await;
}
