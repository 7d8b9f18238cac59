//! Logging in and out through the pages.

use std::time::Duration;

use clap::Parser as _;
use reqwest::Method;

use crate::support::chat::{Chat, PASSWORD, days};
use crate::support::page::Visitor;

#[derive(clap::Parser)]
struct Program {
    #[command(flatten)]
    config: web::Config,
}

#[tokio::test]
async fn the_log_in_form_is_one_that_password_managers_know() {
    let chat = Chat::with_pages().await;
    let page = Visitor::at(&chat.web_url).get("/login").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.says("label[for=username]"), "Username");
    assert_eq!(page.says("label[for=password]"), "Password");
    assert_eq!(page.attribute("#username", "autocomplete"), "username");
    assert_eq!(page.attribute("#password", "autocomplete"), "current-password");
    assert_eq!(page.attribute("#password", "type"), "password");
    assert_eq!(page.texts("form button[type=submit]"), ["Log in"]);
    assert!(!page.has(".login__demo, [name=password][value]"), "it offers demo people who are not there");
    assert!(!page.has("nav, aside"), "it shows navigation to a stranger");
}

#[tokio::test]
async fn a_wrong_log_in_keeps_the_name_clears_the_password_and_says_why() {
    let chat = Chat::with_pages().await;
    chat.people(["ada"]).await;
    let stranger = Visitor::at(&chat.web_url);
    let mut sentences = Vec::new();
    for (username, password) in
        [("ada", "not the password"), ("nobody", PASSWORD), ("ada", ""), ("", ""), ("\u{1}", "x")]
    {
        let page = stranger.logs_in(username, password).await;
        assert_eq!(page.status, 422, "{username:?}");
        assert_eq!(page.form(".login__form").value("username"), username);
        assert_eq!(page.form(".login__form").value("password"), "");
        let described_by = page.attribute("#password", "aria-describedby");
        assert_eq!(page.attribute("#password", "aria-invalid"), "true");
        assert_eq!(page.attribute(&format!("#{described_by}"), "role"), "alert");
        sentences.push(page.says(&format!("#{described_by}")));
        assert!(stranger.cookie.borrow().is_none(), "a stranger got a cookie");
    }
    sentences.dedup();
    assert_eq!(sentences.len(), 1, "the words tell an unknown name from a wrong password: {sentences:?}");
    assert!(sentences[0].ends_with('.'), "{sentences:?}");
}

#[tokio::test]
async fn after_logging_in_one_is_where_one_wanted_to_be() {
    let chat = Chat::with_pages().await;
    chat.people(["ada"]).await;
    for (wanted, reached) in [
        ("/people?q=a%20b", "/people?q=a%20b"),
        ("/c/cnv_1/m/2#x", "/c/cnv_1/m/2#x"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example/", "/"),
        ("/%09/elsewhere.example", "/%09/elsewhere.example"),
        ("/\t/elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/login?next=/", "/"),
        ("", "/"),
    ] {
        let visitor = Visitor::at(&chat.web_url);
        let mut address = reqwest::Url::parse(&format!("{}/login", chat.web_url)).expect("an address");
        address.query_pairs_mut().append_pair("next", wanted);
        let door = visitor.get(&format!("/login?{}", address.query().unwrap_or_default())).await;
        let form = door.form(".login__form").with("username", "ada").with("password", PASSWORD);
        assert_eq!(visitor.submits(form).await.location(), reached, "{wanted:?} through the page");
        let fields = [("username", "ada"), ("password", PASSWORD), ("next", wanted)];
        assert_eq!(
            Visitor::at(&chat.web_url).post("/login", &fields).await.location(),
            reached,
            "{wanted:?} in the form"
        );
    }
}

#[tokio::test]
async fn whoever_is_logged_in_goes_on_from_the_log_in_page() {
    let chat = Chat::with_pages().await;
    chat.people(["ada"]).await;
    let ada = Visitor::logged_in(&chat, "ada").await;
    assert_eq!(ada.get("/login?next=%2Fsettings").await.location(), "/settings");
    assert_eq!(ada.get("/settings").await.says(".settings__name"), "Ada");
}

#[tokio::test]
async fn the_cookie_is_for_this_site_alone_and_out_of_reach_of_scripts() {
    let chat = Chat::with_pages().await;
    chat.people(["ada"]).await;
    let fields = [("username", "ada"), ("password", PASSWORD)];
    let answer = Visitor::at(&chat.web_url).post("/login", &fields).await;
    let (pair, flags) = answer.header("set-cookie").split_once("; ").expect("flags");
    assert!(pair.starts_with("jbl="), "{pair}");
    for flag in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(flags.contains(flag), "{flag} is missing in {flags}");
    }
    assert!(!flags.contains("Secure") && !flags.contains("Domain"), "{flags}");
}

#[tokio::test]
async fn behind_https_the_cookie_is_bound_to_its_host() {
    let chat = Chat::start().await;
    chat.people(["ada"]).await;
    let config = Program::parse_from(["web", "--public-url", "https://chat.example.org"]).config;
    let site = chat.serve_pages(config.public_url).await;
    let visitor = Visitor::at(&site);
    let host = ("host", "chat.example.org");

    let elsewhere = visitor.get("/login").await;
    assert!(!elsewhere.has("form"), "a log-in form where logging in cannot work");
    assert!(elsewhere.attributes("#main a", "href")[0].starts_with("https://chat.example.org/"));

    assert!(visitor.get("/login").header(host.0, host.1).await.has("form.login__form"));
    let fields = [("username", "ada"), ("password", PASSWORD)];
    let answer =
        visitor.post("/login", &fields).header(host.0, host.1).header("origin", "https://chat.example.org").await;
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.starts_with("__Host-jbl=") && cookie.contains("; Secure") && cookie.contains("; Path=/"),
        "{cookie}"
    );
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert_eq!(visitor.get("/settings").header(host.0, host.1).await.status, 200);

    let plain = visitor.cookie.borrow().as_ref().map(|cookie| cookie.replace("__Host-jbl=", "jbl="));
    *visitor.cookie.borrow_mut() = plain;
    assert_eq!(
        visitor.get("/settings").header(host.0, host.1).await.status,
        303,
        "another name of the cookie is taken too"
    );
}

#[tokio::test]
async fn logging_in_again_begins_a_session_with_another_name() {
    let chat = Chat::with_pages().await;
    chat.people(["ada"]).await;
    let visitor = Visitor::at(&chat.web_url);
    *visitor.cookie.borrow_mut() = Some("jbl=AAAAAAAAAAAAAAAAAAAAAA".to_owned());
    let fields = [("username", "ada"), ("password", PASSWORD)];
    visitor.post("/login", &fields).await;
    let first = visitor.cookie.borrow().clone().expect("a cookie");
    assert_ne!(first, "jbl=AAAAAAAAAAAAAAAAAAAAAA", "a planted session was taken over");
    visitor.post("/login", &fields).await;
    let second = visitor.cookie.borrow().clone().expect("a cookie");
    assert_ne!(first, second);
    *visitor.cookie.borrow_mut() = Some(first);
    assert_eq!(visitor.get("/settings").await.status, 303, "the old name still works");
    *visitor.cookie.borrow_mut() = Some(second);
    assert_eq!(visitor.get("/settings").await.status, 200);
}

#[tokio::test]
async fn logging_out_ends_the_session_here_and_in_the_api() {
    let chat = Chat::with_pages().await;
    chat.add("ada", "Ada").await;
    let (ada, phone) = (Visitor::logged_in(&chat, "ada").await, Visitor::logged_in(&chat, "ada").await);
    assert_eq!(chat.database.db_number("SELECT count(*) FROM sessions").await, 2);
    let settings = ada.get("/settings").await;
    let form = settings.form("#main form[action='/logout']");
    assert_eq!(settings.texts("form[action='/logout'] button"), ["Log out", "Log out"], "in the menu and on the page");

    let before = ada.cookie.borrow().clone();
    let answer = ada.submits(form).await;
    assert_eq!(answer.location(), "/login");
    assert!(answer.header("set-cookie").contains("Max-Age=0"), "the browser keeps the cookie");
    *ada.cookie.borrow_mut() = before;
    assert_eq!(ada.get("/settings").await.location(), "/login?next=%2Fsettings", "the session goes on");
    assert_eq!(chat.database.db_number("SELECT count(*) FROM sessions").await, 1, "the API was not told");
    assert_eq!(phone.get("/settings").await.status, 200, "the other device was logged out too");
}

#[tokio::test]
async fn log_out_is_no_link() {
    let chat = Chat::with_pages().await;
    chat.people(["ada"]).await;
    let ada = Visitor::logged_in(&chat, "ada").await;
    assert_eq!(ada.ask(Method::GET, "/logout").await.status, 405);
    assert_eq!(ada.get("/settings").await.status, 200);
}

#[tokio::test]
async fn a_session_that_ended_in_the_api_has_ended_here() {
    let chat = Chat::with_pages().await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let (at_ada, at_grace) = (Visitor::logged_in(&chat, "ada").await, Visitor::logged_in(&chat, "grace").await);
    assert_eq!(ada.logs_out(true).await, 2);
    assert_eq!(at_ada.get("/people").await.location(), "/login?next=%2Fpeople");
    assert_eq!(at_ada.get("/login").await.status, 200, "the old cookie is in the way of logging in");
    assert_eq!(at_grace.get("/people").await.status, 200);

    chat.disable(&grace).await;
    assert_eq!(at_grace.get("/people").await.location(), "/login?next=%2Fpeople", "somebody disabled goes on");
    let refused = at_grace.logs_in("grace", PASSWORD).await;
    assert_eq!(refused.status, 422, "somebody disabled logs in");

    let again = Visitor::logged_in(&chat, "ada").await;
    chat.later(days(31) + Duration::from_secs(1));
    assert_eq!(again.get("/people").await.location(), "/login?next=%2Fpeople", "a session that nobody used goes on");
}

#[tokio::test]
async fn a_demo_lets_its_people_in_at_one_press() {
    let chat = Chat::with_pages().await;
    for (username, name) in [("ada", "Ada Lovelace"), ("grace", "Grace Hopper")] {
        api::user::add(&chat.app, username, name, "welcome-to-the-demo".into()).await.expect("a demo person");
    }
    chat.database.db_run("UPDATE instance SET demo = TRUE").await.expect("a demo");
    let stranger = Visitor::at(&chat.web_url);
    let door = stranger.get("/login?next=%2Fsettings").await;
    assert_eq!(door.count(".login__demo form"), 2);
    assert_eq!(door.texts(".login__demo button span:last-child"), ["Ada Lovelace", "Grace Hopper"]);
    assert_eq!(stranger.submits(door.form(".login__demo form:last-child")).await.location(), "/settings");
    assert_eq!(stranger.get("/settings").await.says(".settings__name"), "Grace Hopper");
}
