//! `migrate`: up, down, and where the schema stands.

use crate::support::database::Database;
use crate::support::program::{run, serve};

fn states(out: &str) -> Vec<&str> {
    out.lines().filter_map(|line| line.split_once(' ')).map(|(state, _)| state).collect()
}

#[tokio::test]
async fn the_schema_goes_up_and_down_by_command() {
    let database = Database::create().await;
    let fresh = run(&database, ["migrate", "status"]).await;
    assert_eq!(fresh.code, 0);
    assert!(
        !states(&fresh.out).is_empty() && states(&fresh.out).iter().all(|&state| state == "pending"),
        "{}",
        fresh.out
    );
    let up = run(&database, ["migrate", "up"]).await;
    assert_eq!((up.code, states(&up.out).iter().all(|&state| state == "applied")), (0, true), "{}{}", up.out, up.err);
    assert_eq!(run(&database, ["migrate", "status"]).await.out, up.out);
    let down = run(&database, ["migrate", "down", "--steps", "2"]).await;
    assert_eq!(
        (down.code, states(&down.out).iter().filter(|&&state| state == "pending").count()),
        (0, 2),
        "{}",
        down.out
    );
    assert_eq!(run(&database, ["migrate", "up"]).await.out, up.out);
}

#[tokio::test]
async fn two_commands_at_once_migrate_once() {
    let database = Database::create().await;
    let (one, other) = tokio::join!(run(&database, ["migrate", "up"]), run(&database, ["migrate", "up"]));
    assert_eq!((one.code, other.code), (0, 0), "{}{}", one.err, other.err);
    assert_eq!(one.out, other.out);
}

#[tokio::test]
async fn nothing_is_taken_away_from_under_a_running_server() {
    let database = Database::create().await;
    let server = serve(&database, &["api"]).await;
    let down = run(&database, ["migrate", "down"]).await;
    assert_eq!((down.code, down.out.as_str()), (1, ""));
    assert!(down.err.contains("in use"), "{}", down.err);
    drop(server);
}
