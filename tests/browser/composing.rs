//! Typing: which Enter sends, and what happens to a text while another one is on its way.

use serde_json::json;
use thirtyfour::Key;

use crate::support::browser::{Browser, Screen, Scripts};
use crate::support::chat::Chat;

const BOX: &str = "#composer textarea";

#[tokio::test]
async fn shift_and_enter_begin_a_new_line() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let Some(browser) = Browser::of(&chat, "ada", Scripts::On).await else { return };
    browser.goes_to("/u/grace").await;
    browser.types(BOX, "one" + Key::Shift + Key::Enter).await;
    browser.types(BOX, "two").await;
    assert_eq!(browser.value(BOX).await, "one\ntwo");
    browser.types(BOX, Key::Enter).await;
    browser.reads("[hx-ignore]", "two").await;
    assert_eq!(grace.sees(&ada).await, ["one\ntwo"]);
    browser.closes().await;
}

#[tokio::test]
async fn enter_ends_a_composition_before_it_sends() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let Some(browser) = Browser::of(&chat, "ada", Scripts::On).await else { return };
    browser.goes_to("/u/grace").await;
    browser.clicks(BOX).await;
    let composition = json!({ "text": "にほん", "selectionStart": 3, "selectionEnd": 3 });
    browser.cdp("Input.imeSetComposition", composition).await;
    browser
        .waits(
            "a composition is under way",
            "return document.querySelector('#composer textarea').value === 'にほん'",
            json!([]),
        )
        .await;
    let enter = json!({ "type": "rawKeyDown", "key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229 });
    browser.cdp("Input.dispatchKeyEvent", enter).await;
    let composed = "const press = (init) => document.querySelector('#composer textarea').dispatchEvent(\
                    new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init })); \
                    return [press({ isComposing: true }), press({ keyCode: 229 })]";
    let untouched = browser.asks(composed, json!([])).await;
    assert_eq!(untouched, json!([true, true]), "the composer takes an Enter that belongs to the composition");
    browser.cdp("Input.insertText", json!({ "text": "日本" })).await;
    browser
        .waits(
            "the composition is done",
            "return document.querySelector('#composer textarea').value === '日本'",
            json!([]),
        )
        .await;
    assert!(grace.sees(&ada).await.is_empty(), "a half-written word was sent");
    browser.types(BOX, Key::Enter).await;
    browser.reads("[hx-ignore]", "日本").await;
    assert_eq!(grace.sees(&ada).await, ["日本"]);
    browser.closes().await;
}

#[tokio::test]
async fn on_a_touched_screen_enter_is_a_new_line_and_the_button_sends() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let Some(browser) = Browser::of(&chat, "ada", Scripts::On).await else { return };
    browser.turns_into(Screen::PHONE).await;
    browser.goes_to("/u/grace").await;
    browser.types(BOX, "one" + Key::Enter).await;
    browser.types(BOX, "two").await;
    assert_eq!(browser.value(BOX).await, "one\ntwo");
    browser.clicks("#composer button").await;
    browser.reads("[hx-ignore]", "two").await;
    assert_eq!(grace.sees(&ada).await, ["one\ntwo"]);
    browser.closes().await;
}

#[tokio::test]
async fn many_messages_in_a_hurry_all_arrive_once_and_in_order() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let Some(browser) = Browser::of(&chat, "ada", Scripts::On).await else { return };
    browser.goes_to("/u/grace").await;
    browser.clicks(BOX).await;
    let mut keys = String::new();
    for n in 1..=10 {
        keys.push_str(&format!("m{n}"));
        keys.push(Key::Enter.value());
    }
    browser.presses(keys).await;
    let all = "return document.querySelector('#composer textarea').value === '' \
               && !document.querySelector('.htmx-request') \
               && [...document.querySelectorAll('[hx-ignore]')].map((e) => e.textContent).join('').includes('m10')";
    browser.waits("all is sent", all, json!([])).await;
    let said = grace.sees(&ada).await.concat();
    let words: String = (1..=10).map(|n| format!("m{n}")).collect();
    assert_eq!(said.replace('\n', ""), words, "words were lost, doubled or turned round");
    assert_eq!(browser.messages().await, grace.sees(&ada).await);
    browser.closes().await;
}

#[tokio::test]
async fn a_double_click_on_send_sends_once() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    for scripts in [Scripts::On, Scripts::Off] {
        let Some(browser) = Browser::of(&chat, "ada", scripts).await else { return };
        browser.goes_to("/u/grace").await;
        let text = format!("once, {scripts:?}");
        browser.types(BOX, text.as_str()).await;
        let button = browser.sees("#composer button").await;
        browser.driver.action_chain().double_click_element(&button).perform().await.expect("two clicks");
        browser.reads("[hx-ignore]", &text).await;
        browser
            .waits("the box is empty", "return document.querySelector('#composer textarea').value === ''", json!([]))
            .await;
        assert_eq!(grace.sees(&ada).await.iter().filter(|said| **said == text).count(), 1);
        browser.closes().await;
    }
}

#[tokio::test]
async fn while_the_server_is_away_the_text_stays_and_can_be_sent_again() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let Some(browser) = Browser::of(&chat, "ada", Scripts::On).await else { return };
    browser.goes_to("/u/grace").await;
    let network =
        |offline| json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    browser.cdp("Network.enable", json!({})).await;
    browser.cdp("Network.emulateNetworkConditions", network(true)).await;
    browser.types(BOX, "are you there?" + Key::Enter).await;
    browser.reads("#composer-error", "Not sent").await;
    assert_eq!(browser.value(BOX).await, "are you there?");
    browser.cdp("Network.emulateNetworkConditions", network(false)).await;
    browser.types(BOX, Key::Enter).await;
    browser.reads("[hx-ignore]", "are you there?").await;
    browser
        .waits(
            "the reason goes",
            "return document.querySelector('#composer-error').textContent.trim() === ''",
            json!([]),
        )
        .await;
    assert_eq!(grace.sees(&ada).await, ["are you there?"]);
    assert_eq!(browser.value(BOX).await, "");
}
