//! Drafts, through the pages: what was begun on one device is there on the others, and an older text never replaces a newer.

use serde_json::{Value, json};

use crate::support::chat::{Chat, PASSWORD};
use crate::support::page::{Page, Visitor};

/// What is in the composer: the text, and the revision that it grew from.
fn begun(page: &Page) -> (String, String) {
    (
        page.exactly("#composer textarea").trim_start_matches('\n').to_owned(),
        page.form("#composer").value("draft").to_owned(),
    )
}

fn json(answer: &Page) -> Value {
    serde_json::from_str(&answer.text).unwrap_or_else(|_| panic!("not JSON ({}): {}", answer.status, answer.text))
}

/// Saves as the script does, and gives the status with what is stored then.
async fn saves(visitor: &Visitor, address: &str, text: &str, revision: i64) -> (u16, Value) {
    let fields = [("message", text), ("revision", &revision.to_string())];
    let answer = visitor.post(address, &fields).fragment().await;
    (answer.status, json(&answer))
}

#[tokio::test]
async fn what_was_begun_is_there_on_every_device() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let id = grace.says(&ada, "lunch?").await.conversation;
    let (phone, desk) = (Visitor::logged_in(&chat, "ada").await, Visitor::logged_in(&chat, "ada").await);
    let page = phone.get(&format!("/c/{id}")).await;
    assert_eq!(begun(&page), (String::new(), "0".to_owned()));
    let address = page.attribute("#composer", "data-draft");
    let mut live = desk.follows(None).await;

    let typed = "at <noon>,\n  or \"later\"";
    assert_eq!(saves(&phone, &address, typed, 0).await, (200, json!({ "draft": typed, "revision": 1 })));
    let told = live.told("push").await;
    assert_eq!((told.text("draft"), &told.data["draftRevision"]), (typed, &json!(1)));
    assert!(told.pieces().says(&format!("#row-{id} .list__excerpt--draft")).starts_with("Draft: at <noon>, or"));
    let page = desk.get(&format!("/c/{id}")).await;
    assert_eq!(begun(&page), (typed.to_owned(), "1".to_owned()));
    assert!(!page.has("[data-unsaved]"));
    assert!(page.says(&format!("#row-{id}[data-draft]")).contains("Draft:"));

    let answer = desk.submits(page.form("#composer")).fragment().await;
    assert_eq!(answer.attribute("hx-partial[hx-target='#composer-draft'] input", "value"), "2");
    assert!(!answer.text.contains("Draft:"), "what was sent is still a draft");
    assert_eq!(begun(&phone.get(&format!("/c/{id}")).await), (String::new(), "2".to_owned()));
    let late = saves(&phone, &address, typed, 1).await;
    assert_eq!(late, (409, json!({ "draft": "", "revision": 2 })), "a late save brought back what was sent");
}

#[tokio::test]
async fn an_older_draft_never_replaces_a_newer_one() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let id = grace.says(&ada, "lunch?").await.conversation;
    let address = format!("/c/{id}/draft");
    let (phone, desk) = (Visitor::logged_in(&chat, "ada").await, Visitor::logged_in(&chat, "ada").await);
    assert_eq!(saves(&phone, &address, "from the phone", 0).await.0, 200);
    let stored = json!({ "draft": "from the phone", "revision": 1 });
    assert_eq!(saves(&desk, &address, "from the desk", 0).await, (409, stored));
    assert_eq!(saves(&desk, &address, "from the desk", 1).await.0, 200);
    let cleared = saves(&phone, &address, " \n", 2).await;
    assert_eq!(cleared, (200, json!({ "draft": "", "revision": 3 })));
    assert!(!phone.get("/c").await.text.contains("Draft:"));
}

#[tokio::test]
async fn a_draft_to_somebody_new_is_kept_and_they_learn_nothing() {
    let chat = Chat::with_pages().await;
    let [_ada, grace] = chat.people(["ada", "grace"]).await;
    let (phone, desk) = (Visitor::logged_in(&chat, "ada").await, Visitor::logged_in(&chat, "ada").await);
    let reader = Visitor::logged_in(&chat, "grace").await;
    let (mut hers, mut mine) = (reader.follows(None).await, desk.follows(None).await);
    let address = phone.get("/u/grace").await.attribute("#composer", "data-draft");
    assert_eq!(saves(&phone, &address, "Dear Grace,", 0).await.0, 200);
    let told = mine.told("push").await;
    assert_eq!((told.text("draft"), &told.data["row"]), ("Dear Grace,", &json!(false)));
    assert!(!told.pieces().has("[id^='row-']"), "the list shows a conversation in which nothing was said");
    let page = desk.get("/u/grace").await;
    assert_eq!(begun(&page), ("Dear Grace,".to_owned(), "1".to_owned()));
    assert!(page.says("#older").contains("start of the conversation"));
    assert!(!desk.get("/c").await.has("[id^='row-']"));
    assert!(!reader.get("/u/ada").await.text.contains("Dear"));

    desk.submits(page.form("#composer").with("message", "Dear Grace, hello")).await.location();
    assert_eq!(hers.news().await.expect("an event").pieces().messages(), ["Dear Grace, hello"]);
    assert_eq!(begun(&phone.get("/u/grace").await), (String::new(), "2".to_owned()));
    assert_eq!(grace.unread().await, (1, 1));
}

#[tokio::test]
async fn a_text_that_was_refused_or_waited_goes_before_a_stored_draft() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let id = grace.says(&ada, "lunch?").await.conversation;
    let path = format!("/c/{id}");
    let writer = Visitor::logged_in(&chat, "ada").await;
    let form = writer.get(&path).await.form("#composer");
    let other = Visitor::logged_in(&chat, "ada").await;
    assert_eq!(saves(&other, &format!("{path}/draft"), "stored meanwhile", 0).await.0, 200);

    let refused = writer.submits(form.clone().with("message", "bell\u{7}")).await;
    assert_eq!((refused.status, begun(&refused)), (422, ("bell\u{7}".to_owned(), "0".to_owned())));
    assert!(refused.has("#composer[data-unsaved]"));

    ada.on_another_device().await.logs_out(true).await;
    let door = writer.submits(form.with("message", "waited")).await;
    assert_eq!(door.status, 401);
    let again = door.form(".login__form").with("username", "ada").with("password", PASSWORD);
    assert_eq!(writer.submits(again).await.location(), path);
    let page = writer.get(&path).await;
    assert_eq!(
        begun(&page),
        ("waited".to_owned(), "0".to_owned()),
        "sending it would clear what was written elsewhere"
    );
    assert!(page.has("#composer[data-unsaved]"));
    assert_eq!(writer.submits(page.form("#composer")).await.status, 303);
    assert_eq!(begun(&writer.get(&path).await).0, "stored meanwhile");
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused_and_harms_nothing() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let id = grace.says(&ada, "lunch?").await.conversation;
    let writer = Visitor::logged_in(&chat, "ada").await;
    let address = format!("/c/{id}/draft");
    assert_eq!(saves(&writer, &address, "kept", 0).await.0, 200);
    let long = "ü".repeat(8_001);
    for fields in [
        &[("message", long.as_str()), ("revision", "1")][..],
        &[("message", "bell\u{7}"), ("revision", "1")],
        &[("message", "x"), ("revision", "one")],
        &[("message", "x")],
        &[],
    ] {
        assert_eq!(writer.post(&address, fields).fragment().await.status, 422);
    }
    assert_eq!(writer.post("/u/ada/draft", &[("message", "to me"), ("revision", "0")]).fragment().await.status, 422);
    assert_eq!(writer.post("/u/nobody/draft", &[("message", "x"), ("revision", "0")]).fragment().await.status, 404);
    assert_eq!(begun(&writer.get(&format!("/c/{id}")).await), ("kept".to_owned(), "1".to_owned()));
}
