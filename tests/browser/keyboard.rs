//! Without a mouse, and for those who listen: where the focus is.

use serde_json::json;
use thirtyfour::Key;

use crate::support::browser::{Browser, Scripts};
use crate::support::chat::Chat;

const FOCUS_IN_MAIN: &str = "return document.querySelector('#main').contains(document.activeElement)";

#[tokio::test]
async fn the_first_tab_stop_skips_to_the_content() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let id = ada.says(&grace, "hello").await.conversation;
    for scripts in [Scripts::On, Scripts::Off] {
        let Some(browser) = Browser::of(&chat, "ada", scripts).await else { return };
        let conversation = format!("/c/{id}");
        for path in ["/people", "/c", "/settings", conversation.as_str(), "/nowhere"] {
            browser.goes_to(path).await;
            browser.presses(Key::Tab).await;
            let first = browser.asks("return document.activeElement.getAttribute('href')", json!([])).await;
            assert_eq!(first, json!("#main"), "{path}, {scripts:?}");
            let seen =
                "const box = document.activeElement.getBoundingClientRect(); return box.width > 1 && box.top >= 0";
            browser.waits(&format!("{path}: the skip link is visible while it has the focus"), seen, json!([])).await;
            browser.presses(Key::Enter).await;
            browser.presses(Key::Tab).await;
            browser.waits(&format!("{path}, {scripts:?}: it leads into the content"), FOCUS_IN_MAIN, json!([])).await;
        }
    }
}

#[tokio::test]
async fn the_focus_is_in_the_content_after_navigation() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let id = ada.says(&grace, "hello").await.conversation;
    let Some(browser) = Browser::of(&chat, "ada", Scripts::On).await else { return };
    browser.goes_to("/settings").await;
    browser.asks("window.sameDocument = true", json!([])).await;
    let row = format!("#row-{id} a");
    for (link, heading) in [("#nav-people", "People"), (row.as_str(), "Grace"), ("#nav-chats", "Chats")] {
        browser.types(link, Key::Enter).await;
        browser.reads("h1", heading).await;
        browser.waits(&format!("{heading}: the focus is in the content"), FOCUS_IN_MAIN, json!([])).await;
        let current = "return document.querySelector(arguments[0]).getAttribute('aria-current') === 'page'";
        browser.waits(&format!("{heading}: the link says where one is"), current, json!([link])).await;
        let title = browser.driver.title().await.expect("a title");
        assert!(title.contains(heading), "{heading}: the title says {title:?}");
    }
    assert_eq!(
        browser.asks("return window.sameDocument === true", json!([])).await,
        json!(true),
        "the page was loaded anew"
    );
    browser.driver.back().await.expect("the page before");
    browser.reads("h1", "Grace").await;
    browser.waits("going back: the focus is in the content", FOCUS_IN_MAIN, json!([])).await;
    browser.driver.forward().await.expect("the page after");
    browser.reads("h1", "Chats").await;
    browser.closes().await;
}

#[tokio::test]
async fn ada_writes_to_grace_by_keyboard_alone() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let Some(browser) = Browser::open(&chat.web_url, Scripts::On).await else { return };
    browser.goes_to("/people").await;
    let tab_to = async |selector: &str| {
        for _ in 0..40 {
            browser.presses(Key::Tab).await;
            if browser.asks("return document.activeElement.matches(arguments[0])", json!([selector])).await
                == json!(true)
            {
                return;
            }
        }
        panic!("no Tab leads to {selector}");
    };
    tab_to("#username").await;
    browser.presses("ada").await;
    tab_to("#password").await;
    browser.presses(crate::support::chat::PASSWORD).await;
    browser.presses(Key::Enter).await;
    browser.reads("h1", "People").await;
    tab_to("#main a[href='/u/grace']").await;
    browser.presses(Key::Enter).await;
    browser.reads("h1", "Grace").await;
    browser
        .waits("the cursor is in the box", "return document.activeElement.matches('#composer textarea')", json!([]))
        .await;
    browser.presses("hello").await;
    browser.presses(Key::Enter).await;
    browser.reads("[hx-ignore]", "hello").await;
    browser.waits("and stays there", "return document.activeElement.matches('#composer textarea')", json!([])).await;
    assert_eq!(grace.sees(&ada).await, ["hello"]);
    browser.closes().await;
}
