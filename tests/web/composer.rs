//! Sending from a page: accepted, refused, repeated, and by somebody whose session has ended. No text is ever lost.

use crate::support::chat::{Chat, PASSWORD};
use crate::support::page::{Page, Visitor};

/// What stands in the composer of a page.
fn text(page: &Page) -> String {
    page.form("#composer").value("message").to_owned()
}

fn key(page: &Page) -> String {
    page.form("#composer").value("key").to_owned()
}

#[tokio::test]
async fn without_scripts_a_send_leads_back_to_the_newest_message() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let sent = grace.says(&ada, "lunch?").await;
    let writer = Visitor::logged_in(&chat, "ada").await;
    let page = writer.get(&format!("/c/{}", sent.conversation)).await;
    let answer = writer.submits(page.form("#composer").with("message", "at noon")).await;
    assert_eq!(answer.location(), format!("/c/{}#newest", sent.conversation));
    let after = writer.get(&format!("/c/{}", sent.conversation)).await;
    assert_eq!(after.messages(), ["lunch?", "at noon"]);
    assert_eq!(text(&after), "");
    assert_ne!(key(&after), key(&page), "the next message would have the key of this one");
    assert_eq!(grace.sees(&ada).await, ["lunch?", "at noon"]);
}

#[tokio::test]
async fn with_htmx_a_send_brings_each_piece_to_its_place() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let id = grace.says(&ada, "lunch?").await.conversation;
    let writer = Visitor::logged_in(&chat, "ada").await;
    let page = writer.get(&format!("/c/{id}")).await;
    let form = page.form("#composer").with("message", "at noon");
    let answer = writer.submits(form.clone()).fragment().await;
    assert_eq!((answer.status, answer.is_whole()), (200, false));
    let list = format!("hx-partial[hx-target='#messages-{id}']");
    assert!(answer.attribute(&list, "hx-swap").starts_with("upsert"), "the row would come twice with a live one");
    assert_eq!(answer.exactly(&format!("{list} li[data-key='{}'] [hx-ignore]", form.value("key"))), "at noon");
    assert!(answer.says(&format!("hx-partial #row-{id}")).contains("at noon"), "the list is not told");
    assert_eq!(answer.says("hx-partial[hx-target='#composer-error']"), "");
    let fresh = answer.attribute("hx-partial[hx-target='#composer-key'] input", "value");
    assert!(fresh.len() == 36 && fresh != form.value("key"), "{fresh}");
    assert_eq!(grace.sees(&ada).await, ["lunch?", "at noon"]);
}

#[tokio::test]
async fn the_first_message_makes_the_conversation() {
    let chat = Chat::with_pages().await;
    let [ada, grace, alan] = chat.people(["ada", "grace", "alan"]).await;
    let writer = Visitor::logged_in(&chat, "ada").await;
    let form = writer.get("/u/grace").await.form("#composer").with("message", "hello Grace");
    let id = ada.conversation(&grace).await;
    assert_eq!(writer.submits(form).await.location(), format!("/c/{id}#newest"));
    assert_eq!(grace.sees(&ada).await, ["hello Grace"]);
    let page = writer.get("/u/grace").await;
    assert_eq!(page.messages(), ["hello Grace"]);

    let form = writer.get("/u/alan").await.form("#composer").with("message", "hello Alan");
    let answer = writer.submits(form).fragment().await;
    let id = ada.conversation(&alan).await;
    assert_eq!(answer.header("hx-replace-url"), format!("/c/{id}"), "a reload would not find the conversation");
    assert_eq!(answer.exactly(&format!("hx-partial[hx-target='#messages-{id}'] [hx-ignore]")), "hello Alan");
}

#[tokio::test]
async fn a_refused_text_stays_in_its_box_with_the_reason_beside_it() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let id = ada.says(&grace, "hello").await.conversation;
    let writer = Visitor::logged_in(&chat, "ada").await;
    let long = "ü".repeat(8_001);
    let huge = "x".repeat(100_000);
    let marked = format!("</textarea><script>alert(1)</script>{}", "\u{1}");
    for (what, typed) in [
        ("nothing", ""),
        ("space", "  \n "),
        ("invisible", "\u{200b}"),
        ("control", "bell\u{7}"),
        ("NUL", "a\0b"),
        ("noncharacter", "\u{fffe}"),
        ("long", &long),
        ("huge", &huge),
        ("markup", &marked),
    ] {
        for path in [format!("/c/{id}"), "/u/grace".to_owned()] {
            let form = writer.get(&path).await.form("#composer").with("message", typed);
            let page = writer.submits(form.clone()).await;
            assert_eq!((page.status, page.is_whole()), (422, true), "{what}: {}", page.text);
            assert!(page.says("#composer-error").ends_with('.'), "{what} has no reason");
            assert_eq!(page.attribute("#composer textarea", "aria-invalid"), "true");
            assert!(page.attribute("#composer textarea", "aria-describedby").contains("composer-error"));
            assert_eq!(page.messages(), ["hello"], "{what}: the conversation is not there any more");
            if typed.contains('\0') {
                assert_eq!(text(&page).replace('\u{fffd}', "\0"), typed, "HTML itself cannot hold NUL");
            } else {
                assert_eq!(text(&page), typed, "{what} was lost");
            }
            let part = writer.submits(form).fragment().await;
            assert_eq!((part.status, part.is_whole()), (422, false), "{what}");
            assert_eq!(part.says("body"), page.says("#composer-error"), "{what}: other words in the fragment");
        }
    }
    assert!(
        writer
            .submits(writer.get("/u/grace").await.form("#composer").with("message", &long))
            .await
            .says("#composer-error")
            .contains("8,000")
    );
    assert_eq!(ada.sees(&grace).await, ["hello"]);
}

#[tokio::test]
async fn the_longest_message_is_accepted_and_a_body_over_the_limit_refused() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let writer = Visitor::logged_in(&chat, "ada").await;
    let form = writer.get("/u/grace").await.form("#composer");
    let longest = "😀".repeat(8_000);
    assert_eq!(writer.submits(form.clone().with("message", &longest)).await.status, 303);
    assert_eq!(grace.sees(&ada).await, [longest]);

    let over = "x".repeat(1_000_000);
    for answer in [
        writer.submits(form.clone().with("message", &over)).await,
        writer.submits(form.with("message", &over)).fragment().await,
    ] {
        assert_eq!(answer.status, 422);
        assert!(answer.text.contains("too long"), "{}", answer.text);
    }
}

#[tokio::test]
async fn line_ends_may_change_and_nothing_else() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let writer = Visitor::logged_in(&chat, "ada").await;
    let form = writer
        .get("/u/grace")
        .await
        .form("#composer")
        .with("message", "\r\n\r\n one\r\n\r\n  two + two = 4 & more% \r\n");
    assert_eq!(writer.submits(form).await.status, 303);
    assert_eq!(grace.sees(&ada).await, ["one\n\n  two + two = 4 & more%"]);
}

#[tokio::test]
async fn a_form_that_was_sent_twice_sends_once() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let writer = Visitor::logged_in(&chat, "ada").await;
    let form = writer.get("/u/grace").await.form("#composer").with("message", "once");
    let first = writer.submits(form.clone()).await;
    let second = writer.submits(form.clone()).await;
    assert_eq!(first.location(), second.location());
    assert_eq!(writer.submits(form.clone()).fragment().await.status, 200);
    assert_eq!(grace.sees(&ada).await, ["once"]);

    let refused = writer.submits(form.clone().with("message", "something else")).await;
    assert_eq!(refused.status, 422, "another text went out under a spent key, or was lost");
    assert_eq!(text(&refused), "something else");
    assert_ne!(key(&refused), form.value("key"), "the spent key would be refused for ever");
    assert_eq!(writer.submits(refused.form("#composer")).await.status, 303);
    assert_eq!(grace.sees(&ada).await, ["once", "something else"]);
}

#[tokio::test]
async fn the_answer_to_a_send_brings_what_came_in_meanwhile() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let id = ada.says(&grace, "first").await.conversation;
    let writer = Visitor::logged_in(&chat, "ada").await;
    let form = writer.get(&format!("/c/{id}")).await.form("#composer").with("message", "third");
    grace.says(&ada, "second").await;
    let answer = writer.submits(form).fragment().await;
    assert_eq!(answer.messages(), ["second", "third"], "a hole stays in the conversation");

    let form = writer.get(&format!("/c/{id}")).await.form("#composer").with("message", "the last");
    for n in 0..60 {
        grace.says(&ada, &format!("meanwhile {n}")).await;
    }
    let answer = writer.submits(form).fragment().await;
    assert_eq!(answer.status, 200);
    let shown = answer.messages();
    let led = answer.header("hx-location").contains(&format!("/c/{id}"));
    assert!(led || shown.len() == 61, "a hole of {} messages stays in the conversation", 61 - shown.len());
}

#[tokio::test]
async fn a_text_whose_author_was_signed_out_goes_through_the_log_in_unharmed() {
    let chat = Chat::with_pages().await;
    let [ada, grace, alan] = chat.people(["ada", "grace", "alan"]).await;
    let id = ada.says(&grace, "hello").await.conversation;
    let typed = "\nfirst line\n\n  second <b>line</b> & \"quotes\" </textarea>";
    for (page, then) in [(format!("/c/{id}"), format!("/c/{id}")), ("/u/alan".to_owned(), "/u/alan".to_owned())] {
        let writer = Visitor::logged_in(&chat, "ada").await;
        let form = writer.get(&page).await.form("#composer").with("message", typed);
        ada.on_another_device().await.logs_out(true).await;

        let part = writer.submits(form.clone()).fragment().await;
        assert_eq!((part.status, part.header("hx-redirect").starts_with("/login")), (401, true));

        let door = writer.submits(form.clone()).await;
        assert_eq!(door.status, 401);
        let again = door.form(".login__form").with("username", "ada");
        let wrong = writer.submits(again.with("password", "not the password")).await;
        assert_eq!(wrong.status, 422, "{}", wrong.text);
        let again = wrong.form(".login__form").with("password", PASSWORD);
        assert_eq!(writer.submits(again).await.location(), then);

        let filled = writer.get(&then).await;
        assert_eq!(text(&filled), typed, "the text was harmed on the way");
        assert_eq!(key(&filled), form.value("key"), "sending it twice would not be noticed");
        assert_eq!(text(&writer.get(&then).await), typed, "looking took it away");
        assert_eq!(writer.submits(filled.form("#composer")).await.status, 303);
        assert_eq!(text(&writer.get(&then).await), "", "it is offered again although it was sent");
    }
    assert_eq!(grace.sees(&ada).await.len(), 2);
    assert_eq!(alan.sees(&ada).await, [typed.trim()]);
}

#[tokio::test]
async fn somebody_elses_log_in_does_not_get_the_text() {
    let chat = Chat::with_pages().await;
    let [ada, grace, _eve] = chat.people(["ada", "grace", "eve"]).await;
    let id = ada.says(&grace, "hello").await.conversation;
    let stranger = Visitor::at(&chat.web_url);
    let door = stranger.post(&format!("/c/{id}/messages"), &[("message", "typed"), ("key", "a-key")]).await;
    let form = door.form(".login__form").with("username", "eve").with("password", PASSWORD);
    let answer = stranger.submits(form).await;
    assert_eq!(stranger.get(answer.location()).await.status, 404, "the page shows whether the conversation exists");
    assert_eq!(grace.sees(&ada).await, ["hello"]);
}

#[tokio::test]
async fn what_a_page_of_an_earlier_log_in_does_is_done_in_nobodys_name() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let id = grace.says(&ada, "hello").await.conversation;
    let browser = Visitor::logged_in(&chat, "ada").await;
    let page = browser.get(&format!("/c/{id}")).await;
    let (form, hers) = (page.form("#composer").with("message", "from Ada"), page.attribute("body", "data-session"));
    browser.post("/login", &[("username", "grace"), ("password", PASSWORD)]).await.location();

    let door = browser.submits(form.clone()).await;
    assert_eq!((door.status, door.form(".login__form").value("message")), (401, "from Ada"));
    assert_eq!(browser.submits(form).fragment().await.status, 401);
    for (path, fields) in [
        (format!("/c/{id}/read"), [("position", "1"), ("", "")]),
        (format!("/c/{id}/draft"), [("message", "from Ada"), ("revision", "0")]),
        (format!("/c/{id}/typing"), [("state", "started"), ("", "")]),
    ] {
        let answer = browser.post(&path, &fields).fragment().header("x-session", &hers).await;
        assert_eq!(answer.status, 401, "{path}");
    }
    assert_eq!(browser.get("/people").boosted().header("x-session", &hers).await.status, 401);
    assert_eq!(ada.sees(&grace).await, ["hello"]);
    assert_eq!(grace.looks_at(&ada, "viewerDraft { body }").await["viewerDraft"], serde_json::Value::Null);
}

#[tokio::test]
async fn a_text_that_waits_for_its_author_is_there_although_the_conversation_has_begun_meanwhile() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let writer = Visitor::logged_in(&chat, "ada").await;
    let form = writer.get("/u/grace").await.form("#composer").with("message", "typed before");
    ada.on_another_device().await.logs_out(true).await;
    grace.says(&ada, "I was first").await;
    let door = writer.submits(form).await;
    let login = door.form(".login__form").with("username", "ada").with("password", PASSWORD);
    assert_eq!(writer.submits(login).await.location(), "/u/grace");
    let page = writer.get("/u/grace").await;
    assert_eq!(text(&page), "typed before");
    assert_eq!(writer.submits(page.form("#composer")).await.status, 303);
    assert_eq!(grace.sees(&ada).await, ["I was first", "typed before"]);
    assert_eq!(text(&writer.get("/u/grace").await), "", "it is offered again although it was sent");
}
