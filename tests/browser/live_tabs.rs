//! Many tabs of one browser: one of them has the stream, and all of them are live.

use serde_json::json;
use thirtyfour::Key;

use crate::support::browser::{Browser, Scripts};
use crate::support::chat::Chat;

const BOX: &str = "#composer textarea";
const TEXT: &str = "[id^=message-] [hx-ignore]";

#[tokio::test]
async fn eight_tabs_are_live_and_navigable() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    ada.says(&grace, "hello").await;
    let Some(browser) = Browser::of(&chat, "grace", Scripts::On).await else { return };
    browser.goes_to("/u/ada").await;
    let mut tabs = vec![browser.tab().await];
    while tabs.len() < 8 {
        tabs.push(browser.opens_tab("/u/ada").await);
    }
    for tab in &tabs {
        browser.looks_at(tab).await;
        browser.is_live().await;
    }
    ada.says(&grace, "to all of you").await;
    for tab in &tabs {
        browser.looks_at(tab).await;
        browser.reads(TEXT, "to all of you").await;
        assert_eq!(browser.messages().await, ["hello", "to all of you"]);
        browser.clicks("#nav-people").await;
        browser.reads("h1", "People").await;
        browser.is_live().await;
    }
    let held = "const { held } = await navigator.locks.query(); return held.length";
    assert_eq!(browser.asks(held, json!([])).await, json!(1), "more than one tab leads");
    browser.closes().await;
}

#[tokio::test]
async fn when_the_leading_tab_goes_another_one_goes_on_with_nothing_lost_or_doubled() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    ada.says(&grace, "message 0").await;
    let Some(browser) = Browser::of(&chat, "grace", Scripts::On).await else { return };
    browser.goes_to("/u/ada").await;
    browser.is_live().await;
    let mut expected = vec!["message 0".to_owned()];
    for n in 0..3 {
        let leader = browser.tab().await;
        let follower = browser.opens_tab("/u/ada").await;
        browser.is_live().await;
        let talk = async {
            for m in 1..=10 {
                let text = format!("message {n}.{m}");
                ada.says(&grace, &text).await;
                expected.push(text);
            }
        };
        let close = async {
            browser.looks_at(&leader).await;
            browser.driver.close_window().await.expect("the tab closes");
            browser.looks_at(&follower).await;
        };
        tokio::join!(talk, close);
        browser.reads(TEXT, expected.last().expect("a message")).await;
        assert_eq!(browser.messages().await, expected);
    }
    browser.closes().await;
}

#[tokio::test]
async fn a_tab_that_was_put_to_sleep_loses_the_lead() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    ada.says(&grace, "hello").await;
    let Some(browser) = Browser::of(&chat, "grace", Scripts::On).await else { return };
    browser.goes_to("/u/ada").await;
    browser.is_live().await;
    let leader = browser.tab().await;
    let follower = browser.opens_tab("/u/ada").await;
    browser.is_live().await;
    browser.looks_at(&leader).await;
    browser.cdp("Page.setWebLifecycleState", json!({ "state": "frozen" })).await;
    browser.looks_at(&follower).await;
    ada.says(&grace, "to whoever is awake").await;
    browser.reads(TEXT, "to whoever is awake").await;
    browser.looks_at(&leader).await;
    browser.cdp("Page.setWebLifecycleState", json!({ "state": "active" })).await;
    ada.says(&grace, "to both of you").await;
    for tab in [leader, follower] {
        browser.looks_at(&tab).await;
        browser.reads(TEXT, "to both of you").await;
        assert_eq!(browser.messages().await, ["hello", "to whoever is awake", "to both of you"]);
    }
    browser.closes().await;
}

#[tokio::test]
async fn what_comes_while_a_tab_is_going_elsewhere_is_there_when_it_arrives() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let id = ada.says(&grace, "message 0").await.conversation;
    let Some(browser) = Browser::of(&chat, "grace", Scripts::On).await else { return };
    browser.goes_to("/people").await;
    browser.is_live().await;
    let mut expected = vec!["message 0".to_owned()];
    for n in 1..=8 {
        let text = format!("message {n}");
        let (to, row) = (n % 2 == 1, format!("#row-{id} a"));
        tokio::join!(browser.clicks(if to { &row } else { "#nav-people" }), async {
            ada.says(&grace, &text).await;
        });
        expected.push(text.clone());
        if to {
            browser.reads(TEXT, &text).await;
            assert_eq!(browser.messages().await, expected);
        } else {
            browser.reads("h1", "People").await;
            browser.reads(&format!("#row-{id}"), &text).await;
        }
    }
    browser.closes().await;
}

#[tokio::test]
async fn logging_out_in_one_tab_tells_the_others_and_keeps_what_was_typed() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    ada.says(&grace, "hello").await;
    let Some(browser) = Browser::of(&chat, "grace", Scripts::On).await else { return };
    browser.goes_to("/settings").await;
    let first = browser.tab().await;
    let second = browser.opens_tab("/u/ada").await;
    browser.is_live().await;
    browser.types(BOX, "typed with care").await;
    browser.looks_at(&first).await;
    browser.clicks("#main form button").await;
    browser.sees("#password").await;
    browser.looks_at(&second).await;
    browser.sees("#signed-out[open]").await;
    browser.reads("#signed-out", "You are logged out").await;
    assert_eq!(browser.value(BOX).await, "typed with care");
    browser.clicks("#signed-out a").await;
    browser.sees("#password").await;
    browser.logs_in("grace").await;
    browser.reads("h1", "Ada").await;
    assert_eq!(browser.value(BOX).await, "typed with care", "what was typed is lost");
    assert_eq!(grace.sees(&ada).await, ["hello"], "it was sent by itself");
}

#[tokio::test]
async fn a_tab_of_an_earlier_log_in_does_nothing_in_the_name_of_the_next_person() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    grace.says(&ada, "hello").await;
    let Some(browser) = Browser::of(&chat, "ada", Scripts::On).await else { return };
    let first = browser.tab().await;
    let second = browser.opens_tab("/u/grace").await;
    browser.is_live().await;
    browser.looks_at(&first).await;
    browser.goes_to("/settings").await;
    browser.clicks("#main form button").await;
    browser.sees("#password").await;
    browser.logs_in("grace").await;
    browser.looks_at(&second).await;
    browser.sees("#signed-out[open]").await;
    browser.types(BOX, "from Ada").await;
    browser.types(BOX, Key::Enter).await;
    browser.sees("#password").await;
    assert_eq!(ada.sees(&grace).await, ["hello"], "it was sent in the name of the next person");
    browser.logs_in("ada").await;
    browser.reads("h1", "Grace").await;
    assert_eq!(browser.value(BOX).await, "from Ada");
}
