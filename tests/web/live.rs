//! What an open page is told: the markup that it is made of itself, for its own reader and nobody else, and without a gap
//! since it was drawn.

use crate::support::chat::Chat;
use crate::support::live::Told;
use crate::support::page::{Page, Visitor};

/// The targets of what a push brings.
fn targets(told: &Told) -> Vec<String> {
    told.pieces().attributes("hx-partial", "hx-target")
}

#[tokio::test]
async fn a_push_is_made_of_the_markup_of_the_page() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let reader = Visitor::logged_in(&chat, "grace").await;
    let mut live = reader.follows(None).await;
    let sent = ada.says(&grace, "Is the <build> green?\nShip it & go!").await;
    let told = live.told("push").await;
    let (pieces, id) = (told.pieces(), sent.conversation);

    let page = reader.get(&format!("/c/{id}")).await;
    let list = format!("hx-partial[hx-target='#messages-{id}'][hx-swap^='upsert']");
    let row = format!("#message-{}", sent.id);
    let pushed = pieces.markup(&format!("{list} {row}"));
    // The page also says from where on all is new.
    let drawn = page.markup(&row).replace(&page.markup(&format!("{row} #new")), "");
    assert_eq!(squeezed(&pushed), squeezed(&drawn));
    assert_eq!(pieces.messages(), page.messages());
    let reading = format!("hx-partial[hx-target='#read-{id}'] form[data-read]");
    assert_eq!(pieces.markup(&reading), page.markup(&format!("#read-{id} form[data-read]")));
    let elsewhere = reader.get("/people").await;
    let row = format!("#row-{id}");
    assert_eq!(squeezed(&pieces.markup(&row)), squeezed(&elsewhere.markup(&row)));

    assert_eq!(told.text("conversation"), id);
    assert_eq!(told.text("message"), sent.id);
    assert_eq!(told.text("author"), ada.id);
    assert_eq!(told.text("announce"), "Ada: Is the <build> green? Ship it & go!");
    assert_eq!(told.data["unread"], 1);
    assert!(!told.id.is_empty(), "it cannot be gone on from");
}

/// Markup without the white space between its elements.
fn squeezed(markup: &str) -> String {
    markup.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}

#[tokio::test]
async fn every_piece_names_its_conversation() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let reader = Visitor::logged_in(&chat, "grace").await;
    let mut live = reader.follows(None).await;
    let id = ada.says(&grace, "one").await.conversation;
    let told = live.told("push").await;
    assert_eq!(targets(&told), [format!("#messages-{id}"), "#list".to_owned(), format!("#read-{id}")]);
    assert_eq!(told.pieces().attributes("hx-partial[hx-target='#list'] > li", "id"), [format!("row-{id}")]);
    grace.marks_read(&ada, 1).await.expect("read");
    assert_eq!(targets(&live.told("push").await), ["#list".to_owned(), format!("#read-{id}")]);
}

#[tokio::test]
async fn nothing_of_other_people_is_told() {
    let chat = Chat::with_pages().await;
    let [ada, grace, eve] = chat.people(["ada", "grace", "eve"]).await;
    let outsider = Visitor::logged_in(&chat, "eve").await;
    let mut live = outsider.follows(None).await;
    ada.says(&grace, "the secret words").await;
    grace.marks_read(&ada, 1).await.expect("read");
    let writer = Visitor::logged_in(&chat, "ada").await;
    let page = writer.get("/u/grace").await;
    let typing = page.attribute("#composer", "data-typing");
    assert_eq!(writer.post(&typing, &[("state", "started")]).await.status, 204);
    ada.says(&eve, "and for you").await;
    let told = live.news().await.expect("an event");
    assert_eq!(told.pieces().messages(), ["and for you"], "{told:?}");
    assert!(!told.data.to_string().contains("secret"), "{told:?}");
}

#[tokio::test]
async fn what_happens_between_a_page_and_its_stream_is_told() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    ada.says(&grace, "on the page").await;
    let reader = Visitor::logged_in(&chat, "grace").await;
    let page = reader.get("/u/ada").await;
    let cursor = page.attribute("#main", "data-cursor");
    for text in ["one", "two", "three"] {
        ada.says(&grace, text).await;
    }
    let mut live = reader.follows(Some(&cursor)).await;
    for text in ["one", "two", "three"] {
        assert_eq!(live.told("push").await.pieces().messages(), [text]);
    }
    ada.says(&grace, "live").await;
    assert_eq!(live.told("push").await.pieces().messages(), ["live"]);
}

#[tokio::test]
async fn a_browser_that_comes_back_goes_on_after_its_last_event() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let reader = Visitor::logged_in(&chat, "grace").await;
    let first = reader.get("/people").await.attribute("#main", "data-cursor");
    let mut live = reader.follows(None).await;
    ada.says(&grace, "one").await;
    let last = live.message("one").await.id;
    drop(live);
    ada.says(&grace, "two").await;

    let again = reader.get(&format!("/events?after={first}")).header("last-event-id", &last);
    let mut live = crate::support::live::Live::of(again.begun().await);
    assert_eq!(live.told("push").await.pieces().messages(), ["two"], "what the browser itself says counts more");
    let mut live = reader.follows(Some(&first)).await;
    assert_eq!(live.told("push").await.pieces().messages(), ["one"]);
    assert_eq!(live.told("push").await.pieces().messages(), ["two"]);
}

#[tokio::test]
async fn a_cursor_that_leads_nowhere_makes_the_page_start_afresh() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let reader = Visitor::logged_in(&chat, "grace").await;
    let mut live = reader.follows(Some("nonsense")).await;
    let reset = live.told("reset").await;
    assert_eq!((reset.text("reason"), reset.id.is_empty()), ("UNKNOWN_CURSOR", false));
    ada.says(&grace, "from now on").await;
    assert_eq!(live.told("push").await.pieces().messages(), ["from now on"]);
    let mut live = reader.follows(Some(&reset.id)).await;
    assert_eq!(live.told("push").await.pieces().messages(), ["from now on"]);
}

#[tokio::test]
async fn ones_own_words_come_to_ones_other_devices_and_are_not_news() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let here = Visitor::logged_in(&chat, "ada").await;
    let mut live = here.follows(None).await;
    let sent = ada.says(&grace, "from my phone").await;
    let told = live.told("push").await;
    assert!(told.pieces().has(&format!("#message-{}.message--own", sent.id)));
    assert_eq!((told.data["unread"].as_i64(), &told.data["announce"]), (Some(0), &serde_json::Value::Null));
    assert!(!told.pieces().has("form[data-read], .list__badge"), "one's own words are unread");
}

#[tokio::test]
async fn what_is_read_on_one_device_is_read_on_all() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let id = ada.says(&grace, "one").await.conversation;
    let (here, there) = (Visitor::logged_in(&chat, "grace").await, Visitor::logged_in(&chat, "grace").await);
    let mut live = here.follows(None).await;
    let page = there.get(&format!("/c/{id}")).await;
    ada.says(&grace, "two").await;
    let told = live.told("push").await;
    assert_eq!(told.data["unread"], 2);
    let newest = told.pieces().form(&format!("hx-partial[hx-target='#read-{id}'] form"));
    assert_eq!(newest.value("position"), "2", "reading would leave the newest unread");

    there.submits(page.form("form[data-read]")).await.location();
    let told = live.told("push").await;
    assert_eq!((told.data["unread"].as_i64(), told.data["message"].is_null()), (Some(1), true));
    assert!(told.pieces().says(&format!("#row-{id}")).contains("1 unread"));
    here.submits(newest).fragment().await;
    let told = live.told("push").await;
    assert_eq!(told.data["unread"], 0);
    assert_eq!(told.pieces().says(&format!("hx-partial[hx-target='#read-{id}']")), "");
    assert!(!told.pieces().has(".list__badge"));
}

#[tokio::test]
async fn a_page_says_what_its_scripts_go_by() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    for n in 1..=60 {
        ada.says(&grace, &format!("message {n}")).await;
    }
    let reader = Visitor::logged_in(&chat, "grace").await;
    let page = reader.get("/u/ada?at=newest").await;
    let id = grace.conversation(&ada).await;
    let names = |page: &Page| page.attribute("body", "data-session");
    assert_eq!(names(&page), names(&reader.get("/people").await));
    assert_ne!(names(&page), names(&Visitor::logged_in(&chat, "grace").await.get("/people").await));
    assert_eq!(page.attribute("#main", "data-unread"), "60");
    assert_eq!(page.count("[role=status][data-live], [aria-live=polite][data-announce]"), 2);
    assert!(page.says("noscript").contains("Live updates are off"));
    let newest = reader.get(&format!("/c/{id}?at=newest")).await;
    assert!(newest.has(&format!("ol#messages-{id}[data-end]")));
    let oldest = reader.get(&newest.attribute("#older a", "href")).await;
    assert!(!oldest.has("ol[data-end]"), "new rows would be put after a hole");
    for row in ["data-author", "data-at", "data-day", "data-position", "data-revision"] {
        assert!(newest.attributes("[id^='message-']", row).iter().all(|value| !value.is_empty()), "{row}");
    }
    assert_eq!(
        newest.count(".message__day"),
        newest.count("[id^='message-']"),
        "a row lacks what its first place needs"
    );
    assert_eq!(newest.count(&format!("#typing-{id}[hidden], #read-{id}")), 2);
}
