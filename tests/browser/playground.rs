//! The playground: GraphiQL out of the binary, with nothing but this machine in reach.

use serde_json::json;

use crate::support::browser::{Browser, Scripts};
use crate::support::chat::Chat;

#[tokio::test]
async fn the_playground_works_with_the_network_cut() {
    let chat = Chat::start_with(|config| config.playground = true).await;
    api::user::add(&chat.app, "ada", "Ada Lovelace", "welcome-to-the-demo".into()).await.expect("a demo person");
    chat.add("grace", "Grace Hopper").await;
    let Some(browser) = Browser::open(&chat.api.url, Scripts::On).await else { return };
    browser.goes_to("/graphql").await;
    browser.sees(".graphiql-query-editor").await;
    let tabs = "return document.querySelectorAll('[role=tab]').length";
    browser.waits("there are five worked operations", &format!("{tabs} === 5"), json!([])).await;

    browser.clicks(".graphiql-execute-button").await;
    browser.reads(".result-window", "accessToken").await;
    browser.reads(".result-window", "Ada Lovelace").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new(), "something is missing, or against the page's policy");

    browser.clicks("[role=tab] button[title=People]").await;
    browser.sees("[role=tab][aria-selected=true] button[title=People]").await;
    browser.reads(".graphiql-query-editor", "users").await;
    browser.clicks(".graphiql-execute-button").await;
    // For a moment after the change GraphiQL still names the operation of the other tab; then one asks again.
    let people = "const result = document.querySelector('.result-window').textContent; \
                  if (result.includes('operationName')) document.querySelector('.graphiql-execute-button').click(); \
                  return result.includes('Grace Hopper')";
    browser.waits("the people are listed", people, json!([])).await;
}

#[tokio::test]
async fn where_it_is_off_there_is_no_playground() {
    let chat = Chat::start().await;
    let answer = chat.api.http.get(format!("{}/graphql", chat.api.url)).header("accept", "text/html").send().await;
    assert_eq!(answer.expect("an answer").status(), 405);
}
