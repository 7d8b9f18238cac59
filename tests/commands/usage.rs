//! What every command has in common.

use crate::support::database::Database;
use crate::support::program::run;

#[tokio::test]
async fn wrong_usage_exits_with_2_and_says_how() {
    let database = Database::create().await;
    for arguments in [
        &["nonsense"][..],
        &["user"],
        &["user", "add"],
        &["user", "add", "ada", "--password", "secret"],
        &["seed", "--users", "many"],
        &["serve", "--api-listen", "nowhere"],
        &["--nonsense"],
        &[],
    ] {
        let ran = run(&database, arguments).await;
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains("Usage") || ran.err.contains("--help"), "{arguments:?}: {}", ran.err);
    }
}

#[tokio::test]
async fn version_and_help_are_told() {
    let database = Database::create().await;
    let version = run(&database, ["--version"]).await;
    assert_eq!((version.code, version.out), (0, format!("jbl-chat {}\n", env!("CARGO_PKG_VERSION"))));
    let help = run(&database, ["serve", "--help"]).await;
    assert_eq!(help.code, 0);
    for flag in ["--demo", "--data", "--web-listen", "--api-listen", "--ops-listen", "JBL_DATABASE_URL"] {
        assert!(help.out.contains(flag), "{flag} is not in the help");
    }
}

#[tokio::test]
async fn a_failure_is_one_line_without_secrets() {
    let database = Database::create().await;
    for url in ["mysql://root:hunter2@localhost/x", "postgres://root:hunter2@127.0.0.1:9/x", "nonsense-hunter2"] {
        let ran = run(&database, ["user", "list", "--database-url", url]).await;
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{url}");
        assert!(ran.err.starts_with("jbl-chat: ") && !ran.err.contains("hunter2"), "{}", ran.err);
    }
}
