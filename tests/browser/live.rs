//! Two people at once: what one of them does, the other one sees without touching anything.

use std::time::Duration;

use serde_json::json;
use thirtyfour::Key;

use crate::support::browser::{Browser, Screen, Scripts};
use crate::support::chat::Chat;
use crate::support::person::Person;

const BOX: &str = "#composer textarea";
const TEXT: &str = "[id^=message-] [hx-ignore]";

/// A place where Ada and Grace have spoken before; the id of their conversation.
async fn an_office() -> (Chat, Person, Person, String) {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let id = ada.says(&grace, "good morning").await.conversation;
    grace.marks_read(&ada, 1).await.expect("a marker");
    (chat, ada, grace, id)
}

#[tokio::test]
async fn what_ada_sends_grace_sees_without_touching_anything() {
    let (chat, ada, grace, _) = an_office().await;
    let Some([at_ada, at_grace]) = Browser::of_two(&chat, ["ada", "grace"]).await else { return };
    at_ada.goes_to("/u/grace").await;
    at_grace.goes_to("/u/ada").await;
    at_grace.is_live().await;
    at_ada.is_live().await;
    at_ada.types(BOX, "are you there?" + Key::Enter).await;
    at_grace.reads(TEXT, "are you there?").await;
    at_grace.types(BOX, "always" + Key::Enter).await;
    at_ada.reads(TEXT, "always").await;
    ada.says(&grace, "from another device").await;
    for browser in [at_ada, at_grace] {
        browser.reads(TEXT, "from another device").await;
        assert_eq!(browser.messages().await, ["good morning", "are you there?", "always", "from another device"]);
        let heads = "return [...document.querySelectorAll('.message')].map((row) => row.matches('.message--first'))";
        assert_eq!(
            browser.asks(heads, json!([])).await,
            json!([true, false, true, true]),
            "neighbours are not grouped"
        );
        browser.closes().await;
    }
}

#[tokio::test]
async fn elsewhere_a_message_is_a_badge_and_moves_its_conversation_up() {
    let (chat, ada, grace, id) = an_office().await;
    let alan = chat.person("alan", "Alan").await;
    let newer = alan.says(&ada, "ping").await.conversation;
    ada.marks_read(&alan, 1).await.expect("a marker");
    let Some(browser) = Browser::of(&chat, "ada", Scripts::On).await else { return };
    browser.goes_to("/u/alan").await;
    browser.is_live().await;
    let order = "return [...document.querySelectorAll('.list__row')].map((row) => row.id)";
    assert_eq!(browser.asks(order, json!([])).await, json!([format!("row-{newer}"), format!("row-{id}")]));
    grace.says(&ada, "over here").await;
    browser.reads(&format!("#row-{id} .list__badge"), "1").await;
    browser.reads(&format!("#row-{id}"), "over here").await;
    let order = format!("{order}.join() === arguments[0]");
    browser.waits("it is the newest", &order, json!([format!("row-{id},row-{newer}")])).await;
    browser.waits("the title counts", "return document.title.startsWith('(1) ')", json!([])).await;
    assert_eq!(browser.messages().await, ["ping"], "it landed in another conversation");
    let current =
        browser.asks("return document.querySelector('.list__row [aria-current]').parentNode.id", json!([])).await;
    assert_eq!(current, json!(format!("row-{newer}")));

    browser.clicks(&format!("#row-{id} a")).await;
    browser.reads(TEXT, "over here").await;
    browser.waits("what was seen is read", "return !document.title.startsWith('(')", json!([])).await;
    let quiet = "return !document.querySelector(arguments[0]).textContent.includes('unread')";
    browser.waits("the badge goes", quiet, json!([format!("#row-{id}")])).await;
    assert_eq!(ada.unread().await, (0, 0));
    browser.closes().await;
}

#[tokio::test]
async fn who_is_typing_shows_and_vanishes() {
    let (chat, ..) = an_office().await;
    let Some([at_ada, at_grace]) = Browser::of_two(&chat, ["ada", "grace"]).await else { return };
    at_ada.goes_to("/u/grace").await;
    at_grace.goes_to("/u/ada").await;
    at_grace.is_live().await;
    let nobody = "return document.querySelector('p[data-typing]').hidden";
    at_ada.types(BOX, "well").await;
    at_grace.reads("p[data-typing]", "Ada is typing").await;
    at_grace.sees("p[data-typing]").await;
    at_ada.types(BOX, Key::Control + "a").await;
    at_ada.types(BOX, Key::Backspace + "").await;
    at_grace.waits("an emptied box is not typed in", nobody, json!([])).await;
    goes_on_typing(&at_ada, &at_grace).await;
    at_ada.types(BOX, Key::Enter + "").await;
    at_grace.reads(TEXT, "on").await;
    at_grace.waits("what was typed is sent", nobody, json!([])).await;
    goes_on_typing(&at_ada, &at_grace).await;
    at_grace.waits("it does not stay for ever", nobody, json!([])).await;
    let spoken = at_grace.asks("return document.querySelector('#announce').textContent", json!([])).await;
    assert!(!spoken.as_str().expect("words").contains("typing"));
    at_ada.closes().await;
    at_grace.closes().await;
}

/// Until the other one sees it: who has just stopped is not told of at once.
async fn goes_on_typing(one: &Browser, other: &Browser) {
    crate::support::within(Duration::from_secs(30), "typing shows", async || {
        one.types(BOX, "on ").await;
        other.asks("return !document.querySelector('p[data-typing]').hidden", json!([])).await == json!(true)
    })
    .await;
}

#[tokio::test]
async fn each_new_message_is_spoken_once_with_its_author() {
    let (chat, ada, grace, id) = an_office().await;
    let Some(browser) = Browser::of(&chat, "grace", Scripts::On).await else { return };
    browser.goes_to("/u/ada").await;
    browser.is_live().await;
    ada.says(&grace, "<b>lunch</b>?").await;
    browser.reads("#announce", "Ada: <b>lunch</b>?").await;
    browser.clicks("#nav-people").await;
    browser.reads("h1", "People").await;
    browser.clicks(&format!("#row-{id} a")).await;
    browser.reads(TEXT, "lunch").await;
    grace.says(&ada, "yes").await;
    browser.reads(TEXT, "yes").await;
    ada.says(&grace, "one o'clock").await;
    browser.reads("#announce", "Ada: one o'clock").await;
    let spoken = browser.asks("return document.querySelector('#announce').textContent", json!([])).await;
    let spoken = spoken.as_str().expect("words");
    assert_eq!(spoken.matches("lunch").count(), 1, "{spoken}");
    assert!(!spoken.contains("yes"), "her own words are read to her: {spoken}");
    browser.closes().await;
}

#[tokio::test]
async fn who_has_scrolled_up_is_told_and_not_moved() {
    let (chat, ada, grace, _) = an_office().await;
    for n in 1..=60 {
        ada.says(&grace, &format!("message {n}")).await;
    }
    grace.marks_read(&ada, 61).await.expect("a marker");
    for screen in [Screen::DESK, Screen::PHONE] {
        let Some(browser) = Browser::of(&chat, "grace", Scripts::On).await else { return };
        browser.turns_into(screen).await;
        browser.goes_to("/u/ada").await;
        browser.is_live().await;
        browser.asks("document.querySelector('[data-scroller]').scrollTop = -700", json!([])).await;
        browser.sees("[data-away] .conversation__jump").await;
        let place = "const top = document.querySelector('[data-scroller]').getBoundingClientRect().top; \
                     const row = [...document.querySelectorAll('.message')] \
                       .find((row) => row.getBoundingClientRect().top >= top); \
                     window.row ??= row; return window.row.getBoundingClientRect().top";
        let before = browser.asks(place, json!([])).await.as_f64().expect("a place");
        ada.says(&grace, "news").await;
        grace.says(&ada, "mine, from elsewhere").await;
        ada.says(&grace, "more news").await;
        browser.reads(TEXT, "more news").await;
        browser.reads(".conversation__jump", "2 new").await;
        let after = browser.asks(place, json!([])).await.as_f64().expect("a place");
        assert!((after - before).abs() <= 2.0, "{screen:?}: what is read moved from {before} to {after}");
        browser.clicks(".conversation__jump").await;
        let newest = "return !document.querySelector('[data-away]')";
        browser.waits("the newest is in view", newest, json!([])).await;
        ada.says(&grace, "at the end").await;
        browser.reads(TEXT, "at the end").await;
        let in_view = "const rows = document.querySelectorAll('.message'); \
                       const box = document.querySelector('[data-scroller]').getBoundingClientRect(); \
                       return rows[rows.length - 1].getBoundingClientRect().bottom <= box.bottom + 1";
        browser.waits("who is at the end stays there", in_view, json!([])).await;
        browser.closes().await;
    }
}

#[tokio::test]
async fn a_page_of_old_messages_only_counts_what_comes() {
    let (chat, ada, grace, id) = an_office().await;
    for n in 1..=90 {
        ada.says(&grace, &format!("message {n}")).await;
    }
    grace.marks_read(&ada, 91).await.expect("a marker");
    let Some(browser) = Browser::of(&chat, "grace", Scripts::On).await else { return };
    browser.goes_to(&format!("/c/{id}/m/10")).await;
    browser.is_live().await;
    let before = browser.messages().await;
    ada.says(&grace, "far away").await;
    ada.says(&grace, "further away").await;
    browser.reads(".conversation__jump--far", "2 new").await;
    assert_eq!(browser.messages().await, before, "there is a hole before what came");
    browser.clicks(".conversation__jump--far").await;
    browser.reads(TEXT, "further away").await;
    browser.closes().await;
}

#[tokio::test]
async fn what_is_read_on_one_device_is_read_on_the_other() {
    let (chat, ada, grace, id) = an_office().await;
    let Some([desk, phone]) = Browser::of_two(&chat, ["ada", "ada"]).await else { return };
    phone.turns_into(Screen::PHONE).await;
    phone.goes_to("/c").await;
    desk.goes_to("/people").await;
    let badge = format!("#row-{id} .list__badge");
    for browser in [&desk, &phone] {
        browser.is_live().await;
    }
    grace.says(&ada, "one").await;
    grace.says(&ada, "two").await;
    for browser in [&desk, &phone] {
        browser.reads(&badge, "2").await;
    }
    desk.clicks(&format!("#row-{id} a")).await;
    for browser in [desk, phone] {
        browser.waits("it is read", "return !document.querySelector(arguments[0])", json!([badge])).await;
        browser.waits("the title knows", "return !document.title.startsWith('(')", json!([])).await;
        browser.closes().await;
    }
    assert_eq!(ada.unread().await, (0, 0));
}
