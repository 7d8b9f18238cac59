//! Every page on every screen: nothing is cut off, nothing complains, and fingers and eyes find their way.

use serde_json::json;

use crate::support::browser::{Browser, Screen, Scripts};
use crate::support::chat::Chat;

/// A conversation that holds what breaks layouts.
async fn a_hard_one() -> (Chat, String) {
    let chat = Chat::with_pages().await;
    let ada = chat.person("ada", "Ada Lovelace").await;
    let name = "Wolfeschlegelsteinhausenbergerdorff-Donaudampfschifffahrtsgesellschaft";
    let long = chat.person("wolfgang", name).await;
    let mut id = String::new();
    for text in [
        &"address-without-a-place-to-break-it-".repeat(4),
        &"W".repeat(400),
        "a\n\n\nb\n\tc          d",
        "مرحبا 👩‍👩‍👧‍👦 日本語の長い文章はどこでも折り返すことができます。",
    ] {
        id = long.says(&ada, text).await.conversation;
        ada.says(&long, text).await;
    }
    (chat, id)
}

#[tokio::test]
async fn no_page_is_wider_than_its_screen_and_none_complains() {
    let (chat, id) = a_hard_one().await;
    let conversation = format!("/c/{id}");
    let paths = ["/people", "/people?q=nobody", "/c", "/settings", &conversation, "/u/wolfgang"];
    for scripts in [Scripts::On, Scripts::Off] {
        let Some(browser) = Browser::of(&chat, "ada", scripts).await else { return };
        for screen in
            [Screen::DESK, Screen { width: 800, height: 600, touched: false }, Screen::PHONE, Screen::SMALL_PHONE]
        {
            browser.turns_into(screen).await;
            for scheme in ["light", "dark"] {
                browser.prefers("prefers-color-scheme", scheme).await;
                for path in paths {
                    browser.goes_to(path).await;
                    browser.sees("h1").await;
                    assert_eq!(browser.sideways().await, 0, "{path} at {screen:?} scrolls sideways");
                    let cut = "const box = document.querySelector('[data-scroller]'); \
                               return box ? box.scrollWidth - box.clientWidth : 0";
                    assert_eq!(
                        browser.asks(cut, json!([])).await,
                        json!(0),
                        "the list of {path} at {screen:?} scrolls sideways"
                    );
                }
            }
        }
        browser.closes().await;
    }
}

#[tokio::test]
async fn on_a_phone_list_and_conversation_are_pages_of_their_own() {
    let (chat, id) = a_hard_one().await;
    let visible = "return [...document.querySelectorAll(arguments[0])].some((e) => e.checkVisibility())";
    for scripts in [Scripts::On, Scripts::Off] {
        let Some(browser) = Browser::of(&chat, "ada", scripts).await else { return };
        browser.turns_into(Screen::PHONE).await;
        browser.goes_to("/c").await;
        browser.sees("nav a[href='/people']").await;
        browser.clicks(&format!("#row-{id} a")).await;
        browser.sees("#composer textarea").await;
        let list = browser.asks(visible, json!([format!("#row-{id}")])).await;
        assert_eq!(list, json!(false), "{scripts:?}: the list is beside the conversation");
        let reached = "return document.querySelector('#composer').getBoundingClientRect().bottom <= innerHeight + 1";
        browser.waits("the composer is within reach", reached, json!([])).await;
        browser.clicks(".conversation__back").await;
        browser.sees(&format!("#row-{id} a")).await;
        assert_eq!(browser.address().await, "/c");
        browser.closes().await;
    }
}

#[tokio::test]
async fn fingers_find_targets_that_are_large_enough() {
    let (chat, id) = a_hard_one().await;
    let Some(browser) = Browser::of(&chat, "ada", Scripts::On).await else { return };
    browser.turns_into(Screen::PHONE).await;
    let conversation = format!("/c/{id}");
    for path in ["/people", "/c", "/settings", conversation.as_str()] {
        browser.goes_to(path).await;
        browser.sees("h1").await;
        let small = "return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), textarea')] \
            .filter((e) => e.checkVisibility() && !e.matches('.skip') && !e.closest('p')) \
            .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()]) \
            .filter(([, box]) => box.width > 1 && (box.height < 43.5 || box.width < 43.5)) \
            .map(([html, box]) => `${html} is ${box.width} by ${box.height}`)";
        assert_eq!(browser.asks(small, json!([])).await, json!([]), "{path}");
    }
    browser.closes().await;
}

#[tokio::test]
async fn every_text_can_be_told_from_its_ground() {
    let (chat, id) = a_hard_one().await;
    let Some(browser) = Browser::of(&chat, "ada", Scripts::On).await else { return };
    let conversation = format!("/c/{id}");
    let faint = include_str!("contrast.js");
    for scheme in ["light", "dark"] {
        browser.prefers("prefers-color-scheme", scheme).await;
        for path in ["/people", "/people?q=nobody", "/settings", conversation.as_str(), "/nowhere"] {
            browser.goes_to(path).await;
            browser.sees("h1").await;
            assert_eq!(browser.asks(faint, json!([])).await, json!([]), "{path}, {scheme}");
        }
    }
}
