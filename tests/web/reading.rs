//! Marking read through the pages.

use crate::support::chat::Chat;
use crate::support::page::Visitor;

#[tokio::test]
async fn the_button_marks_read_what_is_on_the_page() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let id = grace.says(&ada, "one").await.conversation;
    grace.says(&ada, "two").await;
    let reader = Visitor::logged_in(&chat, "ada").await;
    let page = reader.get(&format!("/c/{id}")).await;
    assert_eq!(page.texts("form[data-read] button"), ["Mark read"]);
    grace.says(&ada, "three, which is not on the page").await;

    assert_eq!(reader.submits(page.form("form[data-read]")).await.location(), format!("/c/{id}"));
    assert_eq!(ada.unread_in(&grace).await, 1, "what was not seen counts as read");
    let page = reader.get(&format!("/c/{id}")).await;
    assert_eq!(page.exactly("li:has(#new) [hx-ignore]"), "three, which is not on the page");
    assert!(page.says("title").starts_with("(1) "));
    reader.submits(page.form("form[data-read]")).await;
    let page = reader.get(&format!("/c/{id}")).await;
    assert!(!page.has("form[data-read], #new"));
    assert_eq!(grace.unread_in(&ada).await, 0);
}

#[tokio::test]
async fn htmx_gets_the_row_and_the_title() {
    let chat = Chat::with_pages().await;
    let [ada, grace, alan] = chat.people(["ada", "grace", "alan"]).await;
    let id = grace.says(&ada, "one").await.conversation;
    alan.says(&ada, "another").await;
    let reader = Visitor::logged_in(&chat, "ada").await;
    let page = reader.get(&format!("/c/{id}")).await;
    assert!(page.says("title").starts_with("(2) "));
    let answer = reader.submits(page.form("form[data-read]")).fragment().await;
    assert_eq!((answer.status, answer.is_whole()), (200, false));
    assert!(answer.says("title").starts_with("(1) "), "{}", answer.says("title"));
    assert!(!answer.says(&format!("#row-{id}")).contains("unread"));
    assert_eq!(ada.unread().await, (1, 1));
}

#[tokio::test]
async fn sending_marks_read_what_its_author_had_before_them() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let id = grace.says(&ada, "lunch?").await.conversation;
    let writer = Visitor::logged_in(&chat, "ada").await;
    let page = writer.get(&format!("/c/{id}")).await;
    assert_eq!(ada.unread_in(&grace).await, 1);
    writer.submits(page.form("#composer").with("message", "at noon")).await.location();
    assert_eq!(ada.unread_in(&grace).await, 0, "sending does not mark read");

    let page = writer.get(&format!("/c/{id}")).await;
    grace.says(&ada, "make it one").await;
    writer.submits(page.form("#composer").with("message", "see you")).await.location();
    assert_eq!(ada.unread_in(&grace).await, 1, "what its author had not seen counts as read");
}

#[tokio::test]
async fn nonsense_is_refused_and_changes_nothing() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let id = grace.says(&ada, "one").await.conversation;
    let reader = Visitor::logged_in(&chat, "ada").await;
    let path = format!("/c/{id}/read");
    for position in ["", "x", "1.5", "99999999999999999999", "-1"] {
        let answer = reader.post(&path, &[("position", position)]).await;
        assert_eq!(answer.status, 422, "{position:?}: {}", answer.text);
        assert!(answer.has("#main a[href='/']"), "{position:?}: {}", answer.text);
    }
    assert_eq!(ada.unread_in(&grace).await, 1);
    assert_eq!(reader.post(&path, &[("position", "2000000000")]).await.status, 303, "beyond the newest is the newest");
    assert_eq!(ada.unread_in(&grace).await, 0);
}
