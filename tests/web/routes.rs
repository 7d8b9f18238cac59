//! Isolation, page by page: every address as a stranger, and every address with an id as an outsider. The table is
//! compared with the router's, so that no new address is forgotten.

use std::collections::BTreeSet;

use reqwest::Method;

use crate::support::chat::Chat;
use crate::support::page::{Page, Visitor};

/// Every address that is not an asset.
const ROUTES: [(&str, &str); 20] = [
    ("GET", "/"),
    ("GET", "/login"),
    ("POST", "/login"),
    ("POST", "/logout"),
    ("GET", "/people"),
    ("GET", "/u/{username}"),
    ("POST", "/u/{username}/messages"),
    ("POST", "/u/{username}/draft"),
    ("GET", "/c"),
    ("GET", "/c/{id}"),
    ("GET", "/c/{id}/messages"),
    ("POST", "/c/{id}/messages"),
    ("GET", "/c/{id}/m/{position}"),
    ("POST", "/c/{id}/read"),
    ("POST", "/c/{id}/draft"),
    ("POST", "/c/{id}/typing"),
    ("GET", "/events"),
    ("GET", "/m/{id}"),
    ("GET", "/settings"),
    ("GET", "/assets/{digest}/{*name}"),
];

/// Whatever any of the forms holds.
const FIELDS: [(&str, &str); 6] =
    [("message", "hello"), ("key", "a-key"), ("seen", "1"), ("position", "1"), ("revision", "0"), ("state", "started")];

/// The routes with a method, without those that strangers may see.
fn guarded() -> impl Iterator<Item = (Method, &'static str)> {
    let routes = ROUTES.iter().filter(|(_, path)| *path != "/login" && !path.starts_with("/assets/"));
    routes.map(|(method, path)| (method.parse().expect("a method"), *path))
}

/// The routes that change something.
pub(super) fn posts() -> impl Iterator<Item = &'static str> {
    ROUTES.iter().filter(|(method, _)| *method == "POST").map(|(_, path)| *path)
}

#[test]
fn no_address_is_forgotten_here() {
    let source = include_str!("../../web/src/routes.rs");
    let mut routed = BTreeSet::new();
    for route in source.split(".route(\"").skip(1) {
        let (path, handlers) = route.split_once('"').expect("a path");
        let handlers = handlers.split('\n').next().expect("its handlers");
        for (call, method) in
            [("get(", "GET"), ("post(", "POST"), ("put(", "PUT"), ("patch(", "PATCH"), ("delete(", "DELETE")]
        {
            if handlers.contains(call) {
                routed.insert((method, path));
            }
        }
    }
    assert_eq!(routed, BTreeSet::from(ROUTES), "web/src/routes.rs and this table differ");
}

#[tokio::test]
async fn a_stranger_is_sent_to_the_log_in_page_from_everywhere() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let secret = ada.says(&grace, "the secret words").await;
    let stranger = Visitor::at(&chat.web_url);
    for (method, pattern) in guarded() {
        let path = filled(pattern, &secret.conversation, &secret.id, "grace");
        let page = ask(&stranger, &method, &path, false).await;
        let is_send = method == Method::POST && path.ends_with("/messages");
        let is_stream = path == "/events";
        if is_stream {
            assert_eq!(page.status, 401, "an event stream cannot follow a redirect to a page");
        } else if is_send {
            assert_eq!(page.status, 401, "{method} {path}");
            assert!(page.has("form[action='/login']"), "{method} {path} shows no log-in form");
        } else {
            let next = if method == Method::GET { path.replace('/', "%2F") } else { "%2F".to_owned() };
            assert_eq!(page.location(), format!("/login?next={next}"), "{method} {path}");
        }
        let fragment = ask(&stranger, &method, &path, true).await;
        assert_eq!(fragment.status, 401, "{method} {path} as a fragment");
        assert!(is_stream || fragment.header("hx-redirect").starts_with("/login"), "{method} {path} as a fragment");
        for answer in [page, fragment] {
            assert!(!answer.text.contains("the secret words"), "{method} {path} tells a stranger");
            assert!(!answer.text.contains("Grace"), "{method} {path} names people to a stranger");
        }
    }
    assert_eq!(grace.sees(&ada).await, ["the secret words"], "a stranger wrote something");
}

#[tokio::test]
async fn to_an_outsider_what_is_foreign_looks_as_if_it_were_not_there() {
    let chat = Chat::with_pages().await;
    let [ada, grace, eve] = chat.people(["ada", "grace", "eve"]).await;
    let secret = ada.says(&grace, "the secret words").await;
    eve.says(&grace, "something of my own").await;
    let outsider = Visitor::logged_in(&chat, "eve").await;
    let absent = (another(&secret.conversation), another(&secret.id));
    for (method, pattern) in guarded().filter(|(_, pattern)| pattern.contains("{id}")) {
        for fragment in [false, true] {
            let what = format!("{method} {pattern}{}", if fragment { " as a fragment" } else { "" });
            let path = filled(pattern, &secret.conversation, &secret.id, "grace");
            let foreign = ask(&outsider, &method, &path, fragment).await;
            let path = filled(pattern, &absent.0, &absent.1, "grace");
            let nowhere = ask(&outsider, &method, &path, fragment).await;
            let told = (foreign.status, foreign.text.replace(&secret.conversation, "ID").replace(&secret.id, "ID"));
            let expected = (nowhere.status, nowhere.text.replace(&absent.0, "ID").replace(&absent.1, "ID"));
            assert_eq!(told, expected, "{what}");
            let refusal = match pattern {
                "/c/{id}/messages" if method == Method::POST && fragment => 422,
                // There is nobody to tell, and nothing to say about it.
                "/c/{id}/typing" => 204,
                _ => 404,
            };
            assert_eq!(foreign.status, refusal, "{what}: {}", foreign.text);
        }
    }
    assert_eq!(ada.sees(&grace).await, ["the secret words"], "an outsider wrote into it");
    assert_eq!(grace.unread_in(&ada).await, 1, "an outsider read it");
}

#[tokio::test]
async fn whoever_takes_part_gets_what_an_outsider_does_not() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let secret = ada.says(&grace, "the secret words").await;
    let reader = Visitor::logged_in(&chat, "grace").await;
    for (method, pattern) in guarded() {
        if ["/logout", "/events"].contains(&pattern) {
            continue;
        }
        let path = filled(pattern, &secret.conversation, &secret.id, "ada");
        let answer = ask(&reader, &method, &path, false).await;
        // 409 tells of the draft that the address of the person has stored before.
        assert!([200, 204, 303, 409].contains(&answer.status), "{method} {path}: {} {}", answer.status, answer.text);
        assert!(!answer.header("location").starts_with("/login"), "{method} {path} sends a participant away");
    }
}

#[tokio::test]
async fn absent_and_unknown_pages_have_the_same_words_and_a_link_home() {
    let chat = Chat::with_pages().await;
    let [ada, grace, _eve] = chat.people(["ada", "grace", "eve"]).await;
    let secret = ada.says(&grace, "the secret words").await;
    let eve = Visitor::logged_in(&chat, "eve").await;
    let asked = |path: String| {
        let eve = &eve;
        async move { eve.get(&path).header("x-request-id", "the-same").await }
    };
    let first = asked(format!("/c/{}", secret.conversation)).await;
    assert_eq!(first.status, 404);
    assert!(first.has("#main a[href='/']"), "there is no way home");
    for path in [
        "/nowhere",
        "/c/nonsense",
        "/c/usr_00000000000070008000000000000000",
        "/c/%00",
        "/c/%FF",
        "/u/nobody",
        "/u/Not%20a%20name",
        "/m/nonsense",
        "/settings/nothing",
        "/people/",
        "/assets/nothing/chat.css",
        &format!("/c/{}/m/1", secret.conversation),
        &format!("/c/{}/m/nonsense", secret.conversation),
        &format!("/m/{}", secret.id),
        &format!("/c/{}/messages?before=nonsense", secret.conversation),
    ] {
        let answer = asked(path.to_owned()).await;
        assert_eq!((answer.status, answer.text), (404, first.text.clone()), "{path}");
    }
}

async fn ask(visitor: &Visitor, method: &Method, path: &str, fragment: bool) -> Page {
    let ask = if *method == Method::POST { visitor.post(path, &FIELDS) } else { visitor.get(path) };
    let ask = ask.header("x-request-id", "the-same");
    if fragment { ask.fragment().await } else { ask.await }
}

/// A route's address, with these ids in it.
pub(super) fn filled(pattern: &str, conversation: &str, message: &str, username: &str) -> String {
    let id = if pattern.starts_with("/m/") { message } else { conversation };
    pattern.replace("{id}", id).replace("{position}", "1").replace("{username}", username)
}

/// An id that nothing has, of the same form.
fn another(id: &str) -> String {
    let (rest, last) = id.split_at(id.len() - 1);
    format!("{rest}{}", if last == "0" { "1" } else { "0" })
}
