//! The three stories, each with scripts on and with scripts off: see everybody, view my conversation with somebody,
//! write to them.

use serde_json::json;
use thirtyfour::Key;

use crate::support::browser::{Browser, Scripts};
use crate::support::chat::Chat;

/// Makes the same test twice.
macro_rules! with_and_without_scripts {
    ($($story:ident),* $(,)?) => {
        mod with_scripts {
            $(#[tokio::test] async fn $story() { super::$story(super::Scripts::On).await; })*
        }
        mod without_scripts {
            $(#[tokio::test] async fn $story() { super::$story(super::Scripts::Off).await; })*
        }
    };
}

with_and_without_scripts!(
    ada_logs_in_and_sees_everybody,
    ada_goes_through_a_long_list_of_people,
    ada_finds_grace_and_writes_to_her,
    ada_reads_what_is_new_and_marks_it_read,
    ada_goes_back_through_a_long_conversation,
    a_refused_text_stays_in_the_box,
    a_text_survives_the_end_of_the_session,
    ada_logs_out,
);

async fn an_office() -> Chat {
    let chat = Chat::with_pages().await;
    for (username, name) in
        [("ada", "Ada Lovelace"), ("grace", "Grace Hopper"), ("alan", "Alan Turing"), ("karen", "Karen Spärck Jones")]
    {
        chat.add(username, name).await;
    }
    chat
}

async fn ada_logs_in_and_sees_everybody(scripts: Scripts) {
    let chat = an_office().await;
    let Some(browser) = Browser::open(&chat.web_url, scripts).await else { return };
    browser.goes_to("/").await;
    assert_eq!(browser.address().await, "/login?next=%2F");
    browser.types("#username", "ada").await;
    browser.types("#password", "not the password").await;
    browser.clicks(".login__submit").await;
    browser.sees("#password[aria-invalid=true]").await;
    assert_eq!(browser.value("#username").await, "ada");
    assert_eq!(browser.value("#password").await, "");
    assert_eq!(browser.complaints().await.len(), 1, "the refusal itself");

    browser.types("#password", crate::support::chat::PASSWORD).await;
    browser.clicks(".login__submit").await;
    for username in ["grace", "alan", "karen"] {
        browser.sees(&format!("#main a[href='/u/{username}']")).await;
    }
    assert_eq!(browser.address().await, "/people");
    let links = browser.asks("return document.querySelectorAll(\"#main a[href^='/u/']\").length", json!([])).await;
    assert_eq!(links, json!(3), "oneself is among the others");
    browser.closes().await;
}

async fn ada_goes_through_a_long_list_of_people(scripts: Scripts) {
    let chat = an_office().await;
    chat.add_all((0..100).map(|n| (format!("person{n:02}"), format!("Person {n:02}")))).await;
    let Some(browser) = Browser::of(&chat, "ada", scripts).await else { return };
    let people =
        "return [...document.querySelectorAll(\"#main li a[href^='/u/person']\")].map((link) => link.pathname)";
    if scripts == Scripts::On {
        let down = "document.querySelector('.people__more')?.scrollIntoView(); \
                    return !document.querySelector('.people__more, .htmx-request')";
        browser.waits("scrolling down leads to the end", down, json!([])).await;
    }
    let mut met = browser.asks(people, json!([])).await.as_array().expect("links").clone();
    while browser.asks("return !!document.querySelector('.people__more')", json!([])).await == json!(true) {
        browser.clicks(".people__more a").await;
        met.extend(browser.asks(people, json!([])).await.as_array().expect("links").clone());
    }
    let everybody: Vec<_> = (0..100).map(|n| json!(format!("/u/person{n:02}"))).collect();
    assert_eq!(met, everybody);
    browser.closes().await;
}

async fn ada_finds_grace_and_writes_to_her(scripts: Scripts) {
    let chat = an_office().await;
    let (ada, grace) = (chat.api.log_in("ada").await, chat.api.log_in("grace").await);
    let Some(browser) = Browser::of(&chat, "ada", scripts).await else { return };
    browser.asks("window.sameDocument = true", json!([])).await;
    browser.types("#main input[type=search]", "hop").await;
    if scripts == Scripts::Off {
        browser.clicks("form[role=search] button").await;
    }
    browser.reads("#people [role=status]", "1 person").await;
    browser.clicks("#main a[href='/u/grace']").await;
    browser.reads("h1", "Grace Hopper").await;

    browser.types("#composer textarea", "Good morning, Grace").await;
    match scripts {
        Scripts::On => browser.presses(Key::Enter).await,
        Scripts::Off => browser.clicks("#composer button").await,
    }
    browser.reads("[id^='message-'] [hx-ignore]", "Good morning, Grace").await;
    browser
        .waits("the box is empty", "return document.querySelector('#composer textarea').value === ''", json!([]))
        .await;
    let same = browser.asks("return window.sameDocument === true", json!([])).await;
    assert_eq!(same, json!(scripts == Scripts::On), "with scripts nothing reloads the page");
    let id = ada.conversation(&grace).await;
    browser.reads(&format!("#row-{id}"), "Good morning, Grace").await;
    assert!(browser.address().await.starts_with(&format!("/c/{id}")), "{}", browser.address().await);
    assert_eq!(grace.sees(&ada).await, ["Good morning, Grace"]);

    grace.says(&ada, "Good morning, Ada").await;
    browser.reloads().await;
    browser.reads("[id^='message-'] [hx-ignore]", "Good morning, Ada").await;
    assert_eq!(browser.messages().await, ["Good morning, Grace", "Good morning, Ada"]);
    browser.closes().await;
}

async fn ada_reads_what_is_new_and_marks_it_read(scripts: Scripts) {
    let chat = an_office().await;
    let (ada, grace) = (chat.api.log_in("ada").await, chat.api.log_in("grace").await);
    ada.says(&grace, "Is the build green?").await;
    let id = grace.says(&ada, "Green again").await.conversation;
    let Some(browser) = Browser::open(&chat.web_url, scripts).await else { return };
    browser.goes_to("/people").await;
    browser.logs_in("ada").await;
    browser.reads(&format!("#row-{id}"), "1 unread").await;
    assert!(browser.driver.title().await.expect("a title").starts_with("(1) "));
    browser.clicks(&format!("#row-{id} a")).await;
    browser.reads("#new", "1 new").await;
    if scripts == Scripts::Off {
        browser.clicks("form[data-read] button").await;
    }
    browser.waits("it is read", "return !document.querySelector('form[data-read]')", json!([])).await;
    let quiet = "return !document.querySelector(arguments[0]).textContent.includes('unread')";
    browser.waits("the badge goes", quiet, json!([format!("#row-{id}")])).await;
    browser.waits("the title is told", "return !document.title.startsWith('(')", json!([])).await;
    assert_eq!(ada.unread().await, (0, 0));
    browser.closes().await;
}

async fn ada_goes_back_through_a_long_conversation(scripts: Scripts) {
    let chat = an_office().await;
    let (ada, grace) = (chat.api.log_in("ada").await, chat.api.log_in("grace").await);
    for n in 1..=100 {
        ada.says(&grace, &format!("message {n}")).await;
    }
    let Some(browser) = Browser::of(&chat, "ada", scripts).await else { return };
    browser.goes_to("/u/grace").await;
    browser.reads("[hx-ignore]", "message 100").await;
    let newest =
        "return document.querySelector('[id^=message-]:last-child').getBoundingClientRect().bottom <= innerHeight";
    browser.waits("it opens at the newest message", newest, json!([])).await;
    if scripts == Scripts::On {
        let up = "document.querySelector('[data-scroller]').scrollTop = -1e6; \
                  return document.querySelector('#older').textContent.includes('start of the conversation')";
        browser.waits("scrolling up leads to the start", up, json!([])).await;
        let expected: Vec<_> = (1..=100).map(|n| format!("message {n}")).collect();
        assert_eq!(browser.messages().await, expected);
    } else {
        let mut pages = 1;
        while browser.asks("return !!document.querySelector('#older a')", json!([])).await == json!(true) {
            let before = browser.messages().await;
            browser.asks("document.querySelector('#older a').scrollIntoView()", json!([])).await;
            browser.clicks("#older a").await;
            assert_ne!(browser.messages().await[0], before[0], "the way back does not lead back");
            pages += 1;
        }
        assert_eq!(browser.messages().await[0], "message 1");
        assert!(pages >= 3, "{pages} pages");
        browser.reads("#older", "start of the conversation").await;
    }
    browser.closes().await;
}

async fn a_refused_text_stays_in_the_box(scripts: Scripts) {
    let chat = an_office().await;
    let (ada, grace) = (chat.api.log_in("ada").await, chat.api.log_in("grace").await);
    let Some(browser) = Browser::of(&chat, "ada", scripts).await else { return };
    browser.goes_to("/u/grace").await;
    let long = "x".repeat(8_001);
    browser.sees("#composer textarea").await;
    browser.asks("document.querySelector('#composer textarea').value = arguments[0]", json!([long])).await;
    browser.clicks("#composer button").await;
    browser.reads("#composer-error", "8,000").await;
    assert_eq!(browser.value("#composer textarea").await, long);
    assert_eq!(browser.complaints().await.len(), 1, "the refusal itself");
    browser.sees("#composer textarea[aria-invalid=true]").await;

    browser.asks("document.querySelector('#composer textarea').value = ''", json!([])).await;
    browser.types("#composer textarea", "shorter").await;
    browser.clicks("#composer button").await;
    browser.reads("[hx-ignore]", "shorter").await;
    browser
        .waits(
            "the reason goes",
            "return document.querySelector('#composer-error').textContent.trim() === ''",
            json!([]),
        )
        .await;
    assert_eq!(grace.sees(&ada).await, ["shorter"]);
    browser.closes().await;
}

async fn a_text_survives_the_end_of_the_session(scripts: Scripts) {
    let chat = an_office().await;
    let (ada, grace) = (chat.api.log_in("ada").await, chat.api.log_in("grace").await);
    let Some(browser) = Browser::of(&chat, "ada", scripts).await else { return };
    browser.goes_to("/u/grace").await;
    browser.types("#composer textarea", "typed with care").await;
    ada.logs_out(true).await;
    browser.clicks("#composer button").await;
    browser.sees("#password").await;
    browser.logs_in("ada").await;
    browser.reads("h1", "Grace Hopper").await;
    assert_eq!(browser.value("#composer textarea").await, "typed with care", "what was typed is lost");
    browser.clicks("#composer button").await;
    browser.reads("[hx-ignore]", "typed with care").await;
    assert_eq!(grace.sees(&chat.api.log_in("ada").await).await, ["typed with care"]);
}

async fn ada_logs_out(scripts: Scripts) {
    let chat = an_office().await;
    let Some(browser) = Browser::of(&chat, "ada", scripts).await else { return };
    browser.clicks(".account__button").await;
    browser.clicks("#account-menu button").await;
    browser.sees("#password").await;
    browser.goes_to("/people").await;
    assert_eq!(browser.address().await, "/login?next=%2Fpeople");
    browser.driver.back().await.expect("the page before");
    browser.sees("#password").await;
    browser.closes().await;
}
