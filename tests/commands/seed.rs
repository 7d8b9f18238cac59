//! `seed`: made-up data, the same for the same seed, and never into somebody's instance.

use crate::support::chat::PASSWORD;
use crate::support::database::Database;
use crate::support::program::{command, run, run_with, serve};

const ARGUMENTS: [&str; 7] = ["seed", "--users", "40", "--messages", "700", "--seed", "7"];

/// Everything that was made up, but for salts.
async fn content(database: &Database) -> Vec<String> {
    let id = |column: &str| {
        if database.is_postgres() {
            format!("replace({column}::text, '-', '')")
        } else {
            format!("lower(hex({column}))")
        }
    };
    let mut rows = Vec::new();
    for sql in [
        format!(
            "SELECT {} || username || '|' || display_name || '|' || search_key || created_at FROM users ORDER BY 1",
            id("id")
        ),
        format!("SELECT {} || kind || last_position || '|' || created_at FROM conversations ORDER BY 1", id("id")),
        format!(
            "SELECT {} || {} || last_read_position || '|' || unread || '|' || activity || '|' || change FROM participants ORDER BY 1",
            id("conversation_id"),
            id("user_id")
        ),
        format!(
            "SELECT {} || {} || position || idempotency_key || '|' || created_at FROM roots ORDER BY 1",
            id("id"),
            id("conversation_id")
        ),
        format!(
            "SELECT {} || {} || position || '|' || {} || {} || body || '|' || created_at || '|' || change FROM messages ORDER BY 1",
            id("recipient_id"),
            id("conversation_id"),
            id("root_id"),
            id("author_id")
        ),
    ] {
        rows.extend(database.db_rows(&sql, |row| row.try_get_by_index::<String>(0).expect("no part is missing")).await);
    }
    rows.sort();
    rows
}

#[tokio::test]
async fn the_same_seed_gives_the_same_data_and_another_gives_other() {
    let (one, same, other) = (Database::create().await, Database::create().await, Database::create().await);
    for database in [&one, &same] {
        let ran = run(database, ARGUMENTS).await;
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    let mut arguments = ARGUMENTS;
    arguments[6] = "8";
    assert_eq!(run(&other, arguments).await.code, 0);
    assert_eq!(one.db_number("SELECT COUNT(*) FROM users").await, 40);
    assert_eq!(one.db_number("SELECT COUNT(*) FROM roots").await, 700);
    assert_eq!(one.db_number("SELECT COUNT(*) FROM messages").await, 1_400);
    assert!(content(&one).await == content(&same).await, "two runs with one seed differ");
    assert!(content(&one).await != content(&other).await, "two seeds give the same");
}

#[tokio::test]
async fn seeded_people_log_in_and_their_numbers_are_right() {
    let database = Database::create().await;
    assert_eq!(run(&database, ARGUMENTS).await.code, 0);
    let wrong = "SELECT COUNT(*) FROM participants p WHERE p.unread <> (SELECT COUNT(*) FROM messages m \
                 WHERE m.recipient_id = p.user_id AND m.conversation_id = p.conversation_id \
                 AND m.position > p.last_read_position AND m.author_id <> m.recipient_id)";
    assert_eq!(database.db_number(wrong).await, 0);
    let names = database
        .db_rows("SELECT username FROM users ORDER BY username", |row| row.try_get_by_index::<String>(0).unwrap())
        .await;
    let server = serve(&database, &["api"]).await;
    let login = server.api.try_log_in(&names[0], "welcome-to-the-demo").await.data()["login"].take();
    assert!(login["accessToken"].is_string(), "{login}");
}

#[tokio::test]
async fn nobody_is_mixed_with_made_up_people() {
    let database = Database::create().await;
    let add = command(&database, ["user", "add", "ada", "--password-stdin"]);
    assert_eq!(run_with(add, PASSWORD).await.code, 0);
    let refused = run(&database, ARGUMENTS).await;
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    assert_eq!(database.db_number("SELECT COUNT(*) FROM users").await, 1);
    let unmarked = if database.is_postgres() {
        "SELECT COUNT(*) FROM instance WHERE demo"
    } else {
        "SELECT COUNT(*) FROM instance WHERE demo = 1"
    };
    assert_eq!(database.db_number(unmarked).await, 0);
}

#[tokio::test]
async fn no_server_may_run_meanwhile() {
    let database = Database::create().await;
    let server = serve(&database, &["api"]).await;
    let refused = run(&database, ARGUMENTS).await;
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("in use"), "{}", refused.err);
    assert_eq!(database.db_number("SELECT COUNT(*) FROM users").await, 0);
    assert_eq!(server.stop().await, Some(0));
    assert_eq!(run(&database, ARGUMENTS).await.code, 0);
}
