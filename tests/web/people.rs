//! `/people`: everyone else, and the search.

use crate::support::chat::Chat;
use crate::support::page::{Page, Visitor};

/// The usernames that a page's links lead to, in its order.
fn listed(page: &Page) -> Vec<String> {
    let links = page.attributes("#main a[href^='/u/'], li > a[href^='/u/']", "href");
    links.iter().map(|link| link.trim_start_matches("/u/").to_owned()).collect()
}

async fn an_office() -> Chat {
    let chat = Chat::with_pages().await;
    for (username, name) in
        [("ada", "Ada Lovelace"), ("grace", "Grace Hopper"), ("jose", "José Ñandú"), ("linus", "Linus Pauling")]
    {
        chat.add(username, name).await;
    }
    api::user::disable(&chat.app, "linus").await.expect("somebody to disable");
    chat
}

#[tokio::test]
async fn everyone_else_is_there_by_their_full_name() {
    let chat = an_office().await;
    let page = Visitor::logged_in(&chat, "ada").await.get("/people").await;
    assert_eq!(listed(&page), ["grace", "jose"], "oneself and who has left are not listed");
    assert!(page.says("#main a[href='/u/grace']").contains("Grace Hopper"));
    assert_eq!(page.says("#people [role=status]"), "2 people");
    assert!(page.has("nav a[href='/people'][aria-current=page]"), "the navigation does not say where one is");
    assert!(page.texts("nav a").contains(&"People".to_owned()));
}

#[tokio::test]
async fn the_search_is_a_form_that_keeps_what_was_typed() {
    let chat = an_office().await;
    let ada = Visitor::logged_in(&chat, "ada").await;
    let form = ada.get("/people").await.form("#main form[role=search]");
    assert_eq!((form.method.as_str(), form.action.as_str()), ("get", "/people"));
    for (typed, found) in [
        ("hop", vec!["grace"]),
        ("GRACE", vec!["grace"]),
        ("nandu", vec!["jose"]),
        ("JOSÉ", vec!["jose"]),
        ("grace hop", vec!["grace"]),
        ("  hop  ", vec!["grace"]),
        ("opper", vec![]),
        ("ada", vec![]),
        ("linus", vec![]),
        ("%", vec![]),
        ("", vec!["grace", "jose"]),
    ] {
        let page = ada.submits(form.clone().with("q", typed)).await;
        assert_eq!(listed(&page), found, "{typed:?}");
        assert_eq!(page.attribute("#main input[type=search]", "value"), typed.trim(), "{typed:?} is not kept");
    }
}

#[tokio::test]
async fn when_nobody_matches_a_sentence_says_so() {
    let chat = an_office().await;
    let ada = Visitor::logged_in(&chat, "ada").await;
    let page = ada.get("/people?q=%3Cb%3Eno%3C%2Fb%3E%22body").await;
    assert_eq!(page.status, 200);
    assert!(page.says("#people").contains("<b>no</b>\"body"), "{}", page.says("#people"));
    assert!(!page.has("#main b"), "what was typed became markup");
    assert!(page.has("#people a[href='/people']"), "there is no way back to everybody");
    assert_eq!(page.attribute("#main input[type=search]", "value"), "<b>no</b>\"body");
}

#[tokio::test]
async fn the_only_person_is_told_that_nobody_else_is_here() {
    let chat = Chat::with_pages().await;
    chat.people(["ada"]).await;
    let page = Visitor::logged_in(&chat, "ada").await.get("/people").await;
    assert_eq!(page.status, 200);
    assert!(page.says("#people").contains("Nobody else is here yet"), "{}", page.says("#people"));
}

#[tokio::test]
async fn htmx_gets_the_results_and_nothing_around_them() {
    let chat = an_office().await;
    let ada = Visitor::logged_in(&chat, "ada").await;
    let part = ada.get("/people?q=hop").fragment().await;
    assert_eq!((part.status, part.is_whole()), (200, false));
    assert_eq!(listed(&part), ["grace"]);
    assert!(part.has("#people") && !part.has("#main, nav, input"));
    let boosted = ada.get("/people?q=hop").boosted().await;
    assert!(boosted.is_whole() && boosted.has("#main"), "boosted navigation takes #main out of a whole page");
}

#[tokio::test]
async fn more_leads_to_each_person_exactly_once() {
    let chat = Chat::with_pages().await;
    chat.people(["ada"]).await;
    chat.add_all((0..95).map(|n| (format!("person{n:02}"), format!("Person {n:02}")))).await;
    let ada = Visitor::logged_in(&chat, "ada").await;
    let everybody: Vec<_> = (0..95).map(|n| format!("person{n:02}")).collect();
    for fragments in [false, true] {
        let mut page = ada.get("/people?q=person").await;
        assert_eq!(page.says("#people [role=status]"), "95 people");
        let mut found = listed(&page);
        while page.has(".people__more a") {
            assert_eq!(page.says(".people__more a"), "More");
            let more = page.attribute(".people__more a", "href");
            assert!(found.len() < 95, "the list goes round");
            page = if fragments { ada.get(&more).fragment().await } else { ada.get(&more).await };
            assert_eq!(page.is_whole(), !fragments);
            found.extend(listed(&page));
        }
        assert_eq!(found, everybody, "in fragments: {fragments}");
    }
}

#[tokio::test]
async fn names_are_shown_as_they_are_written() {
    let chat = Chat::with_pages().await;
    chat.people(["ada"]).await;
    let names = [
        ("eve", "<script>alert(1)</script>"),
        ("mal", "\"><img src=x onerror=x>"),
        ("zoe", "Zoë & “Söhne” 🐈"),
        ("rtl", "نور"),
    ];
    for (username, name) in names {
        chat.add(username, name).await;
    }
    let ada = Visitor::logged_in(&chat, "ada").await;
    let people = ada.get("/people").await;
    for (username, name) in names {
        assert!(people.says(&format!("#main a[href='/u/{username}']")).contains(name), "{name}");
        assert_eq!(ada.get(&format!("/u/{username}")).await.says("h1"), name);
    }
    assert!(!people.has("#main img, #main script"), "a name became markup");
}
