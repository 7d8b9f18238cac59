//! What every answer carries, whichever page it is: headers that keep it private and safe, and the refusal of what
//! other sites make a browser send.

use reqwest::Method;

use super::routes::{filled, posts};
use crate::support::chat::Chat;
use crate::support::page::{Page, Visitor};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

#[tokio::test]
async fn every_answer_is_private_and_safe() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let sent = ada.says(&grace, "hello").await;
    let (ada, stranger) = (Visitor::logged_in(&chat, "ada").await, Visitor::at(&chat.web_url));
    let conversation = format!("/c/{}", sent.conversation);
    let foreign_post = stranger.ask(Method::POST, "/login").header("origin", "https://elsewhere.example");
    let answers = [
        ("the log-in page", 200, stranger.get("/login").await),
        ("a page", 200, ada.get(&conversation).await),
        ("a fragment", 200, ada.get("/people").fragment().await),
        ("a redirect", 303, ada.get("/").await),
        ("the way to the log-in page", 303, stranger.get("/people").await),
        ("a refused fragment", 401, stranger.get("/people").fragment().await),
        ("an absent page", 404, ada.get("/c/nonsense").await),
        ("an absent asset", 404, stranger.get("/assets/nothing/chat.css").await),
        ("a wrong method", 405, ada.ask(Method::DELETE, "/people").await),
        ("a refused log-in", 422, stranger.post("/login", &[("username", "ada"), ("password", "wrong")]).await),
        ("a refused text", 422, ada.post(&format!("{conversation}/messages"), &[("message", ""), ("key", "k")]).await),
        ("a form without its fields", 422, ada.post(&format!("{conversation}/messages"), &[]).await),
        ("a post of another site", 403, foreign_post.await),
    ];
    for (what, status, answer) in answers {
        assert_eq!(answer.status, status, "{what}: {}", answer.text);
        assert_eq!(answer.header("cache-control"), "no-store", "{what}");
        assert!(answer.header("vary").to_lowercase().contains("hx-request-type"), "{what}");
        assert_safe(&answer, what);
    }
}

#[tokio::test]
async fn assets_are_kept_for_ever_under_names_that_change_with_them() {
    let chat = Chat::with_pages().await;
    chat.people(["ada"]).await;
    let page = Visitor::logged_in(&chat, "ada").await.get("/people").await;
    let stranger = Visitor::at(&chat.web_url);
    let mut assets = page.attributes("script", "src");
    assets.extend(page.attributes("link[rel]", "href"));
    assets.extend(page.attributes("img", "src"));
    assert!(assets.iter().any(|address| address.ends_with("htmx.min.js")), "htmx is nowhere in {assets:?}");
    assert!(assets.iter().any(|address| address.contains("hx-")), "no extension of htmx in {assets:?}");
    let mut our_scripts = 0;
    for address in assets {
        let digest = address.strip_prefix("/assets/").and_then(|rest| rest.split('/').next()).unwrap_or_default();
        assert!(digest.len() >= 8, "{address} does not change with its content");
        let asset = stranger.get(&address).await;
        assert_eq!(asset.status, 200, "{address}");
        assert!(asset.header("cache-control").contains("immutable"), "{address}");
        assert!(!asset.text.is_empty(), "{address}");
        assert_safe(&asset, &address);
        let stale = stranger.get(&address.replace(digest, "0123456789abcdef")).await;
        assert_eq!(stale.status, 404, "{address} under another digest");
        let packed = stranger.ask(Method::HEAD, &address).header("accept-encoding", "gzip").await;
        assert_eq!((packed.status, packed.header("vary")), (200, "accept-encoding"), "{address}");
        if address.contains("/js/") {
            our_scripts += packed.header("content-length").parse::<usize>().expect("a length");
        }
    }
    assert!((1..12 * 1024).contains(&our_scripts), "our scripts have {our_scripts} bytes compressed");
}

#[tokio::test]
async fn pages_bring_nothing_inline_and_nothing_from_elsewhere() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let sent = ada.says(&grace, "see https://elsewhere.example/").await;
    let ada = Visitor::logged_in(&chat, "ada").await;
    let conversation = format!("/c/{}", sent.conversation);
    for path in ["/people", "/c", "/settings", "/u/grace", &conversation, "/nowhere"] {
        let page = ada.get(path).await;
        assert!(!page.has("script:not([src]), style, [style], base"), "{path} has something inline");
        for name in ["onclick", "onload", "onerror", "oninput", "hx-on", "hx-vals"] {
            assert!(!page.has(&format!("[{name}]")), "{path} has {name}");
        }
        for name in ["src", "href", "action", "hx-get", "hx-post"] {
            let away = page.attributes(&format!("[{name}]"), name);
            let away: Vec<_> = away.iter().filter(|to| !to.starts_with(['/', '#']) || to.starts_with("//")).collect();
            assert!(away.is_empty(), "{path} leads away: {away:?}");
        }
        let mut ids = page.attributes("[id]", "id");
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count, "{path} has an id twice");
        assert!(page.has("html[lang]") && page.says("title").len() > 3, "{path} has no language or no title");
        assert_eq!(page.count("h1"), 1, "{path}");
        assert_eq!(page.count("main#main"), 1, "{path}");
        assert_eq!(
            page.attributes("a, button, input, textarea", "href")[0],
            "#main",
            "{path}: the skip link is not first"
        );
    }
}

#[tokio::test]
async fn what_another_site_makes_a_browser_post_is_refused_everywhere() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let sent = ada.says(&grace, "hello").await;
    let visitor = Visitor::logged_in(&chat, "grace").await;
    let attacks: [&[(&str, &str)]; 6] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", &chat.web_url)],
        &[("origin", "null")],
        &[("origin", "https://elsewhere.example")],
        &[("origin", "http://127.0.0.1:1")],
    ];
    for pattern in posts() {
        let path = filled(pattern, &sent.conversation, &sent.id, "ada");
        for attack in attacks {
            for fragment in [false, true] {
                let mut ask =
                    visitor.ask(Method::POST, &path).header("content-type", "application/x-www-form-urlencoded");
                for (name, value) in attack {
                    ask = ask.header(name, value);
                }
                let answer = if fragment { ask.fragment().await } else { ask.await };
                assert_eq!(answer.status, 403, "POST {path} with {attack:?}");
            }
        }
    }
    assert_eq!(visitor.get("/settings").await.status, 200, "somebody else logged grace out");
    assert_eq!(grace.unread_in(&ada).await, 1, "somebody else read for grace");
}

#[tokio::test]
async fn a_form_of_ours_and_a_program_are_both_let_through() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let sent = ada.says(&grace, "hello").await;
    let visitor = Visitor::logged_in(&chat, "grace").await;
    let path = format!("/c/{}/read", sent.conversation);
    let program = visitor.ask(Method::POST, "/login").header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(program.await.status, 422, "a program that sends neither header is taken for an attack");
    let ours: [&[(&str, &str)]; 2] = [&[("sec-fetch-site", "same-origin")], &[("origin", &chat.web_url)]];
    for headers in ours {
        let mut ask = visitor.ask(Method::POST, &path).header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            ask = ask.header(name, value);
        }
        assert_eq!(ask.await.status, 422, "{headers:?} is taken for an attack");
    }
    assert_eq!(
        visitor.get("/settings").header("sec-fetch-site", "cross-site").await.status,
        200,
        "a link from elsewhere"
    );
}

#[tokio::test]
async fn a_request_id_is_taken_over_or_made() {
    let chat = Chat::with_pages().await;
    let stranger = Visitor::at(&chat.web_url);
    assert_eq!(
        stranger.get("/login").header("x-request-id", "from-the-proxy").await.header("x-request-id"),
        "from-the-proxy"
    );
    let made = stranger.get("/nowhere").header("x-request-id", "<script>").await;
    let id = made.header("x-request-id");
    assert!(id.len() >= 16 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{id}");
    assert_eq!(made.says("#main code"), id, "the page has another number than the log");
}

fn assert_safe(answer: &Page, what: &str) {
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(answer.header("content-security-policy"), POLICY, "{what}");
    assert_eq!(answer.header("referrer-policy"), "same-origin", "{what}");
    assert!(!answer.header("x-request-id").is_empty(), "{what}");
}
