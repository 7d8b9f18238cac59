//! Where a conversation opens, and that it stands still under the reader's eyes.

use serde_json::json;

use crate::support::browser::{Browser, Screen, Scripts};
use crate::support::chat::Chat;

/// The first row that is wholly in view: its position, and how far it is from the top of the list.
const FIRST_IN_VIEW: &str = "
    const top = document.querySelector('[data-scroller]').getBoundingClientRect().top;
    const row = [...document.querySelectorAll('[data-position]')].find((row) => row.getBoundingClientRect().top >= top);
    return [row.dataset.position, row.getBoundingClientRect().top - top];";

async fn a_long_conversation(messages: usize) -> Chat {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    for n in 1..=messages {
        let text = format!("message {n} {}", "which goes on for a while ".repeat(n % 7));
        if n % 3 == 0 {
            ada.says(&grace, &text).await
        } else {
            grace.says(&ada, &text).await
        };
    }
    let newest = i64::try_from(messages).expect("a number");
    ada.marks_read(&grace, newest).await.expect("a marker");
    chat
}

#[tokio::test]
async fn older_messages_come_in_without_a_jump() {
    let chat = a_long_conversation(150).await;
    for screen in [Screen::DESK, Screen::PHONE] {
        let Some(browser) = Browser::of(&chat, "ada", Scripts::On).await else { return };
        browser.turns_into(screen).await;
        browser.goes_to("/u/grace").await;
        browser.reads("[hx-ignore]", "message 150").await;
        let mut rows = browser.messages().await.len();
        assert!(rows < 60, "nothing is left to come in");
        while rows < 150 {
            // To the top of what is here, which asks for more; the reader looks at the first row from then on.
            let looked_at = browser
                .asks(
                    &format!(
                        "const list = document.querySelector('[data-scroller]');
                         list.scrollTop = list.clientHeight - list.scrollHeight + 40;
                         {FIRST_IN_VIEW}"
                    ),
                    json!([]),
                )
                .await;
            let more = "return document.querySelectorAll('[id^=message-]').length > arguments[0] \
                        && !document.querySelector('.htmx-request')";
            browser.waits("older messages come in", more, json!([rows])).await;
            let place = "const top = document.querySelector('[data-scroller]').getBoundingClientRect().top; \
                         const row = document.querySelector(`[data-position='${arguments[0]}']`); \
                         return row.getBoundingClientRect().top - top";
            let now = browser.asks(place, json!([looked_at[0]])).await.as_f64().expect("a place");
            let before = looked_at[1].as_f64().expect("a place");
            assert!((now - before).abs() <= 2.0, "{screen:?}: the first row jumped from {before} to {now}");
            rows = browser.messages().await.len();
        }
        let mut expected = browser.messages().await;
        expected.dedup();
        assert_eq!(expected.len(), 150, "a message is there twice");
        browser.closes().await;
    }
}

#[tokio::test]
async fn a_conversation_opens_at_the_newest_or_at_the_first_unread() {
    let chat = a_long_conversation(60).await;
    let (ada, grace) = (chat.api.log_in("ada").await, chat.api.log_in("grace").await);
    let place = "const place = (selector) => document.querySelector(selector)?.getBoundingClientRect(); \
                 const box = place('[data-scroller]');";
    let new = &format!(
        "{place} const line = place('#new'); return !!line && line.top >= box.top - 1 && line.bottom <= box.bottom"
    );
    let newest = &format!(
        "{place} const row = place('[id^=message-]:last-child'); return !!row && row.bottom <= box.bottom + 1 && row.bottom > box.top"
    );
    for scripts in [Scripts::Off, Scripts::On] {
        let Some(browser) = Browser::of(&chat, "ada", scripts).await else { return };
        browser.goes_to("/u/grace").await;
        browser.waits(&format!("{scripts:?}: the newest message is in view"), newest, json!([])).await;
        for n in 0..50 {
            grace.says(&ada, &format!("news {n}")).await;
        }
        browser.goes_to("/u/grace").await;
        browser.waits(&format!("{scripts:?}: the first unread message is in view"), new, json!([])).await;
        let id = ada.conversation(&grace).await;
        browser.goes_to("/people").await;
        browser.clicks(&format!("#row-{id} a")).await;
        browser
            .waits(&format!("{scripts:?}: the first unread message is in view, from the list"), new, json!([]))
            .await;
        browser.clicks(".conversation__jump").await;
        browser.waits(&format!("{scripts:?}: one can jump to the newest"), newest, json!([])).await;
        browser.closes().await;
        let newest = ada.messages(&grace).await.last().expect("messages").0;
        ada.marks_read(&grace, newest).await.expect("a marker");
    }
}

#[tokio::test]
async fn a_sent_message_is_in_view_wherever_one_was() {
    let chat = a_long_conversation(80).await;
    let Some(browser) = Browser::of(&chat, "ada", Scripts::On).await else { return };
    browser.goes_to("/u/grace").await;
    browser.reads("[hx-ignore]", "message 80").await;
    browser.asks("document.querySelector('[data-scroller]').scrollTop = -400", json!([])).await;
    browser.sees(".conversation__jump").await;
    browser.types("#composer textarea", "down here").await;
    browser.clicks("#composer button").await;
    browser.reads("[hx-ignore]", "down here").await;
    let in_view = "const row = document.querySelector('[id^=message-]:last-child'); \
                   return row.getBoundingClientRect().bottom <= document.querySelector('#composer').getBoundingClientRect().top + 1";
    browser.waits("it is in view", in_view, json!([])).await;
    browser.closes().await;
}
