//! `serve`: one process, both halves.

use crate::support::chat::PASSWORD;
use crate::support::database::Database;
use crate::support::person::Person;
use crate::support::program::{command, free_port, run, run_with, serve};

/// Logs a demo person in.
async fn demo_person(api: &crate::support::person::Api, name: &str) -> Person {
    let login = api.try_log_in(name, "welcome-to-the-demo").await.data()["login"].take();
    let id = login["viewer"]["user"]["id"].as_str().unwrap().to_owned();
    let token = login["accessToken"].as_str().unwrap().to_owned();
    Person { username: name.to_owned(), user_id: id.parse().unwrap(), id, token, api: api.clone() }
}

#[tokio::test]
async fn a_demo_says_where_to_go_and_how_to_log_in() {
    let database = Database::create().await;
    let server = serve(&database, &["serve", "--demo"]).await;
    let greeting = server.greeting.join("\n");
    for wanted in ["http://127.0.0.1:", "ada", "grace", "welcome-to-the-demo"] {
        assert!(greeting.contains(wanted), "{wanted} is not in: {greeting}");
    }
    let ada = demo_person(&server.api, "ada").await;
    assert!(ada.searches("").await.len() >= 11);
    assert!(ada.searches("grace").await.contains(&"grace".to_owned()));
    assert!(ada.lists().await.len() >= 12);
    let login = server.address("jbl-chat is at ");
    let page = server.api.http.get(format!("{login}/login")).send().await.unwrap();
    assert!(page.status().is_success());
    let playground =
        server.api.http.get(format!("{}/graphql", server.api.url)).header("accept", "text/html").send().await.unwrap();
    assert!(playground.status().is_success());
}

#[tokio::test]
async fn a_demo_that_is_there_is_left_as_it_is_and_people_are_never_made_into_one() {
    let database = Database::create().await;
    let first = serve(&database, &["serve", "--demo"]).await;
    let ada = demo_person(&first.api, "ada").await;
    let grace = demo_person(&first.api, "grace").await;
    ada.says(&grace, "still here?").await;
    assert_eq!(first.stop().await, Some(0));
    let count = "SELECT COUNT(*) FROM messages";
    let before = database.db_number(count).await;
    let second = serve(&database, &["serve", "--demo"]).await;
    assert_eq!(database.db_number(count).await, before);
    assert!(grace.at(&second.api).sees(&ada).await.contains(&"still here?".to_owned()));

    let real = Database::create().await;
    let add = command(&real, ["user", "add", "ada", "--password-stdin"]);
    assert_eq!(run_with(add, PASSWORD).await.code, 0);
    let refused = run(
        &real,
        [
            "serve",
            "--demo",
            "--web-listen",
            "127.0.0.1:0",
            "--api-listen",
            "127.0.0.1:0",
            "--ops-listen",
            "127.0.0.1:0",
        ],
    )
    .await;
    assert_eq!(refused.code, 1, "{}", refused.out);
    assert_eq!(real.db_number("SELECT COUNT(*) FROM users").await, 1);
}

#[tokio::test]
async fn demo_people_are_never_shown_beyond_this_machine() {
    let database = Database::create().await;
    let listen = |name: &'static str, beyond: bool| [name, if beyond { "0.0.0.0:0" } else { "127.0.0.1:0" }];
    for (web, api, demo) in [(true, false, true), (false, true, true), (true, false, false), (false, true, false)] {
        let mut arguments = vec!["serve"];
        arguments.extend(if demo { &["--demo"][..] } else { &[] });
        arguments.extend(
            listen("--web-listen", web)
                .into_iter()
                .chain(listen("--api-listen", api))
                .chain(listen("--ops-listen", false)),
        );
        let refused = run(&database, &arguments).await;
        assert_eq!(refused.code, 1, "{arguments:?}: {}", refused.out);
        assert!(refused.err.contains("loopback"), "{}", refused.err);
    }
    let api = run(&database, ["api", "--api-listen", "0.0.0.0:0", "--ops-listen", "127.0.0.1:0"]).await;
    assert_eq!(api.code, 1, "{}", api.out);
}

#[tokio::test]
async fn a_port_that_is_taken_is_said_and_nothing_is_served() {
    let database = Database::create().await;
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let free = format!("127.0.0.1:{}", free_port());
    let ran =
        run(&database, ["serve", "--web-listen", &address, "--api-listen", &free, "--ops-listen", "127.0.0.1:0"]).await;
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains(&address), "{}", ran.err);
}

#[tokio::test]
async fn an_instance_that_is_being_filled_is_not_served() {
    let database = Database::create().await;
    let location = api::database::Location::find(&database.config(), &database.data()).unwrap();
    let alone = api::lock::take(&location, &database.data(), api::lock::Use::Alone).await.unwrap();
    let arguments = ["api", "--api-listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0"];
    let refused = run(&database, arguments).await;
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    drop(alone);
    // Two that serve share it.
    let (one, other) = (serve(&database, &["api"]).await, serve(&database, &["api"]).await);
    assert_ne!(one.api.url, other.api.url);
}

#[tokio::test]
async fn being_told_to_stop_is_an_orderly_end() {
    let database = Database::create().await;
    let server = serve(&database, &["serve"]).await;
    assert!(server.greeting.iter().any(|line| line.contains("jbl-chat user add")), "{:?}", server.greeting);
    assert_eq!(server.stop().await, Some(0));
    if !database.is_postgres() {
        assert!(!database.folder().join("chat.db-wal").exists(), "the log is folded back into the file");
    }
}

/// Streams have no end of their own, and must not keep a server from stopping.
#[tokio::test]
async fn who_listens_is_let_go_when_the_server_stops() {
    let database = Database::create().await;
    let server = serve(&database, &["api"]).await;
    let added = run_with(command(&database, ["user", "add", "alice", "--password-stdin"]), PASSWORD).await;
    assert_eq!(added.code, 0, "{}", added.err);
    let alice = server.api.log_in("alice").await;
    let (mut events, mut socket, mut unknown) =
        (alice.listens(None).await, alice.connects().await, server.api.opens_socket().await);
    socket.listens("feed", None).await;
    let began = std::time::Instant::now();
    let stopping = tokio::spawn(server.stop());
    assert_eq!(events.heard().await, None);
    assert_eq!((socket.closed().await.0, unknown.closed().await.0), (1012, 1012));
    assert_eq!(stopping.await.unwrap(), Some(0));
    assert!(began.elapsed() < std::time::Duration::from_secs(8), "{:?}", began.elapsed());
}
