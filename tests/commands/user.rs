//! `user`: people from the command line, beside a running server.

use std::time::Duration;

use serde_json::json;

use crate::support::chat::{Chat, PASSWORD};
use crate::support::database::Database;
use crate::support::program::{Ran, command, run, run_with};
use crate::support::within;

/// `user add` or `user passwd`, with what is typed at it.
async fn with_password(database: &Database, arguments: &[&str], typed: impl AsRef<[u8]>) -> Ran {
    run_with(command(database, ["user"].iter().chain(arguments).chain(&["--password-stdin"])), typed).await
}

#[tokio::test]
async fn somebody_who_is_added_beside_a_running_server_logs_in() {
    let chat = Chat::start().await;
    let added =
        with_password(&chat.database, &["add", "Ada", "--display-name", "Ada Lovelace"], format!("{PASSWORD}\n")).await;
    assert_eq!((added.code, added.err.as_str()), (0, ""));
    let ada = chat.api.log_in("ada").await;
    let found = ada.graphql("{ viewer { user { username displayName } } }", json!({})).await;
    assert_eq!(found["viewer"]["user"], json!({ "username": "ada", "displayName": "Ada Lovelace" }));
    let plain = with_password(&chat.database, &["add", "bob"], PASSWORD).await;
    assert_eq!(plain.code, 0);
    let list = run(&chat.database, ["user", "list"]).await;
    assert_eq!((list.code, list.out.as_str()), (0, "ada\tactive\tAda Lovelace\nbob\tactive\tbob\n"));
}

#[tokio::test]
async fn a_taken_name_is_refused_and_changes_nobody() {
    let chat = Chat::start().await;
    let [ada] = chat.people(["ada"]).await;
    for name in ["ada", "ADA", " Ada "] {
        let again = with_password(&chat.database, &["add", name], "a different harbour at dusk").await;
        assert_eq!(again.code, 1, "{name:?}: {}", again.out);
        assert!(again.err.contains("ada") && again.out.is_empty(), "{}", again.err);
    }
    assert!(ada.on_another_device().await.is_logged_in().await);
    assert_eq!(chat.database.db_number("SELECT COUNT(*) FROM users").await, 1);
}

#[tokio::test]
async fn names_and_passwords_follow_the_rules() {
    let database = Database::create().await;
    let long = "long ".repeat(60);
    for typed in ["", "\n", "fourteen chars", "passwordpassword", "aaaaaaaaaaaaaaaaaaaa", &long] {
        let refused = with_password(&database, &["add", "ada"], typed).await;
        assert_eq!((refused.code, refused.out.as_str()), (1, ""), "{typed:?}");
        assert!(refused.err.contains("password"), "{}", refused.err);
    }
    let not_text = with_password(&database, &["add", "ada"], b"\xff\xfe not text at all \xff").await;
    assert_eq!(not_text.code, 1);
    for name in ["", "é", "a b", ".ada", "a/b", &"a".repeat(33)] {
        let refused = with_password(&database, &["add", name], PASSWORD).await;
        assert_eq!(refused.code, 1, "{name:?}");
    }
    for name in ["", "\u{200B}", "a\u{202E}b", &"n".repeat(81)] {
        let refused = with_password(&database, &["add", "ada", "--display-name", name], PASSWORD).await;
        assert_eq!(refused.code, 1, "{name:?}");
    }
    assert_eq!(database.db_number("SELECT COUNT(*) FROM users").await, 0);
    // Any characters, exactly as typed; only the first line counts, and its end is not part of it.
    for (name, typed) in [
        ("crlf", "  sixteen räksmörgåsar 🦐 \r\nsecond line"),
        ("edge", &*"åäöéñ".repeat(3)),
        ("full", &*"abcde".repeat(51)),
    ] {
        assert_eq!(with_password(&database, &["add", name], typed).await.code, 0, "{name}");
    }
}

#[tokio::test]
async fn without_a_terminal_a_password_is_not_asked_for() {
    let database = Database::create().await;
    let refused = run(&database, ["user", "add", "ada"]).await;
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("--password-stdin"), "{}", refused.err);
}

#[tokio::test]
async fn who_is_disabled_by_a_command_is_out_within_a_second() {
    let chat = Chat::start().await;
    let [ada, bob] = chat.people(["ada", "bob"]).await;
    assert!(ada.is_logged_in().await && bob.is_logged_in().await);
    assert_eq!(run(&chat.database, ["user", "disable", "ada"]).await.code, 0);
    within(Duration::from_secs(1), "the end of ada's session", async || !ada.is_logged_in().await).await;
    assert_eq!(bob.searches("").await, [""; 0]);
    assert_eq!(run(&chat.database, ["user", "list"]).await.out, "ada\tdisabled\tAda\nbob\tactive\tBob\n");
    assert_eq!(run(&chat.database, ["user", "enable", "ada"]).await.code, 0);
    assert_eq!(bob.searches("").await, ["ada"]);
    assert!(ada.on_another_device().await.is_logged_in().await);
}

#[tokio::test]
async fn a_password_that_a_command_changes_ends_every_session_within_a_second() {
    let chat = Chat::start().await;
    let [ada] = chat.people(["ada"]).await;
    assert!(ada.is_logged_in().await);
    let short = with_password(&chat.database, &["passwd", "ada"], "short").await;
    assert_eq!(short.code, 1);
    assert!(ada.is_logged_in().await);
    assert_eq!(with_password(&chat.database, &["passwd", "ada"], "a different harbour at dusk\n").await.code, 0);
    within(Duration::from_secs(1), "the end of ada's session", async || !ada.is_logged_in().await).await;
    let token = async |password: &str| chat.api.try_log_in("ada", password).await.data()["login"]["accessToken"].take();
    assert_eq!(token(PASSWORD).await, json!(null));
    assert!(token("a different harbour at dusk").await.is_string());
}

#[tokio::test]
async fn nobody_is_changed_by_an_unknown_name() {
    let database = Database::create().await;
    for arguments in [&["disable", "nobody"][..], &["enable", "nobody"], &["passwd", "nobody"]] {
        let ran = match arguments[0] {
            "passwd" => with_password(&database, arguments, PASSWORD).await,
            _ => run(&database, ["user"].iter().chain(arguments)).await,
        };
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{arguments:?}");
        assert!(ran.err.contains("nobody"), "{}", ran.err);
    }
}
