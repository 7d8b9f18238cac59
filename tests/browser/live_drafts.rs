//! What is typed and not yet sent is on every device, and nobody's text is replaced without asking.

use serde_json::{Value, json};
use thirtyfour::Key;

use crate::support::browser::{Browser, Scripts};
use crate::support::chat::Chat;
use crate::support::person::Person;

const BOX: &str = "#composer textarea";

async fn reads_in_the_box(browser: &Browser, text: &str) {
    let same = "return document.querySelector('#composer textarea')?.value === arguments[0]";
    browser.waits(&format!("the box holds {text:?}"), same, json!([text])).await;
}

async fn stored(person: &Person, other: &Person) -> Value {
    person.looks_at(other, "viewerDraft { body }").await["viewerDraft"]["body"].clone()
}

#[tokio::test]
async fn a_draft_follows_to_every_device_and_goes_with_the_message() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let id = ada.says(&grace, "hello").await.conversation;
    let Some([desk, phone]) = Browser::of_two(&chat, ["ada", "ada"]).await else { return };
    desk.goes_to("/u/grace").await;
    phone.goes_to("/people").await;
    phone.is_live().await;
    let row = format!("#row-{id} .list__excerpt--draft");
    desk.types(BOX, "about tomor").await;
    phone.reads(&row, "Draft: about tomor").await;
    phone.clicks(&format!("#row-{id} a")).await;
    reads_in_the_box(&phone, "about tomor").await;
    phone.types(BOX, "row").await;
    reads_in_the_box(&desk, "about tomorrow").await;
    desk.types(BOX, "!").await;
    reads_in_the_box(&phone, "about tomorrow!").await;
    desk.clicks("#nav-people").await;
    desk.reads(&row, "Draft: about tomorrow!").await;
    phone.types(BOX, Key::Enter + "").await;
    reads_in_the_box(&phone, "").await;
    desk.waits("the draft is gone", "return !document.querySelector(arguments[0])", json!([row])).await;
    desk.reads(&format!("#row-{id}"), "about tomorrow!").await;
    assert_eq!(stored(&ada, &grace).await, Value::Null);
    assert_eq!(grace.sees(&ada).await, ["hello", "about tomorrow!"]);
    desk.closes().await;
    phone.closes().await;
}

#[tokio::test]
async fn what_was_typed_in_a_hurry_is_there_after_going_away_and_back() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let Some(browser) = Browser::of(&chat, "ada", Scripts::On).await else { return };
    browser.goes_to("/u/grace").await;
    browser.types(BOX, "never written to").await;
    browser.clicks("#nav-people").await;
    browser.reads("h1", "People").await;
    browser.clicks("#main a[href='/u/grace']").await;
    reads_in_the_box(&browser, "never written to").await;
    browser.types(BOX, ", and left").await;
    browser.reloads().await;
    browser.sees(BOX).await;
    reads_in_the_box(&browser, "never written to, and left").await;
    browser.types(BOX, Key::Enter + "").await;
    browser.reads("[hx-ignore]", "and left").await;
    reads_in_the_box(&browser, "").await;
    browser.reloads().await;
    browser.sees(BOX).await;
    assert_eq!(browser.value(BOX).await, "");
    assert_eq!(stored(&ada, &grace).await, Value::Null);
    browser.closes().await;
}

#[tokio::test]
async fn of_two_texts_that_were_typed_at_once_one_chooses() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    ada.says(&grace, "hello").await;
    for (choice, chosen) in [("theirs", "from the desk"), ("mine", "from the phone")] {
        let Some([desk, phone]) = Browser::of_two(&chat, ["ada", "ada"]).await else { return };
        for browser in [&desk, &phone] {
            browser.goes_to("/u/grace").await;
            browser.is_live().await;
        }
        phone.is_offline(true).await;
        phone.reads("[data-live=offline]", "Offline").await;
        phone.types(BOX, "from the phone").await;
        desk.types(BOX, "from the desk").await;
        crate::support::within(std::time::Duration::from_secs(30), "the desk's text is stored", async || {
            stored(&ada, &grace).await == json!("from the desk")
        })
        .await;
        phone.is_offline(false).await;
        phone.reads("[data-conflict]:not([hidden])", "Another device has a newer draft").await;
        assert_eq!(phone.value(BOX).await, "from the phone", "it was replaced without asking");
        phone.clicks(&format!("[data-choose={choice}]")).await;
        reads_in_the_box(&phone, chosen).await;
        reads_in_the_box(&desk, chosen).await;
        phone.waits("the question goes", "return document.querySelector('[data-conflict]').hidden", json!([])).await;
        desk.types(BOX, Key::Control + "a").await;
        desk.types(BOX, Key::Backspace + "").await;
        reads_in_the_box(&phone, "").await;
    }
}
