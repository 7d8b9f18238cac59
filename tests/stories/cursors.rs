//! Cursors of the feed: what is read with one is complete up to it, and one that cannot be gone on from says why and gives
//! another that can.

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::chat::{Chat, PASSWORD};
use crate::support::feed::{closed, opened};
use crate::support::person::{Person, list, string};

/// The feed starts afresh for this reason, and goes on from the cursor that comes with it.
async fn assert_reset(person: &Person, other: &Person, cursor: &str, reason: &str) {
    let page = person.looks_since(cursor, 100).await;
    assert_eq!(page.told, [format!("reset {reason}")], "{cursor}");
    assert_eq!((page.has_more, page.cursors), (false, vec![page.cursor.clone()]));
    assert_eq!(page.cursor, person.event_cursor().await);
    let sent = other.says(person, "after the reset").await;
    assert_eq!(person.told_since(&page.cursor).await, [format!("{} after the reset", sent.position)]);
}

#[tokio::test]
async fn a_cursor_that_is_none_of_mine_starts_afresh() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    alice.says(&bob, "hello").await;
    let theirs = alice.event_cursor().await;
    let list = string(
        &bob.graphql("{ conversations { pageInfo { endCursor } } }", json!({})).await["conversations"]["pageInfo"]["endCursor"],
    );
    let mut beyond = opened(&bob.event_cursor().await);
    beyond[1]["change"] = json!(1_000_000);
    let mut before = opened(&bob.event_cursor().await);
    before[1]["change"] = json!(-1);
    let mut huge = opened(&bob.event_cursor().await);
    huge[1]["change"] = json!(u64::MAX);
    let own = bob.event_cursor().await;
    for cursor in [
        "",
        "nonsense",
        "\0",
        "é",
        &theirs,
        &list,
        &own[1..],
        &format!("{own}="),
        &format!(" {own}"),
        &own.repeat(100),
        &closed(&beyond),
        &closed(&before),
        &closed(&huge),
        &closed(&json!(["events", null])),
        &closed(&json!([])),
    ] {
        assert_reset(&bob, &alice, cursor, "UNKNOWN_CURSOR").await;
    }
}

#[tokio::test]
async fn a_cursor_of_another_life_of_the_instance_says_that_the_server_was_restored() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    alice.says(&bob, "hello").await;
    let cursor = bob.event_cursor().await;
    let epoch = chat.database.literal(chat.app.ids.next::<api::id::SessionId>());
    chat.database.db_run(&format!("UPDATE instance SET feed_epoch = {epoch}")).await.unwrap();
    let restarted = chat.beside().await;
    assert_reset(&bob.at(&restarted.api), &alice.at(&restarted.api), &cursor, "SERVER_RESTORED").await;
}

#[tokio::test]
async fn below_the_floor_not_everything_can_be_told() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let mut cursors = vec![bob.event_cursor().await];
    for text in ["one", "two", "three"] {
        alice.says(&bob, text).await;
        cursors.push(bob.event_cursor().await);
    }
    let row = chat.database.literal(bob.user_id);
    chat.database.db_run(&format!("UPDATE mailboxes SET floor = 2 WHERE user_id = {row}")).await.unwrap();
    // What is at the floor is told from there on; below it, something between may be missing.
    assert_eq!(bob.told_since(&cursors[2]).await, ["3 three"]);
    assert_eq!(bob.told_since(&cursors[3]).await, [""; 0]);
    for cursor in &cursors[..2] {
        assert_reset(&bob, &alice, cursor, "TOO_OLD").await;
    }
    assert_eq!(
        alice.told_since(&alice.event_cursor().await).await,
        [""; 0],
        "the floor of one mailbox is nobody else's"
    );
}

#[tokio::test]
async fn pages_have_one_to_a_hundred_events() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    let after = alice.event_cursor().await;
    let query = "query($after: String!, $first: Int) { changes(after: $after, first: $first) { cursor hasMore } }";
    for first in [json!(0), json!(-1), json!(101), json!(i32::MAX), json!(i32::MIN)] {
        let answer = alice.try_graphql(query, json!({ "after": after, "first": first })).await;
        assert_eq!(answer.codes(), ["BAD_REQUEST"], "{first}");
    }
    for first in [json!(1), json!(100), Value::Null] {
        let data = alice.graphql(query, json!({ "after": after, "first": first })).await;
        assert_eq!(data["changes"], json!({ "cursor": after, "hasMore": false }));
    }
}

/// What a client does that opens a page: one request for what is shown and the cursor, then whatever comes after it.
#[tokio::test]
async fn what_an_answer_does_not_show_yet_comes_after_its_cursor() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    alice.says(&bob, "0").await;
    let mut sends = JoinSet::new();
    let (author, reader) = (alice.clone(), bob.clone());
    sends.spawn(async move {
        for number in 1..60 {
            author.says(&reader, &number.to_string()).await;
        }
    });
    // The cursor stands last in the document, where a resolver would read it last.
    let query =
        "query($id: ID!) { conversation(id: $id) { messages(last: 100) { nodes { body } } } viewer { eventCursor } }";
    let id = bob.conversation(&alice).await;
    let mut looks = 0;
    while !sends.is_empty() {
        let data = bob.graphql(query, json!({ "id": id })).await;
        let shown = list(&data["conversation"]["messages"]["nodes"]).len();
        let told = bob.told_since(&string(&data["viewer"]["eventCursor"])).await;
        let first = told.first().map(|line| line.split_once(' ').unwrap().0.parse::<usize>().unwrap());
        assert!(first.is_none_or(|first| first <= shown + 1), "shown: {shown}, told next: {told:?}");
        looks += 1;
        sends.try_join_next().transpose().unwrap();
    }
    assert!(looks > 0);
}

#[tokio::test]
async fn a_log_in_gives_the_cursor_to_go_on_from() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    alice.says(&bob, "before").await;
    let query = "mutation($input: LoginInput!) { login(input: $input) { viewer { eventCursor unread { messages } } } }";
    let log_in = json!({ "input": { "username": "bob", "password": PASSWORD } });
    // Also when the request itself comes from somebody else's session.
    for token in [None, Some(alice.token.as_str())] {
        let viewer = chat.api.ask(token, query, log_in.clone()).await.data()["login"]["viewer"].take();
        assert_eq!(viewer, json!({ "eventCursor": bob.event_cursor().await, "unread": { "messages": 1 } }));
    }
    let cursor = bob.event_cursor().await;
    alice.says(&bob, "after").await;
    assert_eq!(bob.told_since(&cursor).await, ["2 after"]);
    // By another name, and through a fragment.
    let aliased = "{ me: viewer { ...where } } fragment where on Viewer { here: eventCursor }";
    assert_eq!(string(&bob.graphql(aliased, json!({})).await["me"]["here"]), bob.event_cursor().await);
}

#[tokio::test]
async fn who_is_not_logged_in_has_no_feed() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    let cursor = alice.event_cursor().await;
    for after in [cursor.as_str(), "", "nonsense"] {
        let query = "query($after: String!) { changes(after: $after) { cursor events { cursor } } }";
        assert_eq!(chat.api.ask(None, query, json!({ "after": after })).await.codes(), ["UNAUTHENTICATED"]);
    }
    let nobody = chat.api.ask(None, "{ viewer { eventCursor } }", json!({})).await;
    assert_eq!(nobody.data(), json!({ "viewer": null }));
}
