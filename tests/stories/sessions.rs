//! Sessions that really end.

use std::time::{Duration, Instant};

use reqwest::header::HeaderMap;
use serde_json::json;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;

use crate::support::chat::{Chat, PASSWORD, days, minutes};
use crate::support::person::Person;
use crate::support::within;

const LAST_USES: &str = "SELECT last_used_at FROM sessions";

#[tokio::test]
async fn logging_out_ends_this_session_or_all_of_them() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let (phone, tablet) = (alice.on_another_device().await, alice.on_another_device().await);
    assert_eq!(phone.logs_out(false).await, 1);
    assert!(!phone.is_logged_in().await);
    assert!(alice.is_logged_in().await && tablet.is_logged_in().await);
    assert_eq!(alice.logs_out(true).await, 2);
    assert!(!alice.is_logged_in().await && !tablet.is_logged_in().await);
    assert!(bob.is_logged_in().await);
    assert_eq!(alice.try_graphql("{ users { totalCount } }", json!({})).await.codes(), ["UNAUTHENTICATED"]);
}

#[tokio::test]
async fn a_session_ends_thirty_days_after_its_last_use() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    chat.later(days(29));
    assert!(alice.is_logged_in().await);
    chat.later(days(29));
    assert!(alice.is_logged_in().await);
    chat.later(days(30) + Duration::from_secs(1));
    assert!(!alice.is_logged_in().await);
    chat.later(days(1));
    assert_eq!(api::session::sweep(&chat.app).await.unwrap(), 1);
    assert_eq!(chat.database.db_number("SELECT COUNT(*) FROM sessions").await, 0);
}

#[tokio::test]
async fn a_session_ends_ninety_days_after_it_began_however_it_is_used() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    for _ in 0..4 {
        chat.later(days(22));
        assert!(alice.is_logged_in().await);
    }
    chat.later(days(2) + Duration::from_secs(1));
    assert!(!alice.is_logged_in().await);
}

#[tokio::test]
async fn the_last_use_is_written_at_most_every_ten_minutes() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    let first = chat.database.db_number(LAST_USES).await;
    chat.later(minutes(9));
    assert!(alice.is_logged_in().await);
    assert_eq!(chat.database.db_number(LAST_USES).await, first);
    chat.later(minutes(2));
    assert!(alice.is_logged_in().await);
    let second = chat.database.db_number(LAST_USES).await;
    assert!(second - first >= 11 * 60_000, "{first} {second}");
    chat.later(minutes(5));
    assert!(alice.is_logged_in().await);
    assert_eq!(chat.database.db_number(LAST_USES).await, second);
}

#[tokio::test]
async fn a_session_that_ends_elsewhere_ends_here_within_a_second() {
    let chat = Chat::start().await;
    let beside = chat.beside().await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    for person in [&alice, &bob, &carol] {
        assert!(person.at(&beside.api).is_logged_in().await);
    }
    alice.logs_out(false).await;
    assert_ended(&alice.at(&beside.api)).await;
    api::user::change_password(&chat.app, "bob", "another harbour at dusk".into()).await.unwrap();
    assert_ended(&bob.at(&beside.api)).await;
    chat.disable(&carol).await;
    assert_ended(&carol.at(&beside.api)).await;
}

/// What ends a session from outside.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Ending {
    LogOutHere,
    LogOutElsewhere,
    NewPassword,
    Disabling,
    Age,
}

impl Ending {
    const ALL: [Self; 5] = [Self::LogOutHere, Self::LogOutElsewhere, Self::NewPassword, Self::Disabling, Self::Age];

    async fn happens_to(self, person: &Person, here: &Chat, elsewhere: &Chat) {
        match self {
            Self::LogOutHere => assert_eq!(person.logs_out(false).await, 1),
            Self::LogOutElsewhere => assert_eq!(person.at(&elsewhere.api).logs_out(false).await, 1),
            Self::NewPassword => {
                let new = "another harbour at dusk".into();
                api::user::change_password(&elsewhere.app, &person.username, new).await.unwrap();
            }
            Self::Disabling => elsewhere.disable(person).await,
            Self::Age => here.later(days(31)),
        }
    }
}

#[tokio::test]
async fn a_socket_ends_with_its_session_within_a_second_and_hears_nothing_more() {
    for ending in Ending::ALL {
        let chat = Chat::start().await;
        let beside = chat.beside().await;
        let [alice, bob] = chat.people(["alice", "bob"]).await;
        let other = bob.on_another_device().await;
        let cursor = bob.event_cursor().await;
        let mut socket = bob.connects().await;
        socket.listens("feed", Some(&cursor)).await;
        alice.says(&bob, "heard").await;
        assert_eq!(socket.told("feed").await.body(), Some("heard"));
        let mut others = other.connects().await;

        let began = Instant::now();
        ending.happens_to(&bob, &chat, &beside).await;
        // What is said after the answer to a log-out is not heard any more, however soon it is said.
        if ending == Ending::LogOutHere {
            alice.says(&bob, "not heard").await;
        }
        let last = socket.frame().await;
        assert!(began.elapsed() < Duration::from_millis(1_500), "{ending:?}: {:?}", began.elapsed());
        match last {
            Ok(Message::Close(Some(close))) => assert_eq!(u16::from(close.code), 4401, "{ending:?}"),
            other => panic!("{ending:?}: {other:?}"),
        }
        if matches!(ending, Ending::LogOutHere | Ending::LogOutElsewhere) {
            others.says(json!({ "type": "ping" })).await;
            assert_eq!(others.hears().await["type"], "pong", "the other session goes on");
        }
    }
}

#[tokio::test]
async fn a_stream_ends_with_its_session_within_a_second_and_hears_nothing_more() {
    for ending in Ending::ALL {
        let chat = Chat::start().await;
        let beside = chat.beside().await;
        let [alice, bob] = chat.people(["alice", "bob"]).await;
        let mut events = bob.listens(Some(&bob.event_cursor().await)).await;
        alice.says(&bob, "heard").await;
        assert_eq!(events.message().await.0, "heard");

        let began = Instant::now();
        ending.happens_to(&bob, &chat, &beside).await;
        if ending == Ending::LogOutHere {
            alice.says(&bob, "not heard").await;
        }
        let (name, last) = events.heard().await.expect("a last word");
        assert!(began.elapsed() < Duration::from_millis(1_500), "{ending:?}: {:?}", began.elapsed());
        assert_eq!((name.as_str(), last.get("data")), ("next", None), "{ending:?}: {last}");
        assert_eq!(last["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        assert_eq!(events.heard().await, Some(("complete".to_owned(), json!(null))));
        assert_eq!(events.heard().await, None);
    }
}

/// Using a session elsewhere makes it last longer, and its streams with it.
#[tokio::test]
async fn a_stream_lasts_as_long_as_its_session_is_used() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let mut events = bob.listens(Some(&bob.event_cursor().await)).await;
    for day in ["the 20th", "the 40th", "the 60th"] {
        chat.later(days(20));
        assert!(bob.is_logged_in().await);
        alice.says(&bob, day).await;
        assert_eq!(events.message().await.0, day);
    }
    chat.later(days(31));
    assert_eq!(events.heard().await.expect("a last word").1["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}

async fn assert_ended(person: &Person) {
    let what = format!("the end of {}'s session", person.username);
    within(Duration::from_secs(1), &what, async || !person.is_logged_in().await).await;
}

#[tokio::test]
async fn a_new_password_is_the_only_one() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    api::user::change_password(&chat.app, "alice", "another harbour at dusk".into()).await.unwrap();
    assert!(!alice.is_logged_in().await);
    let login =
        async |password: &str| chat.api.try_log_in("alice", password).await.data()["login"]["accessToken"].take();
    assert_eq!(login(PASSWORD).await, json!(null));
    assert!(login("another harbour at dusk").await.is_string());
}

#[tokio::test]
async fn names_are_folded_at_log_in_and_passwords_are_not() {
    let chat = Chat::start().await;
    chat.add("alice", "Alice").await;
    let login = async |name: &str, password: &str| {
        chat.api.try_log_in(name, password).await.data()["login"]["accessToken"].take()
    };
    assert!(login(" ALICE ", PASSWORD).await.is_string());
    for other in ["A quiet harbour at dawn", " a quiet harbour at dawn", "", "a quiet harbour at daw"] {
        assert_eq!(login("alice", other).await, json!(null), "{other:?}");
    }
}

/// Log-ins whose password is being verified when the account is disabled, or its password changed, must not get in after all.
#[tokio::test]
async fn nobody_slips_in_while_they_are_shut_out() {
    for shut_out in ["disabled", "given a new password"] {
        let chat = Chat::start().await;
        chat.add("bob", "Bob").await;
        let mut log_ins = JoinSet::new();
        for _ in 0..12 {
            let api = chat.api.clone();
            log_ins.spawn(async move { api.try_log_in("bob", PASSWORD).await.data()["login"]["accessToken"].take() });
        }
        // When the first is through, the others have been let into the queue.
        assert!(log_ins.join_next().await.unwrap().unwrap().is_string());
        match shut_out {
            "disabled" => api::user::disable(&chat.app, "bob").await.unwrap(),
            _ => api::user::change_password(&chat.app, "bob", "another harbour at dusk".into()).await.unwrap(),
        }
        for token in log_ins.join_all().await {
            let Some(token) = token.as_str() else { continue };
            let answer = chat.api.ask(Some(token), "{ viewer { user { id } } }", json!({})).await;
            assert_eq!(answer.data(), json!({ "viewer": null }), "bob was {shut_out}");
        }
        assert_eq!(chat.database.db_number("SELECT COUNT(*) FROM sessions").await, 0, "bob was {shut_out}");
    }
}

/// What differs from answer to answer by its nature.
fn settled(mut headers: HeaderMap) -> HeaderMap {
    for name in ["date", "x-request-id"] {
        assert!(headers.remove(name).is_some(), "no {name}");
    }
    headers
}

#[tokio::test]
async fn a_refused_log_in_does_not_tell_what_was_wrong() {
    let chat = Chat::start().await;
    let [_alice, bob] = chat.people(["alice", "bob"]).await;
    chat.disable(&bob).await;
    let wrong = chat.api.try_log_in("alice", "not the password of alice").await;
    assert_eq!(wrong.data()["login"]["userErrors"][0]["code"], "INVALID_CREDENTIALS");
    let huge = "x".repeat(10_000);
    for (name, password) in
        [("nobody", PASSWORD), ("bob", PASSWORD), ("", ""), ("alice", &huge), ("al\0ice", "x"), ("é", "x")]
    {
        let other = chat.api.try_log_in(name, password).await;
        assert_eq!(other.text, wrong.text, "{name:?}");
        assert_eq!((other.status, settled(other.headers)), (wrong.status, settled(wrong.headers.clone())), "{name:?}");
    }
}

#[tokio::test]
async fn one_document_is_one_guess() {
    let chat = Chat::start().await;
    chat.add("alice", "Alice").await;
    let guess = |alias: &str, password: &str| {
        format!("{alias}: login(input: {{ username: \"alice\", password: \"{password}\" }}) {{ accessToken }}")
    };
    let (wrong, right) = (guess("a", "wrong"), guess("b", PASSWORD));
    for document in [
        format!("mutation {{ {wrong} {right} }}"),
        format!("mutation {{ {wrong} ...F }} fragment F on Mutation {{ {right} }}"),
        format!("mutation A {{ {wrong} }} mutation B {{ {right} }}"),
    ] {
        let answer = chat.api.ask(None, &document, json!({})).await;
        assert!(!answer.codes().is_empty(), "{}", answer.text);
        assert!(!answer.text.contains("accessToken"), "{}", answer.text);
    }
    assert_eq!(chat.database.db_number("SELECT COUNT(*) FROM sessions").await, 0);
}

#[tokio::test]
async fn a_token_is_taken_as_it_is_and_stored_nowhere() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    let bytes: Vec<Vec<u8>> =
        chat.database.db_rows("SELECT token_hash FROM sessions", |row| row.try_get_by_index(0).unwrap()).await;
    assert_eq!(bytes.iter().map(Vec::len).collect::<Vec<_>>(), [32]);
    assert_ne!(bytes[0], alice.token.as_bytes());
    let viewer = async |authorization: &str| {
        let headers = [("content-type", "application/json"), ("authorization", authorization)];
        chat.api.post(&headers, r#"{"query": "{ viewer { user { username } } }"}"#).await.data()["viewer"].take()
    };
    let (token, mut cut) = (&alice.token, alice.token.clone());
    cut.pop();
    assert!(viewer(&format!("Bearer {token}")).await.is_object());
    assert!(viewer(&format!("bearer {token}")).await.is_object());
    for other in
        [token.clone(), format!("Basic {token}"), format!("Bearer {cut}"), format!("Bearer {token}A"), "Bearer ".into()]
    {
        assert_eq!(viewer(&other).await, json!(null), "{other}");
    }
    let cookie = [("content-type", "application/json"), ("cookie", &*format!("session={token}; token={token}"))];
    let answer = chat.api.post(&cookie, r#"{"query": "{ viewer { user { username } } }"}"#).await;
    assert_eq!(answer.data(), json!({ "viewer": null }));
}

#[tokio::test]
async fn the_name_of_a_device_is_short_and_plain() {
    let chat = Chat::start().await;
    chat.add("alice", "Alice").await;
    let query = "mutation($device: String) { login(input: { username: \"alice\", password: \"a quiet harbour at dawn\", \
                 deviceName: $device }) { accessToken userErrors { code field } } }";
    let codes = async |device: &str| {
        let login = chat.api.ask(None, query, json!({ "device": device })).await.data()["login"].take();
        login["userErrors"][0]["code"].as_str().map(str::to_owned)
    };
    for fine in ["", "Alice's téléphone 📱", &"d".repeat(100)] {
        assert_eq!(codes(fine).await, None, "{fine:?}");
    }
    assert_eq!(codes(&"d".repeat(101)).await.as_deref(), Some("TOO_LONG"));
    assert_eq!(codes("a\0b").await.as_deref(), Some("INVALID"));
}
