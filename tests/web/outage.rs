//! When the API cannot be reached: what people are told, and what they keep.

use crate::support::chat::{Chat, PASSWORD};
use crate::support::page::Visitor;
use crate::support::upstream::Upstream;

#[tokio::test]
async fn nothing_that_was_typed_is_lost_while_the_api_is_away() {
    let mut chat = Chat::start().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let id = ada.says(&grace, "hello").await.conversation;
    let upstream = Upstream::start(&chat, ([127, 0, 0, 1], 0).into()).await;
    chat.web_url = chat.serve_pages_before(format!("http://{}", upstream.address), None).await;
    let writer = Visitor::logged_in(&chat, "ada").await;
    let page = writer.get(&format!("/c/{id}")).await;
    let form = page.form("#composer").with("message", "are <you> there?");
    let address = upstream.stop().await;

    for path in ["/people", "/", "/login", &format!("/c/{id}")] {
        let page = writer.get(path).await;
        assert_eq!((page.status, page.is_whole()), (503, true), "{path}");
        assert!(page.says("#main").contains("Try again"), "{path} does not say what to do");
        assert_eq!(page.says("#main code"), page.header("x-request-id"), "{path} does not say its number");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
    }
    let part = writer.get("/people?q=gra").fragment().await;
    assert_eq!((part.status, part.is_whole()), (503, false));
    assert!(part.text.contains(part.header("x-request-id")), "{}", part.text);
    let part = writer.submits(form.clone()).fragment().await;
    assert_eq!(part.status, 503, "the composer is told that all is well");

    let kept = writer.submits(form.clone()).await;
    assert_eq!(kept.status, 503);
    let again = kept.form("#main form");
    assert_eq!(again.value("message"), "are <you> there?");
    assert_eq!(again.value("key"), form.value("key"), "trying again could send it twice");
    assert!(kept.says("#composer-error").contains("Your text is kept"));
    assert_eq!(
        Visitor::at(&chat.web_url).post("/login", &[("username", "ada"), ("password", PASSWORD)]).await.status,
        503
    );

    let _upstream = Upstream::start(&chat, address).await;
    assert_eq!(
        writer.submits(again).await.location(),
        format!("/c/{id}#newest"),
        "the session did not outlive the outage"
    );
    assert_eq!(grace.sees(&ada).await, ["hello", "are <you> there?"]);
}

#[tokio::test]
async fn logging_out_works_while_the_api_is_away() {
    let mut chat = Chat::start().await;
    chat.people(["ada"]).await;
    let upstream = Upstream::start(&chat, ([127, 0, 0, 1], 0).into()).await;
    chat.web_url = chat.serve_pages_before(format!("http://{}", upstream.address), None).await;
    let ada = Visitor::logged_in(&chat, "ada").await;
    let form = ada.get("/settings").await.form("#main form");
    let address = upstream.stop().await;
    assert_eq!(ada.submits(form).await.location(), "/login");
    let _upstream = Upstream::start(&chat, address).await;
    assert_eq!(ada.get("/settings").await.status, 303);
}
