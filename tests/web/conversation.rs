//! Reading a conversation: what its page is made of, how older messages are reached, and that looking changes nothing.

use crate::support::chat::{Chat, days};
use crate::support::page::{Page, Visitor};

/// The positions of the messages on a page, in its order.
fn positions(page: &Page) -> Vec<i64> {
    let written = page.attributes("[id^='message-']", "data-position");
    assert!(written.is_sorted(), "the rows are out of order, or do not sort as text: {written:?}");
    written.iter().map(|text| text.parse().expect("a position")).collect()
}

#[tokio::test]
async fn a_conversation_is_made_of_what_others_rely_on() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    ada.says(&grace, "Is the build green?").await;
    let sent = grace.says(&ada, "Green again.\nShall we ship?").await;
    let id = &sent.conversation;
    let page = Visitor::logged_in(&chat, "ada").await.get(&format!("/c/{id}")).await;

    assert_eq!(page.says("h1"), "Grace");
    assert_eq!(page.count(&format!("[role=log][aria-live=off][aria-label] ol#messages-{id}")), 1);
    assert!(!page.has("ol[role], ol[aria-live]"), "the list has to be a plain one");
    assert_eq!(page.count(&format!("#messages-{id} > li")), 2);
    assert_eq!(positions(&page), [1, 2]);
    assert_eq!(page.count("[hx-ignore]"), page.count("li[id^='message-'] [hx-ignore]"), "more than bodies is ignored");
    assert_eq!(page.count("[hx-ignore]"), 2);
    assert_eq!(page.messages(), ["Is the build green?", "Green again.\nShall we ship?"]);
    assert_eq!(page.texts(".message__author"), ["You", "Grace"]);
    assert_eq!(page.attributes("[id^='message-'] time[datetime]", "datetime").len(), 4, "a day and a time each");

    assert_eq!(page.says("label[for='composer-text']"), "Message to Grace");
    assert!(page.attribute("#composer textarea", "name").contains("message"));
    assert!(page.attribute("#composer", "action").contains("messages"));
    assert_eq!(page.attribute("#composer", "method"), "post");
    assert_eq!(page.says("#composer button"), "Send");
    assert_eq!(page.says("#composer-error"), "");
    assert!(page.form("#composer").value("key").len() == 36, "the key is no UUID");
    assert!(page.says("#older").contains("start of the conversation"), "{}", page.says("#older"));
    assert!(
        page.has(&format!("#row-{id} a[aria-current=page][href^='/c/{id}']")),
        "the list does not mark where one is"
    );
}

#[tokio::test]
async fn a_person_can_be_opened_before_anything_was_written() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let id = ada.conversation(&grace).await;
    let page = Visitor::logged_in(&chat, "ada").await.get("/u/grace").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.count(&format!("ol#messages-{id}")), 1, "the list is not there while it is empty");
    assert_eq!(page.count("[id^='message-']"), 0);
    assert!(page.says("#older").contains("start of the conversation"));
    assert_eq!(page.attribute("#composer", "action"), "/u/grace/messages");
    assert!(!page.has(&format!("#row-{id}")), "the list shows what is not there");
}

#[tokio::test]
async fn looking_writes_nothing() {
    let chat = Chat::with_pages().await;
    let [ada, grace, _alan] = chat.people(["ada", "grace", "alan"]).await;
    let sent = grace.says(&ada, "unread").await;
    let state = async || {
        let mut numbers = Vec::new();
        for query in [
            "SELECT count(*) FROM conversations",
            "SELECT count(*) FROM participants",
            "SELECT count(*) FROM messages",
            "SELECT count(*) FROM roots",
            "SELECT CAST(sum(last_change) AS BIGINT) FROM mailboxes",
            "SELECT CAST(sum(unread) AS BIGINT) FROM participants",
            "SELECT CAST(sum(last_read_position) AS BIGINT) FROM participants",
        ] {
            numbers.push(chat.database.db_number(query).await);
        }
        numbers
    };
    let ada = Visitor::logged_in(&chat, "ada").await;
    let before = state().await;
    let conversation = format!("/c/{}", sent.conversation);
    for path in [
        "/u/alan",
        "/u/grace",
        &conversation,
        &format!("{conversation}/m/1"),
        &format!("{conversation}/messages"),
        "/c",
        "/people",
    ] {
        assert_eq!(ada.get(path).await.status, 200, "{path}");
        assert_eq!(ada.get(path).fragment().await.status, 200, "{path} as a fragment");
    }
    assert_eq!(state().await, before);
}

#[tokio::test]
async fn older_messages_are_reached_link_by_link() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    for n in 1..=100 {
        ada.says(&grace, &format!("message {n}")).await;
    }
    let reader = Visitor::logged_in(&chat, "ada").await;
    let id = ada.conversation(&grace).await;
    for fragments in [false, true] {
        let mut page = reader.get(&format!("/c/{id}")).await;
        assert_eq!(page.messages().last().expect("messages"), "message 100", "it does not open at the newest");
        let mut seen = positions(&page);
        while page.has("#older a") {
            assert_eq!(page.says("#older a"), "Older");
            let older = page.attribute("#older a", "href");
            page = if fragments { reader.get(&older).fragment().await } else { reader.get(&older).await };
            assert_eq!((page.status, page.is_whole()), (200, !fragments));
            let more = positions(&page);
            assert!(more.first() < seen.first(), "the way back does not lead back");
            assert!(more.last() >= Some(&(seen[0] - 1)), "messages between the pages are left out");
            seen.splice(0..0, more);
        }
        seen.dedup();
        assert!(page.text.contains("start of the conversation"));
        assert_eq!(seen, (1..=100).collect::<Vec<_>>(), "in fragments: {fragments}");
    }
}

#[tokio::test]
async fn an_older_page_leads_back_to_the_newest() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    for n in 1..=60 {
        ada.says(&grace, &format!("message {n}")).await;
    }
    let reader = Visitor::logged_in(&chat, "ada").await;
    let newest = reader.get("/u/grace").await;
    assert!(!newest.has(".conversation__newer"));
    let oldest = reader.get(&newest.attribute("#older a", "href")).await;
    let newer = reader.get(&oldest.attribute(".conversation__newer", "href")).await;
    assert_eq!(positions(&newer).last(), Some(&60));
    let jump = oldest.attribute(".conversation__jump", "href");
    assert_eq!(positions(&reader.get(&jump).await).last(), Some(&60));
}

#[tokio::test]
async fn a_message_has_an_address_and_is_marked_there() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let mut wanted = None;
    for n in 1..=60 {
        let sent = ada.says(&grace, &format!("message {n}")).await;
        wanted = if n == 10 { Some(sent) } else { wanted };
    }
    let wanted = wanted.expect("the tenth");
    let reader = Visitor::logged_in(&chat, "grace").await;
    let place = format!("/c/{}/m/10", wanted.conversation);
    assert_eq!(reader.get(&format!("/m/{}", wanted.id)).await.location(), place);
    let page = reader.get(&place).await;
    assert_eq!(page.exactly("[data-wanted] [hx-ignore]"), "message 10");
    assert_eq!(page.attribute("[data-wanted]", "id"), format!("message-{}", wanted.id));
}

#[tokio::test]
async fn what_is_new_is_marked_and_counted() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let reader = Visitor::logged_in(&chat, "ada").await;
    ada.says(&grace, "any news?").await;
    let id = ada.conversation(&grace).await;
    let quiet = reader.get(&format!("/c/{id}")).await;
    assert!(!quiet.has("#new, form[data-read]"), "one's own words are new");
    assert!(!quiet.says("title").starts_with('('), "{}", quiet.says("title"));

    grace.says(&ada, "plenty").await;
    grace.says(&ada, "and then some").await;
    let page = reader.get(&format!("/c/{id}")).await;
    assert_eq!(page.says("#new"), "2 new");
    assert_eq!(page.exactly("li:has(#new) [hx-ignore]"), "plenty", "the line is at another message");
    assert!(page.says("title").starts_with("(2) "), "{}", page.says("title"));
    assert!(page.says(&format!("#row-{id}")).contains("2 unread"), "{}", page.says(&format!("#row-{id}")));
    assert!(page.says(&format!("#row-{id} .list__excerpt")).contains("and then some"));
    assert!(page.attribute(&format!("#row-{id} a"), "href").starts_with(&format!("/c/{id}")));
}

#[tokio::test]
async fn many_unread_messages_open_at_the_first_of_them() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    ada.says(&grace, "read").await;
    for n in 1..=120 {
        grace.says(&ada, &format!("news {n}")).await;
    }
    let reader = Visitor::logged_in(&chat, "ada").await;
    let id = ada.conversation(&grace).await;
    let page = reader.get(&format!("/c/{id}")).await;
    assert_eq!(page.exactly("li:has(#new) [hx-ignore]"), "news 1", "the first unread message is not on the page");
    let newest = reader.get(&format!("/c/{id}?at=newest")).await;
    assert_eq!(newest.messages().last().expect("messages"), "news 120");
}

#[tokio::test]
async fn days_and_neighbours_are_kept_together() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    for text in ["one", "two"] {
        grace.says(&ada, text).await;
    }
    ada.says(&grace, "three").await;
    chat.later(days(2));
    ada.says(&grace, "four").await;
    let reader = Visitor::logged_in(&chat, "ada").await;
    let page = reader.get("/u/grace").await;
    assert_eq!(page.count(".message--day"), 2, "a line for each day");
    assert_eq!(page.count(".message--first"), 3, "grace's two messages have one header");
    assert!(page.has("li:nth-child(4).message--day .message__day"));
    assert!(!page.has("li:nth-child(2).message--first"));
    let there = reader.get("/u/grace").header("cookie", "tz=Asia/Tokyo").await;
    assert_ne!(page.texts(".message__time"), there.texts(".message__time"), "the reader's time zone is not used");
    assert_eq!(there.messages(), page.messages());
}

#[tokio::test]
async fn the_front_page_leads_to_the_latest_conversation_or_to_people() {
    let chat = Chat::with_pages().await;
    let [ada, grace, alan] = chat.people(["ada", "grace", "alan"]).await;
    let reader = Visitor::logged_in(&chat, "ada").await;
    assert_eq!(reader.get("/").await.location(), "/people");
    let first = ada.says(&grace, "first").await;
    assert_eq!(reader.get("/").await.location(), format!("/c/{}", first.conversation));
    let second = alan.says(&ada, "second").await;
    assert_eq!(reader.get("/").await.location(), format!("/c/{}", second.conversation));
    let rows = reader.get("/c").await.attributes("[id^='row-']", "id");
    assert_eq!(rows, [format!("row-{}", second.conversation), format!("row-{}", first.conversation)]);
}

#[tokio::test]
async fn to_oneself_one_cannot_write() {
    let chat = Chat::with_pages().await;
    chat.people(["ada"]).await;
    let ada = Visitor::logged_in(&chat, "ada").await;
    assert_eq!(ada.get("/u/ada").await.location(), "/settings");
    assert_eq!(ada.post("/u/ada/messages", &[("message", "hello me"), ("key", "k")]).fragment().await.status, 422);
    assert_eq!(chat.database.db_number("SELECT count(*) FROM messages").await, 0);
}

#[tokio::test]
async fn what_somebody_wrote_stays_when_they_are_gone() {
    let chat = Chat::with_pages().await;
    let [ada, grace, alan] = chat.people(["ada", "grace", "alan"]).await;
    grace.says(&ada, "farewell").await;
    for person in [&grace, &alan] {
        chat.disable(person).await;
    }
    let reader = Visitor::logged_in(&chat, "ada").await;
    let page = reader.get("/u/grace").await;
    assert_eq!((page.status, page.says("h1").as_str()), (200, "Grace"));
    assert_eq!(page.messages(), ["farewell"]);
    assert!(!page.has("#composer textarea"), "there is a composer where nobody can be written to");
    assert!(page.says(".composer--closed").contains("Grace"), "nothing says why");
    let refused = reader.post("/u/grace/messages", &[("message", "come back"), ("key", "k")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("come back"), "what was typed is lost");
    let never = reader.get("/u/alan").await;
    assert_eq!(never.status, 200);
    assert!(!never.has("#composer textarea"));
}

#[tokio::test]
async fn a_message_is_text_whatever_it_looks_like() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let texts = [
        "<script>alert(1)</script>",
        "</div></li></ol><img src=x onerror=alert(1)>",
        "&lt;b&gt; & &amp; &#60;",
        "\"'`><svg/onload=alert(1)>",
        "<hx-partial hx-target=\"#main\">gone</hx-partial>",
        "{{ 7 * 7 }} ${7*7} <%= 7 %>",
        "a\n\n  b\tc",
        "👩‍👩‍👧 é עברית \u{202e}txt",
        "<!-- --><![CDATA[x]]>",
    ];
    for text in texts {
        ada.says(&grace, text).await;
    }
    let reader = Visitor::logged_in(&chat, "grace").await;
    let page = reader.get("/u/ada").await;
    assert_eq!(page.messages(), texts);
    assert!(!page.has("[hx-ignore] *"), "a text became markup");
    assert!(!page.has("hx-partial, #main script, #main [onerror], svg[onload]"));
    for (n, text) in texts.into_iter().enumerate() {
        let answer = reader.submits(page.form("#composer").with("key", &format!("k{n}")).with("message", text));
        let answer = answer.fragment().await;
        assert_eq!((answer.status, answer.messages().last().map(String::as_str)), (200, Some(text)));
        assert!(!answer.has("[hx-ignore] *"), "a text became markup in a fragment");
        let list = reader.get("/c").await;
        assert!(!list.has(".list__excerpt *"), "a text became markup in the list");
    }
}
