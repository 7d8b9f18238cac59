//! When the line or the server goes: what the page says, and that everything is there when they are back.

use serde_json::json;

use crate::support::browser::{Browser, Scripts};
use crate::support::chat::Chat;
use crate::support::line::Line;
use crate::support::person::Person;
use crate::support::upstream::Upstream;

const BOX: &str = "#composer textarea";
const TEXT: &str = "[id^=message-] [hx-ignore]";

#[tokio::test]
async fn a_page_whose_line_is_cut_says_so_and_is_complete_when_it_is_back() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    ada.says(&grace, "hello").await;
    let Some(browser) = Browser::of(&chat, "grace", Scripts::On).await else { return };
    browser.goes_to("/u/ada").await;
    browser.is_live().await;
    browser.is_offline(true).await;
    browser.reads("[data-live=offline]", "Offline since").await;
    browser.types(BOX, "half a sen").await;
    ada.says(&grace, "while you were away").await;
    ada.says(&grace, "and again").await;
    browser.is_offline(false).await;
    browser.is_live().await;
    browser.reads(TEXT, "and again").await;
    assert_eq!(browser.messages().await, ["hello", "while you were away", "and again"]);
    browser.types(BOX, "tence").await;
    assert_eq!(browser.value(BOX).await, "half a sentence");
}

#[tokio::test]
async fn while_the_api_is_away_pages_try_again_and_then_go_on() {
    let mut chat = Chat::start().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    ada.says(&grace, "hello").await;
    let upstream = Upstream::start(&chat, ([127, 0, 0, 1], 0).into()).await;
    chat.web_url = chat.serve_pages_before(format!("http://{}", upstream.address), None).await;
    let Some(browser) = Browser::of(&chat, "grace", Scripts::On).await else { return };
    browser.goes_to("/u/ada").await;
    browser.is_live().await;
    browser.types(BOX, "typed before").await;
    listens_to_the_state(&browser).await;
    let address = upstream.stop().await;
    browser.reads("[data-live=offline]", "Offline since").await;
    ada.says(&grace, "while the api was away").await;
    let _upstream = Upstream::start(&chat, address).await;
    browser.is_live().await;
    browser.reads(TEXT, "while the api was away").await;
    assert_eq!(browser.messages().await, ["hello", "while the api was away"]);
    assert_eq!(browser.value(BOX).await, "typed before");
    assert_eq!(told(&browser).await[0], "Reconnecting");
}

#[tokio::test]
async fn while_the_pages_are_away_they_try_again_and_then_go_on() {
    let Some((_chat, [ada, grace], line, browser)) = grace_behind_a_line().await else { return };
    line.cut().await;
    browser.reads("[data-live=offline]", "Offline since").await;
    ada.says(&grace, "while the pages were away").await;
    line.mend().await;
    browser.is_live().await;
    browser.reads(TEXT, "while the pages were away").await;
    assert_eq!(browser.messages().await, ["hello", "while the pages were away"]);
}

#[tokio::test]
async fn a_line_that_has_fallen_silent_is_not_taken_for_a_quiet_one() {
    let Some((_chat, [ada, grace], line, browser)) = grace_behind_a_line().await else { return };
    line.hush();
    browser.reads("[data-live=offline]", "Offline since").await;
    ada.says(&grace, "into the silence").await;
    line.cut().await;
    line.mend().await;
    browser.is_live().await;
    browser.reads(TEXT, "into the silence").await;
    assert_eq!(browser.messages().await, ["hello", "into the silence"]);
}

/// Grace looks at her conversation with Ada, over a line that can be cut.
async fn grace_behind_a_line() -> Option<(Chat, [Person; 2], Line, Browser)> {
    let mut chat = Chat::with_pages().await;
    let people = chat.people(["ada", "grace"]).await;
    people[0].says(&people[1], "hello").await;
    let line = Line::to(chat.web_url.trim_start_matches("http://")).await;
    chat.web_url = format!("http://{}", line.address);
    let browser = Browser::of(&chat, "grace", Scripts::On).await?;
    browser.goes_to("/u/ada").await;
    browser.is_live().await;
    Some((chat, people, line, browser))
}

async fn listens_to_the_state(browser: &Browser) {
    let listen = "window.told = []; const line = document.querySelector('[data-live]'); \
                  new MutationObserver(() => told.push(line.textContent)) \
                    .observe(line, { childList: true, characterData: true, subtree: true })";
    browser.asks(listen, json!([])).await;
}

/// What it has said since.
async fn told(browser: &Browser) -> Vec<String> {
    serde_json::from_value(browser.asks("return window.told", json!([])).await).expect("words")
}

#[tokio::test]
async fn a_reset_draws_the_page_anew_and_leaves_the_box_alone() {
    let mut chat = Chat::start().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let id = ada.says(&grace, "hello").await.conversation;
    let upstream = Upstream::start(&chat, ([127, 0, 0, 1], 0).into()).await;
    chat.web_url = chat.serve_pages_before(format!("http://{}", upstream.address), None).await;
    let Some(browser) = Browser::of(&chat, "grace", Scripts::On).await else { return };
    browser.goes_to("/u/ada").await;
    browser.is_live().await;
    browser.types(BOX, "half a sentence").await;
    browser.asks("document.querySelector('#composer textarea').setSelectionRange(4, 8)", json!([])).await;
    let address = upstream.stop().await;
    ada.says(&grace, "before it was restored").await;
    let epoch = format!("UPDATE instance SET feed_epoch = {}", chat.database.literal(ada.user_id));
    chat.database.db_run(&epoch).await.expect("another epoch");
    let restored = chat.beside().await;
    let _upstream = Upstream::start(&restored, address).await;
    browser.reads(TEXT, "before it was restored").await;
    browser.is_live().await;
    assert_eq!(browser.messages().await, ["hello", "before it was restored"]);
    browser.reads(&format!("#row-{id}"), "before it was restored").await;
    let kept = "const box = document.activeElement; return [box.id, box.value, box.selectionStart, box.selectionEnd]";
    assert_eq!(browser.asks(kept, json!([])).await, json!(["composer-text", "half a sentence", 4, 8]));
    ada.at(&restored.api).says(&grace, "and it goes on").await;
    browser.reads(TEXT, "and it goes on").await;
}
