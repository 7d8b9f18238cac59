//! `health`, and what the operator's listener says.

use crate::support::database::Database;
use crate::support::program::{free_port, run, serve};

#[tokio::test]
async fn a_ready_instance_is_0_and_silence_is_3() {
    let database = Database::create().await;
    let server = serve(&database, &["api"]).await;
    let healthy = run(&database, ["health", &server.ops_url]).await;
    assert_eq!((healthy.code, healthy.out.as_str()), (0, "ready\n"));
    let silent = format!("http://127.0.0.1:{}", free_port());
    assert_eq!(run(&database, ["health", &silent]).await.code, 3);
    let alive = server.api.http.get(format!("{}/healthz", server.ops_url)).send().await.unwrap();
    assert!(alive.status().is_success());
    // The people's listeners say nothing of it.
    let outside = server.api.http.get(format!("{}/healthz", server.api.url)).send().await.unwrap();
    assert_eq!(outside.status().as_u16(), 404);
}

#[tokio::test]
async fn an_instance_whose_schema_is_another_is_3() {
    let database = Database::create().await;
    let server = serve(&database, &["api"]).await;
    database.db_run("DELETE FROM seaql_migrations WHERE version LIKE '%guard_messages'").await.unwrap();
    let ran = run(&database, ["health", &server.ops_url]).await;
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert!(ran.out.contains("not ready") && ran.out.contains("schema"), "{}", ran.out);
}
