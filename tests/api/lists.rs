//! Relay connections: what a page may be asked for, and that it says the truth about what lies on either side.

use serde_json::{Value, json};

use crate::support::chat::Chat;
use crate::support::person::{Person, Sent, list};

const PAGE: &str = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";

/// Somebody with seven messages in one conversation, and seven conversations, and seven others to see.
async fn with_sevens() -> (Chat, Person, Sent) {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    for number in 2..8 {
        chat.person(&format!("other{number}"), "Other").await.says(&alice, "hello").await;
    }
    let mut sent = alice.says(&bob, "1").await;
    for number in 2..8 {
        sent = bob.says(&alice, &number.to_string()).await;
    }
    (chat, alice, sent)
}

/// The connections of the product, each as a selection under the root, with `ARGS` where its arguments go.
fn connections(sent: &Sent) -> [String; 3] {
    [
        format!("users(ARGS) {{ edges {{ cursor node {{ id }} }} nodes {{ id }} {PAGE} }}"),
        format!("conversations(ARGS) {{ edges {{ cursor node {{ id }} }} nodes {{ id }} {PAGE} }}"),
        format!(
            "conversation(id: \"{}\") {{ messages(ARGS) {{ edges {{ cursor node {{ id }} }} nodes {{ id }} {PAGE} }} }}",
            sent.conversation
        ),
    ]
}

async fn page(person: &Person, connection: &str, arguments: &str) -> Result<Value, Vec<String>> {
    let document = format!("{{ {} }}", connection.replace("ARGS", arguments));
    let answer = person.try_graphql(&document, json!({})).await;
    let mut codes = answer.codes();
    codes.dedup();
    if !codes.is_empty() {
        return Err(codes);
    }
    let data = answer.data();
    let root = data.as_object().and_then(|data| data.values().next()).unwrap();
    Ok(root.get("messages").unwrap_or(root).clone())
}

fn ids(page: &Value) -> Vec<&str> {
    list(&page["nodes"]).iter().map(|node| node["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_page_says_the_truth_about_both_its_sides() {
    let (_chat, alice, sent) = with_sevens().await;
    for connection in connections(&sent) {
        let whole = page(&alice, &connection, "first: 100").await.unwrap();
        let all = ids(&whole);
        assert_eq!(all.len(), 7, "{connection}");
        let cursors: Vec<&str> = list(&whole["edges"]).iter().map(|edge| edge["cursor"].as_str().unwrap()).collect();
        let from_edges: Vec<&str> =
            list(&whole["edges"]).iter().map(|edge| edge["node"]["id"].as_str().unwrap()).collect();
        assert_eq!(from_edges, all);
        let (third, fifth) = (cursors[2], cursors[4]);
        for (arguments, expected, previous, next) in [
            ("first: 7".to_owned(), &all[..], false, false),
            ("last: 7".to_owned(), &all[..], false, false),
            ("first: 3".to_owned(), &all[..3], false, true),
            ("last: 3".to_owned(), &all[4..], true, false),
            (format!("first: 2, after: \"{third}\""), &all[3..5], true, true),
            (format!("first: 4, after: \"{third}\""), &all[3..], true, false),
            (format!("last: 2, before: \"{fifth}\""), &all[2..4], true, true),
            (format!("last: 4, before: \"{fifth}\""), &all[..4], false, true),
            (format!("first: 1, after: \"{third}\", before: \"{fifth}\""), &all[3..4], true, true),
            (format!("last: 1, after: \"{third}\", before: \"{fifth}\""), &all[3..4], true, true),
            (format!("first: 2, before: \"{third}\""), &all[..2], false, true),
            (format!("last: 2, after: \"{fifth}\""), &all[5..], true, false),
            (format!("first: 5, after: \"{}\"", cursors[6]), &all[7..], true, false),
            (format!("last: 5, before: \"{}\"", cursors[0]), &all[..0], false, true),
        ] {
            let found = page(&alice, &connection, &arguments).await.unwrap();
            assert_eq!(ids(&found), expected, "{connection} {arguments}");
            let info = &found["pageInfo"];
            assert_eq!(
                (&info["hasPreviousPage"], &info["hasNextPage"]),
                (&json!(previous), &json!(next)),
                "{connection} {arguments}"
            );
            let edges = list(&found["edges"]);
            assert_eq!(info["startCursor"], edges.first().map_or(Value::Null, |edge| edge["cursor"].clone()));
            assert_eq!(info["endCursor"], edges.last().map_or(Value::Null, |edge| edge["cursor"].clone()));
        }
    }
}

#[tokio::test]
async fn a_page_that_makes_no_sense_is_refused_rather_than_cut() {
    let (_chat, alice, sent) = with_sevens().await;
    let refused = |code: &str| Err(vec![code.to_owned()]);
    for connection in connections(&sent) {
        for arguments in
            ["first: 1, last: 1", "first: 0", "last: 0", "first: -1", "last: -1", "first: 101", "last: 101"]
        {
            assert_eq!(page(&alice, &connection, arguments).await, refused("BAD_REQUEST"), "{connection} {arguments}");
        }
        assert!(page(&alice, &connection, "first: 100").await.is_ok());
        for arguments in ["first: 2147483648", "first: \"1\"", "first: 1.5", "after: 7"] {
            assert_eq!(
                page(&alice, &connection, arguments).await,
                refused("GRAPHQL_VALIDATION_FAILED"),
                "{connection} {arguments}"
            );
        }
    }
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_list_only() {
    let (_chat, alice, sent) = with_sevens().await;
    let connections = connections(&sent);
    let mut cursors = Vec::new();
    for connection in &connections {
        let first = page(&alice, connection, "first: 1").await.unwrap();
        cursors.push(first["pageInfo"]["endCursor"].as_str().unwrap().to_owned());
    }
    let refused = Err(vec!["CURSOR_INVALID".to_owned()]);
    for (index, connection) in connections.iter().enumerate() {
        let mut bad = vec!["".to_owned(), "7".to_owned(), "====".to_owned(), "é".to_owned(), "A".repeat(4_000)];
        bad.extend(cursors.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, cursor)| cursor.clone()));
        bad.push(cursors[index][..cursors[index].len() - 2].to_owned());
        for cursor in bad {
            for arguments in [format!("first: 1, after: \"{cursor}\""), format!("last: 1, before: \"{cursor}\"")] {
                assert_eq!(page(&alice, connection, &arguments).await, refused, "{connection} {arguments}");
            }
        }
    }
}

/// What looks like a cursor of the list and was never given out by it.
#[tokio::test]
async fn a_forged_cursor_is_refused_or_gives_a_page() {
    let (_chat, alice, sent) = with_sevens().await;
    let connections = connections(&sent);
    let uuid = "0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071";
    for (connection, name, places) in [
        (
            &connections[0],
            "users",
            vec![json!(["a\u{0}", uuid]), json!(["%", uuid]), json!(["", "x"]), json!([uuid]), json!({})],
        ),
        (
            &connections[1],
            "conversations",
            vec![json!(i64::MAX), json!(i64::MIN), json!(-1), json!(u64::MAX), json!("1"), json!(1.5)],
        ),
        (&connections[2], "messages", vec![json!(i64::MAX), json!(i64::MIN), json!(0), json!(null), json!([1])]),
    ] {
        for place in places {
            let cursor = data_encoding::BASE64URL_NOPAD.encode(json!([name, place]).to_string().as_bytes());
            for arguments in [format!("first: 3, after: \"{cursor}\""), format!("last: 3, before: \"{cursor}\"")] {
                let found = page(&alice, connection, &arguments).await;
                let refused = found.as_ref().err().is_some_and(|codes| *codes == ["CURSOR_INVALID"]);
                assert!(found.is_ok() || refused, "{name} {place}: {found:?}");
            }
        }
    }
}

#[tokio::test]
async fn without_arguments_messages_are_the_newest_fifty_oldest_first() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let mut sent = alice.says(&bob, "1").await;
    for number in 2..=60 {
        sent = alice.says(&bob, &number.to_string()).await;
    }
    let found = bob.looks_at(&sent, "messages { nodes { body } pageInfo { hasPreviousPage hasNextPage } }").await;
    let texts: Vec<&str> =
        list(&found["messages"]["nodes"]).iter().map(|node| node["body"].as_str().unwrap()).collect();
    assert_eq!((texts.len(), texts[0], texts[49]), (50, "11", "60"));
    assert_eq!(found["messages"]["pageInfo"], json!({ "hasPreviousPage": true, "hasNextPage": false }));
}

#[tokio::test]
async fn messages_around_a_position_lie_on_both_its_sides() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let mut sent = alice.says(&bob, "1").await;
    for number in 2..=9 {
        sent = alice.says(&bob, &number.to_string()).await;
    }
    for (position, count, texts, previous, next) in [
        (5, 4, &["3", "4", "5", "6"][..], true, true),
        (5, 5, &["3", "4", "5", "6", "7"], true, true),
        (1, 4, &["1", "2"], false, true),
        (9, 4, &["7", "8", "9"], true, false),
        (0, 4, &["1", "2"], false, true),
        (99, 4, &["8", "9"], true, false),
        (-5, 1, &["1"], false, true),
        (i32::MAX, 1, &[], true, false),
    ] {
        let selection = format!(
            "messagesAround(position: {position}, count: {count}) {{ nodes {{ body }} pageInfo {{ hasPreviousPage hasNextPage }} }}"
        );
        let found = bob.looks_at(&sent, &selection).await["messagesAround"].take();
        let bodies: Vec<&str> = list(&found["nodes"]).iter().map(|node| node["body"].as_str().unwrap()).collect();
        assert_eq!(bodies, texts, "{count} around {position}");
        assert_eq!(
            found["pageInfo"],
            json!({ "hasPreviousPage": previous, "hasNextPage": next }),
            "{count} around {position}"
        );
    }
    for count in [0, -1, 101] {
        let query = format!(
            "query($id: ID!) {{ conversation(id: $id) {{ messagesAround(position: 1, count: {count}) {{ nodes {{ id }} }} }} }}"
        );
        let answer = bob.try_graphql(&query, json!({ "id": sent.conversation })).await;
        assert_eq!(answer.codes(), ["BAD_REQUEST"], "{count}");
    }
}

#[tokio::test]
async fn participants_are_paged_like_everything_else() {
    let chat = Chat::start().await;
    let people = chat.people(["alice", "bob", "carol"]).await;
    let group = chat.db_group("Lunch", [&people[0], &people[1], &people[2]]).await;
    let selection = "participants(first: 2) { totalCount nodes { user { username } role joinedAt } pageInfo { hasNextPage endCursor } }";
    let first = people[0].looks_at(&group, selection).await["participants"].take();
    assert_eq!((&first["totalCount"], &first["pageInfo"]["hasNextPage"]), (&json!(3), &json!(true)));
    let rest = format!(
        "participants(first: 2, after: {}) {{ nodes {{ user {{ username }} }} }}",
        first["pageInfo"]["endCursor"]
    );
    let rest = people[0].looks_at(&group, &rest).await["participants"].take();
    let mut names: Vec<&str> = list(&first["nodes"])
        .iter()
        .chain(list(&rest["nodes"]))
        .map(|node| node["user"]["username"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["alice", "bob", "carol"]);
}
