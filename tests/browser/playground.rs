//! The playground: GraphiQL out of the binary, with nothing but this machine in reach.

use std::time::Duration;

use serde_json::json;

use crate::support::browser::{Browser, Scripts};
use crate::support::chat::Chat;
use crate::support::person::To;
use crate::support::within;

#[tokio::test]
async fn the_playground_works_with_the_network_cut() {
    let chat = Chat::start_with(|config| config.playground = true).await;
    api::user::add(&chat.app, "ada", "Ada Lovelace", "welcome-to-the-demo".into()).await.expect("a demo person");
    let grace = chat.person("grace", "Grace Hopper").await;
    let Some(browser) = Browser::open(&chat.api.url, Scripts::On).await else { return };
    browser.goes_to("/graphql").await;
    browser.sees(".graphiql-query-editor").await;
    let tabs = "return document.querySelectorAll('[role=tab]').length";
    browser.waits("there are six worked operations", &format!("{tabs} === 6"), json!([])).await;

    browser.clicks(".graphiql-execute-button").await;
    browser.reads(".result-window", "accessToken").await;
    browser.reads(".result-window", "Ada Lovelace").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new(), "something is missing, or against the page's policy");

    browser.clicks("[role=tab] button[title=People]").await;
    browser.sees("[role=tab][aria-selected=true] button[title=People]").await;
    browser.reads(".graphiql-query-editor", "users").await;
    browser.clicks(".graphiql-execute-button").await;
    browser.reads(".result-window", "Grace Hopper").await;

    browser.clicks("[role=tab] button[title=Listen]").await;
    browser.reads(".graphiql-query-editor", "subscription").await;
    browser.clicks(".graphiql-execute-button").await;
    browser.sees(".graphiql-execute-button[aria-label^=Stop]").await;
    let ada = api::user::find(&chat.app, "ada").await.expect("an answer").expect("ada").id;
    // The stream may still be opening: one of these comes after that.
    let told = "return document.querySelector('.result-window').textContent.includes('did it arrive')";
    within(Duration::from_secs(30), "the message is told", async || {
        grace.says(To::Person(ada.to_string()), "did it arrive").await;
        browser.asks(told, json!([])).await == json!(true)
    })
    .await;
    browser.clicks(".graphiql-execute-button").await;
    browser.sees(".graphiql-execute-button[aria-label^=Execute]").await;
}

#[tokio::test]
async fn where_it_is_off_there_is_no_playground() {
    let chat = Chat::start().await;
    let answer = chat.api.http.get(format!("{}/graphql", chat.api.url)).header("accept", "text/html").send().await;
    assert_eq!(answer.expect("an answer").status(), 405);
}
