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
        "{place} const row = place('[id^=message-]:last-child'); \
         return !!row && row.bottom <= box.bottom + 1 && row.bottom > box.top"
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
    let in_view = "const place = (selector) => document.querySelector(selector).getBoundingClientRect(); \
                   return place('[id^=message-]:last-child').bottom <= place('#composer').top + 1";
    browser.waits("it is in view", in_view, json!([])).await;
    browser.closes().await;
}

#[tokio::test]
async fn a_text_sent_from_among_old_messages_leads_to_the_newest() {
    let chat = a_long_conversation(90).await;
    let (ada, grace) = (chat.api.log_in("ada").await, chat.api.log_in("grace").await);
    let id = ada.conversation(&grace).await;
    for (n, scripts) in [Scripts::On, Scripts::Off].into_iter().enumerate() {
        let Some(browser) = Browser::of(&chat, "ada", scripts).await else { return };
        browser.goes_to(&format!("/c/{id}/m/10")).await;
        browser.reads("[data-wanted] [hx-ignore]", "message 10").await;
        let text = format!("found it {n}");
        browser.types("#composer textarea", text.as_str()).await;
        browser.clicks("#composer button").await;
        browser.reads("[id^='message-']:last-child [hx-ignore]", &text).await;
        assert_eq!(browser.value("#composer textarea").await, "");
        assert_eq!(browser.messages().await.iter().filter(|said| **said == text).count(), 1);
        browser.closes().await;
    }
}

#[tokio::test]
async fn more_than_fits_may_come_in_while_one_is_writing() {
    let chat = a_long_conversation(10).await;
    let (ada, grace) = (chat.api.log_in("ada").await, chat.api.log_in("grace").await);
    let Some(browser) = Browser::of(&chat, "ada", Scripts::On).await else { return };
    browser.goes_to("/u/grace").await;
    browser.types("#composer textarea", "what did I miss?").await;
    for n in 0..60 {
        grace.says(&ada, &format!("meanwhile {n}")).await;
    }
    browser.clicks("#composer button").await;
    browser.reads("[id^='message-']:last-child [hx-ignore]", "what did I miss?").await;
    let positions = "const rows = [...document.querySelectorAll('[data-position]')] \
                       .map((row) => Number(row.dataset.position)); \
                     return rows.every((position, n) => n === 0 || position === rows[n - 1] + 1)";
    browser.waits("there is no hole", positions, json!([])).await;
    browser
        .waits("the box is empty", "return document.querySelector('#composer textarea').value === ''", json!([]))
        .await;
    browser.closes().await;
}

#[tokio::test]
async fn going_away_and_back_shows_what_was_sent_and_came_in() {
    let chat = a_long_conversation(5).await;
    let (ada, grace) = (chat.api.log_in("ada").await, chat.api.log_in("grace").await);
    for scripts in [Scripts::On, Scripts::Off] {
        let Some(browser) = Browser::of(&chat, "ada", scripts).await else { return };
        browser.goes_to("/u/grace").await;
        let (mine, hers) = (format!("mine, {scripts:?}"), format!("hers, {scripts:?}"));
        browser.types("#composer textarea", mine.as_str()).await;
        browser.clicks("#composer button").await;
        browser.reads("[hx-ignore]", &mine).await;
        browser.clicks("#nav-people").await;
        browser.reads("h1", "People").await;
        grace.says(&ada, &hers).await;
        browser.driver.back().await.expect("the page before");
        browser.reads("[hx-ignore]", &mine).await;
        if scripts == Scripts::Off {
            browser.reloads().await; // the browser may have kept the page as it was left
        }
        browser.reads("[hx-ignore]", &hers).await;
        assert_eq!(browser.messages().await, ada.sees(&grace).await);
        assert_eq!(browser.value("#composer textarea").await, "");
        browser.closes().await;
    }
}
